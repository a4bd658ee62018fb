"""Policy: what one policy asks for, and which sessions count towards it, as its file says it.

A policy is an employer's or a profession's rule, with its source and its date. It is never the law, and no number of it
stands in the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from .dates import year_after
from .kind import normal
from .problem import START, Span
from .record import Record

CLINICAL = "clinical"
WELLBEING = "wellbeing-support"
LINE_MANAGER = "line-manager"

# What a policy may ask for, in the order in which it is answered; each is answered on its own.
SHAPES = (
    "maximum_gap_days",
    "phases",
    "sessions_per",
    "minutes_per_month",
    "minutes_averaged",
    "client_hours_per_supervision_hour",
    "allowance",
)
# The types of session that count where a policy does not name them.
TYPES: Mapping[str, tuple[str, ...]] = {
    CLINICAL: ("one-to-one", "peer-group", "external"),
    "practice": ("practice",),
    "line-management": ("line-management",),
    "safeguarding": ("safeguarding",),
}


class Phase(NamedTuple):
    """The longest gap up to so long after somebody's start (`6 weeks`); without `until`, from then on."""

    until: str | None
    maximum_gap_days: int


class GroupCredit(NamedTuple):
    """How much of a group's time counts for each person: half of it in a small group, a share of it in a larger one."""

    half_up_to: int | None = None
    divided_from: int | None = None
    peers: Literal["all", "members"] = "all"
    number: Literal["attending", "contracted"] = "attending"


class Counts(NamedTuple):
    """Which sessions count."""

    types: frozenset[str]
    approaches: frozenset[str] = frozenset()
    """Only these, where any are named."""
    not_approaches: frozenset[str] = frozenset({WELLBEING})
    minimum_minutes: int = 1
    facilitators: bool = True


@dataclass(frozen=True)
class Policy:
    """One policy. `path` and `place` say where it is to be mended: its own `as_of`, or where a shipped one is named."""

    name: str
    title: str
    source: str
    as_of: str
    stream: str
    counts: Counts
    review: str = "9999"
    """From the day after this one on it should be compared with its source again."""
    professions: frozenset[str] = frozenset()
    """Whose policy it is, evened for comparing; of everybody, where none is named."""
    asks: Mapping[str, Any] = field(default_factory=dict)
    """What it asks for, by shape, as its file says it."""
    phases: tuple[Phase, ...] = ()
    group_credit: GroupCredit | None = None
    days_before: int = 14
    """From how many days before the last day on the two who meet are told that it is near."""
    overdue_to: tuple[str, ...] = ()
    """Who else is told that something is overdue: codes, or LINE_MANAGER."""
    path: str = ""
    place: Span = START

    @classmethod
    def of(cls, record: Record, name: str) -> Policy:
        """The policy that a file without mistakes holds."""
        value = record.value
        stream = str(value.get("stream", CLINICAL))
        credit, reminders = value.get("group_credit"), value.get("reminders", {})
        return cls(
            name,
            value["title"],
            value["source"],
            value["as_of"],
            stream,
            _counts(value.get("counts", {}), stream),
            value.get("review") or year_after(value["as_of"]) or "9999",
            frozenset(map(normal, value.get("professions", ()))),
            {shape: value[shape] for shape in SHAPES if shape in value},
            tuple(Phase(phase.get("until"), phase["maximum_gap_days"]) for phase in value.get("phases", ())),
            GroupCredit(**credit) if credit else None,
            reminders.get("days_before", cls.days_before),
            tuple(reminders.get("overdue_to", ())),
            record.path,
            record.place("as_of"),
        )

    @property
    def shapes(self) -> tuple[str, ...]:
        """The shapes of what it asks for."""
        return tuple(shape for shape in SHAPES if shape in self.asks)

    def out_of_date(self, as_at: str | date) -> bool:
        """Whether it was to be compared with its source before a day."""
        return self.review < str(as_at)


def _counts(said: Mapping[str, Any], stream: str) -> Counts:
    types = said.get("types") or TYPES[stream]
    return Counts(
        frozenset([*types, "practice"] if said.get("practice") else types),
        frozenset(said.get("approaches", ())),
        # Named or not: it is the offer of support after something happened, and informal.
        frozenset([*said.get("not_approaches", ()), WELLBEING]),
        said.get("minimum_minutes", 1),
        said.get("facilitators", True),
    )
