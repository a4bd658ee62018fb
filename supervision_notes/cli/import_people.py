"""`import`: people.yaml, brought up to date from a CSV export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..dates import LAST_YEAR, read_date
from ..importing import CannotImport, Change, Import, imported
from ..importing.amend import flow
from ..importing.roster import NUMBERS
from ..kind import registers
from ..registers import PEOPLE, SETTINGS, lies_in, read_registers
from ..write import Changed, NameTaken, create, edit
from ..writing.forms import blank_register
from .place import refuse_no_date, workspace_root
from .settings import Settings
from .terminal import print_line, say


@click.command("import")
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False))
@click.option("--write", is_flag=True, help="Write the changes into people.yaml.")
@click.option("--as-at", metavar="DATE", help="The day from which a new employee number holds [today].")
@click.pass_obj
def command(settings: Settings, file: str, write: bool, as_at: str | None) -> int:
    """Bring people.yaml up to date from FILE, a CSV export of who works here.

    The columns are named under import: in supervision.yaml. What would change is shown, and with --write it is written:
    all rows or none. Nobody is deleted, an empty cell changes nothing, and comments and order stay.
    """
    refuse_no_date(as_at)
    root = workspace_root(settings)
    export, columns = _found(settings, file).read_bytes(), _columns(root)
    today = (read_date(as_at) if as_at else None) or date.today()
    if not lies_in(root, root / PEOPLE):
        raise click.ClickException(
            f"{PEOPLE} leads out of the workspace by a link, and nothing was written: copy the file into the "
            "workspace, or import where it lies."
        )
    there = (root / PEOPLE).exists()
    before = (root / PEOPLE).read_bytes() if there else blank_register("people", root, people=[]).encode()
    try:
        found = imported(export, before, columns, today)
    except CannotImport as why:
        raise click.ClickException(f"{why}. Nothing was written.") from None
    if found.faults:
        for fault in found.faults:
            print_line(f"row {fault.row}: {f'{fault.column}: ' if fault.column else ''}{fault.message}", "  ")
        _say(settings, f"nothing was written: {_counted(len(found.faults), 'mistake')} in the export.")
        return 1
    if not settings.quiet:
        for line in _shown(found):
            print_line(line, "  ")
    if write and found.changes:
        _write(root / PEOPLE, before if there else None, found.register)
    if found.endless:
        rows = _counted(found.endless, "row")
        _say(settings, f"{rows} with a last day after the year {LAST_YEAR}: taken for none.")
    _say(settings, _closing(found, write))
    return 0


def _found(settings: Settings, file: str) -> Path:
    """The export, as it is named from here or from the workspace."""
    for path in (Path(settings.folder or "") / file, Path(file)):
        if path.is_file():
            return path
    raise click.ClickException(f"there is no file “{file}”: name it by its path from here, or from the workspace")


def _columns(root: Path) -> Mapping[str, str]:
    """The columns that the workspace names."""
    register, problems = read_registers(root)
    if any(problem.path == SETTINGS and problem.severity == "error" for problem in problems):
        raise click.ClickException(f"{SETTINGS} has errors: mend them first (`check` names them)")
    columns = register.settings.get("import")
    if not columns:
        raise click.ClickException(
            f"{SETTINGS} does not say yet which column is which: write, with the names of your export,  "
            "import: {code: Staff code, name: Full name, employee_number: Employee number, dates: day-first}"
        )
    return {key: str(column) for key, column in columns.items()}


def _write(path: Path, before: bytes | None, after: bytes) -> None:
    try:
        create(path, after) if before is None else edit(path, before, after)
    except (Changed, NameTaken):
        raise click.ClickException(f"{PEOPLE} was changed meanwhile; nothing was written.") from None


# what is said


def _shown(found: Import) -> Iterator[str]:
    """Who is new, what changes field by field, and who is not in the export."""
    for change in found.changes:
        if change.before is None:
            yield f"+ {change.code}: {flow(change.after)}"
        else:
            yield f"~ {change.code}"
            yield from (f"    {line}" for line in _fields(change, change.before))
    if found.gone:
        yield f"not in the export, and left as they are: {', '.join(found.gone)}"


def _fields(change: Change, before: Mapping[str, Any]) -> Iterator[str]:
    fields = registers()["people"].schema["properties"]["people"]["additionalProperties"]["properties"]
    for key, value in change.after.items():
        if value != before.get(key):
            told = _numbers if key == NUMBERS else _value
            yield f"{fields[key]['title']}: {told(before.get(key))} → {told(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value)


def _numbers(entries: Any) -> str:
    """Employee numbers with their days, as in  20114417 until 2026-10-13, 20120032 from 2026-10-14."""
    said = (
        " ".join([entry["number"], *(f"{key} {entry[key]}" for key in ("from", "until") if key in entry)])
        for entry in entries or ()
    )
    return ", ".join(said) or "nothing"


def _closing(found: Import, write: bool) -> str:
    new = sum(change.before is None for change in found.changes)
    counts = f"{new} new, {len(found.changes) - new} changed, {len(found.gone)} not in the export"
    if not found.changes:
        return f"{counts}: {PEOPLE} stays as it is."
    return f"{counts}: {PEOPLE} is written." if write else f"{counts}. Nothing was written: --write writes it."


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _say(settings: Settings, sentence: str) -> None:
    if not settings.quiet:
        say(sentence)
