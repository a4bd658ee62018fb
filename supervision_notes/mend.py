"""Problems with a safe mending → the text without them.

A mending touches only what it mends: comments, spacing and line ends stay. One that would bring a new mistake is taken
back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Sequence

from .document import Source
from .problem import Edit, Problem

Check = Callable[[str], Sequence[Problem]]


def mended(text: str, check: Check, rules: Container[str]) -> str:
    """A text with every safe mending of some rules (by code) made. `check` says what is wrong with a text."""
    problems = check(text)
    # While the facts cannot be read, or the kind is not known, nothing else is.
    for hiding in ("yaml-syntax", "unknown-kind"):
        hidden = [p.fix for p in problems if p.fix and p.rule == hiding and p.code in rules]
        opened = edited(text, hidden)
        after = check(opened) if hidden else ()
        if hidden and not {p.span.line for p in after if p.rule == "unknown-field"} & {fix.span.line for fix in hidden}:
            text, problems = opened, after
    fixes = {problem.fix for problem in problems if problem.fix and problem.code in rules}
    edits = sorted(fixes, key=lambda edit: edit.span)
    together = edited(text, edits)
    if edits and _no_worse(problems, check(together)):
        return together
    for edit in reversed(edits):  # from the end, so that the places of the others stay true
        alone = edited(text, [edit])
        if _no_worse(problems, check(alone)):
            text, problems = alone, check(alone)
    return text


def edited(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits made that do not touch each other; of two that do, the first."""
    source = Source(text)
    pieces, done = [], 0
    for span, words in edits:
        start, end = source.offset(span.line, span.column), source.offset(span.end_line, span.end_column)
        if start >= done:
            pieces += [text[done:start], words]
            done = end
    return "".join([*pieces, text[done:]])


def _no_worse(before: Sequence[Problem], after: Sequence[Problem]) -> bool:
    """Whether nothing is said of a text that was not said before, and something is said no more.

    Notes do not weigh: once the type of a draft is spelt right, more is known of what it still waits for.
    """
    said, says = (Counter((p.rule, p.message) for p in found if p.severity != "note") for found in (before, after))
    return not says - said and says.total() < said.total()
