"""Facts → typed values: the schema says what a text means, and what cannot mean that is a problem.

YAML gave text. `60` is a whole number where the schema wants one and words where it wants words; one value or a
comma list serves as a list; empty, `~` and `null` mean that nothing was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from .dates import read_date, why_no_date
from .document import Comment, Faulty, Mapping, Node, Sequence, Words, mask
from .document.facts import ABSENT
from .document.source import words_of
from .kind import Field, Kind, is_date, is_slip, nearest, normal
from .mistakes import structure as mistakes
from .problem import Edit, Problem, Span, listed

Path = tuple[str | int, ...]

BLANK = re.compile(r"_{4,}")
_NONE_WORDS = frozenset({"none", "none yet", "none raised", "nil", "n/a"})
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_EXPECTED = {
    "string": ("text", "write one line of words; put it in quotes if it holds brackets"),
    "integer": ("a whole number", "write digits alone, such as 90"),
    "boolean": ("yes or no", "write yes or no"),
    "array": ("a list", "write one value, or several with commas between them"),
    "none": ("a list, or None", "write each one as an item of its own, or None"),
    "object": ("a set of facts", "write each fact on a line of its own, indented, with a name and a colon"),
}


def is_none(text: str) -> bool:
    """Whether a text says, on purpose, that there is nothing."""
    return text.strip().rstrip(".").casefold() in _NONE_WORDS


class Link(NamedTuple):
    """What a record says it is tied to: a code or an id, and what it may name (`person`, `record`, or kinds)."""

    path: Path
    target: str
    span: Span
    may_name: tuple[str, ...]


@dataclass
class Reading:
    """A record while it is read: its value, the place of every part, and what is wrong so far."""

    kind: Kind
    value: dict[str, Any] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)
    names: dict[Path, Span] = field(default_factory=dict)
    prose: dict[Path, Words] = field(default_factory=dict)
    labels: dict[Path, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    settled: set[Path] = field(default_factory=set)
    """Parts that are a problem already: nothing more is said of them."""
    empty: dict[Path, Span] = field(default_factory=dict)
    """Headings under which nothing, or a `None` that is no answer there, was written."""
    homeless: list[tuple[str, Words]] = field(default_factory=list)
    """Facts that the kind has no place for, with what was typed: they become sections when all facts are read."""
    problems: list[Problem] = field(default_factory=list)
    title: str = ""
    """The title of the text, which is no part of the value."""
    fields: dict[int, Map[str, Field]] = field(default_factory=dict)
    """The fields of each part of the schema that was met, by that part: a register has one part for thousands."""

    def fields_of(self, schema: Map[str, Any]) -> Map[str, Field]:
        """The fields of a part of the schema."""
        properties = schema.get("properties")
        if not properties:
            return {}
        if id(properties) not in self.fields:
            found = {key: Field(key, inner, self.kind.layer) for key, inner in properties.items()}
            self.fields[id(properties)] = found
        return self.fields[id(properties)]

    def say(self, problem: Problem, path: Path | None = None) -> None:
        """Note a problem; with a path, that part is settled by it."""
        self.problems.append(problem)
        if path is not None:
            self.settled.add(path)

    def add_section(self, title: str, words: Words) -> None:
        """Keep words for which the kind has no place: they print last."""
        sections = self.value.setdefault("sections", [])
        if not isinstance(sections, list):  # a fact of that name, of the wrong sort
            sections = self.value["sections"] = [{"text": str(sections)}]
        path: Path = ("sections", len(sections))
        said = {"heading": title, "text": words.text}
        sections.append({key: part for key, part in said.items() if part})
        self.spans[path] = self.spans[*path, "text"] = words.span
        self.prose[*path, "text"] = words

    def place(self, path: Path) -> Span:
        """The place of a part, or of the nearest thing around it that has one."""
        while path not in self.spans and path not in self.names and path:
            path = path[:-1]
        return self.spans.get(path) or self.names.get(path) or self.names.get(("kind",)) or Span(1, 1, 1, 1)


def read_facts_of(reading: Reading, facts: Mapping) -> None:
    """Type every fact of a record's front matter, or of its whole YAML."""
    reading.value.update(_read_map(reading, facts, {"properties": reading.kind.schema["properties"]}, ()))
    sections = reading.value.get("sections", [])
    if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
        listed_ = sections if isinstance(sections, list) else [sections]
        reading.value["sections"] = [part if isinstance(part, dict) else {"text": str(part)} for part in listed_]
    for title, words in reading.homeless:
        reading.add_section(title, words)


def read_value(reading: Reading, node: Node, schema: Map[str, Any], path: Path) -> Any:
    """What a node says where the schema stands; None where it says nothing."""
    said = node.text.strip() if isinstance(node, Words) else None
    if said in ABSENT:
        return None
    reading.spans[path] = node.span
    if isinstance(node, Faulty):
        reading.settled.add(path)
        return node.text
    kinds = schema.get("type", "string")
    if said and said[0] == "_" and "x-shape" not in schema and BLANK.fullmatch(said):
        reading.settled.add(path)
        return said
    if isinstance(kinds, list):
        words = isinstance(node, Words) and (schema.get("x-shape") is None or is_none(node.text))
        if isinstance(node, Words) and not words:
            return _refuse(reading, node, "none", path)
        kinds = "string" if words else next(kind for kind in kinds if kind != "string")
    match kinds, node:
        case "string", Words():
            return _read_text(reading, node, schema, path)
        case "integer", Words() if _INTEGER.fullmatch(node.text.strip()):
            return int(node.text)
        case "boolean", Words() if node.text.strip().lower() in _YES_NO:
            return _YES_NO[node.text.strip().lower()]
        case "array", Sequence():
            return _read_list(reading, node.items, schema, path)
        case "array", Words():
            return _read_list(reading, _comma_list(node), schema, path)
        case "array", Mapping() if schema.get("items", {}).get("type") == "object":
            return _read_list(reading, (node,), schema, path)
        case "object", Mapping():
            return _read_map(reading, node, schema, path)
    return _refuse(reading, node, kinds, path, str(schema.get("x-hint", "")) if kinds == "object" else "")


def _refuse(reading: Reading, node: Node, expected: str, path: Path, hint: str = "") -> str:
    what, way_out = _EXPECTED[expected]
    reading.say(mistakes.wrong_type(node.span, what, hint or way_out), path)
    return _raw(node)


def _raw(node: Node) -> str:
    """What was typed, as text: kept although it is of the wrong sort."""
    match node:
        case Sequence():
            return ", ".join(map(_raw, node.items))
        case Mapping():
            return ", ".join(f"{key.text}: {_raw(value)}" for key, value in node.pairs)
    return node.text.strip()


def _read_text(reading: Reading, words: Words, schema: Map[str, Any], path: Path) -> str | None:
    if schema.get("x-shape") == "text" or "\n" in words.text or "<!--" in words.text:
        words = unguided(reading, words)
        if not words:
            reading.empty[path] = words.span
            return None
        text = words.text
    else:
        text = words.text.strip()
    also = schema.get("x-also", ())
    if is_date(schema) and text not in also and read_date(text) is None:
        problem = why_no_date(text, words.span)
        if also:
            problem = replace(problem, hint=f"{problem.hint}; or write {listed(list(also))}")
        reading.say(problem, path)
    link = schema.get("x-link", ())
    if link and text not in also and not BLANK.search(text):
        reading.links.append(Link(path, text, words.span, (link,) if isinstance(link, str) else tuple(link)))
    reading.prose[path] = words
    return text


def unguided(reading: Reading, words: Words) -> Words:
    """Words of a YAML text without their comments, which are guidance there too."""
    if "<!--" not in words.text and "```" not in words.text:
        return words if words.text == words.text.strip() else _trimmed(words)
    lines = words.text.split("\n")
    if words.starts:
        masked = mask(lines, words.starts)
        reading.comments += masked.comments
        reading.problems += masked.problems
    else:  # where its lines stand is not known: everything in it is placed at the whole
        masked = mask(lines)
        reading.comments += (Comment(Words(found.words.text, words.span), words.span) for found in masked.comments)
        reading.problems += (replace(problem, span=words.span) for problem in masked.problems)
    return _trimmed(Words("\n".join(masked.lines), words.span, words.starts))


def _trimmed(words: Words) -> Words:
    lines = words.text.split("\n")
    kept = words_of(lines, 0)
    if not words.starts:
        return Words(kept.text, words.span)
    starts = tuple((words.starts[row][0], words.starts[row][1] + column - 1) for row, column in kept.starts)
    return Words(kept.text, words.span, starts)


def _comma_list(words: Words) -> tuple[Words, ...]:
    return tuple(
        Words(piece[0], words.part(*piece.span())) for piece in re.finditer(r"[^,\s](?:[^,]*[^,\s])?", words.text)
    )


def _read_list(reading: Reading, nodes: tuple[Node, ...], schema: Map[str, Any], path: Path) -> list[Any] | None:
    item_schema = dict(schema.get("items", {}))
    for inherited in ("x-link", "x-also"):
        if inherited in schema:
            item_schema.setdefault(inherited, schema[inherited])
    items: list[Any] = []
    for node in nodes:
        item = read_value(reading, node, item_schema, (*path, len(items)))
        if item is not None:
            if schema.get("x-shape") == "tasks" and isinstance(item, dict):
                item.setdefault("state", "open")
            items.append(item)
    return items or None


def _read_map(reading: Reading, facts: Mapping, schema: Map[str, Any], path: Path) -> dict[str, Any]:
    value: dict[str, Any] = {}
    known = reading.fields_of(schema)
    for key, node in facts.pairs:
        if (free := schema.get("additionalProperties")) and key.text not in known:
            name, inner = key.text, free
            if schema.get("x-keys"):
                reading.links.append(Link((*path, name), name, key.span, (schema["x-keys"],)))
        else:
            name = _known_key(reading, key, node, known, path)
            if name in value or not name:
                if name and name != nearest(key.text, known):
                    reading.say(mistakes.duplicate_field(key.span))
                reading.homeless.append((key.text, _as_words(node)))
                continue
            inner = schema["properties"][name]
        reading.names[*path, name] = key.span
        item = read_value(reading, node, inner, (*path, name))
        if item is not None:
            value[name] = item
        elif not re.search(schema.get("propertyNames", {}).get("pattern", ""), name):
            # A name with nothing behind it that is none: the rest of a value with a comma in it.
            reading.say(mistakes.unknown_field(key.span, f"“{path[-1]}”", None, True, "", ""))
    return value


def _as_words(node: Node) -> Words:
    return node if isinstance(node, Words) else Words(_raw(node), node.span)


def _facts_of(kind: Kind) -> str:
    """What can be written into a file that has no headings, as its schema says it or fact by fact."""
    return str(kind.schema.get("x-hint", f"the facts here are {listed([*kind.fields], 'and')}"))


def _known_key(reading: Reading, key: Words, node: Node, known: Map[str, Field], path: Path) -> str:
    """The property that a key names: itself, a heading's other name, or a near one; empty where there is none."""
    text = key.text.strip()
    if text in known:
        return text
    for name, known_field in known.items():
        if (known_field.shape or path) and normal(text) in known_field.names:
            reading.labels[*path, name] = text
            return name
    near = nearest(text, known.keys() - {"sections"})
    where = reading.kind.noun if not path else f"“{path[-1]}”" if isinstance(path[-1], str) else f"“{path[-2]}”"
    exact = near is not None and known[near].exact
    fix = Edit(key.span, near) if near and not exact and is_slip(text, near) else None
    below = next((name for name, field in known.items() if "x-keys" in field.schema), "") if len(known) == 1 else ""
    facts = "" if path or reading.kind.headings else _facts_of(reading.kind)
    reading.say(mistakes.unknown_field(key.span, where, near, bool(path), below, facts, fix=fix))
    if near and (exact or (reading.kind.layer == "restricted" and not is_slip(text, near))):
        reading.settled.add((*path, near))  # what is meant by it is not taken, nor missed
        return ""
    return near or ""
