"""The programme around the records: who takes part, which policies hold for them, and their attendance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..attendance import Attendance, by_person
from ..people import Person, people, policies_of
from ..workspace import Register
from .clock import Clock
from .history import History
from .shapes import ANSWERS, Answer

Outside = Literal["not-eligible", "not-started", "left", "no-profile"]


@dataclass(frozen=True)
class Programme:
    """Everybody in the register or in the attendance, and the attendance of each in the order of its days."""

    register: Register
    people: Sequence[Person]
    facts: Mapping[str, Sequence[Attendance]]

    @classmethod
    def of(cls, register: Register, *lists: Iterable[Attendance]) -> Programme:
        """The programme that a register and lists of attendance describe, whichever list a fact stands in."""
        facts = by_person(*lists)
        if strangers := [code for code in facts if register.people is not None and code not in register.people]:
            credited = [_credited(register, fact) for code in strangers for fact in facts.pop(code)]
            facts = by_person(*facts.values(), credited)
        return cls(register, people(register, facts), facts)

    def histories(self, person: Person) -> Iterator[tuple[str, History | None]]:
        """The policies that hold for somebody, each with its history; None for a policy that cannot be used."""
        clock, facts = Clock.of(person.pauses), self.facts.get(person.code, ())
        for name in policies_of(self.register, person):
            policy = self.register.policies.get(name)
            yield name, History.of(policy, person, facts, clock) if policy else None


def _credited(register: Register, fact: Attendance) -> Attendance:
    """An attendance under an employee number, as that of the person whose number it was."""
    person = register.person_of(fact.person, fact.date)
    return fact._replace(person=person) if person else fact


def outside(person: Person, as_at: date) -> Outside | None:
    """Why no policy is asked about somebody on a day; None where it is."""
    if not person.registered:
        return "no-profile"
    if not person.eligible:
        return "not-eligible"
    if person.start and as_at < person.start:
        return "not-started"
    if person.leave and as_at > person.leave:
        return "left"
    return None


def answers(history: History, as_at: date) -> Iterator[tuple[str, Answer]]:
    """What each shape of a policy says on a day."""
    for shape in history.policy.shapes:
        yield shape, ANSWERS[shape](history, as_at)
