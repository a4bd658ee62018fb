"""Groups of people that are told apart in figures, none of them so small that a figure is about somebody.

A group under five is merged with others. It has to stay hidden from subtraction as well: when the groups that are shown
are taken from the whole, or a group of one table from those of another, nobody is left, or at least five are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..people import Person

SMALLEST = 5
BY = ("division", "team", "profession")
UNSAID = ""

Codes = frozenset[str]


class Group(NamedTuple):
    """Some people, and the names of the groups that they belong to: several, where small ones were merged."""

    names: tuple[str, ...]
    everyone: Codes
    counted: Codes
    """Those of them whom a figure is about; the others are left out of it."""


def grouped(people: Iterable[Person], counted: Codes, by: str) -> list[Group]:
    """People by `division`, `team` or `profession`, in groups of at least five counted, in the order of their names.

    Teams are merged within their division, where that is enough. Groups by profession are held against those by team,
    and so against those by division, so that no difference between two tables is about a few.
    """
    people = list(people)
    if by == "division":
        found = _merged(_by_name(people, counted, by))
    else:
        blocks = _merged(_by_name(people, counted, "division"))
        within = ([person for person in people if person.code in block.everyone] for block in blocks)
        found = [team for theirs in within for team in _merged(_by_name(theirs, counted, "team"))]
    if by == "profession":
        found = _apart(_by_name(people, counted, by), [team.counted for team in found])
    return sorted(found, key=lambda group: group.names)


def _name(person: Person, by: str) -> str:
    """The name of somebody's group. A team has its division before it: another division may have one of that name."""
    own = getattr(person, by) or UNSAID
    return " / ".join(name for name in (person.division, own) if name) if by == "team" else own


def _by_name(people: Iterable[Person], counted: Codes, by: str) -> list[Group]:
    codes: dict[str, set[str]] = defaultdict(set)
    for person in people:
        codes[_name(person, by)].add(person.code)
    return [Group((name,), frozenset(theirs), counted.intersection(theirs)) for name, theirs in codes.items()]


def _merged(groups: Sequence[Group]) -> list[Group]:
    """The small groups as one; with the next smallest, where they are still too few."""
    left = sorted(groups, key=_size)
    small: list[Group] = []
    while left and (len(left[0].counted) < SMALLEST or (small and _count(small) < SMALLEST)):
        small.append(left.pop(0))
    return [*left, _one(small)] if small else left


def _apart(groups: Sequence[Group], others: Sequence[Codes]) -> list[Group]:
    """Groups that are merged until no few people are left between them and the groups of another table."""
    found = _merged(groups)
    while len(found) > 1 and (wrong := _revealing(found, others)):
        # Whoever is left over is in a group that shares theirs.
        around = frozenset[str]().union(*(other for other in others if other & wrong.counted))
        rest = sorted((group for group in found if group is not wrong), key=_size)
        near = max(rest, key=lambda group: len(group.counted & around))
        found = [group for group in found if group not in (wrong, near)] + [_one([wrong, near])]
    return found


def _revealing(groups: Sequence[Group], others: Sequence[Codes]) -> Group | None:
    """A group that tells of a few people when it is held against another table; None where none does."""
    ours = [group.counted for group in groups]
    for group in sorted(groups, key=_size):
        told_by = (other for other in others if other & group.counted and _leaves_few(other, ours))
        if _leaves_few(group.counted, others) or any(told_by):
            return group
    return None


def _leaves_few(one: Codes, others: Iterable[Codes]) -> bool:
    """Whether few are left of a group without those inside it, or of those around it without the group."""
    inside = one.difference(*(other for other in others if other <= one))
    around = frozenset[str]().union(*(other for other in others if other & one)) - one
    return any(0 < len(left) < SMALLEST for left in (inside, around))


def _one(groups: Sequence[Group]) -> Group:
    names = sorted(name for group in groups for name in group.names)
    everyone, counted = (frozenset[str]().union(*parts) for parts in list(zip(*groups, strict=True))[1:])
    return Group(tuple(names), everyone, counted)


def _count(groups: Iterable[Group]) -> int:
    return sum(len(group.counted) for group in groups)


def _size(group: Group) -> tuple[int, tuple[str, ...]]:
    return len(group.counted), group.names
