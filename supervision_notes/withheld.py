"""Files that nobody could read as records and that may be about confidentiality extended: whom they are meant for.

A slip in such a file must not give it away, so little is asked of it: the folder that it lies in, a word near the
kind's in the line of its kind, or facts that no other kind has. Whoever stands in its line of readers is told what is
wrong with it, and nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .kind import Kind, nearest, normal
from .register import Register
from .values import BLANK

_KIND = re.compile(r"\bkind[\"']?[ \t]*:(.*)", re.IGNORECASE)
_FACT = re.compile(r"^[\"']?(\w[\w -]*?)[\"']?[ \t]*:", re.MULTILINE)
_READERS = re.compile(r"\breaders?[\"']?[ \t]*:(.*(?:\n[ \t-].*)*)", re.IGNORECASE)
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[\w-]+")
_CODE = re.compile(r"[\w.-]*\w")


def readers_of(path: str, data: bytes, kinds: Mapping[str, Kind]) -> tuple[str, ...] | None:
    """The codes in the line of readers of a file that may be restricted, whatever its form; None of any other file.

    A blank there names nobody.
    """
    restricted = [kind for kind in kinds.values() if kind.layer == "restricted"]
    text = _text(data)
    if not (lies_among(path, kinds) or _says_so(text, restricted) or _has_facts(text, restricted, kinds)):
        return None
    readers = _READERS.search(text)
    lines = readers[1].splitlines() if readers else ()
    codes = (code for line in lines for code in _CODE.findall(_COMMENT.sub("", line)))
    return tuple(code for code in codes if not BLANK.fullmatch(code))


def _text(data: bytes) -> str:
    """Codes and keys are ASCII: they show in every encoding that a text editor writes."""
    return data.replace(b"\0", b"").decode("latin-1")


def lies_among(path: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether a path is the folder of a restricted kind, or lies in it: then what is there may be one, whatever it is.

    Of such a file that is no record, or that nobody can read, nobody knows whom it is meant for.
    """
    folders = (f"/{kind.folder}/".casefold() for kind in kinds.values() if kind.layer == "restricted")
    return any(folder in f"/{path}/".casefold() for folder in folders)


def _says_so(text: str, restricted: Iterable[Kind]) -> bool:
    names = [name for kind in restricted for name in (kind.name, kind.folder)]
    return any(nearest(word, names) for said in _KIND.findall(text) for word in _WORD.findall(said))


def _has_facts(text: str, restricted: Iterable[Kind], kinds: Mapping[str, Kind]) -> bool:
    """Whether two facts stand in it that are a restricted kind's, and no other's: one may be a word of prose."""
    others = {key for kind in kinds.values() if kind.layer != "restricted" for key in kind.fields}
    facts = {normal(key) for kind in restricted for key in kind.fields if key not in others}
    return len(facts & set(map(normal, _FACT.findall(text)))) > 1


def as_written(readers: Iterable[str], register: Register) -> tuple[str, ...]:
    """The codes of readers as they are written here: a slip in case hides a record from none of them.

    A code that nobody has, or two but for their case, stays as it was typed.
    """
    people, owner = register.people or {}, register.owner or ""

    def written(code: str) -> str:
        if code in people or code == owner:
            return code
        alike = {one for one in (*people, owner) if one.casefold() == code.casefold()}
        return alike.pop() if len(alike) == 1 else code

    return tuple(map(written, readers))


def people_in(data: bytes, register: Register) -> tuple[str, ...]:
    """The codes that stand in a file that may be an agreement: whose it may be. Nobody's in any other file."""
    text = _text(data)
    if not any(nearest(word, ["agreement"]) for said in _KIND.findall(text) for word in _WORD.findall(said)):
        return ()
    words, known = dict.fromkeys(_CODE.findall(text)), register.people
    return tuple(word for word in words if (word in known if known else _DIGIT.search(word)))
