"""The disk → a workspace and its problems: finds the files, reads them over the cores, and asks every rule.

Nothing is written here, and one bad file never hides the others.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from .cores import spread
from .document import LARGEST, Document, decode, holds_record, read_document
from .kind import Kind
from .mistakes import text as mistakes
from .problem import START, Problem
from .record import Record
from .registers import PEOPLE, SETTINGS, is_file, read_registers
from .rules import RECORD_RULES, WORKSPACE_RULES
from .rules.links import duplicate_id
from .rules.signing import changed_after_sign_off
from .schema import kind_of, read_record
from .skeleton import Skeleton
from .workspace import Register, Workspace

NOT_SEARCHED = frozenset({"forms", "clauses", "styles", "pages", "policies", "schemas", "out"})
_RECORDS, _LIKELY = (".md", ".yaml"), (".txt", ".yml", ".markdown", ".text", ".mdown")
_CHUNK, _FEW = 100, 3
_KIND = re.compile(r"^kind:[ \t]*[\"']?([\w-]+)", re.MULTILINE)
_READERS = re.compile(r"^readers:(.*(?:\n[ \t-].*)*)", re.MULTILINE)
_CODE = re.compile(r"[\w.-]*\w")


@dataclass(frozen=True)
class Checked:
    """A workspace, every problem in it, and how many files were no records."""

    workspace: Workspace
    problems: tuple[Problem, ...]
    left_alone: int


def find_root(start: Path) -> Path | None:
    """The workspace that a folder lies in: the nearest one upwards with a `supervision.yaml`."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / SETTINGS).is_file()), None)


def open_workspace(
    root: Path | str,
    *,
    only: Sequence[str] | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    as_at: str | None = None,
) -> Checked:
    """Read and check every record of a workspace, or `only` some paths of a folder that is none.

    `as_at` is the day (ISO text) by which actions are overdue; without it no clock is looked at.
    `jobs` processes share the work (by default, one for each core); `progress` hears how much is done, of how much.
    """
    root = Path(root)
    found = _Found(root, only)
    register, problems = read_registers(root)
    records, more = _read_all(root, found.paths, register, jobs or os.cpu_count() or 1, progress)
    workspace = Workspace(root, register, *_apart(records), as_at)
    problems += [*found.problems, *more]
    # Of a few files that were named alone nobody can say what they lead to.
    for rule in WORKSPACE_RULES if only is None else (duplicate_id,):
        problems += rule.check(workspace)
    hidden = {record.path for record in workspace.restricted if not _may_hear_of(register.owner, record)}
    weighed = tuple(_weighed((problem for problem in problems if problem.path not in hidden), register))
    left_alone = found.left_alone + sum(skeleton is None for skeleton in records)
    faulty = {p.path for p in weighed if p.severity == "error" and p.rule != changed_after_sign_off.slug}
    return Checked(_judged(workspace, faulty), weighed, left_alone)


def _apart(records: Iterable[Skeleton | None]) -> tuple[tuple[Skeleton, ...], tuple[Skeleton, ...]]:
    """The records that everything may look at, and those of confidentiality extended."""
    known = [record for record in records if record]
    return tuple(r for r in known if r.layer != "restricted"), tuple(r for r in known if r.layer == "restricted")


def _may_hear_of(owner: str | None, record: Skeleton) -> bool:
    """Whether the owner of the workspace is a named reader of a restricted record; one that names none is theirs."""
    return not record.readers or owner in record.readers


def _judged(workspace: Workspace, faulty: Collection[str]) -> Workspace:
    """The workspace in which each record knows whether it has an error."""

    def judged(records: Iterable[Skeleton]) -> tuple[Skeleton, ...]:
        return tuple(record._replace(sound=record.path not in faulty) for record in records)

    return replace(workspace, records=judged(workspace.records), restricted=judged(workspace.restricted))


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


def _examined(document: Document, kind: Kind, register: Register) -> Record:
    record = Record.of(document.path, read_record(document, kind, register.guidance))
    if not document.readable:
        return replace(record, problems=tuple(problem.found_in(document.path) for problem in document.problems))
    found = [problem for rule in RECORD_RULES for problem in rule.check(record, register)]
    return replace(record, problems=(*record.problems, *found))


def _weighed(problems: Iterable[Problem], register: Register) -> Iterator[Problem]:
    """Problems in the order of their places, as grave as the workspace says they are."""
    wanted: dict[str, Any] = register.settings.get("severity") or {}
    seen = set()
    for problem in sorted(problems, key=lambda problem: (problem.path, problem.span, problem.code)):
        severity = wanted.get(problem.rule, wanted.get(problem.code)) if problem.code >= "SN3" else None
        if problem in seen or severity == "off":
            continue
        seen.add(problem)
        yield replace(problem, severity=severity) if severity in ("error", "warning", "note") else problem


# files


class _Found:
    """The files of a workspace that may be records, and what could not be looked at."""

    def __init__(self, root: Path, only: Sequence[str] | None) -> None:
        self.root, self.real = root, root.resolve()
        self.paths: list[str] = []
        self.problems: list[Problem] = []
        self.left_alone = 0
        for name in [""] if only is None else only:
            if (root / name).is_dir():
                self._folder(root / name)
            else:
                self._file(root / name)

    def _folder(self, top: Path) -> None:
        for folder, folders, files in os.walk(top, onerror=self._unreadable):
            here = Path(folder)
            folders[:] = sorted(name for name in folders if self._goes_into(here, name))
            for name in sorted(files):
                self._file(here / name)

    def _path(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _unreadable(self, error: OSError) -> None:
        path = self._path(Path(os.fsdecode(error.filename))) if error.filename else "."
        self.problems.append(mistakes.unreadable(START).found_in(path))

    def _goes_into(self, here: Path, name: str) -> bool:
        if name.startswith(".") or (here == self.root and name in NOT_SEARCHED):
            return False
        path = here / name
        if path.is_symlink():
            self._link(path)
            return False
        return not is_file(path / SETTINGS)

    def _link(self, path: Path) -> bool:
        """Whether a link stays in the workspace."""
        try:
            inside = path.resolve(strict=True).is_relative_to(self.real)
        except (OSError, RuntimeError):
            self.problems.append(mistakes.broken_symlink(START).found_in(self._path(path)))
            return False
        if not inside:
            self.problems.append(mistakes.symlink_leaves(START).found_in(self._path(path)))
        return inside

    def _file(self, path: Path) -> None:
        if path.parent == self.root and path.name in (SETTINGS, PEOPLE):
            return
        if path.is_symlink():  # what it leads to in the workspace is read where it stands
            self.left_alone += self._link(path)
            return
        ending = path.suffix.lower()
        if path.name.startswith(".") or not is_file(path):
            return
        if ending in _LIKELY:
            self._misnamed(path, ending)
        elif ending in _RECORDS:
            self.paths.append(self._path(path))
        else:
            self.left_alone += 1

    def _misnamed(self, path: Path, ending: str) -> None:
        try:
            with path.open("rb") as file:
                text = file.read(20_000).decode("utf-8", "replace").removeprefix("\ufeff")
        except OSError:
            self.problems.append(mistakes.unreadable(START).found_in(self._path(path)))
            return
        self.left_alone += 1
        name = path.name if ending == ".yml" else "x.md"
        if holds_record(name, text) and "kind:" in text:
            self.problems.append(mistakes.wrong_extension(START, ending).found_in(self._path(path)))


# records

_Result = tuple[Skeleton | None, list[Problem]]


def _read_all(
    root: Path, paths: list[str], register: Register, jobs: int, progress: Callable[[int, int], None] | None
) -> tuple[list[Skeleton | None], list[Problem]]:
    chunks = [paths[n : n + _CHUNK] for n in range(0, len(paths), _CHUNK)]
    read = partial(_read_chunk, root, register)
    skeletons: list[Skeleton | None] = []
    problems: list[Problem] = []

    for chunk in spread(read, chunks, jobs if len(chunks) > _FEW else 1, _lost):
        for skeleton, found in chunk:
            skeletons.append(skeleton)
            problems.extend(found)
        if progress:
            progress(len(skeletons), len(paths))
    return skeletons, problems


def _lost(paths: list[str]) -> list[_Result]:
    """What is said of files whose reading took a process down."""
    return [(None, [mistakes.unreadable(START).found_in(path)]) for path in paths]


def _read_chunk(root: Path, register: Register, paths: list[str]) -> list[_Result]:
    return [_read(root, register, path) for path in paths]


def _read(root: Path, register: Register, path: str) -> _Result:
    """What the workspace may know of one file, and its problems; None where it is no record."""
    try:
        with (root / path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        return None, [mistakes.unreadable(START).found_in(path)]
    source = decode(data)
    if not isinstance(source, Problem) and not holds_record(path, source.text):
        return None, []
    document = read_document(path, data)
    kind = kind_of(document, register.kinds) if document.readable else None
    if kind is None or isinstance(kind, Problem):
        found = [*document.problems, *([kind] if isinstance(kind, Problem) else [])]
        return _unread(path, document, register), [problem.found_in(path) for problem in found]
    record = _examined(document, kind, register)
    return record.skeleton, list(record.problems)


def _unread(path: str, document: Document, register: Register) -> Skeleton:
    """A record that could not be understood: it counts, and its name stands for its id.

    One that looks like a restricted record is treated as one, for whoever stands in its line of readers.
    """
    unread = Skeleton(path, Path(path).stem, "", "private", None, START, sound=False)
    kind = _KIND.search(document.source.text)
    known = register.kinds.get(kind[1]) if kind else None
    if known is None or known.layer != "restricted":
        return unread
    readers = _READERS.search(document.source.text)
    return unread._replace(layer="restricted", readers=tuple(_CODE.findall(readers[1])) if readers else ())
