"""The links of a workspace as a graph: records in columns, one for each pair or group, and what names what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ..skeleton import Skeleton
from .links import ties, title
from .view import View

# These belong to the record that they name, and stand beside it.
_BESIDE = ("of", "about", "bring_to_supervision", "session")


@dataclass(frozen=True, slots=True)
class Node:
    """A record in the picture: `column` is whose it is, `beside` the id of the record that it belongs to."""

    id: str
    kind: str
    label: str
    date: str | None
    column: tuple[str, ...]
    beside: str | None = None
    missed: bool = False
    """Whether it is a session that did not take place."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One record names another, in a fact (`title` as a person reads it)."""

    names: str
    named: str
    fact: str
    title: str


@dataclass(frozen=True)
class Graph:
    """Records and the links between them."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @property
    def columns(self) -> dict[tuple[str, ...], list[Node]]:
        """The records of each pair or group in the order of their dates, and those in the order in which they began."""
        found: dict[tuple[str, ...], list[Node]] = {}
        # What begins on a day with an agreement is agreed first.
        for node in sorted(self.nodes, key=lambda node: (node.date or "9999", node.kind != "agreement", node.id)):
            found.setdefault(node.column, []).append(node)
        return found


def graph(view: View, around: Skeleton | None = None, people: Collection[str] = ()) -> Graph:
    """The records that are linked, about some people or all; or one, with those that it names and that name it."""
    found = [tied for tied in ties(view) if all(view.concerns(one, people) for one in (tied[0], tied[2]))]
    if around is not None:
        near = {around.path, *(one.path for a, _, b in found if around in (a, b) for one in (a, b))}
        found = [tied for tied in found if tied[0].path in near and tied[2].path in near]
    records = {record.path: record for a, _, b in found for record in (a, b)}
    if around is not None:
        records.setdefault(around.path, around)
    edges = dict.fromkeys(Edge(a.id, b.id, tie.fact, title(view, a, tie)) for a, tie, b in found)
    return Graph(tuple(_nodes(view, list(records.values()))), tuple(edges))


def _nodes(view: View, records: Sequence[Skeleton]) -> Iterator[Node]:
    """The records as they are drawn: those that belong to another beside it, an agreement in its sessions' column."""
    shown = {record.path for record in records}
    columns = {record.path: _of_session(record) for record in records if record.kind == "session"}
    for record in records:
        agreement = view.workspace.named_by(record, "agreement") if record.path in columns else None
        if agreement and view.knows(agreement):
            columns.setdefault(agreement.path, columns[record.path])
    for record in records:
        owner = next((other for tie in view.ties(record) if tie.fact in _BESIDE and (other := view.find(tie.id))), None)
        beside = owner if owner and owner.path in shown and record.kind not in ("session", "agreement") else None
        main = beside or record
        yield Node(
            record.id,
            record.kind,
            view.label(record),
            record.date,
            columns.get(main.path) or tuple(sorted(view.people(main))),
            beside.id if beside else None,
            record.outcome is not None and not record.held,
        )


def _of_session(session: Skeleton) -> tuple[str, ...]:
    return session.chain or tuple(sorted(session.people))
