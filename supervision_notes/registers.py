"""`supervision.yaml`, `people.yaml` and the workspace's own schemas → what is known around the records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from .document import decode, read_document
from .kind import Kind, nearest, read_kinds, registers, shipped_kinds
from .mistakes import structure
from .mistakes import text as text_mistakes
from .problem import START, Problem, Severity
from .record import Record
from .rules import CATALOGUE
from .rules.agreements import blank_left
from .rules.register import missing_asset, unknown_person
from .schema import read_record, usable
from .workspace import Register

SETTINGS, PEOPLE = "supervision.yaml", "people.yaml"
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


def is_file(path: Path) -> bool:
    """Whether there is a file at a path; not where the folder may not be looked into, which is said elsewhere."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_registers(root: Path) -> tuple[Register, list[Problem]]:
    """The registers of a workspace, and what is wrong with them; what cannot be used is left out."""
    kinds, problems = _kinds(root)
    settings, of_settings = _read(root, SETTINGS, "supervision")
    people, of_people = _read(root, PEOPLE, "people")
    known = people.value.get("people") if people else None
    values = _of_its_sort(settings) if settings else {}
    register = Register(kinds, values, known if isinstance(known, dict) else None, frozenset(_guidance(root)))
    problems += [*of_settings, *of_people]
    if settings:
        problems += unknown_person.check(settings, register)
        problems += [*_missing_files(root, settings), *_unknown_rules(settings)]
    return register, problems


def _of_its_sort(settings: Record) -> dict[str, Any]:
    """The settings without those that are a problem already: nothing else has to be ready for them."""
    sorts = {"string": str, "object": dict, "array": list}
    kinds = {
        key: sorts.get(str(field.schema.get("type", "string")), object) for key, field in settings.kind.fields.items()
    }
    return {key: value for key, value in settings.value.items() if key in kinds and isinstance(value, kinds[key])}


def _unknown_rules(settings: Record) -> Iterator[Problem]:
    """Rules that are weighed in `severity:` and are none, or that every workspace has in common."""
    weighed = settings.value.get("severity")
    known = {name: rule for rule in CATALOGUE.values() for name in (rule.slug, rule.code)}
    own = [name for name, rule in known.items() if rule.code >= "SN3"]
    for name in weighed if isinstance(weighed, dict) else ():
        if name not in own:
            span = settings.names.get(("severity", name)) or settings.place("severity")
            hint = ["a rule from SN301 on; the others hold for everybody"]
            near = None if name in known else nearest(name, own)
            # A rule of a later version is no mistake; a misspelt one would weigh nothing.
            severity: Severity = "warning" if near or name in known else "note"
            yield structure.wrong_choice(span, "Severity", near, hint, False, severity=severity).found_in(SETTINGS)


def _kinds(root: Path) -> tuple[dict[str, Kind], list[Problem]]:
    """The shipped kinds and the workspace's own, which never take the place of one."""
    own, broken = read_kinds(root / "schemas")
    broken += [f"{name}.schema.json" for name, kind in own.items() if not usable(kind)]
    kinds = {**{name: kind for name, kind in own.items() if usable(kind)}, **shipped_kinds()}
    return kinds, [structure.unusable_schema(START).found_in(f"schemas/{name}") for name in broken]


def _guidance(root: Path) -> Iterator[str]:
    """The comments of the workspace's own forms, which are no words of a writer's."""
    for form in sorted((root / "forms").glob("*.j2")):
        if is_file(form):
            source = decode(form.read_bytes())
            if not isinstance(source, Problem):
                yield from (" ".join(comment.split()) for comment in _COMMENT.findall(source.text))


def _read(root: Path, name: str, kind: str) -> tuple[Record | None, list[Problem]]:
    try:
        data = (root / name).read_bytes()
    except FileNotFoundError:
        return None, []
    except OSError:
        return None, [text_mistakes.unreadable(START).found_in(name)]
    document = read_document(name, data)
    if not document.readable:
        return None, [problem.found_in(name) for problem in document.problems]
    # The comments in a register are its manual, and what its owner wants to remember.
    record = Record.of(name, read_record(replace(document, comments=()), registers()[kind]))
    # A blank in a register is no mistake; it waits for its owner.
    blanks = (replace(blank, severity="note") for blank in blank_left.check(record, Register({})))
    return record, [*record.problems, *blanks]


def _missing_files(root: Path, settings: Record) -> Iterator[Problem]:
    """A logo or a theme that is named, and is not there."""
    for key, path in (("logo", "{}"), ("theme", "styles/{}.css")):
        name = settings.value.get(key)
        if isinstance(name, str) and not is_file(root / path.format(name)):
            yield missing_asset(settings.place(key), path.format("NAME")).found_in(SETTINGS)
