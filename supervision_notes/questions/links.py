"""Which records name which, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..skeleton import IN_WORDS, Skeleton, Tie
from .view import View

# A review that answers what was agreed in a session of another chain, as after a change of supervisor.
ANSWERS = "answers"
# Links that are better said than by where they stand: as the one that names says it, and as the one that is named.
_SAID = {
    ("sign-off", "of"): ("signs", "signed by"),
    ("addendum", "of"): ("added to", "has the addendum"),
    ("session", ANSWERS): ("answers actions of", "its actions are answered in"),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """One link of a record, and what is at its other end.

    Where nothing is known of the other end, only what was written stands here: whether there is such a record is not
    said.
    """

    way: Literal["names", "named by"]
    fact: str
    """Where the link stands: the key of a fact, `words`, or ANSWERS."""
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
    said: str | None = None
    """How the link is said, where its place says less: signs, signed by, added to."""


def links(view: View, record: Skeleton) -> list[Linked]:
    """The links of a record: first what it names, then what names it, each by date."""
    return [*_names(view, record), *_named_by(view, record)]


def ties(view: View) -> Iterator[tuple[Skeleton, Tie, Skeleton]]:
    """Every link between two records that the audience may know of: the one that names, how, and the one named."""
    for record in view.records:
        for tie in view.ties(record):
            if (other := view.find(tie.id)) and other is not record:
                yield record, tie, other
        for other in _answered(view, record):
            yield record, _answer(other), other


def title(view: View, record: Skeleton, tie: Tie) -> str:
    """Where a link stands, as a person reads it."""
    if tie.fact == IN_WORDS:
        return "In its words"
    if tie.fact == ANSWERS:
        return "Answers actions of"
    return view.workspace.register.kinds[record.kind].fields[tie.fact].title


def _answered(view: View, record: Skeleton) -> list[Skeleton]:
    """The sessions of other chains whose actions a review answers."""
    found: dict[str, Skeleton] = {}
    for line in view.answers(record):
        where = view.workspace.agreed.get(view.workspace.identity(record, line))
        if where and where[0].chain != record.chain and view.knows(where[0]):
            found[where[0].path] = where[0]
    return list(found.values())


def _names(view: View, record: Skeleton) -> list[Linked]:
    found = []
    for tie in view.ties(record):
        other = view.find(tie.id)
        if other is not record:
            found.append(_linked(view, "names", record, tie, other))
    found += [_linked(view, "names", record, _answer(other), other) for other in _answered(view, record)]
    return _once(found)


def _named_by(view: View, record: Skeleton) -> list[Linked]:
    id, found = record.id.casefold(), []
    for other in view.records:
        if other is not record and any(tie.id.casefold() == id for tie in other.ties):
            ties = (tie for tie in view.ties(other) if tie.id.casefold() == id)
            found += [_linked(view, "named by", other, tie, other) for tie in ties]
        if other.review and record in _answered(view, other):
            found.append(_linked(view, "named by", other, _answer(record), other))
    return _once(found)


def _answer(session: Skeleton) -> Tie:
    """The link of a review to the session whose actions it answers."""
    return Tie(ANSWERS, session.id, ("session",), session.place)


def _linked(view: View, way: Literal["names", "named by"], names: Skeleton, tie: Tie, other: Skeleton | None) -> Linked:
    """A link of the record that names, and what stands at its other end."""
    where, action = title(view, names, tie), tie.target.partition("#")[2] or None
    said = _SAID.get((names.kind, tie.fact), (None, None))[way == "named by"]
    if other is None:
        return Linked(way, tie.fact, where, tie.id, action, said=said)
    chosen = view.text(other, "type") or view.text(other, "form")
    return Linked(way, tie.fact, where, other.id, action, other.kind, chosen, view.label(other), other.date, said)


def _once(found: list[Linked]) -> list[Linked]:
    """Each link once, however often it was written, by the date of the other end."""
    return sorted(dict.fromkeys(found), key=lambda one: (one.date or "", one.id, one.fact))
