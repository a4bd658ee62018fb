"""The pages of figures: what is drawn, that the tables say the same, and that nobody is told of who is not to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from supervision_notes.attendance import Attendance, attended
from supervision_notes.policies import SHAPES
from supervision_notes.printing import page
from supervision_notes.printing.figures import Figures
from supervision_notes.printing.picture import WIDTH
from supervision_notes.questions.coverage import EXCLUSIONS, Coverage, coverage
from supervision_notes.questions.merging import BY
from supervision_notes.questions.programme import Programme
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience
from supervision_notes.workspace import Workspace

from . import conftest, test_coverage
from .conftest import NO_REGISTER, Files, write
from .test_access import heard
from .test_coverage import covered, known_since, staff
from .test_picture import words
from .test_render import notes

ORGANISATION = Audience("organisation")
HERE = test_coverage.HERE
MONTHS = [f"{2026 + n // 12}-{n % 12 + 1:02}" for n in range(24)]


def html(root: Path, files: Files = HERE) -> str:
    """The page of what every policy of a workspace comes to at the end of October 2026."""
    workspace = open_workspace(write(root, files), jobs=1).workspace
    facts = [fact for fact in attended(workspace, ORGANISATION).facts if fact.date <= "2026-10-31"]
    found = coverage(Programme.of(workspace.register, facts), "2026-10-31")
    not_counted = {"draft": 1, "error": 1, "planned": 0}
    return page.drawn("coverage", Figures(found, workspace, "2026-10-31", not_counted).about(), workspace, ORGANISATION)


def of(one: Coverage) -> dict[str, Any]:
    """What the page is told of one thing that a policy asks for."""
    (found,) = Figures([one], Workspace(Path("nowhere"), NO_REGISTER), one.as_at, {}).about()["figures"]
    assert isinstance(found, dict)
    return found


def met(months: Sequence[str], person: str = "SE-000") -> list[Attendance]:
    return [conftest.attended(f"{month}-20", person, n) for n, month in enumerate(months)]


def print_of(one: Coverage) -> str:
    workspace = Workspace(Path("nowhere"), NO_REGISTER)
    about = Figures([one], workspace, one.as_at, {}).about()
    return page.drawn("coverage", about, workspace, ORGANISATION)


# what is drawn


def test_a_month_is_a_point_and_the_median_a_line_that_is_named() -> None:
    facts = met(["2026-09", "2026-11"], "SE-000") + met(["2026-10", "2026-11"], "SE-001")
    found = covered(staff(Acute=2), [known_since("2026-07-10"), *facts])
    chart = of(found)["chart"]
    (line,) = chart["lines"]
    assert [point["y"] for point in line] == [100.0, 10.0, 10.0]  # half, then all of them; 0 lies at the bottom
    assert (chart["bottom"], chart["median"]) == (190, 10.0)
    assert [point["x"] for point in line] == sorted(point["x"] for point in line)
    assert "median 100.0%</text>" in print_of(found)


def test_a_month_of_nobody_leaves_a_gap() -> None:
    away = {"pauses": [{"from": "2026-08-20", "until": "2026-10-10"}]}
    one = covered({"SE-000": away}, [known_since("2026-04-10"), *met(MONTHS[5:11])])
    found = of(one)
    assert [month["percent"] for month in found["months"]] == ["100.0%", "100.0%", "–", "–", "100.0%", "100.0%"]
    assert [len(line) for line in found["chart"]["lines"]] == [2, 2]
    assert "NaN" not in print_of(one)


@pytest.mark.parametrize(
    ("months", "named", "years"), [(1, 1, ["2027"]), (2, 2, ["2027"]), (12, 12, ["2027"]), (24, 12, ["2026", "2027"])]
)
def test_few_months_stand_close_and_many_are_named_as_far_as_there_is_room(
    months: int, named: int, years: list[str]
) -> None:
    facts = [known_since("2025-11-05"), *met(MONTHS[-months:])]
    found = of(covered(staff(Acute=1), facts, "2027-12-31", months=months))
    chart = found["chart"]
    assert len(found["months"]) == sum(map(len, chart["lines"])) == months
    assert len(chart["months"]) == named
    assert [one["year"] for one in chart["months"] if one["year"]] == years
    assert all(b["x"] - a["x"] <= 72 for line in chart["lines"] for a, b in pairwise(line))
    assert chart["left"] < chart["lines"][0][0]["x"] <= chart["lines"][-1][-1]["x"] < chart["right"] < WIDTH


@pytest.mark.parametrize(
    ("people", "facts"), [({"SE-000": {}}, []), ({"SE-000": {"pauses": [{"from": "2026-01-01"}]}}, met(["2026-11"]))]
)
def test_where_there_is_nothing_to_draw_there_is_no_picture(people: Mapping[str, Any], facts: list[Attendance]) -> None:
    found = covered(people, facts)
    assert of(found)["chart"] is None
    assert "<svg" not in print_of(found)


def test_where_no_month_can_be_told_the_page_says_from_when_on() -> None:
    seen = words(print_of(covered(staff(Acute=2), met(["2026-11"]))))
    assert "By month Attendance is known from November 2026 on, so the months begin with January 2027:" in seen
    assert "There is no attendance to show by month yet." in words(print_of(covered(staff(Acute=2), [])))


def test_none_of_them_is_drawn_at_the_bottom() -> None:
    chart = of(covered(staff(Acute=3), met(["2026-01"]), "2026-11-30"))["chart"]
    assert chart["lines"][-1][-1]["y"] == chart["median"] == chart["bottom"]


# the page


def test_reasons_with_a_comma_in_them_are_told_apart_there_too() -> None:
    apart = [{"pauses": [{"from": "2026-11-01"}]}, {"start": "2026-11-20"}, {"leave": "2026-11-01"}]
    people: dict[str, Any] = staff(Acute=5, Children=5)
    people |= {f"SE-3{n}": {"division": "Acute", **said} for n, said in enumerate(apart)}
    seen = words(print_of(covered(people, met(["2026-06", "2026-11"]), "2026-11-30")))
    assert "left out: 1 paused; 1 started lately, nothing due yet; 1 left 1 5" in seen


def test_the_page_says_how_many_of_how_many_and_whom_that_leaves_out(tmp_path: Path) -> None:
    seen = words(html(tmp_path))
    for said in (
        "Coverage As at 31 October 2026 Formal clinical supervision at least once in eight weeks",
        "Policy eight-weeks, as of 21 November 2026: the longest time between two sessions. Source: A staff page",
        "Covered 1 of 2 (50.0%) Covered, awaiting sign-off 1 of 1 Agreement in date 0 of 2",
        "Left out, and why Why People Not eligible 1 Everybody: 3.",
        "September 2026 30 September 2026 1 2 50.0% October 2026 31 October 2026 1 2 50.0%",
        "The median of these months is 50.0%. Attendance is known from July 2026 on, so the months begin with "
        "September 2026: of those before, nobody can say who met the policy.",
        "There are too few people to tell groups of five apart by division, team, profession.",
        "Sessions that are not counted Drafts: 1 With errors, which check names: 1",
    ):
        assert said in seen
    assert "Still to come" not in seen


def test_the_page_tells_of_nobody(tmp_path: Path) -> None:
    assert not re.search(r"SE-\d|SV-\d|Kettle|Quinn|She asked|How do I", html(tmp_path))


def test_merged_groups_are_named_together_and_the_unsaid_comes_last() -> None:
    people = {**staff(Acute=7, Community=5), "SE-900": {}}
    seen = words(print_of(covered(people, [])))
    assert "By division Division Covered Of % Awaiting sign-off Agreement in date Acute 0 7 0.0% 0 0" in seen
    assert "Community, not said 0 6 0.0% 0 0" in seen
    assert "too few people to tell groups of five apart by team, profession." in seen


def test_the_picture_has_a_title_and_a_description(tmp_path: Path) -> None:
    (svg,) = re.findall(r"<svg.*?</svg>", html(tmp_path), flags=re.DOTALL)
    assert (
        "<title>By month: Formal clinical supervision at least once in eight weeks. The table says the same.</title>"
        in svg
    )
    said = "September 2026: 50.0%. October 2026: 50.0%. Median: 50.0%."
    assert f"<desc>{said}</desc>" in svg


def test_a_policy_that_cannot_be_used_or_is_old_is_named(tmp_path: Path) -> None:
    settings = "organisation: Riverside\npolicy: [eight-weks, two-hours-until-march]\n"
    seen = words(html(tmp_path, {**HERE, "supervision.yaml": settings}))
    assert "Cannot be used: eight-weks." in seen
    assert "their policy cannot be used" not in seen


def test_every_word_that_a_page_needs_is_there() -> None:
    said: Any = page._pages(Path("nowhere")).get_template("words.html.j2").module
    assert set(said.excluded) == set(EXCLUSIONS)
    assert set(said.asks) == set(SHAPES)
    assert set(said.by_group) == set(said.group_of) == set(BY)


@pytest.mark.parametrize("name", ["small", "months of nobody"])
def test_a_page_of_figures_passes_both_checkers(name: str, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, NO_REGISTER)
    away = {"pauses": [{"from": "2026-08-20", "until": "2026-10-10"}]}
    made = html(tmp_path) if name == "small" else print_of(covered({"SE-000": away}, met(MONTHS[5:11])))
    heard(made, workspace, tmp_path).close()


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_it_is_printed_by_the_command_and_is_the_same_twice(form: str, tmp_path: Path) -> None:
    root = write(tmp_path, HERE)
    name = f"coverage-2026-10-31~organisation.{form}"
    for to, more in ((f"out/{name}", ()), (f"b/{name}", ("-o", "b")), (f"c.{form}", ("-o", f"c.{form}"))):
        ran = notes("coverage", "--as-at", "2026-10-31", "--format", form, *more, at=root)
        assert (ran.code, ran.out) == (0, f"{to}\n")
        assert ran.err == "not counted: 1 draft; 1 session with an error, see check; 1 session to come.\n"
        assert (root / to).read_bytes() == (root / f"out/{name}").read_bytes()
