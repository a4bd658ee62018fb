"""Record: one file, understood: its id, its value, whom it names, and who may read which part of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from .dates import read_date
from .document import RECORD_LINK, Words, without_code
from .kind import Field, Kind, is_date
from .problem import Problem, Span
from .schema import Link, Path, Reading
from .skeleton import IN_WORDS, Action, Skeleton, Tie
from .values import BLANK

ATTENDANCE = frozenset({"attendance"})
_WHOSE = ("supervisor", "facilitator", "supervisees", "parties", "author")
_FOR_OTHERS = ("supervisor", "manager", "organisation", "tutor", "mentor")
_HOW = re.compile(r"present|apologies|did-not-attend|late [1-9]\d{0,3}")
_OPENED = ("readers", "share_with")
_ENOUGH = 5  # words; of fewer somebody might try out all
_UNKNOWN = ("unknown-field", "duplicate-field")


class Audience(NamedTuple):
    """For whom something is shown. `author` needs a person, `case` the reference of a case."""

    who: Literal["parties", "organisation", "author", "case"]
    person: str | None = None
    case: str | None = None


def _codes(value: Any) -> Iterator[str]:
    """The codes in a fact that names people."""
    for code in value if isinstance(value, list) else [value]:
        if isinstance(code, str) and code:
            yield code


def _may_be_known(field: Field | None, value: Any) -> bool:
    """Whether others may know a fact: a choice, a date, a number or a code, and nothing that could hold free words."""
    if field is None or field.shape:
        return False
    if isinstance(value, bool | int):
        return True
    if not isinstance(value, str):
        return False
    schema = field.schema
    if is_date(schema):
        return read_date(value) is not None or value in schema.get("x-also", ())
    code = bool(schema.get("x-code") or "person" in field.links) and value.split() == [value]
    as_it_should = re.search(schema.get("pattern", ""), value) is not None
    return (code and as_it_should) or value in schema.get("enum", ())


def _evened(value: Any) -> Any:
    """A value in which spelling in Unicode and runs of white space make no difference."""
    if isinstance(value, str):
        return " ".join(normalize("NFC", value).split())
    if isinstance(value, list):
        return [_evened(part) for part in value]
    if isinstance(value, dict):
        return {normalize("NFC", key): _evened(part) for key, part in value.items()}
    return value


@dataclass(frozen=True)
class Record:
    """A record as it stands in its file. Its value is plain JSON, as its kind's schema describes it."""

    path: str
    kind: Kind
    value: Mapping[str, Any]
    problems: tuple[Problem, ...]
    spans: Mapping[Path, Span]
    names: Mapping[Path, Span]
    prose: Mapping[Path, Words]
    labels: Mapping[Path, str]
    links: tuple[Link, ...]
    comments: bool = False
    title: str = ""
    readers: tuple[str, ...] = ()
    """The codes of those whom it was opened to, which may be spelt otherwise in its value."""

    @classmethod
    def of(cls, path: str, reading: Reading) -> Record:
        """The record that was read from the file at `path`."""
        r = reading
        problems = tuple(problem.found_in(path) for problem in r.problems)
        links, comments = tuple(r.links), bool(r.comments)
        opened = (said.strip() for key in _OPENED for code in _codes(r.value.get(key)) for said in code.split(";"))
        readers = tuple(dict.fromkeys(code for code in opened if code and not BLANK.fullmatch(code)))
        return cls(
            path, r.kind, r.value, problems, r.spans, r.names, r.prose, r.labels, links, comments, r.title, readers
        )

    @property
    def id(self) -> str:
        """Its `id`, or the name of its file."""
        return str(self.value.get("id") or PurePosixPath(self.path).stem)

    @property
    def date(self) -> str | None:
        """The day it is about, as ISO text."""
        for key in ("date", "start", "when"):
            field, day = self.kind.fields.get(key), self.value.get(key)
            if field and is_date(field.schema) and isinstance(day, str) and read_date(day):
                return day
        return None

    @cached_property
    def label(self) -> str:
        """What sort of record it is, in words that hold no name."""
        for key in ("type", "form"):
            field = self.kind.fields.get(key)
            if field and (chosen := self.value.get(key)):
                return str(field.words.get(chosen, field.title))
        return self.kind.title

    @property
    def status(self) -> str | None:
        """How settled it is, where its kind has a status."""
        status = self.value.get("status")
        return status if isinstance(status, str) else None

    @property
    def sound(self) -> bool:
        """Whether it has no error."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def _misread(self) -> bool:
        """Whether a fact that nobody knows stands in it: any other may have been meant."""
        errors = (problem for problem in self.problems if problem.severity == "error")
        return any(problem.code < "SN2" or problem.rule in _UNKNOWN for problem in errors)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The codes of everyone it is about: who supervises, who is supervised, who was there, parties, author."""
        own = (*_WHOSE, "attendance", "by")
        named = (link for link in self.links if "person" in link.may_name and link.path[0] in own)
        # Whoever cancelled comes last, wherever that is written: not everybody may know who it was.
        return tuple(dict.fromkeys(link.target for link in sorted(named, key=lambda link: link.path[0] == "by")))

    @cached_property
    def parties(self) -> frozenset[str]:
        """The codes of those whose record it is: of a group, those who were there."""
        if isinstance(self.value.get("attendance"), dict):
            return frozenset(self.present)
        named = (link for link in self.links if "person" in link.may_name and link.path[0] in _WHOSE)
        return frozenset(link.target for link in named)

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The codes of those who were there: for a group from its attendance, its leader counted."""
        attendance = self.value.get("attendance")
        leaders = [self.value[key] for key in ("supervisor", "facilitator") if self.value.get(key)]
        if not isinstance(attendance, dict):
            return tuple(dict.fromkeys([*leaders, *self.value.get("supervisees", [])]))
        there = [code for code, how in attendance.items() if str(how).split(" ")[0] in ("present", "late")]
        return tuple(dict.fromkeys([*(code for code in leaders if code not in attendance), *there]))

    @property
    def author(self) -> str | None:
        """The code of whoever wrote it; a blank is nobody's."""
        return next((code for code in _codes(self.value.get("author")) if not BLANK.fullmatch(code)), None)

    @property
    def skeleton(self) -> Skeleton:
        """What other records may know of this one."""
        receives = [] if self._misread else self.value.get("organisation_receives") or ["attendance"]
        review, fields = self.kind.reviewed, self.kind.fields
        facts = {key: value for key, value in self.value.items() if _may_be_known(fields.get(key), value)}
        return Skeleton(
            self.path,
            self.id,
            self.kind.name,
            self.kind.layer,
            self.date,
            self.spans.get(("id",)) or self.names.get(("kind",)) or Span(1, 1, 1, 1),
            self.people,
            tuple(sorted(self.parties)),
            self.readers,
            self.author,
            self.stream,
            self._chain(),
            facts,
            tuple(receives if isinstance(receives, list) else [receives]),
            tuple(self._ties()),
            tuple(self._lines("actions")),
            tuple(self._lines(review)) if review in self.value or (review,) in self.names else None,
            self.names.get((review,)) or self.spans.get((review,)),
            "" if self.kind.private else self.digest(self.seen_by(Audience("parties"))),
            self.sound,
            self._attendance(),
            tuple(key for key in self.value if key in fields and "enum" in fields[key].schema and key not in facts),
            self._worded(),
            tuple(self._supervised()),
        )

    @property
    def stream(self) -> str | None:
        """Which stream of supervision it belongs to, by its type."""
        field, chosen = self.kind.fields.get("type"), self.value.get("type")
        streams: Mapping[str, str] = field.schema.get("x-streams", {}) if field else {}
        return streams.get(chosen) if isinstance(chosen, str) else None

    def _chain(self) -> tuple[str, ...]:
        """What sessions that follow each other have in common; empty where something of it is not known."""
        group, supervisor = self.value.get("group"), self.value.get("supervisor")
        supervisees = sorted(_codes(self.value.get("supervisees")))
        if self.stream is None:
            return ()
        if isinstance(group, str) and group:
            return (self.stream, group)
        return (self.stream, supervisor, *supervisees) if isinstance(supervisor, str) and supervisees else ()

    def _attendance(self) -> Mapping[str, str]:
        said = self.value.get("attendance")
        known = said.items() if isinstance(said, dict) else ()
        return {code: how for code, how in known if code.split() == [code] and _HOW.fullmatch(str(how))}

    def _supervised(self) -> Iterator[str]:
        """The parties but for those who are there for others: whoever leads a group may be one of it."""
        parties = self.value.get("parties")
        for party in parties if isinstance(parties, list) else ():
            if isinstance(party, dict) and party.get("role") not in _FOR_OTHERS:
                yield from _codes(party.get("person"))

    def _worded(self) -> bool:
        """Whether words stand in it that its parties may read, other than a sentence that nothing was to be said."""
        seen, fields = self.seen_by(Audience("parties")), self.kind.fields.values()
        free = {field.key for field in fields if field.shape and not field.schema.get("x-none") and field.key in seen}
        told = (words.text.split() for path, words in self.prose.items() if path[0] in free)
        return sum(map(len, told)) >= _ENOUGH

    def _ties(self) -> Iterator[Tie]:
        for link in self.links:
            if "person" not in link.may_name:
                yield Tie(str(link.path[0]), link.target, link.may_name, link.span)
        for words in self.prose.values():
            if "[[" in words.text:
                for found in RECORD_LINK.finditer(without_code(words.text)):
                    target = "#".join(part for part in found.groups() if part)
                    yield Tie(IN_WORDS, target, ("record",), words.part(*found.span()))

    def _lines(self, key: str) -> Iterator[Action]:
        lines = self.value.get(key)
        for n, line in enumerate(lines if isinstance(lines, list) else ()):
            if isinstance(line, dict):
                due, owners = line.get("due"), tuple(_codes(line.get("owner")))
                day = due if isinstance(due, str) and read_date(due) else None
                place, reasoned = self.place(key, n), bool(line.get("reason"))
                yield Action(str(line.get("id") or ""), str(line.get("state")), owners, day, reasoned, place)

    def digest(self, value: Mapping[str, Any] | None = None) -> str:
        """The fingerprint of the value, or of the part of it that somebody may read: `sha256:…`, form 1.

        White space, the form of the file, ticks under Actions and how settled the record is do not change it; a word
        does.
        """
        whole = self.value if value is None else value
        said = {key: part for key, part in whole.items() if key not in ("status", "end")}
        if isinstance(actions := said.get("actions"), list):
            said["actions"] = [
                {k: v for k, v in action.items() if k != "state"} if isinstance(action, dict) else action
                for action in actions
            ]
        text = json.dumps(_evened({**said, "id": self.id}), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return f"sha256:{sha256(text.encode()).hexdigest()}"

    def place(self, *path: str | int) -> Span:
        """The place of a part, or of the nearest thing around it."""
        while path and path not in self.spans and path not in self.names:
            path = path[:-1]
        return self.spans.get(path) or self.names.get(path) or self.names.get(("kind",)) or Span(1, 1, 1, 1)

    # who may read what

    def seen_by(self, audience: Audience, receives: frozenset[str] = ATTENDANCE) -> dict[str, Any]:
        """The part of the value that an audience may read; empty where there is nothing for it.

        `receives` is what the record's agreement lets the organisation receive beyond who, when and how long.
        """
        if audience.who == "case":
            return self._of_case(audience.case or "")
        seen = {key: part for key, part in self.value.items() if self._may_see(key, audience, receives)}
        return seen if seen.keys() - {"kind", "id"} else {}

    def _may_see(self, key: str, audience: Audience, receives: frozenset[str]) -> bool:
        field = self.kind.fields.get(key)
        if field is None:
            return False
        if audience.who == "author":
            return self._may_read(field, audience.person)
        if self.kind.private:
            return False
        if audience.who == "parties":
            return field.layer in ("attendance", "shared")
        if field.layer == "attendance":
            return "attendance" in receives
        return bool(field.schema.get("x-reaches")) and key in receives

    def _may_read(self, field: Field, person: str | None) -> bool:
        """Whether a person may read a field: by being its author, a reader it was opened to, or a party."""
        if person is None:
            return False
        if self.kind.private:
            return person in (self.author, *self.readers)
        return person in self.parties and field.layer in ("attendance", "shared")

    @property
    def cases(self) -> list[str]:
        """The references of the cases that it has decisions about, in their order."""
        decisions = self.value.get("decisions") if not self.kind.private else None
        items = (one.get("case") for one in decisions if isinstance(one, dict)) if isinstance(decisions, list) else ()
        return [case for case in items if isinstance(case, str) and case]

    def _of_case(self, case: str) -> dict[str, Any]:
        """The decisions about one case alone, and what says when they were made."""
        decisions = self.value.get("decisions")
        if self.kind.private or not case or not isinstance(decisions, list):
            return {}
        of_case = [one for one in decisions if isinstance(one, dict) and one.get("case") == case]
        if not of_case:
            return {}
        return {"kind": self.kind.name, "id": self.id, "date": self.value.get("date"), "decisions": of_case}
