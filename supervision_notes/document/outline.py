"""Markdown → outline: the headings and the lists of a text, every one with its place.

Only the block structure is read here; what is inside a paragraph matters when it is printed. Raw HTML, indented code
and link reference definitions are off, for they make words vanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ..mistakes import text as mistakes
from ..problem import Problem, Span
from .source import Words, words_of

DEEPEST = 50
_OFF = ["reference", "code", "html_block", "lheading"]
_BLOCKS = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * DEEPEST}).disable(_OFF).enable("table")
_NESTING = ("bullet_list", "ordered_list", "blockquote")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_TIGHT = re.compile(r" {0,3}(#{1,6})([^#\s].*)$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text. `written` says how: `#` signs, an underline, or signs without the space they need."""

    level: int
    title: str
    span: Span
    written: Literal["signs", "underline", "tight"]
    row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: its first line without the bullet, and the lines that belong to it."""

    line: Words
    rest: Words
    span: Span
    row: int
    end_row: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The body of a text: lines without comments, and what stands on them; rows count from 0 within `lines`."""

    lines: list[str]
    first: int
    headings: tuple[Heading, ...]
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]

    def words(self, row: int, end_row: int) -> Words:
        """The words on some rows."""
        return words_of(self.lines[row:end_row], self.first + row)


def read_outline(lines: list[str], first: int, unclosed: tuple[int, ...] = ()) -> Outline:
    """The outline of lines whose comments are masked; the first is line `first` of the file.

    `unclosed` are rows that open a block of code without an end: they are words here, so that they swallow nothing.
    """
    if deep := _brackets_too_deep(lines, first):
        return Outline(lines, first, (), (), (deep,))
    tokens: list[Token] = []
    seen = [*lines]
    for row in unclosed:
        seen[row] = re.sub("[`~]", ".", seen[row])
    _BLOCKS.block.parse("\n".join(seen).replace("\0", " "), _BLOCKS, {}, tokens)
    reader = _Reader(lines, first)
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type.startswith(_NESTING) else 0
        if depth > DEEPEST:
            row = token.map[0] if token.map else 0
            return Outline(lines, first, (), (), (mistakes.too_deep(reader.span(row, row + 1)),))
    reader.read(tokens)
    return Outline(lines, first, tuple(reader.headings), tuple(reader.items), ())


def _brackets_too_deep(lines: list[str], first: int) -> Problem | None:
    """Brackets and quote signs nested so deep that a reader of Markdown would choke on them."""
    depth = 0
    for number, line in enumerate(lines, first):
        if not line.strip():
            depth = 0
        if "[" not in line and "]" not in line:
            if line.count(">", 0, 200) <= DEEPEST or len(line) - len(line.lstrip("> \t")) <= DEEPEST:
                continue
            if line[: len(line) - len(line.lstrip("> \t"))].count(">") <= DEEPEST:
                continue
            return mistakes.too_deep(Span(number, 1, number, len(line) + 1))
        for sign in re.finditer(r"[\[\]]", line):
            depth = depth + 1 if sign[0] == "[" else max(depth - 1, 0)
            if depth > DEEPEST:
                column = sign.start() + 1
                return mistakes.too_deep(Span(number, column, number, column + 1))
    return None


class _Reader:
    def __init__(self, lines: list[str], first: int) -> None:
        self.lines, self.first = lines, first
        self.headings: list[Heading] = []
        self.items: list[Item] = []

    def span(self, row: int, end_row: int) -> Span:
        return words_of(self.lines[row:end_row], self.first + row).span

    def read(self, tokens: list[Token]) -> None:
        """Take headings and list items of the outermost level; what is inside a quote or an item stays its own."""
        for n, token in enumerate(tokens):
            if token.map is None:
                continue
            row, end_row = token.map
            if token.type == "heading_open" and token.level == 0:
                self._add(int(token.tag[1]), tokens[n + 1].content, "signs", row, end_row)
            elif token.type == "list_item_open" and token.level == 1:
                self._item(row, end_row)
            elif token.type == "paragraph_open" and token.level == 0:
                after = tokens[n + 3] if n + 3 < len(tokens) else None
                ruled = after is not None and after.type == "hr" and after.map == [end_row, end_row + 1]
                self._paragraph(row, end_row, underlined=ruled and self.lines[end_row].strip().strip("-") == "")

    def _paragraph(self, row: int, end_row: int, *, underlined: bool) -> None:
        """Its last line may be a heading by its underline, and any line one that lacks the space after its signs."""
        for here in range(row, end_row):
            if tight := _TIGHT.match(self.lines[here]):
                title = tight[2].rstrip().rstrip("#")
                self._add(len(tight[1]), title, "tight", here, here + 1)
        last = end_row - 1
        if underlined:
            self._add(2, self.lines[last], "underline", last, end_row + 1)
        elif last > row and (line := _UNDERLINE.match(self.lines[last])):
            self._add(1 if line[1][0] == "=" else 2, self.lines[last - 1], "underline", last - 1, end_row)

    def _add(self, level: int, title: str, written: Literal["signs", "underline", "tight"], row: int, end: int) -> None:
        self.headings.append(Heading(level, title.strip(), self.span(row, row + 1), written, row, end))

    def _item(self, row: int, end_row: int) -> None:
        line = self.lines[row]
        bullet = _ITEM.match(line)
        start = bullet.end() if bullet else 0
        first = words_of([line[start:]], self.first + row, [start + 1])
        rest = words_of(self.lines[row + 1 : end_row], self.first + row + 1)
        self.items.append(Item(first, rest, self.span(row, end_row), row, end_row))
