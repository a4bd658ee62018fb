"""`calendar`: due dates and next sessions, for a diary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..attendance import attended
from ..ical import CalendarUnavailable, as_ical, is_ours
from ..questions.diary import due_days, next_sessions
from ..questions.due import due
from ..questions.programme import Programme
from ..write import NameTaken, replace
from .asking import ask, asking, dated, tell
from .due import remark_policies, supervisor_of
from .settings import Settings
from .sources import UNSEEN, collect, counted, elsewhere, few, named
from .terminal import paper


@click.command("calendar")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there [the terminal].")
@click.option(
    "--supervisor", metavar="CODE", help="Only those who are allocated to this supervisor, or meet with them."
)
@click.option("--names", is_flag=True, help="Put names into the titles, in place of codes.")
@dated("--as-at", "The day that counts as today [today].")
@elsewhere
@asking(formats=())
@click.pass_obj
def command(
    settings: Settings, output: str | None, supervisor: str | None, names: bool, as_at: str | None,
    files: tuple[str, ...], more: tuple[str, ...], database: str | None, whom: tuple[str, ...], as_: str | None,
) -> int:  # fmt: skip
    """Write due dates and next sessions as iCalendar, which a diary imports: whole days, and codes for titles.

    Importing it again moves what has moved and adds nothing twice. A diary may be read by others: look who shares it,
    before --names. Where sessions are recorded elsewhere, name the lists or the database of their attendance: no day
    that has passed is written for whoever has no session that is known.
    """
    where = named(files, more, database)
    asked = ask(settings, whom, as_, "table", where.reading, counting=True)
    day = as_at or date.today().isoformat()
    register, view = asked.workspace.register, asked.view
    supervisor = supervisor_of(asked, supervisor)
    collected = collect(asked, attended(asked.workspace, view.audience), where)
    programme = Programme.of(register, collected.known.facts, claims=collected.known.claims)
    only = (view.audience.person,) if view.audience.person else asked.people
    found = [one for one in due(programme, day, only=only) if not supervisor or supervisor in one.supervisors]
    appointments = [*due_days(found, register.policies), *next_sessions(view, asked.people, supervisor)]
    try:
        data = as_ical(appointments, date.fromisoformat(day), lambda code: (names and register.name_of(code)) or code)
    except CalendarUnavailable:
        raise click.ClickException(
            "this needs the library icalendar: install it with  pip install 'supervision-notes[calendar]'"
        ) from None
    _write(data, output)
    if output is not None:
        asked.remark(f"{output}: {', '.join(counted(len(appointments), 'day', 'days')) or 'no days'}.")
    if unseen := list(dict.fromkeys(one.person for one in found if one.unseen)):
        asked.remark(f"not in it: by when {few(unseen)} should meet, for {UNSEEN}")
    unusable = remark_policies(asked, day)
    if not appointments:
        asked.remark("there is nothing to put into a diary.")
    return max(unusable, int(collected.wrong > 0))


def _write(data: bytes, output: str | None) -> None:
    if output is not None:
        try:
            replace(Path(output), data, is_ours)
        except NameTaken:
            why = f"{output} is there already, and is no calendar that was written here; nothing was written."
            raise click.ClickException(why) from None
    elif paper().width is not None:
        tell(data.decode().split("\r\n"))
    else:
        click.echo(data, nl=False)
