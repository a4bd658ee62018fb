"""`check`: what is missing, misspelt or impossible."""

from __future__ import annotations

import shutil
import sys
import time
from functools import cache
from pathlib import Path

import click

from ..problem import Problem
from ..reading import Checked, open_workspace
from .place import root_and_paths, within
from .progress import progress
from .report import FORMATS, Counts, Format, closing, report
from .settings import Settings


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="How problems are shown [full on a terminal, else concise]."
)
@click.option("--select", metavar="RULES", help="Show only these rules: codes, slugs or beginnings such as SN2.")
@click.option("--ignore", metavar="RULES", help="Leave these rules out.")
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.pass_obj
def command(
    settings: Settings,
    paths: tuple[str, ...],
    form: Format | None,
    select: str | None,
    ignore: str | None,
    strict: bool,
) -> int:
    """Say what is missing, misspelt or impossible in the records of a workspace, or in PATH alone.

    Checking never writes. Exit 1 means that there is an error.
    """
    started = time.perf_counter()
    root, named, whole = root_and_paths(settings, paths)
    with progress("Checking", settings) as shown:
        checked = open_workspace(root, only=None if whole else named, progress=shown)
    problems = [p for p in checked.problems if (named is None or within(p.path, named)) and _wanted(p, select, ignore)]
    form = form or ("full" if sys.stdout.isatty() else "concise")
    failed = any(p.severity == "error" or (strict and p.severity == "warning") for p in problems)
    if settings.quiet and not failed:
        return 0
    counts = Counts(_records(checked, named), checked.left_alone, time.perf_counter() - started)
    width = shutil.get_terminal_size().columns
    colour = sys.stdout.isatty() and click.get_current_context().color is not False
    for line in report(form, problems, counts, read_line=_reader(root), width=width, colour=colour):
        click.echo(line)
    if form == "concise":
        click.echo(closing(problems, counts), err=True)
    if named and not counts.records and not problems:
        click.echo("nothing that was named is a record: a record starts with a line of three hyphens.", err=True)
    return int(failed)


def _records(checked: Checked, named: list[str] | None) -> int:
    return sum(named is None or within(record.path, named) for record in checked.workspace.records)


def _wanted(problem: Problem, select: str | None, ignore: str | None) -> bool:
    def among(rules: str) -> bool:
        words = [word.strip().lower().replace("_", "-") for word in rules.split(",") if word.strip()]
        return any(problem.rule == word or problem.code.lower().startswith(word) for word in words)

    return (select is None or among(select)) and not (ignore and among(ignore))


def _reader(root: Path):  # type: ignore[no-untyped-def]
    """A line of a file by its number, for showing it; each file is read once."""
    from ..document import Source, decode

    @cache
    def lines(path: str) -> list[str]:
        try:
            source = decode((root / path).read_bytes())
        except OSError:
            return []
        return source.lines if isinstance(source, Source) else []

    return lambda path, number: lines(path)[number - 1] if 0 < number <= len(lines(path)) else None
