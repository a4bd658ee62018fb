"""Dates as they are typed: `2026-10-14` is one; of others, what they may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from .mistakes import structure as mistakes
from .problem import Edit, Problem, Span

FIRST_YEAR, LAST_YEAR = 1900, 2199

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,2})(?:[T ].*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_DAY_MONTH = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{4})", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@lru_cache(maxsize=4096)
def read_date(text: str) -> date | None:
    """The date that an ISO text names; None where it is not one, or lies outside the years 1900 to 2199."""
    if not (iso := _ISO.fullmatch(text)):
        return None
    day = _day(*map(int, iso.groups()))
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def year_after(text: str) -> str | None:
    """The same day a year on, as ISO text: 28 February after 29 February. None where a text is no date."""
    if (day := read_date(text)) is None or day.year == LAST_YEAR:
        return None
    return str(_day(day.year + 1, day.month, day.day) or date(day.year + 1, day.month, 28))


def why_no_date(text: str, span: Span) -> Problem:
    """The problem with a text that `read_date` does not take: both readings, the likely one, or the reason."""
    if (found := _YEAR_FIRST.fullmatch(text)) and (numbers := tuple(map(int, found.groups()))):
        return _one_reading(numbers[0], numbers[1], numbers[2], text, span)
    if found := _YEAR_LAST.fullmatch(text):
        first, second, last = map(int, found.groups())
        year = 2000 + last if last < 100 else last
        meant = {day: f"{day} for {_in_words(day)}" for day in _readings(first, second, last) if day}
        if len(meant) > 1:
            return mistakes.ambiguous_date(span, *list(meant.values())[:2])
        return _one_reading(year, *((second, first) if second <= 12 else (first, second)), text, span)
    for pattern, order in ((_DAY_MONTH, (2, 1, 0)), (_MONTH_DAY, (2, 0, 1))):
        if found := pattern.fullmatch(text):
            year_text, month, day = (found.groups()[n] for n in order)
            number = next((n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(month.lower())), 0)
            return _one_reading(int(year_text), number, int(day), text, span)
    return mistakes.wrong_date(span, "this is not a date; dates are written as year-month-day", None)


def _readings(first: int, second: int, last: int) -> Iterator[date | None]:
    """The days that three numbers may mean; where the last has two digits, the first may be the year."""
    year = 2000 + last if last < 100 else last
    yield from (_day(year, second, first), _day(year, first, second))
    if last < 100:
        yield _day(2000 + first, second, last)


def _one_reading(year: int, month: int, day: int, text: str, span: Span) -> Problem:
    meant = _day(year, month, day)
    if meant and not FIRST_YEAR <= meant.year <= LAST_YEAR:
        return mistakes.wrong_date(span, f"the year lies outside {FIRST_YEAR} to {LAST_YEAR}", None)
    if meant:
        # A date is mended where nothing but the date stands: no time of day, no name of a day.
        alone = len(re.findall(r"\w+", text)) == 3
        fix = Edit(span, str(meant)) if str(meant) != text and alone else None
        return mistakes.wrong_date(span, "dates are written as year-month-day", str(meant), fix=fix)
    if 1 <= month <= 12 and 1 <= day <= 31:
        return mistakes.wrong_date(span, f"there is no such day: {_short(year, month)}", None)
    return mistakes.wrong_date(span, "there is no such day in the calendar", None)


def _short(year: int, month: int) -> str:
    days = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days if 0 < year < 9999 else 31
    return f"{MONTHS[month - 1]}{f' {year}' if month == 2 else ''} has {days} days"


def _in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
