"""Pages as they are, so that a change of words or structure is seen before it is sent to anybody.

    python -m pytest tests/test_goldens.py --update-goldens

writes them anew; what changed is then for a person to read. They hold no style sheet: looks may change freely.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from supervision_notes.cli.main import run
from supervision_notes.printing import Print, page, print_pack
from supervision_notes.printing.pack import Pack
from supervision_notes.printing.picture import Picture
from supervision_notes.questions.timeline import timeline
from supervision_notes.questions.view import View
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience
from supervision_notes.workspace import Workspace

from . import test_evaluation, test_figures, test_pack, test_picture, test_standing
from .conftest import (
    ADDENDUM,
    CLINICAL,
    CYCLE,
    DISCLOSURE,
    KINDS,
    MEASURE,
    PDSA,
    PROCESS_NOTE,
    SESSION,
    SIGN_OFF,
    text_of,
    without,
    write,
)

GOLDENS = Path(__file__).parent / "goldens"
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "riverside"
PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")
SHIPPED = {
    "one-to-one": ("2026-09-29-se201", PARTIES),
    "one-to-one-organisation": ("2026-09-29-se201", ORGANISATION),
    "peer-group": ("2026-10-22-pg1", PARTIES),
    "peer-group-organisation": ("2026-10-22-pg1", ORGANISATION),
    "practice": ("2026-10-07-se310", PARTIES),
    "practice-case": ("2026-10-07-se310", Audience("case", case="C-41")),
    "line-management": ("2026-11-03-sv014", PARTIES),
    "mentoring": ("2026-09-16-me031", PARTIES),
    "external": ("2026-10-15-sv014", PARTIES),
    "cancelled": ("2026-11-12-se219", PARTIES),
    "cancelled-organisation": ("2026-11-12-se219", ORGANISATION),
    "reflection": ("refl-2026-09-22-se201", Audience("author", "SE-201")),
    "agreement": ("agr-2026-se201", PARTIES),
}
AUTHOR = Audience("author", "SV-014")
PASSED_ON = {"What was said": "That there is a concern.", "Why": "Speaking first was not safe.", "Outcome": "None yet"}
NOTED = {
    "sign-off": (text_of({**SIGN_OFF, "verdict": "disagree"}, {"Comment": "I would say *reluctant*."}), PARTIES),
    "sign-off-paper": (text_of({**without(SIGN_OFF, "digest"), "method": "paper"}), PARTIES),
    "addendum": (text_of(ADDENDUM, {"Addendum": "The audit covers both sites."}), PARTIES),
    "process-note": (text_of(PROCESS_NOTE, {"Notes": "I hurried her.", "The silence": "Long."}), AUTHOR),
    "cycle": (text_of({**CYCLE, "end": "2026-04-30"}, PDSA), PARTIES),
    "measure": (text_of({**MEASURE, "author": "SV-014", "counted": "yes"}, {"Notes": "A long week."}), AUTHOR),
    "disclosure": (text_of({**DISCLOSURE, "discussed": "no"}, PASSED_ON), AUTHOR),
}
INK = {**without(SIGN_OFF, "digest"), "method": "paper"}
SAID = {
    "signed.md": text_of({**INK, "verdict": "disagree"}, {"Comment": "I would say *reluctant*."}),
    "agreed.md": text_of({**INK, "by": "SV-014"}),
    "later.md": text_of(ADDENDUM, {"Addendum": "The audit covers both sites."}),
    "told.md": text_of(DISCLOSURE, PASSED_ON),
}
BOUND = ("pack", "pack-organisation", "timeline", "coverage", "due", "evaluation")
FORMS = KINDS["agreement"].schema["properties"]["form"]["enum"]
NEW = {
    **{f"new-agreement-{form}": ("agreement", "--form", form) for form in FORMS},
    "new-session": ("session",),
    "new-session-peer-group": ("session", "--set", "type=peer-group", "--for", "pg1"),
    "new-reflection-gibbs": ("reflection", "--model", "gibbs"),
}
REGISTERS = {
    "supervision.yaml": "organisation: Riverside Community Trust\nowner: SV-014\nframework: proctor\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n",
}


@cache
def riverside() -> Workspace:
    return open_workspace(EXAMPLE, jobs=1).workspace


def shipped(name: str) -> str:
    """The page of a record of the example."""
    id, audience = SHIPPED[name]
    found = riverside().find(id)
    assert found
    return printed(riverside(), found.path, audience)


def blank(name: str, root: Path) -> str:
    """The page of a form as `new` writes it, on a day of its own."""
    kind, *more = NEW[name]
    write(root, REGISTERS)
    person = "SV-014" if kind == "reflection" else "SE-201"
    code = run(
        ["-q", "-C", str(root), "new", kind, "--for", person, "--date", "2026-10-14", *more]
    )  # the last one wins
    assert code == 0
    workspace = open_workspace(root, jobs=1).workspace
    (record,) = workspace.records
    return printed(workspace, record.path, Audience("author", person) if record.private else PARTIES)


def noted(name: str, root: Path) -> str:
    """The page of a note about a session."""
    text, audience = NOTED[name]
    write(root, {**REGISTERS, "2026-09-29-se201.md": text_of(SESSION, CLINICAL), "note-1.md": text})
    return printed(open_workspace(root, jobs=1).workspace, "note-1.md", audience)


def signed(root: Path) -> str:
    """The page of a session that was signed, and to which something was added."""
    write(root, {**REGISTERS, "2026-09-29-se201.md": text_of(SESSION, CLINICAL), **SAID})
    return printed(open_workspace(root, jobs=1).workspace, "2026-09-29-se201.md", PARTIES)


def bound(name: str, root: Path) -> str:
    """A portfolio, or the page of an answer."""
    audience = ORGANISATION if name == "pack-organisation" else PARTIES
    answers = {"coverage": test_figures.html, "due": test_standing.html, "evaluation": test_evaluation.html}
    if name in answers:
        return bare(answers[name](root))
    if name == "timeline":
        workspace = open_workspace(write(root, test_picture.RECORDS), jobs=1).workspace
        found = timeline(View(workspace, audience), "SE-201")
        assert found
        return bare(page.drawn("timeline", Picture(found, workspace).about(), workspace, audience))
    workspace = open_workspace(test_pack.practice(root), jobs=1).workspace
    made = print_pack(Print(workspace, audience, "html", root / "out"), Pack(workspace, audience, "SE-201"))
    assert made.path
    return bare(made.path.read_text("utf-8"))


def printed(workspace: Workspace, path: str, audience: Audience) -> str:
    """The page of a record."""
    record = read_one(workspace.root, path, workspace.register)
    assert record
    return bare(page.html(record, workspace, audience))


def bare(html: str) -> str:
    """A page without its style sheet, its logo, its seal and its empty lines."""
    html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    html = re.sub(r"data:image/[^\"]*", "data:…", html)
    html = re.sub(r"(?<=supervision-notes: )[0-9a-f]{64}", "…", html)
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip()) + "\n"


def made(name: str, root: Path) -> str:
    if name in SHIPPED:
        return shipped(name)
    if name == "signed":
        return signed(root)
    return (noted if name in NOTED else bound if name in BOUND else blank)(name, root)


@pytest.mark.parametrize("name", [*SHIPPED, *NOTED, *NEW, *BOUND, "signed"])
def test_a_page_is_as_it_was(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    html = made(name, tmp_path)
    golden = GOLDENS / f"{name}.html"
    if request.config.getoption("--update-goldens"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(html, "utf-8")
    assert html == golden.read_text("utf-8"), "if that is what is wanted: --update-goldens"


def test_every_golden_is_of_a_page() -> None:
    assert {path.stem for path in GOLDENS.iterdir()} == {*SHIPPED, *NOTED, *NEW, *BOUND, "signed"}


def test_goldens_hold_neither_looks_nor_a_place() -> None:
    for path in GOLDENS.iterdir():
        text = path.read_text("utf-8")
        assert "<style" not in text
        assert "base64" not in text
        assert not re.search(r"/(?:home|tmp|work|root|Users)/", text)
