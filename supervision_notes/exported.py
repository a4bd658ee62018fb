"""Attendance that travels: written as JSON Lines or CSV in one workspace, and read beside another.

A line is one person's part in one session: codes, days, numbers and choices, and never a word. JSON Lines begin with
a line that says what they are and how many facts follow, so that a file that was cut short is known; CSV begins with
the names of its columns. Neither says whose they are: an organisation's name would be words. What is read is not
believed: each value is held against the schema's choices, and a line with anything else is a fault and counts nothing.
"""

from __future__ import annotations

import csv
import json
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Literal, NamedTuple, get_args

from .attendance import FOREVER, Attendance, Role
from .dates import read_date
from .kind import normal, shipped_kinds
from .problem import listed

Format = Literal["jsonl", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
NAME, VERSION = "supervision-notes attendance", 1

# The session, the day and the people, which differ from line to line; then all that a few lines have in common.
_OWN = ("session", "digest", "person", "supervisor", "date")
_COMMON = (
    *("minutes", "type", "outcome", "approach", "mode", "group", "role", "size", "contracted", "led_by_peer"),
    *("signed", "agreed_until"),
)
COLUMNS = (*_OWN, *_COMMON)
Row = Sequence[Any]
"""The values of a fact in the order of COLUMNS."""
row_of: Callable[[Attendance], tuple[Any, ...]] = attrgetter(*COLUMNS)

_CODE = re.compile(r"\w[\w.:-]{0,119}")
_ID = re.compile(r"(?![.]+$)[\w.-]{1,80}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|")
_WHOLE = re.compile(r"0|[1-9]\d{0,4}")
_LONGEST, _DAY, _CROWD = 2000, 1440, 10_000
_YES_NO = {"yes": True, "no": False}


class Fault(NamedTuple):
    """Something in a list that cannot be counted: the number of its line, and what to do; never a word of it."""

    line: int
    message: str


@dataclass
class Told:
    """A list of attendance from one place: the file's name, its facts, the line of each, and what is wrong in it."""

    name: str
    facts: list[Attendance] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("L"))
    faults: list[Fault] = field(default_factory=list)

    def place(self, number: int) -> str:
        """Where one of the facts stands: `north.jsonl:14`."""
        return f"{self.name}:{self.lines[number]}" if self.lines else self.name


# writing


def jsonl(facts: Sequence[Attendance]) -> Iterator[str]:
    """The lines of a file: what it is, then a fact a line."""
    yield json.dumps({"format": NAME, "version": VERSION, "facts": len(facts)})
    for fact in facts:
        yield json.dumps(dict(zip(COLUMNS, row_of(fact), strict=True)), ensure_ascii=False)


def is_export(data: bytes) -> bool:
    """Whether a file is an earlier export, which a new one may replace."""
    first = data[:_LONGEST].decode("utf-8", "replace").partition("\n")[0]
    return _is_header(_object(first)) or next(csv.reader([first]), []) == [*COLUMNS]


# reading


def read(name: str, lines: Iterable[str], names: Collection[str] = ()) -> Told:
    """The attendance that a text holds, told by its first line as JSON Lines or CSV. `names` are never taken as codes.

    A line with a fault is left out, and the others are read all the same.
    """
    told, reader = Told(name), Reader(names)
    lines = iter(lines)
    first = next(lines, "").removeprefix("\ufeff")
    if first.lstrip().startswith("{"):
        _read_jsonl(told, first, lines, reader)
    else:
        _read_csv(told, first, lines, reader)
    return told


def _read_jsonl(told: Told, first: str, lines: Iterator[str], reader: Reader) -> None:
    if not _is_header(_object(first)):
        said = f"this is no list of attendance: its first line does not say “{NAME}”. {_AGAIN}"
        told.faults.append(Fault(1, said))
        return
    decode, of_columns, number, announced = json.JSONDecoder().raw_decode, itemgetter(*COLUMNS), 0, 0
    for number, line in enumerate(chain([first], lines), 1):
        try:
            said, end = decode(line)
            if len(said) == len(COLUMNS) and len(line) - end < len("\r\n\0"):
                told.facts.append(reader.fact(of_columns(said)))
                told.lines.append(number)
                continue
        except (ValueError, LookupError, TypeError, RecursionError):
            pass
        if _is_header(found := _object(line)):
            if found.get("version") != VERSION or found.get("facts").__class__ is not int:
                told.faults.append(Fault(number, f"another version of supervision-notes wrote this. {_AGAIN}"))
                return
            announced += found["facts"]
        elif line.strip():
            wrong = reader.wrong(found) if found else f"this line is no fact of its own. {_AGAIN}"
            told.faults.append(Fault(number, wrong))
    here = len(told.facts) + len(told.faults)
    if here != announced:
        said = f"{announced} facts are announced and {here} are here, so the file was cut or changed. {_AGAIN}"
        told.faults.append(Fault(number, said))


def _read_csv(told: Told, first: str, lines: Iterator[str], reader: Reader) -> None:
    between = max(",;\t", key=first.count)
    rows = csv.reader(chain([first], lines), delimiter=between, strict=True)
    try:
        titles = next(rows, [])
        if lacking := [column for column in COLUMNS if column not in titles]:
            said = f"this is no list of attendance: its first line does not name {listed(lacking, 'and')}. {_AGAIN}"
            told.faults.append(Fault(1, said))
            return
        if len(titles) > len(COLUMNS):
            said = f"there are columns that are not ours, and words are never read: take them away. {_AGAIN}"
            told.faults.append(Fault(1, said))
            return
        of_columns = itemgetter(*map(titles.index, COLUMNS))
        for cells in rows:
            try:
                told.facts.append(reader.fact_of_cells(of_columns(cells)))
                told.lines.append(rows.line_num)
            except (ValueError, LookupError, TypeError):
                if cells:
                    told.faults.append(
                        Fault(rows.line_num, reader.wrong(dict(zip(titles, cells, strict=False)), _cell))
                    )
    except csv.Error:
        told.faults.append(Fault(rows.line_num, f"this line, and what comes after it, cannot be read as CSV. {_AGAIN}"))


_AGAIN = "Write it again with  supervision-notes attendance export"


def _object(line: str) -> dict[str, Any]:
    """The object that a line is; an empty one for any other line."""
    try:
        found = json.loads(line) if len(line) <= _LONGEST else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_header(said: Mapping[str, Any]) -> bool:
    return said.get("format") == NAME


# one line


class Reader:
    """Makes facts of rows. What was found right once is known again, and most of a row is like that of others."""

    def __init__(self, names: Collection[str] = ()) -> None:
        schema = shipped_kinds()["session"].fields
        choices = {key: frozenset(schema[key].schema["enum"]) for key in ("type", "outcome", "approach", "mode")}
        absent = {"apologies", "did-not-attend"}  # in a group, of one person alone
        self._streams: Mapping[str, str] = schema["type"].schema["x-streams"]

        def is_code(value: Any) -> bool:
            return isinstance(value, str) and bool(_CODE.fullmatch(value)) and normal(value) not in names

        self._checks: Mapping[str, tuple[Callable[[Any], bool], str]] = {
            "session": (_matches(_ID), "the id of a record, as in 2026-09-29-se201"),
            "digest": (_matches(_DIGEST), "sha256: and 64 signs, or nothing"),
            "person": (is_code, "a code, as in SE-201, and never a name"),
            "supervisor": (_or_nothing(is_code), "a code, as in SV-014, and never a name"),
            "date": (_is_day, "a date, as in 2026-10-14"),
            "minutes": (_is_number(_DAY), f"a whole number up to {_DAY}"),
            "type": _one_of(choices["type"]),
            "outcome": _one_of(choices["outcome"] | absent),
            "approach": _one_of(choices["approach"], None),
            "mode": _one_of(choices["mode"], None),
            "group": (_or_nothing(is_code), "a code, as in pg1, and never a name"),
            "role": _one_of(frozenset(get_args(Role))),
            "size": (_or_nothing(_is_number(_CROWD)), f"a whole number up to {_CROWD}, or nothing"),
            "contracted": (_or_nothing(_is_number(_CROWD)), f"a whole number up to {_CROWD}, or nothing"),
            "led_by_peer": (_is_truth, "yes or no"),
            "signed": (_is_truth, "yes or no"),
            "agreed_until": (_or_nothing(_is_last_day), "a date, as in 2026-10-14, or nothing"),
        }
        self._people: set[str] = set()
        self._leaders: set[str | None] = set()
        self._days: dict[str, str] = {}
        self._common: dict[Any, _Parts] = {}

    def fact(self, row: Row) -> Attendance:
        """The fact that a row of values is; ValueError or TypeError where it is none."""
        common = (row[5:], *map(type, row[5:]))  # for True is 1 otherwise
        parts = self._common.get(common) or self._learn(common, row[5:])
        return self._made(row, parts)

    def fact_of_cells(self, cells: Sequence[str]) -> Attendance:
        """The same of a row of CSV."""
        parts = self._common.get(cells[5:])
        if parts is None:
            parts = self._learn(cells[5:], tuple(map(_cell, _COMMON, cells[5:])))
        return self._made((*cells[:3], cells[3] or None, cells[4]), parts)

    def takes(self, fact: Attendance) -> bool:
        """Whether a fact is told in codes and choices alone, so that another workspace will take it."""
        try:
            self.fact(row_of(fact))
        except ValueError:
            return False
        return True

    def _made(self, row: Row, parts: _Parts) -> Attendance:
        session, digest, person, supervisor, day = row[:5]
        if person not in self._people:
            self._check("person", person)
            self._people.add(person)
        if supervisor not in self._leaders:
            self._check("supervisor", supervisor)
            self._leaders.add(supervisor)
        known = self._days.get(day)
        if known is None:
            self._check("date", day)
            known = self._days[day] = day
        if not _ID.fullmatch(session) or not _DIGEST.fullmatch(digest):
            raise ValueError
        return Attendance._make(
            (person, known, *parts.before, supervisor, *parts.between, session, digest, *parts.after)
        )

    def _learn(self, key: Any, values: Row) -> _Parts:
        for column, value in zip(_COMMON, values, strict=True):
            self._check(column, value)
        minutes, type_, outcome, approach, mode, group, role, size, contracted, peer, signed, until = values
        before = (minutes, type_, self._streams[type_], outcome, approach, mode)
        parts = _Parts(before, (group, role, size, contracted, peer, None), (signed, until))
        self._common[key] = parts
        return parts

    def _check(self, column: str, value: Any) -> None:
        if not self._checks[column][0](value):
            raise ValueError(column)

    def wrong(self, said: Mapping[str, Any], typed: Callable[[str, Any], Any] = lambda _, value: value) -> str:
        """What is wrong with a line, told by its first wrong column."""
        for column, (is_right, wanted) in self._checks.items():
            if column not in said or not is_right(typed(column, said[column])):
                return f"{column} is {wanted}; this fact is not counted. {_AGAIN}"
        return f"this line holds more than a fact, and words are never read. {_AGAIN}"


class _Parts(NamedTuple):
    """The values of a fact that others share, as they stand before, between and after its own."""

    before: tuple[Any, ...]
    between: tuple[Any, ...]
    after: tuple[Any, ...]


def _cell(column: str, cell: Any) -> Any:
    """The value that a cell stands for: nothing is None, but for a digest."""
    if not cell or not isinstance(cell, str):
        return "" if column == "digest" else None
    if column in ("minutes", "size", "contracted"):
        return int(cell) if _WHOLE.fullmatch(cell) else cell
    return _YES_NO.get(cell, cell) if column in ("led_by_peer", "signed") else cell


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and read_date(value) is not None


def _is_last_day(value: Any) -> bool:
    return value == FOREVER or _is_day(value)


def _is_number(most: int) -> Callable[[Any], bool]:
    return lambda value: value.__class__ is int and 0 <= value <= most


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _or_nothing(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _one_of(choices: frozenset[str], *others: None) -> tuple[Callable[[Any], bool], str]:
    allowed: frozenset[str | None] = choices | {*others}
    words = listed([*sorted(choices), *("nothing" for _ in others)])
    return lambda value: value.__class__ in (str, type(None)) and value in allowed, words
