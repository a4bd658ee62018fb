"""A history: the sessions of one person that count under one policy, and how much of each counts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ..attendance import Attendance
from ..people import Person
from ..policies import Counts, GroupCredit, Policy
from .clock import Clock

Minutes = int | Fraction


@dataclass(frozen=True)
class History:
    """The sessions that count for one person under one policy, in the order of their days."""

    policy: Policy
    person: Person
    clock: Clock
    facts: Sequence[Attendance]
    days: Sequence[str]
    known_from: str = "9999"
    """The first day with a session of the sort that could count, though it may not have been held."""
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out of it, and is asked for again on another day."""

    @classmethod
    def of(cls, policy: Policy, person: Person, facts: Sequence[Attendance], clock: Clock) -> History:
        """The history of somebody whose attendance is in the order of its days."""
        counted = those_that_count(policy.counts, facts)
        known_from = next((fact.date for fact in facts if _is_of_that_sort(policy.counts, fact)), cls.known_from)
        return cls(policy, person, clock, counted, [fact.date for fact in counted], known_from)

    def until(self, day: date) -> int:
        """How many of its sessions lie on or before a day: a later one is planned, and not counted."""
        return bisect_right(self.days, day.isoformat())

    def last(self, day: date) -> date | None:
        """The day of the last of them."""
        return date.fromisoformat(self.days[number - 1]) if (number := self.until(day)) else None

    def minutes(self, first: date, last: date) -> Minutes:
        """The minutes that count from one day to another."""
        among = slice(bisect_left(self.days, first.isoformat()), bisect_right(self.days, last.isoformat()))
        return sum((credit(self.policy.group_credit, fact) for fact in self.facts[among]), 0)


def those_that_count(rule: Counts, facts: Sequence[Attendance]) -> list[Attendance]:
    """The sessions that count: by their type, their approach, their outcome, and how long somebody was there."""
    types, only, never, least, facilitators = rule
    return [
        fact
        for fact in facts
        if fact.type in types
        and fact.outcome == "held"
        and fact.minutes >= least
        and fact.approach not in never
        and (not only or fact.approach in only)
        and (facilitators or fact.role != "facilitator")
    ]


def _is_of_that_sort(rule: Counts, fact: Attendance) -> bool:
    return fact.type in rule.types and (rule.facilitators or fact.role != "facilitator")


def credit(rule: GroupCredit | None, fact: Attendance) -> Minutes:
    """The minutes of a session that count: of a group's a part; nothing where nobody knows how many were in it."""
    if rule is None or (fact.group is None and fact.size == 1):
        return fact.minutes
    number = fact.contracted if rule.number == "contracted" and fact.contracted is not None else fact.size
    if number is None:
        return 0
    number += fact.led_by_peer and rule.peers == "all"
    if rule.divided_from is not None and number >= rule.divided_from:
        return Fraction(fact.minutes, number)
    if rule.half_up_to is not None and 2 <= number <= rule.half_up_to:
        return Fraction(fact.minutes, 2)
    return fact.minutes
