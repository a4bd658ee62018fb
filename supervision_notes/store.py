"""Attendance kept in one place for many workspaces: a table in a SQLite file, or in a PostgreSQL database.

One table, one way to fill it and one to read it; the two differ in how they are opened, in the mark for a value, and in
what begins a load. A row is known by its session, its leader and its person. What is loaded later stands: a fact that
is told anew replaces the older one, and a record that is told anew takes all of the older one with it, so that whoever
is no longer in it is not left behind. Loading the same again changes nothing. A load is one transaction, and the next
one waits for it: nothing is ever half there. Of a fault no more is said than its kind, for an address holds a password.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from .address import is_address
from .attendance import Attendance
from .exported import COLUMNS, KEPT, Fault, Reader, Row, Told, kept_row, of_kept_row
from .gathering import AROUND

_TABLE = "supervision_attendance"
_KEY = ("session", "supervisor", "person")
_NAMES, _WHOLE_KEY = ", ".join(KEPT), ", ".join(_KEY)
_MAKE = (
    f"CREATE TABLE IF NOT EXISTS {_TABLE} ({', '.join(f'{name} TEXT NOT NULL' for name in KEPT)}, "
    f"PRIMARY KEY ({_WHOLE_KEY}))"
)
_ALL = f"SELECT {_NAMES} FROM {_TABLE}"
_PUT = (
    f"INSERT INTO {_TABLE} ({_NAMES}) VALUES ({', '.join('?' for _ in KEPT)}) ON CONFLICT ({_WHOLE_KEY}) "
    f"DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in KEPT if name not in _KEY)}"
)
_TAKE_AWAY = f"DELETE FROM {_TABLE} WHERE {' AND '.join(f'{name} = ?' for name in _KEY)}"
_POSTGRES, _SQLITE = ("postgresql://", "postgres://"), "sqlite:///"
_NO_FILE = re.compile(r"\s|\w{2,}:")
_WAIT = 60.0

_SESSION, _DIGEST, _PERSON, _LEADER = map(KEPT.index, ("session", "digest", "person", "supervisor"))
Key = tuple[Any, ...]


class CannotUse(Exception):
    """A database that cannot be used. The message is a sentence with a way out, and holds nothing of the address."""


class Replaced(NamedTuple):
    """A part in a session that was told differently before, and in which columns: what was loaded now stands."""

    session: str
    person: str
    columns: tuple[str, ...]


class Loaded(NamedTuple):
    """What a load came to: how many facts are new, changed, as they were, and taken away with an older record."""

    new: int
    changed: int
    same: int
    gone: int
    replaced: tuple[Replaced, ...] = ()
    """Those of the changed that were not only signed or agreed since: what was known of them is no more."""


def load(address: str, facts: Sequence[Attendance]) -> Loaded:
    """Put facts into a database, all of them or none."""
    rows = {_key(row): row for row in map(kept_row, facts)}
    with _opened(address, new=True) as database:
        database.begin()
        database.do(_MAKE)
        before = {_key(row): row for row in database.rows(_ALL)}
        changed = {key for key, row in rows.items() if key in before and before[key] != row}
        older = {_record(before[key]) for key in changed if before[key][_DIGEST] not in ("", rows[key][_DIGEST])}
        gone = [key for key, row in before.items() if key not in rows and _record(row) in older]
        put = [row for key, row in rows.items() if before.get(key) != row]
        database.do_each(_PUT, put)
        database.do_each(_TAKE_AWAY, gone)
        database.do("COMMIT")
    replaced = tuple(one for key in sorted(changed) if (one := _replaced(before[key], rows[key])).columns)
    return Loaded(len(put) - len(changed), len(changed), len(rows) - len(put), len(gone), replaced)


def kept(address: str, names: Collection[str] = ()) -> Told:
    """The facts of a database. It is believed no more than a file is."""
    reader = Reader(names, of_kept_row)
    told = Told("the database", reader=reader)
    fact, keep = reader.fact, told.facts.append
    with _opened(address) as database:
        for number, row in enumerate(database.rows(_ALL), 1):
            try:
                keep(fact(row))
            except (ValueError, TypeError):
                told.faults.append(Fault(number, reader.wrong(row)))
    return told


def _replaced(before: Row, now: Row) -> Replaced:
    told = zip(COLUMNS, of_kept_row(before), of_kept_row(now), strict=False)
    columns = tuple(column for column, was, is_ in told if was != is_ and column not in AROUND)
    return Replaced(now[_SESSION], now[_PERSON], columns)


def _key(row: Row) -> Key:
    return row[_SESSION], row[_LEADER], row[_PERSON]


def _record(row: Row) -> Key:
    return row[_SESSION], row[_LEADER], row[_DIGEST]


# one code path for both


class _Database(NamedTuple):
    """An open database: both kinds answer to the same few calls."""

    connection: Any
    mark: str = "?"
    beginning: Sequence[str] = ("BEGIN IMMEDIATE",)

    def begin(self) -> None:
        """Begin a transaction that no other load takes part in."""
        for statement in self.beginning:
            self.do(statement)

    def do(self, statement: str) -> None:
        self.connection.execute(statement)

    def do_each(self, statement: str, rows: Sequence[Row]) -> None:
        if rows:
            self.connection.cursor().executemany(statement.replace("?", self.mark), rows)

    def rows(self, statement: str) -> Iterator[Row]:
        found: Iterator[Row] = iter(self.connection.execute(statement))
        return found


@contextlib.contextmanager
def _opened(address: str, *, new: bool = False) -> Iterator[_Database]:
    if address.startswith(_POSTGRES):
        with _postgres(address) as database:
            yield database
    elif _NO_FILE.match(name := address.removeprefix(_SQLITE)) or is_address(name):
        raise CannotUse("a database is a file, or an address that begins with postgresql:// or sqlite:///")
    else:
        with _sqlite(Path(name), new) as database:
            yield database


@contextlib.contextmanager
def _sqlite(path: Path, new: bool) -> Iterator[_Database]:
    """A file that its owner alone may open."""
    try:
        if new:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        elif not path.is_file():
            raise CannotUse("there is no such database: `supervision-notes attendance load` makes one")
        address = f"file:{quote(os.fsencode(path.absolute().as_posix()))}?mode=rw"
        with contextlib.closing(sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)) as opened:
            opened.execute("PRAGMA trusted_schema=OFF")
            yield _Database(opened)
    except sqlite3.Error as fault:
        if "no such table" in str(fault):
            raise CannotUse(_EMPTY) from None
        raise CannotUse(f"the database cannot be used ({getattr(fault, 'sqlite_errorname', 'SQLITE_ERROR')})") from None


@contextlib.contextmanager
def _postgres(address: str) -> Iterator[_Database]:
    """A database of an organisation's own. What its driver says may repeat a part of the address, and is never told."""
    try:
        psycopg = import_module("psycopg")
    except ImportError:
        raise CannotUse(
            "PostgreSQL needs a part that is not installed:  pip install 'supervision-notes[postgresql]'"
        ) from None
    try:
        with contextlib.closing(psycopg.connect(address, autocommit=True, client_encoding="UTF8")) as opened:
            yield _Database(opened, "%s", ("BEGIN", f"SELECT pg_advisory_xact_lock(hashtext('{_TABLE}'))"))
    except psycopg.errors.UndefinedTable:
        raise CannotUse(_EMPTY) from None
    except psycopg.Error as fault:
        if fault.sqlstate is None:
            raise CannotUse(
                "the database does not answer, or does not let you in: look at its address, its name and the user; "
                "the password may stand in PGPASSWORD"
            ) from None
        raise CannotUse(f"the database refused ({type(fault).__name__}, {fault.sqlstate})") from None


_EMPTY = "there is no attendance in this database yet: `supervision-notes attendance load` puts it there"
