"""Workspace × one party's word on one record → the sign-off that holds it, with the digest of what that party may read.

The words of a comment stand in it as they were given, or nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..convert import Form, converted
from ..dates import read_date
from ..document.facts import scalar
from ..problem import Problem
from ..reading import read_one, read_text
from ..record import Record
from ..signing import SIGNED_KINDS, changed, sign_offs
from ..skeleton import Skeleton
from ..workspace import Workspace
from .drafting import Draft, Refused, clashes, draft_of, free_id
from .forms import Asked, id_for

KIND = "sign-off"
AGREE, WITH_COMMENT = "agree", "agree-with-comment"
# A comment with a heading of its own can stand in YAML alone.
_FORMS: tuple[Form, ...] = ("md", "yaml")


class Word(NamedTuple):
    """What a party says of a record: who, on which day (ISO text), what, and whether in ink."""

    by: str
    day: str
    verdict: str
    comment: str = ""
    paper: bool = False


def signature(workspace: Workspace, record: Skeleton, word: Word, today: str) -> Draft:
    """The sign-off that holds a party's word, given `today` (ISO text) or earlier. Raises Refused."""
    if why := next(_objections(workspace, record, word, today), None):
        raise Refused(why)
    kind = workspace.register.kinds[KIND]
    id = free_id(workspace, kind.folder, id_for(Asked(kind, word.day, word.by), workspace.register))
    facts = {"kind": KIND, "id": id, "of": record.id, "by": word.by, "date": word.day, "verdict": word.verdict}
    facts |= {"method": "paper"} if word.paper else {"digest": record.digest}
    if comment := word.comment.strip():
        facts["comment"] = comment
    yaml = "".join(f"{key}: {scalar(value)}\n" for key, value in facts.items())
    whole = read_text(f"{id}.yaml", yaml, workspace.register)
    if isinstance(whole, Problem):
        raise Refused(f"a sign-off with this comment could not be read again: {whole.message}")
    # As a fact, `null` says nothing; under its heading it is a word like any other.
    texts = {form: converted(replace(whole, value=facts), form) for form in _FORMS}
    for form, text in texts.items():
        again = read_text(f"{id}.{form}", text, workspace.register)
        if isinstance(again, Record) and again.sound and again.value == facts:
            draft = draft_of(f"{kind.folder}/{id}.{form}", text, workspace.register)
            for _, said in clashes(workspace, [draft]):
                raise Refused(f"{said}; where words in double brackets name no record, put `backticks` around them")
            return draft
    raise Refused(
        "the comment cannot be kept word for word: there is a comment sign (<!--) in it, or code without an end"
    )


def still_to_come(day: str | None, today: str) -> Iterator[str]:
    """Why nobody can have signed on a day; nothing where they can."""
    if day and day > today:
        yield f"{day} is still to come, and nobody can have signed on it: give the day on which they did, with --date"


def why_not(record: Skeleton, by: str, day: str, today: str) -> Iterator[str]:
    """Why somebody cannot sign a record on a day, whatever their word would be; the plainest reason first."""
    if record.kind not in SIGNED_KINDS:
        yield f"{record.id} is neither a session nor an agreement, and nothing else is signed"
    if by not in record.parties:
        yield f"{by} is no party to {record.id}, and only a party signs"
    if record.status == "draft":
        settled = "recorded" if record.kind == "session" else "to-sign"
        yield f"{record.id} is a draft: set its status to {settled} first"
    if not record.sound:
        yield f"{record.id} has errors: mend them first (`check` names them)"
    if read_date(day) is None:
        yield f"“{day}” is not a date: write it as year-month-day, such as 2026-10-14"
    yield from still_to_come(day, today)
    if record.kind == "session" and day < (record.date or ""):
        yield f"{record.id} took place on {record.date}, and cannot have been signed before that"


def _objections(workspace: Workspace, record: Skeleton, word: Word, today: str) -> Iterator[str]:
    """Why a word cannot be taken, the plainest reason first."""
    yield from why_not(record, word.by, word.day, today)
    if word.verdict == WITH_COMMENT and not word.comment.strip():
        yield f"{WITH_COMMENT} needs a comment:  --comment FILE"
    before = sign_offs(workspace, record).get(word.by)
    if before is None:
        return
    same = (word.verdict, word.paper) == (before.text("verdict"), before.text("method") == "paper")
    if same and not changed(record, before) and word.comment.strip() in ("", _comment(workspace, before)):
        yield f"{word.by} has signed this already: {before.id}"
    if word.day < (before.date or ""):
        yield f"{word.by} signed this on {before.date}, and a new signature cannot be earlier"


def _comment(workspace: Workspace, before: Skeleton) -> str:
    """The words that somebody signed with, read again from where they stand."""
    record = read_one(workspace.root, before.path, workspace.register)
    return str(record.value.get("comment") or "").strip() if record else ""
