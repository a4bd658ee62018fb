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
from .kind import normal, shipped_kinds, words_of
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
_OWN_PART, _COMMON_PART = slice(len(_OWN)), slice(len(_OWN), None)
Row = Sequence[Any]
"""The values of a fact in the order of COLUMNS."""
KEPT = (*_OWN, "common")
"""The columns of a database."""
row_of: Callable[[Attendance], tuple[Any, ...]] = attrgetter(*COLUMNS)

_CODE = re.compile(r"\w[\w.:-]{0,119}")
_LONGEST_ID = 80
_ID = re.compile(rf"(?![.]+$)[\w.-]{{1,{_LONGEST_ID}}}")
_AROUND_WORDS = "0123456789-._"
_HEX = "0123456789abcdef"
_WITHOUT_DIGITS = str.maketrans("0123456789", "-" * 10)
_WHOLE = re.compile(r"0|[1-9]\d{0,4}")
_LONGEST, _DAY, _CROWD = 2000, 1440, 10_000
_made: Callable[[type[Attendance], tuple[Any, ...]], Attendance] = tuple.__new__  # without a look at how many there are
_GROUP = Attendance._fields[2:].index("group")
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
    reader: Reader | None = None
    """By whom it was read."""
    broken: bool = False
    """Whether none of it can be used, as its last fault says: it is no list, or it is known that some is not there."""

    def place(self, number: int) -> str:
        """Where one of the facts stands: `north.jsonl:14`."""
        return f"{self.name}:{self.lines[number]}" if self.lines else self.name

    def may_hold(self, names: Collection[str]) -> bool:
        """Whether somebody who knows of some names would take less of it for codes, or find other faults."""
        return bool(names) and (bool(self.faults) or self.reader is None or self.reader.has_taken(names))

    def break_off(self, line: int, why: str) -> None:
        """Take the whole of it for unusable."""
        self.broken = True
        self.faults.append(Fault(line, f"{why}. {_AGAIN}"))


# writing


def jsonl(facts: Sequence[Attendance]) -> Iterator[str]:
    """The lines of a file: what it is, then a fact a line."""
    yield json.dumps({"format": NAME, "version": VERSION, "facts": len(facts)})
    for fact in facts:
        yield json.dumps(dict(zip(COLUMNS, row_of(fact), strict=True)), ensure_ascii=False)


def is_export(data: bytes) -> bool:
    """Whether a file is an earlier export, which a new one may replace."""
    first = data[:_LONGEST].decode("utf-8", "replace").partition("\n")[0]
    return _is_header(_object(first)) or first.rstrip("\r") == ",".join(COLUMNS)


# reading


def read(name: str, lines: Iterable[str], names: Collection[str] = ()) -> Told:
    """The attendance that a text holds, told by its first line as JSON Lines or CSV. `names` are never taken as codes.

    A line with a fault is left out, and the others are read all the same. A list that was cut short, or a text that is
    no list, is broken as a whole.
    """
    lines = iter(lines)
    first = next(lines, "").removeprefix("\ufeff")
    is_json = first.lstrip().startswith("{")
    reader = Reader(names, None if is_json else _of_cells)
    told = Told(name, reader=reader)
    (_read_jsonl if is_json else _read_csv)(told, first, lines, reader)
    return told


def _read_jsonl(told: Told, first: str, lines: Iterator[str], reader: Reader) -> None:
    if not _is_header(_object(first)):
        return told.break_off(1, f"this is no list of attendance: its first line does not say “{NAME}”")
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
                return told.break_off(number, "another version of supervision-notes wrote this")
            announced += found["facts"]
        elif line.strip() and not found and not line.endswith(("\r", "\n")):
            return told.break_off(number, "this line ends in the middle, so the file was cut")
        elif line.strip():
            values = [found.get(column, ...) for column in COLUMNS]
            told.faults.append(Fault(number, reader.wrong(values) if found else f"this line is no fact. {_AGAIN}"))
    here = len(told.facts) + len(told.faults)
    if here != announced:
        facts = "1 fact is" if announced == 1 else f"{announced} facts are"
        told.break_off(number, f"{facts} announced and {here} found, so the file was cut or changed")


def _read_csv(told: Told, first: str, lines: Iterator[str], reader: Reader) -> None:
    between = max(",;\t", key=first.count)
    rows = csv.reader(chain([first], lines), delimiter=between, strict=True)
    try:
        titles = next(rows, [])
        if lacking := [column for column in COLUMNS if column not in titles]:
            names = listed(lacking, "and")
            return told.break_off(1, f"this is no list of attendance: its first line does not name {names}")
        if len(titles) > len(COLUMNS):
            return told.break_off(1, "there are columns that are not ours, and words are never read: take them away")
        of_columns = itemgetter(*map(titles.index, COLUMNS))
        for cells in filter(None, rows):
            try:
                if len(cells) != len(COLUMNS):
                    raise ValueError
                told.facts.append(reader.fact(of_columns(cells)))
                told.lines.append(rows.line_num)
            except ValueError:
                values = of_columns([*cells, *[""] * len(COLUMNS)])
                told.faults.append(Fault(rows.line_num, reader.wrong(values)))
    except csv.Error:
        told.break_off(rows.line_num, "this line, and what comes after it, cannot be read as CSV")


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
    """Makes facts of rows. What was found right once is known again, and most of a row is like that of others.

    `spelt` turns a row that stands for its values into the values; in JSON they are what they are.
    """

    def __init__(self, names: Collection[str] = (), spelt: Callable[[Row], Row] | None = None) -> None:
        schema = shipped_kinds()["session"].fields
        choices = {key: frozenset(schema[key].schema["enum"]) for key in ("type", "outcome", "approach", "mode")}
        absent = {"apologies", "did-not-attend"}  # in a group, of one person alone
        self._streams: Mapping[str, str] = schema["type"].schema["x-streams"]

        def is_code(value: Any) -> bool:
            return isinstance(value, str) and bool(_CODE.fullmatch(value)) and normal(value) not in names

        self._checks: Mapping[str, tuple[Callable[[Any], bool], str]] = {
            "session": (self._is_id, "the id of a record, as in 2026-09-29-se201, with no name in it"),
            "digest": (_is_digest, "sha256: and 64 signs, or nothing"),
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
        self._spelt = spelt
        self._names = _in_ids(names)
        self._builds: dict[str, bool] = {}
        self._people: dict[Any, str] = {}
        self._leaders: dict[Any, str | None] = {}
        self._days: dict[Any, str] = {}
        self._common: dict[Any, tuple[Any, ...]] = {}

    def fact(self, row: Row) -> Attendance:
        """The fact that a row is; ValueError or TypeError where it is none."""
        session, digest, person, supervisor, day = row[_OWN_PART]
        common = row[_COMMON_PART]
        key = common if self._spelt else (common, *map(type, common))  # for True is 1 otherwise
        rest = self._common.get(key) or self._learn(row, key)
        try:
            who, led, on = self._people[person], self._leaders[supervisor], self._days[day]
        except KeyError:
            who = self._people[person] = self._checked("person", person)
            led = self._leaders[supervisor] = self._checked(
                "supervisor", supervisor or None if self._spelt else supervisor
            )
            on = self._days[day] = self._checked("date", day)
        if not (_is_digest(digest) and self._is_id(session)):
            raise ValueError
        return _made(Attendance, (who, on, *rest, led, session, digest))

    def takes(self, fact: Attendance) -> bool:
        """Whether a fact is told in codes and choices alone, so that another workspace will take it."""
        try:
            self.fact(row_of(fact))
        except ValueError:
            return False
        return True

    def has_taken(self, names: Collection[str]) -> bool:
        """Whether one of some names was taken for a code, or stands in what was taken for an id."""
        codes = {*self._people, *self._leaders, *(rest[_GROUP] for rest in self._common.values())}
        ids = {word for build, known in self._builds.items() if known for word in words_of(build)}
        return not {*names}.isdisjoint(map(normal, filter(None, codes))) or not ids.isdisjoint(_in_ids(names))

    def wrong(self, row: Row) -> str:
        """What is wrong with a row, told by its first wrong column."""
        for value, (column, (is_right, wanted)) in zip(self._values(row), self._checks.items(), strict=False):
            if not is_right(value):
                return f"{column} is {wanted}; this fact is not counted. {_AGAIN}"
        return f"this line holds more than a fact, or less, and is not counted. {_AGAIN}"

    def _is_id(self, value: Any) -> bool:
        """Whether a value is an id, and no word of it a name. Most ids differ from others in digits alone."""
        if not isinstance(value, str):
            return False
        build = value.strip(_AROUND_WORDS)  # as in 2026-09-29-se201
        if not build.isalpha() or len(value) > _LONGEST_ID:
            build = value.translate(_WITHOUT_DIGITS)
        known = self._builds.get(build)
        if known is None:
            known = self._builds[build] = bool(_ID.fullmatch(build)) and words_of(build).isdisjoint(self._names)
        return known

    def _values(self, row: Row) -> Row:
        return self._spelt(row) if self._spelt else row

    def _learn(self, row: Row, key: Any) -> tuple[Any, ...]:
        values = self._values(row)[_COMMON_PART]
        for column, value in zip(_COMMON, values, strict=True):
            self._checked(column, value)
        said = dict(zip(_COMMON, values, strict=True))
        rest = Attendance("", "", stream=self._streams[said["type"]], **said)[2:-3]
        self._common[key] = rest
        return rest

    def _checked(self, column: str, value: Any) -> Any:
        if not self._checks[column][0](value):
            raise ValueError(column)
        return value


def _in_ids(names: Collection[str]) -> frozenset[str]:
    """The names that no id may hold. The letters of codes, such as SE, are none."""
    return frozenset(name for name in names if len(name) > 2 or not name.isascii())


def _of_cells(cells: Row) -> Row:
    """The values that the cells of CSV stand for."""
    return tuple(map(_of_cell, COLUMNS, cells))


def _of_cell(column: str, cell: str) -> Any:
    if not cell:
        return "" if column == "digest" else None
    if column in ("minutes", "size", "contracted"):
        return int(cell) if _WHOLE.fullmatch(cell) else cell
    return _YES_NO.get(cell, cell) if column in ("led_by_peer", "signed") else cell


def kept_row(fact: Attendance) -> Row:
    """A fact as a database keeps it: what it has in common with others is one text, and its key has no gaps."""
    row = row_of(fact)
    return (*row[:3], row[3] or "", row[4], json.dumps(row[_COMMON_PART]))


def of_kept_row(row: Row) -> Row:
    """The values that such a row stands for."""
    try:
        common = json.loads(row[-1])
    except (ValueError, TypeError, RecursionError):  # others may have made the table, with columns of another type
        common = None
    return (*row[:3], row[3] or None, row[4], *(common if isinstance(common, list) else [...] * len(_COMMON)))


def _is_digest(value: Any) -> bool:
    """A fingerprint, or nothing."""
    if not isinstance(value, str):
        return False
    return not value or (len(value) == 71 and value.rstrip(_HEX) == "sha256:")


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
