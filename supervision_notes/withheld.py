"""Files that nobody could read as records and that may be about confidentiality extended: whom they are meant for.

A slip in such a file must not give it away, so little is asked of it: the folder that it lies in, or a `kind` that
is near the word. Whoever stands in its line of readers is told what is wrong with it, and nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from .kind import Kind, nearest

_KIND = re.compile(r"\bkind[\"']?[ \t]*:[ \t]*[\"']?([\w-]+)", re.IGNORECASE)
_READERS = re.compile(r"\breaders[\"']?[ \t]*:(.*(?:\n[ \t-].*)*)", re.IGNORECASE)
_CODE = re.compile(r"[\w.-]*\w")


def readers_of(path: str, data: bytes, kinds: Mapping[str, Kind]) -> tuple[str, ...] | None:
    """The codes in the line of readers of a file that may be restricted, whatever its form; None of any other file."""
    # Codes and keys are ASCII: they show in every encoding that a text editor writes.
    text = data.replace(b"\0", b"").decode("latin-1")
    restricted = [kind for kind in kinds.values() if kind.layer == "restricted"]
    folders = {kind.folder.casefold() for kind in restricted}
    names = [name for kind in restricted for name in (kind.name, kind.folder)]
    within = folders & {part.casefold() for part in PurePosixPath(path).parts[:-1]}
    if not within and not any(nearest(said, names) for said in _KIND.findall(text)):
        return None
    readers = _READERS.search(text)
    return tuple(_CODE.findall(readers[1])) if readers else ()
