"""A table of people (CSV) → what is asked for each of them: one row, one record.

Tables come from spreadsheets: a byte order mark, CRLF, semicolons or tabs between the cells, quoted cells and empty
rows are all taken as they come. What cannot be taken is said row by row, all of it at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import NamedTuple

from ..kind import Kind, nearest
from ..problem import did_you_mean, listed
from .forms import third_of

PERSON, SUPERVISOR = "for", "supervisor"
_SIGNS = (";", "\t", ",")
_OURS = ("kind", "sections")


class Unusable(Exception):
    """A table cannot be used; each of `said` is a sentence about it or about one of its rows."""

    def __init__(self, *said: str) -> None:
        super().__init__(*said)
        self.said = said


class Row(NamedTuple):
    """A row as a spreadsheet numbers it, for whom it is, with whom, the facts that it gives, and further parties."""

    number: int
    person: str
    supervisor: str | None
    answers: Mapping[str, str]
    third: Mapping[str, str]


def read_cohort(data: bytes, kind: Kind) -> list[Row]:
    """The rows of a table whose first line names facts of a kind, `for` among them. Raises Unusable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable("this table is not UTF-8: save it as “CSV UTF-8” and try again") from None
    try:
        cells = csv.reader(StringIO(text, newline=""), delimiter=_sign(text), strict=True)
        rows = [[cell.strip() for cell in row] for row in cells]
    except csv.Error:
        raise Unusable("this table cannot be read: is there a cell in quotes that does not end?") from None
    columns = [name.lower() for name in rows[0]] if rows else []
    wrong = list(_wrong_columns(columns, kind))
    if wrong:
        raise Unusable(*wrong)
    filled = [(number, row) for number, row in enumerate(rows[1:], 2) if any(row)]
    faults = list(_wrong_rows(columns, filled))
    if faults or not filled:
        raise Unusable(*(faults or ["this table has no row but the one that names its columns"]))
    return [_row(number, dict(zip(columns, row, strict=False)), third_of(kind)) for number, row in filled]


def facts_of(kind: Kind) -> list[str]:
    """The facts of a kind that a writer may fill in."""
    return [key for key, field in kind.fields.items() if not field.shape and key not in _OURS]


def _sign(text: str) -> str:
    """What stands between the cells: the sign that its first line has most of."""
    first = next(iter(text.splitlines()), "")
    return max(_SIGNS, key=first.count)


def _wrong_columns(columns: list[str], kind: Kind) -> Iterator[str]:
    known = [PERSON, SUPERVISOR, *third_of(kind), *facts_of(kind)]
    if PERSON not in columns:
        yield "this table has no column “for”, which names a person's code in each row"
    for name in dict.fromkeys(columns):
        if name and name not in known:
            near = did_you_mean(nearest(name, known))
            yield f"{kind.noun} has no fact for the column “{name}”{near or '; the facts are ' + listed(known, 'and')}"
        elif name and columns.count(name) > 1:
            yield f"the column “{name}” stands there more than once"


def _wrong_rows(columns: list[str], rows: list[tuple[int, list[str]]]) -> Iterator[str]:
    met: dict[tuple[str, str], int] = {}
    for number, row in rows:
        said = dict(zip(columns, row, strict=False))
        whom = (said.get(PERSON, "").casefold(), said.get(SUPERVISOR, "").casefold())
        if any(row[len(columns) :]) or said.get(""):
            yield f"row {number}: there are more cells than columns"
        elif not whom[0]:
            yield f"row {number}: nobody is named under “for”"
        elif whom in met:
            yield f"row {number}: {said[PERSON]} stands in row {met[whom]} already"
        met.setdefault(whom, number)


def _row(number: int, said: dict[str, str], roles: Sequence[str]) -> Row:
    third = {role: said[role] for role in roles if said.get(role)}
    answers = {key: cell for key, cell in said.items() if cell and key not in (PERSON, SUPERVISOR, *third)}
    return Row(number, said[PERSON], said.get(SUPERVISOR) or None, answers, third)
