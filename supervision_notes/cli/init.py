"""`init`: a workspace to start with."""

from __future__ import annotations

import os
from os.path import lexists
from pathlib import Path
from shlex import quote
from subprocess import list2cmdline

import click

from ..reading import find_root
from ..shipped import folder
from ..write import create
from ..writing.forms import blank_register
from .settings import Settings
from .terminal import fold, paper, say

EXAMPLE = "riverside"
_IGNORED = "# Made by supervision-notes; it can be made again at any time.\nout/\n.supervision/\n"


@click.command("init")
@click.argument("directory", default=".", metavar="[DIR]", type=click.Path(file_okay=False))
@click.option("--example", is_flag=True, help="Fill it with the records of invented people, to try things out.")
@click.pass_obj
def command(settings: Settings, directory: str, example: bool) -> int:
    """Start a workspace in DIR (or here): a folder of plain text files, and no more than that."""
    root = Path(settings.folder or ".") / directory
    files = _example() if example else _blank(root)
    taken = [name for name in files if lexists(root / name)]
    if taken:
        raise click.ClickException(f"{taken[0]} is there already, so nothing was written.")
    around = find_root(root.resolve().parent)
    for name, data in files.items():
        create(root / name, data)
    if settings.quiet:
        return 0
    if around:
        say(f"{root.resolve().name} lies in the workspace {around.name}, where its records are not read from now on.")
        say(f"if you meant to go on with {around.name}, delete  supervision.yaml  here.")
    there = list2cmdline([directory]) if os.name == "nt" else quote(directory)
    if example:
        _tell(f"A workspace is ready in {directory}.", f"Next:  cd {there}  and  supervision-notes check")
    else:
        _tell(
            f"A workspace is ready in {directory}: fill in supervision.yaml and people.yaml.",
            *([f"Next:             cd {there}"] if directory != "." else []),
            "Terms with each:  supervision-notes new agreement --form individual --for CODE",
            "For your own log: supervision-notes new reflection",
        )
    return 0


def _tell(*sentences: str) -> None:
    width = paper().width
    for sentence in sentences:
        click.echo("\n".join(fold(sentence, width)) if width and len(sentence) > width else sentence)


def _example() -> dict[str, bytes]:
    """Every file of the example."""
    home = folder("examples") / EXAMPLE
    files = (path for path in sorted(home.rglob("*")) if path.is_file() and "out" not in path.relative_to(home).parts)
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def _blank(root: Path) -> dict[str, bytes]:
    facts = [("organisation", "____"), ("owner", ""), ("framework", ""), ("language", "en-GB")]
    return {
        "supervision.yaml": blank_register("supervision", root, facts=facts).encode(),
        "people.yaml": blank_register("people", root, people=[]).encode(),
        ".gitignore": _IGNORED.encode(),
    }
