"""One list item → one action: `- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..problem import Span
from .outline import Item
from .source import Words

STATES = {" ": "open", "x": "done", ">": "carried", "-": "dropped"}
SIGNS = {state: sign for sign, state in STATES.items()}

_STATE = re.compile(r"\[(?P<state>[ xX>-]|open|done|carried|dropped)\](?:[ \t]+|$)", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<number>(?:[\w.-]{1,80}#)?A[1-9]\d{0,3})[ \t]*:(?:[ \t]+|$)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_TAIL = re.compile(r"@[\w.-]*\w[,;.]?|due:[^\s@]+")
_OWNER = re.compile(r"(?<!\S)@(?P<code>[\w.-]*\w)")
_DUE = re.compile(r"(?<!\S)due:[ \t]*(?P<date>[^\s@]*[^\s@.,;])")
_LIKE = re.compile(r"(?:[-*+]|\d{1,9}[.)])?\s*(?:[\[(][ xX✓✔>-]?[\])]|[•–—·▪◦‣●○☐☑☒✓✔])")


@dataclass(frozen=True, slots=True)
class Task:
    """An action as it was typed; places are kept for everything that can be wrong."""

    state: str
    number: Words | None
    text: Words
    owners: tuple[Words, ...]
    due: Words | None
    reason: Words
    span: Span


def looks_like_task(line: str) -> bool:
    """Whether a line starts like an action: a box of some sort, or a bullet that Markdown does not know."""
    return _LIKE.match(line.strip()) is not None


def read_task(item: Item) -> Task | None:
    """The action that a list item states; None where it has no box of the four states."""
    text = item.line.text
    state = _STATE.match(text)
    if state is None:
        return None
    start = state.end()
    number = _NUMBER.match(text, start)
    number_words = None
    if number:
        number_words = _piece(item.line, *number.span("number"))
        start = number.end()
    end = _tail(text, start)
    due = _DUE.search(text, end)
    return Task(
        STATES.get(state["state"].lower(), state["state"].lower()),
        number_words,
        _piece(item.line, start, start + len(text[start:end].rstrip())),
        tuple(_piece(item.line, *owner.span("code")) for owner in _OWNER.finditer(text, end)),
        _piece(item.line, *due.span("date")) if due else None,
        _unindented(item.rest),
        item.span,
    )


def _tail(text: str, start: int) -> int:
    """Where the owners and the due date at the end of an action start."""
    words = list(_WORD.finditer(text, start))
    n = len(words)
    while n:
        if _TAIL.fullmatch(words[n - 1][0]):
            n -= 1
        elif n > 1 and words[n - 2][0] == "due:":
            n -= 2
        else:
            break
    return words[n].start() if n < len(words) else len(text)


def _piece(words: Words, start: int, end: int) -> Words:
    span = words.part(start, end)
    return Words(words.text[start:end], span, ((span.line, span.column),))


def _unindented(words: Words) -> Words:
    """The reason of an action, without the indentation that ties it to its item."""
    lines = words.text.split("\n")
    deep = min((len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()), default=0)
    starts = tuple((line, column + (deep if n else 0)) for n, (line, column) in enumerate(words.starts))
    return Words("\n".join([lines[0], *(line[deep:] for line in lines[1:])]), words.span, starts)
