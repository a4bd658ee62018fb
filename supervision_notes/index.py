"""Index: what others may know of each record, remembered between runs. It can be deleted at any time.

A row holds a record's path, the digest of its file, its skeleton, and the codes and places of its problems; never a
name, prose, a heading, an action's words or a message. Of private and restricted records there is no row at all: they
are read again each time, as is everything that says something unexpected where a code belongs, or that leads to what
is hidden or nowhere.

The file is never changed in place. It is written beside and put in its place whole: nobody has to wait for a lock, and
whoever is killed leaves the old one. It is believed only if its seal shows that it was written here, by this very
program, around these registers; else everything is read from the records again, and the index written anew.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from msgspec import MsgspecError
from msgspec.json import Decoder, Encoder

from . import __version__
from .kind import Kind, offered, words_of
from .problem import Problem, Severity, Span
from .record import ATTENDANCE
from .registers import PEOPLE, POLICIES, SETTINGS, is_file
from .rules import CATALOGUE
from .rules.register import unknown_employee_number, unknown_person
from .shipped import PACKAGE, folder
from .skeleton import Skeleton
from .workspace import Workspace

FOLDER, FILE = ".supervision", "index.sqlite"
_TABLES = ("CREATE TABLE records (digest BLOB, body BLOB)", "CREATE TABLE seal (seal BLOB)")
_UNFINISHED, _ABANDONED = ".unfinished", 3600
_LARGEST, _LONGEST, _MANY, _WAIT = 1_000_000, 1000, 50, 1.0

_THEIRS = (SETTINGS, PEOPLE, "schemas/*.schema.json", "forms/*.j2", f"{POLICIES}/*.yaml")
_CODE = re.compile(r"[\w.-]{1,80}")
_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_NUMBER = re.compile(r"(?:(?:[\w.-]{1,80}#)?[A-Za-z]\d{1,6})?")
_STATES = ("open", "done", "carried", "dropped")
_NOBODY = (unknown_person.slug, unknown_employee_number.slug)

Row = tuple[bytes, bytes]
"""The digest of a file, and what is known of it."""
_Body = tuple[Skeleton, tuple[tuple[str, Severity, Span], ...]]


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
        # What msgspec does not take says so in an error of its own, below Exception alone.
        with contextlib.suppress(OSError, sqlite3.Error, MsgspecError, ValueError, TypeError, LookupError):
            rows = _rows(self.folder / FILE, 2 * most, self._seal())
            decode = Decoder(_Body).decode
            known = [Known(row[0], *_understood(decode(row[1])), row) for row in rows]
            self.rows = len(rows)
            return {one.skeleton.path: one for one in known if one.skeleton}
        return {}

    def keep(self, workspace: Workspace, known: Iterable[Known]) -> None:
        """Remember what may be remembered of what is known now, where that can be written."""
        discreet = _Discretion(workspace)
        kept = [one for one in known if discreet(one)]
        if len(kept) == self.rows and all(one.row for one in kept):
            return
        # What was read around other registers, or by another version of us, would be no use.
        if _stamp(self.root) == self.stamp:
            encode = Encoder().encode
            with contextlib.suppress(OSError, sqlite3.Error):
                self._make_folder()
                self._write([one.row or _row(one, encode) for one in kept], self._seal())

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

    def _write(self, rows: list[Row], seal: bytes) -> None:
        unfinished = self.folder / f"{os.urandom(8).hex()}{_UNFINISHED}"
        try:
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with contextlib.closing(sqlite3.connect(unfinished, timeout=_WAIT, isolation_level=None)) as made:
                made.execute("PRAGMA journal_mode=OFF")
                made.execute("PRAGMA synchronous=OFF")
                made.execute("BEGIN")
                for table in _TABLES:
                    made.execute(table)
                made.executemany("INSERT INTO records VALUES (?, ?)", rows)
                made.execute("INSERT INTO seal VALUES (?)", (_sealed(rows, seal),))
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


def _rows(file: Path, most: int, seal: bytes) -> list[Row]:
    """The rows of an index. Nobody knows who made the file: it is looked at and never obeyed."""
    found = os.lstat(file)
    if not stat.S_ISREG(found.st_mode):
        raise FileNotFoundError
    path = quote(os.fsencode(file.absolute().as_posix()))
    address = f"file://{'' if path.startswith('/') else '/'}{path}?immutable=1"  # no lock, and no journal beside it
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT)) as opened:
        opened.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST)
        tables = opened.execute("SELECT sql FROM sqlite_master LIMIT 3").fetchall()
        if tables != [(table,) for table in _TABLES]:
            raise sqlite3.DatabaseError
        asked = opened.execute("SELECT digest, body FROM records LIMIT ?", (most + _MANY,))
        rows: list[Row] = []
        size = 0
        while some := asked.fetchmany(_MANY):
            size += sum(len(digest) + len(body) for digest, body in some)
            if size > found.st_size:  # pages that are read again and again would fill the memory
                raise sqlite3.DatabaseError
            rows += some
        if opened.execute("SELECT seal FROM seal LIMIT 2").fetchall() != [(_sealed(rows, seal),)]:
            raise sqlite3.DatabaseError
        return rows


def _sealed(rows: list[Row], seal: bytes) -> bytes:
    seen = blake2b(key=seal)
    for n in range(0, len(rows), _MANY):
        seen.update(b"\0".join([*chain.from_iterable(rows[n : n + _MANY]), b""]))
    return seen.digest()


def _row(one: Known, encode: Callable[[_Body], bytes]) -> Row:
    assert one.skeleton
    problems = tuple((problem.code, problem.severity, problem.span) for problem in one.problems)
    return one.digest, encode((one.skeleton, problems))


def _understood(body: _Body) -> tuple[Skeleton, tuple[Problem, ...]]:
    """What is known of a file. A problem says there what its rule says."""
    record, problems = body
    if not problems:
        return record, ()
    rules = ((CATALOGUE[code], severity, span) for code, severity, span in problems)
    return record, tuple(
        Problem(record.path, span, rule.code, rule.slug, said, rule.summary) for rule, said, span in rules
    )


# discretion


class _Discretion:
    """Whether something may be remembered: where a code belongs there is one, and it gives nothing away.

    What leads to anything but a record that all may know keeps no row, whether a hidden one is there or none at all:
    else the rows would tell the one from the other.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.register = workspace.register
        # A file's name may hold a #. What names an action of another record is no link to that file.
        shared = (record for record in workspace.records if not record.private and "#" not in record.id)
        ids = {record.path: record.id for record in shared if _is_told(record.id, record)}
        self.open = frozenset(map(str.casefold, ids.values()))
        linking = (record.path for record, _, other in workspace.links if other is None or other.path not in ids)
        reviewing = (record for record in workspace.records if record.review)
        answering = (one.path for one in reviewing if [line for line in one.review or () if "#" in line.id])
        self.doubtful = frozenset((*linking, *answering))
        self.names: frozenset[str] | None = None
        self.offered: frozenset[str] = frozenset()

    def __call__(self, one: Known) -> bool:
        record = one.skeleton
        if record is None or record.private:
            return False
        if record.path in self.doubtful and not self.open.issuperset(_named(record)):
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
            and record.path.isprintable()  # the bytes of a name need not be text
            and all(code in self.offered or (self._is_code(code) and _is_told(code, record)) for code in codes)
            and all(map(self._is_code, _named(record)))
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


def _named(record: Skeleton) -> Iterator[str]:
    """The ids of the records that it names, without case."""
    targets = (*(tie.target for tie in record.ties), *(line.id for line in record.review or () if "#" in line.id))
    for target in targets:
        yield target.partition("#")[0].casefold()


def _codes(record: Skeleton) -> Iterator[str]:
    """Everything that the writer typed as a code, as the record's id, or as the name of something."""
    yield from (record.id, *record.people, *record.parties, *record.readers, *record.chain, *record.attendance)
    yield from record.supervised
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
