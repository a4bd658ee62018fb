"""Pages: a record's text in, the words on its page out, and never a word that the audience may not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from supervision_notes.kind import Kind
from supervision_notes.printing import page, sheet
from supervision_notes.problem import START
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience, Record
from supervision_notes.register import Register
from supervision_notes.skeleton import Skeleton
from supervision_notes.workspace import Workspace

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
    DISCLOSURE,
    KINDS,
    REFLECTION,
    SESSION,
    SIGN_OFF,
    record,
    text_of,
    without,
    write,
)

PARTIES = Audience("parties")
ORGANISATION = Audience("organisation")
PEOPLE = {"SE-201": {"name": "Rhian Kettle"}, "SE-205": {"name": "Łukasz Żółć"}, "SE-206": {"name": "李雅"}}
BEFORE = Skeleton("a.md", "2026-08-04-se201", "session", "shared", "2026-08-04", START)
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
    before, _, body = html.partition("<body")
    return before + body.partition(">")[0] + "".join(re.findall("<header[^>]*>", body))


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
        "Decisions", "Actions", "Risk and safeguarding", "Good work", "Our own", "Sign-off", "Rhian Kettle (SE-201)",
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
    assert printed(group).count('<tr class="open">') == sheet.LINES


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


@pytest.mark.parametrize("organisation", ["____", ""])
def test_a_blank_is_no_letterhead(organisation: str) -> None:
    html = printed(SESSION, CLINICAL, where=workspace(organisation=organisation))
    assert '<div class="letterhead"><p></p></div>' in html
    assert 'data-record="a"' in html


def test_an_organisation_sees_attendance_and_nothing_else() -> None:
    html = printed({**SESSION, "approach": "case-supervision"}, {**CLINICAL, "Decisions": DECISION}, ORGANISATION)
    assert headings(html) == ["Attendance record"]
    assert "One-to-one clinical supervision, 29 September 2026 Outcome Held Sign-off Awaiting Minutes 60" in words(html)
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


PAGES = {
    "like ours": '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">{}</head><body></body></html>',
    "without a head": "<!doctype html><html lang='a>b'>{}",
    "with a remark before it": "\ufeff<!-- <head> --><HTML><HEAD data-a='>'>{}</HEAD>",
    "a scrap": "{}",
    "that does not end": '<html lang="{}',
}


@pytest.mark.parametrize("name", PAGES)
def test_a_whole_page_of_the_workspaces_own_may_load_nothing_either(name: str, tmp_path: Path) -> None:
    text = PAGES[name].format('<img src="http://192.0.2.1/a.png">')
    root = write(tmp_path, {"pages/session.html.j2": text})
    html = page.html(record(text_of(SESSION)), workspace(root), PARTIES)
    before, found, after = html.partition('<meta http-equiv="Content-Security-Policy" content="default-src \'none\';')
    assert found
    assert "<img" in after
    assert before.lower().strip("\ufeff\n") in text.lower()
    assert not re.search("<(?!!doctype|html|head)", before, re.IGNORECASE)
    assert before.count('"') % 2 == 0


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
    known = replace(workspace(), register=Register({**KINDS, "visit": visit}))
    html = page.html(read, known, PARTIES)
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


# what stands beside a record

ID = "2026-09-29-se201"
PRACTICE = {
    "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n",
    "s.md": text_of({**SESSION, "id": ID}, CLINICAL),
}
INK = {**without(SIGN_OFF, "digest"), "method": "paper"}
LONG = "I would put it otherwise, and I said so at the time. " * 40


def beside(root: Path, files: Mapping[str, str], audience: Audience = PARTIES, path: str = "s.md", **how: bool) -> str:
    """The page of a session, or of what stands at a path, with what other files say of it."""
    where = open_workspace(write(root, {**PRACTICE, **files}), jobs=1).workspace
    read = read_one(root, path, where.register)
    assert read
    return re.sub(r"<style>.*?</style>", "", page.html(read, where, audience, **how), flags=re.DOTALL)


def digest_of(root: Path, text: str = PRACTICE["s.md"]) -> str:
    """What a party who signed a text has seen."""
    (found,) = open_workspace(write(root / "seen", {**PRACTICE, "s.md": text}), jobs=1).workspace.records
    return found.digest


def test_both_parties_words_stand_side_by_side(tmp_path: Path) -> None:
    digest = digest_of(tmp_path)
    html = beside(
        tmp_path,
        {
            "b.md": text_of({**SIGN_OFF, "verdict": "disagree", "digest": digest}, {"Comment": "I said *reluctant*."}),
            "c.md": text_of({**INK, "by": "SV-014", "date": "2026-10-01", "verdict": "agree-with-comment"}),
        },
    )
    assert '<div class="abreast">' in html
    assert (
        words(html)
        .partition("Sign-off and comments ")[2]
        .startswith(
            "Rhian Kettle (SE-201) Signed with disagreement Entered as SE-201 on 2 October 2026, session of"
            " 29 September 2026 I said reluctant . Mary Poole (SV-014) Signed · Agrees, with a comment"
            " Signed on paper on 1 October 2026, session of 29 September 2026 Entered as a declaration:"
        )
    )


@pytest.mark.parametrize("long", [LONG, "| a | b |\n|---|---|\n| 1 | 2 |", "```\ncode\n```"])
def test_what_is_long_or_wide_stands_below_the_other_and_is_whole(long: str, tmp_path: Path) -> None:
    html = beside(
        tmp_path,
        {"b.md": text_of(INK, {"Comment": long}), "c.md": text_of({**INK, "by": "SV-014"}, {"Comment": "Yes."})},
    )
    assert '<div class="abreast">' not in html
    assert words(html).count(LONG.strip()) == int(long == LONG)
    assert html.count('<div class="alone">') == 2


def test_the_members_of_a_group_stand_in_twos(tmp_path: Path) -> None:
    there = ", ".join(f"SE-{n}: present" for n in range(201, 206))
    group = {
        **without(SESSION, "supervisor", "supervisees"),
        "type": "peer-group",
        "group": "pg1",
        "facilitator": "SV-014",
    }
    html = beside(tmp_path, {"s.md": text_of({**group, "id": ID, "attendance": f"{{{there}}}"}, CLINICAL)})
    assert html.count('<div class="abreast">') == 3
    assert words(html).count("Awaiting sign-off Signature and date") == 5


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Signed · Agrees"),
        ({"verdict": "disagree"}, "Signed with disagreement"),
        ({"digest": "sha256:" + "0b" * 32}, "Changed since signed · Agrees"),
    ],
)
def test_how_a_party_stands(facts: dict[str, str], said: str, tmp_path: Path) -> None:
    signed = {**SIGN_OFF, "digest": digest_of(tmp_path), **facts}
    assert f"Rhian Kettle (SE-201) {said} Entered as" in words(beside(tmp_path, {"b.md": text_of(signed)}))


@pytest.mark.parametrize("lacking", ["digest", "verdict", "date"])
def test_a_sign_off_that_does_not_say_what_was_signed_decides_nothing(lacking: str, tmp_path: Path) -> None:
    signed = without({**SIGN_OFF, "digest": digest_of(tmp_path)}, lacking)
    said = words(beside(tmp_path, {"b.md": text_of(signed, {"Comment": "Whatever."})}))
    left_out = "What was written here is left out until its errors are mended."
    assert f"Rhian Kettle (SE-201) Awaiting sign-off Signature and date {left_out}" in said
    assert "Whatever" not in said


def test_a_title_is_no_part_of_what_was_signed(tmp_path: Path) -> None:
    titled = text_of({**SESSION, "id": ID}, CLINICAL).replace("\n## ", "\n# The night shift\n\n## ", 1)
    signed = {"s.md": titled, "b.md": text_of({**SIGN_OFF, "digest": digest_of(tmp_path)})}
    assert "The night shift" in words(beside(tmp_path, {"s.md": titled}))
    said = words(beside(tmp_path, signed))
    assert "Signed · Agrees" in said
    assert "The night shift" not in said


def test_who_is_waited_for_has_a_line_to_sign_and_a_draft_waits_for_nobody(tmp_path: Path) -> None:
    assert "Sign-off Rhian Kettle (SE-201) Awaiting sign-off Signature and date" in words(beside(tmp_path, {}))
    draft = text_of({**SESSION, "id": ID, "status": "draft"}, CLINICAL)
    assert "Sign-off" not in words(beside(tmp_path, {"s.md": draft}))
    missed = text_of({**without(SESSION, "minutes"), "id": ID, "outcome": "cancelled", "by": "supervisor"})
    assert "Sign-off" not in words(beside(tmp_path, {"s.md": missed}))


def test_what_a_party_said_before_stays(tmp_path: Path) -> None:
    first = text_of({**INK, "verdict": "disagree", "date": "2026-10-01"}, {"Comment": "Not so."})
    html = beside(tmp_path, {"b.md": text_of(INK), "c.md": first})
    said = words(html).partition("Sign-off and comments ")[2]
    assert re.match(r"Rhian Kettle \(SE-201\) Signed · Agrees .* Before that · Disagrees .* Not so\.", said)


def test_words_with_errors_are_left_out_and_the_page_says_so(tmp_path: Path) -> None:
    wrong = {
        "b.md": text_of({**INK, "mode": "online"}, {"Comment": "Whatever."}),
        "c.md": text_of({**ADDENDUM, "minutes": "3"}, {"Addendum": "However."}),
    }
    said = words(beside(tmp_path, wrong))
    assert not re.search("Whatever|However", said)
    assert said.count("What was written here is left out until its errors are mended.") == 2
    assert "Signed · Agrees Signed on paper on 2 October 2026" in said
    draft = words(beside(tmp_path, wrong, draft=True))
    assert "Whatever." in draft
    assert "However." in draft


def test_addenda_follow_in_the_order_of_their_days(tmp_path: Path) -> None:
    html = beside(
        tmp_path,
        {
            "a.md": text_of({**ADDENDUM, "date": "2026-11-01", "by": "SE-201"}, {"Correction": "Three times."}),
            "b.md": text_of(ADDENDUM, {"Addendum": "It covers both sites.", "Ours": "More."}),
        },
    )
    said = words(html).partition("Added later ")[2]
    assert said.startswith("Addendum by Mary Poole (SV-014) Recorded on 5 October 2026, session of 29 September 2026")
    assert " It covers both sites. Ours More. Addendum by Rhian Kettle (SE-201) Recorded on 1 November 2026" in said
    assert " Correction Three times." in said


def test_an_addendum_without_words_says_so_and_a_comment_is_none_of_a_signature(tmp_path: Path) -> None:
    empty = text_of(ADDENDUM, {"Addendum": "<!-- What was noticed later. -->"})
    seen = words(beside(tmp_path, {"b.md": text_of(INK), "c.md": empty}))
    assert "Recorded on 5 October 2026, session of 29 September 2026 Not written yet Record" in seen
    assert seen.count("Not written yet") == 1
    assert "Mary Poole (SV-014) Not written yet" in words(beside(tmp_path, {"c.md": empty}, path="c.md"))


def test_an_organisation_learns_whether_it_is_signed_and_a_case_nothing(tmp_path: Path) -> None:
    signed = {"b.md": text_of({**INK, "verdict": "disagree"}, {"Comment": "Not so."})}
    seen = words(beside(tmp_path, signed, ORGANISATION))
    assert "Sign-off Signed" in seen
    assert not re.search("Not so|isagree|2 October", seen)
    changed = {"b.md": text_of({**SIGN_OFF, "digest": "sha256:" + "0b" * 32})}
    assert "Sign-off Awaiting Minutes" in words(beside(tmp_path, changed, ORGANISATION))
    case = text_of({**SESSION, "id": ID}, {**CLINICAL, "Decisions": DECISION})
    seen = words(beside(tmp_path, {**signed, "s.md": case, "c.md": text_of(ADDENDUM, {"Addendum": "However."})},
                        Audience("case", case="K-17")))  # fmt: skip
    assert not re.search("Not so|isagree|igned|However|wait", seen)


def test_a_party_sees_what_the_parties_see(tmp_path: Path) -> None:
    files = {"b.md": text_of(INK, {"Comment": "Not so."}), "c.md": text_of(ADDENDUM, {"Addendum": "However."})}
    seen = words(beside(tmp_path, files, Audience("author", "SE-201")))
    assert "Not so." in seen
    assert "However." in seen


@pytest.mark.parametrize("told", ["2026-10-09", "not-yet"])
def test_that_confidentiality_was_extended_is_told_to_the_parties_once_the_supervisee_was(
    told: str, tmp_path: Path
) -> None:
    files = {"d.md": text_of({**DISCLOSURE, "supervisee_told": told}, {"What was said": "x", "Why": "y"})}
    note = "onfidentiality extended, see restricted note"
    assert (note in words(beside(tmp_path, files))) is (told != "not-yet")
    assert (note in words(beside(tmp_path, files, Audience("author", "SE-201")))) is (told != "not-yet")
    for audience in (ORGANISATION, Audience("case", case="K-17")):
        assert note not in words(beside(tmp_path, files, audience))


def test_an_agreement_shows_how_every_party_stands_and_a_line_for_the_others(tmp_path: Path) -> None:
    agreement = text_of({**AGREEMENT, "status": "to-sign", "id": "agr-1"}, {"Purpose": "To think."})
    signed = {**INK, "of": "agr-1"}
    files = {"a.md": agreement, "b.md": text_of(signed, {"Comment": "Gladly."})}
    said = words(beside(tmp_path, files, path="a.md")).partition("Signatures ")[2]
    assert re.match(
        r"Name Role Signature Date Mary Poole \(SV-014\) Supervisor _+ _+ Rhian Kettle \(SE-201\) Supervisee"
        r" Signed, on paper 2 October 2026 Comments Rhian Kettle \(SE-201\) Signed · Agrees .* Gladly\.",
        said,
    )
    changed = text_of({**signed, "method": "entered", "digest": "sha256:" + "0b" * 32})
    said = words(beside(tmp_path, {**files, "b.md": changed}, path="a.md")).partition("Signatures ")[2]
    assert re.search(r"Supervisee Changed since signed on 2 October 2026 _+ _+", said)
    assert "Comments" not in said
