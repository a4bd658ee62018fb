"""Register: what is known around the records. Who is who, whose number that is, and who supervises whom since when."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from .kind import Kind, normal
from .policies import Policy
from .problem import Span
from .skeleton import Skeleton

_LAST_DAY = "9999"
_LEADERS = ("supervisor", "facilitator")


class Held(NamedTuple):
    """Whose an employee number is or was, from the first day to the last: ISO text, open where nothing is said.

    `entry` counts from 0 which of that person's numbers it is.
    """

    code: str
    entry: int
    first: str
    last: str


@dataclass(frozen=True)
class Register:
    """What `supervision.yaml` and `people.yaml` say, and the kinds of record that the workspace knows.

    `people` is None where there is no register of people: then every code stands for itself. `places` says where in
    `people.yaml` each code stands. `policies` holds those that are named there, None for
    one that cannot be used. `mistaken` are the codes of those whose days there have a mistake or a blank. `unread`
    are the files that are there and cannot be read whole: what they do not say here, they may say all the same.
    """

    kinds: Mapping[str, Kind]
    settings: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, Any]] | None = None
    guidance: frozenset[str] = frozenset()
    places: Mapping[str, Span] = field(default_factory=dict)
    policies: Mapping[str, Policy | None] = field(default_factory=dict)
    mistaken: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

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
        return self.profile(code).get("name")

    def profile(self, code: str) -> Mapping[str, Any]:
        """What the register says of the person with a code, or an employee number; nothing where it has nobody."""
        found = (self.people or {}).get(self.person_of(code) or code)
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of the register, each of its words, and all in one word, evened; an initial names nobody."""
        names = {normal(self.name_of(code) or "") for code in self.people or ()}
        words = (word for name in names for word in (name, name.replace(" ", ""), *name.split()))
        return frozenset(word for word in words if len(word) > 1 or not word.isascii())

    @cached_property
    def numbers(self) -> Mapping[str, Sequence[Held]]:
        """Employee numbers, present and earlier ones, each with those who hold or held it."""
        found: dict[str, list[Held]] = defaultdict(list)
        for code, person in (self.people or {}).items():
            entries = person.get("employee_numbers") if isinstance(person, Mapping) else None
            for n, entry in enumerate(entries if isinstance(entries, list) else ()):
                if isinstance(entry, Mapping) and entry.get("number"):
                    days = str(entry.get("from") or ""), str(entry.get("until") or _LAST_DAY)
                    found[str(entry["number"])].append(Held(code, n, *days))
        return found

    @cached_property
    def _builds(self) -> frozenset[str]:
        return frozenset(map(_build, self.numbers)) - frozenset(map(_build, self.people or ()))

    def is_number(self, text: str) -> bool:
        """Whether a text is an employee number and no code: one of the register's, or one that is built like them."""
        return text not in (self.people or ()) and (text in self.numbers or _build(text) in self._builds)

    def person_of(self, text: str, day: str | None = None) -> str | None:
        """The code of the person whom a text names: by a code, or by an employee number, a present or an earlier one.

        Of a number that went from one person to another, the one who held it on the day (ISO text). None where the
        register has nobody, or cannot tell which of two it is. Without a register codes stand for themselves.
        """
        if self.people is None or text in self.people:
            return text
        held = self.numbers.get(text, ())
        then = {one.code for one in held if day is None or one.first <= day <= one.last}
        codes = then or {one.code for one in held}
        return codes.pop() if len(codes) == 1 else None

    def credited(self, record: Skeleton) -> Skeleton:
        """A session that names people by employee numbers, as if it named them by their codes."""
        if record.kind != "session" or self.people is None or self.people.keys() >= {*record.people}:
            return record
        codes = {name: self.person_of(name, record.date) or name for name in record.people}
        chain = [codes.get(name, name) for name in record.chain]
        return record._replace(
            people=tuple(dict.fromkeys(codes.values())),
            parties=tuple(sorted({codes.get(name, name) for name in record.parties})),
            chain=(*chain[:2], *sorted(chain[2:])),
            facts={**record.facts, **{key: codes[who] for key in _LEADERS if (who := record.text(key)) in codes}},
            attendance={codes.get(name, name): how for name, how in record.attendance.items()},
        )

    def supervisors_of(self, code: str, stream: str, day: str | None = None) -> list[Mapping[str, Any]]:
        """What the register says of a person's supervisors in a stream, ever or on a day (ISO text): a map for each."""
        listed = self.profile(code).get("supervisors")
        return [
            entry
            for entry in (listed if isinstance(listed, list) else ())
            if isinstance(entry, Mapping)
            and entry.get("stream", "clinical") == stream
            and (day is None or str(entry.get("from") or "") <= day <= str(entry.get("until") or _LAST_DAY))
        ]


def _build(text: str) -> str:
    """How a code or a number is built: SE-201 like A-0, 20114417 like 0."""
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "A", text))
