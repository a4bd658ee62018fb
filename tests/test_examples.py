"""Every folder of examples: nothing is wrong with it, it prints for everybody, and it holds what it says it holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from supervision_notes.cli.main import run
from supervision_notes.continuity import every_open_action, left_open
from supervision_notes.reading import Checked, open_workspace, read_one
from supervision_notes.record import Audience, Record
from supervision_notes.signing import SIGNED_KINDS, standings
from supervision_notes.skeleton import Skeleton
from supervision_notes.workspace import Workspace

from .conftest import ROOT

FOLDERS = sorted(path.parent for path in (ROOT / "examples").glob("*/supervision.yaml"))
YEAR = ROOT / "examples" / "kestrel-year"
MONTH_END = ROOT / "examples" / "month-end"
LAST_DAY = "2026-09-30"

# What is wrong on purpose, and what a README tells its readers to look at.
ON_PURPOSE = {"riverside": {"sessions/2026-11-17-se201.md": "words-in-comment"}}
AUDIENCES = {
    "parties": ("--for", "parties"),
    "organisation": ("--for", "organisation"),
    "author": ("--for", "author"),
}


@cache
def opened(folder: Path, as_at: str | None = None) -> Checked:
    return open_workspace(folder, jobs=1, as_at=as_at)


def year() -> Workspace:
    return opened(YEAR).workspace


def found(id: str) -> Skeleton:
    record = year().find(id)
    assert record, f"the example has no {id}"
    return record


def wrong(checked: Checked) -> dict[str, str]:
    """What is more than a note, by path."""
    return {problem.path: problem.rule for problem in checked.problems if problem.severity != "note"}


def restricted() -> list[Record]:
    workspace = year()
    records = [read_one(workspace.root, other.path, workspace.register) for other in workspace.restricted]
    return [record for record in records if record]


def sentences(record: Record) -> list[str]:
    """What a restricted record says, in pieces long enough to be nobody else's words."""
    words = " ".join(str(record.value.get(key, "")) for key in ("what_was_said", "why", "outcome"))
    pieces = [re.sub(r"\[\[.*?\]\]", " ", piece).strip() for piece in re.split(r"[.,:]", words)]
    return [piece for piece in pieces if len(piece) > 25 and "  " not in piece]


def pages(folder: Path, audience: tuple[str, ...], target: Path) -> dict[str, str]:
    """Every page that is printed for somebody, by its name."""
    run(["-q", "-C", str(folder), "render", "--format", "html", "-o", str(target), *audience])
    return {path.name: path.read_text("utf-8") for path in sorted(target.glob("*.html"))}


# every folder


def test_every_folder_is_looked_at() -> None:
    assert [folder.name for folder in FOLDERS] == ["kestrel-year", "month-end", "riverside"]
    assert len(FOLDERS) == len([path for path in (ROOT / "examples").iterdir() if path.is_dir()])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_is_wrong_that_is_not_meant_to_be(folder: Path) -> None:
    checked = opened(folder)
    assert wrong(checked) == ON_PURPOSE.get(folder.name, {})
    lists = len([*folder.glob("lists/*")])
    assert checked.left_alone == 1 + lists, "all but the README and lists from elsewhere is read"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_prints_for_everybody(folder: Path, audience: str, tmp_path: Path) -> None:
    printed = tmp_path / "out"
    assert run(["-q", "-C", str(folder), "render", "--format", "html", "-o", str(printed), *AUDIENCES[audience]]) == 0
    assert list(printed.glob("*.html"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_prints_as_pdf(folder: Path, tmp_path: Path) -> None:
    assert run(["-q", "-C", str(folder), "render", "-o", str(tmp_path / "out"), "--for", "parties"]) == 0
    assert all(path.read_bytes().startswith(b"%PDF-") for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_was_signed_is_as_it_was(folder: Path) -> None:
    workspace = opened(folder).workspace
    for record in workspace.records:
        if record.kind in SIGNED_KINDS:
            assert "changed" not in [standing.state for standing in standings(workspace, record)], record.id


# the year


def test_the_year_is_over_but_for_one_thing_that_is_overdue() -> None:
    """The library is not booked. The README says so, and `check --as-at` does."""
    assert wrong(opened(YEAR, LAST_DAY)) == {"sessions/2026-07-23-moor.md": "overdue-action"}
    assert not [p for p in opened(YEAR, LAST_DAY).problems if p.severity == "note"]
    assert max(record.date or "" for record in year().records) <= LAST_DAY


def test_the_year_has_every_kind_of_record_and_each_kind_of_end() -> None:
    workspace = year()
    records = (*workspace.records, *workspace.restricted)
    assert {record.kind for record in records} == set(workspace.register.kinds)
    outcomes = Counter(record.text("outcome") or "held" for record in records if record.kind == "session")
    assert outcomes["cancelled"] == outcomes["did-not-attend"] == 1
    assert {chain[0] for chain in workspace.chains} == {"clinical", "line-management"}


def test_the_last_words_of_one_supervisor_are_the_first_of_the_next() -> None:
    """What was open goes over by its full identity; the new chain names no previous session of the old one."""
    workspace, last, first = year(), found("2026-07-07-se118"), found("2026-07-28-se118")
    assert last.text("next_date") == "ending"
    assert last.chain != first.chain
    assert workspace.previous(first) is None
    assert {workspace.identity(first, line) for line in first.review or ()} == set(left_open(workspace, last))
    for day, supervisor in (("2026-07-07", "SV-041"), ("2026-07-28", "SV-063")):
        named = workspace.register.supervisors_of("SE-118", "clinical", day)
        assert [entry["id"] for entry in named] == [supervisor]


def test_actions_are_carried_twice_and_dropped_and_none_is_forgotten() -> None:
    workspace = year()
    states: dict[str, list[str]] = {}
    sessions = sorted((record for record in workspace.records if record.review), key=lambda record: record.date or "")
    for session in sessions:
        for line in session.review or ():
            which = workspace.identity(session, line)
            assert which in workspace.agreed
            states.setdefault(which, []).append(line.state)
    assert ["carried", "carried", "done"] in states.values()
    assert states["2026-05-05-se118#a2"] == ["carried", "carried", "done"], "one of them across the change"
    assert ["carried", "dropped"] in states.values()
    still_open = {action.identity.casefold() for action in every_open_action(workspace)}
    assert not still_open & {which for which, said in states.items() if said[-1] in ("done", "dropped")}


def test_most_is_signed_and_a_disagreement_is_a_normal_end() -> None:
    workspace = year()
    signed = [record for record in workspace.records if record.kind == "sign-off"]
    assert len(signed) > 30
    assert {record.text("verdict") for record in signed} == {"agree", "agree-with-comment", "disagree"}
    for record in signed:
        of = workspace.named_by(record, "of")
        assert of
        assert record.text("method") == "paper" or record.text("digest") == of.digest
    for agreement in workspace.agreements:
        assert {standing.state for standing in standings(workspace, agreement)} == {"signed"}
        assert {standing.person for standing in standings(workspace, agreement)} == set(agreement.parties)
    disputed = found("2026-03-10-se118")
    assert [standing.state for standing in standings(workspace, disputed)] == ["disagreed"]
    assert [other.kind for other in workspace.tied_to(disputed.id, "of")].count("addendum") == 1
    assert disputed.sound


def test_the_whole_year_as_yaml_is_still_signed(tmp_path: Path) -> None:
    """A digest is of the value, and knows nothing of the form of a file."""
    root = copytree(YEAR, tmp_path / "ws", ignore=lambda *_: ["out", ".supervision"])
    for record in year().records:
        path = root / record.path
        assert run(["-q", "-C", str(root), "convert", record.path, "-o", str(path.with_suffix(".yaml"))]) == 0
        path.unlink()
    checked = open_workspace(root, jobs=1)
    assert {record.path.rpartition(".")[2] for record in checked.workspace.records} == {"yaml"}
    assert wrong(checked) == {}


# what nobody else is shown


def test_confidentiality_extended_is_known_to_its_readers_alone() -> None:
    workspace = year()
    hidden = {record.id: set(record.readers) for record in workspace.restricted}
    assert hidden == {"r-2026-04-02": {"SE-118", "SE-140"}, "r-2026-09-11": {"SE-118", "SG-004"}}
    assert not {record.id for record in workspace.records} & hidden.keys()
    for person in workspace.register.people or ():
        known = {record.id for record in workspace.known_to(Audience("author", person=person))}
        assert known & hidden.keys() == {id for id, readers in hidden.items() if person in readers}, person
    assert workspace.extended(found("2026-04-02-se140"))
    assert not workspace.extended(found("2026-09-10-se140")), "whoever was supervised has not been told"


@pytest.mark.parametrize("reader", ["parties", "organisation", "SE-140", "SV-041", "SV-063", "LM-019"])
def test_no_page_gives_it_away(reader: str, tmp_path: Path) -> None:
    audience = AUDIENCES.get(reader) or ("--for", "author", "--as", reader)
    printed = pages(YEAR, audience, tmp_path / "out")
    assert printed
    for record in restricted():
        if reader in record.value["readers"]:
            continue
        told = sentences(record)
        assert len(told) > 5
        for name, html in printed.items():
            text = " ".join(html.split())
            assert record.id not in name + text, name
            assert not [piece for piece in told if piece in text], name


def test_no_answer_of_check_gives_it_away(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(YEAR), "check", "--as-at", LAST_DAY]) == 0
    said = "".join(capfd.readouterr())
    assert f" {len(year().records)} records" in said, "what is restricted is not even counted"
    assert "disclosure" not in said
    assert not [record.id for record in restricted() if record.id in said]


def test_logs_and_notes_print_for_those_whose_they_are(tmp_path: Path) -> None:
    private = {record.id: record for record in year().records if record.private}
    assert {record.kind for record in private.values()} == {"reflection", "process-note", "measure"}
    for reader in ("parties", "organisation", "SE-118", "SE-140", "SV-041", "SV-063"):
        audience = AUDIENCES.get(reader) or ("--for", "author", "--as", reader)
        names = pages(YEAR, audience, tmp_path / reader)
        shown = {id for id in private if any(name.startswith(f"{id}~") or name == f"{id}.html" for name in names)}
        assert shown == {id for id, r in private.items() if reader in (r.author, *r.readers)}, reader


# the end of a month


def answered(*asked: str, capsys: pytest.CaptureFixture[str]) -> Any:
    lists = [str(path) for path in sorted(MONTH_END.glob("lists/*"))]
    assert len(lists) == 3
    assert run(["-q", "-C", str(MONTH_END), *asked, "--format", "json", "--from", *lists]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_month_ends_as_its_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    found = answered("due", "--as-at", "2026-10-31", capsys=capsys)
    assert [one["person"] for one in found if one["overdue"]] == ["SE-518", "SE-519"]
    assert [one["person"] for one in found if one["state"] == "paused"] == ["SE-503"]


def test_the_month_has_three_divisions_and_nobody_is_forgotten(capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = answered("coverage", "--as-at", "2026-10-31", capsys=capsys)
    assert [figure["group"] for figure in found["groups"]["division"]] == [["Acute"], ["Children"], ["Community"]]
    assert (found["numerator"], found["denominator"], found["people"]) == (23, 25, 31)
    assert found["excluded"] == {"paused": 1, "new-starter": 1, "left": 1, "not-eligible": 3}
