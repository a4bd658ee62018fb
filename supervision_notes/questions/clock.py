"""The clock of one person: days that count, and days that a pause takes out.

Days are counted on a meter that stands still in a pause, so that the 56th day after a session is a reading of 56 more,
however many days somebody was away in between.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_LAST = date.max.toordinal()
_LENGTH = re.compile(r"(\d+) (day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Clock:
    """When the clock stands still: the first and last days of pauses, in their order and apart from each other."""

    pauses: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, pauses: Iterable[tuple[date, date]]) -> Clock:
        """The clock of somebody with these pauses; those that overlap or touch are one."""
        apart: list[tuple[int, int]] = []
        for first, last in sorted((first.toordinal(), last.toordinal()) for first, last in pauses if first <= last):
            if apart and first <= apart[-1][1] + 1:
                apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
            else:
                apart.append((first, last))
        return cls(tuple(apart))

    def reading(self, day: date) -> int:
        """How many days have counted, up to and with a day."""
        number = day.toordinal()
        return number - sum(min(last, number) - first + 1 for first, last in self.pauses if first <= number)

    def day(self, reading: int) -> date | None:
        """The first day with a reading; None where the clock never comes to it."""
        for first, last in self.pauses:
            if first > reading:
                break
            reading += last - first + 1
        return date.fromordinal(reading) if reading <= _LAST else None

    def paused(self, day: date) -> bool:
        """Whether the clock stands still on a day."""
        return self.touches(day, day)

    def touches(self, first: date, last: date) -> bool:
        """Whether any of these days is one of a pause."""
        return any(start <= last.toordinal() and first.toordinal() <= end for start, end in self.pauses)


def months_after(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month: 28 February, a year after 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def after(day: date, length: str) -> date:
    """The day so long after another: `6 weeks`, `6 months`."""
    said = _LENGTH.fullmatch(length)
    if said is None:
        raise ValueError(length)
    number, unit = int(said[1]), said[2]
    if unit in ("day", "week"):
        return date.fromordinal(day.toordinal() + number * (7 if unit == "week" else 1))
    return months_after(day, number * (12 if unit == "year" else 1))


# Calendar months are numbers: so many since the year nought.


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_of(month: int) -> date:
    """The last day of a month."""
    return date.fromordinal(first_of(month + 1).toordinal() - 1)


def month_name(month: int) -> str:
    """A month as it is told: `2026-10`."""
    return f"{month // 12}-{month % 12 + 1:02}"
