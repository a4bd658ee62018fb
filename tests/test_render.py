"""`render` as a person runs it: what is printed, what is refused and why, and what the machine may lack.

Every test runs the command itself in a process of its own. `notes` does that; other tests of the command borrow it.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pikepdf
import pytest

from supervision_notes.cli.main import run

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

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "riverside"
SETTINGS = {"supervision.yaml": "organisation: Riverside\n"}
GOOD = text_of(SESSION, CLINICAL)
LONG = text_of(SESSION, {**CLINICAL, "Exploration": "She asked twice, and we looked at why that was.\n\n" * 120})
WRONG = text_of({**SESSION, "minutes": "0"}, CLINICAL)
BROKEN = "---\nkind: session\n\n## Exploration\n\nThe facts were never closed.\n"
LOG = text_of(REFLECTION, {"Feelings": "Cold."})
DECISIONS = "\n".join(
    f"### Visit {case}\n#### Case\n{case}\n#### Rationale\nTwo.\n#### Ethical check\nYes.\n"
    for case in ("K-17", "K 17/3", "K-18")
)


class Ran(NamedTuple):
    """What became of a command."""

    code: int
    out: str
    err: str


def notes(
    *arguments: str | Path,
    at: Path,
    under: tuple[str, ...] = (),
    site: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Ran:
    """Run the command in a folder: `under` another program, or with a `site` folder that Python looks into first."""
    places = [str(place) for place in (site, ROOT) if place]
    environment = {"HOME": str(at), "LANG": "C.UTF-8", "PATH": os.defpath, "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(
        [*under, sys.executable, "-m", "supervision_notes", *map(str, arguments)],
        cwd=at,
        env={**environment, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def notes_here(*arguments: str | Path, at: Path) -> Ran:
    """The same in this process, for whoever asks hundreds of questions."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True) for _ in range(2))
    with chdir(at), redirect_stdout(out), redirect_stderr(err):
        code = run([*map(str, arguments)])
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]  # type: ignore[attr-defined]
    assert "our fault" not in said[1], said[1]
    return Ran(code, *said)


def prints(folder: Path) -> dict[str, bytes]:
    """What lies in a folder of prints."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sheets(data: bytes) -> list[str]:
    """The words on each page of a PDF, in the order in which they were drawn."""
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def drafts(pages: list[str]) -> list[bool]:
    """Which pages say DRAFT. The word is drawn aslant, so that each letter counts as a line of its own."""
    return ["DRAFT" in "".join(words.split()) for words in pages]


# one record and the others


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_one_failing_record_never_stops_the_rest(form: str, tmp_path: Path) -> None:
    root = write(
        tmp_path, {**SETTINGS, "a.md": GOOD, "b.md": WRONG, "c.md": BROKEN, "d.md": GOOD, "e.md": GOOD, "f.md": GOOD}
    )
    (root / "out" / f"e.{form}").mkdir(parents=True)
    ran = notes("render", "--format", form, at=root)
    assert ran.code == 1
    assert ran.out.splitlines() == [f"out/a.{form}", f"out/d.{form}", f"out/f.{form}"]
    told = [line.rpartition(": ")[0] or line for line in ran.err.splitlines()]
    assert len(told) == 3, ran.err
    assert "not printed: b.md: it has errors" in ran.err
    assert "not printed: c.md: it could not be read" in ran.err
    assert "not printed: e.md: a file of that name is there already" in ran.err
    assert sorted(prints_of(root)) == [f"a.{form}", f"d.{form}", f"e.{form}", f"f.{form}"]


def prints_of(root: Path) -> list[str]:
    return [path.name for path in (root / "out").iterdir()]


def test_a_page_that_cannot_be_used_fails_its_own_records_alone(tmp_path: Path) -> None:
    pages = {"pages/session.html.j2": "{% block %}"}
    root = write(tmp_path, {**SETTINGS, **pages, "a.md": GOOD, "b.md": text_of(AGREEMENT)})
    ran = notes("render", "--draft", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "out/b.html\n")
    assert "not printed: a.md: the page session.html.j2, line 1" in ran.err


def test_a_record_with_errors_prints_only_as_a_draft_that_says_so_on_every_page(tmp_path: Path) -> None:
    wrong = LONG.replace("minutes: 60", "minutes: 0")
    root = write(tmp_path, {**SETTINGS, "a.md": wrong})
    ran = notes("render", "a", at=root)
    assert (ran.code, ran.out) == (1, "")
    assert "`check` names them) or add --draft" in ran.err
    assert not (root / "out").exists()
    assert notes("render", "a", "--draft", at=root).code == 0
    pages = sheets((root / "out" / "a.pdf").read_bytes())
    assert len(pages) > 2
    assert all(drafts(pages))


def test_a_record_without_errors_is_no_draft(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": LONG})
    assert notes("render", at=root) == Ran(0, "out/a.pdf\n", "")
    assert not any(drafts(sheets((root / "out" / "a.pdf").read_bytes())))


def test_what_check_forgives_is_printed(tmp_path: Path) -> None:
    """A rule that the workspace turned off is no error, neither for `check` nor for `render`."""
    off = {"supervision.yaml": "organisation: Riverside\nseverity: {unknown-person: off}\n"}
    people = {"people.yaml": "people:\n  SV-014: {name: Mary Poole}\n"}
    root = write(tmp_path, {**off, **people, "a.md": GOOD})
    assert notes("check", at=root).code == 0
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/a.html\n", "")


def test_what_check_calls_an_error_is_refused(tmp_path: Path) -> None:
    """Also where only another record shows that it is one."""
    root = write(tmp_path, {**SETTINGS, "a.md": text_of({**SESSION, "id": "same"}, CLINICAL)})
    write(root, {"b.md": text_of({**SESSION, "id": "same", "date": "2026-10-06"}, CLINICAL)})
    assert notes("check", at=root).code == 1
    ran = notes("render", "--format", "html", at=root)
    assert ran.code == 1
    assert "not printed: b.md" in ran.err


def test_no_print_takes_the_place_of_another(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": text_of({**SESSION, "id": "same"}, CLINICAL)})
    write(root, {"b.md": text_of({**SESSION, "id": "same", "date": "2026-10-06"}, CLINICAL)})
    ran = notes("render", "--format", "html", "--draft", at=root)
    assert len(ran.out.splitlines()) == len(prints_of(root)), "every print that is named is there"


@pytest.mark.parametrize("id", ["../../away", "{tmp}/away", "sub/away", "..", "a\\b"])
def test_an_id_cannot_leave_the_folder(id: str, tmp_path: Path) -> None:
    """A record with such an id has an error; as a draft it prints, but where the others do."""
    wanted = id.replace("{tmp}", str(tmp_path))
    root = write(tmp_path / "deep" / "ws", {**SETTINGS, "a.md": text_of({**SESSION, "id": f"'{wanted}'"}, CLINICAL)})
    before = set(tmp_path.rglob("*"))
    notes("render", "--draft", "--format", "html", "-o", root / "out", at=root)
    index = root / ".supervision"
    new = {path for path in tmp_path.rglob("*") if index not in (path, path.parent)} - before - {root / "out"}
    assert {path.parent for path in new} <= {root / "out"}


# for whom


def test_what_is_private_is_not_there_and_the_way_to_it_is_said_in_any_case(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "log.md": LOG})
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/a.html\n", "")
    for named in ("log", "log.md", "nothing"):
        ran = notes("render", named, "--format", "html", at=root)
        assert (ran.code, ran.out) == (2, "")
        assert f"there is no record “{named}”. Private records print for their author alone:  --for author" in ran.err
    assert prints_of(root) == ["a.html"]


@pytest.mark.parametrize("private", [{}, {"log.md": LOG}], ids=["", "log"])
def test_where_nothing_is_printed_the_way_to_what_is_private_is_said(private: dict[str, str], tmp_path: Path) -> None:
    """The same where there is none, so that it tells of nothing."""
    ran = notes("render", "--format", "html", at=write(tmp_path, {**SETTINGS, **private}))
    where = "Private records print for their author alone:  --for author --as CODE\n"
    assert ran == Ran(0, "", f"there was nothing to print for this audience. {where}")


def test_what_is_not_theirs_is_neither_counted_nor_named_whether_it_has_errors_or_not(tmp_path: Path) -> None:
    wrong = text_of({**REFLECTION, "minutes": "60"}, {"Feelings": "Cold."})
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "log.md": wrong})
    for more in ((), ("--draft",)):
        ran = notes("render", "--format", "html", "--for", "author", "--as", "SV-014", *more, at=root)
        assert ran == Ran(0, "out/a~for-SV-014.html\n", "")
    ran = notes("render", "--format", "html", "--for", "author", "--as", "SE-201", at=root)
    assert ran.code == 1
    assert "not printed: log.md: it has errors" in ran.err


def test_who_was_away_is_told_that_there_is_nothing_for_them(tmp_path: Path) -> None:
    group = {
        **without(SESSION, "supervisor", "supervisees"),
        "type": "peer-group",
        "facilitator": "SE-205",
        "group": "pg1",
    }
    there = {**group, "attendance": "{SE-205: present, SE-206: present, SE-207: apologies}"}
    root = write(tmp_path, {**SETTINGS, "a.md": text_of(there, CLINICAL)})
    ran = notes("render", "--format", "html", "--for", "author", "--as", "SE-207", at=root)
    assert (ran.code, ran.out) == (0, ""), ran.err
    assert ran.err.startswith("left out: 1 record: nothing in it for this audience\n")


OF_OTHERS = {**SESSION, "id": "x1", "date": "2026-03-03", "supervisor": "SV-022", "supervisees": "SE-202"}
NAMES_IT = {
    "x.md": text_of(OF_OTHERS, {**CLINICAL, "Actions": "- [ ] A4: Ring the ward @SE-202"}),
    "a.md": text_of(
        {**SESSION, "previous": "x1", "about": "x1"},
        {**CLINICAL, "Review of previous actions": "- [x] x1#A4: Ring @SE-201", "Exploration": "As in [[x1#A4]]."},
    ),
    "pg.md": text_of(
        {
            **without(SESSION, "supervisor", "supervisees"),
            **{"id": "pg-1", "type": "peer-group", "facilitator": "SE-205", "group": "pg1"},
            "attendance": "{SE-205: present, SE-201: present, SE-206: present}",
        },
        {**CLINICAL, "Review of previous actions": "- [x] x1#A4: Ring @SE-201"},
    ),
}


@pytest.mark.parametrize(
    "command",
    [
        "render a --draft --format html",
        "render --pack SE-201 --draft --format html",
        "show a",
        "links a",
        "timeline SE-201",
        "list",
    ],
)
def test_of_a_record_of_others_that_is_named_its_id_alone_is_told(command: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, **NAMES_IT})
    for whom in ("--for author --as SE-201", ""):
        ran = notes(*command.split(), *whom.split(), at=root)
        assert ran.code == 0, ran.err
        text = (root / ran.out.strip()).read_text("utf-8") if command.startswith("render") else ran.out
        if whom:
            assert not re.search("3 March 2026|2026-03-03|SE-202|SV-022", text)
        elif not command.startswith("timeline"):
            assert re.search("3 March 2026|2026-03-03", text), "the parties may know of every session"
        if command.startswith(("render", "show", "links")):
            assert "x1" in text


def test_a_sign_off_prints_with_its_record_and_by_itself_where_it_is_named(tmp_path: Path) -> None:
    ink = {**without(SIGN_OFF, "digest"), "method": "paper"}
    later = text_of(ADDENDUM, {"Addendum": "Both sites."})
    files = {"2026-09-29-se201.md": GOOD, "signed.md": text_of(ink), "later.md": later}
    root = write(tmp_path, {**SETTINGS, **files})
    said = "left out: 2 records: printed with the record that it is of\n"
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/2026-09-29-se201.html\n", said)
    for named in ("signed", "later.md"):
        ran = notes("render", named, "--format", "html", at=root)
        assert (ran.code, ran.out, ran.err) == (0, f"out/{named.removesuffix('.md')}.html\n", "")
    write(root, {"2026-09-29-se201.md": WRONG})
    ran = notes("render", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "out/later.html\nout/signed.html\n"), "their record does not print"


def test_a_draft_is_nothing_for_the_organisation_yet(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "b.md": text_of({**SESSION, "status": "draft"}, CLINICAL)})
    for more in ((), ("--draft",)):
        ran = notes("render", "--format", "html", "--for", "organisation", *more, at=root)
        said = "left out: 1 record: still a draft, so nothing for the organisation yet\n"
        assert ran == Ran(0, "out/a~organisation.html\n", said)


def test_an_author_gets_their_own(tmp_path: Path) -> None:
    other = text_of({**REFLECTION, "author": "SE-202"}, {"Feelings": "Warm."})
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "log.md": LOG, "other.md": other})
    ran = notes("render", "--format", "html", "--for", "author", "--as", "SE-201", at=root)
    assert (ran.code, ran.out) == (0, "out/a~for-SE-201.html\nout/log~for-SE-201.html\n")
    assert ran.err == ""
    nobody = notes("render", "--format", "html", "--for", "author", "--as", "SE-9", at=root)
    assert (nobody.code, nobody.out) == (0, "")
    assert "there was nothing to print" in nobody.err


def test_a_restricted_record_is_printed_for_its_readers_and_is_not_there_for_others(tmp_path: Path) -> None:
    note = text_of(DISCLOSURE, {"What was said": "A concern.", "Why": "Risk.", "Outcome": "None yet"})
    root = write(tmp_path, {**SETTINGS, "2026-09-29-se201.md": GOOD, "r-1.md": note})
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/2026-09-29-se201.html\n", "")
    for audience in ((), ("--for", "author", "--as", "SE-201"), ("--for", "organisation")):
        for named in ("r-1", "r-1.md"):
            ran = notes("render", named, "--format", "html", *audience, at=root)
            way = "" if audience else " Private records print for their author alone:  --for author --as CODE"
            assert ran == Ran(2, "", f"supervision-notes: there is no record “{named}”.{way}\n")
    ran = notes("render", "r-1", "--format", "html", "--for", "author", "--as", "EX-003", at=root)
    assert ran == Ran(0, "out/r-1~for-EX-003.html\n", "")
    assert "A concern." in (root / "out" / "r-1~for-EX-003.html").read_text("utf-8")
    assert (
        "out/r-1~for-SV-014.html"
        in notes("render", "--for", "author", "--as", "SV-014", "--format", "html", at=root).out
    )


def test_a_restricted_record_never_takes_the_name_of_another_print(tmp_path: Path) -> None:
    session = text_of({**SESSION, "id": "same"}, CLINICAL)
    note = text_of({**DISCLOSURE, "id": "same", "session": "same"}, {"What was said": "A concern.", "Why": "Risk."})
    root = write(tmp_path, {**SETTINGS, "a.md": session, "b.md": note})
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/same.html\n", "")
    ran = notes("render", "--format", "html", "--draft", "--for", "author", "--as", "SV-014", at=root)
    assert (ran.code, ran.out) == (1, "out/same~for-SV-014.html\n")
    assert "not printed: b.md: another record has the same id" in ran.err
    assert "A concern" not in (root / "out" / "same~for-SV-014.html").read_text("utf-8")


def test_a_process_note_is_printed_for_its_author_alone(tmp_path: Path) -> None:
    root = write(
        tmp_path, {**SETTINGS, "2026-09-29-se201.md": GOOD, "note.md": text_of(PROCESS_NOTE, {"Notes": "Hm."})}
    )
    assert notes("render", "note", "--format", "html", "--for", "author", "--as", "SE-201", at=root).out == ""
    ran = notes("render", "note", "--format", "html", "--for", "author", "--as", "SV-014", at=root)
    assert (ran.code, ran.out) == (0, "out/note~for-SV-014.html\n")


def test_the_owner_is_the_author_unless_another_is_named(tmp_path: Path) -> None:
    root = write(tmp_path, {"supervision.yaml": "organisation: R\nowner: SE-201\n", "log.md": LOG})
    assert notes("render", "--format", "html", "--for", "author", at=root).out == "out/log~for-SE-201.html\n"
    without_owner = write(tmp_path / "b", {**SETTINGS, "log.md": LOG})
    ran = notes("render", "--for", "author", at=without_owner)
    assert ran.code == 2
    assert "--for author needs a code" in ran.err


def test_a_case_gets_its_own_decisions_in_a_file_of_its_own(tmp_path: Path) -> None:
    session = text_of({**SESSION, "type": "practice"}, {**CLINICAL, "Decisions": DECISIONS})
    root = write(tmp_path, {**SETTINGS, "a.md": session, "b.md": GOOD})
    for case, name in (("K-17", "a~case-K-17.html"), ("K 17/3", "a~case-K%2017%2F3.html")):
        ran = notes("render", "--format", "html", "--for", "case", "--as", case, at=root)
        assert (ran.code, ran.out) == (0, f"out/{name}\n")
        page = (root / "out" / name).read_text("utf-8")
        assert f"Visit {case}" in page
        assert page.count("Visit ") == 1
    ran = notes("render", "--for", "case", at=root)
    assert ran.code == 2
    assert "--for case needs the reference of the case" in ran.err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("k-17", "this audience; did you mean “K-17”?"),
        ("K\u201317", "this audience; did you mean “K-17”?"),
        ("k 17/3", "this audience; did you mean “K 17/3”?"),
        *((typed, "this audience.") for typed in ("K-1", "K-19", "K17", "17")),
    ],
)
def test_a_case_is_offered_only_to_whoever_has_its_reference(typed: str, said: str, tmp_path: Path) -> None:
    session = text_of({**SESSION, "type": "practice"}, {**CLINICAL, "Decisions": DECISIONS})
    ran = notes("render", "--for", "case", "--as", typed, at=write(tmp_path, {**SETTINGS, "a.md": session}))
    assert ran == (0, "", f"there was nothing to print for {said}\n")


def test_the_organisation_gets_a_file_of_its_own(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "agr.md": text_of({**AGREEMENT, "status": "draft"})})
    ran = notes("render", "--format", "html", "--for", "organisation", at=root)
    assert ran == Ran(0, "out/a~organisation.html\n", "")


# where to


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_print_is_replaced_and_a_file_of_somebody_else_is_not(form: str, tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "b.md": GOOD})
    (root / "out").mkdir()
    theirs = root / "out" / f"b.{form}"
    theirs.write_text("A poem.")
    first = notes("render", "--format", form, at=root)
    assert (first.code, first.out) == (1, f"out/a.{form}\n")
    assert "not printed: b.md: a file of that name is there already" in first.err
    write(root, {"a.md": GOOD.replace("She asked twice.", "She asked three times.")})
    before = prints(root / "out")
    assert notes("render", "a", "--format", form, at=root) == Ran(0, f"out/a.{form}\n", "")
    assert prints(root / "out")[f"a.{form}"] != before[f"a.{form}"]
    assert theirs.read_text() == "A poem."


def test_a_file_that_only_speaks_of_us_is_somebody_elses(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "out/a.html": "<p>How I use supervision-notes, a memoir.</p>"})
    ran = notes("render", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "")
    assert (root / "out" / "a.html").read_text() == "<p>How I use supervision-notes, a memoir.</p>"


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_print_of_a_page_of_ones_own_is_replaced_too(form: str, tmp_path: Path) -> None:
    page = '<html lang="en"><title>T</title><h1>{{ label }}</h1></html>'
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "pages/session.html.j2": page})
    for _ in range(2):
        assert notes("render", "--format", form, at=root) == Ran(0, f"out/a.{form}\n", "")


def test_prints_go_where_they_are_wanted(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", {**SETTINGS, "sessions/a.md": GOOD})
    assert notes("render", "--format", "html", "-o", "../prints", at=root).out == "../prints/a.html\n"
    assert list(prints(tmp_path / "prints")) == ["a.html"]
    assert not (root / "out").exists()
    inside = notes("render", "a", "--format", "html", at=root / "sessions")
    assert inside.code == 0
    assert (root / "out" / "a.html").is_file()
    assert notes("-C", "ws", "render", "sessions/a.md", "--format", "html", at=tmp_path).code == 0
    assert notes("render", "a.md", "--format", "html", at=root / "sessions").code == 0


@pytest.mark.parametrize("command", ["render", "timeline SE-201"])
@pytest.mark.parametrize(
    ("links", "output"),
    [
        ({"out": "away"}, None),
        ({"out": "away"}, "out/demo"),
        ({"out/demo": "away"}, "out/demo"),
        ({"out/demo": "away"}, "./out/demo/deeper"),
        ({"out": "nowhere"}, None),
        ({"out": "ws/out"}, None),
    ],
)
def test_out_is_no_way_out(command: str, links: Mapping[str, str], output: str | None, tmp_path: Path) -> None:
    """A shared folder, perhaps, that a colleague's copy of the workspace leads to."""
    root = write(tmp_path / "ws", {**SETTINGS, "a.md": GOOD})
    (tmp_path / "away").mkdir()
    for name, to in links.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).symlink_to(tmp_path / to)
    more = ("-o", output) if output else ()
    ran = notes(*command.split(), "--format", "html", *more, at=root)
    assert (ran.code, ran.out) == (2, "")
    assert f"“{output or 'out'}” leads out of the workspace by a link" in ran.err
    assert "with -o" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert list((tmp_path / "away").iterdir()) == []


@pytest.mark.parametrize("output", ["out", "../away", "elsewhere"])
def test_a_link_that_is_named_is_a_choice(output: str, tmp_path: Path) -> None:
    root = write(tmp_path / "ws", {**SETTINGS, "a.md": GOOD})
    (tmp_path / "away").mkdir()
    for name in ("out", "elsewhere"):
        (root / name).symlink_to(tmp_path / "away")
    assert notes("render", "--format", "html", "-o", output, at=root) == Ran(0, f"{output}/a.html\n", "")
    assert list(prints(tmp_path / "away")) == ["a.html"]


def test_a_link_that_stays_in_the_workspace_is_followed(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD})
    (root / "printed").mkdir()
    (root / "out").symlink_to("printed")
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/a.html\n", "")
    assert list(prints(root / "printed")) == ["a.html"]


@pytest.mark.parametrize("where", [".", "sessions", "../ws"])
def test_what_is_said_to_be_printed_is_there(where: str, tmp_path: Path) -> None:
    """A path on stdout leads to the file from where one stands: it is handed to the next program."""
    root = write(tmp_path / "ws", {**SETTINGS, "sessions/a.md": GOOD})
    here = (root / where).resolve()
    ran = notes("render", "--format", "html", at=here)
    assert ran.out.strip()
    assert all((here / line).is_file() for line in ran.out.splitlines())


def test_a_path_is_meant_from_the_folder_that_is_named(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", {**SETTINGS, "sessions/a.md": GOOD, "b.md": GOOD})
    assert root
    ran = notes("-C", "ws", "render", "sessions", "--format", "html", at=tmp_path)
    assert (ran.code, [Path(line).name for line in ran.out.splitlines()]) == (0, ["a.html"])


@pytest.mark.parametrize("arguments", [("-q", "render"), ("render", "-q"), ("render", "a", "--quiet")])
def test_quiet_is_quiet_on_success(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "log.md": LOG})
    assert notes(*arguments, "--format", "html", at=root) == Ran(0, "", "")
    assert prints_of(root) == ["a.html"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("2026-09-29-se20", "there is no record “2026-09-29-se20”; did you mean “2026-09-29-se201”?"),
        ("qqqq", "there is no record “qqqq”."),
        ("refl-2026-09-22-se20", "there is no record “refl-2026-09-22-se20”"),
    ],
)
def test_an_unknown_id_gets_the_nearest_one_that_is_not_private(wanted: str, said: str, tmp_path: Path) -> None:
    names = {"2026-09-29-se201.md": GOOD, "refl-2026-09-22-se201.md": LOG}
    ran = notes("render", wanted, at=write(tmp_path, {**SETTINGS, **names}))
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "refl-2026-09-22-se201" not in ran.err


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_the_same_bytes_whoever_prints_and_however_often(form: str, tmp_path: Path) -> None:
    assert notes("init", "ws", "--example", at=tmp_path).code == 0
    made = []
    for jobs, folder in (("1", "a"), ("2", "b")):
        assert notes("-C", "ws", "render", "--format", form, "--jobs", jobs, "-o", folder, at=tmp_path).code == 0
        made.append(prints(tmp_path / folder))
    assert len(made[0]) == 18
    assert made[0] == made[1]


# what the machine lacks


def test_a_character_that_no_font_has_is_named(tmp_path: Path) -> None:
    strange = text_of(SESSION, {**CLINICAL, "Exploration": "She drew \U0010fffd on the sheet."})
    root = write(tmp_path, {**SETTINGS, "a.md": strange, "b.md": GOOD})
    ran = notes("render", at=root)
    assert (ran.code, ran.out) == (0, "out/a.pdf\nout/b.pdf\n")
    assert ran.err.startswith("a.pdf: no font on this machine can draw U+10FFFD;")
    with pikepdf.open(io.BytesIO((root / "out" / "a.pdf").read_bytes())) as print_:
        assert b"pdfuaid" not in print_.Root.Metadata.read_bytes()


@pytest.fixture
def no_pango(tmp_path: Path) -> dict[str, str]:
    """An environment in which Pango is found and cannot be loaded."""
    if sys.platform != "linux":
        pytest.skip("libraries are named otherwise here")
    names = ("libpango-1.0-0", "pango-1.0-0", "pango-1.0", "libpango-1.0.so.0")
    folder = write(tmp_path / "lib", dict.fromkeys(names, "not a library"))
    return {"LD_LIBRARY_PATH": str(folder)}


def test_without_pango_html_prints_and_pdf_says_what_to_install(no_pango: dict[str, str], tmp_path: Path) -> None:
    root = write(tmp_path / "ws", {**SETTINGS, "a.md": GOOD})
    ran = notes("render", "--format", "html", at=root, env=no_pango)
    assert ran == Ran(0, "out/a.html\n", "")
    for folder in ("out", "never"):
        ran = notes("render", "-o", folder, at=root, env=no_pango)
        assert (ran.code, ran.out) == (2, "")
        assert len(ran.err.splitlines()) == 1
        assert "libpango-1.0-0" in ran.err
        assert "--format html works" in ran.err
    assert prints_of(root) == ["a.html"]
    assert not (root / "never").exists(), "nothing is written before it is known that printing works"


def test_without_pango_all_else_works(no_pango: dict[str, str], tmp_path: Path) -> None:
    root = write(tmp_path / "ws", {**SETTINGS, "a.md": GOOD})
    assert notes("check", at=root, env=no_pango).code == 0
    assert notes("new", "session", "--for", "SE-201", "--date", "2026-10-14", at=root, env=no_pango).code == 0
    ran = notes("doctor", at=root, env=no_pango)
    assert ran.code == 2
    assert "Pango: without it nothing prints as PDF" in ran.out
    assert "To install what is missing:" in ran.out


@cache
def without_shared_memory() -> tuple[str, ...]:
    """What to put before a command so that the machine lends it no shared memory; empty where that cannot be done."""
    if which("unshare"):
        for way in (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount")):
            under = (*way, "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm && exec "$@"', "sh")
            if subprocess.run([*under, "true"], capture_output=True, check=False).returncode == 0:
                return under
    return ()


def test_a_machine_that_lends_no_processes_prints_all_the_same(tmp_path: Path) -> None:
    under = without_shared_memory()
    if not under:
        pytest.skip("this machine cannot take its shared memory away")
    lock = "import multiprocessing; multiprocessing.get_context('fork').Lock()"
    lacking = subprocess.run([*under, sys.executable, "-c", lock], capture_output=True, text=True, check=False)
    assert "OSError" in lacking.stderr, "the machine is as broken as the test says"
    root = write(tmp_path, {**SETTINGS, **{f"{name}.md": GOOD for name in "abc"}})
    assert notes("render", "--jobs", "2", at=root, under=under) == Ran(0, "out/a.pdf\nout/b.pdf\nout/c.pdf\n", "")


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    root = write(tmp_path, {**SETTINGS, "a.md": GOOD, "b.md": GOOD, "out": "a file where the folder should be"})
    ran = notes("render", "--format", "html", at=root)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 2
    assert "the machine refused" in ran.err


def test_a_session_that_was_not_held_prints(tmp_path: Path) -> None:
    facts = {**without(SESSION, "minutes"), "outcome": "cancelled", "by": "supervisee"}
    root = write(tmp_path, {**SETTINGS, "a.md": text_of(facts)})
    assert notes("render", "--format", "html", at=root) == Ran(0, "out/a.html\n", "")
