"""`render`: records and agreements as pages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from ..kind import nearest
from ..printing import Bound, Form, Outcome, Print, print_pack, print_records, prints_beside
from ..printing.pack import Pack
from ..printing.pdf import PrintingUnavailable
from ..problem import did_you_mean
from ..questions.view import View
from ..reading import open_workspace
from ..record import Audience
from ..registers import PEOPLE, SETTINGS
from ..skeleton import Skeleton
from ..workspace import Workspace
from .excerpt import visible
from .place import named_paths, prints_folder, refuse_no_date, within, workspace_root
from .progress import progress
from .settings import Settings
from .terminal import say

_WITH_THEIRS = "printed with the record that it is of"
# Said whether there is one or not.
_PRIVATE = ". Private records print for their author alone:  --for author --as CODE"


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
@click.option("--pack", "person", metavar="CODE", help="Bind all that is one person's into one portfolio.")
@click.option("--since", metavar="DATE", help="From this day on, with --pack.")
@click.option("--until", metavar="DATE", help="Up to this day, with --pack.")
@click.option("--draft", is_flag=True, help="Print records with errors too, with DRAFT on every page.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="How many to print at once.")
@click.pass_obj
def command(
    settings: Settings, wanted: tuple[str, ...], output: str | None, form: Form, who: str, as_: str | None,
    person: str | None, since: str | None, until: str | None, draft: bool, jobs: int,
) -> int:  # fmt: skip
    """Print records by ID or PATH, or all that the audience may see; with --pack, a person's portfolio.

    Sign-offs and addenda print with their record. Private records print for their author alone. A record with errors is
    refused unless --draft; one that was changed after it was signed prints, and says so.
    """
    root = workspace_root(settings)
    checked = open_workspace(root, tell="errors")
    workspace = checked.workspace
    if any(problem.path in (SETTINGS, PEOPLE) and problem.severity == "error" for problem in checked.problems):
        say(f"{SETTINGS} or {PEOPLE} has errors, so something of it may not be printed: see check.")
    audience = _audience(who, as_, workspace)
    folder = prints_folder(root, output)
    print_ = Print(workspace, audience, form, folder, draft)
    shown = _shown(folder, output, settings)
    if person is not None:
        if wanted:
            raise click.UsageError("--pack binds all that is a person's: name no records with it.")
        return _bind(print_, _pack(print_, person, since, until), shown, settings)
    if since or until:
        raise click.UsageError("--since and --until go with --pack.")
    return _print(print_, wanted, jobs, shown, settings)


def _print(print_: Print, wanted: tuple[str, ...], jobs: int, folder: Path, settings: Settings) -> int:
    """Print records, each into a file of its own."""
    otherwise = _PRIVATE if print_.audience.who == "parties" else "."
    records = chosen(print_.workspace, print_.known, wanted, otherwise) if wanted else print_.known
    with_theirs = set() if wanted else {record.path for record in records if prints_beside(print_, record)}
    records = [record for record in records if record.path not in with_theirs]
    with progress("Printing", settings) as shown:
        try:
            outcomes = print_records(print_, records, jobs=jobs, progress=shown)
        except PrintingUnavailable as lacking:
            raise _without_pdf(lacking) from None
    for outcome in outcomes:
        _tell(outcome, folder, settings, named=bool(wanted))
    if not wanted and not settings.quiet:
        reasons = [_WITH_THEIRS for _ in with_theirs] + [o.why for o in outcomes if not o.path and not o.failed]
        for why, count in Counter(reasons).items():
            say(f"left out: {count} {'record' if count == 1 else 'records'}: {why}")
    failed = any(outcome.failed for outcome in outcomes)
    if not failed and not any(outcome.path for outcome in outcomes):
        say(f"there was nothing to print for this audience{did_you_mean(print_.case_alike) or otherwise}")
    return int(failed)


# one person's portfolio


def _pack(print_: Print, person: str, since: str | None, until: str | None) -> Pack:
    """What is to be bound; a person whom nothing names is a slip."""
    workspace, audience = print_.workspace, print_.audience
    if audience.who == "case":
        raise click.UsageError("--pack is about one person, and --for case about one case: choose one of them.")
    for day in (since, until):
        refuse_no_date(day)
    if since and until and since > until:
        raise click.UsageError(f"the pack would end on {until}, before it begins on {since}.")
    view = View(workspace, audience)
    known = {*(workspace.register.people or {}), *(code for record in print_.known for code in view.people(record))}
    codes = {code.casefold(): code for code in known}
    code = codes.get(person.casefold())
    if code is None and person.casefold() in {(view.group(record) or "").casefold() for record in view.records}:
        raise click.ClickException(
            f"“{person}” is a group, and a pack is for one person: name the code of one of its members."
        )
    if code is None:
        near = did_you_mean(nearest(person, known)) or "."
        raise click.ClickException(f"there is nobody “{person}” in people.yaml or in a record{near}")
    if audience.who == "author" and audience.person != code:
        raise click.UsageError(f"a pack with reflections is for their author alone:  --for author --as {code}")
    return Pack(workspace, audience, code, since, until)


def _bind(print_: Print, pack: Pack, folder: Path, settings: Settings) -> int:
    with progress("Binding", settings):
        try:
            bound = print_pack(print_, pack)
        except PrintingUnavailable as lacking:
            raise _without_pdf(lacking) from None
    for outcome in bound.parts:
        _tell(outcome, folder, settings, named=True)
    return int(_tell_bound(bound, folder, settings) or any(outcome.failed for outcome in bound.parts))


def _tell_bound(bound: Bound, folder: Path, settings: Settings) -> bool:
    """Say where a print of many records is, or why there is none; whether something went wrong."""
    if bound.path:
        _tell_path(bound.path, bound.missing, folder, settings)
    else:
        say(f"not printed: {bound.why}")
    return not bound.path


def _without_pdf(lacking: PrintingUnavailable) -> click.ClickException:
    """What to say where this machine cannot make PDF."""
    return click.ClickException(f"{lacking} Until then --format html works.")


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
        person = workspace.register.owner if as_ is None else as_
        if not person:
            raise click.UsageError("--for author needs a code:  --for author --as SE-201")
        return Audience("author", person=person)
    if as_:
        raise click.UsageError("--as goes with --for author (a code) or --for case (a reference).")
    return Audience("organisation" if who == "organisation" else "parties")


def chosen(
    workspace: Workspace, known: Sequence[Skeleton], wanted: Sequence[str], otherwise: str = "."
) -> list[Skeleton]:
    """Those of the known records that were named by id or path.

    What is not among them does not exist: for that, an id that is near is offered, or `otherwise` is said.
    """
    by_id = {record.id.casefold(): record for record in reversed(known)}
    chosen: dict[str, Skeleton] = {}
    for name in wanted:
        record = by_id.get(name.casefold())
        found = [record] if record else _at(workspace, known, name)
        if not found:
            near = did_you_mean(nearest(name, [record.id for record in known if not record.private]))
            raise click.ClickException(f"there is no record “{name}”{near or otherwise}")
        chosen.update((record.path, record) for record in found)
    return list(chosen.values())


def _at(workspace: Workspace, known: Sequence[Skeleton], name: str) -> list[Skeleton]:
    """Those at a path, or in a folder."""
    at = ([one for one in known if within(one.path, [path])] for path in named_paths(workspace.root, name))
    return next(filter(None, at), [])


def _tell(outcome: Outcome, folder: Path, settings: Settings, *, named: bool) -> None:
    """Where it is, on stdout; why it is not, and what is not in it, on stderr."""
    if outcome.path:
        _tell_path(outcome.path, outcome.missing, folder, settings)
    elif outcome.failed:
        say(f"not printed: {outcome.record.path}: {outcome.why}")
    elif outcome.why and named and not settings.quiet:
        say(f"left out: {outcome.record.path}: {outcome.why}")
    for path in outcome.beside:
        said = "it has errors, so its words are left out of the print of"
        say(f"left out: {path}: {said} {outcome.record.path}")


def _tell_path(path: Path, missing: tuple[str, ...], folder: Path, settings: Settings) -> None:
    if not settings.quiet:
        click.echo(visible((folder / path.name).as_posix()))
    if missing:
        said = (
            f"no font on this machine can draw {', '.join(missing)}; install one, or the page is not fully accessible."
        )
        say(f"{path.name}: {said}")
