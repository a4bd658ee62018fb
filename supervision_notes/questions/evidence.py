"""Evidence that supervision takes place, for whoever inspects: attendance, policies, what became of what was agreed.

There is no content in it and nobody's name or code: numbers alone, and the policies that they are measured by.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from ..attendance import Attendance, withheld
from ..gathering import Gathered
from ..policies import CLINICAL, WELLBEING
from ..record import Audience
from ..workspace import Workspace
from .actions import AgreedAction, actions
from .clock import month_name, month_of
from .coverage import Coverage, coverage, percent
from .merging import SMALLEST
from .programme import Programme
from .view import View


class Sessions(NamedTuple):
    """What was held, and what was not. A session counts once, however many were there."""

    held: int
    people: int
    """How many took part in any."""
    minutes: int
    """How long they lasted, together."""
    signed: int
    """Of the parts that people took and are asked to sign, how many they signed."""
    parts: int
    missed: Mapping[str, int]
    """Sessions that did not take place: cancelled, declined or not attended."""


class Completion(NamedTuple):
    """What became of the actions that were agreed in a time: numbers alone, of five people or more.

    On which day something was done nobody wrote down: a review says later that it was.
    """

    agreed: int
    done: int
    dropped: int
    waiting: int
    """Open, and not yet due."""
    overdue: int
    carried_twice: int
    """Carried forward twice or more, whatever became of it."""

    @property
    def percent(self) -> float | None:
        """Those that were done, in a hundred of all but those that may wait."""
        return percent(self.done, self.agreed - self.waiting)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What can be shown of a time. Days are ISO dates, both of them in it."""

    since: str
    until: str
    coverage: Sequence[Coverage]
    """How it stood on the last day, by each policy."""
    months: Mapping[str, Sessions]
    """Clinical supervision alone, by month, such as `2026-10`."""
    types: Mapping[str, int]
    """The sessions held of it, by their type."""
    apart: Mapping[str, Sessions]
    """What is no clinical supervision, such as line management, by its stream; and informal wellbeing support."""
    completion: Completion | None
    """None where the actions are those of fewer than five people, without those who led."""


def evidence(workspace: Workspace, gathered: Gathered, since: str, until: str) -> Evidence:
    """What can be shown of a time to whoever inspects, from the attendance that the organisation may know of."""
    known, claims = ([fact for fact in some if fact.date <= until] for some in (gathered.facts, gathered.claims))
    within = [fact for fact in known if fact.date >= since]
    streams: dict[str, list[Attendance]] = defaultdict(list)
    for fact in within:
        streams[WELLBEING if fact.approach == WELLBEING else fact.stream].append(fact)
    clinical = streams.pop(CLINICAL, [])
    held = {(fact.session, fact.supervisor): fact for fact in clinical if fact.outcome == "held"}
    return Evidence(
        since,
        until,
        coverage(Programme.of(workspace.register, known, claims=claims, withheld=withheld(workspace)), until),
        dict(_months(clinical, since, until)),
        dict(Counter(fact.type for fact in held.values()).most_common()),
        {stream: _sessions(facts) for stream, facts in sorted(streams.items())},
        _completion(workspace, {fact.session.casefold() for fact in within}, until),
    )


def _months(facts: Iterable[Attendance], since: str, until: str) -> Iterator[tuple[str, Sessions]]:
    by_month: dict[int, list[Attendance]] = defaultdict(list)
    for fact in facts:
        by_month[month_of(date.fromisoformat(fact.date))].append(fact)
    first, last = (month_of(date.fromisoformat(day)) for day in (since, until))
    for month in range(first, last + 1):
        yield month_name(month), _sessions(by_month.get(month, ()))


def _sessions(facts: Collection[Attendance]) -> Sessions:
    sessions: dict[tuple[str, str | None], list[Attendance]] = defaultdict(list)
    for fact in facts:
        sessions[fact.session, fact.supervisor].append(fact)
    lengths = [max(fact.minutes for fact in parts) for parts in sessions.values() if _held(parts)]
    there = [fact for fact in facts if fact.outcome == "held"]
    return Sessions(
        len(lengths),
        len({fact.person for fact in there}),
        sum(lengths),
        sum(fact.signed for fact in there),
        sum(fact.asked for fact in there),
        dict(Counter(parts[0].outcome for parts in sessions.values() if not _held(parts)).most_common()),
    )


def _held(parts: Iterable[Attendance]) -> bool:
    return any(fact.outcome == "held" for fact in parts)


def _completion(workspace: Workspace, sessions: Collection[str], until: str) -> Completion | None:
    """How many actions of some sessions were done, and when. Their words stay where they are."""
    found = [
        action
        for action in actions(View(workspace, Audience("parties")), until, until=until, closed=True)
        if action.session.id.casefold() in sessions
    ]
    if len({person for action in found for person in _led(action)}) < SMALLEST:
        return None
    became = Counter(_became(workspace, action, until) for action in found)
    return Completion(
        len(found),
        became["done"],
        became["dropped"],
        became["waiting"],
        became["overdue"],
        sum(action.carried > 1 for action in found),
    )


def _led(action: AgreedAction) -> Iterator[str]:
    """Those whose action it is, but for whoever led the session: an action that others were there for is not theirs."""
    leaders = (action.session.text("supervisor"), action.session.text("facilitator"))
    return (code for code in action.owners if code in action.session.parties and code not in leaders)


def _became(workspace: Workspace, action: AgreedAction, until: str) -> str:
    """How an action stood at the end of a day. What a draft says of it is not settled."""
    answer = workspace.find(action.spoken_of)
    if action.closed and answer and answer.status != "draft":
        return action.state
    return "overdue" if action.due and action.due < until else "waiting"
