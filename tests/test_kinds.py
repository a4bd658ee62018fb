"""The kinds, sentence by sentence: a whole text of each breaks nothing; without one thing it needs, one problem."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from supervision_notes.cli.main import run
from supervision_notes.convert import converted
from supervision_notes.reading import open_workspace
from supervision_notes.register import Register
from supervision_notes.schema import usable
from supervision_notes.writing.forms import Asked, blank_record

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
    CYCLE,
    DECISION,
    DISCLOSURE,
    KINDS,
    MEASURE,
    NO_REGISTER,
    PDSA,
    PROCESS_NOTE,
    REFLECTION,
    ROOT,
    SESSION,
    SIGN_OFF,
    Seen,
    problems,
    record,
    seen,
    text_of,
    without,
    write,
)

Record = tuple[Mapping[str, str], Mapping[str, str]]

EXTERNAL = {**SESSION, "type": "external", "provider": "Harbour Practice", "format": "group"}
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "group": "pg1",
    "facilitator": "SE-205",
    "attendance": "{SE-205: present, SE-206: present, SE-207: late 40, SE-208: apologies}",
}
WELLBEING = {**SESSION, "approach": "wellbeing-support"}
PRACTICE = {**SESSION, "type": "practice"}
LINE = {**SESSION, "type": "line-management"}
MENTORING = {**SESSION, "type": "mentoring"}
LINE_WORDS = {"Discussion points": "Workload.", "Review of previous actions": "None", "Actions": "None"}
GROW = {"Goal": "a", "Reality": "b", "Options": "c", "Way forward": "d", "Review": "e", "Actions": "None"}
NOT_HELD = {**without(SESSION, "minutes"), "outcome": "cancelled", "by": "supervisee"}
CASE = {"Decisions": "### Visit\n#### Case\nFAM-17\n#### Rationale\nTwo alone led nowhere."}

# Whole records that are settled: nothing is said of them.
WHOLE: dict[str, Record] = {
    "one-to-one": (SESSION, CLINICAL),
    "one-to-one with a decision": (SESSION, {**CLINICAL, "Decisions": DECISION}),
    "case supervision": ({**SESSION, "approach": "case-supervision"}, CLINICAL),
    "structured reflection": ({**SESSION, "approach": "structured-reflection"}, CLINICAL),
    "evidence-based learning": ({**SESSION, "approach": "evidence-based-learning"}, CLINICAL),
    "peer group": (GROUP, CLINICAL),
    "peer group with a supervisor": ({**without(GROUP, "facilitator"), "supervisor": "SV-014"}, CLINICAL),
    "external": (EXTERNAL, CLINICAL),
    "external one-to-one": ({**EXTERNAL, "format": "one-to-one"}, CLINICAL),
    "wellbeing": (WELLBEING, {"Exploration": "She was tired."}),
    "wellbeing in a group": ({**GROUP, "approach": "wellbeing-support"}, {"Exploration": "We were tired."}),
    "wellbeing with the rest": (WELLBEING, {**CLINICAL, "Functions": "### Supportive\nRest.", "Learning": "Rest."}),
    "practice": (PRACTICE, {**CLINICAL, **CASE}),
    "practice with every heading": (
        PRACTICE,
        {
            **CLINICAL, **CASE, **LINE_WORDS, "Agenda": "a", "Learning": "b", "Recognition": "c",
            "Functions": "### Management\na\n### Development\nb\n### Support\nc\n### Mediation\nd",
        },
    ),
    "safeguarding": ({**SESSION, "type": "safeguarding"}, {**CLINICAL, **CASE}),
    "line management": (LINE, LINE_WORDS),
    "line management with more": (LINE, {**LINE_WORDS, "Functions": "### Support\na", "Decisions": "### A day off"}),
    "mentoring": (MENTORING, {}),
    "mentoring by its model": (MENTORING, GROW),
    "cancelled": (NOT_HELD, {}),
    "did not attend": ({**NOT_HELD, "outcome": "did-not-attend", "by": "SE-201"}, {}),
    "declined": ({**NOT_HELD, "outcome": "declined", "by": "other"}, {}),
    "cancelled by the organisation and moved": (
        {**NOT_HELD, "by": "organisation", "rearranged_to": "2026-10-06", "next_date": "2026-10-06"}, {},
    ),
    "a group cancelled": (
        {**without(GROUP, "minutes", "attendance", "facilitator"), "outcome": "cancelled", "by": "organisation"}, {},
    ),
    "an external session declined": ({**without(EXTERNAL, "minutes"), "outcome": "declined", "by": "SE-201"}, {}),
    "the last one": ({**SESSION, "next_date": "ending"}, CLINICAL),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_record_breaks_nothing(name: str) -> None:
    assert [str(problem) for problem in problems(text_of(*WHOLE[name]))] == []


CORE = ("date", "minutes", "type", "mode", "status")
MISSING: list[tuple[str, str, str, str]] = [
    *(("one-to-one", key, "fact", "missing-field") for key in ("date", "minutes", "mode", "supervisor", "supervisees")),
    *(("one-to-one", title, "heading", "missing-field") for title in CLINICAL),
    *(("case supervision", title, "heading", "missing-field") for title in CLINICAL),
    *(("peer group", key, "fact", "missing-field") for key in ("group", "attendance", "facilitator", "minutes")),
    *(("peer group", title, "heading", "missing-field") for title in CLINICAL),
    *(("external", key, "fact", "missing-field") for key in ("provider", "format", "supervisor", "supervisees")),
    *(("external", title, "heading", "missing-field") for title in CLINICAL),
    ("wellbeing", "Exploration", "heading", "missing-field"),
    ("line management", "Discussion points", "heading", "missing-field"),
    ("line management", "Actions", "heading", "missing-field"),
    *(("mentoring", key, "fact", "missing-field") for key in ("date", "minutes", "mode", "supervisor", "supervisees")),
    *(("cancelled", key, "fact", "missing-field") for key in ("date", "by", "supervisor", "supervisees")),
    *(("a group cancelled", key, "fact", "missing-field") for key in ("group", "by")),
]


@pytest.mark.parametrize(("name", "key", "what", "rule"), MISSING)
def test_what_is_left_out_is_one_problem(name: str, key: str, what: str, rule: str) -> None:
    facts, sections = WHOLE[name]
    if what == "fact":
        facts = without(facts, key)
    else:
        sections = without(sections, key)
    (problem,) = problems(text_of(facts, sections))
    assert (problem.rule, problem.severity) == (rule, "error")
    assert problem.hint
    title = KINDS["session"].fields[key].title if what == "fact" and key not in ("by", "facilitator") else key
    assert key in problem.message or title in problem.message or problem.message.endswith(".")
    (draft,) = problems(text_of({**facts, "status": "draft"}, sections))
    assert (draft.rule, draft.severity) == (rule, "note")


@pytest.mark.parametrize("key", ["type", "status"])
def test_without_its_type_or_status_a_session_is_not_settled(key: str) -> None:
    (problem,) = problems(text_of(without(SESSION, key), CLINICAL))
    assert (problem.rule, problem.severity) == ("missing-field", "error")


@pytest.mark.parametrize("name", ["one-to-one", "peer group", "external", "wellbeing"])
def test_of_a_draft_nothing_is_wrong(name: str) -> None:
    facts, _ = WHOLE[name]
    found = problems(text_of({"kind": "session", "status": "draft", "type": facts["type"]}))
    assert found
    assert {problem.severity for problem in found} == {"note"}


@pytest.mark.parametrize(
    ("title", "words"),
    [("Decisions", "None yet"), ("Decisions", "none"), ("Actions", "None"), ("Actions", "Nil."), ("Actions", "- None"),
     ("Risk and safeguarding", "None raised"), ("Risk and safeguarding", "N/A"), ("Decisions", "NONE YET.")],
)  # fmt: skip
def test_that_there_is_nothing_is_an_answer(title: str, words: str) -> None:
    text = text_of(SESSION, {**CLINICAL, title: words})
    assert problems(text) == []
    key = title.lower().replace(" ", "_")
    assert record(text).value[key] == words.removeprefix("- ")


@pytest.mark.parametrize("title", ["Focus question", "Exploration"])
def test_where_something_is_needed_none_is_no_answer(title: str) -> None:
    (problem,) = problems(text_of(SESSION, {**CLINICAL, title: "None."}))
    assert (problem.rule, problem.severity) == ("empty-section", "error")


@pytest.mark.parametrize("name", ["one-to-one", "peer group", "external"])
def test_each_decision_shows_its_workings_and_its_ethics(name: str) -> None:
    facts, sections = WHOLE[name]
    two = "### One\n#### Rationale\nBecause.\n\n### Two\n#### Ethical check\nYes.\n"
    found = problems(text_of(facts, {**sections, "Decisions": two}))
    assert [problem.rule for problem in found] == ["missing-ethical-check", "missing-rationale"]
    assert {problem.severity for problem in found} == {"error"}
    drafted = problems(text_of({**facts, "status": "draft"}, {**sections, "Decisions": two}))
    assert {problem.severity for problem in drafted} == {"note"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [(PRACTICE, ["missing-rationale"]), ({**SESSION, "type": "safeguarding"}, ["missing-rationale"]),
     (LINE, []), (MENTORING, []), (WELLBEING, [])],
)  # fmt: skip
def test_elsewhere_a_decision_needs_less(facts: Mapping[str, str], expected: list[str]) -> None:
    words = {"Exploration": "a", "Decisions": "### Go"} if facts is not LINE else {**LINE_WORDS, "Decisions": "### Go"}
    found = problems(text_of(facts, words if facts is not MENTORING else {"Decisions": "### Go"}))
    assert [problem.rule for problem in found] == expected
    assert {problem.severity for problem in found} <= {"warning"}


def test_a_decision_of_practice_names_its_case() -> None:
    (decision,) = record(text_of(PRACTICE, CASE)).value["decisions"]
    assert decision == {"decision": "Visit", "case": "FAM-17", "rationale": "Two alone led nowhere."}


FOREIGN = [
    *((LINE, LINE_WORDS, title) for title in ("Focus question", "Exploration", "Goal", "Way forward")),
    *((SESSION, CLINICAL, title) for title in ("Discussion points", "Goal", "Reality", "Options", "Way forward")),
    *((GROUP, CLINICAL, title) for title in ("Discussion points", "Goal")),
]


@pytest.mark.parametrize(("facts", "sections", "title"), FOREIGN)
def test_a_heading_of_another_type_is_kept_and_told(
    facts: Mapping[str, str], sections: Mapping[str, str], title: str
) -> None:
    text = text_of(facts, {**sections, title: "Words."})
    (problem,) = problems(text)
    assert (problem.rule, problem.severity) == ("unknown-heading", "warning")
    assert record(text).value[title.lower().replace(" ", "_")] == "Words."


@pytest.mark.parametrize(
    ("attendance", "leader", "small"),
    [
        ("{SE-205: present, SE-206: present, SE-207: present}", "facilitator: SE-205", False),
        ("{SE-206: present, SE-207: late 5}", "facilitator: SE-205", False),
        ("{SE-206: present, SE-207: present}", "supervisor: SV-014", False),
        ("{SE-205: present, SE-206: present, SE-207: apologies}", "facilitator: SE-205", True),
        ("{SE-205: apologies, SE-206: present, SE-207: present}", "facilitator: SE-205", True),
        ("{SE-205: present, SE-206: did-not-attend, SE-207: present}", "facilitator: SE-205", True),
        ("{SE-205: present}", "facilitator: SE-205", True),
    ],
)
def test_a_group_is_more_than_two(attendance: str, leader: str, small: bool) -> None:
    key, _, code = leader.partition(": ")
    facts = {**without(GROUP, "facilitator"), key: code, "attendance": attendance}
    expected = [("group-too-small", "warning")] * small
    assert [(problem.rule, problem.severity) for problem in problems(text_of(facts, CLINICAL))] == expected


@pytest.mark.parametrize("how", ["presnt", "late", "late 0", "late forty", "maybe"])
def test_attendance_is_one_of_four_words(how: str) -> None:
    facts = {**GROUP, "attendance": f"{{SE-205: present, SE-206: {how}, SE-207: present}}"}
    (problem,) = problems(text_of(facts, CLINICAL))
    assert seen([problem]) == [Seen("wrong-choice", 10, 39)]
    assert all(choice in problem.hint for choice in ("present", "apologies", "did-not-attend", "late 40"))


def test_misspelt_attendance_is_all_that_is_wrong_with_a_small_group() -> None:
    facts = {**GROUP, "attendance": "{SE-205: present, SE-206: presnt, SE-207: present}"}
    assert [problem.rule for problem in problems(text_of(facts, CLINICAL))] == ["wrong-choice"]


@pytest.mark.parametrize("facts", [SESSION, EXTERNAL, PRACTICE, LINE, MENTORING, {**SESSION, "type": "safeguarding"}])
@pytest.mark.parametrize("supervisees", ["SE-201", "SE-205, SE-201"])
def test_nobody_supervises_themselves(facts: Mapping[str, str], supervisees: str) -> None:
    text = text_of({**facts, "supervisor": "SE-201", "supervisees": supervisees, "status": "draft"})
    assert [problem.rule for problem in problems(text) if problem.severity != "note"] == ["own-supervisor"]


def test_in_a_peer_group_a_member_may_lead() -> None:
    facts = {**without(GROUP, "facilitator"), "supervisor": "SE-205", "supervisees": "SE-205, SE-206"}
    assert problems(text_of(facts, CLINICAL)) == []


def test_no_form_of_an_external_session_asks_for_an_approach(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"supervision.yaml": "organisation: A\nowner: SV-014\n"})
    asked = {}
    for kind in KINDS["session"].fields["type"].schema["enum"]:
        arguments = ["-C", str(tmp_path), "new", "session", "--for", "SE-201", "--date", "2026-09-29"]
        assert run([*arguments, "--set", f"type={kind}", "--dry-run"]) == 0
        asked[kind] = "\napproach:" in capsys.readouterr().out
    assert {kind for kind, said in asked.items() if said} == {"one-to-one", "peer-group"}


# words of the frameworks

FRAMEWORKS = {
    "proctor": ["Restorative", "Formative", "Normative"],
    "morrison": ["Support", "Development", "Management", "Mediation"],
    "kadushin": ["Supportive", "Educational", "Administrative"],
    "hawkins-smith": ["Resourcing", "Developmental", "Qualitative"],
    "a-equip": [
        "Clinical supervision (restorative)", "Education and development (formative)",
        "Monitoring, evaluation and quality control (normative)", "Personal action for quality improvement",
    ],
    "seed": ["Supportive", "Educative", "Normative"],
}  # fmt: skip


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_every_framework_has_its_words(framework: str) -> None:
    titles = FRAMEWORKS[framework]
    words = "\n".join(f"### {title}\nWords {n}." for n, title in enumerate(titles))
    read = record(text_of({**SESSION, "status": "draft"}, {"Functions": words}))
    assert [p for p in read.problems if p.severity != "note"] == []
    assert list(read.value["functions"].values()) == [f"Words {n}." for n in range(len(titles))]
    assert set(read.value["functions"]) <= {
        "supportive", "educative", "normative", "mediation", "quality_improvement",
    }  # fmt: skip
    assert [label for path, label in read.labels.items() if path[0] == "functions" and len(path) == 2] == titles


# reflection


@pytest.mark.parametrize("model", [*KINDS["reflection"].stages, "free"])
def test_a_reflection_uses_the_stages_of_its_model_or_none(model: str) -> None:
    stages = KINDS["reflection"].stages.get(model, {}).get("stages", ())
    titles = [KINDS["reflection"].fields[key].title for key in stages]
    text = text_of({**REFLECTION, "model": model}, {title: f"On {title}." for title in titles})
    assert problems(text) == []
    value = record(text).value
    assert [value[key] for key in stages] == [f"On {title}." for title in titles]
    assert problems(text_of({**REFLECTION, "model": model})) == []
    assert problems(text_of({**REFLECTION, "model": model}, {"The corridor": "I froze.", "After": "I slept."})) == []


def test_only_a_near_miss_of_a_stage_is_noted() -> None:
    text = text_of({**REFLECTION, "model": "gibbs"}, {"Feelngs": "Cold.", "The corridor": "Long."})
    (problem,) = problems(text)
    assert (problem.rule, problem.severity) == ("unknown-heading", "note")
    assert "did you mean “Feelings”?" in problem.message
    assert record(text).value["sections"] == [
        {"heading": "Feelngs", "text": "Cold."},
        {"heading": "The corridor", "text": "Long."},
    ]
    assert problems(text_of({**REFLECTION, "model": "kolb"}, {"Feelngs": "Cold."})) == []


def test_a_reflection_without_a_heading_is_no_mistake() -> None:
    text = f"{text_of(REFLECTION)}\nI was short with her.\n"
    assert [problem for problem in problems(text) if problem.severity == "error"] == []
    assert "I was short with her." in json.dumps(record(text).value)


@pytest.mark.parametrize("key", ["date", "author"])
def test_a_reflection_has_a_date_and_an_author(key: str) -> None:
    (problem,) = problems(text_of(without(REFLECTION, key), {"After": "I slept."}))
    assert (problem.rule, problem.severity) == ("missing-field", "error")


def test_a_reflection_is_private() -> None:
    assert KINDS["reflection"].private
    assert {field.layer for field in KINDS["reflection"].fields.values()} == {"private"}


# agreement

CLAUSES = [
    "purpose", "arrangements", "supervisor_responsibilities", "supervisee_responsibilities",
    "missed_meetings", "confidentiality", "record_keeping", "boundaries", "evaluation", "disagreement",
    "ending",
]  # fmt: skip
MORE = {
    "individual": ["data_protection", "accountability"],
    "group": ["data_protection", "accountability", "preparation"],
    "tripartite": ["data_protection", "accountability", "payment", "reports"],
    "external": ["data_protection", "accountability", "payment", "between_meetings"],
    "trainee": ["data_protection", "accountability", "preparation", "between_meetings", "reports"],
    "mentoring": [],
}
THREE = "[{person: SV-014, role: supervisor}, {person: SE-201, role: member}, {person: SE-202, role: member}]"


def agreement(form: str, **facts: str) -> Record:
    """A whole agreement of a form."""
    parties = {"parties": THREE} if form in ("group", "tripartite") else {}
    titles = [KINDS["agreement"].fields[key].title for key in [*CLAUSES, *MORE[form]]]
    return {**AGREEMENT, **parties, "form": form, **facts}, dict.fromkeys(titles, "We agree.")


@pytest.mark.parametrize("form", MORE)
def test_a_whole_agreement_breaks_nothing(form: str) -> None:
    assert [str(problem) for problem in problems(text_of(*agreement(form)))] == []


@pytest.mark.parametrize(("form", "key"), [(form, key) for form in MORE for key in [*CLAUSES, *MORE[form]]])
def test_each_form_needs_its_clauses(form: str, key: str) -> None:
    facts, sections = agreement(form)
    title = KINDS["agreement"].fields[key].title
    for status, severity in [("agreed", "error"), ("to-sign", "warning"), ("draft", "note"), ("ended", "warning")]:
        (problem,) = problems(text_of({**facts, "status": status}, without(sections, title)))
        assert (problem.rule, problem.severity) == ("missing-field", severity)
        assert title in problem.message


@pytest.mark.parametrize("form", MORE)
@pytest.mark.parametrize("key", ["version", "start", "review_date", "parties", "meeting", "exceptions"])
def test_each_form_needs_its_facts(form: str, key: str) -> None:
    facts, sections = agreement(form)
    (problem,) = problems(text_of(without(facts, key), sections))
    assert (problem.rule, problem.severity) == ("missing-field", "error")


@pytest.mark.parametrize(("form", "least"), [(form, 3 if form in ("group", "tripartite") else 2) for form in MORE])
def test_an_agreement_has_its_parties(form: str, least: int) -> None:
    few = ", ".join(f"{{person: SE-20{n}, role: member}}" for n in range(least - 1))
    (problem,) = problems(text_of(*agreement(form, parties=f"[{few}]")))
    assert (problem.rule, problem.severity) == ("out-of-range", "error")


def test_a_party_has_a_person_and_a_role() -> None:
    parties = "[{person: SV-014}, {role: supervisee}]"
    found = problems(text_of(*agreement("individual", parties=parties)))
    assert seen(found) == [Seen("missing-field", 8, 11), Seen("missing-field", 8, 29)]


GROUNDS = KINDS["agreement"].fields["exceptions"].fields["ground"].schema["enum"]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("discuss", ["expected", "if-safe", "must-not"])
def test_every_exception_says_whether_it_is_discussed_first(ground: str, discuss: str) -> None:
    text = ", text: As we said" if ground == "other" else ""
    exceptions = f"[{{ground: {ground}, discuss_first: {discuss}{text}}}]"
    unsafe = ground in ("terrorism", "legal-duty") and discuss == "expected"
    found = problems(text_of(*agreement("individual", exceptions=exceptions)))
    assert [(p.rule, p.severity) for p in found] == [("unsafe-discuss-first", "warning")] * unsafe


def test_the_sources_exceptions_have_their_limbs() -> None:
    words = KINDS["agreement"].fields["exceptions"].fields["ground"].words
    assert "serious harm" in words["serious-harm-to-others"]
    assert "serious harm" in words["harmful-practice-unchanged"]
    assert "refuses to change" in words["harmful-practice-unchanged"]
    assert set(words) == set(GROUNDS)


@pytest.mark.parametrize(
    ("exceptions", "expected"),
    [
        ("[{ground: court-order}]", [Seen("missing-field", 10, 14)]),
        ("[{discuss_first: if-safe}]", [Seen("missing-field", 10, 14)]),
        ("[{ground: other, discuss_first: if-safe}]", [Seen("missing-field", 10, 14)]),
        ("[{ground: court-ordr, discuss_first: if-safe}]", [Seen("wrong-choice", 10, 23)]),
        ("[{ground: court-order, discuss_first: maybe}]", [Seen("wrong-choice", 10, 51)]),
        ("[]", [Seen("missing-field", 10, 1)]),
        ("{ground: court-order, discuss_first: if-safe}", []),
    ],
)
def test_no_agreement_is_without_exceptions(exceptions: str, expected: list[Seen]) -> None:
    assert seen(problems(text_of(*agreement("individual", exceptions=exceptions)))) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"review_date": "2026-01-11"}, ["dates-out-of-order"]),
        ({"review_date": "2026-01-12"}, ["dates-out-of-order"]),
        ({"review_date": "2026-01-13"}, []),
        ({"end": "2026-01-11"}, ["dates-out-of-order"]),
        ({"end": "2026-01-12"}, []),
        ({"end": "2025-01-01", "review_date": "2025-01-01"}, ["dates-out-of-order"] * 2),
        ({"start": "12/01/2026", "review_date": "2025-01-12"}, ["ambiguous-date"]),
    ],
)
def test_an_agreement_is_reviewed_and_ends_after_it_starts(facts: Mapping[str, str], expected: list[str]) -> None:
    assert [problem.rule for problem in problems(text_of(*agreement("individual", **facts)))] == expected


@pytest.mark.parametrize(
    ("status", "severity"), [("draft", "note"), ("to-sign", "note"), ("agreed", "error"), ("ended", "warning")]
)
def test_a_blank_is_weighed_by_the_status(status: str, severity: str) -> None:
    facts, sections = agreement("individual", status=status)
    blank = {**sections, "Ending": "With ____ weeks' notice, and (£____) … (____)."}
    found = problems(text_of(facts, blank))
    assert [(p.rule, p.severity) for p in found] == [("blank-left", severity)] * 3
    assert [p.span.end_column - p.span.column for p in found] == [4, 4, 4]
    found = problems(text_of({**facts, "meeting": "{every: ____, minutes: ____, mode: online}"}, sections))
    assert [(p.rule, p.severity) for p in found] == [("blank-left", severity)] * 2


@pytest.mark.parametrize(
    ("receives", "expected"),
    [
        ("attendance", []),
        ("attendance, approach, by", []),
        ("[approach]", []),
        ("nothing", []),
        ("nothing, approach", ["out-of-range"]),
        ("notes", ["wrong-choice"]),
    ],
)
def test_what_the_organisation_receives(receives: str, expected: list[str]) -> None:
    found = problems(text_of(*agreement("individual", organisation_receives=receives)))
    assert [problem.rule for problem in found] == expected


@pytest.mark.parametrize("every", ["week", "fortnight", "month", "8 weeks", "10 days", "1 week"])
def test_how_often_is_said_in_words(every: str) -> None:
    facts, sections = agreement("individual", meeting=f"{{every: {every}, minutes: 60, mode: phone}}")
    assert problems(text_of(facts, sections)) == []


@pytest.mark.parametrize("every", ["eight weeks", "0 weeks", "often", "8"])
def test_how_often_is_nothing_else(every: str) -> None:
    facts, sections = agreement("individual", meeting=f"{{every: {every}, minutes: 60, mode: phone}}")
    (problem,) = problems(text_of(facts, sections))
    assert seen([problem]) == [Seen("wrong-choice", 9, 18)]
    assert "8 weeks" in problem.hint


# sign-off, addendum, process note, cycle, measure, disclosure

PASSED_ON = {"What was said": "That there is a concern.", "Why": "Speaking first was not safe.", "Outcome": "None yet"}
NOTED: dict[str, Record] = {
    "sign-off": (SIGN_OFF, {}),
    "sign-off with a comment": ({**SIGN_OFF, "verdict": "agree-with-comment"}, {"Comment": "I would say reluctant."}),
    "sign-off with nothing to add": ({**SIGN_OFF, "method": "entered"}, {"Comment": "None"}),
    "disagreement": ({**SIGN_OFF, "verdict": "disagree"}, {}),
    "disagreement about an agreement": ({**SIGN_OFF, "of": "agr-1", "verdict": "disagree"}, {"Comment": "Not weekly."}),
    "sign-off in ink": ({**without(SIGN_OFF, "digest"), "method": "paper"}, {}),
    "addendum": (ADDENDUM, {"Addendum": "The audit covers both sites."}),
    "process note": (PROCESS_NOTE, {"Notes": "I hurried her."}),
    "process note in its own words": (without(PROCESS_NOTE, "about"), {"The silence": "Long.", "Mine": "Fear."}),
    "disclosure": (DISCLOSURE, PASSED_ON),
    "disclosure not discussed": ({**DISCLOSURE, "discussed": "no"}, PASSED_ON),
    "disclosure not told": (without(DISCLOSURE, "supervisee_told"), PASSED_ON),
    "cycle": (CYCLE, PDSA),
    "cycle of one day": ({**CYCLE, "end": "2026-03-02"}, PDSA),
    "measure": (MEASURE, {}),
    "measure that is counted": ({**MEASURE, "counted": "yes"}, {"Notes": "A long week."}),
    "disclosure told to nobody": ({**DISCLOSURE, "supervisee_told": "no"}, {}),
}


@pytest.mark.parametrize("name", NOTED)
def test_a_whole_note_breaks_nothing(name: str) -> None:
    assert [str(problem) for problem in problems(text_of(*NOTED[name]))] == []


@pytest.mark.parametrize(
    ("name", "key", "severity"),
    [
        *(("sign-off", key, "error") for key in ("of", "by", "date", "digest")),
        *(("disagreement", key, severity) for key, severity in [("verdict", "warning"), ("digest", "error")]),
        *(("sign-off in ink", key, severity) for key, severity in [("verdict", "warning"), ("by", "error")]),
        *(("addendum", key, "error") for key in ("of", "by", "date")),
        ("addendum", "Addendum", "warning"),
        *(("process note", key, "error") for key in ("author", "date")),
        *(("cycle", key, "error") for key in (*without(CYCLE, "kind"), *PDSA)),
        *(("measure", key, "error") for key in ("date", "author")),
        *(("measure", key, "warning") for key in ("name", "scores")),
        *(("disclosure", key, "warning") for key in without(DISCLOSURE, "kind", "supervisee_told")),
        ("disclosure not discussed", "Why", "warning"),
    ],
)
def test_what_a_note_leaves_out_is_one_problem(name: str, key: str, severity: str) -> None:
    facts, sections = NOTED[name]
    text = text_of(without(facts, key), sections) if key in facts else text_of(facts, without(sections, key))
    (problem,) = problems(text)
    assert (problem.rule, problem.severity) == ("missing-field", severity)
    assert problem.hint


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({**SIGN_OFF, "verdict": "maybe"}, "wrong-choice"),
        ({**SIGN_OFF, "method": "papr"}, "wrong-choice"),
        ({**without(SIGN_OFF, "digest"), "method": "papr"}, "wrong-choice"),
        ({**SIGN_OFF, "digest": "sha256:0b"}, "wrong-type"),
        ({**SIGN_OFF, "digest": SIGN_OFF["digest"].upper()}, "wrong-type"),
        ({**SIGN_OFF, "status": "draft"}, "unknown-field"),
        ({**SIGN_OFF, "share_with": "LM-007"}, "unknown-field"),
        ({**PROCESS_NOTE, "share_with": "SE-201"}, "unknown-field"),
        ({**CYCLE, "measure": "Check in"}, "wrong-choice"),
        ({**CYCLE, "end": "2026-03-01"}, "dates-out-of-order"),
        ({**CYCLE, "share_with": "LM-007"}, "unknown-field"),
        *(
            ({**MEASURE, "scores": f"{{work: {score}}}"}, "wrong-choice")
            for score in ("1001", "1000.5", "07", "7.25", "high")
        ),
        *(({**MEASURE, "scores": scores}, "out-of-range") for scores in ("{How tired am I?: 7}", "{}", "{Work: 7}")),
        ({**MEASURE, "scores": "7"}, "wrong-type"),
        ({**MEASURE, "name": "How are you?"}, "wrong-choice"),
        ({**MEASURE, "counted": "perhaps"}, "wrong-type"),
        ({**MEASURE, "share_with": "SV-014"}, "unknown-field"),
        ({**DISCLOSURE, "ground": "court-ordr"}, "wrong-choice"),
        ({**DISCLOSURE, "discussed": "later"}, "wrong-type"),
        ({**DISCLOSURE, "supervisee_told": "soon"}, "wrong-date"),
        ({**DISCLOSURE, "supervisee_told": "9 October 2026"}, "wrong-date"),
        ({**DISCLOSURE, "when": "2026-02-30"}, "wrong-date"),
        ({**DISCLOSURE, "of": "2026-09-29-se201"}, "unknown-field"),
    ],
)
def test_a_mistake_in_a_note_is_one_problem(facts: Mapping[str, str], rule: str) -> None:
    (problem,) = problems(text_of(facts, {"disclosure": PASSED_ON, "cycle": PDSA}.get(facts["kind"], {})))
    assert (problem.rule, problem.severity) == (rule, "error")


def test_a_blank_digest_is_no_digest_and_ink_needs_none() -> None:
    (blank,) = problems(text_of({**SIGN_OFF, "digest": "____"}))
    assert (blank.rule, blank.severity) == ("blank-left", "warning")
    forms = {
        method: blank_record(Asked(KINDS["sign-off"], "2026-10-02", "SE-201", said), "a", NO_REGISTER, ROOT)
        for method, said in {"": {}, "entered": {"method": "entered"}, "paper": {"method": "paper"}}.items()
    }
    assert {method: "\ndigest: ____\n" in form for method, form in forms.items()} == {
        "": True, "entered": True, "paper": False,
    }  # fmt: skip


def test_a_cycle_that_goes_on_is_a_draft() -> None:
    found = problems(text_of({**CYCLE, "status": "draft", "previous": "cycle-1"}, {"Aim": "One day."}))
    assert {problem.severity for problem in found} == {"note"}
    assert [title for problem in found for title in PDSA if f"“{title}”" in problem.message] == ["Do", "Study", "Act"]


@pytest.mark.parametrize("scores", ["{Rhian is tired: 7}", "{work: rather low}"])
def test_no_message_holds_what_was_scored(scores: str) -> None:
    (problem,) = problems(text_of({**MEASURE, "scores": scores}))
    assert not {"Rhian", "tired", "rather", "low"} & set(re.findall(r"\w+", str(problem) + problem.hint))


@pytest.mark.parametrize("kind", ["sign-off", "addendum"])
@pytest.mark.parametrize("person", ["SE-201", "SV-014"])
def test_whoever_it_is_for_gives_their_word(kind: str, person: str) -> None:
    owned = Register(KINDS, {"owner": "SV-014"})
    assert f"\nby: {person}\n" in blank_record(Asked(KINDS[kind], "2026-10-02", person), "a", owned, ROOT)


def test_a_process_note_is_its_owners_whoever_it_is_about() -> None:
    owned = Register(KINDS, {"owner": "SV-014"})
    form = blank_record(Asked(KINDS["process-note"], "2026-10-02", "SE-201"), "a", owned, ROOT)
    assert "\nauthor: SV-014\n" in form


def test_an_addendum_may_be_titled_as_one() -> None:
    titled = f"{text_of(ADDENDUM)}\n# Addendum\n\n## Addendum\n\nBoth sites.\n"
    assert problems(titled) == []
    assert record(titled).value["addendum"] == "Both sites."
    (level,) = problems(f"{text_of(ADDENDUM)}\n# Addendum\n\nBoth sites.\n")
    assert (level.rule, level.fix.text if level.fix else "") == ("wrong-level", "## Addendum")


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        *(("sign-off", "shared"), ("addendum", "shared"), ("cycle", "shared"), ("process-note", "private")),
        *(("measure", "private"), ("disclosure", "restricted")),
    ],
)
def test_every_part_of_a_note_has_the_same_layer(name: str, layer: str) -> None:
    assert {field.layer for field in KINDS[name].fields.values()} == {KINDS[name].layer} == {layer}
    assert KINDS[name].private == (layer != "shared")


def test_a_disclosure_has_the_grounds_of_the_agreements() -> None:
    there, here = KINDS["agreement"].fields["exceptions"].fields["ground"], KINDS["disclosure"].fields["ground"]
    assert here.schema["enum"] == there.schema["enum"]
    assert here.words == there.words


def test_an_id_says_nothing_of_a_disclosure() -> None:
    pattern = KINDS["disclosure"].schema["x-id"]
    assert "{for}" not in pattern
    assert "disc" not in pattern


@pytest.mark.parametrize("discuss", ["", "expected", "if-safe", "must-not"])
def test_what_was_agreed_shapes_what_a_disclosure_asks(discuss: str) -> None:
    asked = Asked(KINDS["disclosure"], "2026-10-09", "SE-201", known={"discuss_first": discuss})
    text = blank_record(asked, "r-1", NO_REGISTER, ROOT)
    for key in ("discussed", "why"):
        field = KINDS["disclosure"].fields[key]
        own = field.hints["discuss_first"]
        said = own.get(discuss) or (field.hint if field.shape else field.choices)
        assert said in text
        assert not any(other in text for other in own.values() if other != said)
    assert ("expects" in text) == (discuss == "expected")
    assert {problem.rule for problem in problems(text)} == {"blank-left", "empty-section", "missing-field"}


def test_where_it_must_not_be_discussed_nothing_asks_for_it() -> None:
    fields = KINDS["disclosure"].fields
    for key in ("discussed", "why"):
        hint = fields[key].hints["discuss_first"]["must-not"]
        assert "leaves" in hint
        assert not {"expect", "should", "speak", "yes"} & set(hint.replace(",", " ").replace(";", " ").split())


@pytest.mark.parametrize("name", NOTED)
def test_a_note_goes_into_its_other_form_and_back(name: str) -> None:
    first = record(text_of({**NOTED[name][0], "id": "a"}, NOTED[name][1]))
    there = record(converted(first, "yaml"), "a.yaml")
    back = record(converted(there, "md"))
    assert first.value == there.value == back.value
    assert first.digest() == there.digest() == back.digest()


EXAMPLES_OF_A_PATTERN = {
    "start: 9:00": text_of({**SESSION, "start": "9:00"}, CLINICAL),
    "start: 9.30": text_of({**SESSION, "start": "9.30"}, CLINICAL),
    "client_hours: 19h": text_of({**SESSION, "client_hours": "19h"}, CLINICAL),
    "client_hours: 17,5": text_of({**SESSION, "client_hours": "17,5"}, CLINICAL),
    "every: 6 weks": text_of(*agreement("individual", meeting="{every: 6 weks, minutes: 60, mode: phone}")),
    "late 20 min": text_of({**GROUP, "attendance": "{SE-1: late 20 min, SE-2: present, SE-3: present}"}, CLINICAL),
}


@pytest.mark.parametrize("name", EXAMPLES_OF_A_PATTERN)
def test_an_example_of_how_to_write_is_no_mending(name: str) -> None:
    """`--fix` must not make nine o'clock half past nine because 09:30 is the example."""
    (problem,) = problems(EXAMPLES_OF_A_PATTERN[name])
    assert problem.severity == "error"
    assert problem.hint
    assert problem.fix is None
    assert "did you mean" not in problem.message


# one record in two forms

FORMS: dict[str, tuple[str, str]] = {
    "a session": (
        text_of(
            {**SESSION, "about": "agr-1, refl-2"},
            {
                "Focus question": "How do I say no?\n\nAnd *when*?",
                "Exploration": "| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n  - two",
                "Functions": "### Restorative\nRest.\n\n### Mediation\nBoth ways.",
                "Decisions": "### Visit\nIn May.\n#### Rationale\nBecause.\n#### Ethical check\nYes.\n\n### Wait\n",
                "Actions": "- [ ] A1: Ask @SE-201 @supervisor due:2026-12-17\n  as agreed\n- [x] A2: Told",
                "Risk and safeguarding": "None raised",
            },
        ),
        "\n".join(
            [
                *(f"{key}: {value}" for key, value in SESSION.items()),
                "about: [agr-1, refl-2]",
                'focus_question: "How do I say no?\\n\\nAnd *when*?"',
                "exploration: |\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n  - one\n    - two",
                "functions: {supportive: Rest., mediation: Both ways.}",
                "decisions:\n- {decision: Visit, text: In May., rationale: Because., ethical_check: 'Yes.'}",
                "- decision: Wait",
                "actions:\n- {id: A1, text: Ask, owner: [SE-201, supervisor], due: 2026-12-17, reason: as agreed}",
                "- {id: A2, state: done, text: Told}",
                "risk_and_safeguarding: None raised",
            ]
        ),
    ),
    "a session with nothing to say": (
        text_of(SESSION, CLINICAL),
        "".join(f"{key}: {value}\n" for key, value in SESSION.items())
        + "".join(f"{title.lower().replace(' ', '_')}: {words}\n" for title, words in CLINICAL.items()),
    ),
    "a reflection": (
        text_of({**REFLECTION, "participatory": "yes"}, {"Feelings": "Cold.", "The corridor": "Long."}),
        "kind: reflection\ndate: 2026-09-29\nauthor: SE-201\nparticipatory: true\nfeelings: Cold.\n"
        "sections:\n- {heading: The corridor, text: Long.}\n",
    ),
    "an agreement": (
        text_of(*agreement("mentoring", fees="{amount: £60, paid_by: The mentee}")),
        "".join(f"{key}: {value}\n" for key, value in {**AGREEMENT, "form": "mentoring"}.items())
        + "fees: {amount: £60, paid_by: The mentee}\n"
        + "".join(f"{key}: We agree.\n" for key in CLAUSES),
    ),
    "facts as they were typed": (
        text_of({**SESSION, "provider": "010", "group": "NO", "start": "14:30", "client_hours": "18.5"}),
        "".join(f"{key}: '{value}'\n" for key, value in SESSION.items())
        + "provider: '010'\ngroup: \"NO\"\nstart: '14:30'\nclient_hours: '18.5'\n",
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_record_in_markdown_and_in_yaml_is_the_same_value(name: str) -> None:
    markdown, yaml = FORMS[name]
    assert record(markdown).value == record(yaml, "a.yaml").value
    rules = [problem.rule for problem in problems(markdown)]
    assert rules == [problem.rule for problem in problems(yaml, "a.yaml")]


def test_quotes_never_matter_and_the_schema_gives_the_types() -> None:
    value = record(FORMS["facts as they were typed"][0]).value
    assert {key: value[key] for key in ("provider", "group", "start", "minutes", "client_hours")} == {
        "provider": "010",
        "group": "NO",
        "start": "14:30",
        "minutes": 60,
        "client_hours": "18.5",
    }


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_nothing_is_absent(nothing: str) -> None:
    read = record(text_of({**SESSION, "group": nothing, "next_date": nothing, "about": nothing}))
    assert not {"group", "next_date", "about"} & set(read.value)


# what `new` writes


def forms_to_write() -> Iterator[tuple[str, ...]]:
    for kind in KINDS["session"].fields["type"].schema["enum"]:
        yield ("session", "--set", f"type={kind}")
    for framework in FRAMEWORKS:
        yield ("session", "--set", f"framework={framework}")
    for form in MORE:
        yield ("agreement", "--form", form)
    for model in [*KINDS["reflection"].stages, "free"]:
        yield ("reflection", "--model", model)


@pytest.mark.parametrize("arguments", list(forms_to_write()), ids=" ".join)
def test_what_new_writes_has_no_error_and_no_warning(arguments: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": "organisation: A\n"})
    assert run(["-C", str(tmp_path), "-q", "new", *arguments, "--for", "SE-201", "--date", "2026-09-29"]) == 0
    checked = open_workspace(tmp_path, jobs=1)
    assert [record.kind for record in checked.workspace.records] == [arguments[0]]
    assert [str(problem) for problem in checked.problems if problem.severity != "note"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_new_writes_one_without_an_error(kind: str, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": "organisation: A\nowner: SV-014\n"})
    person = "SV-014" if kind in ("reflection", "measure") else "SE-201"
    form = ["--form", "individual"] if kind == "agreement" else []
    assert run(["-C", str(tmp_path), "-q", "new", kind, *form, "--for", person, "--date", "2026-09-29"]) == 0
    checked = open_workspace(tmp_path, jobs=1)
    (made,) = (*checked.workspace.records, *checked.workspace.restricted)
    assert (made.kind, Path(made.path).parent.name) == (kind, KINDS[kind].folder)
    assert [str(problem) for problem in checked.problems if problem.severity == "error"] == []
    unfilled = {"blank-left", "empty-section", "missing-field"}
    assert {problem.rule for problem in checked.problems if problem.severity == "warning"} <= unfilled


@pytest.mark.parametrize("name", KINDS)
def test_a_shipped_schema_can_be_asked(name: str) -> None:
    assert jsonschema_rs.meta.is_valid(dict(KINDS[name].schema))
    assert usable(KINDS[name])


# a new kind by files alone

DEBRIEF: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "debrief.schema.json",
    "title": "Debrief",
    "x-folder": "debriefs",
    "x-id": "debrief-{date}-{for}",
    "x-layer": "shared",
    "x-missing": {"by": "status", "draft": "note"},
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kind": {"title": "Kind", "const": "debrief"},
        "id": {"title": "Record", "type": "string"},
        "date": {"title": "Date", "type": "string", "format": "date", "x-form": True, "default": "{day}"},
        "status": {"title": "Status", "type": "string", "enum": ["draft", "told"], "x-form": True, "default": "draft"},
        "led_by": {"title": "Led by", "type": "string", "x-link": "person", "x-form": True, "default": "{owner}"},
        "what_helped": {
            "title": "What helped",
            "type": "string",
            "x-shape": "text",
            "x-ask": True,
            "x-aliases": ["What went well"],
            "x-hint": "What made it easier to bear.",
        },
        "sections": {
            "title": "Other headings",
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"heading": {"title": "Heading"}, "text": {"title": "Text"}},
            },
        },
    },
    "required": ["kind", "date", "led_by", "what_helped"],
}
PAGE = '{% extends "record.html.j2" %}\n{% block foot %}A debrief is not supervision.{% endblock %}\n'


def notes(house: Path, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "supervision_notes", "-C", str(root), *arguments],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_kind_is_a_schema_a_form_and_a_page(tmp_path: Path) -> None:
    house = tmp_path / "house"
    for folder in ("supervision_notes", "schemas", "templates"):
        shutil.copytree(ROOT / folder, house / folder, ignore=shutil.ignore_patterns("__pycache__"))
    form = (house / "templates/forms/session.md.j2").read_text("utf-8")
    write(
        house,
        {
            "schemas/debrief.schema.json": json.dumps(DEBRIEF),
            "templates/forms/debrief.md.j2": form,
            "templates/pages/debrief.html.j2": PAGE,
        },
    )
    root = write(tmp_path / "mine", {"supervision.yaml": "organisation: Riverside\nowner: SV-014\n"})

    made = notes(house, root, "new", "debrief", "--for", "SE-201", "--date", "2026-09-29")
    assert (made.returncode, made.stdout, made.stderr) == (0, "debriefs/debrief-2026-09-29-se201.md\n", "")
    path = root / "debriefs" / "debrief-2026-09-29-se201.md"
    text = path.read_text("utf-8")
    assert "## What helped\n\n<!-- What made it easier to bear. -->\n" in text
    blank = notes(house, root, "check", "--format", "concise")
    assert (blank.returncode, blank.stdout.count("\n")) == (0, 1)
    assert "note[SN214] empty-section" in blank.stdout

    path.write_text(text.replace("status: draft", "status: told"), "utf-8")
    assert notes(house, root, "check", "--format", "concise").returncode == 1

    told = text.replace("status: draft", "status: told").replace("## What helped", "## What went well")
    path.write_text(told.replace("<!-- What made it easier to bear. -->", "Tea, and *time*."), "utf-8")
    whole = notes(house, root, "check", "--format", "concise")
    assert (whole.returncode, whole.stdout) == (0, "")
    printed = notes(house, root, "render", "--format", "html")
    assert printed.returncode == 0, printed.stderr
    (page,) = (root / "out").glob("*.html")
    html = page.read_text("utf-8")
    assert "What went well" in html
    assert "Tea, and <em>time</em>." in html
    assert "A debrief is not supervision." in html
    assert "29 September 2026" in html


def test_a_workspace_may_have_a_kind_of_its_own(tmp_path: Path) -> None:
    form = (ROOT / "templates/forms/session.md.j2").read_text("utf-8")
    root = write(
        tmp_path,
        {
            "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
            "schemas/debrief.schema.json": json.dumps(DEBRIEF),
            "forms/debrief.md.j2": form,
            "pages/debrief.html.j2": PAGE,
            "a.md": "---\nkind: debrief\ndate: 2026-09-29\nled_by: SV-014\nstatus: told\n---\n## What helped\nTea.\n",
            "b.md": "---\nkind: debrief\ndate: 2026-09-29\nstatus: tld\n---\n## What hlped\nTea.\n",
        },
    )
    found = open_workspace(root, jobs=1).problems
    assert [(p.path, *seen([p])[0]) for p in found] == [
        ("b.md", "missing-field", 2, 1, "error"),
        ("b.md", "wrong-choice", 4, 9, "error"),
        ("b.md", "unknown-heading", 6, 1, "error"),
    ]
    assert run(["-C", str(root), "-q", "new", "debrief", "--for", "SE-201", "--date", "2026-10-01"]) == 0
    assert run(["-C", str(root), "-q", "render", "--format", "html", "a"]) == 0
    (page,) = (root / "out").glob("*.html")
    assert "A debrief is not supervision." in page.read_text("utf-8")


def test_the_shipped_kinds_win_over_a_workspaces_own(tmp_path: Path) -> None:
    loose = json.dumps({**DEBRIEF, "$id": "session.schema.json", "title": "Session"})
    write(tmp_path, {"schemas/session.schema.json": loose, "a.md": text_of(without(SESSION, "date"), CLINICAL)})
    assert [problem.rule for problem in open_workspace(tmp_path, jobs=1).problems] == ["missing-field"]


@pytest.mark.parametrize("schema", ["{", "[]", '{"title": "X"}', '{"title": "X", "properties": {"a": 1}}', b"\xff"])
def test_a_broken_schema_hides_no_record(schema: str | bytes, tmp_path: Path) -> None:
    wrong = text_of({**SESSION, "mode": "onlin"}, CLINICAL)
    write(tmp_path, {"schemas/x.schema.json": schema, "a.md": wrong, "b.md": "---\nkind: x\n---\n"})
    found = open_workspace(tmp_path, jobs=1).problems
    assert [(problem.path, problem.rule) for problem in found] == [
        ("a.md", "wrong-choice"),
        ("b.md", "unknown-kind"),
        ("schemas/x.schema.json", "unusable-schema"),
    ]


NEARLY: dict[str, tuple[Mapping[str, str], str, str]] = {
    "told": (DISCLOSURE, "supervisee_told", "supervise_told"),
    "to be told": (DISCLOSURE, "supervisee_told", "supervisee_to_be_told"),
    "not told": (DISCLOSURE, "supervisee_told", "supervisee_not_told"),
    "read": (DISCLOSURE, "readers", "not_readers"),
    "discussed": (DISCLOSURE, "discussed", "not_discussed"),
    "shared": ({**REFLECTION, "share_with": "SV-014"}, "share_with", "not_share_with"),
    "counted": ({**MEASURE, "counted": "yes"}, "counted", "uncounted"),
    "signed": (SIGN_OFF, "verdict", "verdicts"),
    "received": (
        {**AGREEMENT, "organisation_receives": "[attendance, approach]"},
        "organisation_receives",
        "organisation_receives_not",
    ),
}


@pytest.mark.parametrize(("facts", "key", "typed"), NEARLY.values(), ids=NEARLY)
def test_what_opens_a_record_counts_only_as_it_is_spelt(facts: Mapping[str, str], key: str, typed: str) -> None:
    """A near name may mean the opposite. It is told as what it is, and nothing is missed beside it."""
    assert key in record(text_of(facts)).value
    text = text_of({typed if name == key else name: said for name, said in facts.items()})
    assert key not in record(text).value
    (found,) = [problem for problem in problems(text) if problem.span.line > 2 and problem.severity == "error"]
    assert (found.rule, found.fix) == ("unknown-field", None)
    assert f"“{key}”" in found.message


@pytest.mark.parametrize("typed", ["reader", "Readers", "reders", "raeders"])
def test_a_slip_in_the_line_of_readers_hides_a_record_from_none_of_them(typed: str) -> None:
    text = text_of({typed if name == "readers" else name: said for name, said in DISCLOSURE.items()})
    assert record(text).readers == ("SV-014", "EX-003")
