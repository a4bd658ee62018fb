"""Attendance gathered from several places: what is told twice counts once, and what is told differently is said.

Ids are days and codes, so two workspaces may well use the same one: somebody can see two supervisors on a day. A
session is therefore known by its id (without case), by whoever led it, and by the person whose part it is. Nobody meets
the same supervisor twice on a day for as many minutes, once in each of two lists: that is one session under two ids,
which is said and counts once. The same record (the same digest) counts once, however often it is told; what was signed
or agreed since one of the files was written is taken from the other. Where anything else differs, the workspace's own
stands; without one of its own none counts, for nobody here knows which is right, and whoever it could make a difference
to is left out of the figures and told as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from .attendance import Attendance
from .exported import Told
from .register import Register

Key = tuple[str, str | None, str]
Record = tuple[str, str | None, str]
Meeting = tuple[str, str | None, str, int, str]

# What is known around a record, and may be known better in one place than in the other.
_AROUND: Sequence[str] = ("signed", "agreed_until", "contracted", "client_hours")
AROUND: Sequence[str] = (*_AROUND, "approach")
"""What two that tell the same of a part may tell differently."""
_PERSON, _LEADER = attrgetter("person"), attrgetter("supervisor")
_WITHOUT: dict[str, Any] = dict.fromkeys(AROUND)


class Disagreement(NamedTuple):
    """One person's part in one session that is told differently, and where."""

    session: str
    person: str
    places: tuple[str, ...]
    settled: bool
    """Whether the workspace tells of it itself, so that this stands; else none of them counts."""


class Alike(NamedTuple):
    """Two sessions under different ids in different lists that are held to be one, and where: the first counts."""

    sessions: tuple[str, str]
    places: tuple[str, str]


class Gathered(NamedTuple):
    """What counts, what was told more than once, and what is told differently."""

    facts: Sequence[Attendance]
    again: int = 0
    """How many facts were told again, and count once."""
    disagreements: Sequence[Disagreement] = ()
    claims: Sequence[Attendance] = ()
    """What is told differently and does not count."""
    alike: Sequence[Alike] = ()
    """What is told under two ids, and counts once."""


class _Version(NamedTuple):
    fact: Attendance
    source: int
    """In which of the lists it stands; 0 is the workspace's own."""
    place: str


def gathered(
    register: Register,
    own: Sequence[Attendance],
    lists: Iterable[Told],
    hidden: Collection[tuple[str, str | None]] = (),
) -> Gathered:
    """The attendance of a workspace, and of lists that came from elsewhere.

    `hidden` are sessions that the workspace keeps back, by id and leader: what a list tells of them counts for nothing.
    """
    sources = [Told("this workspace", list(own)), *lists]
    credits = [_credited(register, told.facts) for told in sources]
    known: dict[Key, Attendance] = {}
    twice: set[Key] = set()
    for facts in credits:
        for key, fact in zip(map(_key, facts), facts, strict=True):
            if known.setdefault(key, fact) is not fact:
                twice.add(key)
    folded = {(session.casefold(), leader) for session, leader in hidden}
    alike = _alike(sources, credits)
    for key in [key for key in known if key in alike or (folded and key[:2] in folded)]:
        del known[key]
        twice.discard(key)
    found = _settled(known, _versions(sources, credits, twice)) if twice else Gathered([*known.values()])
    shown = (one for key, one in alike.items() if folded.isdisjoint((id.casefold(), key[1]) for id in one.sessions))
    return found._replace(alike=list({one.sessions: one for one in shown}.values()))


def _key(fact: Attendance) -> Key:
    return fact.session.casefold(), fact.supervisor, fact.person


def _meeting(fact: Attendance) -> Meeting:
    return fact.person, fact.supervisor, fact.date, fact.minutes, fact.type


def _alike(sources: Sequence[Told], credits: Sequence[Sequence[Attendance]]) -> Mapping[Key, Alike]:
    """The parts that another list tells of under another id; what one list tells apart stays apart."""
    first: dict[Meeting, Key] = {}
    several = set[Meeting]()
    for fact in chain.from_iterable(credits if sum(map(bool, credits)) > 1 else ()):
        if fact.outcome == "held" and first.setdefault(meeting := _meeting(fact), key := _key(fact)) != key:
            several.add(meeting)
    told: dict[Meeting, dict[int, dict[Key, _Version]]] = defaultdict(lambda: defaultdict(dict))
    for source, (one, facts) in enumerate(zip(sources, credits, strict=True) if several else ()):
        for number, fact in enumerate(facts):
            if fact.outcome == "held" and (meeting := _meeting(fact)) in several:
                told[meeting][source][_key(fact)] = _Version(fact, source, one.place(number))
    found: dict[Key, Alike] = {}
    for lists in told.values():
        most = max(lists.values(), key=len)
        counts = next(iter(most.values()))
        for key, other in chain.from_iterable(parts.items() for parts in lists.values()):
            if key not in most:
                sessions = (counts.fact.session, other.fact.session)
                found[key] = Alike(sessions, (counts.place, other.place))
    return found


def _settled(known: dict[Key, Attendance], told: Mapping[Key, Sequence[_Version]]) -> Gathered:
    """What counts of all that is known, where some of it is told more than once."""
    again, wrong = 0, dict[Record, bool]()
    disagreements: list[Disagreement] = []
    claims: list[Attendance] = []
    for key, versions in told.items():
        facts = [version.fact for version in versions]
        ours = facts[0] if versions[0].source == 0 else None
        if same := _same(facts, ours):
            known[key] = same
            again += len(versions) - 1
            continue
        places = tuple(dict.fromkeys(version.place for version in versions))
        disagreements.append(Disagreement(facts[0].session, key[2], places, ours is not None))
        if ours is None:
            claims += facts
            del known[key]
        if len({fact.digest for fact in facts}) > 1:
            others = [fact for fact in facts if fact.digest and (ours is None or fact.digest != ours.digest)]
            wrong.update(dict.fromkeys(map(_record, others), ours is not None))
    if not wrong:
        return Gathered([*known.values()], again, disagreements, claims)
    # Somebody may stand in one of two records alone; what it says of them counts no more than the rest of it.
    kept = [fact for fact in known.values() if _record(fact) not in wrong]
    claims += (fact for fact in known.values() if not wrong.get(_record(fact), True))
    return Gathered(kept, again, disagreements, claims)


def credited(register: Register, fact: Attendance) -> Attendance:
    """A fact that names people by employee numbers, as if it named them by their codes."""
    person = register.person_of(fact.person, fact.date) or fact.person
    led = fact.supervisor and (register.person_of(fact.supervisor, fact.date) or fact.supervisor)
    return fact if (person, led) == (fact.person, fact.supervisor) else fact._replace(person=person, supervisor=led)


def _credited(register: Register, facts: list[Attendance]) -> list[Attendance]:
    """Facts, all of them by codes, as nearly all of them are."""
    known = register.people
    if known is None or known.keys() >= {*map(_PERSON, facts), *map(_LEADER, facts)}:
        return facts
    return [credited(register, fact) for fact in facts]


def _record(fact: Attendance) -> Record:
    return fact.session.casefold(), fact.supervisor, fact.digest


def _versions(
    sources: Sequence[Told], credits: Sequence[Sequence[Attendance]], wanted: set[Key]
) -> Mapping[Key, Sequence[_Version]]:
    """All that is told of some parts, by part."""
    found: dict[Key, list[_Version]] = defaultdict(list)
    for source, (told, facts) in enumerate(zip(sources, credits, strict=True)):
        for number, fact in enumerate(facts):
            if (key := _key(fact)) in wanted:
                found[key].append(_Version(fact, source, told.place(number)))
    return found


def _same(facts: Sequence[Attendance], ours: Attendance | None) -> Attendance | None:
    """What several lists tell of one part, if they tell the same of it."""
    if len({fact._replace(**_WITHOUT, session=fact.session.casefold()) for fact in facts}) > 1:
        return None
    best: dict[str, Any] = {
        key: max((value for fact in facts if (value := getattr(fact, key)) is not None), default=None)
        for key in _AROUND
    }
    told = {fact.approach for fact in facts}
    # What one agreement keeps back, another file does not give away.
    return facts[0]._replace(approach=ours.approach if ours else told.pop() if len(told) == 1 else None, **best)
