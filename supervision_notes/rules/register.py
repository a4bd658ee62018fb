"""SN7: people and codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..kind import nearest, normal
from ..problem import did_you_mean
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
    if register.people is None:
        return
    for link in record.links:
        if "person" in link.may_name and link.target not in register.people:
            near = _code_of(link.target, register.people) or nearest(link.target, register.people)
            hint = "" if near else "add the code to people.yaml, or write the one that stands there"
            # A near code is somebody else's as likely as not, so nothing is mended here by itself.
            yield Found(link.span, f"the register has nobody with this code{did_you_mean(near)}", hint)


def _code_of(name: str, people: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The code of somebody whose name was typed instead of it."""
    wanted = normal(name)
    named = (code for code, person in people.items() if isinstance(person, dict) and person.get("name"))
    return next((code for code in named if normal(str(people[code]["name"])) == wanted), None)
