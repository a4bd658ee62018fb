"""`init`: a workspace to start with."""

from __future__ import annotations

from os.path import lexists
from pathlib import Path

import click

from ..shipped import folder
from ..write import create
from ..writing.forms import blank_register
from .settings import Settings

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
    for name, data in files.items():
        create(root / name, data)
    if settings.quiet:
        return 0
    if example:
        click.echo(f"A workspace is ready in {directory}.")
        click.echo(f"Next:  cd {directory}  and  supervision-notes check")
    else:
        click.echo(f"A workspace is ready in {directory}: write yourself into supervision.yaml, and people.yaml.")
        click.echo("Then the terms with each:  supervision-notes new agreement --form individual --for CODE")
        click.echo("For a log of your own:     supervision-notes new reflection")
    return 0


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
