"""What people would be told, and whom: a record that waits for their word, something that is due soon or overdue.

A letter passes through other people's machines. So it holds codes and dates alone, and tells of nothing that the
organisation may not know: what an agreement keeps back is counted, for whoever can tell those two by themselves. Nor
is anybody told of a day that a session which is kept back would move.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from ..attendance import kept_back
from ..kind import registers
from ..people import Person
from ..policies import LINE_MANAGER, Policy
from ..problem import listed
from ..register import Register
from ..signing import SIGNED_KINDS, Standing, standings
from ..skeleton import Skeleton
from ..workspace import Workspace
from .due import Due, due
from .programme import Programme

What = Literal["to-sign", "changed", "due-soon", "overdue"]
Hindrance = Literal["not-known-here", "no-email", "wrong-email", "paused", "left", "mistaken"]
# Said to a server and written into a letter's head: one plain address, and nothing that would make it two.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_SIGN = "Please read it where you keep your records, and sign it, or say that you do not agree: both are a normal end."
_FOOT = "It holds codes and dates, and nothing of what was said; please keep it so in an answer."


class Letter(NamedTuple):
    """What one person would read."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing that one person is to be told. Days are ISO dates."""

    to: str
    """The code of whoever is told."""
    what: What
    about: str
    """The code of whoever is awaited, or whose session is due."""
    day: str | None
    """The day of the record, or the last one that meets the policy; None where nobody knows it."""
    record: str = ""
    """The id of the record that waits. It is in no letter: whoever chose it may have put a name into it."""
    sort: str = ""
    """What waits, or the stream in which something is due, in words."""
    policy: str = ""
    asks: str = ""
    recipients: tuple[str, ...] = ()
    """Everybody who is told this."""
    since: str = ""
    """Of a record that was changed, the sign-off that no longer fits it."""
    address: str = ""
    hindrance: Hindrance | None = None
    """Why they cannot be told."""

    @property
    def key(self) -> str:
        """What nobody is told twice. It can be compared, and gives no address away.

        Another last day, address or sign-off makes it another thing; that a record's date was mended does not.
        """
        day = self.day or "" if self.policy else ""
        told = (self.what, self.record, self.about, self.policy, self.asks, day, self.since, self.address.casefold())
        return sha256("\0".join(told).encode()).hexdigest()

    @property
    def letter(self) -> Letter:
        """The letter that says so."""
        subject, text = _of_a_record(self) if self.record else _of_a_day(self)
        whom = f"This is for {listed([*self.recipients], 'and')} alone."
        return Letter(_even(subject), "\n\n".join(_even(paragraph) for paragraph in (text, whom, _FOOT)) + "\n")


class Reminders(NamedTuple):
    """What people would be told, and how much nobody is, for their agreement keeps sessions back."""

    found: Sequence[Reminder]
    records: int = 0
    """How many records wait for a word and are in no letter."""
    people: int = 0
    """Of how many people no letter says what is due, for it is otherwise than it looks from outside."""


def reminders(workspace: Workspace, programme: Programme, whole: Programme, as_at: str) -> Reminders:
    """All that people would be told on a day (ISO text), whether they were told of it before or not.

    `programme` is what the organisation may know, `whole` what the folder knows, sessions that are kept back as well.
    """
    days = [one for one in due(programme, as_at) if _what(programme, one, as_at)]
    sure = _as_it_is(programme, days, whole, as_at)
    found = [*_of_records(workspace, as_at), *_of_days(programme, sure, as_at)]
    known = {person.code: person for person in programme.people}
    addressed = [_addressed(one, workspace.register, known.get(one.to), date.fromisoformat(as_at)) for one in found]
    untold = sum(bool(_awaited(workspace, r)) for r in _ready(workspace, as_at) if _is_kept_back(workspace, r))
    return Reminders(addressed, untold, len({one.person for one in days} - {one.person for one in sure}))


# records that wait for a word


def _of_records(workspace: Workspace, as_at: str) -> Iterator[Reminder]:
    for record in _ready(workspace, as_at):
        if _is_kept_back(workspace, record):
            continue
        for standing in _awaited(workspace, record):
            changed = standing.sign_off if standing.state == "changed" else None
            person = workspace.register.person_of(standing.person, record.date) or standing.person
            yield Reminder(
                person,
                "changed" if changed else "to-sign",
                person,
                record.date,
                record.id,
                record.kind,
                recipients=(person,),
                since=changed.id if changed else "",
            )


def _ready(workspace: Workspace, as_at: str) -> Iterator[Skeleton]:
    """The records that may be signed: sessions that are recorded, agreements whose wording is settled."""
    for record in workspace.records:
        written = record.kind in SIGNED_KINDS and record.sound and record.status != "draft"
        if written and (record.kind == "agreement" or (record.date or "9999") <= as_at):
            yield record


def _awaited(workspace: Workspace, record: Skeleton) -> list[Standing]:
    return [one for one in standings(workspace, record) if one.state in ("awaiting", "changed")]


def _is_kept_back(workspace: Workspace, record: Skeleton) -> bool:
    return kept_back(workspace, record) if record.kind == "session" else "nothing" in record.receives


# what is due


def _of_days(programme: Programme, days: Iterable[Due], as_at: str) -> Iterator[Reminder]:
    register, streams = programme.register, registers()["policy"].fields["stream"].words
    for one in days:
        policy, what = register.policies.get(one.policy), _what(programme, one, as_at)
        if policy and what:
            over = _over_their_heads(register, one.person, policy, as_at) if what == "overdue" else ()
            told = tuple(dict.fromkeys((one.person, *one.supervisors, *over)))
            sort = str(streams[one.stream])
            day = None if one.unseen else one.due
            yield from (Reminder(to, what, one.person, day, "", sort, one.policy, one.asks, told) for to in told)


def _as_it_is(programme: Programme, days: Sequence[Due], whole: Programme, as_at: str) -> list[Due]:
    """Those of some days that are the same when the sessions count which the organisation may not know of."""
    apart = {one.person for one in days if programme.told_of(one.person) != whole.told_of(one.person)}
    really = {(one.person, one.policy, one.asks): one for one in due(whole, as_at, only=apart)} if apart else {}

    def same(one: Due) -> bool:
        other = really.get((one.person, one.policy, one.asks), one)
        return (one.due, one.overdue) == (other.due, other.overdue)

    return [one for one in days if same(one)]


def _what(programme: Programme, one: Due, as_at: str) -> What | None:
    """Whether something is overdue, or due so soon that it is to be said. An allowance is an offer: nobody owes it."""
    policy = programme.register.policies.get(one.policy)
    if one.overdue:
        return "overdue"
    if policy is None or one.due is None or one.state == "paused" or one.asks == "allowance":
        return None
    first = date.fromisoformat(one.due) - timedelta(policy.days_before)
    return "due-soon" if first.isoformat() <= as_at <= one.due else None


def _over_their_heads(register: Register, person: str, policy: Policy, as_at: str) -> Iterator[str]:
    """The codes of those whom the policy has told of what is overdue, besides the two who meet."""
    for code in policy.overdue_to:
        if code == LINE_MANAGER:
            managers = register.supervisors_of(person, "line-management", as_at)
            yield from (str(entry["id"]) for entry in managers if entry.get("id"))
        else:
            yield code


# whom, and where


def _addressed(one: Reminder, register: Register, person: Person | None, as_at: date) -> Reminder:
    address = str(register.profile(one.to).get("email") or "")
    hindrance: Hindrance | None = None
    if person and person.mistaken:
        hindrance = "mistaken"  # they may be away, or have left
    elif person and person.leave and as_at > person.leave:
        hindrance = "left"
    elif person and any(first <= as_at <= last for first, last in person.pauses):
        hindrance = "paused"
    elif one.what == "overdue" and one.day is None:
        hindrance = "not-known-here"  # nobody is told that they are late because their sessions stand elsewhere
    elif not address:
        hindrance = "no-email"
    elif not _ADDRESS.fullmatch(address):
        hindrance = "wrong-email"
    return replace(one, address=address, hindrance=hindrance)


# in words


def _of_a_record(one: Reminder) -> Letter:
    if one.what == "changed":
        said = f"The {one.sort} of {one.day} is another by now than the one that {one.about} signed."
        return Letter(f"{one.about}: the {one.sort} of {one.day} was changed", f"{said} {_SIGN}")
    said = f"The {one.sort} of {one.day} is written, and waits for the word of {one.about}."
    return Letter(f"{one.about}: the {one.sort} of {one.day} is ready to be signed", f"{said} {_SIGN}")


def _of_a_day(one: Reminder) -> Letter:
    sort = one.sort[:1].lower() + one.sort[1:]
    by = f"By the policy {one.policy}"
    if one.what == "due-soon":
        subject = f"{one.about}: {sort} is due by {one.day}"
        return Letter(subject, f"{by}, {one.about} is to have {sort} by {one.day}. Please agree on a day.")
    since = f"was due by {one.day}" if one.day else "is overdue"
    known = "" if one.day else " Too few sessions are known to name the day."
    return Letter(f"{one.about}: {sort} {since}", f"{by}, {sort} of {one.about} {since}.{known} Please agree on a day.")


def _even(text: str) -> str:
    """The text with single spaces: no line can end early in a letter's head."""
    return " ".join(text.split())
