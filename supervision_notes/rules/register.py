"""SN7: people and codes."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import combinations

from ..kind import nearest, normal
from ..problem import Said, did_you_mean, listed, mistake
from ..record import Record
from ..register import Register
from ..schema import Link
from .base import Found, record_rule

WHO_WAS_THERE = ("supervisor", "facilitator", "supervisees", "attendance")


@record_rule("SN701", "error")
def unknown_person(record: Record, register: Register) -> Iterator[Found]:
    """A record names a code that the register does not hold.

    Where there is a `people.yaml`, every code must stand in it, for a misspelt code makes a session vanish from
    somebody's year. Without a register codes stand for themselves, and a code is one word that can be printed. Where a
    session says who was there, an employee number may stand instead of a code; one that nobody has is
    `unknown-employee-number`.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-041
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        ---
    """
    people = register.people
    for link in record.links:
        if "person" not in link.may_name or (people is not None and link.target in people):
            continue
        if _by_number(link, register):
            continue
        schema = record.kind.fields[str(link.path[0])].schema
        if several := _several(link.target, people):
            way_out = f"divide them by a comma, as in  [{', '.join(several)}]"
            way_out = way_out if "array" in schema.get("type", ()) else "write one code here"
            yield Found(link.span, "several codes stand here as if they were one", way_out)
            continue
        also = listed([*schema.get("x-also", ())])
        instead = f"write a code such as SE-201{f', or {also}' if also else ''}"
        if people is None:
            if link.target.split() != [link.target] or not link.target.isprintable():
                yield Found(link.span, "this is no code: people stand here by their codes", instead)
        else:
            near = _code_of(link.target, register) or nearest(link.target, people)
            hint = "" if near else f"add the code to people.yaml; or {instead}"
            # A near code is somebody else's as likely as not, so nothing is mended here by itself.
            yield Found(link.span, f"the register has nobody with this code{did_you_mean(near)}", hint)


@mistake("SN702", "warning")
def missing_asset(where: str) -> Said:
    """A logo or a theme is named in `supervision.yaml`, and there is no such file, so pages print without it.

    A logo is named by its path in the workspace, with its ending; a theme by its name alone: `theme: ours` is the file
    `styles/ours.css`.

    Bad:

        === supervision.yaml
        organisation: Riverside Community Trust
        theme: ours

    Good:

        === supervision.yaml
        organisation: Riverside Community Trust
        theme: ours
        === styles/ours.css
        :root { --accent: #1d4e89 }
    """
    place = "the workspace, by its path and with its ending" if where == "NAME" else "styles/, under that name and .css"
    return Said("there is no such file, so pages print without it", f"it is looked for in {place}")


def _code_of(typed: str, register: Register) -> str | None:
    """The code of somebody whose name, or whose employee number, was typed instead of it."""
    named = ((code, register.name_of(code)) for code in register.people or ())
    return register.person_of(typed) or next(
        (code for code, name in named if name and normal(str(name)) == normal(typed)), None
    )


def _several(target: str, people: Container[str] | None) -> list[str]:
    """The codes in what was typed as one: `SE-201 and SE-205`. Without a register a word with a digit is a code."""
    words = re.split(r"[\s,;/&+]+", target)
    codes = [word for word in words if (re.search(r"\d", word) if people is None else word in people)]
    return codes if len(codes) > 1 else []


def _by_number(link: Link, register: Register) -> bool:
    """Whether a link says who was at a session by an employee number; by one that nobody has, too."""
    return "person" in link.may_name and link.path[0] in WHO_WAS_THERE and register.is_number(link.target)


@record_rule("SN703", "note")
def supervisor_not_theirs(record: Record, register: Register) -> Iterator[Found]:
    """The register names other supervisors for this person, in this stream, on this day.

    It may be a stand-in, or the register may be out of date. Looked at only where the register names supervisors for
    that person and stream.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SV-022: {name: Ioana Brânză}
          SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014}]}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-022
        supervisees: SE-201
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole}
          SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014}]}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
    """
    supervisor, supervisees = record.value.get("supervisor"), record.value.get("supervisees")
    if not (record.stream and record.date and isinstance(supervisor, str) and isinstance(supervisees, list)):
        return
    for code in supervisees:
        named = register.supervisors_of(code, record.stream, record.date) if isinstance(code, str) else []
        whose = register.person_of(supervisor, record.date) or supervisor
        if named and whose not in [entry.get("id") for entry in named]:
            message = "the register names another supervisor for this person, in this stream, on this day"
            yield Found(record.place("supervisor"), message, "mend the register, or leave it: somebody may stand in")


@record_rule("SN704", "error")
def unknown_employee_number(record: Record, register: Register) -> Iterator[Found]:
    """A session names somebody by an employee number that nobody in the register has.

    Where a session says who was there, an employee number may stand instead of a code, and somebody's earlier number
    does too. One that nobody has makes the session vanish from a person's year, as a misspelt code does.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole, employee_numbers: [{number: 20113901}]}
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: 20114471
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole, employee_numbers: [{number: 20113901}]}
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: 20114417
        ---
    """
    for link in record.links:
        if _by_number(link, register) and link.target not in register.numbers:
            hint = "write the person's code; if it is a number of theirs, add it to their line in people.yaml"
            yield Found(link.span, "the register has nobody with this employee number", hint)


@record_rule("SN705", "error")
def duplicate_employee_number(record: Record, register: Register) -> Iterator[Found]:
    """Two people have the same employee number at the same time.

    Sessions that were recorded under it would be credited to the wrong one, so they are credited to nobody. It is said
    at both places, for only you know whose the number is. A number may go from one person to another: `until:` ends it
    for the first, and `from:` starts it for the second.

    Bad:

        === people.yaml
        people:
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}
          SE-205: {name: Łukasz Żółć, employee_numbers: [{number: 20114417}]}

    Good:

        === people.yaml
        people:
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417, until: 2025-12-31}, {number: 20120032}]}
          SE-205: {name: Łukasz Żółć, employee_numbers: [{number: 20114417, from: 2026-01-01}]}
    """
    for held in register.numbers.values():
        for one, other in combinations(held, 2):
            if one.code != other.code and one.first <= other.last and other.first <= one.last:
                for here, there in ((one, other), (other, one)):
                    place = record.place("people", here.code, "employee_numbers", here.entry, "number")
                    hint = "take it from the one whose it is not, or say with from: and until: when it changed hands"
                    yield Found(place, f"{there.code} has this employee number too, at the same time", hint)


@record_rule("SN706", "warning")
def old_employee_number(record: Record, register: Register) -> Iterator[Found]:
    """A session names somebody by an employee number that was no longer theirs on that day.

    It is credited to the right person all the same. Other systems may not know an old number, so write the code, which
    never changes.

    Bad:

        === people.yaml
        people:
          SV-014: {name: Mary Poole, employee_numbers: [{number: 20113901}]}
          SE-201:
            name: Rhian Kettle
            employee_numbers: [{number: 20120032, from: 2026-01-01}, {number: 20114417, until: 2025-12-31}]
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: 20114417
        ---

    Good:

        === people.yaml
        people:
          SV-014: {name: Mary Poole, employee_numbers: [{number: 20113901}]}
          SE-201:
            name: Rhian Kettle
            employee_numbers: [{number: 20120032, from: 2026-01-01}, {number: 20114417, until: 2025-12-31}]
        === a.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
    """
    day = record.date or ""
    for link in record.links:
        code = register.person_of(link.target, day) if _by_number(link, register) else None
        if code and day and all(one.last < day for one in register.numbers[link.target] if one.code == code):
            message = f"this number of {code} had ended by then; the session is credited to {code} all the same"
            yield Found(link.span, message, f"write {code}: a code never changes")


@record_rule("SN707", "warning")
def no_employee_number(record: Record, register: Register) -> Iterator[Found]:
    """Somebody has no employee number, in a register that keeps them.

    What another system counts for them by number would reach nobody. Not said of those who have a last day, and of
    those for whom `eligible: false` stands, as for colleagues from elsewhere.

    Bad:

        === people.yaml
        people:
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}
          SE-205: {name: Łukasz Żółć}

    Good:

        === people.yaml
        people:
          SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}
          SE-205: {name: Łukasz Żółć, employee_numbers: [{number: 20116210}]}
          EX-003: {name: Hannele Mäkikoski, eligible: false}
    """
    numbered = {one.code for held in register.numbers.values() for one in held}
    for code in register.people or () if numbered else ():
        profile = register.profile(code)
        # Of a line that says nothing, it is said elsewhere that it says nothing.
        if profile and code not in numbered and profile.get("eligible", True) is True and not profile.get("leave"):
            hint = "add it:  employee_numbers: [{number: 20114417}]"
            yield Found(register.places[code], "the register has no employee number for this person", hint)
