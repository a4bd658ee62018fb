"""Policies as data: the shipped ones, mistakes in one's own, and which of them hold for whom."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from supervision_notes.cli.main import run
from supervision_notes.people import people, policies_of
from supervision_notes.policies import SHAPES, TYPES, WELLBEING, Policy
from supervision_notes.reading import Checked, open_workspace
from supervision_notes.register import Register

from .conftest import KINDS, ROOT, Files, at, policy, write

Check = Callable[[Files], Checked]
SHIPPED = sorted(path.stem for path in (ROOT / "templates/policies").glob("*.yaml"))
OWN = "title: Ours\nsource: Our policy, version 3\nas_of: 2026-10-01\nmaximum_gap_days: 28\n"


def named(*policies: str) -> Files:
    return {"supervision.yaml": f"organisation: Riverside\npolicy: [{', '.join(policies)}]\n"}


# the shipped ones


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_policy_has_no_mistake_and_says_whose_it_is(name: str, check: Check) -> None:
    checked = check(named(name))
    assert not checked.problems
    found = checked.workspace.register.policies[name]
    assert found
    assert found.shapes
    assert re.search(r"https://\S+\.\w+", found.source)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", found.as_of)
    text = (ROOT / f"templates/policies/{name}.yaml").read_text("utf-8")
    assert f"\npolicy: {name}\n" in text
    assert "example" in text
    assert "change" in text


def test_what_is_shipped() -> None:
    assert "eight-weeks" in SHIPPED
    found = [open_workspace(ROOT / "templates", jobs=1)]  # not a workspace: nothing is named, nothing is read
    assert found[0].workspace.register.policies == {}


def test_the_shipped_ones_are_listed_and_one_is_printed_to_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["policies"]) == 0
    titles, *lines = capsys.readouterr().out.splitlines()
    assert titles.split("  ")[0] == "Policy"
    assert [line.split()[0] for line in lines] == SHIPPED
    eight = next(line for line in lines if line.startswith("eight-weeks "))
    assert re.search(
        r"  2\d{3}-\d\d-\d\d  Formal clinical supervision at least once in eight weeks +A staff page", eight
    )
    for name in SHIPPED:
        assert run(["policies", name]) == 0
        copied = {**named(name), f"policies/{name}.yaml": capsys.readouterr().out}
        checked = open_workspace(write(tmp_path / name, copied), jobs=1)
        assert not checked.problems
        assert checked.workspace.register.policies[name]


def test_a_policy_that_is_not_shipped_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["policies", "eight-week"]) == 2
    err = capsys.readouterr().err
    assert "no policy “eight-week” comes with the program; did you mean “eight-weeks”?" in err


def test_a_copy_under_another_name_hears_which_of_the_two_to_change(check: Check) -> None:
    text = (ROOT / "templates/policies/asye.yaml").read_text("utf-8")
    (wrong,) = check({**named("ours"), "policies/ours.yaml": text}).problems
    assert (wrong.code, wrong.path, wrong.message) == (
        "SN205", "policies/ours.yaml", "this is not the name of the file, by which a policy is called"
    )  # fmt: skip
    assert wrong.hint == "write  policy: ours  here, or leave this line out; for another name, rename the file"


def test_eight_weeks_is_56_days_of_formal_clinical_supervision(check: Check) -> None:
    found = check({"supervision.yaml": "organisation: Riverside\n"}).workspace.register.policies
    (eight,) = found.values()
    assert eight
    assert (eight.name, eight.stream, eight.asks) == ("eight-weeks", "clinical", {"maximum_gap_days": 56})
    assert eight.counts.types == set(TYPES["clinical"])


def test_every_shape_is_a_property_of_the_schema_and_every_type_one_of_a_session() -> None:
    schema = json.loads((ROOT / "schemas/registers/policy.schema.json").read_text("utf-8"))
    assert set(SHAPES) < set(schema["properties"])
    assert set(schema["allOf"][0]["if"]["properties"]) == set(SHAPES)
    types = KINDS["session"].fields["type"].schema
    streams = {stream: tuple(t for t, s in types["x-streams"].items() if s == stream) for stream in TYPES}
    assert streams == TYPES
    assert set(schema["properties"]["stream"]["enum"]) == set(TYPES)


# mistakes in one's own


BAD = {
    "a misspelt name": ("maximum_gap_days: 28", "maximum_gapdays: 28", "unknown-field", "maximum_gapdays"),
    "a number that is none": ("28", "four weeks", "wrong-type", "four weeks"),
    "no day at all": ("28", "0", "out-of-range", "0"),
    "no source": ("source: Our policy, version 3\n", "", "missing-field", ""),
    "no date": ("as_of: 2026-10-01\n", "", "missing-field", ""),
    "a day that is none": ("2026-10-01", "2026-10-32", "wrong-date", "2026-10-32"),
    "nothing that it asks for": ("maximum_gap_days: 28\n", "", "missing-field", ""),
    "another name than its file": ("title", "policy: theirs\ntitle", "wrong-choice", "theirs"),
    "a stream that is none": ("title", "stream: clinicl\ntitle", "wrong-choice", "clinicl"),
    "mentoring": ("title", "stream: mentoring\ntitle", "wrong-choice", "mentoring"),
    "a type that never counts": ("title", "counts: {types: [mentoring]}\ntitle", "wrong-choice", "mentoring"),
    "an outcome that never counts": ("title", "counts: {outcomes: [cancelled]}\ntitle", "wrong-choice", "cancelled"),
    "wellbeing support": ("title", f"counts: {{approaches: [{WELLBEING}]}}\ntitle", "wrong-choice", WELLBEING),
    "line management as clinical": (
        "title", "counts: {types: [external, line-management]}\ntitle", "out-of-range", "[external, line-management]",
    ),
    "practice as clinical, unsaid": ("title", "counts: {types: [practice]}\ntitle", "out-of-range", "[practice]"),
    "a phase without its gap": ("title", "phases: [{until: 6 weeks}]\ntitle", "missing-field", "{until: 6 weeks}"),
    "a length that is none": (
        "title", "phases: [{until: soon, maximum_gap_days: 7}]\ntitle", "wrong-choice", "soon",
    ),
    "an average without its window": (
        "title", "minutes_averaged: {minutes: 90}\ntitle", "missing-field", "{minutes: 90}",
    ),
    "an allowance without its end": ("title", "allowance: {sessions: 2}\ntitle", "missing-field", "{sessions: 2}"),
    "not YAML": ("title: Ours", "title: Ours: ours", "yaml-syntax", None),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_mistake_in_a_policy_is_said_at_its_place(case: str, check: Check) -> None:
    old, new, rule, words = BAD[case]
    assert OWN.count(old) == 1
    text = OWN.replace(old, new)
    checked = check({**named("own"), "policies/own.yaml": text})
    (problem,) = checked.problems
    assert (problem.path, problem.rule, problem.severity) == ("policies/own.yaml", rule, "error")
    assert problem.hint or problem.fix
    if words:
        assert at(text, problem.span) == words
    assert checked.workspace.register.policies == {"own": None}, "nothing is asked by a policy that has a mistake"


def test_what_a_policy_can_ask_for_is_named_where_it_asks_in_words_of_its_own(check: Check) -> None:
    own = OWN.replace("maximum_gap_days: 28", "longest gap: 4 weeks")
    found = check({"supervision.yaml": "organisation: A\nweather: wet\n", "policies/own.yaml": own}).problems
    (of_settings,) = (problem for problem in found if problem.path == "supervision.yaml")
    assert of_settings.hint.startswith("the facts here are organisation, owner, ")
    said = {problem.rule: f"{problem.message} {problem.hint}" for problem in found if problem is not of_settings}
    assert said.keys() == {"unknown-field", "missing-field"}
    assert all(shape in words for words in said.values() for shape in SHAPES)


def test_a_policy_that_nobody_names_is_checked_too(check: Check) -> None:
    checked = check({**named("eight-weeks"), "policies/own.yaml": OWN.replace("28", "x")})
    assert [problem.rule for problem in checked.problems] == ["wrong-type"]
    assert list(checked.workspace.register.policies) == ["eight-weeks"]


def test_a_blank_waits_and_the_policy_with_it(check: Check) -> None:
    checked = check({**named("own"), "policies/own.yaml": OWN.replace("28", "____")})
    assert [(problem.rule, problem.severity) for problem in checked.problems] == [("blank-left", "note")]
    assert checked.workspace.register.policies == {"own": None}


def test_line_management_never_counts_as_clinical_and_the_message_says_so(check: Check) -> None:
    checked = check({**named("own"), "policies/own.yaml": f"counts: {{types: [line-management]}}\n{OWN}"})
    assert "Line management never counts as clinical supervision" in checked.problems[0].message


def test_a_stream_of_its_own_may_count_line_management(check: Check) -> None:
    text = f"stream: line-management\ncounts: {{types: [line-management]}}\n{OWN}"
    assert not check({**named("own"), "policies/own.yaml": text}).problems


def test_ones_own_goes_before_the_shipped_one_of_that_name(check: Check) -> None:
    checked = check({**named("eight-weeks"), "policies/eight-weeks.yaml": OWN})
    assert not checked.problems
    found = checked.workspace.register.policies["eight-weeks"]
    assert found
    assert found.asks == {"maximum_gap_days": 28}
    assert found.path == "policies/eight-weeks.yaml"


def test_a_policy_is_no_record(check: Check) -> None:
    checked = check({**named("own"), "policies/own.yaml": OWN})
    assert not checked.workspace.records
    assert checked.left_alone == 0


# names


UNKNOWN = {
    "in supervision.yaml": (named("eight-weks"), "supervision.yaml", "eight-weks"),
    "in people.yaml": (
        {**named("eight-weeks"), "people.yaml": "people:\n  SE-201: {policies: [asye, asy]}\n"},
        "people.yaml",
        "asy",
    ),
    "of one's own": ({**named("ouers"), "policies/ours.yaml": OWN}, "supervision.yaml", "ouers"),
    "like nothing": (named("eight-weeks", "quarterly"), "supervision.yaml", "quarterly"),
    "a path": (
        named("../../templates/policies/eight-weeks"),
        "supervision.yaml",
        "../../templates/policies/eight-weeks",
    ),
}
NEAR = {"eight-weks": "eight-weeks", "asy": "asye", "ouers": "ours"}


@pytest.mark.parametrize("case", UNKNOWN, ids=str)
def test_a_policy_that_does_not_exist(case: str, check: Check) -> None:
    files, path, typed = UNKNOWN[case]
    checked = check(files)
    (problem,) = checked.problems
    assert (problem.path, problem.rule, problem.severity) == (path, "unknown-policy", "error")
    assert at(str(files[path]), problem.span) == typed
    assert (f"did you mean “{NEAR[typed]}”?" in problem.message) if typed in NEAR else "did you" not in problem.message
    assert "policies/" in problem.hint
    assert checked.workspace.register.policies[typed] is None


@pytest.mark.parametrize("text", ["policy: {eight: weeks}", "policy: 12", "policy:"])
def test_a_name_of_another_sort_breaks_nothing(text: str, check: Check) -> None:
    assert check({"supervision.yaml": f"organisation: Riverside\n{text}\n"}).workspace.register.settings


# age


def test_a_policy_is_compared_with_its_source_once_a_year(tmp_path: Path) -> None:
    root = write(tmp_path, {**named("own", "eight-weeks"), "policies/own.yaml": OWN})
    assert not open_workspace(root, jobs=1, as_at="2027-10-01").problems
    (problem,) = open_workspace(root, jobs=1, as_at="2027-10-02").problems
    assert (problem.path, problem.rule, problem.severity) == ("policies/own.yaml", "policy-out-of-date", "warning")
    assert at(OWN, problem.span) == "2026-10-01"
    found = open_workspace(root, jobs=1, as_at="2030-01-01").problems
    assert [(p.path, p.span.line) for p in found] == [("policies/own.yaml", 3), ("supervision.yaml", 2)]
    assert not open_workspace(root, jobs=1).problems, "without a day no clock is looked at"


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("as_of: 2024-02-29\n", "2025-02-28"),
        ("as_of: 2024-02-29\nreview: 2024-06-30\n", "2024-06-30"),
        ("as_of: 2024-02-29\nreview: 2030-06-30\n", "2030-06-30"),
    ],
)
def test_when_that_is_due(text: str, last: str, check: Check) -> None:
    found = check({**named("own"), "policies/own.yaml": OWN.replace("as_of: 2026-10-01\n", text)})
    own = found.workspace.register.policies["own"]
    assert own
    assert own.review == last
    assert not own.out_of_date(last)
    assert own.out_of_date(f"{last[:-2]}31")


# whom they hold for


def held(register: Register) -> dict[str, list[str]]:
    return {person.code: policies_of(register, person) for person in people(register)}


EVERYBODY = policy("maximum_gap_days: 56", "everybody")
MANAGED = policy("stream: line-management\nmaximum_gap_days: 28", "managed")
COUNSELLING = policy("professions: [Counselling, psychotherapy]\nminutes_per_month: 90", "counselling")


def test_a_professions_own_rule_takes_the_place_of_the_one_for_everybody_in_its_stream() -> None:
    policies: dict[str, Policy | None] = {p.name: p for p in (EVERYBODY, MANAGED, COUNSELLING)}
    staff = {
        "SE-201": {"profession": "nursing"},
        "SE-202": {"profession": "counselling"},
        "SE-203": {"profession": "Psychotherapy"},
        "SE-204": {},
        "SE-205": {"profession": "counselling", "policies": ["everybody"]},
        "SE-206": {"policies": ["counselling", "counselling"]},
    }
    register = Register(KINDS, {"policy": list(policies)}, staff, policies=policies)
    assert held(register) == {
        "SE-201": ["everybody", "managed"],
        "SE-202": ["managed", "counselling"],
        "SE-203": ["managed", "counselling"],
        "SE-204": ["everybody", "managed"],
        "SE-205": ["everybody"],
        "SE-206": ["counselling"],
    }


def test_a_policy_that_cannot_be_used_is_not_forgotten() -> None:
    register = Register(KINDS, {"policy": ["everybody", "lost"]}, {"SE-201": {}}, policies={"everybody": EVERYBODY})
    assert held(register) == {"SE-201": ["everybody", "lost"]}


# what is said on the way


@pytest.mark.parametrize("command", ["due", "coverage"])
def test_figures_that_lack_a_policy_say_so_and_fail(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people_yaml = "people:\n  SE-201: {name: Rhian Kettle}\n"
    root = write(tmp_path, {**named("eight-weks", "eight-weeks"), "people.yaml": people_yaml})
    assert run(["-C", str(root), command, "--as-at", "2026-12-01", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert "the policy eight-weks cannot be used: supervision-notes check says why" in err
    assert json.loads(out)
    assert run(["-C", str(root), command, "--as-at", "2028-12-01"]) == 1
    assert "the policy eight-weeks is as of 2026-11-21: compare it with its source" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["coverage", "calendar", "remind --dry-run"])
def test_where_the_only_policy_cannot_be_used_that_is_said_first(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path, {**named("eight-weks"), "people.yaml": "people:\n  SE-201: {name: Rhian Kettle}\n"})
    assert run(["-C", str(root), *command.split(), "--as-at", "2026-12-01"]) == 1
    why, *rest = capsys.readouterr().err.splitlines()
    assert why == "the policy eight-weks cannot be used: supervision-notes check says why."
    assert not [line for line in rest if "no policy" in line]
