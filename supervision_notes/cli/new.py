"""`new`: a blank record, with what is known filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from string import ascii_lowercase

import click

from ..dates import read_date
from ..document import Source
from ..forms import Asked, FormFault, blank_record, id_for
from ..kind import Kind, nearest
from ..problem import did_you_mean, listed
from ..reading import check_text, open_workspace
from ..workspace import Workspace
from ..write import NameTaken, create
from .excerpt import visible
from .place import workspace_root
from .settings import Settings

_SUFFIXES = [a + b for a in ("", *ascii_lowercase) for b in ascii_lowercase][1:]


@click.command("new")
@click.argument("kind")
@click.option("--for", "person", metavar="ID", help="The code of the person whom it is for.")
@click.option("--date", "day", metavar="DATE", help="The day it is about, as 2026-10-14 [today].")
@click.option("--form", metavar="FORM", help="Which form of agreement: individual, group, tripartite, …")
@click.option("--model", metavar="MODEL", help="Which model of reflection: gibbs, driscoll, kolb, …")
@click.option("--set", "set_", metavar="FACT=VALUE", multiple=True, help="Fill in a fact; may be given again.")
@click.option("--dry-run", is_flag=True, help="Print the record instead of writing it.")
@click.pass_obj
def command(
    settings: Settings, kind: str, person: str | None, day: str | None, form: str | None, model: str | None,
    set_: tuple[str, ...], dry_run: bool,
) -> int:  # fmt: skip
    """Write a blank record of KIND (session, reflection, agreement, …) to fill in with a text editor.

    Nothing is overwritten, and what is not known stays a blank.
    """
    root = workspace_root(settings)
    workspace = open_workspace(root).workspace
    if day is not None and read_date(day) is None:
        raise click.UsageError(f"“{day}” is not a date: write it as year-month-day, such as 2026-10-14")
    chosen = _kind(kind, workspace)
    answers = _answers(chosen, set_, form=form, model=model)
    asked = Asked(chosen, day or answers.get("date") or date.today().isoformat(), person, answers)
    path, text = _written(asked, workspace)
    if dry_run:
        click.echo(text, nl=False)
        return 0
    if not (root / path).parent.resolve().is_relative_to(root.resolve()):
        raise click.ClickException(f"{asked.kind.folder}/ leads out of the workspace; nothing was written.")
    try:
        create(root / path, text.encode())
    except NameTaken:
        raise click.ClickException(f"{path} is there already; nothing was written.") from None
    if not settings.quiet:
        click.echo(visible(path))
    return 0


def _kind(name: str, workspace: Workspace) -> Kind:
    kinds = workspace.register.kinds
    if name not in kinds:
        near = did_you_mean(nearest(name, kinds)) or "."
        raise click.UsageError(f"there is no kind of record “{name}”{near} The kinds are {listed([*kinds], 'and')}.")
    return kinds[name]


def _answers(kind: Kind, set_: tuple[str, ...], **options: str | None) -> dict[str, str]:
    """What was said of the facts, by key. An agreement has no form of its own: it is asked for."""
    answers: dict[str, str] = {}
    pairs = [pair.partition("=") for pair in set_]
    pairs += [(key, "=", value) for key, value in options.items() if value is not None]
    for key, equals, value in pairs:
        if not equals:
            raise click.UsageError(f"--set takes a fact and its value:  --set {key}=…")
        facts = [name for name, field in kind.fields.items() if not field.shape]
        if key not in facts:
            said = did_you_mean(nearest(key, facts)) or "."
            raise click.UsageError(f"{kind.noun} has no fact “{key}”{said}")
        answers[key] = value.strip()
    if "form" in kind.fields and not answers.get("form"):
        forms = listed(list(kind.fields["form"].schema.get("enum", ["…"])))
        raise click.UsageError(f"say which form of {kind.title.lower()} with --form: {forms}.")
    return answers


def _written(asked: Asked, workspace: Workspace) -> tuple[str, str]:
    """The path and the text of the new record; refused where it would start with a mistake."""
    root, register = workspace.root, workspace.register
    wanted = asked.answers.get("id") or id_for(asked, register)
    id = next(
        name
        for name in (wanted, *(f"{wanted}-{n}" for n in _SUFFIXES))
        if not workspace.find(name) and not (root / asked.kind.folder / f"{name}.md").exists()
    )
    path = (Path(asked.kind.folder) / f"{id}.md").as_posix()
    try:
        text = blank_record(asked, id, register, root)
    except FormFault as fault:
        raise click.ClickException(f"{fault}.") from None
    # What is still to be written is no mistake of a form.
    problems = [p for p in check_text(path, text, register) if p.rule not in ("missing-field", "empty-section")]
    source = Source(text)
    errors = [p for p in problems if p.severity == "error"]
    said = [f"“{source.words(p.span)}”: {p.message}{f' ({p.hint})' if p.hint else ''}" for p in errors]
    if said:
        raise click.UsageError(f"nothing was written: {'; '.join(dict.fromkeys(said))}")
    return path, text
