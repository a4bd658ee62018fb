"""Headings → values: a heading is a key.

What a heading opens follows from its kind: `##` a section; below it, by the section's shape, `###` a key or an item,
and `####` a field of an item. In prose deeper headings are the writer's own. A heading that went wrong still opens
what it most likely meant, so that its words stay where they belong.
"""

from __future__ import annotations

from .document import Document, Heading, Outline, Words
from .kind import Field, is_slip, nearest, normal
from .mistakes import structure as mistakes
from .problem import Edit, Severity
from .sections import Place, Under
from .values import Path, Reading


def read_headings(reading: Reading, document: Document) -> None:
    """Put the words under each heading where they belong."""
    _Headings(reading, document.outline).read()


class _Headings:
    def __init__(self, reading: Reading, outline: Outline) -> None:
        self.reading, self.outline, self.kind = reading, outline, reading.kind
        self.in_facts = frozenset(reading.value)
        self.items: dict[str, int] = {}
        self.under = Under(reading, outline)
        known = self.kind.headings
        self.at_level = {
            known[normal(h.title)].key for h in outline.headings if h.level == 2 and normal(h.title) in known
        }

    def read(self) -> None:
        place: Place | None = None
        row = 0
        titled = False
        for heading in self.outline.headings:
            if not titled and place is None and self._is_title(heading):
                self.under.fill(None, row, heading.row)
                titled, row = True, heading.end_row
                self.reading.title = heading.title
                continue
            opened = self._opens(heading, place)
            if opened is not None:
                self.under.fill(place, row, heading.row)
                place, row = opened, heading.end_row
        self.under.fill(place, row, len(self.outline.lines))
        self.under.close()

    def _is_title(self, heading: Heading) -> bool:
        """Whether a heading is the record's own title, which is no part of its value."""
        field = self.kind.headings.get(normal(heading.title))
        section = field and field.key not in self.at_level and not self.kind.open
        return heading.level == 1 and heading.written == "signs" and not section

    # what a heading opens

    def _opens(self, heading: Heading, here: Place | None) -> Place | None:
        """The place that a heading opens; None where it is the writer's own, inside prose."""
        name = normal(heading.title)
        section = here.section if here else None
        if heading.written == "underline":
            if name not in self.kind.headings:
                return None
            return self._section(heading, self.kind.headings[name], 2)
        if heading.written == "tight":
            return self._tight(heading, name, section)
        if name in self.kind.headings and self._is_section(heading, self.kind.headings[name], section):
            return self._section(heading, self.kind.headings[name], 2)
        if inner := self._inner(heading, name, section):
            return inner
        if heading.level <= 2:
            return self._unknown(heading)
        return None

    def _is_section(self, heading: Heading, field: Field, section: Field | None) -> bool:
        """Whether a known title opens its section: always at its level, elsewhere only where it was not one's own."""
        if heading.level == 2:
            return True
        if section and normal(heading.title) in {name for f in section.fields.values() for name in f.names}:
            return False
        return field.key not in self.at_level and not self.kind.open

    def _inner(self, heading: Heading, name: str, section: Field | None) -> Place | None:
        """A key of a map, an item of a list, or a field of an item."""
        if section is None or (heading.level == 2 and section.shape not in ("keys", "items")):
            section = next((f for f in self._opened_maps() if name in _names(f)), None) if heading.level == 2 else None
        if section is None:
            return self._elsewhere(heading, name)
        if section.shape == "tasks" and heading.level > 2:
            return self._unknown(heading, section)
        if section.shape not in ("keys", "items"):
            return None
        level = 3 if section.shape == "keys" else 4
        fields = {inner: field for field in section.fields.values() for inner in field.names}
        if name in fields and fields[name].key != section.schema.get("x-heading"):
            return self._field(heading, section, fields[name], level)
        if heading.level == 2:
            return self._elsewhere(heading, name)
        if section.shape == "items" and heading.level == 3:
            return self._item(heading, section)
        if heading.level == level:
            near = nearest(heading.title, [f.title for f in section.fields.values()])
            if near:
                fix = Edit(heading.span, f"{'#' * level} {near}") if is_slip(heading.title, near) else None
                self.reading.say(
                    mistakes.unknown_heading(heading.span, f"“{section.title}”", near, False, severity="error", fix=fix)
                )
                return self._field(heading, section, fields[normal(near)], heading.level)
            return self._unknown(heading, section)
        return None

    def _opened_maps(self) -> list[Field]:
        """Sections with fields inside, the last opened item list first."""
        return [
            f for f in self.kind.fields.values() if f.shape == "keys" or (f.shape == "items" and f.key in self.items)
        ]

    def _elsewhere(self, heading: Heading, name: str) -> Place | None:
        """A second-level heading that is a key of a map below its own level."""
        if heading.level != 2 or self.kind.open:
            return None
        for section in self._opened_maps():
            for field in section.fields.values():
                if name in field.names and field.key != section.schema.get("x-heading"):
                    return self._field(heading, section, field, 3 if section.shape == "keys" else 4)
        return None

    def _section(self, heading: Heading, field: Field, level: int) -> Place:
        path: Path = (field.key,)
        self._check_level(heading, level)
        if field.key in self.in_facts:
            self.reading.say(mistakes.duplicate_field(heading.span))
            return Place(path, None, None, heading.title, heading.span)
        if path in self.reading.names:
            self.reading.say(mistakes.duplicate_heading(heading.span))
        else:
            self.reading.names[path] = heading.span
            self.reading.labels[path] = heading.title
        return Place(path, field, field, field.title, heading.span)

    def _item(self, heading: Heading, section: Field) -> Place:
        items = self.reading.value.setdefault(section.key, [])
        if not isinstance(items, list):
            items = self.reading.value[section.key] = []
        path: Path = (section.key, len(items))
        title_key = section.schema.get("x-heading", "title")
        items.append({title_key: heading.title} if heading.title else {})
        self.items[section.key] = len(items) - 1
        self.reading.names[path] = self.reading.spans[path] = heading.span
        if heading.title:
            self.reading.spans[*path, title_key] = heading.span
            self.reading.prose[*path, title_key] = _title_words(heading)
        return Place((*path, "text"), section.fields.get("text"), section, heading.title, heading.span)

    def _field(self, heading: Heading, section: Field, field: Field, level: int) -> Place:
        self._check_level(heading, level)
        path: Path = (section.key, field.key)
        if section.shape == "items":
            if section.key not in self.items:
                self._item(Heading(3, "", heading.span, "signs", heading.row, heading.row), section)
            path = (section.key, self.items[section.key], field.key)
        self.reading.names.setdefault((section.key,), heading.span)
        if path in self.reading.names:
            self.reading.say(mistakes.duplicate_heading(heading.span))
        self.reading.names[path] = heading.span
        self.reading.labels[path] = heading.title
        return Place(path, field, section, field.title, heading.span)

    def _check_level(self, heading: Heading, level: int) -> None:
        if heading.level != level:
            fix = Edit(heading.span, f"{'#' * level} {heading.title}") if heading.written == "signs" else None
            self.reading.say(mistakes.wrong_level(heading.span, "#" * level, fix=fix))

    def _tight(self, heading: Heading, name: str, section: Field | None) -> Place | None:
        """A heading without the space after its signs, if it is one at all: `#tag` is a word."""
        inner = {n: f for f in section.fields.values() for n in f.names} if section else {}
        if name not in self.kind.headings and name not in inner and heading.level < 2:
            return None
        said = f"{'#' * heading.level} {heading.title}"
        self.reading.say(
            mistakes.unknown_heading(heading.span, "", said, True, severity="error", fix=Edit(heading.span, said))
        )
        spaced = Heading(heading.level, heading.title, heading.span, "signs", heading.row, heading.end_row)
        return self._opens(spaced, Place((), None, section, "", heading.span))

    def _unknown(self, heading: Heading, section: Field | None = None) -> Place | None:
        """A heading that the kind does not know: near a known one it opens that, else it is kept as one's own.

        Inside a section it closes nothing: what follows may still be a part of that section.
        """
        where = f"“{section.title}”" if section else ""
        titles = [field.title for field in self.kind.fields.values() if field.shape]
        severity: Severity | None = "error"
        if self.kind.open:
            model = self.kind.stages.get(str(self.reading.value.get("model")), {})
            titles = [self.kind.fields[key].title for key in model.get("stages", ())]
            severity = "note"
        near = None if where else nearest(heading.title, titles)
        if near or not self.kind.open:
            fix = Edit(heading.span, f"## {near}") if near and is_slip(heading.title, near) else None
            said = mistakes.unknown_heading(
                heading.span, where or self.kind.noun, near, False, severity=severity if near else None, fix=fix
            )
            self.reading.say(said)
        field = self.kind.headings[normal(near)] if near and not self.kind.open else None
        path: Path = (field.key,) if field else ()
        if field and field.key not in self.at_level | self.in_facts and path not in self.reading.names:
            self.reading.names[path] = heading.span
            return Place(path, field, field, field.title, heading.span)
        return Place((), None, section, heading.title, heading.span)


def _names(field: Field) -> set[str]:
    return {name for inner in field.fields.values() for name in inner.names}


def _title_words(heading: Heading) -> Words:
    return Words(heading.title, heading.span)
