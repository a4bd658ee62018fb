"""SN3, too: how sessions follow each other. A chain belongs to one pair or group, and to one stream."""

from __future__ import annotations

from collections.abc import Iterator

from ..register import Register
from ..skeleton import Skeleton, when
from ..workspace import Workspace
from .base import Found, names_nobody, workspace_rule


@workspace_rule("SN304", "error")
def circular_chain(workspace: Workspace) -> Iterator[Found]:
    """Records name each other in a circle: a session as its own previous one, an agreement as what it replaces.

    Bad:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        previous: 2026-09-29-se201
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se201
        ---

    Good:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se201
        ---
    """
    for fact in ("previous", "replaces"):
        for circle in _circles(workspace, fact):
            # The link that is most likely wrong: the one from the earliest record.
            record = min(circle, key=when)
            _, tie, _ = workspace.named(fact)[record.path]
            message = "these records name each other in a circle, so none of them comes first"
            yield Found(tie.span, message, "name the record that really came before", path=record.path)


@workspace_rule("SN305", "error")
def previous_is_later(workspace: Workspace) -> Iterator[Found]:
    """The session that is named as the previous one took place after this one.

    Bad:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-10-27-se201
        ---
        === sessions/2026-10-27-se201.md
        ---
        kind: session
        date: 2026-10-27
        status: draft
        ---

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        === sessions/2026-10-27-se201.md
        ---
        kind: session
        date: 2026-10-27
        status: draft
        previous: 2026-09-29-se201
        ---
    """
    late = [(r, tie) for r, tie, before in workspace.followers if r.date and before.date and before.date > r.date]
    in_circle = {record.path for circle in _circles(workspace, "previous") for record in circle} if late else ()
    for record, tie in late:
        if record.path not in in_circle:
            message = "the session that is named here took place after this one"
            yield Found(tie.span, message, "check the date of both, or name the one before", path=record.path)


@workspace_rule("SN306", "warning")
def forked_chain(workspace: Workspace) -> Iterator[Found]:
    """Two sessions that took place name the same one as the previous.

    Then one of them knows nothing of what was agreed in the other.

    Bad:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se201
        ---
        === sessions/2026-10-27-se201.md
        ---
        kind: session
        date: 2026-10-27
        status: draft
        previous: 2026-08-04-se201
        ---

    Good:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se201
        ---
        === sessions/2026-10-27-se201.md
        ---
        kind: session
        date: 2026-10-27
        status: draft
        previous: 2026-09-29-se201
        ---
    """
    first: dict[str, Skeleton] = {}
    held = ((record, tie) for record, tie, _ in workspace.followers if record.held)
    for record, tie in sorted(held, key=lambda found: when(found[0])):
        other = first.setdefault(tie.id.casefold(), record)
        if other is not record:
            message = f"another session names the same one as its previous: {other.path}:{other.place.line}"
            hint = "name the last session that took place before this one"
            yield Found(tie.span, message, hint, path=record.path)


@workspace_rule("SN307", "warning")
def previous_of_others(workspace: Workspace) -> Iterator[Found]:
    """The previous session is one of other people, or of another stream.

    A chain belongs to one supervisor and supervisee, or one group, and one stream: what was said in line management has
    no place in clinical supervision, nor one pair's actions in another's. Where the register shows that the supervisor
    changed, the link may cross over.

    Bad:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        type: line-management
        status: draft
        supervisor: LM-007
        supervisees: SE-201
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        previous: 2026-08-04-se201
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SV-022: {name: Ioana Brânză}
          SE-201:
            name: Rhian Kettle
            supervisors:
              - {id: SV-022, until: 2026-08-31}
              - {id: SV-014, from: 2026-09-01}
        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        type: one-to-one
        status: draft
        supervisor: SV-022
        supervisees: SE-201
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        previous: 2026-08-04-se201
        ---
    """
    for record, tie, before in workspace.followers:
        if record.chain and before.chain and not _follows(workspace.register, record, before):
            what = "another stream" if record.chain[0] != before.chain[0] else "other people"
            message = f"the session that is named here belongs to {what}"
            hint = "name a session of the same people and the same stream; a new supervisor starts a new chain"
            yield Found(tie.span, message, hint, path=record.path)


@workspace_rule("SN308", "warning")
def chain_restarted(workspace: Workspace) -> Iterator[Found]:
    """A session names no previous one, though these people met before in this stream.

    Without it nobody asks what became of what was agreed, and the work starts again from zero.

    Bad:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---

    Good:

        === sessions/2026-08-04-se201.md
        ---
        kind: session
        date: 2026-08-04
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        previous: 2026-08-04-se201
        ---
    """
    for sessions in workspace.chains.values():
        before: Skeleton | None = None
        for record in sessions:
            if record.held:
                if before and before.date != record.date and not record.tied("previous"):
                    message = f"these people met before, and this session names no previous one: {before.id}"
                    hint = f"write  previous: {before.id}  among the facts"
                    yield Found(record.place, message, hint, path=record.path)
                before = record


@workspace_rule("SN309", "error")
def review_of_unknown_action(workspace: Workspace) -> Iterator[Found]:
    """A review answers an action that was never agreed.

    `A2` alone is the A2 of the session named as `previous`; `2026-09-29-se201#A2` is that of any other. What other
    people agreed, or the same in another stream of supervision, is not answered here.

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
        status: draft
        previous: 2026-08-04-se201
        ---
        ## Review of previous actions
        - [x] A2: Ask for the audit data @SE-201

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
        - [x] A1: Ask for the audit data @SE-201
    """
    for which, record, line in workspace.reviewed:
        if not line.id or (which and workspace.agreed.get(which)):
            continue
        previous = record.tied("previous")
        if "#" not in line.id and previous and _cannot_tell(workspace.find(previous.id)):
            continue
        there = workspace.find(which.partition("#")[0]) if which else None
        named = line.id if "#" in line.id else previous.id if previous else ""
        theirs = workspace.find(named.partition("#")[0])
        if (there and not there.kind) or (not which and named and names_nobody(workspace.register, record, theirs)):
            continue
        if not which and named:
            message = "this action was agreed by other people, or in another stream"
        elif not which:
            message = "this names an action by its number alone, and no previous session is named"
        elif there is None or there.private:
            message = "this names an action of a record that is not in the workspace"
        else:
            message = "no action of this number was agreed in the session that is named"
        hint = "write the id of the session and the number, as in  2026-09-29-se201#A2:"
        yield Found(line.span, message, hint, path=record.path)


def _cannot_tell(previous: Skeleton | None) -> bool:
    """Whether nothing can be said of what was agreed in the previous session: that is a problem of its own."""
    return previous is None or previous.kind != "session"


def _follows(register: Register, record: Skeleton, before: Skeleton) -> bool:
    """Whether a session may follow another: of the same chain, as far as is known, or after a registered change."""
    same_stream = record.chain[0] == before.chain[0]
    if record.chain == before.chain or (same_stream and names_nobody(register, record, before)):
        return True
    stream, supervisor, *supervisees = record.chain if len(record.chain) > 2 else ("", "")
    if not same_stream or list(before.chain[2:]) != supervisees:
        return False

    def is_theirs(code: str, day: str | None) -> bool:
        entries = (register.supervisors_of(one, stream, day or "") for one in supervisees)
        return all(any(entry.get("id") == code for entry in found) for found in entries)

    return is_theirs(supervisor, record.date) and not is_theirs(before.chain[1], record.date)


def _circles(workspace: Workspace, fact: str) -> Iterator[list[Skeleton]]:
    """Records that name each other in a circle through one fact, each circle once."""
    seen: set[str] = set()
    names = workspace.named(fact)
    for start, _, named in names.values():
        if start.date and named.date and named.date < start.date:
            continue  # somewhere in a circle a record names one that is no earlier
        path: dict[str, Skeleton] = {}
        record: Skeleton | None = start
        while record and record.path not in seen:
            seen.add(record.path)
            path[record.path] = record
            _, _, record = names.get(record.path, (record, None, None))
        if record and record.path in path:
            walked = list(path.values())
            yield walked[walked.index(record) :]
