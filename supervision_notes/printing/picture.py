"""A time line → what its page draws, in plain numbers, and what its tables say.

Only codes and dates are drawn. Names stand in the tables, which hold all that the picture shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from ..document import prose
from ..kind import Kind
from ..questions.year import FOREVER, NOT_YET, Entry, Timeline, Total
from ..workspace import Workspace
from .phrases import Phrases
from .sheet import safe

# In CSS pixels: as wide as the words of a sheet, and no higher than the room below its head.
WIDTH, HIGHEST = 590, 640
_LEFT, _TOP, _KEY = 126, 40, 48
_LANE, _BAR, _LINE = 34, 22, 15
# Before the first day there is room for the number of an action that was agreed on it, and after the last for the name
# and the year of a month that begins on it.
_BEFORE, _AFTER = 24, 32
_DAYS = WIDTH - _LEFT - _BEFORE - _AFTER
# So many days of what is planned are drawn; the rest is in the tables.
_AHEAD = 92
_LETTER = 6
_LONGEST_LABEL = 20
# Where the name of a month has so little room, only every second one has one, or every third.
NARROWEST = 26
STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 600)


@dataclass(frozen=True)
class Picture:
    """The page of one time line."""

    timeline: Timeline
    workspace: Workspace
    page = "timeline"

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"timeline-{self.timeline.of}"

    @cached_property
    def phrases(self) -> Phrases:
        """The words for values."""
        return Phrases(self.workspace)

    def about(self) -> dict[str, Any]:
        """All that the page may know."""
        found = self.timeline
        return safe(
            {
                "of": found.of,
                "is_group": found.is_group,
                "name_html": self.phrases.name(found.of),
                "since": self.phrases.date(found.since),
                "until": self.phrases.date(found.until),
                "totals": [self._total(total) for total in found.totals],
                "picture": self._drawn(),
                "entries": list(self._by_month()),
                "ahead": [self._row(entry) for entry in found.ahead],
            }
        )

    def _total(self, total: Total) -> dict[str, Any]:
        return total._asdict() | {
            "stream": (total.stream or "").replace("-", " ").capitalize(),
            "paused": [[self.phrases.date(day) if day != FOREVER else "" for day in pause] for pause in total.paused],
        }

    # what is drawn

    @cached_property
    def _all(self) -> Sequence[Entry]:
        return (*self.timeline.entries, *self.timeline.ahead)

    @cached_property
    def _first(self) -> date:
        return date.fromisoformat(self.timeline.since)

    @cached_property
    def _last(self) -> date:
        """The last day that is drawn: some of what is planned, and never less than four weeks in all."""
        until = date.fromisoformat(self.timeline.until)
        planned = (date.fromisoformat(entry.date) for entry in self.timeline.ahead)
        near = [day + timedelta(days=7) for day in planned if (day - until).days <= _AHEAD]
        return max([until, self._first + timedelta(days=28), *near])

    def _x(self, day: str) -> float:
        """How far to the right a day is drawn; one beyond the edge on the edge."""
        share = (date.fromisoformat(day) - self._first) / (self._last - self._first)
        return round(_LEFT + _BEFORE + min(max(share, 0), 1) * _DAYS, 1)

    def _drawn(self) -> dict[str, Any]:
        """Lanes of sessions, bars of agreements and lines of actions, below each other as far as there is room."""
        drawn: dict[str, list[dict[str, Any]]] = {"lanes": [], "bars": [], "lines": []}
        y, left_out = float(_TOP), 0
        for sort, height, rows in (
            ("lanes", _LANE, self._lanes()),
            ("bars", _BAR, self._bars()),
            ("lines", _LINE, self._lines()),
        ):
            for row in rows:
                if y + height > HIGHEST - _KEY - _LINE / 2:
                    left_out += 1
                    continue
                drawn[sort].append({**row, "y": y + height / 2})
                y += height
            y += _LINE / 2 if drawn[sort] else 0
        return {
            **drawn,
            "shown": list(self._shown(drawn)),
            "left_out": left_out,
            "width": WIDTH,
            "height": y + _KEY,
            "left": _LEFT,
            "right": WIDTH,
            "top": _TOP,
            "bottom": y,
            "months": list(self._months()),
            "until": self._x(self.timeline.until) if self.timeline.until < self._last.isoformat() else None,
        }

    def _shown(self, drawn: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
        """The signs that are in the picture, by which its key is made: none that is not drawn is explained."""
        for lane in drawn["lanes"]:
            for mark in lane["marks"]:
                what = mark["what"]
                yield what if what in ("held", "absent") else "planned" if what in NOT_YET else "cancelled"
        for bar in drawn["bars"]:
            yield from ["agreement"] if bar["review"] is None else ["agreement", "review"]
        for line in (line for row in drawn["lines"] for line in row["actions"]):
            yield from [line["closed"]] if line["closed"] else []
            yield from ["carried"] if line["carried"] else []
            yield from ["due"] if line["due"] is not None else []

    def _months(self) -> Iterator[dict[str, Any]]:
        """The first day of each month that has room for its name, with the year where it is a new one."""
        names = self.phrases.months
        count = (self._last.year - self._first.year) * 12 + self._last.month - self._first.month + 1
        step = next((step for step in STEPS if step * _DAYS / count >= NARROWEST), STEPS[-1])
        year = 0
        for n in range(count):
            month = self._first.month - 1 + n
            day = date(self._first.year + month // 12, month % 12 + 1, 1)
            if (day.year * 12 + day.month - 1) % step:
                continue
            name = names[day.month - 1][:3] if names else f"{day.month:02}"
            # Of the month in which it begins, only a part may be left: too little for a name.
            short = day < self._first and (self._first - day).days > 15
            yield {
                "x": self._x(max(day, self._first).isoformat()),
                "name": "" if short else name if step < 12 else str(day.year),
                "year": str(day.year) if day.year != year and step < 12 and not short else "",
            }
            year = year if short else day.year

    def _lanes(self) -> Iterator[dict[str, Any]]:
        planned = [entry for entry in self.timeline.ahead if entry.sort == "session" and self._shows(entry.date)]
        for lane in self.timeline.lanes:
            alike = (lane.stream, lane.group, lane.whom)
            own = [entry for entry in planned if self._lane_of(entry) == alike]
            marks = [{"x": self._x(entry.date), "what": entry.what} for entry in (*lane.entries, *own)]
            whom = lane.group or " ".join(lane.whom)
            yield {
                "label": _cut(whom),
                "stream": (lane.stream or "").replace("-", " ").capitalize(),
                "marks": marks,
                "gaps": list(self._gaps(lane.entries)),
            }

    def _lane_of(self, entry: Entry) -> tuple[str | None, str | None, tuple[str, ...]]:
        whom = () if entry.group else tuple(code for code in entry.people if code != self.timeline.of)
        return entry.stream, entry.group, whom

    def _gaps(self, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
        """How long it was between two sessions that were held, where there is room to say it."""
        for entry in entries:
            if entry.days:
                end = date.fromisoformat(entry.date)
                begin = end - timedelta(days=entry.days)
                x1, x2 = self._x(begin.isoformat()), self._x(entry.date)
                if begin >= self._first:
                    said = str(entry.days) if x2 - x1 > len(str(entry.days)) * _LETTER + 14 else ""
                    yield {"x1": x1, "x2": x2, "days": said}

    def _bars(self) -> Iterator[dict[str, Any]]:
        """Each agreement from its start to its end, as far as they lie in these days."""
        for id, entries in self._by_id("agreement").items():
            days = {entry.what: entry.date for entry in entries}
            ends = self._shows(days.get("ends", "9999-12-31"))
            yield {
                "label": _cut(id),
                "x1": self._x(days.get("starts", self.timeline.since)),
                "x2": self._x(days["ends"]) if ends else WIDTH,
                "ends": ends,
                "review": self._x(days["review"]) if self._shows(days.get("review", "9999-12-31")) else None,
            }

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Rows of actions, each from the day it was agreed to the day it was closed: as many in a row as have room."""
        rows: list[list[dict[str, Any]]] = []
        for id, entries in self._by_id("action").items():
            line = self._line(id, entries)
            row = next((row for row in rows if row[-1]["x2"] + 8 < line["x1"] - line["wide"]), None)
            if row is None:
                rows.append(row := [])
            row.append(line)
        yield from ({"actions": row} for row in rows)

    def _line(self, id: str, entries: Sequence[Entry]) -> dict[str, Any]:
        days = {entry.what: entry.date for entry in entries}
        closed = next((what for what in ("done", "dropped") if what in days), None)
        due = None if closed else days.get("due")
        end = days[closed] if closed else max(self.timeline.until, due or "")
        number = id.rpartition("#")[2]
        return {
            "number": number,
            "wide": len(number) * _LETTER + 8,
            "begins": "agreed" in days,
            "x1": self._x(days.get("agreed", self.timeline.since)),
            "x2": self._x(end),
            "closed": closed,
            "due": self._x(due) if due and self._shows(due) else None,
            "carried": [self._x(entry.date) for entry in entries if entry.what == "carried"],
        }

    def _by_id(self, sort: str) -> Mapping[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._all:
            if entry.sort == sort and (entry.what != "starts" or self._shows(entry.date)):
                found[entry.id].append(entry)
        return found

    def _shows(self, day: str) -> bool:
        return day <= self._last.isoformat()

    # what the tables say

    def _by_month(self) -> Iterator[dict[str, Any]]:
        """A row for each entry, and one for months in which there was none."""
        empty: list[str] = []
        for month in self.timeline.months:
            if not month.entries:
                empty.append(month.month)
                continue
            yield from self._nothing(empty)
            empty = []
            yield from (self._row(entry) for entry in month.entries)
        yield from self._nothing(empty)

    def _nothing(self, months: Sequence[str]) -> Iterator[dict[str, Any]]:
        if months:
            yield {"months": list(dict.fromkeys(self.phrases.month(month) for month in (months[0], months[-1])))}

    def _row(self, entry: Entry) -> dict[str, Any]:
        session = self.workspace.register.kinds.get("session")
        return safe(
            {
                "date": self.phrases.date(entry.date),
                "sort": entry.sort,
                "what": entry.what,
                "id": entry.id,
                "label": entry.label,
                "whom_html": self._whom(entry),
                "minutes": entry.minutes,
                "mode_html": self._choice(session, "mode", entry.mode),
                "attended_html": self._choice(session, "attendance", entry.attended),
                "days": entry.days,
                "standing": entry.standing,
                "rearranged_to": self.phrases.date(entry.rearranged_to or ""),
                "due": self.phrases.date(entry.due or ""),
                "overdue": entry.overdue,
                "extended": entry.extended,
                "words_html": prose.inline(entry.words),
            }
        )

    def _whom(self, entry: Entry) -> str:
        """The others; of a group's session the group, where it is not the one whose time line this is."""
        if entry.group and entry.sort == "session":
            return "" if entry.group == self.timeline.of else prose.plain(entry.group)
        return ", ".join(self.phrases.name(code) for code in entry.people if code != self.timeline.of)

    def _choice(self, kind: Kind | None, key: str, value: str | None) -> str:
        field = kind.fields.get(key) if kind else None
        return self.phrases.value(field.schema, value) if field and value else ""


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
