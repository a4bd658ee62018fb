"""What stands under a heading → the value: prose, facts of its own, or actions, by the shape that the schema names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from .dates import read_date, why_no_date
from .document import (
    Item,
    Outline,
    Task,
    Words,
    box_of,
    is_tail,
    looks_like_task,
    names_an_action,
    read_task,
    read_unlisted,
)
from .kind import Field
from .mistakes import structure as mistakes
from .problem import Span
from .values import Link, Path, Reading, is_none

# What is meant as owner or date of an action, and stands where it is only words.
_TAIL_ASTRAY = re.compile(r"(?<!\S)(?:@[\w.-]*\w|due:?\s*\d[\d/.-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """What a heading opened: a field at a path; the section around it; or, without a field, words of one's own."""

    path: Path
    field: Field | None
    section: Field | None
    title: str
    span: Span


class Under:
    """Fills a reading with the words under its headings, place by place."""

    def __init__(self, reading: Reading, outline: Outline) -> None:
        self.reading, self.outline, self.kind = reading, outline, reading.kind
        self.rows = [item.row for item in outline.items]
        self.instead: dict[str, int] = {}

    def fill(self, place: Place | None, row: int, end_row: int) -> None:
        """Put the words on some rows where a heading opened a place for them; above all headings there is none."""
        words = self.outline.words(row, end_row)
        if place is None and self.kind.open:
            if words:
                self.reading.add_section("", words)
        elif place is None:
            self._stray(words, "", "words stand above the first heading", "put them under one of the headings")
        elif place.field is None:
            self.reading.add_section(place.title, words or Words("", place.span))
        elif place.field.shape == "tasks":
            self._tasks(place, row, end_row)
        elif place.field is place.section and place.field.shape in ("keys", "items"):
            self._map(place, words)
        elif words:
            self._text(place, words)
        elif place.field.key != "text":
            self.reading.empty[place.path] = place.span

    def _text(self, place: Place, words: Words) -> None:
        path = place.path
        if path in self.reading.prose:  # the heading stands here a second time
            self.reading.add_section(place.title, words)
            return
        self.reading.prose[path] = words
        self.reading.spans[path] = words.span
        holder: Any = self.reading.value
        for step in path[:-1]:
            holder = holder.setdefault(step, {}) if isinstance(step, str) else holder[step]
        if isinstance(holder, dict):
            holder[path[-1]] = words.text
        else:  # a fact of the same name is of the wrong sort
            self.reading.add_section(place.title, words)

    def _map(self, place: Place, words: Words) -> None:
        """Directly under a heading whose words belong under deeper ones."""
        field = place.field
        assert field is not None
        if field.says_none and is_none(words.text):
            self.reading.value.setdefault(field.key, words.text)
            self.reading.prose[place.path] = words
            self.reading.spans[place.path] = words.span
        elif words:
            what = field.schema.get("x-heading", "part")
            one = f"the {what} in a few words" if field.shape == "items" else "its name"
            self._stray(
                words,
                field.title,
                f"words stand under “{field.title}” before any {what} is named",
                f"write ### and {one} above them{_or_none(field)}",
            )
            self._instead(place.path)
        else:
            self.reading.empty.setdefault(place.path, place.span)

    def _instead(self, path: Path) -> None:
        """The last problem is all that is wrong with a section, if it holds nothing else."""
        self.reading.settled.add(path)
        self.instead.setdefault(str(path[0]), len(self.reading.problems) - 1)

    def _stray(self, words: Words, title: str, why: str, hint: str) -> None:
        if words:
            self.reading.say(mistakes.stray_text(words.span, why, hint))
            self.reading.add_section(title, words)

    def _tasks(self, place: Place, row: int, end_row: int) -> None:
        key = str(place.path[0])
        first, last = (bisect_left(self.rows, edge) for edge in (row, end_row))
        items = [self._ended(item) for item in self.outline.items[first:last]]
        inside = {here for item in items for here in range(item.row, item.end_row)}
        only = self.outline.words(row, end_row)
        if is_none(only.text.lstrip("-*+ ")):
            self.reading.value.setdefault(key, only.text.lstrip("-*+ "))
            self.reading.prose[place.path] = only
            self.reading.spans[place.path] = only.span
            return
        found: dict[int, Item | int] = {**dict(self._outside(row, end_row, inside)), **{i.row: i for i in items}}
        for here, one in sorted(found.items(), key=lambda at: at[0]):
            if isinstance(one, Item):
                self._task(one, key)
            else:
                self._no_item(here, one, place)
        if not only:
            self.reading.empty.setdefault(place.path, place.span)

    def _ended(self, item: Item) -> Item:
        """An item without what looks like the next one: for want of a hyphen and its space it was read as words."""
        rows = range(item.row + 1, item.end_row)
        end = next((row for row in rows if _names_another(self.outline.lines[row])), item.end_row)
        if end == item.end_row:
            return item
        rest, span = (self.outline.words(row, end) for row in (item.row + 1, item.row))
        return replace(item, rest=rest, span=span.span, end_row=end)

    def _outside(self, row: int, end_row: int, inside: set[int]) -> Iterator[tuple[int, int]]:
        """Runs of rows that hold words outside a list; a line that looks like an action starts one of its own."""
        start = row
        for here in range(row, end_row + 1):
            line = self.outline.lines[here] if here < end_row else ""
            out = here in inside or not line.strip()
            if out or looks_like_task(line) or _names_another(line):
                if start < here:
                    yield start, here
                start = here + 1 if out else here

    def _no_item(self, row: int, end_row: int, place: Place) -> None:
        """Words under Actions that are no list item."""
        key = str(place.path[0])
        words, line = (self.outline.words(row, end) for end in (end_row, row + 1))
        if looks_like_task(line.text) or names_an_action(line.text) or place.field is None:
            task = read_unlisted(line, self.outline.words(row + 1, end_row))
            said = "this looks like an action, but does not start with a hyphen, a space and a box"
            reason = not looks_like_task(line.text) and self.reading.value.get(key)
            or_else = "; if it belongs to the action above, put two spaces before it" if reason else ""
            self._slip(line.span, said, key, task, or_else)
            if task:
                self._add(task, key)
                return
            self.reading.add_section(place.title, words)
        else:
            title = place.title
            said = f"words stand under “{title}” that are no action"
            self._stray(words, title, said, f"start an action with  - [ ] A1:{_or_none(place.field)}")
        self._instead(place.path)

    def _task(self, item: Item, key: str) -> None:
        task = read_task(item)
        if task is None or task.mend or not task.state:
            box = box_of(item.line)
            off = "is off by a sign or a space; the four are" if task and task.mend else "is none of the four:"
            said = f"this box {off} [ ] [x] [>] [-]" if box else "this item has no box"
            self._slip(box or item.span, said, key, task)
        if task is None:
            self.reading.settled.add((key,))
            self.reading.add_section(self.kind.fields[key].title, _joined(item.line, item.rest))
        else:
            self._add(task, key)

    def _slip(self, span: Span, said: str, key: str, task: Task | None, or_else: str = "") -> None:
        """Say how the line of an action has to begin; the rest of it is its identity, and stays."""
        mend = task.mend if task else None
        boxes = "- [ ]" if task and task.number else "- [ ] A1:"
        if key == self.kind.reviewed:
            boxes = "- [x] (done), - [>] (carried) or - [-] (dropped)"
        hint = f"let it begin with  {mend.text.strip() if mend else boxes}  and keep the rest of the line{or_else}"
        self.reading.say(mistakes.not_a_task(span, said, hint, fix=mend))

    def _say_slips(self, task: Task) -> None:
        """Say what is off behind the box of an action."""
        if task.text and (stray := _TAIL_ASTRAY.search(task.text.text)):
            said = "who does it and by when are read only at the end of the line, as @SE-201 due:2026-12-17"
            at = task.text.part(*stray.span())
            self.reading.say(
                mistakes.not_a_task(at, said, "move them to the end, with a colon behind due", severity="warning")
            )
        if task.mend_number and task.number:
            missing = "a space" if task.mend_number.text == " " else "the colon"
            at, said = (
                task.number.span.to(task.mend_number.span),
                f"{missing} is missing behind the number of this action",
            )
            hint = f"write  {task.number.text}:  and a space"
            self.reading.say(mistakes.not_a_task(at, said, hint, severity="warning", fix=task.mend_number))
        if task.mend_due and task.due:
            at, said = task.mend_due.span.to(task.due.span), "a date stands here without the  due:  that makes it one"
            hint = f"write  due:{task.due.text}"
            self.reading.say(mistakes.not_a_task(at, said, hint, severity="warning", fix=task.mend_due))
        if task.reason:
            self._say_of_reason(task.reason)

    def _say_of_reason(self, reason: Words) -> None:
        """Say what stands below an action as its reason, and was most likely meant as something else."""
        start = 0
        for line in reason.text.split("\n"):
            span = reason.part(start, start + len(line))
            start += len(line) + 1
            if looks_like_task(line):
                said = "this looks like an action, but stands inside the one above"
                self.reading.say(mistakes.not_a_task(span, said, "move the line to the left edge, as it is"))
            elif is_tail(line):
                said = "who does it and by when are read only at the end of the line of the action"
                self.reading.say(
                    mistakes.not_a_task(span, said, "move them to the end of that line", severity="warning")
                )

    def _add(self, task: Task, key: str) -> None:
        """Take an action as it was meant, so that what is wrong with its line is all that is wrong."""
        self._say_slips(task)
        tasks = self.reading.value.setdefault(key, [])
        if not isinstance(tasks, list):
            tasks = self.reading.value[key] = []
        path: Path = (key, len(tasks))
        value: dict[str, object] = {"state": task.state}
        if not task.state:
            self.reading.settled.add((*path, "state"))
        self.reading.spans[path] = task.span
        parts = {"id": task.number, "text": task.text, "due": task.due, "reason": task.reason}
        for name, words in parts.items():
            if words:
                value[name] = words.text.strip()
                self.reading.spans[*path, name] = words.span
                self.reading.prose[*path, name] = words
        if task.owners:
            value["owner"] = [owner.text for owner in task.owners]
            owners = self.kind.fields[key].fields["owner"].schema
            also = (*owners.get("x-also", ()), *owners.get("items", {}).get("x-also", ()))
            for n, owner in enumerate(task.owners):
                self.reading.spans[*path, "owner", n] = owner.span
                if owner.text not in also:
                    self.reading.links.append(Link((*path, "owner", n), owner.text, owner.span, ("person",)))
        if task.due and read_date(task.due.text) is None:
            self.reading.say(why_no_date(task.due.text, task.due.span), (*path, "due"))
        tasks.append(value)

    def close(self) -> None:
        """Weigh words that stand instead of every decision or action: they are as grave as if there were none."""
        for key, n in self.instead.items():
            if key not in self.reading.value and self.kind.fields[key].shape in ("items", "tasks"):
                gravity = self.kind.gravity("x-missing", self.reading.value)
                self.reading.problems[n] = replace(self.reading.problems[n], severity=gravity)


def _names_another(line: str) -> bool:
    """Whether a line names an action of its own: what is indented was put under the one above on purpose."""
    return not line[:1].isspace() and names_an_action(line)


def _or_none(field: Field) -> str:
    return ", or write None alone where there is nothing" if field.says_none else ""


def _joined(first: Words, second: Words) -> Words:
    """Two runs of words with an empty line between them."""
    if not second:
        return first
    starts = (*first.starts, (second.span.line, 1), *second.starts) if first.starts and second.starts else ()
    return Words(f"{first.text}\n\n{second.text}", first.span.to(second.span), starts)
