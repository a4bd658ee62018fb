"""Where text meets the terminal: to the letter for a program, tame and in lines that fit for a person."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import click

from .excerpt import cell, columns, visible, visible_text, wrapped

_USUAL, _LEAST = 80, 20


class Paper(NamedTuple):
    """What a table is written on: so many columns, or None where nobody watches and a line may be as long as it is."""

    width: int | None = None
    colour: bool = False

    def paint(self, text: str, **style: Any) -> str:
        """A text in a style, where colours are wanted."""
        return click.style(text, **style) if self.colour and text else text

    def within(self, indent: int) -> Paper:
        """The same, so many columns narrower."""
        return self if self.width is None else self._replace(width=self.width - indent)

    def lines(self, text: str) -> list[str]:
        """A text in lines that fit."""
        return [text] if self.width is None else fold(text, self.width)

    def behind(self, head: str, text: str) -> Iterator[str]:
        """A text behind the head of its line; what does not fit goes on below it."""
        room = None if self.width is None else max(self.width - columns(head), _LEAST)
        first, *rest = self._replace(width=room).lines(text)
        yield f"{head}{first}"
        yield from (f"{' ' * columns(head)}{more}" for more in rest)


def paper() -> Paper:
    """The terminal that answers go to, where it is one."""
    if sys.stdout is None or not sys.stdout.isatty():
        return Paper()
    return Paper(shutil.get_terminal_size().columns, click.get_current_context().color is not False)


def print_text(text: str) -> None:
    """Print the text of a file: to the letter, but on a terminal, which would obey some of what may stand in it."""
    click.echo(visible_text(text) if paper().width is not None else text, nl=False, color=True)


def say(sentence: str) -> None:
    """Say something beside the answer, on the other stream."""
    lines = [visible(sentence)]
    if sys.stderr is not None and sys.stderr.isatty():
        room = os.get_terminal_size(sys.stderr.fileno()).columns or _USUAL
        lines = lines if columns(lines[0]) <= room else wrapped(sentence, room)
    click.echo("\n".join(lines), err=True)


def print_line(line: str, hang: str = "") -> None:
    """Print a line of an answer. On a terminal, what does not fit goes on below, behind its own indent and `hang`."""
    line, room = visible(line), paper().width
    if room is not None and columns(line) > room:
        indent = " " * (len(line) - len(line.lstrip()))
        first, *rest = fold(line, max(room - len(indent + hang), _LEAST))
        line = "\n".join([f"{indent}{first}", *(f"{indent}{hang}{part}" for part in rest)])
    click.echo(line)


def fold(text: str, width: int) -> list[str]:
    """A text in lines of at most so many columns: between words, and inside a word that is longer than that."""
    if columns(text) <= width:
        return [" ".join(text.split())]
    lines = [""]
    for word in _pieces(text, width):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def cut(text: str, width: int | None) -> str:
    """The beginning of a text, as much of it as fits in one line."""
    text = " ".join(visible(text).split())
    if width is None or columns(text) <= width:
        return text
    return f"{_head(text, max(width - 1, 1)).rstrip()}…"


def _pieces(text: str, width: int) -> Iterator[str]:
    """The words; one that is too long in pieces, which end where an id has a joint."""
    for word in text.split():
        while columns(word) > width:
            head = _head(word, width)
            joint = max(head.rfind(sign) for sign in "-#_./") + 1
            head = head[:joint] if joint > len(head) // 3 else head
            yield head
            word = word[len(head) :]
        if word:
            yield word


def _head(word: str, width: int) -> str:
    """As many characters as fit, one at least."""
    taken = room = 0
    for character in word:
        room += cell(character).width
        if room > width and taken:
            break
        taken += 1
    return word[:taken]
