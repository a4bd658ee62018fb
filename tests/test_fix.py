"""`check --fix`: touches only what it mends, and nothing that it cannot mend safely."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from supervision_notes import write
from supervision_notes.cli.main import run
from supervision_notes.reading import read_text
from supervision_notes.record import Record

from .conftest import (
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    MEASURE,
    NO_REGISTER,
    PROCESS_NOTE,
    REFLECTION,
    SESSION,
    SIGN_OFF,
    text_of,
    without,
)
from .conftest import write as write_files

DRAFT = """\
---
kind: session
date: 2026-09-29
minutes: 60
type: one-to-one
mode: online
status: draft
---
## Learning

Pause   first.

## Risk and safeguarding
<!-- mine -->
None raised
"""


def fixed(text: str, folder: Path, *options: str) -> str:
    path = folder / "a.md"
    path.write_bytes(text.encode())
    run(["-C", str(folder), "check", str(path), *(options or ["--fix"])])
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("minutes: 60", "minuts: 60"),
        ("type: one-to-one", "type: onetoone"),
        ("type: one-to-one", "type: one-to-oen"),
        ("status: draft", "statsu: draft"),
        ("mode: online", "mode: onlin"),
        ("type: one-to-one", "type: One to One"),
        ("date: 2026-09-29", "date: 29/09/2026"),
        ("date: 2026-09-29", "date: 29 September 2026"),
        ("minutes: 60", "minutes:60"),
        ("status: draft", "status:draft"),
        ("## Learning", "## Lerning"),
        ("## Learning", "### Learning"),
        ("## Risk and safeguarding", "##Risk and safeguarding"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_mended_and_nothing_else(right: str, wrong: str, ending: str, mark: str, tmp_path: Path) -> None:
    meant, typed = (f"{mark}{text}".replace("\n", ending) for text in (DRAFT, DRAFT.replace(right, wrong)))
    assert meant != typed
    assert fixed(typed, tmp_path) == meant
    assert fixed(meant, tmp_path) == meant


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("date: 2026-09-29", "date: 03/04/2026"),
        ("date: 2026-09-29", "date: 2023-02-29"),
        ("minutes: 60", "minutes: 60\nminuts: 70"),
        ("minutes: 60", "minutes: 9999"),
        ("minutes: 60", "minuts:60"),
        ("## Learning", "## Weather"),
    ],
)
def test_what_only_its_writer_can_mend_stays(right: str, wrong: str, tmp_path: Path) -> None:
    typed = DRAFT.replace(right, wrong)
    assert fixed(typed, tmp_path) == typed


def test_a_near_code_is_somebody_elses_and_never_taken(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("people:\n  SV-014: {name: Mary Poole}\n")
    (tmp_path / "supervision.yaml").write_text("organisation: Riverside\n")
    typed = DRAFT.replace("status: draft", "status: draft\nsupervisor: SV-041")
    assert fixed(typed, tmp_path) == typed


def test_a_difference_is_shown_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    typed = DRAFT.replace("mode: online", "mode: onlin")
    assert fixed(typed, tmp_path, "--diff") == typed
    assert "\n-mode: onlin\n+mode: online\n" in capsys.readouterr().out


def test_only_the_rules_in_view_are_mended(tmp_path: Path) -> None:
    typed = DRAFT.replace("mode: online", "mode: onlin").replace("minutes", "minuts")
    assert fixed(typed, tmp_path, "--fix", "--select", "SN204") == DRAFT.replace("mode: online", "mode: onlin")


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(DRAFT.replace("mode: online", "mode: onlin"))
    path.chmod(0o640)
    run(["-C", str(tmp_path), "check", str(path), "--fix"])
    assert path.read_text() == DRAFT
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_file_that_somebody_changed_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("theirs")
    with pytest.raises(write.Changed):
        write.edit(path, b"what was read", b"ours")
    assert path.read_text() == "theirs"
    assert os.listdir(tmp_path) == ["a.md"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("- [ ] Ask for the data @SE-201", "- [ ] A1: Ask for the data @SE-201"),
        ("- [ ] A3: Ring @SE-201\n- [ ] Ask @SE-201", "- [ ] A3: Ring @SE-201\n- [ ] A4: Ask @SE-201"),
        ("- [ ] Ring\n- [ ] A1: Ask\n* [open]  Sit", "- [ ] A2: Ring\n- [ ] A1: Ask\n* [open]  A3: Sit"),
        ("- [ ] A3:Ring\n- [ ] Ask @SE-201", "- [ ] A3: Ring\n- [ ] A4: Ask @SE-201"),
        ("- [ ] A4:print the form", "- [ ] A4: print the form"),
        ("1. [ ]   Ring  @SE-201 due:2026-12-17\n   why", "1. [ ]   A1: Ring  @SE-201 due:2026-12-17\n   why"),
    ],
)
def test_an_action_gets_the_next_number_that_is_free(typed: str, meant: str, tmp_path: Path) -> None:
    head = f"{DRAFT}\n## Actions\n\n"
    assert fixed(f"{head}{typed}\n", tmp_path) == f"{head}{meant}\n"
    assert fixed(f"{head}{meant}\n", tmp_path) == f"{head}{meant}\n"


def test_which_action_a_review_answers_only_its_writer_knows(tmp_path: Path) -> None:
    typed = f"{DRAFT}\n## Review of previous actions\n\n- [x] Ask for the data\n"
    assert fixed(typed, tmp_path) == typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("- [x ] a#A1: Ask", "- [x] a#A1: Ask"),
        ("- [ x] a#A1: Ask\n  Well done", "- [x] a#A1: Ask\n  Well done"),
        ("* [\u2713]   a#A1: Ask", "* [x] a#A1: Ask"),
        ("1. [\u2014]a#A1: Ask\n   Not wanted", "1. [-] a#A1: Ask\n   Not wanted"),
        ("- [x] a#A2: Tell\n-[x] a#A1: Ask", "- [x] a#A2: Tell\n- [x] a#A1: Ask"),
        ("\u2022 [x ]a#A1: Ask", "- [x] a#A1: Ask"),
        ("- [> ] a#A1: Ask @SE-201 due:17 December 2026", "- [>] a#A1: Ask @SE-201 due:2026-12-17"),
        ("- [>] a#A1: Ask @SE-201 due 2026-12-17", "- [>] a#A1: Ask @SE-201 due:2026-12-17"),
        ("- [>] a#A1: Ask Due: 2026-12-17 @SE-201", "- [>] a#A1: Ask due:2026-12-17 @SE-201"),
        ("- [x] a#A1:Ask @SE-201", "- [x] a#A1: Ask @SE-201"),
        ("-[ x]A1 :Ask", "- [x] A1 : Ask"),
        ("- [x] a#A1. Ask", "- [x] a#A1: Ask"),
        ("- [x] a#A1) Ask", "- [x] a#A1: Ask"),
        ("- [x] a#A1 \u2013 Ask", "- [x] a#A1: Ask"),
        ("- [x] A1 Ask", "- [x] A1 Ask"),
        ("- [>] a#A1:due 2026-12-17 @SE-201", "- [>] a#A1: due:2026-12-17 @SE-201"),
        ("- [\u2717] a#A1: Ask", "- [\u2717] a#A1: Ask"),
        ("- a#A1: Ask", "- a#A1: Ask"),
        ("- [x] a#A2: Tell\na#A1: Ask", "- [x] a#A2: Tell\na#A1: Ask"),
    ],
)
def test_a_box_is_mended_where_it_can_only_be_one(typed: str, meant: str, tmp_path: Path) -> None:
    head = f"{DRAFT}\n## Review of previous actions\n\n"
    assert fixed(f"{head}{typed}\n", tmp_path) == f"{head}{meant}\n"


def test_a_misspelt_kind_is_mended_though_more_is_known_then(tmp_path: Path) -> None:
    assert fixed(DRAFT.replace("kind: session", "kind: Session"), tmp_path) == DRAFT
    both = DRAFT.replace("kind: session", "kind: sesion").replace("mode: online", "mode: onlin")
    once = fixed(both, tmp_path)
    assert once == both.replace("sesion", "session")
    assert fixed(once, tmp_path) == DRAFT


def test_what_was_mended_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixed(DRAFT.replace("mode: online", "mode: onlin"), tmp_path)
    assert "mended: a.md\n" in capsys.readouterr().err
    fixed(DRAFT, tmp_path)
    assert "mended" not in capsys.readouterr().err


OPPOSITES: dict[str, Mapping[str, str]] = {
    "a disagreement": {**SIGN_OFF, "verdict": "disagree-with-comment"},
    "an agreement that is none": {**AGREEMENT, "status": "disagreed"},
    "nearly agreed": {**AGREEMENT, "status": "agree"},
    "who may not read": {**REFLECTION, "not_share_with": "SV-014"},
    "who may read, misspelt": {**REFLECTION, "share_wth": "SV-014"},
    "not to be counted": {**MEASURE, "uncounted": "yes"},
    "to be counted, misspelt": {**MEASURE, "countd": "yes"},
    "not told": {**without(DISCLOSURE, "supervisee_told"), "supervisee_not_told": "2026-10-09"},
    "told later": {**without(DISCLOSURE, "supervisee_told"), "supervisee_to_be_told": "2026-10-09"},
    "not discussed": {**without(DISCLOSURE, "discussed"), "not_discussed": "yes"},
    "no reader": {**DISCLOSURE, "not_readers": "SE-201"},
    "what stays": {**AGREEMENT, "organisation_receives_not": "[attendance, approach]"},
    "expected or not": {**AGREEMENT, "exceptions": "[{ground: serious-harm-to-others, discuss_first: unexpected}]"},
    "what took its place": {**AGREEMENT, "replaced": "agr-1"},
    "two words of a kind": {**PROCESS_NOTE, "kind": "process-note draft"},
    "a year of two digits": {**REFLECTION, "date": "26/09/29"},
    "a month that is none": {**REFLECTION, "date": "14 Junk 2026"},
}


@pytest.mark.parametrize("facts", OPPOSITES.values(), ids=OPPOSITES)
def test_nothing_becomes_its_opposite_or_somebodys_word(facts: Mapping[str, str], tmp_path: Path) -> None:
    typed = text_of(facts)
    assert fixed(typed, tmp_path) == typed


@pytest.mark.parametrize("heading", ["Unlearning", "Indecision", "Decisions and dissent"])
def test_a_heading_keeps_its_words(heading: str, tmp_path: Path) -> None:
    typed = f"{DRAFT}\n## {heading}\n\nSomething.\n"
    assert fixed(typed, tmp_path) == typed


NUMBERLESS = text_of(
    {**SESSION, "id": "a"}, {**CLINICAL, "Actions": "- [ ] A1: Ask @SE-201 due:2026-12-17\n- [ ] Ring @SE-201"}
)


@pytest.mark.parametrize("method", ["", "paper"])
def test_what_is_signed_stays_as_it_is(method: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = read_text("a.md", NUMBERLESS, NO_REGISTER)
    assert isinstance(record, Record)
    how = {"method": method} if method else {"digest": record.skeleton.digest}
    signed = text_of({**without(SIGN_OFF, "digest"), "id": "b", "of": "a", **how})
    write_files(tmp_path, {"supervision.yaml": "organisation: A\n", "b.md": signed})
    assert fixed(NUMBERLESS, tmp_path) == NUMBERLESS
    assert "not mended: a.md is signed. What is noticed later stands in an addendum." in capsys.readouterr().err
    (tmp_path / "b.md").unlink()
    assert fixed(NUMBERLESS, tmp_path) == NUMBERLESS.replace("[ ] Ring", "[ ] A2: Ring")


def test_a_space_behind_a_number_breaks_no_signature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was signed is the number and the words; the space between them is neither."""
    tight = NUMBERLESS.replace("A1: Ask", "A1:Ask")
    digests = {
        one.skeleton.digest
        for text in (tight, NUMBERLESS)
        if isinstance(one := read_text("a.md", text, NO_REGISTER), Record)
    }
    assert len(digests) == 1
    signed = text_of({**SIGN_OFF, "id": "b", "of": "a", "digest": digests.pop()})
    write_files(tmp_path, {"supervision.yaml": "organisation: A\n", "b.md": signed})
    assert fixed(tight, tmp_path) == NUMBERLESS
    assert "changed-after-sign-off" not in capsys.readouterr().out


def test_a_number_that_lacks_its_colon_gets_no_second_one(tmp_path: Path) -> None:
    typed = NUMBERLESS.replace("[ ] Ring", "[ ] A2 Ring")
    assert typed != NUMBERLESS
    assert fixed(typed, tmp_path) == typed


def test_a_number_that_others_name_is_not_given_away(tmp_path: Path) -> None:
    """Else the answer to something that stands there no more would be the answer to this."""
    answer = text_of(
        {**SESSION, "id": "b", "date": "2026-10-27", "previous": "a"},
        {"Review of previous actions": "- [x] a#A2: Post the letter @SE-201", **CLINICAL},
    )
    write_files(tmp_path, {"supervision.yaml": "organisation: A\n", "b.md": answer})
    assert fixed(NUMBERLESS, tmp_path) == NUMBERLESS


@pytest.mark.parametrize(
    "lines",
    [
        "- [-] a#A1: Ask for the audit data\n✓ was enough, the team has it from elsewhere",
        "- [-] a#A1: Ask for the audit data\n(x) marks the place",
        "- [ ] A1: Agree what is due:diligence first, then contract @SE-201",
        "- [ ] A1: Pay what is due 12.50 and no more @SE-201",
        "- [ ] A1: Print it on\n  A4:paper, or A3:paper @SE-201",
    ],
)
def test_words_that_look_like_a_box_or_a_date_stay_words(lines: str, tmp_path: Path) -> None:
    typed = f"{DRAFT}\n## Review of previous actions\n\n{lines}\n"
    assert fixed(typed, tmp_path) == typed
