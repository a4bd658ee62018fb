"""SN3: how records name each other."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from ..problem import did_you_mean, listed
from ..skeleton import Action, Skeleton, Tie
from ..workspace import Workspace
from .base import Found, workspace_rule

# A near id is looked for so often and no more: it takes long where there are many records.
_SEARCHES = 10
_APART = "severity: {dangling-link: note}"


@workspace_rule("SN301", "error")
def duplicate_id(workspace: Workspace) -> Iterator[Found]:
    """Two records have the same id, compared without case.

    Nothing could say which of them another record means. An id that is not written is the name of the file, without
    its ending: copying a file to another folder makes two of them. The same holds of two actions with one number.

    Bad:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        === old/2026-09-29-SE201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        === sessions/2026-09-29-se202.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
    """
    first: dict[str, Skeleton] = {}
    for record in (*workspace.records, *workspace.restricted):
        # A restricted record is compared with the others, and never named to anybody.
        key = record.id.casefold()
        other = first.setdefault(key, record) if record.layer != "restricted" else first.get(key, record)
        if other is not record:
            message = f"another record has this id already: {other.path}:{other.place.line}"
            yield Found(record.place, message, "give one of them an id of its own", path=record.path)
        numbers: dict[str, Action] = {}
        for line in record.actions if len(record.actions) > 1 else ():
            same = numbers.setdefault(line.id.casefold(), line)
            if line.id and same is not line:
                message = f"another action of this record has this number already: {record.path}:{same.span.line}"
                yield Found(line.span, message, "give it the next number that is free", path=record.path)


@workspace_rule("SN302", "error")
def dangling_link(workspace: Workspace) -> Iterator[Found]:
    """A record names another that is not in this workspace, or an action that was not agreed there.

    Links are ids: `previous`, `agreement`, `about`, `of`, `replaces`, `session`, `bring_to_supervision`, and
    `[[record-id]]` in words. Where records of a pair live in two places on purpose, `severity: {dangling-link: note}`
    in `supervision.yaml` says so.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: 2026-08-04-se210
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
    searches = _SEARCHES
    for record, tie, other in workspace.links:
        number = tie.target.partition("#")[2]
        if other is None or _is_unheard_of(record, tie, other):
            near = _near(workspace, tie) if searches > 0 else None
            searches -= 1
            message = f"there is no record of this id in the workspace{did_you_mean(near)}"
            kind = workspace.register.kinds.get(record.kind)
            fact = kind.fields.get(tie.fact) if kind else None
            also = fact.schema.get("x-also") if fact else None
            hint = f"write the id as it stands in the other record{f', or {listed(also)}' if also else ''}"
            hint += f"; where records are kept apart on purpose, write  {_APART}  into supervision.yaml"
            yield Found(tie.span, message, hint, path=record.path)
        elif number and other.kind and not any(line.id.casefold() == number.casefold() for line in other.actions):
            message = "the record that is named has no action of this number"
            yield Found(tie.span, message, "look at the numbers under its Actions", path=record.path)


@workspace_rule("SN303", "error")
def wrong_kind_link(workspace: Workspace) -> Iterator[Found]:
    """A link leads to a record of a kind that cannot stand there.

    The `previous` of a session is a session, its `agreement` an agreement; a sign-off is `of` either of them. Of a
    private record nothing is told here to those whom it does not belong to: its id is one that is not there.

    Bad:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        previous: agr-2026-se201
        ---

    Good:

        === agreements/agr-2026-se201.md
        ---
        kind: agreement
        form: individual
        status: draft
        ---
        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        agreement: agr-2026-se201
        ---
    """
    for record, tie, other in workspace.links:
        if other and not _can_stand(tie, other) and not _is_unheard_of(record, tie, other):
            kinds = workspace.register.kinds
            wanted = listed([kinds[name].noun for name in tie.may_name if name in kinds])
            found = kinds[other.kind].noun if other.kind in kinds else "something else"
            message = f"this has to name {wanted}; what it names is {found}"
            yield Found(tie.span, message, "name the record that is meant", path=record.path)


def _can_stand(tie: Tie, other: Skeleton) -> bool:
    """Whether a record is of a kind that a link may lead to; of one that could not be read nobody knows."""
    return not other.kind or "record" in tie.may_name or other.kind in tie.may_name


def _is_unheard_of(record: Skeleton, tie: Tie, other: Skeleton) -> bool:
    """Whether a link leads by mistake to a private record that is not open to everybody who reads the link.

    What is said of it then is what is said of an id that is nowhere: to say more would tell that it is there, and what.
    """
    if not (other.kind and other.private) or ("#" not in tie.target and _can_stand(tie, other)):
        return False
    reading = {code for code in (record.author, *record.readers) if code}
    return not (record.private and reading and reading <= {other.author, *other.readers})


def _near(workspace: Workspace, tie: Tie) -> str | None:
    """The id that a link was most likely meant to hold: ids are alike, so one has to be very near.

    Looking closely takes long, so it is done where one half is the same: who slips does so in the other.
    """
    wanted, half = tie.id.casefold(), len(tie.id) // 2
    ids = {
        id: record.id
        for record in workspace.records
        if not record.private
        and (record.kind in tie.may_name or "record" in tie.may_name)
        and ((id := record.id.casefold())[:half] == wanted[:half] or id[-half:] == wanted[-half:])
    }
    return next((ids[near] for near in get_close_matches(wanted, ids, n=1, cutoff=0.85)), None)
