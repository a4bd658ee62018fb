"""Evidence for whoever inspects: numbers that add up, and nothing in them that was said, or by whom."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from .conftest import AGREEMENT, CLINICAL, SESSION, text_of, without, write
from .test_render import notes

PEOPLE = [f"SE-{n}" for n in range(201, 206)]
SETTINGS = {
    "supervision.yaml": "organisation: Riverside\nowner: SV-014\npolicy: eight-weeks\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole, eligible: false}\n"
    + "".join(f"  {code}: {{name: Rhian {n}, profession: nursing}}\n" for n, code in enumerate([*PEOPLE, "SE-206"])),
}
AGREED = """- [ ] A1: Ask Tattoowort @supervisee due:2026-10-20
- [ ] A2: Read @SV-014
- [ ] A3: Write @supervisee due:2026-11-30"""


def pair(code: str, **facts: str) -> dict[str, str]:
    """Two sessions of a pair: what was agreed in the first, and what the second says of it."""
    first, second = f"2026-09-29-{code}", f"2026-11-17-{code}"
    review = f"- [x] {first}#A1: Ask Tattoowort\n- [>] {first}#A2: Read @SV-014 due:2026-12-01"
    common = {**SESSION, "supervisees": code, **facts}
    return {
        f"sessions/{first}.md": text_of({**common, "id": first}, {**CLINICAL, "Actions": AGREED}),
        f"sessions/{second}.md": text_of(
            {**common, "id": second, "date": "2026-11-17", "previous": first},
            {**CLINICAL, "Review of previous actions": review},
        ),
        f"sessions/m-{code}.md": text_of(
            {**common, "id": f"m-{code}", "date": "2026-10-20", "outcome": "cancelled", "by": "supervisor"}
        ),
    }


def told(root: Path, *more: str) -> dict[str, Any]:
    ran = notes("evidence", "--until", "2026-11-30", "--format", "json", *more, at=root)
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {name: text for code in PEOPLE for name, text in pair(code).items()}
    return write(tmp_path_factory.mktemp("five"), {**SETTINGS, **files})


def test_what_was_held_month_by_month(five: Path) -> None:
    found = told(five)
    assert (found["since"], len(found["months"])) == ("2025-12-01", 12)
    september, october, november = found["months"][-3:]
    assert (september["held"], september["people"], september["minutes"]) == (5, 5, 300)
    assert (october["held"], october["missed"], october["parts"]) == (0, {"cancelled": 5}, 0)
    assert (november["signed"], november["parts"]) == (0, 5)
    assert found["types"] == {"one-to-one": 10}


WORDS = {"Discussion points": "The rota.", "Actions": "None"}
APART = {
    "line-management": text_of({**SESSION, "id": "lm-1", "type": "line-management", "date": "2026-10-06"}, WORDS),
    "safeguarding": text_of(
        {**without(SESSION, "mode"), "id": "sg-1", "type": "safeguarding", "date": "2026-10-07",
         "outcome": "cancelled", "by": "supervisor"},
    ),
    "wellbeing-support": text_of(
        {**SESSION, "id": "wb-1", "approach": "wellbeing-support", "date": "2026-10-08", "agreement": "agr"},
        {"Exploration": "She was tired."},
    ),
    "practice": text_of({**SESSION, "id": "ps-1", "type": "practice", "date": "2026-10-09"}, CLINICAL),
    "mentoring": text_of({**SESSION, "id": "me-1", "type": "mentoring", "date": "2026-10-09"}, {"Actions": "None"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same five, and what is no clinical supervision."""
    files = {name: text for code in PEOPLE for name, text in pair(code).items()}
    files |= {f"sessions/{name}.md": text for name, text in APART.items()}
    files["agr.md"] = text_of({**AGREEMENT, "id": "agr", "organisation_receives": "[attendance, approach]"})
    return write(tmp_path_factory.mktemp("mixed"), {**SETTINGS, **files})


def test_what_is_no_clinical_supervision_is_told_apart_and_by_its_name(five: Path, mixed: Path) -> None:
    found = told(mixed)
    assert (found["months"], found["types"]) == (told(five)["months"], told(five)["types"])
    apart = {one["stream"]: (one["held"], one["people"], one["minutes"], one["missed"]) for one in found["apart"]}
    assert apart == {name: (1, 1, 60, {}) for name in APART} | {"safeguarding": (0, 0, 0, {"cancelled": 1})}
    assert told(five)["apart"] == []


def test_in_every_form_it_is_told_apart(five: Path, mixed: Path) -> None:
    asked = ("evidence", "--until", "2026-11-30", "--since", "2026-09-01")
    table = notes(*asked, at=mixed).out
    clinical, apart = table.split("Counted apart from clinical supervision\n")
    assert notes(*asked, at=five).out.startswith(clinical.rstrip("\n"))
    assert re.search(r"^line-management +1 +1 +60 +0 of 1", apart, re.MULTILINE)
    rows = list(csv.DictReader(notes(*asked, "--format", "csv", at=mixed).out.splitlines()))
    assert ("apart", "line-management", "minutes", "60") in {
        (row["part"], row["group"], row["figure"], row["value"]) for row in rows
    }
    notes(*asked, "--format", "html", "-o", "apart.html", at=mixed)
    said = " ".join(re.sub(r"<[^>]*>", " ", (mixed / "apart.html").read_text("utf-8")).split())
    assert "October 2026 0 0 0 0 of 0 5 cancelled" in said
    assert "Counted apart None of these is counted as clinical supervision above" in said
    assert "Line management supervision 1 1 60 0 of 1 –" in said
    assert "Wellbeing support 1 1 60" in said
    assert "Counted apart" not in notes(*asked, at=five).out


def test_whoever_leads_as_a_peer_is_asked_for_no_signature(tmp_path: Path) -> None:
    there = "{SE-201: present, SE-202: present, SE-203: present}"
    group = {**SESSION, "type": "peer-group", "group": "pg1", "facilitator": "SE-201", "attendance": there}
    text = text_of(without(group, "supervisor", "supervisees"), CLINICAL)
    september = told(write(tmp_path, {**SETTINGS, "sessions/2026-09-29-pg1.md": text}))["months"][-3]
    assert (september["people"], september["signed"], september["parts"]) == (3, 0, 2)


def test_what_became_of_what_was_agreed(five: Path) -> None:
    assert told(five)["actions"] == {
        "agreed": 15, "done": 5, "dropped": 0, "waiting": 10, "overdue": 0, "carried_twice": 0, "percent": 100.0,
    }  # fmt: skip
    before = told(five, "--until", "2026-10-31")["actions"]
    assert (before["done"], before["overdue"], before["waiting"], before["percent"]) == (0, 5, 10, 0.0)


def test_what_a_draft_says_of_an_action_is_not_settled(tmp_path: Path) -> None:
    files = {name: text for code in PEOPLE for name, text in pair(code).items()}
    drafts = {
        name: text.replace("status: recorded", "status: draft") for name, text in files.items() if "11-17" in name
    }
    found = told(write(tmp_path, {**SETTINGS, **files, **drafts}))["actions"]
    assert (found["agreed"], found["done"], found["overdue"]) == (15, 0, 5)


def test_each_policy_stands_with_its_source_and_its_day(five: Path) -> None:
    (policy,) = told(five)["policies"]
    assert (policy["policy"], policy["numerator"], policy["denominator"]) == ("eight-weeks", 5, 6)
    assert policy["source"]
    assert policy["policy_as_of"]


def test_of_fewer_than_five_people_no_action_is_told(tmp_path: Path) -> None:
    files = {name: text for code in PEOPLE[:4] for name, text in pair(code).items()}
    assert told(write(tmp_path, {**SETTINGS, **files}))["actions"] is None


@pytest.mark.parametrize("owners", ["@SE-201", "@SV-014"])
def test_of_one_person_whose_actions_five_were_there_for_no_action_is_told(owners: str, tmp_path: Path) -> None:
    files = {name: text.replace("@supervisee", owners) for n in PEOPLE for name, text in pair(n).items()}
    group = {
        **without(SESSION, "supervisees"),
        "type": "peer-group",
        "group": "pg1",
        "attendance": f"{{{', '.join(f'{code}: present' for code in PEOPLE)}}}",
    }
    words = {**CLINICAL, "Actions": f"- [ ] A1: Read {owners}\n- [ ] A2: Write {owners}"}
    for some in (files, {"sessions/2026-09-29-pg1.md": text_of({**group, "id": "2026-09-29-pg1"}, words)}):
        assert told(write(tmp_path / str(len(some)), {**SETTINGS, **some}))["actions"] is None


def test_what_an_agreement_keeps_back_is_in_no_number(five: Path, tmp_path: Path) -> None:
    files = {name: text for code in PEOPLE for name, text in pair(code).items()}
    kept_back = pair("SE-206", agreement="agr")
    agreement = {"agr.md": text_of({**AGREEMENT, "id": "agr", "status": "ended", "organisation_receives": "nothing"})}
    assert told(write(tmp_path, {**SETTINGS, **files, **kept_back, **agreement})) == told(five)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_no_word_and_nobody_is_in_it(form: str, five: Path) -> None:
    ran = notes("evidence", "--until", "2026-11-30", "--format", form, at=five)
    assert not re.search(r"Tattoo|Rhian|SE-2|SV-0|-se2", ran.out + ran.err)


def test_as_csv_each_line_is_one_number(five: Path) -> None:
    rows = list(csv.DictReader(notes("evidence", "--until", "2026-11-30", "--format", "csv", at=five).out.splitlines()))
    values = {(row["part"], row["group"], row["figure"]): row["value"] for row in rows}
    assert values["attendance", "2026-09", "held"] == values["actions", "", "done"] == "5"
    assert values["coverage", "everybody", "numerator"] == "5"


def test_on_a_terminal_it_is_read_from_the_top(five: Path) -> None:
    out = notes("evidence", "--until", "2026-11-30", "--since", "2026-09-01", at=five).out
    assert out.startswith(
        "Clinical supervision from 2026-09-01 to 2026-11-30\nMonth    Held  People  Minutes  Parts signed  Not held\n"
    )
    assert (
        "Held: 10 one-to-one.\nActions: 15 agreed: 5 done, 0 dropped, 10 open and not due yet, 0 open and overdue"
        in out
    )


def test_a_time_that_ends_before_it_begins_is_refused(five: Path) -> None:
    ran = notes("evidence", "--since", "2026-12-01", "--until", "2026-11-30", at=five)
    assert (ran.code, "is after the last" in ran.err) == (2, True)


FORGOTTEN = (
    "8 of 13 who are counted by eight-weeks: no session of theirs that could count is known here. Where sessions are "
    "recorded "
)


@pytest.mark.parametrize("command", [("evidence", "--until", "2026-11-30"), ("coverage", "--as-at", "2026-11-30")])
def test_where_most_have_no_session_that_is_known_their_lists_are_asked_for(
    command: tuple[str, ...], five: Path, tmp_path: Path
) -> None:
    assert "no session of theirs" not in notes(*command, at=five).err
    files = {name: text for code in PEOPLE for name, text in pair(code).items()}
    forgotten = "".join(f"  SE-3{n}: {{start: 2026-01-05}}\n" for n in range(10, 17))
    people = {"people.yaml": SETTINGS["people.yaml"] + forgotten}
    few = people["people.yaml"].partition("  SE-314")[0]
    root = write(tmp_path, {**SETTINGS, **files, "people.yaml": few})
    assert "no session of theirs" not in notes(*command, at=root).err, "of no more than half of them"
    write(tmp_path, people)
    for form in ("table", "json", "csv", "html"):
        ran = notes(*command, "--format", form, *(("-o", "out.html") if form == "html" else ()), at=root)
        assert ran.err == f"{FORGOTTEN}elsewhere, name the lists or the database with --from or --database.\n"
        assert "no session of theirs" not in ran.out
    page = " ".join(re.sub(r"<[^>]*>", " ", (root / "out.html").read_text("utf-8")).split())
    assert page.count(f"{FORGOTTEN}elsewhere, they are not in these figures.") == 1


def test_as_a_page_it_says_the_same(five: Path) -> None:
    ran = notes("evidence", "--until", "2026-11-30", "--format", "html", "-o", "out/evidence.html", at=five)
    assert (ran.code, ran.out) == (0, "out/evidence.html\n")
    page = (five / ran.out.strip()).read_text("utf-8")
    said = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "Evidence of supervision" in said
    assert "September 2026 5 5 300 0 of 5 –" in said
    assert "October 2026 0 0 0 0 of 0 5 cancelled" in said
    assert "One-to-one clinical supervision 10" in said
    assert "Done 5 Dropped 0 Open and not due yet 10 Open and overdue 0 Together 15" in said
    assert not re.search(r"Tattoo|Rhian|SE-2|SV-0|-se2", page)


def test_what_was_counted_elsewhere_is_evidence_too(five: Path, tmp_path: Path) -> None:
    assert notes("attendance", "export", "-o", tmp_path / "five.jsonl", at=five).code == 0
    root = write(tmp_path / "ws", SETTINGS)
    found = told(root, "--from", str(tmp_path / "five.jsonl"))
    assert found["months"] == told(five)["months"]
    assert found["actions"] is None
