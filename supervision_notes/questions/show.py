"""One record: its facts and words as far as the audience may read them, how it stands, its links and its actions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..convert import converted
from ..record import Record
from ..signing import STATES, State, spoken, standings, state_said
from ..skeleton import Skeleton
from .actions import AgreedAction, actions
from .links import Linked, links
from .listing import Listed, listed
from .view import View
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it is read aloud: its title, and what it says, a line for each part."""

    key: str
    title: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """How one party stands to the record: the code, the state in words, and the day of the sign-off."""

    person: str
    state: str
    date: str | None = None
    method: str | None = None
    comment: str = ""
    """What was said with it, as Markdown."""
    before: tuple[Signed, ...] = ()
    """What the same party said before, the last first."""


@dataclass(frozen=True)
class Shown:
    """All that is shown of one record."""

    listed: Listed
    value: Mapping[str, Any]
    """What the audience may read, as the kind's schema describes it; empty where that is nothing."""
    facts: tuple[Fact, ...]
    words: str
    """Its headings and words, as Markdown."""
    signed: tuple[Signed, ...]
    extended: bool
    links: tuple[Linked, ...]
    actions: tuple[AgreedAction, ...]
    """What it agreed, and what became of that."""

    @property
    def sections(self) -> Iterator[tuple[str, str]]:
        """Its headings, each with its words."""
        for section in re.split(r"^## ", self.words, flags=re.MULTILINE)[1:]:
            title, _, words = section.partition("\n")
            yield title, words.strip()


def show(wording: Wording, known: Skeleton, as_at: str) -> Shown:
    """What an audience may read of a record, whose words are read again from its file."""
    view, whole = wording.view, wording.record(known)
    value = view.workspace.seen(whole, view.audience) if whole else {}
    seen = replace(whole, value=value) if whole and value else None
    agreed = actions(view, as_at, closed=True, order="id") if view.actions(known) else ()
    return Shown(
        listed(view, known),
        value,
        tuple(_facts(view, seen)) if seen else (),
        _words(seen) if seen else "",
        tuple(_signed(wording, known)),
        view.extended(known),
        tuple(links(view, known)),
        tuple(replace(one, words=wording.action(known, one.line)) for one in agreed if one.session is known),
    )


def _signed(wording: Wording, known: Skeleton) -> Iterator[Signed]:
    """Who signed and who did not yet: for the parties, once there is something to sign."""
    view = wording.view
    if view.attendance_alone or not view.states(known) - {"draft"}:
        return
    said = spoken(view.workspace, known)
    for person, state, sign_off in standings(view.workspace, known):
        if sign_off is None or not view.knows(sign_off):
            yield Signed(person, STATES[state])
        else:
            earlier = [one for one in reversed(said[person][:-1]) if view.knows(one)]
            before = tuple(_spoken(wording, person, state_said(one), one) for one in earlier)
            yield replace(_spoken(wording, person, state, sign_off), before=before)


def _spoken(wording: Wording, person: str, state: State, sign_off: Skeleton) -> Signed:
    comment = wording.words(sign_off, "comment")
    return Signed(person, STATES[state], sign_off.date, sign_off.text("method"), comment)


def _facts(view: View, seen: Record) -> Iterator[Fact]:
    """The facts in the order of the schema; those that every record has are told elsewhere."""
    for field in seen.kind.fields.values():
        said = seen.value.get(field.key)
        if field.shape or field.key in ("kind", "id", "sections") or said in (None, "", [], {}):
            continue
        yield Fact(field.key, field.title, tuple(_said(view, field.schema, said)))


def _said(view: View, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    """A fact as it is read aloud, whatever was typed."""
    if isinstance(value, dict) and "x-keys" in schema:
        inside = schema.get("additionalProperties", {})
        for code, part in value.items():
            yield f"{named(view, code)}: {_word(view, inside, part)}"
    elif isinstance(value, dict):
        parts = schema.get("properties", {})
        yield "; ".join(
            f"{parts.get(key, {}).get('title', key)}: {_word(view, parts.get(key, {}), part)}"
            for key, part in value.items()
        )
    elif isinstance(value, list):
        inside = {**{key: schema[key] for key in ("x-link", "x-also") if key in schema}, **schema.get("items", {})}
        yield from (_word(view, inside, part) for part in value)
    else:
        yield _word(view, schema, value)


def _word(view: View, schema: Mapping[str, Any], value: Any) -> str:
    """A value in words: a choice as it is printed, a person with their name, many parts behind each other."""
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        return ", ".join(_word(view, parts.get(key, {}), part) for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(_word(view, schema.get("items", {}), part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    link = schema.get("x-link", ())
    if "person" in link and text not in schema.get("x-also", ()):
        return named(view, text)
    return str(schema.get("x-words", {}).get(text, text))


def named(view: View, code: str) -> str:
    """SE-201 (Rhian Kettle); the code alone where the register has no name for it."""
    name = view.workspace.register.name_of(code)
    return f"{code} ({name})" if name else code


def _words(seen: Record) -> str:
    """The headings and words of a record as Markdown, without its facts."""
    return converted(seen, "md").split("\n---\n", 1)[-1].strip("\n")
