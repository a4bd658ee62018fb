"""Schemas → kinds: what each kind of record may hold, under which names, and who may read it.

A kind is a JSON Schema with a few annotations of our own (they are explained in `schemas/README.md`). Everything
that a schema can say is said there; this module only gives it names.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from .problem import Severity, listed
from .shipped import folder

Shape = Literal["text", "keys", "items", "tasks"]
Layer = Literal["attendance", "shared", "restricted", "private"]
LAYERS: tuple[Layer, ...] = ("attendance", "shared", "restricted", "private")

_LONGEST_NAME = 100
_ALIKE = 0.8
_LEADING_NUMBER = re.compile(r"\s*\d+(?:\.\d+)*[.):]?\s+")
_NO_WORD = re.compile(r"[\d\s]+")


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A heading as it is compared: without case, punctuation, accents' spelling and a leading number."""
    name = unicodedata.normalize("NFC", _LEADING_NUMBER.sub("", name, count=1)).casefold().replace("&", " and ")
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in name)
    return " ".join(kept.split()) or name.strip()


def words_of(code: str) -> frozenset[str]:
    """The words in a code or an id: whatever stands there but digits, compared as headings are."""
    return frozenset(filter(None, _NO_WORD.split(normal(code))))


def offered(schema: Any) -> Iterator[str]:
    """The words that a schema offers, beside codes or instead of them."""
    for key, part in schema.items() if isinstance(schema, dict) else ():
        if key in ("enum", "x-also"):
            yield from part
        elif key == "x-streams":
            yield from part.values()
        else:
            yield from offered(part)


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that `word` is most likely a slip of; None where none is near."""
    if len(word) > _LONGEST_NAME:
        return None
    by_normal = {normal(candidate): candidate for candidate in words}
    near = get_close_matches(normal(word), by_normal, n=1, cutoff=0.75)
    return by_normal[near[0]] if near else None


def is_slip(word: str, near: str) -> bool:
    """Whether a word is another one with a slip of the keys in it, so that it can be mended without being asked.

    No word is taken away, and each begins as the other does and ends so, but for a last letter that is missing or too
    much: what stands before a word, or behind it, may turn it into its opposite.
    """
    typed, meant = normal(word).split(), normal(near).split()
    return "".join(typed) == "".join(meant) or (len(typed) == len(meant) and all(map(_is_slip, typed, meant)))


def _is_slip(typed: str, meant: str) -> bool:
    if typed == meant or typed[:-1] == meant or typed == meant[:-1]:
        return True
    if typed[0] == meant[0] and sorted(typed) == sorted(meant):  # letters in each other's place
        return True
    ends = (typed[0], typed[-1]) == (meant[0], meant[-1])
    return ends and SequenceMatcher(None, typed, meant).ratio() >= _ALIKE


def is_date(schema: Mapping[str, Any]) -> bool:
    """Whether a schema asks for a date; where a word may stand instead of one, `x-date` says so."""
    return schema.get("format") == "date" or bool(schema.get("x-date"))


@dataclass(frozen=True)
class Field:
    """A fact or a heading: one property of a schema."""

    key: str
    schema: Mapping[str, Any]
    layer: Layer

    @cached_property
    def title(self) -> str:
        """The heading, or the label that is printed."""
        return str(self.schema.get("title", self.key.replace("_", " ").capitalize()))

    @property
    def shape(self) -> Shape | None:
        """How a heading's words are read; a fact has none."""
        shape: Shape | None = self.schema.get("x-shape")
        return shape

    @property
    def hint(self) -> str:
        """Guidance for the writer."""
        return str(self.schema.get("x-hint", ""))

    @property
    def hints(self) -> Mapping[str, Mapping[str, str]]:
        """Guidance for when something is known: `{"discuss_first": {"must-not": …}}`. It goes before `hint`."""
        hints: Mapping[str, Mapping[str, str]] = self.schema.get("x-hints", {})
        return hints

    @cached_property
    def choices(self) -> str:
        """What a form writes behind a fact that is still empty: the choices, an example, or how a date is written."""
        if is_date(self.schema):
            return ", or ".join(("year-month-day, such as 2026-10-14", *self.schema.get("x-also", ())))
        if self.schema.get("type") == "boolean":
            return "yes or no"
        if "x-keys" in self.schema:
            return " ".join(self.hint.split())
        also = self.schema.get("x-also", ())
        a_code = "a code" if "person" in self.links else f"the id of a {self.links[0]}" if self.links else "a code"
        chosen = [str(choice) for choice in self.schema.get("enum", ())] + ([a_code, *also] if also else [])
        examples = self.schema.get("x-choices", ())
        return listed(chosen) if chosen else f"such as {examples[0]}" if examples else ""

    @property
    def says_none(self) -> bool:
        """Whether `None` is an answer here."""
        return bool(self.schema.get("x-none"))

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """Printed words by what is typed (choices), or by framework (functions)."""
        words: Mapping[str, Any] = self.schema.get("x-words", {})
        return words

    @property
    def exact(self) -> bool:
        """Whether it counts only as it is spelt: it opens a record to somebody, or is somebody's word."""
        return bool(self.schema.get("x-exact"))

    @cached_property
    def links(self) -> tuple[str, ...]:
        """What its value names: `person`, `record`, or kinds of record."""
        schema = self.schema.get("items", self.schema) if self.schema.get("type") == "array" else self.schema
        link = schema.get("x-link", self.schema.get("x-link", ()))
        return (link,) if isinstance(link, str) else tuple(link)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every heading that opens it, normalised: its title, its aliases, and the words of each framework."""
        own = (self.title, self.key, *self.schema.get("x-aliases", ()))
        framework = self.words.values() if not self.schema.get("enum") else ()
        return tuple(normal(name) for name in (*own, *framework) if isinstance(name, str))

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields inside: the keys of a map, or the fields of each item of a list."""
        items = self.schema.get("items", {})
        properties = items.get("properties") or self.schema.get("properties") or {}
        return {key: Field(key, schema, schema.get("x-layer", self.layer)) for key, schema in properties.items()}


@dataclass(frozen=True)
class Kind:
    """A kind of record: its fields in the order of its schema."""

    name: str
    schema: Mapping[str, Any]

    @property
    def title(self) -> str:
        """The name that is printed."""
        return str(self.schema["title"])

    @property
    def noun(self) -> str:
        """As a sentence speaks of one: `a session`, `an agreement`."""
        title = self.title[0].lower() + self.title[1:]
        return f"{'an' if title[0] in 'aeiou' else 'a'} {title}"

    @property
    def layer(self) -> Layer:
        """The layer of its prose where a field does not say."""
        layer: Layer = self.schema.get("x-layer", "shared")
        return layer

    @property
    def private(self) -> bool:
        """Whether records of this kind belong to their author alone."""
        return self.layer in ("private", "restricted")

    @property
    def open(self) -> bool:
        """Whether headings of one's own are no problem."""
        return self.schema.get("x-headings") == "open"

    @property
    def folder(self) -> str:
        """The folder in which `new` puts a record."""
        return str(self.schema.get("x-folder", f"{self.name}s"))

    @property
    def stages(self) -> Mapping[str, Mapping[str, Any]]:
        """Models of reflection by name, each with its title and the keys of its stages."""
        models: Mapping[str, Mapping[str, Any]] = self.schema.get("x-models", {})
        return models

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Facts and headings by key."""
        return {
            key: Field(key, schema, schema.get("x-layer", self.layer))
            for key, schema in self.schema["properties"].items()
        }

    @cached_property
    def shared(self) -> frozenset[str]:
        """The keys of what the parties to a record may read, where the kind is not private."""
        return frozenset(key for key, field in self.fields.items() if field.layer in ("attendance", "shared"))

    @cached_property
    def reviewed(self) -> str:
        """The key of the heading that answers earlier actions; empty where the kind has none."""
        return next((key for key, field in self.fields.items() if field.shape == "tasks" and key != "actions"), "")

    @cached_property
    def headings(self) -> Mapping[str, Field]:
        """The fields that are headings, by every normalised name that opens one."""
        return {name: field for field in self.fields.values() if field.shape for name in field.names}

    @cached_property
    def guidance(self) -> frozenset[str]:
        """The hints of all its fields, white space evened: comments that hold one of them are the form's own."""
        hints: set[str] = set()

        def gather(fields: Mapping[str, Field]) -> None:
            for field in fields.values():
                said = (field.hint, *(hint for known in field.hints.values() for hint in known.values()))
                hints.update((*(" ".join(hint.split()) for hint in said), field.choices))
                gather(field.fields)

        gather(self.fields)
        hints.add(" ".join(str(self.schema.get("x-hint", "")).split()))
        return frozenset(hints - {""})

    def gravity(self, what: Literal["x-missing", "x-blank"], value: Mapping[str, Any]) -> Severity:
        """How grave it is that something is missing or left blank, by how settled the record is."""
        table = self.schema.get(what, {})
        settled = value.get(table.get("by"))
        default: Severity = "error" if what == "x-missing" else "warning"
        gravity: Severity = table.get(settled, default) if isinstance(settled, str) else default
        return gravity


def read_kinds(folder: Path) -> tuple[dict[str, Kind], list[str]]:
    """The kinds whose schemas stand in a folder, and the names of files that are no schema of a kind."""
    kinds, broken = {}, []
    for path in sorted(folder.glob("*.schema.json")):
        try:
            kind = Kind(path.name.removesuffix(".schema.json"), json.loads(path.read_text("utf-8")))
            if kind.title and all(isinstance(field.schema, dict) for field in kind.fields.values()):
                kinds[kind.name] = kind
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            broken.append(path.name)
    return kinds, broken


@cache
def shipped_kinds() -> Mapping[str, Kind]:
    """The kinds of record that come with the toolkit, by name."""
    return read_kinds(folder("schemas"))[0]


@cache
def registers() -> Mapping[str, Kind]:
    """The registers, which are no records: `supervision`, `people` and `policy`."""
    return read_kinds(folder("schemas") / "registers")[0]
