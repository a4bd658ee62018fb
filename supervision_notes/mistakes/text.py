"""SN1: what keeps a text from being read as it was meant."""

from __future__ import annotations

from ..problem import Said, mistake


@mistake("SN101", "error")
def not_utf8() -> Said:
    """The file is not UTF-8 text.

    Records are UTF-8, so that every name and every letter prints as it was typed. In Notepad: *File*, *Save as*,
    *Encoding: UTF-8*. In Word: *Save as*, *Plain text*, then choose *Unicode (UTF-8)*.
    """
    return Said(
        "from here on this file is not UTF-8 text, so it cannot be read",
        "in Notepad choose File > Save as, and under Encoding choose UTF-8",
    )


@mistake("SN102", "error")
def unclosed_front_matter(which: str = "last") -> Said:
    """The facts at the top of a record stand between two lines of three hyphens, and one of the lines is missing.

    Bad:

        ---
        kind: session
        status: draft

        ## Focus question
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
    if which == "first":
        return Said(
            "the facts of this record have no line of three hyphens above them",
            "put a line that holds only --- above the first fact",
        )
    if which == "spoilt":
        return Said(
            "something else stands where the facts of this record need a line of three hyphens above them",
            "write  ---  in its place, three hyphens and nothing else, and the same below the last fact; a heading "
            "belongs below that",
        )
    return Said(
        "the facts that start here are never closed",
        "put a line that holds only --- after the last fact, above the first heading",
    )


@mistake("SN103", "error")
def yaml_syntax(what: str, hint: str) -> Said:
    """The facts cannot be read as YAML.

    A fact is `name: value`, a space after the colon. A value that itself holds `: ` or ` #`, or starts with one of
    `@ % & * ! [ {` or a quote, stands in quotes. Lines that belong to a fact are indented by spaces, never by a tab.

    Bad:

        ---
        kind: session
        status: draft
        group: team: north
        ---

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        group: "team: north"
        ---
    """
    return Said(what, hint)


@mistake("SN104", "error")
def yaml_duplicate_key() -> Said:
    """A fact is given twice.

    Only the first is read, and nobody could say which was meant: take one away.

    Bad:

        ---
        kind: session
        status: draft
        date: 2026-09-29
        date: 2026-09-30
        ---

    Good:

        ---
        kind: session
        status: draft
        date: 2026-09-30
        ---
    """
    return Said("this fact is given a second time", "keep one of the two")


@mistake("SN105", "error")
def yaml_feature(what: str) -> Said:
    """The facts use a device of YAML that records do not use: a tag, an anchor, an alias, a merge or a nested key.

    They make one line mean another. Someone who wanted a `*` or a `!` as text puts the value in quotes.

    Bad:

        ---
        kind: session
        status: draft
        date: !!timestamp 2026-09-29
        ---

    Good:

        ---
        kind: session
        status: draft
        date: 2026-09-29
        ---
    """
    return Said(f"{what} is not used in records", "if it is meant as text, put the whole value in quotes")


@mistake("SN106", "error")
def too_deep() -> Said:
    """Lists, quotes or brackets stand more than fifty deep inside each other.

    No record needs that; a text that does it is damaged, or made to do harm. It is not read further.
    """
    return Said(
        "lists, quotes or brackets are nested more than 50 deep here",
        "take out the repeated signs; a record needs two or three levels",
    )


@mistake("SN107", "error")
def too_large() -> Said:
    """The file is larger than five million bytes.

    That is some two thousand pages. Usually a picture or another document was saved under this name.
    """
    return Said("this file is larger than 5 MB, so it is not read", "is this the file you meant to keep here?")


@mistake("SN108", "error")
def unclosed_comment() -> Said:
    """Guidance that starts with `<!--` has lost its end.

    Everything after it would vanish from the record, so it is read as words until the end is put back.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Focus question
        <!-- What is it that you want to think about?
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
    return Said(
        "the guidance that starts here is never closed",
        "delete the guidance, or put --> where it ends and your own words after it",
    )


@mistake("SN109", "warning")
def words_in_comment(facts: bool, instead: bool) -> Said:
    """There are words inside a comment that are not the form's guidance.

    What stands between `<!--` and `-->` never prints. Often an answer was typed inside the guidance by accident: move
    it below the `-->`. Among the facts, what stands behind a `#` is no part of the record either: where the `#` has
    room before it, as a remark has, that is only noted.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Focus question
        <!-- How do I say no? -->

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Focus question
        How do I say no?
    """
    if facts:
        said = "these words stand behind a #, so they are no part of the record"
        way_out = "are the value, take the # away" if instead else "belong to the value, put the whole value in quotes"
        return Said(said, f"if they {way_out}; if not, delete them")
    return Said(
        "these words stand inside a comment, so they will not print",
        "if they are your answer, move them below the -->; if not, delete them",
    )


@mistake("SN110", "error")
def unclosed_code() -> Said:
    """A block of code that starts with three backticks or tildes has no end.

    It would swallow every heading below it. Most often the backticks were typed by accident.

    Bad:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        ```
        She said it twice.

        ## Learning
        Pause first.

    Good:

        ---
        kind: session
        date: 2026-09-29
        status: draft
        ---
        ## Exploration
        She said it twice.

        ## Learning
        Pause first.
    """
    return Said(
        "a block of code starts here and never ends",
        "delete this line, or close the block with the same signs on a line of their own",
    )


@mistake("SN111", "error")
def unreadable() -> Said:
    """A file or folder cannot be opened.

    Nothing that it holds was checked. Usually it belongs to another user of the machine, or a drive is not connected.
    Of what lies among restricted records (`disclosures/`) nothing is said: nobody knows whose it is.
    """
    return Said(
        "this cannot be opened, so what it holds was not checked",
        "ask who keeps this machine for leave to read it",
    )


@mistake("SN112", "warning")
def broken_symlink() -> Said:
    """A link to another file leads nowhere: that file was moved or deleted.

    Of a link among restricted records (`disclosures/`) nothing is said: nobody knows whose it is.
    """
    return Said("this link leads to a file that is not there", "put the file back, or delete the link")


@mistake("SN113", "warning")
def symlink_leaves() -> Said:
    """A link leads out of the workspace, and is not followed.

    A workspace is read by itself, so that nobody's records are drawn in from elsewhere by accident. Of a register
    (`supervision.yaml`, `people.yaml` or a policy) that is an error. Of a link among restricted records
    (`disclosures/`) nothing is said: nobody knows whose it is.
    """
    return Said(
        "this link leads out of the workspace, so it is not followed",
        "copy the file into the workspace, or open its own workspace with -C",
    )


@mistake("SN114", "error")
def wrong_extension(extension: str) -> Said:
    """A file holds a record, but its name does not end in `.md` or `.yaml`.

    Notepad adds `.txt` to names without saying so. In *Save as* choose *All files*, or rename the file.
    """
    return Said(
        f"this file holds a record, but its name ends in {extension}, so it is not read",
        "rename it so that it ends in .md",
    )
