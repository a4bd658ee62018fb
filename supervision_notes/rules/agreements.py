"""SN5: what an agreement needs before it can be signed, and blanks wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from ..agreements import in_force, serves
from ..dates import read_date
from ..document import without_code
from ..problem import Severity, Span
from ..record import Record
from ..register import Register
from ..skeleton import Skeleton
from ..values import BLANK, Path
from ..workspace import Workspace
from .base import Found, names_nobody, record_rule, workspace_rule


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
    # A register has many thousands of texts, and none of them is a blank.
    for path, value in _texts(record.value, ()) if "____" in repr(record.value) else ():
        if path not in record.prose and path in record.spans and BLANK.fullmatch(value):
            yield path, record.spans[path]


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts in a value that may be a blank."""
    if isinstance(value, str):
        if "____" in value:
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
    """An agreement, or a cycle of improvement, ends or is reviewed before it starts.

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
    start = record.date
    for key in ("review_date", "end") if record.kind.name in ("agreement", "cycle") else ():
        day = record.value.get(key)
        if not (start and isinstance(day, str) and read_date(day)):
            continue
        if day < start or (key == "review_date" and day == start):
            message = f"“{record.kind.fields[key].title}” lies before the day on which this starts"
            yield Found(record.place(key), message, "check the year of both dates")


# Line management is the employer's, and needs no agreement of its own.
_NEEDING_NONE = ("line-management", None)


@workspace_rule("SN504", "warning")
def no_agreement_in_force(workspace: Workspace) -> Iterator[Found]:
    """A session took place without an agreement in force between those who met.

    It names one that is not agreed, had not started, or is between other people; or it names none. Line management
    needs none of its own, and where a workspace keeps no agreements at all nobody is asked for one.

    Bad:

        === agreements/agr-2026-pg1.md
        ---
        kind: agreement
        form: group
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: recorded
        supervisor: SV-014
        supervisees: SE-201
        ---

    Good:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        status: ended
        start: 2026-01-12
        end: 2026-12-31
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        agreement: agr-2026-se201
        ---
    """
    for record in workspace.records if workspace.agreements else ():
        if not record.held or record.stream in _NEEDING_NONE or not record.date:
            continue
        tie = record.tied("agreement")
        named = workspace.named_by(record, "agreement")
        if tie is None:
            theirs = next(iter(workspace.in_force(record)), None)
            message = "this session names no agreement"
            message += f"; {theirs.id} was in force" if theirs else ", and none was in force between those who met"
            hint = f"write  agreement: {theirs.id}" if theirs else "agree on the terms: supervision-notes new agreement"
        elif named is None or named.kind != "agreement":
            continue
        elif not serves(named, record):
            message, hint = "the agreement that is named here is between other people", "name the agreement of these"
        elif named.status not in ("agreed", "ended"):
            message, hint = "the agreement that is named here is not agreed yet", "name it agreed once all have signed"
        elif named.date and record.date < named.date:
            message, hint = f"the agreement that is named here starts on {named.date}", "name the one before it"
        else:
            continue
        if names_nobody(workspace.register, record, named):
            continue
        severity: Severity | None = "note" if record.status == "draft" else None
        yield Found(tie.span if tie else record.place, message, hint, severity, record.path)


@workspace_rule("SN505", "warning")
def agreement_expired(workspace: Workspace) -> Iterator[Found]:
    """A session took place after its agreement had ended.

    `end` is the last day on which an agreement is in force. A review that was due before the session is a note: the
    agreement still holds, and wants looking at.

    Bad:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        status: draft
        start: 2026-01-12
        end: 2026-09-28
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        agreement: agr-2026-se201
        ---

    Good:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        status: draft
        start: 2026-01-12
        end: 2026-09-29
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        agreement: agr-2026-se201
        ---
    """
    for record, tie, agreement in workspace.named("agreement").values():
        if not (record.held and record.date):
            continue
        end, review = agreement.text("end"), agreement.text("review_date")
        if end and end < record.date:
            message = f"the agreement that is named here ended on {end}"
            yield Found(tie.span, message, "agree on the terms anew", path=record.path)
        elif review and review < record.date:
            message = f"the agreement that is named here was to be reviewed by {review}"
            yield Found(tie.span, message, "look at it again together, and set a new date", "note", record.path)


@workspace_rule("SN506", "warning")
def agreement_overlap(workspace: Workspace) -> Iterator[Found]:
    """Two agreements of the same form between the same people are in force at the same time.

    Which of them holds cannot be said. Give the earlier one an `end`, or let the later one say what it `replaces`.

    Bad:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        version: 1
        status: agreed
        start: 2026-01-12
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
        === agreements/agr-2026-se201-b.md
        ---
        kind: agreement
        form: individual
        version: 2
        status: agreed
        start: 2026-07-01
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---

    Good:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        version: 1
        status: to-sign
        start: 2026-01-12
        end: 2026-06-30
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
        === agreements/agr-2026-se201-b.md
        ---
        kind: agreement
        form: individual
        version: 2
        status: to-sign
        start: 2026-07-01
        parties: [{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]
        ---
    """
    agreed = [a for a in workspace.agreements if a.status in ("agreed", "ended") and a.parties]
    replaced = {tie.id.casefold() for a in agreed if (tie := a.tied("replaces"))}
    last: dict[tuple[str | None, tuple[str, ...]], Skeleton] = {}
    for agreement in agreed:
        key = (agreement.text("form"), agreement.parties)
        before = last.get(key)
        if before and before.id.casefold() not in replaced and in_force(before, agreement.date or ""):
            message = f"another agreement between the same people is in force on its first day: {before.id}"
            hint = "give the earlier one an end, or write  replaces: "
            yield Found(agreement.place, message, f"{hint}{before.id}", path=agreement.path)
        if before is None or (agreement.text("end") or "9999") >= (before.text("end") or "9999"):
            last[key] = agreement
