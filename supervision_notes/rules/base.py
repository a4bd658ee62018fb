"""How a rule is written: a function with a code, whose docstring is its page and its test.

A rule of one record gets the record and the register around it; a rule of the workspace gets all its records. It
yields what it finds and knows nothing of how that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import cleandoc
from typing import NamedTuple

from ..problem import Edit, Problem, Rule, Said, Severity, Span
from ..record import Record
from ..register import Register
from ..skeleton import Skeleton
from ..workspace import Workspace

_STRANGERS = {"unknown-person", "SN701"}


class Found(NamedTuple):
    """One breach of a rule: where, what to say, a way out; and how grave, where it depends."""

    span: Span
    message: str
    hint: str = ""
    severity: Severity | None = None
    path: str = ""
    fix: Edit | None = None


@dataclass(frozen=True, slots=True)
class RecordRule(Rule):
    """A rule of one record and the register around it."""

    find: Callable[[Record, Register], Iterator[Found]]

    def check(self, record: Record, register: Register) -> Iterator[Problem]:
        """Every breach in a record."""
        for found in self.find(record, register):
            yield _problem(self, found, record.path)


@dataclass(frozen=True, slots=True)
class WorkspaceRule(Rule):
    """A rule that needs more than one record."""

    find: Callable[[Workspace], Iterator[Found]]

    def check(self, workspace: Workspace) -> Iterator[Problem]:
        """Every breach in a workspace."""
        for found in self.find(workspace):
            yield _problem(self, found, found.path)


def _problem(rule: Rule, found: Found, path: str) -> Problem:
    said = Said(found.message, found.hint)
    return rule.problem(found.span, said, path=path, severity=found.severity, fix=found.fix)


def names_nobody(register: Register, *records: Skeleton | None) -> bool:
    """Whether one of some records names somebody whom the register does not know.

    Until that is mended nobody can tell whose record it is, so no rule compares it with those of others. A workspace
    that weighs strangers in its own way means them to stand there.
    """
    if _STRANGERS & (register.settings.get("severity") or {}).keys():
        return False
    return any(register.person_of(code, one.date) is None for one in records if one for code in one.people)


def record_rule(code: str, severity: Severity) -> Callable[[Callable[[Record, Register], Iterator[Found]]], RecordRule]:
    """Make a function a rule of one record; its name is the slug."""

    def made(find: Callable[[Record, Register], Iterator[Found]]) -> RecordRule:
        return RecordRule(code, find.__name__.replace("_", "-"), severity, cleandoc(find.__doc__ or ""), find)

    return made


def workspace_rule(code: str, severity: Severity) -> Callable[[Callable[[Workspace], Iterator[Found]]], WorkspaceRule]:
    """Make a function a rule of the workspace; its name is the slug."""

    def made(find: Callable[[Workspace], Iterator[Found]]) -> WorkspaceRule:
        return WorkspaceRule(code, find.__name__.replace("_", "-"), severity, cleandoc(find.__doc__ or ""), find)

    return made
