"""Kind × a few answers → a blank record to fill in.

A form is a template; what it asks for is said in the schema: `x-form` (facts to show), `x-ask` (headings to ask for),
`default` and `x-defaults`, in which `{owner}`, `{for}`, `{group}`, `{author}`, `{day}` and `{year_on}` (a year after
`start`, or `end` where that is sooner) stand for what is known. What is not known stays a blank: nothing is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import SandboxedEnvironment

from .. import document
from ..dates import read_date, year_after
from ..document.facts import read_facts, scalar
from ..kind import Field, Kind
from ..own import OwnTemplates, own_file
from ..register import Register
from ..shipped import folder

BLANK = "____"
NONE = "None"
# Further parties, whom nobody can know and a column or an answer of their own names.
_THIRD = ("tutor", "manager", "organisation")
_PLACEHOLDER = re.compile(r"\{(owner|for|author|day|group|year_on)\}")


class FormFault(Exception):
    """A form cannot be used, or not filled in like this; the message says why, and where."""


@dataclass(frozen=True)
class Asked:
    """What the writer said when asking for a form. `answers` are facts by key, as they would be typed.

    `supervisor` is whoever stands on the other side, where that is not the owner. `known` is what else is known and is
    no fact of the record, such as `{"discuss_first": "must-not"}`: it shapes what the form asks. `words` stand under a
    heading from the start, by its key. `third` are the codes of further parties by their role, such as a tutor's.
    `members` are the codes of a group, of whom nobody knows yet who was there.
    """

    kind: Kind
    day: str
    person: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    supervisor: str | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    third: Mapping[str, str] = field(default_factory=dict)
    members: Sequence[str] = ()


def third_of(kind: Kind) -> Sequence[str]:
    """The roles of further parties that a kind has; of one whose parties have no roles, none."""
    parties = kind.fields.get("parties")
    roles = parties.schema.get("items", {}).get("properties", {}).get("role", {}).get("enum", ()) if parties else ()
    return [role for role in _THIRD if role in roles]


def id_for(asked: Asked, register: Register) -> str:
    """An id of dates and codes: `2026-09-29-se201`. What somebody writes is called after them."""
    fields = asked.kind.fields.values()
    writers = [asked.answers.get(field.key) for field in fields if field.schema.get("default") == "{author}"]
    code = next(filter(None, writers), None) or asked.person or asked.answers.get("group") or register.owner or ""
    parts = {"date": asked.day, "year": asked.day[:4], "for": re.sub(r"[^\w.]", "", code).lower()}
    pattern = str(asked.kind.schema.get("x-id", "{date}-{for}"))
    return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], ""), pattern).strip("-")


def blank_record(asked: Asked, id: str, register: Register, root: Path) -> str:
    """The text of a new record of a kind, with what is known filled in and its guidance in comments."""
    kind = asked.kind
    chosen = {key: str(default) for key, default in _plain_defaults(kind)} | dict(asked.answers)
    framework = chosen.get("framework") or register.settings.get("framework")
    shown = {**asked.known, **chosen, "framework": framework}
    facts = [("kind", kind.name), ("id", scalar(id))]
    facts += [(key, text) for key, text in _facts(asked, chosen, register) if key not in ("kind", "id")]
    environment = _environment(root)
    return _rendered(
        environment,
        f"forms/{kind.name}.md.j2",
        kind=kind.name,
        facts=facts,
        title=_title(kind, chosen),
        hint=kind.schema.get("x-hint", ""),
        headings=[_heading(field, shown, asked.words.get(field.key, "")) for field in _headings(asked, shown)],
        clause=lambda key: _clause(environment, key, chosen.get("form", "")),
        form=chosen.get("form", ""),
        model=chosen.get("model", ""),
    )


def _rendered(environment: SandboxedEnvironment, name: str, **context: Any) -> str:
    try:
        return environment.get_template(name).render(context)
    except TemplateNotFound as missing:
        raise FormFault(f"there is no form {missing.name}: write one into forms/ in the workspace") from missing
    except TemplateSyntaxError as fault:
        raise FormFault(f"the form {fault.name or name}, line {fault.lineno}: {fault.message}") from fault
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as fault:
        raise FormFault(f"the form {name} cannot be used: {type(fault).__name__}") from fault


def blank_register(name: str, root: Path, **context: Any) -> str:
    """The text of a new `supervision.yaml` or `people.yaml`."""
    return _environment(root).get_template(f"forms/registers/{name}.yaml.j2").render(context)


def _environment(root: Path) -> SandboxedEnvironment:
    """Templates of forms and clauses: the workspace's own win, file by file."""
    return SandboxedEnvironment(
        loader=ChoiceLoader([OwnTemplates(root, "forms/", "clauses/"), FileSystemLoader(folder("templates"))]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


# facts


def _plain_defaults(kind: Kind) -> Iterator[tuple[str, Any]]:
    """Choices that are made unless the writer makes them; a blank is none."""
    for key, known in kind.fields.items():
        default = known.schema.get("default")
        if known.shape or default is None or default == BLANK or isinstance(default, dict | list):
            continue
        if "{" not in str(default):
            yield key, default


def _facts(asked: Asked, chosen: Mapping[str, str], register: Register) -> Iterator[tuple[str, str]]:
    """The facts that a form shows, each as it is typed."""
    known, shown = _known(asked, register, chosen), {**asked.known, **chosen}
    for key, known_field in asked.kind.fields.items():
        if known_field.shape or not (key in chosen or _applies(known_field.schema.get("x-form"), shown)):
            continue
        if key in asked.answers:
            yield key, _answered(known_field, asked.answers[key])
        elif key == "attendance" and asked.members:
            yield key, "".join(f"\n  {scalar(code)}: {BLANK}" for code in asked.members)
        else:
            filled = _filled(_default(known_field, chosen), known)
            typed = _typed(_with_third(filled, asked.third) if asked.third and key == "parties" else filled)
            asks = _hint(known_field, shown, known_field.choices)
            yield key, f"# {asks}" if asks and typed in ("", BLANK) else typed


def _answered(known: Field, text: str) -> str:
    """An answer as it is typed: words stay words, whatever signs they hold, and a list or a set of facts stays one."""
    if "<!--" in text:
        raise FormFault(
            f"the answer to “{known.key}” cannot be kept word for word: there is a comment sign (<!--) in it"
        )
    types = known.schema.get("type", "string")
    many = {"array", "object"}.intersection([types] if isinstance(types, str) else types)
    return _flow(structured(text)) if many and text.startswith(("[", "{")) else scalar(text)


def structured(text: str) -> Any:
    """The list or the set of facts that a text in brackets is, in plain values. Raises FormFault where it is none."""
    facts = read_facts(document.Source(f"it: {text}"), 0, len(text) + 4)
    found = facts.mapping.get("it")
    whole = len(facts.mapping.pairs) == 1 and not (facts.problems or facts.comments)
    if not whole or not isinstance(found, document.Sequence | document.Mapping):
        raise FormFault(f"“{text}” starts with a bracket and is no list: write it like [SE-201, SE-202]")
    return _plain(found)


def _plain(node: document.Node) -> Any:
    match node:
        case document.Sequence():
            return [_plain(item) for item in node.items]
        case document.Mapping():
            return {key.text: _plain(value) for key, value in node.pairs}
    return node.text


def _known(asked: Asked, register: Register, chosen: Mapping[str, str]) -> dict[str, str | None]:
    """What stands for each placeholder. A group is asked for by its own code, which is nobody's."""
    owner = asked.supervisor or register.owner
    other = asked.person if asked.person != owner else None
    known = {"owner": owner, "for": other, "author": asked.person or owner, "day": asked.day, "group": None}
    year, end = year_after(start := chosen.get("start", "")), chosen.get("end", "")
    known["year_on"] = end if year and read_date(end) and start < end < year else year
    if "group" in (chosen.get("form"), chosen.get("type", "").removeprefix("peer-")):
        known |= {"for": None, "group": asked.person}
    return known


def _applies(condition: Any, chosen: Mapping[str, str]) -> bool:
    """Whether `true`, or {key: [choices]} with what was chosen, holds."""
    if isinstance(condition, Mapping):
        return all(chosen.get(key) in choices for key, choices in condition.items())
    return condition is True


def _default(known_field: Field, chosen: Mapping[str, str]) -> Any:
    for key, defaults in known_field.schema.get("x-defaults", {}).items():
        if chosen.get(key) in defaults:
            return defaults[chosen[key]]
    return known_field.schema.get("default")


def _filled(value: Any, known: Mapping[str, str | None]) -> Any:
    """A default in which what is known stands for its placeholder, and a blank for what is not."""
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: known[found[1]] or BLANK, value)
    if isinstance(value, list):
        return [_filled(item, known) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, known) for key, item in value.items()}
    return value


def _with_third(parties: Any, third: Mapping[str, str]) -> list[dict[str, Any]]:
    """The parties with those whom nobody could know: each takes the blank of its role, or stands behind the others.

    A manager signs for the organisation where nobody else does.
    """
    there = [dict(party) for party in parties or ()]
    for role, code in third.items():
        roles = (role, "organisation") if role == "manager" and "organisation" not in third else (role,)
        blank = next((n for n, party in enumerate(there) if party["person"] == BLANK and party["role"] in roles), None)
        place = slice(len(there), None) if blank is None else slice(blank, blank + 1)
        there[place] = [{"person": code, "role": role}]
    return there


def _typed(value: Any) -> str:
    """A value as it is typed in YAML: lists of facts on lines of their own."""
    if value is None:
        return ""
    if isinstance(value, list):
        if all(isinstance(item, dict) for item in value):
            return "".join(f"\n  - {_flow(item)}" for item in value)
        return ", ".join(map(scalar, value))
    return _flow(value) if isinstance(value, dict) else scalar(value)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return scalar(value) or '""'


def _hint(known: Field, chosen: Mapping[str, Any], otherwise: str) -> str:
    """What a form says to whoever fills something in: the guidance for what is known, where there is one."""
    for key, hints in known.hints.items():
        if chosen.get(key) in hints:
            return " ".join(hints[chosen[key]].split())
    return otherwise


# headings


def _headings(asked: Asked, chosen: Mapping[str, Any]) -> list[Field]:
    """The headings that a form asks for: its model's stages, or those whose `x-ask` holds or that have words.

    For the sake of a `None` no heading is asked for.
    """
    kind = asked.kind
    if _applies(kind.schema.get("x-wordless"), chosen):
        return []
    model = kind.stages.get(chosen.get("model", ""))
    if model:
        return [kind.fields[key] for key in model["stages"]]
    headings = (known for known in kind.fields.values() if known.shape)
    said = {key for key, words in asked.words.items() if words != NONE}
    return [known for known in headings if known.key in said or _applies(known.schema.get("x-ask"), chosen)]


def _heading(known: Field, chosen: Mapping[str, Any], text: str) -> dict[str, Any]:
    framework = chosen.get("framework")
    fields = [
        {"title": _named(inner, chosen), "hint": inner.hint, "key": key}
        for key, inner in known.fields.items()
        if key != known.schema.get("x-heading") and inner.hint
        if _applies(inner.schema.get("x-ask", True), chosen) or framework in inner.words
    ]
    title = _named(known, chosen)
    hint = _hint(known, chosen, known.hint)
    return {"key": known.key, "title": title, "hint": hint, "shape": known.shape, "fields": fields, "text": text}


def _named(known: Field, chosen: Mapping[str, Any]) -> str:
    """A heading in the words of the framework or the form that was chosen."""
    for choice in (chosen.get("framework"), chosen.get("form")):
        if isinstance(word := known.words.get(str(choice)), str):
            return word
    return known.title


def _title(kind: Kind, chosen: Mapping[str, str]) -> str:
    for key in ("type", "form"):
        if key in kind.fields and key in chosen:
            return str(kind.fields[key].words.get(chosen[key], kind.title))
    return kind.title


def own_clauses(asked: Asked, root: Path) -> Iterator[tuple[str, str]]:
    """The clauses of the workspace's own that a form may hold: the name of each file, and its text."""
    environment, form = _environment(root), asked.answers.get("form", "")
    for key, known in asked.kind.fields.items():
        found = next(_clauses(environment, key, form), None) if known.shape else None
        if found and own_file(root, found[0]):
            yield found


def _clause(environment: SandboxedEnvironment, key: str, form: str) -> str:
    """The text of a clause for a form. It is text, and never run as a template."""
    return next((text for _, text in _clauses(environment, key, form)), BLANK)


def _clauses(environment: SandboxedEnvironment, key: str, form: str) -> Iterator[tuple[str, str]]:
    """The files that hold a clause for a form, and their texts, the one that wins first.

    The workspace's own win, and `KEY.FORM.md` wins over `KEY.md`.
    """
    assert isinstance(environment.loader, ChoiceLoader)
    for loader in environment.loader.loaders:
        for name in (f"clauses/{key}.{form}.md", f"clauses/{key}.md"):
            try:
                yield name, str(loader.get_source(environment, name)[0]).strip()
            except LookupError:
                continue
