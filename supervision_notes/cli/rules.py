"""`rules`: everything that is checked, for a terminal or as the README's table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from ..problem import Rule
from .terminal import Paper, paper

COLUMNS = ("Code", "Rule", "Severity", "What it says")


@click.command("rules")
@click.option("--markdown", is_flag=True, help="Print a Markdown table.")
def command(markdown: bool) -> None:
    """List what is checked, one rule a line. `explain` tells more of each."""
    from ..rules import CATALOGUE

    for line in table(CATALOGUE.values()) if markdown else lines(CATALOGUE.values(), paper()):
        click.echo(line)


def lines(rules: Iterable[Rule], on: Paper) -> Iterator[str]:
    """A line a rule, in columns; on a narrow terminal its sentence goes on below."""
    known = list(rules)
    slug = max(len(rule.slug) for rule in known)
    for rule in known:
        head = f"{rule.code}  {rule.severity:<7}  {rule.slug:<{slug}}  "
        yield from on.behind(head, rule.summary)


def table(rules: Iterable[Rule]) -> Iterator[str]:
    """The same as a table in Markdown."""
    yield _row(COLUMNS)
    yield _row(["---"] * len(COLUMNS))
    for rule in rules:
        yield _row([rule.code, f"`{rule.slug}`", rule.severity, rule.summary])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
