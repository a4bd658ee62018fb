"""Evaluation → what its page says in tables, and what it draws of it, in plain numbers.

A score is drawn on its day, or in the middle of the months that it is told of, with the median as a line; a cycle of
improvement is a mark with a number on the day on which it began. No colour is a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from math import ceil, floor
from typing import Any

from ..questions.clock import last_of, month_name, month_of
from ..questions.evaluation import Chart, Cycle, Point
from ..workspace import Workspace
from .figures import BELOW, BOTTOM, LEFT, RIGHT, WIDEST, month_names
from .phrases import Phrases
from .picture import WIDTH

_TOP, _MARKS, _STEPS = 34, 18, 5
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


@dataclass(frozen=True)
class Evaluated:
    """The page of what was measured up to a day (ISO text): by everybody together, or `of` one author."""

    found: Sequence[Chart]
    workspace: Workspace
    until: str
    of: str = ""
    page = "evaluation"

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"evaluation-{self.until}"

    @cached_property
    def phrases(self) -> Phrases:
        """The words for values; nobody is named."""
        return Phrases(self.workspace, named=False)

    def about(self) -> dict[str, Any]:
        """All that the page may know."""
        by_measure = groupby(self.found, key=lambda chart: chart.measure)
        return {
            "own": bool(self.of),
            "of": self.of,
            "until": self.phrases.date(self.until),
            "measures": [self._measure(name, list(charts)) for name, charts in by_measure],
        }

    def _measure(self, name: str, charts: Sequence[Chart]) -> dict[str, Any]:
        cycles = charts[0].cycles
        return {
            "name": name,
            "scores": [self._score(chart) for chart in charts if chart.points],
            "cycles": [self._cycle(number, cycle) for number, cycle in enumerate(cycles, 1)],
        }

    def _cycle(self, number: int, cycle: Cycle) -> dict[str, Any]:
        first, last = self.phrases.date(cycle.first), self.phrases.date(cycle.last or "")
        return {"number": number, "id": cycle.id, "first": first, "last": last, "draft": cycle.status == "draft"}

    def _score(self, chart: Chart) -> dict[str, Any]:
        rows = [
            {"when": self._when(point), "value": said(point.value), "people": point.people} for point in chart.points
        ]
        return {"name": chart.score, "rows": rows, "median": said(chart.median), "chart": self._drawn(chart)}

    def _when(self, point: Point) -> list[str]:
        """A day, a month, or the first and the last of some months."""
        if point.first == point.last:
            return [self.phrases.date(point.first)]
        return list(dict.fromkeys(self.phrases.month(day) for day in (point.first, point.last)))

    # what is drawn

    def _drawn(self, chart: Chart) -> dict[str, Any]:
        """The run chart, in whole months from the first thing in it to the last."""
        days = [*(day for point in chart.points for day in point[:2]), *(cycle.first for cycle in chart.cycles)]
        first, last = (month_of(date.fromisoformat(end(days))) for end in (min, max))
        months = [month_name(month) for month in range(first, last + 1)]
        room = min((WIDTH - LEFT - RIGHT) / len(months), WIDEST)
        told = [point for point in chart.points if point.value is not None]
        scale = _Scale.of([point.value or 0 for point in told])

        def x(day: str) -> float:
            month = month_of(date.fromisoformat(day))
            share = (int(day[8:]) - 1) / last_of(month).day
            return round(LEFT + (month - first + share) * room, 1)

        return {
            "width": WIDTH,
            "height": BOTTOM + BELOW,
            "left": LEFT,
            "right": LEFT + room * len(months),
            "bottom": BOTTOM,
            "grid": [{"y": scale.y(value), "label": said(value)} for value in scale.grid],
            "lines": [[{"x": x(_middle(point)), "y": scale.y(point.value or 0)} for point in told]],
            "months": list(month_names(self.phrases, months, room)),
            "median": scale.y(chart.median or 0),
            "ends": [[" – ".join(self._when(end)), said(end.value)] for end in dict.fromkeys((told[0], told[-1]))],
            "marks": [
                {"x": x(cycle.first), "top": _MARKS, "number": number} for number, cycle in enumerate(chart.cycles, 1)
            ],
        }


@dataclass(frozen=True)
class _Scale:
    """Values from the bottom of a chart to its top, in steps that are easily read."""

    lowest: float
    step: int
    steps: int

    @classmethod
    def of(cls, values: Sequence[float]) -> _Scale:
        low, high = min(values), max(values)
        step = next(tick for tick in _TICKS if (high - low) / tick <= _STEPS)
        bottom = ceil(low / step) - 1
        if low >= 0:
            bottom = max(bottom, 0)
        return cls(bottom * step, step, floor(high / step) + 1 - bottom)

    @property
    def grid(self) -> Iterator[float]:
        return (self.lowest + n * self.step for n in range(self.steps + 1))

    def y(self, value: float) -> float:
        return round(BOTTOM - (BOTTOM - _TOP) * (value - self.lowest) / (self.step * self.steps), 1)


def said(value: float | None) -> str:
    """6.5; empty where there is none to tell."""
    return "" if value is None else f"{value:g}"


def _middle(point: Point) -> str:
    first, last = date.fromisoformat(point.first), date.fromisoformat(point.last)
    return (first + (last - first) / 2).isoformat()
