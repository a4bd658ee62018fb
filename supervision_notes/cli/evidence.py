"""`evidence`: what can be shown to whoever inspects, in numbers alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import starmap
from typing import Any

import click

from ..attendance import attended
from ..questions.clock import first_of, last_of, month_of
from ..questions.coverage import unseen
from ..questions.evidence import Completion, Evidence, Sessions, evidence
from . import coverage
from .asking import Asked, ask, dated, tell
from .due import remark_policies
from .pages import PAGES, agree, paged, print_page
from .settings import Settings
from .sources import collect, elsewhere, named, not_counted, remark_not_counted, remark_unseen
from .tables import Column, as_csv, table
from .terminal import paper, print_line

_SESSIONS = [
    *(Column("Held"), Column("People"), Column("Minutes")),
    *(Column("Parts signed", 6), Column("Not held", 12)),
]
_KEYS = ("part", "policy", "asks", "group", "month", "figure", "value")
_COMPLETION: Mapping[str, str] = {
    "done": "done",
    "dropped": "dropped",
    "waiting": "open and not due yet",
    "overdue": "open and overdue",
    "carried_twice": "carried forward twice or more",
}


@click.command("evidence")
@dated("--since", "The first day [that of the last twelve months].")
@dated("--until", "The last day [the end of the last month].")
@elsewhere
@paged
@click.option("--format", "form", type=click.Choice(PAGES), default="table", help="How to answer [table].")
@click.pass_obj
def command(
    settings: Settings, since: str | None, until: str | None, files: tuple[str, ...], more: tuple[str, ...],
    database: str | None, output: str | None, form: str,
) -> int:  # fmt: skip
    """Gather what can be shown to an inspection: sessions by month, each policy, and how actions were completed.

    The months are those of clinical supervision; line management and other streams are told apart from it.

    Numbers alone, of what the organisation may know: no content, and nobody by name or code. How actions were
    completed is told only of five people or more. --format html or pdf makes a page of it.
    """
    agree(form, output)
    where = named(files, more, database)
    asked = ask(settings, ("organisation",), None, form, where.reading, counting=True)
    until = until or last_of(month_of(date.today()) - 1).isoformat()
    since = since or first_of(month_of(date.fromisoformat(until)) - 11).isoformat()
    if since > until:
        raise click.UsageError(f"the first day, {since}, is after the last, {until}.")
    own = attended(asked.workspace, asked.view.audience)
    collected = collect(asked, own, where)
    found = evidence(asked.workspace, collected.known, since, until)
    apart = not_counted(own, collected, until)
    if form in ("html", "pdf"):
        from ..printing.evidenced import Evidenced

        print_page(asked, Evidenced(found, asked.workspace, apart), output)
    elif form == "json":
        tell([json.dumps(as_object(asked, found), ensure_ascii=False)])
    elif form == "csv":
        tell(as_csv(_KEYS, _flat(found)))
    else:
        _print(found)
    remark_unseen(asked, unseen(found.coverage))
    remark_not_counted(asked, apart)
    return max(remark_policies(asked, until), int(collected.wrong > 0))


# for a person


def _print(one: Evidence) -> None:
    on = paper()
    click.echo(on.paint(f"Clinical supervision from {one.since} to {one.until}", bold=True))
    for line in table([Column("Month"), *_SESSIONS], starmap(_row, one.months.items()), on):
        click.echo(line)
    held = ", ".join(f"{number} {name}" for name, number in one.types.items())
    click.echo("")
    print_line(f"Held: {held or 'none'}.")
    if one.apart:
        click.echo("")
        click.echo(on.paint("Counted apart from clinical supervision", bold=True))
        for line in table([Column("What", 17), *_SESSIONS], starmap(_row, one.apart.items()), on):
            click.echo(line)
        click.echo("")
    print_line(f"Actions: {_completion(one.completion)}")
    click.echo("")
    for figures in one.coverage:
        coverage.show(figures)


def _row(name: str, one: Sessions) -> list[str]:
    missed = ", ".join(f"{number} {outcome}" for outcome, number in one.missed.items())
    return [name, str(one.held), str(one.people), str(one.minutes), f"{one.signed} of {one.parts}", missed]


def _completion(one: Completion | None) -> str:
    if one is None:
        return "told only of five people or more."
    told = ", ".join(f"{getattr(one, key)} {words}" for key, words in _COMPLETION.items())
    share = "" if one.percent is None else f" Of all but those that may wait {one.percent:.1f} % were done."
    return f"{one.agreed} agreed: {told}.{share}"


# for a program


def as_object(asked: Asked, one: Evidence) -> dict[str, Any]:
    """What can be shown, for a program."""
    actions = one.completion
    return {
        "organisation": asked.workspace.register.settings.get("organisation"),
        "since": one.since,
        "until": one.until,
        "months": [{"month": month, **sessions._asdict()} for month, sessions in one.months.items()],
        "types": dict(one.types),
        "apart": [{"stream": stream, **sessions._asdict()} for stream, sessions in one.apart.items()],
        "actions": {**actions._asdict(), "percent": actions.percent} if actions else None,
        "policies": [coverage.as_object(figures) for figures in one.coverage],
    }


def _flat(one: Evidence) -> Iterator[Mapping[str, Any]]:
    """A line for each number: what it is about, and what it says."""
    for part, found in (("attendance", one.months), ("apart", one.apart)):
        for group, sessions in found.items():
            numbers = {**sessions._asdict(), **sessions.missed}
            del numbers["missed"]
            yield from ({"part": part, "group": group, "figure": k, "value": v} for k, v in numbers.items())
    yield from ({"part": "types", "group": name, "figure": "held", "value": n} for name, n in one.types.items())
    actions = one.completion._asdict() if one.completion else {}
    yield from ({"part": "actions", "figure": key, "value": value} for key, value in actions.items())
    for figures in one.coverage:
        for row in coverage.rows(figures):
            about = {key: row.get(key) for key in ("policy", "asks", "group")}
            yield from ({"part": "coverage", **about, "figure": k, "value": row.get(k)} for k in coverage.NUMBERS)
