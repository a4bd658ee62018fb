"""Answers that are a page or a drawing: where it goes, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .asking import Asked
from .excerpt import visible
from .place import OUT, prints_folder
from .tables import FORMATS

if TYPE_CHECKING:
    from ..printing import Bound, Drawn, Form, Print

PAGES = (*FORMATS, "html", "pdf")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def paged(command: _Command) -> _Command:
    """The option that says where a page goes."""
    help = "Where a page of html or pdf goes [out/ in the workspace]."
    return click.option("-o", "--output", metavar="FILE|DIR", help=help)(command)


def agree(form: str | None, output: str | None, forms: Sequence[str] = ("html", "pdf"), by: str = "--format") -> None:
    """See to it that the form of an answer, which an option names, and where it goes agree."""
    suffix = Path(output or "").suffix.lower()
    if output is not None and form not in forms:
        raise click.UsageError(f"-o says where a page goes: add {' or '.join(f'{by} {one}' for one in forms)}.")
    if suffix.removeprefix(".") in forms and suffix != f".{form}":
        raise click.UsageError(f"-o names a file that ends in {suffix}, and {by} is {form}: let them agree.")
    if output is not None and suffix != f".{form}" and Path(output).is_file():
        raise click.UsageError(f"-o names a file that is no page: name one that ends in .{form}, or a folder.")


def print_page(asked: Asked, drawn: Drawn, output: str | None) -> int:
    """Make a page of an answer, and say where that is."""
    from ..printing import print_drawn
    from ..printing.pdf import PrintingUnavailable

    form: Form = "pdf" if asked.form == "pdf" else "html"
    try:
        return _printed(asked, form, output, lambda wanted, name: print_drawn(wanted, drawn, name))
    except PrintingUnavailable as lacking:
        raise click.ClickException(f"{lacking} Until then --format html works.") from None


def print_drawing(asked: Asked, form: Form, lines: Iterable[str], own: str, output: str | None) -> int:
    """Put a drawing into a file, by its own name where none is given, and say where that is."""
    from ..printing import print_lines

    return _printed(asked, form, output, lambda wanted, name: print_lines(wanted, lines, own, name))


def _printed(asked: Asked, form: Form, output: str | None, make: Callable[[Print, str | None], Bound]) -> int:
    from ..printing import Print

    settings = asked.settings
    typed = Path(output or OUT)
    named = output and typed.suffix.lower() == f".{form}"
    typed, name = (typed.parent, typed.stem) if named else (typed, None)
    folder = prints_folder(asked.workspace.root, str(typed) if named else output)
    made = make(Print(asked.workspace, asked.view.audience, form, folder), name)
    if made.path is None:
        raise click.ClickException(f"not printed: {made.why}")
    if not settings.quiet:
        # As a person sees it: from where they stand, or as they named it.
        shown = typed / made.path.name if output or settings.folder else os.path.relpath(made.path)
        click.echo(visible(str(shown)))
    if made.missing:
        asked.remark(f"no font on this machine can draw {', '.join(made.missing)}; the page is not fully accessible.")
    return 0
