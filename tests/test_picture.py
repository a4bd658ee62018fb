"""The page of a time line: what is drawn, that the tables say the same, and nothing that the audience may not see."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from supervision_notes.printing import page, pdf
from supervision_notes.printing.picture import HIGHEST, WIDTH, Picture
from supervision_notes.questions.timeline import timeline
from supervision_notes.questions.view import View
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience

from .conftest import AGREEMENT, CLINICAL, SESSION, text_of, without, write
from .test_access import heard
from .test_render import notes

PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")
FIRST, SECOND = "2026-08-04-se201", "2026-09-29-se201"
MISSED = {**without(SESSION, "minutes"), "date": "2026-09-08", "outcome": "cancelled", "by": "supervisor"}
TO_SIGN = {"id": "agr-1", "status": "to-sign"}
AGREED = "- [ ] A1: Ask for the data @SE-201 due:2026-09-01\n- [ ] A2: Read @SE-201 due:2026-10-09"
ANSWERED = f"- [x] {FIRST}#A1: Ask for the data\n- [>] {FIRST}#A2: Read due:2026-10-30"
RECORDS = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: أمينة خليل}\n",
    "agr.md": text_of({**AGREEMENT, **TO_SIGN, "start": "2026-08-01", "review_date": "2026-10-20"}),
    "a.md": text_of(
        {**SESSION, "id": FIRST, "date": "2026-08-04"},
        {**CLINICAL, "Actions": AGREED},
    ),
    "b.md": text_of({**MISSED, "id": "2026-09-08-se201"}),
    "c.md": text_of(
        {**SESSION, "id": SECOND, "previous": FIRST, "next_date": "2026-11-17"},
        {**CLINICAL, "Review of previous actions": ANSWERED},
    ),
}  # fmt: skip


def drawn(
    root: Path, files: Mapping[str, str] = RECORDS, audience: Audience = PARTIES, of: str = "SE-201", **days: str
) -> dict[str, Any]:
    """What the page of a time line is told."""
    workspace = open_workspace(write(root, files), jobs=1).workspace
    found = timeline(View(workspace, audience), of, **days)
    assert found
    return Picture(found, workspace).about()


def html(root: Path, files: Mapping[str, str] = RECORDS, audience: Audience = PARTIES, of: str = "SE-201") -> str:
    workspace = open_workspace(write(root, files), jobs=1).workspace
    return page.drawn("timeline", drawn(root, files, audience, of), workspace, audience)


def words(html: str) -> str:
    body = re.sub(r"<svg.*?</svg>", "", html.partition("<body")[2].partition(">")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


# what is drawn


def test_sessions_are_marks_by_what_became_of_them_and_what_lies_between_is_counted(tmp_path: Path) -> None:
    (lane,) = drawn(tmp_path)["picture"]["lanes"]
    assert (lane["label"], lane["stream"]) == ("SV-014", "Clinical")
    assert [mark["what"] for mark in lane["marks"]] == ["held", "cancelled", "held", "planned"]
    xs = [mark["x"] for mark in lane["marks"]]
    assert xs == sorted(xs)
    assert [gap["days"] for gap in lane["gaps"]] == ["56"]
    assert (lane["gaps"][0]["x1"], lane["gaps"][0]["x2"]) == (xs[0], xs[2])


def test_the_key_explains_what_is_drawn_and_nothing_else(tmp_path: Path) -> None:
    whole = {"held", "cancelled", "planned", "agreement", "review", "due", "carried", "done"}
    assert set(drawn(tmp_path)["picture"]["shown"]) == whole
    assert set(drawn(tmp_path, RECORDS, ORGANISATION)["picture"]["shown"]) == {"held", "cancelled", "planned"}
    seen = html(tmp_path, RECORDS, ORGANISATION)
    assert "agreement in force" not in seen
    assert "carried forward" not in seen


def test_a_draft_is_drawn_as_planned_and_streams_are_summed_up_apart(tmp_path: Path) -> None:
    draft = text_of({**SESSION, "id": "d", "date": "2026-10-06", "status": "draft"})
    managed = text_of({**SESSION, "id": "m", "date": "2026-08-06", "type": "line-management"})
    more = {**RECORDS, "d.md": draft, "m.md": managed}
    assert [mark["what"] for mark in drawn(tmp_path, more)["picture"]["lanes"][0]["marks"]][-1] == "draft"
    seen = words(html(tmp_path, more))
    assert "One-to-one clinical supervision, draft" in seen
    assert "Clinical: sessions held 2 Clinical: minutes in all 120 Clinical: sessions not held 1" in seen
    assert "Line management: sessions held 1" in seen


def test_an_agreement_is_a_bar_and_an_action_a_line_to_where_it_ended(tmp_path: Path) -> None:
    picture = drawn(tmp_path)["picture"]
    (bar,) = picture["bars"]
    assert (bar["label"], bar["ends"]) == ("agr-1", False)
    assert bar["x1"] < bar["review"] < bar["x2"] == picture["right"]
    first, second = (line for row in picture["lines"] for line in row["actions"])
    assert (first["number"], first["closed"], first["due"]) == ("A1", "done", None)
    assert (second["number"], second["closed"]) == ("A2", None)
    assert second["carried"] == [first["x2"]]
    assert second["due"] == second["x2"] > picture["until"]


def test_the_number_of_an_action_has_room_before_its_line(tmp_path: Path) -> None:
    picture = drawn(tmp_path, since="2026-08-04")["picture"]
    first = next(line for row in picture["lines"] for line in row["actions"])
    assert first["x1"] - first["wide"] >= picture["left"]


def test_a_row_without_others_is_as_wide_as_the_table_and_a_table_without_any_has_no_column(tmp_path: Path) -> None:
    seen = html(tmp_path)
    assert '<td colspan="2">Action, agreed' in seen
    assert "<td>One-to-one clinical supervision, held" in seen
    ahead = {**RECORDS, "agr.md": "", "c.md": RECORDS["c.md"].replace("next_date: 2026-11-17\n", "")}
    planned = html(tmp_path / "b", ahead).partition("<h2>Planned</h2>")[2].partition("</table>")[0]
    assert "Action, due" in planned
    assert 'class="whom"' not in planned


def test_months_are_named_as_far_as_there_is_room(tmp_path: Path) -> None:
    month = drawn(tmp_path, since="2026-08-01", until="2026-09-29")["picture"]["months"]
    assert [(one["name"], one["year"]) for one in month][:3] == [("Aug", "2026"), ("Sep", ""), ("Oct", "")]
    years = drawn(tmp_path, since="1990-01-01", until="2026-09-29")["picture"]["months"]
    assert years[0]["name"] == "1990"
    assert len(years) < 20
    short = drawn(tmp_path, since="2026-09-29", until="2026-09-29")["picture"]
    assert all(0 <= mark["x"] <= WIDTH for lane in short["lanes"] for mark in lane["marks"])


@pytest.mark.parametrize("day", ["2027-01-01", "2027-01-04", "2026-12-29"])
@pytest.mark.parametrize("since", ["2026-09-29", "2025-12-01", "1990-01-01"])
def test_the_name_of_a_month_that_has_just_begun_ends_inside_the_picture(since: str, day: str, tmp_path: Path) -> None:
    wide = 6.6  # a figure of a year, semi-bold
    for month in drawn(tmp_path, since=since, until=day)["picture"]["months"]:
        longest = max(len(month["name"]), len(month["year"]))
        assert month["x"] + 3 + longest * wide <= WIDTH


def test_what_has_no_room_is_left_to_the_tables_and_the_page_says_so(tmp_path: Path) -> None:
    lines = "\n".join(f"- [ ] A{n}: Read part {n} @SE-201 due:2026-10-09" for n in range(1, 90))
    many = {**RECORDS, "a.md": text_of({**SESSION, "id": FIRST, "date": "2026-08-04"}, {**CLINICAL, "Actions": lines})}
    picture = drawn(tmp_path, many)["picture"]
    assert picture["height"] <= HIGHEST
    assert picture["left_out"] > 0
    seen = words(html(tmp_path, many))
    assert "Not all of it could be drawn" in seen
    assert all(f"{FIRST}#A{n} " in seen for n in range(1, 90))


def test_a_long_id_is_cut_in_the_picture_alone(tmp_path: Path) -> None:
    long = "agreement-of-riverside-community-trust-2026"
    found = drawn(tmp_path, {**RECORDS, "agr.md": RECORDS["agr.md"].replace("agr-1", long)})
    assert found["picture"]["bars"][0]["label"] == f"{long[:19]}…"
    assert long in [entry["id"] for entry in found["entries"] if "id" in entry]


# the page


def test_the_tables_hold_what_is_drawn_and_the_months_of_nothing(tmp_path: Path) -> None:
    seen = words(html(tmp_path))
    for said in (
        "Time line of SE-201 30 September 2025 to 29 September 2026 Person أمينة خليل (SE-201) Sessions held 2",
        "Minutes in all 120 Sessions not held 1 Longest time between two 56 days",
        "Day by day Date What With September 2025 to July 2026: nothing recorded",
        "1 August 2026 Individual supervision agreement, starts agr-1",
        f"4 August 2026 One-to-one clinical supervision, held, 60 minutes, online {FIRST} · awaiting SE-201 Mary Poole",
        f"4 August 2026 Action, agreed, due 1 September 2026 {FIRST}#A1",
        "8 September 2026 One-to-one clinical supervision, cancelled",
        f"{SECOND} · 56 days after the last",
        "Planned", "17 November 2026 One-to-one clinical supervision, planned",
    ):  # fmt: skip
        assert said in seen


def test_only_codes_are_drawn_and_the_picture_has_a_description(tmp_path: Path) -> None:
    (svg,) = re.findall(r"<svg.*?</svg>", html(tmp_path), flags=re.DOTALL)
    assert 'role="img"' in svg
    assert (
        "<title>Time line of SE-201, 30 September 2025 to 29 September 2026. The tables below say the same.</title>"
        in svg
    )
    assert not re.search("Mary|أمينة", svg)


def test_a_drawing_has_the_colours_of_the_theme(tmp_path: Path) -> None:
    own = {"styles/theme.css": ":root { --accent: #5b2a6e }", "styles/plum.css": ":root{--rule:#abc}"}
    seen = html(tmp_path, {**RECORDS, **own, "supervision.yaml": "organisation: Riverside\ntheme: plum\n"})
    (svg,) = re.findall(r"<svg.*?</svg>", seen, flags=re.DOTALL)
    assert 'fill="#5b2a6e"' in svg
    assert 'stroke="#abc"' in svg
    assert "#17565d" not in svg


def test_the_organisation_sees_sessions_alone(tmp_path: Path) -> None:
    found = drawn(tmp_path, RECORDS, ORGANISATION)["picture"]
    assert found["lanes"]
    assert (found["bars"], found["lines"]) == ([], [])
    assert not re.search("Action|agr-1|greement", words(html(tmp_path, RECORDS, ORGANISATION)))


def test_a_time_line_passes_both_checkers_and_its_fonts_are_in_it(tmp_path: Path) -> None:
    workspace = open_workspace(write(tmp_path, RECORDS), jobs=1).workspace
    made = html(tmp_path)
    heard(made, workspace, tmp_path).close()
    with pikepdf.open(io.BytesIO(pdf.pdf(made).data)) as print_:
        fonts = [font for sheet in print_.pages for font in sheet.Resources.get("/Font", {}).values()]
        assert fonts
        assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in fonts)
        figures = [str(thing.Alt) for thing in print_.objects if isinstance(thing, pikepdf.Dictionary)
                   and thing.get("/S") == "/Figure"]  # fmt: skip
    assert figures == ["Time line of SE-201, 30 September 2025 to 29 September 2026. The tables below say the same."]


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_it_is_printed_by_the_command_with_the_words_of_its_actions(form: str, tmp_path: Path) -> None:
    root = write(tmp_path, RECORDS)
    for more, name in (((), "timeline-SE-201"), (("--for", "organisation"), "timeline-SE-201~organisation"),
                       (("--for", "author", "--as", "SE-201"), "timeline-SE-201~for-SE-201")):  # fmt: skip
        ran = notes("timeline", "SE-201", "--format", form, *more, at=root)
        assert (ran.code, ran.out, ran.err) == (0, f"out/{name}.{form}\n", "")
    if form == "html":
        assert "Ask for the data" in (root / "out/timeline-SE-201.html").read_text("utf-8")


def test_a_page_goes_where_it_is_wanted(tmp_path: Path) -> None:
    root = write(tmp_path, RECORDS)
    for where, to in (("year.html", "year.html"), ("a/b", "a/b/timeline-SE-201.html"), ("a/y.HTML", "a/y.html")):
        ran = notes("timeline", "SE-201", "--format", "html", "-o", where, at=root)
        assert (ran.code, ran.out, ran.err) == (0, f"{to}\n", "")
        assert (root / to).is_file()
    for arguments, why in ((("-o", "a"), "add --format html"), (("-o", "a.pdf", "--format", "html"), "ends in .pdf")):
        ran = notes("timeline", "SE-201", *arguments, at=root)
        assert (ran.code, ran.out) == (2, "")
        assert why in ran.err
