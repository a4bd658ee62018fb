"""A CSV export → what would change in `people.yaml`, and its text with nothing else changed.

Nobody is deleted, no cell becomes syntax, and what can be read in two ways is refused, not guessed. All rows are taken
or none.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from ..dates import LAST_YEAR, read_date, why_no_date
from ..document.facts import ABSENT, is_literal
from ..problem import START, listed
from ..register import Held
from ..registers import PEOPLE, SETTINGS
from .roster import NUMBERS, Roster, Unusable

NUMBER, DAYS = "employee_number", ("start", "leave")
_EMPTY = ABSENT | {"NULL"}  # as databases write it
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_LAST_DAY = "9999"
_COLUMNS = 20  # staff systems have hundreds
_CODE = re.compile(r"\w(?:[\w.-]{0,78}\w)?")
_AS_TEXT = re.compile(r'="(.*)"')  # how spreadsheets keep the noughts before a number
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$")
_NAMED_MONTH = re.compile(r"(\d{1,2})[-/]([A-Za-z]{3,9})[-/](\d{4})")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_CUT_SHORT = re.compile(
    r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE
)  # how spreadsheets show a long number in a narrow column
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


class CannotImport(Exception):
    """The export, or the register, cannot be read as a whole; the message says why."""


class Fault(NamedTuple):
    """What is wrong with a row, in which column, in words that hold nothing of it; the header is row 1."""

    row: int
    column: str
    message: str


class Row(NamedTuple):
    """A row of an export: what it says, by the keys of the mapping; empty cells say nothing.

    `endless`: its last day lies past every year that is known here. Staff systems write so that there is none.
    """

    number: int
    said: Mapping[str, str]
    endless: bool = False


class Change(NamedTuple):
    """What a row changes in somebody's line; `before` is None for somebody who is new."""

    code: str
    row: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


class Import(NamedTuple):
    """What an export would change, who of the register is not in it, and what is wrong with it.

    `register` is the new content of `people.yaml`: the old one where something is wrong. `endless` counts the rows
    whose last day was taken for none.
    """

    changes: tuple[Change, ...]
    gone: tuple[str, ...]
    faults: tuple[Fault, ...]
    register: bytes
    endless: int = 0


def imported(export: bytes, register: bytes, mapping: Mapping[str, str], today: date) -> Import:
    """What an export would change in a register, by the mapping of keys to columns in `supervision.yaml`.

    From `today` on a new employee number holds; the one before it ends the day before.
    """
    rows, faults = read_rows(export, mapping)
    try:
        roster = Roster.read(register)
    except Unusable:
        raise CannotImport(f"{PEOPLE} has errors: mend them first (`check` names them)") from None
    about = list(_changes(rows, roster, today, faults))
    changes = {change.code: change for change in about if change.before != change.after}
    named = {change.code for change in about}
    gone = tuple(code for code, said in roster.people.items() if code not in named and not said.get("leave"))
    if not faults:
        roster, refused = roster.amended({code: change.after for code, change in changes.items()})
        columns = {**mapping, NUMBERS: mapping.get(NUMBER, "")}
        faults += (Fault(changes[code].row, columns.get(key, ""), message) for code, key, message in refused)
    data, endless = register if faults else roster.data, sum(row.endless for row in rows)
    return Import(tuple(changes.values()), gone, tuple(sorted(faults)), data, endless)


# the export


def read_rows(data: bytes, mapping: Mapping[str, str]) -> tuple[list[Row], list[Fault]]:
    """The rows of an export that say something, and what cannot be read in them."""
    columns = {key: _evened(column) for key, column in mapping.items() if key != "dates"}
    if not {"code", NUMBER} & columns.keys():
        raise CannotImport(
            "the mapping names no column of codes and none of employee numbers, so nobody can be found: name one with "
            f"code: or employee_number: under import: in {SETTINGS}"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotImport("the export is not UTF-8 text: save it as “CSV UTF-8”") from None
    header, table, faults = _table(text, columns, mapping)
    dates = mapping.get("dates")
    rows = []
    for number, cells in table:
        if len(cells) < len(header) or any(map(str.strip, cells[len(header) :])):
            faults.append(Fault(number, "", _of_another_length(len(cells), len(header))))
            continue
        said = {key: cell for key, column in columns.items() if (cell := _cell(cells[header.index(column)]))}
        if endless := _is_no_end(said.get("leave", ""), dates):
            del said["leave"]
        unreadable = dict(_unreadable(said, dates))
        faults += (Fault(number, mapping[key], message) for key, message in unreadable.items())
        days = {key: _day(cell, dates) for key, cell in said.items() if key in DAYS}
        if NUMBER not in unreadable:  # else it would be told as well that nobody has that number
            rows.append(Row(number, said | days, endless))
    return rows, faults


Table = list[tuple[int, list[str]]]


def _table(text: str, columns: Mapping[str, str], mapping: Mapping[str, str]) -> tuple[list[str], Table, list[Fault]]:
    """The header and the numbered rows below it, separated by the sign that finds every column; and what is broken."""
    tried: list[tuple[list[str], list[str]]] = []
    for separator in ",;\t":
        rows, faults = _separated(text, separator)
        header = [_evened(cell) for cell in rows[0][1]] if rows else []
        lacking = [mapping[key] for key, column in columns.items() if column not in header]
        if not lacking:
            if twice := next((mapping[key] for key, column in columns.items() if header.count(column) > 1), None):
                raise CannotImport(f"the export has two columns called “{twice}”: give one of them another name")
            return header, rows[1:], faults
        tried.append((lacking, rows[0][1] if rows else []))
    missing, there = min(tried, key=lambda one: (len(one[0]), -len(one[1])))
    way_out = "export it with that column, or correct the name there"
    said = f"which import: in {SETTINGS} names: {way_out}"
    it_has = f". Its columns are {_quoted(there)}" if there else ""
    raise CannotImport(f"the export has no column called {_quoted(missing)}, {said}{it_has}")


def _quoted(columns: Sequence[str]) -> str:
    """Columns by their names, the first ones of many."""
    more = len(columns) - _COLUMNS
    names = [f"“{' '.join(column.split())}”" for column in columns[:_COLUMNS]]
    return listed([*names, f"{more} more"] if more > 0 else names, "and")


def _separated(text: str, separator: str) -> tuple[Table, list[Fault]]:
    """The rows that are not empty, each with its number, up to one that cannot be read."""
    rows: Table = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        rows += ((number, cells) for number, cells in enumerate(reader, 1) if any(map(str.strip, cells)))
    except csv.Error:
        number = rows[-1][0] + 1 if rows else 1
        why = "a quote is opened and never closed, so nothing from here on can be read: close it, or export it again"
        return rows, [Fault(number, "", why)]
    return rows, []


def _of_another_length(number: int, wanted: int) -> str:
    way_out = "look for a comma or a line end in a cell without quotes around it, and export it again"
    return f"this row has {number} cell{'' if number == 1 else 's'}, and the header has {wanted}: {way_out}"


def _evened(text: str) -> str:
    return " ".join(text.split()).casefold()


def _cell(text: str) -> str:
    text = " ".join(text.split())
    if as_text := _AS_TEXT.fullmatch(text):
        text = as_text[1].strip()
    return "" if text in _EMPTY else text


def _unreadable(said: Mapping[str, str], dates: str | None) -> Iterator[tuple[str, str]]:
    for key, text in said.items():
        if not is_literal(text) or "<!--" in text:
            yield key, "a sign in this cell cannot stand in the register: type it anew, without <!-- and control signs"
        elif key == NUMBER and _CUT_SHORT.fullmatch(text):
            yield key, "the spreadsheet has cut this number short: format the column as text there, and export it again"
        elif key in DAYS and not _day(text, dates):
            yield key, _why_no_day(text, dates)


def _day(text: str, dates: str | None) -> str:
    """A date as ISO text, as the mapping says that dates are written; empty where it is none, or may be two."""
    text = _NAMED_MONTH.sub(r"\1 \2 \3", _MIDNIGHT.sub("", text))
    if read_date(text) or dates == "iso":
        return text if read_date(text) else ""
    if dates == "day-first" and (found := _DAY_FIRST.fullmatch(text)):
        day, month, year = map(int, found.groups())
        return text if read_date(text := f"{year:04}-{month:02}-{day:02}") else ""
    # What can be read in one way only; never a year of two digits, which may be of another century.
    mending = why_no_date(text, START).fix if re.search(r"\d{4}", text) else None
    return mending.text if mending and read_date(mending.text) else ""


def _is_no_end(text: str, dates: str | None) -> bool:
    """Whether a last day is a day of a year that is too late to mean one, as 31/12/4712 or 9999-12-31 is."""
    year = _YEAR.search(text)
    return bool(year and int(year[0]) > LAST_YEAR and _day(_YEAR.sub("2000", text, count=1), dates))


def _why_no_day(text: str, dates: str | None) -> str:
    if dates is None and why_no_date(text, START).rule == "ambiguous-date":
        return "this date can be read in two ways: say  dates: day-first  under import: in supervision.yaml"
    such = "14/10/2026" if dates == "day-first" else "2026-10-14"
    return f"this is no date{f' that is written {dates}' if dates else ''}: write it such as {such}"


# what changes


def _changes(rows: Sequence[Row], roster: Roster, today: date, faults: list[Fault]) -> Iterator[Change]:
    """What each row says of whom; two rows may say the same of one person, and nothing else."""
    seen: dict[str, Row] = {}
    for row in rows:
        try:
            code = _whose(row, roster, str(today))
        except _Nobody as why:
            faults.append(Fault(row.number, "", str(why)))
            continue
        other = seen.setdefault(code.casefold(), row)
        if other.said != row.said:
            message = f"row {other.number} is about the same person, and says something else: keep one of the two"
            faults.append(Fault(row.number, "", message))
        elif other is row:
            before = roster.people.get(code)
            yield Change(code, row.number, before, _after(before or {}, row.said, today))


class _Nobody(Exception):
    """Nobody can say whom a row is about; the message says why."""


def _whose(row: Row, roster: Roster, today: str) -> str:
    """The code of the person whom a row is about: by the code, else by the employee number, else of somebody new."""
    typed, number = row.said.get("code", ""), row.said.get(NUMBER, "")
    if known := roster.spelt(typed):
        return known
    held = roster.register.numbers.get(number, ())
    if typed:
        if other := next((one.code for one in held if one.first <= today <= one.last), None):
            why = f"this employee number is that of {other}, and the row has a code that is new"
            raise _Nobody(f"{why}: {_write_the_code(other)}")
        if not _CODE.fullmatch(typed):
            raise _Nobody("this is no code: write letters and digits, 80 at most and no space, as in SE-201")
        return typed
    if not held:
        found = "the register has nobody with this employee number" if number else "there is no employee number"
        raise _Nobody(f"{found}, and no code: write one, or add the person to {PEOPLE} first")
    return _holder(row, held, roster, today)


def _holder(row: Row, held: Sequence[Held], roster: Roster, today: str) -> str:
    """The one who holds a number on the day. It may have been given to somebody new since another had it."""
    codes = {one.code for one in held if one.first <= today <= one.last}
    if not codes:
        others = listed(sorted({f"{one.code}'s" for one in held}), "and")
        raise _Nobody(f"on {today} nobody has this employee number, on other days it is {others}: write the code")
    if len(codes) > 1:
        raise _Nobody("more than one person in the register has this employee number: write the code")
    code = codes.pop()
    left = roster.people[code].get("leave")
    # An export that still lists who left says the same last day.
    if left and left < today and row.said.get("leave") != left:
        raise _Nobody(f"this employee number is that of {code}, who left on {left}: {_write_the_code(code)}")
    return code


def _write_the_code(holder: str) -> str:
    return f"write the code {holder}, or for somebody else end the number in {PEOPLE} first"


def _after(before: Mapping[str, Any], said: Mapping[str, str], today: date) -> dict[str, Any]:
    """Somebody's line after a row: what the row says, and of everything else what stood there."""
    after = dict(before)
    for key, cell in said.items():
        if key == NUMBER:
            after[NUMBERS] = _numbers(before.get(NUMBERS, ()), cell, today)
        elif key == "eligible":
            after[key] = _YES_NO.get(cell.lower(), cell)
        elif key != "code":
            after[key] = cell
    if after.get("eligible") is True and "eligible" not in before:
        del after["eligible"]
    return after


def _numbers(before: Sequence[Mapping[str, str]], number: str, today: date) -> list[dict[str, str]]:
    """Somebody's employee numbers when this is the present one: one that it takes the place of ended the day before."""
    entries = [dict(entry) for entry in before]
    present = [entry for entry in entries if entry.get("until", _LAST_DAY) >= str(today)]
    if number in [entry["number"] for entry in present]:
        return entries
    for entry in present:
        entry.setdefault("until", max(entry.get("from", ""), str(today - timedelta(days=1))))
    return [*entries, {"number": number, "from": str(today)} if entries else {"number": number}]
