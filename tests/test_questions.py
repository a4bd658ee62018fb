"""What one can ask a workspace, and what each audience is told: text in, plain values out."""

from __future__ import annotations

import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from supervision_notes.attendance import attended
from supervision_notes.questions.actions import actions
from supervision_notes.questions.drawing import as_dot, as_svg
from supervision_notes.questions.graph import graph
from supervision_notes.questions.links import links
from supervision_notes.questions.listing import Filter, Order, listing
from supervision_notes.questions.show import show
from supervision_notes.questions.timeline import timeline
from supervision_notes.questions.view import View
from supervision_notes.questions.wording import Wording
from supervision_notes.questions.year import Timeline, Total
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience
from supervision_notes.workspace import Workspace

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    PROCESS_NOTE,
    REFLECTION,
    ROOT,
    SESSION,
    SIGN_OFF,
    text_of,
    without,
    write,
)

PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")
FIRST, MISSED, SECOND = "2026-08-04-se201", "2026-09-01-se201", "2026-09-29-se201"
GROUP, LATER = "2026-06-10-pg1", "2026-10-22-pg1"


def author(code: str) -> Audience:
    return Audience("author", person=code)


def session(facts: dict[str, str], **sections: str) -> str:
    titles = {"actions": "Actions", "review": "Review of previous actions", "exploration": "Exploration"}
    return text_of({**SESSION, **facts}, {**CLINICAL, **{titles[key]: words for key, words in sections.items()}})


OF_GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "facilitator": "SE-205",
    "group": "pg1",
    "agreement": "agr-pg1",
}
YEAR = {
    "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
    "people.yaml": "people:\n"
    + "".join(f"  {code}: {{name: Name of {code}}}\n" for code in ("SV-014", "SE-201", "SE-205", "SE-206", "EX-003")),
    "agreements/a.md": text_of({**AGREEMENT, "id": "agr-1", "organisation_receives": "[attendance, approach]"}),
    "agreements/b.md": text_of(
        {
            **AGREEMENT,
            "id": "agr-pg1",
            "form": "group",
            "parties": "[{person: SE-205, role: facilitator}, {person: SE-206, role: member}]",
        }
    ),
    "sessions/a.md": session(
        {"id": FIRST, "date": "2026-08-04", "agreement": "agr-1", "approach": "case-supervision"},
        actions="- [ ] A1: Ask for the audit data @SE-201 due:2026-08-21\n- [ ] A2: Send the paper @supervisor",
    ),
    "sessions/b.md": session(
        {
            **{"id": MISSED, "date": "2026-09-01", "outcome": "cancelled", "by": "EX-003", "agreement": "agr-1"},
            "previous": FIRST,
        }
    ),
    "sessions/c.md": session(
        {"id": SECOND, "agreement": "agr-1", "previous": FIRST, "next_date": "2026-11-17"},
        review=f"- [>] {FIRST}#A1: Ask for the audit data @SE-201 due:2026-10-20\n- [x] A2: Send the paper @SV-014",
        actions="- [ ] A1: Try the sentence once @all due:2026-11-17",
        exploration=f"As on [[{FIRST}#A1]], and as in [[log-1]].",
    ),
    "groups/a.md": text_of(
        {**OF_GROUP, "id": GROUP, "date": "2026-06-10", "attendance": "{SE-205: present, SE-206: late 40}"},
        {**CLINICAL, "Actions": "- [ ] A1: Bring two pictures @all\n- [ ] A2: Write it up @SE-206 due:2026-07-01"},
    ),
    "groups/b.md": text_of(
        {
            **{**OF_GROUP, "id": LATER, "date": "2026-10-22", "previous": GROUP},
            "attendance": "{SE-205: present, SE-206: apologies}",
        },
        {**CLINICAL, "Review of previous actions": f"- [-] {GROUP}#A2: Write it up @SE-206\n  Nobody needs it."},
    ),
    "signed/a.md": text_of({**SIGN_OFF, "id": "signed-1", "of": SECOND, "verdict": "disagree", "method": "paper"}),
    "added/a.md": text_of({**ADDENDUM, "id": "added-1", "of": SECOND}, {"Addendum": "It was in May."}),
    "own/log.md": text_of({**REFLECTION, "id": "log-1", "author": "SV-014", "about": SECOND}, {"Notes": "Tiredness."}),
    "own/note.md": text_of({**PROCESS_NOTE, "id": "note-1", "about": SECOND}, {"Notes": "Rapunzel."}),
    "own/r.md": text_of(
        {**DISCLOSURE, "id": "r-2026-10-09", "session": FIRST, "readers": "EX-003"}, {"Why": "Bluebeard."}
    ),
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    checked = open_workspace(write(tmp_path_factory.mktemp("year"), YEAR), jobs=1)
    faulty = {problem.path for problem in checked.problems if problem.severity == "error"}
    assert faulty == {"agreements/a.md", "agreements/b.md"}, "agreements without their clauses, and nothing else"
    return checked.workspace


def opened(root: Path, **files: str) -> Workspace:
    """The year with some files more, or instead."""
    return open_workspace(write(root, {**YEAR, **files}), jobs=1).workspace


# the view


@pytest.mark.parametrize(
    "audience", [PARTIES, ORGANISATION, *map(author, ("SV-014", "SE-201", "SE-206", "EX-003"))], ids=str
)
def test_a_view_sees_what_a_record_shows(audience: Audience, year: Workspace) -> None:
    """The two say the same of every fact and heading, one of a skeleton, one of the record itself."""
    view = View(year, audience)
    for known in view.records:
        record = read_one(year.root, known.path, year.register)
        assert record is not None
        shown = year.seen(record, audience)
        assert {key for key in record.value if view.sees(known, key)} - {"kind", "id"} == set(shown) - {"kind", "id"}


@pytest.mark.parametrize(
    ("code", "id", "told"),
    [
        ("SE-205", LATER, ("Peer or group clinical supervision", "pg1", "clinical", "online")),
        ("SE-206", LATER, ("Session", None, None, None)),
        ("SE-206", "planned", ("Peer or group clinical supervision", "pg1", "clinical", None)),
        ("SE-205", "planned", ("Session", None, None, None)),
        ("EX-003", "planned", ("Session", None, None, None)),
    ],
    ids=["was there", "sent apologies", "is expected", "sent apologies to what is expected", "called it off"],
)
def test_whoever_is_expected_is_told_which_session_it_is_and_no_more(
    code: str, id: str, told: tuple[str | None, ...], tmp_path: Path
) -> None:
    there = "{SE-205: apologies, SE-206: ____}"
    blank = {**without(OF_GROUP, "facilitator"), "id": "planned", "by": "EX-003", "attendance": there}
    view = View(opened(tmp_path, **{"groups/c.md": text_of({**blank, "status": "draft"}, CLINICAL)}), author(code))
    record = view.find(id)
    assert record
    assert (view.label(record), view.group(record), view.stream(record), view.text(record, "mode")) == told


@pytest.mark.parametrize(("type_", "said"), [("integer", "3"), ("boolean", "yes")])
def test_a_type_that_is_no_word_says_nothing_of_a_record(type_: str, said: str, tmp_path: Path) -> None:
    fields = {"kind": {"const": "debrief"}, "date": {"type": "string"}, "type": {"type": type_}}
    fields |= {"sections": {"type": "array"}}
    titled = {key: {"title": key.title(), "x-layer": "shared", **schema} for key, schema in fields.items()}
    own = {
        "title": "Debrief",
        "x-layer": "shared",
        "type": "object",
        "properties": titled,
        "required": ["kind", "date"],
    }
    workspace = opened(tmp_path, **{
        "schemas/debrief.schema.json": json.dumps({**own, "additionalProperties": False}),
        "debriefs/debrief-1.md": text_of({"kind": "debrief", "date": "2026-09-30", "type": said}),
    })  # fmt: skip
    record = workspace.find("debrief-1")
    assert record
    assert "type" in record.facts
    assert View(workspace, PARTIES).label(record) == "Debrief"


def test_nobody_is_shown_what_is_not_theirs(year: Workspace) -> None:
    private = {"log-1", "note-1", "r-2026-10-09"}

    def known(audience: Audience) -> set[str]:
        return {record.id for record in View(year, audience).records}

    assert not known(PARTIES) & private
    assert known(ORGANISATION) == {FIRST, MISSED, SECOND, GROUP, LATER}
    assert known(author("SV-014")) & private == {"log-1", "note-1"}
    assert known(author("EX-003")) & private == {"r-2026-10-09"}
    assert known(author("SE-206")) == {GROUP, LATER, "agr-pg1"}


def test_a_near_id_is_one_that_is_known(year: Workspace) -> None:
    assert View(year, PARTIES).near("note-2") is None
    assert View(year, author("SV-014")).near("note-2") == "note-1"


# list


def ids(workspace: Workspace, audience: Audience = PARTIES, order: Order = "date", **wanted: object) -> list[str]:
    return [one.id for one in listing(View(workspace, audience), Filter(**wanted), order)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kinds": ["agreement"]}, ["agr-pg1", "agr-1"]),
        ({"kinds": ["session"], "people": ["SE-206"]}, [LATER, GROUP]),
        ({"people": ["pg1"]}, [LATER, GROUP]),
        ({"kinds": ["session"], "people": ["se-201", "pg1"]}, [LATER, SECOND, MISSED, FIRST, GROUP]),
        ({"kinds": ["addendum"], "people": ["SE-201"]}, ["added-1"]),
        ({"streams": ["clinical"], "since": "2026-09-01", "until": "2026-09-29"}, [SECOND, MISSED]),
        ({"statuses": ["disagreed"]}, [SECOND]),
        ({"statuses": ["awaiting"]}, [FIRST, GROUP]),
        ({"statuses": ["agreed"]}, ["agr-pg1", "agr-1"]),
        ({"kinds": ["reflection"]}, []),
        ({"people": ["SE-201"], "since": "2026-10-01"}, []),
        ({"kinds": ["sign-off"], "people": ["SE-201"], "since": "2026-10-01"}, ["signed-1"]),
    ],
    ids=str,
)
def test_a_list_holds_what_is_wanted(wanted: dict[str, object], found: list[str], year: Workspace) -> None:
    assert ids(year, **wanted) == found


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("date", LATER, "agr-1"),
        ("id", GROUP, "agr-pg1"),
        ("kind", "agr-pg1", LATER),
        ("person", "agr-pg1", LATER),
    ],
)
def test_a_list_has_an_order(order: Order, first: str, last: str, year: Workspace) -> None:
    found = ids(year, order=order)
    assert (found[0], found[-1]) == (first, last)


def test_the_organisation_is_told_of_attendance_alone(year: Workspace) -> None:
    rows = {one.id: one for one in listing(View(year, ORGANISATION), Filter())}
    assert [rows[id].standing for id in (SECOND, FIRST, MISSED)] == ["signed", "awaiting", ""]
    assert {one.status for one in rows.values()} == {None}
    # Its agreement lets the approach through, and nothing says who cancelled.
    assert (rows[FIRST].approach, rows[MISSED].by) == ("case-supervision", None)
    assert rows[MISSED].people == ("SV-014", "SE-201")
    assert rows[GROUP].attendance == {"SE-205": "present", "SE-206": "late 40"}
    assert ids(year, ORGANISATION, statuses=["disagreed"]) == ids(year, ORGANISATION, statuses=["recorded"]) == []
    assert ids(year, ORGANISATION, statuses=["signed"]) == [SECOND]


def test_who_cancelled_is_told_to_the_parties(year: Workspace) -> None:
    (row,) = listing(View(year, PARTIES), Filter(since="2026-09-01", until="2026-09-01"))
    assert (row.outcome, row.by, row.people) == ("cancelled", "EX-003", ("SV-014", "SE-201", "EX-003"))


def test_whose_word_a_sign_off_is_and_on_what_is_told_to_the_parties(year: Workspace) -> None:
    for audience in (PARTIES, author("SV-014"), author("SE-201")):
        found = listing(View(year, audience), Filter(kinds=["sign-off", "addendum"]))
        assert [(one.id, one.of, one.by) for one in found] == [
            ("added-1", SECOND, "SV-014"),
            ("signed-1", SECOND, "SE-201"),
        ]


# links


def both_ways(workspace: Workspace, id: str, audience: Audience = PARTIES) -> list[tuple[str, str, str]]:
    view = View(workspace, audience)
    record = view.find(id)
    assert record is not None
    return [(one.way, one.fact, f"{one.id}#{one.action}" if one.action else one.id) for one in links(view, record)]


def test_links_go_both_ways(year: Workspace) -> None:
    assert both_ways(year, FIRST) == [
        ("names", "agreement", "agr-1"),
        ("named by", "previous", MISSED),
        ("named by", "previous", SECOND),
        ("named by", "words", f"{SECOND}#A1"),
    ]


def test_what_names_it_in_private_is_named_to_its_author_alone(year: Workspace) -> None:
    named = [id for way, _, id in both_ways(year, SECOND) if way == "named by"]
    assert named == ["signed-1", "added-1"]
    assert {"log-1", "note-1"} < {id for _, _, id in both_ways(year, SECOND, author("SV-014"))}


OTHER = {**SESSION, "id": "2026-10-20-se201", "date": "2026-10-20", "supervisor": "SE-205"}


def test_a_review_that_answers_another_chain_is_a_link(tmp_path: Path) -> None:
    """As after a change of supervisor. In a chain of their own, sessions name each other already."""
    answered = f"- [x] {SECOND}#A1: Try the sentence once\n- [-] {FIRST}#A1: Ask for the data\n  Not ours."
    workspace = opened(tmp_path, **{"sessions/d.md": session(OTHER, review=answered)})
    view = View(workspace, PARTIES)

    def said(id: str) -> list[tuple[str | None, str]]:
        record = view.find(id)
        assert record is not None
        return [(one.said, one.id) for one in links(view, record) if one.fact == "answers"]

    assert said("2026-10-20-se201") == [("answers actions of", FIRST), ("answers actions of", SECOND)]
    assert said(SECOND) == [("its actions are answered in", "2026-10-20-se201")]
    crossing = [(edge.names, edge.named) for edge in graph(view).edges if edge.fact == "answers"]
    assert crossing == [("2026-10-20-se201", SECOND), ("2026-10-20-se201", FIRST)]
    assert (
        "\n".join(as_svg(graph(view))).count('<path class="other"') == 3
    )  # and one from its words to an earlier session's action
    hidden = View(workspace, author("SV-014"))
    record = hidden.find(SECOND)
    assert record is not None
    assert "answers" not in {one.fact for one in links(hidden, record)}


def test_a_private_record_and_none_are_named_alike(tmp_path: Path, year: Workspace) -> None:
    """Words that the parties may read hold the id; what kind of record it is, or whether there is one, is not said."""
    view = View(year, PARTIES)
    record = view.find(SECOND)
    assert record is not None
    (private,) = (one for one in links(view, record) if one.id == "log-1")
    assert (private.kind, private.label, private.date) == (None, None, None)
    missing = opened(tmp_path, **{"own/log.md": "No record.\n"})
    assert both_ways(missing, SECOND) == both_ways(year, SECOND)


def test_the_organisation_is_told_of_no_link(year: Workspace) -> None:
    view = View(year, ORGANISATION)
    assert [links(view, record) for record in view.records] == [[]] * 5
    assert graph(view).nodes == ()


# actions


def test_open_actions_have_owners_days_and_an_age(year: Workspace) -> None:
    found = actions(View(year, PARTIES), "2026-10-20")
    assert [(one.id, one.owners, one.due, one.age, one.carried, one.overdue) for one in found] == [
        (f"{FIRST}#A1", ("SE-201",), "2026-10-20", 77, 1, False),
        (f"{SECOND}#A1", ("SE-201", "SV-014"), "2026-11-17", 21, 0, False),
        (f"{GROUP}#A1", ("SE-205", "SE-206"), None, 132, 0, False),
    ]


def test_an_action_is_overdue_on_the_day_after(year: Workspace) -> None:
    view = View(year, PARTIES)
    assert [one.id for one in actions(view, "2026-10-21") if one.overdue] == [f"{FIRST}#A1"]


def test_closed_ones_say_when_and_how_long_it_took(year: Workspace) -> None:
    found = {one.id: one for one in actions(View(year, PARTIES), "2026-10-20", closed=True)}
    done, dropped = found[f"{FIRST}#A2"], found[f"{GROUP}#A2"]
    assert (done.state, done.closed, done.age, done.spoken_of) == ("done", "2026-09-29", 56, SECOND)
    assert (dropped.state, dropped.due, dropped.overdue) == ("dropped", "2026-07-01", False)
    assert len(found) == 5


@pytest.mark.parametrize(
    ("people", "found"),
    [(["SV-014"], [f"{SECOND}#A1"]), (["pg1"], [f"{GROUP}#A1"]), (["SE-206"], [f"{GROUP}#A1"]), (["EX-003"], [])],
    ids=str,
)
def test_actions_are_found_by_owner_and_group(people: list[str], found: list[str], year: Workspace) -> None:
    assert [one.id for one in actions(View(year, PARTIES), "2026-10-20", people=people)] == found


def test_actions_are_for_those_who_were_there(year: Workspace) -> None:
    assert [one.id for one in actions(View(year, author("EX-003")), "2026-10-20", closed=True)] == []
    assert actions(View(year, ORGANISATION), "2026-10-20", closed=True) == []
    # She sent her apologies to the session that dropped the other one.
    assert [one.id for one in actions(View(year, author("SE-206")), "2026-10-20", closed=True)] == [f"{GROUP}#A1"]


def test_what_was_said_in_their_absence_is_not_told(tmp_path: Path) -> None:
    carried = f"- [>] {GROUP}#A2: Write it up @SE-206 due:2026-12-01"
    text = YEAR["groups/b.md"].replace(f"- [-] {GROUP}#A2: Write it up @SE-206\n  Nobody needs it.", carried)
    workspace = opened(tmp_path, **{"groups/b.md": text})
    everybody, absent = (actions(View(workspace, who), "2026-11-01") for who in (PARTIES, author("SE-206")))
    assert {(one.due, one.carried) for one in everybody if one.id == f"{GROUP}#A2"} == {("2026-12-01", 1)}
    assert {(one.due, one.carried, one.overdue) for one in absent if one.id == f"{GROUP}#A2"} == {(None, 0, False)}
    assert "2026-12-01" not in str(year_of("SE-206", workspace, author("SE-206")))


ANSWERED = [
    ("@all", "[>] {}#A1: Bring two @all due:2026-12-01", ("SE-205", "SE-206")),
    ("@supervisee", "[>] {}#A1: Bring two @supervisee due:2026-12-01", ("SE-206",)),
    ("@all", "[>] A1: Bring two due:2026-12-01", ("SE-205", "SE-206")),
    ("@all", "[ ] A1: Bring two @all", ("SE-205", "SE-206")),
    ("@SE-206", "[>] A1: Bring two @all due:2026-12-01", ("SE-205", "SE-207")),
    ("@all", "[>] A1: Bring two @SE-207 due:2026-12-01", ("SE-207",)),
]


@pytest.mark.parametrize(("agreed", "answer", "owners"), ANSWERED, ids=str)
def test_all_are_those_who_were_there_when_it_was_first_said(
    agreed: str, answer: str, owners: tuple[str, ...], tmp_path: Path
) -> None:
    """A third meeting, at which one of them is missing and another has come, repeats what the second one said."""
    first = YEAR["groups/a.md"].replace("Bring two pictures @all", f"Bring two {agreed}")
    second = {**OF_GROUP, "id": LATER, "date": "2026-10-22", "previous": GROUP}
    third = {**second, "id": "2026-11-19-pg1", "date": "2026-11-19", "previous": LATER}
    review = {**CLINICAL, "Review of previous actions": f"- {answer.format(GROUP)}"}
    again = review["Review of previous actions"].replace(" A1", f" {GROUP}#A1")
    workspace = opened(
        tmp_path,
        **{
            "groups/a.md": first,
            "groups/b.md": text_of({**second, "attendance": "{SE-205: present, SE-207: present}"}, review),
            "groups/c.md": text_of(
                {**third, "attendance": "{SE-205: present, SE-208: present}"},
                {**CLINICAL, "Review of previous actions": again},
            ),
        },
    )
    view = View(workspace, PARTIES)
    assert [one.owners for one in actions(view, "2026-10-20") if one.id == f"{GROUP}#A1"] == [owners]
    lines = [
        (session, line)
        for id in (LATER, "2026-11-19-pg1")
        if (session := view.find(id))
        for line in view.answers(session)
    ]
    assert [view.owners(*line) for line in lines] == [owners, owners]


def test_words_are_lent_to_those_who_may_read_them(year: Workspace) -> None:
    wording = Wording(View(year, PARTIES))
    words = [wording.action(one.session, one.line) for one in actions(wording.view, "2026-10-20")]
    assert words == ["Ask for the audit data", "Try the sentence once", "Bring two pictures"]
    (line,) = (one.line for one in actions(wording.view, "2026-10-20") if one.id == f"{SECOND}#A1")
    known = wording.view.find(SECOND)
    assert known is not None
    assert Wording(View(year, ORGANISATION)).action(known, line) == ""
    assert Wording(View(year, author("EX-003"))).action(known, line) == ""


@pytest.mark.parametrize(
    "written",
    [
        "- [ ] A1: Ask for <!-- or beg for --> the audit data @SE-201",
        "* [ ] A1: Ask for the audit data @SE-201 due:2026-08-21\n  She will know why.",
        "1. [open] A1: Ask for the audit data",
    ],
)
def test_words_are_those_of_the_whole_record(written: str, tmp_path: Path) -> None:
    """A line by itself is read faster, and as the record reads it."""
    workspace = opened(tmp_path, **{"sessions/a.md": session({"id": FIRST, "date": "2026-08-04"}, actions=written)})
    wording = Wording(View(workspace, PARTIES))
    assert wording.actions([f"{FIRST}#A1", f"{FIRST}#A7"]) == {f"{FIRST}#A1": "Ask for the audit data"}


def test_words_of_yaml_are_read_too(tmp_path: Path) -> None:
    text = (
        "kind: session\ndate: 2026-05-05\nactions:\n  - {id: A1, state: open, text: 'Ask, and wait', owner: [SE-201]}\n"
    )
    workspace = opened(tmp_path, **{"sessions/d.yaml": text})
    assert Wording(View(workspace, PARTIES)).actions(["d#A1"]) == {"d#A1": "Ask, and wait"}


# timeline


def year_of(code: str, workspace: Workspace, audience: Audience = PARTIES, **days: str) -> Timeline:
    found = timeline(View(workspace, audience), code, **days)
    assert found is not None
    return found


def told(found: Timeline) -> list[str]:
    return [f"{one.date} {one.what} {one.id}" for one in found.entries]


def test_a_year_runs_up_to_the_last_record(year: Workspace) -> None:
    found = year_of("se-201", year)
    assert (found.of, found.is_group, found.since, found.until) == ("SE-201", False, "2025-10-06", "2026-10-05")
    assert told(found) == [
        "2026-01-12 starts agr-1",
        f"2026-08-04 held {FIRST}",
        f"2026-08-04 agreed {FIRST}#A1",
        f"2026-08-21 due {FIRST}#A1",
        f"2026-09-01 cancelled {MISSED}",
        f"2026-09-29 held {SECOND}",
        f"2026-09-29 carried {FIRST}#A1",
        f"2026-09-29 agreed {SECOND}#A1",
        "2026-10-05 written added-1",
    ]
    assert [f"{one.date} {one.what}" for one in found.ahead] == [
        "2026-10-20 due",
        "2026-11-17 planned",
        "2026-11-17 due",
        "2027-01-12 review",
    ]


def test_a_year_is_summed_up(year: Workspace) -> None:
    found = year_of("SE-201", year)
    assert found.totals == (Total("clinical", False, 2, 120, 1, 56),)
    assert {(lane.stream, lane.whom): len(lane.entries) for lane in found.lanes} == {("clinical", ("SV-014",)): 3}
    months = {month.month: len(month.entries) for month in found.months}
    assert (len(months), months["2026-02"], months["2026-08"]) == (13, 0, 3)


def test_what_was_had_and_given_is_summed_up_by_stream(tmp_path: Path) -> None:
    """Sums of different things are none: line management, and what somebody gives, stand apart."""
    managed = {**SESSION, "type": "line-management", "minutes": "45"}
    given = {**SESSION, "supervisor": "SE-201", "supervisees": "SE-205"}
    workspace = opened(
        tmp_path,
        **{
            "m1.md": session({**managed, "id": "m1", "date": "2026-03-01"}),
            "m2.md": session({**managed, "id": "m2", "date": "2026-08-01"}),
            "g1.md": session({**given, "id": "g1", "date": "2026-02-01"}),
            "o.md": session({**OTHER, "minutes": "90"}),
        },
    )
    assert year_of("SE-201", workspace).totals == (
        Total("line-management", False, 2, 90, 0, 153),
        # With another supervisor, but of one stream: 21 days after the last.
        Total("clinical", False, 3, 210, 1, 56),
        Total("clinical", True, 1, 60, 0, None),
    )


@pytest.mark.parametrize(
    ("pauses", "said"),
    [
        ("[{from: 2026-08-10, until: 2026-08-20, reason: parental}]", (("2026-08-10", "2026-08-20"),)),
        ("[{from: 2026-07-01, until: 2026-08-04}]", ()),
        ("[{from: 2026-09-20}]", (("2026-09-20", "9999-12-31"),)),
        ("[{from: 2026-09-29}]", ()),
    ],
)
def test_a_pause_in_a_gap_is_told_by_its_days(pauses: str, said: tuple[object, ...], tmp_path: Path) -> None:
    people = f"people:\n  SE-201: {{name: Rhian Kettle, pauses: {pauses}}}\n"
    found = year_of("SE-201", opened(tmp_path, **{"people.yaml": people}))
    assert [total.paused for total in found.totals] == [said]


DRAFT = {**SESSION, "id": "2027-03-01-se201", "date": "2027-03-01", "status": "draft"}


@pytest.mark.parametrize(
    ("audience", "today", "past", "ahead"),
    [
        (PARTIES, "2026-10-06", [], ["2027-03-01 draft"]),
        (PARTIES, "2027-03-01", ["2027-03-01 draft"], []),
        (ORGANISATION, "2026-10-06", [], []),
        (ORGANISATION, "2027-03-01", [], []),
    ],
    ids=str,
)
def test_a_draft_was_not_held(
    audience: Audience, today: str, past: list[str], ahead: list[str], tmp_path: Path
) -> None:
    """It is a form that nobody filled in: none of it counts, and nobody's word is waited for."""
    view = View(opened(tmp_path, **{"d.md": session(DRAFT)}), audience)
    found = timeline(view, "SE-201", today=today)
    assert found is not None
    assert [f"{e.date} {e.what}" for e in found.entries if e.id == DRAFT["id"]] == past
    assert [f"{e.date} {e.what}" for e in found.ahead if e.id == DRAFT["id"]] == ahead
    assert [e.id for e in found.held] == [FIRST, SECOND]
    assert found.totals == (Total("clinical", False, 2, 120, 1, 56),)
    listed = [(row.outcome, row.standing) for row in listing(view, Filter(since="2027-03-01"))]
    assert listed == ([] if audience == ORGANISATION else [(None, "draft")])


def test_an_agreement_that_has_ended_plans_nothing_and_waits_for_nobody(tmp_path: Path) -> None:
    """Where nobody wrote down when it ended, it is not to be reviewed; where it was signed in part, so it stays."""
    ended = {**AGREEMENT, "id": "agr-1", "status": "ended"}
    for files in ({}, {"signed/b.md": text_of({**SIGN_OFF, "id": "s2", "of": "agr-1", "by": "SE-201"})}):
        workspace = opened(tmp_path, **{"agreements/a.md": text_of(ended)}, **files)
        found = year_of("SE-201", workspace, since="2026-01-01", until="2027-12-31")
        assert [e.what for e in found.entries if e.id == "agr-1"] == ["starts"]
        assert not any("awaiting" in e.standing for e in found.entries if e.id == "agr-1")
    past = opened(tmp_path, **{"agreements/a.md": text_of({**ended, "end": "2027-02-01"})})
    found = year_of("SE-201", past, until="2027-12-31", since="2026-01-01")
    assert [e.what for e in found.entries if e.id == "agr-1"] == ["starts", "review", "ends"]


def test_a_day_that_a_review_leaves_as_it_was_is_told_once(tmp_path: Path) -> None:
    carried = f"- [>] {FIRST}#A1: Ask for the audit data @SE-201 due:2026-08-21"
    text = session({"id": SECOND, "agreement": "agr-1", "previous": FIRST}, review=carried)
    found = year_of("SE-201", opened(tmp_path, **{"sessions/c.md": text}))
    assert [(e.date, e.overdue) for e in found.entries if e.what == "due"] == [("2026-08-21", True)]


def test_an_action_is_overdue_where_the_year_ends_after_its_day(year: Workspace) -> None:
    found = year_of("SE-201", year, until="2026-10-21")
    assert [(one.id, one.date) for one in found.entries if one.overdue] == [(f"{FIRST}#A1", "2026-10-20")]
    assert not any(one.overdue for one in year_of("SE-201", year, until="2026-10-20").entries)


def test_a_look_back_ends_with_its_year(year: Workspace) -> None:
    found = year_of("SE-201", year, until="2026-08-31")
    assert (found.ahead, found.entries[-1].what, found.entries[-1].overdue) == ((), "due", True)


@pytest.mark.parametrize(
    ("until", "since"), [("2028-02-29", "2027-03-01"), ("2027-02-28", "2026-03-01"), ("2026-12-31", "2026-01-01")]
)
def test_a_year_is_a_year(until: str, since: str, year: Workspace) -> None:
    assert year_of("SE-201", year, until=until).since == since


def test_a_group_has_a_year_too(year: Workspace) -> None:
    found = year_of("pg1", year)
    assert found.is_group
    assert [one.id for one in found.held] == [GROUP, LATER]
    assert [total.longest for total in found.totals] == [134]
    assert f"2026-10-22 dropped {GROUP}#A2" in told(found)
    assert "2026-01-12 starts agr-pg1" in told(found)


def test_a_member_who_sent_apologies_missed_it(year: Workspace) -> None:
    there, absent = (one for one in year_of("SE-206", year).entries if one.sort == "session")
    assert (there.what, there.attended, there.minutes) == ("held", "late 40", 20)
    assert (absent.what, absent.attended, absent.days) == ("absent", "apologies", None)


def test_minutes_are_those_that_somebody_was_there(year: Workspace) -> None:
    for code in ("SE-205", "SE-206"):
        for audience in (PARTIES, ORGANISATION):
            had = sum(total.minutes for total in year_of(code, year, audience).totals)
            assert had == sum(fact.minutes for fact in attended(year, audience).facts if fact.person == code)
    assert [total.minutes for total in year_of("pg1", year).totals] == [120]


def test_the_organisation_sees_sessions_alone_in_a_year(year: Workspace) -> None:
    found = year_of("SE-201", year, ORGANISATION)
    assert told(found) == [f"2026-08-04 held {FIRST}", f"2026-09-01 cancelled {MISSED}", f"2026-09-29 held {SECOND}"]
    assert [one.standing for one in found.entries] == ["awaiting", "", "signed"]
    assert [(one.sort, one.what) for one in found.ahead] == [("session", "planned")]
    assert timeline(View(year, ORGANISATION), "EX-003") is None


def test_an_author_finds_their_own_notes_in_their_year(year: Workspace) -> None:
    assert "2026-09-29 written note-1" in told(year_of("SV-014", year, author("SV-014")))
    assert "note-1" not in str(year_of("SV-014", year))
    assert timeline(View(year, author("SE-206")), "SV-014") is None


def test_a_year_beside_somebody_holds_what_they_share(year: Workspace) -> None:
    found = timeline(View(year, PARTIES), "SV-014", beside=["SE-201"])
    assert found is not None
    assert [one.id for one in (*found.held, *found.missed)] == [FIRST, SECOND, MISSED]
    alone = timeline(View(year, PARTIES), "SV-014", beside=["SE-206"])
    assert alone is not None
    assert (alone.entries, alone.ahead) == ((), ())


@pytest.mark.parametrize("day", ["no", "2026-10-09", "9998-10-09"])
def test_that_confidentiality_was_extended_is_said_once_told(day: str, tmp_path: Path) -> None:
    told_on = {**DISCLOSURE, "id": "r-2026-10-09", "session": FIRST, "readers": "EX-003", "supervisee_told": day}
    workspace = opened(tmp_path, **{"own/r.md": text_of(told_on)})

    def marked(audience: Audience) -> list[str]:
        found = timeline(View(workspace, audience), "SE-201")
        return [one.id for one in found.entries if one.extended] if found else []

    expected = [FIRST] if day == "2026-10-09" else []  # a day to come is a plan
    assert marked(PARTIES) == marked(author("SE-201")) == expected
    assert marked(ORGANISATION) == marked(author("EX-003")) == []


def test_whoever_is_named_without_a_day_has_no_year(tmp_path: Path) -> None:
    undated = {key: value for key, value in SESSION.items() if key != "date"}
    workspace = opened(tmp_path, **{"sessions/d.md": text_of({**undated, "supervisees": "SE-999"})})
    assert timeline(View(workspace, PARTIES), "SE-999") is None


def test_an_agreement_that_was_replaced_is_not_reviewed(tmp_path: Path) -> None:
    new = {**AGREEMENT, "id": "agr-2", "version": "2", "replaces": "agr-1", "start": "2026-09-01"}
    new["review_date"] = "2027-09-01"
    workspace = opened(tmp_path, **{"agreements/c.md": text_of(new)})
    reviews = [(one.id, one.date) for one in year_of("SE-201", workspace).ahead if one.what == "review"]
    assert reviews == [("agr-2", "2027-09-01")]


# show


def test_a_record_is_shown_with_what_became_of_it(year: Workspace) -> None:
    view = View(year, PARTIES)
    known = view.find(FIRST)
    assert known is not None
    shown = show(Wording(view), known, "2026-10-21")
    assert [(one.key, one.said) for one in shown.facts if one.key in ("approach", "supervisees")] == [
        ("approach", ("Case supervision",)),
        ("supervisees", ("SE-201 (Name of SE-201)",)),
    ]
    assert dict(shown.sections)["Focus question"] == "How do I say no?"
    assert [(one.person, one.state) for one in shown.signed] == [("SE-201", "awaiting")]
    assert [(one.line.id, one.state, one.words, one.spoken_on) for one in shown.actions] == [
        ("A1", "open", "Ask for the audit data", "2026-09-29"),
        ("A2", "done", "Send the paper", "2026-09-29"),
    ]


def test_what_a_signer_said_is_shown_to_the_parties(tmp_path: Path) -> None:
    said = {**SIGN_OFF, "id": "signed-1", "of": SECOND, "verdict": "disagree", "method": "paper"}
    workspace = opened(tmp_path, **{"signed/a.md": text_of(said, {"Comment": "It was\nlonger."})})
    for audience, comments in ((PARTIES, ["It was\nlonger."]), (author("SE-201"), ["It was\nlonger."]),
                               (author("EX-003"), []), (ORGANISATION, [])):  # fmt: skip
        view = View(workspace, audience)
        known = view.find(SECOND)
        found = show(Wording(view), known, "2026-10-21").signed if known else ()
        assert [one.comment for one in found] == comments


def test_the_organisation_is_shown_no_word(year: Workspace) -> None:
    view = View(year, ORGANISATION)
    known = view.find(SECOND)
    assert known is not None
    shown = show(Wording(view), known, "2026-10-21")
    assert (shown.words, shown.signed, shown.links, shown.actions) == ("", (), (), ())
    assert {fact.key for fact in shown.facts} == {
        "date",
        "minutes",
        "type",
        "mode",
        "supervisor",
        "supervisees",
        "next_date",
    }


def test_who_was_not_there_is_shown_that_it_took_place(year: Workspace) -> None:
    view = View(year, author("SE-206"))
    known = view.find(LATER)
    assert known is not None
    shown = show(Wording(view), known, "2026-10-21")
    assert (shown.value, shown.words, shown.listed.date, shown.listed.standing) == ({}, "", "2026-10-22", "")


# drawn


def test_a_graph_stands_in_columns(year: Workspace) -> None:
    found = graph(View(year, PARTIES))
    assert {column: [node.id for node in nodes] for column, nodes in found.columns.items()} == {
        ("clinical", "SV-014", "SE-201"): ["agr-1", FIRST, MISSED, SECOND, "signed-1", "added-1"],
        ("clinical", "pg1"): ["agr-pg1", GROUP, LATER],
    }
    assert {node.id: node.beside for node in found.nodes if node.beside} == {"signed-1": SECOND, "added-1": SECOND}


def test_a_graph_around_a_record_holds_its_neighbours(year: Workspace) -> None:
    view = View(year, PARTIES)
    found = graph(view, view.find(GROUP))
    assert {node.id for node in found.nodes} == {GROUP, LATER, "agr-pg1"}
    assert {node.id for node in graph(view, people=["SE-206"]).nodes} == {GROUP, LATER, "agr-pg1"}


@pytest.mark.parametrize("audience", [PARTIES, author("SV-014"), ORGANISATION], ids=str)
def test_a_picture_is_whole_and_loads_nothing(audience: Audience, year: Workspace) -> None:
    found = graph(View(year, audience))
    svg = "\n".join(as_svg(found))
    root = ElementTree.fromstring(svg.encode())
    boxes = list(root.iter("{http://www.w3.org/2000/svg}g"))
    paths = [part for part in root.iter("{http://www.w3.org/2000/svg}path") if len(part)]
    assert (len(boxes), len(paths)) == (len(found.nodes), len(found.edges))
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert ("note-1" in svg) == (audience.person == "SV-014")


def test_boxes_do_not_lie_on_each_other(year: Workspace) -> None:
    root = ElementTree.fromstring("\n".join(as_svg(graph(View(year, author("SV-014"))))).encode())
    drawn = [part.attrib for part in root.iter("{http://www.w3.org/2000/svg}rect") if "rx" in part.attrib]
    boxes = [tuple(float(one[key]) for key in ("x", "y", "width", "height")) for one in drawn]
    assert len(boxes) > 5
    for n, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[n + 1 :]:
            beside = x + width <= other_x or other_x + other_width <= x
            assert beside or y + height <= other_y or other_y + other_height <= y


@pytest.mark.parametrize("around", [[], ["SE-206"]], ids=str)
def test_the_key_of_a_narrow_picture_goes_on_below(around: list[str], year: Workspace) -> None:
    root = ElementTree.fromstring("\n".join(as_svg(graph(View(year, PARTIES), people=around))).encode())
    key = [part for part in root.iter("{http://www.w3.org/2000/svg}text") if part.attrib["class"] == "key"]
    assert "dashed box: not held" in " ".join(part.text or "" for part in reversed(key))
    letter = 5.5  # on average, of the small type
    assert all(float(part.attrib["x"]) + letter * len(part.text or "") < float(root.attrib["width"]) for part in key)


def test_lines_run_around_boxes(tmp_path: Path) -> None:
    """A dashed line crosses no box; those at its ends it touches from outside."""
    far = {
        f"x{n}.md": session({"id": f"x{n}", "date": f"2026-0{n}-04", "supervisees": f"SE-30{n}", "previous": other})
        for n, other in zip(range(3, 10), [SECOND, GROUP, *(f"x{n}" for n in range(3, 8))], strict=True)
    }
    root = ElementTree.fromstring("\n".join(as_svg(graph(View(opened(tmp_path, **far), author("SV-014"))))).encode())
    space = "{http://www.w3.org/2000/svg}"
    drawn = [part.attrib for part in root.iter(f"{space}rect") if "rx" in part.attrib]
    boxes = [tuple(float(one[key]) for key in ("x", "y", "width", "height")) for one in drawn]
    lines = [part.attrib["d"] for part in root.iter(f"{space}path") if part.attrib.get("class") == "other"]
    assert len(lines) > 6
    for line in lines:
        for (x1, y1), (x2, y2) in pairwise(corners(line)):
            for x, y, width, height in boxes:
                apart = max(x1, x2) <= x or min(x1, x2) >= x + width or max(y1, y2) <= y or min(y1, y2) >= y + height
                assert apart, (line, x, y)


def corners(path: str) -> list[tuple[float, float]]:
    """Where a path of straight lines turns."""
    x = y = 0.0
    found = []
    for sign, numbers in re.findall(r"([MHV])([^MHV]+)", path):
        x = float(numbers.split()[0]) if sign in "MH" else x
        y = float(numbers.split()[-1]) if sign in "MV" else y
        found.append((x, y))
    return found


def test_an_id_cannot_end_early_in_a_graph(tmp_path: Path) -> None:
    hostile = {'sessions/a"];<b>&.md': session({"date": "2026-05-05", "agreement": "agr-1"})}
    found = graph(View(opened(tmp_path, **hostile), PARTIES))
    (id,) = (node.id for node in found.nodes if "<b>" in node.id)
    assert f'"{id}"'.replace('a"]', 'a\\"]') in "\n".join(as_dot(found))
    assert ElementTree.fromstring("\n".join(as_svg(found)).encode()) is not None


@pytest.mark.parametrize(
    ("name", "outcome", "held"),
    [
        ("2026-01-13-se118", "canceled", 13),  # it was cancelled
        ("2026-01-20-se118", "hedl", 12),  # it was held
        ("2026-01-20-se118", "____", 12),
        ("2026-01-20-se118", "[held, cancelled]", 12),
    ],
)
def test_of_a_session_whose_outcome_nobody_knows_nothing_more_is_said(
    name: str, outcome: str, held: int, tmp_path: Path
) -> None:
    """One slip is one problem, and the session is neither held nor missed."""
    root = tmp_path / "year"
    shutil.copytree(ROOT / "examples" / "kestrel-year", root)
    path = root / "sessions" / f"{name}.md"
    path.write_text(path.read_text("utf-8").replace("outcome: cancelled\n", "").replace(
        "mode:", f"outcome: {outcome}\nmode:", 1), "utf-8")  # fmt: skip
    for _ in range(2):  # from nothing, and with what was remembered
        checked = open_workspace(root, jobs=1)
        told = [problem for problem in checked.problems if problem.rule != "changed-after-sign-off"]
        assert [problem.path for problem in told] == [f"sessions/{name}.md"]
        view = View(checked.workspace, PARTIES)
        year = timeline(view, "SE-118")
        assert year
        (entry,) = (one for one in year.entries if one.id == name and one.sort == "session")
        assert (entry.what, year.totals[0].held) == ("unclear", held)
        assert entry not in (*year.held, *year.missed)
        assert [one.outcome for one in listing(view, Filter()) if one.id == name] == [None]
        assert name not in {fact.session for fact in attended(checked.workspace).facts}
        node = next(one for one in graph(view).nodes if one.id == name)
        assert not node.missed
