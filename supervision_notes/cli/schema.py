"""`schema`: the schemas as they are, for editors and other programs."""

from __future__ import annotations

import click

from .settings import Settings
from .terminal import paper


@click.command("schema")
@click.argument("kind", required=False)
@click.pass_obj
def command(settings: Settings, kind: str | None) -> None:
    """Print the JSON Schema of a kind of record, or of a register; without KIND, list them."""
    import json
    from pathlib import Path

    from ..kind import nearest, read_kinds, registers, shipped_kinds
    from ..problem import did_you_mean
    from ..reading import find_root

    root = find_root(Path(settings.folder or "."))
    own = read_kinds(root / "schemas")[0] if root else {}
    known = {**own, **shipped_kinds(), **registers()}
    if kind is None:
        for name, each in known.items():
            first, *_ = str(each.schema.get("description", each.title)).split(". ")
            for line in paper().behind(f"{name:<12} ", first.rstrip(".")):
                click.echo(line)
    elif kind in known:
        click.echo(json.dumps(known[kind].schema, indent=2, ensure_ascii=False))
    else:
        raise click.UsageError(f"there is no kind “{kind}”{did_you_mean(nearest(kind, known))}")
