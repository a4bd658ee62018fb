"""Coverage: figures in which nobody is forgotten, groups that tell of nobody, and a chart of the months."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision_notes.attendance import Attendance
from supervision_notes.cli.main import run
from supervision_notes.people import Person
from supervision_notes.questions.coverage import EXCLUSIONS, Coverage, Figure, Horizon, coverage, month_end
from supervision_notes.questions.merging import BY, SMALLEST, Group, grouped
from supervision_notes.questions.programme import Programme
from supervision_notes.register import Register

from .conftest import CLINICAL, KINDS, SESSION, Files, attended, policy, text_of, write

EXAMPLES = settings(max_examples=150, deadline=None, derandomize=True)
OWN = {"own": policy("maximum_gap_days: 56")}


def covered(people: Mapping[str, Any], facts: Sequence[Attendance], as_at: str = "2026-11-30", **more: Any) -> Coverage:
    register = Register(KINDS, {"policy": ["own"]}, people, policies=OWN)
    (found,) = coverage(Programme.of(register, facts), as_at, **more)
    return found


def staff(**divisions: int) -> dict[str, dict[str, str]]:
    """So many people in each division."""
    names = [division for division, number in divisions.items() for _ in range(number)]
    return {f"SE-{n:03}": {"division": name} for n, name in enumerate(names)}


def known_since(day: str) -> Attendance:
    """What makes attendance known from a day on, and covers nobody."""
    return attended(f"{day} cancelled", "SE-000")


def names(figures: Sequence[Figure]) -> dict[tuple[str, ...], tuple[int, int]]:
    return {figure.names: (figure.numerator, figure.denominator) for figure in figures}


# everybody


PEOPLE: dict[str, dict[str, Any]] = {
    "SE-201": {},
    "SE-202": {},
    "SE-203": {"pauses": [{"from": "2026-11-20"}]},
    "SE-204": {"start": "2026-11-01"},
    "SE-205": {"start": "2026-12-01"},
    "SE-206": {"leave": "2026-11-29"},
    "SE-207": {"eligible": False},
    "SE-208": {"policies": ["other"]},
    "SE-209": {"policies": ["lost"]},
    "SE-210": {"start": "2026-11-01"},
}
FACTS = [
    attended("2026-11-02 unsigned", "SE-201"),
    attended("2026-06-01", "SE-202"),
    attended("2026-11-02", "SE-203"),
    attended("2026-11-02", "SE-207"),
    attended("2026-11-02", "SE-210")._replace(agreed_until="2026-11-30"),
    attended("2026-11-02", "SE-999"),
]


TWO_PEERS = {"SE-201": " facilitator", "SE-202": ""}


def test_a_figure_says_how_many_of_how_many_and_whom_it_leaves_out() -> None:
    policies = {**OWN, "other": policy("stream: line-management\nmaximum_gap_days: 56", "other"), "lost": None}
    register = Register(KINDS, {"policy": ["own"]}, PEOPLE, policies=policies)
    found, _ = coverage(Programme.of(register, FACTS), "2026-11-30")
    whole = found.whole
    assert (whole.numerator, whole.denominator, whole.percent) == (2, 3, 66.7)
    assert (whole.awaiting, whole.in_date) == (1, 1)
    assert whole.excluded == {
        "paused": 1, "new-starter": 1, "not-started": 1, "left": 1, "not-eligible": 1, "other-policy": 1,
        "policy-unusable": 1, "no-profile": 1,
    }  # fmt: skip
    assert list(whole.excluded) == [reason for reason in EXCLUSIONS if reason in whole.excluded]
    assert whole.people == len(PEOPLE) + 1


def test_the_agreement_is_in_date_on_its_last_day() -> None:
    facts = [attended("2026-11-02")._replace(agreed_until="2026-11-30")]
    assert covered({"SE-201": {}}, facts).whole.in_date == 1
    assert covered({"SE-201": {}}, facts, "2026-12-01").whole.in_date == 0


def test_whoever_leads_as_a_peer_is_not_awaited() -> None:
    facts = [attended(f"2026-11-02 peer-group peers 2 unsigned{led}", code) for code, led in TWO_PEERS.items()]
    assert covered({code: {} for code in TWO_PEERS}, facts).whole.awaiting == 1


def test_of_nobody_there_is_no_percentage() -> None:
    whole = covered({"SE-201": {"pauses": [{"from": "2026-11-01"}]}}, []).whole
    assert (whole.numerator, whole.denominator, whole.percent) == (0, 0, None)
    assert covered({"SE-201": {"pauses": [{"from": "2026-11-01"}]}}, []).median is None


def test_a_policy_that_holds_for_nobody_has_no_figure() -> None:
    policies = {**OWN, "asye": policy("professions: [law]\nmaximum_gap_days: 7", "asye")}
    register = Register(KINDS, {"policy": ["own", "asye"]}, {"SE-201": {"profession": "nursing"}}, policies=policies)
    assert [one.policy.name for one in coverage(Programme.of(register, []), "2026-11-30")] == ["own"]


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-11-01", "2026-11-30"),
        ("2028-02-29", "2028-02-29"),
        ("2027-02-01", "2027-02-28"),
        ("2026-12-31", "2026-12-31"),
    ],
)
def test_figures_are_those_of_the_end_of_the_month(day: str, end: str) -> None:
    assert month_end(day) == end


# months


def test_the_chart_shows_the_ends_of_the_months_and_their_median() -> None:
    people = {"SE-201": {"start": "2026-01-01"}, "SE-202": {"start": "2026-01-01"}, "SE-203": {"start": "2026-10-15"}}
    facts = [attended(day, "SE-201", n) for n, day in enumerate(("2026-08-03", "2026-09-14", "2026-11-02"))]
    facts += [attended("2026-09-30", "SE-202"), known_since("2026-06-10")]
    found = covered(people, facts, "2026-11-15")
    assert [(p.month, p.as_at, p.numerator, p.denominator) for p in found.run] == [
        ("2026-08", "2026-08-31", 1, 2),
        ("2026-09", "2026-09-30", 2, 2),
        ("2026-10", "2026-10-31", 2, 2),
        ("2026-11", "2026-11-15", 2, 2),
    ]
    assert (found.median, found.horizon) == (100.0, Horizon("2026-06", "2026-08"))
    assert covered(people, facts, "2026-12-31").median == 50.0  # 50, 100, 100, 50, 0


def test_no_more_than_the_months_that_are_wanted() -> None:
    found = covered({"SE-201": {}}, [attended("2024-01-05")], "2026-02-28", months=3)
    assert [point.as_at for point in found.run] == ["2025-12-31", "2026-01-31", "2026-02-28"]
    assert found.horizon is None


LOOKS_BACK = [
    ("maximum_gap_days: 56", "2026-01-03", "2026-02-28"),  # the 56th day is the last one that meets it
    ("maximum_gap_days: 56", "2026-01-04", "2026-03-31"),
    ("phases: [{until: 6 weeks, maximum_gap_days: 7}, {maximum_gap_days: 31}]", "2026-01-31", "2026-03-31"),
    ("phases: [{until: 6 weeks, maximum_gap_days: 7}, {maximum_gap_days: 31}]", "2026-01-28", "2026-02-28"),
    ("sessions_per: {count: 2, months: 2}", "2026-01-31", "2026-03-31"),
    ("sessions_per: {count: 2, months: 2}", "2026-02-01", "2026-04-30"),
    ("minutes_per_month: 60", "2026-01-01", "2026-01-31"),
    ("minutes_per_month: 60", "2026-01-02", "2026-02-28"),
    ("minutes_averaged: {minutes: 60, months: 3}", "2026-01-01", "2026-03-31"),
    ("minutes_averaged: {minutes: 60, months: 3}", "2026-01-02", "2026-04-30"),
    ("client_hours_per_supervision_hour: {hours: 6, months: 2}", "2026-01-31", "2026-03-31"),
    ("allowance: {sessions: 2, until: 2026-12-31}", "2026-01-31", "2026-01-31"),
]


@pytest.mark.parametrize(("asks", "begun", "first"), LOOKS_BACK)
def test_the_chart_begins_where_all_is_known_that_a_policy_looks_back_on(asks: str, begun: str, first: str) -> None:
    register = Register(KINDS, {"policy": ["own"]}, {"SE-000": {}}, policies={"own": policy(asks)})
    (found,) = coverage(Programme.of(register, [known_since(begun)]), "2026-06-30")
    assert found.run[0].as_at == first
    assert found.horizon == (None if begun[:7] == first[:7] else (begun[:7], first[:7]))


def test_where_no_month_can_be_told_yet_it_is_said_from_when_on_and_the_figure_stands() -> None:
    found = covered({"SE-000": {}, "SE-001": {}}, [attended("2026-11-20", "SE-001")])
    assert ([*found.run], found.median, found.horizon) == ([], None, ("2026-11", "2027-01"))
    assert (found.whole.numerator, found.whole.denominator) == (1, 2)
    assert covered({"SE-000": {}}, []).horizon is None


# groups


def test_groups_of_five_are_told_and_their_names_say_whose_they_are() -> None:
    people = staff(Children=5, Community=7)
    facts = [attended("2026-11-02", code) for code in [*people][:9]]
    found = covered(people, facts)
    assert names(found.groups["division"]) == {("Children",): (5, 5), ("Community",): (4, 7)}
    assert found.groups["profession"] == []


MERGED = {
    "a small one with the next smallest: alone it could be subtracted": (
        {"A": 4, "B": 6, "C": 9}, [("A", "B"), ("C",)],
    ),
    "two small ones that are five together": ({"A": 4, "B": 1, "C": 9}, [("A", "B"), ("C",)]),
    "two small ones that are too few together": ({"A": 2, "B": 1, "C": 9, "D": 8}, [("A", "B", "D"), ("C",)]),
    "three small ones": ({"A": 2, "B": 1, "C": 2, "D": 8}, [("A", "B", "C"), ("D",)]),
    "none": ({"A": 5, "B": 5}, [("A",), ("B",)]),
    "everybody": ({"A": 4, "B": 6}, []),
    "too few to tell any": ({"A": 2, "B": 2}, []),
    "people of whom no division is said": ({"": 4, "B": 6, "C": 7}, [("", "B"), ("C",)]),
}  # fmt: skip


@pytest.mark.parametrize("case", MERGED, ids=str)
def test_small_groups_are_merged(case: str) -> None:
    divisions, expected = MERGED[case]
    assert [figure.names for figure in covered(staff(**divisions), []).groups["division"]] == expected


def test_whoever_is_left_out_does_not_make_a_group_larger() -> None:
    people: dict[str, dict[str, Any]] = dict(staff(A=6, B=9, C=8))
    people["SE-000"]["pauses"] = people["SE-001"]["pauses"] = [{"from": "2026-11-01"}]
    figures = covered(people, []).groups["division"]
    assert [(figure.names, figure.denominator, dict(figure.excluded)) for figure in figures] == [
        (("A", "C"), 12, {"paused": 2}),
        (("B",), 9, {}),
    ]


def test_a_division_of_whom_all_are_left_out_is_merged_too() -> None:
    people: dict[str, dict[str, Any]] = dict(staff(A=1, B=9, C=8))
    people["SE-000"]["eligible"] = False
    assert [figure.names for figure in covered(people, []).groups["division"]] == [("A", "C"), ("B",)]


def team(codes: range, **said: str) -> dict[str, dict[str, str]]:
    return {f"SE-{n:03}": said for n in codes}


def test_a_small_team_is_merged_within_its_division() -> None:
    people = {
        **team(range(10), division="A", team="East"),
        **team(range(10, 12), division="A", team="West"),
        **team(range(12, 19), division="B", team="East"),
        **team(range(19, 26), division="B"),
    }
    found = covered(people, [])
    assert [figure.names for figure in found.groups["division"]] == [("A",), ("B",)]
    assert [(figure.names, figure.denominator) for figure in found.groups["team"]] == [
        (("A / East", "A / West"), 12),
        (("B",), 7),
        (("B / East",), 7),
    ]


def test_a_profession_is_held_against_the_divisions() -> None:
    """Nursing is division A and two more: the difference would be those two."""
    people = {
        **team(range(10), division="A", profession="nursing"),
        **team(range(10, 12), division="B", profession="nursing"),
        **team(range(12, 22), division="B", profession="podiatry"),
        **team(range(22, 30), division="C", profession="dietetics"),
    }
    found = covered(people, [])
    assert [figure.names for figure in found.groups["division"]] == [("A",), ("B",), ("C",)]
    assert [figure.names for figure in found.groups["profession"]] == [("dietetics",), ("nursing", "podiatry")]


def test_a_profession_inside_a_division_is_held_against_it_too() -> None:
    people = {
        **team(range(10), division="A", profession="nursing"),
        **team(range(10, 12), division="A", profession="podiatry"),
        **team(range(12, 22), division="B", profession="podiatry"),
        **team(range(22, 30), division="C", profession="dietetics"),
    }
    assert ("nursing", "podiatry") in [figure.names for figure in covered(people, []).groups["profession"]]


def test_a_profession_that_nearly_fills_two_teams() -> None:
    people = {
        **team(range(5), division="A", team="East", profession="nursing"),
        **team(range(5, 6), division="A", team="East", profession="podiatry"),
        **team(range(6, 11), division="A", team="West", profession="nursing"),
        **team(range(11, 12), division="A", team="West", profession="podiatry"),
        **team(range(12, 18), division="B", profession="podiatry"),
        **team(range(18, 23), division="B", profession="dietetics"),
        **team(range(23, 31), division="C", profession="dietetics"),
    }
    assert ("nursing", "podiatry") in [figure.names for figure in covered(people, []).groups["profession"]]


def test_a_profession_that_is_two_divisions_and_two_more() -> None:
    people = {
        **team(range(6), division="A", profession="nursing"),
        **team(range(6, 12), division="B", profession="nursing"),
        **team(range(12, 14), division="C", profession="nursing"),
        **team(range(14, 19), division="C", profession="podiatry"),
        **team(range(19, 25), division="C", profession="dietetics"),
        **team(range(25, 31), division="D", profession="podiatry"),
        **team(range(31, 38), division="D", profession="dietetics"),
    }
    found = [figure.names for figure in covered(people, []).groups["profession"]]
    assert found == [("dietetics", "nursing"), ("podiatry",)]


def test_two_professions_that_are_two_teams_but_for_one() -> None:
    sizes = {"East": (3, 3, 0, 0), "West": (3, 3, 0, 0), "North": (1, 0, 3, 3), "South": (0, 0, 3, 3)}
    each = [(where, f"P{n}") for where, some in sizes.items() for n, size in enumerate(some) for _ in range(size)]
    people = {f"SE-{n:03}": {"team": where, "profession": what} for n, (where, what) in enumerate(each)}
    groups = covered(people, []).groups
    assert [figure.denominator for figure in groups["team"]] == [6, 7, 6, 6]
    assert sorted(len(figure.names) for figure in groups["profession"]) == [1, 1, 2]


def test_teams_that_are_the_divisions_again_are_not_told_twice() -> None:
    people = {
        **team(range(7), division="Acute", team="Wards"),
        **team(range(7, 10), division="Acute", team="Theatres"),
        **team(range(10, 16), division="Community", team="East"),
    }
    groups = covered(people, []).groups
    assert [figure.names for figure in groups["division"]] == [("Acute",), ("Community",)]
    assert groups["team"] == []


def subsets(groups: Sequence[Group]) -> list[frozenset[str]]:
    picked = chain.from_iterable(combinations(groups, n) for n in range(1, len(groups) + 1))
    return [frozenset().union(*(group.counted for group in some)) for some in picked]


LETTERS = st.sampled_from(["", "A", "B", "C"])
CROWDS = st.lists(st.tuples(LETTERS, LETTERS, LETTERS, st.booleans()), max_size=60)


@EXAMPLES
@given(CROWDS)
def test_nobody_is_lost_and_no_subtraction_is_about_a_few(crowd: list[tuple[str, str, str, bool]]) -> None:
    people = [Person(f"SE-{n:03}", p or None, d or None, t or None) for n, (d, t, p, _) in enumerate(crowd)]
    counted = frozenset(person.code for person, (*_, said) in zip(people, crowd, strict=True) if said)
    tables = {by: grouped(people, counted, by) for by in BY}
    for groups in tables.values():
        assert sorted(code for group in groups for code in group.everyone) == [person.code for person in people]
        assert all(group.counted == group.everyone & counted for group in groups)
        if len(groups) > 1:
            assert all(len(group.counted) >= SMALLEST for group in groups)
        assert all(len(counted - some) in (0, *range(SMALLEST, 99)) for some in subsets(groups))
    # Every part of a division's figure that the teams leave over.
    for division in tables["division"]:
        for teams in subsets([team for team in tables["team"] if team.counted <= division.counted]):
            assert len(division.counted - teams) in (0, *range(SMALLEST, 99))
    # Any groups of one table beside any of another.
    for one, other in product(subsets(tables["profession"]), subsets(tables["team"])):
        assert len(one ^ other) in (0, *range(SMALLEST, 99))


DAYS = st.dates(date(2026, 6, 1), date(2026, 12, 31))
PERSONS = st.fixed_dictionaries(
    {"division": LETTERS, "profession": LETTERS},
    optional={
        "start": DAYS.map(str),
        "leave": DAYS.map(str),
        "eligible": st.booleans(),
        "pauses": st.lists(st.builds(lambda d, n: {"from": str(d), **({"until": str(n)})}, DAYS, DAYS), max_size=2),
    },
)


@EXAMPLES
@given(st.lists(PERSONS, max_size=30), st.lists(st.tuples(st.integers(0, 34), DAYS), max_size=40), DAYS)
def test_the_counted_and_the_left_out_are_together_everybody(
    people: list[dict[str, Any]], sessions: list[tuple[int, date]], as_at: date
) -> None:
    register = {f"SE-{n:03}": said for n, said in enumerate(people)}
    facts = [attended(str(day), f"SE-{n:03}") for n, day in sessions]
    policies = Register(KINDS, {"policy": ["own"]}, register, policies=OWN)
    about = Programme.of(policies, facts)
    for found in coverage(about, str(as_at)):
        assert found.whole.people == len(about.people)
        assert found.whole.numerator <= found.whole.denominator
        for figures in found.groups.values():
            if figures:
                assert sum(figure.people for figure in figures) == found.whole.people
                for key in ("numerator", "denominator", "awaiting", "in_date"):
                    assert sum(getattr(figure, key) for figure in figures) == getattr(found.whole, key)


# as it is shown


HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole, eligible: false}\n"
    "  SE-201: {name: Rhian Kettle, division: Community}\n  SE-202: {name: Orla Quinn, division: Children}\n",
    "sessions/2026-07-14-se201.md": text_of(
        {**SESSION, "date": "2026-07-14", "outcome": "cancelled", "by": "supervisor"}
    ),
    "sessions/2026-09-29-se201.md": text_of(SESSION, CLINICAL),
    "sessions/2026-10-05-se202.md": text_of(
        {**SESSION, "date": "2026-10-05", "supervisees": "SE-202", "status": "draft"}, CLINICAL
    ),
    "sessions/2026-10-12-se202.md": text_of(
        {**SESSION, "date": "2026-10-12", "supervisees": "SE-202", "minutes": "x"}, CLINICAL
    ),
    "sessions/2026-12-07-se201.md": text_of({**SESSION, "date": "2026-12-07"}, CLINICAL),
}
Ask = Callable[..., tuple[str, str]]


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks a workspace how it stood at the end of October 2026, and returns what it said on both streams."""
    write(tmp_path, HERE)

    def ask(*arguments: str) -> tuple[str, str]:
        assert run(["-C", str(tmp_path), "coverage", "--as-at", "2026-10-31", *arguments]) == 0
        out, err = capsys.readouterr()
        return out, err

    return ask


def test_as_a_table(asked: Ask) -> None:
    out, err = asked()
    assert "eight-weeks: Formal clinical supervision at least once in eight weeks" in out
    assert "As at 2026-10-31. The policy is as of 2026-11-21: A staff page" in out
    assert re.search(r"^everybody +1 +2 +50.0 +1 +0 +1 not eligible$", out, re.MULTILINE)
    assert "By division, team or profession there are too few people to tell groups of five apart." in out
    assert out.endswith(
        "Month    Covered  Of  %\n"
        "2026-09  1        2   50.0\n"
        "2026-10  1        2   50.0\n"
        "The median of these months is 50.0.\n"
        "Attendance is known from 2026-07 on, so the months begin with 2026-09: of those before, nobody can say who "
        "met the policy.\n\n"
    )
    assert err == "not counted: 1 draft; 1 session with an error, see check; 1 session to come.\n"
    assert "SE-" not in out + err
    assert "Kettle" not in out + err


APART = {
    "SE-203": "pauses: [{from: 2026-10-01}]",
    "SE-204": "start: 2026-10-01",
    "SE-205": "leave: 2026-09-30",
}
WHY = "1 paused; 1 started lately, nothing due yet; 1 left; 1 not eligible"


def test_reasons_with_a_comma_in_them_are_told_apart(asked: Ask, tmp_path: Path) -> None:
    more = "".join(f"  {code}: {{{said}}}\n" for code, said in APART.items())
    write(tmp_path, {"people.yaml": str(HERE["people.yaml"]) + more})
    assert re.search(rf"^everybody +1 +2 +50.0 +1 +0 +{WHY}$", asked()[0], re.MULTILINE)


def test_as_json(asked: Ask) -> None:
    (found,) = json.loads(asked("--format", "json", "--by", "division")[0])
    assert (found["numerator"], found["denominator"], found["percent"]) == (1, 2, 50.0)
    assert found["policy_as_of"] == "2026-11-21"
    assert found["groups"] == {"division": []}
    assert found["months"][-1] == {
        "month": "2026-10", "as_at": "2026-10-31", "numerator": 1, "denominator": 2, "percent": 50.0,
    }  # fmt: skip
    assert found["horizon"] == {"known_from": "2026-07", "told_from": "2026-09"}


def test_as_csv(asked: Ask) -> None:
    rows = list(csv.DictReader(asked("--format", "csv")[0].splitlines()))
    assert [(row["by"], row["group"], row["numerator"], row["excluded"]) for row in rows] == [
        ("", "everybody", "1", "not-eligible: 1"),
        ("month", "2026-09", "1", ""),
        ("month", "2026-10", "1", ""),
    ]


def test_a_table_of_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = "".join(
        f"  {code}: {{division: {said['division']}}}\n" for code, said in staff(Children=5, Acute=7).items()
    )
    write(tmp_path, {"supervision.yaml": "organisation: Riverside\n", "people.yaml": f"people:\n{people}"})
    assert run(["-C", str(tmp_path), "coverage", "--as-at", "2026-10-31", "--by", "division"]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^Division +Covered +Of", out, re.MULTILINE)
    assert re.search(r"^Children +0 +5 +0.0 +0 +0$", out, re.MULTILINE)
