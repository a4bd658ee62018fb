"""`render`: records and agreements as pages."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import click

from ..pdf import PrintingUnavailable
from ..printing import Form, Outcome, Print, print_records
from ..reading import open_workspace
from ..record import Audience
from ..registers import PEOPLE, SETTINGS
from ..skeleton import Skeleton
from ..workspace import Workspace
from .excerpt import visible
from .place import within, workspace_root
from .progress import progress
from .settings import Settings


@click.command("render")
@click.argument("wanted", nargs=-1, metavar="[ID|PATH]...")
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(file_okay=False), help="Where to [out/ in the workspace]."
)
@click.option("--format", "form", type=click.Choice(["pdf", "html"]), default="pdf", help="PDF, or HTML for a browser.")
@click.option(
    "--for", "who", type=click.Choice(["parties", "organisation", "author", "case"]), default="parties",
    help="Who will read it: nothing above their layer is in the file [parties].",
)  # fmt: skip
@click.option("--as", "as_", metavar="ID", help="Which author (a code), or which case (its reference).")
@click.option("--draft", is_flag=True, help="Print records with errors too, with DRAFT on every page.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="How many to print at once.")
@click.pass_obj
def command(
    settings: Settings, wanted: tuple[str, ...], output: str | None, form: Form, who: str, as_: str | None,
    draft: bool, jobs: int,
) -> int:  # fmt: skip
    """Print records by ID or PATH, or all that the audience may see.

    Private records print for their author alone. A record with errors is refused unless --draft.
    """
    root = workspace_root(settings)
    checked = open_workspace(root)
    workspace = checked.workspace
    if any(problem.path in (SETTINGS, PEOPLE) and problem.severity == "error" for problem in checked.problems):
        click.echo(f"{SETTINGS} or {PEOPLE} has errors, so something of it may not be printed: see check.", err=True)
    audience = _audience(who, as_, workspace)
    records = chosen(workspace, wanted)
    folder = Path(output) if output else root / "out"
    with progress("Printing", settings) as shown:
        try:
            outcomes = print_records(
                Print(workspace, audience, form, folder, draft), records, jobs=jobs, progress=shown
            )
        except PrintingUnavailable as lacking:
            raise click.ClickException(f"{lacking} Until then --format html works.") from None
    for outcome in outcomes:
        _tell(outcome, _shown(folder, output, settings), settings, named=bool(wanted))
    if not wanted and not settings.quiet:
        for why, count in Counter(o.why for o in outcomes if not o.path and not o.failed).items():
            click.echo(visible(f"left out: {count} {'record' if count == 1 else 'records'}: {why}"), err=True)
    failed = any(outcome.failed for outcome in outcomes)
    if not failed and not any(outcome.path for outcome in outcomes):
        click.echo("there was nothing to print for this audience.", err=True)
    return int(failed)


def _shown(folder: Path, output: str | None, settings: Settings) -> Path:
    """The folder of the prints as a person sees it: as they named it, or from where they stand or work."""
    if output or settings.folder:
        return Path(output or "out")
    return Path(os.path.relpath(folder))


def _audience(who: str, as_: str | None, workspace: Workspace) -> Audience:
    if who == "case":
        if not as_:
            raise click.UsageError("--for case needs the reference of the case:  --for case --as K-17")
        return Audience("case", case=as_)
    if who == "author":
        person = as_ or workspace.register.owner
        if not person:
            raise click.UsageError("--for author needs a code:  --for author --as SE-201")
        return Audience("author", person=person)
    if as_:
        raise click.UsageError("--as goes with --for author (a code) or --for case (a reference).")
    return Audience("organisation" if who == "organisation" else "parties")


def chosen(workspace: Workspace, wanted: tuple[str, ...]) -> list[Skeleton]:
    """The records that were named by id or path; all of them when none was."""
    if not wanted:
        return list(workspace.records)
    chosen: dict[str, Skeleton] = {}
    for name in wanted:
        found = [record] if (record := workspace.find(name)) else _at(workspace, name)
        if not found:
            raise click.ClickException(f"there is no record “{name}”{_near(workspace, name)}")
        chosen.update((record.path, record) for record in found)
    return list(chosen.values())


def _at(workspace: Workspace, name: str) -> list[Skeleton]:
    path = Path(name).resolve()
    root = workspace.root.resolve()
    inside = path.relative_to(root).as_posix() if path.is_relative_to(root) else name
    return [record for record in workspace.records if within(record.path, [inside])]


def _near(workspace: Workspace, name: str) -> str:
    from ..kind import nearest
    from ..problem import did_you_mean

    return did_you_mean(nearest(name, [record.id for record in workspace.records if not record.private])) or "."


def _tell(outcome: Outcome, folder: Path, settings: Settings, *, named: bool) -> None:
    """Where it is, on stdout; why it is not, on stderr."""
    if outcome.path:
        if not settings.quiet:
            click.echo(visible((folder / outcome.path.name).as_posix()))
        if outcome.missing:
            signs = ", ".join(outcome.missing)
            said = f"no font on this machine can draw {signs}; install one, or the page is not fully accessible."
            click.echo(visible(f"{outcome.path.name}: {said}"), err=True)
    elif outcome.failed:
        click.echo(visible(f"not printed: {outcome.record.path}: {outcome.why}"), err=True)
    elif named and not settings.quiet:
        click.echo(visible(f"left out: {outcome.record.path}: {outcome.why}"), err=True)
