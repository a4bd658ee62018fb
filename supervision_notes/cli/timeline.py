"""`timeline`: a person's year, or a group's, drawn downwards."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import click

from ..dates import MONTHS
from ..kind import nearest
from ..problem import did_you_mean
from ..questions.show import named
from ..questions.timeline import timeline
from ..questions.wording import Wording
from ..questions.year import EXTENDED, FOREVER, WHAT, Entry, Lane, Timeline, Total
from .asking import PRIVATE, Asked, ask, asking, dated, tell
from .excerpt import columns, visible
from .pages import PAGES, agree, paged, print_page
from .settings import Settings
from .tables import as_csv, as_json
from .terminal import Paper, cut, fold, paper

_KEYS = (
    *("date", "sort", "what", "id", "label", "people", "stream", "group", "minutes", "mode", "attended", "days"),
    *("given", "absent", "standing", "rearranged_to", "due", "overdue", "extended", "words", "ahead"),
)
# How each sort of entry is marked; the second line is for a terminal that knows no more than ASCII.
_MARKS = {
    **{"held": "●", "missed": "○", "draft": "◌", "agreement": "◆", "action": "·", "record": "▪", "line": "│"},
    "none": "·",
}
_PLAIN = {
    **{"held": "*", "missed": "o", "draft": "~", "agreement": "#", "action": "-", "record": "+", "line": "|"},
    "none": ".",
}
_COLOURS = {"held": "green", "missed": "yellow", "agreement": "blue"}
_MONTH, _DAY = 4, 4
_UNSETTLED = ("draft", "unclear")


@click.command("timeline")
@click.argument("id", metavar="ID")
@dated("--since", "From this day on [a year before the last].")
@dated("--until", "Up to this day [the last record].")
@dated("--as-at", "The day that counts as today: --until it.")
@paged
@asking(PAGES)
@click.pass_obj
def command(
    settings: Settings, id: str, since: str | None, until: str | None, as_at: str | None, output: str | None,
    whom: tuple[str, ...], as_: str | None, form: str,
) -> int:  # fmt: skip
    """Draw the year of a person or a group: sessions, agreements, and actions from the day they were agreed.

    ID is a code, such as SE-201 or pg1. --format html or pdf makes a page of it.
    """
    agree(form, output)
    if until and as_at:
        raise click.UsageError("--until and --as-at both say where the time line ends: give one of them.")
    asked = ask(settings, whom, as_, form)
    found = timeline(asked.view, id, since, until or as_at, asked.people, today=date.today().isoformat())
    if found is None:
        raise click.ClickException(f"no record names anybody “{id}”{_near(asked, id)}")
    if found.since > found.until:
        raise click.UsageError(f"the time line would end on {found.until}, before it begins on {found.since}.")
    wanted = (one.id for one in (*found.entries, *found.ahead) if one.sort == "action")
    found = found.worded(Wording(asked.view).actions(wanted))
    if form in ("html", "pdf"):
        from ..printing.picture import Picture

        return print_page(asked, Picture(found, asked.workspace), output)
    if form == "table":
        for line in _drawn(found, named(asked.view, found.of), paper()):
            click.echo(line)
    else:
        objects = [_object(one, ahead=one.date > found.until) for one in (*found.entries, *found.ahead)]
        tell(as_json(objects) if form == "json" else as_csv(_KEYS, objects))
    return 0


def _near(asked: Asked, id: str) -> str:
    """Whom it may mean; else, whatever there is, that private records are shown to their author."""
    near = did_you_mean(nearest(id, asked.view.codes))
    if near or asked.view.audience.who != "parties":
        return near or "."
    return f"; {PRIVATE}"


def _object(entry: Entry, *, ahead: bool) -> dict[str, Any]:
    """An entry for a program."""
    return {key: getattr(entry, key) for key in _KEYS[:-1]} | {"ahead": ahead}


# drawn


def _drawn(found: Timeline, name: str, on: Paper) -> Iterator[str]:
    """What it is, how often they met by month, and what happened day by day."""
    yield on.paint(visible(f"{name}, {found.since} to {found.until}"), bold=True)
    alone = found.is_group or len(found.totals) == 1
    for total in found.totals:
        said = visible(_total(total) if alone and not total.given else f"{_of(total)}: {_total(total)}")
        yield from on.lines(said)
    yield ""
    if lanes := list(_lanes(found, on)):
        yield from (*lanes, "")
    yield from _months(found, on)
    if found.ahead:
        yield on.paint("Planned", bold=True)
        for entry in found.ahead:
            yield from _entry(found, entry, entry.date, on)


def _of(total: Total) -> str:
    return f"{total.stream or 'session'}, given" if total.given else total.stream or "session"


def _total(total: Total) -> str:
    """3 sessions held, 175 minutes, 2 missed or cancelled, longest gap 56 days (paused 2026-08-03 to 2026-08-30)."""
    said = [f"{total.held} {'session' if total.held == 1 else 'sessions'} held"]
    said += [f"{total.minutes} minutes"] if total.minutes else []
    said += [f"{total.missed} missed or cancelled"] if total.missed else []
    if total.longest:
        paused = _paused(total.paused)
        said += [f"longest gap {total.longest} days{f' ({paused})' if paused else ''}"]
    return ", ".join(said)


def _paused(pauses: Sequence[tuple[str, str]]) -> str:
    """Paused 2026-08-03 to 2026-08-30: when, and never why."""
    days = [f"{first} to {last}" if last != FOREVER else f"since {first}" for first, last in pauses]
    return f"paused {' and '.join(days)}" if days else ""


def _lanes(found: Timeline, on: Paper) -> Iterator[str]:
    """A line for each stream and its people, with a sign for each month; none where the terminal is too narrow."""
    months = [month.month for month in found.months]
    labels = [visible(_lane(lane)) for lane in found.lanes]
    room = max(map(columns, labels), default=0)
    if not labels or (on.width and room + _MONTH * len(months) > on.width):
        return
    years = [month[:4] if n == 0 or month.endswith("-01") else "" for n, month in enumerate(months)]
    for heads in (years, [_name(month)[:3] for month in months]):
        yield on.paint(f"{' ' * room}{''.join(f' {head:<3}' for head in heads)}".rstrip(), dim=True)
    for label, lane in zip(labels, found.lanes, strict=True):
        signs = [_sign([entry for entry in lane.entries if entry.date[:7] == month]) for month in months]
        yield f"{label}{' ' * (room - columns(label))}{''.join(f' {sign:<3}' for sign in signs)}".rstrip()


def _lane(lane: Lane) -> str:
    given = ", given" if all(entry.given for entry in lane.entries) else ""
    return f"{lane.stream or 'session'}, {lane.group or ' '.join(lane.whom)}{given}"


def _sign(entries: Sequence[Entry]) -> str:
    """How a month stands on the line of a stream: how many sessions were held where it was more than one."""
    held = sum(entry.what == "held" for entry in entries)
    if held > 1:
        return str(held)
    if not held and entries:
        return _signs()["draft" if all(entry.what in _UNSETTLED for entry in entries) else "missed"]
    return _signs()["held" if held else "none"]


def _months(found: Timeline, on: Paper) -> Iterator[str]:
    """The months, and under each what happened, day by day; months of nothing in a row are one line."""
    empty: list[str] = []
    for month in found.months:
        if not month.entries:
            empty.append(month.month)
            continue
        yield from _nothing(empty, on)
        empty = []
        yield on.paint(f"{_name(month.month)} {month.month[:4]}", bold=True)
        day = ""
        for entry in month.entries:
            yield from _entry(found, entry, entry.date[8:].lstrip("0") if entry.date != day else "", on)
            day = entry.date
    yield from _nothing(empty, on)


def _nothing(months: Sequence[str], on: Paper) -> Iterator[str]:
    """A run of months in which nothing is: `November 2025 to June 2026`."""
    if months:
        first, last = months[0], months[-1]
        year = "" if first[:4] == last[:4] else f" {first[:4]}"
        since = "" if first == last else f"{_name(first)}{year} to "
        yield on.paint(f"{since}{_name(last)} {last[:4]}: nothing recorded", dim=True)


def _name(month: str) -> str:
    return MONTHS[int(month[5:7]) - 1]


def _entry(found: Timeline, entry: Entry, day: str, on: Paper) -> Iterator[str]:
    """One entry behind its day and its mark; what does not fit goes on below."""
    signs = _signs()
    of_session = "draft" if entry.what in _UNSETTLED else "held" if entry.what == "held" else "missed"
    key = of_session if entry.sort == "session" else entry.sort
    mark, colour = signs[key], _COLOURS.get(key)
    room = max(_DAY, len(day))
    before, below = f"{day:>{room}}  ", f"{' ' * room}  {signs['line']}  "
    lines = list(_said(found, entry))
    for n, (text, whole) in enumerate(lines):
        width = on.width - columns(below) if on.width else None
        shown = fold(visible(text), width) if whole and width else [cut(text, width)]
        for m, line in enumerate(shown):
            if n == m == 0:
                yield f"{before}{on.paint(mark, fg=colour) if colour else mark}  {line}"
            else:
                yield f"{below}{line}"


def _said(found: Timeline, entry: Entry) -> Iterator[tuple[str, bool]]:
    """What is said of an entry, and whether each line is told in full or cut where the terminal ends."""
    if entry.sort == "action":
        yield from _said_of_action(found, entry)
        return
    others = [code for code in entry.people if code not in (found.of, *dict(entry.absent))]
    whom = f"group {entry.group}" if entry.group and entry.group != found.of else ", ".join(others)
    space = " " if entry.sort == "agreement" else ", "
    parts = [entry.label if entry.what in ("held", "written") else f"{entry.label}{space}{WHAT[entry.what]}"]
    parts += [f"{entry.minutes} minutes"] if entry.minutes and entry.what == "held" else []
    parts += [_how(entry.attended)] if entry.attended and entry.attended != "present" else []
    parts += [f"with {whom}"] if whom else []
    if entry.group == found.of and entry.what == "held":
        parts += [
            f"{_how(how)} from {code}" if how == "apologies" else f"{code} did not attend" for code, how in entry.absent
        ]
    parts += [f"now {entry.rearranged_to}"] if entry.rearranged_to else []
    yield ", ".join(parts), True
    paused = _paused(found.paused(entry.date, entry.days))
    days = f"{entry.days} days after the last{f' ({paused})' if paused else ''}" if entry.days else ""
    told = f"planned in {entry.id}" if entry.what == "planned" else entry.id
    standing = entry.standing if entry.standing != entry.what else ""
    yield ", ".join(filter(None, (told, days, standing))), True
    if entry.extended:
        yield EXTENDED, True


def _said_of_action(found: Timeline, entry: Entry) -> Iterator[tuple[str, bool]]:
    overdue = ", and nobody answered it" if entry.overdue else ""
    # Right below the session that agreed it, its number says enough.
    session, _, number = entry.id.partition("#")
    below = entry.what == "agreed" and any(session == one.id for one in found.entries if one.date == entry.date)
    head = f"{number if below else entry.id} {WHAT[entry.what]}{overdue}"
    if entry.what in ("agreed", "carried"):
        due = f", due {entry.due}" if entry.due else ""
        owners = f" for {', '.join(entry.people)}" if entry.people else ""
        head = f"{head}{owners}{due}"
    yield (f"{head}: {entry.words}" if entry.words else head), entry.what == "agreed"


def _how(attended: str) -> str:
    return f"{attended[5:]} minutes late" if attended.startswith("late ") else attended.replace("-", " ")


def _signs() -> Mapping[str, str]:
    """The marks that the terminal can show."""
    try:
        "".join(_MARKS.values()).encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN
    return _MARKS
