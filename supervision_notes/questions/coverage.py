"""Coverage: how many have supervision as a policy asks, of how many; whom that leaves out, and why.

Nobody is dropped in silence: those who are counted and those who are left out are together everybody. Percentages are
told of a figure and never averaged. Nothing is said of anybody by name or code, and no group is smaller than five.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

from ..attendance import Attendance
from ..people import Person
from ..policies import Policy
from .clock import last_of, month_name, month_of
from .history import History
from .merging import BY, Group, grouped
from .programme import DISAGREEING, WITHHELD, Programme, Unseen, mostly, outside
from .shapes import ANSWERS, whole_from

# Why somebody is left out of a figure, in the order in which it is told, and the words for it.
EXCLUSIONS: Mapping[str, str] = {
    "paused": "paused",
    "new-starter": "started lately, nothing due yet",
    "not-started": "not started yet",
    "left": "left",
    "not-eligible": "not eligible",
    "other-policy": "under another policy",
    "policy-unusable": "their policy cannot be used",
    "client-hours-not-known": "client hours not known",
    "disagreeing": DISAGREEING,
    "withheld": WITHHELD,
    "mistaken": "their dates in people.yaml have a mistake or a blank",
    "no-profile": "not in people.yaml",
}
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: so many of so many, and everybody else."""

    names: tuple[str, ...]
    """The group, or those that were merged into it; none for the whole. Empty for people of whom no group is said."""
    numerator: int
    denominator: int
    excluded: Mapping[str, int]
    """How many are left out, by a key of EXCLUSIONS."""
    awaiting: int
    """Of the numerator, those whose last session they have not signed yet."""
    in_date: int
    """Of the denominator, those whose last session names an agreement that is in date."""

    @property
    def percent(self) -> float | None:
        """The numerator in a hundred of the denominator; None of nobody."""
        return percent(self.numerator, self.denominator)

    @property
    def people(self) -> int:
        """Everybody: those who are counted, and those who are left out."""
        return self.denominator + sum(self.excluded.values())


class Point(NamedTuple):
    """A month of the run chart: how it stood on a day, its last one as a rule."""

    month: str
    as_at: str
    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        """The numerator in a hundred of the denominator; None of nobody."""
        return percent(self.numerator, self.denominator)


class Horizon(NamedTuple):
    """How far back is known, where a run begins later for that: months, such as `2026-10`."""

    known_from: str
    """The month of the first attendance of all."""
    told_from: str
    """The first one at whose end all is known that the policy looks back on: of those before nobody can say."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one thing that a policy asks for comes to, for everybody, by group and by month."""

    policy: Policy
    asks: str
    """What the policy asks for, by its key, such as `maximum_gap_days`."""
    as_at: str
    whole: Figure
    groups: Mapping[str, Sequence[Figure]]
    """By division, team and profession, as far as that was wanted; none where they cannot be told apart."""
    run: Sequence[Point]
    """The months up to the day, the earliest first, as far back as anything can be said of them."""
    horizon: Horizon | None = None
    """Why it begins no sooner; None where it is as long as was wanted, or nothing is known."""
    unseen: int = 0
    """Of how many of those who are counted no session is known that could count."""

    @property
    def median(self) -> float | None:
        """The median of the months' percentages: the line through the run chart."""
        told = [point.percent for point in self.run if point.percent is not None]
        return round(median(told), 1) if told else None


def percent(numerator: int, denominator: int) -> float | None:
    """So many in a hundred, with one decimal."""
    return round(100 * numerator / denominator, 1) if denominator else None


def month_end(day: str) -> str:
    """The last day of the month that a day (ISO text) lies in: what figures are as at, where nobody says otherwise."""
    return last_of(month_of(date.fromisoformat(day))).isoformat()


def coverage(programme: Programme, as_at: str, *, by: Sequence[str] = BY, months: int = MONTHS) -> list[Coverage]:
    """How it stands on a day (ISO text): for each policy that holds for anybody, and each thing that it asks for."""
    day = date.fromisoformat(as_at)
    census = _Census.of(programme)
    return [
        _coverage(census, policy, asks, day, by, months)
        for policy in programme.register.policies.values()
        if policy and census.under(policy)
        for asks in policy.shapes
    ]


def unseen(found: Sequence[Coverage]) -> Unseen | None:
    """Of how many people no session is known, where that is most of those whom a policy counts."""
    return mostly(Unseen(one.policy.name, one.unseen, one.whole.denominator) for one in found)


class _Stand(NamedTuple):
    """How one person stands to one thing on a day: covered or not, or left out and why."""

    covered: bool
    excluded: str | None = None


@dataclass(frozen=True)
class _Census:
    """Everybody, with the history that each has under each policy that holds for them."""

    programme: Programme
    histories: Mapping[str, Mapping[str, History | None]]
    otherwise: Mapping[str, Sequence[Mapping[str, History | None]]]
    """The same of those of whom something is told differently, for each way in which it may be true."""
    begun: date | None
    """The day of the first attendance of all."""

    @classmethod
    def of(cls, programme: Programme) -> _Census:
        """The census of a programme."""
        begun = min((facts[0].date for facts in programme.facts.values()), default=None)
        histories = {one.code: dict(programme.histories(one)) for one in programme.people}
        otherwise = {one.code: programme.otherwise(one) for one in programme.people if one.code in programme.claims}
        return cls(programme, histories, otherwise, date.fromisoformat(begun) if begun else None)

    @property
    def people(self) -> Sequence[Person]:
        """Everybody."""
        return self.programme.people

    def under(self, policy: Policy) -> list[History]:
        """The histories of those for whom a policy holds."""
        return [history for theirs in self.histories.values() if (history := theirs.get(policy.name))]

    def stand(self, person: Person, policy: Policy, asks: str, day: date) -> _Stand:
        """How somebody stands on a day."""
        theirs = self.histories[person.code]
        history = theirs.get(policy.name)
        if reason := outside(person, day):
            return _Stand(False, reason)
        if history is None:
            return _Stand(False, "policy-unusable" if None in theirs.values() else "other-policy")
        if person.mistaken:
            return _Stand(False, "mistaken")
        if history.clock.paused(day):
            return _Stand(False, "paused")
        answer = ANSWERS[asks](history, day)
        short = not answer.met and not answer.unasked
        if short and self.programme.may_hide(history, asks, day):
            return _Stand(False, "withheld")
        others = (other for way in self.otherwise.get(person.code, ()) if (other := way.get(policy.name)))
        if short and any(ANSWERS[asks](other, day).met for other in others):
            return _Stand(False, "disagreeing")
        return _Stand(answer.met and not answer.unasked, answer.unasked)


def _coverage(census: _Census, policy: Policy, asks: str, day: date, by: Sequence[str], months: int) -> Coverage:
    stands = {person.code: census.stand(person, policy, asks, day) for person in census.people}
    counted = frozenset(code for code, stand in stands.items() if stand.excluded is None)
    last = {history.person.code: _last(history, day) for history in census.under(policy)}

    def figure(group: Group) -> Figure:
        return _figure(group, stands, last, day.isoformat())

    everybody = Group((), frozenset(stands), counted)
    theirs = [history for history in census.under(policy) if history.person.code in counted]
    unseen = sum(history.known_from > day.isoformat() for history in theirs)
    apart = {one: grouped(census.people, counted, one) for one in by}
    groups = {one: [figure(group) for group in found] if len(found) > 1 else [] for one, found in apart.items()}
    run, horizon = _run(census, policy, asks, day, months)
    return Coverage(policy, asks, day.isoformat(), figure(everybody), groups, run, horizon, unseen)


def _figure(group: Group, stands: Mapping[str, _Stand], last: Mapping[str, Attendance | None], day: str) -> Figure:
    covered = [code for code in group.counted if stands[code].covered]
    reasons = Counter(stands[code].excluded for code in group.everyone - group.counted)
    return Figure(
        group.names,
        len(covered),
        len(group.counted),
        {reason: reasons[reason] for reason in EXCLUSIONS if reasons[reason]},
        sum(fact.asked and not fact.signed for code in covered if (fact := last.get(code))),
        sum((fact.agreed_until or "") >= day for code in group.counted if (fact := last.get(code))),
    )


def _last(history: History, day: date) -> Attendance | None:
    number = history.until(day)
    return history.facts[number - 1] if number else None


def _run(census: _Census, policy: Policy, asks: str, day: date, months: int) -> tuple[list[Point], Horizon | None]:
    """The months of which anything can be said: before, whoever met nobody known had perhaps met somebody."""
    if census.begun is None:
        return [], None
    whole = whole_from(policy, asks, census.begun)
    ends = [end for end in _ends(day, months) if end >= census.begun]
    run = [_point(census, policy, asks, end) for end in ends if end >= whole]
    horizon = Horizon(*(month_name(month_of(one)) for one in (census.begun, whole)))
    return run, horizon if len(run) < len(ends) else None


def _ends(day: date, months: int) -> Iterator[date]:
    """The ends of the months before a day, and the day itself."""
    yield from (last_of(month_of(day) - n) for n in range(months - 1, 0, -1))
    yield day


def _point(census: _Census, policy: Policy, asks: str, day: date) -> Point:
    stands = [census.stand(person, policy, asks, day) for person in census.people]
    counted = [stand for stand in stands if stand.excluded is None]
    return Point(month_name(month_of(day)), day.isoformat(), sum(stand.covered for stand in counted), len(counted))
