"""`policies`: what comes with the program as an example, to be copied and changed."""

from __future__ import annotations

import click

from ..kind import nearest
from ..problem import did_you_mean
from ..registers import shipped_policies
from ..shipped import folder
from .tables import Column, table
from .terminal import paper, print_text

_TITLES = [Column("Policy"), Column("As of"), Column("What it asks for", 20), Column("Source", below=True)]


@click.command("policies")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the policies that come with the program; with NAME, print one, to copy into policies/ and change.

    Each is the rule of an employer or a profession as of a day, with its source, and none of them is the law.
    """
    known = shipped_policies()
    if name is None:
        rows = ([one.name, one.as_of, one.title, one.source] for one in known.values())
        click.echo("\n".join(table(_TITLES, rows, paper())))
    elif name in known:
        print_text((folder("templates") / known[name].path).read_text("utf-8"))
    else:
        raise click.UsageError(f"no policy “{name}” comes with the program{did_you_mean(nearest(name, known))}")
