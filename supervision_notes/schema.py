"""Document × Kind → a typed value and its problems.

The JSON Schema of the kind decides what must be there and what may be. Its verdicts are never shown: for each there
is a sentence of our own, at the place that the writer knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import jsonschema_rs

from .document import Comment, Document, Words
from .headings import read_headings
from .kind import LAYERS, Field, Kind, is_slip, nearest
from .mistakes import structure as mistakes
from .mistakes import text as text_mistakes
from .problem import START, Edit, Problem, Said, Severity, Span
from .values import BLANK, Link, Path, Reading, is_none, read_facts_of

_ID = re.compile(r"(?!\.+$)[\w.-]{1,80}")

_TYPES = {"string", "integer", "boolean", "array", "object"}

__all__ = ["Link", "Path", "Reading", "kind_of", "read_record"]


def kind_of(document: Document, kinds: Mapping[str, Kind]) -> Kind | Problem:
    """The kind that a document says it is of."""
    said = document.facts.get("kind")
    if said is None or (isinstance(said, Words) and not said.text.strip()):
        span = document.facts.span if document.facts.pairs else START
        return mistakes.missing_field(span, "Kind", "kind", f"write one of: {', '.join(kinds)}", False)
    name = said.text.strip() if isinstance(said, Words) else ""
    if name in kinds:
        return kinds[name]
    near = nearest(name, kinds)
    return mistakes.unknown_kind(
        said.span, near, list(kinds), fix=Edit(said.span, near) if near and is_slip(name, near) else None
    )


def read_record(document: Document, kind: Kind, guidance: Iterable[str] = ()) -> Reading:
    """The value that a document holds as a record of a kind, with every problem of its text and structure.

    `guidance` are comments of the workspace's own forms, which are no words of the writer's.
    """
    reading = Reading(kind, problems=list(document.problems), comments=list(document.comments))
    read_facts_of(reading, document.facts)
    if document.form == "md":
        read_headings(reading, document)
    hints = kind.guidance.union(guidance)
    for comment in reading.comments:
        if words := _answer_inside(comment, hints):
            before = document.source.lines[comment.span.line - 1][: comment.span.column - 2]
            severity: Severity = "note" if comment.facts and _stands_apart(before) else "warning"
            instead = before.rstrip().endswith(":")
            said = text_mistakes.words_in_comment(words, comment.facts, instead, severity=severity)
            reading.say(said, _section_of(comment, reading))
    _validate(reading)
    if "id" not in reading.value and not _ID.fullmatch(PurePosixPath(document.path).stem):
        reading.say(mistakes.wrong_id(reading.place(("kind",)), True, severity="warning"))
    return reading


def _stands_apart(before: str) -> bool:
    """Whether a `#` has a line of its own or room before it, as a remark has; `team #4` was meant as a value."""
    return not before.strip() or before.endswith(("  ", "\t"))


def _section_of(comment: Comment, reading: Reading) -> Path | None:
    """The empty section in which a comment stands: an answer inside its guidance is all that is wrong with it."""
    above = [(span, path) for path, span in reading.names.items() if span <= comment.span]
    nearest = max(above, default=(comment.span, ()))[1]
    return nearest if nearest in reading.empty else None


def _answer_inside(comment: Comment, hints: frozenset[str]) -> Span | None:
    """The place of words in a comment that are not the form's guidance; None where there are none."""
    text = " ".join(comment.words.text.split())
    if not text or text in hints:
        return None
    before = next((hint for hint in hints if text.startswith(hint)), "")
    start, left = 0, len("".join(before.split()))
    while left:
        left -= not comment.words.text[start].isspace()
        start += 1
    rest = comment.words.text[start:]
    start += len(rest) - len(rest.lstrip())
    return comment.words.part(start, start + len(rest.strip()))


_VALIDATORS: dict[str, tuple[Mapping[str, Any], Any]] = {}


def usable(kind: Kind) -> bool:
    """Whether the schema of a kind is one that can be asked; those that are shipped are."""
    try:
        _validator(kind).is_valid({})
        return all(_is_sane(field.schema) for field in kind.fields.values()) and isinstance(kind.guidance, frozenset)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return False


def _is_sane(schema: Any) -> bool:
    """Whether what we read in a part of a schema is of the sort that we expect there."""
    if not isinstance(schema, dict):
        return False
    types = schema.get("type", "string")
    lists = (schema.get(key, []) for key in ("x-link", "x-also", "x-aliases", "x-choices", "enum"))
    inside = [*schema.get("properties", {}).values(), schema.get("items", {}), schema.get("additionalProperties") or {}]
    return (
        set([types] if isinstance(types, str) else types) <= _TYPES
        and all(isinstance(each, str | list) for each in lists)
        and schema.get("x-layer", "shared") in LAYERS
        and schema.get("x-shape", "text") in ("text", "keys", "items", "tasks")
        and all(_is_sane(part) for part in inside if part and part is not True)
    )


def _validator(kind: Kind) -> Any:
    """The compiled schema of a kind; a workspace may bring kinds of its own, so a name alone does not tell."""
    known = _VALIDATORS.get(kind.name)
    if known is None or known[0] is not kind.schema:
        known = _VALIDATORS[kind.name] = (kind.schema, jsonschema_rs.Draft202012Validator(dict(kind.schema)))
    return known[1]


def _errors(kind: Kind, value: Mapping[str, Any]) -> Iterable[Any]:
    validator = _validator(kind)
    return () if validator.is_valid(value) else validator.iter_errors(value)


def _validate(reading: Reading) -> None:
    """Say, in our own words, what the schema finds; and what is empty without being missed."""
    known = reading.kind.fields
    value = {key: part for key, part in reading.value.items() if key in known and not _no_answer(reading, key, part)}
    missed: set[Path] = set()
    for error in _errors(reading.kind, value):
        path: Path = tuple(error.instance_path)
        if not any(path[:n] in reading.settled for n in range(len(path) + 1)):
            _say(reading, error, path, missed)
    for path, span in reading.empty.items():
        if (
            len(path) == 1
            and path not in missed | reading.settled
            and path[0] not in value
            and path[0] not in reading.value
        ):
            field = reading.kind.fields[str(path[0])]
            if field.shape:
                reading.say(mistakes.empty_section(span, field.title, field.hint, severity="note"))


def _no_answer(reading: Reading, key: str, part: Any) -> bool:
    """Whether a section only says None where that is no answer: then it counts as left out."""
    field = reading.kind.fields.get(key)
    if not (field and field.shape == "text" and not field.says_none and isinstance(part, str) and is_none(part)):
        return False
    reading.empty[(key,)] = reading.place((key,))
    return True


def _say(reading: Reading, error: Any, path: Path, missed: set[Path]) -> None:
    facts: dict[str, Any] = error.kind.as_dict()
    verdict = type(error.kind).__name__.rpartition("_")[2]
    branch = _own_words(reading.kind.schema, list(error.schema_path))
    field = _field_at(reading.kind, path)
    place = reading.place(path)
    if verdict == "Required":
        _say_missing(reading, (*path, facts["property"]), branch, missed)
    elif verdict == "FalseSchema":
        _say_foreign(reading, path, branch)
    elif verdict in ("Enum", "Pattern", "Const") or (verdict == "MaxLength" and path == ("id",)):
        _say_choice(reading, path, field, place)
    else:
        _say_range(reading, verdict, facts, field, place, branch.get("x-says"))


def _say_range(
    reading: Reading, verdict: str, facts: dict[str, Any], field: Field | None, place: Span, says: str | None
) -> None:
    title, hint = (f"“{field.title}”", field.hint) if field else ("this", "")
    severity: Severity = "error"
    if verdict in ("Minimum", "Maximum"):
        schema = field.schema if field else {}
        what = f"{title} is a number from {schema.get('minimum', 'anything')} to {schema.get('maximum', 'anything')}"
    elif verdict in ("MinItems", "MaxItems", "MinProperties", "MaxProperties"):
        bound = "at least" if verdict.startswith("Min") else "at most"
        severity = reading.kind.gravity("x-missing", reading.value)
        what = f"{title} names {bound} {facts['limit']}"
    elif verdict == "UniqueItems":
        what = f"{title} names the same twice"
    else:
        what = f"{title} cannot be so"
    reading.say(mistakes.out_of_range(place, says or what, hint, severity=severity))


def _say_missing(reading: Reading, path: Path, branch: Mapping[str, Any], missed: set[Path]) -> None:
    if path in missed or path in reading.settled:
        return
    missed.add(path)
    field = _field_at(reading.kind, path)
    if field is None:
        return
    severity: Severity = reading.kind.gravity("x-missing", reading.value)
    if severity == "error":
        severity = branch.get("x-severity", severity)
    # An empty fact is there to be filled in; one that is not there belongs beside the others.
    place = reading.names.get(path) or reading.place(path[:-1])
    special = {"rationale": mistakes.missing_rationale, "ethical_check": mistakes.missing_ethical_check}
    if len(path) == 3 and path[2] in special:
        # What a form left there is filled in, or goes: nothing else is to be written under it.
        blank = path in reading.empty or bool(BLANK.fullmatch(_title_of(reading, path)))
        reading.say(special[str(path[2])](place, blank, severity=severity))
    elif path in reading.empty:
        hint = "“None” is no answer here" if path[-1] in reading.value else field.hint
        reading.say(mistakes.empty_section(reading.empty[path], field.title, hint, severity=severity))
    elif says := branch.get("x-says"):
        reading.say(mistakes.missing_field.problem(place, Said(says, field.hint), severity=severity))
    else:
        hint = f"write  ## {field.title}  and under it: {field.hint}" if field.shape else field.hint
        said = mistakes.missing_field(place, field.title, field.key, hint, bool(field.shape), severity=severity)
        reading.say(said)


def _title_of(reading: Reading, path: Path) -> str:
    """The words of the heading above a field of an item."""
    section, n, _ = path
    item = reading.value[str(section)][n]
    return str(item.get(reading.kind.fields[str(section)].schema.get("x-heading"), ""))


def _say_foreign(reading: Reading, path: Path, branch: Mapping[str, Any]) -> None:
    """A field that the kind knows, but not for this type of record."""
    field = _field_at(reading.kind, path)
    rule = mistakes.unknown_heading if field and field.shape else mistakes.unknown_field
    where = reading.names.get(path) or reading.place(path)
    said = branch.get("x-says", f"“{field.title if field else path[-1]}” has no place in this type of record")
    hint = "it is kept, and printed where it stands"
    reading.say(rule.problem(where, Said(said, hint), severity=branch.get("x-severity", "error")))


def _say_choice(reading: Reading, path: Path, field: Field | None, place: Span) -> None:
    value: Any = reading.value
    for step in path:
        value = value[step]
    schema = _schema_at(reading.kind, path)
    of_field = field.schema.get("x-choices", ()) if field else ()
    choices = [str(choice) for choice in schema.get("x-choices", schema.get("enum", of_field))]
    title = field.title if field else str(path[-1])
    if path == ("id",):
        reading.say(mistakes.wrong_id(place, False))
    elif choices:
        # Where digits stand among them they are examples, and a near one would be another answer.
        near = nearest(
            str(value), [choice for choice in choices if choice.isascii() and choice.replace("-", "").isalpha()]
        )
        exact = field is not None and field.exact
        fix = Edit(place, near) if near and not exact and is_slip(str(value), near) else None
        examples = "enum" not in schema and any(map(str.isdigit, "".join(choices)))
        reading.say(mistakes.wrong_choice(place, title, near, choices, examples, fix=fix))
    else:
        reading.say(mistakes.wrong_type(place, "another way of writing it", field.hint if field else ""))


def _own_words(schema: Any, steps: list[Any]) -> Mapping[str, Any]:
    """The nearest part of the schema on the way to a verdict that has words of its own for it; empty where none has."""
    nearest: Mapping[str, Any] = {}
    for step in steps:
        if isinstance(schema, Mapping) and ("x-says" in schema or "x-severity" in schema):
            nearest = schema
        schema = schema[step]
    return nearest


def _schema_at(kind: Kind, path: Path) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = kind.schema
    for step in path:
        if isinstance(step, int):
            schema = schema.get("items", {})
        else:
            schema = schema.get("properties", {}).get(step) or schema.get("additionalProperties") or {}
    return schema


def _field_at(kind: Kind, path: Path) -> Field | None:
    """The field of the kind that a path leads to, or the last one on its way."""
    field: Field | None = None
    fields: Mapping[str, Field] = kind.fields
    for step in path:
        if isinstance(step, str) and step in fields:
            field = fields[step]
            fields = field.fields
        elif field and isinstance(free := field.schema.get("additionalProperties"), dict):
            fields = Field(str(step), free, field.layer).fields  # behind a name that anybody may choose
    return field
