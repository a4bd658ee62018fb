"""Attendance gathered from several places: what is told twice counts once, and what is told differently is said.

Ids are days and codes, so two workspaces may well use the same one: somebody can see two supervisors on a day. A
session is therefore known by its id, by whoever led it, and by the person whose part it is. The same record (the same
digest) counts once, however often it is told; what was signed or agreed since one of the files was written is taken
from the other. Where anything else differs, the workspace's own stands; without one of its own none counts, for nobody
here knows which is right, and whoever it could make a difference to is left out of the figures and told as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .attendance import Attendance
from .exported import Told
from .workspace import Register

Key = tuple[str, str | None, str]
Record = tuple[str, str | None, str]

# What is known around a record, and may be known better in one place than in the other.
_AROUND: Sequence[str] = ("signed", "agreed_until", "contracted", "client_hours")
_WITHOUT: dict[str, Any] = dict.fromkeys((*_AROUND, "approach"))


class Disagreement(NamedTuple):
    """One person's part in one session that is told differently, and where."""

    session: str
    person: str
    places: tuple[str, ...]
    settled: bool
    """Whether the workspace tells of it itself, so that this stands; else none of them counts."""


class Gathered(NamedTuple):
    """What counts, what was told more than once, and what is told differently."""

    facts: Sequence[Attendance]
    again: int = 0
    """How many facts were told again, and count once."""
    disagreements: Sequence[Disagreement] = ()
    claims: Sequence[Attendance] = ()
    """What is told differently and does not count."""


class _Version(NamedTuple):
    fact: Attendance
    told: Told
    number: int


def gathered(register: Register, own: Sequence[Attendance], lists: Iterable[Told]) -> Gathered:
    """The attendance of a workspace, and of lists that came from elsewhere."""
    here = Told("this workspace", list(own))
    sources = [here, *lists]
    known: dict[Key, Attendance] = {}
    twice: set[Key] = set()
    everybody = register.people
    for told in sources:
        for fact in told.facts:
            if everybody is not None and (fact.person not in everybody or fact.supervisor not in everybody):
                fact = credited(register, fact)
            key = (fact.session, fact.supervisor, fact.person)
            if known.setdefault(key, fact) is not fact:
                twice.add(key)
    found: list[Disagreement] = []
    claims: list[Attendance] = []
    again = 0
    wrong: dict[Record, bool] = {}
    for key, versions in _versions(register, sources, twice).items():
        ours = versions[0].fact if versions[0].told is here else None
        if settled := _settled([version.fact for version in versions], ours):
            known[key] = settled
            again += len(versions) - 1
            continue
        places = tuple(dict.fromkeys(version.told.place(version.number) for version in versions))
        found.append(Disagreement(key[0], key[2], places, ours is not None))
        others = [version.fact for version in versions if version.fact is not ours]
        if ours:
            known[key] = ours
        else:
            claims += others
            del known[key]
        if any(fact.digest != others[0].digest for fact in (*others, *([ours] if ours else ()))):
            records = [_record(fact) for fact in others if fact.digest and not (ours and ours.digest == fact.digest)]
            wrong.update(dict.fromkeys(records, ours is not None))
    if not wrong:
        return Gathered([*known.values()], again, found, claims)
    # Somebody may stand in one of two records alone; what it says of them counts no more than the rest of it.
    kept = [fact for fact in known.values() if _record(fact) not in wrong]
    claims += (fact for fact in known.values() if not wrong.get(_record(fact), True))
    return Gathered(kept, again, found, claims)


def credited(register: Register, fact: Attendance) -> Attendance:
    """A fact that names people by employee numbers, as if it named them by their codes."""
    person = register.person_of(fact.person, fact.date) or fact.person
    led = fact.supervisor and (register.person_of(fact.supervisor, fact.date) or fact.supervisor)
    return fact if (person, led) == (fact.person, fact.supervisor) else fact._replace(person=person, supervisor=led)


def _key(fact: Attendance) -> Key:
    return fact.session, fact.supervisor, fact.person


def _record(fact: Attendance) -> Record:
    return fact.session, fact.supervisor, fact.digest


def _versions(register: Register, sources: Sequence[Told], wanted: set[Key]) -> dict[Key, list[_Version]]:
    """All that is told of some parts, by part."""
    found: dict[Key, list[_Version]] = defaultdict(list)
    for told in sources if wanted else ():
        for number, fact in enumerate(told.facts):
            if (key := _key(fact := credited(register, fact))) in wanted:
                found[key].append(_Version(fact, told, number))
    return found


def _settled(facts: Sequence[Attendance], ours: Attendance | None) -> Attendance | None:
    """What several lists tell of one part, if they tell the same of it."""
    if len({fact._replace(**_WITHOUT) for fact in facts}) > 1:
        return None
    best: dict[str, Any] = {
        key: max((value for fact in facts if (value := getattr(fact, key)) is not None), default=None)
        for key in _AROUND
    }
    told = {fact.approach for fact in facts}
    # What one agreement keeps back, another file does not give away.
    return facts[0]._replace(approach=ours.approach if ours else told.pop() if len(told) == 1 else None, **best)
