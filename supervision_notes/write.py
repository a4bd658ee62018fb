"""Writes files, whole or not at all.

What is written stands beside its place first, and is put there in one step: a new file so that it fails when the name
is taken, another one so that whoever is interrupted, or killed, keeps the old one. What a killed writer leaves behind
(`.writing-…`, which is no record) is taken away by the next one.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

try:
    import fcntl
except ImportError:  # a machine without such locks
    fcntl = None  # type: ignore[assignment]

_BESIDE = ".writing-"
_AN_HOUR = 3600


class NameTaken(Exception):
    """There is a file of this name already; it was not touched. The message is its path as it was given."""


class Changed(Exception):
    """A file was changed by somebody since it was read; it was not touched. The message is its path."""


def create(path: Path, data: bytes) -> None:
    """Write a new file. Raises NameTaken where there is one, and leaves it as it is."""
    create_all({path: data})


def create_all(files: Mapping[Path, bytes]) -> None:
    """Write new files, all of them or none: if one cannot be written, those before it are taken away again.

    Raises NameTaken where one is there already.
    """
    with contextlib.ExitStack() as ready, contextlib.ExitStack() as undo:
        beside = {}
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path] = ready.enter_context(_beside(path, data))
        for path, written in beside.items():
            _place(written, path)
            undo.callback(path.unlink, missing_ok=True)
        undo.pop_all()


def replace(path: Path, data: bytes, ours: Callable[[bytes], bool]) -> None:
    """Write a file over an earlier one, if `ours` says that the earlier one may go; else raise NameTaken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(path) and not (path.is_file() and ours(path.read_bytes())):
        raise NameTaken(str(path))
    with _beside(path, data) as written:
        os.replace(written, path)


def edit(path: Path, before: bytes, after: bytes) -> None:
    """Write a file over what was read from it. Raises Changed, and writes nothing, where it is another by now."""
    target = path.resolve()
    try:
        with _beside(target, after) as written, _held(target) as (now, there):
            # Whoever held it before may have put another file in its place.
            if now != before or not os.path.samestat(there, target.stat()):
                raise Changed(str(path))
            written.chmod(there.st_mode & 0o7777)
            os.replace(written, target)
    except FileNotFoundError:
        raise Changed(str(path)) from None


def _place(written: Path, path: Path) -> None:
    """Give a written file its name, which must be free."""
    try:
        os.link(written, path)
    except FileExistsError:
        raise NameTaken(str(path)) from None
    except OSError:  # a drive without hard links: the name is claimed by an empty file, and what is written replaces it
        try:
            path.open("xb").close()
        except FileExistsError:
            raise NameTaken(str(path)) from None
        try:
            os.replace(written, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _held(path: Path) -> Iterator[tuple[bytes, os.stat_result]]:
    """A file as it stands; nobody else of ours edits it meanwhile, where the machine and the drive know locks."""
    with path.open("rb") as file:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
        now, there = file.read(), os.fstat(file.fileno())
        if fcntl is None:  # such a machine replaces no file that is open
            file.close()
        yield now, there


@contextlib.contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a file of its own next to the path, on the disk for good; taken away again if it is still there."""
    _clear(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=_BESIDE, delete=False) as file:
        written = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            _take_away(written)
            raise
    try:
        written.chmod(0o666 & ~_umask())
        yield written
    finally:
        _take_away(written)


def _take_away(written: Path) -> None:
    with contextlib.suppress(OSError):  # it does no harm where it stays
        written.unlink()


@cache
def _clear(folder: Path) -> None:
    """Take away what killed writers left in a folder; what was begun within the hour may still be at work."""
    with contextlib.suppress(OSError):
        for left in folder.glob(f"{_BESIDE}*"):
            ours = re.fullmatch(r"\w{8}", left.name.removeprefix(_BESIDE))
            if ours and left.stat().st_mtime < time.time() - _AN_HOUR:
                left.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
