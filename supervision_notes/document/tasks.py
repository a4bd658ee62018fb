"""One list item → one action: `- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..problem import Edit, Span
from .outline import Item
from .source import Words

STATES = {" ": "open", "x": "done", ">": "carried", "-": "dropped"}
SIGNS = {state: sign for sign, state in STATES.items()}

_STATE = re.compile(r"\[(?P<state>[ xX>-]|open|done|carried|dropped)\](?:[ \t]+|$)", re.IGNORECASE)
# A box that is off by a sign or a space, and can only be one of the four.
_SLIP = re.compile(
    r"(?:\[\s{0,9}(?P<state>[x✓✔>–—-]?|open|done|carried|dropped)\s{0,9}\]"
    r"|\(\s{0,9}(?P<round>[x✓✔>–—-]?)\s{0,9}\)|(?P<bare>[☐☑✓✔]))(?:\s+|(?=\w)|$)",
    re.IGNORECASE,
)
# Any other box, or none, in front of the number of an action.
_UNREAD = re.compile(r"(?:\[[^\[\]]{0,20}\]|[☒✗✘])?\s{0,9}(?=(?:[\w.-]{1,80}#)?A[1-9]\d{0,3}[ \t]*:)", re.IGNORECASE)
# A box with any one sign in it, which is no link: `[~]`.
_BOX = re.compile(r"\[\s{0,9}[^\s\[\]]?\s{0,9}\](?!\()|[☒✗✘]")
_MEANT = {"": " ", "✓": "x", "✔": "x", "☑": "x", "☐": " ", "–": "-", "—": "-"}
_BULLET = re.compile(r"(?:[-*+•–—·▪◦‣●○]|\d{1,9}[.)])?[ \t]*")
# Words right behind the colon want a space: `A4:print the form` is about the form, and no size of paper.
_NUMBER = re.compile(
    r"(?P<number>(?:[\w.-]{1,80}#)?A[1-9]\d{0,3})[ \t]*:(?:[ \t]+|$|(?P<tight>(?=[^\s:/])))", re.IGNORECASE
)
# Another sign behind the number than the colon that makes it one.
_UNTIED = re.compile(
    r"(?P<number>(?:[\w.-]{1,80}#)?A[1-9]\d{0,3})(?P<sign>[.)]|[ \t]+[-–—])(?:[ \t]+|$)", re.IGNORECASE
)
_WORD = re.compile(r"\S+")
_TAIL = re.compile(r"@[\w.-]*\w[,;.]?|due:[^\s@]+", re.IGNORECASE)
_OWNER = re.compile(r"(?<!\S)@(?P<code>[\w.-]*\w)")
_DUE = re.compile(r"(?<!\S)(?P<sign>due:?)[ \t]*(?P<date>(?!:)[^@]*[^\s@.,;])", re.IGNORECASE)
_DATED = re.compile(r"(?:due:)?\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", re.IGNORECASE)
_LIKE = re.compile(
    r"(?:[-*+]|\d{1,9}[.)])?\s*(?:\[\s{0,9}(?:[x✓✔✗✘×>*–—-]|open|done|carried|dropped)?\s{0,9}\]"
    r"|\(\s{0,9}[x✓✔>–—-]?\s{0,9}\)|[•–—·▪◦‣●○☐☑☒✓✔])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Task:
    """An action as it was typed; places are kept for everything that can be wrong.

    `state` is empty where its box is none of the four; `mend` says how it has to begin, where only a sign or a space of
    its hyphen or its box is off, `mend_number` puts the space behind its number, where that is missing, and `mend_due`
    what stands before its date, where that is not `due:`.
    """

    state: str
    number: Words | None
    text: Words
    owners: tuple[Words, ...]
    due: Words | None
    reason: Words
    span: Span
    mend: Edit | None = None
    mend_number: Edit | None = None
    mend_due: Edit | None = None


def box_of(line: Words) -> Span | None:
    """The place of the box that a list item starts with, be it one of the four or not."""
    found = _BOX.match(line.text) or _box(line.text)
    return line.part(0, len(found[0].rstrip())) if found and found[0].strip() else None


def looks_like_task(line: str) -> bool:
    """Whether a line starts like an action: a box of some sort, or a bullet that Markdown does not know."""
    return _LIKE.match(line.strip()) is not None


def names_an_action(line: str) -> bool:
    """Whether a line says which action it is, with a bullet and a box or without: they alone may begin any words."""
    text = line.strip()
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    box = _box(text, start)
    return box is not None and _NUMBER.match(text, box.end()) is not None


def read_task(item: Item) -> Task | None:
    """The action that a list item states; None where neither a box nor a number says that it is one."""
    text = item.line.text
    box = _box(text)
    if box is None:
        return None
    start = box.end()
    typed = box[box.lastgroup].lower() if box.lastgroup else "?"
    state = _MEANT.get(typed, typed)
    mend = Edit(item.line.part(0, start), f"[{state}] ") if box.re is _SLIP else None
    number = _NUMBER.match(text, start) or (_UNTIED.match(text, start) if box.re is not _UNREAD else None)
    number_words = mend_number = None
    if number:
        number_words = _piece(item.line, *number.span("number"))
        start = number.end()
        if number.re is _UNTIED:
            mend_number = Edit(item.line.part(*number.span("sign")), ":")
        elif number["tight"] is not None:
            mend_number = Edit(item.line.part(start, start), " ")
    end = _tail(text, start)
    tail = _piece(item.line, end, len(text))
    due = _DUE.search(tail.text)
    off = due is not None and due["sign"] != "due:"
    return Task(
        "" if box.re is _UNREAD else STATES.get(state, state),
        number_words,
        _piece(item.line, start, start + len(text[start:end].rstrip())),
        tuple(_piece(tail, *owner.span("code")) for owner in _OWNER.finditer(tail.text)),
        _piece(tail, *due.span("date")) if due else None,
        _unindented(item.rest),
        item.span,
        mend,
        mend_number,
        Edit(tail.part(due.start(), due.start("date")), "due:") if due and off else None,
    )


def read_unlisted(line: Words, rest: Words) -> Task | None:
    """The action that a line and its rest state which are no list item, for want of a hyphen or the space behind it."""
    bullet = _BULLET.match(line.text)
    start = bullet.end() if bullet else 0
    span = line.span.to(rest.span) if rest else line.span
    task = read_task(Item(_piece(line, start, len(line.text)), rest, span, 0, 1))
    if task is None:
        return None
    if not task.state or not task.number:
        return replace(task, mend=None)
    place, box = task.mend or (line.part(start, start), "")
    return replace(task, mend=Edit(line.part(0, start).to(place), f"- {box}"))


def _box(text: str, start: int = 0) -> re.Match[str] | None:
    """What stands for the box of an action; nothing is enough in front of a number."""
    return _STATE.match(text, start) or _SLIP.match(text, start) or _UNREAD.match(text, start)


def is_tail(line: str) -> bool:
    """Whether a line says who does an action, and by when, and nothing else."""
    return bool(line.strip()) and not _tail(line, 0)


def _tail(text: str, start: int) -> int:
    """Where the owners and the due date at the end of an action start."""
    words = list(_WORD.finditer(text, start))
    n = len(words)
    while n:
        if _TAIL.fullmatch(words[n - 1][0]):
            n -= 1
        elif n > 1 and _is_due(words[n - 2][0].lower(), words[n - 1][0]):
            n -= 2
        elif (due := _several(words, n)) is not None:
            n = due
        else:
            break
    return words[n].start() if n < len(words) else len(text)


def _is_due(word: str, date: str) -> bool:
    return word == "due:" or (word == "due" and _DATED.match(date) is not None)


def _several(words: Sequence[re.Match[str]], end: int) -> int | None:
    """Where a due date of several words starts: `due:17 December 2026`, and behind an owner `due:next week` too."""
    first = next((n for n in reversed(range(end)) if words[n][0].lower().startswith(("@", "due:"))), 0)
    word = words[first][0].lower() if first < end else ""
    meant = word[4:5].isdigit() or (first and words[first - 1][0].startswith("@"))
    return first if word.startswith("due:") and "@" not in word and meant and not _DATED.match(word) else None


def _piece(words: Words, start: int, end: int) -> Words:
    span = words.part(start, end)
    return Words(words.text[start:end], span, ((span.line, span.column),))


def _unindented(words: Words) -> Words:
    """The reason of an action, without the indentation that ties it to its item."""
    lines = words.text.split("\n")
    deep = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    starts = tuple((line, column + (deep if n else 0)) for n, (line, column) in enumerate(words.starts))
    return Words("\n".join([lines[0], *(line[deep:] for line in lines[1:])]), words.span, starts)
