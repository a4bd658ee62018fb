"""A person's portfolio: what is bound into it, for whom, and nothing of what others said among themselves."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path

import pikepdf
import pytest

from supervision_notes import printing
from supervision_notes.printing.hiding import ANOTHER
from supervision_notes.printing.pack import Pack
from supervision_notes.reading import open_workspace
from supervision_notes.record import Audience

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    PROCESS_NOTE,
    REFLECTION,
    SESSION,
    SIGN_OFF,
    text_of,
    without,
    write,
)
from .test_access import heard
from .test_render import drafts, sheets
from .test_render import notes_here as notes

PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")
AUTHOR = Audience("author", "SE-201")
INK = {**without(SIGN_OFF, "digest"), "method": "paper", "of": "s-2"}
THERE = "{SE-205: present, SE-201: late 10, SE-206: apologies}"
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "date": "2026-10-22",
    "group": "pg1",
    "facilitator": "SE-205",
    "attendance": THERE,
    "agreement": "agr-pg1",
}
DONE = """\
- [ ] A1: Show SE-205 and Łukasz Żółć the form in [[2026-10-01-se205]] @SE-201 @SE-205 due:2026-11-01
  Because SE-206 asked.
- [ ] A2: Ring the ward @SE-205
- [ ] A3: Bring a case @all
- [ ] A4: Book the room @supervisor"""
OTHER = {**SESSION, "date": "2026-10-01", "supervisees": "SE-205"}
NAMED = {**DISCLOSURE, "session": "s-2", "readers": "SV-014, SE-201"}
TO_SIGN = {**AGREEMENT, "status": "to-sign"}
RECORDS = {
    "agr.md": text_of({**TO_SIGN, "id": "agr-1"}, {"Purpose": "To think."}),
    "agr-pg1.md": text_of({**TO_SIGN, "form": "group", "start": "2026-02-01"}, {"Purpose": "To think together."}),
    "s-1.md": text_of({**SESSION, "date": "2026-08-04"}, {**CLINICAL, "Exploration": "First."}),
    "s-2.md": text_of(SESSION, {**CLINICAL, "Exploration": "Second."}),
    "2026-10-01-se205.md": text_of(OTHER, {**CLINICAL, "Exploration": "Of somebody else."}),
    "pg-1.md": text_of(GROUP, {**CLINICAL, "Exploration": "What SE-206 said.", "Actions": DONE, "Learning": "Much."}),
    "signed.md": text_of(INK, {"Comment": "Gladly."}),
    "later.md": text_of({**ADDENDUM, "of": "s-2"}, {"Addendum": "It covers both sites."}),
    "log.md": text_of({**REFLECTION, "date": "2026-10-01"}, {"Feelings": "Cold."}),
    "log-2.md": text_of({**REFLECTION, "author": "SE-205", "date": "2026-10-02"}, {"Feelings": "Warm."}),
    "note.md": text_of({**PROCESS_NOTE, "about": "s-2"}, {"Notes": "I hurried her."}),
    "own-note.md": text_of({**PROCESS_NOTE, "author": "SE-201", "about": "s-2"}, {"Notes": "I was hurried."}),
    "r-1.md": text_of(NAMED, {"What was said": "A concern.", "Why": "Risk."}),
}  # fmt: skip
REGISTERS = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n"
    "  SE-205: {name: Łukasz Żółć}\n  SE-206: {name: 李雅}\n",
}


def practice(root: Path, files: Mapping[str, str] = RECORDS) -> Path:
    return write(root, {**REGISTERS, **files})


def pack(root: Path, audience: Audience = PARTIES, person: str = "SE-201", **days: str) -> Pack:
    return Pack(open_workspace(root, jobs=1).workspace, audience, person, **days)


def bound(root: Path, audience: Audience = PARTIES, person: str = "SE-201", **days: str) -> str:
    """The words of a pack, without its style sheet."""
    chosen = pack(root, audience, person, **days)
    done = printing.print_pack(printing.Print(chosen.workspace, audience, "html", root / "out"), chosen)
    assert done.path, done.why
    html = re.sub(r"<style>.*?</style>", "", done.path.read_text("utf-8"), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


# what is bound


def test_a_pack_holds_what_is_the_persons_in_the_order_of_its_days(tmp_path: Path) -> None:
    root = practice(tmp_path)
    assert [record.id for record in pack(root).records] == ["agr-1", "s-1", "s-2", "pg-1"]
    assert [record.id for record in pack(root, AUTHOR).records] == ["agr-1", "s-1", "s-2", "log", "pg-1"]
    assert [record.id for record in pack(root, ORGANISATION).records] == ["s-1", "s-2", "pg-1"]


@pytest.mark.parametrize(
    ("days", "ids"),
    [
        ({"since": "2026-09-01"}, ["agr-1", "s-2", "pg-1"]),
        ({"until": "2026-09-29"}, ["agr-1", "s-1", "s-2"]),
        ({"since": "2026-08-04", "until": "2026-08-04"}, ["agr-1", "s-1"]),
        ({"until": "2026-01-11"}, []),
        ({"since": "2027-02-01"}, ["agr-1"]),
    ],
)
def test_days_choose_and_an_agreement_counts_while_it_is_in_force(
    days: dict[str, str], ids: list[str], tmp_path: Path
) -> None:
    assert [record.id for record in pack(practice(tmp_path), **days).records] == ids


def test_an_agreement_that_ended_before_is_not_bound(tmp_path: Path) -> None:
    ended = text_of({**AGREEMENT, "id": "agr-1", "status": "ended", "end": "2026-08-31"}, {"Purpose": "To think."})
    root = practice(tmp_path, {**RECORDS, "agr.md": ended})
    assert "agr-1" in [record.id for record in pack(root, since="2026-08-31").records]
    assert "agr-1" not in [record.id for record in pack(root, since="2026-09-01").records]


def test_a_session_comes_with_what_was_said_of_it(tmp_path: Path) -> None:
    seen = bound(practice(tmp_path))
    assert re.search(r"Second\. .* Sign-off and comments Rhian Kettle \(SE-201\) Signed .* Gladly\. Added later", seen)
    assert "It covers both sites." in seen
    assert "Signature and date" not in seen


def test_private_notes_and_disclosures_are_in_no_pack(tmp_path: Path) -> None:
    root = practice(tmp_path)
    for audience in (PARTIES, ORGANISATION, AUTHOR):
        assert not re.search("hurried|A concern|Warm|Of somebody else", bound(root, audience))
    for audience in (PARTIES, Audience("author", "SV-014")):
        assert not re.search("hurried|A concern|Warm|Cold", bound(root, audience, "SV-014"))
    assert "Cold." in bound(root, AUTHOR)
    assert "Cold." not in bound(root)


# a group's session


def test_of_a_groups_session_ones_own_attendance_and_actions_are_bound_and_nothing_of_others(tmp_path: Path) -> None:
    whole = bound(practice(tmp_path), since="2026-10-22")
    seen = whole.partition("Of this group's session")[2]
    assert "Rhian Kettle (SE-201) Late by 10 minutes" in seen
    assert f"A1 Show {ANOTHER} and {ANOTHER} the form in 2026-10-01-{ANOTHER} Rhian Kettle (SE-201) 1 November" in seen
    assert "A3 Bring a case Rhian Kettle (SE-201)" in seen
    assert not re.search("SE-20[56]|se205|Łukasz|李雅|Because|What|Much|ward|room|agr-pg1", seen.partition("Status")[0])
    assert not re.search("SE-20[56]|se205|Łukasz|李雅", whole)


PEOPLE = """\
people:
  SV-014: {name: Mary Poole}
  SE-201: {name: Rhian Kettle, employee_numbers: [{number: 20110001}]}
  SE-205: {name: Łukasz Żółć}
  SE-206: {name: 李雅}
  SE-207: {name: Siân O'Brien, employee_numbers: [{number: 20114417}]}
  SE-208: {name: Rhian Jo Mayer-Hughes}
  SE-209: {name: 田中花子}
  SE-210: {name: 김 민수}
  A: {name: नेहा}
"""


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Ring se 207 and SE–207, SE207s, _SE-207_, Se.207.", "Ring * and *, *, * , *."),
        ("Ring SE-207's manager, ＳＥ－２０７ and S\u200bE\u00ad207", "Ring * manager, * and *"),
        ("Ask Siân  O’Brien, SIAN OBRIEN or sia\u0302n", "Ask *, * or *"),
        ("Siân's form, O'Brien's and the O Briens’", "* form, * and the *’"),
        ("lukasz zolc, Łukasz or sian.obrien@nowhere", "*, * or *@nowhere"),
        ("Mayer–Hughes, Hughes or Jo; at the end a job", "*, * or *; at the end a job"),
        ("请李雅来, 李　雅, 田中さん and 花子, 김민수가, 민수, नेहा", "请*来, *, *さん and *, *가, *, *"),
        ("Number 20114417 or 2011 4417, not 2011441", "Number * or *, not 2011441"),
        ("A is a peer", "* is a peer"),
        ("Rhian alone may be either; rhian kettle is not", "* alone may be either; rhian kettle is not"),
        ("SE-201, se201 and 20110001; SE-2070 has left", "SE-201, se201 and 20110001; * has left"),
        ("Mayer’s, use 20 of 7 forms, prose and 2026-11-01", "*, use 20 of 7 forms, prose and 2026-11-01"),
    ],
)
def test_others_are_hidden_however_they_are_spelt(written: str, printed: str, tmp_path: Path) -> None:
    session = text_of(GROUP, {**CLINICAL, "Actions": f"- [ ] A1: {written} @SE-201"})
    seen = bound(practice(tmp_path, {**RECORDS, "people.yaml": PEOPLE, "pg-1.md": session}))
    assert f" A1 {printed.replace('*', ANOTHER)} Rhian Kettle (SE-201)" in seen


def test_what_stands_in_the_place_of_a_choice_or_a_date_is_hidden_too(tmp_path: Path) -> None:
    """Such a record has errors, and prints as a draft."""
    facts = {"mode": "with se 206", "next_date": "ask Łukasz", "group": "pg-Łukasz", "minutes": "[SE-205, 60]"}
    there = "{SE-205: present, SE-201: late for SE–206}"
    asked = "- [ ] A1: Ring @SE-201 due:SE-206\n"
    session = text_of({**GROUP, **facts, "attendance": there}, {**CLINICAL, "Actions": asked})
    root = practice(tmp_path, {"pg-1.md": session})
    assert notes("render", "--pack", "SE-201", "--format", "html", "--draft", at=root).code == 0
    words = re.sub(r"<style>.*?</style>", "", (root / "out/pack-SE-201.html").read_text("utf-8"), flags=re.DOTALL)
    assert words.count(ANOTHER) >= 6
    assert not re.search("SE.?20[56]|Łukasz", words, re.IGNORECASE)


def test_who_led_a_group_has_their_part_too(tmp_path: Path) -> None:
    seen = bound(practice(tmp_path), person="SE-205", since="2026-10-22")
    assert "Facilitator Łukasz Żółć (SE-205)" in seen
    assert re.search("A1 Show SE-205 .* A2 Ring the ward .* A3 Bring a case .* A4 Book the room", seen)
    assert not re.search("SE-20[16]|Rhian", seen)


@pytest.mark.parametrize("audience", [PARTIES, Audience("author", "SE-206")])
def test_who_was_not_there_reads_no_action(audience: Audience, tmp_path: Path) -> None:
    seen = bound(
        practice(tmp_path, {**RECORDS, "pg-1.md": RECORDS["pg-1.md"].replace("@all", "@SE-206")}), audience, "SE-206"
    )
    assert "李雅 (SE-206) Apologies" in seen
    assert "Bring a case" not in seen


LATER = {**GROUP, "date": "2026-12-17", "attendance": "{SE-205: present, SE-206: present, SE-201: apologies}"}


@pytest.mark.parametrize(
    ("person", "audience", "what"),
    [
        (
            "SE-201",
            PARTIES,
            "(pg-1) No. Action Who What became of it A3 Bring a case Rhian Kettle (SE-201) Done Record",
        ),
        ("SE-205", PARTIES, "What became of it A3 And I know why Łukasz Żółć (SE-205) Done A2 Ring the ward"),
        ("SE-206", PARTIES, ""),
        ("SE-201", AUTHOR, ""),
    ],
)
def test_what_became_of_an_action_of_all_is_told_to_those_who_agreed_it(
    person: str, audience: Audience, what: str, tmp_path: Path
) -> None:
    """Who was not there finds it in the words that they know."""
    review = "- [x] pg-1#A3: And I know why @all\n- [x] pg-1#A2: Ring the ward @SE-205"
    files = {**RECORDS, "pg-2.md": text_of(LATER, {**CLINICAL, "Review of previous actions": review})}
    seen = bound(practice(tmp_path, files), audience, person, since="2026-12-01")
    assert ("What became of it" in seen) is bool(what)
    assert what in seen
    assert ("And I know why" in seen) is (person == "SE-205")


@pytest.mark.parametrize(
    "facts",
    [
        {"supervisees": "SE-201, SE-205"},
        {"type": "external", "format": "group", "provider": "Harbour"},
        {"attendance": "{SE-201: present, SE-205: apologies}"},
    ],
)
def test_what_more_than_two_had_a_part_in_is_a_groups(facts: dict[str, str], tmp_path: Path) -> None:
    session = text_of({**SESSION, **facts, "id": "2026-09-29-se205"}, {**CLINICAL, "Exploration": "Ours."})
    seen = bound(practice(tmp_path, {"a.md": session}))
    assert "Of this group's session" in seen
    assert not re.search(r"Ours|SE-205|se205", seen)


def test_whoever_called_a_session_off_makes_no_group_of_it_and_has_no_part_in_it(tmp_path: Path) -> None:
    missed = {**without(SESSION, "minutes"), "outcome": "cancelled", "by": "SE-205"}
    root = practice(tmp_path, {"s-1.md": text_of(missed)})
    assert "This session was cancelled by Łukasz Żółć (SE-205)." in bound(root)
    assert pack(root, person="SE-205").records == []


def test_the_organisation_gets_attendance_alone(tmp_path: Path) -> None:
    seen = bound(practice(tmp_path), ORGANISATION)
    assert seen.count("Attendance record") == 3
    assert "Sign-off Signed" in seen
    assert not re.search(
        r"Second|Gladly|To think|Ring|Bring|SE-20[56]|covers|Cold|Agree", seen.replace("Agreement", "")
    )


# what a person gave


@pytest.mark.parametrize("audience", [PARTIES, ORGANISATION, Audience("author", "SV-014")])
def test_of_a_session_that_a_person_gave_attendance_alone_is_bound_and_its_agreement_is_not(
    audience: Audience, tmp_path: Path
) -> None:
    own = {**SESSION, "id": "s-3", "date": "2026-09-30", "supervisor": "SE-206", "supervisees": "SV-014"}
    asked = {**CLINICAL, "Exploration": "My own.", "Actions": "- [ ] A1: Ring the ward @SV-014"}
    files = {**RECORDS, "s-3.md": text_of(own, asked), "s-2.md": text_of(SESSION, {**asked, "Exploration": "Second."})}
    found = pack(practice(tmp_path, files), audience, "SV-014")
    assert [record.id for record in found.records] == ["s-1", "s-2", "s-3", "2026-10-01-se205"]
    seen = bound(tmp_path, audience, "SV-014")
    assert not re.search("First|Second|somebody else|Gladly|both sites|To think|agr-1|Rhian|Łukasz", seen)
    assert "Minutes 60 Mode Online Supervisor SV-014 Supervisee SE-201" in seen
    whole = audience.who != "organisation"
    assert seen.count("Ring the ward") == seen.count("My own.") == whole
    assert seen.count("This person gave this session") == 3
    assert "Clinical, received 1 60 0 Clinical, given 3 180 0 Contents" in seen
    assert "29 September 2026 One-to-one clinical supervision , given SE-201 30 September" in seen


@pytest.mark.parametrize(
    ("facts", "bound_in"),
    [
        ({"parties": "[{person: SV-014, role: mentor}, {person: SE-201, role: mentee}]", "form": "mentoring"}, True),
        ({"parties": "[{person: SE-201, role: mentor}, {person: SV-014, role: mentee}]", "form": "mentoring"}, False),
        ({"parties": "[{person: SV-014, role: supervisor}, {person: SE-205, role: supervisee},"
          " {person: SE-201, role: organisation}]", "form": "tripartite"}, False),
        ({"parties": "[{person: SV-014, role: supervisor}, {person: SE-201}]"}, False),
    ],
)  # fmt: skip
def test_an_agreement_is_bound_in_for_those_whose_supervision_it_is_about(
    facts: dict[str, str], bound_in: bool, tmp_path: Path
) -> None:
    root = practice(tmp_path, {**RECORDS, "agr.md": text_of({**TO_SIGN, **facts, "id": "agr-1"})})
    assert ("agr-1" in [record.id for record in pack(root).records]) is bound_in


# the cover


def test_the_cover_counts_each_stream_and_what_was_held_apart_from_what_was_not(tmp_path: Path) -> None:
    missed = {**without(SESSION, "minutes"), "date": "2026-08-25", "outcome": "did-not-attend", "by": "supervisee"}
    managed = {**SESSION, "id": "s-4", "type": "line-management", "date": "2026-09-02", "minutes": "45"}
    absent = RECORDS["pg-1.md"].replace("SE-201: late 10", "SE-201: apologies")
    root = practice(
        tmp_path,
        {
            **RECORDS,
            "s-3.md": text_of(missed),
            "s-4.md": text_of(managed, {"Actions": "None", "Discussion points": "Leave."}),
            "pg-1.md": absent,
        },
    )
    seen = bound(root)
    heads = "Sessions Stream Held Minutes Not held Held without them"
    assert f"{heads} Clinical, received 2 120 1 1 Line management, received 1 45 0 0 Contents" in seen
    assert "25 August 2026 One-to-one clinical supervision , not attended SV-014" in seen
    assert "22 October 2026 Peer or group clinical supervision , held without them pg1" in seen


def test_the_cover_says_whose_it_is_of_which_days_and_by_whom(tmp_path: Path) -> None:
    root = practice(tmp_path)
    write(root, {"supervision.yaml": "organisation: Riverside\nowner: SV-014\n"})
    seen = bound(root)
    assert (
        "Portfolio of SE-201 12 January 2026 to 22 October 2026 Person Rhian Kettle (SE-201) Organisation Riverside"
        " Entered by Mary Poole (SV-014) Agreements 1 These are records of supervision, bound together as"
        " they were entered. To bind them certifies nothing." in seen
    )
    assert "Sessions Stream Held Minutes Not held Clinical, received 3 170 0 Contents" in seen
    first = (
        "12 January 2026 Individual supervision agreement SV-014 4 August 2026 One-to-one clinical supervision SV-014"
    )
    assert f"Contents Date Record With Page {first}" in seen
    assert "1 September 2026 to 31 December 2026" in bound(root, since="2026-09-01", until="2026-12-31")


# as a command


def test_it_is_printed_under_a_name_of_its_own_for_each_audience(tmp_path: Path) -> None:
    root = practice(tmp_path)
    for more, name in (
        ((), "pack-SE-201.html"),
        (("--for", "organisation"), "pack-SE-201~organisation.html"),
        (("--for", "author", "--as", "SE-201"), "pack-SE-201~for-SE-201.html"),
    ):
        ran = notes("render", "--pack", "se-201", "--format", "html", *more, at=root)
        assert (ran.code, ran.out, ran.err) == (0, f"out/{name}\n", "")
    assert len(list((root / "out").iterdir())) == 3


def test_records_with_errors_are_left_out_and_named(tmp_path: Path) -> None:
    wrong = text_of({**SESSION, "minutes": "0"}, {**CLINICAL, "Exploration": "Second."})
    root = practice(tmp_path, {**RECORDS, "s-2.md": wrong})
    ran = notes("render", "--pack", "SE-201", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "out/pack-SE-201.html\n")
    assert ran.err.startswith("not printed: s-2.md: it has errors")
    assert "Second." not in (root / "out/pack-SE-201.html").read_text("utf-8")
    drafted = notes("render", "--pack", "SE-201", "--format", "html", "--draft", at=root)
    assert (drafted.code, drafted.err) == (0, "")
    assert "Second." in (root / "out/pack-SE-201.html").read_text("utf-8")
    for more in ((), ("--draft",)):
        ran = notes("render", "--pack", "SE-201", "--format", "html", "--for", "organisation", *more, at=root)
        assert ran.code == 1
        assert "nothing of such a record goes beyond those who met" in ran.err


def test_a_sign_off_with_errors_is_named_and_its_words_left_out(tmp_path: Path) -> None:
    root = practice(tmp_path, {**RECORDS, "signed.md": text_of({**INK, "mode": "online"}, {"Comment": "Gladly."})})
    for arguments in (("s-2",), ("--pack", "SE-201")):
        ran = notes("render", *arguments, "--format", "html", at=root)
        assert ran.code == 0
        assert ran.err == "left out: signed.md: it has errors, so its words are left out of the print of s-2.md\n"
        assert all("Gladly" not in path.read_text("utf-8") for path in (root / "out").iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("--pack SE-201 s-1", 2, "name no records with it"),
        ("--pack SE-201 --for case --as K-1", 2, "choose one of them"),
        ("--pack SE-201 --for author --as SE-205", 2, "--for author --as SE-201"),
        ("--pack SE-201 --since 1/2/26", 2, "“1/2/26” is not a date"),
        ("--pack SE-201 --since 2026-02-01 --until 2026-01-01", 2, "would end on 2026-01-01, before it begins"),
        ("--since 2026-02-01", 2, "go with --pack"),
        ("--pack PG1", 2, "“PG1” is a group, and a pack is for one person: name the code of one of its members.\n"),
        ("--pack pg1 --for organisation", 2, "“pg1” is a group"),
        ("--pack pg1 --for author --as ZZ-1", 2, "there is nobody “pg1”"),
        ("--pack SE-21", 2, "there is nobody “SE-21” in people.yaml or in a record; did you mean “SE-201”?"),
        ("--pack SE-201 --until 2025-01-01", 1, "not printed: there is nothing to bind for this audience"),
    ],
)
def test_wrong_use_is_said(arguments: str, code: int, said: str, tmp_path: Path) -> None:
    ran = notes("render", "--format", "html", *arguments.split(), at=practice(tmp_path))
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_pack_and_a_record_never_share_a_name(tmp_path: Path) -> None:
    root = practice(tmp_path, {**RECORDS, "s-1.md": text_of({**SESSION, "id": "pack-se-201"}, CLINICAL)})
    ran = notes("render", "--pack", "SE-201", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "")
    assert "there is a record with the id pack-SE-201" in ran.err


@pytest.mark.parametrize("audience", [PARTIES, ORGANISATION, AUTHOR])
def test_a_pack_passes_both_checkers(audience: Audience, tmp_path: Path) -> None:
    root = practice(
        tmp_path, {**RECORDS, "s-1.md": text_of({**SESSION, "date": "2026-08-04", "status": "draft"}, CLINICAL)}
    )
    bound(root, audience)
    (made,) = (root / "out").iterdir()
    heard(made.read_text("utf-8"), pack(root).workspace, tmp_path).close()


def test_the_contents_say_which_is_a_draft(tmp_path: Path) -> None:
    files = {**RECORDS, "s-1.md": text_of({**SESSION, "date": "2026-08-04", "status": "draft"}, CLINICAL)}
    words = bound(practice(tmp_path, files))
    assert re.findall(r"(\d+ \w+ 2026) [A-Za-z -]+ , draft", words[words.index("Contents") :]) == ["4 August 2026"]


def test_a_draft_in_a_pack_shows_no_heading_above_what_is_still_a_blank(tmp_path: Path) -> None:
    blank, said = "### ____\n#### Rationale\n", "### Offer a visit\n#### Rationale\nTwo led nowhere."
    for decisions, seen in ((blank, ""), (blank + said, "Decisions Offer a visit Rationale Two led nowhere. ")):
        words = {"Decisions": decisions, "Learning": "Ask."}
        drafted = text_of({**SESSION, "date": "2026-08-04", "status": "draft"}, words)
        assert f"(SE-201) {seen}Learning Ask." in bound(practice(tmp_path, {"s-1.md": drafted}))


def test_only_the_pages_of_a_draft_say_so(tmp_path: Path) -> None:
    root = practice(
        tmp_path, {**RECORDS, "s-1.md": text_of({**SESSION, "date": "2026-08-04", "status": "draft"}, CLINICAL)}
    )
    assert notes("render", "--pack", "SE-201", at=root).code == 0
    pages = sheets((root / "out/pack-SE-201.pdf").read_bytes())
    assert [("4 August 2026" in page and "Contents" not in page) for page in pages] == drafts(pages)
    assert sum(drafts(pages)) == 1


def test_a_page_of_ones_own_is_bound_in_too(tmp_path: Path) -> None:
    whole = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><h1>Ours: {{ id }}</h1></body></html>'
    root = practice(tmp_path, {**RECORDS, "pages/session.html.j2": whole})
    assert notes("render", "--pack", "SE-201", at=root).code == 0
    pages = sheets((root / "out/pack-SE-201.pdf").read_bytes())
    assert ["Ours: s-1" in page for page in pages].count(True) == 1
    assert all("Riverside · s-1" in page for page in pages if "Ours: s-1" in page)


def test_as_pdf_it_has_contents_bookmarks_and_one_count_of_pages(tmp_path: Path) -> None:
    root = practice(tmp_path)
    assert notes("render", "--pack", "SE-201", at=root) == (0, "out/pack-SE-201.pdf\n", "")
    data = (root / "out/pack-SE-201.pdf").read_bytes()
    pages = [" ".join(page.split()) for page in sheets(data)]
    contents = re.findall(r"(\d+ \w+ 2026) (?:Indiv|One|Peer)[\w -]+? (\d+)(?= |$)", pages[0])
    assert [day for day, _ in contents] == ["12 January 2026", "4 August 2026", "29 September 2026", "22 October 2026"]
    for day, number in contents:
        assert day in pages[int(number) - 1]
        assert re.search("Individual|One-to-one|Peer or group", pages[int(number) - 1])
    assert all(f"page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1))
    assert [f"Riverside · {id}" in "".join(pages) for id in ("SE-201", "agr-1", "s-1", "s-2", "pg-1")] == [True] * 5
    with pikepdf.open(io.BytesIO(data)) as print_, print_.open_outline() as outline:
        titles = [entry.title for entry in outline.root]
    assert titles == [
        "Portfolio of SE-201", "Individual supervision agreement, 12 January 2026",
        "One-to-one clinical supervision, 4 August 2026", "One-to-one clinical supervision, 29 September 2026",
        "Peer or group clinical supervision, 22 October 2026",
    ]  # fmt: skip
    assert notes("render", "--pack", "SE-201", "-o", "again", at=root).code == 0
    assert (root / "again/pack-SE-201.pdf").read_bytes() == data
