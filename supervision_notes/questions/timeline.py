"""A person's year, or a group's: sessions, agreements and actions in the order of their days.

Words are not in it until they are lent: `Timeline.worded` puts in those of the actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from ..continuity import CLOSED, answers
from ..dates import read_date
from ..skeleton import Action, Skeleton
from .view import View

Sort = Literal["session", "agreement", "action", "record"]

# What an entry says of its day, and the words for it.
WHAT: Mapping[str, str] = {
    "held": "held",
    "cancelled": "cancelled",
    "did-not-attend": "not attended",
    "declined": "declined",
    "absent": "held without them",
    "planned": "planned",
    "starts": "starts",
    "review": "to be reviewed",
    "ends": "ends",
    "agreed": "agreed",
    "due": "due",
    "carried": "carried",
    "done": "done",
    "dropped": "dropped",
    "written": "written",
}
EXTENDED = "confidentiality extended, see restricted note"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day. `what` is a key of WHAT; only codes, dates and choices stand in it, but for `words`."""

    date: str
    sort: Sort
    what: str
    id: str
    """The record's id; an action's full identity, such as `2026-09-29-se201#A2`."""
    label: str
    """What sort of record it is: `One-to-one clinical supervision`; of an action `Action`."""
    people: tuple[str, ...] = ()
    """The codes of everyone it is about; of an action its owners."""
    stream: str | None = None
    """Clinical, practice and so on: of a session, and of an action by the session that agreed it."""
    group: str | None = None
    minutes: int | None = None
    mode: str | None = None
    days: int | None = None
    """How many days after the last one of its chain that was held."""
    standing: str = ""
    """Draft, awaiting SE-201, signed …; for the organisation awaiting or signed."""
    rearranged_to: str | None = None
    due: str | None = None
    overdue: bool = False
    """Whether an action was due before the last day that is looked at, and nobody answered it."""
    extended: bool = False
    """Whether the parties are told that confidentiality was extended: see EXTENDED."""
    words: str = ""
    """The words of an action, once they were lent."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the year that is shown, `2026-09`, and what was in it: often nothing."""

    month: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Timeline:
    """What happened from one day to another, both counted (ISO dates), and what was planned for after that."""

    of: str
    """The code of the person or group."""
    is_group: bool
    since: str
    until: str
    entries: tuple[Entry, ...]
    ahead: tuple[Entry, ...] = ()
    """Planned for after the last day: the next session, actions due, an agreement's review and end."""

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month from the first day to the last, those without an entry too."""
        found: dict[str, list[Entry]] = {month: [] for month in _months(self.since, self.until)}
        for entry in self.entries:
            found[entry.date[:7]].append(entry)
        return tuple(Month(month, tuple(entries)) for month, entries in found.items())

    @property
    def held(self) -> tuple[Entry, ...]:
        """The sessions that took place with them."""
        return tuple(entry for entry in self.entries if entry.sort == "session" and entry.what == "held")

    @property
    def missed(self) -> tuple[Entry, ...]:
        """The sessions that did not take place, or not with them."""
        return tuple(entry for entry in self.entries if entry.sort == "session" and entry.what != "held")

    @property
    def minutes(self) -> int:
        """How long they met, of the sessions that say so."""
        return sum(entry.minutes or 0 for entry in self.held)

    @property
    def longest(self) -> int:
        """The most days between two sessions of one chain that were held."""
        return max((entry.days or 0 for entry in self.held), default=0)

    def worded(self, words: Mapping[str, str]) -> Timeline:
        """The same with the words of its actions, by their identity."""

        def with_words(entries: Iterable[Entry]) -> tuple[Entry, ...]:
            return tuple(replace(e, words=words.get(e.id, "")) if e.sort == "action" else e for e in entries)

        return replace(self, entries=with_words(self.entries), ahead=with_words(self.ahead))


def timeline(view: View, of: str, since: str | None = None, until: str | None = None) -> Timeline | None:
    """The time line of a person or a group; None where no record that the audience may know of names them.

    Without `until` it runs up to the last session or other record, without `since` over a year.
    """
    code, is_group = next((one for one in _codes(view) if one[0].casefold() == of.casefold()), ("", False))
    if not code:
        return None
    own = _Own(view, code, is_group)
    until = until or own.last_day
    since = since or _year_before(until)
    entries = sorted(own.entries(until), key=_order)
    past = tuple(entry for entry in entries if since <= entry.date <= until)
    return Timeline(code, is_group, since, until, past, tuple(entry for entry in entries if entry.date > until))


def codes(view: View) -> list[str]:
    """The codes of everyone and of every group that a known record names."""
    return [code for code, _ in _codes(view)]


def _codes(view: View) -> Iterator[tuple[str, bool]]:
    yield from dict.fromkeys((code, False) for record in view.records for code in view.about(record))
    yield from dict.fromkeys((group, True) for record in view.records if (group := view.text(record, "group")))


def _order(entry: Entry) -> tuple[str, int, str]:
    """By day; of one day the session first, then what was answered there and what was agreed."""
    sorts = ("agreement", "session", "record", "action")
    return entry.date, sorts.index(entry.sort) * 10 + list(WHAT).index(entry.what) // 9, entry.id


@dataclass(frozen=True)
class _Own:
    """What a view holds of one person or group."""

    view: View
    code: str
    is_group: bool

    @cached_property
    def records(self) -> list[Skeleton]:
        """Those that are about them, in the order of their dates."""
        if not self.is_group:
            found = [record for record in self.view.records if self.code in self.view.about(record)]
        else:
            sessions = [record for record in self.view.records if self.view.text(record, "group") == self.code]
            agreements = {tie.id.casefold() for one in sessions for tie in self.view.ties(one) if tie.fact == "agreement"}
            of_them = (record for record in self.view.records if record.id.casefold() in agreements)
            found = [*sessions, *of_them]
        return sorted((record for record in found if record.date), key=lambda record: (record.date or "", record.id))

    @property
    def last_day(self) -> str:
        """The day of the last record; an agreement is drawn up for a time to come, and counts where nothing else is."""
        days = [r.date or "" for r in self.records if r.kind != "agreement"] or [r.date or "" for r in self.records]
        return max(days, default=date.max.isoformat())

    def entries(self, until: str) -> Iterator[Entry]:
        """What happened up to a day, and what was planned on that day for later."""
        yield from self._sessions(until)
        for record in self.records:
            if record.kind == "agreement":
                yield from self._agreement(record, until)
            elif record.kind not in ("session", "sign-off") and (record.date or "") <= until:
                yield Entry(record.date or "", "record", "written", record.id, self.view.label(record), self._people(record))
        yield from self._actions(until)

    def _people(self, record: Skeleton) -> tuple[str, ...]:
        return self.view.people(record)

    def _sessions(self, until: str) -> Iterator[Entry]:
        view = self.view
        held: dict[tuple[str, ...], date] = {}
        last: dict[tuple[str, ...], Entry] = {}
        for session in self.records:
            day = read_date(session.date or "")
            if session.kind != "session" or day is None or (session.date or "") > until:
                continue
            there = session.held and (self.is_group or self.code in session.parties)
            before = held.get(session.chain) if there and session.chain else None
            entry = Entry(
                day.isoformat(),
                "session",
                "absent" if session.held and not there else session.text("outcome") or "held",
                session.id,
                view.label(session),
                self._people(session),
                session.stream,
                view.text(session, "group"),
                view.number(session, "minutes"),
                view.text(session, "mode"),
                (day - before).days if before else None,
                view.standing(session).words,
                view.text(session, "rearranged_to"),
                extended=view.extended(session),
            )
            yield entry
            if there:
                held[session.chain] = day
            if read_date(planned := view.text(session, "next_date") or ""):
                last[session.chain] = replace(entry, date=planned)
            else:
                last.pop(session.chain, None)
        for entry in last.values():
            if entry.date > until:
                yield _planned(entry)

    def _agreement(self, agreement: Skeleton, until: str) -> Iterator[Entry]:
        view = self.view
        label, standing = view.label(agreement), view.standing(agreement).words
        replaced = [other.date or "" for other, _ in view.workspace.tied_to(agreement.id, "replaces") if other in view.records]
        end = min(filter(None, [view.text(agreement, "end"), *replaced]), default=None)
        review = view.text(agreement, "review_date")
        for what, day in (("starts", agreement.date), ("review", review), ("ends", view.text(agreement, "end"))):
            if day and (what != "review" or end is None or day < end):
                people = self._people(agreement)
                yield Entry(day, "agreement", what, agreement.id, label, people, standing=standing)
