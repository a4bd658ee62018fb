"""PDF: what must hold of every print, whatever it looks like.

It opens, is tagged, claims only what is true, is the same twice, and fetched nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pikepdf
import pytest

from supervision_notes.printing import page, pdf
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience
from supervision_notes.register import Register
from supervision_notes.workspace import Workspace

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
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
PEOPLE = {
    "SE-201": {"name": "Rhian Kettle"},
    "SE-205": {"name": "Łukasz Żółć"},
    "SE-206": {"name": "Orla O'Brien-Ní Dhónaill"},
}
WORKSPACE = Workspace(Path("nowhere"), Register(KINDS, {"organisation": "Riverside"}, PEOPLE))
WORDS = "She asked twice, and we looked at what that was about. " * 12
RICH = f"""{WORDS}

### What was known

1. One
3. Three
   - inside [*the* `guide`](https://example.org/guide)

> A thought.

| a | b |
|---|---|
| 1 | 2 | 3 |
| {"x" * 90} |

(£____) … (____), ~~gone~~, and until ____

```sh
make
```
"""
TABLE = "| No | What |\n|---|---|\n" + "".join(f"| {n} | {WORDS[:200]} |\n" for n in range(120))
TALL = f"| No | What |\n|---|---|\n| 1 | {WORDS * 40} |\n"
DECISION = "### Visit\n#### Case\nK-17\n#### Rationale\nTwo.\n#### Ethical check\nYes."
ACTIONS = "- [ ] A1: Read it @SE-201 due:2026-12-17\n- [ ] A2: Send it @SE-205"
REVIEW = "- [x] a#A1: Ask @SE-201\n- [>] b#A2: Wait @all due:2026-12-17\n  Away.\n- [-] A3: Book\n  Full."
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "group": "pg1",
    "facilitator": "SE-205",
    "attendance": "{SE-205: present, SE-206: apologies, SE-207: late 40}",
}
NOT_HELD = {**without(SESSION, "minutes"), "outcome": "cancelled", "by": "supervisee"}
FORMS = KINDS["agreement"].schema["properties"]["form"]["enum"]
CLAUSES = {
    field.title: "We agree.\n\n- One: ____\n- Two" for field in KINDS["agreement"].fields.values() if field.shape
}

Sample = tuple[dict[str, str], dict[str, str], Audience]
SAMPLES: dict[str, Sample] = {
    "session": (
        SESSION,
        {
            **CLINICAL,
            "Exploration": RICH,
            "Decisions": DECISION,
            "Actions": ACTIONS,
            "Review of previous actions": REVIEW,
        },
        PARTIES,
    ),
    "for the organisation": (SESSION, CLINICAL, Audience("organisation")),
    "for a case": (SESSION, {**CLINICAL, "Decisions": DECISION}, Audience("case", case="K-17")),
    "group": (GROUP, CLINICAL, PARTIES),
    "draft": ({**SESSION, "status": "draft"}, {"Exploration": "Begun."}, PARTIES),
    "cancelled": (NOT_HELD, {}, PARTIES),
    "a long table": (SESSION, {**CLINICAL, "Exploration": TABLE}, PARTIES),
    "a row taller than a page": (SESSION, {**CLINICAL, "Exploration": TALL}, PARTIES),
    "reflection": (REFLECTION, {"Feelings": RICH, "My own": "Words."}, Audience("author", "SE-201")),
    **{
        f"{type} session": ({**SESSION, "type": type}, {}, PARTIES)
        for type in ("mentoring", "line-management", "practice")
    },
    **{f"{form} agreement": ({**AGREEMENT, "form": form, "status": "to-sign"}, CLAUSES, PARTIES) for form in FORMS},
}


def html_of(sample: Sample) -> str:
    facts, sections, audience = sample
    return page.html(record(text_of({"id": "2026-09-29-se201", **facts}, sections)), WORKSPACE, audience)


def around(body: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def opened() -> Callable[[str], pikepdf.Pdf]:
    """Prints a sample, once, and opens it."""
    done: dict[str, bytes] = {}

    def print_and_open(name: str) -> pikepdf.Pdf:
        if name not in done:
            done[name] = pdf.pdf(html_of(SAMPLES[name])).data
        return pikepdf.open(io.BytesIO(done[name]))

    return print_and_open


def tags(opened: pikepdf.Pdf) -> list[Any]:
    """Every element of the tag tree, in reading order."""
    found = []

    def walk(element: Any) -> None:
        found.append(element)
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
                walk(kid)

    walk(opened.Root.StructTreeRoot.K[0])
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_two_independent_checkers_find_no_error(name: str, tmp_path: Path) -> None:
    without_error(html_of(SAMPLES[name]), tmp_path)


@pytest.mark.parametrize("comment", ["Not so.", WORDS * 40, RICH, "شكرا"])
@pytest.mark.parametrize("name", ["session", "group", "individual agreement"])
def test_what_was_said_of_a_record_passes_both_checkers(name: str, comment: str, tmp_path: Path) -> None:
    without_error(said_of(name, comment, tmp_path), tmp_path)


def said_of(name: str, comment: str, root: Path) -> str:
    """The page of a sample that some of its parties signed with a comment, and to which something was added."""
    facts, sections, audience = SAMPLES[name]
    signed = {**without(SIGN_OFF, "digest"), "of": "a", "method": "paper", "verdict": "disagree"}
    files = {
        f"{by}.md": text_of({**signed, "by": by}, {"Comment": comment})
        for by in ("SE-201", "SV-014", "SE-205", "SE-207")
    }
    files["later.md"] = text_of({**ADDENDUM, "of": "a"}, {"Addendum": comment})
    written = {"supervision.yaml": "organisation: Riverside\n", "a.md": text_of(facts, sections), **files}
    found = open_workspace(write(root / "ws", written), jobs=1).workspace
    read = read_one(found.root, "a.md", found.register)
    assert read
    return page.html(read, found, audience)


def test_bookmarks_hold_no_name_of_a_party(tmp_path: Path) -> None:
    printed = pdf.pdf(said_of("group", "Not so.", tmp_path)).data
    with pikepdf.open(io.BytesIO(printed)) as print_, print_.open_outline() as outline:
        titles = [child.title for child in outline.root[0].children]
    assert titles[-2:] == ["Sign-off and comments", "Added later"]
    assert all(not child.children for child in outline.root[0].children)


def without_error(html: str, tmp_path: Path) -> None:
    """Neither checker finds an error in the print of a page."""
    printed = pdf.pdf(html)
    assert printed.missing == ()
    path = tmp_path / "print.pdf"
    path.write_bytes(printed.data)
    heard = outloud.check(str(path))
    assert heard.error is None
    assert [finding.message for finding in heard.findings if finding.severity == "error"] == []
    seen = pdfua.validate(str(path))
    assert [finding.message for finding in seen.findings if finding.severity == pdfua.Severity.ERROR] == []


def test_a_print_says_what_it_is(opened: Callable[[str], pikepdf.Pdf]) -> None:
    print_ = opened("session")
    said = print_.Root.Metadata.read_bytes().decode()
    assert said.count("<rdf:RDF") == 1
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in said
    assert "<pdfuaid:part>1</pdfuaid:part>" in said
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in said
    title = "One-to-one clinical supervision, 29 September 2026 (2026-09-29-se201)"
    assert str(print_.docinfo["/Title"]) == title
    assert title in said
    assert str(print_.Root.Lang) == "en-GB"
    assert bool(print_.Root.ViewerPreferences.DisplayDocTitle)
    assert [round(float(side)) for side in print_.pages[0].mediabox] == [0, 0, 595, 842]


def test_bookmarks_lead_to_every_heading_and_hold_no_name(opened: Callable[[str], pikepdf.Pdf]) -> None:
    with opened("session").open_outline() as outline:
        root = outline.root[0]
    assert root.title == "One-to-one clinical supervision"
    assert [child.title for child in root.children][:3] == [
        "Review of previous actions",
        "Focus question",
        "Exploration",
    ]


def test_nothing_of_today_and_nothing_of_this_machine_is_in_it(opened: Callable[[str], pikepdf.Pdf]) -> None:
    print_ = opened("session")
    assert set(print_.docinfo.keys()) == {"/Title", "/Producer", "/Creator"}
    plain = io.BytesIO()
    print_.save(
        plain, object_stream_mode=pikepdf.ObjectStreamMode.disable, stream_decode_level=pikepdf.StreamDecodeLevel.all
    )
    assert str(Path.home()).encode() not in plain.getvalue()
    assert b"asset:" not in plain.getvalue()


def test_the_same_page_gives_the_same_bytes() -> None:
    html = html_of(SAMPLES["session"])
    first = pdf.pdf(html).data
    pdf.pdf(html_of(SAMPLES["group"]))
    assert pdf.pdf(html).data == first


def test_heads_feet_and_the_word_draft_are_for_the_eye_alone(opened: Callable[[str], pikepdf.Pdf]) -> None:
    for name in ("a long table", "draft"):
        print_ = opened(name)
        for number, sheet in enumerate(print_.pages):
            drawn = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(sheet)).decode("latin-1")
            assert drawn.count("/Artifact <<") + drawn.count("/Artifact<<") >= 2, f"{name}, page {number + 1}"
    body = SAMPLES["draft"]
    assert html_of(body).partition("<h1>")[2].count("DRAFT") == 0


def test_a_table_over_many_pages_is_one_table_with_one_head(opened: Callable[[str], pikepdf.Pdf]) -> None:
    for name, rows in (("a long table", 121), ("a row taller than a page", 0)):
        print_ = opened(name)
        found = tags(print_)
        tables = [element for element in found if element.S == "/Table"]
        assert len(tables) == 1
        assert [group.S for group in tables[0].K].count("/THead") == 1
        assert len([element for element in found if element.S == "/TR"]) >= rows
        heads = [element for element in found if element.S == "/TH"]
        assert [cell.A.Scope for cell in heads] == ["/Column", "/Column"]


def test_the_head_of_a_table_is_drawn_on_every_page(tmp_path: Path) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open("pdf", pdf.pdf(html_of(SAMPLES["a long table"])).data) as print_:
        texts = [sheet.get_text() for sheet in print_]
    with_rows = [text for text in texts if WORDS[:30] in text]
    assert len(with_rows) > 5
    assert all(re.search(r"\bNo\n?\s*What\b", text) for text in with_rows)
    assert f"page 2 of {len(texts)}" in " ".join(texts[1].split())


@pytest.mark.parametrize(("heading", "last"), [("Review of previous actions", "What"), ("Actions", "By")])
def test_the_words_of_an_action_have_the_widest_column(heading: str, last: str) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    agreed = "- [>] 2026-08-04-se201#A1: Ask the chair about a round @SE-206 due:2026-09-27"
    with pymupdf.open("pdf", pdf.pdf(html_of((SESSION, {heading: agreed}, PARTIES))).data) as print_:
        found = {word[4]: word[0] for word in print_[0].get_text("words")[::-1]}
        right = print_[0].rect.width - 26 / 25.4 * 72
    action, who, end = (found[word] for word in ("Action", "Who", last))
    assert who - action > 1.6 * max(end - who, right - end)


@pytest.mark.parametrize("length", [1, 12, 90])
def test_nobody_signs_a_page_without_a_clause(length: int) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    last = "- We part well.\n\n" + "Whatever happens, we tell each other early and say why. " * length
    for lines in range(2, 40, 4):
        clauses = {"Purpose": "We meet.\n\n" * lines, "Confidentiality": "It stays here.", "Ending": last}
        html = html_of(({**AGREEMENT, "status": "to-sign"}, clauses, PARTIES))
        with pymupdf.open("pdf", pdf.pdf(html).data) as print_:
            (signed,) = (text for text in (sheet.get_text() for sheet in print_) if "Signatures" in text)
        assert "say why." in signed.partition("Signatures")[0]
        assert "not legal advice" in signed.partition("Signatures")[2]


@pytest.mark.parametrize("met", ["SE-201", "SE-201, SE-205, SE-206"])
def test_sign_offs_stay_together_with_the_last_words_of_the_record(met: str) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    for lines in range(2, 40, 4):
        words = {**CLINICAL, "Exploration": "We met.\n\n" * lines, "Learning": "Whatever happens, say why."}
        html = html_of(({**SESSION, "supervisees": met}, words, PARTIES))
        with pymupdf.open("pdf", pdf.pdf(html).data) as print_:
            *_, last = (sheet.get_text() for sheet in print_)
        assert last.count("Signature and date") == len(met.split())
        assert "say why." in last.partition("Sign-off")[0]
        assert "no legal" in last.partition("Sign-off")[2]


def test_a_blank_has_room_for_a_name_and_lies_on_nothing() -> None:
    pymupdf = pytest.importorskip("pymupdf")
    text = "The fee is (£____) for ____ minutes, paid by ____________ or (____), and at the latest ____ weeks after."
    html = html_of((SESSION, {**CLINICAL, "Exploration": text}, PARTIES))
    with pymupdf.open("pdf", pdf.pdf(html).data) as print_:
        found = [word for word in print_[0].get_text("words") if "____" in word[4]]
        others = [word for word in print_[0].get_text("words") if "____" not in word[4]]
    assert len(found) == 5
    for x0, y0, x1, y1, words, *_ in found:
        assert words.count("_") >= 26
        assert (x1 - x0) / 72 * 25.4 >= 35
        assert not any(a < x1 - 1 and x0 + 1 < c and b < y1 - 4 and y0 + 4 < d for a, b, c, d, *_ in others)


def test_a_character_that_no_font_has_is_named_and_the_claim_withheld() -> None:
    printed = pdf.pdf(around("<p>a \U0010fffd b \u0378</p>"))
    assert printed.missing == ("U+0378", "U+10FFFD")
    with pikepdf.open(io.BytesIO(printed.data)) as print_:
        said = print_.Root.Metadata.read_bytes()
    assert b"<dc:title>" in said
    assert b"pdfaid:part" not in said
    assert b"pdfuaid" not in said


# what a page may fetch


@pytest.mark.parametrize(
    "address",
    ["https://example.org/x.svg", "file:///etc/hostname", "asset:../pyproject.toml", "asset:/etc/hostname",
     "asset:fonts/../../README.md", "ftp://example.org/x", "asset:%2e%2e/pyproject.toml", "asset:fonts\0"],
)  # fmt: skip
def test_a_page_fetches_nothing_but_assets(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    style = f'<style>@import url("{address}"); p {{ background: url("{address}") }}</style>'
    printed = pdf.pdf(around(f'{style}<p>x</p><img alt="y" src="{address}">'))
    assert printed.data.startswith(b"%PDF")
    assert caplog.text.count("a page may use only shipped assets") >= 2
    assert "something was fetched" not in caplog.text


def test_assets_are_the_workspaces_own_then_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "OFL.txt").write_text("ours")
    (tmp_path / "away").symlink_to(Path(__file__))
    own = pdf.Assets(tmp_path)
    assert own.read("fonts/OFL.txt") == b"ours"
    assert (pdf.SHIPPED.read("fonts/OFL.txt") or b"").startswith(b"Copyright")
    for name in ("away", "../conftest.py", str(Path(__file__)), "fonts", "none"):
        assert own.read(name) is None


def test_without_pango_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(name: str) -> None:
        print("a long message of somebody else's")
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(pdf, "import_module", lacking)
    pdf._weasyprint.cache_clear()
    try:
        with pytest.raises(pdf.PrintingUnavailable, match=r"libpangoft2.* libharfbuzz-subset0"):
            pdf.ready()
    finally:
        pdf._weasyprint.cache_clear()
    assert capsys.readouterr().out == ""


def test_the_print_library_is_not_loaded_before_it_is_needed() -> None:
    source = Path(pdf.__file__).read_text("utf-8") + Path(page.__file__).read_text("utf-8")
    assert not re.search(r"^(?:import|from) weasyprint", source, re.MULTILINE)
