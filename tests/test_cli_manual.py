"""The commands that explain: `explain`, `rules`, `schema` and `doctor`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from supervision_notes.cli import doctor
from supervision_notes.cli.main import run
from supervision_notes.cli.rules import table
from supervision_notes.problem import Rule
from supervision_notes.rules import CATALOGUE
from supervision_notes.shipped import folder

Output = pytest.CaptureFixture[str]


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.code)
def test_every_rule_is_explained_by_code_and_by_name(rule: Rule, capsys: Output) -> None:
    assert run(["explain", rule.code.lower()]) == run(["explain", rule.slug]) == 0
    page = f"{rule.code} {rule.slug} ({rule.severity})\n\n{rule.page}\n"
    assert capsys.readouterr().out == page * 2


def test_a_rule_that_is_none_gets_the_nearest(capsys: Output) -> None:
    assert run(["explain", "unkown-field"]) == 2
    assert "there is no rule “unkown-field”; did you mean “unknown-field”?" in capsys.readouterr().err


def test_rules_are_listed_one_a_line(capsys: Output) -> None:
    assert run(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:3] for line in lines] == [[r.code, r.severity, r.slug] for r in CATALOGUE.values()]


def test_a_table_cell_cannot_end_early() -> None:
    *_, row = table([Rule("SN999", "a-rule", "note", "One | two.")])
    assert row == "| SN999 | `a-rule` | note | One \\| two. |"


@pytest.mark.parametrize("path", sorted(folder("schemas").rglob("*.schema.json")), ids=lambda path: path.name)
def test_a_schema_is_printed_as_it_is(path: Path, capsys: Output) -> None:
    assert run(["schema", path.name.removesuffix(".schema.json")]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(path.read_text("utf-8"))


def test_the_kinds_are_listed(capsys: Output) -> None:
    assert run(["schema"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert sorted(names) == sorted(path.name.removesuffix(".schema.json") for path in folder("schemas").rglob("*.json"))


def test_a_workspace_lends_its_own_kinds(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "supervision.yaml").write_text("organisation: Riverside\n")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "handover.schema.json").write_text('{"title": "Handover", "properties": {}}')
    assert run(["-C", str(tmp_path), "schema", "handover"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Handover"


def test_doctor_finds_this_machine_well(capsys: Output) -> None:
    assert run(["doctor"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"ok"}
    assert run(["doctor", "-q"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("lost", "code", "state"), [("libpango-1.0.so.0", 2, "lacking"), ("libharfbuzz-subset.so.0", 0, "slow")]
)
def test_doctor_names_one_command_for_what_is_missing(
    lost: str, code: int, state: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setattr(doctor, "_loads", lambda files: lost not in files)
    monkeypatch.setattr(doctor, "which", lambda name: name == "brew" or None)
    assert run(["doctor"]) == code
    out = capsys.readouterr().out
    assert f"\n{state} " in out
    assert out.endswith("To install what is missing: brew install pango harfbuzz\n")
