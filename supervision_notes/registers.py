"""`supervision.yaml`, `people.yaml`, policies and own schemas → what is known around the records."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import DirEntry
from pathlib import Path
from typing import Any

from .document import decode, read_document
from .kind import Kind, nearest, read_kinds, registers, shipped_kinds
from .mistakes import structure
from .mistakes import text as text_mistakes
from .policies import Policy
from .problem import START, Problem, Severity, Span
from .record import Record
from .register import Register
from .rules import CATALOGUE, REGISTER_RULES
from .rules.agreements import blank_left
from .rules.policies import unknown_policy
from .rules.register import missing_asset, unknown_person
from .schema import read_record, usable
from .shipped import folder

SETTINGS, PEOPLE, POLICIES = "supervision.yaml", "people.yaml", "policies"
# What says of somebody whether a policy is asked about them, and when the clock runs.
DAYS = ("start", "leave", "eligible", "pauses")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_CODE = re.compile(r"\w[\w.-]*")
_STRANGE = structure.unknown_field.slug


def is_file(path: Path | DirEntry[str]) -> bool:
    """Whether there is a file at a path; not where the folder may not be looked into, which is said elsewhere."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def lies_in(root: Path, path: Path) -> bool:
    """Whether a path is one of a workspace, with all links on the way."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def read_registers(root: Path) -> tuple[Register, list[Problem]]:
    """The registers of a workspace, and what is wrong with them; what cannot be used is left out."""
    kinds, problems = _kinds(root)
    settings, of_settings = _read_own(root, SETTINGS, "supervision")
    people, of_people = _read_own(root, PEOPLE, "people")
    values = _of_its_sort(settings) if settings else {}
    known, places = lines_of(people) if people else (None, {})
    policies, of_policies = read_policies(root, settings, people)
    lost = (SETTINGS, _is_lost(settings, values, of_settings)), (PEOPLE, _are_lost(people, of_people))
    unread = tuple(name for name, is_lost in lost if is_lost)
    register = Register(kinds, values, known, frozenset(_guidance(root)), places, policies, unread=unread)
    if people:
        of_people += (problem for rule in REGISTER_RULES for problem in rule.check(people, register))
        register = replace(register, mistaken=frozenset(_mistaken(people, places, of_people)))
    problems += [*of_settings, *of_people, *of_policies]
    if settings:
        problems += unknown_person.check(settings, register)
        problems += [*_missing_files(root, settings), *_unknown_rules(settings)]
    return register, problems


def lines_of(people: Record) -> tuple[dict[str, Any] | None, dict[str, Span]]:
    """What the register of people says by code, and where; a code with nothing behind it is there, and says nothing.

    A fact that does not stand far enough in is nobody's code: it belongs to the person above it.
    """
    known, facts = people.value.get("people"), people.kind.fields["people"].schema["additionalProperties"]["properties"]
    places = {
        str(path[1]): span
        for path, span in people.names.items()
        if len(path) == 2 and path[0] == "people" and path[1] not in facts
    }
    return ({code: known.get(code, {}) for code in places}, places) if isinstance(known, dict) else (None, places)


def _is_lost(settings: Record | None, values: Mapping[str, Any], problems: Iterable[Problem]) -> bool:
    """Whether there are settings, and nobody can say which policies they name."""
    return any(map(_is_grave, problems)) if settings is None else "policy" in settings.value.keys() - values


def _are_lost(people: Record | None, problems: Iterable[Problem]) -> bool:
    """Whether there is a register, and nobody can say who stands in it: a mistake lies outside all that is somebody's.

    So it does where the code of somebody and their facts are one word, as in  `SE-201:{name: Rhian Kettle}`.
    """
    grave = [problem for problem in problems if _is_grave(problem)]
    if people is None or not isinstance(people.value.get("people"), dict):
        return bool(grave)
    whole, known = people.place("people"), lines_of(people)[0] or {}
    spans = (problem.span for problem in grave if problem.rule != _STRANGE)
    apart = any(span < whole or span[2:] > whole[2:] for span in spans)
    # A fact beside them is somebody who does not stand far enough in, unless it has a plain value.
    apart |= any(":" in str(fact.get("text", ":")) for fact in people.value.get("sections", ()))
    return apart or any(not isinstance(said, Mapping) and not _CODE.fullmatch(code) for code, said in known.items())


def _is_grave(problem: Problem) -> bool:
    """Whether it is not known, for this, what was meant."""
    return problem.severity == "error" or problem.rule == blank_left.slug


def _mistaken(people: Record, places: Mapping[str, Span], problems: Iterable[Problem]) -> Iterator[str]:
    """Whose days have a mistake or a blank; so has whoever has a mistake that lies in no other fact of theirs."""
    codes, starts = [*places], [*places.values()]
    for problem in problems:
        number = bisect_right(starts, problem.span)
        if number and _is_grave(problem):
            code = codes[number - 1]
            said = people.value["people"].get(code)
            others = {key for key in said if key not in DAYS} if isinstance(said, Mapping) else ()
            spans = (people.place("people", code, key) for key in others)
            if not any(span <= problem.span and problem.span[2:] <= span[2:] for span in spans):
                yield code


def read_policies(
    root: Path, settings: Record | None, people: Record | None
) -> tuple[dict[str, Policy | None], list[Problem]]:
    """The policies that a workspace names, None for one that cannot be used; and what is wrong with its own files."""
    shipped = _shipped()
    own = [path.stem for path in sorted((root / POLICIES).glob("*.yaml")) if is_file(path)]
    read = {name: _policy(name, *_read_own(root, f"{POLICIES}/{name}.yaml", "policy")) for name in own}
    policies: dict[str, Policy | None] = {}
    problems = [problem for _, found in read.values() for problem in found]
    for path, name, span in _named_policies(settings, people):
        if name in read:
            policies[name] = read[name][0]
        elif name not in shipped:
            policies[name] = None
            problems.append(unknown_policy(span, nearest(name, {*read, *shipped})).found_in(path))
        elif name not in policies:
            policy = _shipped_policy(name)
            policies[name] = replace(policy, path=path, place=span) if policy else None
    return policies, problems


def shipped_policies() -> dict[str, Policy]:
    """The policies that come with the program, by name; their paths lie in the templates."""
    found = {name: _shipped_policy(name) for name in _shipped()}
    return {name: policy for name, policy in found.items() if policy}


def _shipped() -> list[str]:
    return sorted(path.stem for path in (folder("templates") / POLICIES).glob("*.yaml"))


def _shipped_policy(name: str) -> Policy | None:
    policy, _ = _policy(name, *_read(folder("templates"), f"{POLICIES}/{name}.yaml", "policy"))
    return policy


def _policy(name: str, record: Record | None, problems: list[Problem]) -> tuple[Policy | None, list[Problem]]:
    """A policy, if its file has no mistake and no blank."""
    said = record.value.get("policy", name) if record else name
    if record and said != name:
        wrong = structure.wrong_choice(record.place("policy"), "Policy", None, [name], False)
        why = "this is not the name of the file, by which a policy is called"
        hint = f"write  policy: {name}  here, or leave this line out; for another name, rename the file"
        problems.append(replace(wrong, message=why, hint=hint).found_in(record.path))
    return Policy.of(record, name) if record and not any(map(_is_grave, problems)) else None, problems


def _named_policies(settings: Record | None, people: Record | None) -> Iterator[tuple[str, str, Span]]:
    """Where a policy is named: the file, the name, its place. Where none is, those hold that hold by default."""
    if settings:
        named = settings.value.get("policy") or settings.kind.fields["policy"].schema["default"]
        for n, name in enumerate(named if isinstance(named, list) else ()):
            yield SETTINGS, name, settings.place("policy", n)
    if people:
        for code, person in (lines_of(people)[0] or {}).items():
            named = person.get("policies") if isinstance(person, dict) else None
            for n, name in enumerate(named if isinstance(named, list) else ()):
                yield PEOPLE, name, people.place("people", code, "policies", n)


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


def _read_own(root: Path, name: str, kind: str) -> tuple[Record | None, list[Problem]]:
    """A register of the workspace; one that a link leads to elsewhere is another's."""
    if not lies_in(root, root / name):
        # Without it other things hold than its owner thinks.
        return None, [replace(text_mistakes.symlink_leaves(START), severity="error").found_in(name)]
    return _read(root, name, kind)


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
