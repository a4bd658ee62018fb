"""Where a command works: the workspace around it, and the files that were named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from ..dates import read_date
from ..reading import find_root
from ..registers import SETTINGS
from .settings import Settings


def workspace_root(settings: Settings) -> Path:
    """The workspace of the current folder, or of the one that -C names."""
    here = Path(settings.folder or ".")
    root = find_root(here)
    if root is None:
        raise click.ClickException(
            f"this is no workspace: there is no {SETTINGS} here or above. Start one with  supervision-notes init"
        )
    return root


def root_and_paths(settings: Settings, named: Sequence[str]) -> tuple[Path, list[str] | None, bool]:
    """The workspace, what was named in it (None for everything), and whether it has a `supervision.yaml`.

    Files outside any workspace may be checked as they stand: their folder serves as one.
    """
    root = find_root(Path(settings.folder or "."))
    if not named:
        return workspace_root(settings), None, True
    base = Path(settings.folder) if settings.folder else Path()
    files = [_there(base / name if settings.folder else Path(name), name) for name in named]
    if root is None or not all(file.is_relative_to(root) for file in files):
        root = find_root(files[0].parent)
    if root is None:
        home = files[0].parent
        return home, [_inside(file, home) for file in files], False
    return root, [_inside(file, root) for file in files], True


def refuse_no_date(text: str | None) -> None:
    """Wrong use, where something is given as a day that is none."""
    if text is not None and read_date(text) is None:
        raise click.UsageError(f"“{text}” is not a date: write it as year-month-day, such as 2026-10-14")


def within(path: str, wanted: Iterable[str]) -> bool:
    """Whether a path is one of those that were named, or lies in one of them."""
    return any(path == name or name == "." or path.startswith(f"{name}/") for name in wanted)


def _there(path: Path, name: str) -> Path:
    if not path.exists() and not path.is_symlink():
        raise click.ClickException(f"there is no file or folder “{name}”")
    return path.parent.resolve() / path.name if path.name not in ("", "..", ".") else path.resolve()


def _inside(path: Path, root: Path) -> str:
    if not path.is_relative_to(root):
        raise click.ClickException(f"“{path.name}” does not lie in the same workspace as the other files")
    return path.relative_to(root).as_posix()
