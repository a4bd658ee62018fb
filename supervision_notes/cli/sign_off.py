"""`sign-off`: one party's word on one record, in a record of its own."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from typing import BinaryIO

import click

from ..kind import nearest, shipped_kinds
from ..problem import did_you_mean
from ..reading import open_workspace
from ..signing import SIGNED_KINDS, STATES, sign_offs, standing_in_words, standings, state_said
from ..skeleton import Skeleton
from ..workspace import Workspace
from ..write import NameTaken
from ..writing.drafting import Draft, Refused, write_drafts
from ..writing.signature import AGREE, KIND, WITH_COMMENT, Word, signature, why_not
from .excerpt import visible
from .place import Given, content_of, record_at, workspace_root
from .settings import Settings
from .terminal import say

_WORDS = Given("put their words into a file, and name that.")
VERDICTS = shipped_kinds()[KIND].fields["verdict"].schema["enum"]


@click.command("sign-off")
@click.argument("record", metavar="ID")
@click.option("--as", "by", metavar="ID", required=True, help="The code of the party whose word it is.")
@click.option(
    "--verdict", type=click.Choice(VERDICTS), help="What they say, such as disagree [agree, or with a comment]."
)
@click.option("--comment", metavar="FILE", type=_WORDS, help="Their own words, from a file; - reads them here.")
@click.option("--date", "day", metavar="DATE", help="The day on which they signed, as 2026-10-14 [today].")
@click.option("--method", type=click.Choice(["entered", "paper"]), default="entered", help="paper: signed in ink.")
@click.pass_obj
def command(
    settings: Settings,
    record: str,
    by: str,
    verdict: str | None,
    comment: BinaryIO | None,
    day: str | None,
    method: str,
) -> int:
    """Sign a session or an agreement as one of its parties; to disagree is a normal end.

    Without more, they agree; with --comment FILE, they agree and say something. Who does not agree says so with
    --verdict disagree, and may give a comment too.

    The record stays as it is: the word stands in a file of its own, with a digest that shows any later change.
    --as is a declaration, and no proof of who typed it.
    """
    workspace = open_workspace(workspace_root(settings), tell="errors").workspace
    found = _known(workspace, record)
    words = _words(comment)
    settings.at_stake = _kept(comment)
    today = date.today().isoformat()
    day = day or today
    if why := next(why_not(found, by, day, today), None):
        raise _refusal(why)
    before = sign_offs(workspace, found).get(by)
    said = verdict or _asked(settings, f"{by} on {found.id}", comment)
    word = Word(by, day, said, words, method == "paper")
    draft = _written(workspace, found, word, today)
    settings.at_stake = ""
    if settings.quiet:
        return 0
    click.echo(visible(draft.path))
    how = "signed on paper by" if word.paper else "entered as"
    say(f"{how} {by} on {word.day}: {said}; this is a declaration, not proof of who typed it.")
    if before:
        how = STATES[state_said(before)]
        say(f"their word of {before.date} ({how}) stands before it, and the page shows both.")
    _tell_standing(replace(workspace, records=(*workspace.records, draft.skeleton)), found)
    return 0


def _written(workspace: Workspace, found: Skeleton, word: Word, today: str) -> Draft:
    try:
        draft = signature(workspace, found, word, today)
        write_drafts(workspace, [draft])
    except Refused as refused:
        raise _refusal(str(refused)) from None
    except NameTaken:
        raise click.ClickException("somebody else was quicker, and the name is taken; try again.") from None
    return draft


def _refusal(why: str) -> click.ClickException:
    return click.ClickException(f"{why}. Nothing was written.")


def _tell_standing(workspace: Workspace, record: Skeleton) -> None:
    say(f"{record.id}: {standing_in_words(workspace, record)}.")
    waiting = record.kind == "agreement" and record.status == "to-sign"
    if waiting and all(standing.state == "signed" for standing in standings(workspace, record)):
        say("everyone has signed; only you can write  status: agreed  into it.")


def _known(workspace: Workspace, id: str) -> Skeleton:
    """The record with an id, or at a path; what belongs to one person alone is not known here."""
    found = workspace.find(id) or record_at(workspace.root, workspace.records, id)
    if found is None or found.private:
        ids = [record.id for record in workspace.records if record.kind in SIGNED_KINDS]
        raise click.ClickException(f"there is no record “{id}”{did_you_mean(nearest(id, ids)) or '.'}")
    return found


def _words(comment: BinaryIO | None) -> str:
    if comment is None:
        return ""
    try:
        words = content_of(comment, "the comment").decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").strip()
    except UnicodeDecodeError:
        raise click.ClickException("the comment is not UTF-8: save it as UTF-8 and try again.") from None
    if not words:
        raise click.ClickException("the comment is empty: leave out --comment, or write something.")
    return words


def _kept(comment: BinaryIO | None) -> str:
    """Where the words of a comment are, whatever keeps them from being written."""
    if comment is None:
        return ""
    if _is_typed(comment):
        return "What you wrote is kept nowhere: put it into a file, and name that with --comment FILE."
    return "The words of the comment are still in their file."


def _is_typed(comment: BinaryIO) -> bool:
    return comment.name == "<stdin>"


def _asked(settings: Settings, whose: str, comment: BinaryIO | None) -> str:
    """The verdict, asked of whoever sits there; the usual one where nobody can be asked."""
    usual = AGREE if comment is None else WITH_COMMENT
    if settings.no_input or sys.stdin is None or not sys.stdin.isatty() or (comment and _is_typed(comment)):
        return usual
    answer: str = click.prompt(visible(whose), type=click.Choice([usual, "disagree"]), default=usual, err=True)
    return answer
