"""What one audience may know of a workspace. Every question looks through a `View`, never past it.

What it does not show is as if it were not there: no count, no near name and no message tells of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from ..kind import Field, nearest
from ..record import Audience
from ..signing import SIGNED_KINDS, standing_in_words, standings
from ..skeleton import IN_WORDS, Action, Skeleton, Tie
from ..workspace import Answers, Workspace

_ROLES = ("supervisor", "supervisee", "all")
# What says which session it is. Nothing in them is of what was said there.
_WHICH = ("type", "group")


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
    def beside(self) -> Sequence[Skeleton]:
        """The records that are in no answer, and of which whoever has them printed may hear all the same.

        The parties hear of what could not be read; the organisation of records of which something may reach it, though
        they are no sessions, are drafts, or have errors.
        """
        open_to_it = {record.path for record in self.workspace.known_to(self.audience)}
        return [
            record
            for record in (*self.workspace.records, *self.workspace.restricted)
            if not self.knows(record) and (record.path in open_to_it or self._may_hear_of(record))
        ]

    def _may_hear_of(self, record: Skeleton) -> bool:
        if self.attendance_alone:
            return bool(record.kind) and bool(self.workspace.receives(record)) and self._reaches_it(record)
        return self.audience.who == "parties" and not record.kind and record.layer != "restricted"

    def _reaches_it(self, record: Skeleton) -> bool:
        """Whether something in records of this kind is meant for the organisation."""
        kind = self.workspace.register.kinds[record.kind]
        fields = (field for field in kind.fields.values() if field.layer == "attendance" or "x-reaches" in field.schema)
        return not kind.private and any(fields)

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(record.path for record in self.records)

    @property
    def counted(self) -> Sequence[Skeleton]:
        """Private measures that their authors let be counted: for a median of many, and to be shown to nobody.

        They lie beyond what the audience may know of. Whoever takes them up owes it that no answer is about a few.
        """
        measures = (record for record in self.workspace.records if record.kind == "measure")
        return tuple(record for record in measures if record.facts.get("counted") is True)

    def knows(self, record: Skeleton) -> bool:
        """Whether the audience may know of a record."""
        return record.path in self._paths

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

    def near(self, id: str, people: Collection[str] = ()) -> str | None:
        """The id of a known record, about some people or all, that a word may be a slip of."""
        return nearest(id, [record.id for record in self.records if self.concerns(record, people)])

    @cached_property
    def codes(self) -> Mapping[str, bool]:
        """The codes of everyone whom a known record names, and of every group; and whether it is a group's."""
        people = dict.fromkeys((code for record in self.records for code in self.about(record)), False)
        groups = (group for record in self.records if (group := self.group(record)))
        return {**people, **{group: True for group in groups if group not in people}}

    def label(self, record: Skeleton) -> str:
        """What sort of record it is, in words that hold no name."""
        return self.label_of(record.kind, self.facts(record))

    def label_of(self, kind_name: str, facts: Mapping[str, str | int | bool]) -> str:
        """The same of a kind, and of facts that the audience is told."""
        kind = self.workspace.register.kinds[kind_name]
        for key in ("type", "form"):
            chosen, field = facts.get(key), kind.fields.get(key)
            if field and chosen and isinstance(chosen, str):
                return str(field.words.get(chosen, field.title))
        return kind.title

    # what stands in a record

    def legible(self, record: Skeleton) -> Set[str]:
        """The keys of what the audience may read of a record that it knows of: `Record.seen_by` in short."""
        kind, who = self.workspace.register.kinds[record.kind], self.audience.who
        if who == "organisation":
            receives = self.workspace.receives(record)
            return {field.key for field in kind.fields.values() if _reaches(field, receives)}
        if record.private:
            own = who == "author" and self.audience.person in (record.author, *record.readers)
            return kind.fields.keys() if own else frozenset()
        return kind.shared if who == "parties" or self.audience.person in self._parties(record) else frozenset()

    def sees(self, record: Skeleton, key: str) -> bool:
        """Whether the audience may read a fact or a heading of a record."""
        return key in self.legible(record)

    def _parties(self, record: Skeleton) -> tuple[str, ...]:
        """Whose record it is: what is said of a record, such as a sign-off, is its parties' too."""
        of = self.workspace.named_by(record, "of")
        return (*record.parties, *of.parties) if of else record.parties

    def _expected(self, record: Skeleton, key: str) -> bool:
        """Whether a fact says which session somebody is expected at, whom a draft names and says nothing more of.

        Its parties are those who were there, so nobody knows yet whether they will be one; what they were asked to they
        know.
        """
        if self.audience.who != "author" or key not in _WHICH:
            return False
        field, person = self.workspace.register.kinds[record.kind].fields.get(key), self.audience.person
        named = person in record.people and person != record.text("by")
        open_ = record.status == "draft" and person not in record.attendance
        return named and open_ and field is not None and field.layer == "attendance"

    def facts(self, record: Skeleton) -> Mapping[str, str | int | bool]:
        """The choices, codes, dates and numbers that the audience is told."""
        legible = self.legible(record)
        if record.facts.keys() <= legible:
            return record.facts
        return {key: found for key, found in record.facts.items() if key in legible or self._expected(record, key)}

    def text(self, record: Skeleton, key: str) -> str | None:
        """A fact that is a choice, a code or a date, if the audience is told it."""
        found = record.facts.get(key)
        return found if isinstance(found, str) and (self.sees(record, key) or self._expected(record, key)) else None

    def number(self, record: Skeleton, key: str) -> int | None:
        """A fact that is a number, if the audience may read it."""
        found = record.facts.get(key)
        return found if isinstance(found, int) and self.sees(record, key) else None

    def people(self, record: Skeleton) -> tuple[str, ...]:
        """The codes of those it is about; of whoever cancelled it, only for those who may know that."""
        by = record.text("by")
        if by is None or self.sees(record, "by"):
            return record.people
        if by in (*record.parties, *record.attendance, record.text("supervisor"), record.text("facilitator")):
            return record.people
        return tuple(code for code in record.people if code != by)

    def group(self, record: Skeleton) -> str | None:
        """The code of the group that met."""
        return self.text(record, "group")

    def stream(self, record: Skeleton) -> str | None:
        """The stream of supervision that a session belongs to, by its type."""
        return record.stream if self.sees(record, "type") or self._expected(record, "type") else None

    def about(self, record: Skeleton) -> tuple[str, ...]:
        """The codes of those it is about; what is said of a record is about those whom that is about."""
        tie = record.tied("of")
        of = self.find(tie.id) if tie else None
        return tuple(dict.fromkeys([*self.people(record), *self.people(of)])) if of else self.people(record)

    def concerns(self, record: Skeleton, people: Collection[str]) -> bool:
        """Whether a record is about one of some people or groups; where none are given, each is."""
        wanted = {code.casefold() for code in people}
        return not wanted or bool(
            wanted & {code.casefold() for code in (*self.about(record), self.group(record) or "")}
        )

    def ties(self, record: Skeleton) -> Iterable[Tie]:
        """The links that stand where the audience may read them."""
        fields = self.workspace.register.kinds[record.kind].fields.values()
        # Words are not told apart by their heading: one heading above the audience closes them all.
        named = any(tie.fact == IN_WORDS for tie in record.ties)
        words = named and all(self.sees(record, field.key) for field in fields if field.shape)
        return [tie for tie in record.ties if (words if tie.fact == IN_WORDS else self.sees(record, tie.fact))]

    def actions(self, record: Skeleton) -> Sequence[Action]:
        """The actions that were agreed in it, if the audience may read them."""
        return record.actions if self.sees(record, "actions") else ()

    def answers(self, record: Skeleton) -> Sequence[Action]:
        """What its review says of earlier actions, if the audience may read it."""
        reviewed = self.workspace.register.kinds[record.kind].reviewed
        return record.review or () if self.sees(record, reviewed) else ()

    @cached_property
    def answered(self) -> Answers:
        """What reviews say of each action, by its identity without case, as far as the audience may read them."""
        told = {session.path for session in self.records if self.answers(session)}
        said = self.workspace.answers_to.items()
        return {which: [answer for answer in answers if answer[0].path in told] for which, answers in said}

    def owners(self, session: Skeleton, line: Action) -> tuple[str, ...]:
        """The codes of those whose action it is, by a line under Actions or in a review.

        `@all` and the roles are those of the session in which they were first said: whoever comes to a group later
        has not agreed to what a review there repeats.
        """
        which = self.workspace.identity(session, line) if line in (session.review or ()) else ""
        first = self.workspace.agreed.get(which)
        if first is None:
            return self._meant(session, line)
        owners, said = self._meant(*first), first[1].owners
        for review, answer in self.answered.get(which, ()):
            if answer.owners and answer.owners != said:
                owners, said = self._meant(review, answer), answer.owners
            if (review.path, answer) == (session.path, line):
                break
        return owners

    def _meant(self, session: Skeleton, line: Action) -> tuple[str, ...]:
        """The codes that a line means in a session: of `@all` and the roles its own, where it names any."""
        leading = [code for key in ("supervisor", "facilitator") if (code := session.text(key))]
        others = [code for code in session.parties if code not in leading]
        meant = {"supervisor": leading, "supervisee": others, "all": session.parties}
        found = (meant[owner] or [owner] if owner in _ROLES else [owner] for owner in line.owners)
        return tuple(dict.fromkeys(code for codes in found for code in codes))

    # how it stands

    def standing(self, record: Skeleton) -> str:
        """How it stands between its parties, in words: draft, awaiting SE-201, signed and so on.

        The organisation is told of awaiting and signed, and of no verdict.
        """
        if self.attendance_alone:
            return next(iter(self.states(record)), "")
        return standing_in_words(self.workspace, record) if self._among(record) else ""

    def states(self, record: Skeleton) -> frozenset[str]:
        """The same in single words: draft, awaiting, signed, disagreed, changed."""
        if record.kind not in SIGNED_KINDS or not (self.attendance_alone or self._among(record)):
            return frozenset()
        if record.status == "draft":
            return frozenset({"draft"})
        found = frozenset[str](standing.state for standing in standings(self.workspace, record))
        if self.attendance_alone and found:
            return frozenset({"awaiting" if found & {"awaiting", "changed"} else "signed"})
        return found

    def extended(self, session: Skeleton) -> bool:
        """Whether it is said that confidentiality was extended: to the parties alone, once the supervisee was told."""
        return self._among(session) and self.workspace.extended(session)

    def _among(self, record: Skeleton) -> bool:
        """Whether the audience are the parties, or one of them."""
        return self.audience.who == "parties" or (
            self.audience.who == "author" and self.audience.person in record.parties
        )


def _reaches(field: Field, receives: Collection[str]) -> bool:
    """Whether the organisation may read a field of a record of which it receives so much."""
    if field.layer == "attendance":
        return "attendance" in receives
    return bool(field.schema.get("x-reaches")) and field.key in receives
