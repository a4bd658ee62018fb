"""Work over the cores of the machine, in the order in which it was given.

Where a machine cannot lend processes, the work is done in this one; where a process is taken down, the piece of work
that did it is known by its place, and the others are done all the same. What lends them is imported when it is needed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Piece = TypeVar("Piece")
Result = TypeVar("Result")


def spread(
    work: Callable[[Piece], Result], pieces: Sequence[Piece], jobs: int, broken: Callable[[Piece], Result]
) -> Iterator[Result]:
    """The result of each piece of work. `broken` says what becomes of one that takes its process down, even alone."""
    pool = _pool(min(jobs, len(pieces)), work)
    if pool is None:
        yield from map(work, pieces)
        return
    from concurrent.futures import BrokenExecutor

    with pool:
        waiting = [pool.submit(_do, piece) for piece in pieces]
        for piece, result in zip(pieces, waiting, strict=True):
            try:
                yield result.result()
            except BrokenExecutor:
                yield _alone(work, piece, broken)


def _alone(work: Callable[[Piece], Result], piece: Piece, broken: Callable[[Piece], Result]) -> Result:
    """The work on one piece in a process of its own, after another took the shared ones down."""
    pool = _pool(2, work)
    if pool is None:
        return broken(piece)
    from concurrent.futures import BrokenExecutor

    with pool:
        try:
            result: Result = pool.submit(_do, piece).result()
            return result
        except BrokenExecutor:
            return broken(piece)


@contextlib.contextmanager
def beside(work: Callable[[], Result]) -> Iterator[Callable[[], Result]]:
    """Do some work in a copy of this process; what is given waits for the result. Whoever leaves before ends the work.

    It is quicker to start than a process that is lent, and can do no more than this. Beside threads nothing is copied.
    """
    copied = _copied(work)
    if copied is None:
        yield work
        return
    process, said = copied
    ended = False

    def result() -> Result:
        nonlocal ended
        data = said.read()
        try:
            _, failed = os.waitpid(process, 0)
        except ChildProcessError:  # whoever started us has it thrown away how processes end
            failed = 1
        ended = True
        return work() if failed else cast(Result, pickle.loads(data))

    with said:
        try:
            yield result
        finally:
            if not ended:
                with contextlib.suppress(OSError):
                    os.kill(process, signal.SIGKILL)
                    os.waitpid(process, 0)


def _copied(work: Callable[[], object]) -> tuple[int, BinaryIO] | None:
    """A copy of this process, and what it says when its work is done; None where the machine makes none."""
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return None
    ends: tuple[int, ...] = ()
    try:
        reader, writer = ends = os.pipe()
        process = os.fork()
    except OSError:
        for end in ends:
            os.close(end)
        return None
    if not process:
        failed = 1
        try:
            with open(writer, "wb") as file:
                pickle.dump(work(), file, pickle.HIGHEST_PROTOCOL)
            failed = 0
        finally:
            os._exit(failed)
    os.close(writer)
    return process, open(reader, "rb")


_hand: list[Callable[[Any], Any]] = []


def _take(work: Callable[[Any], Any]) -> None:
    """A process learns its work once: all that the work carries does not travel again with every piece."""
    _hand[:] = [work]


def _do(piece: Any) -> Any:
    return _hand[0](piece)


def _pool(jobs: int, work: Callable[[Any], Any]) -> ProcessPoolExecutor | None:
    """Processes that start as copies of this one where the machine can do that: nothing is imported again."""
    if jobs < 2:
        return None
    try:
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor

        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else None)
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_take, initargs=(work,))
    except (OSError, ImportError, NotImplementedError):
        return None
