"""Attendance: one person's part in one session. It is all that an organisation may know of what two people said.

Everything that counts starts here and knows nothing else: who, when, how long and of which sort. So the same figures
come from a workspace, and from lists of attendance that were written elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter, eq
from typing import Literal, NamedTuple

from .agreements import lets_out
from .policies import WELLBEING
from .record import Audience
from .signing import standings
from .skeleton import Skeleton
from .workspace import Workspace

ORGANISATION = Audience("organisation")
Role = Literal["supervisee", "member", "facilitator"]
FOREVER = "9999-12-31"


class Attendance(NamedTuple):
    """One person's part in one session. Whoever supervises takes no part: it is another's session."""

    person: str
    date: str
    minutes: int
    """How long they were there: `late 40` takes 40 off. Nothing, for whoever was not."""
    type: str
    stream: str
    outcome: str = "held"
    """Held; else cancelled, declined, did-not-attend or, in a group, apologies."""
    approach: str | None = None
    """None where it was not said, or where the agreement keeps it back."""
    mode: str | None = None
    group: str | None = None
    role: Role = "supervisee"
    size: int | None = 1
    """How many were there, without whoever led it; None for a group outside, whose size nobody wrote down."""
    contracted: int | None = None
    """How many are in the agreement, without whoever leads; None where no agreement is known."""
    led_by_peer: bool = False
    """Whether whoever led it stands in the group's attendance, as one of them."""
    client_hours: str | None = None
    """Hours with clients since the last session, as they were written."""
    signed: bool = False
    """Whether this person signed the record as it now stands."""
    agreed_until: str | None = None
    """The last day on which the agreement that the session names is in date; None where none is agreed."""
    supervisor: str | None = None
    """Who led it: the supervisor, or a group's facilitator."""
    session: str = ""
    digest: str = ""
    """The fingerprint of the record that says so.

    There is none where few words or none stand in the record, or where the session was not held: whoever tried out all
    that may stand there would find what is kept back, such as its hour, the client hours, or who cancelled.
    """

    @property
    def asked(self) -> bool:
        """Whether their signature is waited for, or was given: whoever led it, a peer too, is asked for none."""
        return self.signed or self.role != "facilitator"


class LeftOut(NamedTuple):
    """A session that is not counted, and why: it is a draft, or it has an error."""

    session: str
    why: Literal["draft", "error"]


class Attended(NamedTuple):
    """The attendance of a workspace, and the sessions that are left out of it."""

    facts: Sequence[Attendance]
    left_out: Sequence[LeftOut] = ()


def attended(workspace: Workspace, audience: Audience = ORGANISATION) -> Attended:
    """The attendance that an audience may know of.

    What an agreement keeps back from the organisation is as if it were not there; a session of wellbeing support is
    kept back where the agreement does not let its approach be known.
    """
    facts: list[Attendance] = []
    left_out: list[LeftOut] = []
    for session in _sessions(workspace, audience):
        told = audience.who != "organisation" or "approach" in workspace.receives(session)
        if audience.who == "organisation" and kept_back(workspace, session):
            continue
        if session.status == "draft" or not session.sound:
            left_out.append(LeftOut(session.id, "error" if session.status != "draft" else "draft"))
        else:
            facts += _parts(workspace, session, told, audience)
    return Attended(facts, left_out)


def kept_back(workspace: Workspace, session: Skeleton) -> bool:
    """Whether the organisation may not even know that there was a session: by its agreement, or as wellbeing support.

    Support is offered, and a session of it is kept back where the agreement does not let its approach be known.
    """
    receives = workspace.receives(session)
    return not receives or (session.text("approach") == WELLBEING and "approach" not in receives)


def by_person(*lists: Iterable[Attendance]) -> dict[str, list[Attendance]]:
    """The attendance of several lists by person, each in the order of its days; what was reported twice stands once."""
    found: dict[str, list[Attendance]] = defaultdict(list)
    for facts in lists:
        for fact in facts:
            found[fact.person].append(fact)
    for person, theirs in found.items():
        theirs.sort(key=_order)
        if any(map(eq, theirs, theirs[1:])):
            found[person] = list(dict.fromkeys(theirs))
    return dict(found)


_order = attrgetter("date", "session")


def all_kept_back(workspace: Workspace) -> set[tuple[str, str | None]]:
    """The sessions that the organisation may not know of, by their ids and who led them: from nobody else either."""
    every = (record for record in workspace.records if record.kind == "session" and kept_back(workspace, record))
    return {(one.id, _leader(one)) for one in map(workspace.register.credited, every)}


def withheld(workspace: Workspace) -> dict[str, list[tuple[str, str]]]:
    """On which days an agreement keeps somebody's sessions back from the organisation, by code: first and last ones.

    The agreement alone says so, whether there are such sessions or not: else whoever is said to be late would tell that
    there are none. Mentoring counts nowhere, and one that is not agreed holds on no day.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in workspace.agreements:
        if one.status in ("agreed", "ended") and one.text("form") != "mentoring" and not lets_out(one):
            for code in one.supervised:
                days = one.date or "", one.text("end") or FOREVER
                found[workspace.register.person_of(code, one.date) or code].append(days)
    return dict(found)


def _sessions(workspace: Workspace, audience: Audience) -> Iterator[Skeleton]:
    """The sessions that an audience may know of, faulty ones too; whoever goes by an employee number has their code."""
    for record in workspace.records if audience.who == "organisation" else workspace.known_to(audience):
        if record.kind == "session":
            yield workspace.register.credited(record)


def _leader(session: Skeleton) -> str | None:
    return session.text("supervisor") or session.text("facilitator")


def _parts(workspace: Workspace, session: Skeleton, told: bool, audience: Audience) -> Iterator[Attendance]:
    supervisor, facilitator = session.text("supervisor"), session.text("facilitator")
    there = {code for code, how in session.attendance.items() if how.split()[0] in ("present", "late")}
    leaders = (supervisor, facilitator)
    invited = session.attendance or {code: "present" for code in session.parties if code not in leaders}
    members = [code for code in invited if code not in leaders]
    outside = session.text("type") == "external" and session.text("format") == "group"
    agreement = workspace.named_by(session, "agreement")
    agreed = agreement if agreement and agreement.kind == "agreement" else None
    signed = {
        standing.person for standing in standings(workspace, session) if standing.state in ("signed", "disagreed")
    }
    whole = Attendance(
        "",
        session.date or "",
        0,
        session.text("type") or "",
        session.stream or "",
        approach=session.text("approach") if told else None,
        mode=session.text("mode"),
        supervisor=_leader(session),
        group=session.text("group"),
        size=None if outside else len(there & set(members)) if session.attendance else len(members),
        contracted=len(set(agreed.parties) - {*leaders}) if agreed and not outside else None,
        led_by_peer=facilitator in there,
        client_hours=None if audience.who == "organisation" else session.text("client_hours"),
        session=session.id,
        digest=session.digest if session.held and session.worded else "",
        agreed_until=_agreed_until(workspace, agreed),
    )
    for code, how in invited.items():
        if code != supervisor:
            role: Role = "facilitator" if code == facilitator else "member" if session.attendance else "supervisee"
            outcome, minutes = _presence(session, how)
            yield whole._replace(person=code, role=role, outcome=outcome, minutes=minutes, signed=code in signed)


def _presence(session: Skeleton, how: str) -> tuple[str, int]:
    """Whether somebody was there, and how long."""
    if not session.held:
        return session.outcome or "", 0
    word, minutes = how.split()[0], session.facts.get("minutes")
    return ("held", minutes_there(int(minutes or 0), how)) if word in ("present", "late") else (word, 0)


def minutes_there(minutes: int, how: str | None) -> int:
    """How long somebody was at a session of so many minutes: `late 40` takes 40 off."""
    word, _, late = (how or "").partition(" ")
    return max(minutes - int(late), 0) if word == "late" else minutes


def _agreed_until(workspace: Workspace, agreement: Skeleton | None) -> str | None:
    """The last day on which an agreement, or one that has taken its place since, has not ended and needs no review."""
    seen: set[str] = set()
    last: str | None = None
    while agreement and agreement.path not in seen:
        seen.add(agreement.path)
        if agreement.status == "agreed":
            days = (agreement.text("review_date"), agreement.text("end"))
            last = min((day for day in days if day), default=FOREVER)
        elif agreement.status == "ended":
            last = agreement.text("end") or last
        newer = (other for other in workspace.tied_to(agreement.id, "replaces") if other.kind == "agreement")
        agreement = next((other for other in newer if other.status in ("agreed", "ended")), None)
    return last
