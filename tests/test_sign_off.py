"""`sign-off`: one party's word in a record of its own, word for word, with a digest that shows any later change."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import run
from supervision_notes.convert import Form, converted
from supervision_notes.reading import open_workspace, read_one, read_text
from supervision_notes.record import Record
from supervision_notes.signing import standing_in_words
from supervision_notes.workspace import Workspace
from supervision_notes.writing.drafting import Refused
from supervision_notes.writing.signature import Word, signature

from .conftest import (
    AGREEMENT,
    CLINICAL,
    DECISION,
    DISCLOSURE,
    KINDS,
    NO_REGISTER,
    REFLECTION,
    ROOT,
    SESSION,
    Files,
    text_of,
    without,
    write,
)
from .test_cli_new import SETTINGS, agreement, files_of
from .test_properties import EXAMPLES, SESSIONS, as_markdown, as_yaml

ID, DAY = "2026-09-29-se201", "2026-10-02"
ACTIONS = "- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17"
RECORD = text_of({**SESSION, "id": ID}, {**CLINICAL, "Decisions": DECISION, "Actions": ACTIONS})
PRACTICE: Files = {"supervision.yaml": SETTINGS, "sessions/a.md": RECORD}


class Signed(NamedTuple):
    """What became of one `sign-off`."""

    code: int
    out: str
    err: str

    @property
    def path(self) -> str:
        return self.out.strip()


Sign = Callable[..., Signed]


@pytest.fixture
def sign(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Sign:
    """Runs `sign-off` on the session of the test's workspace, or on another record."""

    def signed(*arguments: str, of: str = ID, day: str = DAY) -> Signed:
        code = run(["-C", str(tmp_path), "sign-off", of, "--date", day, *arguments])
        return Signed(code, *capsys.readouterr())

    return signed


def workspace(root: Path) -> Workspace:
    return open_workspace(root, jobs=1).workspace


def standing(root: Path, id: str = ID) -> str:
    now = workspace(root)
    found = now.find(id)
    assert found
    return standing_in_words(now, found)


def value(root: Path, path: str) -> dict[str, Any]:
    found = read_one(root, path, NO_REGISTER)
    assert found
    assert found.sound
    return dict(found.value)


def change(root: Path, old: str, new: str, name: str = "sessions/a.md") -> None:
    text = (root / name).read_text("utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), "utf-8")


# what is written


def test_a_word_stands_in_a_record_of_its_own(sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, PRACTICE))
    assert standing(tmp_path) == "awaiting SE-201"
    signed = sign("--as", "SE-201")
    assert signed == (
        0,
        f"sign-offs/signed-{DAY}-se201.md\n",
        f"entered as SE-201 on {DAY}: agree; this is a declaration, not proof of who typed it.\n{ID}: signed.\n",
    )
    record = workspace(tmp_path).find(ID)
    assert record
    assert value(tmp_path, signed.path) == {
        "kind": "sign-off", "id": f"signed-{DAY}-se201", "of": ID, "by": "SE-201", "date": DAY, "verdict": "agree",
        "digest": record.digest,
    }  # fmt: skip
    assert {name: data for name, data in files_of(tmp_path).items() if name != signed.path} == before
    assert [p for p in open_workspace(tmp_path, jobs=1).problems if p.severity != "note"] == []


def test_the_verdict_is_what_was_said(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, {**PRACTICE, "said": "I would say “reluctant”."})
    told = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert value(tmp_path, told.path)["verdict"] == "agree-with-comment"
    told = sign("--as", "SE-201", "--verdict", "disagree")
    assert f"entered as SE-201 on {DAY}: disagree; " in told.err
    assert standing(tmp_path) == "signed with disagreement"
    assert sign("--as", "SE-201", "--verdict", "perhaps").code == 2
    lacking = sign("--as", "SE-201", "--verdict", "agree-with-comment")
    assert "agree-with-comment needs a comment:  --comment FILE. Nothing was written." in lacking.err


def test_ink_needs_no_digest(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    signed = sign("--as", "SE-201", "--method", "paper")
    assert "digest" not in value(tmp_path, signed.path)
    assert value(tmp_path, signed.path)["method"] == "paper"
    assert signed.err.startswith(f"signed on paper by SE-201 on {DAY}: agree; this is a declaration")
    change(tmp_path, "twice", "three times")
    assert standing(tmp_path) == "signed"


def test_quiet_is_quiet(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    assert sign("--as", "SE-201", "-q") == (0, "", "")
    assert standing(tmp_path) == "signed"


# who may, and when


@pytest.mark.parametrize(
    ("by", "of", "said"),
    [
        ("SE-202", ID, f"SE-202 is no party to {ID}, and only a party signs."),
        ("se-201", ID, f"se-201 is no party to {ID}"),
        ("SE-201", "2026-09-29-se20", "there is no record “2026-09-29-se20”; did you mean “2026-09-29-se201”?"),
        ("SE-201", "log-1", "there is no record “log-1”."),
        ("SV-014", "r-1", "there is no record “r-1”."),
        ("SV-014", "none", "there is no record “none”."),
        ("SE-201", "s-draft", "s-draft is a draft: set its status to recorded first."),
        ("SE-201", "agr-draft", "agr-draft is a draft: set its status to to-sign first."),
        ("SE-201", "s-bad", "s-bad has errors: mend them first (`check` names them)."),
        ("SE-201", "s-late", "s-late took place on 2026-10-05, and cannot have been signed before that."),
        ("SE-201", "add-1", "add-1 is neither a session nor an agreement, and nothing else is signed."),
        ("SE-207", "s-group", "SE-207 is no party to s-group"),
    ],
)  # fmt: skip
def test_what_is_refused(by: str, of: str, said: str, sign: Sign, tmp_path: Path) -> None:
    there = "{SE-205: present, SE-206: present, SE-207: apologies}"
    group = {**without(SESSION, "supervisor", "supervisees"), "type": "peer-group", "group": "pg1", "id": "s-group"}
    files = {
        **PRACTICE,
        "log.md": text_of({**REFLECTION, "id": "log-1", "share_with": "SV-014"}),
        "r.md": text_of({**DISCLOSURE, "id": "r-1"}),
        "draft.md": text_of({**SESSION, "id": "s-draft", "status": "draft"}, CLINICAL),
        "agr.md": text_of({**AGREEMENT, "id": "agr-draft", "status": "draft"}),
        "bad.md": text_of({**SESSION, "id": "s-bad", "mode": "by pigeon"}, CLINICAL),
        "late.md": text_of({**SESSION, "id": "s-late", "date": "2026-10-05"}, CLINICAL),
        "add.md": text_of({"kind": "addendum", "id": "add-1", "of": ID, "by": "SE-201", "date": DAY}),
        "group.md": text_of({**group, "facilitator": "SE-205", "attendance": there}, CLINICAL),
    }
    before = files_of(write(tmp_path, files))
    signed = sign("--as", by, of=of)
    assert (signed.code, signed.out) == (2, "")
    assert said in signed.err
    assert signed.err.count("\n") == 1
    assert files_of(tmp_path) == before


def test_an_id_that_is_hidden_is_answered_as_an_unknown_one(sign: Sign, tmp_path: Path) -> None:
    hidden = {
        "r.md": text_of({**DISCLOSURE, "id": "r-2026-10-09"}),
        "log.md": text_of({**REFLECTION, "id": "r-2026-10-08"}),
    }
    write(tmp_path, {**PRACTICE, **hidden})
    said = {re.sub(r"\d\d”", "…”", sign("--as", "SE-201", of=f"r-2026-10-{day}").err) for day in ("07", "08", "09")}
    assert said == {"supervision-notes: there is no record “r-2026-10-…”.\n"}


def test_a_wrong_date_is_refused(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    assert "“2/10/2026” is not a date" in sign("--as", "SE-201", day="2/10/2026").err


def test_nobody_signs_on_a_day_that_is_still_to_come(sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, PRACTICE))
    signed = sign("--as", "SE-201", day="2198-12-31")
    assert (signed.code, signed.out) == (2, "")
    assert "2198-12-31 is still to come, and nobody can have signed on it" in signed.err
    assert files_of(tmp_path) == before


def test_an_agreement_is_signed_before_it_starts(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": agreement("agr-1", status="to-sign", start="2026-11-01")})
    first = sign("--as", "SE-201", of="agr-1")
    assert first.err.endswith("\nagr-1: awaiting SV-014.\n")
    last = sign("--as", "SV-014", of="agr-1")
    assert last.err.endswith("\nagr-1: signed.\neveryone has signed; only you can write  status: agreed  into it.\n")
    change(tmp_path, "status: to-sign", "status: agreed\nend: 2026-12-31", "a.md")
    assert standing(tmp_path, "agr-1") == "signed"
    change(tmp_path, "minutes: 60", "minutes: 90", "a.md")
    assert standing(tmp_path, "agr-1") == "changed since signed"


def test_one_who_disagrees_keeps_an_agreement_open(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": agreement("agr-1", status="to-sign")})
    sign("--as", "SE-201", "--verdict", "disagree", of="agr-1")
    last = sign("--as", "SV-014", of="agr-1")
    assert "everyone" not in last.err
    assert last.err.endswith("agr-1: signed with disagreement.\n")


# once more


def test_signing_again_needs_something_new(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, {**PRACTICE, "said": "One thing more."})
    sign("--as", "SE-201")
    again = sign("--as", "SE-201")
    assert (again.code, again.out) == (2, "")
    assert f"SE-201 has signed this already: signed-{DAY}-se201. Nothing was written." in again.err
    more = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert more.path == f"sign-offs/signed-{DAY}-se201-b.md"
    same = sign("--as", "SE-201", "--comment", str(tmp_path / "said"), day="2026-10-05")
    assert (same.code, same.out) == (2, "")
    assert f"SE-201 has signed this already: signed-{DAY}-se201-b. Nothing was written." in same.err
    change(tmp_path, "more", "less", "said")
    assert sign("--as", "SE-201", "--comment", str(tmp_path / "said")).path == f"sign-offs/signed-{DAY}-se201-c.md"
    assert "signed this on 2026-10-02, and a new signature cannot be earlier" in (
        sign("--as", "SE-201", "--verdict", "disagree", day="2026-10-01").err
    )
    change(tmp_path, "twice", "three times")
    assert standing(tmp_path) == "changed since signed"
    anew = sign("--as", "SE-201", day="2026-10-09")
    assert anew.code == 0
    assert standing(tmp_path) == "signed"


def test_a_state_for_each_stage(sign: Sign, tmp_path: Path) -> None:
    """Draft, awaiting, signed, signed with disagreement, changed since signed."""
    write(tmp_path, {**PRACTICE, "sessions/a.md": RECORD.replace("status: recorded", "status: draft")})
    states = [standing(tmp_path)]
    change(tmp_path, "status: draft", "status: recorded")
    states.append(standing(tmp_path))
    for verdict in ("agree", "disagree"):
        sign("--as", "SE-201", "--verdict", verdict)
        states.append(standing(tmp_path))
    change(tmp_path, "twice", "often")
    states.append(standing(tmp_path))
    assert states == ["draft", "awaiting SE-201", "signed", "signed with disagreement", "changed since signed"]


def test_a_second_word_hides_none_before_it(sign: Sign, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {**PRACTICE, "said": "Not as I remember it."})
    first = sign("--as", "SE-201", "--verdict", "disagree", "--comment", str(tmp_path / "said"))
    assert "stands before it" not in first.err
    second = sign("--as", "SE-201", "--verdict", "agree", "--method", "paper", day="2026-10-05")
    told = f"their word of {DAY} (signed with disagreement) stands before it, and the page shows both.\n"
    assert second.err.splitlines(keepends=True)[1:] == [told, f"{ID}: signed.\n"]
    third = sign("--as", "SE-201", day="2026-10-06")
    assert "their word of 2026-10-05 (signed) stands before it" in third.err
    run(["-C", str(tmp_path), "show", ID])
    shown = capsys.readouterr().out
    words = [" ".join(line.split()) for line in shown.partition("\nSigned\n")[2].splitlines()]
    assert words[:3] == [
        "SE-201 signed 2026-10-06",
        "before: signed on paper 2026-10-05",
        f"before: signed with disagreement {DAY} Not as I remember it.",
    ]
    run(["-C", str(tmp_path), "show", ID, "--format", "json"])
    (one,) = json.loads(capsys.readouterr().out)["signed"]
    assert [before["state"] for before in one["before"]] == ["signed", "signed with disagreement"]


# the comment


COMMENTS = [
    "Plain words.",
    "## A heading\n\nof my own\n\n### and a deeper one",
    "# A title\nand more",
    "---\nkind: session\n---\n\nwords",
    "A rule\n\n---\n\nbetween",
    "Setext\n======\n\nwords",
    "- a list\n- [ ] A1: like an action @SE-201\n\n\n\nand blank lines",
    "```\n## code <!-- and a comment in it -->\n```",
    "`<!-- in code -->` and [[2026-09-29-se201]]",
    "One  two   spaces, a tab\there, é 😀 אב",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "None.",
    "____",
    "a: b\n- c: {d}\n'quotes\" \\ # hash",
    "Risk and safeguarding",
    "## Comment\n\nTwice",
    "null",
    "~",
]


@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_stands_word_for_word(comment: str, sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, {**PRACTICE, "said": f"\ufeff\n{comment}\n\n".replace("\n", "\r\n")})
    signed = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert signed.code == 0, signed.err
    assert value(tmp_path, signed.path)["comment"] == comment
    assert [p for p in open_workspace(tmp_path, jobs=1).problems if p.severity == "error"] == []


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("I <!-- really --> agree", "the comment cannot be kept word for word: there is a comment sign (<!--) in it"),
        ("<!--", "the comment cannot be kept word for word"),
        ("As in [[nowhere]].", "“[[nowhere]]”: there is no record of this id in the workspace"),
        (f"As in [[{ID}#A7]].", "the record that is named has no action of this number"),
        ("word " * 999_990, "could not be read again: this file is larger than 5 MB"),
        ("word " * 1_000_001, "the comment is larger than 5 MB"),
        (" \n\n", "the comment is empty: leave out --comment, or write something."),
        (b"caf\xe9", "the comment is not UTF-8"),
    ],
)
def test_a_comment_that_cannot_stand_is_refused(comment: str | bytes, said: str, sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, {**PRACTICE, "said": comment}))
    signed = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert (signed.code, signed.out) == (2, "")
    assert said in signed.err
    assert "agree." not in signed.err
    assert files_of(tmp_path) == before


LINES = st.sampled_from(
    [
        "## H", "# T", "---", "===", "<!--", "-->", "`", "```", "~~~", "- [ ] A1", "a: b", "words", "", "  in", "____",
        f"[[{ID}]]", "[[a]]", "\\", "None", "null",
    ]
)  # fmt: skip


@settings(EXAMPLES, max_examples=300)
@given(st.lists(LINES | st.text(max_size=8), min_size=1, max_size=6).map("\n".join))
def test_any_comment_stands_word_for_word_or_not_at_all(comment: str) -> None:
    assume(comment.strip() and "\r" not in comment)
    record = read_text("a.md", RECORD, NO_REGISTER)
    assert isinstance(record, Record)
    here = Workspace(Path("/nowhere"), NO_REGISTER, (record.skeleton,))
    try:
        draft = signature(here, record.skeleton, Word("SE-201", DAY, "agree-with-comment", comment), DAY)
    except Refused:
        return
    again = read_text(draft.path, draft.text, NO_REGISTER)
    assert isinstance(again, Record)
    assert again.value["comment"] == comment.strip()
    assert again.value.keys() == {"kind", "id", "of", "by", "date", "verdict", "digest", "comment"}


# at a terminal, and without one


def at_terminal(root: Path, typed: str, *more: str) -> tuple[int, str]:
    """Run `sign-off` with a terminal to type at; what it said."""
    master, slave = os.openpty()
    arguments = [sys.executable, "-m", "supervision_notes", "-C", str(root), "sign-off", ID, "--as", "SE-201", *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        arguments, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        os.close(slave)
        os.write(master, typed.encode())
        _, err = process.communicate(timeout=60)
    os.close(master)
    return process.returncode, err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this machine has no such terminals")
def test_at_a_terminal_the_verdict_is_asked(tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    code, err = at_terminal(tmp_path, "disagree\n", "--date", DAY)
    assert code == 0
    assert f"SE-201 on {ID} (agree, disagree) [agree]: " in err
    assert f"entered as SE-201 on {DAY}: disagree; " in err
    code, err = at_terminal(tmp_path, "", "--date", DAY, "--no-input")
    assert f"entered as SE-201 on {DAY}: agree; " in err


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this machine has no such terminals")
def test_nobody_is_asked_about_what_cannot_be_signed(tmp_path: Path) -> None:
    write(tmp_path, {**PRACTICE, "sessions/a.md": RECORD.replace("minutes: 60", "minutes: 0")})
    code, err = at_terminal(tmp_path, "agree\n", "--date", DAY)
    assert (code, err) == (
        2,
        f"supervision-notes: {ID} has errors: mend them first (`check` names them). Nothing was written.\n",
    )


def test_a_record_is_signed_by_its_path_and_a_private_one_is_not_there(sign: Sign, tmp_path: Path) -> None:
    log = text_of(REFLECTION, {"Feelings": "Cold."})
    write(tmp_path, {**PRACTICE, "logs/log.md": log})
    assert sign("--as", "SE-201", of="sessions/a.md").code == 0
    private, none = sign("--as", "SE-201", of="logs/log.md"), sign("--as", "SE-201", of="logs/lox.md")
    assert (private.code, private.err) == (2, none.err.replace("lox", "log"))


def piped(root: Path, words: str) -> subprocess.CompletedProcess[str]:
    """Run `sign-off` with a comment that comes through a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "supervision_notes", "sign-off", ID, "--as", "SE-201", "--comment", "-", "--date", DAY],
        input=words, capture_output=True, text=True, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("words", ["I agree with most", "word " * 999, "nowhere/words.txt"])
def test_words_in_place_of_a_file_are_told_where_to_go(words: str, sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, PRACTICE))
    refused = sign("--as", "SE-201", "--comment", words)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines()[0] == (
        "supervision-notes: --comment names a file, or - for what is typed here, and there is no file of this name: "
        "put their words into a file, and name that."
    )
    assert files_of(tmp_path) == before


def test_a_comment_may_come_through_a_pipe(tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    done = piped(tmp_path, "Yes, and more.\n")
    assert value(tmp_path, done.stdout.strip())["comment"] == "Yes, and more."


def test_whoever_the_machine_refuses_hears_where_the_words_are(sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, {**PRACTICE, "sign-offs": "A file where the folder should be.", "said": "Yes."}))
    from_file = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert (from_file.code, from_file.out) == (2, "")
    assert from_file.err.endswith("sign-offs: File exists. The words of the comment are still in their file.\n")
    typed = piped(tmp_path, "Yes, and more.")
    assert (typed.returncode, typed.stdout) == (2, "")
    assert "sign-offs: File exists. What you wrote is kept nowhere: put it into a file" in typed.stderr
    assert sign("--as", "SE-201").err.endswith("sign-offs: File exists.\n")
    assert files_of(tmp_path) == before


def test_who_is_refused_hears_where_the_words_are(sign: Sign, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, {**PRACTICE, "said": "As in [[nowhere]]."}))
    from_file = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert from_file.err.endswith("Nothing was written. The words of the comment are still in their file.\n")
    typed = piped(tmp_path, "As in [[nowhere]].")
    assert typed.returncode == 2
    assert "What you wrote is kept nowhere: put it into a file" in typed.stderr
    assert files_of(tmp_path) == before
    change(tmp_path, "[[nowhere]]", "`[[nowhere]]`", "said")
    again = sign("--as", "SE-201", "--comment", str(tmp_path / "said"))
    assert value(tmp_path, again.path)["comment"] == "As in `[[nowhere]]`."


# what a digest holds


def digest(text: str, form: Form = "md") -> str:
    record = read_text(f"a.{form}", text, NO_REGISTER)
    assert isinstance(record, Record)
    return record.skeleton.digest


def spaced(part: Any) -> Any:
    """The same words further apart."""
    if isinstance(part, str):
        return re.sub(r"(?<=\w) (?=\w)", "   ", part)
    if isinstance(part, list):
        return [spaced(inner) for inner in part]
    return {key: spaced(inner) for key, inner in part.items()} if isinstance(part, dict) else part


SIGNS = ["open", "done", "carried", "dropped"]


@settings(EXAMPLES, max_examples=150)
@given(SESSIONS, st.sampled_from(SIGNS), st.sampled_from(["draft", "recorded"]))
def test_what_leaves_a_digest_as_it_is(session: dict[str, Any], state: str, status: str) -> None:
    """White space, line ends, the other form, ticks under Actions, and how settled the record is."""
    before = digest(as_markdown(session))
    assert digest(as_markdown(session).replace("\n", "\r\n")) == before
    assert digest(as_yaml(session), "yaml") == before
    words = {key: spaced(part) if key in ("focus_question", "exploration") else part for key, part in session.items()}
    assert digest(as_markdown(words).replace("\n\n", "\n\n\n")) == before
    assert digest(as_markdown({**session, "status": status})) == before
    if isinstance(session.get("actions"), list):
        ticked = [{**action, "state": state} for action in session["actions"]]
        assert digest(as_markdown({**session, "actions": ticked})) == before
    record = read_text("a.md", as_markdown(session), NO_REGISTER)
    assert isinstance(record, Record)
    assert digest(converted(record, "yaml"), "yaml") == digest(converted(record, "md")) == before


@settings(EXAMPLES, max_examples=150)
@given(SESSIONS, st.data())
def test_what_breaks_a_digest(session: dict[str, Any], data: st.DataObject) -> None:
    """A word, an owner, a due date, a number, the order of decisions."""
    before = digest(as_markdown(session))
    changed = copy.deepcopy(session)
    places: list[tuple[Any, Any, Any]] = [(changed, "date", "2026-09-30")]
    for key in ("focus_question", "exploration"):
        if key in changed:
            places.append((changed, key, f"{changed[key]} more"))
    for part in (changed.get("decisions"), changed.get("actions")):
        for item in part if isinstance(part, list) else ():
            places += [(item, key, f"{item[key]} more") for key in ("decision", "text", "rationale") if key in item]
            if "state" in item:
                places += [(item, "owner", [*item.get("owner", ()), "SE-9"]), (item, "due", "2031-01-01")]
    holder, key, new = data.draw(st.sampled_from(places))
    holder[key] = new
    assert digest(as_markdown(changed)) != before


def test_the_order_of_decisions_is_part_of_what_is_signed() -> None:
    one, two = DECISION, DECISION.replace("joint", "second")
    assert digest(text_of(SESSION, {"Decisions": f"{one}\n\n{two}"})) != digest(
        text_of(SESSION, {"Decisions": f"{two}\n\n{one}"})
    )


def test_a_comment_of_the_forms_is_no_part_of_it() -> None:
    hint = KINDS["session"].fields["exploration"].hint
    assert digest(RECORD.replace("She asked", f"<!-- {hint} -->\n\nShe asked")) == digest(RECORD)


def test_a_record_that_moves_into_the_other_form_stays_signed(sign: Sign, tmp_path: Path) -> None:
    write(tmp_path, PRACTICE)
    sign("--as", "SE-201")
    path = tmp_path / "sessions/a.md"
    assert run(["-C", str(tmp_path), "convert", ID, "-o", str(path.with_suffix(".yaml"))]) == 0
    path.unlink()
    assert standing(tmp_path) == "signed"
    change(tmp_path, "due: 2026-12-17", "due: 2026-12-18", "sessions/a.yaml")
    assert standing(tmp_path) == "changed since signed"
    found = [p.rule for p in open_workspace(tmp_path, jobs=1).problems if p.severity == "error"]
    assert found == ["changed-after-sign-off"]
