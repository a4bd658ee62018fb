"""Which records there are: by kind, person, stream, time and standing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

from ..skeleton import Skeleton, when
from .view import View

Order = Literal["date", "id", "kind", "person", "standing"]
# What is said of another record; how that one stands tells of them.
SAID_OF = ("sign-off", "addendum")
STATUSES = ("draft", "recorded", "to-sign", "agreed", "ended", "awaiting", "signed", "disagreed", "changed")


class Listed(NamedTuple):
    """What is said of a record in a line: codes, dates and choices, as far as the audience may read them."""

    id: str
    date: str | None
    kind: str
    label: str
    """What sort of record it is, in words."""
    people: tuple[str, ...]
    group: str | None
    attendance: Mapping[str, str]
    """Of a group, how each came, by code."""
    stream: str | None
    type: str | None
    form: str | None
    """Of an agreement: individual, group, …"""
    approach: str | None
    mode: str | None
    outcome: str | None
    """Of a session that is no draft: held, cancelled, did-not-attend or declined."""
    by: str | None
    """Of a session, whose word it was that it did not take place; of a sign-off or an addendum, whose it is."""
    minutes: int | None
    status: str | None
    standing: str
    """Draft, awaiting SE-201, signed …; for the organisation awaiting or signed."""
    next_date: str | None
    of: str | None
    """Of a sign-off or an addendum, the id of the record that it is about."""


@dataclass(frozen=True)
class Filter:
    """Which records are wanted; whatever is empty leaves them all in."""

    kinds: Collection[str] = ()
    """Without any, all but SAID_OF."""
    people: Collection[str] = ()
    """Codes of people and groups: what is about one of them."""
    streams: Collection[str] = ()
    statuses: Collection[str] = ()
    """Words of STATUSES: how settled a record is, or how it stands between its parties."""
    since: str | None = None
    until: str | None = None

    def keeps(self, view: View, record: Skeleton) -> bool:
        """Whether a record is wanted."""
        day = record.date
        if (self.since and (day or "") < self.since) or (self.until and (day or "9999") > self.until):
            return False
        if (record.kind not in self.kinds) if self.kinds else (record.kind in SAID_OF):
            return False
        if self.streams and view.stream(record) not in self.streams:
            return False
        if self.people and not view.concerns(record, self.people):
            return False
        return not self.statuses or bool({view.text(record, "status"), *view.states(record)} & {*self.statuses})


def listing(
    view: View, wanted: Filter, order: Order = "date", *, reverse: bool = False, limit: int | None = None
) -> list[Listed]:
    """The records that are wanted, no more than `limit`: the latest first, or in another order."""
    kept = (record for record in view.records if wanted.keeps(view, record))
    found = sorted(kept, key=partial(_ORDERS[order], view), reverse=reverse != (order == "date"))
    return [listed(view, record) for record in found[:limit]]


def listed(view: View, record: Skeleton) -> Listed:
    """What is said of a record in a line."""
    legible, facts = view.legible(record), view.facts(record)
    words = {key: fact for key, fact in facts.items() if isinstance(fact, str)}
    minutes, of = facts.get("minutes"), record.tied("of") if "of" in legible else None
    return Listed(
        record.id,
        record.date,
        record.kind,
        view.label_of(record.kind, facts),
        view.people(record),
        words.get("group"),
        record.attendance if "attendance" in legible else {},
        record.stream if "type" in facts else None,
        words.get("type"),
        words.get("form"),
        words.get("approach"),
        words.get("mode"),
        (words.get("outcome") or "held") if record.outcome and record.status != "draft" else None,
        words.get("by"),
        minutes if isinstance(minutes, int) else None,
        words.get("status"),
        view.standing(record),
        words.get("next_date"),
        of.id if of else None,
    )


_ORDERS: Mapping[Order, Callable[[View, Skeleton], Any]] = {
    "date": lambda view, record: when(record),
    "id": lambda view, record: record.id.casefold(),
    "kind": lambda view, record: (record.kind, view.label(record), *when(record)),
    "person": lambda view, record: (view.group(record) or "", view.people(record), *when(record)),
    "standing": lambda view, record: (view.standing(record), *when(record)),
}
