"""Groups of people that are told apart in figures, none of them so small that a figure is about somebody.

A group under five is merged with others. It has to stay hidden from subtraction as well: when the groups that are shown
are taken from the whole, or any groups of one table from any of another, nobody is left, or at least five are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
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

    Teams are merged within their division, where that is enough; where only the divisions come out of it again, there
    are no teams to tell apart. Groups by profession are held against those by team, and so against those by division,
    so that no difference between two tables is about a few.
    """
    people = list(people)
    if by == "division":
        found = _merged(_by_name(people, counted, by))
    else:
        blocks = _merged(_by_name(people, counted, "division"))
        within = ([person for person in people if person.code in block.everyone] for block in blocks)
        found = [team for theirs in within for team in _merged(_by_name(theirs, counted, "team"))]
        if by == "team" and len(found) == len(blocks) > 1:
            found = [_one(found)]
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
    """Groups that are merged until no few people are left between any of them and any groups of another table."""
    found = _merged(groups)
    while len(found) > 1 and (side := _nearly_apart(found, others)):
        ours, rest = [found[n] for n in sorted(side)], [group for n, group in enumerate(found) if n not in side]
        pair = max(product(ours, rest), key=lambda two: (_side_by_side(two, others), two[0].names, two[1].names))
        found = [group for group in found if group not in pair] + [_one(pair)]
    return found


def _side_by_side(two: tuple[Group, Group], teams: Iterable[Codes]) -> int:
    """How many pairs of people of two groups are in one team."""
    one, other = two
    return sum(len(one.counted & team) * len(other.counted & team) for team in teams)


def _nearly_apart(groups: Sequence[Group], others: Sequence[Codes]) -> Collection[int]:
    """The numbers of groups that few people alone tie to the rest; none where there are no such.

    The groups of both tables are the points of a graph, and each person ties two of them. Whoever is left between some
    groups of one table and some of the other are the people whose tie is cut when those points are parted from the
    rest: so no sum of figures is about a few where no cut is. We look for a cut as Stoer and Wagner do. Points are
    taken up one by one, always the one that most ties lead to; whatever was tied by enough to those before it is never
    parted from the last of them by a few, so both become one point; the last point of all is a cut by itself.
    """
    ties: dict[int, Counter[int]] = defaultdict(Counter)
    for (mine, group), (other, codes) in product(enumerate(groups), enumerate(others, len(groups))):
        if number := len(group.counted & codes):
            ties[mine][other] = ties[other][mine] = number
    inside = {point: {point} for point in ties}
    while len(ties) > 1:
        order = list(_by_ties(ties))
        last, number = order[-1]
        if 0 < number < SMALLEST:
            return [point for point in inside[last] if point < len(groups)]
        if not number:
            del ties[last]
        for (before, _), (point, tied) in reversed(list(pairwise(order))):
            if tied >= SMALLEST:
                inside[before] |= inside[point]
                _join(ties, before, point)
    return ()


def _by_ties(ties: Mapping[int, Counter[int]]) -> Iterator[tuple[int, int]]:
    """Points one by one, each with how many ties lead from it to those before it: always one that most lead from."""
    left = dict.fromkeys(sorted(ties), 0)
    while left:
        point = max(left, key=left.__getitem__)
        yield point, left.pop(point)
        for other, number in ties[point].items():
            if other in left:
                left[other] += number


def _join(ties: dict[int, Counter[int]], into: int, point: int) -> None:
    for other, number in ties.pop(point).items():
        del ties[other][point]
        if other != into:
            ties[into][other] += number
            ties[other][into] += number


def _one(groups: Sequence[Group]) -> Group:
    names = sorted(name for group in groups for name in group.names)
    everyone, counted = (frozenset[str]().union(*parts) for parts in list(zip(*groups, strict=True))[1:])
    return Group(tuple(names), everyone, counted)


def _count(groups: Iterable[Group]) -> int:
    return sum(len(group.counted) for group in groups)


def _size(group: Group) -> tuple[int, tuple[str, ...]]:
    return len(group.counted), group.names
