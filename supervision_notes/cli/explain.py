"""`explain`: the page of a rule."""

from __future__ import annotations

import click


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
    click.echo(f"{click.style(f'{found.code} {found.slug}', bold=True)} ({found.severity})\n\n{found.page}")
