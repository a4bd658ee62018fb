"""`new`: what is known is filled in, what is open waits for its answer, and nothing is invented or overwritten."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from supervision_notes.cli.main import run
from supervision_notes.convert import Form, converted
from supervision_notes.dates import year_after
from supervision_notes.document.facts import ABSENT
from supervision_notes.kind import Field
from supervision_notes.reading import open_workspace, read_one, read_text
from supervision_notes.record import Record
from supervision_notes.workspace import Workspace
from supervision_notes.writing.drafting import Refused, drafted, free_id
from supervision_notes.writing.forms import BLANK, Asked

from .conftest import (
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    KINDS,
    NO_REGISTER,
    PROCESS_NOTE,
    REFLECTION,
    SESSION,
    Files,
    text_of,
    without,
    write,
)
from .test_properties import EXAMPLES

SETTINGS = "organisation: Riverside\nowner: SV-014\n"
FIRST, SECOND, DAY = "2026-08-04", "2026-09-29", "2026-11-17"
AGREED = (
    "- [ ] A1: Ask for the *audit data*, both sites @SE-201 due:2026-09-11\n"
    "  Because nobody has looked since May.\n"
    "- [ ] A2: Try the shared diary for a month @SE-201 @SV-014\n"
    "- [ ] A3: Send the reading list @supervisor due:2026-08-11\n"
    "- [ ] A4: Find a quieter room @supervisee due:2026-08-20\n"
)
REVIEWED = (
    f"- [>] {FIRST}-se201#A1: The audit @SE-201 due:2026-12-17\n  The clinic was closed.\n"
    "- [x] A3: Sent @SV-014\n"
    "- [-] A4: The room\n  The building is sold.\n"
)


def met(day: str, actions: str = "None", answers: str = "", **facts: str) -> str:
    """A session of the usual pair on a day."""
    review = {"Review of previous actions": answers} if answers else {}
    return text_of({**SESSION, "date": day, "id": f"{day}-se201", **facts}, {**CLINICAL, **review, "Actions": actions})


CLAUSES = {field.title: "As we said." for field in KINDS["agreement"].fields.values() if field.shape}


def agreement(id: str = "agr-2026-se201", **more: str) -> str:
    return text_of({**AGREEMENT, "id": id, **more}, CLAUSES)


PAIR: Files = {
    "supervision.yaml": SETTINGS,
    "agreements/a.md": agreement(),
    f"sessions/{FIRST}.md": met(FIRST, AGREED, agreement="agr-2026-se201"),
    f"sessions/{SECOND}.md": met(
        SECOND,
        "- [ ] A1: Speak with the ward @SE-201 due:2026-10-20",
        REVIEWED,
        previous=f"{FIRST}-se201",
        agreement="agr-2026-se201",
    ),
}


class New(NamedTuple):
    """What became of one `new`."""

    code: int
    paths: list[str]
    text: str
    err: str


Run = Callable[..., New]


@pytest.fixture
def new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `new` in the workspace of the test."""

    def made(*arguments: str, at: Path = tmp_path) -> New:
        code = run(["-C", str(at), "new", *arguments])
        said = capsys.readouterr()
        paths = said.out.splitlines()
        there = [path for path in paths if (at / path).is_file()] if len(paths) < 50 else []
        return New(code, there, (at / there[0]).read_text("utf-8") if there else said.out, said.err)

    return made


def facts(text: str) -> dict[str, str]:
    """The facts of a record, as they stand in lines of their own."""
    return dict(re.findall(r"^(\w+): ?(.*)$", text.split("\n---\n")[0], re.MULTILINE))


def answers(text: str) -> list[str]:
    """The lines of its review."""
    section = text.split("## Review of previous actions")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line and not line.startswith("<!--")]


def grave(root: Path, path: str = "") -> list[str]:
    """The errors in a workspace, and in one of its files the warnings too."""
    found = open_workspace(root, jobs=1).problems
    return [str(p) for p in found if p.severity == "error" or (p.path == path and p.severity == "warning")]


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of a workspace but the index."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and ".supervision" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


# what is still open


def test_a_session_starts_with_what_is_still_open(new: Run, tmp_path: Path) -> None:
    """In the words in which it was agreed, with the last date; what was done or dropped is gone."""
    write(tmp_path, PAIR)
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert made.paths == [f"sessions/{DAY}-se201.md"]
    said = facts(made.text)
    assert (said["previous"], said["agreement"], said["status"]) == (f"{SECOND}-se201", "agr-2026-se201", "draft")
    assert (said["type"], said["supervisor"], said["supervisees"]) == ("one-to-one", "SV-014", "SE-201")
    assert said["mode"].startswith("#")
    assert answers(made.text) == [
        "- [ ] 2026-08-04-se201#A1: Ask for the *audit data*, both sites @SE-201 due:2026-12-17",
        "- [ ] 2026-08-04-se201#A2: Try the shared diary for a month @SE-201 @SV-014",
        "- [ ] 2026-09-29-se201#A1: Speak with the ward @SE-201 due:2026-10-20",
    ]
    assert made.err == "3 open actions in the review, for you to answer.\n"
    assert grave(tmp_path, made.paths[0]) == []
    problems = open_workspace(tmp_path, jobs=1).problems
    assert [p.severity for p in problems if p.rule == "unreviewed-action" and p.path == made.paths[0]] == ["note"] * 3


def test_of_a_backdated_session_only_what_was_before_counts(new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    made = new("session", "--for", "SE-201", "--date", "2026-09-01")
    assert facts(made.text)["previous"] == f"{FIRST}-se201"
    assert [line.split(":")[0] for line in answers(made.text)] == [f"- [ ] {FIRST}-se201#A{n}" for n in range(1, 5)]
    assert f"{SECOND}-se201 took place later, and nothing is taken from it" in made.err
    assert f"it names {FIRST}-se201 as its previous one, and should now name this." in made.err
    assert grave(tmp_path, made.paths[0]) == []


def test_a_session_of_the_same_day_is_not_the_one_before(new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    made = new("session", "--for", "SE-201", "--date", SECOND)
    assert made.paths == [f"sessions/{SECOND}-se201-b.md"]
    assert facts(made.text)["previous"] == f"{FIRST}-se201"
    assert f"{SECOND}-se201 is a session of the same people on the same day, and nothing is taken from it." in made.err


@pytest.mark.parametrize("status", ["draft", "recorded"])
def test_a_session_of_the_same_day_is_offered_where_it_is_the_only_one(status: str, new: Run, tmp_path: Path) -> None:
    met_already = met(DAY, "- [ ] A1: Ask @SE-201", status=status)
    write(tmp_path, {"supervision.yaml": SETTINGS, f"sessions/{DAY}-se201.md": met_already})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert made.err.splitlines() == [
        f"{DAY}-se201 is a session of the same people on the same day, and nothing is taken from it.",
        f"if it came first, name it as  previous: {DAY}-se201  and answer its open actions in the review.",
    ]
    assert "previous" not in facts(made.text)
    assert answers(made.text) == []


CLOSING = "".join(
    f"- [x] {which}: Done\n" for which in (f"{FIRST}-se201#A1", f"{FIRST}-se201#A2", f"{SECOND}-se201#A1")
)


@pytest.mark.parametrize("more", [(), ("--supervisor", "SV-022", "--carry-from", f"{SECOND}-se201")], ids=len)
def test_what_another_session_closed_is_not_put_up_again(more: tuple[str, ...], new: Run, tmp_path: Path) -> None:
    """Neither in a second session of that day, nor where an older session is named to take its actions over."""
    closing = met(DAY, answers=CLOSING, previous=f"{SECOND}-se201")
    write(tmp_path, {**PAIR, f"sessions/{DAY}-se201.md": closing})
    made = new("session", "--for", "SE-201", "--date", DAY, *more)
    assert "#A" not in made.text
    assert f"nothing is open after {SECOND}-se201." in made.err
    earlier = new("session", "--for", "SE-201", "--date", "2026-10-30", "--dry-run")
    assert len(answers(earlier.text)) == 3


@pytest.mark.parametrize("more", [(), ("--set", "type=peer-group")], ids=" ".join)
def test_a_session_for_nobody_says_so(more: tuple[str, ...], new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    made = new("session", "--date", DAY, *more)
    assert made.code == 0
    assert made.err.startswith("nothing says for whom this session is, ")
    assert made.err.endswith("with --for CODE.\n")


def test_a_first_session_says_so(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert made.err == "SV-014 and SE-201 have not met before in the stream clinical: this is their first session.\n"
    assert "previous" not in facts(made.text)
    assert answers(made.text) == ["None"]
    assert grave(tmp_path, made.paths[0]) == []
    assert [
        p for p in open_workspace(tmp_path, jobs=1).problems if p.rule == "empty-section" and p.span.line < 20
    ] == []


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (met(FIRST), ["None"]),
        (met(FIRST, status="draft"), []),
        (met(FIRST, "- [ ] Ask @SE-201"), []),
        (met(FIRST, mode="by pigeon"), []),
        (met(DAY), []),
        (met(FIRST, "- [ ] A1: Ask @SE-201", supervisor="SV-022"), []),
    ],
    ids=["nothing open", "a draft", "no number", "unsound", "the same day", "a former supervisor"],
)
def test_none_is_written_only_where_it_is_known(before: str, found: list[str], new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "sessions/a.md": before})
    assert answers(new("session", "--for", "SE-201", "--date", DAY).text) == found


def test_what_is_not_held_or_not_asked_has_no_none(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    for said in ("outcome=cancelled", "type=mentoring"):
        made = new("session", "--for", "SE-201", "--date", DAY, "--set", said, "--dry-run")
        assert "Review of previous" not in made.text


def test_after_nothing_open_it_is_said(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "sessions/a.md": met(FIRST)})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert facts(made.text)["previous"] == f"{FIRST}-se201"
    assert made.err == f"nothing is open after {FIRST}-se201.\n"


def test_a_previous_draft_may_agree_more(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "sessions/a.md": met(FIRST, status="draft")})
    said = new("session", "--for", "SE-201", "--date", DAY).err
    assert f"{FIRST}-se201 is still a draft: what is agreed in it later will not stand in this review.\n" in said


def test_what_has_no_number_is_told_as_left_out(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": met(FIRST, "- [ ] A1: Ring @SE-201\n- [ ] Ask @SE-201")})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert answers(made.text) == [f"- [ ] {FIRST}-se201#A1: Ring @SE-201"]
    said = f"1 action has no number in {FIRST}-se201, so nothing of that stands in the review: check --fix gives one."
    assert said in made.err.splitlines()


def test_a_session_that_is_not_held_answers_nothing(new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    made = new("session", "--for", "SE-201", "--date", DAY, "--set", "outcome=cancelled", "--set", "by=supervisor")
    assert facts(made.text)["previous"] == f"{SECOND}-se201"
    assert "##" not in made.text
    assert made.err == "3 open actions left for the next session.\n"
    assert grave(tmp_path, made.paths[0]) == []
    after = new("session", "--for", "SE-201", "--date", "2026-12-20")
    assert facts(after.text)["previous"] == f"{SECOND}-se201"
    assert len(answers(after.text)) == 3


def test_each_stream_is_a_chain_of_its_own(new: Run, tmp_path: Path) -> None:
    other = met("2026-10-06", "- [ ] A1: Fill the rota @SE-201", id="lm-1", type="line-management")
    write(tmp_path, {**PAIR, "sessions/lm.md": without_headings(other)})
    clinical = new("session", "--for", "SE-201", "--date", DAY)
    line = new("session", "--for", "SE-201", "--date", DAY, "--set", "type=line-management")
    safe = new("session", "--for", "SE-201", "--date", DAY, "--set", "type=safeguarding")
    assert "rota" not in clinical.text
    assert facts(line.text)["previous"] == "lm-1"
    assert answers(line.text) == ["- [ ] lm-1#A1: Fill the rota @SE-201"]
    assert not facts(line.text)["agreement"]
    assert "agreement" not in line.err
    assert answers(safe.text) == ["None"]
    assert f"they met in the stream clinical, last in {SECOND}-se201; to go on with that:  --set type=one-to-one" in (
        safe.err
    )


def without_headings(text: str) -> str:
    """A session of line management: of a clinical one's headings the actions alone."""
    front, _, rest = text.partition("\n## Focus question")
    return f"{front}\n## Discussion points\n\nThe rota.\n\n## Actions{rest.split('## Actions')[1].split('## Risk')[0]}"


def test_mentoring_has_no_review_unless_something_is_open(new: Run, tmp_path: Path) -> None:
    grow = {"Goal": "a", "Reality": "b", "Options": "c", "Way forward": "d", "Review": "e"}
    facts_ = {**SESSION, "type": "mentoring", "date": FIRST, "id": "m-1"}
    for action, found in (("None", 0), ("- [ ] A1: Write to the college @SE-201", 1)):
        write(tmp_path, {"supervision.yaml": SETTINGS, "m.md": text_of(facts_, {**grow, "Actions": action})})
        made = new("session", "--for", "SE-201", "--date", DAY, "--set", "type=mentoring", "--dry-run")
        assert made.text.count("## Review of previous actions") == found
        assert made.text.count("- [ ] m-1#A1: Write to the college @SE-201\n") == found


def test_the_framework_of_a_pair_stands(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "sessions/a.md": met(FIRST, framework="kadushin")})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert facts(made.text)["framework"] == "kadushin"


WORDS = st.text(
    st.sampled_from("abc é😀 *_`<>-[](){}#@:!\\|.,;A1&\"'")
    | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=40,
).map(str.strip)


@settings(EXAMPLES, max_examples=200)
@given(WORDS, st.booleans(), st.booleans(), st.sampled_from(["md", "yaml"]))
def test_any_action_comes_back_as_it_was_agreed(words: str, owned: bool, due: bool, form: Form) -> None:
    """Word for word, whatever was typed, from Markdown and from YAML."""
    typed = f"- [ ] A1: {words}{' @SE-201' * owned}{' due:2026-12-17' * due}"
    first = read_text("a.md", text_of({**SESSION, "date": FIRST}, {**CLINICAL, "Actions": typed}), NO_REGISTER)
    assume(isinstance(first, Record) and first.sound and isinstance(first.value.get("actions"), list))
    assert isinstance(first, Record)
    with TemporaryDirectory() as folder:
        root = write(Path(folder), {"supervision.yaml": SETTINGS, f"a.{form}": converted(first, form)})
        asked = Asked(KINDS["session"], DAY, "SE-201")
        made = read_text("b.md", drafted(asked, open_workspace(root, jobs=1).workspace).text, NO_REGISTER)
    assert isinstance(made, Record)
    agreed = [{k: v for k, v in line.items() if k != "reason"} for line in first.value["actions"] if line.get("id")]
    found = made.value.get("review_of_previous_actions", [])
    assert found == [{**line, "id": f"a#{line['id']}"} for line in agreed]


# whom one meets


def test_a_group_starts_with_its_members_and_says_nothing_of_who_was_there(new: Run, tmp_path: Path) -> None:
    there = "{SE-205: present, SE-206: late 40, SE-207: apologies}"
    group = {**without(SESSION, "supervisor", "supervisees"), "type": "peer-group", "group": "pg1", "date": FIRST}
    group |= {"facilitator": "SE-205", "attendance": there, "id": "g-1"}
    parties = "[{person: SE-205, role: facilitator}, {person: SE-206, role: member}, {person: SE-207, role: member}]"
    files = {
        "supervision.yaml": SETTINGS,
        "agreements/g.md": agreement("agr-2026-pg1", form="group", parties=parties),
        "agreements/p.md": agreement(
            "agr-2026-two", parties="[{person: SE-205, role: supervisor}, {person: SE-206, role: supervisee}]"
        ),
        "sessions/g.md": text_of(group, {**CLINICAL, "Actions": "- [ ] A1: Bring the pictures @SE-206 @all"}),
    }
    write(tmp_path, files)
    made = new("session", "--for", "pg1", "--date", DAY)
    assert made.paths == [f"sessions/{DAY}-pg1.md"]
    assert "\nattendance:\n  SE-205: ____\n  SE-206: ____\n  SE-207: ____\n" in made.text
    assert "present" not in made.text.split("\n---\n")[0]
    said = facts(made.text)
    assert (said["type"], said["group"], said["facilitator"]) == ("peer-group", "pg1", "")
    assert (said["agreement"], said["previous"]) == ("agr-2026-pg1", "g-1")
    assert answers(made.text) == ["- [ ] g-1#A1: Bring the pictures @SE-206 @all"]
    assert grave(tmp_path, made.paths[0]) == []


def test_what_was_typed_as_a_code_or_an_owner_stays_one(new: Run, tmp_path: Path) -> None:
    facts = "kind: session\ndate: 2026-08-04\ntype: peer-group\nstatus: recorded\ngroup: pg1\n"
    action = '{id: A1, text: Ask, owner: ["SE-205\\n\\n## Learning\\n\\nMine."]}'
    odd = f'attendance: {{"{{SE-205": present}}\nactions: [{action}]\n'
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.yaml": f"{facts}{odd}"})
    made = new("session", "--for", "pg1", "--date", DAY)
    found = read_one(tmp_path, made.paths[0], NO_REGISTER)
    assert found
    assert found.value["attendance"] == {"{SE-205": BLANK}
    assert "learning" not in found.value


def test_a_group_that_never_met_is_asked_for_by_its_type(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    made = new("session", "--for", "pg9", "--date", DAY, "--set", "type=peer-group")
    assert made.err == "pg9 has not met before in the stream clinical: this is their first session.\n"
    assert facts(made.text)["group"] == "pg9"
    assert grave(tmp_path, made.paths[0]) == []


def test_a_group_has_an_agreement_before_it_meets(new: Run, tmp_path: Path) -> None:
    """The form says whose it is; once agreed, the group is known by it, and its first session names it."""
    people = "people: {SV-014: {name: A}, SE-205: {name: B}, SE-206: {name: C}}"
    write(tmp_path, {"supervision.yaml": SETTINGS, "people.yaml": people})
    written = new("agreement", "--form", "group", "--for", "pg1", "--dry-run")
    assert facts(written.text)["group"] == "pg1"
    refused = new("session", "--for", "pg1", "--date", DAY)
    assert refused.code == 2
    assert "; if pg1 is a group, its first session is asked for with  --set type=peer-group.\n" in refused.err
    assert (
        "group"
        not in new("session", "--for", "pg1", "--date", DAY, "--set", "mode=pigeon", "--set", "type=peer-group").err
    )

    of_the_group = agreement("agr-2026-pg1", form="group", group="pg1", status="agreed", parties=MEMBERS)
    write(
        tmp_path,
        {
            "agreements/g.md": of_the_group,
            "agreements/o.md": agreement("o", form="group", group="pg2", parties=MEMBERS),
        },
    )
    made = new("session", "--for", "pg1", "--date", DAY)
    said = facts(made.text)
    assert (said["type"], said["group"], said["agreement"]) == ("peer-group", "pg1", "agr-2026-pg1")
    assert "no agreement" not in made.err
    assert grave(tmp_path, made.paths[0]) == []


MEMBERS = "[{person: SE-205, role: facilitator}, {person: SE-206, role: member}, {person: SV-014, role: member}]"
OUTSIDE = {**SESSION, "type": "external", "provider": "Millrace", "format": "one-to-one", "supervisees": "SV-014"}


def outside(code: str, day: str) -> str:
    facts_ = {**OUTSIDE, "supervisor": code, "date": day, "id": f"{day}-{code}"}
    return text_of(facts_, {**CLINICAL, "Actions": "- [ ] A1: Rest @supervisee"})


def test_the_owners_own_supervision_goes_on(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": outside("EX-003", FIRST)})
    made = new("session", "--for", "SV-014", "--date", DAY)
    said = facts(made.text)
    assert (said["type"], said["supervisor"], said["supervisees"]) == ("external", "EX-003", "SV-014")
    assert (said["previous"], answers(made.text)) == (f"{FIRST}-EX-003", [f"- [ ] {FIRST}-EX-003#A1: Rest @supervisee"])
    assert not said["provider"]
    assert grave(tmp_path, made.paths[0]) == []


def test_where_two_supervise_the_register_or_the_writer_says_which(new: Run, tmp_path: Path) -> None:
    two = {"supervision.yaml": SETTINGS, "a.md": outside("EX-003", FIRST), "b.md": outside("EX-009", SECOND)}
    write(tmp_path, two)
    asked = ("session", "--for", "SV-014", "--date", DAY, "--dry-run")
    unsaid = new(*asked)
    assert (facts(unsaid.text)["supervisor"], facts(unsaid.text)["supervisees"]) == ("____", "SV-014")
    assert "previous" not in facts(unsaid.text)
    assert unsaid.err.startswith("nothing says who leads this session; --supervisor CODE does")
    said = new(*asked, "--supervisor", "EX-003")
    assert facts(said.text)["previous"] == f"{FIRST}-EX-003"
    people = "people: {SV-014: {name: A, supervisors: [{id: EX-009}]}, EX-009: {name: B}, EX-003: {name: C}}"
    write(tmp_path, {"people.yaml": people})
    assert facts(new(*asked).text)["previous"] == f"{SECOND}-EX-009"


def test_a_workspace_without_an_owner_asks_who_leads(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "supervision.yaml": "organisation: A\n"})
    assert facts(new("session", "--for", "SE-201", "--date", DAY).text)["previous"] == f"{SECOND}-se201"
    unknown = new("session", "--for", "SE-219", "--date", DAY)
    assert facts(unknown.text)["supervisor"] == "____"
    assert grave(tmp_path, unknown.paths[0]) == []


# a change of supervisor


def test_a_new_supervisor_starts_a_new_chain_and_says_so(new: Run, tmp_path: Path) -> None:
    left = "{id: SV-014, until: 2026-10-31}, {id: SV-022, from: 2026-11-01}"
    people = f"people: {{SE-201: {{name: A, supervisors: [{left}]}}, SV-014: {{name: B}}, SV-022: {{name: C}}}}"
    write(tmp_path, {**PAIR, "people.yaml": people})
    made = new("session", "--for", "SE-201", "--supervisor", "SV-022", "--date", DAY)
    assert "previous" not in facts(made.text)
    assert (facts(made.text)["supervisor"], facts(made.text)["agreement"]) == ("SV-022", "")
    assert answers(made.text) == []
    assert made.err.splitlines() == [
        "SV-022 and SE-201 have not met before in the stream clinical: this is their first session.",
        f"SE-201 met SV-014 before, last in {SECOND}-se201; a new supervisor, a new chain.",
        f"what was open then can be taken over, as lines of action alone:  --carry-from {SECOND}-se201",
        "the register names SV-014 as a supervisor of SE-201 until 2026-10-31.",
        f"no agreement between them was in force on {DAY}, so none is named.",
    ]
    assert grave(tmp_path, made.paths[0]) == []


def test_actions_are_taken_over_alone(new: Run, tmp_path: Path) -> None:
    """As lines with codes: no reasons, no prose, no process notes; and `@supervisor` is still whoever that was."""
    notes = text_of({**PROCESS_NOTE, "about": f"{FIRST}-se201"}, {"Notes": "Quillonberry."})
    files = {**PAIR, f"sessions/{SECOND}.md": met(SECOND, REST, previous=f"{FIRST}-se201"), "note.md": notes}
    write(tmp_path, files)
    asked = ("session", "--for", "SE-201", "--supervisor", "SV-022")
    made = new(*asked, "--date", DAY, "--carry-from", f"{SECOND}-SE201")
    assert answers(made.text) == [
        "- [ ] 2026-08-04-se201#A1: Ask for the *audit data*, both sites @SE-201 due:2026-09-11",
        "- [ ] 2026-08-04-se201#A2: Try the shared diary for a month @SE-201 @SV-014",
        "- [ ] 2026-08-04-se201#A3: Send the reading list @SV-014 due:2026-08-11",
        "- [ ] 2026-08-04-se201#A4: Find a quieter room @SE-201 due:2026-08-20",
        "- [ ] 2026-09-29-se201#A1: Rest, the two of you @SV-014 @SE-201",
    ]
    assert "previous" not in facts(made.text)
    assert "a new chain" not in made.err
    for word in ("Quillonberry", "Because nobody", "How do I say no?"):
        assert word not in made.text + made.err
    assert grave(tmp_path, made.paths[0]) == []

    path = tmp_path / made.paths[0]
    path.write_text(made.text.replace("- [ ] 2026-08-04-se201#A1", "- [x] 2026-08-04-se201#A1"), "utf-8")
    after = new(*asked, "--date", "2026-12-20", "--carry-from", f"{SECOND}-se201")
    assert facts(after.text)["previous"] == f"{DAY}-se201"
    assert len(answers(after.text)) == 4
    assert "both sites" not in after.text
    assert answers(new(*asked, "--date", "2026-12-20", "--dry-run").text) == answers(after.text)


def test_no_words_are_fetched_from_a_record_of_others(new: Run, tmp_path: Path) -> None:
    """Somebody answered another person's action by hand: it was not theirs to answer, and nothing of it comes here."""
    theirs = {**SESSION, "id": "s-202", "date": FIRST, "supervisees": "SE-202"}
    files = {
        "supervision.yaml": SETTINGS,
        "s.md": text_of(theirs, {**CLINICAL, "Actions": "- [ ] A1: Quillonberry @supervisee"}),
        "sessions/a.md": met(SECOND, answers="- [>] s-202#A1: The joint visit @SE-201 due:2026-12-01"),
    }
    write(tmp_path, files)
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert answers(made.text) == []
    assert "Quillonberry" not in made.text + made.err


@pytest.mark.parametrize("words", ["- [ ] {}: Ask", "- [ ] {}: Ask due:2027-01-31", "- [>] {}: Ask due:2027-01-31"])
def test_the_last_date_that_was_set_stands_across_a_change(words: str, new: Run, tmp_path: Path) -> None:
    """The new review says the date again, or no date, or another one: the date of first agreement never comes back."""
    files = {
        **PAIR,
        "sessions/new.md": met(DAY, answers=words.format(f"{FIRST}-se201#A1"), id="new", supervisor="SV-022"),
    }
    write(tmp_path, files)
    made = new("session", "--for", "SE-201", "--supervisor", "SV-022", "--date", "2026-12-20")
    due = "2027-01-31" if "due" in words else "2026-12-17"
    assert answers(made.text) == [f"- [ ] {FIRST}-se201#A1: Ask for the *audit data*, both sites @SE-201 due:{due}"]


REST = "- [ ] A1: Rest, the two of you @all"


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("nowhere", "there is no session “nowhere”"),
        ("agr-2026-se201", "there is no session “agr-2026-se201”"),
        ("log-1", "there is no session “log-1”"),
        ("r-1", "there is no session “r-1”"),
        ("s-202", "s-202 is a session of other people, and its actions stay there"),
        ("lm-1", "lm-1 belongs to another stream, and its actions stay there"),
        ("late", f"late did not take place before {DAY}"),
    ],
)
def test_nothing_else_is_taken_over(id: str, said: str, new: Run, tmp_path: Path) -> None:
    action = {**CLINICAL, "Actions": "- [ ] A1: Quillonberry @SE-202"}
    files = {
        **PAIR,
        "s.md": text_of({**SESSION, "id": "s-202", "date": FIRST, "supervisees": "SE-202"}, action),
        "l.md": text_of({**SESSION, "id": "lm-1", "date": FIRST, "type": "practice"}, action),
        "x.md": text_of({**SESSION, "id": "late", "date": "2026-12-01"}, action),
        "log.md": text_of({**REFLECTION, "id": "log-1"}),
        "r.md": text_of({**DISCLOSURE, "id": "r-1", "readers": "EX-003"}),
    }
    before = files_of(write(tmp_path, files))
    made = new("session", "--for", "SE-201", "--supervisor", "SV-022", "--date", DAY, "--carry-from", id)
    assert (made.code, made.text) == (2, "")
    assert f"nothing was written: {said}." in made.err
    assert files_of(tmp_path) == before


# under which agreement


@pytest.mark.parametrize(
    ("agreements", "found"),
    [
        ({"end": DAY}, "a"),
        ({"end": "2026-11-16"}, ""),
        ({"start": DAY}, "a"),
        ({"start": "2026-11-18", "review_date": "2027-11-18"}, ""),
        ({"status": "to-sign"}, ""),
        ({"status": "ended", "end": "2026-12-31"}, "a"),
        ({"parties": "[{person: SV-014, role: supervisor}, {person: SE-202, role: supervisee}]"}, ""),
        ({"form": "mentoring"}, ""),
    ],
)
def test_the_agreement_is_the_one_in_force_on_the_day(
    agreements: dict[str, str], found: str, new: Run, tmp_path: Path
) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": agreement("a", **agreements)})
    made = new("session", "--for", "SE-201", "--date", DAY, "--dry-run")
    assert facts(made.text)["agreement"] == found
    assert (f"no agreement between them was in force on {DAY}, so none is named.\n" in made.err) == (not found)


def test_of_two_agreements_the_later_one_holds(new: Run, tmp_path: Path) -> None:
    later = agreement("b", start="2026-07-01", replaces="a", version="2")
    write(tmp_path, {"supervision.yaml": SETTINGS, "a.md": agreement("a"), "b.md": later})
    for day, found in (("2026-06-30", "a"), ("2026-07-01", "b")):
        asked = new("session", "--for", "SE-201", "--date", day, "--dry-run")
        assert facts(asked.text)["agreement"] == found


def test_the_next_version_of_an_agreement(new: Run, tmp_path: Path) -> None:
    write(
        tmp_path,
        {"supervision.yaml": SETTINGS, "a.md": agreement("a", version="3"), "d.md": agreement("d", status="draft")},
    )
    asked = ("agreement", "--form", "individual", "--for", "SE-201", "--dry-run", "--set")
    after = new(*asked, "replaces=a")
    assert (facts(after.text)["version"], facts(after.text)["replaces"]) == ("4", "a")
    assert after.err == "a has no end yet: write into it the last day on which it holds, as  end: 2026-10-14\n"
    assert facts(new(*asked, "replaces=a", "--set", "version=9").text)["version"] == "9"
    assert new(*asked, "replaces=d").err == ""
    write(tmp_path, {"a.md": agreement("a", version="3", end="2026-12-31")})
    assert new(*asked, "replaces=a").err == ""


# names, and what is refused


def test_names_hold_a_date_and_a_code_and_no_number(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    names = [new("session", "--for", "SE-201", "--date", DAY).paths[0] for _ in range(3)]
    assert names == [f"sessions/{DAY}-se201{end}.md" for end in ("", "-b", "-c")]
    assert grave(tmp_path) == []


def test_a_name_that_is_taken_in_either_form_stays(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, f"sessions/{DAY}-se201.yaml": "mine: yes\n"})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert made.paths == [f"sessions/{DAY}-se201-b.md"]
    assert (tmp_path / f"sessions/{DAY}-se201.yaml").read_text("utf-8") == "mine: yes\n"


def test_a_dry_run_writes_nothing(new: Run, tmp_path: Path) -> None:
    before = files_of(write(tmp_path, PAIR))
    made = new("session", "--for", "SE-201", "--date", DAY, "--dry-run")
    assert made.text.startswith("---\nkind: session\n")
    assert files_of(tmp_path) == before


def test_quiet_is_quiet(new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    made = new("-q", "session", "--for", "SE-201", "--date", DAY)
    assert (made.code, made.text, made.err) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("session", "--set", "previous=nowhere"), "“nowhere”: there is no record of this id in the workspace"),
        (("session", "--set", "previous=agr-2026-se201"), "this has to name a session; what it names is an agreement"),
        (("session", "--set", f"previous={SECOND}-se201", "--date", FIRST), "took place after this one"),
        (("sign-off", "--date", "2198-12-31"), "2198-12-31 is still to come, and nobody can have signed on it"),
        (("sign-off", "--set", "date=2198-12-31"), "2198-12-31 is still to come, and nobody can have signed on it"),
        (("session", "--set", "id=.x"), "a file whose name starts with a full stop is not looked at"),
        (("session", "--set", "id=Con"), "“Con”: Windows keeps this name for itself"),
        (("session", "--set", "id=lpt1.notes"), "“lpt1.notes”: Windows keeps this name for itself"),
        (("session", "--set", "id=~x"), "nothing was written: “"),
        (("session", "--set", f"id={'𝒜' * 80}"), "an id of 80 signs is too long for the name of a file"),
        (("session", "--set", f"id={'x' * 5000}"), "an id of 5000 signs is too long for the name of a file"),
        (("session", "--set", "kind=reflection"), "a session has no fact “kind”"),
        (("session", "--set", "sections=[{heading: Mine}]"), "a session has no fact “sections”"),
        (("session", "--set", "supervisees=[SE-201"), "“[SE-201” starts with a bracket and is no list"),
        (("session", "--set", "supervisees=[SE-201]\nmood: good"), "starts with a bracket and is no list"),
        (("session", "--set", "provider=A <!-- B -->"), "the answer to “provider” cannot be kept word for word"),
        (("addendum", "--set", "of=nowhere"), "there is no record of this id in the workspace"),
        (("session", "--set", "id=agr-2026-se201/x"), "nothing was written: “agr-2026-se201/x”"),
        (("session", "--date", "29/09/2026"), "“29/09/2026” is not a date"),
        (("session", "--set", "mood=good"), "a session has no fact “mood”; did you mean “mode”?"),
        (("session", "--set", "mode"), "--set takes a fact and its value"),
        (("agreement",), "say which form of agreement with --form: individual, group"),
        (("reflection", "--supervisor", "SV-022"), "--supervisor goes with a session or an agreement"),
        (("agreement", "--carry-from", "x"), "--carry-from goes with a session alone"),
        (("session", "--edit", "--dry-run"), "--edit opens one record that was written: leave out --dry-run"),
        (("sesion",), "there is no kind of record “sesion”; did you mean “session”?"),
    ],
)
def test_what_would_start_with_a_mistake_is_refused(
    arguments: tuple[str, ...], said: str, new: Run, tmp_path: Path
) -> None:
    before = files_of(write(tmp_path, PAIR))
    made = new(*arguments[:1], "--for", "SE-201", "--date", DAY, *arguments[1:])
    assert (made.code, made.text) == (2, "")
    assert said in made.err
    assert files_of(tmp_path) == before


def test_what_the_workspace_holds_for_less_is_no_hindrance(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": f"{SETTINGS}severity: {{dangling-link: note, blank-left: error}}\n"})
    made = new("session", "--for", "SE-201", "--date", DAY, "--set", "previous=elsewhere")
    assert made.code == 0
    assert facts(made.text)["previous"] == "elsewhere"


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("../away", "sessions/ leads out of the workspace."),
        ("out", "sessions/ is, or leads to, a folder that is not searched, so no record in it would be read."),
        (".kept/here", "sessions/ is, or leads to, a folder that is not searched"),
        ("team/notes", "sessions/ is, or leads to, a folder that is not searched"),
        ("gone", "sessions/ is a link that leads nowhere."),
        ("sessions", "sessions/ is a link that leads nowhere."),
    ],
)
def test_a_folder_where_nobody_would_look_gets_nothing(folder: str, said: str, new: Run, tmp_path: Path) -> None:
    home = write(tmp_path / "ws", {"supervision.yaml": SETTINGS, "team/supervision.yaml": SETTINGS})
    if folder not in ("gone", "sessions"):
        (home / folder).mkdir(parents=True)
    (home / "sessions").symlink_to(home / folder)
    before = files_of(tmp_path)
    made = new("session", "--for", "SE-201", "--date", DAY, at=home)
    assert made.code == 2
    assert f"nothing was written: {said}" in made.err
    assert files_of(tmp_path) == before


def test_a_folder_that_leads_to_another_that_is_searched_is_as_good(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "2026/notes.txt": "Mine."})
    (tmp_path / "sessions").symlink_to(tmp_path / "2026")
    assert new("session", "--for", "SE-201", "--date", DAY).code == 0
    assert [record.path for record in open_workspace(tmp_path).workspace.records] == [f"2026/{DAY}-se201.md"]


def test_where_every_name_is_taken_it_is_said(tmp_path: Path) -> None:
    taken = {"a", *(f"a-{one}{two}" for one in ("", *ascii_lowercase) for two in ascii_lowercase)}
    here = Workspace(tmp_path, NO_REGISTER)
    assert free_id(here, "sessions", "a", taken - {"a-zz"}) == "a-zz"
    with pytest.raises(Refused, match="every id from a to a-zz is taken"):
        free_id(here, "sessions", "a", taken)


# answers


SIGNS = st.sampled_from(
    [
        "[", "]", "{", "}", ", ", ": ", "\n", "\nmood: good\n", "\n---\n", "\n## Actions\n", "#", " #", "- ", "'", '"',
        "\\", "&a ", "*a", "!t ", "<!--", "-->", "```", "|", ">", "%", "@", "~", "null", "____", "SE-201", "yes", "60",
        "\r", "2026-10-14", "person: ", "role: ", "\0", "\x85", "\u2028", "\ufeff", "\udcff",
    ]
)  # fmt: skip
ANSWERS = st.lists(SIGNS | st.text(max_size=4), max_size=7).map("".join).map(str.strip)
PLACES = ["session provider", "session supervisees", "session group", "session next_date", "session attendance"]
PLACES += ["agreement meeting", "agreement parties", "agreement organisation_receives", "reflection about"]


@settings(EXAMPLES, max_examples=600)
@given(st.sampled_from(PLACES), ANSWERS)
@example("session supervisees", "[SE-201, SE-202]")
@example("agreement meeting", "{every: 8 weeks, minutes: 60}")
@example("session provider", "{a: b}\nmood: good")
@example("session provider", "A\r\nB")
def test_an_answer_stands_as_it_was_given_or_not_at_all(place: str, said: str) -> None:
    kind, key = place.split()
    here = Workspace(Path("/nowhere"), NO_REGISTER)
    form = {"form": "individual"} if kind == "agreement" else {}
    plain = drafted(Asked(KINDS[kind], DAY, None, form), here)
    try:
        draft = drafted(Asked(KINDS[kind], DAY, None, {**form, key: said}), here)
    except Refused:
        return
    found, before = (read_text(one.path, one.text, NO_REGISTER) for one in (draft, plain))
    assert isinstance(found, Record)
    assert isinstance(before, Record)
    assert meant(found.value.get(key)) == meant(as_typed(said, KINDS[kind].fields[key]))
    # A group gives the record its name too.
    others, same = (
        {name: part for name, part in one.value.items() if name not in ("id", key)} for one in (found, before)
    )
    assert others == same


def as_typed(said: str, field: Field) -> object:
    """What an answer means where it stands: a list or a set of facts, several with commas, or words."""
    if field.schema["type"] == "string" or said == BLANK:
        return said
    if said.startswith(("[", "{")):
        return yaml.load(said, yaml.BaseLoader)
    return said.split(",") if field.schema["type"] == "array" else said


def meant(value: object) -> object:
    """A value without what is absent in it; one of a list that is alone is the list."""
    if isinstance(value, dict):
        return {str(key): found for key, part in value.items() if (found := meant(part)) is not None}
    if isinstance(value, list):
        return [found for part in value if (found := meant(part)) is not None] or None
    text = str(value).strip()
    return None if value is None or text in ABSENT else text


# other kinds


def test_a_year_after_29_february_is_28_february(new: Run, tmp_path: Path) -> None:
    days = ("2028-02-29", "2026-01-12", "2027-02-28", "2199-01-01", "12/1/2026", "")
    assert [year_after(day) for day in days] == ["2029-02-28", "2027-01-12", "2028-02-28", None, None, None]
    write(tmp_path, {"supervision.yaml": SETTINGS})
    asked = ("agreement", "--form", "individual", "--for", "SE-201", "--dry-run")
    assert facts(new(*asked, "--set", "start=2028-02-29").text)["review_date"] == "2029-02-28"
    agreed = new(*asked, "--set", "start=2028-02-29", "--set", "review_date=2028-08-29")
    assert facts(agreed.text)["review_date"] == "2028-08-29"
    assert facts(agreed.text)["id"] == "agr-2028-se201"
    assert facts(new(*asked).text)["review_date"].startswith("#")


def test_an_agreement_may_be_with_another_supervisor(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    made = new("agreement", "--form", "external", "--for", "SV-014", "--supervisor", "EX-003", "--date", DAY)
    assert "{person: EX-003, role: supervisor}" in made.text
    assert "{person: SV-014, role: supervisee}" in made.text


@pytest.mark.parametrize("kind", ["addendum", "process-note"])
def test_what_the_owner_writes_is_the_owners(kind: str, new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    fact = "of" if kind == "addendum" else "about"
    made = new(kind, "--set", f"{fact}={SECOND}-se201", "--date", DAY)
    assert (facts(made.text)["by" if kind == "addendum" else "author"], made.err) == ("SV-014", "")
    assert f"{DAY}-sv014" in made.paths[0]
    assert grave(tmp_path) == []


@pytest.mark.parametrize(
    ("first", "ground", "asks"),
    [
        ("must-not", "terrorism", "no; your agreement leaves it out on this ground"),
        ("expected", "terrorism", "yes or no; your agreement expects it on this ground"),
        ("expected", "other", "yes or no"),
    ],
)
def test_a_disclosure_is_asked_about_as_the_agreement_says(
    first: str, ground: str, asks: str, new: Run, tmp_path: Path
) -> None:
    exceptions = f"[{{ground: terrorism, discuss_first: {first}}}]"
    write(tmp_path, {**PAIR, "agreements/a.md": agreement(exceptions=exceptions)})
    made = new("disclosure", "--set", f"session={SECOND}-se201", "--set", f"ground={ground}", "--date", DAY)
    assert facts(made.text)["discussed"] == f"# {asks}"
    assert facts(made.text)["readers"] == "SV-014"
    assert re.fullmatch(rf"disclosures/r-{DAY}-([a-z]\d){{2}}\.md", made.paths[0])
    assert made.err == ""
    if first == "must-not":
        assert "expects that you speak" not in made.text
    assert grave(tmp_path) == []


def test_the_name_of_a_disclosure_does_not_say_that_there_is_another(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "r.md": text_of({**DISCLOSURE, "id": f"r-{DAY}", "readers": "EX-003"})})
    names = {new("disclosure", "--date", DAY, "--set", f"session={SECOND}-se201").paths[0] for _ in range(5)}
    assert {re.sub(r"([a-z]\d){2}\.", "….", name) for name in names} == {f"disclosures/r-{DAY}-….md"}
    assert len(names) == 5


@pytest.mark.parametrize(
    ("kind", "said", "name"),
    [
        ("addendum", "by=SE-201", f"addenda/addendum-{DAY}-se201.md"),
        ("session", "by=supervisor", f"sessions/{DAY}-se219.md"),
    ],
)
def test_a_record_is_called_after_whoever_writes_it(kind: str, said: str, name: str, new: Run, tmp_path: Path) -> None:
    write(tmp_path, PAIR)
    more = ("--set", f"of={SECOND}-se201") if kind == "addendum" else ()
    person = ("--for", "SE-219", "--set", "outcome=cancelled") if kind == "session" else ()
    assert new(kind, "--date", DAY, "--set", said, *more, *person).paths == [name]


def test_only_the_owners_own_reflections_are_named(new: Run, tmp_path: Path) -> None:
    logs = {
        f"{code}.md": text_of(
            {**REFLECTION, "id": f"log-{code}", "author": code, "bring_to_supervision": f"{DAY}-se201"}
        )
        for code in ("SV-014", "SE-201")
    }
    write(tmp_path, {**PAIR, **logs})
    made = new("session", "--for", "SE-201", "--date", DAY)
    assert "you wanted to bring log-SV-014.\n" in made.err
    assert "log-SE-201" not in made.err + made.text


def test_what_to_do_first_is_three_lines(new: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(tmp_path), "init"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3
    for line, command in zip(
        said[1:], (("agreement", "--for", "SE-201"), ("reflection", "--model", "gibbs")), strict=True
    ):
        assert f"supervision-notes new {command[0]}" in line
        form = ("--form", "individual") if "--form individual" in line else ()
        assert new(*command, *form).code == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell of another sort")
@pytest.mark.parametrize("name", ["mine", "my practice two", "Rhian's", "a;b"])
@pytest.mark.parametrize("example", [(), ("--example",)])
def test_the_next_step_can_be_typed_as_it_is_printed(
    name: str, example: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(tmp_path), "init", name, *example]) == 0
    (step,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("Next:"))
    assert shlex.split(step)[1:3] == ["cd", name]


@pytest.mark.parametrize("example", [(), ("--example",)])
def test_a_workspace_within_another_is_said_to_be_one(
    example: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(tmp_path), "init", "mine"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "cd mine" in said.out
    assert max(map(len, said.out.splitlines())) < 80
    assert run(["-C", str(tmp_path / "mine"), "init", "log", *example]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("log lies in the workspace mine, ")
    assert "delete  supervision.yaml  here." in said.err
    assert "cd log" in said.out
    assert run(["-C", str(tmp_path / "mine"), "-q", "init", "quiet"]) == 0
    assert capsys.readouterr() == ("", "")


# the editor


def test_the_editor_opens_what_was_written(new: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, {"supervision.yaml": SETTINGS, "an editor.py": "import sys; open(sys.argv[2], 'a').write('Typed.')"}
    )
    asked = ("session", "--for", "SE-201", "--date", DAY, "--edit")
    monkeypatch.setenv("EDITOR", "no-such-editor")
    monkeypatch.setenv("VISUAL", f"{sys.executable} '{tmp_path}/an editor.py' --wait")
    made = new(*asked)
    assert (made.code, made.text.endswith("Typed.")) == (0, True)
    for visual, editor, said in (
        ("", "", "is written, but neither $VISUAL nor $EDITOR names an editor to open it in."),
        ("", "no-such-editor -w", "is written, but “no-such-editor -w” could not be started."),
        ("an 'open quote", "", "could not be started."),
        (f"{sys.executable} -c 'raise SystemExit(3)'", "", "is written, but the editor ended with 3."),
    ):
        monkeypatch.setenv("VISUAL", visual)
        monkeypatch.setenv("EDITOR", editor)
        made = new(*asked)
        assert made.code == 2
        assert said in made.err
        assert made.text.startswith("---\nkind: session\n")


# a cohort

TABLE = "for,supervisor,start,review_date\nSE-201,,2027-01-12,2028-01-10\nSE-202,SV-022,2028-02-29,\n"
COHORT = ("agreement", "--form", "individual", "--date", DAY, "--each")


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        "\ufeff" + TABLE,
        TABLE.replace("\n", "\r\n"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        TABLE.replace("SE-201", '" SE-201 "').replace("start", '"Start"'),
        TABLE + ",,,\n\n",
        TABLE.rstrip("\n"),
    ],
)
def test_a_table_makes_a_contract_a_row(table: str, new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "cohort.csv": table})
    made = new(*COHORT, str(tmp_path / "cohort.csv"))
    assert (made.code, made.err) == (0, "")
    assert made.paths == [f"agreements/agr-2026-se20{n}.md" for n in (1, 2)]
    one, two = ((tmp_path / path).read_text("utf-8") for path in made.paths)
    assert (facts(one)["review_date"], facts(two)["review_date"]) == ("2028-01-10", "2029-02-28")
    assert "{person: SV-022, role: supervisor}" in two
    assert "{person: SV-014, role: supervisor}" in one
    assert grave(tmp_path) == []


BAD = "for,start,replaces\nSE-201,2027-01-12,\n,2027-01-12,\nSE-202,12/1/2027,\n\nSE-203,2027-01-12,nowhere\n"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (BAD.replace(",2027-01-12,\nSE-202", "SE-204,2027-01-12,\nSE-202"), [
            "row 4: “12/1/2027”: this date can be read in two ways",
            "row 6: “nowhere”: there is no record of this id in the workspace",
        ]),
        (BAD + "SE-201,,,\nSE-205,,,one too many", [
            "row 3: nobody is named under “for”.",
            "row 7: SE-201 stands in row 2 already.",
            "row 8: there are more cells than columns.",
        ]),
        ("for,strat,for\nSE-201,2027-01-12,x", [
            "the column “for” stands there more than once",
            "an agreement has no fact for the column “strat”; did you mean “start”?",
        ]),
        ("colour\nred", ["has no column “for”", "no fact for the column “colour”; the facts are for,"]),
        ("for,start\n", ["this table has no row but the one that names its columns."]),
        ("", ["this table has no column “for”"]),
        ('for,start\n"SE-201', ["this table cannot be read: is there a cell in quotes that does not end?"]),
        ("for,start\nSE-201,é".encode("latin-1"), ["this table is not UTF-8"]),
        ("for,form\nSE-201,singular", ["row 2: “singular”"]),
    ],
)  # fmt: skip
def test_every_bad_row_is_named_and_nothing_written(
    table: str | bytes, said: list[str], new: Run, tmp_path: Path
) -> None:
    before = files_of(write(tmp_path, {"supervision.yaml": SETTINGS, "cohort.csv": table}))
    made = new(*COHORT, str(tmp_path / "cohort.csv"))
    assert (made.code, made.text) == (2, "")
    assert made.err.endswith("supervision-notes: nothing was written.\n")
    lines = made.err.splitlines()[:-1]
    assert len(lines) == len(said)
    assert all(words in line for words, line in zip(said, lines, strict=True))
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    ("form", "columns", "cells", "found"),
    [
        ("trainee", "tutor", "EX-001", ["EX-001, role: tutor"]),
        ("tripartite", "organisation", "EX-001", ["EX-001, role: organisation"]),
        ("tripartite", "manager", "EX-001", ["EX-001, role: manager"]),
        (
            "tripartite",
            "manager,organisation",
            "EX-001,EX-002",
            ["EX-002, role: organisation", "EX-001, role: manager"],
        ),
        ("individual", "manager", "EX-001", ["EX-001, role: manager"]),
        ("trainee", "tutor", "", ["____, role: tutor"]),
    ],
)
def test_a_column_names_the_third_who_signs(
    form: str, columns: str, cells: str, found: list[str], new: Run, tmp_path: Path
) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": f"for,{columns}\nSE-201,{cells}\n"})
    made = new("agreement", "--form", form, "--set", "start=2027-01-12", "--each", str(tmp_path / "c.csv"))
    assert re.findall(r"person: (.*)\}", made.text)[2:] == found
    assert facts(made.text)["start"] == "2027-01-12"
    assert grave(tmp_path) == []


THEIRS = """people:
  TU-009: {name: Ness Ward}
  SV-014: {name: Hilary Penrose}
  SV-022: {name: Ida Moss}
  ST-1: {name: Bo Lind, supervisors: [{id: SV-014, from: 2027-01-01}, {id: SV-022, stream: mentoring}]}
  ST-2: {name: Kit Hale, supervisors: [{id: SV-014}, {id: SV-022}]}
  ST-3: {name: Sam Roe, supervisors: [{id: SV-022, until: 2026-12-31}]}
"""
TRAINER = "organisation: Riverside\nowner: TU-009\n"
SAID = "nothing says who leads with {} on 2027-01-12, so a blank stands there: "


@pytest.mark.parametrize("columns", ["for,start,tutor", "for,start", "for,start,supervisor,tutor"])
@pytest.mark.parametrize(
    ("settings", "person", "leads"),
    [
        (TRAINER, "ST-1", "SV-014"),
        (TRAINER, "ST-2", BLANK),
        (TRAINER, "ST-3", BLANK),
        (TRAINER, "TU-009", BLANK),
        ("organisation: Riverside\n", "ST-1", "SV-014"),
        (SETTINGS, "ST-3", "SV-014"),
    ],
)
def test_the_owner_leads_only_where_they_are_nobody_else(
    columns: str, settings: str, person: str, leads: str, new: Run, tmp_path: Path
) -> None:
    row = {"for": person, "start": "2027-01-12", "tutor": "TU-009", "supervisor": "SV-022"}
    cells = ",".join(row[column] for column in columns.split(","))
    write(tmp_path, {"supervision.yaml": settings, "people.yaml": THEIRS, "c.csv": f"{columns}\n{cells}\n"})
    told = ("--set", "tutor=TU-009") if "tutor" not in columns else ()
    made = new("agreement", "--form", "trainee", "--date", DAY, *told, "--each", str(tmp_path / "c.csv"))
    leads = "SV-022" if "supervisor" in columns else leads
    parties = [leads, person, "TU-009"]
    assert re.findall(r"person: (.*?),", made.text) == parties
    assert made.err.startswith(SAID.format(person) if leads == BLANK else "")
    assert bool(made.err) is (leads == BLANK)
    twice = [problem.rule for problem in open_workspace(tmp_path, jobs=1).problems if problem.rule == "two-roles"]
    assert len(twice) == (person == "TU-009")


def test_who_else_signs_can_be_said_without_a_table(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": "for,tutor\nST-1,EX-1\nST-2,\n"})
    asked = ("agreement", "--form", "trainee", "--date", DAY, "--set", "tutor=TU-009", "--set", "supervisor=SV-022")
    assert re.findall(r"person: (.*?),", new(*asked, "--for", "ST-1", "--dry-run").text) == ["SV-022", "ST-1", "TU-009"]
    each = re.findall(r"person: (.*?),", new(*asked, "--each", str(tmp_path / "c.csv"), "--dry-run").text)
    assert each == ["SV-022", "ST-1", "EX-1", "SV-022", "ST-2", "TU-009"]
    wrong = new("agreement", "--form", "trainee", "--set", "tuto=TU-009")
    assert "an agreement has no fact “tuto”; did you mean “tutor”?" in wrong.err
    assert "has no fact “tutor”" in new("cycle", "--set", "tutor=TU-009").err


def test_terms_between_equals_have_no_columns_of_roles(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": "for,tutor\nSE-201,TU-009\n"})
    assert "no fact for the column “tutor”" in new("cycle", "--each", str(tmp_path / "c.csv")).err


@pytest.mark.parametrize("name", ["purpose.md", "purpose.individual.md"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("## Purpose\n\nTo think.", "“## Purpose”: this heading stands here a second time"),
        ("# Purpose\n\nTo think.", "“# Purpose”: this is not a heading of an agreement"),
        ("To think <!-- again", "“<!--”: "),
    ],
)
def test_a_clause_that_cannot_stand_is_named(name: str, words: str, said: str, new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, f"clauses/{name}": words})
    asked = ("agreement", "--form", "individual", "--for", "SE-201")
    assert f"nothing was written: clauses/{name}: {said}" in new(*asked).err
    wrong = new(*asked, "--set", "start=12/1/2027").err
    assert f"clauses/{name}: {said}" in wrong
    assert "written: “12/1/2027”: this date can be read in two ways" in wrong


def test_a_review_is_proposed_no_later_than_the_end(new: Run, tmp_path: Path) -> None:
    table = "for,start,end\nSE-201,2027-01-12,2027-06-30\nSE-202,2027-01-12,2028-06-30\n"
    write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": table})
    made = new(*COHORT, str(tmp_path / "c.csv"))
    reviews = [facts((tmp_path / path).read_text("utf-8"))["review_date"] for path in made.paths]
    assert reviews == ["2027-06-30", "2028-01-12"]


@pytest.mark.parametrize("first", ["", "EX-001", "EX-002"])
@pytest.mark.parametrize("second", ["", "EX-001", "EX-002"])
def test_a_second_contract_is_refused_whoever_else_signs(first: str, second: str, new: Run, tmp_path: Path) -> None:
    told: list[str] = []
    for tutor in (first, second):
        write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": f"for,start,tutor\nSE-201,2027-01-12,{tutor}\n"})
        made = new("agreement", "--form", "trainee", "--date", DAY, "--each", str(tmp_path / "c.csv"))
        told += [str(made.code), *made.err.splitlines()[:1]]
    what = "the same parties and the same start." if first == second else "the same start and two of the same parties: "
    assert told[:2] == ["0", "2"]
    assert told[2].startswith(f"row 2: agr-2026-se201 is there already, with {what}")
    assert first == second or "“replaces”" in told[2]


@pytest.mark.parametrize("kind", [("agreement", "--form", "trainee"), ("agreement", "--form", "group"), ("cycle",)])
def test_terms_with_nobody_are_said_to_be(kind: tuple[str, ...], new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS})
    made = new(*kind, "--date", DAY)
    assert made.code == 0
    assert made.err.startswith("nothing says with whom this is, ")
    assert made.err.endswith("with --for CODE.\n")


def test_the_same_table_again_writes_nothing(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "c.csv": TABLE, "d.csv": TABLE.replace("2027-01-12", "2027-03-01")})
    assert len(new(*COHORT, str(tmp_path / "c.csv")).paths) == 2
    before = files_of(tmp_path)
    again = new(*COHORT, str(tmp_path / "c.csv"))
    assert (again.code, again.text) == (2, "")
    assert again.err.splitlines()[:2] == [
        f"row {n + 1}: agr-2026-se20{n} is there already, with the same parties and the same start." for n in (1, 2)
    ]
    other = new(*COHORT, str(tmp_path / "d.csv"))
    assert "row 2" not in other.err
    assert files_of(tmp_path) == before


def test_what_a_table_may_not_say_with_options(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {"supervision.yaml": SETTINGS, "cohort.csv": TABLE})
    table = str(tmp_path / "cohort.csv")
    assert "leave out --for and --supervisor" in new(*COHORT, table, "--for", "SE-201").err
    assert "leave out --each" in new(*COHORT, table, "--edit").err
    assert "say which form of agreement" in new("agreement", "--each", table).err
    assert new(*COHORT, table, "--dry-run").text.count("kind: agreement\n") == 2
    assert "--each names a file, or - " in new(*COHORT, str(tmp_path / "none.csv")).err
    assert not (tmp_path / "agreements").exists()


def test_a_cell_of_a_row_goes_before_what_holds_for_all(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "c.csv": "for,supervisor\nSE-201,SV-022\nSE-202,\n"})
    made = new("session", "--date", DAY, "--set", "supervisor=SV-014", "--each", str(tmp_path / "c.csv"))
    assert [facts((tmp_path / path).read_text())["supervisor"] for path in made.paths] == ["SV-022", "SV-014"]


def test_a_session_for_each_goes_on_with_each(new: Run, tmp_path: Path) -> None:
    write(tmp_path, {**PAIR, "cohort.csv": "for\nSE-201\nSE-202\n"})
    made = new("session", "--date", DAY, "--each", str(tmp_path / "cohort.csv"))
    assert len(made.paths) == 2
    assert len(answers(made.text)) == 3
    assert grave(tmp_path) == []
