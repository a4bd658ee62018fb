"""The disk → a workspace and its problems: reads the files over the cores, and asks every rule.

No record is written here, and one bad file never hides the others. What is known of a file that is as it was comes from
the index; whoever asks gets the same with it and without it.
"""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial, wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, TypeVar

from .cores import beside, spread
from .document import LARGEST, Document, decode, holds_record, read_document
from .finding import Found
from .index import Index, Known, index_of
from .kind import Kind
from .mistakes import text as mistakes
from .problem import START, Problem, Said, Span
from .record import Record
from .register import Register
from .registers import SETTINGS, read_registers
from .rules import RECORD_RULES, WORKSPACE_RULES
from .rules.base import WorkspaceRule
from .rules.chains import review_of_unknown_action
from .rules.links import duplicate_id
from .rules.signing import changed_after_sign_off
from .schema import kind_of, read_record
from .signing import changed, sign_offs
from .skeleton import Skeleton
from .withheld import as_written, lies_among, people_in, readers_of
from .workspace import Workspace

Progress = Callable[[int, int], None]
Told = Literal["everything", "places", "errors"]
_Work = TypeVar("_Work", bound=Callable[..., Any])

SIGNED = "this was signed, and a word that is changed breaks the signature"
TAKEN = "others name an action of this number already"

_CHUNK, _FEW, _MANY, _PIECE = 100, 3, 1000, 65_536


@dataclass(frozen=True)
class Checked:
    """A workspace, every problem in it, and how many files were no records.

    Of the files in `remembered` the problems say no more than their rule does: see `explained`.
    """

    workspace: Workspace
    problems: tuple[Problem, ...]
    left_alone: int
    remembered: frozenset[str] = frozenset()


def find_root(start: Path) -> Path | None:
    """The workspace that a folder lies in: the nearest one upwards with a `supervision.yaml`."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def undisturbed(work: _Work) -> _Work:
    """Work that keeps most of what it makes: to look through all of that for rubbish would take a third of the time.

    Afterwards all of it counts as old at once, and is looked through no sooner than what is old.
    """

    @wraps(work)
    def done(*args: Any, **options: Any) -> Any:
        was = gc.isenabled()
        gc.disable()
        try:
            return work(*args, **options)
        finally:
            if was:
                gc.freeze()
                gc.unfreeze()  # to where the old is
                gc.enable()

    return done  # type: ignore[return-value]


@undisturbed
def open_workspace(
    root: Path | str,
    *,
    only: Sequence[str] | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    as_at: str | None = None,
    tell: Told = "everything",
    meanwhile: Callable[[], object] | None = None,
) -> Checked:
    """Read and check every record of a workspace, or `only` some paths of a folder that is none.

    `as_at` is the day (ISO text) by which actions are overdue; without it no clock is looked at.
    `jobs` processes share the work (by default, one for each core); `progress` hears how much is done, of how much.
    `tell` says how much is wanted of what is wrong. `places`: a problem that was remembered says no more than its rule
    does, and `explained` the rest, where it is shown. `errors`: no more than what makes a record unsound.
    `meanwhile` is other work, which is done while a second process reads the registers.
    """
    root = Path(root)
    index = index_of(root) if only is None else None
    found = Found(root, only)
    register, problems = read_registers(root) if meanwhile is None else _registers_beside(root, meanwhile)
    known = _recalled(index, root, found.paths, register) if index else {}
    remembered = frozenset(path for path, one in known.items() if one.problems)
    known = _read_all(root, found.paths, register, known, jobs, progress)
    workspace = Workspace(root, register, *_apart(one.skeleton for one in known.values()), as_at)
    # Of a few files that were named alone nobody can say what they lead to.
    for rule in _rules(tell, register) if only is None else (duplicate_id,):
        problems += rule.check(workspace)
    if index:
        index.keep(workspace, known.values())
    hidden = {record.path for record in workspace.restricted if not _may_hear_of(register, record.readers)}
    left = {*found.left_alone, *(path for path, one in known.items() if one.skeleton is None)}
    hidden |= _withheld(root, found, left, register)
    own = (problem for one in known.values() for problem in one.problems)
    every = (problem for problem in (*found.problems, *own, *dict.fromkeys(problems)) if problem.path not in hidden)
    weighed = tuple(_weighed(every, register))
    faulty = {p.path for p in weighed if p.severity == "error" and p.rule != changed_after_sign_off.slug}
    checked = Checked(_judged(workspace, faulty), weighed, len(left - hidden), remembered)
    if tell == "everything":
        return replace(checked, problems=tuple(explained(checked, weighed)), remembered=frozenset())
    return (
        checked if tell == "places" else replace(checked, problems=tuple(p for p in weighed if p.severity == "error"))
    )


def _registers_beside(root: Path, meanwhile: Callable[[], object]) -> tuple[Register, list[Problem]]:
    """The registers, and what is wrong with them, after some other work."""

    def read() -> tuple[Register, list[Problem]]:
        register, problems = read_registers(root)
        # What is looked up in a long register by whoever reads lists of attendance, so that it is there already.
        register.names, register.numbers  # noqa: B018
        return register, problems

    with beside(read) as registers:
        meanwhile()
        return registers()


def _rules(tell: Told, register: Register) -> Iterable[WorkspaceRule]:
    """The rules that are looked at: all of them, or those that can say that a record is not sound."""
    for rule in WORKSPACE_RULES:
        severity = _wanted_severity(rule.slug, rule.code, register) or rule.severity
        if tell != "errors" or (severity == "error" and rule is not changed_after_sign_off):
            yield rule


def explained(checked: Checked, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems, each with what is wrong there: what was remembered without words is read again."""
    problems, workspace = list(problems), checked.workspace
    paths = dict.fromkeys(problem.path for problem in problems if problem.path in checked.remembered)
    said: dict[tuple[str, str, Span], list[Problem]] = defaultdict(list)
    for path, one in _read_all(workspace.root, list(paths), workspace.register, {}).items():
        for problem in reversed(one.problems):
            said[path, problem.code, problem.span].append(problem)

    def with_words(problem: Problem) -> Problem:
        found = said.get((problem.path, problem.code, problem.span))
        return replace(found.pop(), severity=problem.severity) if found else problem

    return [with_words(problem) for problem in problems]


def _apart(records: Iterable[Skeleton | None]) -> tuple[tuple[Skeleton, ...], tuple[Skeleton, ...]]:
    """The records that everything may look at, and those of confidentiality extended."""
    known = [record for record in records if record]
    return tuple(r for r in known if r.layer != "restricted"), tuple(r for r in known if r.layer == "restricted")


def _may_hear_of(register: Register, readers: Sequence[str]) -> bool:
    """Whether the owner of the workspace is a named reader of a restricted record; one that names none is theirs."""
    return not readers or register.owner in as_written(readers, register)


def _withheld(root: Path, found: Found, left: Iterable[str], register: Register) -> set[str]:
    """What is no record to us, and what the owner of the workspace may not hear of all the same.

    Whose name does not end as a record's does names its readers; what cannot be read or lies behind a link names none
    that anybody knows, and where restricted records lie it is there for nobody.
    """
    misnamed = {problem.path for problem in found.problems if problem.rule == mistakes.wrong_extension.slug}
    readers = {path: readers_of(path, _content(os.path.join(root, path)), register.kinds) for path in misnamed}
    meant = {path for path, codes in readers.items() if not _may_hear_of(register, codes or ())}
    unread = {problem.path for problem in found.problems}.union(left) - misnamed
    return meant | {path for path in unread if lies_among(path, register.kinds)}


def _judged(workspace: Workspace, faulty: Collection[str]) -> Workspace:
    """The workspace in which each record knows whether it has an error."""

    def judged(records: Iterable[Skeleton]) -> Iterator[Skeleton]:
        for record in records:
            sound = record.path not in faulty
            yield record if record.sound == sound else record._replace(sound=sound)

    records, restricted = tuple(judged(workspace.records)), tuple(judged(workspace.restricted))
    if records == workspace.records and restricted == workspace.restricted:
        return workspace  # with all that was looked up in it
    return replace(workspace, records=records, restricted=restricted)


def read_one(root: Path, path: str, register: Register) -> Record | None:
    """One record, read whole from its file; None where the file is no record of a known kind."""
    document = read_document(path, (root / path).read_bytes())
    kind = kind_of(document, register.kinds)
    if isinstance(kind, Problem):
        return None
    return _examined(document, kind, register)


def read_text(path: str, text: str, register: Register) -> Record | Problem:
    """The record that a text would be if it stood at a path, or what keeps it from being one."""
    document = read_document(path, text.encode())
    kind = kind_of(document, register.kinds)
    if document.readable and not isinstance(kind, Problem):
        return _examined(document, kind, register)
    return next(iter(document.problems), kind) if isinstance(kind, Problem) else document.problems[0]


def check_text(path: str, text: str, register: Register) -> list[Problem]:
    """What would be wrong with a text if it stood at a path: for what is about to be written."""
    record = read_text(path, text, register)
    problems = [record] if isinstance(record, Problem) else record.problems
    return list(_weighed([problem.found_in(path) for problem in problems], register))


def check_beside(path: str, text: str, workspace: Workspace, named: Collection[str]) -> list[Problem]:
    """The same where others have signed a record, or `named` actions of it that it does not have (without case).

    Then it is a problem too that the text is another than the one that was signed, or gives an action such a number.
    """
    problems, record = check_text(path, text, workspace.register), read_text(path, text, workspace.register)
    if isinstance(record, Problem):
        return problems
    skeleton = record.skeleton
    was = next((one for one in workspace.records if one.path == path), skeleton)
    other = skeleton.digest != was.digest
    # What was signed in ink is the text as it was until now.
    word = sign_offs(workspace, skeleton).values()
    if any(changed(skeleton, signed) or (other and signed.text("method") == "paper") for signed in word):
        problems.append(changed_after_sign_off.problem(skeleton.place, Said(SIGNED), path=path))
    for line in skeleton.actions:
        if f"{skeleton.id}#{line.id}".casefold() in named:
            problems.append(review_of_unknown_action.problem(line.span, Said(TAKEN), path=path))
    return problems


def _examined(document: Document, kind: Kind, register: Register) -> Record:
    record = Record.of(document.path, read_record(document, kind, register.guidance))
    record = replace(record, readers=as_written(record.readers, register)) if record.readers else record
    if not document.readable:
        return replace(record, problems=_each_once(document.path, document.problems))
    found = [problem for rule in RECORD_RULES for problem in rule.check(record, register)]
    return replace(record, problems=_each_once(document.path, (*record.problems, *found)))


def _each_once(path: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problem.found_in(path) for problem in problems))


def _weighed(problems: Iterable[Problem], register: Register) -> Iterator[Problem]:
    """Problems in the order of their places, as grave as the workspace says they are."""
    for problem in sorted(problems, key=lambda problem: (problem.path, problem.span, problem.code)):
        severity = _wanted_severity(problem.rule, problem.code, register)
        if severity != "off":
            yield replace(problem, severity=severity) if severity in ("error", "warning", "note") else problem


def _wanted_severity(rule: str, code: str, register: Register) -> Any:
    """How grave the workspace says that a rule is, if it says so."""
    wanted: dict[str, Any] = register.settings.get("severity") or {}
    return wanted.get(rule, wanted.get(code)) if code >= "SN3" else None


# files

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)


def _content(path: str) -> bytes:
    """What is in a file; of one that is too large to be a record, a little more than a record may hold."""
    file = os.open(path, _READ)
    try:
        data = piece = os.read(file, _PIECE)
        while piece and len(data) <= LARGEST:
            piece = os.read(file, _PIECE)
            data += piece
        return data
    finally:
        os.close(file)


def _recalled(index: Index, root: Path, paths: list[str], register: Register) -> dict[str, Known]:
    """What the index knows of the files that are as they were. Many are hashed while it is looked through."""
    hashing = partial(_digests, root, paths)
    with beside(hashing) if len(paths) > _MANY else nullcontext(hashing) as hashed:
        believed, digests = index.recall(len(paths)), hashed()
    size, known = sha256().digest_size, {}
    for n, path in enumerate(paths):
        one, now = believed.get(path), digests[n * size : (n + 1) * size]
        if one and one.digest == now and one.skeleton and one.skeleton.kind in register.kinds:
            known[path] = one
    return known


def _digests(root: Path, paths: list[str]) -> bytes:
    """The fingerprints of some files, one after the other."""
    return b"".join(_digest(os.path.join(root, path)) for path in paths)


def _digest(path: str) -> bytes:
    """The fingerprint of a file; zeros, where it cannot be read or is too large to be a record."""
    try:
        data = _content(path)
    except OSError:
        data = None
    return bytes(sha256().digest_size) if data is None or len(data) > LARGEST else sha256(data).digest()


def _read_all(
    root: Path,
    paths: list[str],
    register: Register,
    known: Mapping[str, Known],
    jobs: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Known]:
    """What the workspace may know of each file: as it is known already, or read now."""
    jobs = jobs or os.cpu_count() or 1
    unknown = [path for path in paths if path not in known]
    chunks = [unknown[n : n + _CHUNK] for n in range(0, len(unknown), _CHUNK)]
    read: dict[str, Known] = {}
    for chunk in spread(partial(_read_chunk, root, register), chunks, jobs if len(chunks) > _FEW else 1, _lost):
        read.update(chunk)
        if progress:
            progress(len(paths) - len(unknown) + len(read), len(paths))
    return {path: known.get(path) or read[path] for path in paths}


def _lost(paths: list[str]) -> dict[str, Known]:
    """What is said of files whose reading took a process down."""
    return {path: _unreadable(path) for path in paths}


def _unreadable(path: str) -> Known:
    return Known(b"", None, (mistakes.unreadable(START).found_in(path),))


def _read_chunk(root: Path, register: Register, paths: list[str]) -> dict[str, Known]:
    return {path: _read(root, register, path) for path in paths}


def _read(root: Path, register: Register, path: str) -> Known:
    """What the workspace may know of one file, and its problems."""
    try:
        data = _content(os.path.join(root, path))
    except OSError:
        return _unreadable(path)
    digest, source = sha256(data).digest(), decode(data)
    if not isinstance(source, Problem) and not holds_record(path, source.text):
        return Known(digest, None)
    document = read_document(path, data)
    kind = kind_of(document, register.kinds) if document.readable else None
    if kind is None or isinstance(kind, Problem):
        found = [*document.problems, *([kind] if isinstance(kind, Problem) else [])]
        return Known(digest, _unread(path, data, register), _each_once(path, found))
    record = _examined(document, kind, register)
    return Known(digest, register.credited(record.skeleton), record.problems)


def _unread(path: str, data: bytes, register: Register) -> Skeleton:
    """A record that could not be understood: it counts, and its name stands for its id.

    One that may be restricted is treated as one, for whoever stands in its line of readers.
    """
    readers = readers_of(path, data, register.kinds)
    layer = "private" if readers is None else "restricted"
    unread = Skeleton(path, Path(path).stem, "", layer, None, START, readers=readers or (), sound=False)
    return unread if readers is not None else unread._replace(people=people_in(data, register))
