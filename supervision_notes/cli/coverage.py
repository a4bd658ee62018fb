"""`coverage`: how many have supervision as the policies ask, of how many, and whom that leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import click

from ..attendance import attended, withheld
from ..problem import listed
from ..questions.coverage import EXCLUSIONS, Coverage, Figure, Point, coverage, month_end, unseen
from ..questions.merging import BY
from ..questions.programme import Programme
from .asking import ask, dated, tell
from .due import remark_policies
from .excerpt import visible
from .pages import PAGES, agree, paged, print_page
from .settings import Settings
from .sources import collect, elsewhere, named, not_counted, remark_not_counted, remark_unseen
from .tables import Column, as_csv, as_json, table
from .terminal import paper, print_line

_FIGURES = [
    *(Column("Who", 12), Column("Covered"), Column("Of"), Column("%"), Column("Awaiting sign-off", 8)),
    *(Column("Agreement in date", 9), Column("Left out", below=True, named=True)),
]
_MONTHS = [Column("Month"), Column("Covered"), Column("Of"), Column("%")]
NUMBERS = ("numerator", "denominator", "percent", "awaiting_sign_off", "agreement_in_date", "people", "excluded")
_KEYS = ("policy", "asks", "as_at", "by", "group", *NUMBERS)
_EVERYBODY, _UNSAID = "everybody", "not said"


@click.command("coverage")
@click.option("--by", "by", type=click.Choice(BY), multiple=True, help="Tell these groups apart [all three].")
@dated("--as-at", "The day that it is asked about [the end of this month].")
@elsewhere
@paged
@click.option("--format", "form", type=click.Choice(PAGES), default="table", help="How to answer [table].")
@click.pass_obj
def command(
    settings: Settings, by: tuple[str, ...], as_at: str | None, files: tuple[str, ...], more: tuple[str, ...],
    database: str | None, output: str | None, form: str,
) -> int:  # fmt: skip
    """Count how many have supervision as each policy asks, of how many, and say whom that leaves out and why.

    Attendance alone is looked at, as far as the organisation may know of it. Groups of fewer than five are merged.
    Without --as-at the figures are those of the end of this month, if nobody met before then. --format html or pdf
    makes a page of it, with the months drawn as a chart.
    """
    agree(form, output)
    where = named(files, more, database)
    asked = ask(settings, ("organisation",), None, form, where.reading, counting=True)
    today = date.today().isoformat()
    own = attended(asked.workspace, asked.view.audience)
    collected = collect(asked, own, where)
    # What lies ahead is planned, and not counted, though the figures are those of a later day.
    until = as_at or today
    known = collected.known
    facts, claims = ([fact for fact in some if fact.date <= until] for some in (known.facts, known.claims))
    programme = Programme.of(asked.workspace.register, facts, claims=claims, withheld=withheld(asked.workspace))
    day = as_at or month_end(today)
    found, apart = coverage(programme, day, by=by or BY), not_counted(own, collected, until)
    if form in ("html", "pdf"):
        from ..printing.figures import Figures

        print_page(asked, Figures(found, asked.workspace, day, apart), output)
    elif form == "json":
        tell(as_json(map(as_object, found)))
    elif form == "csv":
        tell(as_csv(_KEYS, (row for one in found for row in rows(one))))
    else:
        for one in found:
            show(one)
    unusable = remark_policies(asked, day)
    remark_unseen(asked, unseen(found))
    if not found and not unusable:
        asked.remark("no policy holds for anybody here.")
    remark_not_counted(asked, apart)
    return max(unusable, int(collected.wrong > 0))


# for a person


def show(one: Coverage) -> None:
    """Print what a policy comes to."""
    on = paper()
    title, source = (" ".join(visible(words).split()) for words in (one.policy.title, one.policy.source))
    click.echo(on.paint(f"{one.policy.name}: {title}", bold=True))
    print_line(f"As at {one.as_at}. The policy is as of {one.policy.as_of}: {source}")
    for by, figures in _tables(one):
        click.echo("")
        titles = [Column(by.capitalize(), 12), *_FIGURES[1:]] if by else _FIGURES
        for line in table(titles, map(_row, figures), on):
            click.echo(line)
    if apart := [by for by, figures in one.groups.items() if not figures]:
        click.echo("")
        print_line(f"By {listed(apart)} there are too few people to tell groups of five apart.")
    click.echo("")
    if one.run:
        for line in table(_MONTHS, map(_month, one.run), on):
            click.echo(line)
    if one.median is not None:
        print_line(f"The median of these months is {_percent(one.median)}.")
    if one.horizon:
        print_line(
            f"Attendance is known from {one.horizon.known_from} on, so the months begin with {one.horizon.told_from}: "
            "of those before, nobody can say who met the policy."
        )
    click.echo("")


def _tables(one: Coverage) -> Iterator[tuple[str, Sequence[Figure]]]:
    """The whole, then the groups that can be told apart."""
    yield "", [one.whole]
    yield from ((by, figures) for by, figures in one.groups.items() if figures)


def _row(one: Figure) -> list[str]:
    numbers = (one.numerator, one.denominator, _percent(one.percent), one.awaiting, one.in_date)
    excluded = "; ".join(f"{number} {EXCLUSIONS[reason]}" for reason, number in one.excluded.items())
    return [_name(one), *map(str, numbers), excluded]


def _month(one: Point) -> list[str]:
    return [one.month, str(one.numerator), str(one.denominator), _percent(one.percent)]


def _name(one: Figure) -> str:
    return ", ".join(name or _UNSAID for name in one.names) or _EVERYBODY


def _percent(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"


# for a program


def as_object(one: Coverage) -> dict[str, Any]:
    """What a policy comes to, for a program."""
    return {
        "policy": one.policy.name,
        "title": one.policy.title,
        "source": one.policy.source,
        "policy_as_of": one.policy.as_of,
        "stream": one.policy.stream,
        "asks": one.asks,
        "as_at": one.as_at,
        **_figure(one.whole),
        "groups": {
            by: [{"group": list(figure.names), **_figure(figure)} for figure in figures]
            for by, figures in one.groups.items()
        },
        "months": [{**point._asdict(), "percent": point.percent} for point in one.run],
        "median": one.median,
        "horizon": one.horizon._asdict() if one.horizon else None,
    }


def _figure(one: Figure) -> dict[str, Any]:
    return {
        "numerator": one.numerator,
        "denominator": one.denominator,
        "percent": one.percent,
        "awaiting_sign_off": one.awaiting,
        "agreement_in_date": one.in_date,
        "people": one.people,
        "excluded": dict(one.excluded),
    }


def rows(one: Coverage) -> Iterator[Mapping[str, Any]]:
    """A line for the whole, one for each group, and one for each month."""
    head = {"policy": one.policy.name, "asks": one.asks, "as_at": one.as_at}
    yield {**head, "by": "", "group": _EVERYBODY, **_figure(one.whole)}
    for by, figures in one.groups.items():
        yield from ({**head, "by": by, "group": _name(figure), **_figure(figure)} for figure in figures)
    for point in one.run:
        yield {**head, **point._asdict(), "by": "month", "group": point.month, "percent": point.percent}
