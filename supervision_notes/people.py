"""Person: what the register says of somebody, typed: where they belong, since when, and when the clock stands still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .dates import read_date
from .kind import normal, registers
from .policies import Policy
from .register import Register


@dataclass(frozen=True)
class Person:
    """Somebody who may have supervision. What the register does not say is None; what it says wrongly, `check` says."""

    code: str
    profession: str | None = None
    division: str | None = None
    team: str | None = None
    start: date | None = None
    """The first day in this post."""
    leave: date | None = None
    """The last one."""
    eligible: bool = True
    pauses: tuple[tuple[date, date], ...] = ()
    """Times away, first and last day; one that is open has no end in sight."""
    policies: tuple[str, ...] = ()
    """The names of policies of their own, which take the place of the workspace's."""
    registered: bool = True
    """Whether they stand in the register, where there is one."""
    mistaken: bool = False
    """Whether their days there have a mistake or a blank, so that nobody can say what is asked of them."""


def people(register: Register, attending: Iterable[str] = ()) -> list[Person]:
    """Everybody in the register, and whoever else attends, in the order of their codes."""
    known = register.people or {}
    others = dict.fromkeys(code for code in attending if code not in known)
    found = [_person(register, code) for code in known]
    found += [Person(code, registered=register.people is None) for code in others]
    return sorted(found, key=lambda person: person.code)


def pauses_of(register: Register, code: str) -> Sequence[tuple[date, date]]:
    """When somebody is or was away, by the register: first and last days, without a reason."""
    return tuple(_pauses(register.profile(code).get("pauses")))


def policies_of(register: Register, person: Person) -> list[str]:
    """The names of the policies that hold for somebody: their own, or the workspace's.

    Among the workspace's, a policy of their profession takes the place of those for everybody in its stream. A policy
    that cannot be used stays, for it must not be forgotten.
    """
    if person.policies:
        return list(dict.fromkeys(person.policies))
    profession = normal(person.profession or "")
    named = {name: register.policies.get(name) for name in policies_named(register)}
    own = {policy.stream for policy in named.values() if policy and profession in policy.professions}
    return [name for name, policy in named.items() if policy is None or _holds(policy, profession, own)]


def policies_named(register: Register) -> Sequence[str]:
    """The policies that the workspace names, or those that hold where it names none."""
    named = register.settings.get("policy")
    return list(map(str, named)) if named else registers()["supervision"].fields["policy"].schema["default"]


def _holds(policy: Policy, profession: str, own: set[str]) -> bool:
    return profession in policy.professions if policy.professions else policy.stream not in own


def _person(register: Register, code: str) -> Person:
    said = register.profile(code)
    return Person(
        code,
        _text(said, "profession"),
        _text(said, "division"),
        _text(said, "team"),
        _day(said.get("start")),
        _day(said.get("leave")),
        said.get("eligible") is not False,
        tuple(_pauses(said.get("pauses"))),
        tuple(map(str, said["policies"])) if isinstance(said.get("policies"), list) else (),
        mistaken=code in register.mistaken,
    )


def _pauses(said: Any) -> Iterator[tuple[date, date]]:
    for pause in said if isinstance(said, list) else ():
        first = _day(pause.get("from")) if isinstance(pause, Mapping) else None
        if first:
            yield first, _day(pause.get("until")) or date.max


def _text(said: Mapping[str, Any], key: str) -> str | None:
    return str(said[key]) if said.get(key) else None


def _day(said: Any) -> date | None:
    return read_date(said) if isinstance(said, str) else None
