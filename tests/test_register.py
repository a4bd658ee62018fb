"""The register and the records: people go by codes, a number finds its person, and what does not fit is said once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supervision_notes.kind import registers
from supervision_notes.reading import Checked, open_workspace
from supervision_notes.register import Register
from supervision_notes.registers import read_registers
from supervision_notes.skeleton import Skeleton

from .conftest import AGREEMENT, CLINICAL, SESSION, Files, Seen, seen, text_of, without, write

NUMBERS = {
    "SV-014": [{"number": "20113901"}],
    "SE-201": [{"number": "20120032", "from": "2026-01-01"}, {"number": "20114417", "until": "2025-12-31"}],
    "SE-205": [{"number": "20114417", "from": "2026-07-01"}],
    "SE-206": [{"number": "777"}],
    "SE-207": [{"number": "777"}],
}
REGISTER = Register({}, people={code: {"employee_numbers": entries} for code, entries in NUMBERS.items()})
PEOPLE = """\
people:
  SV-014: {name: Mary Poole, employee_numbers: [{number: 20113901}], eligible: no}
  SE-201:
    name: Rhian Kettle
    employee_numbers: [{number: 20120032, from: 2026-01-01}, {number: 20114417, until: 2025-12-31}]
"""
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "facilitator": "SE-205",
    "group": "pg1",
    "attendance": "{SE-205: present, SE-206: present, SE-207: apologies, SE-208: late 40}",
}


def session(**facts: str) -> str:
    return text_of({**SESSION, **facts}, CLINICAL)


def of_the_register(checked: Checked) -> list[Seen]:
    """What is said of people, without what is missing around them."""
    return seen(p for p in checked.problems if p.code.startswith("SN7") and p.rule != "policy-out-of-date")


# a number finds its person


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("SE-201", None, "SE-201"),
        ("20120032", None, "SE-201"),
        ("20120032", "2025-06-01", "SE-201"),  # typed later than the session
        ("20114417", "2025-12-31", "SE-201"),
        ("20114417", "2026-07-01", "SE-205"),
        ("20114417", "2026-03-01", None),  # between the two: nobody can say
        ("20114417", None, None),
        ("777", "2026-03-01", None),
        ("778", None, None),
        ("SE-299", None, None),
        ("", None, None),
    ],
)
def test_a_code_or_a_number_finds_its_person(text: str, day: str | None, code: str | None) -> None:
    assert REGISTER.person_of(text, day) == code


def test_without_a_register_codes_stand_for_themselves() -> None:
    assert Register({}).person_of("20114417") == "20114417"
    assert not Register({}).is_number("20114417")


@pytest.mark.parametrize(
    ("text", "number"),
    [("20114417", True), ("1", True), ("SE-201", False), ("SE-999", False), ("Rhian", False), ("E20114417", False)],
)
def test_what_is_built_like_a_number_is_one(text: str, number: bool) -> None:
    assert REGISTER.is_number(text) is number


def test_where_codes_are_numbers_too_nobody_can_tell() -> None:
    assert not Register({}, people={"201": {"employee_numbers": [{"number": "777"}]}}).is_number("778")


def only(checked: Checked) -> Skeleton:
    (record,) = (record for record in checked.workspace.records if record.kind == "session")
    return record


@pytest.mark.parametrize("number", ["20120032", "20114417"])
def test_a_session_by_number_is_that_of_the_person(number: str, check: Callable[[Files], Checked]) -> None:
    texts = {
        "people.yaml": PEOPLE,
        "agreements/c.md": text_of({**AGREEMENT, "id": "agr-1"}),
        "sign-offs/b.md": text_of(
            {"kind": "sign-off", "of": "a", "by": "SE-201", "date": "2026-10-02", "verdict": "agree", "method": "paper"}
        ),
    }
    by_code = only(check({**texts, "a.md": session(agreement="agr-1")}))
    checked = check({**texts, "a.md": session(agreement="agr-1", supervisor="20113901", supervisees=number)})
    found = only(checked)
    assert found._replace(place=by_code.place, ties=by_code.ties, digest="") == by_code._replace(digest="")
    assert [p.rule for p in checked.problems if p.severity == "error" and p.path != "agreements/c.md"] == []


def test_a_group_by_numbers_is_that_of_its_members(check: Callable[[Files], Checked]) -> None:
    attendance = "{20120032: present, SV-014: late 40, 20113901: apologies}"
    facts = {**GROUP, "facilitator": "20120032", "attendance": attendance}
    found = only(check({"people.yaml": PEOPLE, "a.md": text_of(facts, CLINICAL)}))
    assert set(found.people) == set(found.attendance) == {"SE-201", "SV-014"}
    assert found.text("facilitator") == "SE-201"
    assert found.chain == ("clinical", "pg1")


# one mistake, one problem

WHO = [
    ("20114417", [Seen("old-employee-number", 9, 14, "warning")]),
    ("20120032", []),
    ("20114471", [Seen("unknown-employee-number", 9, 14)]),
    ("SE-999", [Seen("unknown-person", 9, 14)]),
    ("Rhian Kettle", [Seen("unknown-person", 9, 14)]),
    ("SE-201, 20114471", [Seen("unknown-employee-number", 9, 22)]),
]


@pytest.mark.parametrize(("supervisees", "expected"), WHO)
def test_who_was_there(supervisees: str, expected: list[Seen], check: Callable[[Files], Checked]) -> None:
    checked = check({"people.yaml": PEOPLE, "a.md": session(supervisees=supervisees)})
    assert of_the_register(checked) == expected
    said = " ".join(problem.message for problem in checked.problems)
    assert "2011" not in said, "a message holds codes, and no number"
    assert "Kettle" not in said


@pytest.mark.parametrize(
    "code", ["SE 201", "SE-201\\nx", "SE-201\\rx", "SE-201\\ax", "SE-201\\u200b", "SE-201\\u2028x"]
)
@pytest.mark.parametrize("people", ["", PEOPLE])
@pytest.mark.parametrize(("key", "typed"), [("supervisor", '"{}"'), ("supervisees", '["{}"]'), ("by", '"{}"')])
def test_what_is_no_code_is_told_once(
    key: str, typed: str, people: str, code: str, check: Callable[[Files], Checked]
) -> None:
    facts = {**without(SESSION, "minutes", "mode"), "outcome": "declined", "by": "supervisee"}
    files = {"a.md": text_of({**facts, key: typed.format(code)}), **({"people.yaml": people} if people else {})}
    assert [p.rule for p in check(files).problems if p.severity == "error"] == ["unknown-person"]


@pytest.mark.parametrize("code", ["", " ", "\\n", "\\u2028"])
def test_a_blank_is_nobody(code: str, check: Callable[[Files], Checked]) -> None:
    problems = check({"a.md": session(supervisees=f'"{code}"')}).problems
    assert [p.rule for p in problems if p.severity == "error"] == ["missing-field"]
    group = {**GROUP, "attendance": f'{{SE-205: present, SE-206: present, SE-207: present, "{code}": apologies}}'}
    problems = check({"a.md": text_of(group, CLINICAL)}).problems
    assert [p.rule for p in problems if p.severity == "error"] == ["unknown-person"]


@pytest.mark.parametrize("fact", ["by", "readers"])
def test_elsewhere_a_number_is_no_code(fact: str, check: Callable[[Files], Checked]) -> None:
    facts = {**without(SESSION, "minutes", "mode"), "outcome": "declined", "by": "supervisee", fact: "20120032"}
    (problem,) = check({"people.yaml": PEOPLE, "a.md": text_of(facts)}).problems
    assert (problem.rule, problem.severity) == ("unknown-person", "error")
    assert "did you mean “SE-201”?" in problem.message


def test_where_no_numbers_are_kept_a_number_is_an_unknown_code(check: Callable[[Files], Checked]) -> None:
    people = "people:\n  SV-014: {name: A}\n  SE-201: {name: B}\n"
    assert of_the_register(check({"people.yaml": people, "a.md": session(supervisees="20114417")})) == [
        Seen("unknown-person", 9, 14)
    ]


REGISTERS = [
    (
        "people:\n  SE-1: {name: A, employee_numbers: [{number: 1}]}\n  SE-2:\n    name: B\n"
        "    employee_numbers:\n      - number: 1\n      - {number: 2}\n",
        [Seen("duplicate-employee-number", 2, 47), Seen("duplicate-employee-number", 6, 17)],
    ),
    ("people:\n  SE-1: {name: A, employee_numbers: [{number: 1}, {number: 1}]}\n", []),
    (
        "people:\n  SE-1: {name: A, employee_numbers: [{number: 1, until: 2026-01-01}]}\n"
        "  SE-2: {name: A, employee_numbers: [{number: 1, from: 2026-01-01}]}\n",
        [Seen("duplicate-employee-number", 2, 47), Seen("duplicate-employee-number", 3, 47)],
    ),
    (
        "people:\n  SE-1: {name: A, employee_numbers: [{number: 1}]}\n  SE-2: {name: B}\n  SE-3:\n"
        "  SE-4: {name: D, leave: 2026-01-01}\n  SE-5: {name: E, eligible: no}\n",
        [Seen("no-employee-number", 3, 3, "warning")],
    ),
    ("people:\n  SE-1: {name: A}\n  SE-2:\n", []),
    (
        "people:\n  SE-1: {start: 2026-02-01, leave: 2026-01-31, pauses: [{from: 2026-01-02, until: 2026-01-01}]}\n",
        [Seen("ends-before-it-starts", 2, 36), Seen("ends-before-it-starts", 2, 83)],
    ),
    ("people:\n  SE-1: {name: A, start: ____, leave: 2026-01-31, pauses: [{from: ____, until: 2026-01-01}]}\n", []),
    ("people:\n  SE-1: {name: A, supervisors: [{id: SV-9}]}\n", [Seen("no-profile", 2, 3, "warning")]),
    ("people:\n  SE-1: {name: A, supervisors: [{id: SE-2, until: 2025-01-01}]}\n  SE-2: {name: B}\n", []),
]


@pytest.mark.parametrize(("people", "expected"), REGISTERS)
def test_what_the_register_says_by_itself(people: str, expected: list[Seen], check: Callable[[Files], Checked]) -> None:
    assert of_the_register(check({"people.yaml": people})) == expected


def test_a_supervisor_without_a_line_is_said_once(check: Callable[[Files], Checked]) -> None:
    people = "people:\n  SE-1: {name: A, supervisors: [{id: SV-9}]}\n  SE-2: {name: B, supervisors: [{id: SV-9}]}\n"
    assert of_the_register(check({"people.yaml": people})) == [Seen("no-profile", 2, 3, "warning")]
    with_session = check({"people.yaml": people, "a.md": session(supervisor="SV-9", supervisees="SE-1")})
    assert of_the_register(with_session) == [Seen("unknown-person", 8, 13)]


def test_a_line_that_says_nothing_matters_once_somebody_attends(check: Callable[[Files], Checked]) -> None:
    people = "people:\n  SV-014: {name: A}\n  SE-201:\n  SE-202: {}\n"
    assert of_the_register(check({"people.yaml": people})) == []
    assert of_the_register(check({"people.yaml": people, "a.md": session()})) == [Seen("no-profile", 3, 3, "warning")]


@pytest.mark.parametrize(
    ("profile", "date", "expected"),
    [
        ("start: 2026-09-29", "2026-09-29", []),
        ("start: 2026-09-30", "2026-09-29", [Seen("ineligible-session", 9, 14, "warning")]),
        ("leave: 2026-09-29", "2026-09-29", []),
        ("leave: 2026-09-28", "2026-09-29", [Seen("ineligible-session", 9, 14, "warning")]),
        ("start: ____, leave: ____", "2026-09-29", []),
        ("pauses: [{from: 2026-09-01}]", "2026-09-29", []),
    ],
)
def test_a_session_lies_within_the_time_in_post(
    profile: str, date: str, expected: list[Seen], check: Callable[[Files], Checked]
) -> None:
    people = f"people:\n  SV-014: {{name: A}}\n  SE-201: {{name: B, {profile}}}\n"
    assert of_the_register(check({"people.yaml": people, "a.md": session(date=date)})) == expected


def test_whoever_was_not_there_may_have_left(check: Callable[[Files], Checked]) -> None:
    people = "people:\n" + "".join(f"  SE-{n}: {{name: A, leave: 2026-01-01}}\n" for n in (205, 206, 207, 208))
    found = check({"people.yaml": people, "a.md": text_of(GROUP, CLINICAL)}).problems
    assert [p.message[17:23] for p in found if p.rule == "ineligible-session"] == [
        "SE-205",
        "SE-205",
        "SE-206",
        "SE-208",
    ]
    cancelled = {**without(GROUP, "minutes", "mode"), "outcome": "cancelled", "by": "organisation"}
    assert of_the_register(check({"people.yaml": people, "a.md": text_of(cancelled)})) == []


# who has a supervisor

S, T = "SE-1: {name: A, supervisors: [{id: SV-1}]}\n  SV-1: {name: S}\n  ", "SE-2: {name: B, "
ONE_GROUP = {"a.md": text_of(GROUP, CLINICAL)}
AGREED = {"a.md": text_of({**AGREEMENT, "form": "group", "parties": "[{person: SE-2, role: member}]"})}
NO_SUPERVISOR: list[tuple[str, Files, str | None, list[str]]] = [
    ("SE-1: {name: A}\n  SE-2: {name: B}", {}, None, []),  # none are kept
    (f"{S}{T}}}", {}, None, ["SE-2"]),
    (f"{S}{T}eligible: no}}", {}, None, []),
    (f"{S}{T}leave: 2026-06-01}}", {}, None, []),
    (f"{S}{T}leave: 2026-06-01}}", {}, "2026-05-01", ["SE-2"]),
    (f"{S}{T}start: 2026-06-01}}", {}, "2026-05-01", []),
    (f"{S}{T}supervisors: [{{id: SV-1, stream: mentoring}}]}}", {}, None, ["SE-2"]),
    (f"{S}{T}supervisors: [{{id: SV-1, stream: line-management}}]}}", {}, None, ["SE-2"]),
    (f"{S}{T}supervisors: [{{id: SV-1, stream: practice}}]}}", {}, None, []),
    (f"{S}{T}supervisors: [{{id: SV-1, until: 2026-01-01}}]}}", {}, None, []),
    (f"{S}{T}supervisors: [{{id: SV-1, until: 2026-01-01}}]}}", {}, "2026-01-02", ["SE-2"]),
    # of supervisors, only where the register names one of theirs
    (f"{S}SV-3: {{name: T}}\n  {T}supervisors: [{{id: SV-3}}]}}", {}, None, []),
    (f"{S}SV-3: {{supervisors: [{{id: SV-1}}]}}\n  {T}supervisors: [{{id: SV-3}}]}}", {}, None, ["SV-1"]),
    # members of a group
    (f"{S}SE-205: {{name: B}}", ONE_GROUP, None, []),
    (f"{S}{T}}}", AGREED, None, []),
]


@pytest.mark.parametrize(("people", "more", "as_at", "expected"), NO_SUPERVISOR)
def test_who_has_no_supervisor(
    people: str, more: Files, as_at: str | None, expected: list[str], tmp_path: Path
) -> None:
    register = f"people:\n  {people}\n"
    found = open_workspace(write(tmp_path, {"people.yaml": register, **more}), jobs=1, as_at=as_at).problems
    lines = [problem.span.line for problem in found if problem.rule == "no-supervisor"]
    assert [register.split("\n")[line - 1].split(":")[0].strip() for line in lines] == expected


@pytest.mark.parametrize(
    ("entry", "own", "as_at", "said"),
    [
        ("", "", None, True),
        ("", "", "2026-07-10", False),  # the last day
        ("", "", "2026-07-11", True),
        (", until: 2026-07-10", "", None, False),
        (", until: 2026-07-11", "", None, True),
        ("", "leave: 2026-07-10", None, False),
        ("", "leave: 2027-01-01", None, True),
    ],
)
def test_a_supervisor_who_has_left(entry: str, own: str, as_at: str | None, said: bool, tmp_path: Path) -> None:
    people = (
        "people:\n  SV-041: {name: A, leave: 2026-07-10, eligible: no}\n"
        f"  SE-118: {{name: B, supervisors: [{{id: SV-041{entry}}}], {own}}}\n"
    )
    found = open_workspace(write(tmp_path, {"people.yaml": people}), jobs=1, as_at=as_at).problems
    assert [(p.rule, p.span.line) for p in found] == [("supervisor-has-left", 3)] * said


# what stays unsaid


def test_every_output_says_paused_and_no_reason() -> None:
    people = registers()["people"].schema["properties"]["people"]["additionalProperties"]["properties"]
    assert set(people["pauses"]["items"]["properties"]) == {"from", "until", "reason"}
    assert people["pauses"]["items"]["properties"]["reason"]["x-words"] == {"no-clients": "Paused"}


def test_the_index_holds_no_employee_number(tmp_path: Path) -> None:
    texts = {"old.md": "20114417", "now.md": "20120032", "none.md": "20114471"}
    records = {name: session(supervisees=number) for name, number in texts.items()}
    write(tmp_path, {"supervision.yaml": "organisation: A\n", "people.yaml": PEOPLE, **records})
    open_workspace(tmp_path, jobs=1)
    data = b"".join(path.read_bytes() for path in (tmp_path / ".supervision").iterdir())
    assert b"SE-201" in data
    assert [number for number in texts.values() if number.encode() in data] == []
    again = open_workspace(tmp_path, jobs=1).problems
    assert [p.rule for p in again if p.code.startswith("SN7")] == ["unknown-employee-number", "old-employee-number"]


@pytest.mark.parametrize("value", ["3", "[a, b]", "{a: b}", "[[x]]", "____", "[{id: [x]}]", "[{number: {a: b}}]", "~"])
@pytest.mark.parametrize("key", ["employee_numbers", "supervisors", "pauses", "start", "leave", "eligible", "name"])
def test_a_line_of_another_shape_breaks_nothing(key: str, value: str, check: Callable[[Files], Checked]) -> None:
    people = (
        f"people:\n  SV-014: {{name: A, {key}: {value}}}\n  SE-201: {value}\n"
        "  SE-202: {employee_numbers: [{number: 1}]}\n"
    )
    checked = check({"people.yaml": people, "a.md": session(), "b.md": text_of(GROUP, CLINICAL)})
    assert checked.problems
    assert len(checked.workspace.records) == 2


# what cannot be read whole

LOST: dict[str, str | bytes] = {
    "not UTF-8": "people:\n  SE-201: {name: Łukasz}\n".encode("iso8859-2"),
    "a bracket that is never closed": "people:\n  SE-201: {name: Rhian Kettle\n",
    "no room after a code": "people:\n  SE-201: {name: Rhian Kettle}\n  SE-503:{name: Lou}\n",
    "no colon after a code": "people:\n  SE-503 {name: Lou}\n  SE-201: {name: Rhian Kettle}\n",
    "a list": "people: [SE-201]\n",
    "a text": "people: SE-201\n",
    "a blank": "people: ____\n",
    "another word": "persons:\n  SE-201: {name: Rhian Kettle}\n",
    "somebody who does not stand far enough in": "people:\n  SE-201: {name: Rhian Kettle}\nSE-503: {name: Lou}\n",
    "people given twice": "people:\n  SE-201: {name: Rhian Kettle}\npeople:\n  SE-503: {name: Lou}\n",
}
MISTAKEN = {
    "a text": "people:\n  SE-201: x\n  SE-202: {name: Orla Quinn}\n",
    "a list": "people:\n  SE-201: [x]\n  SE-202: {name: Orla Quinn}\n",
    "a blank": "people:\n  SE-201: ____\n  SE-202: {name: Orla Quinn}\n",
    "a type": "people:\n  SE-201: !who {name: Rhian Kettle}\n  SE-202: {name: Orla Quinn}\n",
    "facts that do not stand far enough in": "people:\n  SE-201:\n  name: Rhian Kettle\n  leave: 2026-01-31\n"
    "  SE-202: {name: Orla Quinn}\n",
    "the same code again": "people:\n  SE-202: {name: Orla Quinn}\n  SE-201: {name: Rhian}\n  SE-201: {name: Lou}\n",
}
UNSETTLED = ["- a\n", "organisation: [\n", "organisation: R\npolicy own\n", "organisation: R\npolicy: {own: yes}\n"]


@pytest.mark.parametrize("text", LOST.values(), ids=LOST)
def test_a_register_that_cannot_be_read_whole_is_none_that_says_nothing(text: str | bytes, tmp_path: Path) -> None:
    register, problems = read_registers(write(tmp_path, {"supervision.yaml": "organisation: R\n", "people.yaml": text}))
    assert register.unread == ("people.yaml",)
    assert [problem for problem in problems if problem.path == "people.yaml"]


def test_a_register_that_is_not_the_workspace_s_own_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere.yaml": PEOPLE, "here/supervision.yaml": "organisation: R\n"})
    (tmp_path / "here/people.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert read_registers(tmp_path / "here")[0].unread == ("people.yaml",)


@pytest.mark.parametrize("text", UNSETTLED)
def test_settings_of_which_nobody_knows_the_policy_are_not_read(text: str, tmp_path: Path) -> None:
    register, problems = read_registers(write(tmp_path, {"supervision.yaml": text, "people.yaml": PEOPLE}))
    assert register.unread == ("supervision.yaml",)
    assert problems


@pytest.mark.parametrize("text", MISTAKEN.values(), ids=MISTAKEN)
def test_whoever_has_lost_their_facts_is_mistaken_and_nobody_else(text: str, tmp_path: Path) -> None:
    register, _ = read_registers(write(tmp_path, {"supervision.yaml": "organisation: R\n", "people.yaml": text}))
    assert (register.unread, register.mistaken, {*(register.people or ())}) == ((), {"SE-201"}, {"SE-201", "SE-202"})


@pytest.mark.parametrize(
    "text", ["", "# nobody yet\n", "people:\n", "people:\n  SE-201:\n", PEOPLE, f"version: 1\n{PEOPLE}"]
)
def test_a_register_in_which_little_stands_is_whole(text: str, tmp_path: Path) -> None:
    register, _ = read_registers(write(tmp_path, {"supervision.yaml": "organisation: R\n", "people.yaml": text}))
    assert (register.unread, register.mistaken) == ((), frozenset())
