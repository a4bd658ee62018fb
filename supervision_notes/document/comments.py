"""Guidance in a text: what stands between `<!--` and `-->`, outside code.

A comment is our own rule, not Markdown's: it may hold empty lines, words after `-->` count, and one that is opened
again before it is closed was never closed. It is replaced by spaces, so that every other word keeps its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ..mistakes import text as mistakes
from ..problem import Problem, Span
from .source import Words

_FENCE = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]?)*(?P<sign>`{3,}(?=[^`]*$)|~{3,})")
_SIGN, _RUN = re.compile(r"<!--|`+"), re.compile("`+")


@dataclass(frozen=True, slots=True)
class Comment:
    """The words inside a comment, and the place of the whole comment; `facts` where it stands behind a `#`."""

    words: Words
    span: Span
    facts: bool = False


class Masked(NamedTuple):
    """Lines in which comments are spaces, the comments, and what is wrong with them."""

    lines: list[str]
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()
    unclosed: tuple[int, ...] = ()
    """Rows that open a block of code without an end."""


def mask(lines: list[str], place: tuple[tuple[int, int], ...] | None = None, first: int = 1) -> Masked:
    """Take the comments out of lines, of which the first is line `first` of the file (or each has its `place`)."""
    if not any("<!--" in line or "```" in line or "~~~" in line for line in lines):
        return Masked(lines)
    return _Masking(list(lines), place or tuple((first + n, 1) for n in range(len(lines)))).run()


def without_code(text: str) -> str:
    """A text in which code is spaces, so that what is searched for is found outside it, in its place."""
    if "`" not in text and "~~~" not in text:
        return text
    lines = text.split("\n")
    masking = _Masking(lines, tuple((n, 1) for n in range(len(lines))), code=True)
    return "\n".join(masking.run().lines)


@dataclass
class _Masking:
    lines: list[str]
    place: tuple[tuple[int, int], ...]
    code: bool = False
    """Whether code is what is masked, and comments stay."""
    holes: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    """What becomes spaces on each row, when all is known."""
    unclosed: dict[str, int] = field(default_factory=dict)
    """The sign of a block of code that is never closed, and its length: a longer one is not closed either."""

    def run(self) -> Masked:
        comments: list[Comment] = []
        problems: list[Problem] = []
        unclosed: list[int] = []
        row, column = 0, 0
        while row < len(self.lines):
            line = self.lines[row]
            if column == 0 and (sign := _FENCE.match(line)):
                if (end := self._closes(row, sign["sign"])) is not None:
                    self._blank_code(row, 0, end, len(self.lines[end]))
                    row = end + 1
                    continue
                unclosed.append(row)
                if len(unclosed) == 1:
                    span = self._span(row, sign.start("sign"), row, len(line.rstrip()))
                    problems.append(mistakes.unclosed_code(span))
            found = _SIGN.search(line, column)
            if found is None:
                row, column = row + 1, 0
            elif found[0] == "<!--" and self.code:
                column = found.end()
            elif found[0] == "<!--":
                row, column, comment = self._comment(row, found.start())
                if comment is None:
                    problems.append(mistakes.unclosed_comment(self._span(row, found.start(), row, found.end())))
                else:
                    comments.append(comment)
            else:
                row, column = self._code_span(row, found.end(), found[0])
        for row, holes in self.holes.items():
            self.lines[row] = _with_holes(self.lines[row], holes)
        return Masked(self.lines, tuple(comments), tuple(problems), tuple(unclosed))

    def _span(self, row: int, column: int, end_row: int, end_column: int) -> Span:
        (line, start), (end_line, end) = self.place[row], self.place[end_row]
        return Span(line, start + column, end_line, end + end_column)

    def _closes(self, opened: int, sign: str) -> int | None:
        """The row that closes the block of code opened at a row by `sign`."""
        if len(sign) >= self.unclosed.get(sign[0], len(sign) + 1):
            return None
        ends = re.compile(rf"[ \t]*(?:>[ \t]?)*{re.escape(sign[0])}{{{len(sign)},}}[ \t]*$")
        closed = next((row for row in range(opened + 1, len(self.lines)) if ends.match(self.lines[row])), None)
        if closed is None:
            self.unclosed[sign[0]] = len(sign)
        return closed

    def _code_span(self, row: int, column: int, sign: str) -> tuple[int, int]:
        """Past the code between two equal runs of backticks in one paragraph; past the run alone if it has no equal."""
        equal, following = self._runs[len(sign)], bisect_left(self._empty, row)
        behind = self._empty[following] if following < len(self._empty) else len(self.lines)
        found = bisect_left(equal, (row, column))
        if found == len(equal) or equal[found][0] >= behind:
            return row, column
        end_row, end = equal[found]
        self._blank_code(row, column, end_row, end)
        return end_row, end + len(sign)

    @cached_property
    def _runs(self) -> Mapping[int, list[tuple[int, int]]]:
        """The row and column of every run of backticks, by its length: looked for once, however many there are."""
        runs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for row, line in enumerate(self.lines):
            for run in _RUN.finditer(line):
                runs[len(run[0])].append((row, run.start()))
        return runs

    @cached_property
    def _empty(self) -> list[int]:
        """The rows between paragraphs."""
        return [row for row, line in enumerate(self.lines) if not line.strip()]

    def _blank_code(self, row: int, column: int, end_row: int, end: int) -> None:
        for here in range(row, end_row + 1) if self.code else ():
            last = end if here == end_row else len(self.lines[here])
            self.holes.setdefault(here, []).append((column if here == row else 0, last))

    def _comment(self, row: int, column: int) -> tuple[int, int, Comment | None]:
        """The comment opened here, blanked out; without an end, the place after its sign and no comment."""
        start = column + len("<!--")
        here, at = row, start
        while here < len(self.lines):
            line = self.lines[here]
            again = line.find("<!--", at)
            end = line.find("-->", at, again if again >= 0 else len(line))
            if again >= 0 and end < 0:
                break
            if end >= 0:
                return here, end + len("-->"), self._blank(row, column, here, end)
            here, at = here + 1, 0
        return row, start, None

    def _blank(self, row: int, column: int, end_row: int, end: int) -> Comment:
        inner, starts = [], []
        for here in range(row, end_row + 1):
            line = self.lines[here]
            first = column if here == row else 0
            last = end + len("-->") if here == end_row else len(line)
            from_ = first + len("<!--") if here == row else 0
            to = end if here == end_row else len(line)
            inner.append(line[from_:to])
            starts.append((self.place[here][0], self.place[here][1] + from_))
            self.holes.setdefault(here, []).append((first, last))
        span = self._span(row, column, end_row, end + len("-->"))
        return Comment(Words("\n".join(inner), span, tuple(starts)), span)


def _with_holes(line: str, holes: list[tuple[int, int]]) -> str:
    """A line in which some columns are spaces; none at its end, for there they would be a line break in Markdown."""
    pieces, done = [], 0
    for first, last in holes:
        pieces += [line[done:first], " " * (last - first)]
        done = last
    rest = line[done:]
    return "".join([*pieces, rest]) if rest.strip() else "".join(pieces).rstrip()
