"""What an attack found once: nothing is lost, taken over, told too far or waited for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pymupdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import cli, run
from supervision_notes.cli.settings import Settings
from supervision_notes.convert import Form, converted
from supervision_notes.printing.pdf import Assets
from supervision_notes.record import Audience

from .conftest import CLINICAL, NO_REGISTER, ROOT, SESSION, check_text, record, text_of
from .test_properties import EXAMPLES

SETTINGS = "organisation: Riverside\n"
DRAFT = {**SESSION, "status": "draft"}


def workspace(folder: Path, **files: str) -> Path:
    for name, text in {"supervision.yaml": SETTINGS, **{f"{n}.md": t for n, t in files.items()}}.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("heading", ["## Exploratoin (K)", "## 3. Learnings K", "## Focused question A?"])
def test_a_mending_takes_no_word_away(heading: str, tmp_path: Path) -> None:
    text = text_of(DRAFT, {}) + f"\n{heading}\n\nWords.\n"
    home = workspace(tmp_path, a=text)
    run(["-C", str(home), "check", "--fix"])
    assert (home / "a.md").read_text() == text


def test_who_sent_apologies_reads_nothing_of_a_group() -> None:
    facts = {
        "kind": "session", "date": "2026-10-22", "minutes": "90", "type": "peer-group", "mode": "online",
        "status": "recorded", "facilitator": "SE-205", "group": "pg1",
        "attendance": "{SE-205: present, SE-206: late 10, SE-207: apologies, SE-208: present}",
    }  # fmt: skip
    group = record(text_of(facts, CLINICAL))
    assert group.seen_by(Audience("author", "SE-206"))["exploration"]
    assert group.seen_by(Audience("author", "SE-207")) == {}


def annotated(printed: bytes) -> bytes:
    with pymupdf.open(stream=printed) as opened:
        opened[0].add_text_annot((72, 72), "We spoke again.")
        return bytes(opened.tobytes())


WORKED_ON: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "signed": ("pdf", lambda printed: printed + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n"),
    "annotated and saved anew": ("pdf", lambda printed: annotated(printed)),
    "changed in place": ("pdf", lambda printed: printed.replace(b"One-to-one", b"One-to-two", 1)),
    "written into": ("html", lambda printed: printed.replace(b"</body>", b"<p>We spoke again.</p></body>")),
    "written below": ("html", lambda printed: printed + b"We spoke again.\n"),
    "with the mark of another": ("html", lambda printed: printed[:-70] + b"0" * 64 + b" -->\n"),
}


@pytest.mark.parametrize("how", WORKED_ON)
def test_a_print_that_was_worked_on_is_somebodys_work(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL))
    form, work = WORKED_ON[how]
    render = ["-C", str(home), "render", "--format", form]
    assert run(render) == 0
    (home / "a.md").write_text(text_of(SESSION, {**CLINICAL, "Learning": "Ask sooner."}))
    assert run(render) == 0, "one that nobody touched gives way"
    printed = home / "out" / f"a.{form}"
    worked = work(printed.read_bytes())
    assert worked != printed.read_bytes()
    printed.write_bytes(worked)
    assert run(render) == 1
    assert printed.read_bytes() == worked
    assert "was changed since it was printed; give it another name" in capsys.readouterr().err


def test_the_print_for_one_author_never_takes_the_name_of_another(tmp_path: Path) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL))
    for code in ("SE-201", "SV-014"):
        assert run(["-C", str(home), "render", "--format", "html", "--for", "author", "--as", code]) == 0
    assert sorted(path.name for path in (home / "out").iterdir()) == ["a~for-SE-201.html", "a~for-SV-014.html"]


def test_a_print_for_one_audience_never_takes_the_name_of_another(tmp_path: Path) -> None:
    named = text_of({**SESSION, "id": "a~organisation"}, CLINICAL)
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL), b=named, **{"a b": text_of(SESSION, CLINICAL)})
    (home / "a-b.md").write_text(text_of(SESSION, CLINICAL))
    run(["-C", str(home), "render", "--draft", "--format", "html"])
    run(["-C", str(home), "render", "--format", "html", "--for", "organisation"])
    assert len(list((home / "out").iterdir())) == 7  # b's id has an error, so nothing of it goes to the organisation


@pytest.mark.parametrize(
    "facts",
    ["provider: |-  # words\n  Acme\n", "provider: Acme # words\n", "# words\n", "provider: |- #words\n  Acme\n"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_words_behind_a_hash_are_told_of(facts: str, ending: str) -> None:
    text = f"kind: session\ndate: 2026-09-29\nstatus: draft\n{facts}".replace("\n", ending)
    assert "words-in-comment" in {problem.rule for problem in check_text("a.yaml", text, NO_REGISTER)}


@pytest.mark.parametrize("arguments", [["--select", "NOPE"], ["--select", ""], ["--ignore", "s"], ["--ignore", "zz"]])
def test_a_rule_that_is_none_hides_nothing(arguments: list[str], tmp_path: Path) -> None:
    assert run(["-C", str(workspace(tmp_path)), "check", *arguments]) == 2


def test_the_title_that_a_writer_gave_is_printed_for_those_who_met(tmp_path: Path) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL).replace("\n## ", "\n# About the rota\n\n## ", 1))
    run(["-C", str(home), "render", "--format", "html"])
    run(["-C", str(home), "render", "--format", "html", "--for", "organisation"])
    assert "About the rota" in (home / "out" / "a.html").read_text()
    assert "About the rota" not in (home / "out" / "a~organisation.html").read_text()


@pytest.mark.parametrize(
    "schema",
    [
        {"title": "X", "properties": {"kind": {}, "a": {"type": "number"}}},
        {"title": "X", "properties": {"kind": {}, "a": {"x-link": 5, "x-also": 7, "x-layer": ["a"]}}},
        "[" * 100_000,
    ],
)
def test_a_schema_of_ones_own_harms_no_other_record(schema: object, tmp_path: Path) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL), b="---\nkind: zork\na: 1\n---\n")
    (home / "schemas").mkdir()
    text = schema if isinstance(schema, str) else json.dumps(schema)
    (home / "schemas" / "zork.schema.json").write_text(text)
    assert run(["-C", str(home), "check"]) == 1


@pytest.mark.parametrize("name", ["styles/theme.css", "clauses/purpose.md", "forms/agreement.md.j2"])
def test_no_link_out_of_the_workspace_is_followed(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("quillonberry")
    (tmp_path / "ws").mkdir()
    home = workspace(tmp_path / "ws", a=text_of(SESSION, CLINICAL))
    (home / name).parent.mkdir()
    (home / name).symlink_to(tmp_path / "secret")
    assert run(["-C", str(home), "new", "agreement", "--form", "individual", "--date", "2026-01-12"]) == 0
    assert run(["-C", str(home), "render", "--format", "html"]) == 0
    told = [
        path for path in home.rglob("*") if path.is_file() and not path.is_symlink() and b"quillon" in path.read_bytes()
    ]
    assert told == []


def test_no_folder_of_styles_lies_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "x.ttf").write_bytes(b"quillonberry")
    (tmp_path / "ws" / "styles").symlink_to(tmp_path / "away")
    assert Assets(tmp_path / "away").read("x.ttf") == b"quillonberry"
    assert Assets(tmp_path / "ws" / "styles").read("x.ttf") is None


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">/dev/full", "2>/dev/full"])
@pytest.mark.parametrize("command", ["check", "--help", "nosuch"])
def test_a_stream_that_takes_nothing_is_no_error_in_a_record(closed: str, command: str, tmp_path: Path) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL))
    line = f'"{sys.executable}" -m supervision_notes {command} {closed}'
    # Python holds back what it prints, as it does for everybody who has not asked it not to.
    env = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"} | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["sh", "-c", line], cwd=home, capture_output=True, text=True, env=env)
    assert done.returncode in (0, 2)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["sign-off a --as SE-201 --comment -", "new agreement --form individual --each -"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("<&-", "- reads what is typed here, and nothing can be: name a file instead."),
        ("</dev/zero", "is larger than 5 MB, more than a record may hold; nothing was written."),
    ],
)
def test_what_cannot_be_read_to_its_end_is_refused(command: str, typed: str, said: str, tmp_path: Path) -> None:
    home = workspace(tmp_path, a=text_of(SESSION, CLINICAL))
    line = f'"{sys.executable}" -m supervision_notes {command} {typed}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=home, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


# values of another sort

WORDS = st.sampled_from(
    ["", "~", "____", "None", "words", "7", "A1", "open", "2026-10-14", "SE-201", "a\nb", "## x", "X"]
)
KEYS = ["id", "state", "text", "owner", "due", "reason", "decision", "case", "supportive", "SE-201", "heading"]
ODD = st.recursive(
    WORDS, lambda odd: st.lists(odd, max_size=3) | st.dictionaries(st.sampled_from(KEYS), odd, max_size=3)
)
SECTIONS = ["actions", "decisions", "review_of_previous_actions", "functions", "attendance", "sections", "supervisees"]
FORMS: tuple[Form, ...] = ("md", "yaml")
COMMANDS = ("check", "show a", "convert a", "new session --for SE-201 --date 2026-11-17 --dry-run")


@settings(EXAMPLES, max_examples=120)
@given(st.dictionaries(st.sampled_from(SECTIONS), ODD, min_size=1, max_size=3))
@example({"actions": ["____"]})
@example({"actions": [{"state": "____", "text": "Ask", "owner": "____"}]})
@example({"decisions": ["____", {"decision": "Wait", "case": ["X"]}]})
def test_a_value_of_another_sort_breaks_nothing(odd: dict[str, Any]) -> None:
    value = {**SESSION, "id": "a", **odd}
    with TemporaryDirectory() as folder:
        (Path(folder) / "supervision.yaml").write_text(SETTINGS)
        (Path(folder) / "a.yaml").write_text(json.dumps(value))
        for command in COMMANDS:
            with suppress(click.ClickException):  # all else is our fault
                cli.main(["-C", folder, *command.split()], standalone_mode=False, obj=Settings())
    found = record(json.dumps(value), "a.yaml")
    assert all(converted(found, form) for form in FORMS)
    assert all(decision["case"] == "X" for decision in found.seen_by(Audience("case", case="X")).get("decisions", ()))


LONG = {
    "runs of backticks, each longer than the one before": text_of(
        DRAFT, {"Exploration": " ".join("`" * n for n in range(1, 2700))}
    ),
    "a crowd": text_of({**DRAFT, "attendance": f"{{{', '.join(f'SE-{n}: present' for n in range(40_000))}}}"}),
}


@pytest.mark.parametrize("name", LONG)
def test_no_record_takes_long_to_read(name: str) -> None:
    """A time limit would fail on a slow machine; it took a minute and a half once, for a file of a few megabytes."""
    assert "too-large" not in {problem.rule for problem in check_text("a.md", LONG[name], NO_REGISTER)}
