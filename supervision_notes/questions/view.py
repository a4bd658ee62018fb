"""What one audience may know of a workspace. Every question looks through a `View`, never past it.

What it does not show is as if it were not there: no count, no near name and no message tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..kind import Field, nearest
from ..record import Audience
from ..signing import SIGNED_KINDS, standing_in_words, standings
from ..skeleton import IN_WORDS, Action, Skeleton, Tie
from ..workspace import Workspace

_ROLES = ("supervisor", "supervisee", "all")


class Standing(NamedTuple):
    """How a record stands between its parties: the states that were found, and the words for them."""

    states: frozenset[str] = frozenset()
    words: str = ""


@dataclass(frozen=True)
class View:
    """A workspace as one audience may know it."""

    workspace: Workspace
    audience: Audience

    @property
    def attendance_alone(self) -> bool:
        """Whether it is the organisation that looks: it sees who met, when and for how long."""
        return self.audience.who == "organisation"

    # records

    @cached_property
    def records(self) -> Sequence[Skeleton]:
        """The records that the audience may know of, but those that could not be read."""
        return tuple(record for record in self.workspace.known_to(self.audience) if record.kind)

    @cached_property
    def by_id(self) -> Mapping[str, Skeleton]:
        """Those records by their id, compared without case; the first of two with the same."""
        found: dict[str, Skeleton] = {}
        for record in self.records:
            found.setdefault(record.id.casefold(), record)
        return found

    def find(self, id: str) -> Skeleton | None:
        """The record with an id, if the audience may know of it."""
        return self.by_id.get(id.casefold())

    def near(self, id: str) -> str | None:
        """The id of a known record that a word may be a slip of."""
        return nearest(id, [record.id for record in self.records])

    def label(self, record: Skeleton) -> str:
        """What sort of record it is, in words that hold no name."""
        kind = self.workspace.register.kinds[record.kind]
        for key in ("type", "form"):
            chosen, field = self.text(record, key), kind.fields.get(key)
            if field and chosen:
                return str(field.words.get(chosen, field.title))
        return kind.title

    # what stands in a record

    def sees(self, record: Skeleton, key: str) -> bool:
        """Whether the audience may read a fact or a heading of a record that it knows of: `Record.seen_by` in short."""
        field = self.workspace.register.kinds[record.kind].fields.get(key)
        return field is not None and self._may_read(record, field)

    def _may_read(self, record: Skeleton, field: Field) -> bool:
        if self.attendance_alone:
            receives = self.workspace.receives(record)
            if field.layer == "attendance":
                return "attendance" in receives
            return bool(field.schema.get("x-reaches")) and field.key in receives
        if record.private:
            return self.audience.who == "author" and self.audience.person in (record.author, *record.readers)
        mine = self.audience.who == "parties" or self.audience.person in record.parties
        return mine and field.layer in ("attendance", "shared")

    def text(self, record: Skeleton, key: str) -> str | None:
        """A fact that is a choice, a code or a date, if the audience may read it."""
        return record.text(key) if self.sees(record, key) else None

    def number(self, record: Skeleton, key: str) -> int | None:
        """A fact that is a number, if the audience may read it."""
        found = record.facts.get(key)
        return found if isinstance(found, int) and self.sees(record, key) else None

    def people(self, record: Skeleton) -> tuple[str, ...]:
        """The codes of those it is about; of whoever cancelled it, only for those who may know that."""
        by = record.text("by")
        if by is None or by in record.parties or self.sees(record, "by"):
            return record.people
        return tuple(code for code in record.people if code != by)

    def ties(self, record: Skeleton) -> Iterable[Tie]:
        """The links that stand where the audience may read them."""
        fields = self.workspace.register.kinds[record.kind].fields.values()
        # Words are not told apart by their heading: one heading above the audience closes them all.
        words = all(self._may_read(record, field) for field in fields if field.shape)
        return [tie for tie in record.ties if (words if tie.fact == IN_WORDS else self.sees(record, tie.fact))]

    def actions(self, record: Skeleton) -> Sequence[Action]:
        """The actions that were agreed in it, if the audience may read them."""
        return record.actions if self.sees(record, "actions") else ()

    def owners(self, session: Skeleton, line: Action) -> tuple[str, ...]:
        """The codes of those whose action it is: of `@all` and the roles, those of that session, where it names any."""
        leading = [code for key in ("supervisor", "facilitator") if (code := session.text(key))]
        others = [code for code in session.parties if code not in leading]
        meant = {"supervisor": leading, "supervisee": others, "all": session.parties}
        found = (meant[owner] or [owner] if owner in _ROLES else [owner] for owner in line.owners)
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    # how it stands

    def standing(self, record: Skeleton) -> Standing:
        """How it stands between its parties. The organisation is told of awaiting and signed, and of no verdict."""
        if record.kind not in SIGNED_KINDS:
            return Standing()
        words = standing_in_words(self.workspace, record)
        if self.attendance_alone:
            states = {standing.state for standing in standings(self.workspace, record)}
            word = "" if not states else "awaiting" if states & {"awaiting", "changed"} else "signed"
            return Standing(frozenset({word} - {""}), word)
        if not self._among(record):
            return Standing()
        if record.status == "draft":
            return Standing(frozenset({"draft"}), words)
        return Standing(frozenset(standing.state for standing in standings(self.workspace, record)), words)

    def extended(self, session: Skeleton) -> bool:
        """Whether the parties are told that confidentiality was extended: once the supervisee has been, and no others."""
        return self._among(session) and self.workspace.extended(session)

    def _among(self, record: Skeleton) -> bool:
        """Whether the audience are the parties, or one of them."""
        return self.audience.who == "parties" or (
            self.audience.who == "author" and self.audience.person in record.parties
        )


