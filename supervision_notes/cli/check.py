"""`check`: what is missing, misspelt or impossible."""

from __future__ import annotations

import re
import shutil
import sys
import time
from collections.abc import Collection
from difflib import unified_diff
from functools import cache, partial
from pathlib import Path

import click

from ..continuity import never_agreed
from ..kind import nearest
from ..mend import mended
from ..problem import Problem, did_you_mean
from ..reading import Checked, check_beside, explained, open_workspace
from ..rules import CATALOGUE
from ..signing import sign_offs
from ..workspace import Workspace
from .excerpt import visible
from .place import refuse_no_date, root_and_paths, within
from .progress import progress
from .report import FORMATS, Counts, Format, closing, report
from .settings import Settings
from .terminal import say

# True of what is no record, and of a restricted one whoever asks, so that it tells neither from the other.
_NOTHING = (
    "nothing that was named counts as a record: a record starts with a line of three hyphens, and one that is kept for "
    "named readers is told to them alone and counted for nobody."
)


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(FORMATS), help="How to show it [full on a terminal, else concise].")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, in the files.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--select", metavar="RULES", help="Show only these rules: codes, slugs or beginnings such as SN2.")
@click.option("--ignore", metavar="RULES", help="Leave these rules out.")
@click.option("--strict", is_flag=True, help="Let warnings fail too.")
@click.option("--as-at", metavar="DATE", help="Say too which actions are overdue on this day.")
@click.pass_obj
def command(
    settings: Settings, paths: tuple[str, ...], form: Format | None, fix: bool, diff: bool, select: str | None,
    ignore: str | None, strict: bool, as_at: str | None,
) -> int:  # fmt: skip
    """Say what is missing, misspelt or impossible in the records of a workspace, or in PATH alone.

    Checking never writes, unless --fix asks for it. Exit 1 means that there is an error.
    """
    for rules in (select, ignore):
        _refuse_unknown(rules)
    refuse_no_date(as_at)
    started = time.perf_counter()
    root, named, whole = root_and_paths(settings, paths)

    def checked_now() -> tuple[Checked, list[Problem]]:
        with progress("Checking", settings) as shown:
            checked = open_workspace(root, only=None if whole else named, progress=shown, as_at=as_at, tell="places")
        in_view = (p for p in checked.problems if named is None or within(p.path, named))
        return checked, [p for p in in_view if _wanted(p, select, ignore)]

    checked, problems = checked_now()
    if fix or diff:
        _mend(root, checked, explained(checked, problems), show=diff)
        if not diff:
            checked, problems = checked_now()
    watched = sys.stdout is not None and sys.stdout.isatty()
    form = form or ("full" if watched else "concise")
    failed = any(p.severity == "error" or (strict and p.severity == "warning") for p in problems)
    if diff or (settings.quiet and not failed):
        return int(failed)
    problems = explained(checked, problems)
    counts = Counts(_records(checked, named), checked.left_alone, time.perf_counter() - started)
    width = shutil.get_terminal_size().columns
    colour = watched and click.get_current_context().color is not False
    for line in report(form, problems, counts, read_line=_reader(root), width=width, colour=colour):
        click.echo(line)
    if form == "concise":
        say(closing(problems, counts))
    if named and not counts.records and not problems:
        say(_NOTHING)
    return int(failed)


def _mend(root: Path, checked: Checked, problems: list[Problem], *, show: bool) -> None:
    """Make every safe mending of the problems in view, or show what it would change."""
    from ..write import Changed, edit

    rules, workspace = {problem.code for problem in problems}, checked.workspace
    named = never_agreed(workspace)
    for path in dict.fromkeys(problem.path for problem in problems if problem.fix):
        before = (root / path).read_bytes()
        text = before.decode("utf-8")
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        after = mended(
            text.removeprefix(mark),
            partial(_problems_of, path, workspace, named),
            rules,
        )
        if show:
            old, new = (part.splitlines(keepends=True) for part in (text.removeprefix(mark), after))
            for line in unified_diff(old, new, fromfile=path, tofile=path):
                click.echo(visible(line.rstrip("\r\n")))
        elif mark + after != text:
            try:
                edit(root / path, before, (mark + after).encode())
                say(f"mended: {path}")
            except Changed:
                say(f"not mended: {path} was changed meanwhile.")
        elif any(path == record.path and sign_offs(workspace, record) for record in workspace.records):
            say(f"not mended: {path} is signed. What is noticed later stands in an addendum.")


def _problems_of(path: str, workspace: Workspace, named: Collection[str], text: str) -> list[Problem]:
    return check_beside(path, text, workspace, named)


def _records(checked: Checked, named: list[str] | None) -> int:
    return sum(named is None or within(record.path, named) for record in checked.workspace.records)


def _rules(rules: str) -> list[str]:
    return [word.strip().lower().replace("_", "-") for word in rules.split(",")]


def _refuse_unknown(rules: str | None) -> None:
    """A rule that is none would hide everything, or nothing."""
    known = [*CATALOGUE, *(rule.slug for rule in CATALOGUE.values())]
    for word in _rules(rules) if rules is not None else ():
        begins = re.fullmatch(r"sn\d{1,3}", word) and any(code.lower().startswith(word) for code in CATALOGUE)
        if not begins and word not in known:
            raise click.UsageError(f"there is no rule “{word}”{did_you_mean(nearest(word, known)) or '.'}")


def _wanted(problem: Problem, select: str | None, ignore: str | None) -> bool:
    def among(rules: str) -> bool:
        return any(problem.rule == word or problem.code.lower().startswith(word) for word in _rules(rules))

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
