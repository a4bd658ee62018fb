"""The programme around the records: who takes part, which policies hold for them, and their attendance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import prod
from typing import Literal, NamedTuple

from ..attendance import Attendance, by_person
from ..gathering import credited
from ..people import Person, people, policies_of
from ..register import Register
from .clock import Clock
from .history import History
from .shapes import ANSWERS, Answer, looks_back_to

Outside = Literal["not-eligible", "not-started", "left", "no-profile"]
# Why nothing can be said of somebody: their dates, which of two places is right, or whether they met, is not known.
MISTAKEN = "the dates in people.yaml have a mistake or a blank: see check"
WITHHELD = "an agreement keeps their sessions back"
DISAGREEING = "a session of theirs is told differently in two places"

# In how many ways the lists about one person are put together, each with one version of every session.
_WAYS = 64


@dataclass(frozen=True)
class Programme:
    """Everybody in the register or in the attendance, and the attendance of each in the order of its days."""

    register: Register
    people: Sequence[Person]
    facts: Mapping[str, Sequence[Attendance]]
    claims: Mapping[str, Sequence[Attendance]] = field(default_factory=dict)
    """What is told differently in different places, and does not count: it may make a difference."""
    withheld: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """On which days an agreement keeps sessions back from whoever asks, by person: first and last ones."""

    @classmethod
    def of(
        cls,
        register: Register,
        *lists: Iterable[Attendance],
        claims: Iterable[Attendance] = (),
        withheld: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    ) -> Programme:
        """The programme that a register and lists of attendance describe, whichever list a fact stands in."""
        facts = by_person(*lists)
        if strangers := [code for code in facts if register.people is not None and code not in register.people]:
            theirs = [credited(register, fact) for code in strangers for fact in facts.pop(code)]
            facts = by_person(*facts.values(), theirs)
        claimed = by_person(claims)
        return cls(register, people(register, [*facts, *claimed]), facts, claimed, withheld or {})

    def told_of(self, code: str) -> tuple[Sequence[Attendance], Sequence[Attendance]]:
        """What is told of somebody: what counts, and what does not for it is told differently."""
        return self.facts.get(code, ()), self.claims.get(code, ())

    def may_hide(self, history: History, shape: str, as_at: date) -> bool:
        """Whether an agreement may keep back what would change an answer that is not met: then nobody can say so.

        It may, where it held on any day since the last session that counts, or that the policy looks back on.
        """
        number, day = history.until(as_at), as_at.isoformat()
        known = history.days[number - 1] if number else ""
        since = min(known, looks_back_to(history.policy, shape, as_at).isoformat())
        return any(first <= day and last >= since for first, last in self.withheld.get(history.person.code, ()))

    def histories(self, person: Person) -> Iterator[tuple[str, History | None]]:
        """The policies that hold for somebody, each with its history; None for a policy that cannot be used."""
        return self._histories(person, self.facts.get(person.code, ()))

    def otherwise(self, person: Person) -> list[Mapping[str, History | None]]:
        """The same, for each way in which what is told differently may be true; none, where there is none of it."""
        versions: dict[tuple[str, str | None], list[Attendance]] = defaultdict(list)
        for claim in self.claims.get(person.code, ()):
            versions[claim.session, claim.supervisor].append(claim)
        ways: Iterable[Sequence[Attendance]] = product(*versions.values()) if versions else ()
        if prod(map(len, versions.values())) > _WAYS:
            ways = [self.claims[person.code]]  # too many: rather nothing is said than something wrong
        known = self.facts.get(person.code, ())
        return [dict(self._histories(person, *by_person(known, way).values())) for way in ways]

    def _histories(self, person: Person, facts: Sequence[Attendance]) -> Iterator[tuple[str, History | None]]:
        clock = Clock.of(person.pauses)
        for name in policies_of(self.register, person):
            policy = self.register.policies.get(name)
            yield name, History.of(policy, person, facts, clock) if policy else None


class Unseen(NamedTuple):
    """Of how many people whom a policy counts no session is known: perhaps their sessions stand elsewhere."""

    policy: str
    unseen: int
    counted: int


def mostly(figures: Iterable[Unseen]) -> Unseen | None:
    """The figure with the most of them, among those in which most have no session that is known."""
    return max((one for one in figures if 2 * one.unseen > one.counted), key=lambda one: one.unseen, default=None)


def outside(person: Person, as_at: date) -> Outside | None:
    """Why no policy is asked about somebody on a day; None where it is."""
    if not person.registered:
        return "no-profile"
    if not person.eligible:
        return "not-eligible"
    if person.mistaken:
        return None
    if person.start and as_at < person.start:
        return "not-started"
    if person.leave and as_at > person.leave:
        return "left"
    return None


def answers(history: History, as_at: date) -> Iterator[tuple[str, Answer]]:
    """What each shape of a policy says on a day."""
    for shape in history.policy.shapes:
        yield shape, ANSWERS[shape](history, as_at)
