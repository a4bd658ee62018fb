"""Appointments as iCalendar, for whichever diary somebody keeps. The only module that knows `icalendar`.

An appointment keeps its UID when its day changes, so that importing the file again moves it and makes no second one. It
hangs on codes alone, for an organisation may be renamed. Two organisations that use the same codes want two diaries.

SEQUENCE and DTSTAMP come from the day on which the diary is asked for, and grow with it whichever way an appointment
moves; no hour is in them. The same facts give the same file on the same day, byte for byte.
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


class CalendarUnavailable(Exception):
    """The library is not installed."""


def as_ical(appointments: Iterable[Appointment], as_at: date, told: Callable[[str], str]) -> bytes:
    """A calendar of whole days, as things stand on a day. `told` says what a code is called in a title."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise CalendarUnavailable from None
    calendar = Calendar()
    calendar.add("prodid", MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for one in sorted(appointments, key=lambda one: (one.day, one.sort, one.same)):
        calendar.add_component(_event(one, as_at, told))
    return bytes(calendar.to_ical())


def is_ours(data: bytes) -> bool:
    """Whether a file is a calendar that was written here."""
    return data.startswith(b"BEGIN:VCALENDAR") and f"PRODID:{MADE_BY}\r\n".encode() in data


def _event(one: Appointment, as_at: date, told: Callable[[str], str]) -> Event:
    from icalendar import Event

    day, whom = date.fromisoformat(one.day), ", ".join(map(told, one.whom))
    event = Event()
    event.add("uid", _uid(one))
    event.add("dtstamp", datetime.combine(as_at, time(), UTC))
    event.add("sequence", as_at.toordinal())
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


def _uid(one: Appointment) -> str:
    same = "\0".join((one.sort, *one.same))
    return f"{sha256(same.encode()).hexdigest()[:40]}@supervision-notes"
