"""Words, read again from the files for an answer that is shown: a record's, or those of many actions at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..document import Item, Source, Words, decode, read_task
from ..document.source import words_of
from ..problem import START, Problem
from ..reading import read_one
from ..record import Record
from ..skeleton import Action, Skeleton
from .view import View

_NOTHING = Words("", START)
_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")


@dataclass(frozen=True)
class Wording:
    """Lends the words of records to those who may read them; each file is read once."""

    view: View
    _read: dict[str, Record | None] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _seen: dict[str, dict[str, Any]] = field(default_factory=dict)
    _texts: dict[str, dict[str, str]] = field(default_factory=dict)

    def record(self, known: Skeleton) -> Record | None:
        """A record, whole; what of it the audience may read is `Record.seen_by`'s to say. None where it is gone."""
        if known.path not in self._read:
            workspace = self.view.workspace
            self._read[known.path] = read_one(workspace.root, known.path, workspace.register)
        return self._read[known.path]

    def _seen_of(self, known: Skeleton) -> dict[str, Any]:
        """What the audience may read of a record."""
        if known.path not in self._seen:
            record = self.record(known)
            self._seen[known.path] = self.view.workspace.seen(record, self.view.audience) if record else {}
        return self._seen[known.path]

    def words(self, known: Skeleton, key: str) -> str:
        """What stands under a heading of a record; empty for those who may not read it."""
        return str(self._seen_of(known).get(key, "")).strip()

    def action(self, session: Skeleton, line: Action) -> str:
        """The words of an action under Actions, in one line; empty for those who may not read them."""
        if not self.view.sees(session, "actions"):
            return ""
        return " ".join((self._in_its_line(session, line) or self._in_the_record(session, line)).split())

    def actions(self, identities: Iterable[str]) -> dict[str, str]:
        """The words of actions by their identity; of those that the audience may not read, none."""
        found = {}
        for identity in dict.fromkeys(identities):
            id, _, number = identity.partition("#")
            session = self.view.find(id)
            line = next((one for one in (session.actions if session else ()) if one.id == number), None)
            if session and line and (words := self.action(session, line)):
                found[identity] = words
        return found

    def _in_its_line(self, session: Skeleton, line: Action) -> str:
        """The words where they stand in a line of Markdown without a comment: many of those are read at once."""
        if not session.path.lower().endswith(".md"):
            return ""
        lines, row = self._source(session.path).lines, line.span.line - 1
        text = lines[row][line.span.column - 1 :] if row < len(lines) else ""
        bullet = _BULLET.match(text)
        if bullet is None or "<!--" in text or "-->" in text:
            return ""
        first = words_of([text[bullet.end() :]], 1)
        task = read_task(Item(first, _NOTHING, first.span, 0, 1))
        return task.text.text.strip() if task and task.number and task.number.text == line.id else ""

    def _in_the_record(self, session: Skeleton, line: Action) -> str:
        agreed = self._seen_of(session).get("actions")
        if session.path not in self._texts:
            lines = [one for one in agreed if isinstance(one, dict)] if isinstance(agreed, list) else []
            self._texts[session.path] = {str(one.get("id", "")): str(one.get("text", "")) for one in reversed(lines)}
        return self._texts[session.path].get(line.id, "")

    def _source(self, path: str) -> Source:
        if path not in self._sources:
            source = decode((self.view.workspace.root / path).read_bytes())
            self._sources[path] = Source("") if isinstance(source, Problem) else source
        return self._sources[path]
