"""What belongs into one person's portfolio, and how much of each record.

A pack is about one person and may be handed on, so what others said among themselves stays out of it. A group's session
enters as attendance and as that person's own actions, with nobody else's words or codes. A session that the person
gave is somebody else's supervision: it enters as attendance alone, and the agreement for it not at all. A person's own
reflections are bound in for that person alone; notes about others, and records of confidentiality extended, for nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..attendance import minutes_there
from ..dates import read_date
from ..document import RECORD_LINK
from ..kind import Field
from ..questions.view import View
from ..questions.wording import Wording
from ..reading import read_one
from ..record import Audience, Record
from ..skeleton import Action, Skeleton
from ..workspace import Workspace
from .hiding import Hiding
from .phrases import Phrases
from .sheet import safe

# What somebody keeps for themselves is no part of a portfolio, which is made to be shown.
_NEVER_BOUND = ("process-note", "measure")
# The roles of those whose supervision an agreement is about.
_THEIRS = frozenset({"supervisee", "member", "mentee"})


@dataclass(frozen=True)
class Pack:
    """One person's records from one day to another, both counted (ISO dates), as far as an audience may see them."""

    workspace: Workspace
    audience: Audience
    person: str
    since: str | None = None
    until: str | None = None

    @cached_property
    def records(self) -> list[Skeleton]:
        """What belongs into it, in the order of the dates; of one day the agreement first."""
        known = (*self._view.records, *self._view.beside)  # that one has errors is told to whoever prints
        found = [record for record in known if self._belongs(record) and self._within(record)]
        return sorted(found, key=lambda record: (record.date or "", record.kind != "agreement", record.id))

    @cached_property
    def _view(self) -> View:
        return View(self.workspace, self.audience)

    def _belongs(self, record: Skeleton) -> bool:
        """Whether a record is the person's. What was said of a record comes with that record."""
        if record.layer == "private":
            own = self.audience == Audience("author", self.person) and record.author == self.person
            return own and record.kind not in _NEVER_BOUND
        if record.layer == "restricted" or record.tied("of"):
            return False
        if record.kind == "session":
            return self.person in (*record.parties, *record.attendance)
        return self.person in record.parties and not self.of_a_group(record) and self._is_theirs(record)

    def _is_theirs(self, agreement: Skeleton) -> bool:
        """Whether an agreement is about the person's own supervision, and not about somebody's whom they supervise."""
        record = read_one(self.workspace.root, agreement.path, self.workspace.register)
        parties = record.value.get("parties") if record else None
        found = [party for party in parties if isinstance(party, Mapping)] if isinstance(parties, list) else []
        return any(party.get("person") == self.person and party.get("role") in _THEIRS for party in found)

    def _within(self, record: Skeleton) -> bool:
        """Whether it is of those days: an agreement, if it was in force on one of them."""
        last = (record.text("end") or "9999") if record.kind == "agreement" else record.date or ""
        return (self.since or "") <= last and (record.date or "") <= (self.until or "9999")

    def of_a_group(self, record: Skeleton) -> bool:
        """Whether a record is that of a group, where it tells of others than the person and whoever they met."""
        if record.kind == "agreement":
            return record.text("form") == "group"
        group = record.text("group") or record.text("type") == "peer-group" or record.text("format") == "group"
        return bool(group) or len({*record.parties, *record.attendance}) > 2

    def gave(self, record: Skeleton) -> bool:
        """Whether it is a session that the person gave to others. Who leads a group as one of it gave none."""
        if record.kind != "session" or self.person in record.attendance:
            return False
        return self.person in (record.text("supervisor"), record.text("facilitator"))

    # what of a session is the person's

    def own_part(self, record: Record) -> Record:
        """A session, cut down to what is this person's: when it was, whether they came, and in a group own actions.

        Of one that they gave to one other person it says to whom.
        """
        skeleton, fields = record.skeleton, record.kind.fields
        gave, among = self.gave(skeleton), self.of_a_group(skeleton)
        value = {key: part for key, part in record.value.items() if _is_of_nobody(fields[key])}
        if among:
            value = {key: self._said(part, fields[key].schema.get("enum", ())) for key, part in value.items()}
        value |= {"kind": record.kind.name, "id": self._without_others(record.id) if among else record.id}
        for key in ("supervisor", "facilitator"):
            if record.value.get(key) == self.person:
                value[key] = self.person
        if isinstance(there := record.value.get("attendance"), Mapping):
            value["attendance"] = {code: self._said(how) for code, how in there.items() if code == self.person}
        if gave and not among and "supervisees" in record.value:
            value["supervisees"] = record.value["supervisees"]
        elif isinstance(met := record.value.get("supervisees"), list) and self.person in met:
            value["supervisees"] = [self.person]
        if not gave:
            for key in ("actions", record.kind.reviewed):
                if own := list(self._own_lines(record, key)):
                    value[key] = own
        return replace(record, value=value, labels={}, title="")

    def _own_lines(self, record: Record, key: str) -> Iterator[dict[str, Any]]:
        """The lines that are this person's to do, without a reason, and without whoever shares them.

        Whoever was not there learns what became of their own actions, in the words in which they had agreed them.
        """
        skeleton, lines = record.skeleton, record.value.get(key)
        known = skeleton.actions if key == "actions" else skeleton.review or ()
        written = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
        for action, line in zip(known, written, strict=True):
            there = self.person in record.parties
            text = line.get("text", "") if there else self._agreed_words(skeleton, action)
            if self.person in self._view.owners(skeleton, action) and (there or text):
                kept = {part: self._said(line[part]) for part in ("id", "state", "due") if part in line}
                yield {"id": "", **kept, "text": self._said(text), "owner": [self.person]}

    def _agreed_words(self, session: Skeleton, line: Action) -> str:
        """The words of an action that the person agreed and a review answers; empty where it is another's or unseen."""
        answered = line in self._view.answers(session)
        found = self.workspace.agreed.get(self.workspace.identity(session, line)) if answered else None
        return Wording(self._view).action(*found) if found and self.person in found[0].parties else ""

    def _said(self, part: Any, choices: Sequence[Any] = ()) -> Any:
        """A fact or a word without other people: dates and choices hold nobody, whatever else was typed there may."""
        if isinstance(part, list):
            return [self._said(each, choices) for each in part]
        if isinstance(part, dict):
            return {self._said(key): self._said(each) for key, each in part.items()}
        nobody = not isinstance(part, str) or part in choices or read_date(part)
        return part if nobody else self._without_others(part)

    def _without_others(self, text: str) -> str:
        """A text without other people's codes and names. A link that holds one leads nowhere, and is a word."""
        hide = self._others.hide
        return hide(RECORD_LINK.sub(lambda link: link[0] if hide(link[0]) == link[0] else link[0].strip("[]"), text))

    @cached_property
    def _others(self) -> Hiding:
        """Everybody else: those of the register, and those who are named by a code alone."""
        register = self.workspace.register
        shared = (record for record in self.workspace.records if not record.private)
        named = {*(register.people or {}), *(code for record in shared for code in record.people)}
        known = {code for code in named if register.person_of(code) != self.person}
        held = [(number, {one.code for one in holders}) for number, holders in register.numbers.items()]
        own = [self.person, register.name_of(self.person) or ""]
        return Hiding.of(
            codes=known,
            names=filter(None, map(register.name_of, known)),
            numbers=(number for number, codes in held if codes - {self.person}),
            own=(*own, *(number for number, codes in held if codes == {self.person})),
        )

    # what the cover says

    def about(self, bound: Sequence[Skeleton]) -> dict[str, Any]:
        """What the cover says: whose it is, of which days, by whom it was entered, and how much it holds.

        `met` counts the sessions of each stream; `contents` says of each record with whom it was and what became of it.
        """
        phrases, register = Phrases(self.workspace), self.workspace.register
        days = sorted(record.date for record in bound if record.date)
        others = (register.kinds[record.kind].folder for record in bound if record.kind != "session")
        held = Counter(folder.replace("-", " ").capitalize() for folder in others)
        return safe(
            {
                "person": self.person,
                "person_html": phrases.name(self.person),
                "since": phrases.date(self.since or (days[0] if days else "")),
                "until": phrases.date(self.until or (days[-1] if days else "")),
                "entered_by_html": phrases.name(register.owner) if register.owner else "",
                "held": [{"title": title, "count": count} for title, count in held.items()],
                "met": list(self._met([record for record in bound if record.kind == "session"])),
                "contents": [
                    {"whom": self._whom(record), "became": self._became(record), "gave": self.gave(record)}
                    for record in bound
                ],
            }
        )

    def _met(self, sessions: Sequence[Skeleton]) -> Iterator[dict[str, Any]]:
        """How many sessions there were of each stream, what was received apart from what was given."""
        found: dict[tuple[bool, str], list[Skeleton]] = defaultdict(list)
        for session in sessions:
            found[self.gave(session), self._view.stream(session) or ""].append(session)
        for gave, stream in sorted(found, key=lambda key: key[0]):
            became = Counter(map(self._became, found[gave, stream]))
            held = [session for session in found[gave, stream] if self._became(session) == "held"]
            yield {
                "stream": stream.replace("-", " ").capitalize(),
                "gave": gave,
                "held": len(held),
                "minutes": sum(map(self._minutes, held)),
                "missed": became.total() - sum(became[what] for what in ("held", "absent", "unclear")),
                "absent": became["absent"],
            }

    def _minutes(self, session: Skeleton) -> int:
        return minutes_there(self._view.number(session, "minutes") or 0, session.attendance.get(self.person))

    def _became(self, record: Skeleton) -> str:
        """Of a session what became of it: held, absent (held without the person), why it was not held, or unclear."""
        if record.kind != "session":
            return ""
        there = self.person in record.parties or self.gave(record)
        return record.outcome or "unclear" if there or not record.held else "absent"

    def _whom(self, record: Skeleton) -> str:
        """With whom it was, by code: the other, or the group."""
        if record.kind == "session" and self.of_a_group(record):
            return self._without_others(self._view.group(record) or "")
        return ", ".join(code for code in record.parties if code != self.person)


def _is_of_nobody(field: Field) -> bool:
    """Whether a fact may reach the organisation, or says how settled the record is, and names no person."""
    named = "person" in field.links or "x-keys" in field.schema
    return not named and not field.shape and (field.layer == "attendance" or field.key == "status")
