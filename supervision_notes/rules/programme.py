"""SN7, too: whether the register and the records tell the same story, so that nobody's supervision gets lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..dates import read_date
from ..record import Record
from ..register import Register
from ..workspace import Workspace
from .base import Found, record_rule, workspace_rule
from .register import WHO_WAS_THERE

_REGISTER = "people.yaml"
_SUPERVISION = ("clinical", "practice")
_LAST_DAY = "9999"


@workspace_rule("SN708", "warning")
def no_profile(workspace: Workspace) -> Iterator[Found]:
    """Somebody attends or supervises, and the register says nothing about them.

    A code stands in `people.yaml` with nothing behind it, or as somebody's supervisor and nowhere else. In no division,
    no profession and no team such a person can be counted. A code in a record that stands nowhere in the register is
    `unknown-person`.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201:
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle, profession: nursing, division: Community}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
    """
    register = workspace.register
    attending = {code for record in workspace.records if record.held for code in record.parties}
    # Of a code that stands in a record and not in the register, the record is told.
    said = {*(register.people or ()), *(code for record in workspace.records for code in record.people)}
    for code, place in register.places.items():
        if code in attending and not register.profile(code):
            hint = "write who it is behind the code, as in  {name: Rhian Kettle, profession: nursing}"
            yield Found(place, "this person attends, and the register says nothing about them", hint, path=_REGISTER)
        for entry in _supervisors(register, code):
            if (supervisor := str(entry.get("id"))) not in said:
                said.add(supervisor)
                message = f"{supervisor} is named as a supervisor here, and has no line in the register"
                yield Found(place, message, f"add  {supervisor}:  with a name", path=_REGISTER)


@workspace_rule("SN709", "warning")
def no_supervisor(workspace: Workspace) -> Iterator[Found]:
    """The register names nobody who supervises somebody, though it does so for others.

    Clinical supervision is meant, or practice supervision in social work; a line manager or a mentor is no supervisor.
    Looked at only where the register names supervisors. Of those who supervise others themselves it is said only where
    the register names a supervisor of one of them, for theirs is often kept in another folder. Members of a group,
    those who have left, and those for whom `eligible: false` stands, are left out.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014}]}
          SE-202: {name: Aroha Ngata, supervisors: [{id: SV-014, stream: line-management}]}

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014}]}
          SE-202: {name: Aroha Ngata, supervisors: [{id: SV-014, from: 2026-10-01}]}
    """
    register, today = workspace.register, workspace.as_at
    codes = [code for code in register.people or () if _is_here(register.profile(code), today)]
    supervised = {code for code in codes for stream in _SUPERVISION if register.supervisors_of(code, stream, today)}
    supervising = {str(entry.get("id")) for code in register.people or () for entry in _supervisors(register, code)}
    supervising |= {code for r in workspace.records if r.stream in _SUPERVISION and (code := r.text("supervisor"))}
    kept = {code in supervising for code in supervised}
    in_groups = _in_groups(workspace)
    for code in codes:
        if code not in supervised and code not in in_groups and (code in supervising) in kept:
            hint = "add who it is, as in  supervisors: [{id: SV-014, from: 2026-10-01}],  or  eligible: false"
            yield Found(register.places[code], "the register names no supervisor of this person", hint, path=_REGISTER)


@workspace_rule("SN710", "warning")
def supervisor_has_left(workspace: Workspace) -> Iterator[Found]:
    """Somebody is supervised beyond the last day of their supervisor, by the register.

    Whoever they supervised may be with nobody now. With `--as-at` it is said once that last day is over.

    Bad:

        === people.yaml
        people:
          SV-041: {name: Iseult Farrant, leave: 2026-07-10}
          SE-118: {name: Maren Ashdown, supervisors: [{id: SV-041, from: 2021-09-06}]}

    Good:

        === people.yaml
        people:
          SV-041: {name: Iseult Farrant, leave: 2026-07-10}
          SV-063: {name: Babajide Oyèlẹ́yẹ}
          SE-118:
            name: Maren Ashdown
            supervisors:
              - {id: SV-041, from: 2021-09-06, until: 2026-07-10}
              - {id: SV-063, from: 2026-07-13}
    """
    register = workspace.register
    for code, place in register.places.items():
        own = _last(register.profile(code), "leave")
        for entry in _supervisors(register, code):
            supervisor = str(entry.get("id"))
            left = _last(register.profile(supervisor), "leave")
            if left < min(own, _last(entry, "until"), workspace.as_at or _LAST_DAY):
                message = f"by the register, {supervisor} supervises this person beyond their own last day, {left}"
                hint = f"write  until: {left}  there, and name whoever supervises them now"
                yield Found(place, message, hint, path=_REGISTER)


@record_rule("SN711", "warning")
def ineligible_session(record: Record, register: Register) -> Iterator[Found]:
    """A session took place before somebody in it had started, or after they had left, by the register.

    The date is wrong, or the register is; while it stands so, no figure about those who were in post can be right.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-310: {name: Ioana Brânză, start: 2026-09-14}
        === a.md
        ---
        kind: session
        date: 2026-09-04
        status: draft
        supervisor: SV-014
        supervisees: SE-310
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-310: {name: Ioana Brânză, start: 2026-09-14}
        === a.md
        ---
        kind: session
        date: 2026-10-04
        status: draft
        supervisor: SV-014
        supervisees: SE-310
        ---
    """
    day = record.date
    if day is None or record.value.get("outcome", "held") != "held":
        return
    present = frozenset(record.present)
    for link in record.links:
        if link.path[0] in WHO_WAS_THERE and link.target in present:
            code = register.person_of(link.target, day) or link.target
            profile = register.profile(code)
            when = "before they started" if day < _first(profile, "start") else ""
            when = "after they had left" if day > _last(profile, "leave") else when
            if when:
                message = f"by the register, {code} was at this session {when}"
                yield Found(
                    link.span, message, "look at the date of the session, and at start: and leave: in people.yaml"
                )


@record_rule("SN712", "error")
def ends_before_it_starts(record: Record, register: Register) -> Iterator[Found]:
    """Something in the register ends before it starts.

    A post, a pause, an employee number or a time with a supervisor. A pause that ends before it starts would stop
    nothing.

    Bad:

        === people.yaml
        people:
          SE-140: {name: Ffion Delacourt, pauses: [{from: 2026-06-08, until: 2025-08-30}]}

    Good:

        === people.yaml
        people:
          SE-140: {name: Ffion Delacourt, pauses: [{from: 2026-06-08, until: 2026-08-30}]}
    """
    for code in register.people or ():
        profile = register.profile(code)
        if _last(profile, "leave") < _first(profile, "start"):
            place = record.place("people", code, "leave")
            yield Found(place, "the last day comes before the first", "look at both days")
        for key in ("employee_numbers", "supervisors", "pauses"):
            for n, entry in enumerate(_entries(profile, key)):
                if _last(entry, "until") < _first(entry, "from"):
                    place = record.place("people", code, key, n, "until")
                    yield Found(place, "this ends before it starts", "look at from: and at until:")


def _first(said: Mapping[str, Any], key: str) -> str:
    """The day from which something holds, as ISO text; the beginning of time where no day is said."""
    day = str(said.get(key))
    return day if read_date(day) else ""


def _last(said: Mapping[str, Any], key: str) -> str:
    """The day until which something holds, as ISO text; the end of time where no day is said."""
    day = str(said.get(key))
    return day if read_date(day) else _LAST_DAY


def _entries(profile: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """The entries of a list in somebody's line; what is no entry keeps its place, and says nothing."""
    found = profile.get(key)
    for entry in found if isinstance(found, list) else ():
        yield entry if isinstance(entry, Mapping) else {}


def _supervisors(register: Register, code: str) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in _entries(register.profile(code), "supervisors") if entry.get("id"))


def _is_here(profile: Mapping[str, Any], today: str | None) -> bool:
    """Whether supervision is expected of somebody: not before they start, nor once they have a last day behind them."""
    if not profile or profile.get("eligible", True) is not True:
        return False
    if today is None:
        return not profile.get("leave")
    return _first(profile, "start") <= today <= _last(profile, "leave")


def _in_groups(workspace: Workspace) -> frozenset[str]:
    """The members of groups: those who are invited to one, and those who have agreed on one."""
    invited = (code for record in workspace.records if record.kind == "session" for code in record.attendance)
    agreed = (record.parties for record in workspace.agreements if record.text("form") == "group")
    return frozenset(invited).union(*agreed)
