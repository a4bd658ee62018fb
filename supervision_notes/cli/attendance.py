"""`attendance`: what an organisation may know of the sessions, written for others to count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..attendance import Attendance, attended
from ..exported import COLUMNS, FORMATS, Format, Reader, is_export, jsonl, row_of
from ..gathering import Gathered, gathered
from ..problem import listed
from ..registers import read_registers
from ..write import NameTaken, replace
from .asking import ask, dated, refuse_unread, tell
from .place import workspace_root
from .settings import Settings
from .sources import (
    FEW,
    counted,
    in_words,
    read_files,
    sessions_left_out,
    tell_broken,
    tell_disagreements,
    tell_faults,
)
from .tables import as_csv
from .terminal import say

if TYPE_CHECKING:
    from ..store import Loaded, Replaced


@click.group("attendance")
def command() -> None:
    """Let an organisation count sessions, without a word of what was said in them.

    `export` writes a file for `coverage --from` and `due --from`, and `load` puts such files into one database.
    """


@command.command("export", short_help="Write them into a file, or on the terminal.")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there [the terminal].")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="JSON Lines or CSV [csv where FILE ends so, else jsonl]."
)
@dated("--since", "From this day on.")
@dated("--until", "Up to this day.")
@click.pass_obj
def export(settings: Settings, output: str | None, form: Format | None, since: str | None, until: str | None) -> int:
    """Write who was there, when, how long and of which sort: a line for each person's part in each session.

    It is what the organisation may receive by each agreement, with the record's fingerprint, and nothing else of it.
    FILE is written whole; an earlier export of that name is replaced, and any other file stays as it is.
    """
    if since and until and since > until:
        raise click.UsageError(f"the export would end on {until}, before it begins on {since}.")
    ending = Path(output or "").suffix.lower().removeprefix(".")
    if form is None and ending and ending not in FORMATS:
        raise click.UsageError(
            f"“{output}” ends neither in .jsonl nor in .csv: name it so, or say which of them it is with --format."
        )
    asked = ask(settings, ("organisation",), None, "table", counting=True)
    found = attended(asked.workspace, asked.view.audience)
    within = [fact for fact in found.facts if (since or "") <= fact.date <= (until or "9999")]
    reader = Reader(asked.workspace.register.names)
    facts = [fact for fact in sorted(within, key=_order) if reader.takes(fact)]
    csv = (form or ending) == "csv"
    lines = as_csv(COLUMNS, (dict(zip(COLUMNS, row_of(fact), strict=True)) for fact in facts)) if csv else jsonl(facts)
    if output is None:
        tell(lines)
    else:
        try:
            replace(Path(output), "".join(f"{line}\n" for line in lines).encode(), ours=is_export)
        except NameTaken:
            raise click.ClickException(f"{output} is there already, and is no export; nothing was written.") from None
        asked.remark(f"{output}: {', '.join(counted(len(facts), 'fact', 'facts')) or 'no facts'}.")
    unclear = counted(len(within) - len(facts), "part that is not told in codes", "parts that are not told in codes")
    if told := [*in_words(sessions_left_out(found)), *unclear]:
        asked.remark(f"not in it: {'; '.join(told)}.")
    return 0


@command.command("load", short_help="Put such files into one database.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--database", metavar="URL", required=True,
    help="postgresql://user@host/name, or a file for SQLite. A password stands in PGPASSWORD or ~/.pgpass.",
)  # fmt: skip
@click.pass_obj
def load_command(settings: Settings, files: tuple[str, ...], database: str) -> int:
    """Put exported files into one database, for coverage --database and due --database.

    Loading a file again changes nothing. What is loaded later stands: a record that has changed since takes the place
    of the older one, and the closing line names it. All of it is loaded or none; a line with a mistake is named and
    left out, and so is a whole list that was cut short, or a file that is none.
    """
    from ..store import CannotUse, load

    register, _ = read_registers(workspace_root(settings))
    refuse_unread(register)
    lists = read_files(files, register.names)
    whole = [told for told in lists if not told.broken]
    wrong = tell_broken(lists) + tell_faults(whole)
    for told in (told for told in lists if told.broken):
        say(f"{told.name}: nothing of it is loaded.")
    if not whole:
        return 1
    known = gathered(register, (), whole)

    def remark(sentence: str) -> None:
        if not settings.quiet:
            say(sentence)

    tell_disagreements(remark, known)
    try:
        loaded = load(database, known.facts)
    except CannotUse as why:
        raise click.ClickException(f"{why}. Nothing was loaded.") from None
    remark(_closing(loaded, known))
    return int(bool(wrong))


def _closing(loaded: Loaded, known: Gathered) -> str:
    """What a load came to; of what was told differently before, which parts and in what."""
    gone = f", {loaded.gone} gone with an older record" if loaded.gone else ""
    parts = len({(fact.session.casefold(), fact.supervisor, fact.person) for fact in known.claims})
    apart = f", {parts} told differently in these lists and not loaded" if parts else ""
    counts = f"{loaded.new} new, {loaded.changed} changed, {loaded.same} as they were{gone}{apart}."
    if not loaded.replaced:
        return counts
    told = [f"{one.session} of {one.person} ({_columns(one)})" for one in loaded.replaced[:FEW]]
    told += [f"{len(loaded.replaced) - FEW} more"] if len(loaded.replaced) > FEW else []
    way_out = "Where the older list was right, load it again."
    return f"{counts} Told differently before, and replaced: {listed(told, 'and')}. {way_out}"


def _columns(one: Replaced) -> str:
    return ", ".join("fingerprint" if column == "digest" else column.replace("_", " ") for column in one.columns)


def _order(fact: Attendance) -> tuple[str, ...]:
    return fact.date, fact.session, fact.supervisor or "", fact.person
