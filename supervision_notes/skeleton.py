"""Skeleton: what other records may know of a record: codes, dates, choices and places; no name, prose or heading.

Everything that looks at more than one record at a time looks at skeletons: the rules, the questions and the index.
Words are read again from the file when they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .problem import Span

IN_WORDS = "words"
CLOSED = ("done", "dropped")
"""The states of an action that is open no more."""


class Tie(NamedTuple):
    """A link to another record: the fact it stands in (`words` for one in prose), the id it names, and its place.

    `may_name` holds the kinds that it may lead to, or `record` for any.
    """

    fact: str
    target: str
    may_name: tuple[str, ...]
    span: Span

    @property
    def id(self) -> str:
        """The id of the record alone: `2026-09-29-se201` of `2026-09-29-se201#A2`."""
        return self.target.partition("#")[0]


class Action(NamedTuple):
    """A line under Actions, or its answer in a review: `A1`, or the full identity `2026-09-29-se201#A1`.

    `state` is open, done, carried or dropped; `reasoned` says whether a reason stands below the line.
    """

    id: str
    state: str
    owners: tuple[str, ...]
    due: str | None
    reasoned: bool
    span: Span


class Skeleton(NamedTuple):
    """What the others may know of one record."""

    path: str
    id: str
    kind: str
    layer: str
    """The layer of its prose: `shared`, `private` (its author's) or `restricted` (its named readers')."""
    date: str | None
    place: Span
    people: tuple[str, ...] = ()
    """The codes of everyone it is about."""
    parties: tuple[str, ...] = ()
    """The codes of those whose record it is: of a group, those who were there."""
    readers: tuple[str, ...] = ()
    """The codes of those whom it was opened to: `readers`, `share_with`."""
    author: str | None = None
    stream: str | None = None
    """Clinical, practice, line-management, safeguarding or mentoring: a session's, by its type."""
    chain: tuple[str, ...] = ()
    """The stream, and the group or the supervisor and supervisees: sessions that follow each other share it."""
    facts: Mapping[str, str | int | bool] = {}
    """Its choices, dates and numbers by key: none of them holds free words."""
    receives: tuple[str, ...] = ()
    """What an agreement lets the organisation receive."""
    ties: tuple[Tie, ...] = ()
    actions: tuple[Action, ...] = ()
    review: tuple[Action, ...] | None = None
    """The answers in its review of previous actions; None where it has no such heading."""
    review_place: Span | None = None
    digest: str = ""
    """The fingerprint of what its parties may read."""
    sound: bool = True
    """Whether it has no error."""
    attendance: Mapping[str, str] = {}
    """Of a group, who was there by code: present, apologies, did-not-attend, or `late 40`."""
    unclear: tuple[str, ...] = ()
    """Its choices, by key, in which something stands that is none of them: nobody can say what was meant."""
    worded: bool = False
    """Whether so many words of its own stand in it that nobody finds out by trial what its fingerprint was made of."""
    supervised: tuple[str, ...] = ()
    """The codes of those parties to an agreement whose supervision it is about."""

    @property
    def private(self) -> bool:
        """Whether it belongs to its author or its named readers alone."""
        return self.layer in ("private", "restricted")

    @property
    def status(self) -> str | None:
        """How settled it is, where its kind has a status."""
        status = self.facts.get("status")
        return status if isinstance(status, str) else None

    @property
    def outcome(self) -> str | None:
        """What became of a session; None where nobody can say, and of any other record."""
        clear = self.kind == "session" and "outcome" not in self.unclear
        return self.text("outcome") or "held" if clear else None

    @property
    def held(self) -> bool:
        """Whether it is a session that took place."""
        held = self.kind == "session" and self.facts.get("outcome", "held") == "held"
        return held and "outcome" not in self.unclear

    def text(self, key: str) -> str | None:
        """A fact that is a choice, a code or a date."""
        found = self.facts.get(key)
        return found if isinstance(found, str) else None

    def tied(self, fact: str) -> Tie | None:
        """The first link in a fact."""
        for tie in self.ties:
            if tie.fact == fact:
                return tie
        return None


def when(record: Skeleton) -> tuple[str, str]:
    """Where a record stands in the order of dates: its day (ISO text, empty where there is none), then its id."""
    return record.date or "", record.id
