"""Workspace: the register and the records of one practice, looked up by id, and by what names what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from .agreements import ALL_THAT_MAY_GO_OUT, in_force, lets_out, may_hold_on, serves
from .dates import read_date
from .record import ATTENDANCE, Audience, Record
from .register import Register
from .skeleton import CLOSED, Action, Skeleton, Tie, when

Link = tuple[Skeleton, Tie, Skeleton | None]
"""A record, its link, and the record that this leads to."""
Answers = Mapping[str, Sequence[tuple[Skeleton, Action]]]


@dataclass(frozen=True)
class Workspace:
    """Every record of a folder, by what the others may know of it. Words are read again from the file when shown.

    Records of confidentiality extended stand apart, in `restricted`: no rule, list or count meets them by accident.
    `as_at` is the day that counts as today, where one was given.
    """

    root: Path
    register: Register
    records: tuple[Skeleton, ...] = ()
    restricted: tuple[Skeleton, ...] = ()
    as_at: str | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Skeleton]:
        """Records by their id, compared without case; the first of two with the same."""
        found: dict[str, Skeleton] = {}
        for record in self.records:
            found.setdefault(record.id.casefold(), record)
        return found

    @cached_property
    def in_order(self) -> Sequence[Skeleton]:
        """The records in the order of their dates; first those without one."""
        return sorted(self.records, key=when)

    def find(self, id: str) -> Skeleton | None:
        """The record with an id."""
        return self.by_id.get(id.casefold())

    # what names what

    @cached_property
    def links(self) -> Sequence[Link]:
        """Every link of every record, and the record that it leads to."""
        records, named = (*self.records, *self.restricted), self.by_id.get
        return [(record, tie, named(tie.id.casefold())) for record in records for tie in record.ties]

    @cached_property
    def _links_in(self) -> Mapping[str, Sequence[Link]]:
        links: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            if link[0].layer != "restricted":
                links[link[1].fact].append(link)
        return links

    @cached_property
    def _named(self) -> dict[str, dict[str, tuple[Skeleton, Tie, Skeleton]]]:
        return {}  # what was asked for

    def named(self, fact: str) -> Mapping[str, tuple[Skeleton, Tie, Skeleton]]:
        """The records that name one in a fact, by path: each with the first such link and that other record."""
        if fact not in self._named:
            found = self._named[fact] = {}
            for record, tie, other in self._links_in.get(fact, ()):
                if other:
                    found.setdefault(record.path, (record, tie, other))
        return self._named[fact]

    @cached_property
    def _tied(self) -> dict[str, dict[str, list[Skeleton]]]:
        return {}  # what was asked for

    def tied_to(self, id: str, fact: str) -> Sequence[Skeleton]:
        """The records that name one in a fact, such as the addenda and sign-offs that are `of` it."""
        if fact not in self._tied:
            found = self._tied[fact] = defaultdict(list)
            for record, tie, _ in self._links_in.get(fact, ()):
                found[tie.id.casefold()].append(record)
        return self._tied[fact].get(id.casefold(), ())

    def named_by(self, record: Skeleton, fact: str) -> Skeleton | None:
        """The record that another names in a fact, such as its `agreement`."""
        tie = record.tied(fact)
        return self.find(tie.id) if tie else None

    def previous(self, session: Skeleton) -> Skeleton | None:
        """The session that a session names as the one before it."""
        other = self.named_by(session, "previous")
        return other if other and other.kind == "session" else None

    @cached_property
    def followers(self) -> Sequence[tuple[Skeleton, Tie, Skeleton]]:
        """Sessions that name a previous one, each with the link and that session."""
        named = self.named("previous").values()
        return [(record, tie, before) for record, tie, before in named if before.kind == "session"]

    @cached_property
    def chains(self) -> Mapping[tuple[str, ...], Sequence[Skeleton]]:
        """Sessions by chain (a stream and a pair or a group), in the order of their dates."""
        chains: dict[tuple[str, ...], list[Skeleton]] = defaultdict(list)
        for record in self.in_order:
            if record.chain and record.date:
                chains[record.chain].append(record)
        return chains

    @cached_property
    def agreed_in(self) -> Mapping[str, Sequence[tuple[str, Action]]]:
        """What each session agreed, by its path: the identity of each action without case, and its line there."""
        agreed = {}
        for session in self.records:
            if session.actions:
                lines = [(f"{session.id}#{line.id}".casefold(), line) for line in session.actions if line.id]
                agreed[session.path] = lines
        return agreed

    @cached_property
    def agreed(self) -> Mapping[str, tuple[Skeleton, Action]]:
        """Where each action was first agreed, by its identity without case: the session, and its line there."""
        agreed: dict[str, tuple[Skeleton, Action]] = {}
        for session in self.by_id.values():
            for which, line in self.agreed_in.get(session.path, ()):
                agreed.setdefault(which, (session, line))
        return agreed

    def identity(self, session: Skeleton, line: Action) -> str:
        """Which action a line of a review answers, without case; empty where nobody can tell, or it is not theirs.

        `A2` alone is the A2 of the session that is named as the previous one.
        """
        which = line.id
        if "#" not in which:
            before = session.tied("previous")
            which = f"{before.id}#{which}" if before and which else ""
        found = self.agreed.get(which := which.casefold())
        return "" if found and not _may_answer(session, found[0]) else which

    @cached_property
    def reviews(self) -> Mapping[str, Sequence[tuple[str, Action]]]:
        """What each session says of earlier actions, by its path: which one a line answers, and the line."""
        reviewing = ((session, session.review) for session in self.in_order if session.review)
        return {session.path: [(self.identity(session, line), line) for line in said] for session, said in reviewing}

    @cached_property
    def reviewed(self) -> Sequence[tuple[str, Skeleton, Action]]:
        """Every line of every review, in the order of their dates: which action it answers, the session, the line."""
        sessions = (session for session in self.in_order if session.review)
        return [(which, session, line) for session in sessions for which, line in self.reviews[session.path]]

    @cached_property
    def answers(self) -> Sequence[tuple[str, Skeleton, Action]]:
        """Those lines of reviews that speak of an action on a day that is known, in the same order.

        What is unanswered in a review says nothing of an action that an earlier one closed, unless that is a draft.
        """
        closed: dict[str, bool] = {}  # and whether by more than a draft
        found = []
        for which, session, line in self.reviewed:
            draft = session.status == "draft"
            if not which or not session.date or (line.state == "open" and which in closed and (draft or closed[which])):
                continue
            found.append((which, session, line))
            before = closed.pop(which, False)
            if line.state in CLOSED:
                closed[which] = before or not draft
        return found

    @cached_property
    def answers_to(self) -> Answers:
        """The same by the identity of the action, without case."""
        found: dict[str, list[tuple[Skeleton, Action]]] = defaultdict(list)
        for which, session, line in self.answers:
            found[which].append((session, line))
        return dict(found)

    @cached_property
    def agreements(self) -> Sequence[Skeleton]:
        """Agreements in the order in which they start."""
        return [record for record in self.in_order if record.kind == "agreement"]

    @cached_property
    def agreements_of(self) -> Mapping[str, Sequence[Skeleton]]:
        """The agreements that a person is a party to, or a group's, by code, in the order in which they start."""
        agreements: dict[str, list[Skeleton]] = defaultdict(list)
        for agreement in self.agreements:
            for code in dict.fromkeys((*agreement.parties, *filter(None, [agreement.text("group")]))):
                agreements[code].append(agreement)
        return agreements

    def in_force(self, session: Skeleton) -> list[Skeleton]:
        """The agreements of those who met that were in force on the day, in the order in which they start."""
        # But for the one of them who has the most: no agreement is one person's alone.
        met = sorted(session.parties, key=lambda code: len(self.agreements_of.get(code, ())))
        whose = [*met[: max(1, len(met) - 1)], *(session.chain[1:] if len(session.chain) == 2 else ())]
        theirs = {a.path: a for code in whose for a in self.agreements_of.get(code, ())}
        found = (a for a in theirs.values() if serves(a, session) and in_force(a, session.date or ""))
        return sorted(found, key=when)

    # who may know of what

    def known_to(self, audience: Audience) -> tuple[Skeleton, ...]:
        """The records that an audience may know of: of what stands in them it may still read a part alone.

        The parties know of what is shared; an author of their own, of what was opened to them and of what they are a
        party to; the organisation of sessions that are no draft, where the agreement says nothing else.
        """
        if audience.who == "author":
            known = (*self.records, *self.restricted)
            return tuple(r for r in known if _is_open_to(audience.person, r) or self._is_of(audience.person, r))
        if audience.who == "organisation":
            settled = (r for r in self.records if r.kind == "session" and r.sound and r.status != "draft")
            return tuple(record for record in settled if self.receives(record))
        return tuple(record for record in self.records if not record.private)

    def _is_of(self, person: str | None, record: Skeleton) -> bool:
        """Whether a sign-off or an addendum is one of a record that a person is a party to."""
        of = self.named_by(record, "of") if not record.private else None
        return of is not None and person in of.parties

    def seen(self, record: Record, audience: Audience) -> dict[str, Any]:
        """The part of a record's value that an audience may read, by its layers and its agreement."""
        if audience.who == "author" and self._is_of(audience.person, record.skeleton):
            audience = Audience("parties")
        return record.seen_by(audience, self.receives(record))

    def extended(self, session: Skeleton) -> bool:
        """Whether confidentiality was extended in a session, and whoever was supervised has been told.

        Until then nothing may give it away; from then on the parties, and nobody else, see that it was.
        """
        today = self.as_at or date.today().isoformat()
        told = (r for r in self.restricted if read_date(day := r.text("supervisee_told") or "") and day <= today)
        return any(tie.id.casefold() == session.id.casefold() for r in told if (tie := r.tied("session")))

    def receives(self, record: Record | Skeleton) -> frozenset[str]:
        """What the organisation may receive of a record, by the agreement that it names, or else by those in force."""
        skeleton = record if isinstance(record, Skeleton) else record.skeleton
        tie = skeleton.tied("agreement")
        named = self._may_be_agreements.get(tie.id.casefold(), ()) if tie else self._may_hold(skeleton)
        return frozenset.intersection(ALL_THAT_MAY_GO_OUT, *map(lets_out, named)) if named else ATTENDANCE

    def _may_hold(self, session: Skeleton) -> list[Skeleton]:
        """The agreements that held between those who met, and those that may have: a slip in one lets nothing out."""
        met = set(session.parties)
        theirs = (a for a, strangers in self._unclear if met & {*a.people} and len(met - {*a.people}) <= strangers)
        return [*self.in_force(session), *(a for a in theirs if may_hold_on(a, session.date or ""))]

    @cached_property
    def _unclear(self) -> Sequence[tuple[Skeleton, int]]:
        """What may be an agreement or hold on any day, each with the number of its parties whom nobody knows."""
        found = []
        for record in self.records:
            strangers = [code for code in record.parties if self.register.person_of(code) is None]
            unread = not record.kind and record.people
            if unread or (record.kind == "agreement" and (strangers or not (record.status and record.date))):
                found.append((record, len(strangers)))
        return found

    @cached_property
    def _may_be_agreements(self) -> Mapping[str, Sequence[Skeleton]]:
        """Agreements, and what could not be read and so may be one, by id; of two with the same nobody knows which."""
        found: dict[str, list[Skeleton]] = defaultdict(list)
        for record in self.records:
            if record.kind in ("agreement", ""):
                found[record.id.casefold()].append(record)
        return found


def _may_answer(session: Skeleton, other: Skeleton) -> bool:
    """Whether a session can answer what another agreed: one of its stream, in which somebody is supervised in both."""
    if session.chain and session.chain == other.chain:
        return True
    streams = {session.stream, other.stream} - {None}
    there, then = (set(one.people) - {one.text("supervisor"), one.text("facilitator")} for one in (session, other))
    return len(streams) < 2 and (not there or not then or bool(there & then))


def _is_open_to(person: str | None, record: Skeleton) -> bool:
    """Whether a person may know of a record: a party, its author, or one of those whom it was opened to."""
    if person is None:
        return False
    if record.layer == "restricted":
        return person in record.readers
    if record.layer == "private":
        return person in (record.author, *record.readers)
    return person in (*record.parties, *record.people)
