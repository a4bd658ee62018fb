"""`actions`: what is still open, whose it is, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import click

from ..questions.actions import AgreedAction, Order, actions
from ..questions.wording import Wording
from .asking import Asked, answer, ask, asking, dated
from .settings import Settings
from .tables import Column, Painted

_ORDERS = ("due", "owner", "age", "carried", "id")
_TITLES = [
    *(Column("Due"), Column("Owner", 7), Column("Action", below=True), Column("Agreed in", 20), Column("Age")),
    *(Column("Carried"), Column("State")),
]
_KEYS = (
    *("id", "state", "owners", "words", "session", "agreed", "stream", "group", "due", "overdue", "age", "carried"),
    *("last", "closed"),
)


@click.command("actions")
@click.option("--all", "all_", is_flag=True, help="Those that were answered as well.")
@click.option("--overdue", is_flag=True, help="Only what was due before today and is still open.")
@dated("--as-at", "The day that counts as today; what later sessions say is left aside then [today, and all].")
@click.option("--sort", type=click.Choice(_ORDERS), default="due", help="By what [due].")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="No more than so many.")
@asking()
@click.pass_obj
def command(
    settings: Settings, all_: bool, overdue: bool, as_at: str | None, sort: Order, reverse: bool, limit: int | None,
    whom: tuple[str, ...], as_: str | None, form: str,
) -> None:  # fmt: skip
    """List the actions that nobody has answered yet: by when, whose, what, and where they were agreed.

    An action stays open until the review of a later session says that it is done or dropped. With --for CODE: the
    actions of that person, or those that a group agreed.
    """
    asked = ask(settings, whom, as_, form)
    day = as_at or date.today().isoformat()
    found = actions(asked.view, day, until=as_at or "9999", closed=all_, people=asked.people, order=sort)
    found = [one for one in found if one.overdue or not overdue]
    if reverse:
        found.reverse()
    found = worded(asked, found[:limit])
    answer(asked, _KEYS, map(as_object, found), _TITLES, (row(one, show_state=all_) for one in found))
    if not found:
        asked.remark(_nothing(asked))
    if number := _without_number(asked):
        which, them = ("action has", "it one") if number == 1 else ("actions have", "them some")
        asked.remark(f"{number} {which} no number, and no list can hold what has none: check --fix gives {them}.")


def worded(asked: Asked, found: list[AgreedAction]) -> list[AgreedAction]:
    """Actions with their words, which are read again from the files."""
    wording = Wording(asked.view)
    return [replace(one, words=wording.action(one.session, one.line)) for one in found]


def _without_number(asked: Asked) -> int:
    """How many actions nobody can answer, for they have no number."""
    records = (record for record in asked.view.records if asked.view.concerns(record, asked.people))
    return sum(not line.id for record in records for line in asked.view.actions(record))


def _nothing(asked: Asked) -> str:
    if asked.view.attendance_alone:
        return "actions are for the parties: the organisation sees attendance alone."
    return "no such action is open."


def row(one: AgreedAction, *, show_state: bool) -> list[str | Painted]:
    """An action as a line of a table."""
    due = Painted(f"{one.due} overdue", "red") if one.overdue else one.due or ""
    age = "" if one.age is None else f"{one.age} d"
    carried = f"{one.carried}×" if one.carried else ""
    state = f"{one.state} {one.closed}" if one.closed else one.state
    return [due, " ".join(one.owners), one.words, one.id, age, carried, state if show_state else ""]


def as_object(one: AgreedAction) -> dict[str, Any]:
    """An action for a program."""
    return {
        "id": one.id,
        "state": one.state,
        "owners": one.owners,
        "words": one.words,
        "session": one.session.id,
        "agreed": one.session.date,
        "stream": one.session.stream,
        "group": one.session.text("group"),
        "due": one.due,
        "overdue": one.overdue,
        "age": one.age,
        "carried": one.carried,
        "last": one.spoken_of,
        "closed": one.closed,
    }
