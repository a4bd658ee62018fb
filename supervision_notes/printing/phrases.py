"""Values → the words in which they are printed: choices, dates, people and other records.

A name stands beside its code wherever the register holds one; so what is made here belongs into a page's body alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..dates import MONTHS, read_date
from ..document import prose
from ..kind import is_date
from ..questions.view import View
from ..workspace import Workspace

_ISO = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
MONTH_NAMES = {
    "en": MONTHS,
    "cy": (
        *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
        *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
    ),
}


@dataclass(frozen=True)
class Phrases:
    """The words of one workspace: in its language, with the names of its register. All but a date are HTML.

    Unless it is `named`, people are told by their codes alone. Other records are looked up through the `view`.
    """

    workspace: Workspace
    named: bool = True
    view: View | None = None

    def value(self, schema: Mapping[str, Any], value: Any) -> str:
        """A value as it is printed, whatever was typed: a wrong value still shows."""
        if isinstance(value, list):
            inside = {**{key: schema[key] for key in ("x-link", "x-also") if key in schema}, **schema.get("items", {})}
            return "<br>".join(self.value(inside, item) for item in value)
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            return "<br>".join(
                f'<span class="part">{prose.plain(properties.get(key, {}).get("title", key))}:</span> '
                f"{self.value(properties.get(key, {}), item)}"
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
            return prose.plain(self.date(text))
        if link := schema.get("x-link"):
            return self.name(text) if "person" in link else self.record(text)
        if text.startswith("late ") and text[5:].isdigit():
            return f"Late by {text[5:]} minutes"
        return prose.plain(text)

    def date(self, text: str) -> str:
        """29 September 2026; ISO where we have no names of months for the language."""
        day = read_date(text)
        months = self.months
        return f"{day.day} {months[day.month - 1]} {day.year}" if day and months else text

    def dated(self, text: str) -> str:
        """A sentence of ours, its days and months in full."""
        return _ISO.sub(lambda day: self.date(day[0]) if day[1] else self.month(day[0]), text)

    def month(self, text: str) -> str:
        """September 2026, of 2026-09."""
        return f"{self.months[int(text[5:7]) - 1]} {text[:4]}" if self.months else text

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the months in the language of the workspace; empty where we do not know them."""
        return tuple(MONTH_NAMES.get(self.workspace.register.language.split("-")[0], ()))

    def name(self, code: str) -> str:
        """Rhian Kettle (SE-201); the code alone where the register has no name for it."""
        name = self.workspace.register.name_of(code) if self.named else None
        return prose.plain(f"{name} ({code})" if name else code)

    def record(self, id: str) -> str:
        """Another record by its kind, date and id: more than that a page may not say of it.

        To whoever may not know of it, the id as it was typed.
        """
        other = self.view.find(id) if self.view else None
        if other is None or other.private:
            return prose.plain(id)
        day = f", {self.date(other.date)}" if other.date else ""
        return prose.plain(f"{self.workspace.register.kinds[other.kind].title}{day} ({id})")
