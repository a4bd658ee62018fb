"""Pages: a record's text in, the words on its page out, and never a word that the audience may not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from supervision_notes import page
from supervision_notes.kind import Kind
from supervision_notes.problem import START
from supervision_notes.record import Audience, Record, Skeleton
from supervision_notes.workspace import Register, Workspace

from .conftest import AGREEMENT, CLINICAL, KINDS, REFLECTION, SESSION, record, text_of, without, write

PARTIES = Audience("parties")
ORGANISATION = Audience("organisation")
PEOPLE = {"SE-201": {"name": "Rhian Kettle"}, "SE-205": {"name": "Łukasz Żółć"}, "SE-206": {"name": "李雅"}}
BEFORE = Skeleton(
    "a.md", "2026-08-04-se201", "session", False, "2026-08-04", "recorded", (), START, ("attendance",), True
)
DECISION = """\
### Offer a joint visit
Before the end of the month.
#### Decided by
SE-201
#### Case
K-17
#### Rationale
Two alone led nowhere.
#### Ethical check
She agreed to it.
### Ask the team
#### Rationale
Another matter."""


def workspace(root: Path = Path("nowhere"), **settings: Any) -> Workspace:
    return Workspace(root, Register(KINDS, {"organisation": "Riverside", **settings}, PEOPLE), (BEFORE,))


def printed(
    facts: Mapping[str, str],
    sections: Mapping[str, str] | None = None,
    audience: Audience = PARTIES,
    where: Workspace | None = None,
    *,
    draft: bool = False,
) -> str:
    """The HTML of a record's page without its style sheet."""
    html = page.html(record(text_of(facts, sections)), where or workspace(), audience, draft)
    return re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)


def words(html: str) -> str:
    """What stands on the page: words with single spaces, below the title."""
    body = html.partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body.partition(">")[2])).split())


def head(html: str) -> str:
    """What a reader sees without the page: its title, its metadata and its running heads."""
    return html.partition("<body")[0] + html.partition("<body")[2].partition(">")[0]


def headings(html: str) -> list[str]:
    return [unescape(re.sub(r"<[^>]*>", "", title)) for title in re.findall(r"<h[1-6]>(.*?)</h", html)]


# facts


def test_every_fact_is_printed_in_words() -> None:
    given = {**SESSION, "start": "14:30", "approach": "case-supervision", "next_date": "ending", "client_hours": "18.5",
             "agreement": "agr-1", "previous": "2026-08-04-se201", "about": "x-1, x-2", "readers": "SE-205",
             "cpd_minutes": "45", "framework": "proctor", "id": "2026-09-29-se201"}  # fmt: skip
    seen = words(printed(given))
    for said in (
        "29 September 2026", "Start 14:30", "Minutes 60", "One-to-one clinical supervision", "Case supervision",
        "Mode Online", "Supervisor SV-014", "Rhian Kettle (SE-201)", "Next session Ending", "Client hours 18.5",
        "Agreement agr-1", "Session, 4 August 2026 (2026-08-04-se201)", "x-1 x-2", "Łukasz Żółć (SE-205)",
        "CPD minutes 45", "Restorative, formative, normative".lower(), "Record 2026-09-29-se201", "Status Recorded",
    ):  # fmt: skip
        assert said in seen


@pytest.mark.parametrize(
    ("language", "said"), [("en-GB", "29 September 2026"), ("cy", "29 Medi 2026"), ("pl", "2026-09-29")]
)
def test_dates_are_in_the_language_of_the_workspace(language: str, said: str) -> None:
    html = printed(SESSION, where=workspace(language=language))
    assert said in words(html)
    assert f'<html lang="{language}">' in html


def test_who_was_there_is_a_table() -> None:
    group = {
        **without(SESSION, "supervisor", "supervisees"),
        "type": "peer-group",
        "group": "pg1",
        "facilitator": "SE-205",
        "attendance": "{SE-205: present, SE-206: apologies, SE-207: late 40}",
    }
    assert "Łukasz Żółć (SE-205) Present 李雅 (SE-206) Apologies SE-207 Late by 40 minutes" in words(printed(group))


@pytest.mark.parametrize(
    ("outcome", "by", "said"),
    [
        ("cancelled", "supervisee", "This session was cancelled by the supervisee."),
        ("declined", "SE-201", "This session was declined by Rhian Kettle (SE-201)."),
        ("did-not-attend", "other", "This session was missed by somebody else."),
    ],
)
def test_a_session_that_was_not_held_says_so(outcome: str, by: str, said: str) -> None:
    given = {**without(SESSION, "minutes"), "outcome": outcome, "by": by, "rearranged_to": "2026-10-06"}
    seen = words(printed(given))
    assert said in seen
    assert "Rearranged to 6 October 2026" in seen


def test_one_date_for_the_next_session_is_said_once_and_a_session_not_held_has_no_blank_decision() -> None:
    given = {**without(SESSION, "minutes"), "status": "draft", "outcome": "cancelled", "by": "supervisor"}
    html = printed({**given, "rearranged_to": "2026-10-06", "next_date": "2026-10-06"}, {"Decisions": "### ____"})
    assert words(html).count("6 October 2026") == 1
    assert headings(html) == ["One-to-one clinical supervision"]
    both = words(printed({**given, "rearranged_to": "2026-10-06", "next_date": "2026-11-06"}))
    assert "Rearranged to 6 October 2026" in both
    assert "Next session 6 November 2026" in both


@pytest.mark.parametrize("wrong", ["date: tomorrow", "minutes: ____", "supervisees: {a: b}", "about: [[]]", "mode: {}"])
def test_a_wrong_fact_is_printed_as_it_stands(wrong: str) -> None:
    key, _, value = wrong.partition(": ")
    html = printed({**SESSION, key: value}, draft=True)
    assert all(word in words(html) for word in re.findall(r"\w\w+", value))


# headings


def test_headings_are_printed_as_they_were_written_and_in_their_order() -> None:
    html = printed(
        SESSION, {**CLINICAL, "Functions": "### Restorative\na\n### Formative\nb", "Our own": "words", "Good work": "c"}
    )
    assert headings(html) == [
        "One-to-one clinical supervision", "Focus question", "Exploration", "Functions", "Restorative", "Formative",
        "Decisions", "Actions", "Risk and safeguarding", "Good work", "Our own",
    ]  # fmt: skip


def test_a_decision_shows_its_workings() -> None:
    html = printed(SESSION, {**CLINICAL, "Decisions": DECISION})
    said = (
        "Offer a joint visit Before the end of the month. Decided by SE-201 Case K-17 Rationale Two alone led nowhere."
    )
    assert said in words(html)
    assert re.search(r"<h3>Offer a joint visit</h3>.*<h4>Rationale</h4>.*<h4>Ethical check</h4>", html, re.DOTALL)


def test_actions_and_their_review_are_tables() -> None:
    review = "- [x] A1: Ask **now** @SE-201\n- [-] 2026-08-04-se201#A2: Wait @all\n  No need."
    actions = "- [ ] A3: Read [[2026-08-04-se201]] @SE-201 @supervisor due:2026-12-17"
    html = printed(SESSION, {**CLINICAL, "Review of previous actions": review, "Actions": actions})
    seen = words(html)
    assert "A1 Ask now Rhian Kettle (SE-201) Done" in seen
    assert "A2 Wait No need. Agreed in Session, 4 August 2026 (2026-08-04-se201) All Dropped" in seen
    assert "A3 Read 2026-08-04-se201 Rhian Kettle (SE-201) Supervisor 17 December 2026" in seen
    assert html.count("<thead>") == 2


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"type": "mentoring"}, "This is mentoring. It is not clinical supervision."),
        ({"type": "line-management"}, "This is line management supervision. It is not clinical supervision."),
        ({"approach": "wellbeing-support"}, "This is informal wellbeing support."),
    ],
)
def test_a_page_says_what_the_session_is_not(facts: dict[str, str], said: str) -> None:
    assert said in words(printed({**SESSION, **facts}))
    assert said not in words(printed(SESSION))


# drafts


def test_only_drafts_say_so_and_leave_room_to_write() -> None:
    draft = printed({**SESSION, "status": "draft"}, {"Exploration": "Begun."})
    assert '<body class="draft"' in draft
    assert "Focus question Not written yet" in words(draft)
    assert "Exploration Begun." in words(draft)
    recorded = printed(SESSION, {"Exploration": "Begun."})
    assert '<body class="draft"' not in recorded
    assert "Not written yet" not in words(recorded)
    assert '<body class="draft"' in printed(SESSION, draft=True)


def test_a_blank_form_has_a_line_for_each_fact_that_it_asks_for_and_room_for_a_decision() -> None:
    blank = {**without(SESSION, "minutes", "mode"), "status": "draft"}
    decision = "### ____\n#### Decided by\n#### Rationale\n#### Ethical check\n"
    html = printed(blank, {"Decisions": decision})
    assert re.search(r"Start _+ Minutes _+ Approach _+ Mode _+ Supervisor SV-014 .* Next session _+", words(html))
    assert re.search(r"Decisions _+ Decided by Rationale Not written yet Ethical check Not written yet", words(html))
    assert '<h3><span class="blank rest"' in html
    assert not re.search("Approach|Rationale", words(printed({**blank, "status": "recorded"}, {"Decisions": decision})))
    assert "Approach" not in words(printed(blank, {}, ORGANISATION))
    group = {**without(blank, "supervisees"), "type": "peer-group"}
    assert printed(group).count('<tr class="open">') == page.LINES


def test_words_that_are_kept_stand_in_the_section_that_they_were_typed_in() -> None:
    typed = {"Functions": "Mostly supportive.", "Review of previous actions": "We looked back.", "Actions": "Soon."}
    html = printed({**SESSION, "status": "draft"}, {**typed, "Ours": "One.", "Focus question": "Where?"})
    seen = headings(html)
    assert len(seen) == len(set(seen))
    assert "Functions Mostly supportive." in words(html)
    assert "Review of previous actions We looked back." in words(html)
    assert seen[-1] == "Ours"
    facts = "---\nkind: session\ntype: one-to-one\nstatus: draft\n---\n"
    stray = f"{facts}First.\n\n# Title\n\nSecond.\n\n## Focus question\n\nQ?\n"
    kept = re.sub(r"<style>.*?</style>", "", page.html(record(stray), workspace(), PARTIES), flags=re.DOTALL)
    assert words(kept).count("Also written First. Second.") == 1


@pytest.mark.parametrize(("status", "draft"), [("draft", True), ("to-sign", False), ("agreed", False)])
def test_an_agreement_to_sign_is_no_draft(status: str, draft: bool) -> None:
    assert ('<body class="draft"' in printed({**AGREEMENT, "status": status})) is draft


# audiences and names


def test_an_organisation_sees_attendance_and_nothing_else() -> None:
    html = printed({**SESSION, "approach": "case-supervision"}, {**CLINICAL, "Decisions": DECISION}, ORGANISATION)
    assert headings(html) == ["Attendance record"]
    assert "One-to-one clinical supervision, 29 September 2026 Outcome Held Minutes 60" in words(html)
    assert "Supervisee Rhian Kettle" in words(html)
    assert "Rhian Kettle (SE-201)" in words(html)
    assert not re.search(
        "say no|twice|joint visit|Case supervision|clinical", words(html).replace("One-to-one clinical", "")
    )


def test_a_case_sees_its_own_decisions_alone() -> None:
    html = printed(SESSION, {**CLINICAL, "Decisions": DECISION}, Audience("case", case="K-17"))
    assert headings(html)[0] == "Decisions for case K-17"
    assert "Two alone led nowhere." in words(html)
    assert not re.search("Another matter|say no|Rhian", html)


def test_titles_and_running_heads_hold_codes_and_no_names() -> None:
    facts = {**SESSION, "id": "2026-09-29-se201"}
    for audience in (PARTIES, ORGANISATION):
        html = printed(facts, CLINICAL, audience)
        assert "2026-09-29-se201" in head(html)
        assert not re.search("Rhian|Kettle", head(html))
        assert "Rhian Kettle" in words(html)


def test_a_log_is_printed_for_its_author() -> None:
    html = printed(
        {**REFLECTION, "model": "gibbs"}, {"Feelings": "Calm.", "My own": "Words."}, Audience("author", "SE-201")
    )
    assert {"Feelings", "My own"} <= set(headings(html))
    assert "Gibbs (1988)" in words(html)
    assert "no legal privilege" in words(html)


# agreements


def test_an_agreement_numbers_its_clauses_and_ends_in_signatures() -> None:
    html = printed(AGREEMENT, {"Purpose": "To think.", "Confidentiality": "Stays here.", "Ours": "More."})
    assert headings(html)[1:] == ["Parties", "1. Purpose", "2. Confidentiality", "3. Ours", "Signatures"]
    signed = words(html).partition("Signatures")[2]
    assert re.fullmatch(
        r" Name Role Signature Date SV-014 Supervisor _+ _+ Rhian Kettle \(SE-201\) Supervisee _+ _+"
        r" Version 1 Status Agreed These terms .* are not legal advice\.",
        signed,
    )


@pytest.mark.parametrize("sections", [{}, {"Confidentiality": "Stays between us."}])
def test_no_agreement_prints_as_absolute(sections: dict[str, str]) -> None:
    html = printed(AGREEMENT, sections)
    assert "No promise of confidentiality is absolute." in words(html)
    assert "risk of serious harm" in words(html)
    assert "Yes, together and beforehand" in words(html)
    assert "No promise of confidentiality is absolute: the law" in words(
        printed(without(AGREEMENT, "exceptions"), sections)
    )
    assert "an organisation receives attendance alone" in words(html)


def test_an_agreement_is_no_legal_advice_and_shows_what_is_open() -> None:
    html = printed({**without(AGREEMENT, "start", "review_date"), "fees": "{amount: £____}"}, {"Fees and payment": "x"})
    seen = words(html)
    assert "These terms were written for negotiation between the parties. They are not legal advice." in seen
    assert re.search(r"Starts _+ To be reviewed _+", seen)
    assert re.search(r"1\. Fees and payment x Fees Amount: £ _+", seen)
    assert words(printed({**AGREEMENT, "form": "mentoring"})).count("It is not clinical supervision.") == 1


# what a workspace may change


def test_a_workspace_changes_words_colours_logo_and_pages_without_touching_code(tmp_path: Path) -> None:
    theirs = (
        '{% extends "shipped/session.html.j2" %}{% block heading %}Our {{ label }}{% endblock %}'
        "{% block foot %}{{ words.page }}!{% endblock %}"
    )
    root = write(
        tmp_path,
        {
            "pages/session.html.j2": theirs,
            "styles/plum.css": ":root { --accent: plum }</style><script>",
            "logo.svg": "<svg/>",
        },
    )
    html = page.html(record(text_of(SESSION)), workspace(root, theme="plum", logo="logo.svg"), PARTIES)
    assert "<h1>Our One-to-one clinical supervision</h1>" in html
    assert "page!</p>" in html
    assert '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="Riverside">' in html
    style = html.partition("<style>")[2].partition("</style>")[0]
    assert style.index("--accent: #") < style.index("--accent: plum")
    assert "<script>" not in html.partition("</style>")[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('url("a.woff2")', 'url("asset:a.woff2")'),
        ("url(a.png)", "url(asset:a.png)"),
        ("@import 'b.css'", "@import 'asset:b.css'"),
        ("@import url(b.css)", "@import url(asset:b.css)"),
        ("url( 'asset:x' )", "url( 'asset:x' )"),
        ("url(data:x)", "url(data:x)"),
        ("url(#x)", "url(#x)"),
        ("url(https://a.org/x)", "url(https://a.org/x)"),
    ],
)
def test_a_theme_names_the_files_beside_it(tmp_path: Path, typed: str, meant: str) -> None:
    root = write(tmp_path, {"styles/theme.css": f"/* here: */ {typed};"})
    assert f"/* here: */ {meant};" in page.html(record(text_of(SESSION)), workspace(root), PARTIES)


@pytest.mark.parametrize("logo", ["../logo.svg", "/etc/hostname", "none.svg", "notes.md"])
def test_a_logo_lies_in_the_workspace_and_is_a_picture(tmp_path: Path, logo: str) -> None:
    root = write(tmp_path, {"logo.svg": "<svg/>", "in/notes.md": "x"}) / "in"
    assert "<img" not in page.html(record(text_of(SESSION)), workspace(root, logo=logo), PARTIES)


def test_a_page_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    for text in ("{% block %}", "{{ value.missing }}", "{{ ''.__class__ }}"):
        root = write(tmp_path, {"pages/session.html.j2": text})
        page._pages.cache_clear()
        with pytest.raises(page.PageFault, match=r"session\.html\.j2") as fault:
            page.html(record(text_of(SESSION)), workspace(root), PARTIES)
        assert str(tmp_path) not in str(fault.value)


def test_a_new_kind_prints_without_a_page_of_its_own() -> None:
    schema = {
        "title": "Visit",
        "properties": {
            "kind": {"const": "visit"},
            "date": {"title": "Day", "type": "string", "format": "date"},
            "seen": {"title": "Seen", "type": "string", "x-shape": "text"},
        },
    }
    visit = Kind("visit", schema)
    read = record("---\nkind: visit\ndate: 2026-01-02\n---\n## Seen\nA garden.\n", kinds={"visit": visit})
    html = page.html(read, workspace(), PARTIES)
    assert headings(html) == ["Visit", "Seen"]
    assert "Visit 2 January 2026" in words(html)


def test_what_was_typed_is_never_html_and_never_a_template() -> None:
    nasty = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %}"
    html = printed({**SESSION, "provider": nasty}, {"Exploration": nasty, nasty: nasty, "Decisions": f"### {nasty}"})
    assert "<script>" not in html
    assert "49" not in words(html)
    assert words(html).count("{{ 7 * 7 }}") == 5


def test_records_are_not_changed_by_printing() -> None:
    read: Record = record(text_of(SESSION, {**CLINICAL, "Decisions": DECISION}))
    before = repr(read)
    page.html(read, workspace(), PARTIES)
    assert repr(read) == before
