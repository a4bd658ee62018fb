"""A person's year, or a group's: sessions, agreements and actions in the order of their days."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from ..attendance import minutes_there
from ..dates import read_date
from ..people import pauses_of
from ..skeleton import CLOSED, Action, Skeleton, when
from .view import View
from .year import Entry, Timeline, in_order


def timeline(
    view: View, of: str, since: str | None = None, until: str | None = None, beside: Collection[str] = (),
    *, today: str = "",
) -> Timeline | None:  # fmt: skip
    """The time line of a person or a group; None where no record that the audience may know of names them.

    Without `until` it runs up to the last session or other record, without `since` over a year. With `beside` only what
    they share with one of some other people or groups is in it. A draft is no record yet: it is in it up to `today`
    (ISO text), and ahead after that.
    """
    code, is_group = next((one for one in view.codes.items() if one[0].casefold() == of.casefold()), ("", False))
    if not code:
        return None
    own = _Own(view, code, is_group, today)
    if not own.records:
        return None
    until = until or own.last_day
    since = since or _year_before(until)
    wanted = {other.casefold() for other in beside}
    kept = (e for e in own.entries(until) if not wanted or wanted & {c.casefold() for c in (*e.people, e.group or "")})
    entries = sorted(kept, key=in_order)
    past = tuple(entry for entry in entries if since <= entry.date <= until)
    later = (entry for entry in entries if entry.date > until)
    # A look back at an earlier year ends with that year.
    pauses = () if is_group else pauses_of(view.workspace.register, code)
    away = tuple((first.isoformat(), last.isoformat()) for first, last in pauses)
    return Timeline(code, is_group, since, until, past, tuple(later) if until >= own.last_day else (), away)


@dataclass(frozen=True)
class _Own:
    """What a view holds of one person or group."""

    view: View
    code: str
    is_group: bool
    today: str

    @cached_property
    def records(self) -> list[Skeleton]:
        """Those that are about them, in the order of their dates."""
        if not self.is_group:
            found = [record for record in self.view.records if self.code in self.view.about(record)]
        else:
            own = {record.id.casefold(): record for record in self.view.records if self.view.group(record) == self.code}
            named = (tie for one in own.values() for tie in self.view.ties(one) if tie.fact == "agreement")
            agreements = (agreement for tie in named if (agreement := self.view.find(tie.id)))
            found = list({record.path: record for record in (*own.values(), *agreements)}.values())
        return sorted((record for record in found if record.date), key=when)

    @property
    def last_day(self) -> str:
        """The day of the last record; what is for a time to come, as an agreement, counts where nothing else is."""
        days = [r.date or "" for r in self.records if r.kind != "agreement" and not self._is_ahead(r)]
        return max(days or [r.date or "" for r in self.records])

    def _is_ahead(self, record: Skeleton) -> bool:
        return record.status == "draft" and (record.date or "") > self.today

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
        held: dict[tuple[object, ...], date] = {}
        last: dict[tuple[str, ...], Entry] = {}
        for session in self.records:
            day = read_date(session.date or "")
            if session.kind != "session" or day is None:
                continue
            entry = self._session(session, day)
            if session.status == "draft":
                yield replace(entry, what="draft", attended=None, absent=(), rearranged_to=None)
                if entry.date > until:
                    last.pop(session.chain, None)
                continue
            if entry.date > until:
                continue
            # The days since the last one are told by chain; the gaps of a year, by stream.
            chain, stream = (session.chain, entry.given), (entry.stream, entry.given)
            if entry.what == "held":
                before, gap = held.get(chain) if session.chain else None, held.get(stream)
                entry = replace(entry, days=(day - before).days if before else None)
                entry = replace(entry, gap=(day - gap).days if gap else None)
                held[chain] = held[stream] = day
            yield entry
            if read_date(planned := view.text(session, "next_date") or ""):
                last[session.chain] = replace(entry, date=planned)
            else:
                last.pop(session.chain, None)
        for entry in last.values():
            if entry.date > until:
                yield _planned(entry)

    def _session(self, session: Skeleton, day: date) -> Entry:
        view = self.view
        there = session.held and (self.is_group or self.code in session.parties)
        attendance = session.attendance if view.sees(session, "attendance") else {}
        how, minutes = attendance.get(self.code), view.number(session, "minutes")
        leads = view.text(session, "supervisor") == self.code or view.text(session, "facilitator") == self.code
        return Entry(
            day.isoformat(),
            "session",
            "absent" if session.held and not there else session.outcome or "unclear",
            session.id,
            view.label(session),
            tuple(code for code in view.people(session) if code in (*session.parties, *session.attendance)),
            view.stream(session),
            view.group(session),
            None if minutes is None else minutes_there(minutes, how),
            view.text(session, "mode"),
            how,
            tuple((code, how) for code, how in attendance.items() if how in ("apologies", "did-not-attend")),
            # Whoever leads a group of peers is one of them.
            given=leads and self.code not in attendance,
            standing=view.standing(session),
            rearranged_to=view.text(session, "rearranged_to"),
            extended=view.extended(session),
        )

    def _agreement(self, agreement: Skeleton, until: str) -> Iterator[Entry]:
        view = self.view
        replacing = (record for record in view.workspace.tied_to(agreement.id, "replaces") if view.find(record.id))
        ends = [view.text(agreement, "end"), *(record.date for record in replacing)]
        # What has ended plans nothing, even where nobody wrote down when that was.
        over = min((day for day in ends if day), default="" if agreement.status == "ended" else "9999")
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
        answers = self.view.workspace.answers_to
        for session in self.view.records:
            if session.date and session.date <= until:
                for line in self.view.actions(session):
                    owners = self.view.owners(session, line)
                    mine = session.text("group") == self.code if self.is_group else self.code in owners
                    if line.id and mine:
                        which = f"{session.id}#{line.id}"
                        answered = [said for said in answers.get(which.casefold(), ()) if (said[0].date or "") <= until]
                        yield from self._action(which, session, line, answered, until)

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
            if answer.state == "open" and later.status == "draft":
                continue
            if due and due < day and (answer.state in CLOSED or answer.due not in (None, due)):
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
