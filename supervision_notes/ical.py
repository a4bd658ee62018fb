"""Appointments as iCalendar, for whichever diary somebody keeps. The only module that knows `icalendar`.

An appointment keeps its UID when its day changes, so that importing the file again moves it and makes no second one.
SEQUENCE and DTSTAMP come from the days of the facts behind it, and grow with each later one; no clock is in them. The
same facts give the same file, byte for byte. A day that is mended within a record leaves them as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from .questions.diary import Appointment

if TYPE_CHECKING:
    from icalendar import Event

MADE_BY = "-//supervision-notes//calendar//EN"
_DAY_ONE = date(2000, 1, 1)


class CalendarUnavailable(Exception):
    """The library is not installed."""


def as_ical(appointments: Iterable[Appointment], organisation: str, told: Callable[[str], str]) -> bytes:
    """A calendar of whole days. `told` says what a code is called in a title."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise CalendarUnavailable from None
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in sorted(appointments, key=lambda one: (one.day, one.sort, one.same)):
        calendar.add_component(_event(one, organisation, told))
    return bytes(calendar.to_ical())


def is_ours(data: bytes) -> bool:
    """Whether a file is a calendar that was written here."""
    return data.startswith(b"BEGIN:VCALENDAR") and f"PRODID:{MADE_BY}\r\n".encode() in data


def _event(one: Appointment, organisation: str, told: Callable[[str], str]) -> Event:
    from icalendar import Event

    day, known = date.fromisoformat(one.day), [date.fromisoformat(fact) for fact in one.known]
    whom = ", ".join(map(told, one.whom))
    event = Event()
    event.add("uid", _uid(one, organisation))
    event.add("dtstamp", datetime.combine(max(known), time(), UTC))
    event.add("sequence", max(sum((fact - _DAY_ONE).days for fact in known), 0))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(1))
    due, note = " due" if one.sort == "due" else "", f" ({one.note})" if one.note else ""
    event.add("summary", f"{one.what}{due}{note}: {whom}")
    if one.policy:
        event.add("description", f"The last day that meets the policy {one.policy}.")
    if one.note == "called off":
        event.add("status", "CANCELLED")
    event.add("class", "PRIVATE")  # whoever shares their diary shows that the day has something, and not what
    event.add("transp", "TRANSPARENT")  # the hour is not known: the day is not taken up
    return event


def _uid(one: Appointment, organisation: str) -> str:
    same = "\0".join((organisation, one.sort, *one.same))
    return f"{sha256(same.encode()).hexdigest()[:40]}@supervision-notes"
