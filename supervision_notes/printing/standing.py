"""Who is due → what their page says, each with a light, and what it draws of them, in plain numbers.

A light is a shape, a word and a colour: none of them is needed to tell the others. People are told by their codes, and
by name only where that was wished; a pause is never given a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..document import prose
from ..questions.due import STATES, Due, LeftOut, State, unsaid, unseen
from ..workspace import Workspace
from .figures import policies
from .phrases import Phrases
from .sheet import safe

_WIDTH, _LEFT, _LONGEST, _ROW = 360, 118, 200, 22


@dataclass(frozen=True)
class Standing:
    """The page of how people stand on a day (ISO text): of a programme, or a supervisor's own."""

    found: Sequence[Due]
    workspace: Workspace
    as_at: str
    left_out: Mapping[LeftOut, int]
    only: tuple[str, ...] = ()
    """The people and groups that were asked about; everybody, where it is empty."""
    supervisor: str | None = None
    overdue: bool = False
    """Whether only those of them who are overdue are told of."""
    named: bool = False
    page = "due"

    @property
    def name(self) -> str:
        """The name of its file."""
        parts = ("overdue" if self.overdue else "due", self.supervisor, *self.only, self.as_at)
        return "-".join(filter(None, parts))

    @cached_property
    def phrases(self) -> Phrases:
        """The words for values."""
        return Phrases(self.workspace, self.named)

    def about(self) -> dict[str, Any]:
        """All that the page may know."""
        shown = [one for one in self.found if one.overdue or not self.overdue]
        names = list(dict.fromkeys(one.policy for one in shown))
        known = self.workspace.register.policies
        counts = Counter(one.state for one in shown)
        states = [state for state in STATES if counts[state]]
        return safe(
            {
                "as_at": self.phrases.date(self.as_at),
                "supervisor": self.supervisor or "",
                "supervisor_html": self.phrases.name(self.supervisor) if self.supervisor and self.named else "",
                "asked_html": ", ".join(map(self.phrases.name, self.only)),
                "overdue": self.overdue,
                "asked": bool(self.found),
                "unseen": [*(unseen(self.found) or ())],
                "unsaid": unsaid(self.found) if self.overdue else 0,
                "named": self.named,
                "lights": list(STATES),
                "counts": [[state, counts[state]] for state in states],
                "chart": _bars([(state, counts[state]) for state in states]),
                "people": [self._line(one, several=len(names) > 1) for one in shown],
                "again": len({one.person for one in shown}) < len(shown),
                "policies": [[name, policy.title if (policy := known.get(name)) else ""] for name in names],
                "left_out": [[reason, number] for reason, number in self.left_out.items()],
                **policies(self.workspace, self.as_at),
            }
        )

    def _line(self, one: Due, *, several: bool) -> dict[str, Any]:
        """How one person stands to one thing; the policy is named where there are several."""
        why = "" if one.state == "paused" else self.phrases.dated(one.reason)
        return safe(
            {
                "who_html": self.phrases.name(one.person),
                "state": one.state,
                "since": self.phrases.date(one.overdue_since or ""),
                "due": self.phrases.date(one.due or ""),
                "last": self.phrases.date(one.last or ""),
                "why_html": prose.plain(": ".join(filter(None, (one.policy if several else "", why)))),
            }
        )


def _bars(counts: Sequence[tuple[State, int]]) -> dict[str, Any] | None:
    """A bar for each state that there is; None where there is none."""
    if not counts:
        return None
    most = max(number for _, number in counts)
    return {
        "width": _WIDTH,
        "height": _ROW * len(counts),
        "left": _LEFT,
        "bars": [
            {
                "state": state,
                "colour": "quiet" if STATES[state][1] == "grey" else STATES[state][1],
                "number": number,
                "y": _ROW * (n + 0.5),
                "wide": max(round(_LONGEST * number / most, 1), 1),
            }
            for n, (state, number) in enumerate(counts)
        ],
    }
