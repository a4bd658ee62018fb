"""Writes files, whole or not at all.

A new file is placed so that it fails when the name is taken; what replaces a file is written beside it first, so that
whoever is interrupted keeps the old one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


class NameTaken(Exception):
    """There is a file of this name already; it was not touched. The message is its path as it was given."""


class Changed(Exception):
    """A file was changed by somebody since it was read; it was not touched. The message is its path."""


def create(path: Path, data: bytes) -> None:
    """Write a new file. Raises NameTaken where there is one, and leaves it as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path, data) as written:
        try:
            os.link(written, path)
        except FileExistsError:
            raise NameTaken(str(path)) from None
        except OSError:  # a drive without hard links
            try:
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                raise NameTaken(str(path)) from None


def replace(path: Path, data: bytes, ours: Callable[[bytes], bool]) -> None:
    """Write a file over an earlier one, if `ours` says that the earlier one may go; else raise NameTaken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(path) and not (path.is_file() and ours(path.read_bytes())):
        raise NameTaken(str(path))
    with _beside(path, data) as written:
        os.replace(written, path)


def edit(path: Path, before: bytes, after: bytes) -> None:
    """Write a file over what was read from it. Raises Changed, and writes nothing, where it is another by now."""
    with path.open("rb") as file, _locked(file):
        if file.read() != before:
            raise Changed(str(path))
        mode = path.stat().st_mode
        with _beside(path, after) as written:
            written.chmod(mode & 0o7777)
            os.replace(written, path.resolve())


@contextlib.contextmanager
def _locked(file: IO[bytes]) -> Iterator[None]:
    """Nobody else of ours edits the file meanwhile, where the machine knows locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with contextlib.suppress(OSError):  # a drive without locks
        fcntl.flock(file, fcntl.LOCK_EX)
    yield


@contextlib.contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a file of its own next to the path, on the disk for good; taken away again if it is still there."""
    with NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
        written = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            written.chmod(0o666 & ~_umask())
            yield written
        finally:
            written.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
