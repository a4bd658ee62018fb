"""What the questions have in common: for whom they are asked, how they are answered, and in which form."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from ..dates import read_date
from ..kind import nearest
from ..problem import did_you_mean, listed
from ..questions.view import View
from ..reading import open_workspace
from ..record import Audience
from ..register import Register
from ..skeleton import Skeleton
from ..workspace import Workspace
from .place import record_at, workspace_root
from .progress import progress
from .settings import Settings
from .tables import FORMATS, Column, Painted, as_csv, as_json, table
from .terminal import paper, print_text, say

AUDIENCES = ("parties", "organisation", "author")
PRIVATE = "private records are shown to their author alone: --for author."
_Command = TypeVar("_Command", bound=Callable[..., Any])


def dated(name: str, help: str) -> Callable[[_Command], _Command]:
    """An option that takes a date, as it is written in records."""
    return click.option(name, metavar="DATE", callback=_day, help=help)


def _day(context: click.Context, option: click.Parameter, typed: str | None) -> str | None:
    if typed is not None and read_date(typed) is None:
        raise click.UsageError(f"“{typed}” is not a date: write it as year-month-day, such as 2026-10-14", context)
    return typed


@dataclass(frozen=True)
class Asked:
    """A question that was asked: of which view, about which people, and how the answer is to look."""

    view: View
    people: tuple[str, ...]
    settings: Settings
    form: str = "table"

    @property
    def workspace(self) -> Workspace:
        """The workspace that was opened."""
        return self.view.workspace

    def find(self, id: str) -> Skeleton:
        """The record with an id or a path; what the audience may not know of is answered like what is not there."""
        found = self.view.find(id) or record_at(self.workspace.root, self.view.records, id)
        if found is None or not self.view.concerns(found, self.people):
            near = did_you_mean(self.view.near(id, self.people)) or "."
            raise click.ClickException(f"there is no record “{id}”{near}")
        return found

    def remark(self, sentence: str) -> None:
        """Something beside the answer, which goes to the other stream."""
        if not self.settings.quiet:
            say(sentence)


def asking(formats: Sequence[str] = FORMATS) -> Callable[[_Command], _Command]:
    """The options that every question has; the last only where there are several forms to answer in."""
    options = (
        click.option("--as", "as_", metavar="CODE", help="Which author, by code [the owner of the workspace]."),
        click.option(
            "--for", "whom", metavar="WHO", multiple=True,
            help="parties [as it is], organisation, or author (private records of their own too); or a code: only "
            "what is about that person or group. May be given again.",
        ),
    )  # fmt: skip

    form = click.option("--format", "form", type=click.Choice(formats), default="table", help="How to answer [table].")

    def with_options(command: _Command) -> _Command:
        if formats:
            command = form(command)
        for option in options:
            command = option(command)
        return command

    return with_options


def ask(
    settings: Settings,
    whom: Sequence[str],
    as_: str | None,
    form: str,
    meanwhile: Callable[[], object] | None = None,
    *,
    counting: bool = False,
) -> Asked:
    """Open the workspace for whoever asks; `meanwhile` is what can be done while its registers are read.

    Where people are counted, the command ends here if nobody can say who they are.
    """
    audiences = list(dict.fromkeys(who for who in whom if who in AUDIENCES))
    if len(audiences) > 1:
        raise click.UsageError(f"--for {audiences[0]} and --for {audiences[1]} are two questions: ask one at a time.")
    who = audiences[0] if audiences else "parties"
    if as_ is not None and who != "author":
        raise click.UsageError("--as goes with --for author:  --for author --as SE-201")
    with progress("Checking", settings) as shown:
        root = workspace_root(settings)
        workspace = open_workspace(root, progress=shown, tell="errors", meanwhile=meanwhile).workspace
    if counting:
        refuse_unread(workspace.register)
    gc.freeze()  # what was read stays to the end: nobody needs to look through it for rubbish
    view = View(workspace, _audience(who, as_, workspace))
    asked = Asked(view, tuple(_code(view, code) for code in whom if code not in AUDIENCES), settings, form)
    unread = sum(not record.kind for record in workspace.records)
    if unread and view.audience.who == "parties":  # to the others it would say that there is something
        count = f"{unread} {'record' if unread == 1 else 'records'}"
        asked.remark(f"{count} could not be read, and {'is' if unread == 1 else 'are'} not in this answer: see check.")
    return asked


def refuse_unread(register: Register) -> None:
    """End the command where a register is there and cannot be read whole: whatever it answered would be wrong."""
    if register.unread:
        files = listed([*register.unread], "and")
        say(f"{files} cannot be read whole, so nothing was answered or written: supervision-notes check says why.")
        raise click.exceptions.Exit(1)


def answer(
    asked: Asked,
    keys: Sequence[str],
    objects: Iterable[Mapping[str, Any]],
    titles: Sequence[Column],
    rows: Iterable[Sequence[str | Painted]],
) -> None:
    """Print an answer of many lines in the form that is wanted."""
    if asked.form == "json":
        tell(as_json(objects))
    elif asked.form == "csv":
        tell(as_csv(keys, objects))
    elif found := list(rows):
        click.echo("\n".join(table(titles, found, paper())))


def tell(lines: Iterable[str]) -> None:
    """Print lines of JSON or CSV: on a terminal, what it would obey or hide is spelled out."""
    print_text("".join(f"{line}\n" for line in lines))


def _audience(who: str, as_: str | None, workspace: Workspace) -> Audience:
    if who == "organisation":
        return Audience("organisation")
    if who == "parties":
        return Audience("parties")
    person = workspace.register.owner if as_ is None else as_
    if not person:
        raise click.UsageError("--for author needs a code:  --for author --as SE-201")
    return Audience("author", person=person)


def _code(view: View, typed: str) -> str:
    """The code of a person or a group, as the workspace writes it."""
    known = {code.casefold(): code for code in (*(view.workspace.register.people or {}), *view.codes)}
    if typed.casefold() not in known:
        near = did_you_mean(nearest(typed, [*AUDIENCES, *known.values()])) or "."
        raise click.UsageError(f"there is nobody “{typed}” in people.yaml or in a record{near}")
    return known[typed.casefold()]
