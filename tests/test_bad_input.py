"""Bad input: each mistake is one problem, at its place, with a way out, and hides no other file's result.

A case is a record that is complete and `recorded`, with one thing changed in its text: `old` becomes `new`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from supervision_notes.mend import edited
from supervision_notes.problem import Problem
from supervision_notes.reading import Checked, open_workspace

from .conftest import (
    CLINICAL,
    DECISION,
    DISCLOSURE,
    MEASURE,
    PROCESS_NOTE,
    REFLECTION,
    ROOT,
    SESSION,
    Files,
    Seen,
    at,
    problems,
    record,
    seen,
    text_of,
    write,
)

WHOLE = text_of(SESSION, {**CLINICAL, "Decisions": DECISION, "Actions": "- [ ] A1: Ask @SE-201 due:2026-12-17"})
OTHER = WHOLE.replace("mode: online", "mode: onlin")
OTHERS = Seen("wrong-choice", 6, 7)
EXPLORATION = "What was asked, clarified and found out, and what the supervisor brought to it."


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1, "a case changes one place"
    return WHOLE.replace(old, new)


def way_out(problem: Problem) -> bool:
    """A hint, or a near name that was meant."""
    return bool(problem.hint) or "did you mean" in problem.message


# The text, what is said of it, and the words at the place of the first problem.
CASES: dict[str, tuple[str, list[Seen], str]] = {
    "nothing is wrong": (WHOLE, [], ""),
    "front matter without its last line": (
        changed("SE-201\n---\n", "SE-201\n"),
        [Seen("unclosed-front-matter", 1, 1)],
        "---",
    ),
    **{
        f"a first line that was spoilt: {spoilt}": (
            f"{spoilt}\n{WHOLE[4:]}",
            [Seen("unclosed-front-matter", 1, 1)],
            spoilt.strip(),
        )
        for spoilt in ("\u2014", "***", "----", "- - -", "# Session", "# Session\n")
    },
    **{
        f"both lines spoilt: {spoilt}": (
            WHOLE.replace("---", spoilt),
            [Seen("unclosed-front-matter", 1, 1)],
            spoilt,
        )
        for spoilt in ("\u2014", "***", "----", "# Session")
    },
    "front matter without its first line": (WHOLE[4:], [Seen("unclosed-front-matter", 1, 1)], "kind: session"),
    "words before the front matter": (
        f"My notes\nof today\n\n{WHOLE}",
        [Seen("stray-text", 1, 1)],
        "My notes\nof today",
    ),
    "empty lines before the front matter": (f"\n \n{WHOLE}", [], ""),
    "not YAML": (changed("mode: online", "mode: on: line"), [Seen("yaml-syntax", 6, 9)], ":"),
    "a quote left open": (changed("mode: online", 'mode: "online'), [Seen("yaml-syntax", 6, 7)], '"'),
    "a bracket left open": (changed("mode: online", "mode: [online"), [Seen("yaml-syntax", 6, 7)], "["),
    "a tab for indentation": (changed("mode: online", "mode:\n\tonline"), [Seen("yaml-syntax", 7, 1)], ""),
    "a line without a colon": (changed("mode: online", "mode online"), [Seen("yaml-syntax", 6, 1)], "m"),
    "no space behind a colon": (changed("mode: online", "mode:online"), [Seen("yaml-syntax", 6, 1)], "mode:"),
    "no space behind the first colon": (
        changed("kind: session", "kind:session"),
        [Seen("yaml-syntax", 2, 1)],
        "kind:",
    ),
    "no space behind the last colon": (
        changed("supervisees: SE-201", "supervisees:SE-201"),
        [Seen("yaml-syntax", 9, 1)],
        "supervisees:",
    ),
    "no comma between two facts": (
        changed("mode: online", "mode: online\nattendance: {SE-201: present SE-205: apologies}"),
        [Seen("yaml-syntax", 7, 30)],
        "S",
    ),
    "no comma behind a quote": (
        changed("mode: online", 'mode: online\nattendance: {SE-201: "present" SE-205: apologies}'),
        [Seen("yaml-syntax", 7, 32)],
        "S",
    ),
    "a control character": (changed("mode: online", "mode: on\x07line"), [Seen("yaml-syntax", 6, 9)], "\x07"),
    "a fact twice": (
        changed("mode: online", "mode: online\nmode: phone"),
        [Seen("yaml-duplicate-key", 7, 1)],
        "mode: phone",
    ),
    "a tag": (changed("minutes: 60", "minutes: !!int 60"), [Seen("yaml-feature", 4, 10)], "!!int 60"),
    "an anchor": (changed("minutes: 60", "minutes: &hour 60"), [Seen("yaml-feature", 4, 10)], "&hour 60"),
    "an alias": (changed("minutes: 60", "minutes: *hour"), [Seen("yaml-feature", 4, 10)], "*hour"),
    "a merge key": (changed("mode: online", "mode: online\n<<: {id: a}"), [Seen("yaml-feature", 7, 1)], "<<: {id: a}"),
    "a merged alias": (changed("mode: online", "mode: online\n<<: *base"), [Seen("yaml-feature", 7, 1)], "<<: *base"),
    "a list as a key": (changed("mode: online", "mode: online\n? [a]\n: b"), [Seen("yaml-feature", 7, 3)], "[a]\n: b"),
    "YAML 50 deep": (
        changed("mode: online", f"mode: online\nprovider: {'[' * 49}{']' * 49}"),
        [Seen("wrong-type", 7, 11)],
        f"{'[' * 49}{']' * 49}",
    ),
    "YAML deeper than 50": (
        changed("mode: online", f"mode: online\nprovider: {'[' * 50}{']' * 50}"),
        [Seen("too-deep", 7, 60)],
        "[",
    ),
    "YAML of 50,000 brackets": (changed("mode: online", f"mode: {'[' * 50_000}"), [Seen("too-deep", 6, 56)], "["),
    "YAML deep by lines": (
        changed("mode: online", "mode:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 60))),
        [Seen("too-deep", 55, 50)],
        "",
    ),
    "Markdown 50 deep": (
        changed(
            "She asked twice.",
            "\n".join([*(f"{'  ' * n}- deep" for n in range(50)), "", ">" * 50 + " deep", "", "[" * 50]),
        ),
        [],
        "",
    ),
    "Markdown of 50,000 brackets": (changed("She asked twice.", "[" * 50_000), [Seen("too-deep", 18, 51)], "["),
    "Markdown of deep quotes": (changed("She asked twice.", ">" * 51 + " deep"), [Seen("too-deep", 18, 1)], ""),
    "Markdown of deep lists": (
        changed("She asked twice.", "\n".join(f"{'  ' * n}- deep" for n in range(60))),
        [Seen("too-deep", 68, 101)],
        "",
    ),
    "Markdown of deep lists in a line": (
        changed("She asked twice.", "- " * 60 + "deep"),
        [Seen("too-deep", 18, 1)],
        "",
    ),
    "an unknown heading near a known one": (
        changed("## Focus question", "## Focus qestion"),
        [Seen("unknown-heading", 12, 1)],
        "## Focus qestion",
    ),
    "a near heading beside the known one": (
        changed("## Decisions", "## Explorations\n\nMore.\n\n## Decisions"),
        [Seen("unknown-heading", 20, 1)],
        "## Explorations",
    ),
    "an unknown heading": (
        changed("## Decisions", "## Weather\n\nIt rained.\n\n## Decisions"),
        [Seen("unknown-heading", 20, 1, "warning")],
        "## Weather",
    ),
    "an unknown heading of a decision": (
        changed("#### Rationale", "#### Weather\nIt rained.\n#### Rationale"),
        [Seen("unknown-heading", 23, 1, "warning")],
        "#### Weather",
    ),
    "a near heading of a decision": (
        changed("#### Rationale", "#### Rationle"),
        [Seen("unknown-heading", 23, 1)],
        "#### Rationle",
    ),
    "a heading without words": (
        changed("## Decisions", "##\n\nIt rained.\n\n## Decisions"),
        [Seen("unknown-heading", 20, 1, "warning")],
        "##",
    ),
    "a heading twice": (
        f"{WHOLE}\n## Exploration\n\nAgain.\n",
        [Seen("duplicate-heading", 36, 1)],
        "## Exploration",
    ),
    "a heading a second time by its other name": (
        f"{WHOLE}\n## Guided exploration\n\nAgain.\n",
        [Seen("duplicate-heading", 36, 1)],
        "## Guided exploration",
    ),
    "a heading that is a fact too": (
        changed("mode: online", "mode: online\nlearning: Pause.") + "\n## Learning\n\nPause.\n",
        [Seen("duplicate-field", 37, 1)],
        "## Learning",
    ),
    "a heading too deep": (
        changed("## Exploration", "### Exploration"),
        [Seen("wrong-level", 16, 1)],
        "### Exploration",
    ),
    "a heading too high": (changed("## Exploration", "# Exploration"), [Seen("wrong-level", 16, 1)], "# Exploration"),
    "a rationale too high": (
        changed("#### Rationale", "## Rationale"),
        [Seen("wrong-level", 23, 1)],
        "## Rationale",
    ),
    "a heading without its space": (
        changed("## Focus question", "##Focus question"),
        [Seen("unknown-heading", 12, 1)],
        "##Focus question",
    ),
    "a rationale without its space": (
        changed("#### Rationale", "####Rationale"),
        [Seen("unknown-heading", 23, 1)],
        "####Rationale",
    ),
    "a section without words": (
        changed("She asked twice.\n", ""),
        [Seen("empty-section", 16, 1)],
        "## Exploration",
    ),
    "a section left at its guidance": (
        changed(
            "She asked twice.",
            f"<!-- {EXPLORATION} Say nothing that could identify a client. -->",
        ),
        [Seen("empty-section", 16, 1)],
        "## Exploration",
    ),
    "a section that may be left out left at its guidance": (
        f"{WHOLE}\n## Learning\n\n<!-- What you take away from the session. -->\n",
        [Seen("empty-section", 36, 1, "note")],
        "## Learning",
    ),
    "None where it is no answer": (changed("She asked twice.", "None"), [Seen("empty-section", 18, 1)], "None"),
    "words where headings are expected": (
        changed("## Decisions\n", "## Decisions\n\nWe decided.\n"),
        [Seen("stray-text", 22, 1, "warning")],
        "We decided.",
    ),
    "words above the first heading": (
        changed("---\n\n## Focus", "---\nA short hour.\n\n## Focus"),
        [Seen("stray-text", 11, 1, "warning")],
        "A short hour.",
    ),
    "a comment without its end": (
        changed("She asked twice.", "<!-- What was asked\nShe asked twice."),
        [Seen("unclosed-comment", 18, 1)],
        "<!--",
    ),
    "a comment without its end above the next": (
        changed(
            "She asked twice.",
            f"<!-- What\nShe asked.\n<!-- {EXPLORATION} Say nothing that could identify a client. -->",
        ),
        [Seen("unclosed-comment", 18, 1)],
        "<!--",
    ),
    "an answer in a comment": (
        changed("She asked twice.", "She asked twice. <!-- She wept. -->"),
        [Seen("words-in-comment", 18, 23, "warning")],
        "She wept.",
    ),
    "an answer behind the guidance": (
        changed(
            "She asked twice.",
            f"<!-- {EXPLORATION} Say nothing that could identify a client.\nShe wept. -->\nShe asked twice.",
        ),
        [Seen("words-in-comment", 19, 1, "warning")],
        "She wept.",
    ),
    "an answer behind a # among the facts": (
        changed("mode: online", "mode: online # by telephone"),
        [Seen("words-in-comment", 6, 16, "warning")],
        "by telephone",
    ),
    "code without its end": (
        changed("She asked twice.", "```\nShe asked twice."),
        [Seen("unclosed-code", 18, 1)],
        "```",
    ),
    "words that Markdown would swallow": (changed("She asked twice.", "[Rhian]: yes"), [], ""),
    "a task that Markdown would swallow": (
        changed("- [ ] A1: Ask @SE-201 due:2026-12-17", "- [x]: done"),
        [Seen("not-a-task", 30, 3)],
        "[x]",
    ),
    "a round bullet": (changed("- [ ] A1: Ask", "• A1: Ask"), [Seen("not-a-task", 30, 1)], ""),
    "a dash for a bullet": (changed("- [ ] A1: Ask", "– A1: Ask"), [Seen("not-a-task", 30, 1)], ""),
    "a ticked box by hand": (changed("- [ ] A1: Ask", "☑ A1: Ask"), [Seen("not-a-task", 30, 1)], ""),
    "a box without its room": (changed("- [ ] A1: Ask", "- [] A1: Ask"), [Seen("not-a-task", 30, 3)], "[]"),
    "a box of another habit": (changed("- [ ] A1: Ask", "- [~] A1: Ask"), [Seen("not-a-task", 30, 3)], "[~]"),
    "a box of another habit without a number": (
        changed("- [ ] A1: Ask", "-  [ / ] Ask"),
        [Seen("not-a-task", 30, 4)],
        "[ / ]",
    ),
    "an item without a box": (changed("- [ ] A1: Ask", "- A1: Ask"), [Seen("not-a-task", 30, 1)], ""),
    "a number without its space": (
        changed("- [ ] A1: Ask", "- [ ] A1:Ask"),
        [Seen("not-a-task", 30, 7, "warning")],
        "A1:",
    ),
    "an identity without its space": (
        changed("- [ ] A1: Ask", "- [ ] 2026-08-04-se201#A1:Ask"),
        [Seen("not-a-task", 30, 7, "warning")],
        "2026-08-04-se201#A1:",
    ),
    "a number without its space before a blank": (
        changed("- [ ] A1: Ask", "- [ ] A1:____"),
        [Seen("not-a-task", 30, 7, "warning"), Seen("blank-left", 30, 10, "warning")],
        "A1:",
    ),
    "a number with a full stop": (
        changed("- [ ] A1: Ask", "- [ ] A1. Ask"),
        [Seen("not-a-task", 30, 7, "warning")],
        "A1.",
    ),
    "a number without its colon": (
        changed("- [ ] A1: Ask", "- [ ] A1 Ask"),
        [Seen("action-without-number", 30, 1, "warning")],
        "- [ ] A1 Ask @SE-201 due:2026-12-17",
    ),
    "a due date below its action": (
        changed("due:2026-12-17", "\n  Because of this.\n  due:2026-12-17"),
        [Seen("not-a-task", 32, 3, "warning")],
        "due:2026-12-17",
    ),
    "a second action inside another": (
        changed("due:2026-12-17", "due:2026-12-17\n  Because of this.\n  - [ ] A2: Tell"),
        [Seen("not-a-task", 32, 3)],
        "- [ ] A2: Tell",
    ),
    "an owner who is no day": (
        changed("due:2026-12-17", "due:@all"),
        [Seen("action-without-owner", 30, 1, "warning"), Seen("not-a-task", 30, 15, "warning")],
        "- [ ] A1: Ask @SE-201 due:@all",
    ),
    "an action inside another": (
        changed("due:2026-12-17", "due:2026-12-17\n  - [ ] A2: Tell"),
        [Seen("not-a-task", 31, 3)],
        "- [ ] A2: Tell",
    ),
    "an action without a hyphen and a box below another": (
        changed("due:2026-12-17", "due:2026-12-17\nA2: Tell @SE-201"),
        [Seen("not-a-task", 31, 1)],
        "A2: Tell @SE-201",
    ),
    "an action without a hyphen and a box in several lines": (
        changed("- [ ] A1: Ask @SE-201 due:2026-12-17", "A1: Ask @SE-201\nand wait\n  for it"),
        [Seen("not-a-task", 30, 1)],
        "A1: Ask @SE-201",
    ),
    "an action with another box below another": (
        changed("due:2026-12-17", "due:2026-12-17\n[~] 2026-08-04-se201#A2: Tell @SE-201"),
        [Seen("not-a-task", 31, 1)],
        "[~] 2026-08-04-se201#A2: Tell @SE-201",
    ),
    "a reason that begins with a number": (
        changed("due:2026-12-17", "due:2026-12-17\n A2: comes first\n  A3: comes last\n[[a#A2]]: see there"),
        [Seen("dangling-link", 33, 1)],
        "[[a#A2]]",
    ),
    "words among the actions": (
        changed("- [ ] A1: Ask", "We agreed:\n\n- [ ] A1: Ask"),
        [Seen("stray-text", 30, 1, "warning")],
        "We agreed:",
    ),
    "a date of two readings": (
        changed("2026-09-29", "03/04/2026"),
        [Seen("ambiguous-date", 3, 7)],
        "03/04/2026",
    ),
    "a due date of two readings": (
        changed("due:2026-12-17", "due:03/04/2026"),
        [Seen("ambiguous-date", 30, 27)],
        "03/04/2026",
    ),
    "a due date in words": (
        changed("due:2026-12-17", "due:next week"),
        [Seen("wrong-date", 30, 27)],
        "next week",
    ),
    "a due date in words behind a space": (
        changed("due:2026-12-17", "due: end of May"),
        [Seen("wrong-date", 30, 28)],
        "end of May",
    ),
    "a due date in words before the owner": (
        changed("@SE-201 due:2026-12-17", "due:17 December 2026 @SE-201"),
        [Seen("wrong-date", 30, 19)],
        "17 December 2026",
    ),
    "a due date without its colon": (
        changed("due:2026-12-17", "due 2026-12-17"),
        [Seen("not-a-task", 30, 23, "warning")],
        "due 2026-12-17",
    ),
    "a due date with a capital": (
        changed("@SE-201 due:2026-12-17", "Due: 2026-12-17 @SE-201"),
        [Seen("not-a-task", 30, 15, "warning")],
        "Due: 2026-12-17",
    ),
    "two due dates": (
        changed("due:2026-12-17", "due:2026-12-17 due:2027-01-12"),
        [Seen("wrong-date", 30, 27)],
        "2026-12-17 due:2027-01-12",
    ),
    "a day that February lacks": (changed("2026-09-29", "2023-02-29"), [Seen("wrong-date", 3, 7)], "2023-02-29"),
    "a day that November lacks": (changed("2026-09-29", "31/11/2026"), [Seen("wrong-date", 3, 7)], "31/11/2026"),
    "a date with the day first": (changed("2026-09-29", "29/09/2026"), [Seen("wrong-date", 3, 7)], "29/09/2026"),
    "a date in words": (
        changed("2026-09-29", "29 September 2026"),
        [Seen("wrong-date", 3, 7)],
        "29 September 2026",
    ),
    "a date with a digit of another script": (
        changed("2026-09-29", "2026-09-2\u0669"),
        [Seen("wrong-date", 3, 7)],
        "2026-09-2\u0669",
    ),
    "a year too early": (changed("2026-09-29", "1899-12-31"), [Seen("wrong-date", 3, 7)], "1899-12-31"),
    "no date": (changed("2026-09-29", "next week"), [Seen("wrong-date", 3, 7)], "next week"),
    "minutes 0": (changed("minutes: 60", "minutes: 0"), [Seen("out-of-range", 4, 10)], "0"),
    "minutes -5": (changed("minutes: 60", "minutes: -5"), [Seen("out-of-range", 4, 10)], "-5"),
    "minutes 90.5": (changed("minutes: 60", "minutes: 90.5"), [Seen("wrong-type", 4, 10)], "90.5"),
    "minutes 1441": (changed("minutes: 60", "minutes: 1441"), [Seen("out-of-range", 4, 10)], "1441"),
    "minutes 1440": (changed("minutes: 60", "minutes: 1440"), [], ""),
    "minutes 060": (changed("minutes: 60", "minutes: 060"), [Seen("wrong-type", 4, 10)], "060"),
    "minutes in words": (changed("minutes: 60", "minutes: an hour"), [Seen("wrong-type", 4, 10)], "an hour"),
    "minutes of many digits": (
        changed("minutes: 60", f"minutes: {'9' * 40}"),
        [Seen("wrong-type", 4, 10)],
        "9" * 40,
    ),
    "an unknown fact": (
        changed("mode: online", "mode: online\nweather: wet"),
        [Seen("unknown-field", 7, 1)],
        "weather",
    ),
    "a misspelt fact": (changed("minutes: 60", "minuts: 60"), [Seen("unknown-field", 4, 1)], "minuts"),
    "a misspelt fact beside the right one": (
        changed("mode: online", "mode: online\nminuts: 90"),
        [Seen("unknown-field", 7, 1)],
        "minuts",
    ),
    "a misspelt choice": (changed("mode: online", "mode: onlin"), [OTHERS], "onlin"),
    "a choice that there is not": (
        changed("mode: online", "mode: zebra"),
        [Seen("wrong-choice", 6, 7)],
        "zebra",
    ),
    "a misspelt status": (changed("recorded", "recoded"), [Seen("wrong-choice", 7, 9)], "recoded"),
    "a misspelt kind": (changed("kind: session", "kind: sesion"), [Seen("unknown-kind", 2, 7)], "sesion"),
    "no kind": (changed("kind: session\n", ""), [Seen("missing-field", 2, 1)], ""),
    "an empty kind": (changed("kind: session", "kind:"), [Seen("missing-field", 2, 1)], ""),
    "an id with spaces": (
        changed("mode: online", "mode: online\nid: my first"),
        [Seen("wrong-id", 7, 5)],
        "my first",
    ),
    "an id that is too long": (
        changed("mode: online", f"mode: online\nid: {'a' * 81}"),
        [Seen("wrong-id", 7, 5)],
        "a" * 81,
    ),
    "a list where words are expected": (
        changed("mode: online", "mode: [online]"),
        [Seen("wrong-type", 6, 7)],
        "[online]",
    ),
    "facts where a list is expected": (
        changed("SE-201\n---", "{a: b}\n---"),
        [Seen("wrong-type", 9, 14)],
        "{a: b}",
    ),
    "a decision without its rationale": (
        changed("#### Rationale\nTwo alone led nowhere.\n", ""),
        [Seen("missing-rationale", 22, 1)],
        "### Offer a joint visit",
    ),
    "a decision without its ethical check": (
        changed("#### Ethical check\nShe agreed.\n", ""),
        [Seen("missing-ethical-check", 22, 1)],
        "### Offer a joint visit",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_one_problem_with_its_place_and_a_way_out(name: str, check: Callable[[Files], Checked]) -> None:
    text, expected, words = CASES[name]
    found = check({"a.md": text, "b/other.md": OTHER})
    here = [problem for problem in found.problems if problem.path == "a.md"]
    assert seen(here) == expected
    assert all(way_out(problem) for problem in here)
    assert not words or at(text, here[0].span) == words
    assert seen(problem for problem in found.problems if problem.path == "b/other.md") == [OTHERS]


AGREED = text_of({**SESSION, "date": "2026-08-04"}, {**CLINICAL, "Actions": "- [ ] A1: Ask @all\n- [ ] A2: Tell @all"})
CERTAIN = ["- [x ] ", "- [ x] ", "- [X ] ", "- [\u2713] ", "- [\u2714]", "- \u2611 ", "- (x) ", "-[x] ", "[done ] "]
UNCERTAIN = ["- [\u2717] ", "- [dnoe] ", "- [1 ]", "- ", "\u2022 ", ""]


@pytest.mark.parametrize("typed", [*CERTAIN, *UNCERTAIN])
@pytest.mark.parametrize("above", [True, False])
def test_a_review_whose_box_is_off_still_answers(above: bool, typed: str, check: Callable[[Files], Checked]) -> None:
    lines = ["- [x] A2: Tell", f"{typed}A1: Ask"]
    review = "\n".join(lines if above else reversed(lines))
    text = text_of({**SESSION, "previous": "2026-08-04-a"}, {"Review of previous actions": review, **CLINICAL})
    (problem,) = check({"2026-08-04-a.md": AGREED, "2026-09-29-a.md": text}).problems
    assert (problem.path, problem.rule) == ("2026-09-29-a.md", "not-a-task")
    box = typed.removeprefix("- ").strip() if typed.startswith("- ") else ""
    assert at(text, problem.span) == (box or f"{typed}A1: Ask")
    assert "keep the rest of the line" in problem.hint
    assert bool(problem.fix) == (typed in CERTAIN)
    assert problem.fix or "- [x] (done), - [>] (carried) or - [-] (dropped)" in problem.hint


WAYS_OUT = {
    ("mode: online", "mode: # online"): "if they are the value, take the # away; if not, delete them",
    (
        "mode: online",
        "mode: online # by",
    ): "if they belong to the value, put the whole value in quotes; if not, delete them",
    ("mode: online", "mode:\n\tonline"): "replace the tab by 2 spaces",
    ("mode: online", "about:\n  mode:\n\tonline"): "replace the tab by 4 spaces",
    ("mode: online", "about:\n  a: b\n\tmode: x"): "replace the tab by 2 spaces",
    (
        "- [ ] A1: Ask",
        "- [ ] A2 Ask",
    ): "put a colon behind A2, if that is its number: a second one would stand beside it",
}


@pytest.mark.parametrize("typed", WAYS_OUT)
def test_the_way_out_is_of_this_very_place(typed: tuple[str, str]) -> None:
    hints = [problem.hint for problem in problems(changed(*typed))]
    assert WAYS_OUT[typed] in hints


OTHER_HABITS = {
    "[~]": "this box is none of the four: [ ] [x] [>] [-]",
    "[?]": "this box is none of the four: [ ] [x] [>] [-]",
    "[o]": "this box is none of the four: [ ] [x] [>] [-]",
    "[dnoe]": "this box is none of the four: [ ] [x] [>] [-]",
    "\u2612": "this box is none of the four: [ ] [x] [>] [-]",
    "[x ]": "this box is off by a sign or a space; the four are [ ] [x] [>] [-]",
    "(\u2713)": "this box is off by a sign or a space; the four are [ ] [x] [>] [-]",
    "": "this item has no box",
    "[o](https://example.org)": "this item has no box",
    "[[2026-08-04-a#A1]],": "this item has no box",
}


@pytest.mark.parametrize("box", OTHER_HABITS)
def test_a_box_that_is_none_is_told_apart_from_no_box(box: str) -> None:
    told = {p.message for p in problems(changed("- [ ] A1: Ask", f"- {box} A1: Ask")) if p.rule == "not-a-task"}
    assert told == {OTHER_HABITS[box]}


def test_actions_keep_their_order_whatever_is_off() -> None:
    text = changed("- [ ] A1: Ask", "- [ ] A3: Ring\n[x] A1: Write\n- [x ] A4: Ask\n-[] A2: Tell\nA6: Sit\n- A5: Ask")
    assert [action["id"] for action in record(text).value["actions"]] == ["A3", "A1", "A4", "A2", "A6", "A5"]


DECIDED = "### Offer a joint visit\n#### Rationale\nTwo alone led nowhere.\n#### Ethical check\nShe agreed.\n"
NOT_DECIDED = {
    "the form's blank": "None yet\n### ____\n#### Rationale\n#### Ethical check\n",
    "a blank alone": "### ____\n",
    "empty headings": "### Visit\n#### Rationale\n#### Ethical check\n",
}


@pytest.mark.parametrize("typed", NOT_DECIDED.values(), ids=NOT_DECIDED)
def test_where_nothing_was_decided_the_way_out_is_to_delete(typed: str, check: Callable[[Files], Checked]) -> None:
    found = check({"a.md": changed(DECIDED, typed)}).problems
    of_it = [problem for problem in found if problem.rule in ("missing-rationale", "missing-ethical-check")]
    assert len(of_it) == 2
    assert all("delete from the ### of this decision down to the next" in problem.hint for problem in of_it)


YAML = "".join(
    (
        *(f"{key}: {value}\n" for key, value in SESSION.items()),
        "focus_question: How do I say no?\nexploration: She asked twice.\nrisk_and_safeguarding: None raised\n",
        "decisions:\n  - decision: Visit\n    rationale: Two led nowhere.\n    ethical_check: She agreed.\n",
        "actions:\n  - {id: A1, text: Ask, owner: SE-201, due: 2026-12-17}\n",
    )
)
YAML_CASES: dict[str, tuple[str, str, list[Seen]]] = {
    "nothing is wrong": ("", "", []),
    "an unknown fact": ("mode: online", "mode: online\nweather: wet", [Seen("unknown-field", 6, 1)]),
    "an unknown field of a decision": ("    rationale", "    wether: a\n    rationale", [Seen("unknown-field", 14, 5)]),
    "a rationale missing": ("    rationale: Two led nowhere.\n", "", [Seen("missing-rationale", 13, 5)]),
    "a due date of two readings": ("due: 2026-12-17", "due: 03/04/2026", [Seen("ambiguous-date", 17, 45)]),
    "an unknown state": ("id: A1,", "id: A1, state: opn,", [Seen("wrong-choice", 17, 21)]),
    "an action that says nothing": ("text: Ask, ", "", [Seen("missing-field", 17, 5)]),
    "a key twice": ("text: Ask,", "text: Ask, text: Tell,", [Seen("yaml-duplicate-key", 17, 25)]),
    "decisions in words": (
        YAML[YAML.index("decisions:") : YAML.index("actions:")],
        "decisions: We visit.\n",
        [Seen("wrong-type", 12, 12)],
    ),
    "an empty section": ("She asked twice.", "", [Seen("missing-field", 10, 1)]),
    "only guidance": (
        "She asked twice.",
        f"<!-- {EXPLORATION} Say nothing that could identify a client. -->",
        [Seen("empty-section", 10, 14)],
    ),
    "two records": ("mode: online", "mode: online\n---\nkind: session", [Seen("yaml-syntax", 6, 1)]),
}


@pytest.mark.parametrize("name", YAML_CASES)
def test_the_same_holds_in_yaml(name: str, check: Callable[[Files], Checked]) -> None:
    old, new, expected = YAML_CASES[name]
    assert not old or YAML.count(old) == 1
    found = check({"a.yaml": YAML.replace(old, new)}).problems
    assert seen(found) == expected
    assert all(way_out(problem) for problem in found)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("03/04/2026", ["2026-04-03", "3 April 2026", "2026-03-04", "4 March 2026"]),
        ("29/09/2026", ["2026-09-29"]),
        ("09/29/2026", ["2026-09-29"]),
        ("2026/9/29", ["2026-09-29"]),
        ("29th September 2026", ["2026-09-29"]),
        ("Sept 29, 2026", ["2026-09-29"]),
        ("2026-09-29 10:00", ["2026-09-29"]),
        ("04/04/2026", ["2026-04-04"]),
    ],
)
def test_a_date_is_told_in_every_reading(typed: str, said: list[str], check: Callable[[Files], Checked]) -> None:
    (problem,) = check({"a.md": changed("2026-09-29", typed)}).problems
    assert all(words in problem.hint for words in said)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("supervisees:SE-201", "supervisees: SE-201"),
        ("supervisees:[SE-201, SE-205]", "supervisees: [SE-201, SE-205]"),
        ("provider:Baker, Poole and Co", "provider: Baker, Poole and Co"),
        ('provider:"Baker, Poole"', 'provider: "Baker, Poole"'),
        ("attendance:{SE-201: present}", "attendance: {SE-201: present}"),
        ("attendance:{SE-201: present, SE-205: late 40}", "attendance: {SE-201: present, SE-205: late 40}"),
        ("attendance: {SE-201: present, late:[a, b], c: d}", "late: [a, b]"),
        ("attendance: {SE-201: present, late:a b, c: d}", "late: a b"),
    ],
)
def test_a_fact_without_its_space_is_shown_whole(typed: str, meant: str, check: Callable[[Files], Checked]) -> None:
    text = changed("supervisees: SE-201", typed)
    (problem,) = [p for p in check({"a.md": text}).problems if p.rule == "yaml-syntax"]
    assert problem.hint == f"write it as  {meant}"
    assert problem.fix is not None
    mended = edited(text, [problem.fix])
    assert meant in mended
    assert "yaml-syntax" not in [p.rule for p in problems(mended)]


@pytest.mark.parametrize("fact", ["provider:Baker: Poole", "provider:Baker:", "attendance: {mode:a b: c}"])
def test_a_second_colon_is_its_writers_to_mend(fact: str, check: Callable[[Files], Checked]) -> None:
    (problem,) = check({"a.md": changed("mode: online", f"mode: online\n{fact}")}).problems
    assert problem.rule == "yaml-syntax"
    assert problem.hint.endswith('"')
    assert problem.fix is None


def test_nothing_else_is_said_of_a_value_that_stands_too_close(check: Callable[[Files], Checked]) -> None:
    text = changed("mode: online", "mode: online\nattendance:{SE-201: present}")
    assert seen(check({"a.md": text}).problems) == [Seen("yaml-syntax", 7, 1)]
    assert record(text).value["attendance"] == "{SE-201: present}"


# what is wrong with the file rather than with its words


def test_bytes_that_are_not_utf8(check: Callable[[Files], Checked]) -> None:
    latin = changed("She asked twice.", "Her caf\u00e9.").encode("latin-1")
    found = check({"a.md": latin, "b.md": OTHER})
    assert [(p.path, *s) for p, s in zip(found.problems, seen(found.problems), strict=True)] == [
        ("a.md", "not-utf8", 18, 8, "error"),
        ("b.md", *OTHERS),
    ]
    assert all(problem.hint for problem in found.problems[:1])


@pytest.mark.parametrize("data", ["\ufeffkind: session".encode("utf-16"), b"\xff\xfe\x00", b"\x80"])
@pytest.mark.parametrize("name", ["a.md", "a.yaml"])
def test_no_text_at_all(data: bytes, name: str, check: Callable[[Files], Checked]) -> None:
    assert seen(check({name: data}).problems) == [Seen("not-utf8", 1, 1)]


@pytest.mark.parametrize("more", [0, 1])
def test_five_million_bytes_are_the_most(more: int, check: Callable[[Files], Checked]) -> None:
    room = 5_000_000 - len(WHOLE) + more
    words = ("She asked once more. " * 250_000)[: room - 1] + "\n"
    text = changed("She asked twice.\n", f"She asked twice.\n{words}")
    assert len(text) == 5_000_000 + more
    found = check({"a.md": text, "b.md": OTHER}).problems
    assert seen(p for p in found if p.path == "a.md") == [Seen("too-large", 1, 1)] * more
    assert seen(p for p in found if p.path == "b.md") == [OTHERS]


@pytest.mark.parametrize("name", ["x.md.txt", "x.txt", "x.yml", "x.markdown", "x.MD.TXT"])
def test_a_record_under_another_ending(name: str, check: Callable[[Files], Checked]) -> None:
    text = YAML if name.endswith("yml") else WHOLE
    found = check({name: text, "b.md": OTHER})
    assert seen(p for p in found.problems if p.path == name) == [Seen("wrong-extension", 1, 1)]
    assert seen(p for p in found.problems if p.path == "b.md") == [OTHERS]
    assert all(p.hint for p in found.problems if p.path == name)


def test_capital_endings_are_read(check: Callable[[Files], Checked]) -> None:
    found = check({"a.MD": OTHER, "b.YAML": YAML.replace("online", "onlin")})
    assert [(p.path, p.rule) for p in found.problems] == [("a.MD", "wrong-choice"), ("b.YAML", "wrong-choice")]


def test_what_is_no_record_is_left_alone_and_counted(check: Callable[[Files], Checked]) -> None:
    found = check(
        {
            "README.md": "# My practice\n\nSome words.\n\n---\n\nAfter a rule.\n",
            "letter.txt": "Dear Rhian,\n",
            "data.yaml": "people: [a]\n",
            "empty.md": "",
            "picture.png": b"\x89PNG\xff",
            "forms/x.md": WHOLE,
            ".hidden/x.md": WHOLE,
            "theirs/supervision.yaml": "organisation: Another\n",
            "theirs/x.md": OTHER,
            "a.md": WHOLE,
        }
    )
    assert not found.problems
    assert found.left_alone == 5
    assert [record.path for record in found.workspace.records] == ["a.md"]


def test_a_link_that_leads_nowhere(tmp_path: Path, check: Callable[[Files], Checked]) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "round.md").symlink_to("round.md")
    found = check({"b.md": OTHER}).problems
    assert [(p.path, p.rule, bool(p.hint)) for p in found] == [
        ("b.md", "wrong-choice", True),
        ("gone.md", "broken-symlink", True),
        ("round.md", "broken-symlink", True),
    ]


def test_a_link_that_leaves_the_workspace(tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = write(tmp_path_factory.mktemp("elsewhere"), {"theirs.md": OTHER, "more/x.md": OTHER})
    root = write(tmp_path_factory.mktemp("root"), {"b.md": OTHER, "in/s.md": WHOLE})
    (root / "theirs.md").symlink_to(elsewhere / "theirs.md")
    (root / "more").symlink_to(elsewhere / "more")
    (root / "inside.md").symlink_to(root / "in" / "s.md")
    found = open_workspace(root, jobs=1).problems
    assert [(p.path, p.rule) for p in found if p.rule != "duplicate-id"] == [
        ("b.md", "wrong-choice"),
        ("more", "symlink-leaves"),
        ("theirs.md", "symlink-leaves"),
    ]
    assert all(p.hint for p in found)


def test_a_register_that_a_link_leads_to_elsewhere_is_said_and_not_read(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    registers = {
        "supervision.yaml": "organisation: Theirs\n",
        "people.yaml": "people:\n  SE-201: {name: Rhian Kettle}\n",
        "policies/own.yaml": "title: Theirs\n",
    }
    elsewhere = write(tmp_path_factory.mktemp("elsewhere"), registers)
    root = write(tmp_path_factory.mktemp("root"), {"b.md": WHOLE, "policies/kept/people.yaml": "people: {}\n"})
    for name in registers:
        (root / name).symlink_to(elsewhere / name)
    found = open_workspace(root, jobs=1)
    left = [(p.path, p.severity) for p in found.problems if p.rule == "symlink-leaves"]
    assert left == [(name, "error") for name in sorted(registers)]
    register = found.workspace.register
    assert (register.settings, register.people, register.policies) == ({}, None, {})
    (root / "people.yaml").unlink()
    (root / "people.yaml").symlink_to("policies/kept/people.yaml")
    assert open_workspace(root, jobs=1).workspace.register.people == {}


NOBODY = 65534


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
def test_a_folder_and_a_file_without_permission() -> None:
    """Run as somebody who may not read them: as root everything can be read, and pytest's folders are its own."""
    with TemporaryDirectory() as folder:
        root = write(Path(folder), {"b.md": OTHER, "x.md": WHOLE, "shut/y.md": WHOLE})
        root.chmod(0o755)
        (root / "x.md").chmod(0)
        (root / "shut").chmod(0)
        code = (
            f"import os, sys; sys.path.insert(0, {str(ROOT)!r})\n"
            "from supervision_notes.reading import open_workspace\n"
            f"if os.getuid() == 0: os.setgid({NOBODY}); os.setuid({NOBODY})\n"
            f"for p in open_workspace({str(root)!r}, jobs=1).problems: print(p.path, p.rule, bool(p.hint))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        (root / "shut").chmod(0o755)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["b.md wrong-choice True", "shut unreadable True", "x.md unreadable True"]


def test_registers_that_cannot_be_read_hide_no_record(check: Callable[[Files], Checked]) -> None:
    found = check(
        {
            "supervision.yaml": "organisation: [\n",
            "people.yaml": b"people: \xff",
            "b.md": OTHER,
        }
    ).problems
    assert [(p.path, p.rule) for p in found] == [
        ("b.md", "wrong-choice"),
        ("people.yaml", "not-utf8"),
        ("supervision.yaml", "yaml-syntax"),
    ]


@pytest.mark.parametrize(
    ("registers", "expected"),
    [
        ({"supervision.yaml": "organisaton: A\n"}, [Seen("unknown-field", 1, 1)]),
        ({"supervision.yaml": "owner: SE-201\n"}, [Seen("missing-field", 1, 1)]),
        ({"supervision.yaml": "organisation: A\nframework: procter\n"}, [Seen("wrong-choice", 2, 12)]),
        ({"supervision.yaml": "organisation: A\nseverity: {own-supervisor: of}\n"}, [Seen("wrong-choice", 2, 28)]),
        ({"people.yaml": "people:\n  SE-201: {nme: Rhian}\n"}, [Seen("unknown-field", 2, 12)]),
        ({"people.yaml": "people:\n  SE-201: {name:Rhian, band: 7}\n"}, [Seen("yaml-syntax", 2, 12)]),
        ({"people.yaml": "people:\n  SE-201: {name: Rhian Kettle band: 7}\n"}, [Seen("yaml-syntax", 2, 31)]),
        ({"people.yaml": "people:\n  SE-201: Rhian\n"}, [Seen("wrong-type", 2, 11)]),
        ({"people.yaml": "people: [SE-201]\n"}, [Seen("wrong-type", 1, 9)]),
        ({"people.yaml": "people:\n  SE-201: {start: 1/2/2026}\n"}, [Seen("ambiguous-date", 2, 19)]),
    ],
)
def test_mistakes_in_the_registers(registers: Files, expected: list[Seen], check: Callable[[Files], Checked]) -> None:
    assert seen(check(registers).problems) == expected


@pytest.mark.parametrize("typed", ["SE-201 and SE-205", "SE-201; SE-205", "SE-201 & SE-205", "SE-201/SE-205"])
@pytest.mark.parametrize("registered", [True, False])
def test_codes_without_a_comma_are_told_apart(registered: bool, typed: str, check: Callable[[Files], Checked]) -> None:
    people = "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n  SE-205: {name: Tom Alder}\n"
    known = {"people.yaml": people} if registered else {}
    (problem,) = check({**known, "a.md": changed("supervisees: SE-201", f"supervisees: {typed}")}).problems
    assert seen([problem]) == [Seen("unknown-person", 9, 14)]
    assert "[SE-201, SE-205]" in problem.hint


@pytest.mark.parametrize("broken", [False, True], ids=["", "and nothing else can be read"])
@pytest.mark.parametrize(
    ("facts", "blank"),
    [
        (REFLECTION, "author"),
        ({**REFLECTION, "author": "SV-014"}, "share_with"),
        (MEASURE, "author"),
        (PROCESS_NOTE, "author"),
        (DISCLOSURE, "readers"),
        ({**DISCLOSURE, "readers": "[____, SV-014]"}, ""),
    ],
)
def test_a_blank_names_nobody(
    facts: dict[str, str], blank: str, broken: bool, check: Callable[[Files], Checked]
) -> None:
    """Whose it is cannot be known yet: that it is still to be said is all that is said, and to the owner."""
    text = text_of({**facts, **({blank: "____"} if blank else {})}, {})
    registers = {
        "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
        "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n",
        "sessions/2026-09-29-se201.md": WHOLE,
    }
    found = check(
        {**registers, "notes/a.md": text.replace("---\n", "---\nsections: [\n", 1) if broken else text}
    ).problems
    told = {problem.rule for problem in found if problem.path == "notes/a.md"}
    assert not told & {"private-record-of-another", "unknown-person"}
    assert told if broken else "blank-left" in told


def test_an_unknown_person_gets_the_near_one(check: Callable[[Files], Checked]) -> None:
    people = "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n"
    found = check(
        {
            "people.yaml": people,
            "a.md": changed("supervisor: SV-014", "supervisor: SV-041"),
            "b.md": changed("@SE-201", "@ZZ-999"),
            "c.md": changed("@SE-201", "@supervisee"),
        }
    ).problems
    assert [(p.path, *seen([p])[0]) for p in found] == [
        ("a.md", "unknown-person", 8, 13, "error"),
        ("b.md", "unknown-person", 30, 16, "error"),
    ]
    assert "did you mean “SV-014”?" in found[0].message
    assert found[1].hint


@pytest.mark.parametrize("path", [".a.md", "sessions/.a.md", "sessions/.b.yaml", ".old/a.md", "sessions/.old/a.md"])
def test_what_is_hidden_by_its_name_is_no_record(path: str, check: Callable[[Files], Checked]) -> None:
    found = check({"supervision.yaml": "organisation: A\n", path: OTHER, "sessions/c.md": WHOLE})
    assert [record.path for record in found.workspace.records] == ["sessions/c.md"]
    assert found.left_alone == 0
