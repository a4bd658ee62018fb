"""SN4, too: what becomes of actions from one session to the next, so that nothing starts again from zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..continuity import closed_in, every_open_action, left_open
from ..problem import Severity, Span
from ..skeleton import CLOSED, Skeleton, when
from ..workspace import Workspace
from .base import Found, names_nobody, workspace_rule


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
    spoken = _spoken(workspace)
    for record in workspace.records:
        if not record.held or (record.path not in before and not record.review):
            continue
        earlier = before.get(record.path)
        handed = left_open(workspace, earlier) if earlier and earlier.path != record.path else {}
        said = dict(workspace.reviews.get(record.path, ()))
        # What was brought from a former supervisor's session waits for an answer too.
        for which in dict.fromkeys((*handed, *(which for which, line in said.items() if line.state == "open"))):
            answer = said.get(which)
            if answer and (answer.state != "open" or (record.date and id(answer) not in spoken)):
                continue
            found = workspace.agreed.get(which)
            closed = closed_in(workspace, which) if found else None
            answered = closed is not None and when(closed) < when(record)
            if found and not (answered or names_nobody(workspace.register, record, earlier)):
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
    for which, session, line in workspace.answers:
        if line.state == "carried":
            times[which] += 1
            if times[which] >= _OFTEN:
                message = f"this action is carried forward for the {_ORDINALS.get(times[which], 'umpteenth')} time"
                hint = "is it still wanted, small enough, and with the right person? If not, drop it with the reason"
                yield Found(line.span, message, hint, path=session.path)


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
    day = workspace.as_at
    for action in every_open_action(workspace, day) if day else ():
        if day and action.due and action.due < day:
            message = f"the action {action.identity} was due on {action.due} and is open"
            hint = "take it up in the next review: done, carried with a new date, or dropped with the reason"
            yield Found(action.line.span, message, hint, path=action.seen_in.path)


@workspace_rule("SN412", "warning")
def answered_before(workspace: Workspace) -> Iterator[Found]:
    """An action that an earlier review closed is answered again, as if it were still open.

    What is done or dropped stays so. If it is wanted after all, agree it anew, under a number of its own.

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
        - [x] A1: Ask for the audit data @SE-201
        === sessions/2026-08-25-se201.md
        ---
        kind: session
        date: 2026-08-25
        status: draft
        previous: 2026-06-30-se201
        ---
        ## Review of previous actions
        - [>] 2026-05-05-se201#A1: Ask for the audit data @SE-201 due:2026-10-20

    Good:

        === sessions/2026-08-25-se201.md
        ---
        kind: session
        date: 2026-08-25
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data again @SE-201 due:2026-10-20
    """
    closed: dict[str, Skeleton] = {}
    spoken = _spoken(workspace)
    for which, session, line in workspace.reviewed:
        before = closed.get(which)
        again = line.state != "open" or id(line) not in spoken
        if before and before is not session and again:
            message = f"this action was answered already in {before.id}"
            hint = "take this line out; what is to be done after all is agreed anew under Actions"
            severity: Severity | None = "note" if session.status == "draft" and line.state == "open" else None
            yield Found(line.span, message, hint, severity, session.path)
        if line.state in CLOSED and which and session.date:
            closed[which] = session
        elif line.state == "carried":
            closed.pop(which, None)


def _spoken(workspace: Workspace) -> set[int]:
    """Which lines speak of an action that is open by then: each is the same object wherever it is met."""
    return {id(line) for _, _, line in workspace.answers}


_OFTEN = 3
_ORDINALS = {3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def _at_previous(record: Skeleton) -> Span:
    tie = record.tied("previous")
    return tie.span if tie else record.place
