"""SN4, too: what a line about an action has to say, so that somebody does it and a later review can answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..dates import read_date
from ..problem import Edit, Severity, Span
from ..record import Record
from ..register import Register
from .base import Found, record_rule


@record_rule("SN403", "error")
def carried_without_date(record: Record, register: Register) -> Iterator[Found]:
    """An action is carried forward without a new date.

    `[>]` says that it stays open; a new `due:` says until when. A day before the session is none.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: recorded
        outcome: cancelled
        type: peer-group
        group: pg1
        by: organisation
        ---
        ## Review of previous actions
        - [>] A2: Ask for the audit data @SE-201

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: recorded
        outcome: cancelled
        type: peer-group
        group: pg1
        by: organisation
        ---
        ## Review of previous actions
        None.
    """
    for n, line in _lines(record, record.kind.reviewed):
        due = line.get("due")
        if line.get("state") != "carried":
            continue
        if not due:
            place = record.place(record.kind.reviewed, n)
            message = "this action is carried forward, and no new date is set for it"
            yield Found(place, message, "write  due:2026-12-17  at the end of its line", _missing(record))
        elif isinstance(due, str) and read_date(due) and due < (record.date or ""):
            place = record.place(record.kind.reviewed, n, "due")
            message = "this action is carried forward to a day before the session"
            yield Found(place, message, "set a new date", _missing(record))


@record_rule("SN404", "error")
def dropped_without_reason(record: Record, register: Register) -> Iterator[Found]:
    """An action is dropped and nothing says why.

    Whoever reads the record later has to see that it was let go on purpose. The reason stands on the next line,
    indented.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: recorded
        outcome: cancelled
        type: peer-group
        group: pg1
        by: organisation
        ---
        ## Review of previous actions
        - [-] A2: Ask for the audit data @SE-201

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Review of previous actions
        None.
    """
    for n, line in _lines(record, record.kind.reviewed):
        if line.get("state") == "dropped" and not line.get("reason"):
            place = record.place(record.kind.reviewed, n)
            message = "this action is dropped, and no reason is given"
            yield Found(place, message, "write the reason on the next line, two spaces further in", _missing(record))


@record_rule("SN407", "warning")
def action_without_owner(record: Record, register: Register) -> Iterator[Found]:
    """An action names nobody who will do it.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: recorded
        outcome: cancelled
        type: peer-group
        group: pg1
        by: organisation
        ---
        ## Actions
        - [ ] A1: Ask for the audit data

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201 due:2026-12-17
    """
    for n, line in _lines(record, "actions"):
        if not line.get("owner"):
            message = "nobody is named who will do this"
            hint = "end the line with a code, as in  @SE-201, or with @supervisor, @supervisee or @all"
            yield Found(record.place("actions", n), message, hint, _missing(record, "warning"))


@record_rule("SN408", "warning")
def action_without_number(record: Record, register: Register) -> Iterator[Found]:
    """An action has no number, so that no later review can say what became of it.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] Ask for the audit data @SE-201

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201
    """
    for key in dict.fromkeys(("actions", record.kind.reviewed)):
        numbers = [str(line.get("id") or "").upper() for _, line in _lines(record, key)]
        free = max((int(number[1:]) for number in numbers if number[1:].isdigit()), default=0)
        for n, line in _lines(record, key):
            if line.get("id"):
                continue
            place, words = record.place(key, n), record.spans.get((key, n, "text"))
            free += 1
            edit = None
            said = "this action has no number" if key == "actions" else "this does not say which action it answers"
            hint = "write  A1:  behind the box" if key == "actions" else "write the number it was agreed under: A2:"
            if typed := _NUMBER.match(str(line.get("text") or "")):
                hint = f"put a colon behind {typed[0]}, if that is its number: a second one would stand beside it"
            elif key == "actions" and words and record.path.endswith(".md"):
                at = Span(words.line, words.column, words.line, words.column)
                edit = Edit(at, f"A{free}: ")
            yield Found(place, said, hint, fix=edit)


_NUMBER = re.compile(r"A[1-9]\d{0,3}(?!\w)", re.IGNORECASE)


def _lines(record: Record, key: str) -> list[tuple[int, dict[str, object]]]:
    lines = record.value.get(key)
    return [(n, line) for n, line in enumerate(lines if isinstance(lines, list) else ()) if isinstance(line, dict)]


def _missing(record: Record, at_most: Severity = "error") -> Severity:
    """How grave it is that something is still to be written: in a draft it is a note."""
    severity = record.kind.gravity("x-missing", record.value)
    return at_most if severity == "error" else severity
