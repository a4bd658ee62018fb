"""What one policy comes to for one person: each shape of a policy is a function from a history and a day to an answer.

The boundaries are written here once. The last day of a gap or a month still meets the policy; the day after does not.
A pause stops the clock. A new starter's clock begins on the day of the start. A year after 29 February is 28 February.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Literal, NamedTuple

from ..attendance import Attendance
from ..policies import GroupCredit, Policy
from .clock import after, first_of, last_of, month_name, month_of, months_after
from .history import History, Minutes, credit
from .ledger import Ledger

_DAY = timedelta(1)
_NO_START = ", and people.yaml gives no start"
_NOTHING_KNOWN = f"no session that counts is known{_NO_START}"
_AWAY = ", paused days left out"
Unasked = Literal["new-starter", "paused", "client-hours-not-known"]


class Answer(NamedTuple):
    """What a shape says on a day."""

    reason: str
    due: date | None = None
    """The last day that still meets the policy."""
    since: date | None = None
    """The first day on which it is overdue."""
    overdue: bool = False
    met: bool = True
    """Whether it is met: of a month that ends on this very day, whether it was enough."""
    unasked: Unasked | None = None
    """Why it is not asked for yet, though it is not met either."""


# days


def maximum_gap_days(history: History, as_at: date) -> Answer:
    """No more than so many days after the last session, or after the start."""
    days: int = history.policy.asks["maximum_gap_days"]
    answer = _within(history, as_at, history.last(as_at), lambda day, reading: reading + days)
    return _said(answer, f"{days} days")


def phases(history: History, as_at: date) -> Answer:
    """The longest gap by the phase that each day lies in; without a start, that of the last phase."""
    start, policy, last = history.person.start, history.policy, history.last(as_at)
    gaps = [phase.maximum_gap_days for phase in policy.phases]
    if start is None:
        answer = _within(history, as_at, last, lambda day, reading: reading + gaps[-1])
        return _said(answer, f"{gaps[-1]} days (no start in people.yaml, so the last phase)")
    begin = history.clock.reading(start)
    ends = [begin + (after(start, phase.until) - start).days if phase.until else None for phase in policy.phases]
    answer = _within(history, as_at, last, lambda day, reading: _first_breach(reading, begin, gaps, ends) - 1)
    # What is told is the gap that was missed, or else that of today.
    reading = history.clock.reading(answer.since if answer.overdue and answer.since else as_at)
    now = next((n for n, end in enumerate(ends) if end is None or reading <= end), len(ends) - 1)
    until = policy.phases[now].until
    return _said(answer, f"{gaps[now]} days{f' (until {until} after the start)' if until else ''}")


def _first_breach(reading: int, begin: int, gaps: Sequence[int], ends: Sequence[int | None]) -> int:
    """The first reading on which the time since another one is longer than its phase allows."""
    for gap, end in zip(gaps, ends, strict=True):
        breach = max(reading + gap, begin) + 1
        if end is None or breach <= end:
            return breach
        begin = end
    return max(reading + gaps[-1], begin) + 1


def sessions_per(history: History, as_at: date) -> Answer:
    """So many sessions in any so many months. What counts is the one that leaves them first."""
    asked: Mapping[str, int] = history.policy.asks["sessions_per"]
    number, months, clock = history.until(as_at), asked["months"], history.clock
    first = number - asked["count"]
    days = [date.fromisoformat(day) for day in history.days[max(first, 0) : number]]

    def to(day: date, reading: int) -> int:
        return reading + (months_after(day, months) - day).days

    answer = _within(history, as_at, days[0] if first >= 0 else None, to)
    still = sum(to(day, clock.reading(day)) >= clock.reading(as_at) for day in days)
    told = f"{still} of {asked['count']} {'session' if asked['count'] == 1 else 'sessions'} in {_months(months)}"
    if answer.reason == _NOTHING_KNOWN:
        return answer._replace(reason=f"{told}{_NO_START}") if number else answer
    return answer._replace(reason=f"{told}{_AWAY}" if answer.reason.endswith(_AWAY) else told)


def _within(history: History, as_at: date, last: date | None, to: Callable[[date, int], int]) -> Answer:
    """What is asked for within a time of a session or of the start; `to` says up to which reading of the clock."""
    start, clock = history.person.start, history.clock
    if start is None and last is None:
        return Answer(_NOTHING_KNOWN, overdue=True, met=False)
    new = last is None or (start is not None and start > last)
    day = max(filter(None, (start, last)))
    reading = to(day, clock.reading(day))
    due, late = clock.day(reading), clock.day(reading + 1)
    overdue = late is not None and late <= as_at
    # Whoever has just started may still be covered by a session before that.
    covered = clock.day(to(last, clock.reading(last))) if new and last else None
    unasked: Unasked | None = "new-starter" if new and not overdue and (covered is None or covered < as_at) else None
    away = _AWAY if clock.touches(day, due or as_at) else ""
    return Answer(f"{'the start, ' if new else ''}{day}{away}", due, late, overdue, not overdue, unasked)


def _said(answer: Answer, asked: str) -> Answer:
    """An answer whose reason begins with what was asked for."""
    if answer.reason == _NOTHING_KNOWN:
        return answer
    since = f"more than {asked} since" if answer.overdue else f"{asked} from"
    return answer._replace(reason=f"{since} {answer.reason}")


# calendar months


def minutes_per_month(history: History, as_at: date) -> Answer:
    """Minutes in every calendar month, with no averaging: what one month lacked, no other can make up for."""
    return _by_month(Ledger.of(history, history.policy.asks["minutes_per_month"], 1), as_at)


def minutes_averaged(history: History, as_at: date) -> Answer:
    """Minutes a calendar month on average over the last so many."""
    asked: Mapping[str, int] = history.policy.asks["minutes_averaged"]
    return _by_month(Ledger.of(history, asked["minutes"], asked["months"]), as_at)


def _by_month(ledger: Ledger, as_at: date) -> Answer:
    if ledger.history.person.start is None and not ledger.history.until(as_at):
        return Answer(_NOTHING_KNOWN, overdue=True, met=False)
    now = month_of(as_at)
    before = ledger.before(now)
    overdue = before is not None and ledger.short(before, as_at) and not ledger.made_up(before, as_at)
    told = before if before is not None and overdue else now
    month = ledger.first_short(told) if overdue else ledger.next_short(as_at)
    due = None if month is None else last_of(month)
    late = due and ledger.history.clock.day(ledger.history.clock.reading(due) + 1)
    return Answer(_in_months(ledger, told, as_at), due, late, overdue, *_met(ledger, as_at, before, overdue))


def _met(ledger: Ledger, as_at: date, before: int | None, overdue: bool) -> tuple[bool, Unasked | None]:
    """Whether it is met, judged by the last month that asked, or by this one if it does and ends on this very day.

    And why nothing was asked for yet.
    """
    now = month_of(as_at)
    ended = as_at == last_of(now) and ledger.asks(now)
    judged = now if ended else before
    if judged is not None and ledger.need(judged):
        return (not ledger.short(now, as_at) if ended else not overdue), None
    if ledger.total(now, as_at) >= ledger.least:
        return True, None
    # Somebody started lately, or was away.
    away = ledger.history.clock.touches(ledger.history.person.start or first_of(now), as_at)
    return False, "paused" if away else "new-starter"


def _in_months(ledger: Ledger, month: int, as_at: date) -> str:
    total = _whole(ledger.total(month, as_at))
    if ledger.window == 1:
        return f"{total} of {ledger.least} minutes in {month_name(month)}"
    return f"{total} of {ledger.need(month)} minutes in {ledger.window} months up to {month_name(month)}"


# the rest


def client_hours_per_supervision_hour(history: History, as_at: date) -> Answer:
    """At most so many hours with clients for each hour of supervision, over the last so many months."""
    asked: Mapping[str, int] = history.policy.asks["client_hours_per_supervision_hour"]
    since = months_after(as_at, -asked["months"]) + _DAY
    among = history.facts[bisect_left(history.days, since.isoformat()) : history.until(as_at)]
    if not any(fact.client_hours for fact in among):
        return Answer("no session says its client hours", met=False, unasked="client-hours-not-known")
    balance = list(accumulate(_balance(history.policy.group_credit, fact, asked["hours"]) for fact in among))
    overdue = balance[-1] < 0
    from_ = next((n for n in range(len(balance), 0, -1) if balance[n - 1] >= 0), 0)
    hours = sum(Fraction(fact.client_hours or 0) for fact in among)
    minutes = history.minutes(since, as_at)
    reason = f"{_whole(minutes)} minutes for {float(hours):g} client hours in {_months(asked['months'])}"
    return Answer(reason, None, date.fromisoformat(among[from_].date) if overdue else None, overdue, not overdue)


def _balance(rule: GroupCredit | None, fact: Attendance, hours: int) -> Fraction:
    """The client hours that a session answers for, beyond those that it reports."""
    return Fraction(credit(rule, fact), 60) * hours - Fraction(fact.client_hours or 0)


def allowance(history: History, as_at: date) -> Answer:
    """What everybody may have until a day. It is an offer: nobody is overdue, and it is met once all of it was had."""
    asked = history.policy.asks["allowance"]
    first, until = asked.get("from", ""), asked["until"]
    among = (fact for fact in history.facts[: history.until(as_at)] if first <= fact.date <= until)
    had = sum(fact.minutes >= asked.get("minutes", 1) for fact in among)
    left = had < asked["sessions"]
    open_ = left and as_at.isoformat() <= until
    reason = f"{min(had, asked['sessions'])} of {asked['sessions']} taken up; they may be had until {until}"
    return Answer(reason, date.fromisoformat(until) if open_ else None, met=not left)


def _whole(minutes: Minutes) -> int:
    """Minutes as they are told: whole ones, never one more than there were."""
    return int(minutes)


def _months(number: int) -> str:
    return f"{number} {'month' if number == 1 else 'months'}"


ANSWERS: Mapping[str, Callable[[History, date], Answer]] = {
    "maximum_gap_days": maximum_gap_days,
    "phases": phases,
    "sessions_per": sessions_per,
    "minutes_per_month": minutes_per_month,
    "minutes_averaged": minutes_averaged,
    "client_hours_per_supervision_hour": client_hours_per_supervision_hour,
    "allowance": allowance,
}


def looks_back_to(policy: Policy, shape: str, day: date) -> date:
    """The first day that a shape looks back on, from a day."""
    match shape:
        case "sessions_per" | "client_hours_per_supervision_hour":
            return months_after(day, -policy.asks[shape]["months"])
        case "minutes_per_month" | "minutes_averaged":
            months = policy.asks[shape]["months"] if shape == "minutes_averaged" else 1
            return first_of(month_of(day) - months)
        case "allowance":
            return date.min
    return day  # the last session that is known lies before any other that would count


def whole_from(policy: Policy, shape: str, begun: date) -> date:
    """The first day on which a shape looks back on nothing before a day; an allowance is counted up from anywhere."""
    match shape:
        case "maximum_gap_days":
            days: int = policy.asks[shape]
            return begun + timedelta(days)
        case "phases":
            return begun + timedelta(max(phase.maximum_gap_days for phase in policy.phases))
        case "sessions_per" | "client_hours_per_supervision_hour":
            return months_after(begun, policy.asks[shape]["months"])
        case "minutes_per_month" | "minutes_averaged":
            months = policy.asks[shape]["months"] if shape == "minutes_averaged" else 1
            return last_of(month_of(begun) + (begun.day > 1) + months - 1)
    return begun
