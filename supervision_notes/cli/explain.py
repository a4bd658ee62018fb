"""`explain`: the page of a rule."""

from __future__ import annotations

from collections.abc import Iterator

import click

from .terminal import Paper, fold, paper


@click.command("explain")
@click.argument("rule")
def command(rule: str) -> None:
    """Explain a rule: what it looks for, why, and an example of each side.

    RULE is its code or its name, as in SN204 or unknown-field.
    """
    from ..kind import nearest
    from ..problem import did_you_mean
    from ..rules import CATALOGUE, rule_named

    found = rule_named(rule)
    if found is None:
        near = nearest(rule, [*CATALOGUE, *(known.slug for known in CATALOGUE.values())])
        raise click.UsageError(f"there is no rule “{rule}”{did_you_mean(near)}")
    click.echo(f"{click.style(f'{found.code} {found.slug}', bold=True)} ({found.severity})\n")
    for line in _page(found.page, paper()):
        click.echo(line)


def _page(page: str, on: Paper) -> Iterator[str]:
    """The page in lines that fit; an example stands as it would in a file."""
    for n, part in enumerate(page.split("\n\n")):
        yield from [""] if n else []
        yield from part.split("\n") if on.width is None or part.startswith(" ") else fold(part, on.width)
