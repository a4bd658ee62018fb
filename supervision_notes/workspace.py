"""Workspace: the registers and the records of one practice, looked up by code and id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .kind import Kind
from .record import ATTENDANCE, Record, Skeleton


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


@dataclass(frozen=True)
class Workspace:
    """Every record of a folder, by what the others may know of it. Words are read again from the file when shown."""

    root: Path
    register: Register
    records: tuple[Skeleton, ...] = ()

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

    def receives(self, record: Record) -> frozenset[str]:
        """What the organisation may receive of a record, by the agreement that it names."""
        named = record.value.get("agreement")
        agreement = self.find(named) if isinstance(named, str) else None
        if agreement is None or agreement.kind != "agreement" or agreement.status not in ("agreed", "ended"):
            return ATTENDANCE
        return frozenset() if "nothing" in agreement.receives else frozenset(agreement.receives) | ATTENDANCE
