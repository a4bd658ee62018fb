"""Evaluation: how a measure moved over the months, beside the cycles of improvement that were tried.

What somebody scored is theirs, and shown to them alone. Anybody else is told the median over at least five people who
let theirs be counted. Months with fewer go together with the next ones, counted from the very first one whatever is
asked for: no two figures overlap, so that none can be taken from another. The months that are left at the end are told
in the same words, whether four people scored in them or nobody. Nobody is ranked, and no figure is called good or bad.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

from ..skeleton import Skeleton
from ..values import BLANK
from .clock import first_of, last_of, month_of
from .merging import SMALLEST
from .view import View
from .wording import Wording

_NUMBER = re.compile(r"-?\d{1,4}(\.\d)?")


class Point(NamedTuple):
    """What was scored from one day to another (ISO text), both counted: on a day by one person, or in whole months.

    There is no value where fewer than five people let theirs be counted, or none did.
    """

    first: str
    last: str
    value: float | None = None
    people: int | None = None
    """How many people the value is the median of; None for somebody's own."""


class Cycle(NamedTuple):
    """A cycle of improvement, by its id and its days; one that has no end goes on."""

    id: str
    first: str
    last: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """One score of a measure, the earliest first, and the cycles that name the measure.

    A measure of which there is nothing to tell but its cycles has one chart, without a score and without a point.
    """

    measure: str
    score: str
    points: Sequence[Point]
    cycles: Sequence[Cycle]

    @property
    def median(self) -> float | None:
        """The median of its points: the line through the run chart."""
        told = [point.value for point in self.points if point.value is not None]
        return _rounded(told) if told else None


class Scored(NamedTuple):
    """One score: whose, on which day (ISO text), and how much."""

    person: str
    date: str
    value: float


def evaluation(wording: Wording, since: str | None, until: str) -> list[Chart]:
    """A chart for each score from one day to another (ISO text): an author's own, or for all others that of many.

    Of many, whole months are told, which are over by the last day.
    """
    view = wording.view
    cycles, charts = _cycles(view, since or "", until), []
    through = _own if view.audience.who == "author" else together
    for (measure, score), scored in _scores(wording).items():
        points = [point for point in through(scored, until) if point.first >= (since or "")]
        if any(point.value is not None for point in points):
            charts.append(Chart(measure, score, points, cycles.get(measure, ())))
    charted = {chart.measure for chart in charts}
    charts += [Chart(measure, "", (), marks) for measure, marks in cycles.items() if measure not in charted]
    return sorted(charts, key=lambda chart: (chart.measure, chart.score))


def own_measures(view: View) -> list[Skeleton]:
    """The measures of the author who asks, those with errors too."""
    return [record for record in view.records if record.kind == "measure"]


def _scores(wording: Wording) -> Mapping[tuple[str, str], Sequence[Scored]]:
    """What may be charted for whoever asks, by measure and score."""
    view, found = wording.view, defaultdict(list)
    measures = own_measures(view) if view.audience.who == "author" else view.counted
    for known in measures:
        # One person is one person, however their code is written.
        person = next(iter(known.people), "").casefold()
        record = wording.record(known) if person and known.date and known.sound else None
        name, scores = (record.value.get("name"), record.value.get("scores")) if record else (None, None)
        if isinstance(name, str) and not BLANK.search(name) and isinstance(scores, Mapping):
            for score, value in scores.items():
                if _NUMBER.fullmatch(str(value)):
                    found[name, score].append(Scored(person, str(known.date), float(value)))
    return found


def _own(scored: Iterable[Scored], until: str) -> Iterator[Point]:
    """Somebody's own scores, by day."""
    yield from (Point(one.date, one.date, one.value) for one in sorted(scored) if one.date <= until)


def together(scored: Iterable[Scored], until: str) -> Iterator[Point]:
    """Months up to a day, as many of them together as it takes to have five people; last those that are too few."""
    by_month: dict[int, list[Scored]] = defaultdict(list)
    for one in scored:
        by_month[month_of(date.fromisoformat(one.date))].append(one)
    # A month that is not over still changes, by one person after the other.
    end = month_of(date.fromisoformat(until) + timedelta(days=1))
    first, theirs = min(by_month), defaultdict[str, list[float]](list)
    for month in range(first, end):
        for one in by_month.get(month, ()):
            theirs[one.person].append(one.value)
        if len(theirs) >= SMALLEST:
            value = _rounded([median(values) for values in theirs.values()])
            yield Point(first_of(first).isoformat(), last_of(month).isoformat(), value, len(theirs))
            first = month + 1
            theirs.clear()
    if first < end:
        yield Point(first_of(first).isoformat(), last_of(end - 1).isoformat())


def _cycles(view: View, since: str, until: str) -> Mapping[str, Sequence[Cycle]]:
    """The cycles that began in these days, by the measure that they name."""
    found: dict[str, list[Cycle]] = defaultdict(list)
    for record in view.records:
        measure = view.text(record, "measure") if record.kind == "cycle" else None
        if measure and record.date and since <= record.date <= until:
            found[measure].append(Cycle(record.id, record.date, view.text(record, "end"), record.status))
    return {measure: sorted(marks, key=lambda cycle: (cycle.first, cycle.id)) for measure, marks in found.items()}


def _rounded(values: Sequence[float]) -> float:
    return round(median(values), 1)
