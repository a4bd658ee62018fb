"""Record → the text of the same record in its other form, Markdown or YAML.

The value stays what it was, there and back, and so does its digest. Comments, the `#` title, the order of facts and
how they were quoted are no part of the value; they stay behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from .document.facts import is_literal, scalar
from .document.tasks import SIGNS
from .kind import Field, normal
from .record import Record

Form = Literal["md", "yaml"]


def converted(record: Record, form: Form) -> str:
    """The text of a record in a form.

    Words that would open a heading in Markdown (a line that starts with `##`, say) can stand in YAML alone: who
    converts compares the digests of both before anything is written.
    """
    return "\n".join(_yaml(record) if form == "yaml" else _markdown(record)).rstrip("\n") + "\n"


def _yaml(record: Record) -> Iterator[str]:
    for key, value in _in_order(record):
        yield from _pair(record, key, value, (key,), "")


def _markdown(record: Record) -> Iterator[str]:
    yield "---"
    parts = list(_in_order(record))
    for key, value in parts:
        if not _is_heading(record.kind.fields.get(key)) and key != "sections":
            yield from _pair(record, key, value, (key,), "")
    yield "---"
    for key, value in parts:
        field = record.kind.fields.get(key)
        if field is not None and _is_heading(field):
            yield from ("", f"## {_title(record, field, (key,))}")
            yield from _under(record, field, value)
    for section in record.value.get("sections") or ():
        yield ""
        if section.get("heading"):
            yield f"## {section['heading']}"
        yield section.get("text", "")


def _is_heading(field: Field | None) -> bool:
    return field is not None and field.shape is not None


def _in_order(record: Record) -> Iterator[tuple[str, Any]]:
    """The parts of a record in the order of its schema."""
    for key in record.kind.fields:
        if record.value.get(key) not in (None, [], {}):
            yield key, record.value[key]


def _title(record: Record, field: Field, path: tuple[str | int, ...]) -> str:
    return record.labels.get(path, field.title)


# under a heading


def _under(record: Record, field: Field, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif field.shape == "keys":
        for key, inner in field.fields.items():
            if value.get(key):
                yield from ("", f"### {_title(record, inner, (field.key, key))}", value[key])
    elif field.shape == "tasks":
        for task in value:
            yield from task_lines(task) if isinstance(task, Mapping) else (f"- {task}",)
    else:
        for n, item in enumerate(value):
            yield from _item(record, field, item, n) if isinstance(item, Mapping) else ("", str(item))


def _item(record: Record, field: Field, item: Mapping[str, Any], n: int) -> Iterator[str]:
    heading = str(field.schema.get("x-heading", ""))
    yield from ("", f"### {item.get(heading, '')}".rstrip())
    if item.get("text"):
        yield item["text"]
    for key, inner in field.fields.items():
        if key not in (heading, "text") and item.get(key):
            yield from ("", f"#### {_title(record, inner, (field.key, n, key))}", str(item[key]))


def task_lines(task: Mapping[str, Any]) -> Iterator[str]:
    """An action as it is typed: its line, and its reason below it."""
    number = f"{task['id']}: " if task.get("id") else ""
    owned = task.get("owner", ())
    owners = "".join(f" @{owner}" for owner in (owned if isinstance(owned, list | tuple) else [owned]))
    due = f" due:{task['due']}" if task.get("due") else ""
    state = task.get("state", "open")
    yield f"- [{SIGNS.get(state, state)}] {number}{task.get('text', '')}{owners}{due}"
    for line in str(task.get("reason", "")).split("\n") if task.get("reason") else ():
        yield f"  {line}" if line.strip() else ""


# facts


def _pair(record: Record, key: str, value: Any, path: tuple[str | int, ...], indent: str) -> Iterator[str]:
    """A fact: on one line, or with its parts on lines of their own below it."""
    label = record.labels.get(path)
    field = _field(record, path)
    name = scalar(label) if label and field and normal(label) != normal(field.title) else scalar(key)
    if isinstance(value, dict):
        yield f"{indent}{name}:"
        for inner, part in value.items():
            yield from _pair(record, inner, part, (*path, inner), f"{indent}  ")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield f"{indent}{name}:"
        for n, item in enumerate(value):
            yield from _listed(record, item, (*path, n), f"{indent}  ")
    elif isinstance(value, list):
        yield f"{indent}{name}: [{', '.join(scalar(item) for item in value)}]"
    elif isinstance(value, str) and "\n" in value and is_literal(value) and not value[:1].isspace():
        yield f"{indent}{name}: |-"
        yield from (f"{indent}  {line}" if line else "" for line in value.split("\n"))
    else:
        yield f"{indent}{name}: {scalar(value)}"


def _listed(record: Record, item: Any, path: tuple[str | int, ...], indent: str) -> Iterator[str]:
    """One item of a list of facts, behind a hyphen."""
    if not isinstance(item, dict):
        yield f"{indent}- {scalar(item)}"
        return
    lines = [line for key, part in item.items() for line in _pair(record, key, part, (*path, key), f"{indent}  ")]
    first, *rest = lines or [f"{indent}  {{}}"]
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from rest


def _field(record: Record, path: tuple[str | int, ...]) -> Field | None:
    field: Field | None = None
    fields: Mapping[str, Field] = record.kind.fields
    for step in path:
        if isinstance(step, str):
            field = fields.get(step)
            fields = field.fields if field else {}
    return field
