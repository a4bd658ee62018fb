"""A text and its places: lines end at LF, CRLF or CR, and columns count characters from 1."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from ..problem import Span

_LINE_END = re.compile(r"\r\n?|\n")
RECORD_LINK = re.compile(r"\[\[(\w[-.\w]{0,79})(?:#([A-Za-z]\d{1,6}))?\]\]")
"""`[[record-id]]` and `[[record-id#A2]]` in words."""


@dataclass(frozen=True)
class Source:
    """The whole text of a file, without its byte order mark."""

    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends. Only LF, CRLF and CR end one: other signs belong to the words."""
        return _LINE_END.split(self.text)

    @cached_property
    def starts(self) -> list[int]:
        """Where in the text each line starts."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of the character at `offset`."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """From one offset to another, ending with the last word between them."""
        if not self.text[end - 1 : end].strip():
            end = start + len(self.text[start:end].rstrip())
        starts = self.starts
        line = last = bisect_right(starts, start)
        if line < len(starts) and end >= starts[line]:
            last = bisect_right(starts, end)
        return Span(line, start - starts[line - 1] + 1, last, end - starts[last - 1] + 1)

    def words(self, span: Span) -> str:
        """The words at a place."""
        return self.text[self.offset(span.line, span.column) : self.offset(span.end_line, span.end_column)]

    def offset(self, line: int, column: int) -> int:
        """The offset of a place."""
        return self.starts[line - 1] + column - 1


class Words(NamedTuple):
    """A run of the writer's words, and where each of its lines starts.

    Where the lines are not known one by one (a folded YAML text), every part of the words is placed at the whole.
    """

    text: str
    span: Span
    starts: tuple[tuple[int, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def part(self, start: int, end: int) -> Span:
        """The place of the characters from `start` to `end`."""
        if not self.starts:
            return self.span
        return Span(*self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        lines = _lines_of(self.text)
        row = bisect_right(lines, offset) - 1
        line, column = self.starts[row]
        return line, column + offset - lines[row]


@lru_cache(maxsize=16)
def _lines_of(text: str) -> list[int]:
    """Where in some words each line starts: asked many times of the same words, one after the other."""
    return [0, *(end.end() for end in re.finditer("\n", text))]


def words_of(lines: list[str], first: int, columns: list[int] | None = None) -> Words:
    """The words on `lines`, of which the first is line number `first`; empty lines around them are left out."""
    from_, to = 0, len(lines)
    while from_ < to and not lines[from_].strip():
        from_ += 1
    while to > from_ and not lines[to - 1].strip():
        to -= 1
    kept = lines[from_:to]
    if not kept:
        return Words("", Span(first, 1, first, 1))
    kept[-1] = kept[-1].rstrip()
    starts = [(first + from_ + n, columns[from_ + n] if columns else 1) for n in range(len(kept))]
    lead = len(kept[0]) - len(kept[0].lstrip())
    kept[0] = kept[0][lead:]
    starts[0] = (starts[0][0], starts[0][1] + lead)
    last_line, last_column = starts[-1]
    span = Span(*starts[0], last_line, last_column + len(kept[-1]))
    return Words("\n".join(kept), span, tuple(starts))
