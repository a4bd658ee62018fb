"""`show`: one record, as far as somebody may read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from ..questions.actions import AgreedAction
from ..questions.show import Shown, Signed, show
from ..questions.wording import Wording
from ..questions.year import EXTENDED
from . import actions as of_actions
from . import links as of_links
from . import listing as of_listing
from .asking import ask, asking, dated, tell
from .excerpt import columns, escaped, visible
from .settings import Settings
from .tables import Column, Painted, as_csv, table
from .terminal import Paper, fold, paper

_HEADING = re.compile(r"(#{2,6}) (.*)")
_BULLET = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[.\][ \t]+)?|>[ \t]*)?")
_INDENT, _LEAST = "  ", 20
_SIGNED = [Column("Who"), Column("How", 8), Column("When"), Column("Comment", below=True)]
_ACTIONS = [
    *(Column("Number"), Column("What was agreed", below=True), Column("Became", 4), Column("When")),
    *(Column("In", 17), Column("Due", 10)),
]


@click.command("show")
@click.argument("id", metavar="ID")
@dated("--as-at", "The day that counts as today [today].")
@asking()
@click.pass_obj
def command(settings: Settings, id: str, as_at: str | None, whom: tuple[str, ...], as_: str | None, form: str) -> None:
    """Show one record: its facts and words, who has signed, what it names and what names it, and its actions.

    Only what the audience may read is shown; names stand beside codes where people.yaml has them.
    """
    asked = ask(settings, whom, as_, form)
    known = asked.find(id)
    shown = show(Wording(asked.view), known, as_at or date.today().isoformat())
    if form == "json":
        tell(map(escaped, json.dumps(_object(shown), ensure_ascii=False, indent=2).split("\n")))
    elif form == "csv":
        tell(as_csv(("title", "said"), ({"title": title, "said": said} for title, said in _pairs(shown))))
    else:
        for line in _page(shown, paper()):
            click.echo(line)
    if not shown.value:
        asked.remark("what stands in it is for its parties alone.")


def _object(shown: Shown) -> dict[str, Any]:
    """The record for a program."""
    return {
        **of_listing.as_object(shown.listed),
        "extended": shown.extended,
        "value": dict(shown.value),
        "signed": [asdict(one) for one in shown.signed],
        "links": [of_links.as_object(one) for one in shown.links],
        "actions": [of_actions.as_object(one) for one in shown.actions],
    }


def _pairs(shown: Shown) -> Iterator[tuple[str, str]]:
    """Every part with its title."""
    yield "Record", shown.listed.id
    yield from ((fact.title, "; ".join(fact.said)) for fact in shown.facts)
    if shown.listed.standing:
        yield "Standing", shown.listed.standing
    if shown.extended:
        yield "Note", EXTENDED
    yield from shown.sections


def _page(shown: Shown, on: Paper) -> Iterator[str]:
    """The record for a person to read."""
    one = shown.listed
    yield on.paint(visible(f"{one.label}, {one.date}" if one.date else one.label), bold=True)
    yield visible(", ".join(filter(None, (one.id, one.standing))))
    if shown.extended:
        yield EXTENDED
    if shown.facts:
        yield ""
        yield from _facts(shown, on)
    yield from _words(shown.words, on)
    parts = (
        ("Signed", _SIGNED, [row for signed in shown.signed for row in _signed(signed)]),
        ("Links", of_links.TITLES, [of_links.row(link) for link in shown.links]),
        ("What became of its actions", _ACTIONS, [_action(action) for action in shown.actions]),
    )
    for title, titles, rows in parts:
        if rows:
            yield ""
            yield on.paint(title, bold=True)
            lines = table(titles, rows, on.within(len(_INDENT)))
            # What was signed and what is linked explains itself.
            yield from (f"{_INDENT}{line}" for line in list(lines)[titles is not _ACTIONS :])


def _facts(shown: Shown, on: Paper) -> Iterator[str]:
    """A line for each fact, its title before it; a fact of many parts goes on below."""
    room = max(columns(fact.title) for fact in shown.facts)
    for fact in shown.facts:
        title = fact.title
        for said in fact.said:
            for line in fold(visible(said), on.width - room - 2) if on.width else [visible(said)]:
                yield f"{on.paint(title, dim=True)}{' ' * (room - columns(title))}  {line}".rstrip()
                title = ""


def _words(words: str, on: Paper) -> Iterator[str]:
    """Headings, each level further in, and what stands under them; words of a list hang behind their bullet."""
    deep, apart = 0, False
    for line in words.split("\n") if words else ():
        heading = _HEADING.fullmatch(line)
        if heading:
            deep = len(heading[1]) - 1
            yield from ("", f"{_INDENT * (deep - 1)}{on.paint(visible(heading[2]), bold=True)}")
        elif line.strip():
            yield from [""] if apart else []
            yield from _hanging(line, _INDENT * deep, on)
        apart = not line.strip()


def _hanging(line: str, indent: str, on: Paper) -> Iterator[str]:
    bullet = _BULLET.match(line)
    start = visible(bullet[0]) if bullet else ""
    text = visible(line[len(bullet[0]) if bullet else 0 :])
    # A table keeps its columns, wherever the line ends.
    room = None if on.width is None or text.startswith("|") else max(on.width - len(indent) - columns(start), _LEAST)
    for row in fold(text, room) if room else [text]:
        yield f"{indent}{start}{row}".rstrip()
        start = " " * columns(start)


def _signed(signed: Signed) -> Iterator[list[str]]:
    """A party's word, and behind it what they said before."""
    for n, one in enumerate((signed, *signed.before)):
        paper, said = " on paper" if one.method == "paper" else "", "before: " if n else ""
        how = f"{said}{one.state}{paper}"
        yield ["" if n else one.person, how, one.date or "", " ".join(one.comment.split())]


def _action(one: AgreedAction) -> list[str | Painted]:
    """An action by its number, and what became of it: carried on, done or dropped; when, and in which session."""
    due, owners, words, *_ = of_actions.row(one, show_state=False)
    spoken = one.spoken_of != one.session.id
    state = f"open, carried {one.carried}×" if one.carried else one.state
    when = one.closed or (one.spoken_on if spoken else None) or ""
    due = "" if one.closed else due
    return [one.line.id, f"{words} ({owners})" if owners else words, state, when, one.spoken_of if spoken else "", due]
