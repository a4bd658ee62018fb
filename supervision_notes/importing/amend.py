"""Facts in YAML → the edits that change some or add some.

Only what changes is written anew: order, comments, quotes, indentation and line ends of everything else stay. What is
added looks like its surroundings, between brackets or on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence as Seq
from typing import Any

from ..document import Mapping, Node, Sequence, Source
from ..document.facts import scalar
from ..problem import Edit, Span


class CannotAmend(Exception):
    """Facts are written in a way that nothing can be added to without writing them anew."""


def is_flow(source: Source, node: Mapping | Sequence) -> bool:
    """Whether facts or a list stand between brackets."""
    return source.text[source.offset(*node.span[:2])] in "{["


def flow(value: Any) -> str:
    """A value on one line: facts between braces, a list between brackets, and text that YAML reads as it is meant."""
    if isinstance(value, Map):
        return f"{{{', '.join(f'{scalar(key)}: {flow(part)}' for key, part in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def changed(node: Node, value: Any) -> Edit:
    """The edit that puts another value in the place of one."""
    empty = node.span[:2] == node.span[2:]
    return Edit(node.span, f" {flow(value)}" if empty else flow(value))


def added(source: Source, mapping: Mapping, facts: Map[str, Any]) -> Edit:
    """The edit that adds facts behind those of a mapping."""
    pairs = [f"{scalar(key)}: {flow(value)}" for key, value in facts.items()]
    if not is_flow(source, mapping):
        return _lines(source, _end(source, mapping), mapping.span.column, pairs)
    if not mapping.pairs:
        return Edit(_behind_bracket(mapping.span), ", ".join(pairs))
    key, last = mapping.pairs[-1]
    if last.span[:2] == last.span[2:]:  # behind a name without a value there is no room
        return Edit(_before(key.span), "".join(f"{pair}, " for pair in pairs))
    return Edit(_after(last.span), "".join(f", {pair}" for pair in pairs))


def appended(source: Source, node: Node, item: Any) -> list[Edit]:
    """The edits that add an item behind those of a list; facts alone serve as a list of one."""
    if isinstance(node, Mapping) and is_flow(source, node):
        return [Edit(_before(node.span), "["), Edit(_after(node.span), f", {flow(item)}]")]
    if not isinstance(node, Sequence):
        raise CannotAmend
    if not is_flow(source, node):
        return [_lines(source, _end(source, node), node.span.column, [f"- {flow(item)}"])]
    if not node.items:
        return [Edit(_behind_bracket(node.span), flow(item))]
    return [Edit(_after(node.items[-1].span), f", {flow(item)}")]


def added_below(source: Source, span: Span, lines: Seq[str]) -> Edit:
    """The edit that adds lines below the line on which a span ends, indented by two from where it starts."""
    return _lines(source, span.end_line, span.column + 2, lines)


def added_last(source: Source, lines: Seq[str]) -> Edit:
    """The edit that adds lines below all others."""
    last = len(source.lines)
    return _lines(source, last - (last > 1 and not source.lines[-1].strip()), 1, lines)


def _lines(source: Source, after: int, column: int, lines: Seq[str]) -> Edit:
    """Lines at a column below a line, ended as the first line of the text is."""
    inner = re.compile(rf" {{{column - 1},}}#")
    while after < len(source.lines) and inner.match(source.lines[after]):  # a remark that stands there belongs to it
        after += 1
    length = len(source.lines[after - 1])
    ends = source.text[len(source.lines[0]) : source.starts[1]] if len(source.starts) > 1 else "\n"
    words = "".join(f"{ends}{' ' * (column - 1)}{line}" for line in lines)
    return Edit(Span(after, length + 1, after, length + 1), words)


def _end(source: Source, node: Node) -> int:
    """The line on which the last part of a node ends; what stands below it may be a remark on something else."""
    if isinstance(node, Mapping | Sequence) and not is_flow(source, node):
        last = node.pairs[-1][1] if isinstance(node, Mapping) else node.items[-1]
        return _end(source, last)
    return node.span.end_line


def _before(span: Span) -> Span:
    return Span(*span[:2], *span[:2])


def _after(span: Span) -> Span:
    return Span(*span[2:], *span[2:])


def _behind_bracket(span: Span) -> Span:
    return Span(span.line, span.column + 1, span.line, span.column + 1)
