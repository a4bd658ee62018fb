"""The index: whoever asks gets the same with it and without it, and it gives nothing away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision_notes.cores import beside
from supervision_notes.finding import Found
from supervision_notes.index import FILE, FOLDER, Index
from supervision_notes.reading import Checked, explained, open_workspace
from supervision_notes.rules import CATALOGUE

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

FIRST, SECOND = "2026-09-29-se201", "2026-11-24-se201"
SECRET = "She said that the heron had not come back."
PEOPLE = "people:\n  SV-014: {name: Ioana Brânză}\n  SE-201: {name: Rhian Kettle}\n  EX-003: {}\n"
LINKED = {**SESSION, "agreement": "agr-1"}
TASKS = "- [ ] A1: Heronword audit @SE-201 due:2026-11-20\n- [ ] A2: Heronword plan @SV-014"
REVIEW = f"- [x] {FIRST}#A1: Heronword audit\n- [-] A2: Heronword plan\n  Heronword reason."
GROUP = {
    **without(SESSION, "supervisor", "supervisees"), "type": "peer-group", "facilitator": "SV-014", "group": "pg1",
    "attendance": "{SE-201: present, EX-003: late 40}", "approach": "case-supervision",
}  # fmt: skip
FILES: dict[str, str] = {
    "supervision.yaml": "organisation: Heronword Trust\nowner: SV-014\n",
    "people.yaml": PEOPLE,
    f"sessions/{FIRST}.md": text_of(LINKED, {**CLINICAL, "Exploration": SECRET, "Actions": TASKS}),
    f"sessions/{SECOND}.md": text_of(
        {**LINKED, "date": "2026-11-24", "previous": FIRST},
        {"Review of previous actions": REVIEW, **CLINICAL, "Learning": f"See [[{FIRST}#A1]]. {SECRET}"},
    ),
    "sessions/group.md": text_of(GROUP, {**CLINICAL, "A heronword heading": SECRET}),
    "sessions/faulty.md": text_of({**SESSION, "mode": "onlnie", "about": f"{FIRST}#A9"}, {"Explorattion": SECRET}),
    "sessions/typed.yaml": "kind: session\nstatus: draft\nactions: [{id: A1, state: open, text: Heronword}]\n",
    "agreements/agr-1.md": text_of(AGREEMENT, {"Purpose": SECRET}),
    "signed.md": text_of({**SIGN_OFF, "verdict": "agree-with-comment"}, {"Comment": SECRET}),
    "addendum.md": text_of(ADDENDUM, {"Addendum": SECRET}),
    "README.md": f"{SECRET}\n",
}
PRIVATE: dict[str, str] = {
    "heronlog.md": text_of({**REFLECTION, "author": "SV-014", "id": "heronlog-id"}, {"Feelings": SECRET}),
    "heronnote.md": text_of({**PROCESS_NOTE, "id": "heronnote-id"}, {"Notes": SECRET}),
    "herondisclosure.md": text_of({**DISCLOSURE, "id": "herondisclosure-id", "session": FIRST}, {"Why": SECRET}),
    "heronbroken.md": "---\nkind: disclosure\nid: heronbroken-id\n  session: x\n---\n",
    "sessions/names-it.md": text_of({**SESSION, "date": "2026-10-09"}, {"Learning": "[[herondisclosure-id]]"}),
}
REMEMBERED = {path for path in FILES if path not in ("supervision.yaml", "people.yaml", "README.md")}


def opened(root: Path, **options: Any) -> Checked:
    return open_workspace(root, jobs=1, **options)


def told(checked: Checked) -> tuple[str, ...]:
    """All that one learns, down to the types of what is in it."""
    workspace = checked.workspace
    found = (checked.problems, workspace.records, workspace.restricted, workspace.register.people, checked.left_alone)
    return tuple(map(repr, found))


def from_nothing(root: Path) -> tuple[str, ...]:
    """What is learned without an index."""
    shutil.rmtree(root / FOLDER, ignore_errors=True)
    return told(opened(root))


def remembered(root: Path) -> set[str]:
    """The files that are believed to be known."""
    digests = {path: sha256((root / path).read_bytes()).digest() for path in Found(root).paths}
    return {path for path, one in Index(root).recall(len(digests)).items() if digests.get(path) == one.digest}


def content(root: Path) -> bytes:
    """All that stands in the folder of the index, in whichever file."""
    return b"".join(path.read_bytes() for path in sorted((root / FOLDER).iterdir()))


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A workspace that was checked once."""
    home = write(tmp_path / "practice", {**FILES, **PRIVATE})
    opened(home)
    return home


# what is remembered, and that it changes nothing


def test_what_is_shared_is_remembered_and_nothing_else(practice: Path) -> None:
    assert remembered(practice) == REMEMBERED


def test_with_the_index_one_learns_the_same(practice: Path) -> None:
    warm = told(opened(practice))
    assert remembered(practice) == REMEMBERED
    assert warm == from_nothing(practice)


def test_nothing_is_written_when_nothing_changed(practice: Path) -> None:
    before = (practice / FOLDER / FILE).stat()
    opened(practice)
    after = (practice / FOLDER / FILE).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def moved(root: Path) -> None:
    (root / f"sessions/{SECOND}.md").rename(root / "sessions/later.md")


def removed(root: Path) -> None:
    (root / f"sessions/{FIRST}.md").unlink()


def written(path: str, text: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        write(root, {path: text})

    return edit


def added(path: str, text: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        write(root, {path: (root / path).read_text("utf-8") + text})

    return edit


def same_size_and_time(root: Path) -> None:
    """The change that a clock does not show."""
    path = root / f"sessions/{FIRST}.md"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("@SE-201", "@SV-014"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size


DEBRIEF = {
    "title": "Debrief", "x-layer": "shared", "type": "object", "additionalProperties": False,
    "properties": {
        "kind": {"title": "Kind", "x-layer": "shared", "const": "debrief"},
        "date": {"title": "Date", "x-layer": "shared", "type": "string", "format": "date"},
        "led_by": {"title": "Led by", "x-layer": "shared", "type": "string", "x-link": "person"},
        "sections": {"title": "Other headings", "x-layer": "shared", "type": "array"},
    },
    "required": ["kind", "date"],
}  # fmt: skip
EDITS: Mapping[str, Callable[[Path], None]] = {
    "a changed record": added(f"sessions/{FIRST}.md", "\n## Recognition\n\nShe stayed.\n"),
    "one of the same size and time": same_size_and_time,
    "a removed record": removed,
    "a renamed record": moved,
    "a new record": written("new.md", text_of({**SESSION, "date": "2026-12-01", "previous": SECOND}, CLINICAL)),
    "a record that became private": written("signed.md", text_of({**REFLECTION, "author": "SV-014"})),
    "a record that became restricted": written("signed.md", text_of({**DISCLOSURE, "session": FIRST})),
    "a record that is none any more": written("signed.md", "Nothing.\n"),
    "a record that is mended": written("sessions/faulty.md", text_of({**SESSION, "date": "2026-10-20"}, CLINICAL)),
    "a record that cannot be read": written(f"sessions/{FIRST}.md", "---\nkind: session\n  date: x\n---\n"),
    "a second record of an id": written(
        "copy.md", FILES[f"sessions/{FIRST}.md"].replace("kind:", f"id: {FIRST}\nkind:")
    ),
    "somebody less": written("people.yaml", PEOPLE.replace("  EX-003: {}\n", "")),
    "another supervisor": written("people.yaml", f"{PEOPLE}  SE-209: {{supervisors: [{{id: EX-003}}]}}\n"),
    "another owner": written("supervision.yaml", "organisation: A\nowner: EX-003\n"),
    "other severities": written(
        "supervision.yaml",
        "organisation: A\nowner: SV-014\nseverity: {dangling-link: off, action-without-owner: error}\n",
    ),
    "broken settings": written("supervision.yaml", "organisation: [\n"),
    "a kind of one's own": written("schemas/other.schema.json", json.dumps(DEBRIEF).replace("debrief", "other")),
    "another schema": written("schemas/debrief.schema.json", json.dumps(DEBRIEF).replace("led_by", "seen_by")),
    "guidance of one's own": written("forms/session.md.j2", "<!-- Words of our own. -->\n"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_after_a_change_one_learns_the_same_as_from_nothing(edit: str, practice: Path) -> None:
    write(practice, {
        "schemas/debrief.schema.json": json.dumps(DEBRIEF),
        "debrief.md": text_of({"kind": "debrief", "date": "2026-09-30", "led_by": "SV-014"}),
        "other.md": text_of({"kind": "other", "date": "2026-09-30"}),
        "commented.md": "---\nkind: session\n---\n<!-- Words of our own. -->\n",
    })  # fmt: skip
    before = told(opened(practice))
    EDITS[edit](practice)
    after = told(opened(practice))
    assert after != before
    assert after == told(opened(practice)) == from_nothing(practice)


PIECES = st.sampled_from([
    *(FILES[path] for path in sorted(REMEMBERED)), *PRIVATE.values(), "", "Nothing.\n", "---\nkind: session\n---\n",
    text_of({**SESSION, "supervisor": "Rhian Kettle"}),
    text_of({**SESSION, "previous": SECOND, "date": "2026-12-01"}, CLINICAL),
])  # fmt: skip
PATHS = st.sampled_from(["a.md", "b.md", f"{FIRST}.md", "d/a.md", "agr-1.md"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dictionaries(PATHS, st.none() | PIECES, min_size=1), min_size=2, max_size=3))
def test_whatever_changes_one_learns_the_same(tmp_path_factory: pytest.TempPathFactory, rounds: list[Any]) -> None:
    home = write(tmp_path_factory.mktemp("practice"), {"supervision.yaml": "organisation: A\n", "people.yaml": PEOPLE})
    for edits in rounds:
        for path, text in edits.items():
            if text is None:
                (home / path).unlink(missing_ok=True)
            else:
                write(home, {path: text})
        warm, again = told(opened(home)), told(opened(home))
        known = (home / FOLDER).rename(home.parent / f"{home.name}-kept") if (home / FOLDER).exists() else None
        assert warm == again == from_nothing(home)
        if known:  # the next change meets an index that was built bit by bit
            shutil.rmtree(home / FOLDER, ignore_errors=True)
            known.rename(home / FOLDER)


def test_a_bad_record_stays_bad_with_the_same_words(practice: Path) -> None:
    shutil.rmtree(practice / FOLDER)
    first, second = opened(practice), opened(practice)
    bad = [problem for problem in second.problems if problem.path == "sessions/faulty.md"]
    assert {problem.rule for problem in bad} >= {"wrong-choice", "dangling-link", "unknown-heading"}
    assert [problem.fix for problem in bad if problem.fix]
    assert second.problems == first.problems
    record = second.workspace.find("faulty")
    assert record
    assert not record.sound


def test_without_explanation_problems_have_their_places_and_no_words(practice: Path) -> None:
    whole, short = opened(practice), opened(practice, tell="places")
    assert "sessions/faulty.md" in short.remembered
    assert [(p.path, p.span, p.code, p.severity) for p in short.problems] == [
        (p.path, p.span, p.code, p.severity) for p in whole.problems
    ]
    unexplained = [p for p, q in zip(short.problems, whole.problems, strict=True) if p != q]
    assert {"wrong-choice", "unknown-heading"} <= {problem.rule for problem in unexplained}
    assert all(p.message == CATALOGUE[p.code].summary and not (p.hint or p.fix) for p in unexplained)
    assert explained(short, short.problems) == list(whole.problems)
    some = [problem for problem in short.problems if problem.rule == "unknown-heading"]
    assert explained(short, some) == [problem for problem in whole.problems if problem.rule == "unknown-heading"]


def test_whoever_asks_for_what_makes_unsound_learns_the_same_of_the_records(practice: Path) -> None:
    weighed = "organisation: A\nowner: SV-014\nseverity: {dangling-link: off, unreviewed-action: error}\n"
    write(
        practice,
        {"supervision.yaml": weighed, f"sessions/{SECOND}.md": FILES[f"sessions/{SECOND}.md"].replace(REVIEW, "")},
    )
    for _ in range(2):  # without the index, and with it
        whole, short = opened(practice), opened(practice, tell="errors")
        assert (short.workspace.records, short.workspace.restricted) == (
            whole.workspace.records,
            whole.workspace.restricted,
        )
        errors = [p for p in whole.problems if p.severity == "error" and p.rule != "changed-after-sign-off"]
        assert "unreviewed-action" in {problem.rule for problem in errors}
        assert explained(short, short.problems) == errors


def test_what_changed_before_it_was_explained_keeps_its_general_words(practice: Path) -> None:
    short = opened(practice, tell="places")
    write(practice, {"sessions/faulty.md": text_of(SESSION, CLINICAL)})
    (wrong,) = [problem for problem in explained(short, short.problems) if problem.rule == "wrong-choice"]
    assert wrong.message == CATALOGUE[wrong.code].summary


# what it gives away


def test_its_bytes_hold_codes_and_no_words(practice: Path) -> None:
    seen = content(practice)
    for known in (FIRST, "SE-201", "agr-1", "pg1", "2026-11-20", f"{FIRST}#A1", "SN209", "late 40"):
        assert known.encode() in seen, "otherwise nothing was looked at"
    for secret in (
        "eron",
        "Rhian",
        "Kettle",
        "Ioana",
        "Brânză",
        json.dumps("Brânză")[1:-1],
        "Explor",
        "onlnie",
        "onfidential",
    ):
        assert secret.encode() not in seen
        assert secret.encode("utf-16-le") not in seen


def test_what_becomes_hidden_leaves_no_trace(practice: Path) -> None:
    assert b"signed.md" in content(practice)
    write(practice, {"signed.md": PRIVATE["herondisclosure.md"]})
    opened(practice)
    assert b"signed.md" not in content(practice)


def test_a_link_to_what_is_hidden_is_not_remembered_because_a_file_is_called_like_it(practice: Path) -> None:
    write(practice, {
        "heronlog.md": PRIVATE["heronlog.md"].replace("heronlog-id", "log-77"),
        "log-77#A1.md": text_of(SESSION, CLINICAL),
        "sessions/early.md": text_of(SESSION, {"Learning": "[[log-77#A1]]"}),
    })  # fmt: skip
    opened(practice)
    assert b"log-77" not in content(practice)


def test_a_link_to_what_is_a_disclosure_by_now_is_forgotten(practice: Path) -> None:
    write(practice, {
        "sessions/early.md": text_of(SESSION, {"Learning": "[[r-2026-10-09]]"}),
        "sessions/reviewed.md": text_of(SESSION, {"Review of previous actions": "- [x] r-2026-10-09#A1: Heronword"}),
        "other.md": text_of({**SESSION, "id": "r-2026-10-09"}),
    })  # fmt: skip
    opened(practice)
    assert content(practice).count(b"r-2026-10-09") == 3
    write(practice, {"other.md": text_of({**DISCLOSURE, "id": "r-2026-10-09", "session": FIRST})})
    opened(practice)
    assert b"r-2026-10-09" not in content(practice)
    assert remembered(practice) == REMEMBERED


@pytest.mark.parametrize(
    "text",
    [
        text_of({**SESSION, "supervisor": "Rhian Kettle"}, CLINICAL),
        text_of({**SESSION, "supervisor": "Kettle"}, CLINICAL),
        text_of({**SESSION, "supervisees": "SE-201, Tommy"}, CLINICAL),
        text_of({**SESSION, "previous": "the one with Tommy"}, CLINICAL),
        text_of({**SESSION, "previous": "Tommy"}, CLINICAL),
        text_of({**SESSION, "id": "Kettle"}, CLINICAL),
        text_of({**SESSION, "id": "with Tommy"}, CLINICAL),
        text_of(SESSION, {**CLINICAL, "Learning": "As [[Tommy]] said."}),
        text_of(SESSION, {**CLINICAL, "Learning": "As [[Tommy#A1]] said."}),
        text_of(SESSION, {**CLINICAL, "Actions": "- [ ] A1: Ask @Tommy"}),
        text_of({**SESSION, "id": "kettle-2026-10-09"}, CLINICAL),
        text_of({**SESSION, "id": "rhianKettle2"}, CLINICAL),
        text_of({**SESSION, "id": "Tommy"}, CLINICAL),
        text_of({**SESSION, "about": f"{FIRST}#Tommy left her"}, CLINICAL),
        text_of(SESSION, {**CLINICAL, "Learning": "[[Tommy-left-her-in-2019]]"}),
        text_of(SESSION, {**CLINICAL, "Review of previous actions": "- [x] Tommy-left-in-2019#A1: It was done."}),
        text_of({**GROUP, "group": "Kettle"}, CLINICAL),
        text_of({**GROUP, "group": "those-with-Tommy"}, CLINICAL),
        text_of({**GROUP, "group": "kettle_2"}, CLINICAL),
        text_of({**GROUP, "attendance": "{Tommy: present}"}, CLINICAL),
        text_of({**AGREEMENT, "organisation_receives": "Tommy"}),
        "kind: session\nstatus: draft\nactions: [{id: ask Tommy, state: open, text: A}]\n",
        "kind: session\nstatus: draft\nactions: [{id: A1, state: Tommy, text: A}]\n",
    ],
)
def test_a_name_where_a_code_belongs_is_not_remembered(text: str, practice: Path) -> None:
    path = "typed.md" if text.startswith("---") else "typed.yaml"
    write(practice, {path: text})
    before = told(opened(practice))
    assert remembered(practice) == REMEMBERED
    for name in (b"Tommy", b"Kettle"):
        assert name not in content(practice)
    assert told(opened(practice)) == before == from_nothing(practice)


def test_a_link_to_a_word_is_not_remembered_even_where_a_record_has_it_for_an_id(practice: Path) -> None:
    write(practice, {
        "typed.md": text_of({**SESSION, "id": "Tommy"}),
        "sessions/later.md": text_of({**SESSION, "date": "2026-10-06", "previous": "Tommy"}),
    })  # fmt: skip
    opened(practice)
    assert remembered(practice) == REMEMBERED
    assert b"Tommy" not in content(practice)


def test_without_a_register_a_word_is_no_code_either(practice: Path) -> None:
    (practice / "people.yaml").unlink()
    write(practice, {"typed.md": text_of({**SESSION, "supervisor": "Tommy"}, CLINICAL)})
    opened(practice)
    assert remembered(practice) == REMEMBERED
    assert b"Tommy" not in content(practice)


def test_words_that_a_schema_offers_beside_codes_are_remembered(practice: Path) -> None:
    called_off = {**SESSION, "outcome": "cancelled", "by": "supervisee", "next_date": "ending"}
    write(practice, {"off.md": text_of(called_off, {"Actions": "- [ ] A1: Meet again @all"})})
    opened(practice)
    assert remembered(practice) == REMEMBERED | {"off.md"}


def test_what_lies_above_the_parties_in_a_shared_kind_is_not_remembered(practice: Path) -> None:
    """Every field has a layer, and the index asks it."""
    schema = json.loads(json.dumps(DEBRIEF))
    schema["properties"]["mood"] = {
        "title": "Mood", "x-layer": "private", "type": "string", "enum": ["heavyhearted", "light"],
    }  # fmt: skip
    debrief = {"kind": "debrief", "date": "2026-09-30"}
    write(practice, {
        "schemas/debrief.schema.json": json.dumps(schema),
        "one.md": text_of(debrief), "two.md": text_of({**debrief, "mood": "heavyhearted"}),
    })  # fmt: skip
    opened(practice)
    assert remembered(practice) == REMEMBERED | {"one.md"}
    assert b"heavyhearted" not in content(practice)


def test_a_private_kind_is_not_remembered_whatever_its_facts_say(practice: Path) -> None:
    diary = json.dumps({**DEBRIEF, "title": "Diary", "x-layer": "private"}).replace('"debrief"', '"diary"')
    write(practice, {"schemas/diary.schema.json": diary, "one.md": text_of({"kind": "diary", "date": "2026-09-30"})})
    found = opened(practice).workspace.find("one")
    assert found
    assert (found.kind, found.sound) == ("diary", True)
    assert remembered(practice) == REMEMBERED


def test_it_is_for_its_owner_alone(practice: Path) -> None:
    assert stat.S_IMODE((practice / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((practice / FOLDER / FILE).stat().st_mode) == 0o600
    assert (practice / FOLDER / ".gitignore").read_text() == "*\n"
    (practice / FOLDER).chmod(0o755)
    removed(practice)
    opened(practice)
    assert stat.S_IMODE((practice / FOLDER).stat().st_mode) == 0o700


def test_it_is_no_journal_of_two_files(practice: Path) -> None:
    assert sorted(path.name for path in (practice / FOLDER).iterdir()) == [".gitignore", FILE]
    with sqlite3.connect(practice / FOLDER / FILE) as made:
        assert made.execute("PRAGMA journal_mode").fetchone() == ("delete",)


# where it does not belong


def test_a_folder_that_is_no_workspace_gets_none(tmp_path: Path) -> None:
    home = write(tmp_path, {"a.md": text_of(SESSION)})
    opened(home)
    opened(home, only=["a.md"])
    assert [path.name for path in home.iterdir()] == ["a.md"]


def test_our_own_examples_stay_as_they_came() -> None:
    for example in (ROOT / "examples").iterdir():
        assert opened(example).workspace.records
        assert not (example / FOLDER).exists()


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    home, outside = write(tmp_path / "home", FILES), tmp_path / "outside"
    outside.mkdir()
    (home / FOLDER).symlink_to(outside)
    assert told(opened(home)) == told(opened(home))
    assert not list(outside.iterdir())
    (home / FOLDER).unlink()
    opened(home)
    (home / FOLDER / FILE).unlink()
    target = write(outside, {"mine.txt": "Mine.\n"}) / "mine.txt"
    (home / FOLDER / FILE).symlink_to(target)
    opened(home)
    assert target.read_text() == "Mine.\n"
    assert not (home / FOLDER / FILE).is_symlink()
    assert remembered(home) == REMEMBERED


def test_a_copied_workspace_does_not_believe_what_came_with_it(practice: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(practice, tmp_path / "copy")
    assert remembered(practice) == REMEMBERED
    assert not remembered(copy)
    opened(copy)
    assert remembered(copy) == REMEMBERED


# what may have happened to it


def in_database(*statements: str) -> Callable[[Path], None]:
    def harm(file: Path) -> None:
        with sqlite3.connect(file) as made:
            for statement in statements:
                made.execute(statement)
        made.close()

    return harm


def bytes_changed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for at in range(100, len(data), 97):
        data[at] ^= 0x55
    file.write_bytes(data)


def replaced_by_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def sealed(body: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Other rows, which are sealed as if we had written them."""

    def harm(file: Path) -> None:
        from supervision_notes.index import _sealed

        seal = Index(file.parents[1])._seal()
        with sqlite3.connect(file) as made:
            rows = [(digest, body(old)) for digest, old in made.execute("SELECT digest, body FROM records")]
            made.execute("DELETE FROM records")
            made.executemany("INSERT INTO records VALUES (?, ?)", rows)
            made.execute("UPDATE seal SET seal = ?", (_sealed(rows, seal),))
        made.close()

    return harm


HARM: Mapping[str, Callable[[Path], None]] = {
    "empty": lambda file: file.write_bytes(b"") and None,
    "no database": lambda file: file.write_bytes(b"Nothing of the sort.\n" * 50) and None,
    "cut off": lambda file: file.write_bytes(file.read_bytes()[:5000]) and None,
    "cut off in a page": lambda file: file.write_bytes(file.read_bytes()[:-1]) and None,
    "random bytes": bytes_changed,
    "a folder": replaced_by_folder,
    "no table": in_database("DROP TABLE records"),
    "no rows": in_database("DELETE FROM records"),
    "a row less": in_database("DELETE FROM records WHERE rowid = 1"),
    "a row twice": in_database("INSERT INTO records SELECT * FROM records WHERE rowid = 1"),
    "another table": in_database("CREATE TABLE more (x)"),
    "other columns": in_database("DROP TABLE records", "CREATE TABLE records (path, digest)"),
    "no seal": in_database("DELETE FROM seal"),
    "another seal": in_database("UPDATE seal SET seal = zeroblob(64)"),
    "many seals": in_database("INSERT INTO seal SELECT seal FROM seal"),
    "a view without end": in_database(
        "DROP TABLE records",
        "CREATE VIEW records AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        " SELECT x AS digest, x AS body FROM n WHERE x < 0",
    ),
    "no JSON": in_database("UPDATE records SET body = 'garbage'"),
    "other JSON": in_database("UPDATE records SET body = CAST('[[], []]' AS BLOB)"),
    "nothing in it": in_database("UPDATE records SET digest = NULL, body = NULL"),
    "numbers": in_database("UPDATE records SET digest = 1, body = 2.5"),
    "a huge value": in_database("UPDATE records SET body = zeroblob(20000000) WHERE rowid = 1"),
    "a stolen row": in_database("UPDATE records SET body = (SELECT body FROM records WHERE rowid = 2)"),
    "other words in a row": in_database("UPDATE records SET body = replace(body, 'SE-201', 'SE-202')"),
    "sealed with a kind that is none": sealed(lambda old: old.replace(b'"session","shared"', b'"seance","shared"')),
    **{f"sealed {body!r}": sealed(lambda _, body=body: body) for body in (  # type: ignore[misc]
        b"x", b"[]", b"{}", b"[[], []]", b'[["a"], [["SN999", "error", [1, 1, 1, 1]]]]', b"[" * 90_000, b"null, null",
        b'[["a", "a", "session", "shared", null, [1, 1, 1, 1]], [["SN999", "error", [1, 1, 1, 1]]]]',
        b'[["a", "a", "session", "shared", null, [1, 1, 1]], []]', b'[["a", "a", 1, "shared", null, [1, 1, 1, 1]], []]',
    )},
}  # fmt: skip


@pytest.mark.parametrize("row", ["zeroblob(32), zeroblob(x)", "zeroblob(x), zeroblob(32)"])
def test_pages_that_are_read_again_and_again_do_not_fill_the_memory(row: str, practice: Path) -> None:
    file = practice / FOLDER / FILE
    sizes = "WITH RECURSIVE n(x) AS (SELECT 900000 UNION ALL SELECT 2000 FROM n LIMIT 700)"
    in_database("DELETE FROM records", f"INSERT INTO records {sizes} SELECT {row} FROM n")(file)
    with sqlite3.connect(file) as made:
        (root,) = made.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records'").fetchone()
        (size,) = made.execute("PRAGMA page_size").fetchone()
    data = bytearray(file.read_bytes())
    page = memoryview(data)[(root - 1) * size : root * size]
    assert page[0] == 5, "its pages do not lie under one"
    cells = [int.from_bytes(page[12 + 2 * n : 14 + 2 * n]) for n in range(int.from_bytes(page[3:5]))]
    for at in cells:
        page[at : at + 4] = bytes(page[cells[0] : cells[0] + 4])
    del page
    file.write_bytes(data)
    tracemalloc.start()
    assert not Index(practice).recall(10_000)
    (_, most), _ = tracemalloc.get_traced_memory(), tracemalloc.stop()
    assert most < 100_000_000


@pytest.mark.parametrize("harm", HARM)
def test_whatever_happened_to_it_it_mends_itself(harm: str, practice: Path) -> None:
    expected = from_nothing(practice)
    HARM[harm](practice / FOLDER / FILE)
    assert told(opened(practice)) == expected
    if harm == "a folder":  # nobody takes away what may be somebody's
        (practice / FOLDER / FILE).rmdir()
        opened(practice)
    assert remembered(practice) == REMEMBERED
    assert (practice / FOLDER / FILE).stat().st_size < 100_000
    assert told(opened(practice)) == expected


def test_what_cannot_be_read_is_emptied_though_there_is_nothing_to_keep(practice: Path) -> None:
    for path in REMEMBERED:
        (practice / path).unlink()
    (practice / FOLDER / FILE).write_bytes((practice / FOLDER / FILE).read_bytes()[:-1])
    assert FIRST.encode() in content(practice)
    opened(practice)
    assert FIRST.encode() not in content(practice)
    assert remembered(practice) == set()


@pytest.mark.parametrize("harm", ["a file", "no rights"])
def test_where_it_cannot_be_written_everything_works(harm: str, tmp_path: Path) -> None:
    home = write(tmp_path / "home", FILES)
    if harm == "a file":
        (home / FOLDER).write_text("Mine.\n")
    elif os.geteuid() == 0:
        pytest.skip("whoever may do everything is kept from nothing")
    else:
        home.chmod(0o500)
    first = told(opened(home))
    assert told(opened(home)) == first
    if harm == "a file":
        assert (home / FOLDER).read_text() == "Mine.\n"
        (home / FOLDER).unlink()
    home.chmod(0o700)
    assert from_nothing(home) == first


def test_somebody_else_who_holds_it_is_not_waited_for(practice: Path) -> None:
    held = sqlite3.connect(practice / FOLDER / FILE, isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    assert remembered(practice) == REMEMBERED
    removed(practice)
    expected = told(opened(practice))
    held.close()
    assert from_nothing(practice) == expected


# other processes


def test_work_beside_gives_what_it_would_here() -> None:
    for value in (b"", b"x" * 1_000_000, {"SE-201": [None, Path("a")]}):
        with beside(lambda value=value: value) as result:  # type: ignore[misc]
            assert result() == value
    with beside(os.getpid) as there:
        assert there() != os.getpid() or threading.active_count() > 1


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), 9)", "os._exit(3)", "1 / 0", "bytes('', 'no such')"])
def test_work_whose_process_ends_is_done_here(end: str) -> None:
    code = (
        "import os; from supervision_notes.cores import beside; here = os.getpid(); "
        f"work = lambda: b'here' if os.getpid() == here else {end}; "
        "ran = []\n"
        "for _ in range(3):\n with beside(work) as result: ran.append(result())\n"
        "assert ran == [b'here'] * 3"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine makes no copies of a process")
def test_work_that_nobody_waits_for_is_ended() -> None:
    code = """
import os, time
from supervision_notes.cores import beside
try:
    with beside(lambda: time.sleep(200)):
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nobody is left", len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 4)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.stdout, done.stderr) == ("nobody is left 4\n", "")


@pytest.mark.skipif(not hasattr(signal, "SIGCHLD"), reason="other machines copy no process")
def test_work_is_done_where_nobody_is_told_how_processes_end() -> None:
    code = (
        "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "from supervision_notes.cores import beside\n"
        "with beside(lambda: 'done') as result: assert result() == 'done'"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_many_files_are_read_as_few_are(tmp_path: Path) -> None:
    home = write(tmp_path, {"supervision.yaml": "organisation: A\n"})
    write(home, {f"{n}.md": "---\nkind: session\nstatus: draft\n---\n" for n in range(1001)})
    first = told(opened(home))
    assert len(remembered(home)) == 1001
    write(home, {"7.md": "---\nkind: session\nstatus: recorded\n---\n", "8.md": "Nothing.\n"})
    code = f"from supervision_notes import open_workspace; print(open_workspace({str(home)!r}).problems)"
    alone = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert alone.stdout == f"{opened(home).problems}\n"
    assert told(opened(home)) == from_nothing(home) != first


# other programs, and the same one twice


def programme(home: Path, *before: str, cwd: Path = ROOT, **options: Any) -> subprocess.Popen[str]:
    """`check` in a process of its own, after some lines of Python."""
    code = ";".join(
        [
            *before,
            "from supervision_notes.cli.main import run",
            f"raise SystemExit(run(['-C', {str(home)!r}, 'check']))",
        ]
    )
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def seals(home: Path) -> set[bytes]:
    with sqlite3.connect(home / FOLDER / FILE) as made:
        return {seal for (seal,) in made.execute("SELECT seal FROM seal")}


def test_another_version_of_the_program_builds_it_anew(practice: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for name in ("supervision_notes", "schemas", "templates", "examples"):
        shutil.copytree(ROOT / name, other / name, ignore=shutil.ignore_patterns("__pycache__"))
    before = seals(practice)
    first = programme(practice, cwd=other).communicate()[0]
    assert "wrong-choice" in first
    assert seals(practice) == before, "it is the same program"
    with (other / "supervision_notes/values.py").open("a") as module:
        module.write("# another version\n")
    assert programme(practice, cwd=other).communicate()[0] == first
    assert not seals(practice) & before
    assert len(seals(practice)) == len(before)


def test_two_at_once_do_not_disturb_each_other(practice: Path) -> None:
    for number in range(2):
        write(practice, {f"new-{number}.md": text_of({**SESSION, "date": f"2026-12-0{number + 1}"}, CLINICAL)})
        running = [programme(practice) for _ in range(4)]
        said = {process.communicate() for process in running}
        assert len({out for out, _ in said}) == 1
        assert not any("fault" in err for _, err in said)
    assert remembered(practice) == REMEMBERED | {f"new-{number}.md" for number in range(2)}
    assert sorted(path.name for path in (practice / FOLDER).iterdir()) == [".gitignore", FILE]


SIZES = (0, 1, 4096, 4097, 12_000)
LIMITED = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this machine cannot limit the size of a file")
@pytest.mark.parametrize("size", SIZES)
def test_whoever_is_killed_while_writing_leaves_the_old_one(size: int, practice: Path) -> None:
    old = (practice / FOLDER / FILE).read_bytes()
    write(practice, {"new.md": text_of({**SESSION, "date": "2026-12-01"}, CLINICAL)})
    killed = programme(practice, LIMITED.format(size), "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)")
    killed.communicate()
    assert killed.returncode == -signal.SIGXFSZ
    assert (practice / FOLDER / FILE).read_bytes() == old
    left = next((practice / FOLDER).glob("*.unfinished"))
    expected = told(opened(practice))
    assert left.exists(), "it may be somebody's who is still writing"
    os.utime(left, (0, 0))
    removed(practice)
    opened(practice)
    assert not left.exists()
    shutil.rmtree(practice / FOLDER)
    write(practice, {f"sessions/{FIRST}.md": FILES[f"sessions/{FIRST}.md"]})
    assert from_nothing(practice) == expected


@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this machine cannot limit the size of a file")
@pytest.mark.parametrize("size", SIZES)
def test_where_the_disk_is_full_everything_works(size: int, practice: Path) -> None:
    (practice / FOLDER / FILE).unlink()
    full = programme(practice, LIMITED.format(size))
    said = full.communicate()
    assert said[0] == programme(practice).communicate()[0]
    assert full.returncode == 1, said[1]
    assert sorted(path.name for path in (practice / FOLDER).iterdir()) == [".gitignore", FILE]
