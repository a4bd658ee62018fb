"""What was asked for × a workspace → the text of a new record and where it will stand, with no error in it.

Nothing is written here. What would start with a mistake is refused, whether it stands in the text or only shows beside
the other records; what is still to be filled in is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import choice
from string import ascii_lowercase
from types import MappingProxyType

from ..convert import task_lines
from ..document import Source
from ..document.facts import ABSENT
from ..finding import is_searched
from ..problem import Problem
from ..reading import read_one, read_text
from ..record import Record
from ..register import Register
from ..rules import WORKSPACE_RULES
from ..skeleton import Skeleton
from ..workspace import Workspace
from ..write import create_all
from .beginning import GROUP, Beginning, CannotCarry, begun, led, review, worded
from .forms import BLANK, NONE, Asked, FormFault, blank_record, id_for, own_clauses, third_of

_SUFFIXES = [a + b for a in ("", *ascii_lowercase) for b in ascii_lowercase][1:]
# Letters and figures in turn spell no word, and none of these is taken for another.
_CHANCE = ("abcdefghjkmnpqrstuvwxyz", "23456789") * 2
_WINDOWS_OWN = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³])(?:\..*)?", re.IGNORECASE)
_LONGEST_NAME = 255
_STILL_TO_WRITE = ("missing-field", "empty-section")
_FOR_NOBODY = (
    "nothing says with whom this is, so a blank stands for the other party: write the code in, "
    "or start again with --for CODE."
)


class Refused(Exception):
    """A record would not stand; the message says why."""


@dataclass(frozen=True)
class Draft:
    """A new record that is not written yet: its path in the workspace, its text, and what its writer should hear."""

    path: str
    text: str
    skeleton: Skeleton
    remarks: Sequence[str] = ()


def drafted(
    asked: Asked, workspace: Workspace, *, carry_from: str | None = None, beside: Iterable[Draft] = ()
) -> Draft:
    """The blank record that was asked for, under an id that is free, `beside` others of the same run.

    Raises Refused.
    """
    answers = {key: said for key, said in asked.answers.items() if key != "id"}
    try:
        asked, remarks = _with_what_is_known(asked, workspace, carry_from)
        taken = {draft.skeleton.id.casefold() for draft in beside}
        said = asked.answers.get("id", "")
        wanted = _unmarked(id_for(asked, workspace.register), asked) if said in ABSENT else said
        id = free_id(workspace, asked.kind.folder, wanted, taken)
        text = blank_record(asked, id, workspace.register, workspace.root)
    except (CannotCarry, FormFault) as fault:
        raise Refused(str(fault)) from None
    try:
        path, clauses = (Path(asked.kind.folder) / f"{id}.md").as_posix(), own_clauses(asked, workspace.root)
        draft = draft_of(path, text, workspace.register, answers, clauses)
    except Refused as refused:
        raise Refused(f"{refused}{_if_a_group(asked, workspace.register)}") from None
    return replace(draft, remarks=[*remarks, *_to_bring(workspace, id)])


def draft_of(
    path: str,
    text: str,
    register: Register,
    answers: Mapping[str, str] = MappingProxyType({}),
    clauses: Iterable[tuple[str, str]] = (),
) -> Draft:
    """A text that is to become a record. Raises Refused where it has an error, or says an answer in other words.

    `clauses` are the files whose words may stand in it, each with its text: an error in one is told with its name.
    """
    record = read_text(path, text, register)
    problems = [record] if isinstance(record, Problem) else sorted(record.problems, key=lambda problem: problem.span)
    # What is still to be written is no mistake of a form.
    found = [problem for problem in problems if problem.rule not in _STILL_TO_WRITE and _is_error(problem, register)]
    written = {line: f"{name}: " for name, words in clauses for line in words.splitlines()} if found else {}
    lines = Source(text).lines
    said = dict.fromkeys(f"{written.get(lines[p.span.line - 1], '')}{_said(p, text)}" for p in found)
    if said or isinstance(record, Problem):
        raise Refused("; ".join(said))
    for key in answers:
        value = record.value.get(key, "")
        if isinstance(value, str) and value != answers[key] not in ABSENT:
            raise Refused(f"the answer to “{key}” does not come back word for word: write it into the record by hand")
    return Draft(path, text, record.skeleton)


def free_id(workspace: Workspace, folder: str, wanted: str, taken: Collection[str] = ()) -> str:
    """The id that is wanted, with a letter behind it where it is taken: no counter says how many there are.

    Raises Refused where it can be the name of no file that every machine finds again.
    """
    if wanted.startswith("."):
        raise Refused(f"“{wanted}”: a file whose name starts with a full stop is not looked at, so leave that out")
    if _WINDOWS_OWN.fullmatch(wanted):
        raise Refused(f"“{wanted}”: Windows keeps this name for itself, so nobody could open the file there")
    if len(f"{wanted}-zz.yaml".encode(errors="replace")) > _LONGEST_NAME:
        raise Refused(f"an id of {len(wanted)} signs is too long for the name of a file: shorten it")
    for id in (wanted, *(f"{wanted}-{suffix}" for suffix in _SUFFIXES)):
        there = (workspace.root / folder / f"{id}{ending}" for ending in (".md", ".yaml"))
        if not workspace.find(id) and id.casefold() not in taken and not any(path.exists() for path in there):
            return id
    raise Refused(f"every id from {wanted} to {wanted}-{_SUFFIXES[-1]} is taken: give another")


def _unmarked(id: str, asked: Asked) -> str:
    """The id of a restricted record says nothing of whether there are others: chance decides its end, always."""
    return f"{id}-{''.join(map(choice, _CHANCE))}" if asked.kind.layer == "restricted" else id


def _if_a_group(asked: Asked, register: Register) -> str:
    """What to say to whoever asked for a session with a code that is nobody's: it may be a group's."""
    person = asked.person
    asked_for_one = asked.kind.name == "session" and asked.answers.get("type") != GROUP
    if not (asked_for_one and person) or register.person_of(person):
        return ""
    return f"; if {person} is a group, its first session is asked for with  --set type={GROUP}"


def there_already(workspace: Workspace, draft: Draft) -> str | None:
    """What a draft would only repeat: an agreement of the same name, form and start, between the same two at least."""
    new = draft.skeleton
    if new.kind != "agreement" or new.tied("replaces"):
        return None
    parties = set(new.parties) - {BLANK}
    for old in workspace.agreements:
        named_alike = new.id.casefold().startswith(f"{old.id}-".casefold())
        alike = named_alike and new.text("form") == old.text("form") and new.date in (None, old.date)
        if alike and len(parties & {*old.parties}) >= min(2, len(parties), len(old.parties)):
            same = f"{old.id} is there already, with the same parties and the same start"
            other = f"{old.id} is there already, with the same start and two of the same parties"
            way_out = "write who else signs into it, or name it under “replaces”"
            return same if parties == {*old.parties} else f"{other}: {way_out}"
    return None


def clashes(workspace: Workspace, drafts: Sequence[Draft]) -> Iterator[tuple[Draft, str]]:
    """The drafts that would have an error beside the other records, each with a sentence that says which.

    Records of confidentiality extended are left out of it: what is said here must not give one away.
    """
    apart = [draft.skeleton for draft in drafts if draft.skeleton.layer == "restricted"]
    together = [draft.skeleton for draft in drafts if draft.skeleton.layer != "restricted"]
    after = replace(workspace, records=(*workspace.records, *together), restricted=tuple(apart))
    new = {draft.path: draft for draft in drafts}
    for rule in WORKSPACE_RULES:
        for problem in rule.check(after):
            draft = new.get(problem.path)
            if draft and _is_error(problem, workspace.register):
                yield draft, _said(problem, draft.text)


def write_drafts(workspace: Workspace, drafts: Sequence[Draft]) -> None:
    """Write new records, all or none. Raises NameTaken, and Refused where nobody would look for them afterwards."""
    root = workspace.root
    for folder in dict.fromkeys(Path(draft.path).parent.as_posix() for draft in drafts):
        if (root / folder).is_symlink() and not (root / folder).is_dir():
            raise Refused(f"{folder}/ is a link that leads nowhere")
        if not (root / folder).resolve().is_relative_to(root.resolve()):
            raise Refused(f"{folder}/ leads out of the workspace")
        if not is_searched(root, folder):
            raise Refused(f"{folder}/ is, or leads to, a folder that is not searched, so no record in it would be read")
    create_all({root / draft.path: draft.text.encode() for draft in drafts})


def _is_error(problem: Problem, register: Register) -> bool:
    """Whether a problem is an error by its rule, and the workspace does not hold it for less."""
    weighed = (register.settings.get("severity") or {}) if problem.code >= "SN3" else {}
    return problem.severity == "error" and weighed.get(problem.rule, weighed.get(problem.code)) in ("error", None)


def _said(problem: Problem, text: str) -> str:
    return f"“{Source(text).words(problem.span)}”: {problem.message}{f' ({problem.hint})' if problem.hint else ''}"


# what is known


def _with_what_is_known(asked: Asked, workspace: Workspace, carry_from: str | None) -> tuple[Asked, Sequence[str]]:
    """What was asked for, with what other records say about it; and what the writer should hear of that."""
    if asked.kind.name == "session":
        beginning = begun(asked, workspace, carry_from)
        tasks = review(beginning, _words(beginning, workspace))
        # What was typed into another record as a number or an owner stays in its line.
        lines = [" ".join(line.split()) for task in tasks for line in task_lines(task)]
        words = {asked.kind.reviewed: "\n".join(lines) or NONE} if lines or beginning.nothing else {}
        return replace(beginning.asked, words=words), beginning.remarks
    alone = "parties" in asked.kind.fields and not (asked.person or asked.answers.keys() & {"parties", "group"})
    remarks = [_FOR_NOBODY] if alone else []
    if third_of(asked.kind):
        asked, of_leading = led(asked, workspace)
        remarks += of_leading
    if replaced := workspace.find(asked.answers.get("replaces", "")):
        asked, of_replaced = _after(asked, replaced)
        return asked, [*remarks, *of_replaced]
    if "ground" in asked.kind.fields and (expected := _discuss_first(asked, workspace)):
        return replace(asked, known={"discuss_first": expected}), remarks
    return asked, remarks


def _after(asked: Asked, replaced: Skeleton) -> tuple[Asked, Sequence[str]]:
    """The next version of an agreement, and what is still to be written into the one before."""
    answers = dict(asked.answers)
    version = replaced.facts.get("version")
    if "version" in asked.kind.fields and isinstance(version, int):
        answers.setdefault("version", str(version + 1))
    unended = replaced.kind == asked.kind.name and replaced.status != "draft" and not replaced.text("end")
    said = f"{replaced.id} has no end yet: write into it the last day on which it holds, as  end: 2026-10-14"
    return replace(asked, answers=answers), [said] if unended else ()


def _words(beginning: Beginning, workspace: Workspace) -> dict[str, str]:
    """The words of each open action by its identity, read again from the record where they stand."""
    read: dict[str, Mapping[tuple[int, str], str]] = {}
    words: dict[str, str] = {}
    for action in beginning.open:
        session, line = worded(beginning, action)
        if session.path not in read:
            record = read_one(workspace.root, session.path, workspace.register)
            read[session.path] = dict(_texts_of(record)) if record else {}
        if text := read[session.path].get((line.span.line, line.id)):
            words[action.identity] = text
    return words


def _texts_of(record: Record) -> Iterator[tuple[tuple[int, str], str]]:
    """The words of each action in a record, by its line and its number: where it stood when it was known last."""
    for key in (record.kind.reviewed, "actions"):
        lines = record.value.get(key)
        for n, task in enumerate(lines if isinstance(lines, list) else ()):
            if isinstance(task, dict):
                place = record.place(key, n).line, str(task.get("id") or "")
                yield place, " ".join(str(task.get("text") or "").split())


def _discuss_first(asked: Asked, workspace: Workspace) -> str | None:
    """What the agreement of a session says of speaking about a disclosure first, on the ground that was given."""
    session = workspace.find(asked.answers.get("session", ""))
    agreement = workspace.named_by(session, "agreement") if session else None
    record = read_one(workspace.root, agreement.path, workspace.register) if agreement else None
    exceptions = record.value.get("exceptions") if record else None
    for exception in exceptions if isinstance(exceptions, list) else ():
        if isinstance(exception, dict) and exception.get("ground") == asked.answers.get("ground"):
            return str(exception.get("discuss_first") or "") or None
    return None


def _to_bring(workspace: Workspace, id: str) -> Iterator[str]:
    """The owner's own reflections that wait for this session; nobody else's are named."""
    for reflection in workspace.tied_to(id, "bring_to_supervision"):
        if reflection.author == workspace.register.owner is not None:
            yield f"you wanted to bring {reflection.id}."
