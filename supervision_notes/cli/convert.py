"""`convert`: the same record as Markdown or as YAML."""

from __future__ import annotations

from pathlib import Path

import click

from ..convert import Form, converted
from ..problem import Problem
from ..reading import open_workspace, read_one, read_text
from ..record import Audience, Record
from ..register import Register
from ..write import NameTaken, create
from .place import workspace_root
from .render import chosen
from .settings import Settings
from .terminal import print_text, say

_NAMES = {"md": "Markdown", "yaml": "YAML"}


@click.command("convert")
@click.argument("record", metavar="ID|PATH")
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write it there [the terminal].")
@click.pass_obj
def command(settings: Settings, record: str, output: str | None) -> int:
    """Turn a record of Markdown into YAML, or of YAML into Markdown: the same value, there and back.

    The file itself stays as it is. Comments and the title of the page are no part of the value, and stay behind.
    """
    workspace = open_workspace(workspace_root(settings), tell="errors").workspace
    # Restricted records are there for an owner who is one of their readers.
    to_the_owner = workspace.known_to(Audience("author", workspace.register.owner))
    known = [*workspace.records, *(one for one in to_the_owner if one.layer == "restricted")]
    skeletons = chosen(workspace, known, [record])
    if len(skeletons) != 1:
        raise click.UsageError(f"“{record}” is a folder: name one record.")
    found = read_one(workspace.root, skeletons[0].path, workspace.register)
    if found is None or not found.sound:
        raise click.ClickException(f"{skeletons[0].path} has errors: mend them first (`check` names them).")
    form: Form = "md" if found.path.endswith((".yaml", ".YAML")) else "yaml"
    text = _the_same(found, form, workspace.register)
    left = [what for what, there in (("comments", found.comments), ("the title", found.title)) if there]
    if left and not settings.quiet:
        say(f"left behind: {' and '.join(left)}.")
    if output is None:
        print_text(text)
        return 0
    try:
        create(Path(output), text.encode())
    except NameTaken:
        raise click.ClickException(f"{output} is there already; nothing was written.") from None
    return 0


def _the_same(record: Record, form: Form, register: Register) -> str:
    """The text in the other form, read again to make sure that it says the same."""
    text = converted(record, form)
    again = read_text(f"{record.id}.{form}", text, register)
    if isinstance(again, Problem) or again.digest() != record.digest():
        only_there = "something in it can stand in YAML alone, such as a line that would open a heading"
        why = only_there if form == "md" else "it would become another record"
        raise click.ClickException(f"this record cannot stand in {_NAMES[form]}: {why}. Nothing was written.")
    return text
