"""Which files of a workspace may be records; nothing outside of it is followed, and nothing is read but first lines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .document import holds_record
from .mistakes import text as mistakes
from .problem import START, Problem
from .registers import PEOPLE, SETTINGS, is_file

NOT_SEARCHED = frozenset({"forms", "clauses", "styles", "pages", "policies", "schemas", "out"})
_RECORDS, _LIKELY = (".md", ".yaml"), (".txt", ".yml", ".markdown", ".text", ".mdown")

_Entry = os.DirEntry[str] | Path


class Found:
    """The files of a workspace that may be records, and what could not be looked at."""

    def __init__(self, root: Path, only: Sequence[str] | None = None) -> None:
        self.root, self.real = root, root.resolve()
        self.paths: list[str] = []
        self.problems: list[Problem] = []
        self.left_alone: list[str] = []
        for name in [""] if only is None else only:
            path = (root / name).relative_to(root).as_posix()
            if (root / name).is_dir():
                self._folders("" if path == "." else path)
            else:
                self._file(path, root / name)

    def _folders(self, top: str) -> None:
        """A folder and all that lie in it, each one's files first; in the order of their names."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            waiting += reversed(self._folder(folder))

    def _folder(self, folder: str) -> list[str]:
        """The files of a folder; returns the folders in it that are searched too."""
        try:
            with os.scandir(self.root / folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            self.problems.append(mistakes.unreadable(START).found_in(folder or "."))
            return []
        inside = []
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if folder and _is_plainly_one(entry):
                self.paths.append(path)
            elif not _is_folder(entry):
                self._file(path, entry)
            elif self._goes_into(path, entry):
                inside.append(path)
        return inside

    def _goes_into(self, path: str, folder: os.DirEntry[str]) -> bool:
        if _is_passed_over(path):
            return False
        if folder.is_symlink():
            self._link(path)
            return False
        return not is_file(self.root / path / SETTINGS)

    def _link(self, path: str) -> bool:
        """Whether a link stays in the workspace."""
        try:
            inside = (self.root / path).resolve(strict=True).is_relative_to(self.real)
        except (OSError, RuntimeError):
            self.problems.append(mistakes.broken_symlink(START).found_in(path))
            return False
        if not inside:
            self.problems.append(mistakes.symlink_leaves(START).found_in(path))
        return inside

    def _file(self, path: str, entry: _Entry) -> None:
        if path in (SETTINGS, PEOPLE):
            return
        if entry.is_symlink():  # what it leads to in the workspace is read where it stands
            if self._link(path):
                self.left_alone.append(path)
            return
        ending = os.path.splitext(entry.name)[1].lower()
        if entry.name.startswith(".") or not is_file(entry):
            return
        if ending in _LIKELY:
            self._misnamed(path, ending)
        elif ending in _RECORDS:
            self.paths.append(path)
        else:
            self.left_alone.append(path)

    def _misnamed(self, path: str, ending: str) -> None:
        try:
            with (self.root / path).open("rb") as file:
                text = file.read(20_000).decode("utf-8", "replace").removeprefix("\ufeff")
        except OSError:
            self.problems.append(mistakes.unreadable(START).found_in(path))
            return
        self.left_alone.append(path)
        name = path if ending == ".yml" else "x.md"
        if holds_record(name, text) and "kind:" in text:
            self.problems.append(mistakes.wrong_extension(START, ending).found_in(path))


def is_searched(root: Path, folder: str) -> bool:
    """Whether a folder of a workspace is one in which records are looked for, or would be if it were there."""
    inside = (root / folder).resolve().relative_to(root.resolve())
    steps = [step.as_posix() for step in (inside, *inside.parents) if step.parts]
    return not any(_is_passed_over(step) or is_file(root / step / SETTINGS) for step in steps)


def _is_passed_over(folder: str) -> bool:
    return folder in NOT_SEARCHED or folder.rpartition("/")[2].startswith(".")


def _is_plainly_one(entry: os.DirEntry[str]) -> bool:
    """Whether an entry may be a record and is nothing that wants a closer look, as nearly all of them are."""
    name = entry.name
    return name.endswith(_RECORDS) and not name.startswith(".") and entry.is_file(follow_symlinks=False)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
