"""SN5: what an agreement needs before it can be signed, and blanks wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from ..document import without_code
from ..problem import Severity, Span
from ..record import Record
from ..values import BLANK, Path
from ..workspace import Register
from .base import Found, record_rule


@record_rule("SN501", "warning")
def blank_left(record: Record, register: Register) -> Iterator[Found]:
    """A blank of four or more underscores is not filled in.

    In a draft, and in an agreement that waits to be signed, it is a note: the blank prints as a line for ink. In an
    agreement that says it is agreed it is an error, for nobody can have agreed to a blank.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        next_date: ____
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        next_date: ending
        ---
    """
    message = "a blank is left here"
    for path, span in _blanks(record):
        severity = _gravity(record, path)
        hint = "write over the underscores, or leave them: they print as a line for ink"
        if severity == "error":
            hint = "fill it in, or set the status back until it is filled in"
        yield Found(span, message, hint, severity)


def _gravity(record: Record, path: Path) -> Severity:
    """How grave a blank is: a fact left blank in a settled record is as good as missing."""
    field = record.kind.fields.get(str(path[0]))
    if field and not field.shape and record.status and record.kind.gravity("x-missing", record.value) == "error":
        return "error"
    return record.kind.gravity("x-blank", record.value)


def _blanks(record: Record) -> Iterator[tuple[Path, Span]]:
    for path, words in record.prose.items():
        if "____" in words.text:
            for blank in BLANK.finditer(without_code(words.text)):
                yield path, words.part(*blank.span())
    for path, value in _texts(record.value, ()):
        if path not in record.prose and path in record.spans and BLANK.fullmatch(value):
            yield path, record.spans[path]


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, (*path, key))
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from _texts(part, (*path, n))


@record_rule("SN502", "warning")
def unsafe_discuss_first(record: Record, register: Register) -> Iterator[Found]:
    """An agreement promises to discuss a disclosure first where that may be unsafe or not allowed.

    Where terrorism or a legal duty is the ground, telling someone beforehand may itself do harm or be forbidden. The
    wording needs a lawyer's eye in your own setting; `if-safe` or `must-not` keeps the promise honest.

    Bad:

        ---
        kind: agreement
        form: individual
        status: draft
        exceptions:
          - {ground: legal-duty, discuss_first: expected}
        ---

    Good:

        ---
        kind: agreement
        form: individual
        status: draft
        exceptions:
          - {ground: legal-duty, discuss_first: if-safe}
        ---
    """
    exceptions = record.value.get("exceptions")
    for n, exception in enumerate(exceptions if isinstance(exceptions, list) else ()):
        if not isinstance(exception, dict) or exception.get("discuss_first") != "expected":
            continue
        if exception.get("ground") in ("terrorism", "legal-duty"):
            yield Found(
                record.place("exceptions", n, "discuss_first"),
                "on this ground it may be unsafe, or forbidden, to discuss a disclosure first",
                "write if-safe or must-not, and have the wording checked in your own setting",
            )


@record_rule("SN503", "error")
def dates_out_of_order(record: Record, register: Register) -> Iterator[Found]:
    """An agreement is reviewed or ends before it starts.

    Bad:

        ---
        kind: agreement
        form: individual
        status: draft
        start: 2026-01-12
        review_date: 2025-01-12
        ---

    Good:

        ---
        kind: agreement
        form: individual
        status: draft
        start: 2026-01-12
        review_date: 2027-01-12
        ---
    """
    if record.kind.name != "agreement":
        return
    start = record.value.get("start")
    for key in ("review_date", "end"):
        day = record.value.get(key)
        if not (isinstance(start, str) and isinstance(day, str)) or BLANK.search(start + day):
            continue
        if day < start or (key == "review_date" and day == start):
            title = record.kind.fields[key].title
            yield Found(
                record.place(key), f"“{title}” lies before the agreement starts", "check the year of both dates"
            )
