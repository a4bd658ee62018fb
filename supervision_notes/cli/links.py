"""`links`: which records name which, in words or drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..questions.links import Linked, links
from .asking import Asked, answer, ask, asking, tell
from .listing import what
from .pages import agree, print_drawing
from .settings import Settings
from .tables import Column
from .terminal import paper

if TYPE_CHECKING:
    from ..printing import Form

GRAPHS: tuple[Form, ...] = ("dot", "svg")
TITLES = [Column("This record"), Column("Where", 8), Column("Record", 20), Column("What", 12), Column("Date")]
KEYS = ("way", "fact", "title", "said", "id", "action", "kind", "type", "label", "date")


@click.command("links")
@click.argument("record", required=False, metavar="[ID]")
@click.option("--graph", type=click.Choice(GRAPHS), help="Draw the links, as DOT or as SVG.")
@click.option(
    "-o",
    "--output",
    metavar="FILE|DIR",
    help="Where the drawing goes [out/ in the workspace, or through a pipe].",
)
@asking()
@click.pass_obj
def command(
    settings: Settings, record: str | None, graph: Form | None, output: str | None,
    whom: tuple[str, ...], as_: str | None, form: str,
) -> None:  # fmt: skip
    """Say what a record names and what names it; with --graph and no ID, draw the whole workspace.

    Drawn are the records that are linked, or those around ID: a column for each pair or group, and the years downward.
    """
    agree(graph, output, GRAPHS, "--graph")
    if record is None and graph is None:
        raise click.UsageError("say which record:  links 2026-09-29-se201  or draw them all:  links --graph svg")
    asked = ask(settings, whom, as_, form)
    if asked.view.attendance_alone:
        asked.remark("links are for the parties: the organisation sees attendance alone.")
        found = []
    elif graph:
        _draw(asked, graph, record, output)
        return
    else:
        found = links(asked.view, asked.find(record or ""))
    answer(asked, KEYS, map(as_object, found), TITLES, map(row, found))
    if not found and not asked.view.attendance_alone:
        asked.remark("this record names no other, and none names it.")


def _draw(asked: Asked, form: Form, id: str | None, output: str | None) -> None:
    """Draw the links of a record, or all: into a file, or to whatever program reads on."""
    from ..questions.drawing import as_dot, as_svg
    from ..questions.graph import graph

    record = asked.find(id) if id else None
    drawn = graph(asked.view, record, asked.people)
    lines = as_dot(drawn) if form == "dot" else as_svg(drawn)
    if output is None and paper().width is None:
        tell(lines)
    else:
        print_drawing(asked, form, lines, "-".join(["links", *([record.id] if record else asked.people)]), output)


def row(one: Linked) -> list[str]:
    """A link as a line of a table: of an action, its number behind the record that agreed it."""
    if one.said:
        return [one.said, "", one.id, what(one.kind, one.type), one.date or ""]
    named = f"{one.id}#{one.action}" if one.way == "names" and one.action else one.id
    where = f"{one.fact}, {one.action}" if one.way == "named by" and one.action else one.fact
    return [one.way, where, named, what(one.kind, one.type), one.date or ""]


def as_object(one: Linked) -> dict[str, Any]:
    """A link for a program."""
    return {key: getattr(one, key) for key in KEYS}
