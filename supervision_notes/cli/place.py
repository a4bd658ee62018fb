"""Where a command works: the workspace around it, and the files that were named."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO

import click

from ..dates import read_date
from ..document import LARGEST
from ..reading import find_root
from ..registers import SETTINGS, lies_in
from ..skeleton import Skeleton
from .settings import Settings

OUT = "out"


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


def prints_folder(root: Path, output: str | None) -> Path:
    """Where prints go: the folder that was named, or `out` in the workspace.

    Whoever names a folder has chosen where it lies. `out` is taken to lie in the workspace, with all that is in it: a
    link that leads out of there is not followed unseen.
    """
    folder, home = Path(output or root / OUT), root.resolve()
    above = Path(os.path.abspath(folder)).parents
    ours = output is None or any(one.name == OUT and one.parent.resolve() == home for one in above)
    if ours and not lies_in(home, folder):
        raise click.ClickException(
            f"“{output or OUT}” leads out of the workspace by a link, and nothing was printed: name the folder that "
            "the link leads to with -o, or put a folder in its place."
        )
    return folder


def refuse_no_date(text: str | None) -> None:
    """Wrong use, where something is given as a day that is none."""
    if text is not None and read_date(text) is None:
        raise click.UsageError(f"“{text}” is not a date: write it as year-month-day, such as 2026-10-14")


class Given(click.File):
    """A file that is read; `-` is what is typed or comes through a pipe. `way_out` is for whoever names none."""

    def __init__(self, way_out: str) -> None:
        super().__init__("rb")
        self.way_out = way_out

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> IO[Any]:
        """The file, open."""
        if value == "-" and sys.stdin is None:
            raise click.UsageError("- reads what is typed here, and nothing can be: name a file instead.", ctx)
        if param and isinstance(value, str) and value != "-" and not os.path.lexists(value):
            says = f"{param.opts[0]} names a file, or - for what is typed here, and there is no file of this name"
            raise click.UsageError(f"{says}: {self.way_out}", ctx)
        return super().convert(value, param, ctx)


def content_of(file: BinaryIO, what: str) -> bytes:
    """All of what was given, which may have no end: no more is read than a record may hold."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        most = f"{LARGEST // 1_000_000} MB"
        raise click.ClickException(f"{what} is larger than {most}, more than a record may hold; nothing was written.")
    return data


def named_paths(root: Path, name: str) -> Iterator[str]:
    """The paths in a workspace that a name may mean: from where one stands, or else from the workspace itself."""
    here, home = Path(os.path.realpath(name)), root.resolve()
    if here.is_relative_to(home):
        yield here.relative_to(home).as_posix()
    if Path(name).parts:  # “.” is where one stands, and nothing else
        yield Path(name).as_posix()


def record_at(root: Path, records: Iterable[Skeleton], name: str) -> Skeleton | None:
    """The one of some records that lies at a path, such as `new` prints it."""
    by_path = {record.path: record for record in records}
    return next((by_path[path] for path in named_paths(root, name) if path in by_path), None)


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
