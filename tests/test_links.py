"""How records hang together: links both ways, chains, and what is still open. Texts in; problems or values out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from supervision_notes.continuity import every_open_action, open_after
from supervision_notes.reading import Checked
from supervision_notes.record import Audience

from .conftest import AGREEMENT, CLINICAL, REFLECTION, SESSION, Files, text_of

Check = Callable[[Files], Checked]
SETTINGS = {"supervision.yaml": "organisation: A\nowner: SV-014\n"}


def session(day: str, *, review: str = "", actions: str = "None", words: str = "", **facts: str) -> str:
    """A sound session of the usual pair on a day."""
    sections = {**CLINICAL, "Actions": actions}
    if review:
        sections = {"Review of previous actions": review, **sections}
    if words:
        sections["Learning"] = words
    return text_of({**SESSION, "date": day, "id": f"{day}-s", **facts}, sections)


def missed(day: str, **facts: str) -> str:
    """A session that did not take place."""
    given = {key: part for key, part in SESSION.items() if key not in ("minutes", "mode")}
    return text_of({**given, "date": day, "id": f"{day}-s", "outcome": "did-not-attend", "by": "supervisee", **facts})


def said(checked: Checked, *, notes: bool = False) -> list[tuple[str, int, str]]:
    """Problems as path, line and rule."""
    return [(p.path, p.span.line, p.rule) for p in checked.problems if notes or p.severity != "note"]


FIRST, SECOND, THIRD, FOURTH = (f"2026-0{month}-0{month}" for month in (2, 4, 6, 8))
AGREED = "- [ ] A1: Ask for the audit data @SE-201\n- [ ] A2: Ring the team @SV-014 due:2026-03-01"
TEAM = {
    "supervisor": "",
    "type": "peer-group",
    "facilitator": "SE-205",
    "group": "pg1",
    "attendance": "{SE-205: present, SE-206: present, SE-207: present}",
}


def group(day: str, **facts: str) -> str:
    given = {key: part for key, part in SESSION.items() if key not in ("supervisor", "supervisees")}
    team = {key: part for key, part in TEAM.items() if part}
    return text_of({**given, **team, "date": day, "id": f"{day}-g", **facts}, CLINICAL)


PEOPLE = "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n  SE-202: {name: Tom Alder}\n"
OTHERS = "[{person: SE-211, role: facilitator}, {person: SE-212, role: member}, {person: SE-213, role: member}]"
SOUND: dict[str, Mapping[str, str]] = {
    "two sessions of a pair": {"a.md": session(FIRST), "b.md": session(SECOND, previous=f"{FIRST}-s")},
    "every action answered": {
        "a.md": session(FIRST, actions=AGREED),
        "b.md": session(SECOND, previous=f"{FIRST}-s", review=f"- [x] {FIRST}-s#A1: Asked\n- [-] A2: Rang\n  It rang."),
    },
    "in other case, and carried": {
        "a.md": session(FIRST, actions=AGREED),
        "b.md": session(
            SECOND, previous=f"{FIRST}-S".upper(), review="- [X] a1: x\n- [>] a2: y @SV-014 due:2026-05-01"
        ),
        "c.md": session(THIRD, previous=f"{SECOND}-s", review=f"- [done] {FIRST}-s#A2: y"),
    },
    "streams stand apart": {
        "a.md": session(FIRST),
        "b.md": session(SECOND, type="safeguarding"),
        "c.md": session(THIRD, previous=f"{FIRST}-s"),
        "d.md": session(FOURTH, type="safeguarding", previous=f"{SECOND}-s"),
    },
    "clinical types share a stream": {
        "a.md": session(FIRST),
        "b.md": session(SECOND, type="external", provider="Millrace", format="one-to-one", previous=f"{FIRST}-s"),
    },
    "a group, whoever leads it": {
        "a.md": group(FIRST),
        "b.md": group(SECOND, previous=f"{FIRST}-g", facilitator="SE-206"),
        "c.md": group(THIRD, group="pg2"),
    },
    "a missed session is no fork, and starts nothing anew": {
        "a.md": session(FIRST, actions=AGREED),
        "b.md": missed(SECOND, previous=f"{FIRST}-s"),
        "c.md": session(THIRD, previous=f"{FIRST}-s", review="- [x] A1: x\n- [x] A2: y"),
        "d.md": missed(FOURTH),
    },
    "two on one day": {
        "a.md": session(FIRST),
        "b.md": session(FIRST, id="b", previous=f"{FIRST}-s"),
    },
    "other people": {"a.md": session(FIRST), "b.md": session(SECOND, supervisees="SE-202")},
    "words name records": {
        "a.md": session(FIRST, actions=AGREED),
        "b.md": session(
            SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [x] A2: y", words=f"See [[{FIRST}-s#A2]]."
        ),
    },
    "code names none": {"a.md": session(FIRST, words="`[[nothing]]` and\n\n```\n[[nothing]]\n```")},
    "a review in YAML": {
        "a.md": session(FIRST, actions=AGREED),
        "b.yaml": "".join(
            f"{key}: {part}\n"
            for key, part in {
                **SESSION,
                "date": SECOND,
                "id": "b",
                "previous": f"{FIRST}-s",
                "focus_question": "a",
            }.items()
        )
        + "exploration: a\ndecisions: None\nactions: None\nrisk_and_safeguarding: None\n"
        + "review_of_previous_actions:\n  - {id: A1, state: done, text: x}\n  - {id: A2, state: done, text: y}\n",
    },
    "a log of the owner's own": {
        "a.md": session(FIRST),
        "l.md": text_of({**REFLECTION, "author": "SV-014", "about": f"{FIRST}-s", "bring_to_supervision": "yes"}),
    },
}


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_what_is_sound(name: str, check: Check) -> None:
    assert said(check({**SETTINGS, **SOUND[name]})) == []


BROKEN: dict[str, tuple[Mapping[str, str], list[tuple[str, int, str]]]] = {
    "no such session": ({"a.md": session(FIRST, previous="2026-01-01-x")}, [("a.md", 11, "dangling-link")]),
    "no such action in words": (
        {"a.md": session(FIRST, actions=AGREED, words=f"See [[{FIRST}-s#A3]].")},
        [("a.md", 36, "dangling-link")],
    ),
    "a link in a YAML list": (
        {
            "a.yaml": f"kind: session\nid: a\ndate: {FIRST}\nstatus: draft\ntype: mentoring\nabout: [b, c]\n",
            "b.md": session(SECOND),
        },
        [("a.yaml", 6, "dangling-link"), ("a.yaml", 6, "dangling-link")],
    ),
    "an agreement as the session before": (
        {"a.md": session(FIRST, previous="agr"), "g.md": text_of({**AGREEMENT, "id": "agr", "status": "draft"})},
        [("a.md", 10, "no-agreement-in-force"), ("a.md", 11, "wrong-kind-link")],
    ),
    "its own previous": ({"a.md": session(FIRST, previous=f"{FIRST}-s")}, [("a.md", 11, "circular-chain")]),
    "three in a circle": (
        {
            "a.md": session(FIRST, previous=f"{THIRD}-s"),
            "b.md": session(SECOND, previous=f"{FIRST}-s"),
            "c.md": session(THIRD, previous=f"{SECOND}-s"),
        },
        [("a.md", 11, "circular-chain")],
    ),
    "another pair's": (
        {"a.md": session(FIRST), "b.md": session(SECOND, supervisees="SE-202", previous=f"{FIRST}-s")},
        [("b.md", 11, "previous-of-others")],
    ),
    "another stream's": (
        {"a.md": session(FIRST, type="safeguarding"), "b.md": session(SECOND, previous=f"{FIRST}-s")},
        [("b.md", 11, "previous-of-others")],
    ),
    "a group's": (
        {"a.md": group(FIRST), "b.md": session(SECOND, previous=f"{FIRST}-g")},
        [("b.md", 11, "previous-of-others")],
    ),
    "a supervisor who changed, and no register that says so": (
        {"a.md": session(FIRST), "b.md": session(SECOND, supervisor="SV-022", previous=f"{FIRST}-s")},
        [("b.md", 11, "previous-of-others")],
    ),
    "an answer to nothing, in a first session": (
        {"a.md": session(FIRST, review="- [x] A1: x")},
        [("a.md", 15, "review-of-unknown-action")],
    ),
    "an answer to an action of a record that is not here": (
        {"a.md": session(FIRST, review="- [x] 2026-01-01-x#A1: x")},
        [("a.md", 15, "review-of-unknown-action")],
    ),
    "an answer to what others agreed": (
        {
            "a.md": session(FIRST, supervisees="SE-202", actions=AGREED),
            "b.md": session(SECOND, review=f"- [x] {FIRST}-s#A1: Ask"),
        },
        [("b.md", 15, "review-of-unknown-action")],
    ),
    "one misspelt code": (
        {
            "people.yaml": PEOPLE,
            "agr.md": text_of({**AGREEMENT, "id": "agr"}),
            "a.md": session(FIRST, actions=AGREED, agreement="agr"),
            "b.md": session(SECOND, supervisees="SE201", agreement="agr", review=f"- [x] {FIRST}-s#A1: Ask"),
            "c.md": session(THIRD, agreement="agr", previous=f"{SECOND}-s"),
        },
        [("b.md", 9, "unknown-person")],
    ),
    "one misspelt code beside the session before": (
        {
            "people.yaml": PEOPLE,
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, supervisees="SE201", previous=f"{FIRST}-s", review="- [x] A1: Ask"),
        },
        [("b.md", 9, "unknown-person")],
    ),
    "a stranger who is meant to be one": (
        {
            "people.yaml": PEOPLE,
            "supervision.yaml": "organisation: A\nowner: SV-014\nseverity: {unknown-person: off}\n",
            "a.md": session(FIRST),
            "b.md": session(SECOND, supervisees="EX-900", previous=f"{FIRST}-s"),
        },
        [("b.md", 11, "previous-of-others")],
    ),
    "an answer to what was agreed in another stream": (
        {
            "a.md": session(FIRST, type="safeguarding", actions=AGREED),
            "b.md": session(SECOND, review=f"- [x] {FIRST}-s#A1: Ask"),
        },
        [("b.md", 15, "review-of-unknown-action")],
    ),
    "one unanswered, one left out": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [ ] A1: Ask"),
        },
        [("b.md", 14, "unreviewed-action"), ("b.md", 16, "unreviewed-action")],
    ),
    "None is no answer where something is open": (
        {"a.md": session(FIRST, actions=AGREED), "b.md": session(SECOND, previous=f"{FIRST}-s", review="None")},
        [("b.md", 14, "unreviewed-action"), ("b.md", 14, "unreviewed-action")],
    ),
    "through a missed session": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": missed(SECOND, previous=f"{FIRST}-s"),
            "c.md": session(THIRD, previous=f"{SECOND}-s", review=f"- [x] {FIRST}-s#A1: Ask"),
        },
        [("c.md", 14, "unreviewed-action")],
    ),
    "carried, and then forgotten": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [>] A2: y due:2026-05-01"),
            "c.md": session(THIRD, previous=f"{SECOND}-s"),
            "d.md": session(FOURTH, previous=f"{THIRD}-s"),
        },
        [("c.md", 11, "unreviewed-action")],
    ),
    "carried and dropped with nothing said": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [>] A1: x\n- [-] A2: y"),
        },
        [("b.md", 16, "carried-without-date"), ("b.md", 17, "dropped-without-reason")],
    ),
    "carried to a day gone by": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [>] A2: y due:2026-03-01"),
        },
        [("b.md", 17, "carried-without-date")],
    ),
    "brought from another chain, and left open": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, supervisor="SV-022", review=f"- [x] {FIRST}-s#A1: x\n- [ ] {FIRST}-s#A2: y"),
        },
        [("b.md", 16, "unreviewed-action")],
    ),
    "closed, and answered again": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [-] A2: y\n  No need."),
            "c.md": session(
                THIRD,
                previous=f"{SECOND}-s",
                review=f"- [>] {FIRST}-s#A1: x due:2026-06-30\n- [x] {FIRST}-s#A2: y",
            ),
            "d.md": session(FOURTH, previous=f"{THIRD}-s", review=f"- [x] {FIRST}-s#A1: x"),
        },
        [("c.md", 16, "answered-before"), ("c.md", 17, "answered-before")],
    ),
    "closed, and open again": (
        {
            "a.md": session(FIRST, actions=AGREED),
            "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [x] A2: y"),
            "c.md": session(THIRD, previous=f"{SECOND}-s", review=f"- [ ] {FIRST}-s#A1: x"),
        },
        [("c.md", 16, "answered-before")],
    ),
    "no owner, no number": (
        {"a.md": session(FIRST, actions="- [ ] Ask for the data @SE-201\n- [ ] A2: Ring")},
        [("a.md", 27, "action-without-number"), ("a.md", 28, "action-without-owner")],
    ),
    "a number twice": (
        {"a.md": session(FIRST, actions="- [ ] A1: x @SE-201\n- [ ] a1: y @SE-201")},
        [("a.md", 28, "duplicate-id")],
    ),
    "an agreement of others": (
        {
            "a.md": session(FIRST, supervisees="SE-202", agreement="agr"),
            "g.md": text_of({**AGREEMENT, "id": "agr", "status": "ended"}),
        },
        [("a.md", 11, "no-agreement-in-force")],
    ),
    "another group's agreement": (
        {
            "a.md": group(FIRST, group="pg2", agreement="agr"),
            "g.md": text_of(
                {**AGREEMENT, "id": "agr", "form": "group", "group": "pg1", "status": "ended", "parties": OTHERS}
            ),
        },
        [("a.md", 12, "no-agreement-in-force")],
    ),
    "before it starts": (
        {
            "a.md": session("2026-01-11", agreement="agr"),
            "g.md": text_of({**AGREEMENT, "id": "agr", "status": "ended"}),
        },
        [("a.md", 11, "no-agreement-in-force")],
    ),
    "the day after its last": (
        {
            "a.md": session("2026-06-30", agreement="agr"),
            "b.md": session("2026-07-01", previous="2026-06-30-s", agreement="agr"),
            "g.md": text_of({**AGREEMENT, "id": "agr", "status": "ended", "end": "2026-06-30"}),
        },
        [("b.md", 12, "agreement-expired")],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_link_is_one_problem_at_its_place(name: str, check: Check) -> None:
    files, expected = BROKEN[name]
    found = said(check({**SETTINGS, **files}))
    assert [problem for problem in found if problem[2] != "missing-field"] == expected


def test_a_group_is_served_by_its_agreement_whoever_its_members_are_by_now(check: Check) -> None:
    said_of = {"id": "agr", "form": "group", "group": "pg1", "parties": OTHERS, "status": "ended", "end": "2026-12-31"}
    agreement = text_of({**AGREEMENT, **said_of})
    found = check({**SETTINGS, "a.md": group(FIRST, agreement="agr"), "b.md": group(SECOND), "g.md": agreement})
    assert [p.hint for p in found.problems if p.rule == "no-agreement-in-force"] == ["write  agreement: agr"]


CHANGE = """\
people:
  SV-014: {name: Mary Poole}
  SV-022: {name: Noor Adeyemi}
  SE-201:
    name: Rhian Kettle
    supervisors:
      - {id: SV-014, from: 2026-01-01, until: 2026-03-31}
      - {id: SV-022, from: 2026-04-01}
"""


def test_the_register_shows_that_the_supervisor_changed(check: Check) -> None:
    crossing = session(SECOND, supervisor="SV-022", previous=f"{FIRST}-s")
    checked = check({**SETTINGS, "people.yaml": CHANGE, "a.md": session(FIRST), "b.md": crossing})
    assert said(checked, notes=True) == []


def test_a_stand_in_is_a_note(check: Check) -> None:
    checked = check({**SETTINGS, "people.yaml": CHANGE, "a.md": session(FIRST, supervisor="SV-022")})
    assert said(checked, notes=True) == [("a.md", 8, "supervisor-not-theirs")]


@pytest.mark.parametrize(("day", "said_of"), [("2026-03-01", []), ("2026-03-02", [("a.md", 28, "overdue-action")])])
def test_due_today_is_not_overdue(day: str, said_of: list[object], tmp_path: object) -> None:
    from pathlib import Path

    from supervision_notes.reading import open_workspace

    from .conftest import write

    root = write(Path(str(tmp_path)), {**SETTINGS, "a.md": session(FIRST, actions=AGREED)})
    assert said(open_workspace(root, jobs=1, as_at=day)) == said_of
    assert said(open_workspace(root, jobs=1)) == []


def test_a_draft_may_still_be_silent_on_what_was_agreed(check: Check) -> None:
    files = {"a.md": session(FIRST, actions=AGREED), "b.md": session(SECOND, previous=f"{FIRST}-s", status="draft")}
    found = check({**SETTINGS, **files})
    assert said(found) == []
    assert said(found, notes=True) == [("b.md", 11, "unreviewed-action")] * 2


YEAR = {
    "a.md": session(FIRST, actions=AGREED),
    "b.md": session(
        SECOND,
        previous=f"{FIRST}-s",
        review="- [x] A1: x\n- [>] A2: y due:2026-05-01",
        actions="- [ ] A1: Write it up @SE-201",
    ),
    "c.md": session(
        THIRD, previous=f"{SECOND}-s", review=f"- [>] {FIRST}-s#A2: y due:2026-07-01\n- [ ] A1: Write it up"
    ),
}


def test_what_is_open_is_known_by_where_it_was_agreed(check: Check) -> None:
    workspace = check({**SETTINGS, **YEAR}).workspace
    found = [(a.identity, a.seen_in.id, a.due, a.carried) for a in every_open_action(workspace)]
    assert found == [
        (f"{FIRST}-s#A2", f"{THIRD}-s", "2026-07-01", 2),
        (f"{SECOND}-s#A1", f"{THIRD}-s", None, 0),
    ]


@pytest.mark.parametrize("status", ["draft", "recorded"])
def test_what_a_review_closed_is_not_opened_by_an_unanswered_line(status: str, check: Check) -> None:
    """Nor is the day that was set last changed by a draft. Whoever carries it on says that it is open after all."""
    again = f"- [ ] {FIRST}-s#A1: x due:2026-05-01\n- [ ] {FIRST}-s#A2: y due:2026-05-01"
    files = {
        **SETTINGS,
        "a.md": session(FIRST, actions=AGREED),
        "b.md": session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: x\n- [>] A2: y due:2026-07-01"),
        "c.md": session(SECOND, id=f"{SECOND}-t", previous=f"{FIRST}-s", status=status, review=again),
    }
    checked = check(files)
    due = "2026-07-01" if status == "draft" else "2026-05-01"
    assert [(a.identity, a.due) for a in every_open_action(checked.workspace)] == [(f"{FIRST}-s#A2", due)]
    found = [(p.rule, p.severity) for p in checked.problems if p.path == "c.md" and p.span.line == 16]
    assert found == [("answered-before", "note" if status == "draft" else "warning")]
    carried = session(THIRD, previous=f"{SECOND}-s", review=f"- [>] {FIRST}-s#A1: x due:2026-09-01")
    workspace = check({**files, "d.md": carried}).workspace
    assert {a.identity for a in every_open_action(workspace)} == {f"{FIRST}-s#A1", f"{FIRST}-s#A2"}


def test_a_draft_closes_nothing_for_what_is_recorded_later(check: Check) -> None:
    """Whoever recorded that it is open says so; and of one line no two things are said that contradict each other."""
    files = {
        **SETTINGS,
        "a.md": session(FIRST, actions="- [ ] A1: Ring @SE-201"),
        "b.md": session(SECOND, previous=f"{FIRST}-s", status="draft", review="- [x] A1: Ring"),
        "c.md": session(THIRD, previous=f"{SECOND}-s", review=f"- [ ] {FIRST}-s#A1: Ring, not done yet"),
    }
    checked = check(files)
    assert [a.identity for a in every_open_action(checked.workspace)] == [f"{FIRST}-s#A1"]
    assert [problem[2] for problem in said(checked) if problem[0] == "c.md"] == ["unreviewed-action"]
    last = session(FOURTH, previous=f"{THIRD}-s", review=f"- [x] {FIRST}-s#A1: Ring")
    settled = session(SECOND, previous=f"{FIRST}-s", review="- [x] A1: Ring")
    checked = check({**files, "b.md": settled, "d.md": last})
    assert [problem[2] for problem in said(checked) if problem[0] == "c.md"] == ["answered-before"]


def test_what_was_open_on_a_day_of_the_past(check: Check) -> None:
    workspace = check({**SETTINGS, **YEAR}).workspace
    (chain,) = workspace.chains.values()
    assert [a.identity for a in open_after(workspace, chain[:1])] == [f"{FIRST}-s#A1", f"{FIRST}-s#A2"]
    assert [a.identity for a in open_after(workspace, chain[:2])] == [f"{FIRST}-s#A2", f"{SECOND}-s#A1"]


def test_links_lead_both_ways(check: Check) -> None:
    log = text_of(
        {**REFLECTION, "id": "log", "author": "SV-014", "about": f"{FIRST}-s"}, {"Feelings": f"[[{THIRD}-s]]"}
    )
    workspace = check({**SETTINGS, **YEAR, "log.md": log}).workspace
    assert [record.id for record in workspace.tied_to(f"{FIRST}-S", "previous")] == [f"{SECOND}-s"]
    assert [record.id for record in workspace.tied_to(f"{FIRST}-s", "about")] == ["log"]
    assert [record.id for record in workspace.tied_to(f"{THIRD}-s", "words")] == ["log"]
    third = workspace.find(f"{THIRD}-s")
    assert third
    assert workspace.previous(third) == workspace.find(f"{SECOND}-s")


def test_who_may_know_of_what(check: Check) -> None:
    log = text_of({**REFLECTION, "id": "log", "author": "SE-201", "share_with": "SV-014"})
    workspace = check(
        {**SETTINGS, **YEAR, "log.md": log, "agr.md": text_of({**AGREEMENT, "status": "draft"})}
    ).workspace

    def known(*audience: str) -> set[str]:
        return {record.path for record in workspace.known_to(Audience(*audience))}  # type: ignore[arg-type]

    assert known("parties") == {"a.md", "b.md", "c.md", "agr.md"}
    assert known("organisation") == {"a.md", "b.md", "c.md"}
    assert known("author", "SE-201") == known("author", "SV-014") == {"a.md", "b.md", "c.md", "agr.md", "log.md"}
    assert known("author", "SE-202") == set()


def test_a_session_that_names_no_agreement_goes_out_by_the_one_that_was_in_force(check: Check) -> None:
    agreement = {**AGREEMENT, "id": "agr", "status": "agreed", "organisation_receives": "nothing"}
    files = {**SETTINGS, "a.md": session(FIRST), "agr.md": text_of(agreement)}
    assert check(files).workspace.known_to(Audience("organisation")) == ()
    ended = text_of({**agreement, "status": "ended", "end": "2026-01-31"})
    of_others = text_of(
        {**agreement, "parties": "[{person: SV-014, role: supervisor}, {person: SE-9, role: supervisee}]"}
    )
    for other in (ended, of_others):
        assert len(check({**files, "agr.md": other}).workspace.known_to(Audience("organisation"))) == 1


@pytest.mark.parametrize(
    ("typed", "slip"),
    [
        ("start: 2026-01-12", "start: 12 Jan 2026"),
        ("start: 2026-01-12", "start: ____"),
        ("status: agreed", "status: aggreed"),
        ("person: SE-201", "person: SE-210"),
        ("parties: [", "parties: [["),
        ("kind: agreement", "kind: agrement"),
    ],
)
def test_a_slip_in_an_agreement_lets_nothing_out(typed: str, slip: str, check: Check) -> None:
    agreement = text_of({**AGREEMENT, "id": "agr", "status": "agreed", "organisation_receives": "nothing"})
    assert typed in agreement
    people = {"people.yaml": "people:\n  SV-014: {}\n  SE-201: {}\n  SE-202: {}\n"}
    files = {**SETTINGS, **people, "a.md": session(FIRST), "b.md": session(SECOND, supervisees="SE-202")}
    workspace = check({**files, "agr.md": agreement.replace(typed, slip)}).workspace
    assert [one.path for one in workspace.known_to(Audience("organisation"))] in (["b.md"], [])
    assert "a.md" not in [one.path for one in workspace.known_to(Audience("organisation"))]


def test_the_order_of_codes_tells_nobody_who_cancelled(check: Check) -> None:
    def people(by: str) -> tuple[str, ...]:
        front = {"kind": "session", "by": by, **SESSION, "outcome": "cancelled"}
        return check({**SETTINGS, "a.md": text_of(front)}).workspace.records[0].people

    assert people("SE-201") == people("SV-014")


@pytest.mark.parametrize(
    ("facts", "other"),
    [
        ({"organisation_receives": "nothing"}, None),
        ({"organisation_recieves": "nothing"}, None),  # a slip: what was meant cannot be known
        ({"organisation_receives": "attendance", "Organisation receives": "nothing"}, None),
        ({"organisation_receives": "nothing"}, {"organisation_receives": "[attendance, approach]"}),
        ({}, {"organisation_receives": "nothing"}),  # of two with the same id nobody knows which it is
    ],
)
def test_an_agreement_that_says_nothing_keeps_its_sessions_from_the_organisation(
    facts: dict[str, str], other: dict[str, str] | None, check: Check
) -> None:
    agreement = {**AGREEMENT, "id": "agr", "status": "ended"}
    files = {
        "agr.md": text_of({**agreement, **facts}),
        **({"a/b.md": text_of({**agreement, **other})} if other else {}),
    }
    workspace = check({**SETTINGS, "a.md": session(FIRST, agreement="agr"), **files}).workspace
    assert workspace.known_to(Audience("organisation")) == ()


def test_a_restricted_kind_of_ones_own_is_in_no_chain(check: Check) -> None:
    """What such a record names as its previous session shows nowhere: not as a fork, and not as a circle."""
    link = {"title": "Previous", "x-layer": "restricted", "type": "string", "x-link": "session"}
    sealed = {
        "title": "Sealed note", "x-layer": "restricted", "x-folder": "sealed", "type": "object",
        "properties": {
            "kind": {"title": "Kind", "x-layer": "restricted", "const": "sealed"},
            "date": {"title": "Date", "x-layer": "restricted", "type": "string", "format": "date"},
            "previous": link,
        },
    }  # fmt: skip
    files = {
        **SETTINGS,
        "a.md": session(FIRST),
        "b.md": session(THIRD, previous=f"{FIRST}-s"),
        "schemas/sealed.schema.json": json.dumps(sealed),
    }
    note = {"kind": "sealed", "date": SECOND, "previous": f"{FIRST}-s"}
    checked = check({**files, "sealed/c.md": text_of(note)})
    assert [record.kind for record in checked.workspace.restricted] == ["sealed"]
    assert said(checked) == []
    assert [record.id for record, _, _ in checked.workspace.followers] == [f"{THIRD}-s"]


def test_a_link_that_leads_nowhere_is_told_every_way_out(check: Callable[[Files], Checked]) -> None:
    log = text_of({**REFLECTION, "bring_to_supervision": "maybe"}, {"What happened": "I was short with her."})
    linked, brought = check({"a.md": session(FIRST, previous="2026-01-01-x"), "b.md": log}).problems
    assert [one.rule for one in (linked, brought)] == ["dangling-link"] * 2
    assert all("severity: {dangling-link: note}" in one.hint for one in (linked, brought))
    assert [", or yes or no;" in one.hint for one in (linked, brought)] == [False, True]
