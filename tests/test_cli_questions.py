"""`list`, `show`, `links`, `timeline` and `actions` as a person or a program meets them: what was typed, what came."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest

from supervision_notes.cli.excerpt import columns
from supervision_notes.cli.listing import STREAMS
from supervision_notes.cli.main import run
from supervision_notes.cli.tables import Column, Painted, as_csv, as_json, table
from supervision_notes.cli.terminal import Paper, cut, fold
from supervision_notes.questions.listing import STATUSES
from supervision_notes.signing import STATES

from .conftest import DISCLOSURE, KINDS, ROOT, text_of, write
from .test_questions import FIRST, GROUP, MISSED, OF_GROUP, SECOND, YEAR, session
from .test_render import Ran, notes

Output = pytest.CaptureFixture[str]
Asking = Callable[..., Ran]
COMMANDS = ["list", f"show {SECOND}", f"links {SECOND}", "timeline SE-201", "actions"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("year"), YEAR)


@pytest.fixture
def ask(root: Path, capsys: Output) -> Asking:
    """Runs what was typed in a line, in this process."""

    def asked(line: str, at: Path = root) -> Ran:
        code = run(["-C", str(at), *line.split()])
        return Ran(code, *capsys.readouterr())

    return asked


# what is answered


def test_list(ask: Asking) -> None:
    ran = ask("list --kind session --for SE-201")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "Date        Id                What                   Who                   Standing\n"
        "2026-09-29  2026-09-29-se201  one-to-one             SV-014 SE-201         signed with disagreement\n"
        "2026-09-01  2026-09-01-se201  one-to-one, cancelled  SV-014 SE-201 EX-003\n"
        "2026-08-04  2026-08-04-se201  one-to-one             SV-014 SE-201         awaiting SE-201\n"
    )
    turned = ask("list --kind session --for SE-201 --reverse --limit 1").out.splitlines()
    assert [line.split()[1] for line in turned[1:]] == [FIRST]


def test_show(ask: Asking) -> None:
    ran = ask(f"show {FIRST} --as-at 2026-10-21")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"One-to-one clinical supervision, 2026-08-04\n{FIRST}, awaiting SE-201\n")
    assert "\nSupervisees  SE-201 (Name of SE-201)\n" in ran.out
    assert "\nFocus question\n  How do I say no?\n\n" in ran.out
    assert ran.out.endswith(
        "\nSigned\n"
        "  SE-201  awaiting\n"
        "\nLinks\n"
        "  names        agreement  agr-1             agreement   2026-01-12\n"
        "  named by     previous   2026-09-01-se201  one-to-one  2026-09-01\n"
        "  named by     previous   2026-09-29-se201  one-to-one  2026-09-29\n"
        "  named by     words, A1  2026-09-29-se201  one-to-one  2026-09-29\n"
        "\nWhat became of its actions\n"
        "  Number  What was agreed                  Became            When        In                Due\n"
        "  A1      Ask for the audit data (SE-201)  open, carried 1×  2026-09-29  2026-09-29-se201  "
        "2026-10-20 overdue\n"
        "  A2      Send the paper (SV-014)          done              2026-09-29  2026-09-29-se201\n"
    )


def test_links(ask: Asking) -> None:
    ran = ask(f"links {SECOND}")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "This record       Where      Record               What        Date\n"
        "names             words      log-1\n"
        "names             agreement  agr-1                agreement   2026-01-12\n"
        "names             previous   2026-08-04-se201     one-to-one  2026-08-04\n"
        "names             words      2026-08-04-se201#A1  one-to-one  2026-08-04\n"
        "signed by                    signed-1             sign-off    2026-10-02\n"
        "has the addendum             added-1              addendum    2026-10-05\n"
    )


def test_timeline(ask: Asking) -> None:
    ran = ask("timeline SE-201 --since 2026-07-01")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "SE-201 (Name of SE-201), 2026-07-01 to 2026-10-05\n"
        "2 sessions held, 120 minutes, 1 missed or cancelled, longest gap 56 days\n"
        "\n"
        "                 2026\n"
        "                 Jul Aug Sep Oct\n"
        "clinical, SV-014 ·   ●   ●   ·\n"
        "\n"
        "July 2026: nothing recorded\n"
        "August 2026\n"
        "   4  ●  One-to-one clinical supervision, 60 minutes, with SV-014\n"
        "      │  2026-08-04-se201, awaiting SE-201\n"
        "      │  confidentiality extended, see restricted note\n"
        "      ·  A1 agreed for SE-201, due 2026-08-21: Ask for the audit data\n"
        "  21  ·  2026-08-04-se201#A1 due: Ask for the audit data\n"
        "September 2026\n"
        "   1  ○  One-to-one clinical supervision, cancelled, with SV-014\n"
        "      │  2026-09-01-se201\n"
        "  29  ●  One-to-one clinical supervision, 60 minutes, with SV-014\n"
        "      │  2026-09-29-se201, 56 days after the last, signed with disagreement\n"
        "      ·  2026-08-04-se201#A1 carried for SE-201, due 2026-10-20: Ask for the audit data\n"
        "      ·  A1 agreed for SE-201, SV-014, due 2026-11-17: Try the sentence once\n"
        "October 2026\n"
        "   5  ▪  Addendum, with SV-014\n"
        "      │  added-1\n"
        "Planned\n"
        "2026-10-20  ·  2026-08-04-se201#A1 due: Ask for the audit data\n"
        "2026-11-17  ○  One-to-one clinical supervision, planned, with SV-014\n"
        "            │  planned in 2026-09-29-se201\n"
        "2026-11-17  ·  2026-09-29-se201#A1 due: Try the sentence once\n"
        "2027-01-12  ◆  Individual supervision agreement to be reviewed, with SV-014\n"
        "            │  agr-1, agreed\n"
    )


def test_actions(ask: Asking) -> None:
    ran = ask("actions --as-at 2026-10-22")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "Due                 Owner          Action                  Agreed in            Age    Carried\n"
        "2026-10-20 overdue  SE-201         Ask for the audit data  2026-08-04-se201#A1  79 d   1×\n"
        "2026-11-17          SE-201 SV-014  Try the sentence once   2026-09-29-se201#A1  23 d\n"
        "                    SE-205 SE-206  Bring two pictures      2026-06-10-pg1#A1    134 d\n"
    )
    assert f"{FIRST}#A1" not in ask("actions --as-at 2026-10-20 --overdue").out
    closed = ask("actions --as-at 2026-10-21 --all --for SV-014 --sort owner").out.splitlines()
    assert closed[-1].split() == ["SV-014", "Send", "the", "paper", f"{FIRST}#A2", "56", "d", "done", "2026-09-29"]


def test_an_action_without_a_number_is_told(ask: Asking, tmp_path: Path) -> None:
    files = {"supervision.yaml": "organisation: A\n", "a.md": session({"id": "a"}, actions="- [ ] Ring @SE-201")}
    ran = ask("actions", at=write(tmp_path, files))
    assert ran.out == ""
    assert ran.err.splitlines()[-1] == (
        "1 action has no number, and no list can hold what has none: check --fix gives it one."
    )
    assert "no number" not in ask("actions --for SE-205", at=tmp_path).err


def test_a_later_session_says_nothing_of_an_earlier_day(ask: Asking) -> None:
    """What was dropped on the next day was open, and what was answered weeks later had never been carried."""
    assert f"{GROUP}#A2" in ask("actions --as-at 2026-10-21 --overdue").out
    assert f"{GROUP}#A2" not in ask("actions --as-at 2026-10-22").out
    assert ask("actions --as-at 2026-09-28 --for SE-201").out.splitlines()[1:] == [
        f"2026-08-21 overdue  SE-201  Ask for the audit data  {FIRST}#A1  55 d"
    ]


def test_a_day_that_counts_as_today_is_today_where_none_is_given(ask: Asking) -> None:
    """Whatever day it is, what was due in 2026-10 is overdue on the last day of the calendar."""
    assert ask("actions").out.splitlines()[0].startswith("Due")
    assert ask("actions --as-at 2199-12-31 --overdue").out.count("overdue") == 2


def test_choices_are_those_of_the_schemas() -> None:
    streams = KINDS["session"].fields["type"].schema["x-streams"]
    assert set(STREAMS) == set(streams.values())
    settled = {status for kind in ("session", "agreement") for status in KINDS[kind].fields["status"].schema["enum"]}
    assert set(STATUSES) == settled | set(STATES)


# in which form


@pytest.mark.parametrize(
    ("line", "keys", "count"),
    [
        ("list", {"id", "date", "kind", "people", "standing", "of"}, 7),
        (f"links {SECOND}", {"way", "fact", "id", "kind", "date"}, 6),
        ("timeline SE-201", {"date", "sort", "what", "id", "words", "ahead"}, 13),
        ("actions --as-at 2026-10-22", {"id", "owners", "words", "due", "overdue", "age", "carried"}, 3),
    ],
)
def test_a_program_gets_objects_of_the_same_keys(line: str, keys: set[str], count: int, ask: Asking) -> None:
    found = json.loads(ask(f"{line} --format json").out)
    assert len(found) == count
    assert len({tuple(one) for one in found}) == 1
    assert keys <= set(found[0])
    header, *rows = csv.reader(io.StringIO(ask(f"{line} --format csv").out))
    assert (header, len(rows), {len(row) for row in rows}) == (list(found[0]), count, {len(header)})
    assert all(key == key.lower() for key in header)


def test_show_is_one_object(ask: Asking) -> None:
    found = json.loads(ask(f"show {SECOND} --as-at 2026-10-21 --format json").out)
    assert found["value"]["supervisees"] == ["SE-201"]
    assert found["signed"] == [
        {
            "person": "SE-201",
            "state": "signed with disagreement",
            "date": "2026-10-02",
            "method": "paper",
            "comment": "",
            "before": [],
        }
    ]
    assert [one["id"] for one in found["actions"]] == [f"{SECOND}#A1"]
    rows = dict(csv.reader(io.StringIO(ask(f"show {SECOND} --format csv").out)))
    assert (rows["title"], rows["Next session"], rows["Focus question"]) == ("said", "2026-11-17", "How do I say no?")


def test_nothing_is_an_empty_list(ask: Asking) -> None:
    ran = ask("list --kind reflection --format json")
    assert (ran.code, ran.out) == (0, "[]\n")
    assert ran.err == "private records are listed for their author alone: --for author --as CODE.\n"
    assert ask("list --since 2030-01-01").err == "there is no such record.\n"
    assert ask("list --since 2030-01-01").out == ""


@pytest.mark.parametrize("sign", "=+-@\t\r＝＋－＠")
def test_no_cell_starts_a_formula(sign: str) -> None:
    (_, line, *more) = as_csv(["words", "n"], [{"words": f'{sign}HYPERLINK("x"), "y"', "n": 1}])
    ((words, number),) = csv.reader(io.StringIO("\n".join([line, *more]), newline=""))
    assert (words, number) == (f'\'{sign}HYPERLINK("x"), "y"', "1")


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ("one;=two;three", "one;'=two;three"),
        ("one; +two", "one;' +two"),
        ("one;\u00a0@two", "one;'\u00a0@two"),
        ("one\n- two\r\n＝three", "one\n'- two\r\n'＝three"),
        ("  =one", "'  =one"),
        ("one, =two - three", "one, =two - three"),
        (["one", "=two; -three"], "one, =two;' -three"),
    ],
)
def test_no_part_starts_a_formula_where_semicolons_or_lines_part_cells(said: str | list[str], cell: str) -> None:
    (_, *lines) = as_csv(["words", "n"], [{"words": said, "n": 1}])
    assert next(csv.reader(io.StringIO("\n".join(lines), newline=""))) == [cell, "1"]


def test_an_action_cannot_start_a_formula(tmp_path: Path, ask: Asking) -> None:
    text = session({"id": FIRST, "date": "2026-08-04"}, actions='- [ ] A1: =cmd|"/c calc"!A0, now @SE-201')
    ran = ask("actions --format csv", write(tmp_path, {"supervision.yaml": "organisation: R\n", "a.md": text}))
    assert '"\'=cmd|""/c calc""!A0, now"' in ran.out


def test_json_stands_a_line_each() -> None:
    assert list(as_json([{"a": 1}, {"a": "é"}])) == ["[", '{"a": 1},', '{"a": "é"}', "]"]


def test_a_graph_is_drawn(ask: Asking) -> None:
    svg = ask("links --graph svg")
    assert (svg.code, svg.err) == (0, "")
    assert ElementTree.fromstring(svg.out.encode()).tag == "{http://www.w3.org/2000/svg}svg"
    dot = ask(f"links {GROUP} --graph dot").out
    assert dot.startswith("digraph links {\n")
    assert f'"2026-10-22-pg1" -> "{GROUP}" [label="previous session"];' in dot
    assert FIRST not in dot


@pytest.mark.parametrize("form", ["svg", "dot"])
def test_a_graph_goes_into_a_file_which_stays_as_somebody_changed_it(form: str, ask: Asking, tmp_path: Path) -> None:
    line = f"links {GROUP} --graph {form}"
    for where, to in ((tmp_path, tmp_path / f"links-{GROUP}.{form}"), (tmp_path / f"g.{form}",) * 2):
        assert ask(f"{line} -o {where}") == ask(f"{line} -o {where}") == (0, f"{to}\n", "")
        assert to.read_text("utf-8").startswith(ask(line).out)
        to.write_text(to.read_text("utf-8").replace(GROUP, "mine"), "utf-8")
        ran = ask(f"{line} -o {where}")
        assert (ran.code, ran.out) == (2, "")
        assert "none of our prints or was changed since it was printed" in ran.err
        assert "mine" in to.read_text("utf-8")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("-o a.svg", "add --graph dot or --graph svg."),
        ("--graph dot -o a.svg", "-o names a file that ends in .svg, and --graph is dot"),
    ],
)
def test_where_a_graph_goes_agrees_with_what_it_is(more: str, why: str, ask: Asking) -> None:
    ran = ask(f"links {GROUP} {more}")
    assert (ran.code, ran.out) == (2, "")
    assert why in ran.err


def test_a_list_says_what_a_sign_off_is_of_and_whose(ask: Asking) -> None:
    assert ask("list --kind sign-off").out.splitlines()[1].split("  ") == [
        "2026-10-02", "signed-1", "sign-off of 2026-09-29-se201", "SE-201",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "private", [{}, {"log.md": YEAR["own/log.md"]}, {"r.md": YEAR["own/r.md"]}], ids=["", "log", "r"]
)
def test_a_folder_of_private_records_says_where_they_are_shown(
    private: dict[str, str], tmp_path: Path, ask: Asking
) -> None:
    """The same is said where there is none, so that it tells of nothing."""
    root = write(tmp_path, {"supervision.yaml": YEAR["supervision.yaml"], **private})
    where = "private records are shown to their author alone: --for author.\n"
    assert ask("list", root).err == f"no record is shared here; {where}"
    assert ask("timeline SV-014", root).err == f"supervision-notes: no record names anybody “SV-014”; {where}"


def test_a_group_meets_with_those_who_were_there(ask: Asking) -> None:
    drawn = ask("timeline pg1").out
    assert "60 minutes, with SE-205, apologies from SE-206\n" in drawn


def test_an_agreement_of_a_group_is_told_once(tmp_path: Path, ask: Asking) -> None:
    """It says whose it is, and the group's sessions name it."""
    terms = YEAR["agreements/b.md"].replace("form: group", "form: group\ngroup: pg1")
    met = YEAR["groups/b.md"].replace("kind: session", "kind: session\nagreement: agr-pg1")
    root = write(tmp_path, {**YEAR, "agreements/b.md": terms, "groups/b.md": met})
    found = json.loads(ask("timeline pg1 --since 2026-01-01 --format json", root).out)
    assert [one["what"] for one in found if one["id"] == "agr-pg1"] == ["starts", "review"]


def test_streams_are_summed_up_apart_and_a_draft_has_its_own_mark(tmp_path: Path, ask: Asking) -> None:
    facts = {"id": "d", "date": "2199-12-01", "status": "draft"}
    managed = {"id": "m", "date": "2026-07-01", "type": "line-management"}
    away = YEAR["people.yaml"].replace(
        "Name of SE-201}", "Name of SE-201, pauses: [{from: 2026-08-10, until: 2026-09-01}]}"
    )
    drafted = {"people.yaml": away, "d.md": session(facts), "m.md": session(managed)}
    drawn = ask("timeline SE-201", write(tmp_path, {**YEAR, **drafted})).out
    assert "\nline-management: 1 session held, 60 minutes\nclinical: 2 sessions held, 120 minutes, 1 missed or" in drawn
    assert "longest gap 56 days (paused 2026-08-10 to 2026-09-01)\n" in drawn
    assert "\n2199-12-01  ◌  One-to-one clinical supervision, draft, with SV-014\n            │  d\n" in drawn


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_year_is_printed(form: str, root: Path, ask: Asking, tmp_path: Path) -> None:
    ran = ask(f"timeline SE-201 --format {form} -o {tmp_path}")
    assert ran.code == 0, ran.err
    (path,) = tmp_path.iterdir()
    assert ran.out == f"{path}\n"
    assert path.read_bytes().startswith(b"%PDF-" if form == "pdf" else b"<!DOCTYPE html>")


# for whom


@pytest.mark.parametrize("line", ["actions", f"links {SECOND}", "links --graph svg", "links log-1", "links nowhere"])
def test_the_organisation_is_told_of_attendance_alone(line: str, ask: Asking) -> None:
    ran = ask(f"{line} --for organisation")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.endswith("are for the parties: the organisation sees attendance alone.\n")
    assert ask(f"{line} --for organisation --format json").out in ("[]\n", "")


def test_the_organisation_sees_who_met(ask: Asking) -> None:
    found = {one["id"]: one for one in json.loads(ask("list --for organisation --format json").out)}
    assert (found[SECOND]["standing"], found[FIRST]["standing"]) == ("signed", "awaiting")
    assert {one["status"] for one in found.values()} == {None}
    shown = ask(f"show {SECOND} --for organisation").out
    assert shown.startswith(f"One-to-one clinical supervision, 2026-09-29\n{SECOND}, signed\n")
    assert not {"Exploration", "Actions", "Links", "Agreement", "Status", "Signed"} & set(re.findall(r"\w+", shown))
    drawn = ask("timeline SE-201 --for organisation").out
    assert not re.search("action|audit|extended|disagree|agr-1|#A", drawn)


@pytest.mark.parametrize("day", ["2026-10-10", "2027-02-01"])
@pytest.mark.parametrize(
    "line",
    [
        *("list", "list --status draft", "list --for SE-250", "show DRAFT", "show sessions/d.md", "show DRAFTS"),
        *("timeline SE-201 --as-at 2026-12-01", "timeline SE-250", "calendar --as-at 2026-12-01"),
    ],
)
def test_a_draft_is_not_known_to_the_organisation(line: str, day: str, tmp_path: Path, ask: Asking) -> None:
    """Nobody has said yet that they met: what `render` does not print, no answer tells either."""
    root, id = write(tmp_path, YEAR), f"{day}-se250"
    line = line.replace("DRAFT", id)
    before = ask(f"{line} --for organisation", root)
    for name, code in (("d", "SE-250"), ("e", "SE-201")):
        facts = {"id": f"{day}-{code.lower().replace('-', '')}", "date": day, "supervisees": code, "status": "draft"}
        (root / f"sessions/{name}.md").write_text(session(facts), "utf-8")
    assert ask(f"{line} --for organisation", root) == before
    assert id in ask("list", root).out
    counted = ask("coverage --as-at 2027-03-01", root)
    assert "not counted: 2 drafts" in counted.out + counted.err


@pytest.mark.parametrize("command", ["show", "links", "links --graph dot"])
def test_a_record_is_found_by_its_path(command: str, root: Path, ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `new` prints it, or from where one stands; a private one is not there."""
    by_id = ask(f"{command} {FIRST}")
    for here, path in ((ROOT, "sessions/a.md"), (root, "sessions/a.md"), (root / "sessions", "a.md")):
        monkeypatch.chdir(here)
        assert ask(f"{command} {path}") == by_id
        private, none = ask(f"{command} own/log.md"), ask(f"{command} own/lox.md")
        assert (private.code, private.out, private.err) == (2, "", none.err.replace("lox", "log"))
    assert ask(f"{command} sessions").code == 2
    assert ask(f"{command} own/log.md --for author").out == ask(f"{command} log-1 --for author").out


@pytest.mark.parametrize("command", ["show", "links", "links --graph dot"])
def test_what_is_private_is_not_there(command: str, ask: Asking) -> None:
    for id in ("log-1", "note-1", "r-2026-10-09"):
        private, none = ask(f"{command} {id}"), ask(f"{command} {id}x")
        assert (private.code, private.out, private.err) == (2, "", none.err.replace(f"{id}x", id))
        assert private.err == f"supervision-notes: there is no record “{id}”.\n"
    assert ask(f"{command} log-1 --for author").code == 0
    assert ask(f"{command} log-1 --for author --as SE-201").code == 2
    assert "did you mean “note-1”?" in ask(f"{command} note-2 --for author").err


def test_a_private_log_is_shown_to_its_author(ask: Asking) -> None:
    ran = ask("show log-1 --for author --as SV-014")
    assert "\nNotes\n  Tiredness.\n" in ran.out
    assert "log-1" in ask("list --for author").out
    assert "log-1" not in ask("list").out


def test_whoever_was_not_there_hears_that_it_took_place(ask: Asking) -> None:
    ran = ask("show 2026-10-22-pg1 --for author --as SE-206")
    assert (ran.code, ran.out) == (0, "Session, 2026-10-22\n2026-10-22-pg1\n")
    assert ran.err == "what stands in it is for its parties alone.\n"


def test_one_person_may_be_asked_about(ask: Asking) -> None:
    assert ask(f"show {FIRST} --for SE-206").err == f"supervision-notes: there is no record “{FIRST}”.\n"
    assert ask(f"show {FIRST} --for se-201").code == 0
    assert MISSED in ask("timeline SV-014 --for SE-201").out
    assert MISSED not in ask("timeline SV-014 --for SE-206").out


# what is wrong


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("list --for SE-2O1", "there is nobody “SE-2O1” in people.yaml or in a record; did you mean “SE-201”?"),
        ("list --for parties --for author", "are two questions: ask one at a time."),
        ("list --as SE-201", "--as goes with --for author"),
        ("list --kind sesion", "there is no kind of record “sesion”; did you mean “session”?"),
        ("list --since 29/9/2026", "“29/9/2026” is not a date: write it as year-month-day, such as 2026-10-14"),
        ("list --since 2026-13-01", "is not a date"),
        ("links", "say which record"),
        ("timeline SE-2O1", "no record names anybody “SE-2O1”; did you mean “SE-201”?"),
        ("timeline SE-201 --format pdf -o {root}/people.yaml", "name one that ends in .pdf, or a folder."),
        ("timeline SE-201 --since 2027-01-01", "before it begins on 2027-01-01"),
        ("timeline SE-201 --until 2026-09-01 --as-at 2026-09-01", "give one of them"),
        (f"show {FIRST}x", f"did you mean “{FIRST}”?"),
    ],
)
def test_wrong_use_gets_a_sentence(line: str, said: str, root: Path, ask: Asking) -> None:
    ran = ask(line.format(root=root))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_an_author_needs_a_code(tmp_path: Path, ask: Asking) -> None:
    ran = ask("list --for author", write(tmp_path, {"supervision.yaml": "organisation: R\n"}))
    assert (ran.code, "--for author needs a code" in ran.err) == (2, True)


def test_what_cannot_be_read_is_counted_and_the_rest_is_told(tmp_path: Path, ask: Asking) -> None:
    broken = {
        "supervision.yaml": YEAR["supervision.yaml"],
        "a.md": YEAR["sessions/a.md"],
        "b.md": "---\nkind: [\n---\n",
    }
    root = write(tmp_path, {**broken, "c.md": session({"id": "c", "minutes": "an hour"})})
    ran = ask("list", root)
    assert (ran.code, ran.err) == (0, "1 record could not be read, and is not in this answer: see check.\n")
    assert [line.split()[1] for line in ran.out.splitlines()[1:]] == ["c", FIRST]
    quiet = ask("list -q", root)
    assert (quiet.out, quiet.err) == (ran.out, "")


def test_a_restricted_record_that_cannot_be_read_is_not_counted(tmp_path: Path, ask: Asking) -> None:
    text = text_of({**DISCLOSURE, "readers": "EX-003"}).replace("when:", "when: [")
    assert ask("list", write(tmp_path, {**YEAR, "r.md": text})).err == ""


# on a terminal


def on_a_terminal(root: Path, line: str, width: int, *, code: int = 0, **env: str) -> str:
    """What a terminal of a width is given to show."""
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, width))
    places = {"HOME": str(root), "LANG": "C.UTF-8", "PATH": os.defpath, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    program = [sys.executable, "-m", "supervision_notes", *line.split()]
    with subprocess.Popen(program, cwd=root, env={**places, **env}, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        shown = b"".join(iter(partial(_read, ours), b""))
    os.close(ours)
    assert run.returncode == code
    return shown.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.parametrize("line", COMMANDS)
@pytest.mark.parametrize("width", [80, 120])
def test_lines_fit_the_terminal(line: str, width: int, root: Path) -> None:
    lines = on_a_terminal(root, line, width, NO_COLOR="1").splitlines()
    assert len(lines) > 3
    assert max(map(columns, lines)) <= width
    assert "\x1b" not in "".join(lines)


@pytest.mark.parametrize(("more", "name"), [("", "links"), (" --for author", "links~for-SV-014")])
def test_a_graph_is_not_poured_over_a_terminal(more: str, name: str, tmp_path: Path) -> None:
    root = write(tmp_path, YEAR)
    assert on_a_terminal(root, f"links --graph svg{more}", 80) == f"out/{name}.svg\n"
    assert ElementTree.fromstring((root / f"out/{name}.svg").read_bytes()).tag.endswith("svg")


@pytest.mark.parametrize("line", ["rules", "schema", "explain SN711", "explain dangling-link", "explain SN204"])
def test_rules_fit_the_terminal(line: str, root: Path) -> None:
    shown, whole = on_a_terminal(root, line, 80, NO_COLOR="1"), notes(*line.split(), at=root).out
    assert max(map(columns, shown.splitlines())) <= 80 < max(map(columns, whole.splitlines()))
    assert shown.split() == whole.split() if line != "rules" else set(shown.split()) >= set(whole.split())


def test_what_is_said_below_a_table_fits_the_terminal(tmp_path: Path) -> None:
    root = shutil.copytree(ROOT / "examples/kestrel-year", tmp_path / "year")
    line = "evidence --until 2026-09-30"
    shown, whole = on_a_terminal(root, line, 80, NO_COLOR="1"), notes(*line.split(), at=root).out
    assert max(map(columns, shown.splitlines())) <= 80 < max(map(columns, whole.splitlines()))
    below = [text.partition("Held: ")[2].partition("\n\n")[0].split() for text in (shown, whole)]
    assert below[0] == below[1]


def test_what_is_said_beside_an_answer_fits_the_terminal_and_is_one_line_elsewhere(root: Path) -> None:
    said = notes("list", "--kind", "reflection", at=root).err
    assert said.count("\n") == 1
    shown = on_a_terminal(root, "list --kind reflection", 40)
    assert shown.count("\n") > 1
    assert max(map(columns, shown.splitlines())) <= 40
    assert shown.split() == said.split()


def test_colours_and_narrow_tables_lose_no_word(root: Path) -> None:
    shown = on_a_terminal(root, "actions --as-at 2026-10-22", 70)
    assert "\x1b[1mDue\x1b[0m" in shown
    assert "\x1b[31m2026-10-20 overdue\x1b[0m" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == (
        "Due                 Owner          Agreed in            Age    Carried\n"
        "2026-10-20 overdue  SE-201         2026-08-04-se201#A1  79 d   1×\n"
        "                    Ask for the audit data\n"
        "2026-11-17          SE-201 SV-014  2026-09-29-se201#A1  23 d\n"
        "                    Try the sentence once\n"
        "                    SE-205 SE-206  2026-06-10-pg1#A1    134 d\n"
        "                    Bring two pictures\n"
    )


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_what_a_terminal_would_obey_is_spelled_out(form: str, tmp_path: Path) -> None:
    hostile = session({"id": FIRST, "date": "2026-08-04"}, actions="- [ ] A1: Ring \u009b31m\u202eher @SE-201")
    root = write(tmp_path, {"supervision.yaml": "organisation: R\n", "a.md": hostile})
    for line in ("actions", f"show {FIRST}", "timeline SE-201"):
        shown = on_a_terminal(root, f"{line} --format {form}", 100, NO_COLOR="1")
        assert not {"\u009b", "\u202e"} & set(shown)
        assert "<U+009B>31m<U+202E>her" in shown or form == "json"


def test_the_text_of_a_file_is_exact_for_a_program_and_tame_on_a_terminal(tmp_path: Path) -> None:
    said = "Ring\t\x1b[31m\u009b31m\u202eher."
    hostile = session({"id": FIRST, "date": "2026-08-04"}, exploration=said)
    form = f"---\nkind: session\ndate: 2026-08-04\nstatus: draft\n---\n## Exploration\n<!-- {said} -->\n"
    root = write(tmp_path, {"supervision.yaml": "organisation: R\n", "a.md": hostile, "forms/session.md.j2": form})
    write(root, {"a.yaml": notes("convert", FIRST, at=root).out})
    (root / "a.md").unlink()
    for line in (f"convert {FIRST}", "new session --date 2026-08-04 --dry-run"):
        shown = on_a_terminal(root, line, 100)
        assert "<U+001B>[31m<U+009B>31m<U+202E>her." in shown, line
        assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf") and c not in "\t\n"], line
        assert "\x1b[31m\u009b31m\u202eher." in notes(*line.split(), at=root).out, line


def test_a_code_on_a_lane_is_tame_too(tmp_path: Path) -> None:
    members = {"facilitator": "SE-205", "attendance": "{SE-205: present}"}
    hostile = text_of({**OF_GROUP, **members, "date": "2026-08-04", "group": "pg\u202e\u200e1"})
    root = write(tmp_path, {"supervision.yaml": "organisation: R\n", "a.md": hostile})
    for shown in (on_a_terminal(root, "timeline SE-205", 120), notes("timeline", "SE-205", at=root).out):
        assert "pg<U+202E><U+200E>1" in shown
        assert not {"\u202e", "\u200e"} & set(shown)


def test_marks_are_plain_where_the_terminal_knows_no_others(root: Path) -> None:
    plain = notes("timeline", "SE-201", at=root, env={"PYTHONIOENCODING": "ascii"}).out
    assert "  29  *  One-to-one clinical supervision" in plain
    assert "      |  2026-09-29-se201" in plain
    assert plain.isascii()


# tables


WIDE = [Column("Id"), Column("Who", 7), Column("Words", below=True)]


def test_a_table_folds_what_may_give_way() -> None:
    rows = [["a", "SE-201 SE-205", "Ask for it"], ["b", Painted("SV-014", "red"), ""]]
    assert list(table(WIDE, rows, Paper())) == [
        "Id  Who            Words",
        "a   SE-201 SE-205  Ask for it",
        "b   SV-014",
    ]
    assert list(table(WIDE, rows, Paper(14))) == [
        "Id  Who",
        "a   SE-201",
        "    SE-205",
        "    Ask for it",
        "b   SV-014",
    ]


def test_what_goes_below_may_keep_its_title() -> None:
    titles = [Column("Who"), Column("Of"), Column("Left out", below=True, named=True)]
    rows = [["Acute", "8", "1 paused, 1 not eligible"], ["Children", "9", ""]]
    assert list(table(titles, rows, Paper(32))) == [
        "Who       Of",
        "Acute     8",
        "          left out: 1 paused, 1",
        "          not eligible",
        "Children  9",
    ]
    assert list(table(titles, rows, Paper()))[1] == "Acute     8   1 paused, 1 not eligible"


def test_a_column_of_nothing_is_left_out() -> None:
    assert list(table(WIDE, [["a", "", "b"]], Paper())) == ["Id  Words", "a   b"]


def test_wide_signs_take_their_room() -> None:
    rows = [["李雅", "x"], ["e\u0301", "x"]]
    assert list(table([Column("A"), Column("B")], rows, Paper())) == ["A     B", "李雅  x", "e\u0301     x"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 5, [""]),
        ("Ask for it", 7, ["Ask for", "it"]),
        ("signed-2026-07-28-sv063", 18, ["signed-2026-07-28-", "sv063"]),
        ("abcdefgh i", 4, ["abcd", "efgh", "i"]),
        ("李雅李雅", 5, ["李雅", "李雅"]),
        ("李", 1, ["李"]),
    ],
)
def test_words_fold(text: str, width: int, lines: list[str]) -> None:
    assert fold(text, width) == lines


def test_a_line_is_cut_where_it_ends() -> None:
    assert (cut("Ask  for it", 7), cut("Ask for it", 10), cut("李雅李", 4)) == ("Ask fo…", "Ask for it", "李…")
