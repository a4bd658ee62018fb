"""SN2: what the kind of a record does not know, or what it misses."""

from __future__ import annotations

from ..problem import Said, did_you_mean, listed, mistake

_NOTHING_DECIDED = (
    "write it here; or, if nothing was decided, leave None yet under the heading, "
    "and delete from the ### of this decision down to the next ### or ##"
)


@mistake("SN201", "error")
def unknown_kind(near: str | None, kinds: list[str]) -> Said:
    """`kind:` names no kind of record.

    The kind decides which facts and headings a record has; without it nothing else is checked.

    Bad:

        ---
        kind: sesion
        status: draft
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
    """
    return Said(f"there is no such kind of record{did_you_mean(near)}", f"the kinds are {listed(kinds, 'and')}")


@mistake("SN202", "error")
def missing_field(title: str, key: str, hint: str, heading: bool) -> Said:
    """A fact or a section that this kind of record needs is not there.

    In a draft it is only a note. Write the fact above the second line of hyphens, or the section under its heading.

    Bad:

        ---
        kind: reflection
        date: 2026-09-29
        ---
        I was short with her.

    Good:

        ---
        kind: reflection
        author: SE-201
        date: 2026-09-29
        ---
        ## What happened
        I was short with her.
    """
    where = f"the heading “{title}”" if heading else f"the fact “{key}”"
    return Said(f"{where} is missing", hint)


@mistake("SN203", "error")
def wrong_type(expected: str, hint: str) -> Said:
    """A fact is not of the sort that its kind expects: a whole number, a list, a date, or facts of its own.

    Bad:

        ---
        kind: session
        status: draft
        minutes: 90.5
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        minutes: 90
        ---
    """
    return Said(f"{expected} is expected here", hint)


@mistake("SN204", "error")
def unknown_field(where: str, near: str | None, inside: bool, below: str, facts: str) -> Said:
    """A fact has a name that its kind does not know.

    A misspelt name is the usual cause. Words of one's own go under a heading below the facts.

    Bad:

        ---
        kind: session
        status: draft
        minuts: 60
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        minutes: 60
        ---
    """
    way_out = "if it belongs in the record, write it under a heading of your own below the facts"
    if below:
        way_out = f"it belongs under “{below}:”, on a line that starts two spaces further in"
    elif facts:
        way_out = facts
    elif inside:
        way_out = "a comma divides the facts between { }: words that hold one stand in quotes"
    return Said(f"this is not a fact of {where}{did_you_mean(near)}", "" if near else way_out)


@mistake("SN205", "error")
def wrong_choice(title: str, near: str | None, choices: list[str], examples: bool) -> Said:
    """A fact that is chosen from a list has a value that is not on the list.

    Bad:

        ---
        kind: session
        status: draft
        type: one to one
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        type: one-to-one
        ---
    """
    if examples and not near:
        return Said(f"“{title}” is not written like this", f"write it such as {listed(choices)}")
    return Said(f"this is not a choice for “{title}”{did_you_mean(near)}", f"choose {listed(choices)}")


@mistake("SN206", "error")
def out_of_range(what: str, hint: str) -> Said:
    """A number is smaller or larger, or a list shorter or longer, than can be true.

    Bad:

        ---
        kind: session
        status: draft
        minutes: 1441
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        minutes: 90
        ---
    """
    return Said(what, hint)


@mistake("SN207", "error")
def ambiguous_date(day_first: str, month_first: str) -> Said:
    """A date can be read in two ways.

    `03/04/2026` is the third of April to one reader and the fourth of March to another. Write the year first:
    `2026-04-03`.

    Bad:

        ---
        kind: session
        status: draft
        date: 03/04/2026
        ---

    Good:

        ---
        kind: session
        status: draft
        date: 2026-04-03
        ---
    """
    return Said(
        "this date can be read in two ways; write it as year-month-day",
        f"write {day_first} or {month_first}",
    )


@mistake("SN208", "error")
def wrong_date(why: str, suggestion: str | None) -> Said:
    """A date is not in the calendar, or is not written as year-month-day.

    Bad:

        ---
        kind: session
        status: draft
        date: 2023-02-29
        ---

    Good:

        ---
        kind: session
        status: draft
        date: 2023-02-28
        ---
    """
    return Said(why, f"write {suggestion}" if suggestion else "write it as year-month-day, such as 2026-10-14")


@mistake("SN209", "warning")
def unknown_heading(where: str, near: str | None, tight: bool = False) -> Said:
    """A heading is not one of this kind's headings.

    What stands under it is kept and printed last. Where a known heading is near it is an error, for the section that
    was meant would be missing. A heading needs a space after its signs: `## Focus question`.

    Bad:

        ---
        kind: session
        status: draft
        ---
        ## Focus qestion
        How do I say no?

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Focus question
        How do I say no?
    """
    if tight:
        return Said("this looks like a heading, but has no space after its signs", f"write it as {near}")
    return Said(
        f"this is not a heading of {where}{did_you_mean(near)}",
        "" if near else "it is kept, and printed after the others",
    )


@mistake("SN210", "error")
def duplicate_heading() -> Said:
    """A heading stands twice.

    The words under the second are kept, and printed last; bring them together under one heading.

    Bad:

        ---
        kind: session
        status: draft
        ---
        ## Learning
        Pause first.

        ## Learning
        Ask before advising.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Learning
        Pause first.

        Ask before advising.
    """
    return Said("this heading stands here a second time", "bring its words under the first one, and delete this line")


@mistake("SN211", "error")
def duplicate_field() -> Said:
    """The same thing is given twice under two names: as a fact and as a heading, or under a name and its other name.

    Bad:

        ---
        kind: session
        status: draft
        learning: Pause first.
        ---
        ## Learning
        Ask before advising.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Learning
        Pause first. Ask before advising.
    """
    return Said("this is already given elsewhere in the record, under another name", "keep one of the two")


@mistake("SN212", "error")
def wrong_level(signs: str) -> Said:
    """A known heading has too many or too few signs in front.

    The number of signs says what belongs to what: `##` opens a section, `###` a decision or a function, `####` a part
    of a decision such as its rationale.

    Bad:

        ---
        kind: session
        status: draft
        ---
        ### Learning
        Pause first.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Learning
        Pause first.
    """
    return Said(f"this heading belongs to another level: it starts with {signs}", f"write {signs} in front of it")


@mistake("SN213", "warning")
def stray_text(why: str, hint: str) -> Said:
    """Words stand where this record has no place for them.

    They are kept and printed last, but nobody would look for them there.

    Bad:

        ---
        kind: session
        status: draft
        ---
        It was a short hour.

        ## Learning
        Pause first.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        It was a short hour.

        ## Learning
        Pause first.
    """
    return Said(why, hint)


@mistake("SN214", "error")
def empty_section(title: str, hint: str) -> Said:
    """A section holds nothing but its guidance.

    In a draft, and where the section may be left out, it is only a note: delete the heading, or write under it.
    Where a record may say that there is nothing, `None` is an answer.

    Bad:

        ---
        kind: session
        status: draft
        ---
        ## Learning

        ## Exploration
        She asked twice.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        She asked twice.
    """
    return Said(f"nothing is written under “{title}” yet", hint)


@mistake("SN215", "error")
def not_a_task(why: str, hint: str) -> Said:
    """A line looks like an action, and is none, so nobody would be reminded of it.

    An action is one list item: a hyphen, a space, a box, a number, the words, who does it, and by when:
    `- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17`. In a review the box is the answer: `[x]` done, `[>]`
    carried or `[-]` dropped. One that is off by a space, such as `[x ]` or `A1:Ask`, is what
    `check --fix` mends. Its reason stands below it, indented: a line at the left edge that begins with a number is read
    as an action of its own.

    Bad:

        ---
        kind: session
        status: draft
        ---
        ## Actions
        • Ask for the audit data

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Actions
        - [ ] A1: Ask for the audit data @SE-201 due:2026-12-17
    """
    return Said(why, hint)


@mistake("SN216", "error")
def missing_rationale(blank: bool) -> Said:
    """A decision does not show how it was reached.

    “Showing your working out, how you got to where you did” is what keeps the next session from starting again.
    Under the decision write `#### Rationale` and the reasons. In a draft it is a note.

    Bad:

        ---
        kind: session
        type: one-to-one
        status: draft
        ---
        ## Decisions
        ### Offer a joint visit
        #### Ethical check
        She agreed, and it serves the family.

    Good:

        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        ---
        ## Decisions
        ### Offer a joint visit
        #### Rationale
        Two visits alone had led nowhere.
        #### Ethical check
        She agreed, and it serves the family.
    """
    return Said(
        "this decision does not show its workings",
        _NOTHING_DECIDED if blank else "write #### Rationale under it, and how you came to this decision",
    )


@mistake("SN217", "error")
def missing_ethical_check(blank: bool) -> Said:
    """A decision does not say that it was looked at ethically.

    Is it sound, and does it help clients and the organisation? Under the decision write `#### Ethical check` and a
    sentence. In a draft it is a note.

    Bad:

        ---
        kind: session
        type: one-to-one
        status: draft
        ---
        ## Decisions
        ### Offer a joint visit
        #### Rationale
        Two visits alone had led nowhere.

    Good:

        ---
        kind: session
        date: 2026-09-29
        type: one-to-one
        status: draft
        ---
        ## Decisions
        ### Offer a joint visit
        #### Rationale
        Two visits alone had led nowhere.
        #### Ethical check
        She agreed, and it serves the family.
    """
    hint = "write #### Ethical check under it: is it sound, and does it help clients and the organisation?"
    return Said("this decision has no ethical check", _NOTHING_DECIDED if blank else hint)


@mistake("SN218", "error")
def wrong_id(of_file: bool) -> Said:
    """A record's `id`, or its file's name where no `id` is given, has signs that an id cannot have.

    An id is 1 to 80 letters, digits, hyphens, points and underscores, without spaces.

    Bad:

        ---
        kind: session
        id: my first session
        status: draft
        ---

    Good:

        ---
        kind: session
        id: 2026-09-29-se201
        date: 2026-09-29
        status: draft
        ---
    """
    if of_file:
        return Said(
            "the name of this file stands for the id of the record, and is none: it has spaces or other signs",
            "rename the file, without anybody's name in it, or add a fact such as  id: 2026-10-14-se201",
        )
    return Said(
        "this is not an id: it takes letters, digits, - . and _, without spaces, 80 at most",
        "write a fact such as  id: 2026-10-14-se201",
    )


@mistake("SN219", "error")
def unusable_schema() -> Said:
    """A schema in the workspace's own `schemas/` cannot be used, so its kind of record is not known.

    It must be JSON Schema with a `title` and `properties`; `supervision-notes schema session` shows one that works.
    """
    return Said(
        "this schema cannot be used, so its kind of record is not known", "see  supervision-notes schema session"
    )
