"""Index: what others may know of each record, remembered between runs. It can be deleted at any time.

A row holds a record's path, the digest of its file, its skeleton, and the codes and places of its problems; never a
name, prose, a heading, an action's words or a message. Of private and restricted records there is no row at all: they
are read again each time, as is everything that says something unexpected where a code belongs, or that leads to what
is hidden or nowhere.

The file is never changed in place. It is written beside and put in its place whole: nobody has to wait for a lock, and
whoever is killed leaves the old one. A row is believed only if its seal shows that it was written here, by this very
program, around these registers; what is not believed is read from the records again, and the index written anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from . import __version__
from .kind import Kind, offered, words_of
from .problem import Problem, Span
from .record import ATTENDANCE
from .registers import PEOPLE, POLICIES, SETTINGS, is_file
from .rules import CATALOGUE
from .rules.register import unknown_employee_number, unknown_person
from .shipped import PACKAGE, folder
from .skeleton import Action, Skeleton, Tie
from .workspace import Workspace

FOLDER, FILE = ".supervision", "index.sqlite"
_TABLE = "CREATE TABLE records (path BLOB, digest BLOB, seal BLOB, body BLOB)"
_UNFINISHED, _ABANDONED = ".unfinished", 3600
_LARGEST, _LONGEST, _MANY, _WAIT = 1_000_000, 1000, 500, 1.0

_THEIRS = (SETTINGS, PEOPLE, "schemas/*.schema.json", "forms/*.j2", f"{POLICIES}/*.yaml")
_CODE = re.compile(r"[\w.-]{1,80}")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_NUMBER = re.compile(r"(?:(?:[\w.-]{1,80}#)?[A-Za-z]\d{1,6})?")
_STATES = ("open", "done", "carried", "dropped")
_NOBODY = (unknown_person.slug, unknown_employee_number.slug)

Row = tuple[bytes, bytes, bytes, bytes]


class Known(NamedTuple):
    """What is known of one file: its digest, its record's skeleton (None where it is no record), and its problems.

    `row` is how it stands in the index, where it was found there. Its problems then say what their rule says, and not
    what is wrong here.
    """

    digest: bytes
    skeleton: Skeleton | None
    problems: tuple[Problem, ...] = ()
    row: Row | None = None


class Index:
    """The index of one workspace, for the program and the registers as they are at this moment."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / FOLDER
        self.stamp = _stamp(root)
        self.rows: int | None = None

    def recall(self, most: int) -> dict[str, Known]:
        """What is known of so many files, by their paths; nothing, where there is no index to be believed."""
        known: dict[str, Known] = {}
        count = 0
        with contextlib.suppress(OSError, sqlite3.Error, ValueError, TypeError, LookupError, RecursionError):
            seal = self._seal()
            for rows in _rows(self.folder / FILE, 2 * most):
                count += len(rows)
                known.update(_read([row for row in rows if _is_believed(row, seal)]))
            self.rows = count
        return known

    def keep(self, workspace: Workspace, known: Iterable[Known]) -> None:
        """Remember what may be remembered of what is known now, where that can be written."""
        discreet = _Discretion(workspace)
        kept = [one for one in known if discreet(one)]
        if len(kept) == self.rows and all(one.row for one in kept):
            return
        # What was read around other registers, or by another version of us, would be no use.
        if _stamp(self.root) == self.stamp:
            with contextlib.suppress(OSError, sqlite3.Error):
                self._make_folder()
                seal = self._seal()
                self._write([one.row or _row(one, seal) for one in kept])

    def _seal(self) -> bytes:
        """The key of the seals. A folder that was copied from elsewhere, with whatever is in it, has another one."""
        found = os.lstat(self.folder)
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError
        return blake2b(f"{found.st_ino}".encode(), key=self.stamp).digest()

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(0o700)
        except FileExistsError:
            self._seal()  # it has to be a folder
            if stat.S_IMODE(self.folder.stat().st_mode) != 0o700:
                self.folder.chmod(0o700)
        else:
            (self.folder / ".gitignore").write_text("*\n", "utf-8")

    def _write(self, rows: Iterable[Row]) -> None:
        unfinished = self.folder / f"{os.urandom(8).hex()}{_UNFINISHED}"
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with contextlib.closing(sqlite3.connect(unfinished, timeout=_WAIT, isolation_level=None)) as made:
                made.execute("PRAGMA journal_mode=OFF")
                made.execute("PRAGMA synchronous=OFF")
                made.execute("BEGIN")
                made.execute(_TABLE)
                made.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows)
                made.execute("COMMIT")
            _clear(self.folder, unfinished.stat().st_mtime - _ABANDONED)
            os.replace(unfinished, self.folder / FILE)
        finally:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def index_of(root: Path) -> Index | None:
    """The index of a workspace. None for a folder that is none, and for our own examples, which stay as they came."""
    if not is_file(root / SETTINGS) or root.resolve().is_relative_to(folder("schemas").parent / "examples"):
        return None
    return Index(root)


def _clear(folder: Path, before: float) -> None:
    """Take away what somebody who was killed left unfinished."""
    for path in folder.glob(f"*{_UNFINISHED}"):
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < before:
                path.unlink()


def _stamp(root: Path) -> bytes:
    """What everything that is remembered depends on, besides the record itself."""
    libraries = [getattr(sys.modules.get(name), "__version__", "") for name in ("yaml", "markdown_it", "jsonschema_rs")]
    seen = blake2b(repr((__version__, sys.version, libraries)).encode())
    ours = (
        *PACKAGE.rglob("*.py"),
        *folder("schemas").rglob("*.json"),
        *(folder("templates") / POLICIES).glob("*.yaml"),
    )
    theirs = [path for pattern in _THEIRS for path in sorted(root.glob(pattern)) if is_file(path)]
    for path in (*sorted(ours), *theirs):
        with contextlib.suppress(OSError):
            data = path.read_bytes()
            seen.update(b"%s\0%d\0%s" % (os.fsencode(path.name), len(data), data))
    return seen.digest()


# rows


def _rows(file: Path, most: int) -> Iterator[list[Row]]:
    """The rows of an index, some at a time. Nobody knows who made the file: it is looked at and never obeyed."""
    if not stat.S_ISREG(os.lstat(file).st_mode):
        raise FileNotFoundError
    path = quote(os.fsencode(file.absolute().as_posix()))
    address = f"file://{'' if path.startswith('/') else '/'}{path}?immutable=1"  # no lock, and no journal beside it
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT)) as opened:
        opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
        if opened.execute("SELECT sql FROM sqlite_master LIMIT 2").fetchall() != [(_TABLE,)]:
            raise sqlite3.DatabaseError
        found = opened.execute("SELECT path, digest, seal, body FROM records LIMIT ?", (most + _MANY,))
        while rows := found.fetchmany(_MANY):
            yield rows


def _row(one: Known, seal: bytes) -> Row:
    assert one.skeleton
    path = os.fsencode(one.skeleton.path)
    problems = [(problem.code, problem.severity, problem.span) for problem in one.problems]
    body = json.dumps((one.skeleton[1:], problems), separators=(",", ":")).encode()
    return path, one.digest, _sealed(path, one.digest, body, seal), body


def _sealed(path: bytes, digest: bytes, body: bytes, seal: bytes) -> bytes:
    return blake2b(b"\0".join((digest, path, body)), key=seal, digest_size=16).digest()


def _is_believed(row: Row, seal: bytes) -> bool:
    path, digest, sealed, body = row
    return sealed == _sealed(path, digest, body, seal)


def _read(rows: list[Row]) -> Iterator[tuple[str, Known]]:
    bodies = json.loads(b"[%s]" % b",".join(row[-1] for row in rows))
    for row, (said, problems) in zip(rows, bodies, strict=True):
        path = os.fsdecode(row[0])
        yield path, Known(row[1], _skeleton(path, said), tuple(_problem(path, *problem) for problem in problems), row)


def _problem(path: str, code: str, severity: Any, span: list[int]) -> Problem:
    rule = CATALOGUE[code]
    return Problem(path, Span(*span), code, rule.slug, severity, rule.summary)


def _skeleton(path: str, said: list[Any]) -> Skeleton:
    parts: list[Any] = [path, *said]
    for at in _LISTS:
        parts[at] = tuple(parts[at])
    for at, made in _MADE:
        if parts[at] is not None:
            parts[at] = made(parts[at])
    return Skeleton(*parts)


def _ties(said: Iterable[Any]) -> tuple[Tie, ...]:
    return tuple([Tie(fact, target, tuple(may_name), Span(*span)) for fact, target, may_name, span in said])


def _actions(said: Iterable[Any]) -> tuple[Action, ...]:
    return tuple([Action(id, state, tuple(who), due, why, Span(*span)) for id, state, who, due, why, span in said])


def _span(said: Iterable[int]) -> Span:
    return Span(*said)


_LISTS = tuple(map(Skeleton._fields.index, ("people", "parties", "readers", "chain", "receives", "unclear")))
_MADE: tuple[tuple[int, Callable[[Any], Any]], ...] = tuple(
    (Skeleton._fields.index(name), made)
    for name, made in {
        "place": _span,
        "review_place": _span,
        "ties": _ties,
        "actions": _actions,
        "review": _actions,
    }.items()
)


# discretion


class _Discretion:
    """Whether something may be remembered: where a code belongs there is one, and it gives nothing away.

    What leads to anything but a record that all may know keeps no row, whether a hidden one is there or none at all:
    else the rows would tell the one from the other.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.register = workspace.register
        shared = (record for record in workspace.records if not record.private)
        self.open = frozenset(record.id.casefold() for record in shared if _is_told(record.id, record))
        self.names: frozenset[str] | None = None
        self.offered: frozenset[str] = frozenset()

    def __call__(self, one: Known) -> bool:
        record = one.skeleton
        if record is None or record.private or not self.open.issuperset(_led_to(record)):
            return False
        return one.row is not None or self._may_be_known(record, one.problems)

    def _may_be_known(self, record: Skeleton, problems: tuple[Problem, ...]) -> bool:
        kinds = self.register.kinds
        kind = kinds.get(record.kind)
        if kind is None or any(problem.rule in _NOBODY for problem in problems):
            return False
        if self.names is None:
            self.names = self.register.names
            self.offered = frozenset(word for known in kinds.values() for word in offered(known.schema))
        lines, codes = (*record.actions, *(record.review or ())), [*_codes(record)]
        numbers = [*(line.id for line in lines), *(tie.target for tie in record.ties if "#" in tie.target)]
        return (
            len(problems) + len(lines) + len(codes) <= _LONGEST
            and all(code in self.offered or (self._is_code(code) and _is_told(code, record)) for code in codes)
            and all(map(self._is_code, _led_to(record)))
            and all(map(_NUMBER.fullmatch, numbers))
            and all(line.state in _STATES for line in lines)
            and _chosen(kind, "organisation_receives").issuperset(record.receives)
            and all(_is_open(kind, key) for key in (*record.facts, *record.unclear, *(tie.fact for tie in record.ties)))
        )

    def _is_code(self, text: str) -> bool:
        """Whether a text is built like a code, and no part of it is a name of the register."""
        assert self.names is not None
        if _FINGERPRINT.fullmatch(text):
            return True
        return _CODE.fullmatch(text) is not None and self.names.isdisjoint(words_of(text))


def _is_told(code: str, record: Skeleton) -> bool:
    """Whether a code is no word, or one that stands in the record's path, and so in its row, anyway."""
    return code in record.path or any(map(str.isdigit, code))


def _led_to(record: Skeleton) -> Iterator[str]:
    """The ids of the records that it names, without case."""
    for tie in record.ties:
        yield tie.id.casefold()
    for line in record.review or ():
        if "#" in line.id:
            yield line.id.partition("#")[0].casefold()


def _codes(record: Skeleton) -> Iterator[str]:
    """Everything that the writer typed as a code, as the record's id, or as the name of something."""
    yield from (record.id, *record.people, *record.parties, *record.readers, *record.chain, *record.attendance)
    yield from (owner for line in (*record.actions, *(record.review or ())) for owner in line.owners)
    yield from (value for value in record.facts.values() if isinstance(value, str))


def _chosen(kind: Kind, key: str) -> frozenset[str]:
    """What can be chosen in a list; attendance where the kind has none."""
    field = kind.fields.get(key)
    return frozenset(field.schema.get("items", {}).get("enum", ()) if field else ATTENDANCE)


def _is_open(kind: Kind, key: str) -> bool:
    """Whether a fact is one that its parties may read; words are those of the record."""
    field = kind.fields.get(key)
    return (field.layer if field else kind.layer) in ("attendance", "shared")
