"""SN3: how records name each other."""

from __future__ import annotations

from collections.abc import Iterator

from ..record import Skeleton
from ..workspace import Workspace
from .base import Found, workspace_rule


@workspace_rule("SN301", "error")
def duplicate_id(workspace: Workspace) -> Iterator[Found]:
    """Two records have the same id, compared without case.

    Nothing could say which of them another record means. An id that is not written is the name of the file, without
    its ending: copying a file to another folder makes two of them.

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
    for record in workspace.records:
        other = first.setdefault(record.id.casefold(), record)
        if other is not record:
            message = f"another record has this id already: {other.path}:{other.place.line}"
            yield Found(record.place, message, "give one of them an id of its own", path=record.path)
