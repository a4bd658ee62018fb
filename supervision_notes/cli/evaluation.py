"""`evaluation`: what was measured, month by month, beside the cycles of improvement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import click

from ..questions.evaluation import Chart, Cycle, Point, evaluation, own_measures
from ..questions.wording import Wording
from .asking import AUDIENCES, Asked, ask, dated, tell
from .pages import PAGES, agree, paged, print_page
from .settings import Settings
from .tables import Column, as_csv, as_json, table
from .terminal import paper

_KEYS = ("measure", "score", "from", "to", "value", "people", "left_out", "cycle", "status")
_FEWER = "fewer than five"


@click.command("evaluation")
@click.option("--measure", metavar="NAME", help="This measure alone, such as check-in [all].")
@dated("--since", "From this day on [the first score].")
@dated("--until", "Up to this day [today].")
@paged
@click.option("--format", "form", type=click.Choice(PAGES), default="table", help="How to answer [table].")
@click.option("--as", "as_", metavar="CODE", help="Which author, by code [the owner of the workspace].")
@click.option(
    "--for", "who", type=click.Choice(AUDIENCES), default="parties",
    help="parties [as it is] or organisation, who are told medians of five people or more; or author, of their own.",
)  # fmt: skip
@click.pass_obj
def command(
    settings: Settings, measure: str | None, since: str | None, until: str | None, output: str | None, form: str,
    as_: str | None, who: str,
) -> None:  # fmt: skip
    """Chart what was measured by month, with its median, and when each cycle of improvement began.

    What somebody scored is shown to them alone: --for author. Others are told the median of a month, over five people
    or more who let theirs be counted. Months with fewer go together with the next ones, and a month is told once it is
    over. --format html or pdf makes a page of it, with each score drawn as a chart.
    """
    agree(form, output)
    asked = ask(settings, (who,), as_, form)
    day = until or date.today().isoformat()
    found = evaluation(Wording(asked.view), since, day)
    found = [chart for chart in found if measure in (None, chart.measure)]
    if form in ("html", "pdf"):
        from ..printing.evaluated import Evaluated

        print_page(asked, Evaluated(found, asked.workspace, day, asked.view.audience.person or ""), output)
    elif form == "json":
        tell(as_json(map(as_object, found)))
    elif form == "csv":
        tell(as_csv(_KEYS, (row for chart in found for row in _flat(chart))))
    else:
        click.echo("\n\n".join("\n".join(_drawn(asked, chart)) for chart in found), nl=bool(found))
    _remark_left_out(asked, found=bool(found))


def _remark_left_out(asked: Asked, *, found: bool) -> None:
    """Why something that was written is not in the answer; of what others scored nothing is said."""
    own = asked.view.audience.who == "author"
    if own and (faulty := sum(not record.sound for record in own_measures(asked.view))):
        asked.remark(f"not charted: {faulty} {'measure' if faulty == 1 else 'measures'} with errors, see check.")
    if not found:
        asked.remark(
            "nothing was scored here by this author."
            if own
            else "there is nothing to chart: no cycle, and no measure that five people let be counted."
        )


# for a person


def _drawn(asked: Asked, chart: Chart) -> Iterator[str]:
    """A chart as a table in which the cycles stand on their days, each among the months."""
    on, own = paper(), asked.view.audience.who == "author"
    yield on.paint(f"{chart.measure}, {chart.score}" if chart.score else chart.measure, bold=True)
    titles = [Column("When"), Column("Score" if own else "Median"), Column("People"), Column("Cycle", 12)]
    marks: list[Point | Cycle] = [*chart.points, *chart.cycles]
    yield from table(titles, (_row(one, own) for one in sorted(marks, key=_begin)), on)
    if chart.median is not None:
        yield f"The median of these is {chart.median:g}."
    elif not chart.points:
        yield "Of this measure there is no score yet." if own else f"No figure: {_FEWER} people let theirs be counted."


def _begin(one: Point | Cycle) -> tuple[str, str]:
    return one.first, one.id if isinstance(one, Cycle) else ""


def _row(one: Point | Cycle, own: bool) -> list[str]:
    if isinstance(one, Cycle):
        days = f"{one.first} to {one.last}" if one.last else f"from {one.first}"
        return [days, "", "", f"{one.id} (draft)" if one.status == "draft" else one.id]
    if own:
        return [one.first, f"{one.value:g}", "", ""]
    months = " to ".join(dict.fromkeys((one.first[:7], one.last[:7])))
    return [months, *(["", _FEWER] if one.value is None else [f"{one.value:g}", str(one.people)]), ""]


# for a program


def as_object(chart: Chart) -> dict[str, Any]:
    """A chart for a program."""
    return {
        "measure": chart.measure,
        "score": chart.score or None,
        "points": [_point(point) for point in chart.points],
        "median": chart.median,
        "cycles": [_cycle(cycle) for cycle in chart.cycles],
    }


def _point(one: Point) -> dict[str, Any]:
    left_out = "fewer-than-five" if one.value is None else None
    return {"from": one.first, "to": one.last, "value": one.value, "people": one.people, "left_out": left_out}


def _cycle(one: Cycle) -> dict[str, Any]:
    return {"cycle": one.id, "from": one.first, "to": one.last, "status": one.status}


def _flat(chart: Chart) -> Iterator[Mapping[str, Any]]:
    """A line for each point, and one for each cycle."""
    head = {"measure": chart.measure, "score": chart.score}
    yield from ({**head, **_point(point)} for point in chart.points)
    yield from ({**head, **_cycle(cycle)} for cycle in chart.cycles)
