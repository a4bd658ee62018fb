"""`remind`: who is told what, and what becomes of it at a real mail server: taken, refused, silent or broken."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from supervision_notes.attendance import attended
from supervision_notes.cli.main import run
from supervision_notes.mailing import PASSWORD
from supervision_notes.questions.programme import Programme
from supervision_notes.questions.reminders import Reminder, Reminders, reminders
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience
from supervision_notes.sent import FILE, opened

from .conftest import (
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    PROCESS_NOTE,
    REFLECTION,
    ROOT,
    SESSION,
    SIGN_OFF,
    Files,
    text_of,
    without,
    write,
)  # fmt: skip
from .test_cli_questions import on_a_terminal
from .test_render import Ran, notes

PEOPLE = """\
people:
  SV-014: {name: Mary Poole, eligible: no, email: m.poole@example.org}
  SE-201:
    name: Rhian Kettle
    email: r.kettle@example.org
    supervisors: [{id: SV-014}, {id: LM-007, stream: line-management, relationship: line-manager}]
  LM-007: {name: Gwilym ap Rhisiart, eligible: no, email: g@example.org}
"""
STARTED = PEOPLE.replace("    email: r", "    start: 2020-02-01\n    email: r")
OTHER = "agreements/agr-1.md"
HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": PEOPLE,
    "sessions/2026-09-29-se201.md": text_of(SESSION, CLINICAL),
}
SIGNED: Files = {"s.md": text_of(without(SIGN_OFF, "digest") | {"method": "paper"})}
LAST, AFTER = "2026-11-24", "2026-11-25"  # 56 days after 29 September, and one more
UNKNOWN = "overdue eight-weeks None not-known-here"
NAMES = ("Rhian", "Kettle", "Mary", "Poole", "Gwilym", "Rhisiart")


def asked(root: Path, as_at: str) -> Reminders:
    workspace = open_workspace(root, jobs=1).workspace
    known = (attended(workspace, Audience(who)).facts for who in ("organisation", "parties"))
    return reminders(workspace, *(Programme.of(workspace.register, facts) for facts in known), as_at)


def told(root: Path, as_at: str) -> Sequence[Reminder]:
    return asked(root, as_at).found


def lines(found: Sequence[Reminder]) -> list[str]:
    return [f"{one.to} {one.what} {one.record or one.policy} {one.day} {one.hindrance or ''}".strip() for one in found]


@pytest.mark.parametrize("people", [PEOPLE, STARTED], ids=["without a start", "long after the start"])
def test_nobody_is_told_that_they_are_late_because_their_sessions_stand_elsewhere(
    people: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = {**HERE, "people.yaml": people}
    there = write(tmp_path / "there", {**here, **SIGNED})
    assert transcript("attendance export -o ../here.jsonl", there, capsys).code == 0
    lead = write(tmp_path / "lead", {key: text for key, text in here.items() if "sessions" not in key})
    ran = transcript(f"remind --dry-run --format json --as-at {AFTER}", lead, capsys)
    assert {(one["day"], one["mail"]) for one in json.loads(ran.out)} == {(None, "not-known-here")}
    ran = transcript(f"remind --dry-run --format json --as-at {AFTER} --from ../here.jsonl", lead, capsys)
    assert [(one["what"], one["day"], one["mail"]) for one in json.loads(ran.out)] == [("overdue", LAST, "to-send")] * 2


# who is told what

WHOM: dict[str, tuple[Files, str, list[str]]] = {
    "a session that is recorded waits for whoever was supervised": (
        {}, "2026-10-01", ["SE-201 to-sign 2026-09-29-se201 2026-09-29"],
    ),
    "not on a day before it": (
        {}, "2026-09-01", [f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"],
    ),
    "nothing is near yet": (
        SIGNED, "2026-11-09", [],
    ),
    "fourteen days before the last one": (
        SIGNED, "2026-11-10",
        ["SE-201 due-soon eight-weeks 2026-11-24", "SV-014 due-soon eight-weeks 2026-11-24"],
    ),
    "on the last one": (
        SIGNED, LAST,
        ["SE-201 due-soon eight-weeks 2026-11-24", "SV-014 due-soon eight-weeks 2026-11-24"],
    ),
    "overdue goes to the two who meet, and not over their heads": (
        SIGNED, AFTER,
        ["SE-201 overdue eight-weeks 2026-11-24", "SV-014 overdue eight-weeks 2026-11-24"],
    ),
    "unless the policy says so": (
        {
            **SIGNED,
            "supervision.yaml": "organisation: Riverside\npolicy: [ours]\n",
            "policies/ours.yaml": "title: Ours\nsource: Our policy\nas_of: 2026-10-01\nmaximum_gap_days: 56\n"
            "reminders: {overdue_to: [line-manager, SV-014, SE-300]}\n",
        },
        AFTER,
        [
            "SE-201 overdue ours 2026-11-24", "SV-014 overdue ours 2026-11-24", "LM-007 overdue ours 2026-11-24",
            "SE-300 overdue ours 2026-11-24 no-email",
        ],
    ),
    "and then of what is overdue alone, from the day that the policy names": (
        {
            **SIGNED,
            "supervision.yaml": "organisation: Riverside\npolicy: [ours]\n",
            "policies/ours.yaml": "title: Ours\nsource: Our policy\nas_of: 2026-10-01\nmaximum_gap_days: 56\n"
            "reminders: {days_before: 0, overdue_to: [line-manager]}\n",
        },
        LAST,
        ["SE-201 due-soon ours 2026-11-24", "SV-014 due-soon ours 2026-11-24"],
    ),
    "an allowance is an offer": (
        {
            **SIGNED,
            "supervision.yaml": "organisation: Riverside\npolicy: [ours]\n",
            "policies/ours.yaml": "title: Ours\nsource: Our policy\nas_of: 2026-10-01\n"
            "allowance: {sessions: 2, until: 2026-11-30}\n",
        },
        LAST, [],
    ),
    "no mail to whoever is paused": (
        {"people.yaml": PEOPLE.replace("    email: r", "    pauses: [{from: 2026-10-01}]\n    email: r")},
        AFTER, ["SE-201 to-sign 2026-09-29-se201 2026-09-29 paused"],
    ),
    "nor to a supervisor who is": (
        {
            **SIGNED,
            "people.yaml": PEOPLE.replace("email: m", "pauses: [{from: 2026-10-01}], email: m"),
        },
        AFTER, ["SE-201 overdue eight-weeks 2026-11-24", "SV-014 overdue eight-weeks 2026-11-24 paused"],
    ),
    "nor to whoever has left, or has no address, or one that would be two": (
        {
            **SIGNED,
            "people.yaml": PEOPLE.replace("email: m", "leave: 2026-11-01, email: m")
            .replace("r.kettle@example.org", "'a@example.org,b@example.org'"),
        },
        AFTER, ["SE-201 overdue eight-weeks 2026-11-24 wrong-email", "SV-014 overdue eight-weeks 2026-11-24 left"],
    ),
    "a draft waits for nobody": (
        {"sessions/2026-09-29-se201.md": text_of(SESSION | {"status": "draft"}, CLINICAL)}, "2026-09-30",
        [f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"],
    ),
    "nor does one with an error": (
        {"sessions/2026-09-29-se201.md": text_of(SESSION | {"minutes": "many"}, CLINICAL)}, "2026-09-30",
        [f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"],
    ),
    "one that was changed since waits again": (
        {"s.md": text_of(SIGN_OFF)}, "2026-10-03", ["SE-201 changed 2026-09-29-se201 2026-09-29"],
    ),
    "an agreement whose wording is settled": (
        {OTHER: text_of(AGREEMENT | {"status": "to-sign"})}, "2026-10-01",
        ["SE-201 to-sign agr-1 2026-01-12",
            "SV-014 to-sign agr-1 2026-01-12", "SE-201 to-sign 2026-09-29-se201 2026-09-29"],
    ),
    "a member who goes by an employee number": (
        {
            "people.yaml": PEOPLE.replace("    email: r", "    employee_numbers: [{number: 20114417}]\n    email: r"),
            "sessions/2026-09-29-se201.md": text_of(SESSION | {"supervisees": "20114417"}, CLINICAL),
        },
        "2026-10-01", ["SE-201 to-sign 2026-09-29-se201 2026-09-29"],
    ),
    "nobody is late by their start alone, of whom no session is known here": (
        {"sessions/2026-09-29-se201.md": text_of(SESSION, CLINICAL), "people.yaml": STARTED}, "2026-09-01",
        [f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"],
    ),
    "nor where sessions of another sort are": (
        {
            "sessions/2026-09-29-se201.md": text_of(
                SESSION | {"type": "line-management"}, {"Discussion points": "a", "Actions": "None"}
            ),
            "people.yaml": STARTED,
        },
        AFTER,
        ["SE-201 to-sign 2026-09-29-se201 2026-09-29", f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"],
    ),
    "but whoever missed theirs is, for they are recorded here": (
        {
            "sessions/2026-09-29-se201.md": text_of(
                {**without(SESSION, "mode"), "outcome": "did-not-attend", "by": "SE-201"}
            ),
            **SIGNED, "people.yaml": STARTED,
        },
        AFTER,
        ["SE-201 overdue eight-weeks 2020-03-28", "SV-014 overdue eight-weeks 2020-03-28"],
    ),
    "and a new starter is told before it is late": (
        {"sessions/2026-09-29-se201.md": "", "people.yaml": STARTED.replace("2020-02-01", "2026-09-29")}, LAST,
        ["SE-201 due-soon eight-weeks 2026-11-24", "SV-014 due-soon eight-weeks 2026-11-24"],
    ),
    "private and restricted records are as if they were not there": (
        {
            **SIGNED,
            "d.md": text_of(DISCLOSURE), "r.md": text_of(REFLECTION, {"What happened": "a"}),
            "p.md": text_of(PROCESS_NOTE, {"Notes": "a"}),
        },
        "2026-10-10", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOM, ids=str)
def test_who_is_told_what(case: str, tmp_path: Path) -> None:
    files, as_at, expected = WHOM[case]
    assert lines(told(write(tmp_path, {**HERE, **files}), as_at)) == expected


KEPT_BACK = {
    "the agreement lets nothing out": ({"organisation_receives": "nothing"}, {}),
    "wellbeing support, of which the agreement says nothing": ({}, {"approach": "wellbeing-support"}),
}


@pytest.mark.parametrize("case", KEPT_BACK, ids=str)
def test_what_an_agreement_keeps_back_is_in_no_letter_and_is_counted(case: str, tmp_path: Path) -> None:
    agreed, session = KEPT_BACK[case]
    files = {
        OTHER: text_of(AGREEMENT | agreed),
        "sessions/2026-09-29-se201.md": text_of(SESSION | {"agreement": "agr-1"} | session, CLINICAL),
    }
    root = write(tmp_path, {**HERE, **files})
    found = asked(root, "2026-09-30")
    # Nothing that counts is known outside; of wellbeing support, which never counts, nothing is inside either.
    late = [] if agreed else [f"SE-201 {UNKNOWN}", f"SV-014 {UNKNOWN}"]
    assert (lines(found.found), found.records, found.people) == (late, 1, int(bool(agreed)))


@pytest.mark.parametrize("as_at", ["2026-10-20", AFTER, "2027-03-01"])
def test_nobody_is_told_of_a_day_that_a_session_which_is_kept_back_moves(
    as_at: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = SESSION | {"id": "2026-09-01-se201", "date": "2026-09-01"}
    silent = text_of(SESSION | {"agreement": "agr-1"}, CLINICAL)
    files: Files = {
        OTHER: text_of(AGREEMENT | {"organisation_receives": "nothing"}),
        "sessions/2026-09-01-se201.md": text_of(earlier, CLINICAL),
        "p.md": text_of(without(SIGN_OFF, "digest") | {"of": "2026-09-01-se201", "method": "paper"}),
    }
    root = write(tmp_path, {**HERE, **SIGNED, **files, "sessions/2026-09-29-se201.md": silent})
    found = asked(root, as_at)
    assert (lines(found.found), found.people) == ([], 1)
    kept_back = "in no letter: by when 1 person should meet, as an agreement keeps sessions back. See due.\n"
    assert kept_back in transcript(f"remind --dry-run --as-at {as_at}", root, capsys).err


UNSURE = {
    "a day that is none": "leave: 2026-02-30",
    "a day that is written otherwise": "leave: 31/10/2026",
    "a blank for the end of a pause": "pauses: [{from: 2026-10-01, until: ____}]",
    "a pause from no day": "pauses: [{until: 2026-12-24}]",
    "an end before the beginning": "pauses: [{from: 2026-12-24, until: 2026-12-01}]",
    "yes or no is expected": "eligible: on leave",
    "a fact that is none": "lastday: 2026-10-31",
}


@pytest.mark.parametrize("case", UNSURE, ids=str)
def test_whose_dates_have_a_mistake_is_not_mailed_nor_counted(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = PEOPLE.replace("    name: Rhian Kettle\n", f"    name: Rhian Kettle\n    {UNSURE[case]}\n")
    root = write(tmp_path, {**HERE, "people.yaml": people})
    assert lines(told(root, AFTER)) == ["SE-201 to-sign 2026-09-29-se201 2026-09-29 mistaken"]
    ran = transcript(f"due --format json --as-at {AFTER}", root, capsys)
    assert [(one["state"], one["due"], one["overdue"]) for one in json.loads(ran.out)] == [("unknown", None, False)]
    assert "1 person has a mistake or a blank in their dates in people.yaml" in ran.err
    ran = transcript(f"coverage --format json --as-at {AFTER}", root, capsys)
    (found,) = json.loads(ran.out)
    assert (found["denominator"], found["excluded"]) == (0, {"not-eligible": 2, "mistaken": 1})


@pytest.mark.parametrize("fact", ["email: none", "profession: [nursing]", "supervisors: [{id: SV-014, from: ____}]"])
def test_a_mistake_in_another_fact_does_not_touch_their_dates(fact: str, tmp_path: Path) -> None:
    people = PEOPLE.replace("eligible: no, email: g@example.org", fact)
    root = write(tmp_path, {**HERE, "people.yaml": people})
    assert {one.about for one in told(root, AFTER) if one.what == "overdue"} == {"SE-201", "LM-007"}


def test_a_letter_holds_codes_and_dates_and_no_id_that_somebody_chose(tmp_path: Path) -> None:
    files = {
        "sessions/rhian-and-the-ward.md": text_of(SESSION | {"approach": "case-supervision"}, CLINICAL),
        OTHER: text_of(AGREEMENT | {"status": "to-sign"}),
        "s.md": text_of(SIGN_OFF | {"of": "agr-1"}),
    }
    root = write(tmp_path, {**without(HERE, "sessions/2026-09-29-se201.md"), **files})  # type: ignore[arg-type]
    found = [*told(root, LAST), *told(root, AFTER)]
    assert {one.what for one in found} == {"to-sign", "changed", "due-soon", "overdue"}
    for one in found:
        text = f"{one.letter.subject}\n{one.letter.text}"
        assert not [name for name in (*NAMES, "rhian", "ward", "Riverside") if name in text]
        assert one.about in one.letter.subject
        assert one.letter.subject.isprintable()


def test_what_the_letters_say(tmp_path: Path) -> None:
    found = {one.what: one.letter for one in told(write(tmp_path, HERE), AFTER)}
    assert found["to-sign"] == (
        "SE-201: the session of 2026-09-29 is ready to be signed",
        "The session of 2026-09-29 is written, and waits for the word of SE-201. Please read it where you keep your "
        "records, and sign it, or say that you do not agree: both are a normal end.\n\n"
        "This is for SE-201 alone.\n\n"
        "It holds codes and dates, and nothing of what was said; please keep it so in an answer.\n",
    )
    assert found["overdue"].subject == "SE-201: clinical supervision was due by 2026-11-24"
    assert found["overdue"].text.startswith(
        "By the policy eight-weeks, clinical supervision of SE-201 was due by 2026-11-24. Please agree on a day.\n\n"
        "This is for SE-201 and SV-014 alone.\n"
    )


def test_where_no_session_is_known_no_day_is_named(tmp_path: Path) -> None:
    one = told(write(tmp_path, HERE), "2026-09-01")[0].letter
    assert one.subject == "SE-201: clinical supervision is overdue"
    assert "SE-201 is overdue. Too few sessions are known to name the day. Please agree on a day." in one.text


# as it is shown


def transcript(line: str, at: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    code = run(["-C", str(at), *line.split()])
    return Ran(code, *capsys.readouterr())


def test_what_would_be_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path, {**HERE, "people.yaml": PEOPLE.replace(", email: m.poole@example.org", "")})
    ran = transcript(f"remind --as-at {AFTER}", root, capsys)
    assert ran == (
        0,
        "To      What          About   Day         Record or policy  Mail\n"
        "SE-201  to be signed  SE-201  2026-09-29  2026-09-29-se201  to be sent\n"
        "SE-201  overdue       SE-201  2026-11-24  eight-weeks       to be sent\n"
        "SV-014  overdue       SE-201  2026-11-24  eight-weeks       no e-mail\n"
        "\n"
        "To: SE-201\n"
        "Subject: SE-201: the session of 2026-09-29 is ready to be signed\n"
        "\n"
        "The session of 2026-09-29 is written, and waits for the word of SE-201. Please read it where you keep your "
        "records, and sign it, or say that you do not agree: both are a normal end.\n"
        "\n"
        "This is for SE-201 alone.\n"
        "\n"
        "It holds codes and dates, and nothing of what was said; please keep it so in an answer.\n"
        "\n"
        "To: SE-201\n"
        "Subject: SE-201: clinical supervision was due by 2026-11-24\n"
        "\n"
        "By the policy eight-weeks, clinical supervision of SE-201 was due by 2026-11-24. Please agree on a day.\n"
        "\n"
        "This is for SE-201 and SV-014 alone.\n"
        "\n"
        "It holds codes and dates, and nothing of what was said; please keep it so in an answer.\n",
        "nothing was sent: there is no  mail:  in supervision.yaml.\n",
    )
    assert not (root / FILE).exists()


def test_what_is_usual_stands_in_one_line_of_80_columns(tmp_path: Path) -> None:
    root = Path(shutil.copytree(ROOT / "examples/month-end", tmp_path / "lead"))
    narrow, wide = (on_a_terminal(root, "remind --dry-run --as-at 2026-10-31", n, NO_COLOR="1") for n in (80, 120))
    assert "SE-501  overdue       SE-501              eight-weeks       sessions not known\n" in narrow
    assert "LD-001  to be signed  LD-001  2026-09-08  2026-09-08-ld001  no e-mail\n" in narrow
    assert max(map(len, narrow.splitlines())) <= 80
    assert narrow.split() == wide.split()
    assert narrow.split("sessions not known:")[0] == wide.split("sessions not known:")[0]


def test_what_is_longer_and_the_letters_fit_too_and_lose_no_word(tmp_path: Path) -> None:
    mistaken = PEOPLE.replace("m.poole@example.org", "none")
    root = write(tmp_path, {**HERE, "s.md": text_of(SIGN_OFF), "people.yaml": mistaken})
    line = f"remind --dry-run --as-at {AFTER}"
    shown = on_a_terminal(root, line, 80, NO_COLOR="1", code=1)
    assert max(map(len, shown.splitlines())) <= 80
    assert (
        "To      What            About   Day         Record or policy  Mail\n"
        "SE-201  changed since   SE-201  2026-09-29  2026-09-29-se201  to be sent\n"
        "        signed\n"
        "SE-201  overdue         SE-201  2026-11-24  eight-weeks       to be sent\n"
        "SV-014  overdue         SE-201  2026-11-24  eight-weeks       this is no e-mail\n"
        "                                                              address\n"
    ) in shown
    assert "\nSubject: SE-201: clinical supervision was due by 2026-11-24\n" in shown
    assert "signed.\nPlease read it where you keep your records, and sign it" in shown
    whole = notes(*line.split(), at=root)
    assert sorted(shown.split()) == sorted((whole.out + whole.err).split())


def test_who_is_not_known_here_is_looked_for_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path, {key: text for key, text in HERE.items() if "sessions" not in key})
    ran = transcript(f"remind --dry-run --as-at {AFTER}", root, capsys)
    assert "sessions not known: nobody is told that they are late whose sessions may stand elsewhere" in ran.err
    assert "with --from, or their database with --database" in ran.err


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = transcript(f"remind --dry-run --format json --as-at {LAST}", write(tmp_path, {**HERE, **SIGNED}), capsys)
    assert (ran.code, ran.err) == (0, "")
    first, _ = json.loads(ran.out)
    assert without(first, "text") == {
        "to": "SE-201", "what": "due-soon", "about": "SE-201", "day": LAST, "policy": "eight-weeks",
        "asks": "maximum_gap_days", "record": "", "mail": "to-send",
        "subject": f"SE-201: clinical supervision is due by {LAST}",
    }  # fmt: skip


def test_a_session_that_is_not_counted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = {"sessions/2026-09-29-se201.md": text_of(SESSION | {"status": "draft"}, CLINICAL)}
    ran = transcript("remind --dry-run --as-at 2026-10-10", write(tmp_path, {**HERE, **draft}), capsys)
    told, not_counted = ran.err.splitlines()
    assert (ran.code, told.split(":")[0], not_counted) == (0, "sessions not known", "not counted: 1 draft.")


def test_nobody_is_to_be_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = transcript("remind --dry-run --as-at 2026-10-10", write(tmp_path, {**HERE, **SIGNED}), capsys)
    assert ran == (0, "", "there is nobody to be told of anything.\n")


# how it is set up

MISTAKES = {
    "{host: localhost}": "missing-field",
    "{host: localhost, from: s@example.org, port: 0}": "out-of-range",
    "{host: localhost, from: s@example.org, port: mail}": "wrong-type",
    "{host: localhost, from: s@example.org, security: tsl}": "wrong-choice",
    "{host: localhost, from: nobody}": "wrong-type",
    "{host: localhost, from: s@example.org, pasword: a}": "unknown-field",
}


@pytest.mark.parametrize("mail", MISTAKES)
def test_a_mistake_in_the_settings_is_found_where_it_stands(mail: str, tmp_path: Path) -> None:
    checked = open_workspace(write(tmp_path, {"supervision.yaml": f"organisation: Riverside\nmail: {mail}\n"}), jobs=1)
    assert [(one.rule, one.path, one.span.line) for one in checked.problems] == [
        (MISTAKES[mail], "supervision.yaml", 2)
    ]


def test_a_mistake_in_a_policy_s_reminders(tmp_path: Path) -> None:
    ours = "title: Ours\nsource: Our policy\nas_of: 2026-10-01\nmaximum_gap_days: 56\nreminders: {days_befor: 3}\n"
    files = {"supervision.yaml": "organisation: Riverside\npolicy: [ours]\n", "policies/ours.yaml": ours}
    (problem,) = open_workspace(write(tmp_path, files), jobs=1).problems
    assert (problem.rule, problem.path, problem.span.line) == ("unknown-field", "policies/ours.yaml", 5)


# at a mail server


class Box:
    """A mail server on this machine: what it took, and how it is to behave."""

    def __init__(self) -> None:
        self.took: list[Message] = []
        self.offered: list[str] = []
        self.refuses: dict[str, str] = {}
        """Answers by address."""
        self.breaks: dict[int, str] = {}
        """By which letter it is, in all that were offered: before or after it was taken, or silent."""
        self.client: subprocess.Popen[bytes] | None = None
        self.users: list[tuple[bytes, bytes]] = []

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.users.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.offered.append(address)
        how = self.breaks.get(len(self.offered))
        if how == "before":
            server.transport.abort()
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        how = self.breaks.get(len(self.offered), "")
        if how == "silent":
            await asyncio.sleep(4)
            return "451 too late"
        if how.startswith("5"):
            return how
        assert isinstance(envelope.content, bytes)
        self.took.append(message_from_bytes(envelope.content, policy=default))
        if how == "after":
            server.transport.abort()
        if how == "kill" and self.client:
            self.client.kill()
            self.client.wait()
        return "250 OK"

    def subjects(self) -> list[str]:
        return [f"{one['To']}: {str(one['Subject']).partition(': ')[2]}" for one in self.took]


class Here(Controller):
    """A server on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(**more: Any) -> Iterator[tuple[Box, int]]:
    box = Box()
    if "auth_required" in more:
        more["authenticator"] = box.login
    controller = Here(box, hostname="127.0.0.1", port=0, **more)
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


Remind = Callable[..., Ran]


@pytest.fixture
def remind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Remind:
    """Sends, through a server at a port, what is to be said on 25 November 2026: three letters."""

    def reminded(
        port: int,
        *arguments: str,
        mail: str = "security: none, timeout: 1",
        sender: str = "s@example.org",
        **files: str,
    ) -> Ran:
        settings = f"organisation: Riverside\nmail: {{host: localhost, port: {port}, from: {sender}, {mail}}}\n"
        write(tmp_path, {**HERE, "supervision.yaml": settings, **files})
        return transcript(" ".join(["remind", "--as-at", AFTER, *arguments]), tmp_path, capsys)

    return reminded


SIGN = "r.kettle@example.org: the session of 2026-09-29 is ready to be signed"
LATE = [f"{who}@example.org: clinical supervision was due by 2026-11-24" for who in ("r.kettle", "m.poole")]
ALL = [SIGN, *LATE]


def mail_of(ran: Ran) -> list[str]:
    """What became of each letter, in the last column."""
    rows = ran.out.splitlines()
    at = rows[0].index("Mail") if rows else 0
    return [row[at:] for row in rows[1:]]


def test_each_is_sent_once_and_a_second_run_sends_nothing(remind: Remind) -> None:
    with serving() as (box, port):
        ran = remind(port)
        assert (ran.code, mail_of(ran), ran.err) == (0, ["sent"] * 3, "")
        again = remind(port)
        assert again == (0, "", "there is nobody to be told of anything.\ntold before, and not again: 3.\n")
        assert remind(port, "-q", "--again") == (0, "", "")
    assert box.subjects() == ALL
    assert all(one["From"] == "s@example.org" and one["Auto-Submitted"] == "auto-generated" for one in box.took)
    assert len({one["Message-ID"] for one in box.took}) == 3
    for one in box.took:
        assert not [name for name in NAMES if name in one.as_string()]


def test_what_was_sent_is_known_by_codes_and_digests(remind: Remind, tmp_path: Path) -> None:
    with serving() as (_, port):
        remind(port)
    ledger = (tmp_path / FILE).read_text()
    assert not [word for word in (*NAMES, "kettle", "poole", "@", "example") if word in ledger]
    said = [json.loads(line) for line in ledger.splitlines()]
    assert [(one["state"], one["what"], one["about"], one["to"], one["on"]) for one in said[:3]] == [
        ("handed-over", "to-sign", "2026-09-29-se201", "SE-201", AFTER),
        ("sent", "to-sign", "2026-09-29-se201", "SE-201", AFTER),
        ("handed-over", "overdue", "SE-201", "SE-201", AFTER),
    ]


def test_two_who_share_an_address_get_one_letter(remind: Remind) -> None:
    with serving() as (box, port):
        ran = remind(port, **{"people.yaml": PEOPLE.replace("m.poole", "R.Kettle")})
        assert mail_of(ran) == ["sent"] * 2
    assert box.subjects() == ALL[:2]


def test_a_refused_recipient_holds_nobody_up_and_is_tried_again(remind: Remind) -> None:
    with serving() as (box, port):
        box.refuses["r.kettle@example.org"] = "550 no such user here"
        ran = remind(port)
        refused = "refused by the server (550)"
        assert (ran.code, mail_of(ran), ran.err) == (1, [refused, refused, "sent"], "")
        assert mail_of(remind(port)) == [refused, refused]
        box.refuses.clear()
        assert mail_of(remind(port)) == ["sent"] * 2
    assert sorted(box.subjects()) == sorted(ALL)


def test_another_address_is_another_letter(remind: Remind) -> None:
    with serving() as (box, port):
        remind(port)
        remind(port, **{"people.yaml": PEOPLE.replace("m.poole", "mary")})
    assert box.subjects()[3:] == [LATE[1].replace("m.poole", "mary")]


def test_a_server_that_takes_no_more_for_now_takes_the_rest_later(remind: Remind) -> None:
    with serving() as (box, port):
        box.refuses["s@example.org"] = "421 too many at a time"
        ran = remind(port)
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert "the server takes no more letters for now (421)." in ran.err
        box.refuses = {"r.kettle@example.org": "421 closing"}
        assert mail_of(remind(port)) == ["to be sent"] * 3
        box.refuses.clear()
        assert mail_of(remind(port)) == ["sent"] * 3


def test_a_refused_sender_sends_nothing_and_loses_nothing(remind: Remind) -> None:
    with serving() as (box, port):
        box.refuses["s@example.org"] = "550 who is that"
        ran = remind(port)
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert ran.err == (
            "supervision-notes: the server does not take letters from this sender (550): look at  from:  in mail:. "
            "What was not sent waits for the next run.\n"
        )
        box.refuses.clear()
        assert mail_of(remind(port)) == ["sent"] * 3
    assert box.subjects() == ALL


def test_refused_after_its_words_is_not_sent_and_is_tried_again(remind: Remind) -> None:
    with serving() as (box, port):
        box.breaks[2] = "552 too large"
        assert mail_of(remind(port)) == ["sent", "refused by the server (552)", "sent"]
        assert mail_of(remind(port)) == ["sent"]
    assert sorted(box.subjects()) == sorted(ALL)


@pytest.mark.parametrize("letter", [1, 2, 3])
@pytest.mark.parametrize("how", ["before", "after", "silent"])
def test_whenever_it_breaks_nobody_is_told_twice_and_nothing_is_lost(how: str, letter: int, remind: Remind) -> None:
    with serving() as (box, port):
        box.breaks[letter] = how
        ran = remind(port)
        lost = "to be sent" if how == "before" else "not known"
        assert ran.code == 2
        assert mail_of(ran) == [*["sent"] * (letter - 1), lost, *["to be sent"] * (3 - letter)]
        assert ran.err.endswith("What was not sent waits for the next run.\n")
        second = remind(port)
        if how == "before":
            assert (second.code, mail_of(second)) == (0, ["sent"] * (4 - letter))
            assert box.subjects() == ALL
            return
        assert (second.code, mail_of(second)) == (1, ["not known", *["sent"] * (3 - letter)])
        assert "not known: it may have gone, or not. Ask those people, or send it again with --again.\n" in second.err
        assert box.subjects() == [one for n, one in enumerate(ALL, 1) if n != letter or how == "after"]
        assert mail_of(remind(port, "--again")) == ["sent"]
        assert box.subjects()[-1] == ALL[letter - 1]
        assert remind(port, "--again").out == ""
        # Whoever got it twice, at their own wish, got the same letter by its number.
        assert len({one["Message-ID"] for one in box.took}) == 3


def test_whoever_is_killed_goes_on_where_they_were(remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        remind(port, "--dry-run")
        box.breaks[2] = "kill"
        command = [sys.executable, "-m", "supervision_notes", "-C", str(tmp_path), "remind", "--as-at", AFTER]
        box.client = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert box.client.wait() < 0
        assert mail_of(remind(port)) == ["not known", "sent"]
    assert box.subjects() == ALL


def test_half_a_line_is_what_a_killed_writer_left(remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        remind(port)
        ledger = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
        for whole, left in ((5, ["not known"]), (4, ["sent"])):
            (tmp_path / FILE).write_bytes(b"".join(ledger[:whole]) + ledger[whole][:40])
            assert mail_of(remind(port)) == left
        assert remind(port).out == ""
    assert box.subjects() == [*ALL, ALL[2]]


def test_a_last_line_that_lacks_its_end_alone_is_kept(remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        remind(port)
        ledger = (tmp_path / FILE).read_bytes()
        (tmp_path / FILE).write_bytes(ledger[:-1])
        assert remind(port).out == ""
        with opened(tmp_path) as open_ledger:
            open_ledger.note("another", "sent")
        assert (tmp_path / FILE).read_bytes() == ledger + b'{"key": "another", "state": "sent"}\n'
        (tmp_path / FILE).write_bytes(b"{}")
        assert f"line 1 of {FILE} cannot be read" in remind(port).err
        assert (tmp_path / FILE).read_bytes() == b"{}"
    assert box.subjects() == ALL


@pytest.mark.parametrize(
    "line", ["<<<<<<< ours", "{}", '{"key": 1, "state": "sent"}', '{"key": "a", "state": "gone"}', ""]
)
def test_a_ledger_that_cannot_be_read_sends_nothing(line: str, remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        (tmp_path / FILE).write_text(f"{line}\n")
        ran = remind(port)
        assert (ran.code, ran.out) == (2, "")
        assert f"line 1 of {FILE} cannot be read" in ran.err
    assert not box.took


def test_a_ledger_that_cannot_be_written_sends_nothing(remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        (tmp_path / "elsewhere").write_text("")
        (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
        assert remind(port).code == 2
    assert not box.offered


FULL = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1));"


@pytest.mark.parametrize("size", range(0, 1300, 150))
def test_a_disk_that_is_full_tells_nobody_twice(size: int, remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port):
        remind(port, "--dry-run")
        code = f"{FULL} from supervision_notes.cli.main import run; sys.exit(run(sys.argv[2:]))"
        command = [sys.executable, "-c", code, str(size), "-C", str(tmp_path), "remind", "--as-at", AFTER]
        full = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert full.returncode == (0 if len(box.took) == 3 and not full.stderr else 2)
        unknown = mail_of(remind(port)).count("not known")
        assert box.subjects() == ALL  # what is not known was sent, and the last word on it found no room
        assert unknown <= 1
        assert remind(port).out.count("not known") == unknown


def test_two_do_not_send_at_a_time(remind: Remind, tmp_path: Path) -> None:
    with serving() as (box, port), opened(tmp_path):
        ran = remind(port)
        assert (ran.code, ran.err) == (
            2,
            "supervision-notes: somebody else is sending at this moment: try again later.\n",
        )
    assert not box.offered


def test_settings_with_a_mistake_send_nothing(remind: Remind) -> None:
    with serving() as (box, port):
        ran = remind(port, mail="security: none, timeout: soon")
        assert (ran.code, ran.out) == (2, "")
        assert "supervision.yaml has errors, so nothing was sent" in ran.err
    assert not box.offered


@pytest.mark.parametrize("sender", ["führung@example.org", "'a\"b@example.org'", "s@exämple.org", "a..b@example.org"])
def test_letters_come_from_a_plain_address(
    sender: str, remind: Remind, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving() as (box, port):
        ran = remind(port, sender=sender)
        assert (ran.code, ran.out) == (2, "")
        assert "supervision.yaml has errors, so nothing was sent" in ran.err
        told = transcript("check --format full", tmp_path, capsys).out
        assert "letters without accents, and no quotes" in " ".join(told.split())
        assert mail_of(remind(port, sender="o'neill+s.v@ex-ample.org")) == ["sent"] * 3
    assert len(box.offered) == 3


def test_nobody_answers(remind: Remind, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it takes the call, and says nothing
        port = silent.getsockname()[1]
        ran = remind(port)
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert "the mail server does not answer as one: look at  host:, port: and security:  in mail:." in ran.err
    assert remind(port).code == 2
    assert (tmp_path / FILE).read_bytes() == b""


# encrypted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's own, with its key."""
    if not which("openssl"):
        pytest.skip("this machine has no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, "-keyout", path, "-out"]
    subprocess.run([*made, path.with_name("crt.pem")], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + path.with_name("crt.pem").read_bytes())
    return path


def encrypting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_no_line_that_is_not_encrypted_unless_it_is_asked_for(remind: Remind) -> None:
    with serving() as (box, port):
        ran = remind(port, mail="timeout: 1")
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert "the mail server does not offer what mail: asks for" in ran.err
        ran = remind(port, mail="security: tls, timeout: 1")
        assert "the mail server's encryption cannot be trusted" in ran.err
    assert not box.offered


def test_an_unknown_certificate_is_not_trusted(remind: Remind, certificate: Path) -> None:
    with serving(tls_context=encrypting(certificate)) as (box, port):
        ran = remind(port, mail="timeout: 2")
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert "the mail server's encryption cannot be trusted" in ran.err
    assert not box.offered


def test_a_password_comes_from_the_environment_and_goes_over_an_encrypted_line_alone(
    remind: Remind, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("crt.pem")))
    with serving(tls_context=encrypting(certificate), require_starttls=True, auth_required=True) as (box, port):
        ran = remind(port, mail="timeout: 2, user: me")
        assert f"there is no password: put it into the environment as {PASSWORD}." in ran.err
        monkeypatch.setenv(PASSWORD, "let me in")
        ran = remind(port, mail="timeout: 2, user: me")
        assert (ran.code, mail_of(ran)) == (2, ["to be sent"] * 3)
        assert "the mail server does not take the password" in ran.err
        assert "let me in" not in ran.err
        monkeypatch.setenv(PASSWORD, "open sesame")
        assert "a password is sent over an encrypted line alone" in remind(port, mail="security: none, user: me").err
        assert mail_of(remind(port, mail="timeout: 2, user: me")) == ["sent"] * 3
    assert list(dict.fromkeys(box.users)) == [(b"me", b"let me in"), (b"me", b"open sesame")]
    assert box.subjects() == ALL
