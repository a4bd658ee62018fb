"""A mistake and its place.

What a writer gets wrong is a value, never an exception: a `Problem` says where it is, which rule it breaks, and what
to do. Its `message` is made of the schema's words, places and codes alone, so that every output may show it; its
`hint` may repeat what was typed, and is shown only beside the writer's own line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import cleandoc
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class Span(NamedTuple):
    """From a character to the one past the last, lines and columns counted from 1."""

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        return Span(self.line, self.column, other.end_line, other.end_column)


START = Span(1, 1, 1, 1)


class Edit(NamedTuple):
    """A safe mending: the words at `span` become `text`."""

    span: Span
    text: str


class Said(NamedTuple):
    """What a rule says: a message for every output, and a way out for the writer alone."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: its file (relative to the workspace), its place, its rule, and a way out."""

    path: str
    span: Span
    code: str
    rule: str
    severity: Severity
    message: str
    hint: str = ""
    fix: Edit | None = None

    def __str__(self) -> str:
        place = f"{self.path}:{self.span.line}:{self.span.column}"
        return f"{place}: {self.severity}[{self.code}] {self.rule}: {self.message}"

    def found_in(self, path: str) -> Problem:
        """The same mistake, said of the file at `path`."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True)
class Rule:
    """What can be wrong, under a code that stays: its page is the manual, and the page's examples are its test."""

    code: str
    slug: str
    severity: Severity
    page: str

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.partition("\n")[0]

    def problem(
        self,
        span: Span,
        said: Said,
        *,
        path: str = "",
        severity: Severity | None = None,
        fix: Edit | None = None,
    ) -> Problem:
        """The breach of it at `span`."""
        return Problem(path, span, self.code, self.slug, severity or self.severity, *said, fix)


@dataclass(frozen=True, slots=True)
class Mistake(Rule):
    """A rule that is found while a text is read: called with a place and the facts that its sentence needs."""

    say: Callable[..., Said]

    def __call__(
        self, span: Span, *facts: object, severity: Severity | None = None, fix: Edit | None = None
    ) -> Problem:
        """The problem at `span`; the reader of the file adds the path."""
        return self.problem(span, self.say(*facts), severity=severity, fix=fix)


def mistake(code: str, severity: Severity) -> Callable[[Callable[..., Said]], Mistake]:
    """Make a function a rule: its name is the slug, its docstring the page, its result the sentence."""

    def made(say: Callable[..., Said]) -> Mistake:
        slug = say.__name__.replace("_", "-")
        return Mistake(code, slug, severity, cleandoc(say.__doc__ or ""), say)

    return made


def did_you_mean(near: str | None) -> str:
    """The end of a sentence about a word that has a near one."""
    return f"; did you mean “{near}”?" if near else ""


def listed(words: list[str], last: str = "or") -> str:
    """`a, b or c`."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
