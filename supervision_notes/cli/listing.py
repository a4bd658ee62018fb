"""`list`: which records there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from ..kind import nearest
from ..problem import did_you_mean
from ..problem import listed as words
from ..questions.listing import STATUSES, Filter, Listed, Order, listing
from .asking import PRIVATE, Asked, answer, ask, asking, dated
from .settings import Settings
from .tables import Column, Painted

STREAMS = ("clinical", "practice", "line-management", "safeguarding", "mentoring")
_ORDERS = ("date", "id", "kind", "person", "standing")
_OUTCOMES = {"cancelled": "cancelled", "did-not-attend": "not attended", "declined": "declined"}
_TITLES = [Column("Date"), Column("Id"), Column("What", 12), Column("Who", 14), Column("Standing", 15)]
_KEYS = (
    *(
        "id",
        "date",
        "kind",
        "label",
        "people",
        "group",
        "attendance",
        "stream",
        "type",
        "form",
        "approach",
        "mode",
        "outcome",
    ),
    *("by", "minutes", "status", "standing", "next_date", "of"),
)


@click.command("list")
@click.option("--kind", "kinds", metavar="KIND", multiple=True, help="Only session, agreement, reflection, …")
@click.option("--stream", "streams", type=click.Choice(STREAMS), multiple=True, help="Only sessions of this stream.")
@click.option("--status", "statuses", type=click.Choice(STATUSES), multiple=True, help="Only what stands like this.")
@dated("--since", "Only from this day on.")
@dated("--until", "Only up to this day.")
@click.option("--sort", type=click.Choice(_ORDERS), default="date", help="By what [date: the latest first].")
@click.option("--reverse", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="No more than so many.")
@asking()
@click.pass_obj
def command(
    settings: Settings, kinds: tuple[str, ...], streams: tuple[str, ...], statuses: tuple[str, ...], since: str | None,
    until: str | None, sort: Order, reverse: bool, limit: int | None, whom: tuple[str, ...], as_: str | None, form: str,
) -> None:  # fmt: skip
    """List records, the latest first: when, which, what sort, about whom, and who has yet to sign.

    Sign-offs and addenda are listed where --kind asks for them: what they say of a record shows in its standing.
    Private records are listed for their author alone: --for author.
    """
    asked = ask(settings, whom, as_, form)
    _refuse_unknown(asked, kinds)
    wanted = Filter(kinds, asked.people, streams, statuses, since, until)
    found = listing(asked.view, wanted, sort, reverse=reverse, limit=limit)
    answer(asked, _KEYS, map(as_object, found), _TITLES, map(_row, found))
    if not found:
        asked.remark(_nothing(asked, wanted))


def _refuse_unknown(asked: Asked, kinds: Sequence[str]) -> None:
    known = asked.workspace.register.kinds
    for kind in kinds:
        if kind not in known:
            near = did_you_mean(nearest(kind, known)) or "."
            raise click.UsageError(f"there is no kind of record “{kind}”{near} The kinds are {words([*known], 'and')}.")


def _nothing(asked: Asked, wanted: Filter) -> str:
    """Why the list is empty, as far as the question alone says it."""
    register = asked.workspace.register
    if asked.view.audience.who != "author" and any(register.kinds[kind].private for kind in wanted.kinds):
        return "private records are listed for their author alone: --for author --as CODE."
    if asked.view.attendance_alone:
        return "there is no such session for the organisation, which sees attendance alone."
    if wanted == Filter() and asked.view.audience.who == "parties":
        # Said of every empty folder, so that it tells of no record.
        return f"no record is shared here; {PRIVATE}"
    return "there is no such record."


def what(kind: str | None, type: str | None, *more: str | None) -> str:
    """What a record is, in the words by which it is asked for: of a session its type."""
    return ", ".join(word for word in (type if kind == "session" and type else kind, *more) if word)


def _row(one: Listed) -> list[str | Painted]:
    who = one.group or " ".join(one.people)
    sort = f"{one.kind} of {one.of}" if one.of else what(one.kind, one.type, _OUTCOMES.get(one.outcome or ""))
    return [one.date or "", one.id, sort, who or one.by or "", one.standing]


def as_object(one: Listed) -> dict[str, Any]:
    """What is said of a record, for a program."""
    return {key: getattr(one, key) for key in _KEYS}
