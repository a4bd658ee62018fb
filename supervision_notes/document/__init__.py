"""Text → Document: an outline in which every fact, heading, word and item has its place.

This package is the only one that knows YAML (`facts`) and Markdown (`outline`, `prose`). It does not know what a
session is: which headings open what is the kind's to say. Nothing that was typed disappears here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from typing import Literal

from ..mistakes import structure
from ..mistakes import text as mistakes
from ..problem import START, Problem, Span
from .comments import Comment, mask, without_code
from .facts import Faulty, Mapping, Node, Sequence, read_facts
from .outline import Heading, Item, Outline, read_outline
from .source import RECORD_LINK, Source, Words, words_of
from .tasks import Task, box_of, is_tail, looks_like_task, names_an_action, read_task, read_unlisted

__all__ = [
    "RECORD_LINK",
    "Comment",
    "Document",
    "Faulty",
    "Heading",
    "Item",
    "Mapping",
    "Node",
    "Outline",
    "Sequence",
    "Source",
    "Task",
    "Words",
    "box_of",
    "holds_record",
    "is_tail",
    "looks_like_task",
    "mask",
    "names_an_action",
    "read_document",
    "read_task",
    "read_unlisted",
    "without_code",
]

LARGEST = 5_000_000
_FENCE = re.compile(r"---[ \t]*$")
_KIND = re.compile(r"""^(?:\{\s*)?["']?kind["']?[ \t]*:""", re.MULTILINE)
_FACT = re.compile(r"[a-z_]+[ \t]*:(?:[ \t]|$)")
# What may stand where three hyphens should: what a word processor makes of them, another rule, or a heading.
_SPOILT = re.compile(r"[ \t]*(?:(?:[-\u2010-\u2015\u2212*_=~][ \t]*)+$|#{1,6}[ \t])")
_FIRST_FACT = re.compile(r"""["']?[a-z_]+["']?[ \t]*:(?:[ \t]|$)""", re.IGNORECASE)
_FACT_OF_KIND = re.compile(r"""["']?kind["']?[ \t]*:""", re.IGNORECASE)
# Below a heading a line may also be a sentence; a kind is one word.
_KIND_ALONE = re.compile(_FACT_OF_KIND.pattern + r"""[ \t]*["']?[\w-]+["']?[ \t]*(?:#.*)?$""", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """What one file says: its facts, its outline, its comments, and what is wrong with the text itself."""

    path: str
    form: Literal["md", "yaml"]
    source: Source
    facts: Mapping
    outline: Outline
    comments: tuple[Comment, ...]
    problems: tuple[Problem, ...]

    @property
    def readable(self) -> bool:
        """Whether the facts could be read, so that it makes sense to say more of the file than that."""
        if self.outline.problems:
            return False
        return bool(self.facts.pairs) or not any(problem.severity == "error" for problem in self.problems)


_EMPTY = Mapping((), START)
_NO_OUTLINE = Outline([], 1, (), (), ())


def decode(data: bytes) -> Source | Problem:
    """The text in the bytes of a file, or why there is none."""
    if len(data) > LARGEST:
        return mistakes.too_large(START)
    try:
        return Source(data.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        before = Source(data[: error.start].decode("utf-8").removeprefix("\ufeff"))
        line, column = before.place(len(before.text))
        return mistakes.not_utf8(Span(line, column, line, column + 1))


def holds_record(name: str, text: str) -> bool:
    """Whether the text of a file called `name` is a record: it opens with `---`, or it is YAML with a `kind`.

    So is one that would, were it not for a slip in that line.
    """
    if name.lower().endswith((".yaml", ".yml")):
        return _KIND.search(text) is not None
    if text.lstrip().startswith("---") and _FENCE.match(text.lstrip().split("\n", 1)[0].rstrip("\r")):
        return True
    source = Source(text)
    return _is_spoilt(source.lines, _top(source.lines)) or _opening(source) is not None


def _top(lines: list[str]) -> int:
    """The row of the first line that is not empty."""
    return next((row for row, line in enumerate(lines) if line.strip()), 0)


def _is_spoilt(lines: list[str], top: int) -> bool:
    """Whether something else stands where a record has three hyphens: right above facts, among which is the kind."""
    if not _SPOILT.match(lines[top]):
        return False
    below = dropwhile(lambda line: not line.strip(), lines[top + 1 :])
    facts = list(takewhile(lambda line: line.strip() and not _SPOILT.match(line), below))
    names_kind = _KIND_ALONE if "#" in lines[top] else _FACT_OF_KIND
    return any(map(_FIRST_FACT.match, facts[:1])) and any(map(names_kind.match, facts))


def _opening(source: Source) -> tuple[int, int] | None:
    """Where a record starts that has words above its facts, or lacks the hyphens there: (row of `---` or -1, row)."""
    for row, line in enumerate(source.lines):
        if _FENCE.match(line):
            after = source.lines[row + 1 : row + 60]
            closed = next((n for n, here in enumerate(after) if _FENCE.match(here)), None)
            facts = after[:closed] if closed is not None else []
            if any(here.startswith("kind:") for here in facts):
                return row, row
            before = [here for here in source.lines[:row] if here.strip(" \t-–—")]
            if before and any(here.startswith("kind:") for here in before) and all(map(_FACT.match, before[:1])):
                return -1, row
            return None
        if row > 200:
            return None
    return None


def read_document(path: str, data: bytes) -> Document:
    """Read the bytes of the file at `path` (relative to the workspace; its ending decides the form)."""
    source = decode(data)
    form: Literal["md", "yaml"] = "yaml" if path.lower().endswith((".yaml", ".yml")) else "md"
    if isinstance(source, Problem):
        return Document(path, form, Source(""), _EMPTY, _NO_OUTLINE, (), (source,))
    if form == "yaml":
        facts = read_facts(source, 0, len(source.text))
        return Document(path, form, source, facts.mapping, _NO_OUTLINE, facts.comments, tuple(facts.problems))
    return _read_markdown(path, source)


def _read_markdown(path: str, source: Source) -> Document:
    problems: list[Problem] = []
    lines = source.lines
    top = _top(lines)
    if _is_spoilt(lines, top) and not _FENCE.match(lines[top]):
        problems.append(mistakes.unclosed_front_matter(words_of(lines[top : top + 1], top + 1).span, "spoilt"))
        last = next((line for line in lines[top + 1 :] if _SPOILT.match(line) and "#" not in line), "")
        if not _FENCE.match(last):
            return Document(path, "md", source, _EMPTY, _NO_OUTLINE, (), tuple(problems))
    elif not _FENCE.match(lines[top]):
        fence, _ = _opening(source) or (top, top)
        if fence == -1:
            problems.append(mistakes.unclosed_front_matter(words_of(lines[top : top + 1], top + 1).span, "first"))
            top -= 1
        elif fence != top:
            said = "words stand above the first line of hyphens, where nobody would look for them"
            way_out = "move them below the second line of hyphens"
            problems.append(
                structure.stray_text(words_of(lines[top:fence], top + 1).span, said, way_out, severity="error")
            )
            top = fence
    close = next((row for row in range(top + 1, len(lines)) if _FENCE.match(lines[row])), None)
    if close is None:
        span = words_of(lines[top : top + 1], top + 1).span
        return Document(path, "md", source, _EMPTY, _NO_OUTLINE, (), (*problems, mistakes.unclosed_front_matter(span)))
    facts = read_facts(source, source.starts[top + 1], source.starts[close])
    masked = mask(lines[close + 1 :], first=close + 2)
    outline = read_outline(masked.lines, close + 2, masked.unclosed)
    problems += [*facts.problems, *masked.problems, *outline.problems]
    comments = (*facts.comments, *masked.comments)
    return Document(path, "md", source, facts.mapping, outline, comments, tuple(problems))
