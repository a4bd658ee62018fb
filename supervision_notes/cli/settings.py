"""What may be said to every command, before its name or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click


@dataclass
class Settings:
    """The answers, as `@click.pass_obj` hands them to a command; it may leave there what to say if it breaks off."""

    folder: str | None = None
    quiet: bool = False
    no_input: bool = False
    debug: bool = False
    at_stake: str = ""


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value and option.name:
        setattr(context.ensure_object(Settings), option.name, value)


def _option(*names: str, **kinds: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **kinds)


SHARED: tuple[click.Parameter, ...] = (
    _option(
        "-C",
        "folder",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False),
        help="Work in the workspace that DIR is in, not in the current folder's.",
    ),
    _option("-q", "--quiet", is_flag=True, help="Print nothing when all is well."),
    _option("--no-input", is_flag=True, help="Never ask, even on a terminal."),
    _option(
        "--debug",
        is_flag=True,
        help="When something breaks, say where in the program; never a record's words.",
    ),
)
