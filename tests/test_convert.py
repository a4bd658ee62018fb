"""A record in its other form is the same record, there and back; and the command says what stays behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from supervision_notes.cli.main import run
from supervision_notes.convert import converted
from supervision_notes.reading import open_workspace, read_one, read_text
from supervision_notes.record import Record

from .conftest import NO_REGISTER, ROOT
from .test_properties import EXAMPLES, SESSIONS, as_markdown, as_yaml

RIVERSIDE = ROOT / "examples" / "riverside"


def record(text: str, form: str) -> Record:
    found = read_text(f"a.{form}", text, NO_REGISTER)
    assert isinstance(found, Record)
    return found


def test_every_record_of_the_example_goes_there_and_back() -> None:
    workspace = open_workspace(RIVERSIDE, jobs=1).workspace
    assert len(workspace.records) > 15
    for skeleton in workspace.records:
        first = read_one(RIVERSIDE, skeleton.path, workspace.register)
        assert first
        yaml = record(converted(first, "yaml"), "yaml")
        back = record(converted(yaml, "md"), "md")
        assert first.digest() == yaml.digest() == back.digest()
        assert yaml.value == back.value


@settings(EXAMPLES, max_examples=150)
@given(SESSIONS)
def test_any_session_goes_there_and_back(value: dict[str, Any]) -> None:
    markdown = record(as_markdown(value), "md")
    yaml = record(as_yaml(value), "yaml")
    for first, form, other in ((markdown, "yaml", "md"), (yaml, "md", "yaml")):
        there = record(converted(first, form), form)  # type: ignore[arg-type]
        back = record(converted(there, other), other)  # type: ignore[arg-type]
        assert there.value == first.value == back.value
        assert there.digest() == first.digest() == back.digest()


TEXT = """\
---
kind: session
id: a
date: 2026-09-29
minutes: 60
status: draft
---
# My title

## Learning
<!-- What you take away from the session. -->
Pause *first*,   and then
ask.
"""


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("   and then\nask.", " and\n\nthen ask.", True),
        ("status: draft", "status: recorded", True),
        ("id: a\ndate: 2026-09-29", "date: '2026-09-29'\nid: 'a'", True),
        ("# My title", "# Another", True),
        ("first", "last", False),
        ("minutes: 60", "minutes: 61", False),
    ],
)
def test_a_digest_changes_with_a_word_and_with_nothing_less(before: str, after: str, same: bool) -> None:
    assert before in TEXT
    first, second = (record(text, "md").digest() for text in (TEXT, TEXT.replace(before, after)))
    assert (first == second) is same


def test_ticks_under_actions_and_the_spelling_of_letters_change_no_digest() -> None:
    open_, done = (f"{TEXT}\n## Actions\n- [{tick}] A1: Ask Zoë\n" for tick in " x")
    assert record(open_, "md").digest() == record(done, "md").digest()
    assert record(open_, "md").digest() == record(open_.replace("ë", "e\u0308"), "md").digest()


def workspace(folder: Path, text: str, name: str = "a.md") -> Path:
    (folder / "supervision.yaml").write_text("organisation: Riverside\n")
    (folder / name).write_text(text)
    return folder


def test_the_command_says_what_stays_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = workspace(tmp_path, TEXT)
    assert run(["-C", str(home), "convert", "a"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("kind: session\nid: a\n")
    assert "comments and the title" in err
    assert (home / "a.md").read_text() == TEXT


def test_words_that_would_open_a_heading_stay_in_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = 'kind: session\ndate: 2026-09-29\nstatus: draft\nlearning: "One.\\n\\n## Actions\\n\\nTwo."\n'
    home = workspace(tmp_path, text, "a.yaml")
    assert run(["-C", str(home), "convert", "a", "-o", str(home / "b.md")]) == 2
    assert "cannot stand in Markdown" in capsys.readouterr().err
    assert not (home / "b.md").exists()
    (home / "b.md").write_text("mine")
    (home / "a.yaml").write_text(text.replace("## Actions", "Then."))
    assert run(["-C", str(home), "convert", "a", "-o", str(home / "b.md")]) == 2
    assert (home / "b.md").read_text() == "mine"
