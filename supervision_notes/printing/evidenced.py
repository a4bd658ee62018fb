"""Evidence for whoever inspects → what its page says in tables, before the figures of each policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..policies import WELLBEING
from ..questions.evidence import Evidence, Sessions
from ..workspace import Workspace
from .figures import Figures, in_a_hundred

_BECAME = ("done", "dropped", "waiting", "overdue", "agreed", "carried_twice")


@dataclass(frozen=True)
class Evidenced:
    """The page of what can be shown of a time. It says nothing of anybody by name or code."""

    found: Evidence
    workspace: Workspace
    not_counted: Mapping[str, int]
    """How much nobody is credited with, by a key of words.not_counted_as."""
    page = "evidence"
    of = ""

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"evidence-{self.found.since}-{self.found.until}"

    def about(self) -> dict[str, Any]:
        """All that the page may know."""
        figures = Figures(self.found.coverage, self.workspace, self.found.until, self.not_counted)
        completion = self.found.completion
        return {
            **figures.about(),
            "since": figures.phrases.date(self.found.since),
            "attendance": [[figures.phrases.month(month), self._of(one)] for month, one in self.found.months.items()],
            "apart": [[self._stream(stream), self._of(one)] for stream, one in self.found.apart.items()],
            "types": [[self._word("type", type), number] for type, number in self.found.types.items()],
            "actions": [[became, getattr(completion, became)] for became in _BECAME] if completion else [],
            "done": in_a_hundred(completion.percent) if completion else "",
        }

    def _of(self, one: Sessions) -> dict[str, Any]:
        missed = [[self._word("outcome", outcome).lower(), number] for outcome, number in one.missed.items()]
        return {**one._asdict(), "missed": missed}

    def _stream(self, stream: str) -> str:
        """The words for a stream that is not clinical: those of its only type, or of an approach that never counts."""
        return self._word("approach" if stream == WELLBEING else "type", stream)

    def _word(self, key: str, value: str) -> str:
        """The words of a session's schema for one of its choices."""
        field = self.workspace.register.kinds["session"].fields.get(key)
        return str(field.words.get(value, value)) if field else value
