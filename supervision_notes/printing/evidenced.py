"""Evidence for whoever inspects → what its page says in tables, before the figures of each policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..questions.evidence import Evidence, Month
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
            "attendance": [self._month(figures, month) for month in self.found.months],
            "types": [[self._word("type", type), number] for type, number in self.found.types.items()],
            "actions": [[became, getattr(completion, became)] for became in _BECAME] if completion else [],
            "done": in_a_hundred(completion.percent) if completion else "",
        }

    def _month(self, figures: Figures, month: Month) -> dict[str, Any]:
        missed = [[self._word("outcome", outcome).lower(), number] for outcome, number in month.missed.items()]
        return {**month._asdict(), "month": figures.phrases.month(month.month), "missed": missed}

    def _word(self, key: str, value: str) -> str:
        """The words of a session's schema for one of its choices."""
        field = self.workspace.register.kinds["session"].fields.get(key)
        return str(field.words.get(value, value)) if field else value
