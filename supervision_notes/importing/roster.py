"""`people.yaml` as it stands in its file, and the same text with the lines of some people changed.

Only what changes is written anew. The new text is read again before anybody gets it: it says what was wanted, and every
other line is as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from ..document import Document, Node, Words, read_document
from ..document import Mapping as Facts
from ..document import Sequence as Items
from ..kind import registers
from ..mend import edited
from ..problem import START, Edit, Problem, Span
from ..record import Record
from ..register import Register
from ..registers import PEOPLE, lines_of
from ..rules import REGISTER_RULES
from ..schema import read_record
from . import amend

NUMBERS = "employee_numbers"

Lines = Mapping[str, Mapping[str, Any]]
Entries = Sequence[Mapping[str, Any]]


class Unusable(Exception):
    """The register has errors, so nobody can say what its lines mean."""


class Refused(NamedTuple):
    """Why a line cannot be changed so: whose it is, the key of the fact (empty for the whole line), and the reason."""

    code: str
    key: str
    message: str


@dataclass(frozen=True)
class Roster:
    """The register of people, with the place of everything in it."""

    data: bytes
    document: Document
    record: Record

    @classmethod
    def of(cls, data: bytes) -> Roster:
        """The register in the bytes of a file."""
        # The comments in a register are its manual, and what its owner wants to remember.
        document = replace(read_document(PEOPLE, data), comments=())
        return cls(data, document, Record.of(PEOPLE, read_record(document, registers()["people"])))

    @classmethod
    def read(cls, data: bytes) -> Roster:
        """The same. Raises Unusable where it cannot be understood."""
        roster = cls.of(data)
        if not roster.record.sound:
            raise Unusable
        return roster

    @cached_property
    def people(self) -> Lines:
        """What it says of each person, by code."""
        return lines_of(self.record)[0] or {}

    @cached_property
    def register(self) -> Register:
        """The register that looks people up by code and number."""
        return Register({}, people=self.people, places=lines_of(self.record)[1])

    @cached_property
    def _spelt(self) -> Mapping[str, str]:
        return {code.casefold(): code for code in self.people}

    def spelt(self, code: str) -> str | None:
        """A code as the register writes it, found without case; None where it is not there."""
        return self._spelt.get(code.casefold())

    def errors(self) -> Iterator[Problem]:
        """What cannot be read or cannot be true in it."""
        found = (problem for rule in REGISTER_RULES for problem in rule.check(self.record, self.register))
        yield from (problem for problem in (*self.record.problems, *found) if problem.severity == "error")

    def amended(self, lines: Lines) -> tuple[Roster, list[Refused]]:
        """The register in which these people have these lines, new people last; and what stands against it."""
        if not lines:
            return self, []
        edits: list[Edit] = []
        refused = []
        for code in (code for code in lines if code in self.people):
            try:
                edits += self._line(code, lines[code])
            except amend.CannotAmend:
                refused.append(
                    Refused(code, NUMBERS, "the numbers in the register are no list: write a hyphen before each")
                )
        if new := {code: said for code, said in lines.items() if code not in self.people}:
            edits.append(self._new(new))
        # Of edits at one place, those further inside come first.
        text = edited(self.document.source.text, sorted(edits, key=lambda edit: edit.span[:2]))
        mark = "\ufeff" if self.data.startswith("\ufeff".encode()) else ""
        roster = Roster.of((mark + text).encode())
        return roster, refused or list(roster._against(self, {**self.people, **lines}, lines))

    def _against(self, before: Roster, wanted: Lines, lines: Lines) -> Iterator[Refused]:
        """Errors that were not there before, each told to somebody who is changed; and lines that are not as wanted."""
        known = Counter((problem.rule, problem.message) for problem in before.errors())
        new = []
        for problem in self.errors():
            known[problem.rule, problem.message] -= 1
            if known[problem.rule, problem.message] < 0:
                new.append(Refused(*self._at(problem.span), _with_its_way_out(problem)))
        wrong = [code for code in wanted if self.people.get(code) != wanted[code]] if not new else []
        why = f"this cannot be written into {PEOPLE} as that stands: write it there by hand"
        new += [Refused(code, "", why) for code in wrong]
        theirs = [one for one in new if one.code in lines]
        yield from theirs or (one._replace(code=next(iter(lines))) for one in new)

    def _at(self, span: Span) -> tuple[str, str]:
        """Whose line a place is in, and in which fact."""
        places = sorted((place, code) for code, place in lines_of(self.record)[1].items())
        n = bisect_right(places, span, key=lambda found: found[0])
        key = next((path[2] for path, place in self.record.spans.items() if place == span and len(path) > 2), "")
        return places[n - 1][1] if n else "", str(key)

    # edits

    @cached_property
    def _values(self) -> Mapping[Span, Node]:
        """Every value, by the place of its name."""
        found: dict[Span, Node] = {}
        left: list[Node] = [self.document.facts]
        while left:
            node = left.pop()
            if isinstance(node, Facts):
                found.update((key.span, value) for key, value in node.pairs)
                left += (value for _, value in node.pairs)
            elif isinstance(node, Items):
                left += node.items
        return found

    def _part(self, *path: str | int) -> Node | None:
        """What stands behind a name, in whichever way the name is written."""
        return self._values.get(self.record.names.get(path, START))

    def _new(self, lines: Lines) -> Edit:
        """The edit that adds people, each on a line of their own where the others stand so."""
        source, facts, people = self.document.source, self.document.facts, self._part("people")
        if isinstance(people, Facts):
            return amend.added(source, people, lines)
        between = bool(facts.pairs) and amend.is_flow(source, facts)
        if isinstance(people, Words) and (people.text or between):
            return amend.changed(people, lines)
        written = [f"{amend.flow(code)}: {amend.flow(said)}" for code, said in lines.items()]
        if people is not None:
            return amend.added_below(source, facts.pairs[0][0].span, written)
        return amend.added_last(source, ["people:", *(f"  {line}" for line in written)])

    def _line(self, code: str, after: Mapping[str, Any]) -> Iterator[Edit]:
        """The edits of somebody's line: values in their places, and what is new behind them."""
        line, before = self._part("people", code), self.people[code]
        if not isinstance(line, Facts):  # a code with nothing behind it
            assert line is not None
            yield amend.changed(line, after)
            return
        new = {}
        for key, value in after.items():
            node = self._part("people", code, key)
            if node is None:
                new[key] = value
            elif value != before.get(key):
                numbers = key == NUMBERS and key in before
                yield from self._numbers(node, code, before[key], value) if numbers else [amend.changed(node, value)]
        if new:
            yield amend.added(self.document.source, line, new)

    def _numbers(self, node: Node, code: str, before: Entries, after: Entries) -> Iterator[Edit]:
        """The edits that end employee numbers, and add one."""
        source = self.document.source
        items = {item.span: item for item in (node.items if isinstance(node, Items) else [node])}
        for n, (old, new) in enumerate(zip(before, after, strict=False)):
            if old != new:
                item = items[self.record.spans["people", code, NUMBERS, n]]
                until = self._part("people", code, NUMBERS, n, "until")
                if until is None and isinstance(item, Facts):
                    yield amend.added(source, item, {"until": new["until"]})
                elif until is not None:
                    yield amend.changed(until, new["until"])
        for entry in after[len(before) :]:
            yield from amend.appended(source, node, entry)


def _with_its_way_out(problem: Problem) -> str:
    way_out = problem.hint[:1].lower() + problem.hint[1:].removesuffix(".")
    return f"{problem.message}: {way_out}" if way_out else problem.message
