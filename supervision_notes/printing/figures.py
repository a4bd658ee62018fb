"""Figures → what their page says in tables, and what it draws of them, in plain numbers.

A run chart shows how it stood month by month, with the median of the months as a line: no verdict in its colours, and
no limits, for which there are too few months. A month in which nobody was counted leaves a gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..questions.coverage import Coverage, Figure, Point, unseen
from ..workspace import Workspace
from .phrases import Phrases
from .picture import NARROWEST, STEPS, WIDTH

LEFT, RIGHT, TOP, BOTTOM, BELOW = 38, 88, 10, 190, 34
# A month is no wider than this, so that a few of them are not torn apart.
WIDEST = 72
_GRID = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Figures:
    """The page of what every policy comes to on a day (ISO text). It says nothing of anybody by name or code."""

    found: Sequence[Coverage]
    workspace: Workspace
    as_at: str
    not_counted: Mapping[str, int]
    """How many sessions nobody is credited with: `draft`, `error` or `planned`."""
    page = "coverage"
    of = ""

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"coverage-{self.as_at}"

    @cached_property
    def phrases(self) -> Phrases:
        """The words for values; nobody is named."""
        return Phrases(self.workspace, named=False)

    def about(self) -> dict[str, Any]:
        """All that the page may know."""
        return {
            "as_at": self.phrases.date(self.as_at),
            "figures": [self._of(one) for one in self.found],
            "unseen": [*(unseen(self.found) or ())],
            "not_counted": [[why, number] for why, number in self.not_counted.items() if number],
            **policies(self.workspace, self.as_at),
        }

    def _of(self, one: Coverage) -> dict[str, Any]:
        """One thing that a policy asks for."""
        return {
            "policy": one.policy.name,
            "title": one.policy.title,
            "source": one.policy.source,
            "as_of": self.phrases.date(one.policy.as_of),
            "asks": one.asks,
            "whole": _figure(one.whole),
            "groups": [[by, sorted(map(_figure, found), key=_names)] for by, found in one.groups.items()],
            "months": [self._month(point) for point in one.run],
            "median": in_a_hundred(one.median),
            "horizon": [self.phrases.month(month) for month in one.horizon or ()],
            "chart": self._chart(one),
        }

    def _month(self, point: Point) -> dict[str, Any]:
        return {
            "month": self.phrases.month(point.month),
            "as_at": self.phrases.date(point.as_at),
            "numerator": point.numerator,
            "denominator": point.denominator,
            "percent": in_a_hundred(point.percent),
        }

    # what is drawn

    def _chart(self, one: Coverage) -> dict[str, Any] | None:
        """The run chart; None where there is no month of which anything could be drawn."""
        told = [point for point in one.run if point.percent is not None]
        if not told:
            return None
        room = min((WIDTH - LEFT - RIGHT) / len(one.run), WIDEST)
        return {
            "width": WIDTH,
            "height": BOTTOM + BELOW,
            "left": LEFT,
            "right": LEFT + room * len(one.run),
            "bottom": BOTTOM,
            "grid": [{"y": _y(value), "label": f"{value}%"} for value in _GRID],
            "lines": list(_lines(one.run, room)),
            "months": list(month_names(self.phrases, [point.month for point in one.run], room)),
            "median": _y(one.median or 0),
            "ends": [[self.phrases.month(end.month), in_a_hundred(end.percent)] for end in (told[0], told[-1])],
            "marks": [],
        }


def month_names(phrases: Phrases, months: Sequence[str], room: float) -> Iterator[dict[str, Any]]:
    """The months (`2026-10`) that have room for their name below a chart, with the year where it is a new one."""
    step = next((step for step in STEPS if step * room >= NARROWEST), STEPS[-1])
    year = ""
    for n, month in enumerate(months):
        if n % step == 0:
            named, number = month[:4], int(month[5:7])
            name = phrases.months[number - 1][:3] if phrases.months else month[5:7]
            yield {"x": _x(n, room), "name": name, "year": named if named != year else ""}
            year = named


def policies(workspace: Workspace, as_at: str) -> dict[str, list[str]]:
    """The policies of which a reader is to know that they cannot be used, or want comparing with their source."""
    known = workspace.register.policies.items()
    return {
        "unusable": [name for name, policy in known if policy is None],
        "out_of_date": [name for name, policy in known if policy and policy.out_of_date(as_at)],
    }


def in_a_hundred(number: float | None) -> str:
    """66.7%; a dash of nobody."""
    return "–" if number is None else f"{number:.1f}%"


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "names": sorted(one.names, key=lambda name: (not name, name)),  # those of whom no group is said come last
        "numerator": one.numerator,
        "denominator": one.denominator,
        "percent": in_a_hundred(one.percent),
        "awaiting": one.awaiting,
        "in_date": one.in_date,
        "people": one.people,
        "excluded": [[reason, number] for reason, number in one.excluded.items()],
    }


def _names(figure: Mapping[str, Any]) -> list[str]:
    return list(figure["names"])


def _lines(run: Sequence[Point], room: float) -> Iterator[list[dict[str, float]]]:
    """The points of months in a row; where a month says nothing, another line begins after it."""
    line: list[dict[str, float]] = []
    for n, point in enumerate(run):
        if point.percent is not None:
            line.append({"x": _x(n, room), "y": _y(point.percent)})
        elif line:
            yield line
            line = []
    if line:
        yield line


def _x(n: int, room: float) -> float:
    return round(LEFT + (n + 0.5) * room, 1)


def _y(percent: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * percent / 100, 1)
