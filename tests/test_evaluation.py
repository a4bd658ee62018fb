"""Evaluation: run charts of what was measured, in which nobody can be found again, and cycles on their days."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import run
from supervision_notes.printing import page
from supervision_notes.printing.evaluated import Evaluated
from supervision_notes.questions.evaluation import Chart, Point, Scored, evaluation, together
from supervision_notes.questions.view import View
from supervision_notes.questions.wording import Wording
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience
from supervision_notes.workspace import Workspace

from .conftest import CYCLE, MEASURE, NO_REGISTER, PDSA, Files, text_of, write
from .test_access import heard
from .test_picture import words
from .test_render import Ran

Output = pytest.CaptureFixture[str]
Asking = Callable[..., Ran]
EXAMPLES = settings(max_examples=200, deadline=None, derandomize=True)
UNTIL = "2026-06-30"
PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")


def scored(*said: str, counted: str = "yes", name: str = "check-in") -> Files:
    """Measures, each as `SE-1 2026-01-10 work: 7, rest: 6.5`."""
    files = {}
    for n, (code, day, scores) in enumerate(one.split(" ", 2) for one in said):
        facts = {**MEASURE, "author": code, "date": day, "name": name, "scores": f"{{{scores}}}", "counted": counted}
        files[f"measures/{name}-{counted}-{n}.md"] = text_of(facts)
    return files


def month(month: str, *values: float) -> tuple[str, ...]:
    """A score of each of so many people, on days of one month."""
    return tuple(f"SE-{n} {month}-{n + 10} work: {value:g}" for n, value in enumerate(values))


def charts(root: Path, files: Files, audience: Audience = PARTIES, since: str | None = None) -> list[Chart]:
    write(root, {"supervision.yaml": "organisation: A\n", **files})
    return evaluation(Wording(View(open_workspace(root, jobs=1).workspace, audience)), since, UNTIL)


def told(found: list[Chart]) -> list[tuple[str, str, float | None, int | None]]:
    """The points of the only chart."""
    (chart,) = found
    return [(point.first[:7], point.last[:7], point.value, point.people) for point in chart.points]


# of many


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (month("2026-06", 1, 2, 3, 4, 9), [("2026-06", "2026-06", 3.0, 5)]),
        (month("2026-06", 1, 2, 3, 4), []),
        (month("2026-07", 1, 2, 3, 4, 5), []),
        # Whoever scores often counts once.
        ((*month("2026-06", 1, 2, 3, 4, 9), "SE-0 2026-06-20 work: 10", "SE-0 2026-06-21 work: 8"),
         [("2026-06", "2026-06", 4.0, 5)]),
        ((*month("2026-06", 1, 2, 3, 4), "SE-0 2026-06-20 work: 10"), []),
        ((*month("2026-06", 1, 2, 3, 4), "se-0 2026-06-20 work: 10"), []),
        # What is too little goes to the months that follow, and never back.
        ((*month("2026-01", 1, 2), *month("2026-03", 5, 6, 7, 8, 9), *month("2026-04", 1, 1, 1, 1)),
         [("2026-01", "2026-03", 7.0, 5), ("2026-04", "2026-06", None, None)]),
        (month("2026-04", 1, 2, 3, 4, 5.5), [("2026-04", "2026-04", 3.0, 5), ("2026-05", "2026-06", None, None)]),
        (month("2026-06", -1000, -2.5, -0.5, 0, 1000), [("2026-06", "2026-06", -0.5, 5)]),
    ],
)  # fmt: skip
def test_a_month_is_told_of_five_people(
    said: tuple[str, ...], expected: list[tuple[str, str, float | None, int | None]], tmp_path: Path
) -> None:
    for audience in (PARTIES, ORGANISATION):
        found = charts(tmp_path, scored(*said), audience)
        assert (told(found) if found else []) == expected


def test_each_score_is_charted_by_itself(tmp_path: Path) -> None:
    said = (*(f"SE-{n} 2026-06-0{n} work: {n}, rest: {10 - n}" for n in range(1, 6)), "SE-6 2026-06-10 rest: 9")
    found = charts(tmp_path, {**scored(*said), **scored("SE-1 2026-06-01 work: 3", name="other")})
    assert [(chart.measure, chart.score, chart.median) for chart in found] == [
        ("check-in", "rest", 7.5), ("check-in", "work", 3.0),
    ]  # fmt: skip


def test_the_median_is_that_of_the_months(tmp_path: Path) -> None:
    said = [one for n, name in enumerate(("2026-03", "2026-04", "2026-05")) for one in month(name, *[n * n] * 5)]
    (chart,) = charts(tmp_path, scored(*said))
    assert [point.value for point in chart.points] == [0, 1, 4, None]
    assert chart.median == 1


@pytest.mark.parametrize(
    "changed",
    ["counted: no", "counted: ~", "date: 2026-02-30", "scores: {work: 1001}", "scores: {work: 6,5}", "name: ~"],
)
def test_what_is_not_counted_is_not_there(changed: str, tmp_path: Path) -> None:
    key, _, value = changed.partition(": ")
    facts = {**MEASURE, "author": "SE-9", "date": "2026-06-10", "counted": "yes", key: value}
    assert charts(tmp_path, {**scored(*month("2026-06", 1, 2, 3, 4)), "fifth.md": text_of(facts)}) == []


# nothing of a few

DAYS = st.integers(0, 240).map(lambda n: (date(2026, 1, 1) + timedelta(days=n)).isoformat())
SCORES = st.lists(st.builds(Scored, st.sampled_from("ABCDEFGH"), DAYS, st.integers(0, 10).map(float)), min_size=1)
ENDS = st.integers(0, 300).map(lambda n: (date(2026, 1, 1) + timedelta(days=n)).isoformat())


@EXAMPLES
@given(SCORES, ENDS)
def test_no_figure_is_about_fewer_than_five(said: list[Scored], until: str) -> None:
    for point in together(said, until):
        people = {one.person for one in said if point.first <= one.date <= point.last}
        assert point.value is None or len(people) == point.people >= 5
        assert point.value is not None or len(people) < 5
        assert point.last <= until


@EXAMPLES
@given(SCORES, ENDS, ENDS)
def test_no_answer_can_be_taken_from_another(said: list[Scored], one: str, other: str) -> None:
    """Whatever day is asked about, the figures are the same, and no two of them have a day in common."""
    figures = [[point for point in together(said, until) if point.value is not None] for until in sorted((one, other))]
    assert figures[0] == figures[1][: len(figures[0])]
    ends = [(point.first, point.last) for point in figures[1]]
    assert all(before[1] < after[0] for before, after in pairwise(ends))


@EXAMPLES
@given(SCORES, ENDS)
def test_at_the_end_four_people_are_told_as_nobody_is(said: list[Scored], until: str) -> None:
    found = list(together(said, until))
    if found and found[-1].value is None and len(found) > 1:
        without = [one for one in said if one.date < found[-1].first]
        assert list(together(without, until)) == found


def test_since_cuts_no_figure(tmp_path: Path) -> None:
    said = scored(*month("2026-01", 1, 2), *month("2026-03", 5, 6, 7, 8, 9), *month("2026-05", 1, 1, 1, 1, 1))
    assert told(charts(tmp_path, said, since="2026-02-01"))[0] == ("2026-04", "2026-05", 1.0, 5)
    assert told(charts(tmp_path, said, since="2026-04-01"))[0] == ("2026-04", "2026-05", 1.0, 5)
    assert charts(tmp_path, said, since="2026-04-02") == []


# one's own


def test_an_author_sees_their_own_by_date_and_no_others(tmp_path: Path) -> None:
    files = {
        **scored(*month("2026-05", 1, 2, 3, 4, 9)),
        **scored("SE-0 2026-06-29 work: 6", "SE-0 2026-07-01 work: 8", "SE-1 2026-06-01 work: 7", counted="no"),
    }
    (chart,) = charts(tmp_path, files, Audience("author", "SE-0"))
    assert chart.points == [Point(day, day, value) for day, value in (("2026-05-10", 1.0), ("2026-06-29", 6.0))]
    assert chart.median == 3.5


# cycles

CYCLES = {
    "c1.md": text_of({**CYCLE, "id": "cycle-1", "end": "2026-04-30"}, PDSA),
    "c2.md": text_of({**CYCLE, "id": "cycle-2", "date": "2026-05-04", "status": "draft", "previous": "cycle-1"}),
    "c3.md": text_of({**CYCLE, "id": "cycle-3", "measure": "waiting"}, PDSA),
    "c4.md": text_of({**CYCLE, "id": "cycle-4", "date": "2026-07-01"}, PDSA),
}


def test_cycles_stand_beside_what_they_name(tmp_path: Path) -> None:
    found = charts(tmp_path, {**CYCLES, **scored(*month("2026-05", 1, 2, 3, 4, 9))})
    assert [(chart.measure, chart.score, [cycle.id for cycle in chart.cycles]) for chart in found] == [
        ("check-in", "work", ["cycle-1", "cycle-2"]), ("waiting", "", ["cycle-3"]),
    ]  # fmt: skip
    assert [chart.measure for chart in charts(tmp_path, {}, ORGANISATION)] == ["check-in"]
    assert not charts(tmp_path, {}, ORGANISATION)[0].cycles, "they are shared by those whose work it is"
    assert [chart.measure for chart in charts(tmp_path, {}, Audience("author", "SE-9"))] == []


# as it is told

HERE = {
    "supervision.yaml": "organisation: Riverside\n",
    **CYCLES,
    **scored(*month("2026-01", 4, 5, 5, 6, 8), *month("2026-02", 5, 6), *month("2026-04", 6, 7, 7, 8, 8)),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("evaluation"), HERE)


@pytest.fixture
def ask(root: Path, capsys: Output) -> Asking:
    """Runs `evaluation` with what was typed after it, in this process."""

    def asked(line: str = "") -> Ran:
        code = run(["-C", str(root), "evaluation", "--until", UNTIL, *line.split()])
        return Ran(code, *capsys.readouterr())

    return asked


def test_a_run_chart_with_its_median_and_the_cycles_between(ask: Asking) -> None:
    ran = ask()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "check-in, work\n"
        "When                      Median  People           Cycle\n"
        "2026-01                   5       5\n"
        "2026-02 to 2026-04        7       5\n"
        "2026-03-02 to 2026-04-30                           cycle-1\n"
        "2026-05 to 2026-06                fewer than five\n"
        "from 2026-05-04                                    cycle-2 (draft)\n"
        "The median of these is 6.\n"
        "\n"
        "waiting\n"
        "When             Cycle\n"
        "from 2026-03-02  cycle-3\n"
        "No figure: fewer than five people let theirs be counted.\n"
    )


def test_an_authors_own(ask: Asking) -> None:
    ran = ask("--for author --as SE-1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "check-in, work\nWhen        Score\n2026-01-11  5\n2026-02-11  6\n2026-04-11  7\nThe median of these is 6.\n"
    )


def test_for_a_program(ask: Asking) -> None:
    work, waiting = json.loads(ask("--format json").out)
    assert work["points"][1] == {
        "from": "2026-02-01", "to": "2026-04-30", "value": 7.0, "people": 5, "left_out": None,
    }  # fmt: skip
    assert work["points"][2] | {"from": "", "to": ""} == {
        "from": "", "to": "", "value": None, "people": None, "left_out": "fewer-than-five",
    }  # fmt: skip
    assert work["median"] == 6.0
    assert work["cycles"][0] == {"cycle": "cycle-1", "from": "2026-03-02", "to": "2026-04-30", "status": "recorded"}
    assert (waiting["score"], waiting["points"], waiting["median"]) == (None, [], None)
    rows = list(csv.DictReader(io.StringIO(ask("--format csv").out)))
    assert [row["value"] or row["left_out"] or row["cycle"] for row in rows] == [
        "5.0", "7.0", "fewer-than-five", "cycle-1", "cycle-2", "cycle-3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--measure nothing", "there is nothing to chart: no cycle, and no measure that five people let be counted."),
        ("--for author --as SE-99", "nothing was scored here by this author."),
        ("--for author", "--for author needs a code:  --for author --as SE-201"),
        ("--as SE-1", "--as goes with --for author:  --for author --as SE-201"),
        ("--since tomorrow", "“tomorrow” is not a date: write it as year-month-day, such as 2026-10-14"),
    ],
)
def test_what_there_is_nothing_of_is_said(line: str, said: str, ask: Asking) -> None:
    ran = ask(line)
    assert ran.out == ""
    assert said in ran.err


def test_an_author_hears_of_their_own_mistakes_and_nobody_else_does(tmp_path: Path, capsys: Output) -> None:
    files = {"supervision.yaml": "organisation: A\n", **scored("SE-1 2026-06-01 work: 10000")}
    at = ["-C", str(write(tmp_path, files)), "evaluation", "--until", UNTIL]
    assert (run([*at, "--for", "author", "--as", "SE-1"]), run(at)) == (0, 0)
    said = capsys.readouterr().err
    assert said.count("not charted: 1 measure with errors, see check.") == 1


# as a page


def html(root: Path, files: Files = HERE, audience: Audience = PARTIES) -> str:
    """The page of what was measured up to the end of June 2026."""
    workspace = open_workspace(write(root, files), jobs=1).workspace
    found = evaluation(Wording(View(workspace, audience)), None, UNTIL)
    about = Evaluated(found, workspace, UNTIL, audience.person or "").about()
    return page.drawn("evaluation", about, workspace, audience)


def drawn(*values: float) -> dict[str, Any]:
    """What is drawn of a score that one person had on the tenth of so many months."""
    days = [f"2026-{n:02}-10" for n, _ in enumerate(values, 1)]
    chart = Chart("check-in", "work", [Point(day, day, value) for day, value in zip(days, values, strict=True)], ())
    about = Evaluated([chart], Workspace(Path("nowhere"), NO_REGISTER), UNTIL, "SE-1").about()
    found = about["measures"][0]["scores"][0]["chart"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([5], ["4", "5", "6"]),
        ([4, 5.2], ["3", "4", "5", "6"]),
        ([0, 10], ["0", "2", "4", "6", "8", "10", "12"]),
        ([-0.5], ["-1", "0"]),
        ([-1000, 1000], ["-1500", "-1000", "-500", "0", "500", "1000", "1500"]),
    ],
)
def test_a_scale_has_room_for_what_was_scored(values: list[float], labels: list[str]) -> None:
    chart = drawn(*values)
    assert [line["label"] for line in chart["grid"]] == labels
    heights = [point["y"] for point in chart["lines"][0]]
    assert all(chart["grid"][-1]["y"] < y <= chart["bottom"] for y in heights)
    assert heights == sorted(heights, reverse=True), "more is higher"


def test_scores_and_cycles_stand_on_their_days(tmp_path: Path) -> None:
    months = [place["x"] for place in drawn(*range(12))["months"]]
    days = [place["x"] for place in drawn(*range(12))["lines"][0]]
    assert all(day < month < later for day, month, later in zip(days, months[:-1], days[1:], strict=False))
    (svg,) = re.findall(r"<svg.*?</svg>", html(tmp_path), flags=re.DOTALL)
    marks = re.findall(r'<text x="([\d.]+)" y="14".*>(\d)</text>', svg)
    assert [number for _, number in sorted(marks, key=lambda mark: float(mark[0]))] == ["1", "2"]
    assert "<desc>January 2026: 5. February 2026 – April 2026: 7. Median: 6.</desc>" in svg


def test_the_page_says_what_the_answer_says(tmp_path: Path) -> None:
    seen = words(html(tmp_path))
    for said in (
        "Evaluation Up to 30 June 2026 Measure: check-in Score: work",
        "When Median People January 2026 5 5 February 2026 to April 2026 7 5",
        "May 2026 to June 2026 Fewer than five people: left out. – –",
        "The median of these is 6.",
        "1 cycle-1 2 March 2026 30 April 2026 2 cycle-2 (draft) 4 May 2026 goes on",
        "Measure: waiting There is no figure: fewer than five people let theirs be counted.",
    ):
        assert said in seen
    assert not re.search(r"SE-\d|We keep it", seen)


def test_an_authors_page_is_their_own(tmp_path: Path) -> None:
    seen = words(html(tmp_path, audience=Audience("author", "SE-1")))
    assert "Own scores of SE-1, up to 30 June 2026" in seen
    assert "When Score 11 January 2026 5 11 February 2026 6 11 April 2026 7 The median of these is 6." in seen
    assert not re.search(r"SE-[02-9]|People", seen)


def test_where_there_is_nothing_the_page_says_so(tmp_path: Path) -> None:
    nothing = {"supervision.yaml": "organisation: A\n"}
    assert "There is nothing to chart" in words(html(tmp_path, nothing))
    assert "Nothing was scored here" in words(html(tmp_path, nothing, Audience("author", "SE-1")))


def test_the_page_passes_both_checkers(tmp_path: Path) -> None:
    heard(html(tmp_path), Workspace(tmp_path, NO_REGISTER), tmp_path).close()


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_it_is_printed_by_the_command_and_is_the_same_twice(form: str, root: Path, ask: Asking, tmp_path: Path) -> None:
    files = []
    for n, more in enumerate(("", "--for author --as SE-1", "--for author --as SE-1")):
        whose = "~for-SE-1" if more else ""
        ran = ask(f"--format {form} -o {tmp_path / str(n)} {more}")
        assert (ran.code, ran.err) == (0, "")
        files.append(tmp_path / str(n) / f"evaluation-{UNTIL}{whose}.{form}")
        assert ran.out == f"{files[-1]}\n"
    assert files[1].read_bytes() == files[2].read_bytes() != files[0].read_bytes()
