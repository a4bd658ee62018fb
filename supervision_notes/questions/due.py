"""Who is due: for each person and each policy the last session that counts, the last day for the next, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from ..people import Person
from ..policies import TYPES
from ..register import Register
from .history import History
from .programme import DISAGREEING, MISTAKEN, WITHHELD, Outside, Programme, Unseen, answers, mostly, outside
from .shapes import ANSWERS, Answer

Order = Literal["due", "person"]
State = Literal["in-time", "awaiting", "overdue", "paused", "unknown"]
Light = Literal["green", "yellow", "red", "grey"]
LeftOut = Outside | Literal["no-policy"]

# What a state is called, and its light. A light is never all that is shown: not everybody can tell it.
STATES: Mapping[State, tuple[str, Light]] = {
    "in-time": ("in time", "green"),
    "awaiting": ("awaiting sign-off", "yellow"),
    "overdue": ("overdue", "red"),
    "paused": ("paused", "grey"),
    "unknown": ("cannot be said", "grey"),
}
UNUSABLE = "this policy cannot be used: see check"


@dataclass(frozen=True, slots=True)
class Due:
    """How one person stands to one thing that a policy asks for. Days are ISO dates."""

    person: str
    policy: str
    last: str | None
    """The last session that counts."""
    due: str | None
    """The last day that still meets the policy; None where no clock runs."""
    overdue: bool
    reason: str
    overdue_since: str | None = None
    """The first day that did not meet it; None where nobody knows since when."""
    state: State = "in-time"
    asks: str = ""
    """What the policy asks for, by its key, such as `maximum_gap_days`."""
    stream: str = ""
    supervisors: tuple[str, ...] = ()
    """Whom the person is allocated to in this stream, on this day; in any, where the policy cannot be used."""
    known: bool = True
    """Whether any session of this sort is known of them by this day, though it may not have been held."""

    @property
    def light(self) -> Light:
        """Green in time, yellow awaiting sign-off, red overdue, grey paused."""
        return STATES[self.state][1]

    @property
    def unseen(self) -> bool:
        """Whether it is overdue and no session is known: they may stand elsewhere, so nobody is to be told of a day."""
        return self.overdue and not self.known


def due(
    programme: Programme, as_at: str, *, only: Collection[str] = (), supervisor: str | None = None, order: Order = "due"
) -> list[Due]:
    """How everybody stands on a day (ISO text), or `only` some people or the members of some groups.

    With a `supervisor`, those who are allocated to them, in each stream.

    Whoever no policy is asked about is left out.
    """
    day = date.fromisoformat(as_at)
    asked = _asked(programme, only)
    found = [one for person in asked if outside(person, day) is None for one in _of_person(programme, person, day)]
    theirs = [one for one in found if supervisor is None or supervisor in one.supervisors]
    return sorted(theirs, key=_ORDERS[order])


def unsaid(found: Iterable[Due]) -> int:
    """Of how many people in a list it cannot be said whether they are overdue."""
    return len({one.person for one in found if one.state == "unknown"})


def unseen(found: Iterable[Due]) -> Unseen | None:
    """Of how many people in a list no session is known, where that is most of those whom a policy counts.

    Whoever started lately is not counted, as in `coverage`: nothing is said of them that a session would change.
    """
    counted: dict[str, dict[str, bool]] = defaultdict(dict)
    for one in found:
        if one.state in ("in-time", "awaiting", "overdue") and (one.known or one.overdue):
            counted[one.policy][one.person] = one.known
    return mostly(Unseen(name, [*known.values()].count(False), len(known)) for name, known in counted.items())


def left_out(
    programme: Programme, as_at: str, found: Iterable[Due], *, only: Collection[str] = (), supervisor: str | None = None
) -> dict[LeftOut, int]:
    """How many of those who were asked about are not in a list, and why."""
    listed, day = {one.person for one in found}, date.fromisoformat(as_at)
    reasons: list[LeftOut] = [
        outside(person, day) or "no-policy"
        for person in _asked(programme, only)
        if person.code not in listed
        and (supervisor is None or supervisor in _supervisors(programme.register, person.code, day, *TYPES))
    ]
    return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


def _asked(programme: Programme, only: Collection[str]) -> Sequence[Person]:
    """Everybody, or `only` some people and the members of some groups."""
    if not only:
        return programme.people
    members = {fact.person for facts in programme.facts.values() for fact in facts if fact.group and fact.group in only}
    return [person for person in programme.people if person.code in only or person.code in members]


def _supervisors(register: Register, code: str, day: date, *streams: str) -> tuple[str, ...]:
    """Whom somebody is allocated to in some streams, on a day."""
    allocated = (entry for stream in streams for entry in register.supervisors_of(code, stream, day.isoformat()))
    return tuple(dict.fromkeys(str(entry.get("id")) for entry in allocated if entry.get("id")))


def _of_person(programme: Programme, person: Person, as_at: date) -> Iterator[Due]:
    otherwise = programme.otherwise(person)
    for name, history in programme.histories(person):
        if history is None:
            anybody = _supervisors(programme.register, person.code, as_at, *TYPES)
            yield Due(person.code, name, None, None, False, UNUSABLE, state="unknown", supervisors=anybody)
            continue
        supervisors = _supervisors(programme.register, person.code, as_at, history.policy.stream)
        others = [other for way in otherwise if (other := way.get(name))]
        for shape, answer in answers(history, as_at):
            found = _due(history, answer, as_at, shape, supervisors)
            if found.overdue and not found.last:
                found = replace(found, reason=f"{found.reason}{_besides(programme, person, as_at)}")
            if person.mistaken:
                yield _unknown(found, MISTAKEN)
            elif found.overdue and programme.may_hide(history, shape, as_at):
                yield _unknown(found, WITHHELD)
            elif found.overdue and not all(ANSWERS[shape](other, as_at).overdue for other in others):
                yield _unknown(found, DISAGREEING)
            else:
                yield found


def _besides(programme: Programme, person: Person, as_at: date) -> str:
    """That somebody had sessions all the same, where none of them counts."""
    facts = programme.facts.get(person.code, ())
    held = {(one.session, one.supervisor) for one in facts if one.outcome == "held" and one.date <= as_at.isoformat()}
    if not held:
        return ""
    them = "1 session of theirs does" if len(held) == 1 else f"{len(held)} sessions of theirs do"
    return f"; {them} not count under this policy"


def _unknown(one: Due, why: str) -> Due:
    return replace(one, due=None, overdue=False, overdue_since=None, state="unknown", reason=why)


def _due(history: History, answer: Answer, as_at: date, shape: str, supervisors: tuple[str, ...]) -> Due:
    number = history.until(as_at)
    last = history.days[number - 1] if number else None
    paused = history.clock.paused(as_at)
    overdue = answer.overdue and not paused
    state: State = "paused" if paused else "overdue" if overdue else "in-time"
    if state == "in-time" and last and (fact := history.facts[number - 1]).asked and not fact.signed:
        state = "awaiting"
    return Due(
        history.person.code,
        history.policy.name,
        last,
        # A day that lies behind a pause is still to come; one that was missed before it is not held against anybody.
        _text(None if paused and answer.overdue else answer.due),
        overdue,
        "paused" if paused else answer.reason,
        _text(answer.since) if overdue else None,
        state,
        shape,
        history.policy.stream,
        supervisors,
        history.known_from <= as_at.isoformat(),
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


_ORDERS: Mapping[Order, Callable[[Due], Any]] = {
    "due": lambda one: (one.state == "paused", not one.overdue, one.due or ("" if one.overdue else "9999"), one.person),
    "person": lambda one: one.person,
}
