"""Workspace: the registers and the records of one practice, looked up by code and id, and by what names what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .dates import read_date
from .kind import Kind
from .record import ATTENDANCE, Audience, Record
from .skeleton import Skeleton, Tie


@dataclass(frozen=True)
class Register:
    """What `supervision.yaml` and `people.yaml` say, and the kinds of record that the workspace knows.

    `people` is None where there is no register of people: then every code stands for itself.
    """

    kinds: Mapping[str, Kind]
    settings: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Any]] | None = None
    guidance: frozenset[str] = frozenset()

    @property
    def owner(self) -> str | None:
        """The code of the person whose workspace it is."""
        return self.settings.get("owner")

    @property
    def language(self) -> str:
        """The language that records are printed in."""
        return str(self.settings.get("language", "en-GB"))

    def name_of(self, code: str) -> str | None:
        """The name of the person with a code, where the register holds one."""
        person = (self.people or {}).get(code)
        return person.get("name") if isinstance(person, Mapping) else None

    def supervisors_of(self, code: str, stream: str, day: str) -> list[Mapping[str, Any]]:
        """What the register says of a person's supervisors in a stream on a day (ISO text): one map for each."""
        person = (self.people or {}).get(code)
        listed = person.get("supervisors") if isinstance(person, Mapping) else None
        return [
            entry
            for entry in (listed if isinstance(listed, list) else ())
            if isinstance(entry, Mapping)
            and entry.get("stream", "clinical") == stream
            and str(entry.get("from") or "") <= day <= str(entry.get("until") or "9999")
        ]


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

    def find(self, id: str) -> Skeleton | None:
        """The record with an id."""
        return self.by_id.get(id.casefold())

    # what names what

    @cached_property
    def _tied_to(self) -> Mapping[str, Sequence[tuple[Skeleton, Tie]]]:
        tied: dict[str, list[tuple[Skeleton, Tie]]] = defaultdict(list)
        for record in self.records:
            for tie in record.ties:
                tied[tie.id.casefold()].append((record, tie))
        return tied

    def tied_to(self, id: str, fact: str | None = None) -> Iterator[tuple[Skeleton, Tie]]:
        """The records that name a record, each with the link in which it does; all links, or those in one fact."""
        for record, tie in self._tied_to.get(id.casefold(), ()):
            if fact in (None, tie.fact):
                yield record, tie

    def named_by(self, record: Skeleton, fact: str) -> Skeleton | None:
        """The record that another names in a fact, such as its `agreement`."""
        tie = record.tied(fact)
        return self.find(tie.id) if tie else None

    def previous(self, session: Skeleton) -> Skeleton | None:
        """The session that a session names as the one before it."""
        other = self.named_by(session, "previous")
        return other if other and other.kind == "session" else None

    @cached_property
    def chains(self) -> Mapping[tuple[str, ...], Sequence[Skeleton]]:
        """Sessions by chain (a stream and a pair or a group), in the order of their dates."""
        chains: dict[tuple[str, ...], list[Skeleton]] = defaultdict(list)
        for record in sorted(self.records, key=lambda record: (record.date or "", record.id)):
            if record.chain and record.date:
                chains[record.chain].append(record)
        return chains

    def earlier(self, session: Skeleton) -> Skeleton | None:
        """The last session of its chain that was held before a session."""
        before = [other for other in self.chains.get(session.chain, ()) if other.held and _day(other) < _day(session)]
        return before[-1] if before else None

    @cached_property
    def agreements(self) -> Sequence[Skeleton]:
        """Agreements in the order in which they start."""
        found = (record for record in self.records if record.kind == "agreement")
        return sorted(found, key=lambda agreement: (agreement.date or "", agreement.id))

    # who may know of what

    def known_to(self, audience: Audience) -> tuple[Skeleton, ...]:
        """The records that an audience may know of: of what stands in them it may still read a part alone.

        The parties know of what is shared; an author of their own, of what was opened to them and of what they are a
        party to; the organisation of sessions, where the agreement says nothing else.
        """
        if audience.who == "author":
            return tuple(r for r in (*self.records, *self.restricted) if _is_open_to(audience.person, r))
        if audience.who == "organisation":
            return tuple(r for r in self.records if r.kind == "session" and r.sound and self.receives(r))
        return tuple(record for record in self.records if not record.private)

    def extended(self, session: Skeleton) -> bool:
        """Whether confidentiality was extended in a session, and whoever was supervised has been told.

        Until then nothing may give it away; from then on the parties, and nobody else, see that it was.
        """
        told = (record for record in self.restricted if read_date(record.text("supervisee_told") or ""))
        return any(tie.id.casefold() == session.id.casefold() for r in told if (tie := r.tied("session")))

    def receives(self, record: Record | Skeleton) -> frozenset[str]:
        """What the organisation may receive of a record, by the agreement that it names."""
        agreement = self.named_by(record if isinstance(record, Skeleton) else record.skeleton, "agreement")
        if agreement is None or agreement.kind != "agreement" or agreement.status not in ("agreed", "ended"):
            return ATTENDANCE
        return frozenset() if "nothing" in agreement.receives else frozenset(agreement.receives) | ATTENDANCE


def _is_open_to(person: str | None, record: Skeleton) -> bool:
    """Whether a person may know of a record: a party, its author, or one of those whom it was opened to."""
    if person is None:
        return False
    if record.layer == "restricted":
        return person in record.readers
    if record.layer == "private":
        return person in (record.author, *record.readers)
    return person in (*record.parties, *record.people)


def _day(session: Skeleton) -> str:
    return session.date or ""
