"""Workspace × audience → HTML: a record as a page that one is glad to sign.

The only module that knows Jinja. A template gets plain data: words, numbers, lists and maps, already filtered for the
audience, with every piece of HTML made here or by `prose`. Names are looked up here and stand in the page's body
alone: its title, bookmarks and running heads hold codes.

How a value is printed follows from its schema, so that a new kind of record needs a page at most, and can do without.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from .dates import MONTHS, read_date
from .document import prose
from .kind import Field, is_date, normal
from .own import OwnTemplates, own_file
from .record import Audience, Record
from .shipped import folder
from .workspace import Workspace

MONTH_NAMES = {
    "en": MONTHS,
    "cy": (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
        *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
}
LARGEST_LOGO = 2_000_000
# So many people find a line each on an empty list of who was there.
LINES = 6
# In a style sheet, an address without a scheme names a file that lies beside it.
_BESIDE = re.compile(r"""((?:\burl\(|@import\s)\s*["']?)(?![a-z][-+.a-z0-9]*:|#|["'\s]|url\()""", re.IGNORECASE)


# What a page of one's own can do wrong while it is filled in.
_OF_A_PAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class PageFault(Exception):
    """A page template cannot be used; the message names the template and the line."""


def html(record: Record, workspace: Workspace, audience: Audience, draft: bool = False) -> str:
    """A record as a whole HTML document, with only what the audience may read.

    `draft` says DRAFT on every page, and leaves room to write under the headings that are still to be filled; a record
    whose status is draft is printed so in any case.
    """
    data = _Sheet(record, workspace, audience, draft).data()
    name = f"{record.kind.name}.html.j2"
    try:
        return _pages(workspace.root).select_template([name, "record.html.j2"]).render(data)
    except TemplateSyntaxError as fault:
        raise PageFault(f"the page {fault.name or name}, line {fault.lineno}: {fault.message}") from fault
    except (TemplateError, *_OF_A_PAGE) as fault:  # its message may hold a record's words
        raise PageFault(f"the page {name} asks for something that is not there ({type(fault).__name__})") from None


@lru_cache(maxsize=8)
def _pages(root: Path) -> SandboxedEnvironment:
    """The page templates: the workspace's own win; `shipped/NAME` is always ours, for them to extend."""
    shipped = FileSystemLoader(folder("templates") / "pages")
    own = OwnTemplates(root, below="pages/")
    return SandboxedEnvironment(
        loader=ChoiceLoader([own, shipped, PrefixLoader({"shipped": shipped})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(root: Path, theme: str) -> Markup:
    """The style sheets in one: our colours, what the workspace changes of them, the layout."""
    shipped = folder("templates") / "styles"
    layout = own_file(root, "styles/print.css") or shipped / "print.css"
    own = (own_file(root, f"styles/{name}.css") for name in ("theme", Path(theme).name))
    css = "\n".join(sheet.read_text("utf-8", "replace") for sheet in (shipped / "theme.css", *own, layout) if sheet)
    return Markup(_BESIDE.sub(r"\1asset:", css).replace("</", r"<\/"))


def _logo(root: Path, name: str) -> str:
    """The workspace's logo, carried in the page itself; empty where there is none inside the workspace."""
    path = own_file(root, name)
    kind = mimetypes.guess_type(path.name)[0] if path else None
    if path is None or not (kind or "").startswith("image/"):
        return ""
    if path.stat().st_size > LARGEST_LOGO:
        return ""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


@dataclass(frozen=True)
class _Sheet:
    """One record on its way to paper."""

    record: Record
    workspace: Workspace
    audience: Audience
    draft: bool

    @cached_property
    def value(self) -> dict[str, Any]:
        return self.record.seen_by(self.audience, self.workspace.receives(self.record))

    def data(self) -> dict[str, Any]:
        """All that a template may know."""
        settings = self.workspace.register.settings
        draft = self.draft or self.record.status == "draft"
        room = draft and self.audience.who in ("parties", "author")
        return {
            "language": self.workspace.register.language,
            "style": _style(self.workspace.root, str(settings.get("theme", ""))),
            "logo": _logo(self.workspace.root, str(settings.get("logo", ""))),
            "organisation": str(settings.get("organisation", "")),
            "audience": self.audience._asdict(),
            "draft": draft,
            "blank": Markup(prose.plain("____")),
            "line": Markup(prose.rule()),
            "id": self.record.id,
            "kind": self.record.kind.title,
            "label": self.record.label,
            "date": self._date(self.record.date or ""),
            "written": self._written(),
            "value": self.value,
            "facts": {fact["key"]: fact for fact in self._facts(room)},
            "sections": list(self._sections(room)),
        }

    # facts

    def _written(self) -> str:
        """The title that the writer gave, where it says more than the form's, to those who may read prose."""
        told = (self.record.label, self.record.kind.title)
        if self.audience.who not in ("parties", "author") or normal(self.record.title) in map(normal, told):
            return ""
        return self.record.title

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
            yield _safe(fact | {"columns": columns, "rows": [{"who": "", "what": ""}] * LINES})
        elif schema.get("type") in ("string", "integer") or "x-link" in schema:
            yield _safe(fact | {"html": prose.plain("____")})

    def _fact(self, field: Field) -> dict[str, Any]:
        """A fact with its title: one line or a few (`html`), or a table (`columns`, `rows`)."""
        value, schema = self.value[field.key], field.schema
        fact: dict[str, Any] = {"key": field.key, "title": self._title(field, (field.key,))}
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            used = [inner for inner in field.fields.values() if any(inner.key in item for item in value)]
            fact["columns"] = [{"key": inner.key, "title": inner.title} for inner in used]
            fact["rows"] = [
                {inner.key: self._words(inner.schema, item[inner.key]) for inner in used if inner.key in item}
                for item in value
            ]
        elif isinstance(value, dict) and "x-keys" in schema:
            inside = {"x-words": schema.get("x-words", {}), **schema.get("additionalProperties", {})}
            who = schema["x-keys"].capitalize()
            fact["columns"] = [{"key": "who", "title": who}, {"key": "what", "title": field.title}]
            fact["rows"] = [{"who": self._name(key), "what": self._words(inside, item)} for key, item in value.items()]
        elif field.key == "kind":
            fact["html"] = prose.plain(self.record.kind.title)
        else:
            fact["html"] = self._words(schema, value)
        return _safe(fact)

    def _words(self, schema: Mapping[str, Any], value: Any) -> str:
        """A value as it is printed, whatever was typed: a wrong value still shows."""
        if isinstance(value, list):
            inside = {**{key: schema[key] for key in ("x-link", "x-also") if key in schema}, **schema.get("items", {})}
            return "<br>".join(self._words(inside, item) for item in value)
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            return "<br>".join(
                f'<span class="part">{prose.plain(properties.get(key, {}).get("title", key))}:</span> '
                f"{self._words(properties.get(key, {}), item)}"
                for key, item in value.items()
            )
        if isinstance(value, bool):
            return "Yes" if value else "No"
        text = str(value)
        if text in schema.get("x-words", {}):
            return prose.plain(str(schema["x-words"][text]))
        if text in schema.get("x-also", ()):
            return prose.plain(text.replace("-", " ").capitalize())
        if is_date(schema):
            return prose.plain(self._date(text))
        if link := schema.get("x-link"):
            return self._name(text) if "person" in link else self._record(text)
        if text.startswith("late ") and text[5:].isdigit():
            return f"Late by {text[5:]} minutes"
        return prose.plain(text)

    def _date(self, text: str) -> str:
        """29 September 2026; ISO where we have no names of months for the language."""
        day = read_date(text)
        months = MONTH_NAMES.get(self.workspace.register.language.split("-")[0])
        return f"{day.day} {months[day.month - 1]} {day.year}" if day and months else text

    def _name(self, code: str) -> str:
        """Rhian Kettle (SE-201); the code alone where the register has no name for it."""
        name = self.workspace.register.name_of(code)
        return prose.plain(f"{name} ({code})" if name else code)

    def _record(self, id: str) -> str:
        """Another record by its kind, date and id: more than that a page may not say of it."""
        other = self.workspace.find(id)
        if other is None or other.private:
            return prose.plain(id)
        kind = self.workspace.register.kinds.get(other.kind)
        day = f", {self._date(other.date)}" if other.date else ""
        return prose.plain(f"{kind.title if kind else other.kind}{day} ({id})")

    # headings

    def _sections(self, room: bool) -> Iterator[dict[str, Any]]:
        """What stands under each heading; with `room` under those that the form asks for and nobody wrote."""
        wordless = self._holds(self.record.kind.schema.get("x-wordless", False))
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
            if value and not (wordless and _is_blank(value)):
                yield _safe({"shape": field.shape, **section, **self._body(field, value, room)})
            elif also:
                yield _safe({**section, "shape": "text", "html": ""})
            elif room and not wordless and self._holds(field.schema.get("x-ask", False)):
                yield _safe({**section, "shape": "text", "html": "", "unwritten": True})
        for title, words in kept.values():
            section = {"key": "sections", "title": title, "also_html": "", "unwritten": False}
            yield _safe({**section, "shape": "text", "html": words})

    def _kept(self) -> dict[str, tuple[str, str]]:
        """Words under headings of the writer's own, by heading: those of one heading stand together."""
        kept: dict[str, tuple[str, str]] = {}
        for other in self.value.get("sections") or ():
            title = other.get("heading") or "Also written"
            first, before = kept.get(normal(title), (title, ""))
            kept[normal(title)] = (first, before + prose.html(other.get("text", "")))
        return kept

    def _body(self, field: Field, value: Any, room: bool) -> dict[str, Any]:
        """What stands under a heading, by the shape of its words."""
        if isinstance(value, str):
            return {"shape": "text", "html": prose.html(value)}
        if field.shape == "keys":
            parts = [
                self._part(inner, value[key], (field.key, key), 4)
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
            yield _safe({"title_html": title, "html": text, "parts": parts})

    def _part(self, field: Field, value: Any, path: tuple[str | int, ...], level: int) -> dict[str, Any]:
        words = prose.html(value, level) if isinstance(value, str) else self._words(field.schema, value)
        return _safe({"key": field.key, "title": self._title(field, path), "html": words})

    def _task(self, field: Field, task: Mapping[str, Any]) -> dict[str, Any]:
        inside = {key: inner.schema for key, inner in field.fields.items()}
        # 2026-08-04-se201#A2 is the A2 that was agreed there.
        there, _, number = str(task.get("id", "")).rpartition("#")
        return _safe(
            {
                "number": number,
                "from_html": self._record(there) if there else "",
                "state": str(task.get("state", "open")),
                "html": prose.inline(str(task.get("text", ""))),
                "owner_html": self._words(inside.get("owner", {}), task.get("owner", "")),
                "due_html": self._words(inside.get("due", {}), task.get("due", "")),
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


def _is_blank(value: Any) -> bool:
    """Whether a value holds nothing but blanks to fill in."""
    if isinstance(value, dict | list):
        return all(_is_blank(part) for part in (value.values() if isinstance(value, dict) else value))
    return not str(value).strip("_ ")


def _safe(data: dict[str, Any]) -> dict[str, Any]:
    """Mark what is HTML already, so that the template does not escape it again."""
    for key, value in data.items():
        if key.endswith("html"):
            data[key] = Markup(value)
        elif key == "rows":
            data[key] = [{column: Markup(cell) for column, cell in row.items()} for row in value]
    return data
