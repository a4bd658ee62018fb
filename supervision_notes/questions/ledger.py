"""A ledger of calendar months: what each asks for, and what was had in it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from .clock import first_of, month_of
from .history import History, Minutes, credit

_DAY = timedelta(1)
# How far a month is looked for that asks for something.
_FAR = 240


class Ledger:
    """The months of one history, in each of which so many minutes are asked for, averaged over some months or not."""

    def __init__(self, history: History, least: int, window: int) -> None:
        self.history, self.least, self.window = history, least, window
        person = history.person
        self._start = None if person.start is None else month_of(person.start) + (person.start.day > 1)
        self._end = None if person.leave is None else month_of(person.leave + _DAY) - 1
        self._away = [tuple(month_of(date.fromordinal(day)) for day in pause) for pause in history.clock.pauses]
        self._first_short: dict[int, int] = {}
        self._had: dict[int, Minutes] = defaultdict(int)
        for fact in history.facts:
            month = month_of(date.fromisoformat(fact.date))
            self._had[month] += credit(history.policy.group_credit, fact)

    @classmethod
    def of(cls, history: History, least: int, window: int) -> Ledger:
        """The ledger of a history, which is made once."""
        if (least, window) not in history.kept:
            history.kept[least, window] = cls(history, least, window)
        ledger: Ledger = history.kept[least, window]
        return ledger

    def asks(self, month: int) -> bool:
        """Whether a month asks for anything: not one that somebody starts or leaves in, or that a pause touches."""
        if (self._start is not None and month < self._start) or (self._end is not None and month > self._end):
            return False
        return not (self._away and any(first <= month <= last for first, last in self._away))

    def had(self, month: int, last: int, as_at: date | None = None) -> Minutes:
        """The minutes of the months from one to another, without what lies after a day."""
        now = month_of(as_at) if as_at else last + 1
        minutes = sum([self._had.get(one, 0) for one in range(month, min(last + 1, now))])
        return minutes + self.history.minutes(first_of(now), as_at) if as_at and month <= now <= last else minutes

    def total(self, month: int, as_at: date | None = None) -> Minutes:
        """The minutes of the months that are looked at together at the end of a month."""
        return self.had(month - self.window + 1, month, as_at)

    def need(self, month: int) -> int:
        """What those months ask for."""
        return self.least * sum([self.asks(month - n) for n in range(self.window)])

    def short(self, month: int, as_at: date | None = None) -> bool:
        """Whether it is not enough at the end of a month."""
        return self.total(month, as_at) < self.need(month)

    def before(self, month: int) -> int | None:
        """The last month before another that asked for something."""
        for earlier in range(month - 1, max(month - _FAR, self._start or 0) - 1, -1):
            if self.asks(earlier):
                return earlier
        return None

    def made_up(self, month: int, as_at: date) -> bool:
        """Whether what a month lacked was had since: all of another month's, or what brings the average up again."""
        now = month_of(as_at)
        since = self.had(month + 1, now, as_at)
        if self.window == 1:
            return since >= self.need(month)
        return since + self.total(month, as_at) >= self.need(month) or not self.short(now, as_at)

    def first_short(self, month: int) -> int:
        """The first of the months up to one that is past that were all short; without a start nobody knows it."""
        seen = []
        while month not in self._first_short:
            seen.append(month)
            before = None if self._start is None else self.before(month)
            if before is None or not self.short(before):
                self._first_short[month] = month
            else:
                month = before
        self._first_short.update(dict.fromkeys(seen, self._first_short[month]))
        return self._first_short[month]

    def next_short(self, as_at: date) -> int | None:
        """The first month from this one on at whose end it will not be enough, if nobody meets before."""
        ahead = range(month_of(as_at), month_of(as_at) + _FAR)
        return next((month for month in ahead if self.asks(month) and self.short(month, as_at)), None)
