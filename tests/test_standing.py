"""The page of who is due: lights that need no colour, tables that say what is drawn, and names only where wished."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pikepdf
import pytest

from supervision_notes.attendance import attended
from supervision_notes.cli.due import OUTSIDE
from supervision_notes.printing import page, pdf
from supervision_notes.printing.standing import Standing
from supervision_notes.questions.due import STATES, due, left_out
from supervision_notes.questions.programme import Programme
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience

from . import test_due
from .conftest import Files, write
from .test_access import heard
from .test_picture import words
from .test_render import notes, sheets

PARTIES = Audience("parties")
HERE = test_due.HERE
NO_REASON = {"people.yaml": "people:\n  SE-201: {name: Rhian Kettle}\n"}
MANY: Files = {
    "supervision.yaml": "organisation: Riverside\npolicy: [eight-weeks, line-management-eight-weeks]\n",
    "people.yaml": "people:\n"
    + "".join(
        f"  SE-{n:03}: {{name: Maximilian-Alexander Featherstonehaugh-Cholmondeley, start: 2026-{n % 10 + 1:02}-01}}\n"
        for n in range(150)
    ),
}


def standing(root: Path, files: Files = HERE, supervisor: str | None = None, **more: Any) -> Standing:
    """How a workspace stands on 2 November 2026."""
    workspace = open_workspace(write(root, files), jobs=1).workspace
    programme = Programme.of(workspace.register, attended(workspace, PARTIES).facts)
    found = due(programme, "2026-11-02", supervisor=supervisor)
    absent = left_out(programme, "2026-11-02", found, supervisor=supervisor)
    return Standing(found, workspace, "2026-11-02", absent, supervisor=supervisor, **more)


def html_of(made: Standing) -> str:
    return page.drawn("due", made.about(), made.workspace, PARTIES)


def html(root: Path, **more: Any) -> str:
    return html_of(standing(root, **more))


# the page


def test_everybody_has_a_light_a_day_and_a_reason(tmp_path: Path) -> None:
    seen = words(html(tmp_path))
    for said in (
        "Next sessions due As at 2 November 2026 Policy eight-weeks Formal clinical supervision",
        "State Number In time 1 Awaiting sign-off 1 Overdue 1 Paused 1 One by one",
        "SE-206 overdue since 27 September 2026 more than 56 days since the start, 1 August 2026 26 September 2026",
        "SE-201 in time 56 days from 22 October 2026 17 December 2026 22 October 2026",
        "SE-205 awaiting sign-off 56 days from 22 October 2026 17 December 2026 22 October 2026",
        "SE-207 paused 22 October 2026 Not in this list",
        "Not in this list Not eligible: 1",
    ):
        assert said in seen
    assert not re.search("Whoever several|She asked|How do I", seen)


def test_names_stand_only_where_they_are_wished_and_in_the_body_alone(tmp_path: Path) -> None:
    assert not re.search("Kettle|Quinn|Poole|Brânză", html(tmp_path))
    made = html(tmp_path, named=True, supervisor="SV-014")
    assert "Supervisor Mary Poole (SV-014)" in words(made)
    assert "Rhian Kettle (SE-201) in time" in words(made)
    outside = re.findall(r"<title>.*?</title>|<h1>.*?</h1>|data-head=\"[^\"]*\"|<svg.*?</svg>", made, flags=re.DOTALL)
    assert len(outside) >= 4
    assert not re.search("Kettle|Poole", "".join(outside))


def test_a_supervisor_s_own_page(tmp_path: Path) -> None:
    people = str(HERE["people.yaml"])
    left = people.replace("start: 2026-08-01", "supervisors: [{id: SV-014}], leave: 2026-10-01")
    assert left != people
    seen = words(html_of(standing(tmp_path, {**HERE, "people.yaml": left}, supervisor="SV-014")))
    assert "Supervised by SV-014 As at 2 November 2026 Policy eight-weeks" in seen
    assert "SE-201 in time" in seen
    assert "Not in this list Left: 1" in seen, "who was allocated and has left is not forgotten"
    assert not re.search("SE-205|SE-206|SE-207", seen)


def test_whom_no_policy_asks_about_is_counted(tmp_path: Path) -> None:
    settings = "organisation: Riverside\npolicy: [asye]\n"
    own = "policies/asye.yaml"
    text = "title: Ours\nsource: Ours\nas_of: 2026-10-01\nprofessions: [law]\nmaximum_gap_days: 7\n"
    seen = words(html_of(standing(tmp_path, {**NO_REASON, "supervision.yaml": settings, own: text})))
    assert "There is nobody here whom a policy asks about. Not in this list Under no policy here: 1" in seen


def test_nobody_is_overdue(tmp_path: Path) -> None:
    made = standing(tmp_path, overdue=True)
    in_time = [one for one in made.found if not one.overdue]
    seen = html_of(replace(made, found=in_time, left_out={}))
    assert "Overdue sessions As at 2 November 2026 Nobody is overdue." in words(seen)
    assert "<svg" not in seen
    seen = html_of(replace(made, found=[]))
    assert "As at 2 November 2026 There is nobody here whom a policy asks about." in words(seen)


def test_where_it_cannot_be_said_who_is_overdue_the_page_says_so_first(tmp_path: Path) -> None:
    settings = "organisation: Riverside\npolicy: [lost]\n"
    seen = words(html_of(standing(tmp_path, {**HERE, "supervision.yaml": settings}, overdue=True)))
    assert "2026 People of whom it cannot be said whether they are overdue: 4. Nobody else is overdue." in seen
    settings = "organisation: Riverside\npolicy: [lost, eight-weeks]\n"
    seen = words(html_of(standing(tmp_path, {**HERE, "supervision.yaml": settings}, overdue=True)))
    assert "People of whom it cannot be said whether they are overdue: 4. How they stand" in seen
    assert "State Number Overdue 1 One by one" in seen


def test_where_most_have_no_session_that_is_known_the_page_says_so_once(tmp_path: Path) -> None:
    people = {**HERE, "people.yaml": str(HERE["people.yaml"]) + test_due.FORGOTTEN}
    seen = words(html_of(standing(tmp_path, people)))
    assert (
        seen.count(
            "4 of 7 who are counted by eight-weeks: no session of theirs that could count is known here. Where sessions"
        )
        == 1
    )


def test_several_policies_are_named_in_each_line(tmp_path: Path) -> None:
    seen = words(html_of(standing(tmp_path, MANY)))
    assert "Whoever several things are asked of stands here once for each." in seen
    assert "line-management-eight-weeks: more than 56 days since the start, 1 January 2026" in seen


# lights


def test_every_light_has_a_shape_and_a_word_of_its_own(tmp_path: Path) -> None:
    made = html(tmp_path)
    shapes = dict(re.findall(r"\.light\.([\w-]+) \{ background-image: url\(\"data:image/svg\+xml,(.*?)\"\)", made))
    assert list(shapes) == list(STATES)
    plain = {re.sub(r'(fill|stroke)="#\w+"', "", unquote(shape)) for shape in shapes.values()}
    assert len(plain) == len(STATES), "they differ without their colours too"
    for state, (word, _) in STATES.items():
        assert state == "unknown" or f'<span class="light {state}">{word}' in made


def test_the_lights_have_the_colours_of_the_theme(tmp_path: Path) -> None:
    made = html_of(standing(tmp_path, {**HERE, "styles/theme.css": ":root { --red: #a00 }"}))
    assert 'fill="#a00"' in made
    assert "b3261e" not in made.partition("<body")[2]


def test_every_word_that_the_page_needs_is_there() -> None:
    said: Any = page._pages(Path("nowhere")).get_template("words.html.j2").module
    assert said.lights == {state: word for state, (word, _) in STATES.items()}
    assert said.outside == OUTSIDE


def test_what_is_drawn_is_what_the_table_says(tmp_path: Path) -> None:
    about = standing(tmp_path, MANY).about()
    bars = about["chart"]["bars"]
    assert [[bar["state"], bar["number"]] for bar in bars] == about["counts"]
    assert sum(bar["number"] for bar in bars) == len(about["people"]) == 300
    assert all(0 < bar["wide"] <= 200 for bar in bars)
    (svg,) = re.findall(r"<svg.*?</svg>", html(tmp_path / "b"), flags=re.DOTALL)
    assert "<title>How they stand, as at 2 November 2026. The table says the same.</title>" in svg
    assert "<desc>In time: 1. Awaiting sign-off: 1. Overdue: 1. Paused: 1. </desc>" in svg


# as a print


@pytest.mark.parametrize(("files", "pages"), [(HERE, 1), (MANY, 10)], ids=["a few", "many"])
def test_a_page_of_who_is_due_passes_both_checkers(files: Files, pages: int, tmp_path: Path) -> None:
    made = standing(tmp_path, files, named=True)
    with heard(html_of(made), made.workspace, tmp_path) as print_:
        assert len(print_.pages) >= pages
        found = [thing for thing in print_.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing]
        tags = [str(thing.S) for thing in found]
        pictures = [str(thing.Alt) for thing in found if thing.S == "/Figure"]
    assert tags.count("/Table") == 2, "however many pages it runs over"
    assert tags.count("/TR") == 2 + len(made.found) + len(made.about()["counts"])
    assert pictures == ["How they stand, as at 2 November 2026. The table says the same."]


def test_the_heads_of_the_table_stand_on_every_page(tmp_path: Path) -> None:
    pages = sheets(pdf.pdf(html_of(standing(tmp_path, MANY))).data)
    assert len(pages) > 5
    assert ["Next due by" in words for words in pages] == [True] * len(pages)
    assert sum(words.count("SE-") for words in pages) == 300


@pytest.mark.parametrize("left_out", [{}, {"left": 1}])
def test_no_row_stands_alone_on_a_page_nor_what_the_list_leaves_out(left_out: Any, tmp_path: Path) -> None:
    found = standing(tmp_path, {**MANY, "supervision.yaml": "organisation: Riverside\n"})
    for number in range(29, 39):
        made = replace(found, found=found.found[:number], left_out=left_out)
        pages = sheets(pdf.pdf(html_of(made)).data)
        rows = [len(re.findall(r"^SE-\d{3}", words, re.MULTILINE)) for words in pages]
        assert (sum(rows), min(rows) > 1) == (number, True)
        assert ("Not in this list" in pages[-1]) == bool(left_out)


NAMES: Mapping[str, tuple[str, ...]] = {
    "due-2026-11-02": (),
    "due-SV-014-2026-11-02": ("--supervisor", "sv-014"),
    "overdue-2026-11-02": ("--overdue",),
    "due-pg1-2026-11-02~organisation": ("--for", "pg1", "--for", "organisation", "--names"),
    "due-SE-205-2026-11-02~for-SE-205": ("--for", "author", "--as", "SE-205"),
}


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_it_is_printed_by_the_command_and_is_the_same_twice(form: str, tmp_path: Path) -> None:
    root = write(tmp_path, HERE)
    for name, more in NAMES.items():
        for to in ("out", "b"):
            where = () if to == "out" else ("-o", "b")
            ran = notes("due", "--as-at", "2026-11-02", "--format", form, *more, *where, at=root)
            assert (ran.code, ran.out) == (0, f"{to}/{name}.{form}\n"), ran.err
        assert (root / f"out/{name}.{form}").read_bytes() == (root / f"b/{name}.{form}").read_bytes()
