"""`remind`: tells people by mail what waits for them, in codes and dates, and nobody twice."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..attendance import all_kept_back, attended
from ..gathering import gathered
from ..mailing import Server
from ..questions.programme import Programme
from ..questions.reminders import Reminders, reminders
from ..record import Audience
from ..registers import SETTINGS, read_registers
from ..sent import FILE, Busy, Unreadable, read
from ..telling import Fate, Run, still, tell
from .asking import Asked, answer, ask, dated
from .due import remark_policies
from .settings import Settings
from .sources import collect, counted, elsewhere, named, not_counted, remark_not_counted
from .tables import FORMATS, Column, Painted
from .terminal import print_line

# What is usual stands in one line of 80 columns, and what is longer gives way down to that.
_TITLES = [
    *(Column("To"), Column("What", 12), Column("About"), Column("Day"), Column("Record or policy", 16)),
    Column("Mail", 18),
]
_KEYS = ("to", "what", "about", "day", "policy", "asks", "record", "mail", "subject", "text")
_WHAT = {
    "to-sign": "to be signed",
    "changed": "changed since signed",
    "due-soon": "due soon",
    "overdue": "overdue",
}
_MAIL = {
    "to-send": "to be sent",
    "sent": "sent",
    "refused": "refused by the server",
    "not-known": "not known",
    "not-known-here": "sessions not known",
    "no-email": "no e-mail",
    "wrong-email": "this is no e-mail address",
    "paused": "paused",
    "left": "left",
    "mistaken": "mistake in people.yaml",
}


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Send nothing: show what would be sent.")
@click.option("--again", is_flag=True, help="Send again what was handed over and never answered for.")
@dated("--as-at", "The day that counts as today [today].")
@elsewhere
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="How to answer [table].")
@click.pass_obj
def command(
    settings: Settings, dry_run: bool, again: bool, as_at: str | None, files: tuple[str, ...], more: tuple[str, ...],
    database: str | None, form: str,
) -> int:  # fmt: skip
    """Tell people by mail which record waits for their signature, what is due soon, and what is overdue.

    The one who is awaited is told, or the two who meet; nobody over their heads, unless the policy says so. A letter
    holds codes and dates alone. Nobody is told the same thing twice: reminders.jsonl keeps what was sent.

    Without  mail:  in supervision.yaml nothing is sent, and all is shown. Where sessions are recorded elsewhere, name
    the lists or the database of their attendance, as for due: nobody is told that they are late whose sessions are
    not known.
    """
    where = named(files, more, database)
    asked = ask(settings, (), None, form, where.reading, counting=True)
    day = as_at or date.today().isoformat()
    root, register = asked.workspace.root, asked.workspace.register
    own = attended(asked.workspace, Audience("parties"))
    collected = collect(asked, own, where)
    told = gathered(register, attended(asked.workspace).facts, collected.lists, all_kept_back(asked.workspace))
    outside, whole = (Programme.of(register, one.facts, claims=one.claims) for one in (told, collected.known))
    found = reminders(asked.workspace, outside, whole, day)
    mail = None if dry_run else register.settings.get("mail")
    if mail and collected.wrong:
        raise click.ClickException("a list has mistakes, so nobody was told anything: have it written again first.")
    try:
        run = still(found.found, read(root), again)
        if mail and run.waits:
            run = tell(root, _server(root, mail), found.found, again, day)
    except Unreadable as line:
        raise click.ClickException(
            f"line {line} of {FILE} cannot be read, so nobody knows what was sent: mend or delete that line first."
        ) from None
    except Busy:
        raise click.ClickException("somebody else is sending at this moment: try again later.") from None
    _show(asked, run, letters=not mail)
    unusable = remark_policies(asked, day)
    _remark(asked, run, found)
    remark_not_counted(asked, not_counted(own, collected, day))
    if run.stopped:
        raise click.ClickException(f"{run.stopped}. What was not sent waits for the next run.")
    if not mail and not dry_run:
        asked.remark(f"nothing was sent: there is no  mail:  in {SETTINGS}.")
    return max(unusable, int(any(fate.wrong for fate in run.fates)), int(collected.wrong > 0))


def _server(root: Path, mail: Mapping[str, Any]) -> Server:
    """The server that the settings name, if they have no mistake."""
    if any(problem.path == SETTINGS and problem.severity == "error" for problem in read_registers(root)[1]):
        raise click.ClickException(f"{SETTINGS} has errors, so nothing was sent: mend them first (`check` names them).")
    return Server.of(mail, os.environ)


# what is said


def _show(asked: Asked, run: Run, *, letters: bool) -> None:
    """A line for each reminder and, where none is sent, the letters as they would read; when all is well, little."""
    shown = [fate for fate in run.fates if fate.wrong or letters or not asked.settings.quiet]
    answer(asked, _KEYS, map(_object, shown), _TITLES, map(_row, shown))
    if letters and asked.form == "table":
        for one in (fate.reminder for fate in shown if fate.what == "to-send"):
            for line in ("", f"To: {one.to}", f"Subject: {one.letter.subject}", "", *one.letter.text.splitlines()):
                print_line(line)


def _remark(asked: Asked, run: Run, found: Reminders) -> None:
    if not run.fates:
        asked.remark("there is nobody to be told of anything.")
    if run.before:
        asked.remark(f"told before, and not again: {run.before}.")
    if any(fate.what == "not-known" for fate in run.fates):
        asked.remark("not known: it may have gone, or not. Ask those people, or send it again with --again.")
    if any(fate.what == "not-known-here" for fate in run.fates):
        asked.remark(
            "sessions not known: nobody is told that they are late whose sessions may stand elsewhere. Look whether "
            "all lists of their attendance are named with --from, or their database with --database."
        )
    for records in counted(found.records, "record that waits", "records that wait"):
        kept_back = "in no letter, for an agreement keeps that back: see list --status awaiting."
        asked.remark(f"{records} for a signature: {kept_back}")
    for people in counted(found.people, "person", "people"):
        asked.remark(f"in no letter: by when {people} should meet, as an agreement keeps sessions back. See due.")


def _row(fate: Fate) -> list[str | Painted]:
    one = fate.reminder
    told = Painted(f"{_MAIL[fate.what]}{f' ({fate.code})' if fate.code else ''}", "red" if fate.wrong else "")
    return [one.to, _WHAT[one.what], one.about, one.day or "", one.record or one.policy, told]


def _object(fate: Fate) -> dict[str, Any]:
    one = fate.reminder
    said = {"mail": fate.what, "subject": one.letter.subject, "text": one.letter.text}
    return {key: said.get(key, getattr(one, key, None)) for key in _KEYS}
