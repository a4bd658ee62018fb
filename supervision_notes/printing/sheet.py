"""Record × audience → the plain data of its page: words, numbers, lists and maps, filtered for the audience.

Every piece of HTML is made here or by `prose` and `phrases`, and its key ends in `html`. How a value is printed follows
from its schema, so that a new kind of record needs a page at most, and can do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from ..document import prose
from ..kind import Field, normal
from ..questions.view import View
from ..record import Audience, Record
from ..signing import sign_offs
from ..workspace import Workspace
from .phrases import Phrases

# So many people find a line each on an empty list of who was there.
LINES = 6


@dataclass(frozen=True)
class Sheet:
    """One record on its way to paper. `level` is that of the highest heading inside its words.

    Unless it is `named`, people are told by their codes alone. Where it prints for another audience than the one that
    asked for it, `asked_by` says who that is: other records are named as far as those may know of them.
    """

    record: Record
    workspace: Workspace
    audience: Audience
    draft: bool = False
    level: int = 3
    named: bool = True
    asked_by: Audience | None = None

    @cached_property
    def value(self) -> dict[str, Any]:
        """What of the record the audience may read."""
        return self.workspace.seen(self.record, self.audience)

    @cached_property
    def phrases(self) -> Phrases:
        """The words for values."""
        return Phrases(self.workspace, self.named, View(self.workspace, self.asked_by or self.audience))

    @property
    def _is_draft(self) -> bool:
        return self.draft or self.record.status == "draft"

    @property
    def _reads_words(self) -> bool:
        """Whether the audience may read the record's own words, and not just who met and when."""
        return View(self.workspace, self.audience).sees(self.record.skeleton, "sections")

    def data(self, room: bool = True) -> dict[str, Any]:
        """All that its page may know of the record itself; without `room` nothing is left open to be written."""
        room = room and self._is_draft and self._reads_words
        return {
            "audience": self.audience._asdict(),
            "draft": self._is_draft,
            "id": self.record.id,
            "kind": self.record.kind.title,
            "label": self.record.label,
            "date": self.phrases.date(self.record.date or ""),
            "written": self._written(),
            "value": self.value,
            "facts": {fact["key"]: fact for fact in self._facts(room)},
            "sections": list(self.sections(room)),
        }

    # facts

    def _written(self) -> str:
        """The title that the writer gave, where it says more than the form's, to those who may read prose.

        It is no part of what a digest covers, so once somebody has signed it does not stand above their word.
        """
        told = (self.record.label, self.record.kind.title)
        if not self._reads_words or normal(self.record.title) in map(normal, told):
            return ""
        return "" if sign_offs(self.workspace, self.record.skeleton) else self.record.title

    def _facts(self, room: bool) -> Iterator[dict[str, Any]]:
        """The facts in the order of the schema; with `room` for those that the form asks for and nobody wrote."""
        for field in self.record.kind.fields.values():
            if field.shape or field.key == "sections":
                continue
            if self.value.get(field.key) is not None:
                yield self._fact(field)
            elif room and self._holds(field.schema.get("x-form", False)):
                yield from self._empty(field)

    def _empty(self, field: Field) -> Iterator[dict[str, Any]]:
        """A line for a pen, or a few where there is one for each person; maps have their place in a clause."""
        schema = field.schema
        fact = {"key": field.key, "title": self._title(field, (field.key,)), "empty": True}
        if "x-keys" in schema:
            columns = [{"key": "who", "title": schema["x-keys"].capitalize()}, {"key": "what", "title": field.title}]
            yield safe(fact | {"columns": columns, "rows": [{"who": "", "what": ""}] * LINES})
        elif schema.get("type") in ("string", "integer") or "x-link" in schema:
            yield safe(fact | {"html": prose.plain("____")})

    def _fact(self, field: Field) -> dict[str, Any]:
        """A fact with its title: one line or a few (`html`), or a table (`columns`, `rows`)."""
        value, schema = self.value[field.key], field.schema
        fact: dict[str, Any] = {"key": field.key, "title": self._title(field, (field.key,))}
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            used = [inner for inner in field.fields.values() if any(inner.key in item for item in value)]
            fact["columns"] = [{"key": inner.key, "title": inner.title} for inner in used]
            fact["rows"] = [
                {inner.key: self.phrases.value(inner.schema, item[inner.key]) for inner in used if inner.key in item}
                for item in value
            ]
        elif isinstance(value, dict) and "x-keys" in schema:
            inside = {"x-words": schema.get("x-words", {}), **schema.get("additionalProperties", {})}
            who = schema["x-keys"].capitalize()
            fact["columns"] = [{"key": "who", "title": who}, {"key": "what", "title": field.title}]
            fact["rows"] = [
                {"who": self.phrases.name(key), "what": self.phrases.value(inside, item)} for key, item in value.items()
            ]
        elif field.key == "kind":
            fact["html"] = prose.plain(self.record.kind.title)
        else:
            fact["html"] = self.phrases.value(schema, value)
        return safe(fact)

    # headings

    def sections(self, room: bool = False) -> Iterator[dict[str, Any]]:
        """What stands under each heading; with `room` under those that the form asks for and nobody wrote.

        A draft without room shows nothing of what is still a blank, and so does a session that needs no words.
        """
        wordless = self._holds(self.record.kind.schema.get("x-wordless", False))
        blanks = not wordless and (room or not self._is_draft)
        kept = self._kept()
        for field in self.record.kind.fields.values():
            if not field.shape:
                continue
            also = "".join(kept.pop(name)[1] for name in list(kept) if name in field.names)
            section = {
                "key": field.key,
                "title": self._title(field, (field.key,)),
                "also_html": also,
                "unwritten": False,
            }
            value = self.value.get(field.key)
            if value := value if blanks else _filled(value):
                yield safe({"shape": field.shape, **section, **self._body(field, value, room)})
            elif also:
                yield safe({**section, "shape": "text", "html": ""})
            elif room and not wordless and self._holds(field.schema.get("x-ask", False)):
                yield safe({**section, "shape": "text", "html": "", "unwritten": True})
        for title, words in kept.values():
            section = {"key": "sections", "title": title, "also_html": "", "unwritten": False}
            yield safe({**section, "shape": "text", "html": words})

    def _kept(self) -> dict[str, tuple[str, str]]:
        """Words under headings of the writer's own, by heading: those of one heading stand together."""
        kept: dict[str, tuple[str, str]] = {}
        for other in self.value.get("sections") or ():
            title = other.get("heading") or "Also written"
            first, before = kept.get(normal(title), (title, ""))
            kept[normal(title)] = (first, before + prose.html(other.get("text", ""), self.level))
        return kept

    def _body(self, field: Field, value: Any, room: bool) -> dict[str, Any]:
        """What stands under a heading, by the shape of its words."""
        if isinstance(value, str):
            return {"shape": "text", "html": prose.html(value, self.level)}
        if field.shape == "keys":
            parts = [
                self._part(inner, value[key], (field.key, key), self.level + 1)
                for key, inner in field.fields.items()
                if key in value
            ]
            return {"parts": parts}
        if field.shape == "tasks":
            return {"tasks": [self._task(field, task if isinstance(task, dict) else {"text": task}) for task in value]}
        return {"entries": list(self._entries(field, value, room))}

    def _entries(self, field: Field, value: list[Any], room: bool) -> Iterator[dict[str, Any]]:
        """Decisions and the like: what the `###` heading said, and the parts below it, those left empty with `room`."""
        titled = field.schema.get("x-heading", "")
        places = {id(other): n for n, other in enumerate(self.record.value.get(field.key) or ())}
        for item in value:
            if not isinstance(item, dict):
                item = {titled: item}
            # For one case only some are shown; the labels go by the place among all.
            place = places.get(id(item), 0)
            parts = [
                self._part(inner, item.get(key, ""), (field.key, place, key), 5)
                for key, inner in field.fields.items()
                if key not in (titled, "text")
                and (key in item or (room and (field.key, place, key) in self.record.labels))
            ]
            title, text = str(item.get(titled, "")), prose.html(item["text"], 4) if item.get("text") else ""
            title = prose.rule() if _is_blank(title) else prose.inline(title)
            yield safe({"title_html": title, "html": text, "parts": parts})

    def _part(self, field: Field, value: Any, path: tuple[str | int, ...], level: int) -> dict[str, Any]:
        words = prose.html(value, level) if isinstance(value, str) else self.phrases.value(field.schema, value)
        return safe({"key": field.key, "title": self._title(field, path), "html": words})

    def _task(self, field: Field, task: Mapping[str, Any]) -> dict[str, Any]:
        inside = {key: inner.schema for key, inner in field.fields.items()}
        # 2026-08-04-se201#A2 is the A2 that was agreed there.
        there, _, number = str(task.get("id", "")).rpartition("#")
        return safe(
            {
                "number": number,
                "from_html": self.phrases.record(there) if there else "",
                "state": str(task.get("state", "open")),
                "html": prose.inline(str(task.get("text", ""))),
                "owner_html": self.phrases.value(inside.get("owner", {}), task.get("owner", "")),
                "due_html": self.phrases.value(inside.get("due", {}), task.get("due", "")),
                "reason_html": prose.html(task["reason"]) if task.get("reason") else "",
            }
        )

    def _title(self, field: Field, path: tuple[str | int, ...]) -> str:
        """A heading as it was written; else in the words of the framework, the form or the schema."""
        if written := self.record.labels.get(path):
            return written
        settings = self.workspace.register.settings
        for choice in (self.value.get("framework"), self.value.get("form"), settings.get("framework")):
            words = field.words.get(str(choice)) if field.shape or len(path) > 1 else None
            if isinstance(words, str):
                return words
        return field.title

    def _holds(self, condition: Any) -> bool:
        """Whether a condition of the schema holds of this record: true, or the choices for each of some facts."""
        if isinstance(condition, bool):
            return condition
        return all(self.value.get(key) in choices for key, choices in condition.items())


def _filled(value: Any) -> Any:
    """What of the words under a heading is more than a blank."""
    if isinstance(value, list):
        return [item for item in value if not _is_blank(item)]
    return None if _is_blank(value) else value


def _is_blank(value: Any) -> bool:
    """Whether a value holds nothing but blanks to fill in."""
    if isinstance(value, dict | list):
        return all(_is_blank(part) for part in (value.values() if isinstance(value, dict) else value))
    return not str(value).strip("_ ")


def safe(data: dict[str, Any]) -> dict[str, Any]:
    """Mark what is HTML already, so that the template does not escape it again."""
    for key, value in data.items():
        if key.endswith("html"):
            data[key] = Markup(value)
        elif key == "rows":
            data[key] = [{column: Markup(cell) for column, cell in row.items()} for row in value]
    return data
