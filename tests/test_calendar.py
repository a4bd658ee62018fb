"""`calendar`: what is due and what is planned, read back as a diary would read it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from supervision_notes.cli.main import run
from supervision_notes.ical import as_ical, is_ours
from supervision_notes.questions.diary import Appointment

from .conftest import AGREEMENT, CLINICAL, DISCLOSURE, ROOT, SESSION, Files, text_of, without, write
from .test_render import Ran

PEOPLE = """\
people:
  SV-014: {name: Mary Poole, eligible: no}
  SV-022: {name: Ioana Brânză, eligible: no}
  SE-201: {name: Rhian Kettle, supervisors: [{id: SV-014}]}
  SE-205: {name: Łukasz Żółć, supervisors: [{id: SV-022}]}
"""
FIRST = SESSION | {"next_date": "2026-11-17"}
OTHERS = {
    **without(SESSION, "supervisor", "supervisees"), "date": "2026-10-22", "type": "peer-group", "group": "pg1",
    "facilitator": "SE-205", "attendance": "{SE-205: present, SE-201: present, SV-022: present}",
    "next_date": "2026-12-17",
}  # fmt: skip
HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": PEOPLE,
    "sessions/2026-09-29-se201.md": text_of(FIRST, CLINICAL),
    "sessions/2026-10-22-pg1.md": text_of(OTHERS, CLINICAL),
}
SE_201 = "2026-12-17 Clinical supervision due: SE-201"
SE_205 = "2026-12-17 Clinical supervision due: SE-205"
PG1 = "2026-12-17 Peer or group clinical supervision: pg1"
PAIR = "2026-11-17 One-to-one clinical supervision: SV-014, SE-201"
Export = Callable[..., Ran]


@pytest.fixture
def export(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Export:
    """Exports on 2 November 2026."""

    def exported(*arguments: str, as_at: str = "2026-11-02", **files: str) -> Ran:
        code = run(["-C", str(write(tmp_path, {**HERE, **files})), "calendar", "--as-at", as_at, *arguments])
        out, err = capsysbinary.readouterr()
        return Ran(code, out.decode(), err.decode())

    return exported


def events(ran: Ran) -> list[Event]:
    assert ran.code == 0, ran.err
    return [event for event in Calendar.from_ical(ran.out).walk("VEVENT") if isinstance(event, Event)]


def told(ran: Ran) -> list[str]:
    return [f"{event['dtstart'].dt} {event['summary']}" for event in events(ran)]


def uids(ran: Ran) -> dict[str, str]:
    """The title of each appointment by its UID."""
    return {str(event["uid"]): str(event["summary"]) for event in events(ran)}


def test_what_is_in_it(export: Export) -> None:
    ran = export()
    assert told(ran) == [PAIR, SE_201, SE_205, PG1]
    assert ran.err == ""
    for event in events(ran):
        assert isinstance(event["dtstart"].dt, date)
        assert (event["dtend"].dt - event["dtstart"].dt).days == 1
        assert (event["class"], event["transp"]) == ("PRIVATE", "TRANSPARENT")
        assert not [name for name in ("Rhian", "Mary", "Ioana", "Riverside") if name in str(event)]


def test_the_whole_file(export: Export) -> None:
    ran = export("--for", "pg1", "--supervisor", "SV-022")
    assert ran.out == (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//supervision-notes//calendar//EN\r\nMETHOD:PUBLISH\r\n"
        "BEGIN:VEVENT\r\n"
        "SUMMARY:Clinical supervision due: SE-205\r\n"
        "DTSTART;VALUE=DATE:20261217\r\n"
        "DTEND;VALUE=DATE:20261218\r\n"
        "DTSTAMP:20261102T000000Z\r\n"
        f"UID:{next(iter(uids(ran)))}\r\n"
        "SEQUENCE:739922\r\n"
        "CLASS:PRIVATE\r\n"
        "DESCRIPTION:The last day that meets the policy eight-weeks.\r\n"
        "TRANSP:TRANSPARENT\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


FOR_WHOM: Mapping[str, list[str]] = {
    "--for SE-201": [PAIR, SE_201, PG1],
    "--for pg1": [SE_201, SE_205, PG1],
    "--supervisor sv-014": [PAIR, SE_201],
    "--for organisation": [PAIR, SE_201, SE_205, PG1],
    "--for author --as SE-205": [SE_205, PG1],
    "--for author --as SV-014": [PAIR],
}


@pytest.mark.parametrize("whom", FOR_WHOM)
def test_for_whom(whom: str, export: Export) -> None:
    assert told(export(*whom.split())) == FOR_WHOM[whom]


def test_names_stand_in_it_at_their_own_wish(export: Export) -> None:
    assert "2026-11-17 One-to-one clinical supervision: Mary Poole, Rhian Kettle" in told(export("--names"))


# imported again

LATER: Mapping[str, tuple[dict[str, str], list[str]]] = {
    "nothing happened": ({}, [PAIR, SE_201, SE_205, PG1]),
    "the next form is begun": (
        {"a.md": text_of(SESSION | {"date": "2026-11-17", "status": "draft"}, CLINICAL)}, [PAIR, SE_201, SE_205, PG1],
    ),
    "it took place": (
        {"a.md": text_of(SESSION | {"date": "2026-11-17", "next_date": "2027-01-12"}, CLINICAL)},
        [SE_205, PG1, SE_201.replace("2026-12-17", "2027-01-12"), PAIR.replace("2026-11-17", "2027-01-12")],
    ),
    "it was put off": (
        {
            "a.md": text_of({
                **SESSION, "date": "2026-11-17", "outcome": "cancelled", "by": "supervisor",
                "rearranged_to": "2026-11-24",
            }),
        },
        [PAIR.replace("-17", "-24"), SE_201, SE_205, PG1],
    ),
    "it was called off": (
        {"a.md": text_of({**without(SESSION, "mode"), "date": "2026-11-17", "outcome": "cancelled", "by": "SV-014"})},
        [PAIR.replace("supervision:", "supervision (called off):"), SE_201, SE_205, PG1],
    ),
    "and its record is not finished": (
        {
            "a.md": text_of({
                **SESSION, "date": "2026-11-17", "status": "draft", "outcome": "cancelled",
                "rearranged_to": "2026-11-24",
            }),
        },
        [PAIR.replace("-17", "-24"), SE_201, SE_205, PG1],
    ),
    "nobody came": (
        {"a.md": text_of({**without(SESSION, "mode"), "date": "2026-11-17", "outcome": "did-not-attend"})},
        [SE_201, SE_205, PG1],
    ),
    "the day was mended": (
        {"sessions/2026-09-29-se201.md": text_of(FIRST | {"next_date": "2026-11-10"}, CLINICAL)},
        [PAIR.replace("-17", "-10"), SE_201, SE_205, PG1],
    ),
    "the last session was not one": (
        {
            "sessions/2026-10-22-pg1.md": text_of(OTHERS | {"date": "2026-10-01", "next_date": "2026-11-26"}, CLINICAL),
        },
        [PAIR, PG1.replace("2026-12-17", "2026-11-26"), *(one.replace("12-17", "11-26") for one in (SE_201, SE_205))],
    ),
    "it is the last one": (
        {"sessions/2026-09-29-se201.md": text_of(FIRST | {"next_date": "ending"}, CLINICAL)}, [SE_201, SE_205, PG1],
    ),
    "somebody is away": (
        {"people.yaml": PEOPLE.replace("Kettle,", "Kettle, pauses: [{from: 2026-11-11, until: 2026-11-20}],")},
        [PAIR, SE_205, PG1, "2026-12-27 Clinical supervision due (paused): SE-201"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", LATER)
def test_what_has_moved_moves_and_nothing_stands_twice(what: str, export: Export) -> None:
    before = export()
    files, expected = LATER[what]
    after = export(as_at="2026-11-18", **files)
    assert sorted(told(after)) == sorted(expected)
    assert set(uids(after)) <= set(uids(before))
    numbers = {str(event["uid"]): (event["sequence"], event["dtstamp"].dt) for event in events(before)}
    for event in events(after):
        number, stamp = numbers[str(event["uid"])]
        assert event["sequence"] > number
        assert event["dtstamp"].dt > stamp
        assert (event.get("status") == "CANCELLED") == ("called off" in event["summary"])


def test_the_same_facts_give_the_same_file_on_the_same_day(export: Export) -> None:
    assert export().out == export().out
    assert told(export()) == told(export(as_at="2026-11-09"))


def test_an_organisation_may_be_renamed(export: Export) -> None:
    assert export(**{"supervision.yaml": "organisation: Harbour\n"}).out == export().out


# what stays out of it


def test_what_an_agreement_keeps_back_the_organisation_s_diary_does_not_hold(export: Export) -> None:
    kept = text_of(AGREEMENT | {"organisation_receives": "nothing"})
    files = {"a.md": kept, "sessions/2026-09-29-se201.md": text_of(FIRST | {"agreement": "a"}, CLINICAL)}
    assert told(export("--for", "organisation", **files)) == [SE_201, SE_205, PG1]
    support = text_of(FIRST | {"approach": "wellbeing-support"}, CLINICAL)
    files = {"sessions/2026-09-29-se201.md": support, "a.md": ""}
    assert told(export("--for", "organisation", **files)) == [SE_201, SE_205, PG1]


def test_a_restricted_note_leaves_no_trace(export: Export) -> None:
    without_it = export().out
    assert export(**{"d.md": text_of(without(DISCLOSURE, "supervisee_told"))}).out == without_it
    assert export(**{"d.md": text_of(DISCLOSURE)}).out == without_it


def test_an_offer_is_never_due(export: Export) -> None:
    ours = "title: Ours\nsource: Our policy\nas_of: 2026-10-01\nallowance: {sessions: 2, until: 2026-12-31}\n"
    files = {"supervision.yaml": "organisation: Riverside\npolicy: [ours]\n", "policies/ours.yaml": ours}
    assert told(export(**files)) == [PAIR, PG1]


STARTED = PEOPLE.replace("name: Rhian Kettle,", "name: Rhian Kettle, start: 2020-02-01,")


def test_nobody_is_late_in_it_of_whom_no_session_is_known(export: Export) -> None:
    files = {"sessions/2026-09-29-se201.md": "", "sessions/2026-10-22-pg1.md": "", "people.yaml": STARTED}
    ran = export("--for", "SE-201", **files)
    assert told(ran) == []
    assert ran.err == (
        "not in it: by when SE-201 should meet, for no session of theirs that could count is known here. Where "
        "sessions are recorded elsewhere, name the lists or the database with --from or --database.\n"
        "there is nothing to put into a diary.\n"
    )
    started = STARTED.replace("2020-02-01", "2026-10-22")
    assert told(export("--for", "SE-201", **{**files, "people.yaml": started})) == [SE_201]


def test_many_of_whom_no_session_is_known_are_not_a_flood(export: Export) -> None:
    people = "".join(f"  SE-3{n:02}: {{start: 2020-02-01}}\n" for n in range(12))
    ran = export(**{"people.yaml": PEOPLE + people})
    assert told(ran) == [PAIR, SE_201, SE_205, PG1]
    assert "by when SE-300, SE-301, " in ran.err
    assert ", SE-309 and 2 more should meet" in ran.err


def test_nothing_ends_a_line_before_its_time() -> None:
    code = "SE-201\r\nSUMMARY:a; b, c\\n " + "é" * 80
    one = Appointment("session", "2026-11-17", "One-to-one", (code,), (code,))
    data = as_ical([one], date(2026, 11, 2), str)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert str(event["summary"]).replace("\r", "") == f"One-to-one: {code}".replace("\r", "")


# where it goes


def test_a_file_of_its_own_is_written_again_and_another_never(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "due.ics"
    assert export("-o", str(file)) == (0, "", f"{file}: 4 days.\n")
    assert file.read_bytes().decode() == export().out
    assert is_ours(file.read_bytes())
    assert export("-o", str(file), "--for", "SE-201").code == 0
    assert file.read_bytes().decode() == export("--for", "SE-201").out
    file.write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//another\r\nEND:VCALENDAR\r\n")
    ran = export("-o", str(file))
    assert ran.code == 2
    assert "is there already, and is no calendar that was written here; nothing was written." in ran.err
    assert b"another" in file.read_bytes()


def test_nothing_to_put_into_it(export: Export) -> None:
    ran = export("--for", "SV-014", **{"sessions/2026-09-29-se201.md": text_of(SESSION, CLINICAL)})
    assert (ran.code, ran.err) == (0, "there is nothing to put into a diary.\n")
    assert told(ran) == []


def test_without_the_library_one_sentence(tmp_path: Path) -> None:
    site = write(tmp_path / "site", {"icalendar.py": "raise ImportError"})
    write(tmp_path / "ws", HERE)
    done = subprocess.run(
        [sys.executable, "-m", "supervision_notes", "-C", str(tmp_path / "ws"), "calendar"],
        env={"PYTHONPATH": f"{site}:{ROOT}"}, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "supervision-notes: this needs the library icalendar: install it with  "
        "pip install 'supervision-notes[calendar]'\n"
    )
