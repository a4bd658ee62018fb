"""Which records name which, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..skeleton import IN_WORDS, Skeleton, Tie
from .view import View


@dataclass(frozen=True, slots=True)
class Linked:
    """One link of a record, and what is at its other end.

    Where nothing is known of the other end, only what was written stands here: whether there is such a record is not
    said.
    """

    way: Literal["names", "named by"]
    fact: str
    """Where the link stands: the key of a fact, or `words`."""
    title: str
    """The same as a person reads it."""
    id: str
    action: str | None = None
    """The number of the action that is meant, such as `A2`."""
    kind: str | None = None
    type: str | None = None
    """Of a session its type, of an agreement its form."""
    label: str | None = None
    date: str | None = None


def links(view: View, record: Skeleton) -> list[Linked]:
    """The links of a record: first what it names, then what names it, each by date."""
    return [*_names(view, record), *_named_by(view, record)]


def ties(view: View) -> Iterator[tuple[Skeleton, Tie, Skeleton]]:
    """Every link between two records that the audience may know of: the one that names, how, and the one named."""
    for record in view.records:
        for tie in view.ties(record):
            if (other := view.find(tie.id)) and other is not record:
                yield record, tie, other


def title(view: View, record: Skeleton, tie: Tie) -> str:
    """Where a link stands, as a person reads it."""
    if tie.fact == IN_WORDS:
        return "In its words"
    return view.workspace.register.kinds[record.kind].fields[tie.fact].title


def _names(view: View, record: Skeleton) -> list[Linked]:
    found = []
    for tie in view.ties(record):
        other = view.find(tie.id)
        if other is not record:
            found.append(_linked(view, "names", title(view, record, tie), tie, tie.id, other))
    return _once(found)


def _named_by(view: View, record: Skeleton) -> list[Linked]:
    id, found = record.id.casefold(), []
    for other in view.records:
        if other is not record and any(tie.id.casefold() == id for tie in other.ties):
            ties = (tie for tie in view.ties(other) if tie.id.casefold() == id)
            found += [_linked(view, "named by", title(view, other, tie), tie, other.id, other) for tie in ties]
    return _once(found)


def _linked(
    view: View, way: Literal["names", "named by"], where: str, tie: Tie, id: str, other: Skeleton | None
) -> Linked:
    action = tie.target.partition("#")[2] or None
    if other is None:
        return Linked(way, tie.fact, where, id, action)
    chosen = view.text(other, "type") or view.text(other, "form")
    return Linked(way, tie.fact, where, other.id, action, other.kind, chosen, view.label(other), other.date)


def _once(found: list[Linked]) -> list[Linked]:
    """Each link once, however often it was written, by the date of the other end."""
    return sorted(dict.fromkeys(found), key=lambda one: (one.date or "", one.id, one.fact))
