"""A graph of records → DOT for Graphviz, or SVG drawn here: a column for each pair or group, time downward.

In a column, sessions stand below each other and each points up to the one before it; the agreement that they meet
under is reached by the rail on the left; what was written about a record stands to the right of it. A dashed line is
any other link: it runs beside the columns and in the strip above a month, where no box stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from textwrap import wrap
from typing import NamedTuple

from ..dates import MONTHS
from .graph import Edge, Graph, Node

WIDTH, HEIGHT = 244, 46
_SIDE_WIDTH, _SIDE_HEIGHT, _SIDE_GAP = 190, 34, 6
_RAIL, _LANE, _BETWEEN, _GAP = 18, 22, 44, 22
_LEFT, _TOP, _MONTH = 92, 84, 16
# How far lines stand from a box, and so many of them beside each other.
_AWAY, _APART, _ABREAST = 12, 2, 3
_LETTER, _LINE = 6.5, 16  # as wide as a letter of the small type is, on average, and as high as a line of it
_KEY = "solid: the session before; rail on the left: the agreement; dashed: any other link; dashed box: not held"
_STYLE = """\
text{font-family:"Atkinson Hyperlegible Next","Atkinson Hyperlegible",system-ui,sans-serif;fill:#1d272c}
.head{font-size:13px;font-weight:600;fill:#17565d}.sub,.id,.month,.key{font-size:11px;fill:#55636a}
.label{font-size:12px;font-weight:600}.side .label{font-size:11px;font-weight:400}
rect{stroke:#17565d;stroke-width:1.2;fill:#fff}.missed rect{stroke-dasharray:4 3}
.agreement rect{fill:#17565d}.agreement text{fill:#fff}.side rect{stroke:#c5d0d3;fill:#f1f5f5}
path{fill:none;stroke:#17565d;stroke-width:1.2}.rail{stroke:#8fa5aa}.other{stroke:#b0713a;stroke-dasharray:4 3}
.beside{stroke:#c5d0d3}.band{stroke:#c5d0d3;stroke-width:.6}.page{fill:#fff;stroke:none}.tip{fill:#17565d}"""


class Box(NamedTuple):
    """Where a record is drawn."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2

    @property
    def centre(self) -> float:
        """Half way across."""
        return self.x + self.width / 2


@dataclass
class _Plan:
    """Where everything stands."""

    boxes: dict[str, Box] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    heads: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    bands: list[tuple[float, str]] = field(default_factory=list)
    order: dict[str, tuple[tuple[str, ...], int]] = field(default_factory=dict)
    """The column of a record in the middle lane, and its place in it."""
    strips: dict[str, float] = field(default_factory=dict)
    """The strip above the month in which a record stands: it is free of boxes from one side to the other."""
    width: float = _LEFT
    height: float = _TOP


def as_dot(drawn: Graph) -> Iterator[str]:
    """The graph as Graphviz reads it."""
    yield "digraph links {"
    yield '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];'
    yield '  edge [fontname="sans-serif", fontsize=9, color="#55636a"];'
    for number, (column, nodes) in enumerate(drawn.columns.items()):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_quoted(' '.join(column))};"
        for node in nodes:
            style = ', style="rounded,dashed"' if node.missed else ""
            label = _quoted("\n".join(filter(None, (node.label, node.date, node.id))))
            yield f"    {_quoted(node.id)} [label={label}{style}];"
        yield "  }"
    for edge in drawn.edges:
        yield f"  {_quoted(edge.names)} -> {_quoted(edge.named)} [label={_quoted(edge.title.lower())}];"
    yield "}"


def _quoted(text: str) -> str:
    """A text as DOT writes it; a line's end as it writes that."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "\\n".join(text.split("\n")) + '"'


def as_svg(drawn: Graph) -> Iterator[str]:
    """The graph as a picture that stands for itself: no script, no font and no file from elsewhere."""
    plan = _planned(drawn)
    width = round(max(plan.width, 420))
    key = wrap(_KEY, int((width - 32) / _LETTER))
    height = round(plan.height + 46 + (len(key) - 1) * _LINE)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" aria-labelledby="title">'
    )
    yield '<title id="title">Records and what they name</title>'
    yield f"<style>{_STYLE}</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path class="tip" d="M0 0.8 7.5 4 0 7.2z" style="stroke:none"/></marker></defs>'
    )
    yield f'<rect class="page" width="{width}" height="{height}"/>'
    for y, month in plan.bands:
        yield f'<path class="band" d="M16 {y:g}H{width - 16}"/>'
        yield _text("month", 16, y + 16, month, 12)
    for x, column in plan.heads:
        stream, *whom = column if len(column) > 1 else ("", *column)
        yield _text("head", x, 34, " · ".join(whom), 40)
        yield _text("sub", x, 52, stream, 40)
    for number, edge in enumerate(drawn.edges):
        yield _edge(plan, edge, number)
    for id in plan.boxes:
        yield from _box(plan.nodes[id], plan.boxes[id])
    for up, words in enumerate(reversed(key)):
        yield _text("key", 16, height - 16 - up * _LINE, words, len(words))
    yield "</svg>"


# where everything stands


def _planned(drawn: Graph) -> _Plan:
    plan = _Plan()
    standing, beside = {}, defaultdict(list)
    ids = {node.id for node in drawn.nodes if node.beside is None}
    for column, nodes in drawn.columns.items():
        standing[column] = [node for node in nodes if node.beside not in ids]
        for node in nodes:
            if node.beside in ids:
                beside[node.beside].append(node)
    months = sorted({_month(node) for nodes in standing.values() for node in nodes})
    tops = _bands(plan, months, standing, beside)
    x: float = _LEFT
    for column, nodes in standing.items():
        left = x + _RAIL
        plan.heads.append((left, column))
        below: dict[str, float] = dict(tops)
        for place, node in enumerate(nodes):
            y = below[_month(node)]
            plan.boxes[node.id] = Box(left, y, WIDTH, HEIGHT)
            plan.nodes[node.id] = node
            plan.order[node.id] = (column, place)
            for one in (node, *beside[node.id]):
                plan.strips[one.id] = tops[_month(node)] - _MONTH
            for n, note in enumerate(beside[node.id]):
                y_of_note = y + n * (_SIDE_HEIGHT + _SIDE_GAP)
                plan.boxes[note.id] = Box(left + WIDTH + _LANE, y_of_note, _SIDE_WIDTH, _SIDE_HEIGHT)
                plan.nodes[note.id] = note
            below[_month(node)] = y + _tall(beside[node.id])
        wide = _LANE + _SIDE_WIDTH if any(beside[node.id] for node in nodes) else 0
        x = left + WIDTH + wide + _BETWEEN
    plan.width = x
    return plan


def _bands(
    plan: _Plan, months: list[str], standing: dict[tuple[str, ...], list[Node]], beside: dict[str, list[Node]]
) -> dict[str, float]:
    """From where each month runs downward: as far as the column that has most in it needs."""
    tops: dict[str, float] = {}
    y: float = _TOP
    for month in months:
        plan.bands.append((y, _in_words(month)))
        tops[month] = y + _MONTH
        used = (sum(_tall(beside[node.id]) for node in nodes if _month(node) == month) for nodes in standing.values())
        y += _MONTH + max(used)
    plan.height = y
    return tops


def _tall(notes: list[Node]) -> float:
    """The room that a record takes with what stands beside it."""
    return max(HEIGHT, len(notes) * (_SIDE_HEIGHT + _SIDE_GAP) - _SIDE_GAP) + _GAP


def _month(node: Node) -> str:
    return (node.date or "9999-99")[:7]


def _in_words(month: str) -> str:
    return "No date" if month == "9999-99" else f"{MONTHS[int(month[5:]) - 1][:3]} {month[:4]}"


# what is drawn


def _box(node: Node, box: Box) -> Iterator[str]:
    side = box.width == _SIDE_WIDTH
    classes = " ".join(filter(None, (node.kind if not side else "side", "missed" if node.missed else "")))
    room = int((box.width - 20) / _LETTER)
    yield f'<g class="{_safe(classes)}"><title>{_safe(f"{node.label}, {node.id}")}</title>'
    yield f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="6"/>'
    day = f"{node.date[8:].lstrip('0')} {_in_words(_month(node))[:3]}" if node.date else ""
    lines = (f"{node.label}, {day}", node.id) if side else (node.label, f"{day} · {node.id}")
    for name, down, words in zip(("label", "id"), (14, 27) if side else (19, 36), lines, strict=True):
        yield _text(name, box.x + 10, box.y + down, words.strip(" ·,"), room)
    yield "</g>"


def _text(name: str, x: float, y: float, words: str, room: int) -> str:
    words = words if len(words) <= room else f"{words[: room - 1].rstrip()}…"
    return f'<text class="{name}" x="{x:g}" y="{y:g}">{_safe(words)}</text>'


def _safe(text: str) -> str:
    """A text as XML holds it; what no person writes is left out."""
    return escape("".join(sign for sign in text if sign.isprintable()))


def _edge(plan: _Plan, edge: Edge, number: int) -> str:
    """A link, with what it says for whoever points at it."""
    one, other = plan.nodes[edge.names], plan.nodes[edge.named]
    name, path = _way(plan, edge, one, other, number)
    tip = "" if name == "beside" else ' marker-end="url(#tip)"'
    said = _safe(f"{edge.names}: {edge.title.lower()}: {edge.named}")
    return f'<path class="{name}" d="{path}"{tip}><title>{said}</title></path>'


def _way(plan: _Plan, edge: Edge, one: Node, other: Node, number: int) -> tuple[str, str]:
    """How a link is drawn: its sort, and its path."""
    a, b = plan.boxes[one.id], plan.boxes[other.id]
    if other.id == one.beside or one.id == other.beside:
        note, record = (a, b) if other.id == one.beside else (b, a)
        between = record.x + record.width + _LANE / 2
        return "beside", f"M{note.x:g} {note.middle:g}H{between:g}V{record.middle:g}H{record.x + record.width:g}"
    column, place = plan.order.get(one.id, ((), 0))
    other_column, other_place = plan.order.get(other.id, (("",), 0))
    if column == other_column and edge.fact == "agreement":
        return "rail", f"M{a.x:g} {a.middle:g}H{a.x - _RAIL / 2:g}V{b.middle:g}H{b.x - 1:g}"
    if column == other_column and edge.fact in ("previous", "replaces"):
        if place == other_place + 1:
            return "chain", f"M{a.centre:g} {a.y:g}V{b.y + b.height + 1:g}"
        right = a.x + a.width
        return "chain", f"M{right:g} {a.middle - 8:g}h{_LANE / 2:g}V{b.middle + 8:g}H{right + 1:g}"
    return "other", _around(a, b, plan.strips[other.id], number % _ABREAST)


def _around(a: Box, b: Box, strip: float, place: int) -> str:
    """From one box to another around all others, leaving and reaching them sideways.

    It runs down or up beside a column, and across in the strip above a month; on the right where both are in one lane.
    """
    right, onto_right = a.x <= b.x, a.x >= b.x
    out, back = _port(a, place, right=right), _port(b, place, right=onto_right)
    start, end = (a.x + a.width if right else a.x), (b.x + b.width + 1 if onto_right else b.x - 1)
    across = "" if out == back else f"V{strip + _AWAY / 2 + 2 * _APART * place:g}H{back:g}"
    return f"M{start:g} {a.middle:g}H{out:g}{across}V{b.middle:g}H{end:g}"


def _port(box: Box, place: int, *, right: bool) -> float:
    """How far across a line runs that leaves a box on one side; left of a record, beyond the rail."""
    away = _AWAY + _APART * place
    if right:
        return box.x + box.width + away
    return box.x - (_LANE - away if box.width == _SIDE_WIDTH else _RAIL + away)
