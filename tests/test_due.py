"""Who is due: tables of dates worked by hand, and what holds whatever the dates are."""

from __future__ import annotations

import csv
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import run
from supervision_notes.policies import Policy
from supervision_notes.questions.coverage import coverage
from supervision_notes.questions.due import STATES, Due, due, left_out
from supervision_notes.questions.programme import Programme
from supervision_notes.register import Register

from .conftest import CLINICAL, KINDS, SESSION, SIGN_OFF, Files, attended, policy, programme, text_of, without, write

EXAMPLES = settings(max_examples=200, deadline=None, derandomize=True)

TABLES = Path(__file__).parent / "tables" / "dates.md"


class Case(NamedTuple):
    """A line of a table: what is known, and what is to be said of it."""

    policy: Policy
    name: str
    who: str
    sessions: str
    as_at: str
    due: str
    since: str
    state: str
    coverage: str


def cases() -> Iterator[Case]:
    for section in TABLES.read_text("utf-8").split("\n## ")[1:]:
        asked = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
        assert asked, section.partition("\n")[0]
        rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
        for row in rows:
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            yield Case(policy(asked[1]), *cells)


CASES = list(cases())


def test_the_tables_were_read() -> None:
    assert len(CASES) > 130
    assert {shape for case in CASES for shape in case.policy.asks} == {
        "maximum_gap_days", "phases", "sessions_per", "minutes_per_month", "minutes_averaged",
        "client_hours_per_supervision_hour", "allowance",
    }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{next(iter(case.policy.asks))}: {case.name}")
def test_a_table_of_dates(case: Case) -> None:
    facts = [attended(session, n=n) for n, session in enumerate(filter(None, case.sessions.split(", ")))]
    about = programme(case.who, {"own": case.policy}, facts)
    found = due(about, case.as_at)
    if not found:
        assert [*left_out(about, case.as_at, found)] == [case.state]
    for one in found:
        assert (one.due or "", one.overdue_since or "", one.state) == (case.due, case.since, case.state)
        assert one.overdue == (case.state == "overdue")
    whole = coverage(about, case.as_at)[0].whole
    said = "covered" if whole.numerator else "not" if whole.denominator else next(iter(whole.excluded))
    assert said == case.coverage


# every policy on its own, in words that say why


def one(about: Programme, as_at: str) -> Due:
    (found,) = due(about, as_at)
    return found


def said(asked: str, who: str, sessions: str, as_at: str) -> str:
    facts = [attended(session, n=n) for n, session in enumerate(filter(None, sessions.split(", ")))]
    return one(programme(who, {"own": policy(asked)}, facts), as_at).reason


REASONS = {
    "in time": ("maximum_gap_days: 56", "", "2026-01-05", "2026-02-01", "56 days from 2026-01-05"),
    "overdue": ("maximum_gap_days: 56", "", "2026-01-05", "2026-04-01", "more than 56 days since 2026-01-05"),
    "new": ("maximum_gap_days: 56", "start 2026-01-05", "", "2026-02-01", "56 days from the start, 2026-01-05"),
    "never": (
        "maximum_gap_days: 56", "", "", "2026-02-01", "no session that counts is known, and people.yaml gives no start",
    ),
    "after a pause": (
        "maximum_gap_days: 56", "pause 2026-01-10 to 2026-01-12", "2026-01-05", "2026-02-01",
        "56 days from 2026-01-05, paused days left out",
    ),
    "of a sort that does not count": (
        "maximum_gap_days: 56", "start 2026-01-05",
        "2026-01-12 mentoring, 2026-02-02 wellbeing-support, 2026-02-09 cancelled, 2026-08-03 mentoring", "2026-06-01",
        "more than 56 days since the start, 2026-01-05; 2 sessions of theirs do not count under this policy",
    ),
    "too short to count": (
        "sessions_per: {count: 4, months: 12}\ncounts: {minimum_minutes: 45}", "start 2024-01-05", "2026-01-12 30",
        "2026-06-01", "0 of 4 sessions in 12 months; 1 session of theirs does not count under this policy",
    ),
    "some of them count": (
        "maximum_gap_days: 56", "", "2026-01-05, 2026-01-12 mentoring", "2026-04-01",
        "more than 56 days since 2026-01-05",
    ),
    "in time by the start": (
        "maximum_gap_days: 56", "start 2026-01-05", "2026-01-12 mentoring", "2026-02-01",
        "56 days from the start, 2026-01-05",
    ),
    "in a pause": ("maximum_gap_days: 56", "pause 2026-01-10", "2026-01-05", "2026-02-01", "paused"),
    "for want of clients": ("maximum_gap_days: 56", "pause 2026-01-10 no-clients", "", "2026-02-01", "paused"),
    "in a phase": (
        "stream: practice\nphases: [{until: 6 weeks, maximum_gap_days: 7}, {maximum_gap_days: 31}]", "start 2026-01-05",
        "2026-01-12 practice", "2026-01-13", "7 days (until 6 weeks after the start) from 2026-01-12",
    ),
    "in a period": (
        "sessions_per: {count: 2, months: 12}", "", "2025-03-01, 2025-09-01, 2026-01-05", "2026-02-01",
        "2 of 2 sessions in 12 months",
    ),
    "too few in a period, and no start": (
        "sessions_per: {count: 4, months: 12}", "", "2025-09-01, 2025-12-01, 2026-01-05", "2026-02-01",
        "3 of 4 sessions in 12 months, and people.yaml gives no start",
    ),
    "a pause in a period": (
        "sessions_per: {count: 1, months: 12}", "start 2024-01-01; pause 2025-06-01 to 2025-12-31", "2025-01-01",
        "2026-03-01", "1 of 1 session in 12 months, paused days left out",
    ),
    "the phase that was missed": (
        "stream: practice\nphases: [{until: 6 weeks, maximum_gap_days: 7}, {maximum_gap_days: 31}]", "start 2026-01-05",
        "2026-01-12 practice", "2026-06-01", "more than 7 days (until 6 weeks after the start) since 2026-01-12",
    ),
    "in a month": (
        "minutes_per_month: 90", "start 2026-01-01", "2026-01-05, 2026-01-20 45", "2026-01-25",
        "105 of 90 minutes in 2026-01",
    ),
    "in months": (
        "minutes_averaged: {minutes: 90, months: 3}", "start 2026-01-01", "2026-01-05 90", "2026-02-25",
        "90 of 180 minutes in 3 months up to 2026-02",
    ),
    "client hours": (
        "client_hours_per_supervision_hour: {hours: 8, months: 1}", "", "2026-01-05 hours 7.5", "2026-01-25",
        "60 minutes for 7.5 client hours in 1 month",
    ),
    "an offer": (
        "allowance: {sessions: 2, until: 2026-12-31}", "", "2026-01-05", "2026-01-25",
        "1 of 2 taken up; they may be had until 2026-12-31",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REASONS, ids=str)
def test_why(case: str) -> None:
    *known, reason = REASONS[case]
    assert said(*known) == reason


def test_several_policies_and_several_things_that_one_asks_for_are_each_answered_on_their_own() -> None:
    policies = {
        "both": policy("maximum_gap_days: 56\nminutes_per_month: 90", "both"),
        "managed": policy("stream: line-management\nmaximum_gap_days: 28", "managed"),
    }
    facts = [attended("2026-10-05"), attended("2026-10-07 line-management")]
    found = due(programme("start 2026-10-01", policies, facts), "2026-11-05")
    assert {(d.policy, d.asks): (d.due, d.state) for d in found} == {
        ("both", "maximum_gap_days"): ("2026-11-30", "in-time"),
        ("both", "minutes_per_month"): ("2026-10-31", "overdue"),
        ("managed", "maximum_gap_days"): ("2026-11-04", "overdue"),
    }


def test_the_most_overdue_come_first_and_the_paused_last() -> None:
    staff = {
        "SE-201": {},
        "SE-202": {"pauses": [{"from": "2026-10-01"}]},
        "SE-203": {},
        "SE-204": {"start": "2026-01-05"},
        "SE-205": {},
    }
    register = Register(KINDS, {"policy": ["own"]}, staff, policies={"own": policy("maximum_gap_days: 56")})
    facts = [attended("2026-11-02", "SE-201"), attended("2026-06-01", "SE-205"), attended("2026-09-01", "SE-202")]
    about = Programme.of(register, facts)
    assert [d.person for d in due(about, "2026-12-01")] == ["SE-203", "SE-204", "SE-205", "SE-201", "SE-202"]
    assert [d.person for d in due(about, "2026-12-01", order="person")] == sorted(staff)


def test_without_a_register_whoever_attends_is_asked_about() -> None:
    register = Register(KINDS, {}, None, policies={"eight-weeks": policy("maximum_gap_days: 56", "eight-weeks")})
    assert one(Programme.of(register, [attended("2026-01-05")]), "2026-01-06").person == "SE-201"


LATE, GAP = "start 2026-01-05", "maximum_gap_days: 56"
FOUR_A_YEAR = "sessions_per: {count: 4, months: 12}"
HIDING = {
    "nobody knows of any": (GAP, LATE, "", ("2026-01-12", "9999-12-31"), "unknown"),
    "it ended before they would be late": (GAP, LATE, "", ("2026-01-12", "2026-02-01"), "unknown"),
    "it began on this day": (GAP, LATE, "", ("2026-08-01", "9999-12-31"), "unknown"),
    "it begins tomorrow": (GAP, LATE, "", ("2026-08-02", "9999-12-31"), "overdue"),
    "it began after the last": (GAP, LATE, "2026-03-02", ("2026-04-01", "9999-12-31"), "unknown"),
    "it ended before the last": (GAP, LATE, "2026-03-02", ("2025-04-01", "2026-03-01"), "overdue"),
    "they are in time": (GAP, LATE, "2026-07-20", ("2026-01-12", "9999-12-31"), "in-time"),
    "they have just started": (GAP, "start 2026-07-20", "", ("2026-01-12", "9999-12-31"), "in-time"),
    "they are paused": (GAP, f"{LATE}; pause 2026-07-20", "", ("2026-01-12", "9999-12-31"), "paused"),
    "some of the year": (FOUR_A_YEAR, "", "2026-03-02, 2026-07-20", ("2025-04-01", "2025-09-30"), "unknown"),
    "of another year": (FOUR_A_YEAR, "", "2026-03-02, 2026-07-20", ("2024-04-01", "2025-07-31"), "overdue"),
    "a month": ("minutes_per_month: 90", LATE, "2026-07-20", ("2026-07-01", "2026-07-02"), "unknown"),
    "months on average": (
        "minutes_averaged: {minutes: 90, months: 3}", LATE, "2026-07-20", ("2026-05-01", "2026-05-02"), "unknown",
    ),
    "months before that": (
        "minutes_averaged: {minutes: 90, months: 3}", LATE, "2026-07-20", ("2026-01-12", "2026-04-30"), "overdue",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HIDING)
def test_what_an_agreement_may_keep_back_is_held_against_nobody(case: str) -> None:
    asked, who, sessions, days, state = HIDING[case]
    facts = [attended(session, n=n) for n, session in enumerate(filter(None, sessions.split(", ")))]
    about = replace(programme(who, {"own": policy(asked)}, facts), withheld={"SE-201": [days]})
    found, whole = one(about, "2026-08-01"), coverage(about, "2026-08-01")[0].whole
    assert (found.state, found.overdue) == (state, state == "overdue")
    assert whole.denominator == (state in ("overdue", "in-time") and "just" not in case)
    assert ("withheld" in whole.excluded) == (state == "unknown")
    if state == "unknown":
        assert (found.due, found.overdue_since, found.reason) == (None, None, "an agreement keeps their sessions back")


def test_somebody_who_attends_and_is_not_in_the_register_is_left_out_and_said_so() -> None:
    about = programme("", {"own": policy("maximum_gap_days: 56")}, [attended("2026-01-05", "SE-999")])
    assert left_out(about, "2026-02-01", due(about, "2026-02-01")) == {"no-profile": 1}


def test_an_old_employee_number_still_credits_the_right_person() -> None:
    numbers = [{"number": "20114417", "until": "2025-12-31"}, {"number": "30114417", "from": "2026-01-01"}]
    staff = {"SE-201": {"employee_numbers": numbers}}
    register = Register(KINDS, {"policy": ["own"]}, staff, policies={"own": policy("maximum_gap_days: 56")})
    about = Programme.of(register, [attended("2026-01-05", "20114417"), attended("2025-12-01", "SE-201")])
    assert one(about, "2026-01-06").last == "2026-01-05"


# whatever the dates are

DAYS = st.dates(date(2023, 11, 1), date(2026, 3, 31))
SHAPES = [
    "maximum_gap_days: 56",
    "maximum_gap_days: 1",
    "phases: [{until: 6 weeks, maximum_gap_days: 7}, {until: 6 months, maximum_gap_days: 14}, {maximum_gap_days: 31}]",
    "phases: [{until: 3 months, maximum_gap_days: 28}, {maximum_gap_days: 14}]",
    "sessions_per: {count: 1, months: 1}",
    "sessions_per: {count: 4, months: 12}",
    "minutes_per_month: 90\ngroup_credit: {half_up_to: 4, divided_from: 5}",
    "minutes_averaged: {minutes: 60, months: 4}\ngroup_credit: {divided_from: 3, number: contracted}",
    "allowance: {sessions: 2, minutes: 50, until: 2025-02-28}",
    "client_hours_per_supervision_hour: {hours: 8, months: 3}",
]
SESSIONS = st.builds(
    lambda day, minutes, unusual: f"{day} {minutes} {unusual}",
    DAYS,
    st.integers(1, 150),
    st.sampled_from(
        ["", "", "", "peer-group group 5", "peers 3 contracted 6", "external group ?", "wellbeing-support"]
    ),
)
PAUSES = st.lists(st.tuples(DAYS, st.integers(-1, 90)), max_size=3)


def when(pauses: list[tuple[date, int]], start: date | None) -> str:
    away = [f"pause {first} to {first + timedelta(days)}" for first, days in pauses]
    return "; ".join([*away, *([f"start {start}"] if start else [])])


def how_late(found: Due) -> tuple[bool, str, str]:
    """More overdue is larger: overdue at all, since an earlier day, and due on an earlier one."""
    since = found.overdue_since or "0000" if found.overdue else "9999"
    if found.state == "paused":
        return False, "", ""
    return found.overdue, complement(since), complement(found.due or ("9999" if not found.overdue else "0000"))


def complement(day: str) -> str:
    return "".join(chr(ord("0") + ord("9") - ord(c)) if c.isdigit() else c for c in day)


@EXAMPLES
@given(st.sampled_from(SHAPES), PAUSES, st.none() | DAYS, st.lists(SESSIONS, max_size=12), SESSIONS, DAYS)
def test_one_more_session_never_makes_anybody_more_overdue(
    asked: str, pauses: list[tuple[date, int]], start: date | None, sessions: list[str], more: str, as_at: date
) -> None:
    who, policies = when(pauses, start), {"own": policy(asked)}
    facts = [attended(session, n=n) for n, session in enumerate([*sessions, more])]
    before, after = (due(programme(who, policies, theirs), str(as_at)) for theirs in (facts[:-1], facts))
    assert len(before) == len(after)
    for earlier, later in zip(before, after, strict=True):
        assert how_late(later) <= how_late(earlier)
        assert later.overdue <= earlier.overdue


@EXAMPLES
@given(
    st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3, unique=True), PAUSES, st.none() | DAYS,
    st.lists(st.tuples(SESSIONS, st.integers(0, 3)), max_size=12), st.randoms(use_true_random=False), DAYS,
)  # fmt: skip
def test_neither_the_lists_that_facts_stand_in_nor_their_order_change_a_figure(
    asked: list[str], pauses: list[tuple[date, int]], start: date | None, sessions: list[tuple[str, int]],
    chance: random.Random, as_at: date,
) -> None:  # fmt: skip
    who = when(pauses, start)
    policies: dict[str, Policy | None] = {f"p{n}": policy(text, f"p{n}") for n, text in enumerate(asked)}
    facts = [attended(session, n=n) for n, (session, _) in enumerate(sessions)]
    lists = [[fact for fact, (_, where) in zip(facts, sessions, strict=True) if where == n] for n in range(4)]
    whole = programme(who, policies, facts)
    chance.shuffle(facts)
    chance.shuffle(lists)
    again = facts[:2]  # reported twice, word for word
    for other in (
        programme(who, policies, *lists),
        programme(who, policies, facts),
        programme(who, policies, facts, again),
    ):
        assert due(other, str(as_at)) == due(whole, str(as_at))
        assert coverage(other, str(as_at)) == coverage(whole, str(as_at))


@EXAMPLES
@given(st.sampled_from(SHAPES), PAUSES, st.none() | DAYS, st.lists(SESSIONS, max_size=8), DAYS)
def test_the_day_that_is_due_meets_the_policy_and_the_first_after_it_that_counts_does_not(
    asked: str, pauses: list[tuple[date, int]], start: date | None, sessions: list[str], as_at: date
) -> None:
    facts = [fact for n, text in enumerate(sessions) if (fact := attended(text, n=n)).date <= str(as_at)]
    about = programme(when(pauses, start), {"own": policy(asked)}, facts)
    for found in due(about, str(as_at)):
        if found.due and not found.overdue and found.state != "paused" and "allowance" not in asked:
            assert not one(about, found.due).overdue
            later = next(
                d
                for n in range(1, 400)
                if (d := one(about, str(date.fromisoformat(found.due) + n * timedelta(1)))).state != "paused"
            )
            assert later.overdue
        if found.overdue_since:
            assert one(about, found.overdue_since).state in ("overdue", "paused")
            assert found.due is None or found.due < found.overdue_since <= str(as_at)


# as it is shown

HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole, eligible: false}\n"
    "  SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014, from: 2026-07-21}]}\n"
    "  SE-205: {name: Łukasz Żółć}\n  SE-206: {name: Orla Quinn, start: 2026-08-01}\n"
    "  SE-207: {name: Ioana Brânză, pauses: [{from: 2026-10-01}]}\n",
    "sessions/2026-09-29-se201.md": text_of(SESSION, CLINICAL),
    "sessions/2026-10-22-pg1.md": text_of(
        {
            **without(SESSION, "supervisor", "supervisees"), "date": "2026-10-22", "type": "peer-group", "group": "pg1",
            "facilitator": "SE-201",
            "attendance": "{SE-205: present, SE-201: present, SE-206: apologies, SE-207: late 5}",
        },
        CLINICAL,
    ),
    "sign-offs/s.md": text_of({**without(SIGN_OFF, "digest"), "of": "2026-10-22-pg1", "method": "paper"}),
}  # fmt: skip
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Asks a workspace on 2 November 2026, and returns the exit code and what it said on both streams."""
    write(tmp_path, HERE)

    def ask(*arguments: str, as_at: str = "2026-11-02") -> tuple[int, str, str]:
        code = run(["-C", str(tmp_path), "due", "--as-at", as_at, *arguments])
        return code, *capsys.readouterr()

    return ask


def test_as_json(asked: Ask) -> None:
    code, out, err = asked("--for", "SE-201", "--format", "json", as_at="2026-12-18")
    assert json.loads(out) == [
        {
            "person": "SE-201", "policy": "eight-weeks", "last": "2026-10-22", "due": "2026-12-17", "overdue": True,
            "reason": "more than 56 days since 2026-10-22", "overdue_since": "2026-12-18", "state": "overdue",
            "light": "red", "asks": "maximum_gap_days", "stream": "clinical", "supervisors": ["SV-014"],
        },
    ]  # fmt: skip
    assert (code, err) == (0, "")


def test_as_a_table_without_a_name(asked: Ask) -> None:
    code, out, err = asked()
    assert [re.split("  +", line) for line in out.splitlines()] == [
        ["Person", "State", "Due", "Last", "Policy", "Why"],
        [
            "SE-206",
            "overdue since 2026-09-27",
            "2026-09-26",
            "eight-weeks",
            "more than 56 days since the start, 2026-08-01",
        ],
        ["SE-201", "in time", "2026-12-17", "2026-10-22", "eight-weeks", "56 days from 2026-10-22"],
        ["SE-205", "awaiting sign-off", "2026-12-17", "2026-10-22", "eight-weeks", "56 days from 2026-10-22"],
        ["SE-207", "paused", "2026-10-22", "eight-weeks", "paused"],
    ]
    assert err == "not in this list: 1 not eligible.\n"
    assert code == 0


def test_the_reasons_for_which_somebody_is_not_in_the_list_are_divided(asked: Ask, tmp_path: Path) -> None:
    write(tmp_path, {"people.yaml": str(HERE["people.yaml"]).replace("start: 2026-08-01", "leave: 2026-10-31")})
    assert asked()[2] == "not in this list: 1 left; 1 not eligible.\n"


def test_names_where_they_are_wanted(asked: Ask) -> None:
    assert re.search(r"^SE-201 +Rhian Kettle +in time", asked("--names")[1], re.MULTILINE)
    assert '"name": "Rhian Kettle"' in asked("--names", "--format", "json")[1]


def test_as_csv(asked: Ask) -> None:
    rows = list(csv.DictReader(asked("--format", "csv", "--overdue")[1].splitlines()))
    assert [(row["person"], row["overdue"], row["light"]) for row in rows] == [("SE-206", "yes", "red")]


def test_a_supervisor_s_own_page(asked: Ask) -> None:
    _, out, err = asked("--supervisor", "sv-014", "--format", "json")
    assert [(row["person"], row["light"]) for row in json.loads(out)] == [("SE-201", "green")]
    assert err == ""


def test_where_a_policy_cannot_be_used_nobody_is_lost_from_that_page() -> None:
    people = {"SE-201": {"supervisors": [{"id": "SV-014", "stream": "practice"}]}}
    about = Programme.of(Register(KINDS, {"policy": ["lost"]}, people, policies={"lost": None}))
    (found,) = due(about, "2026-11-02", supervisor="SV-014")
    assert (found.person, found.state, found.supervisors) == ("SE-201", "unknown", ("SV-014",))
    assert left_out(about, "2026-11-02", [found], supervisor="SV-014") == {}


def test_before_somebody_was_allocated_they_were_not_on_that_page(asked: Ask) -> None:
    _, out, err = asked("--supervisor", "SV-014", as_at="2026-07-20")
    assert (out, err) == ("", "there is nobody here whom a policy asks about.\n")


def test_the_members_of_a_group(asked: Ask) -> None:
    _, out, _ = asked("--for", "pg1", "--format", "json", "--sort", "person")
    assert [row["person"] for row in json.loads(out)] == ["SE-201", "SE-205", "SE-206", "SE-207"]


def test_an_author_is_told_of_themselves_alone(asked: Ask) -> None:
    code, out, err = asked("--for", "author", "--as", "SE-205", "--format", "json")
    assert [(row["person"], row["last"]) for row in json.loads(out)] == [("SE-205", "2026-10-22")]
    assert (code, err) == (0, "")


def test_a_supervisor_whom_nobody_has(asked: Ask) -> None:
    code, out, err = asked("--supervisor", "SV-014x")
    assert (code, out) == (2, "")
    assert "people.yaml names no supervisor “SV-014x”; did you mean “SV-014”?" in err


def test_nobody_is_overdue(asked: Ask) -> None:
    assert asked("--overdue", "--for", "SE-201")[1:] == ("", "nobody is overdue.\n")


def test_where_a_policy_cannot_be_used_nobody_says_that_nobody_is_overdue(asked: Ask, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": "organisation: Riverside\npolicy: [lost]\n"})
    code, out, err = asked("--overdue", "--for", "SE-201")
    assert (code, out) == (1, "")
    doubtful, others, policy = err.splitlines()
    assert doubtful == "of 1 person it cannot be said whether they are overdue."
    assert (others, policy[:30]) == ("nobody else is overdue.", "the policy lost cannot be used")
    write(tmp_path, {"supervision.yaml": "organisation: Riverside\npolicy: [lost, eight-weeks]\n"})
    _, out, err = asked("--overdue", "--format", "json")
    assert [row["person"] for row in json.loads(out)] == ["SE-206"]
    assert err.startswith("of 4 people it cannot be said whether they are overdue.\nnot in this list: ")


UNSEEN = (
    "{} who are counted by {}: no session of theirs that could count is known here. Where sessions are recorded "
    "elsewhere, name the lists or the database with --from or --database.\n"
)
FORGOTTEN = "".join(f"  SE-3{n}: {{start: 2026-01-05}}\n" for n in range(10, 14))


def test_where_most_have_no_session_that_is_known_their_lists_are_asked_for(asked: Ask, tmp_path: Path) -> None:
    people = str(HERE["people.yaml"])
    write(tmp_path, {"people.yaml": people + FORGOTTEN})
    code, out, err = asked("--format", "json")
    assert (code, err) == (0, UNSEEN.format("4 of 7", "eight-weeks") + "not in this list: 1 not eligible.\n")
    assert (len(json.loads(out)), "unseen" in out) == (8, False)
    assert UNSEEN.format("1 of 1", "eight-weeks") in asked("--for", "SE-310", "--overdue")[2]
    for few in (FORGOTTEN[: len(FORGOTTEN) // 4 * 3], FORGOTTEN.replace("2026-01-05", "2026-10-05")):
        write(tmp_path, {"people.yaml": people + few})
        assert "no session of theirs" not in asked()[2], "as many are known, or nothing is due of the others yet"


def test_each_policy_has_people_of_its_own_whose_lists_may_be_missing(asked: Ask, tmp_path: Path) -> None:
    named = "organisation: Riverside\npolicy: [eight-weeks, line-management-eight-weeks]\n"
    write(tmp_path, {"supervision.yaml": named})
    assert UNSEEN.format("3 of 3", "line-management-eight-weeks") in asked()[2]


def test_whom_no_policy_asks_about_is_not_said_to_be_in_time(asked: Ask) -> None:
    err = "there is nobody here whom a policy asks about.\nnot in this list: 1 not eligible.\n"
    assert asked("--overdue", "--for", "SV-014") == (0, "", err)


def test_every_state_has_words_and_a_light() -> None:
    assert [light for _, light in STATES.values()] == ["green", "yellow", "red", "grey", "grey"]
    assert len({words for words, _ in STATES.values()}) == len(STATES)
