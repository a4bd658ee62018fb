"""YAML → facts, every one with its place.

YAML gives text, never types: `NO`, `010` and `14:30` are what was typed. The events of the parser are read one by
one with the depth counted here; the tree builder of the library is never called, for it hides tags and anchors and
does not survive deep nesting.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml

from ..mistakes import text as mistakes
from ..problem import Edit, Problem, Span
from .comments import Comment
from .source import Source, Words

DEEPEST = 50
ABSENT = frozenset({"", "~", "null"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HASH = re.compile(r"(?:\A|(?<=[ \t\r\n]))#(?P<words>[^\r\n]*)")
_LITERAL = re.compile("[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_PLAIN = re.compile(r"[\w£(][\w .()£/;+-]*[\w.)£]|[\w£]+")
_TIGHT = re.compile(r"[ \t]*(?:-[ \t]+)?(?P<name>[a-z_]+):(?P<value>\[[^\]\r\n]*\]|\{[^}\r\n]*\}|[^\s/:][^\r\n,}]*)")
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Faulty:
    """A value that is a problem already, so that nothing more is said of it; `text` is what was typed."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, and its place."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Mapping:
    """Facts by name, in the order in which they were typed."""

    pairs: tuple[tuple[Words, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value of the fact called `key`."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = Words | Mapping | Sequence | Faulty


class Facts(NamedTuple):
    """Facts as they were typed, what is wrong with how they are written, and what stands behind a `#`."""

    mapping: Mapping
    problems: list[Problem]
    comments: tuple[Comment, ...]


def is_literal(text: str) -> bool:
    """Whether a text can stand in YAML as it is, behind a `|`."""
    return _LITERAL.fullmatch(text) is not None


def scalar(value: object) -> str:
    """A value as it is typed on one line, in quotes where YAML would read something else in it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if not text or (_PLAIN.fullmatch(text) and text != "null"):
        return text
    return json.dumps(text, ensure_ascii=not is_literal(text))


def read_facts(source: Source, start: int, end: int) -> Facts:
    """The facts in the text between two offsets."""
    reader = _Reader(source, start, source.text[start:end])
    return Facts(reader.read(), reader.problems, tuple(reader.comments()))


@dataclass
class _Stop(Exception):
    """Reading cannot go on; `problem` says why."""

    problem: Problem


@dataclass
class _Reader:
    source: Source
    start: int
    text: str
    problems: list[Problem] = field(default_factory=list)
    scalars: list[tuple[int, int]] = field(default_factory=list)

    def comments(self) -> Iterator[Comment]:
        """What stands behind a `#` outside every value: YAML drops it, so it must not be somebody's words."""
        for found in _HASH.finditer(self.text):
            at = found.start("words")
            n = bisect_right(self.scalars, (at, len(self.text))) - 1
            if n < 0 or at >= self.scalars[n][1]:
                words = found["words"]
                span = self._span(at, found.end())
                yield Comment(Words(words, span, ((span.line, span.column),)), span, facts=True)

    def read(self) -> Mapping:
        nothing = Mapping((), self._span(0, 0))
        if control := _CONTROL.search(self.text):
            said = "a control character stands here, which cannot be typed or printed"
            self._say_syntax(control.start(), said, "delete it; it often comes from copying out of another program")
            return nothing
        try:
            events = self._events()
            root = self._document(events)
        except _Stop as stop:
            self.problems.append(stop.problem)
            return nothing
        except yaml.MarkedYAMLError as error:
            index, what, hint = _in_plain_words(error, self.text)
            if tight := _TIGHT.match(self.text, index):
                self._say_tight(tight)
            elif self._span(index, index).line not in {problem.span.line for problem in self.problems}:
                self._say_syntax(index, what, hint)
            return nothing
        if isinstance(root, Mapping):
            return root
        if not (isinstance(root, Words) and root.text in ABSENT):
            said = "facts are lines such as  date: 2026-10-14"
            self.problems.append(mistakes.yaml_syntax(root.span, said, "give each fact a name, a colon and a space"))
        return nothing

    def _document(self, events: Iterator[yaml.Event]) -> Node:
        root: Node = Words("", self._span(0, 0))
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    said = "a second set of facts starts here"
                    raise _Stop(mistakes.yaml_syntax(self._at(event), said, "keep one record in one file"))
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, 1)
        return root

    def _events(self) -> Iterator[yaml.Event]:
        return iter(_LOADER(self.text).get_event, None)

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        if depth > DEEPEST:
            raise _Stop(mistakes.too_deep(self._at(event)))
        if isinstance(event, yaml.ScalarEvent) and not event.tag and not event.anchor:
            return self._scalar(event)
        if isinstance(event, yaml.AliasEvent):
            return self._faulty(event, "a name that starts with *")
        faulty = ""
        if getattr(event, "tag", None):
            faulty = "a type written with !"
        elif getattr(event, "anchor", None):
            faulty = "a name that starts with &"
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(after := next(events), yaml.SequenceEndEvent):
                items.append(self._node(after, events, depth + 1))
            node = Sequence(tuple(items), self._span(_from(event), _to(after)))
        else:
            node = self._mapping(event, events, depth)
        return self._faulty(event, faulty) if faulty else node

    def _mapping(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Mapping:
        pairs: list[tuple[Words, Node]] = []
        seen: set[str] = set()
        while not isinstance(after := next(events), yaml.MappingEndEvent):
            key = self._node(after, events, depth + 1)
            before = len(self.problems)
            value = self._node(next(events), events, depth + 1)
            tight = isinstance(key, Words) and ":" in key.text  # which hardly any name has
            if tight and (found := _TIGHT.fullmatch(self.text, _from(after), _to(after))):
                self._say_tight(found)
                key, value = self._part(*found.span("name")), self._untied(found, value)
            if isinstance(key, Words) and key.text not in seen and key.text != "<<":
                seen.add(key.text)
                pairs.append((key, value))
                continue
            whole = key.span.to(value.span)
            if not isinstance(key, Words):
                if not isinstance(key, Faulty):
                    self.problems.append(mistakes.yaml_feature(whole, "a list or facts used as a name"))
            elif key.text == "<<":
                del self.problems[before:]  # what is taken over is the same mistake
                self.problems.append(mistakes.yaml_feature(whole, "taking facts over with <<"))
            else:
                self.problems.append(mistakes.yaml_duplicate_key(whole))
        return Mapping(tuple(pairs), self._span(_from(event), _to(after)))

    def _untied(self, fact: re.Match[str], beyond: Node) -> Node:
        """The value of a fact without the space behind its colon: with what YAML took for the value, it is no words."""
        first, last = fact.span("value")
        end = self.source.offset(beyond.span.end_line, beyond.span.end_column) - self.start
        return self._part(first, last) if end <= last else Faulty(self.text[first:end], self._span(first, end))

    def _scalar(self, event: yaml.ScalarEvent) -> Words:
        first, last = _from(event), _to(event)
        if event.value == self.text[first:last]:  # on one line, without quotes, as nearly all of them are
            self.scalars.append((first, last))
            line, column = place = self.source.place(self.start + first)
            return Words(event.value, Span(line, column, line, column + last - first), (place,))
        opened = re.search(r"[\r\n]", self.text[first:last]) if event.style in ("|", ">") else None
        self.scalars.append((first + opened.start() if opened else first, last))
        text: str = event.value
        span = self._span(first, last)
        if event.style == "|":
            return self._literal(text, span)
        if "\n" not in text and self.text[first:last].rstrip() in (text, f'"{text}"', f"'{text}'"):
            quoted = 1 if event.style in ("'", '"') else 0
            return Words(text, span, ((span.line, span.column + quoted),))
        return Words(text, span)

    def _part(self, first: int, last: int) -> Words:
        span = self._span(first, last)
        return Words(self.text[first:last], span, ((span.line, span.column),))

    def _literal(self, text: str, span: Span) -> Words:
        """A text after `|`: its lines stand in the file as they are, behind the indentation."""
        lines = text.rstrip("\n").split("\n")
        starts = []
        for number, line in enumerate(lines, span.line + 1):
            raw = self.source.lines[number - 1] if number <= len(self.source.lines) else ""
            if not raw.rstrip().endswith(line.rstrip()):
                return Words(text, span)
            starts.append((number, len(raw.rstrip()) - len(line.rstrip()) + 1))
        return Words("\n".join(lines), span, tuple(starts))

    def _faulty(self, event: yaml.Event, what: str) -> Faulty:
        span = self._at(event)
        self.problems.append(mistakes.yaml_feature(span, what))
        return Faulty(self.text[_from(event) : _to(event)].strip(), span)

    def _say_tight(self, fact: re.Match[str]) -> None:
        """A fact without the space behind its colon: `minutes:60`."""
        fact = _TIGHT.match(self.text, fact.start()) or fact  # with what stands beyond that which YAML took for a name
        first, last = fact.start("name"), fact.start("value")
        said = "a space is missing behind the colon of this fact"
        line, column = self.source.place(self.start + first)
        written = self.source.lines[line - 1]
        alone = not written[: column - 1].strip(" \t-")  # else it stands between { }, and ends at a comma
        value = written[column - 1 + last - first :] if alone else fact["value"]
        # A second colon keeps it from being read, space or not, where no bracket or quote is around it.
        second = value[0] not in "[{'\"" and (": " in value or value.rstrip().endswith(":"))
        hint = f"write it as  {fact['name']}: {scalar(value.rstrip()) if second else value.rstrip()}"
        fix = None if second else Edit(self._span(last, last), " ")
        self.problems.append(mistakes.yaml_syntax(self._span(first, last), said, hint, fix=fix))

    def _say_syntax(self, index: int, what: str, hint: str) -> None:
        index = min(index, len(self.text.rstrip()))
        self.problems.append(mistakes.yaml_syntax(self._span(index, index + 1), what, hint))

    def _at(self, event: yaml.Event) -> Span:
        return self._span(_from(event), _to(event))

    def _span(self, first: int, last: int) -> Span:
        return self.source.span(self.start + first, self.start + last)


def _from(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _to(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _is_closed(text: str, opened: int, index: int) -> bool:
    """Whether a bracket is closed by the end of the line on which reading stopped."""
    end = re.compile(r"[\r\n]|$").search(text, index)
    inside = text[opened : end.start() if end else None]
    return sum(inside.count(sign) for sign in "[{") <= sum(inside.count(sign) for sign in "]}")


def _instead_of_tab(text: str, index: int) -> str:
    """How far a line that begins with a tab was most likely meant to be indented: further than what it belongs to."""
    *above, line = text[: index + 1].split("\n")
    before = next((row for row in reversed(above) if row.strip()), "")
    deep = len(before) - len(before.lstrip(" ")) + (2 if before.rstrip().endswith(":") else 0)
    return f"replace the tab by {deep} spaces" if deep and not line.strip() else "replace the tab by a space"


def _in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """Where reading stopped, what a person would say of it, and the way out."""
    mark = error.problem_mark or error.context_mark
    index = mark.index if mark else 0
    found, while_ = error.problem or "", error.context or ""
    sign = text[index : index + 1]
    if sign == "\t":
        return index, "a tab stands here; facts are indented by spaces", _instead_of_tab(text, index)
    if "cannot start any token" in found:
        return index, f"a value cannot start with {sign}", "put the whole value in quotes"
    if "unexpected ':'" in found and error.context_mark:
        said = "a space is missing behind the colon of this fact"
        return error.context_mark.index, said, "write it as  name: value"
    if "mapping values are not allowed" in found:
        line = text.rfind("\n", 0, index) + 1
        if ":" not in text[line:index]:
            above = text.rfind("\n", 0, max(line - 1, 0)) + 1
            return above, "this line has no colon, so it is not a fact", "write it as  name: value, or below the facts"
        return index, "a second colon stands in this line", "if it belongs to the value, put the whole value in quotes"
    if "quoted scalar" in while_:
        opened = error.context_mark.index if error.context_mark else index
        return opened, "a quote is opened here and never closed", "put the same quote at the end of the value"
    if "flow" in while_:
        opened = error.context_mark.index if error.context_mark else index
        if sign not in "]}" and _is_closed(text, opened, index):
            word = re.search(r"[^\s,{[]*[ \t]*$", text[opened:index]) if sign == ":" else None
            hint = "put one there; or, if this is all one value, put it in quotes"
            return opened + word.start() if word else index, "a comma is missing here, between two facts", hint
        return opened, "a bracket is opened here and never closed", "close it, or put the whole value in quotes"
    if "could not find expected ':'" in found:
        opened = error.context_mark.index if error.context_mark else index
        return opened, "this line has no colon, so it is not a fact", "write it as  name: value, or below the facts"
    if "alias" in while_ or "anchor" in while_ or "tag" in while_:
        return (
            index,
            f"a value cannot start with {sign}" if sign.strip() else "this value cannot start so",
            ("put the whole value in quotes"),
        )
    return index, "the facts cannot be read from here on", "check the spaces at the start of this line and the colon"
