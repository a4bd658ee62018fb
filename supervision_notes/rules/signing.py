"""SN5, too: who signs in which role, sign-offs and addenda, and whether what was signed still stands as it was."""

from __future__ import annotations

from collections.abc import Iterator

from ..record import Record
from ..register import Register
from ..signing import SIGNED_KINDS, changed, sign_offs
from ..skeleton import Skeleton
from ..values import BLANK
from ..workspace import Workspace
from .base import Found, record_rule, workspace_rule

# Who may be both: who leads a group may be one of it, and a manager may sign for the organisation.
_BOTH = ({"facilitator", "member"}, {"manager", "organisation"})


@record_rule("SN507", "warning")
def two_roles(record: Record, register: Register) -> Iterator[Found]:
    """The same person stands among the parties of an agreement twice, in two roles.

    Nobody supervises and assesses the same trainee, or agrees with themselves. Two pairs go together: who leads a group
    may be one of its members, and a manager may sign for the organisation.

    Bad:

        ---
        kind: agreement
        form: trainee
        status: draft
        parties:
          - {person: TU-009, role: supervisor}
          - {person: ST-118, role: supervisee}
          - {person: TU-009, role: tutor}
        ---

    Good:

        ---
        kind: agreement
        form: trainee
        status: draft
        parties:
          - {person: SV-014, role: supervisor}
          - {person: ST-118, role: supervisee}
          - {person: TU-009, role: tutor}
        ---
    """
    parties = record.value.get("parties") if "form" in record.kind.fields else None
    met: dict[str, set[str]] = {}
    for n, party in enumerate(parties if isinstance(parties, list) else ()):
        code, role = (party.get("person"), party.get("role")) if isinstance(party, dict) else (None, None)
        if not (isinstance(code, str) and isinstance(role, str)) or BLANK.fullmatch(code):
            continue
        roles = met.setdefault(code, set())
        if roles and {*roles, role} not in _BOTH:
            message = "this person stands among the parties already"
            message += ", in another role" if role not in roles else ""
            yield Found(record.place("parties", n, "person"), message, "name somebody else here, or in the other place")
        roles.add(role)


@workspace_rule("SN508", "error")
def changed_after_sign_off(workspace: Workspace) -> Iterator[Found]:
    """A record is another than the one that a party signed.

    A sign-off carries the digest of what that party could read. Spacing, the form of the file, ticks under Actions, the
    status and the end of an agreement do not change it; a word does. Nobody edits a signed record: what is noticed
    later goes into an addendum. If the change was meant, let the party sign again.

    Bad:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sign-offs/2026-10-02-se201.md
        ---
        kind: sign-off
        of: 2026-09-29-se201
        by: SE-201
        date: 2026-10-02
        verdict: agree
        digest: sha256:0000000000000000000000000000000000000000000000000000000000000000
        ---

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sign-offs/2026-10-02-se201.md
        ---
        kind: sign-off
        of: 2026-09-29-se201
        by: SE-201
        date: 2026-10-02
        verdict: agree
        method: paper
        ---
    """
    named = {tie.id.casefold() for signed in workspace.records if signed.kind == "sign-off" for tie in signed.ties}
    of_those = (r for r in workspace.records if r.kind in SIGNED_KINDS and r.id.casefold() in named)
    for record in of_those:
        for person, signed in sign_offs(workspace, record).items():
            if changed(record, signed):
                message = f"this was changed after {person} signed it on {signed.date or 'a day that is not known'}"
                hint = "undo the change and write an addendum, or let them read and sign it again"
                yield Found(record.place, message, hint, path=record.path)


@workspace_rule("SN509", "error")
def signed_by_no_party(workspace: Workspace) -> Iterator[Found]:
    """Somebody signed a record that is not theirs.

    Only a party signs: of a session those who met (in a group, those who were there), of an agreement those who
    make it.

    Bad:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sign-offs/2026-10-02-se202.md
        ---
        kind: sign-off
        of: 2026-09-29-se201
        by: SE-202
        date: 2026-10-02
        verdict: agree
        method: paper
        ---

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === sign-offs/2026-10-02-se201.md
        ---
        kind: sign-off
        of: 2026-09-29-se201
        by: SE-201
        date: 2026-10-02
        verdict: agree
        method: paper
        ---
    """
    hint = "let one of its parties sign; who was there stands under attendance or supervisees"
    for signed, by in _by_no_party(workspace, "sign-off"):
        yield _found(signed, f"{by} is no party to the record that is signed here", hint)


@workspace_rule("SN510", "error")
def added_by_no_party(workspace: Workspace) -> Iterator[Found]:
    """Somebody added to a record that is not theirs.

    An addendum prints with its record, so only those whose record it is add to it: of a session those who met (in a
    group, those who were there), of an agreement those who make it. Whoever else has something to say brings it to one
    of them.

    Bad:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === addenda/addendum-2026-10-02-se202.md
        ---
        kind: addendum
        of: 2026-09-29-se201
        by: SE-202
        date: 2026-10-02
        ---

        ## Addendum

        The audit covered both sites.

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
        === addenda/addendum-2026-10-02-se201.md
        ---
        kind: addendum
        of: 2026-09-29-se201
        by: SE-201
        date: 2026-10-02
        ---

        ## Addendum

        The audit covered both sites.
    """
    for added, by in _by_no_party(workspace, "addendum"):
        hint = "write who noticed it and is a party under by"
        yield _found(added, f"{by} is no party to the record that this is added to", hint)


def _by_no_party(workspace: Workspace, kind: str) -> Iterator[tuple[Skeleton, str]]:
    """What somebody said of a record that is not theirs, and whose code stands there."""
    for said in workspace.records:
        record = workspace.named_by(said, "of") if said.kind == kind else None
        by = said.text("by")
        if record and record.kind in SIGNED_KINDS and by and by not in record.parties:
            yield said, by


def _found(said: Skeleton, message: str, hint: str) -> Found:
    tie = said.tied("of")
    return Found(tie.span if tie else said.place, message, hint, path=said.path)
