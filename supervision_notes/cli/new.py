"""`new`: a blank record, with what is known filled in and what is still open put up for an answer."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple

import click

from ..dates import read_date
from ..kind import Kind, nearest
from ..problem import did_you_mean, listed
from ..reading import open_workspace
from ..workspace import Workspace
from ..write import NameTaken
from ..writing.cohort import SUPERVISOR, Row, Unusable, facts_of, read_cohort
from ..writing.drafting import Draft, Refused, clashes, drafted, there_already, write_drafts
from ..writing.forms import Asked, third_of
from ..writing.signature import KIND as SIGN_OFF
from ..writing.signature import still_to_come
from .excerpt import visible
from .place import Given, content_of, refuse_no_date, workspace_root
from .settings import Settings
from .terminal import print_text, say

_TABLE = Given("is it in another folder?")


class Wish(NamedTuple):
    """What the options say, for every record of one run."""

    kind: Kind
    day: str | None
    person: str | None
    supervisor: str | None
    answers: dict[str, str]
    third: dict[str, str]
    carry_from: str | None


@click.command("new")
@click.argument("kind")
@click.option("--for", "person", metavar="ID", help="The code of the person, or of the group, whom it is for.")
@click.option("--supervisor", metavar="ID", help="The code of whoever stands on the other side [the owner].")
@click.option("--date", "day", metavar="DATE", help="The day it is about, as 2026-10-14 [today].")
@click.option("--form", metavar="FORM", help="Which form of agreement: individual, group, tripartite, …")
@click.option("--model", metavar="MODEL", help="Which model of reflection: gibbs, driscoll, kolb, …")
@click.option("--set", "set_", metavar="FACT=VALUE", multiple=True, help="Fill in a fact; may be given again.")
@click.option("--carry-from", metavar="ID", help="Take over the open actions of a session with a former supervisor.")
@click.option("--each", "table", metavar="FILE", type=_TABLE, help="One record for each row of a CSV table.")
@click.option("--dry-run", is_flag=True, help="Print the record instead of writing it.")
@click.option("--edit", is_flag=True, help="Open it in the editor that $VISUAL or $EDITOR names.")
@click.pass_obj
def command(
    settings: Settings, kind: str, person: str | None, supervisor: str | None, day: str | None, form: str | None,
    model: str | None, set_: tuple[str, ...], carry_from: str | None, table: BinaryIO | None, dry_run: bool, edit: bool,
) -> int:  # fmt: skip
    """Write a blank record of KIND (session, reflection, agreement, …) to fill in with a text editor.

    A session names the one before it and the agreement in force, and its review holds every action that is still
    open, for you to answer. Nothing is overwritten, and what is not known stays a blank.

    The table of --each needs a column “for”, a code in each row. Its other columns are the facts of the kind, such as
    start, or supervisor; of an agreement also tutor, manager and organisation, for the third who signs. What is the
    same for all can be said with --set, and without a table these can too:  --set tutor=TU-009
    """
    workspace = open_workspace(workspace_root(settings), tell="errors").workspace
    chosen = _kind(kind, workspace)
    _refuse_together(chosen, person, supervisor, carry_from, table, dry_run, edit)
    refuse_no_date(day)
    answers = _answers(chosen, set_, form=form, model=model)
    beside = {role: answers.pop(role, "") for role in _beside(chosen)}
    supervisor = supervisor or beside.pop(SUPERVISOR, None) or None
    wish = Wish(
        chosen, day, person, supervisor, answers, {role: beside[role] for role in beside if beside[role]}, carry_from
    )
    drafts = _each(wish, workspace, table) if table else [_one(wish, workspace)]
    if not settings.quiet:
        for remark in dict.fromkeys(remark for draft in drafts for remark in draft.remarks):
            say(remark)
    if dry_run:
        for draft in drafts:
            print_text(draft.text)
        return 0
    _write(workspace, drafts)
    if not settings.quiet:
        for draft in drafts:
            click.echo(visible(draft.path))
    if edit:
        _open(workspace.root / drafts[0].path, drafts[0].path)
    return 0


def _kind(name: str, workspace: Workspace) -> Kind:
    kinds = workspace.register.kinds
    if name not in kinds:
        near = did_you_mean(nearest(name, kinds)) or "."
        raise click.UsageError(f"there is no kind of record “{name}”{near} The kinds are {listed([*kinds], 'and')}.")
    return kinds[name]


def _refuse_together(
    kind: Kind, person: str | None, supervisor: str | None, carry_from: str | None, table: object, dry: bool, edit: bool
) -> None:
    """Options that say two things at once, or nothing here."""
    if supervisor and not kind.fields.keys() & {"supervisor", "parties"}:
        raise click.UsageError(f"{kind.noun} has no supervisor: --supervisor goes with a session or an agreement.")
    if carry_from and kind.name != "session":
        raise click.UsageError("--carry-from goes with a session alone.")
    if table and (person or supervisor):
        raise click.UsageError("with --each, the table says for whom and with whom: leave out --for and --supervisor.")
    if edit and (table or dry):
        raise click.UsageError(
            f"--edit opens one record that was written: leave out {'--each' if table else '--dry-run'}."
        )


def _answers(kind: Kind, set_: tuple[str, ...], **options: str | None) -> dict[str, str]:
    """What was said of the facts, by key."""
    answers: dict[str, str] = {}
    pairs = [pair.partition("=") for pair in set_]
    pairs += [(key, "=", value) for key, value in options.items() if value is not None]
    for key, equals, value in pairs:
        if not equals:
            raise click.UsageError(f"--set takes a fact and its value:  --set {key}=…")
        if key not in (facts := [*facts_of(kind), *_beside(kind)]):
            said = did_you_mean(nearest(key, facts)) or "."
            raise click.UsageError(f"{kind.noun} has no fact “{key}”{said}")
        answers[key] = value.strip()
    return answers


def _beside(kind: Kind) -> Sequence[str]:
    """What can be said of a record and is no fact of it: who stands there in which role."""
    third = third_of(kind)
    return [SUPERVISOR, *third] if third else third


def _asked(wish: Wish, row: Row | None = None) -> Asked:
    """What is asked for, once or for a row of a table, whose cells go before what holds for all of them."""
    answers = {**wish.answers, **(row.answers if row else {})}
    if row and row.supervisor:
        answers.pop(SUPERVISOR, None)
    said = (wish.day, answers.get("date"), answers.get("start"))
    day = next((one for one in said if one and read_date(one)), date.today().isoformat())
    person, supervisor = (row.person, row.supervisor or wish.supervisor) if row else (wish.person, wish.supervisor)
    third = {**wish.third, **(row.third if row else {})}
    if "form" in wish.kind.fields and not answers.get("form"):
        forms = listed(list(wish.kind.fields["form"].schema.get("enum", ["…"])))
        raise Refused(f"say which form of {wish.kind.title.lower()} with --form: {forms}")
    return Asked(wish.kind, day, person, answers, supervisor, third=third)


def _drafted(wish: Wish, workspace: Workspace, row: Row | None = None, beside: Sequence[Draft] = ()) -> Draft:
    draft = drafted(_asked(wish, row), workspace, carry_from=wish.carry_from, beside=beside)
    for why in still_to_come(draft.skeleton.date, date.today().isoformat()) if wish.kind.name == SIGN_OFF else ():
        raise Refused(why)
    return draft


def _one(wish: Wish, workspace: Workspace) -> Draft:
    try:
        draft = _drafted(wish, workspace)
    except Refused as refused:
        raise click.UsageError(f"nothing was written: {refused}.") from None
    for _, said in clashes(workspace, [draft]):
        raise click.UsageError(f"nothing was written: {said}.")
    return draft


def _each(wish: Wish, workspace: Workspace, table: BinaryIO) -> list[Draft]:
    """A draft for each row of a table; where one of them would not stand, none, and every such row is named."""
    drafts: list[Draft] = []
    numbers: list[int] = []
    wrong: list[tuple[int, str]] = []
    try:
        rows = read_cohort(content_of(table, "the table"), wish.kind)
    except Unusable as fault:
        raise _unusable(fault.said) from None
    for row in rows:
        try:
            drafts.append(_drafted(wish, workspace, row, drafts))
            numbers.append(row.number)
        except Refused as refused:
            wrong.append((row.number, str(refused)))
    for number, draft in zip(numbers, drafts, strict=True):
        if said := there_already(workspace, draft):
            wrong.append((number, said))
    wrong += [(numbers[drafts.index(draft)], said) for draft, said in clashes(workspace, drafts)]
    if wrong:
        raise _unusable([f"row {number}: {said}" for number, said in sorted(wrong)])
    return drafts


def _unusable(said: Sequence[str]) -> click.ClickException:
    """Why nothing came of a table: a line for each thing that is wrong in it."""
    for sentence in said:
        say(f"{sentence}.")
    return click.ClickException("nothing was written.")


def _write(workspace: Workspace, drafts: Sequence[Draft]) -> None:
    try:
        write_drafts(workspace, drafts)
    except Refused as refused:
        raise click.ClickException(f"nothing was written: {refused}.") from None
    except NameTaken as taken:
        name = Path(str(taken)).relative_to(workspace.root).as_posix()
        raise click.ClickException(f"{name} is there already; nothing was written.") from None


def _open(path: Path, name: str) -> None:
    """Open what was written in the writer's editor, and wait until it is closed. The file stays, come what may."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise click.ClickException(f"{name} is written, but neither $VISUAL nor $EDITOR names an editor to open it in.")
    try:
        code = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError):
        raise click.ClickException(f"{name} is written, but “{editor}” could not be started.") from None
    if code:
        raise click.ClickException(f"{name} is written, but the editor ended with {code}.")
