"""A person's year, or a group's: sessions, agreements and actions in the order of their days.

Words are not in it until they are lent: `Timeline.worded` puts in those of the actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    """The codes of those who met or were to meet, of the parties, or of an action's owners."""
    stream: str | None = None
    """Clinical, practice and so on: of a session, and of an action by the session that agreed it."""
    group: str | None = None
    minutes: int | None = None
    mode: str | None = None
    attended: str | None = None
    """How a member attended a group: present, apologies, did-not-attend, or `late 40`."""
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


@dataclass(frozen=True, slots=True)
class Lane:
    """The sessions of one stream with the same people, or of one group; `whom` holds the codes of the others."""

    stream: str | None
    group: str | None
    whom: tuple[str, ...]
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
    def lanes(self) -> tuple[Lane, ...]:
        """The sessions by stream and people, in the order in which they began: what runs side by side."""
        found: dict[tuple[str | None, str | None, tuple[str, ...]], list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.sort == "session":
                whom = () if entry.group else tuple(code for code in entry.people if code != self.of)
                found[entry.stream, entry.group, whom].append(entry)
        return tuple(Lane(*lane, tuple(entries)) for lane, entries in found.items())

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


def timeline(
    view: View, of: str, since: str | None = None, until: str | None = None, beside: Collection[str] = ()
) -> Timeline | None:
    """The time line of a person or a group; None where no record that the audience may know of names them.

    Without `until` it runs up to the last session or other record, without `since` over a year. With `beside` only what
    they share with one of some other people or groups is in it.
    """
    code, is_group = next((one for one in _codes(view) if one[0].casefold() == of.casefold()), ("", False))
    if not code:
        return None
    own = _Own(view, code, is_group)
    if not own.records:
        return None
    until = until or own.last_day
    since = since or _year_before(until)
    wanted = {other.casefold() for other in beside}
    kept = (e for e in own.entries(until) if not wanted or wanted & {c.casefold() for c in (*e.people, e.group or "")})
    entries = sorted(kept, key=_order)
    past = tuple(entry for entry in entries if since <= entry.date <= until)
    later = (entry for entry in entries if entry.date > until)
    # A look back at an earlier year ends with that year.
    return Timeline(code, is_group, since, until, past, tuple(later) if until >= own.last_day else ())


def codes(view: View) -> list[str]:
    """The codes of everyone and of every group that a known record names."""
    return [code for code, _ in _codes(view)]


def _codes(view: View) -> Iterator[tuple[str, bool]]:
    yield from dict.fromkeys((code, False) for record in view.records for code in view.about(record))
    yield from dict.fromkeys((group, True) for record in view.records if (group := view.group(record)))


def _order(entry: Entry) -> tuple[str, int, bool, str]:
    """By day; of one day the session first, then what was answered there, and last what was agreed."""
    sorts = ("agreement", "session", "record", "action")
    return entry.date, sorts.index(entry.sort), entry.what == "agreed", entry.id


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
            sessions = [record for record in self.view.records if self.view.group(record) == self.code]
            agreements = {
                tie.id.casefold() for one in sessions for tie in self.view.ties(one) if tie.fact == "agreement"
            }
            of_them = (record for record in self.view.records if record.id.casefold() in agreements)
            found = [*sessions, *of_them]
        return sorted((record for record in found if record.date), key=lambda record: (record.date or "", record.id))

    @property
    def last_day(self) -> str:
        """The day of the last record; an agreement is drawn up for a time to come, and counts where nothing else is."""
        days = [r.date or "" for r in self.records if r.kind != "agreement"] or [r.date or "" for r in self.records]
        return max(days)

    def entries(self, until: str) -> Iterator[Entry]:
        """What happened up to a day, and what was planned on that day for later."""
        yield from self._sessions(until)
        for record in self.records:
            if record.kind == "agreement":
                yield from self._agreement(record, until)
            elif record.kind not in ("session", "sign-off") and (record.date or "") <= until:
                people = self.view.people(record)
                yield Entry(record.date or "", "record", "written", record.id, self.view.label(record), people)
        yield from self._actions(until)

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
                tuple(code for code in view.people(session) if code in (*session.parties, *session.attendance)),
                view.stream(session),
                view.group(session),
                view.number(session, "minutes"),
                view.text(session, "mode"),
                session.attendance.get(self.code) if view.sees(session, "attendance") else None,
                (day - before).days if before else None,
                view.standing(session),
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
        replacing = (record for record, _ in view.workspace.tied_to(agreement.id, "replaces") if view.find(record.id))
        ends = [view.text(agreement, "end"), *(record.date for record in replacing)]
        over = min((day for day in ends if day), default="9999")
        whole = Entry(
            agreement.date or "",
            "agreement",
            "starts",
            agreement.id,
            view.label(agreement),
            view.people(agreement),
            standing=view.standing(agreement),
        )
        yield whole
        if whole.date <= until:
            if (review := view.text(agreement, "review_date")) and review < over:
                yield replace(whole, date=review, what="review")
            if end := view.text(agreement, "end"):
                yield replace(whole, date=end, what="ends")

    def _actions(self, until: str) -> Iterator[Entry]:
        answered: dict[str, list[tuple[Skeleton, Action]]] = defaultdict(list)
        for which, session, line in answers(self.view.workspace):
            if (session.date or "") <= until:
                answered[which].append((session, line))
        for session in self.view.records:
            if session.date and session.date <= until:
                for line in self.view.actions(session):
                    owners = self.view.owners(session, line)
                    mine = session.text("group") == self.code if self.is_group else self.code in owners
                    if line.id and mine:
                        which = f"{session.id}#{line.id}"
                        yield from self._action(which, session, line, answered[which.casefold()], until)

    def _action(
        self, which: str, session: Skeleton, line: Action, answered: list[tuple[Skeleton, Action]], until: str
    ) -> Iterator[Entry]:
        """When it was agreed, carried and closed, and when it was due, as far as it was still open then."""
        whole = Entry(
            session.date or "",
            "action",
            "agreed",
            which,
            "Action",
            self.view.owners(session, line),
            session.stream,
            session.text("group"),
            due=line.due,
        )
        yield whole
        due = line.due
        for later, answer in answered:
            day, told = later.date or "", self.view.knows(later) and self.view.answers(later)
            if due and due < day and (answer.state in CLOSED or answer.due):
                yield replace(whole, date=due, what="due", due=due)
            if answer.state in CLOSED or answer.due:
                due = answer.due if answer.state not in CLOSED and told else None
            if answer.state != "open" and told:
                yield replace(whole, date=day, what=answer.state, due=due)
        if due:
            yield replace(whole, date=due, what="due", due=due, overdue=due < until)


def _planned(entry: Entry) -> Entry:
    """A session that is planned, told by the one that names its day."""
    return Entry(entry.date, "session", "planned", entry.id, entry.label, entry.people, entry.stream, entry.group)


def _year_before(until: str) -> str:
    """The first day of the year that ends on a day."""
    day = date.fromisoformat(until)
    if day.month == 2 and day.day == 29:
        return date(day.year - 1, 3, 1).isoformat()
    return (day.replace(year=day.year - 1) + timedelta(days=1)).isoformat()


def _months(since: str, until: str) -> Iterator[str]:
    year, month = int(since[:4]), int(since[5:7])
    while (name := f"{year:04}-{month:02}") <= until[:7]:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
