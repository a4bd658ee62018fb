"""Attendance: what a workspace tells an organisation of a session, and what the parties know besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from supervision_notes.attendance import FOREVER, ORGANISATION, Attendance, Attended, by_person, withheld
from supervision_notes.attendance import attended as attended_in
from supervision_notes.reading import Checked
from supervision_notes.record import Audience

from .conftest import AGREEMENT, CLINICAL, DISCLOSURE, SESSION, SIGN_OFF, Files, attended, text_of, without

Check = Callable[[Files], Checked]
PARTIES = Audience("parties")
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "minutes": "120",
    "group": "pg1",
    "facilitator": "SE-205",
    "attendance": "{SE-205: present, SE-206: present, SE-207: late 40, SE-208: apologies, SE-209: did-not-attend}",
}
LED = {**without(GROUP, "facilitator"), "supervisor": "SV-014"}
FILE = "sessions/2026-09-29-se201.md"


def session(facts: Mapping[str, str], **more: str) -> str:
    return text_of({**facts, **more}, CLINICAL)


def told(check: Check, files: Files, audience: Audience = ORGANISATION) -> Attended:
    return attended_in(check(files).workspace, audience)


def parts(found: Attended, *keys: str) -> dict[str, Any]:
    return {fact.person: tuple(getattr(fact, key) for key in keys) for fact in found.facts}


def test_one_person_s_part_in_one_session(check: Check) -> None:
    (fact,) = told(check, {FILE: session(SESSION, approach="case-supervision", client_hours="18.5")}).facts
    assert fact.digest.startswith("sha256:")
    assert fact._replace(digest="") == Attendance(
        "SE-201", "2026-09-29", 60, "one-to-one", "clinical", mode="online", supervisor="SV-014",
        session="2026-09-29-se201",
    )  # fmt: skip


GUESSED = {
    "no words": {},
    "that there was nothing to say": {"Actions": "None", "Risk and safeguarding": "None raised in all of this hour"},
    "hardly a word": {"Exploration": "It went well."},
}


@pytest.mark.parametrize("case", GUESSED, ids=str)
def test_a_record_that_could_be_guessed_gives_no_fingerprint_away(case: str, check: Check) -> None:
    facts = {**SESSION, "type": "practice", "next_date": "ending", "client_hours": "18.5"}
    (fact,) = told(check, {FILE: text_of(facts, GUESSED[case])}).facts
    assert (fact.outcome, fact.digest) == ("held", "")


def test_the_parties_know_the_approach_and_the_client_hours_too(check: Check) -> None:
    files = {FILE: session(SESSION, approach="case-supervision", client_hours="18.5")}
    (fact,) = told(check, files, PARTIES).facts
    assert (fact.approach, fact.client_hours) == ("case-supervision", "18.5")


def test_whoever_supervises_takes_no_part(check: Check) -> None:
    assert [*parts(told(check, {FILE: session(SESSION, supervisees="SE-201, SE-202")}), "size")] == ["SE-201", "SE-202"]


GROUPS = {
    "peers": (
        GROUP,
        {
            "SE-205": (120, "held", "facilitator"),
            "SE-206": (120, "held", "member"),
            "SE-207": (80, "held", "member"),
            "SE-208": (0, "apologies", "member"),
            "SE-209": (0, "did-not-attend", "member"),
        },
        (2, True),
    ),
    "led by a supervisor who is in the list": (
        {**LED, "supervisor": "SE-205"},
        {
            "SE-206": (120, "held", "member"),
            "SE-207": (80, "held", "member"),
            "SE-208": (0, "apologies", "member"),
            "SE-209": (0, "did-not-attend", "member"),
        },
        (2, False),
    ),
    "later than all of it": (
        {**LED, "attendance": "{SE-206: present, SE-207: late 130}"},
        {"SE-206": (120, "held", "member"), "SE-207": (0, "held", "member")},
        (2, False),
    ),
    "cancelled": (
        {**LED, "outcome": "cancelled", "by": "supervisor", "attendance": "{SE-206: present}"},
        {"SE-206": (0, "cancelled", "member")},
        (1, False),
    ),
}


@pytest.mark.parametrize("case", GROUPS, ids=str)
def test_everybody_s_part_in_a_group(case: str, check: Check) -> None:
    facts, expected, (size, peers) = GROUPS[case]
    found = told(check, {FILE: session(facts)})
    assert parts(found, "minutes", "outcome", "role") == expected
    assert {(fact.size, fact.led_by_peer, fact.group) for fact in found.facts} == {(size, peers, "pg1")}


def test_the_size_of_a_group_outside_is_not_known(check: Check) -> None:
    external = {**SESSION, "type": "external", "provider": "Harbour Practice"}
    assert parts(told(check, {FILE: session(external, format="group")}), "size") == {"SE-201": (None,)}
    assert parts(told(check, {FILE: session(external, format="one-to-one")}), "size") == {"SE-201": (1,)}


def test_how_many_are_in_the_agreement(check: Check) -> None:
    people = ["SE-205: facilitator", *(f"SE-20{n}: member" for n in (6, 7, 8, 9))]
    parties = ", ".join(f"{{person: {p}, role: {r}}}" for p, r in (one.split(": ") for one in people))
    agreement = text_of({**AGREEMENT, "form": "group", "parties": f"[{parties}]"})
    found = told(check, {FILE: session(GROUP, agreement="agr"), "agreements/agr.md": agreement}, PARTIES)
    assert {fact.contracted for fact in found.facts} == {4}


# what is kept back


def agreed(**facts: str) -> Files:
    return {FILE: session(SESSION, agreement="agr"), "agreements/agr.md": text_of({**AGREEMENT, **facts})}


def wellbeing(receives: str) -> Files:
    words = {"Exploration": "She was tired."}
    return {
        FILE: text_of({**SESSION, "agreement": "agr", "approach": "wellbeing-support"}, words),
        "agreements/agr.md": text_of({**AGREEMENT, "organisation_receives": receives}),
    }


def test_wellbeing_support_reaches_the_organisation_only_if_the_agreement_says_so(check: Check) -> None:
    assert told(check, wellbeing("attendance")) == Attended([], [])
    assert parts(told(check, wellbeing("attendance"), PARTIES), "approach") == {"SE-201": ("wellbeing-support",)}
    assert parts(told(check, wellbeing("attendance, approach")), "approach") == {"SE-201": ("wellbeing-support",)}


def test_a_faulty_session_of_wellbeing_support_is_kept_back_too(check: Check) -> None:
    files = dict(wellbeing("attendance"))
    files[FILE] = str(files[FILE]).replace("minutes: 60", "minutes: sixty")
    assert told(check, files) == Attended([], [])
    assert len(told(check, files, PARTIES).left_out) == 1


def test_nothing_reaches_an_organisation_that_receives_nothing(check: Check) -> None:
    files = agreed(organisation_receives="nothing")
    assert told(check, files) == Attended([], [])
    assert len(told(check, files, PARTIES).facts) == 1


NOTHING = {**AGREEMENT, "organisation_receives": "nothing"}
EVER = {"SE-201": [("2026-01-12", FOREVER)]}
WITHHELD: dict[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {
    "nothing goes out": (NOTHING, EVER),
    "attendance does": (AGREEMENT, {}),
    "the approach as well": ({**AGREEMENT, "organisation_receives": "[attendance, approach]"}, {}),
    "what goes out is a slip": ({**AGREEMENT, "organisation_receives": "[attendnce]"}, EVER),
    "it has ended": (
        {**NOTHING, "status": "ended", "end": "2026-06-30"}, {"SE-201": [("2026-01-12", "2026-06-30")]},
    ),
    "it has ended on a day that nobody wrote down": ({**NOTHING, "status": "ended"}, EVER),
    "it waits for its signatures": ({**NOTHING, "status": "to-sign"}, {}),
    "it is a draft": ({**NOTHING, "status": "draft"}, {}),
    "it is for mentoring": ({**NOTHING, "form": "mentoring"}, {}),
    "a third party": (
        {**NOTHING, "parties": "[{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}, "
         "{person: LM-007, role: manager}, {person: OR-001, role: organisation}, {person: TU-001, role: tutor}]"},
        EVER,
    ),
    "a group": (
        {**NOTHING, "form": "group",
         "parties": "[{person: SE-205, role: facilitator}, {person: SE-201, role: member}]"},
        EVER | {"SE-205": EVER["SE-201"]},
    ),
    "what somebody is there for is a slip": (
        {**NOTHING, "parties": "[{person: SV-014, role: supervisor}, {person: SE-201, role: supervisea}]"}, EVER,
    ),
    "an employee number": (
        {**NOTHING, "parties": "[{person: SV-014, role: supervisor}, {person: 20114417, role: supervisee}]"}, EVER,
    ),
}  # fmt: skip


@pytest.mark.parametrize("sessions", [{}, {FILE: session(SESSION)}], ids=["without any", "with a session"])
@pytest.mark.parametrize("case", WITHHELD)
def test_whose_sessions_an_agreement_keeps_back(case: str, sessions: Files, check: Check) -> None:
    agreement, expected = WITHHELD[case]
    people = "people:\n  SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20114417}]}\n"
    files: Files = {"people.yaml": people, "agreements/agr.md": text_of(agreement), **sessions}
    assert withheld(check(files).workspace) == expected


def test_a_disclosure_changes_nothing(check: Check) -> None:
    before = told(check, {FILE: session(SESSION)})
    disclosure = text_of(without(DISCLOSURE, "supervisee_told"), {"What was said": "That he is at risk."})
    assert told(check, {FILE: session(SESSION), "disclosures/d.md": disclosure}) == before


# what is left out


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"status": "draft"}, "draft"),
        ({"status": "draft", "minutes": "sixty"}, "draft"),
        ({"minutes": "sixty"}, "error"),
        ({"mode": "telepathy"}, "error"),
    ],
)
def test_a_draft_and_a_session_with_an_error_do_not_count_and_are_told(
    facts: Mapping[str, str], why: str, check: Check
) -> None:
    found = told(check, {FILE: session({**SESSION, **facts})})
    assert not found.facts
    assert [(one.session, one.why) for one in found.left_out] == [("2026-09-29-se201", why)]


def test_other_records_are_no_attendance(check: Check) -> None:
    files = {
        "r.md": text_of({"kind": "reflection", "date": "2026-09-29", "author": "SE-201"}),
        "a.md": text_of(AGREEMENT),
    }
    assert told(check, files, PARTIES) == Attended([], [])


# signed, and agreed


@pytest.mark.parametrize(
    ("verdict", "method", "signed"),
    [("agree", "paper", True), ("disagree", "paper", True), ("agree", "", False)],
)
def test_who_has_signed(verdict: str, method: str, signed: bool, check: Check) -> None:
    """A sign-off with the digest of another text is of a record that was changed since."""
    facts = {**SIGN_OFF, "verdict": verdict} | ({"method": method} if method else {})
    files = {FILE: session(SESSION), "sign-offs/s.md": text_of(without(facts, "digest") if method else facts)}
    found = told(check, files)
    assert parts(found, "signed") == {"SE-201": (signed,)}


UNTIL = {
    "to its review": ({"review_date": "2027-01-12"}, "2027-01-12"),
    "to its end, where that is first": ({"review_date": "2027-01-12", "end": "2026-12-31"}, "2026-12-31"),
    "to its end, once it has ended": ({"status": "ended", "end": "2026-12-31"}, "2026-12-31"),
    "not before it is agreed": ({"status": "to-sign"}, None),
}


@pytest.mark.parametrize("case", UNTIL, ids=str)
def test_how_long_an_agreement_is_in_date(case: str, check: Check) -> None:
    facts, until = UNTIL[case]
    assert parts(told(check, agreed(**facts)), "agreed_until") == {"SE-201": (until,)}


def test_an_agreement_that_took_its_place_keeps_it_in_date(check: Check) -> None:
    newer = {**AGREEMENT, "start": "2027-01-13", "review_date": "2028-01-13", "version": "2", "replaces": "agr"}
    files = {**agreed(status="ended", end="2027-01-12"), "agreements/agr-2.md": text_of(newer)}
    assert parts(told(check, files), "agreed_until") == {"SE-201": ("2028-01-13",)}


def test_agreements_that_replace_each_other_in_a_circle_end_somewhere(check: Check) -> None:
    other = text_of({**AGREEMENT, "version": "2", "replaces": "agr"})
    files = {**agreed(replaces="agr-2"), "agreements/agr-2.md": other}
    assert parts(told(check, files, PARTIES), "agreed_until") == {"SE-201": ("2027-01-12",)}


# lists


def test_what_was_reported_twice_stands_once_and_in_the_order_of_its_days() -> None:
    facts = [attended("2026-02-02", n=1), attended("2026-01-05", n=0), attended("2026-01-05", "SE-202")]
    assert by_person(facts, reversed(facts[:2])) == {"SE-201": [facts[1], facts[0]], "SE-202": [facts[2]]}


def test_two_sessions_of_one_day_stay_two() -> None:
    facts = [attended("2026-01-05", n=0), attended("2026-01-05", n=1)]
    assert by_person(facts) == {"SE-201": facts}


def test_an_employee_number_stands_for_its_person(check: Check) -> None:
    register = "people:\n  SV-014: {}\n  SE-201: {employee_numbers: [{number: 20114417, until: 2026-06-30}]}\n"
    files = {"people.yaml": register, FILE: session(SESSION, supervisees="20114417")}
    assert [*parts(told(check, files), "size")] == ["SE-201"]
