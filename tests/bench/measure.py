"""Clocks and scales for other programs. Memory is read from Linux's /proc, and not measured elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

PROC = Path("/proc")
Command = Sequence[str | Path]


class Memory(NamedTuple):
    """The most that one process held, and that all of them held at once, in MB."""

    largest: float
    together: float


def seconds(command: Command, cwd: Path | None = None, cores: int | None = None) -> float:
    """How long a program takes from its start to its end, on so many cores. It must succeed."""

    def confine() -> None:
        if cores:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

    start = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, preexec_fn=confine if cores else None, check=False)
    taken = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    return taken


def pairs(times: int, *works: Callable[[], float]) -> list[float]:
    """The medians of some works, done in turns, so that a busy moment of the machine falls on all of them."""
    rounds = [[work() for work in works] for _ in range(times)]
    return [median(column) for column in zip(*rounds, strict=True)]


def memory(command: Command) -> Memory | None:
    """The peak of a program and of the processes that it starts; shared pages count once in the sum."""
    if not PROC.is_dir():
        return None
    largest = together = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            family = _family(process.pid)
            largest = max([largest, *(_kilobytes(pid, "status", "VmHWM") for pid in family)])
            together = max(together, sum(_kilobytes(pid, "smaps_rollup", "Pss") for pid in family))
            time.sleep(0.02)
    return Memory(largest / 1024, together / 1024)


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    try:
        children = (PROC / f"{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _kilobytes(pid: int, file: str, name: str) -> int:
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except OSError:  # it has ended since
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
