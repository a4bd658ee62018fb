"""SN7: people and codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..kind import nearest, normal
from ..problem import Said, did_you_mean, listed, mistake
from ..record import Record
from ..workspace import Register
from .base import Found, record_rule


@record_rule("SN701", "error")
def unknown_person(record: Record, register: Register) -> Iterator[Found]:
    """A record names a code that the register does not hold.

    Where there is a `people.yaml`, every code must stand in it, for a misspelt code makes a session vanish from
    somebody's year. Without a register codes stand for themselves.

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
        also = listed([*record.kind.fields[str(link.path[0])].schema.get("x-also", ())])
        instead = f"write a code such as SE-201{f', or {also}' if also else ''}"
        if people is None:
            if any(map(str.isspace, link.target)):
                yield Found(link.span, "this is no code: people stand here by their codes", instead)
        else:
            near = _code_of(link.target, people) or nearest(link.target, people)
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


def _code_of(name: str, people: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The code of somebody whose name was typed instead of it."""
    wanted = normal(name)
    named = (code for code, person in people.items() if isinstance(person, dict) and person.get("name"))
    return next((code for code in named if normal(str(people[code]["name"])) == wanted), None)


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
        if named and supervisor not in [entry.get("id") for entry in named]:
            message = "the register names another supervisor for this person, in this stream, on this day"
            yield Found(record.place("supervisor"), message, "mend the register, or leave it: somebody may stand in")
