"""A line of a record, made safe for a terminal, with carets under what is meant.

A record may come from anyone, so what a terminal would obey or hide (escapes, bidirectional overrides,
invisible characters) is spelled out. Places are counted in characters, carets are set in columns: a wide
character takes two, a combining one none.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from struct import iter_unpack
from typing import NamedTuple

TAB = "    "
CUT = "…"
LEAST_ROOM = 20
JOINERS = "\u200c\u200d"  # honest in Persian, Hindi and emoji, and of no width
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
COMBINING = {"Mn", "Me"}
_IN_LINES = re.compile(r"[^\n\t]+")


class Cell(NamedTuple):
    """What a character or a word looks like, and how many columns it takes."""

    text: str
    width: int


class Excerpt(NamedTuple):
    """A part of a line, and the carets to print under it."""

    text: str
    carets: str


def cell(character: str) -> Cell:
    """How one character is shown."""
    category = unicodedata.category(character)
    if character == "\t":
        return Cell(TAB, len(TAB))
    if character in JOINERS or category in COMBINING or "\u1160" <= character <= "\u11ff":
        return Cell(character, 0)
    if category in UNSEEN:
        name = f"<U+{ord(character):04X}>"
        return Cell(name, len(name))
    return Cell(character, 2 if unicodedata.east_asian_width(character) in "WF" else 1)


def visible(text: str) -> str:
    """The text with everything spelled out that a terminal would obey or hide."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(cell(character).text for character in text)


def visible_text(text: str) -> str:
    """The same for a text of many lines, whose line ends and tabs stay."""
    return _IN_LINES.sub(lambda part: visible(part[0]), text.replace("\r\n", "\n"))


def escaped(line: str) -> str:
    """A line of JSON that says the same, with everything escaped that a terminal would obey or hide."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(_unicode(sign) if cell(sign).text != sign else sign for sign in line)


def _unicode(character: str) -> str:
    return "".join(f"\\u{unit:04x}" for (unit,) in iter_unpack(">H", character.encode("utf-16-be", "surrogatepass")))


def columns(text: str) -> int:
    """How many columns a text takes."""
    return len(text) if text.isascii() else sum(cell(character).width for character in text)


def excerpt(line: str, start: int, end: int, room: int) -> Excerpt:
    """The part of a line around the characters from `start` up to `end` (from 0) that fits `room` columns.

    Only as many characters as could be shown are looked at: a line may be a whole chapter.
    """
    room = max(room, LEAST_ROOM)
    start = min(start, len(line))
    first = max(0, start - room)
    cells = [cell(character) for character in line[first : start + room]]
    widths = [each.width for each in cells]
    here, until = start - first, min(end, len(line)) - first
    left, right = 0, len(cells)
    if len(cells) < len(line) or sum(widths) > room:
        left, right = _window(widths, here, room - 2 * len(CUT))
    before = CUT if first + left > 0 else ""
    after = CUT if first + right < len(line) else ""
    indent = len(before) + sum(widths[left:here])
    carets = max(1, sum(widths[here : min(until, right)]))
    return Excerpt(
        before + "".join(each.text for each in cells[left:right]) + after,
        " " * indent + "^" * carets,
    )


def wrapped(text: str, room: int) -> list[str]:
    """The words of a text, in lines of at most `room` columns where words allow it."""
    room = max(room, LEAST_ROOM)
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in map(visible, paragraph.split()):
            if line and columns(f"{line} {word}") > room:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        lines.append(line)
    return lines


def _window(widths: list[int], here: int, room: int) -> tuple[int, int]:
    """From where to where a line is shown: a third before the place, the rest after it, or before."""
    before, after = widths[:here][::-1], widths[here:]
    left = _fitting(before, room // 3)
    right = _fitting(after, room - sum(before[:left]))
    left = _fitting(before, room - sum(after[:right]))
    return here - left, here + right


def _fitting(widths: Iterable[int], room: int) -> int:
    """How many of these fit into `room` columns."""
    return bisect_right(list(accumulate(widths)), room)
