"""A made-up organisation: a register of its people, and ten years of their eight-weekly sessions as exported lists."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from supervision_notes.attendance import Attendance
from supervision_notes.cli.tables import as_csv
from supervision_notes.exported import COLUMNS, jsonl, row_of

SESSIONS_EACH, SUPERVISED_EACH, LISTS = 65, 12, 10
START = date(2016, 11, 14)
AS_AT = "2026-11-22"
DIVISIONS = ("Community", "Children", "Acute", "Mental health", "Therapies")
PROFESSIONS = ("nursing", "social work", "podiatry", "dietetics", "occupational therapy", "midwifery")


def write(people: int, home: Path) -> Path:
    """A workspace of so many people without a record, and in `lists/` what was exported elsewhere, in both forms."""
    (home / "lists").mkdir(parents=True)
    (home / "supervision.yaml").write_text("organisation: Riverside Community Trust\n")
    (home / "people.yaml").write_text("people:\n" + "".join(map(_person, range(people))))
    facts = [fact for number in range(people) for fact in attendance(number)]
    each = -(-len(facts) // LISTS)
    for n in range(LISTS):
        part = facts[n * each : (n + 1) * each]
        rows = (dict(zip(COLUMNS, row_of(fact), strict=True)) for fact in part)
        for ending, lines in (("jsonl", jsonl(part)), ("csv", as_csv(COLUMNS, rows))):
            (home / "lists" / f"{n}.{ending}").write_text("".join(f"{line}\n" for line in lines))
    return home


def attendance(number: int) -> Iterator[Attendance]:
    """The part of one person in all of their sessions; one in twenty was missed."""
    chance = random.Random(number)
    person, day = f"SE-{number:04}", START + timedelta(chance.randrange(56))
    for _ in range(SESSIONS_EACH):
        session = f"{day}-{person.replace('-', '').lower()}"
        held = chance.random() > 0.05
        yield Attendance(
            person,
            day.isoformat(),
            chance.choice((60, 75, 90)) if held else 0,
            "one-to-one",
            "clinical",
            "held" if held else "cancelled",
            mode=chance.choice(("in-person", "online")),
            supervisor=_supervisor(number),
            contracted=1,
            session=session,
            digest=f"sha256:{sha256(session.encode()).hexdigest()}" if held else "",
            signed=held and chance.random() > 0.1,
            agreed_until="2027-01-12",
        )
        day += timedelta(chance.choice((49, 56, 56, 56, 63)))


def _person(number: int) -> str:
    """A person as a register describes them: where they belong, since when, their numbers and their supervisor."""
    division, profession = DIVISIONS[number % 5], PROFESSIONS[number % 6]
    pause = f"    pauses: [{{from: {2017 + number % 9}-03-01, until: {2017 + number % 9}-08-31}}]\n"
    return (
        f"  SE-{number:04}:\n"
        f"    name: {_NAMES[number % 7]} {_NAMES[number % 11]}{number}\n"
        f"    profession: {profession}\n"
        f"    division: {division}\n"
        f"    team: {division} {number % 40}\n"
        f"    start: {START - timedelta(number % 900)}\n"
        f"    employee_numbers: [{{number: {20100000 + number}}}]\n"
        f"    supervisors: [{{id: {_supervisor(number)}, from: {START}, relationship: senior-colleague}}]\n"
        f"{pause if number % 10 == 0 else ''}"
    )


_NAMES = ("Rhian", "Orla", "Mary", "Ioana", "Beth", "Aled", "Una", "Poole", "Kettle", "Quinn", "Grady")


def _supervisor(number: int) -> str:
    return f"SE-{number // SUPERVISED_EACH:04}"
