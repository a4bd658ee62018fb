"""SN4, too: what becomes of actions from one session to the next, so that nothing starts again from zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..continuity import agreed, answers, every_open_action, identity, left_open
from ..dates import read_date
from ..problem import Edit, Severity, Span
from ..record import Record
from ..skeleton import Skeleton
from ..workspace import Register, Workspace
from .base import Found, record_rule, workspace_rule


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


@workspace_rule("SN405", "warning")
def unreviewed_action(workspace: Workspace) -> Iterator[Found]:
    """An action that the previous session left open has no answer in this one's review.

    Each gets one: `[x]` done, `[>]` carried with a new date, `[-]` dropped with a reason. Open is no answer.

    Bad:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: recorded
        outcome: held
        previous: 2026-08-04-se201
        ---

    Good:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se201
        ---
        ## Review of previous actions
        - [x] 2026-08-04-se201#A1: Ask for the audit data @SE-201
    """
    before = {record.path: before for record, _, before in workspace.followers}
    for record in workspace.records:
        if not record.held or (record.path not in before and not record.review):
            continue
        earlier = before.get(record.path)
        handed = left_open(workspace, earlier) if earlier and earlier.path != record.path else {}
        said = {identity(workspace, record, line): line for line in record.review or ()}
        # What was brought from a former supervisor's session waits for an answer too.
        for which in dict.fromkeys((*handed, *(which for which, line in said.items() if line.state == "open"))):
            answer = said.get(which)
            found = agreed(workspace, which) if answer is None or answer.state == "open" else None
            if found:
                message = f"the action {found[0].id}#{found[1].id} is open, and this review has no answer for it"
                hint = "answer it: [x] done, [>] with a new due date, [-] with the reason on the next line"
                where = answer.span if answer else record.review_place or _at_previous(record)
                severity: Severity | None = "note" if record.status == "draft" else None
                yield Found(where, message, hint, severity, record.path)


@workspace_rule("SN406", "warning")
def carried_too_often(workspace: Workspace) -> Iterator[Found]:
    """An action is carried forward for the third time, or more often.

    Perhaps it is too large, no longer wanted, or somebody else's. That is worth a question, and no reproach.

    Bad:

        === sessions/2026-05-05-se201.md
        ---
        kind: session
        date: 2026-05-05
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201
        === sessions/2026-06-30-se201.md
        ---
        kind: session
        date: 2026-06-30
        status: draft
        previous: 2026-05-05-se201
        ---
        ## Review of previous actions
        - [>] 2026-05-05-se201#A1: Ask for the audit data due:2026-08-25
        === sessions/2026-08-25-se201.md
        ---
        kind: session
        date: 2026-08-25
        status: draft
        previous: 2026-06-30-se201
        ---
        ## Review of previous actions
        - [>] 2026-05-05-se201#A1: Ask for the audit data due:2026-10-20
        === sessions/2026-10-20-se201.md
        ---
        kind: session
        date: 2026-10-20
        status: draft
        previous: 2026-08-25-se201
        ---
        ## Review of previous actions
        - [>] 2026-05-05-se201#A1: Ask for the audit data due:2026-12-15

    Good:

        === sessions/2026-05-05-se201.md
        ---
        kind: session
        date: 2026-05-05
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201
        === sessions/2026-06-30-se201.md
        ---
        kind: session
        date: 2026-06-30
        status: draft
        previous: 2026-05-05-se201
        ---
        ## Review of previous actions
        - [>] 2026-05-05-se201#A1: Ask for the audit data due:2026-08-25
    """
    times: Counter[str] = Counter()
    for which, session, line in answers(workspace):
        if line.state == "carried":
            times[which] += 1
            if times[which] >= _OFTEN:
                message = f"this action is carried forward for the {_ORDINALS.get(times[which], 'umpteenth')} time"
                hint = "is it still wanted, small enough, and with the right person? If not, drop it with the reason"
                yield Found(line.span, message, hint, path=session.path)


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
            if key == "actions" and words and record.path.endswith(".md"):
                at = Span(words.line, words.column, words.line, words.column)
                edit = Edit(at, f"A{free}: ")
            said = "this action has no number" if key == "actions" else "this does not say which action it answers"
            hint = "write  A1:  behind the box" if key == "actions" else "write the number it was agreed under: A2:"
            yield Found(place, said, hint, fix=edit)


@workspace_rule("SN409", "warning")
def overdue_action(workspace: Workspace) -> Iterator[Found]:
    """An action is still open after the day on which it was due.

    Looked at only where a day is given: `check --as-at 2026-12-18`. What is due on that day is not overdue.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201 due:2026-12-17

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201 due:2026-12-18
    """
    for action in every_open_action(workspace) if workspace.as_at else ():
        if workspace.as_at and action.due and action.due < workspace.as_at:
            message = f"the action {action.identity} was due on {action.due} and is open"
            hint = "take it up in the next review: done, carried with a new date, or dropped with the reason"
            yield Found(action.line.span, message, hint, path=action.seen_in.path)


_OFTEN = 3
_ORDINALS = {3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def _lines(record: Record, key: str) -> list[tuple[int, dict[str, object]]]:
    lines = record.value.get(key)
    return [(n, line) for n, line in enumerate(lines if isinstance(lines, list) else ()) if isinstance(line, dict)]


def _missing(record: Record, at_most: Severity = "error") -> Severity:
    """How grave it is that something is still to be written: in a draft it is a note."""
    severity = record.kind.gravity("x-missing", record.value)
    return at_most if severity == "error" else severity


def _at_previous(record: Skeleton) -> Span:
    tie = record.tied("previous")
    return tie.span if tie else record.place
