"""`due`: whose next session is due, by when, and by which policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import click

from ..attendance import attended, withheld
from ..kind import nearest
from ..people import people
from ..policies import TYPES
from ..problem import did_you_mean
from ..questions.due import STATES, Due, LeftOut, Order, due, left_out, unsaid, unseen
from ..questions.programme import Programme
from .asking import Asked, answer, ask, asking, dated
from .pages import PAGES, agree, paged, print_page
from .settings import Settings
from .sources import collect, counted, elsewhere, named, remark_not_counted, remark_unseen
from .tables import Column, Painted

_TITLES = [
    *(Column("Person"), Column("Name", 8), Column("State", 8), Column("Due"), Column("Last"), Column("Policy", 8)),
    Column("Why", below=True),
]
_KEYS = (
    *("person", "policy", "last", "due", "overdue", "reason", "overdue_since", "state", "light", "asks", "stream"),
    "supervisors",
)
# How the reasons are told for which somebody is not in the list, of one person and of several.
OUTSIDE: Mapping[LeftOut, str] = {
    "not-eligible": "not eligible",
    "not-started": "not started yet",
    "left": "left",
    "no-profile": "not in people.yaml",
    "no-policy": "under no policy here",
}


@click.command("due")
@click.option("--overdue", is_flag=True, help="Only who is overdue.")
@click.option("--supervisor", metavar="CODE", help="Only those who are allocated to this supervisor, in each stream.")
@click.option("--names", is_flag=True, help="Show names beside the codes.")
@dated("--as-at", "The day that counts as today [today].")
@click.option("--sort", type=click.Choice(("due", "person")), default="due", help="By what [due].")
@elsewhere
@paged
@asking(PAGES)
@click.pass_obj
def command(
    settings: Settings, overdue: bool, supervisor: str | None, names: bool, as_at: str | None, sort: Order,
    files: tuple[str, ...], more: tuple[str, ...], database: str | None, output: str | None, whom: tuple[str, ...],
    as_: str | None, form: str,
) -> int:  # fmt: skip
    """Say by when everybody needs their next session, by each policy that holds for them, and who is overdue.

    The day that is named still meets the policy; the day after is overdue. Attendance alone is looked at.
    --format html or pdf makes a page of it; with --supervisor, the supervisor's own page.
    """
    agree(form, output)
    where = named(files, more, database)
    asked = ask(settings, whom, as_, form, where.reading, counting=True)
    day = as_at or date.today().isoformat()
    register = asked.workspace.register
    supervisor = supervisor_of(asked, supervisor)
    audience = asked.view.audience
    found_there = collect(asked, attended(asked.workspace, audience), where)
    known, hidden = found_there.known, withheld(asked.workspace) if audience.who == "organisation" else None
    programme = Programme.of(register, known.facts, claims=known.claims, withheld=hidden)
    # An author knows their own sessions: of anybody else they could not say when the last one was.
    only = (audience.person,) if audience.person else asked.people
    whole = due(programme, day, only=only, supervisor=supervisor, order=sort)
    absent = left_out(programme, day, whole, only=only, supervisor=supervisor)
    found = [one for one in whole if one.overdue or not overdue]
    doubtful = unsaid(whole) if overdue else 0
    if form in ("html", "pdf"):
        from ..printing.standing import Standing

        page = Standing(whole, asked.workspace, day, absent, tuple(only), supervisor, overdue, names)
        print_page(asked, page, output)
    else:
        shown = {one.person: register.name_of(one.person) or "" for one in found if names}
        objects = (as_object(one) | ({"name": shown[one.person]} if names else {}) for one in found)
        answer(asked, (*_KEYS, "name") if names else _KEYS, objects, _TITLES, (_row(one, shown) for one in found))
    for several in counted(doubtful, "person", "people"):
        asked.remark(f"of {several} it cannot be said whether they are overdue.")
    if not whole:
        asked.remark("there is nobody here whom a policy asks about.")
    elif not found:
        asked.remark("nobody else is overdue." if doubtful else "nobody is overdue.")
    remark_unseen(asked, unseen(whole))
    if absent:
        told = "; ".join(f"{number} {OUTSIDE[reason]}" for reason, number in absent.items())
        asked.remark(f"not in this list: {told}.")
    remark_not_counted(asked, found_there.left_out)
    return max(remark_policies(asked, day), int(found_there.wrong > 0))


def supervisor_of(asked: Asked, typed: str | None) -> str | None:
    """The code of a supervisor whom the register names, as it writes it."""
    if typed is None:
        return None
    register = asked.workspace.register
    entries = (entry for code in register.people or () for s in TYPES for entry in register.supervisors_of(code, s))
    known = {str(entry.get("id")).casefold(): str(entry.get("id")) for entry in entries if entry.get("id")}
    if typed.casefold() not in known:
        near = did_you_mean(nearest(typed, known.values())) or "."
        raise click.UsageError(f"people.yaml names no supervisor “{typed}”{near}")
    return known[typed.casefold()]


def remark_policies(asked: Asked, day: str) -> int:
    """Say which policies cannot be used or want comparing with their source; 1 where one cannot be used.

    Of how many people nothing can be said is told as well.
    """
    register = asked.workspace.register
    mistaken = sum(person.mistaken and person.eligible for person in people(register)) if register.mistaken else 0
    for several in counted(mistaken, "person has", "people have"):
        asked.remark(
            f"{several} a mistake or a blank in their dates in people.yaml, and nothing is said of them: see check."
        )
    unusable = [name for name, policy in register.policies.items() if policy is None]
    for name, policy in register.policies.items():
        if policy is None:
            asked.remark(f"the policy {name} cannot be used: supervision-notes check says why.")
        elif policy.out_of_date(day):
            asked.remark(f"the policy {name} is as of {policy.as_of}: compare it with its source.")
    return int(bool(unusable))


def _row(one: Due, names: dict[str, str]) -> list[str | Painted]:
    words, light = STATES[one.state]
    since = f" since {one.overdue_since}" if one.overdue_since else ""
    state = Painted(f"{words}{since}", "" if light == "grey" else light)
    return [one.person, names.get(one.person, ""), state, one.due or "", one.last or "", one.policy, one.reason]


def as_object(one: Due) -> dict[str, Any]:
    """How somebody stands, for a program."""
    return {key: getattr(one, key) for key in _KEYS}
