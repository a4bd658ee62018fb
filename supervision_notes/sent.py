"""What was mailed: a ledger of lines, `reminders.jsonl`, so that nobody is told the same thing twice.

Unlike the index it cannot be made again, so it lies openly in the workspace, to be kept, copied and committed with the
records. It holds codes, dates, ids of records and digests; no name and no address.

A line is written before a letter is handed over, and another one after; each is on the disk for good before anything
else happens. What stops us before the first line has sent nothing, and the next run sends it. Between the two lines
nobody can know: the letter may be under way, and only the server's answer lost. There we would rather stay silent than
tell somebody twice: the letter is not sent again by itself, and every run names it until somebody has it sent again.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

try:
    import fcntl
except ImportError:  # a machine without such locks
    fcntl = None  # type: ignore[assignment]

FILE = "reminders.jsonl"
# Handed over and nothing known since; taken by the server; refused by it, and so not sent.
State = Literal["handed-over", "sent", "refused"]


class Unreadable(Exception):
    """A line of the ledger is not one of ours. The message is its number."""


class Busy(Exception):
    """Somebody else is sending at this moment."""


class Ledger:
    """The ledger of a workspace, open for writing."""

    def __init__(self, file: int, states: Mapping[str, State]) -> None:
        self._file = file
        self.states = dict(states)

    def note(self, key: str, state: State, **facts: str) -> None:
        """Write what became of a letter, for good."""
        line = json.dumps({"key": key, "state": state, **facts}, ensure_ascii=False).encode() + b"\n"
        if os.write(self._file, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), FILE)
        os.fsync(self._file)
        self.states[key] = state


def read(root: Path) -> dict[str, State]:
    """What became of each letter, by its key. Raises Unreadable."""
    try:
        return _states(_whole((root / FILE).read_bytes()))
    except FileNotFoundError:
        return {}


@contextlib.contextmanager
def opened(root: Path) -> Iterator[Ledger]:
    """The ledger, kept from others while one sends. Raises Unreadable, or Busy.

    Where the machine or the drive knows no locks, it is for people to send from one place at a time.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    file = os.open(root / FILE, flags, 0o666)
    try:
        _lock(file)
        with open(file, "rb", closefd=False) as reader:
            data = reader.read()
        whole = _whole(data)
        states = _states(whole)
        os.ftruncate(file, min(len(whole), len(data)))
        os.write(file, whole[len(data) :])
        _for_good(root)
        yield Ledger(file, states)
    finally:
        os.close(file)


def _whole(data: bytes) -> bytes:
    """The lines that are whole. A last one that lacks its end alone is given it.

    One that is cut short is what a killed writer left: its letter was not handed over yet, or the line before it says
    that it was.
    """
    lines, end, last = data.rpartition(b"\n")
    try:
        json.loads(last)
    except ValueError:
        return lines + end
    return data + b"\n"


def _states(whole: bytes) -> dict[str, State]:
    """The last state of each key."""
    states: dict[str, State] = {}
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            said: Any = json.loads(line)
            key, state = said["key"], said["state"]
        except (ValueError, TypeError, KeyError):
            raise Unreadable(str(number)) from None
        if not isinstance(key, str) or state not in get_args(State):
            raise Unreadable(str(number))
        states[key] = state
    return states


def _lock(file: int) -> None:
    if fcntl is None:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy from None
    except OSError:  # a drive without locks
        return


def _for_good(root: Path) -> None:
    """Put the name of a new ledger on the disk for good, where a folder can be opened for that."""
    with contextlib.suppress(OSError):
        folder = os.open(root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
