"""Every page in every form, read by two independent accessibility checkers: neither finds an error.

`test_pdf.py` asks the same of made-up samples; here it is what is shipped, what `new` writes, and what is hard to set.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import outloud
import pdfua
import pikepdf
import pytest

from supervision_notes.cli.main import run
from supervision_notes.printing import page, pdf
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience
from supervision_notes.workspace import Workspace

from .conftest import AGREEMENT, CLINICAL, KINDS, SESSION, text_of, without, write

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "riverside"
PARTIES, ORGANISATION = Audience("parties"), Audience("organisation")
FORMS = KINDS["agreement"].schema["properties"]["form"]["enum"]
SETTINGS = {"supervision.yaml": "organisation: Riverside Community Trust\nowner: SV-014\n"}


class Sheet(NamedTuple):
    """One page to look at: the record at a path, for somebody."""

    path: str
    audience: Audience

    def __str__(self) -> str:
        who = self.audience
        return f"{Path(self.path).stem}-{who.case or who.person or who.who}"


@cache
def riverside() -> Workspace:
    return open_workspace(EXAMPLE, jobs=1).workspace


def shipped() -> Iterator[Sheet]:
    """Every record of the example for everybody who may read something of it."""
    workspace = riverside()
    for skeleton in workspace.records:
        record = read_one(workspace.root, skeleton.path, workspace.register)
        assert record
        decisions = record.value.get("decisions")
        cases = {item.get("case") for item in decisions if item.get("case")} if isinstance(decisions, list) else set()
        audiences = [PARTIES, ORGANISATION, *(Audience("case", case=case) for case in sorted(cases))]
        if skeleton.private:
            audiences.append(Audience("author", person=record.value["author"]))
        for audience in audiences:
            if record.seen_by(audience, workspace.receives(record)):
                yield Sheet(skeleton.path, audience)


def heard(html: str, workspace: Workspace, tmp_path: Path) -> pikepdf.Pdf:
    """Print a page, let both checkers read it, and give it back."""
    printed = pdf.pdf(html, pdf.Assets(workspace.root / "styles"))
    assert printed.missing == ()
    path = tmp_path / "print.pdf"
    path.write_bytes(printed.data)
    aloud = outloud.check(str(path))
    assert aloud.error is None
    assert [finding.message for finding in aloud.findings if finding.severity == "error"] == []
    seen = pdfua.validate(str(path))
    assert [finding.message for finding in seen.findings if finding.severity == pdfua.Severity.ERROR] == []
    return pikepdf.open(path)


def read_aloud(workspace: Workspace, path: str, tmp_path: Path, audience: Audience = PARTIES) -> pikepdf.Pdf:
    record = read_one(workspace.root, path, workspace.register)
    assert record
    return heard(page.html(record, workspace, audience), workspace, tmp_path)


@pytest.mark.parametrize("sheet", list(shipped()), ids=str)
def test_what_is_shipped(sheet: Sheet, tmp_path: Path) -> None:
    read_aloud(riverside(), sheet.path, tmp_path, sheet.audience)


def test_every_audience_was_asked() -> None:
    sheets = list(shipped())
    assert {sheet.audience.who for sheet in sheets} == {"parties", "organisation", "author", "case"}
    assert {sheet.path for sheet in sheets} == {record.path for record in riverside().records}


BLANK = {
    **{f"{form} agreement": ("agreement", "--form", form, "--set", "status=to-sign") for form in FORMS},
    "draft agreement": ("agreement", "--form", "individual"),
    **{
        f"{type} session": ("session", "--set", f"type={type}")
        for type in KINDS["session"].schema["properties"]["type"]["enum"]
    },
}


@pytest.mark.parametrize("name", BLANK)
def test_a_form_to_be_filled_in_by_hand(name: str, tmp_path: Path) -> None:
    """The lines for ink are read as blanks, and the room under each heading is no mistake."""
    root = copytree(EXAMPLE, tmp_path / "ws", ignore=lambda *_: ["sessions", "agreements", "reflections", "out"])
    kind, *more = BLANK[name]
    whom = "pg1" if "peer" in name else "SE-201"
    assert run(["-q", "-C", str(root), "new", kind, "--for", whom, "--date", "2026-10-14", *more]) == 0
    workspace = open_workspace(root, jobs=1).workspace
    (record,) = workspace.records
    read_aloud(workspace, record.path, tmp_path)


MODELS = list(KINDS["reflection"].schema["x-models"])


@pytest.mark.parametrize("model", MODELS)
def test_a_log_of_each_model(model: str, tmp_path: Path) -> None:
    root = write(tmp_path / "ws", SETTINGS)
    assert run(["-q", "-C", str(root), "new", "reflection", "--model", model, "--date", "2026-10-14"]) == 0
    workspace = open_workspace(root, jobs=1).workspace
    (record,) = workspace.records
    read_aloud(workspace, record.path, tmp_path, Audience("author", person="SV-014"))


PEOPLE = """\
people:
  SE-201: {name: 李雅}
  SE-202: {name: أمينة خليل}
  SE-203: {name: Łukasz Żółć}
  SE-204: {name: Orla O'Brien-Ní Dhónaill}
  SE-205: {name: Olúfẹ́mi Adéyẹmí}
  SV-014: {name: Nguyễn Thị Hạnh}
"""
ATTENDANCE = "{SE-201: present, SE-202: apologies, SE-203: late 40, SE-204: did-not-attend, SE-205: present}"
GROUP = {
    **without(SESSION, "supervisor", "supervisees"),
    "type": "peer-group",
    "group": "pg1",
    "facilitator": "SV-014",
    "attendance": ATTENDANCE,
}
PARTY = "[{person: SV-014, role: supervisor}, {person: SE-202, role: supervisee}, {person: SE-201, role: supervisee}]"
SENTENCE = "SE-201 said that she had been asked twice, and we stayed with what the second time had been like. "
LONG = "\n\n".join(
    f"### Part {n}\n\n{SENTENCE * 14}\n\n- {SENTENCE}\n- {SENTENCE}\n  1. {SENTENCE}\n\n> {SENTENCE}" for n in range(72)
)
ROWS = "| No. | What was agreed | أمينة |\n|---:|:---|---|\n" + "".join(
    f"| {n} | {SENTENCE} | {'أمينة خليل ' * 3 if n % 7 == 0 else ''} |\n" for n in range(150)
)
TASKS = "\n".join(f"- [ ] A{n}: {SENTENCE.strip()} @SE-202 due:2026-12-17\n  Because of أمينة.\n" for n in range(1, 61))
FENCE = "```\n" + "x" * 400 + "\n" + "\n".join("a line of code" for _ in range(90)) + "\n```"
HARD: dict[str, tuple[dict[str, str], dict[str, str], int]] = {
    "names of many scripts": (GROUP, CLINICAL, 1),
    "names that sign": ({**AGREEMENT, "status": "to-sign", "parties": PARTY}, {"Purpose": "(£____) … (____)"}, 1),
    "forty pages": (SESSION, {**CLINICAL, "Exploration": LONG}, 40),
    "sixty actions": (SESSION, {**CLINICAL, "Actions": TASKS}, 3),
    "code": (SESSION, {**CLINICAL, "Exploration": FENCE}, 2),
    "words of many scripts": (
        SESSION,
        {
            **CLINICAL,
            "Exploration": "李雅 said 你好。\n\nأمينة قالت **نعم** `code`\n\n- Łukasz\n- Żółć\n",
            "李雅 أمينة": "Words.",
        },
        1,
    ),
    "a draft": ({**SESSION, "status": "draft"}, {"Exploration": LONG[:9000], "Decisions": "### Visit ____"}, 2),
    "links": (SESSION, {**CLINICAL, "Exploration": f"[*{SENTENCE}*](https://example.org/{'a' * 90}) [[a]] " * 3}, 1),
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_hard_to_set(name: str, tmp_path: Path) -> None:
    facts, sections, least = HARD[name]
    root = write(tmp_path / "ws", {**SETTINGS, "people.yaml": PEOPLE, "a.md": text_of(facts, sections)})
    with read_aloud(open_workspace(root, jobs=1).workspace, "a.md", tmp_path) as print_:
        assert len(print_.pages) >= least


def test_a_table_of_150_rows(tmp_path: Path) -> None:
    """However many pages it runs over, it is one table, and has every row."""
    text = text_of(SESSION, {**CLINICAL, "Exploration": ROWS})
    root = write(tmp_path / "ws", {**SETTINGS, "people.yaml": PEOPLE, "a.md": text})
    with read_aloud(open_workspace(root, jobs=1).workspace, "a.md", tmp_path) as print_:
        assert len(print_.pages) > 5
        tags = [str(thing.S) for thing in print_.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing]
    assert tags.count("/TR") >= 151
    assert tags.count("/Table") == 1
