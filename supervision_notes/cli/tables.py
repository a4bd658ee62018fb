"""Answers as a table for a person, or as JSON or CSV for a program."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any, Literal, NamedTuple, get_args

from .excerpt import Cell, columns, escaped, visible
from .terminal import Paper, fold

Format = Literal["table", "json", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
_GAP = "  "
_PLAIN: Mapping[str, Any] = {}
_NARROW, _NARROWEST, _NEVER = 20, 6, 10_000
# Where a spreadsheet would take what follows for a formula, in whichever width it is written. One that is set to
# semicolons, as many outside English are, sees a cell of its own behind each of them, and behind a line's end.
_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[;\r\n]))(?=[^\S\r\n]*[=+\-@＝＋－＠])")


class Column(NamedTuple):
    """A column of a table, and how it gives way on a narrow terminal: down to a width, or to lines of its own below."""

    title: str
    least: int = 0
    below: bool = False
    named: bool = False
    """Whether its title stands before what goes below, which could not be told apart without it."""


class Painted(NamedTuple):
    """A cell with a colour."""

    text: str
    colour: str


def table(titles: Sequence[Column], rows: Iterable[Sequence[str | Painted]], on: Paper) -> Iterator[str]:
    """The lines of a table. A column that is empty in every row is left out."""
    given = list(rows)
    used = [n for n in range(len(titles)) if any(map(_text, (row[n] for row in given)))]
    shown = cache(_shown)  # most words of a long table stand in it many times
    cells = [[shown(_text(row[n])) for n in used] for row in given]
    styles = [[_style(row[n]) for n in used] for row in given] if on.colour else [[_PLAIN] * len(used)] * len(given)
    heads = [titles[n] for n in used]
    widths = [max([columns(head.title), *(row[n].width for row in cells)]) for n, head in enumerate(heads)]
    beside, below = list(range(len(heads))), []
    fits = on.width is None or _across(widths) <= on.width
    if on.width is not None and not fits:
        below = [n for n in beside if heads[n].below]
        beside = [n for n in beside if n not in below]
        widths = _narrowed([heads[n] for n in beside], [widths[n] for n in beside], on.width)
    yield _line([shown(heads[n].title) for n in beside], [{"bold": True}] * len(beside), widths, on)
    for row, style in zip(cells, styles, strict=True):
        if fits:
            yield _line(row, style, widths, on)
            continue
        folded = [fold(row[n].text, width) for n, width in zip(beside, widths, strict=True)]
        for line in zip_longest(*folded, fillvalue=""):
            yield _line([*map(shown, line)], [style[n] for n in beside], widths, on)
        indent = " " * (widths[0] + len(_GAP))
        for words in (f"{_name(heads[n])}{row[n].text}" for n in below if row[n].text):
            yield from (f"{indent}{part}" for part in fold(words, max((on.width or 0) - len(indent), _NARROW)))


def _shown(text: str) -> Cell:
    tidy = " ".join(visible(text).split())
    return Cell(tidy, columns(tidy))


def _name(head: Column) -> str:
    return f"{head.title[:1].lower()}{head.title[1:]}: " if head.named else ""


def _across(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _narrowed(heads: Sequence[Column], widths: Sequence[int], width: int) -> list[int]:
    """Widths that fit: columns that may give way do so first, the widest before the others."""
    found = list(widths)
    for least in ([head.least or _NEVER for head in heads], [_NARROWEST] * len(heads)):
        while _across(found) > width:
            widest = max((n for n, room in enumerate(found) if room > least[n]), key=found.__getitem__, default=None)
            if widest is None:
                break
            found[widest] -= 1
    return found


def _text(cell: str | Painted) -> str:
    return cell if isinstance(cell, str) else cell.text


def _style(cell: str | Painted) -> Mapping[str, Any]:
    return _PLAIN if isinstance(cell, str) or not cell.colour else {"fg": cell.colour}


def _line(cells: Sequence[Cell], styles: Sequence[Mapping[str, Any]], widths: Sequence[int], on: Paper) -> str:
    parts = [
        f"{on.paint(text, **style) if style else text}{' ' * (width - taken)}"
        for (text, taken), style, width in zip(cells, styles, widths, strict=True)
    ]
    return _GAP.join(parts).rstrip()


def as_json(objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A list, with an object a line."""
    lines = [escaped(json.dumps(one, ensure_ascii=False)) for one in objects]
    yield "[" if lines else "[]"
    yield from (f"{line}," for line in lines[:-1])
    yield from lines[-1:]
    if lines:
        yield "]"


def as_csv(keys: Sequence[str], objects: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Comma-separated values with a header. No cell can start a formula in a spreadsheet."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(keys)
    for one in objects:
        writer.writerow([_cell(one.get(key)) for key in keys])
    yield from file.getvalue().removesuffix("\n").split("\n")


def _cell(value: Any) -> str:
    """A value as a cell: a list with commas, yes or no, and an apostrophe before what would start a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    elif isinstance(value, dict):
        value = ", ".join(f"{key}: {part}" for key, part in value.items())
    return "" if value is None else _FORMULA.sub("'", str(value))
