"""Attendance that travels: what is written, what is believed of it, and what becomes of two lists that differ."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision_notes.attendance import Attendance
from supervision_notes.cli.main import run
from supervision_notes.cli.tables import as_csv
from supervision_notes.exported import COLUMNS, Told, is_export, jsonl, read, row_of
from supervision_notes.gathering import Gathered, gathered
from supervision_notes.questions.coverage import coverage
from supervision_notes.questions.due import due
from supervision_notes.questions.programme import Programme
from supervision_notes.register import Register

from .conftest import AGREEMENT, CLINICAL, KINDS, NO_REGISTER, SESSION, Files, attended, policy, text_of, without, write

EXAMPLES = settings(max_examples=100, deadline=None, derandomize=True)
DIGESTS = [f"sha256:{f'{n:02x}' * 32}" for n in range(9)]
FACTS = [
    attended("2026-09-29")._replace(digest=DIGESTS[0], mode="online", agreed_until="2027-01-12"),
    attended("2026-10-22 peer-group peers 4 contracted 5 80", "SE-202")._replace(digest=DIGESTS[1]),
    attended("2026-11-05 external group ? unsigned", "SE-203")._replace(agreed_until="9999-12-31", supervisor=None),
    attended("2026-11-12 0 did-not-attend", "Żółć-1"),
]


def in_csv(facts: Sequence[Attendance]) -> list[str]:
    return [*as_csv(COLUMNS, (dict(zip(COLUMNS, row_of(fact), strict=True)) for fact in facts))]


WAYS: dict[str, Callable[[Sequence[Attendance]], list[str]]] = {"jsonl": lambda facts: [*jsonl(facts)], "csv": in_csv}


@pytest.fixture(params=WAYS)
def lines(request: pytest.FixtureRequest) -> list[str]:
    """What is written of a few facts, in each form."""
    return WAYS[request.param](FACTS)


def told(*lines: str, name: str = "a.jsonl", **more: Any) -> Told:
    return read(name, [f"{line}\n" for line in lines], **more)


# there and back


def test_what_is_written_is_what_is_read(lines: list[str]) -> None:
    found = told(*lines)
    assert found.facts == FACTS
    assert [*found.lines] == [2, 3, 4, 5]
    assert found.faults == []


def test_it_says_what_it_is_and_is_known_by_that(lines: list[str]) -> None:
    assert is_export("\n".join(lines).encode())
    assert not is_export("\n".join(lines[1:]).encode())
    for other in (b"", b"---\nkind: session\n", b"%PDF-1.7\r%\xff\x00\n", b'{"a": ' * 999, b"session,digest\n"):
        assert not is_export(other)


def test_nothing_but_these_columns_is_written() -> None:
    assert set(COLUMNS) == {*Attendance._fields} - {"client_hours", "stream"}
    fact = FACTS[0]._replace(client_hours="18.5")
    assert [*jsonl([fact])] == [*jsonl([FACTS[0]])]


def test_a_spreadsheet_of_another_country_is_read_too() -> None:
    turned = io.StringIO()
    writer = csv.writer(turned, delimiter=";")
    writer.writerows([*reversed(row)] for row in csv.reader(WAYS["csv"](FACTS)))
    assert read("a.csv", io.StringIO("\ufeff" + turned.getvalue(), newline="")).facts == FACTS


def test_lists_may_stand_one_after_another_in_a_file() -> None:
    found = told(*jsonl(FACTS[:1]), "", *jsonl(FACTS[1:]))
    assert (found.facts, found.faults) == (FACTS, [])
    assert [*found.lines] == [2, 5, 6, 7]


# what is not believed


SECRET = "thimbleful"
WRONG: dict[str, list[Any]] = {
    "session": ["", "...", "2026-09-29-rhian", "Kettle2", f"{SECRET} two", None, 5, "x" * 81],
    "digest": [SECRET, "sha256:12", "sha256:" + "g" * 64, f"sha256:{SECRET:a>64}", f"SHA256:{'a' * 64}", None, 5],
    "person": ["", "Rhian Kettle", "rhian", "KETTLE", None, 5, [SECRET], "=SE", "-SE", "'SE"],
    "supervisor": ["", "Mary Poole", 5, {SECRET: SECRET}],
    "date": ["", "2026-02-30", "29/09/2026", "1899-12-31", None, 20260929, SECRET],
    "minutes": [-1, 1441, "60", 60.0, True, None, 10**30, SECRET],
    "type": ["", "one-to-two", None, SECRET, ["one-to-one"]],
    "outcome": ["present", None, SECRET],
    "approach": ["", SECRET, 5],
    "mode": ["", SECRET],
    "group": ["", f"{SECRET} group", 5],
    "role": ["supervisor", None],
    "size": [-1, 10_001, True, SECRET],
    "contracted": [-1, False, "4"],
    "led_by_peer": [0, 1, "yes", None],
    "signed": [0, 1, "no", None],
    "agreed_until": ["", "2026-13-01", "9998-12-31", SECRET],
}


@pytest.mark.parametrize(("column", "value"), [(column, value) for column, some in WRONG.items() for value in some])
def test_a_line_with_anything_else_is_a_fault_and_the_others_count(column: str, value: Any) -> None:
    head, first, second, *_ = jsonl(FACTS)
    wrong = json.dumps({**json.loads(first), column: value})
    found = told(head, first, wrong, second, names={"rhian kettle", "rhian", "kettle"})
    assert found.facts == FACTS[:2]
    (fault, cut) = found.faults if len(found.faults) > 1 else (*found.faults, None)
    assert fault.line == 3
    assert fault.message.startswith(f"{column} is ")
    assert fault.message.endswith("Write it again with  supervision-notes attendance export")
    assert SECRET not in fault.message
    assert cut is None or "are announced" in cut.message


NAMED = {"person": "rhian", "supervisor": "Rhian-Kettle", "group": "kettle", "session": "2026-09-29-rhian"}


@pytest.mark.parametrize("column", NAMED)
def test_what_was_read_before_the_names_were_known_is_read_again_where_one_stands(column: str) -> None:
    names = {"rhian kettle", "rhian", "kettle", "se"}
    head, *_ = jsonl(FACTS[:1])
    named = json.dumps({**json.loads([*jsonl(FACTS)][1]), column: NAMED[column]})
    before = told(head, named)
    assert (len(before.facts), before.faults) == (1, [])
    assert before.may_hold(names)
    assert not before.may_hold(set())
    assert told(head, named, names=names).facts == []
    assert not told(*jsonl(FACTS)).may_hold(names)
    assert told(*jsonl(FACTS), "x").may_hold(names), "another may find another fault"


def test_a_cell_is_held_against_the_same(lines: list[str]) -> None:
    text = [*in_csv(FACTS[:1]), *in_csv(FACTS)[1:]]
    changed = text[1].replace("one-to-one", SECRET)
    found = told(text[0], changed, *text[2:])
    assert (found.facts, [fault.line for fault in found.faults]) == (FACTS, [2])
    assert "type is external, line-management" in found.faults[0].message


LINES = {
    "no object": "[1, 2]",
    "half an object": '{"session": "2026-',
    "something deep": "[" * 100_000,
    "something long": '{"session": "' + "x" * 5000 + '"}',
    "two at once": "{} {}",
    "a number without an end": '{"minutes": ' + "1" * 10_000 + "}",
    "not UTF-8": '{"session": "\udcff"}',
}


@pytest.mark.parametrize("case", LINES, ids=str)
def test_a_line_that_is_no_fact_is_named(case: str) -> None:
    _, *facts = jsonl(FACTS)
    found = told(json.dumps({"format": "supervision-notes attendance", "version": 1, "facts": 5}), LINES[case], *facts)
    assert found.facts == FACTS
    assert [fault.line for fault in found.faults] == [2]
    assert not found.broken


def test_a_row_with_more_in_it_is_refused() -> None:
    head, first, second, *_ = in_csv(FACTS)
    found = told(head, f"{first},{SECRET}", second)
    assert (found.facts, [fault.line for fault in found.faults]) == (FACTS[1:2], [2])


def test_a_fact_with_more_in_it_is_refused() -> None:
    head, first, *_ = jsonl(FACTS[:1])
    found = told(head, json.dumps({**json.loads(first), "notes": SECRET}))
    assert (found.facts, len(found.faults)) == ([], 1)
    assert "this line holds more than a fact" in found.faults[0].message


WHOLE = {
    "nothing": [""],
    "another file": ["---", "kind: session"],
    "other JSON": ['{"problems": []}'],
    "no first line": [*jsonl(FACTS)][1:],
    "another version": [line.replace('"version": 1', '"version": 2') for line in jsonl(FACTS)],
    "a column less": [line.rpartition(",")[0] for line in WAYS["csv"](FACTS)],
    "cells without a column": [line if n else f"{line},{SECRET}" for n, line in enumerate(WAYS["csv"](FACTS))],
    "a column more": [f"{line},{SECRET}" for line in WAYS["csv"](FACTS)],
}


@pytest.mark.parametrize("case", WHOLE, ids=str)
def test_a_file_that_is_no_list_is_one_fault(case: str) -> None:
    found = told(*WHOLE[case])
    assert (found.facts, [fault.line for fault in found.faults], found.broken) == ([], [1], True)
    assert SECRET not in found.faults[0].message


def test_a_list_that_was_cut_short_is_known() -> None:
    found = told(*[*jsonl(FACTS)][:3])
    assert (found.facts, found.faults[0].line, found.broken) == (FACTS[:2], 3, True)
    assert "4 facts are announced and 2 found" in found.faults[0].message


def test_a_list_that_was_cut_in_its_last_line_is_known() -> None:
    whole = "\n".join(jsonl(FACTS))
    found = read("a.jsonl", io.StringIO(whole[:-9], newline=""))
    assert (found.facts, [fault.line for fault in found.faults], found.broken) == (FACTS[:3], [5], True)
    assert found.faults[0].message.startswith("this line ends in the middle, so the file was cut.")
    assert not read("a.jsonl", io.StringIO(whole, newline="")).faults


def test_a_quote_that_never_ends() -> None:
    head, first, second, *_ = in_csv(FACTS)
    found = told(head, first, f'"{second}')
    assert (found.facts, len(found.faults), found.broken) == (FACTS[:1], 1, True)


@EXAMPLES
@given(st.text(max_size=60), st.sampled_from(["jsonl", "csv"]), st.integers(0, 900))
def test_nothing_that_stands_in_a_file_breaks_the_reading_or_is_said(junk: str, form: str, where: int) -> None:
    text = "\n".join(WAYS[form](FACTS))
    broken = f"{text[:where]}{junk} {SECRET} {text[where:]}"
    found = read("a", io.StringIO(broken, newline=""))
    assert not any(SECRET in str(fact) for fact in found.facts)
    assert not any(SECRET in fault.message for fault in found.faults)


# gathered


def listed(name: str, *facts: Attendance) -> Told:
    return told(*jsonl(facts), name=name)


def at_one(*lists: Told, own: Sequence[Attendance] = (), register: Register = NO_REGISTER) -> tuple[Any, int]:
    """What counts of lists that do not disagree, and how much was told again."""
    found = gathered(register, own, lists)
    assert not found.disagreements
    assert not found.claims
    return found.facts, found.again


ONE = FACTS[0]
OTHER = ONE._replace(digest=DIGESTS[2], minutes=90)


def places(found: Gathered) -> list[tuple[str, ...]]:
    return [one.places for one in found.disagreements]


def test_the_same_record_in_two_files_counts_once() -> None:
    assert at_one(listed("a", ONE), listed("b", ONE, FACTS[1])) == ([ONE, FACTS[1]], 1)


def test_what_was_signed_and_agreed_since_is_known() -> None:
    before = ONE._replace(signed=False, agreed_until=None, contracted=None)
    since = ONE._replace(signed=True, agreed_until="2028-01-12", contracted=1)
    for lists in ([before, since], [since, before]):
        assert at_one(*(listed(str(n), fact) for n, fact in enumerate(lists))) == ([since], 1)


def test_what_one_agreement_keeps_back_another_file_does_not_give_away() -> None:
    told_of = ONE._replace(approach="case-supervision")
    assert at_one(listed("a", told_of), listed("b", ONE)) == ([ONE], 1)
    assert at_one(listed("a", told_of), own=[ONE]) == ([ONE], 1)
    assert at_one(listed("a", ONE), own=[told_of]) == ([told_of], 1)


DIFFERENT = {
    "the record": {"digest": DIGESTS[2]},
    "the minutes": {"minutes": 45},
    "the outcome": {"outcome": "cancelled", "minutes": 0},
    "the day": {"date": "2026-09-28"},
    "the type": {"type": "line-management", "stream": "line-management"},
}


@pytest.mark.parametrize("case", DIFFERENT, ids=str)
def test_what_is_told_differently_counts_nowhere_and_is_told_with_both_places(case: str) -> None:
    other = ONE._replace(**DIFFERENT[case])
    found = gathered(NO_REGISTER, [], [listed("a", FACTS[1], ONE), listed("b", other)])
    assert found.facts == [FACTS[1]]
    assert places(found) == [("a:3", "b:2")]
    assert [*found.claims] == [ONE, other]


def test_what_stands_in_the_workspace_counts() -> None:
    found = gathered(NO_REGISTER, [ONE], [listed("a", OTHER), listed("b", OTHER)])
    assert (found.facts, found.claims) == ([ONE], [])
    assert places(found) == [("this workspace", "a:2", "b:2")]
    assert found.disagreements[0].settled


def test_whoever_stands_in_one_of_two_records_alone_is_not_counted_by_it() -> None:
    older = [
        fact._replace(session="2026-10-22-pg1", digest=DIGESTS[3])
        for fact in (FACTS[1], FACTS[1]._replace(person="SE-207"))
    ]
    newer = older[0]._replace(digest=DIGESTS[4])
    found = gathered(NO_REGISTER, [], [listed("a", *older), listed("b", newer)])
    assert (found.facts, {fact.person for fact in found.claims}) == ([], {"SE-202", "SE-207"})
    found = gathered(NO_REGISTER, [newer], [listed("a", *older)])
    assert (found.facts, found.claims) == ([newer], [])


def alike(found: Gathered) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    return [(one.sessions, one.places) for one in found.alike]


def test_one_session_under_two_ids_in_two_lists_counts_once_and_is_told() -> None:
    other = ONE._replace(session="se201-september", digest=DIGESTS[2])
    found = gathered(NO_REGISTER, [], [listed("a", ONE), listed("b", FACTS[1], other)])
    assert (found.facts, alike(found)) == ([ONE, FACTS[1]], [((ONE.session, other.session), ("a:2", "b:3"))])
    found = gathered(NO_REGISTER, [ONE], [listed("b", other)], [(ONE.session.upper(), ONE.supervisor)])
    assert (found.facts, alike(found)) == ([], [])


def test_what_one_list_tells_apart_stays_apart() -> None:
    second = ONE._replace(session="2026-09-29-se201-b", digest=DIGESTS[2])
    for lists in ([ONE], [ONE, second]), ([ONE, second], [second]), ([ONE, second], []):
        found = gathered(NO_REGISTER, [], [listed(str(n), *facts) for n, facts in enumerate(lists)])
        assert (found.facts, alike(found)) == ([ONE, second], [])


@pytest.mark.parametrize(
    "facts", [{"supervisor": "SV-022"}, {"minutes": 50}, {"type": "practice"}, {"person": "SE-202"}]
)
def test_two_sessions_of_a_day_that_differ_are_two(facts: dict[str, Any]) -> None:
    other = ONE._replace(session="2026-09-29-b", digest=DIGESTS[2], **facts)
    found = gathered(NO_REGISTER, [], [listed("a", ONE), listed("b", other)])
    assert (len(found.facts), alike(found)) == (2, [])


def test_an_id_in_other_letters_is_the_same_id() -> None:
    shouted = ONE._replace(session=ONE.session.upper())
    assert at_one(listed("a", ONE), listed("b", shouted)) == ([ONE], 1)
    found = gathered(NO_REGISTER, [], [listed("a", ONE), listed("b", shouted._replace(digest=DIGESTS[2]))])
    assert (found.facts, places(found)) == ([], [("a:2", "b:2")])


SAME_ID = {
    "another supervisor on the same day": {"supervisor": "SV-022"},
    "another person": {"person": "SE-202"},
}


@pytest.mark.parametrize("case", SAME_ID, ids=str)
def test_two_workspaces_may_use_the_same_id(case: str) -> None:
    other = OTHER._replace(**SAME_ID[case])
    assert at_one(listed("a", ONE), listed("b", other)) == ([ONE, other], 0)


def test_an_employee_number_is_its_person() -> None:
    register = Register(KINDS, {}, {"SV-014": {}, "SE-201": {"employee_numbers": [{"number": "20114417"}]}})
    numbered = ONE._replace(person="20114417")
    assert at_one(listed("a", ONE), listed("b", numbered), register=register) == ([ONE], 1)


# figures

OWN = {"own": policy("maximum_gap_days: 56")}
REGISTER = Register(
    KINDS, {"policy": ["own"]}, {"SE-201": {}, "SE-202": {}, "SV-014": {"eligible": False}}, policies=OWN
)


def about(found: Gathered) -> Programme:
    return Programme.of(REGISTER, found.facts, claims=found.claims)


def test_whoever_it_makes_a_difference_to_is_left_out_and_told() -> None:
    found = about(gathered(REGISTER, [], [listed("a", ONE), listed("b", OTHER)]))
    (figure,) = coverage(found, "2026-10-31")
    assert figure.whole.excluded == {"not-eligible": 1, "disagreeing": 1}
    assert (figure.whole.numerator, figure.whole.denominator, figure.whole.people) == (0, 1, 3)


def test_whoever_it_makes_no_difference_to_is_counted() -> None:
    later = ONE._replace(date="2026-10-20", session="2026-10-20-se201")
    found = about(gathered(REGISTER, [later], [listed("a", ONE), listed("b", OTHER)]))
    assert coverage(found, "2026-10-31")[0].whole.numerator == 1
    assert coverage(found, "2027-10-31")[0].whole.excluded == {"not-eligible": 1}


@pytest.mark.parametrize(("minutes", "state"), [(60, "overdue"), (89, "overdue"), (90, "unknown")])
def test_two_versions_of_a_session_are_not_two_sessions(minutes: int, state: str) -> None:
    register = replace(REGISTER, policies={"own": policy("minutes_per_month: 90")})
    versions = [ONE._replace(minutes=60), ONE._replace(minutes=minutes, mode="in-person")]
    found = gathered(register, [], [listed(name, one) for name, one in zip("ab", versions, strict=True)])
    about = Programme.of(register, found.facts, claims=found.claims)
    (one,) = due(about, "2026-10-15", only=["SE-201"])
    assert one.state == state
    assert coverage(about, "2026-10-15")[0].whole.excluded.get("disagreeing", 0) == (state == "unknown")


def test_of_whom_it_cannot_be_said_whether_they_are_overdue() -> None:
    earlier = attended("2026-06-01")
    found = about(gathered(REGISTER, [earlier], [listed("a", ONE), listed("b", OTHER)]))
    (one,) = due(found, "2026-10-31", only=["SE-201"])
    assert (one.state, one.overdue, one.due, one.last) == ("unknown", False, None, "2026-06-01")
    (one,) = due(found, "2027-10-31", only=["SE-201"])
    assert (one.state, one.overdue_since) == ("overdue", "2026-07-28")


DAYS = (
    st.dates().map(lambda day: day.replace(year=2026)).map(str)
    if False
    else st.sampled_from([f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in (1, 14, 28)])
)
PARTS = st.tuples(
    DAYS, st.sampled_from(["SE-201", "SE-202"]), st.sampled_from(["", "unsigned", "peer-group peers 4", "0 cancelled"])
)


@EXAMPLES
@given(st.lists(PARTS, max_size=12, unique_by=lambda part: part[:2]), st.randoms(use_true_random=False), DAYS)
def test_splitting_facts_over_files_never_changes_a_figure(
    parts: list[tuple[str, str, str]], chance: random.Random, as_at: str
) -> None:
    facts = [
        attended(f"{day} {words}", who, n)._replace(digest=DIGESTS[0]) for n, (day, who, words) in enumerate(parts)
    ]
    whole = Programme.of(REGISTER, facts)
    where = [chance.sample(range(4), chance.randint(1, 4)) for _ in facts]
    lists = [[fact for fact, some in zip(facts, where, strict=True) if n in some] for n in range(4)]
    files = [
        read(str(n), io.StringIO("\n".join(chance.choice([*WAYS.values()])(some)), newline=""))
        for n, some in enumerate(lists)
    ]
    chance.shuffle(files)
    found = gathered(REGISTER, lists[0], files)
    assert found.again == sum(map(len, where)) + len(lists[0]) - len(facts)
    assert coverage(about(found), as_at) == coverage(whole, as_at)
    assert due(about(found), as_at) == due(whole, as_at)


# as it is typed

HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole, eligible: false}\n  SE-201: {name: Rhian Kettle}\n"
    "  SE-202: {name: Orla Quinn}\n",
    "sessions/2026-09-29-se201.md": text_of(
        {**SESSION, "client_hours": "18.5", "approach": "case-supervision"}, CLINICAL
    ),
    "sessions/2026-08-04-se201.md": text_of(
        {**without(SESSION, "minutes", "mode"), "date": "2026-08-04", "outcome": "cancelled", "by": "supervisee"}
    ),
    "sessions/2026-10-05-se201.md": text_of({**SESSION, "date": "2026-10-05", "status": "draft"}, CLINICAL),
    "agreements/agr-none.md": text_of(
        {**AGREEMENT, "organisation_receives": "nothing", "parties":
         "[{person: SV-014, role: supervisor}, {person: SE-202, role: supervisee}]"}
    ),
    "sessions/2026-10-06-se202.md": text_of(
        {**SESSION, "date": "2026-10-06", "supervisees": "SE-202", "agreement": "agr-none"}, CLINICAL
    ),
}  # fmt: skip
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Runs what was typed in a workspace, and returns the exit code and what it said on both streams."""
    monkeypatch.chdir(write(tmp_path, HERE))

    def ran(line: str) -> tuple[int, str, str]:
        return run(line.split()), *capsys.readouterr()

    return ran


def test_an_export(typed: Typed) -> None:
    code, out, err = typed("attendance export")
    head, cancelled, held = map(json.loads, out.splitlines())
    assert head == {"format": "supervision-notes attendance", "version": 1, "facts": 2}
    assert held.pop("digest").startswith("sha256:")
    assert held == {
        "session": "2026-09-29-se201", "person": "SE-201", "supervisor": "SV-014", "date": "2026-09-29", "minutes": 60,
        "type": "one-to-one", "outcome": "held", "approach": None, "mode": "online", "group": None,
        "role": "supervisee", "size": 1, "contracted": None, "led_by_peer": False, "signed": False,
        "agreed_until": None,
    }  # fmt: skip
    assert (cancelled["outcome"], cancelled["minutes"], cancelled["digest"]) == ("cancelled", 0, "")
    assert (code, err) == (0, "not in it: 1 draft.\n")
    assert typed("attendance export")[1] == out
    for kept_back in ("18.5", "case-supervision", "Kettle", "Poole", "Riverside", "se202", 'supervisee"}', "say no"):
        assert kept_back not in out


def test_an_export_of_some_days(typed: Typed) -> None:
    _, out, _ = typed("attendance export --format csv --since 2026-08-05 --until 2026-09-29")
    assert [row["session"] for row in csv.DictReader(out.splitlines())] == ["2026-09-29-se201"]
    code, _, err = typed("attendance export --since 2026-08-05 --until 2026-08-04")
    assert code == 2
    assert "the export would end on 2026-08-04, before it begins on 2026-08-05." in err


def test_an_export_into_a_file_replaces_an_earlier_one_and_nothing_else(typed: Typed) -> None:
    for name in ("a.jsonl", "a.csv"):
        for _ in range(2):
            assert typed(f"attendance export -o {name}") == (0, "", f"{name}: 2 facts.\nnot in it: 1 draft.\n")
    assert Path("a.csv").read_text().startswith("session,digest,person,")
    before = Path("people.yaml").read_bytes()
    code, _, err = typed("attendance export -o people.yaml --format jsonl")
    assert code == 2
    assert "people.yaml is there already, and is no export; nothing was written." in err
    assert Path("people.yaml").read_bytes() == before


def test_an_export_is_no_workbook(typed: Typed) -> None:
    code, _, err = typed("attendance export -o north.xlsx")
    assert (code, Path("north.xlsx").exists()) == (2, False)
    assert "“north.xlsx” ends neither in .jsonl nor in .csv: name it so, or say which of them it is with" in err
    assert typed("attendance export -o north.txt --format csv")[0] == 0
    assert typed("attendance export -o NORTH.CSV")[0] == 0
    assert Path("NORTH.CSV").read_text() == Path("north.txt").read_text()


@pytest.mark.parametrize("name", ["2026-09-15-rhian-after-the-fall", "orlaquinn_3", "KETTLE.2"])
def test_an_id_with_a_name_in_it_is_not_exported(name: str, typed: Typed) -> None:
    Path("sessions/x.md").write_text(text_of({**SESSION, "id": name, "date": "2026-09-15"}, CLINICAL))
    _, out, err = typed("attendance export")
    assert name not in out
    assert "1 part that is not told in codes" in err


def test_what_is_no_code_is_not_exported(typed: Typed) -> None:
    Path("sessions/x.md").write_text(text_of({**SESSION, "group": "Kettle"}, CLINICAL))
    _, out, err = typed("attendance export")
    assert "Kettle" not in out
    assert "1 part that is not told in codes" in err


def test_an_export_beside_its_own_workspace_changes_nothing(typed: Typed) -> None:
    typed("attendance export -o a.jsonl")
    typed("attendance export -o b.csv")
    for command in (
        "coverage --as-at 2026-11-02",
        "due --as-at 2026-11-02",
        "due --as-at 2026-11-02 --for organisation",
    ):
        code, out, _ = typed(command)
        again = typed(f"{command} --from a.jsonl b.csv")
        assert again[:2] == (code, out)
        assert "told more than once, and counted once: 4 facts." in again[2]
        assert "differently" not in again[2]


@pytest.mark.parametrize("column", NAMED)
def test_a_name_in_a_list_is_no_code(column: str, typed: Typed) -> None:
    named = json.dumps({**json.loads([*jsonl(FACTS)][1]), column: NAMED[column]})
    Path("a.jsonl").write_text("\n".join([*jsonl(FACTS), *jsonl([]), named]).replace('"facts": 0', '"facts": 1'))
    code, out, err = typed("due --as-at 2026-10-31 --format json --from a.jsonl")
    assert (code, err.startswith(f"a.jsonl:7: {column} is ")) == (1, True)
    assert NAMED[column] not in out + err


def test_what_this_workspace_keeps_back_no_list_gives_away(typed: Typed) -> None:
    kept_back = attended("2026-10-06", "SE-202")._replace(session="2026-10-06-se202")
    other = kept_back._replace(supervisor="SV-022")
    for fact, numerator in ((kept_back, 1), (other, 2)):
        Path("a.jsonl").write_text("\n".join(jsonl([fact])))
        _, out, err = typed("coverage --as-at 2026-10-31 --format json --from a.jsonl a.jsonl")
        assert json.loads(out)[0]["numerator"] == numerator
        assert ("told more than once" in err) == (numerator == 2)


def test_a_mistake_and_a_disagreement_are_told_with_their_places(typed: Typed) -> None:
    typed("attendance export -o a.jsonl")
    held = next(line for line in Path("a.jsonl").read_text().splitlines() if "held" in line)
    head = json.dumps({"format": "supervision-notes attendance", "version": 1, "facts": 3})
    other = re.sub(r"sha256:[0-9a-f]+", DIGESTS[5], held)
    elsewhere = held.replace("se201", "se202").replace("SE-201", "SE-202")
    Path("b.jsonl").write_text("\n".join([head, other, elsewhere.replace("SE-202", "Orla Quinn"), elsewhere]))
    code, out, err = typed("coverage --as-at 2026-10-31 --format json --from b.jsonl")
    assert (code, json.loads(out)[0]["numerator"]) == (1, 2)
    assert err == (
        "b.jsonl:3: person is a code, as in SE-201, and never a name; this fact is not counted. "
        "Write it again with  supervision-notes attendance export\n"
        "2026-09-29-se201: the part of SE-201 is told differently in this workspace and b.jsonl:2; what stands in this "
        "workspace counts. Leave out the older list, or mend the record that is wrong.\n"
        "not counted: 1 draft; 1 mistake in a list.\n"
    )
    assert typed("due --as-at 2026-10-31 --from b.jsonl")[0] == 1


ASKED = (
    "coverage --format pdf -o out.pdf",
    "coverage",
    "due --format html -o out.html",
    "due --overdue",
    "evidence --format pdf -o out.pdf",
    "remind --dry-run",
    "calendar -o out.ics",
)


@pytest.mark.parametrize("command", ASKED)
def test_from_a_list_that_is_not_whole_nothing_is_answered(command: str, typed: Typed) -> None:
    head, first, *_ = jsonl(FACTS)
    Path("whole.jsonl").write_text("\n".join(jsonl(FACTS)))
    Path("cut.jsonl").write_text(f"{head}\n{first}\n")
    Path("staff.csv").write_text("name,code\nRhian Kettle,SE-201\n")
    code, out, err = typed(f"{command} --from whole.jsonl cut.jsonl staff.csv")
    assert (code, out, [*Path().glob("out.*")]) == (1, "", [])
    cut, none, nothing = err.splitlines()
    assert cut == (
        "cut.jsonl:2: 4 facts are announced and 1 found, so the file was cut or changed. "
        "Write it again with  supervision-notes attendance export"
    )
    assert none.startswith("staff.csv:1: this is no list of attendance: its first line does not name session, digest, ")
    assert nothing == "nothing was answered or written, for part of the attendance is not there."


COUNTING = (*ASKED, "due --supervisor SV-014", "due --for SE-299", "attendance export -o out.jsonl")


@pytest.mark.parametrize("files", [(), ("--from", "a.jsonl")], ids=["here", "beside a list"])
@pytest.mark.parametrize("command", COUNTING)
def test_where_nobody_can_say_who_is_who_nothing_is_answered(command: str, files: Sequence[str], typed: Typed) -> None:
    Path("a.jsonl").write_text("\n".join(jsonl(FACTS)))
    Path("people.yaml").write_text("people:\n  SE-201: {name: Rhian Kettle}\n  SE-503:{name: A, team: B}\n")
    said = "{} cannot be read whole, so nothing was answered or written: supervision-notes check says why.\n"
    given = () if "export" in command else files
    assert typed(" ".join([command, *given])) == (1, "", said.format("people.yaml"))
    Path("supervision.yaml").write_text("organisation: Riverside\npolicy {own}\n")
    assert typed(" ".join([command, *given])) == (1, "", said.format("supervision.yaml and people.yaml"))
    assert [*Path().glob("out.*")] == []


def test_where_nobody_can_say_who_is_who_nothing_is_loaded(typed: Typed) -> None:
    Path("a.jsonl").write_text("\n".join(jsonl(FACTS)))
    Path("people.yaml").write_bytes("people:\n  SE-201: {name: Łukasz}\n".encode("iso8859-2"))
    code, out, err = typed("attendance load a.jsonl --database out.sqlite")
    assert (code, out, err.partition(",")[0]) == (1, "", "people.yaml cannot be read whole")
    assert [*Path().glob("out.*")] == []


@pytest.mark.parametrize("command", ["list", "show 2026-09-29-se201", "links 2026-09-29-se201", "actions"])
def test_what_counts_nobody_is_answered_without_a_register(command: str, typed: Typed) -> None:
    Path("people.yaml").write_text("people: [SE-201]\n")
    assert typed(command)[0] == 0


@pytest.mark.parametrize("command", ["coverage", "due"])
def test_a_file_without_its_option_or_that_is_not_there(command: str, typed: Typed) -> None:
    code, _, err = typed(f"{command} a.jsonl")
    assert (code, "“a.jsonl” needs --from before it:  --from a.jsonl" in err) == (2, True)
    code, _, err = typed(f"{command} --from gone.jsonl")
    assert (code, "there is no file “gone.jsonl”: name it by its path from here" in err) == (2, True)


def test_what_is_wrong_with_the_question_is_said_before_what_is_wrong_with_a_list(typed: Typed) -> None:
    for nowhere in ("--from gone.jsonl", "--database sqlite:///gone/attendance.sqlite"):
        code, _, err = typed(f"due --supervisor SV-999 {nowhere}")
        assert (code, "SV-999" in err, "gone" in err) == (2, True, False)


def test_many_mistakes_are_not_a_flood(typed: Typed) -> None:
    _, first, *_ = jsonl(FACTS)
    head = json.dumps({"format": "supervision-notes attendance", "version": 1, "facts": 100})
    Path("a.jsonl").write_text("\n".join([head, *([first.replace("held", "hold")] * 100)]))
    code, _, err = typed("due --as-at 2026-10-31 --from a.jsonl")
    assert code == 1
    assert err.count("outcome is ") == 10
    assert "a.jsonl: and 90 more lines like these.\n" in err
