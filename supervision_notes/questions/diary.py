"""What belongs into a diary: the day on which somebody's supervision is due, and the next session of each chain.

Nothing in it depends on the day on which it is asked, but what `due` says: the same facts give the same diary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ..attendance import kept_back
from ..dates import read_date
from ..kind import registers
from ..policies import Policy
from ..skeleton import Skeleton
from .due import Due
from .view import View

Note = Literal["", "paused", "called off"]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day in a diary, in codes and dates."""

    sort: Literal["due", "session"]
    day: str
    """The day, ISO text."""
    what: str
    """What is due or planned, in words: `Clinical supervision`, `One-to-one clinical supervision`."""
    whom: tuple[str, ...]
    """The codes of those whom it is about, or that of a group."""
    same: tuple[str, ...]
    """What it stays the same by, when its day changes: the person and what is asked for, or the chain."""
    policy: str = ""
    note: Note = ""


def due_days(found: Iterable[Due], policies: Mapping[str, Policy | None]) -> Iterator[Appointment]:
    """The last day that still meets each policy, of whoever has one. An allowance is an offer: it is never due.

    Nor does a diary hold a day that has passed, of whoever has no session that is known.
    """
    streams = registers()["policy"].fields["stream"].words
    for one in found:
        policy = policies.get(one.policy)
        if policy and one.due and not one.unseen and one.asks != "allowance":
            yield Appointment(
                "due",
                one.due,
                str(streams[one.stream]),
                (one.person,),
                (one.person, one.policy, one.asks),
                one.policy,
                "paused" if one.state == "paused" else "",
            )


def next_sessions(view: View, people: Collection[str] = (), supervisor: str | None = None) -> Iterator[Appointment]:
    """The next session of each chain, of some people or groups or of all, or of those whom somebody supervises.

    It is the one that the last record of the chain names, or that record itself where nobody has written it up yet.
    """
    for chain, sessions in view.workspace.chains.items():
        known = [one for one in sessions if view.knows(one) and not _is_kept_back(view, one)]
        last = known[-1] if known else None
        if last is None or not _is_theirs(view, last, people, supervisor):
            continue
        ahead, off = _ahead(view, last)
        if last.date and read_date(ahead):
            group = view.group(last)
            whom = (group,) if group else tuple(dict.fromkeys(code for code in chain[1:] if code))
            note: Note = "called off" if off else ""
            yield Appointment("session", ahead, view.label(last), whom, chain, note=note)


def _ahead(view: View, last: Skeleton) -> tuple[str, bool]:
    """The day of the session that comes after the last record of a chain, and whether it was called off.

    One that was called off, with no other day for it, keeps its own, so that a diary does not go on showing it.
    """
    if last.status == "draft" and last.held:
        return last.date or "", False
    if day := view.text(last, "rearranged_to") or view.text(last, "next_date"):
        return day, False
    off = view.text(last, "outcome") in ("cancelled", "declined")
    return (last.date or "", True) if off else ("", False)


def _is_theirs(view: View, session: Skeleton, people: Collection[str], supervisor: str | None) -> bool:
    leading = (session.text("supervisor"), session.text("facilitator"))
    return view.concerns(session, people) and (supervisor is None or supervisor in leading)


def _is_kept_back(view: View, session: Skeleton) -> bool:
    return view.attendance_alone and kept_back(view.workspace, session)
