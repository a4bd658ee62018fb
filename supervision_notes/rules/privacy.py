"""SN6: what should not stand in a record, or not in this workspace."""

from __future__ import annotations

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterator

from ..kind import offered, words_of
from ..record import Record
from ..register import Register
from ..skeleton import Skeleton
from ..workspace import Workspace
from .base import Found, record_rule, workspace_rule

_DATE = r"(?:\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? \d{4})"
_DIGIT, _AT, _TITLE = re.compile("[0-9]"), re.compile("@"), re.compile("M(?:r|s|iss|x|aster)")
_SORTS = {
    "an e-mail address": (_AT, re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[A-Za-z]{2,}")),
    "a UK postcode": (
        _DIGIT,
        re.compile(
            r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ][0-9][0-9A-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y][0-9][0-9ABEHMNPRV-Y]?)"
            r"[ \t]?(?!\d(?:st|nd|rd|th)\b)[0-9][ABD-HJLNP-UW-Z]{2})\b",
            re.IGNORECASE,
        ),
    ),
    "a National Insurance number": (
        _DIGIT,
        re.compile(
            r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?\d\d){3} ?[A-D]\b", re.IGNORECASE
        ),
    ),
    "a date of birth": (
        _DIGIT,
        re.compile(rf"\b(?:d\.?o\.?b\.?|date of birth|born(?: on)?)\b\W{{0,4}}{_DATE}", re.IGNORECASE),
    ),
    "a phone number": (
        _DIGIT,
        re.compile(r"(?<![\w+])(?:\+44[\s.-]?(?:\(0\)[\s.-]?)?|\(?0)(?:[\s.()-]{0,2}\d){9,10}(?![\d-])"),
    ),
    "a person by title and name": (
        _TITLE,
        re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Master)\b\.?[ \t]+[^\W\d_a-z][\w’'-]*"),
    ),
}
"""What is looked for, each with a sign that most texts lack: it is quickly seen, and saves the long look."""
_OF_DATES = frozenset(n.casefold() for names in (month_name, month_abbr, day_name, day_abbr, ["Sept"]) for n in names)
_SHORTEST_WORD = 3
_LETTERS = re.compile(rf"[^\W\d_]{{{_SHORTEST_WORD}}}")
_TEN_DIGITS = re.compile(r"(?<![\d.-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")


@record_rule("SN601", "warning")
def possible_identifier(record: Record, register: Register) -> Iterator[Found]:
    """Words look as if they identify a person: a client, a patient, or a third party.

    Looked for are NHS numbers (with their check digit), UK postcodes, phone numbers, e-mail addresses, National
    Insurance numbers, dates of birth, names after Mr, Mrs, Ms, Miss, Mx or Master, and the names of those whom the
    record is about, who have codes. Use a code or random letters instead. **Silence does not show that a record is
    anonymous**: a rare event, a place and a date can identify
    somebody, and no tool can see that.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        The call from Mrs Example came late.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        The call from client K came late.
    """
    if record.kind.schema.get("x-clients") is False:
        return
    names = [name for code in (*record.people, register.owner or "") if (name := register.name_of(code))]
    facts = {key for key, field in record.kind.fields.items() if not field.shape and key != "sections"}
    for path, words in record.prose.items():
        if path[0] in facts:
            continue
        free = 0
        found_here = [*_identifiers(words.text), *_names(words.text, names)]
        for what, start, end in sorted(found_here, key=lambda found: found[1]):
            if start >= free:
                free = end
                hint = "write a code or random letters instead; if it identifies nobody, leave it"
                yield Found(words.part(start, end), f"this looks like {what}", hint)


def _identifiers(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _TEN_DIGITS.finditer(text):
        if _is_nhs_number(found[0]):
            yield "an NHS number", *found.span()
    for what, (sign, pattern) in _SORTS.items():
        if sign.search(text):
            for found in pattern.finditer(text):
                yield what, *found.span()


def _names(text: str, names: list[str]) -> Iterator[tuple[str, int, int]]:
    """The names of those whom the record is about: in its words, too, they stand by their codes."""
    for name in names:
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text) if name in text else ():
            yield "the name of a person who has a code", *found.span()


def _is_nhs_number(text: str) -> bool:
    """Ten digits, the last of which checks the others: weights 10 to 2, eleven minus the rest of their sum."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    check = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=False)) % 11
    return check % 11 == digits[9] and len(set(digits)) > 1


@record_rule("SN602", "error")
def private_record_of_another(record: Record, register: Register) -> Iterator[Found]:
    """A private record stands in the workspace of somebody who is not its author.

    A reflective log belongs to the person who wrote it. Unless they share it (`share_with`), it should not be kept in
    another person's workspace: give it back, and delete the copy.

    Bad:

        === supervision.yaml
        organisation: Riverside Community Trust
        owner: SV-014
        === log.md
        ---
        kind: reflection
        date: 2026-09-29
        author: SE-201
        ---
        ## What happened
        I was short with her.

    Good:

        === supervision.yaml
        organisation: Riverside Community Trust
        owner: SV-014
        === log.md
        ---
        kind: reflection
        date: 2026-09-29
        author: SE-201
        share_with: SV-014
        ---
        ## What happened
        I was short with her.
    """
    if not record.kind.private or register.owner is None or record.author in (None, register.owner):
        return
    if register.owner not in record.readers:
        yield Found(
            record.place("author"),
            "this private record belongs to somebody else than the owner of this workspace",
            "give it back to its author and delete it here, or have the author add share_with",
        )


@workspace_rule("SN603", "warning")
def words_in_id(workspace: Workspace) -> Iterator[Found]:
    """The id of a session holds words, and the organisation sees the id.

    Where an agreement lets the organisation see that people met, it sees the id of the session as well: in lists, and
    in the name and the head of every print. An id that is not written is the name of the file. Codes, dates, the name
    of the group and the words for a type of session, such as `peer-group`, tell it nothing new; `new` makes ids of a
    date and a code.

    Bad:

        === sessions/burnout-after-complaint.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---

    Good:

        === sessions/2026-09-29-se201.md
        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
    """
    # Most ids hold no word at all, which is quickly seen.
    wordy = {record.path for record in workspace.records if record.kind == "session" and _LETTERS.search(record.id)}
    everywhere = _told_anyway(workspace.register) if wordy else frozenset()
    for record in workspace.records if wordy else ():
        if record.path not in wordy or not record.sound or not workspace.receives(record):
            continue
        words = {word for word in words_of(record.id) - everywhere if len(word) >= _SHORTEST_WORD}
        if words and not words <= _words_of_codes(record):
            sees = "will see this id, once it is recorded" if record.status == "draft" else "sees this id"
            message = f"the organisation {sees}, and there are words in it"
            hint = "give it an id of its date and a code, such as 2026-09-29-se201, also where others name it"
            yield Found(record.place, message, hint, path=record.path)


def _told_anyway(register: Register) -> frozenset[str]:
    """The words of an id that tell nothing: of dates, of codes, and of what the organisation hears of every session."""
    kind = register.kinds["session"]
    choices = [choice for f in kind.fields.values() if f.layer == "attendance" for choice in offered(f.schema)]
    codes = [*(register.people or ()), *filter(None, [register.owner])]
    return _OF_DATES.union(*map(words_of, (kind.name, *choices, *codes)))


def _words_of_codes(record: Skeleton) -> frozenset[str]:
    """The words in the codes of those who met; `new` writes a code in one word."""
    codes = (*record.people, *record.chain)
    return frozenset().union(*map(words_of, codes), *(words_of(re.sub(r"[\W_]", "", code)) for code in codes))
