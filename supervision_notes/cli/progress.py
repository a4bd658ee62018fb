"""A bar for long work, on a terminal alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .settings import Settings

Advance = Callable[[int, int], None]
_LONG = 300


@contextmanager
def progress(what: str, settings: Settings) -> Iterator[Advance | None]:
    """Something to call with (done, of all); None where nobody watches. The bar appears when the work is long."""
    if settings.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    task = bar.add_task(what)

    def advance(done: int, of: int) -> None:
        if of >= _LONG or what != "Checking":
            if not bar.live.is_started:
                bar.start()
            bar.update(task, completed=done, total=of, refresh=True)

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()
