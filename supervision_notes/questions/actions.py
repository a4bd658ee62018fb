"""What was agreed, and what became of it: open actions by their owner, their age and how often they were carried."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ..continuity import OpenAction, every_open_action
from ..skeleton import CLOSED, Action, Skeleton
from .view import View

Order = Literal["due", "owner", "age", "carried", "id"]


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """An action as it stands on a day. Days are ISO dates."""

    id: str
    """Where it was first agreed: `2026-09-29-se201#A2`."""
    state: str
    """Open, done or dropped."""
    owners: tuple[str, ...]
    """Codes; a role where the session does not say who that was."""
    session: Skeleton
    """The session that agreed it."""
    line: Action
    """Its line there."""
    due: str | None
    """The last day that was set."""
    age: int | None
    """How many days ago it was agreed; how many it took, once it is closed."""
    carried: int
    overdue: bool
    spoken_of: str
    """The id of the session that spoke of it last."""
    spoken_on: str | None = None
    """The day of that session."""
    closed: str | None = None
    words: str = ""
    """What it says, once that was lent."""


def actions(
    view: View,
    as_at: str,
    *,
    until: str = "9999",
    closed: bool = False,
    people: Collection[str] = (),
    order: Order = "due",
) -> list[AgreedAction]:
    """The actions that are open, of some people or of everybody; with `closed` those that were answered as well.

    `as_at` is the day (ISO text) by which an action is overdue; one that is due on that day is not. What sessions say
    after the day `until` is left aside.
    """
    found = [_still_open(view, action, as_at) for action in every_open_action(view.workspace, until)]
    if closed:
        found += _closed(view, {action.id.casefold() for action in found}, until)
    seen = (one for one in found if view.knows(one.session) and one.line in view.actions(one.session))
    wanted = {code.casefold() for code in people}
    return sorted((one for one in seen if not wanted or wanted & _whose(one)), key=_ORDERS[order])


def _whose(action: AgreedAction) -> set[str]:
    """The codes by which an action is found: its owners, and the group that agreed it."""
    return {code.casefold() for code in (*action.owners, action.session.text("group") or "")}


def _still_open(view: View, action: OpenAction, as_at: str) -> AgreedAction:
    """An open action; what a review said of it only for those who may read that review."""
    if action.seen_in is not action.agreed_in and not (view.knows(action.seen_in) and view.answers(action.seen_in)):
        agreed, line = action.agreed_in, action.action
        action = OpenAction(action.identity, agreed, line, agreed, line, line.due if line.due == action.due else None)
    return AgreedAction(
        action.identity,
        "open",
        view.owners(action.seen_in, action.line),
        action.agreed_in,
        action.action,
        action.due,
        _days(action.agreed_in.date, as_at),
        action.carried,
        action.due is not None and action.due < as_at,
        action.seen_in.id,
        action.seen_in.date,
    )


def _closed(view: View, still_open: Collection[str], until: str) -> Iterator[AgreedAction]:
    """The actions that a review closed."""
    for session in view.records:
        for line in session.actions:
            which = f"{session.id}#{line.id}"
            told = view.answered.get(which.casefold(), ())
            answered = [(review, said) for review, said in told if (review.date or "") <= until]
            if not line.id or which.casefold() in still_open or not answered or answered[-1][1].state not in CLOSED:
                continue
            last, answer = answered[-1]
            due = next((said.due for _, said in reversed(answered) if said.due), line.due)
            yield AgreedAction(
                which,
                answer.state,
                view.owners(session, line),
                session,
                line,
                due,
                _days(session.date, last.date or ""),
                sum(said.state == "carried" for _, said in answered),
                False,
                last.id,
                last.date,
                last.date,
            )


def _days(since: str | None, until: str) -> int | None:
    if not since or not until:
        return None
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


_ORDERS: Mapping[Order, Callable[[AgreedAction], Any]] = {
    "due": lambda one: (one.due or "9999", one.owners, one.id),
    "owner": lambda one: (one.owners, one.due or "9999", one.id),
    "age": lambda one: (-(one.age or 0), one.id),
    "carried": lambda one: (-one.carried, one.due or "9999", one.id),
    "id": lambda one: one.id,
}
