"""A time line as it is told: entries by day, and by month, by lane and in all; plain codes, days and choices.

Words are not in it until they are lent: `Timeline.worded` puts in those of the actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, NamedTuple

Sort = Literal["session", "agreement", "action", "record"]

# What an entry says of its day, and the words for it.
WHAT: Mapping[str, str] = {
    "held": "held",
    "cancelled": "cancelled",
    "did-not-attend": "not attended",
    "declined": "declined",
    "absent": "held without them",
    "planned": "planned",
    "draft": "draft",
    "unclear": "outcome not known",
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
# Sessions of which nobody has recorded yet that they were held, or that they were not.
NOT_YET = ("planned", "draft", "unclear")
# The last day of a pause that has no end in sight.
FOREVER = date.max.isoformat()
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
    """How long a session was: to whoever came late, as long as they were there."""
    mode: str | None = None
    attended: str | None = None
    """How a member attended a group: present, apologies, did-not-attend, or `late 40`."""
    absent: tuple[tuple[str, str], ...] = ()
    """Of a group's session, who was not there, and how: apologies or did-not-attend."""
    given: bool = False
    """Whether the person led it: that is another's supervision, and none of theirs."""
    days: int | None = None
    """How many days after the last one of its chain that was held."""
    gap: int | None = None
    """How many days after the last one of its stream that was held, with whomever; both given or both received."""
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


class Total(NamedTuple):
    """The sessions of one stream that a person had or, apart from them, gave; of a group, those that it had."""

    stream: str | None
    given: bool
    held: int
    minutes: int
    """How long they were there, of the sessions that say so."""
    missed: int
    longest: int | None
    """The most days between two that were held; of sessions that were given nobody counts them."""
    paused: tuple[tuple[str, str], ...] = ()
    """First and last days of pauses that lie in that gap or reach into it."""


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
    pauses: tuple[tuple[str, str], ...] = ()
    """When the person was away, by the register: first and last days."""

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
        others = (entry for entry in self.entries if entry.sort == "session" and entry.what not in NOT_YET)
        return tuple(entry for entry in others if entry.what != "held")

    @property
    def totals(self) -> tuple[Total, ...]:
        """What was had and given, by stream: what was had first, in the order in which it began."""
        found: dict[tuple[bool, str | None], list[Entry]] = defaultdict(list)
        for entry in sorted((*self.held, *self.missed), key=in_order):
            found[entry.given, entry.stream].append(entry)
        return tuple(self._total(*key, found[key]) for key in sorted(found, key=lambda key: key[0]))

    def _total(self, given: bool, stream: str | None, entries: list[Entry]) -> Total:
        held = [entry for entry in entries if entry.what == "held"]
        minutes, missed = sum(entry.minutes or 0 for entry in held), len(entries) - len(held)
        widest = max((entry for entry in held if entry.gap and not given), key=lambda e: e.gap or 0, default=None)
        if widest is None:
            return Total(stream, given, len(held), minutes, missed, None)
        return Total(stream, given, len(held), minutes, missed, widest.gap, self.paused(widest.date, widest.gap))

    def paused(self, day: str, days: int | None) -> tuple[tuple[str, str], ...]:
        """The pauses in so many days before a day."""
        before = (date.fromisoformat(day) - timedelta(days=days or 0)).isoformat()
        return tuple(pause for pause in self.pauses if before < pause[1] and pause[0] < day)

    def worded(self, words: Mapping[str, str]) -> Timeline:
        """The same with the words of its actions, by their identity."""

        def with_words(entries: Iterable[Entry]) -> tuple[Entry, ...]:
            return tuple(replace(e, words=words.get(e.id, "")) if e.sort == "action" else e for e in entries)

        return replace(self, entries=with_words(self.entries), ahead=with_words(self.ahead))


def in_order(entry: Entry) -> tuple[str, int, bool, str]:
    """By day; of one day the session first, then what was answered there, and last what was agreed."""
    sorts = ("agreement", "session", "record", "action")
    return entry.date, sorts.index(entry.sort), entry.what == "agreed", entry.id


def _months(since: str, until: str) -> Iterator[str]:
    year, month = int(since[:4]), int(since[5:7])
    while (name := f"{year:04}-{month:02}") <= until[:7]:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
