"""Markdown words → safe HTML, for printing.

Safe means: only tags of our own, and links to web and mail addresses. Faithful means: whatever Markdown would swallow
is printed as it was typed: a link that leads elsewhere, a cell beyond the last column, the number of a list's item,
the name of a code block's language. Raw HTML, images, entities, reference links, setext headings and indented code are
off, so their signs are printed as well. Words nested too deep to set are printed as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any
from unicodedata import bidirectional

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, hr, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from .source import RECORD_LINK

DEEPEST = 50
MOST_CELLS = 50_000
# A table that holds a longer word than this breaks words anywhere, lest it run off the sheet.
LONGEST_WORD = 24
# One with more columns is set smaller.
MANY_COLUMNS = 7
# A row with so many characters in a cell, times the columns that share the sheet, may run over the end of a page.
TALL = 2500
# A line drawn for a pen is longer than the signs that were typed for it, for a name needs room.
ROOM = 22
_BLANK = re.compile(r"_{4,}")
# Word processors write their lists with these signs, and so do those who copy from one.
_BULLET = re.compile(r"^([ \t>]*)[•·▪◦‣●][ \t]+(?=\S)", re.MULTILINE)
_LINK = re.compile(r"\[([^\[\]]*)\]\(((?:https?://|mailto:)[^\s()<>]+)\)", re.IGNORECASE)


def html(text: str, level: int = 3) -> str:
    """The HTML of a section's words; its highest heading becomes h`level`, and no level below it is skipped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    tokens = _flatten(_MARKDOWN.parse(_listed(text)), text.split("\n"))
    _level_headings(tokens, level)
    _keep_numbers(tokens)
    _turn(tokens)
    return _render(tokens)


def inline(text: str) -> str:
    """The HTML of words that stand in one line: an action, the title of a decision."""
    return _render(_flatten(_MARKDOWN.parseInline(text), text.split("\n")))


def plain(text: str) -> str:
    """The HTML of a fact, which is no Markdown: only its blanks are drawn as lines."""
    return _BLANK.sub(lambda blank: _line(blank[0]), escape(text))


def rule() -> str:
    """A blank that runs on to the margin: room for a signature."""
    return _line("____", " rest")


def _line(blank: str, rest: str = "") -> str:
    return f'<span class="blank{rest}" role="img" aria-label="blank to fill in">{blank}{"_" * ROOM}</span>'


def _listed(text: str) -> str:
    """Lines that start with a bullet are the items of a list; in code they stay as they were typed."""
    if not _BULLET.search(text):
        return text
    code = {row for token in _MARKDOWN.parse(text) if token.type == "fence" and token.map for row in range(*token.map)}
    lines = enumerate(text.split("\n"))
    return "\n".join(line if row in code else _BULLET.sub(r"\1- ", line) for row, line in lines)


def _render(tokens: Sequence[Token]) -> str:
    rendered: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return rendered


# What happens to the tokens between reading and rendering.


def _flatten(tokens: list[Token], lines: list[str]) -> list[Token]:
    """Print as typed what is nested deeper than a page can show."""
    flat: list[Token] = []
    start = 0
    for end, token in enumerate(tokens, 1):
        if token.level or token.nesting > 0:
            continue  # inside a block, or at its opening
        block = tokens[start:end]
        # A list is two levels deep: itself and its item. The words inside are two more.
        if max(part.level for part in block) > 2 * DEEPEST + 2 and block[0].map:
            words = Token("text", "", 0, content="\n".join(lines[slice(*block[0].map)]))
            block = [
                Token("paragraph_open", "p", 1, attrs={"class": "plain"}, block=True),
                Token("inline", "", 0, content=words.content, children=[words]),
                Token("paragraph_close", "p", -1, block=True),
            ]
        for part in block:
            if part.children and max(child.level for child in part.children) > DEEPEST:
                part.children = [Token("text", "", 0, content=part.content)]
        flat += block
        start = end
    return flat


def _level_headings(tokens: list[Token], level: int) -> None:
    """`#` then `###` is what people write; a reader who hears the page needs every level on the way."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1])
            above = [*(number for number in above if number < typed), typed]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(level + len(above) - 1, 6)}"


def _keep_numbers(tokens: list[Token]) -> None:
    """A list that was numbered 1, 3, 7 is printed so; one that was numbered 1, 1, 1 left the counting to us."""
    lists: list[list[Token]] = []
    for token in tokens:
        if token.type in ("ordered_list_open", "bullet_list_open"):
            lists.append([])
            token.attrs.pop("start", None)
        elif token.type == "list_item_open":
            lists[-1].append(token)
        elif token.type == "ordered_list_close":
            items = lists.pop()
            numbers = [int(item.info) for item in items]
            if len(set(numbers)) == 1:
                numbers = [numbers[0] + n for n in range(len(numbers))]
            for item, number, before in zip(items, numbers, [0, *numbers], strict=False):
                if number != before + 1:
                    item.attrSet("style", f"counter-increment: list-item {number - before}")
        elif token.type == "bullet_list_close":
            lists.pop()


def _turn(tokens: list[Token]) -> None:
    """Arabic and Hebrew are set from the right: a block goes by the first of its letters that has a direction."""
    for opening, token in pairwise(tokens):
        if token.type == "inline" and not token.content.isascii():
            ways = (bidirectional(sign) for sign in token.content)
            if next((way for way in ways if way in ("L", "R", "AL")), "L") != "L":
                opening.attrSet("dir", "rtl")


# Our own rules of Markdown.


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line of underscores is a blank to fill, not a rule."""
    line = state.src[state.bMarks[start] : state.eMarks[start]]
    return not _BLANK.search(line) and hr(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A row longer than the head keeps its cells: the head is widened."""
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if silent:
        return True
    columns = len(_cells(state, start))
    width = max([columns, *(len(_cells(state, row)) for row in range(start + 2, state.line))])
    if width * (state.line - start) > MOST_CELLS:  # a square of empty cells, drawn from two long lines
        del state.tokens[first:]
        state.line = start
        return False
    drawn, row = state.tokens[first:], start
    del state.tokens[first:]
    if any(len(word) > LONGEST_WORD for line in range(start, state.line) for word in _text(state, line).split()):
        drawn[0].attrJoin("class", "tight")
    if width > MANY_COLUMNS:
        drawn[0].attrJoin("class", "many")
    for token in drawn:
        if token.type == "tr_open" and max(map(len, _cells(state, row))) * width > TALL:
            token.attrSet("class", "tall")
        if token.type == "tr_close":
            typed = [*_cells(state, row), *[""] * width][columns:width]
            for words in typed:
                state.tokens += _cell("th" if row == start else "td", words, token.level + 1, row)
            row = max(row + 1, start + 2)
        state.tokens.append(token)
    return True


def _text(state: StateBlock, row: int) -> str:
    return state.src[state.bMarks[row] + state.tShift[row] : state.eMarks[row]].strip()


def _cells(state: StateBlock, row: int) -> list[str]:
    cells = escapedSplit(_text(state, row))
    return cells[cells[0] == "" : len(cells) - (len(cells) > 1 and cells[-1] == "")]


def _cell(tag: str, words: str, level: int, row: int) -> list[Token]:
    return [
        Token(f"{tag}_open", tag, 1, level=level, block=True),
        Token("inline", "", 0, level=level + 1, content=words.strip(), children=[], map=[row, row + 1]),
        Token(f"{tag}_close", tag, -1, level=level, block=True),
    ]


def _blank(state: StateInline, silent: bool) -> bool:
    found = _BLANK.match(state.src, state.pos, state.posMax)
    if found and not silent:
        # The space before it is drawn with it: left behind, it can make the line above break after its first word.
        before = state.pending
        state.pending = before.rstrip(" ")
        state.push("blank", "", 0).content = before[len(state.pending) :] + found[0]
    state.pos = found.end() if found else state.pos
    return bool(found)


def _record(state: StateInline, silent: bool) -> bool:
    found = RECORD_LINK.match(state.src, state.pos, state.posMax)
    if found and not silent:
        state.push("record", "", 0).content = " ".join(part for part in found.groups() if part)
    state.pos = found.end() if found else state.pos
    return bool(found)


def _link(state: StateInline, silent: bool) -> bool:
    """`[words](address)`, with the address printed too: on paper nobody can click."""
    found = _LINK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        words, address = found.groups()
        end, state.posMax = state.posMax, found.end(1)
        state.pos = found.start(1)
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.linkLevel += 1
        state.md.inline.tokenize(state)
        state.linkLevel -= 1
        if words.strip() != address:
            state.push("address", "", 0).content = f" ({address})" if words.strip() else address
        state.push("link_close", "a", -1)
        state.posMax = end
    state.pos = found.end()
    return True


# What our own tokens look like.


def _draw_blank(tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A blank at the end of a paragraph or an item runs on to the margin."""
    last = at + 1 == len(tokens) and at > 0
    return _line(tokens[at].content, " rest" if last else "")


def _draw_record(tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<span class="link">{escape(tokens[at].content)}</span>'


def _draw_address(tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f'<span class="address">{escape(tokens[at].content)}</span>'


def _draw_fence(tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    info = tokens[at].info.strip()
    name = f'<span class="info">{escape(info)}</span>\n' if info else ""
    return f"<pre>{name}{escape(tokens[at].content)}</pre>\n"


def _markdown() -> MarkdownIt:
    off = ["reference", "code", "html_block", "lheading", "html_inline", "autolink", "entity", "image"]
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * DEEPEST})
    markdown.enable(["table", "strikethrough"]).disable(off)
    markdown.block.ruler.at("hr", _rule, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.inline.ruler.before("emphasis", "blank", _blank)
    markdown.inline.ruler.at("link", _link)
    markdown.inline.ruler.before("link", "record", _record)
    for name, draw in {"blank": _draw_blank, "record": _draw_record, "address": _draw_address}.items():
        markdown.renderer.rules[name] = draw  # type: ignore[attr-defined]
    markdown.renderer.rules["fence"] = _draw_fence  # type: ignore[attr-defined]
    return markdown


_MARKDOWN = _markdown()
