"""What somebody may not read is as if it were not there: no file, no word and no exit code tells of it.

Two workspaces are alike but for what is hidden: a disclosure, of which the supervisee was not told, from all but its
named readers; from whoever wants prints, what others wrote; from the organisation, sessions that an agreement keeps
back; from everybody else, what somebody scored. Whatever is asked, both answer with the same bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from supervision_notes.index import FILE, FOLDER
from supervision_notes.reading import open_workspace

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CLINICAL,
    CYCLE,
    DECISION,
    DISCLOSURE,
    MEASURE,
    PDSA,
    PROCESS_NOTE,
    REFLECTION,
    ROOT,
    SESSION,
    text_of,
    write,
)
from .test_render import Ran, prints
from .test_render import notes_here as notes

FORMS = ("table", "json", "csv")
ID = "r-2026-10-09"
FIRST, SECOND = "2026-09-29-se201", "2026-11-17-se201"
ACTIONS = {**CLINICAL, "Actions": "- [ ] A1: Ask for the audit data @SE-201 due:2026-10-20"}
REVIEWED = {"Review of previous actions": f"- [>] {FIRST}#A1: Ask for the audit data @SE-201 due:2026-12-17"}
SOUND = {"What was said": "That a child may be at risk.", "Why": "Tattoowort.", "Outcome": "It was taken on."}
PRACTICE = {
    "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n  EX-003: {name: H. M.}\n",
    "sessions/a.md": text_of({**SESSION, "id": FIRST, "agreement": "agr-1"}, ACTIONS),
    "sessions/b.md": text_of(
        {**SESSION, "id": SECOND, "date": "2026-11-17", "previous": FIRST, "agreement": "agr-1"},
        {**CLINICAL, **REVIEWED},
    ),
    "agreements/a.md": text_of({**AGREEMENT, "id": "agr-1", "status": "ended"}),
    "cycles/a.md": text_of({**CYCLE, "id": "cycle-1"}, PDSA),
    "log.md": text_of({**REFLECTION, "id": "log-1", "author": "SV-014", "about": FIRST}),
}
TOLD_WORDS = "onfidentiality extended, see restricted note"

# Everything that anybody can ask, but for the readers whom the disclosure names.
ASKED = [
    ("check",), ("check", "--format", "json"), ("check", "--format", "sarif"), ("check", "--as-at", "2027-01-01"),
    ("check", "--strict"), ("check", "disclosures"), ("check", "--fix"),
    ("list",), ("list", "--format", "json"), ("list", "--for", "organisation"), ("list", "--for", "SE-201"),
    ("list", "--kind", "disclosure"), ("list", "--for", "author", "--as", "SE-201"), ("list", "--format", "csv"),
    ("show", FIRST), ("show", ID), ("show", "r-2026-10-08"), ("show", FIRST, "--format", "json"),
    ("show", ID, "--for", "author", "--as", "SE-201"),
    ("links", FIRST), ("links", ID), ("links", FIRST, "--for", "author", "--as", "SE-201"),
    ("timeline", "SE-201"), ("timeline", "SE-201", "--format", "json"), ("timeline", "SV-014"),
    ("timeline", "SE-201", "--for", "organisation"), ("timeline", "SE-201", "--format", "html", "-o", "out"),
    ("coverage", "--format", "html", "-o", "out"), ("due", "--names", "--format", "html", "-o", "out"),
    ("due", "--supervisor", "SV-014", "--format", "html", "-o", "out"),
    ("actions",), ("actions", "--all", "--format", "json"), ("evaluation",), ("evaluation", "--format", "json"),
    ("render", "--format", "html"), ("render", "--format", "html", "--for", "organisation"),
    ("render", "--format", "html", "--for", "author", "--as", "SE-201"), ("render", ID, "--format", "html"),
    ("render", "--format", "html", "--for", "case", "--as", "K-1"), ("render", "disclosures", "--format", "html"),
    ("render", "--pack", "SE-201", "--format", "html"), ("render", "--pack", "SV-014", "--format", "html"),
    ("render", ID, "--format", "html", "--for", "author", "--as", "SE-201"),
    ("new", "session", "--for", "SE-201", "--date", "2026-12-20", "--dry-run"),
    ("sign-off", ID, "--as", "SE-201"), ("sign-off", ID, "--as", "SV-014"),
    ("remind", "--as-at", "2027-01-01"), ("remind", "--dry-run", "--format", "json", "--as-at", "2027-01-01"),
    ("calendar", "--as-at", "2027-01-01"), ("calendar", "--for", "organisation", "-o", "a.ics"),
    ("convert", f"disclosures/{ID}.txt"), ("doctor",),
    ("due", "--as-at", "2026-12-20"), ("coverage", "--as-at", "2026-12-20"),
    ("attendance", "export"), ("attendance", "export", "-o", "out.csv"),
]  # fmt: skip


def disclosure(**facts: str) -> str:
    return text_of({**DISCLOSURE, "id": ID, "session": FIRST, **facts}, SOUND)


@pytest.fixture(params=["", "no"])
def twins(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A workspace without a disclosure, and one with it, of which the supervisee was not told."""
    told = {"supervisee_told": request.param} if request.param else {"supervisee_told": "~"}
    plain = write(tmp_path / "plain" / "ws", PRACTICE)
    other = write(tmp_path / "other" / "ws", {**PRACTICE, f"disclosures/{ID}.md": disclosure(**told)})
    (plain / "disclosures").mkdir()
    return plain, other


def everything(root: Path, ran: Ran) -> tuple[object, ...]:
    """What was said, but for how long it took, and all that lies in the workspace since."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != f"{ID}.md" and not {".supervision", "measures"} & set(path.parts)
    }
    return ran.code, re.sub(r"\d+\.\d+ s\b", "", ran.out), re.sub(r"\d+\.\d+ s\b", "", ran.err), files


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_an_untold_disclosure_changes_no_byte(asked: tuple[str, ...], twins: tuple[Path, Path]) -> None:
    plain, other = (everything(root, notes(*asked, at=root)) for root in twins)
    assert plain == other


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_nothing_gives_it_away_to_an_owner_who_is_no_reader(asked: tuple[str, ...], tmp_path: Path) -> None:
    """Not even where it is full of mistakes, or cannot be read at all."""
    plain = write(tmp_path / "plain" / "ws", PRACTICE)
    broken = disclosure(readers="EX-003", supervisee_told="no", ground="advlt-at-rsk", session="2026-09-29-se021")
    other = write(
        tmp_path / "other" / "ws",
        {
            **PRACTICE,
            f"disclosures/{ID}.md": broken,
            f"disclosures/{ID}b.md": broken.replace("when:", "when: ["),
            f"disclosures/{ID}c.yaml": "kind: disclosure\nreaders: [EX-003]\nwhen: {\n",
            **{f"notes/odd{n}.md": text for n, text in enumerate(slips(broken))},
            f"disclosures/{ID}.txt": broken,
            "notes/odd.yml": "kind: disclosure\nreaders:\n- EX-003\n",
            "disclosures/odd.md": "---\nreaders: EX-003\n---\nWords.\n",
        },
    )
    for n, encoding in enumerate(("latin-1", "utf-16")):
        (other / f"notes/encoded{n}.md").write_bytes(broken.replace("Tattoo", "Tätto").encode(encoding))
    with (other / "notes/large.md").open("w") as large:
        large.write(broken + "Words. " * 800_000)
    (plain / "disclosures").mkdir()
    seen = everything(plain, notes(*asked, at=plain)), everything(other, notes(*asked, at=other))
    for kept in (seen[1][3], seen[0][3]):
        assert isinstance(kept, dict)
        for name in [name for name in kept if name.startswith(("disclosures/", "notes/"))]:
            del kept[name]
    assert seen[0] == seen[1]


def slips(text: str) -> Iterator[str]:
    """The same words, in which nobody finds a disclosure but who looks for the word."""
    for kind in ("kind: Disclosure", "kind: disclosures", "kind: disclsure", "kind : disclosure", "Kind: disclosure"):
        yield text.replace("kind: disclosure", kind)
    yield text.replace("kind: disclosure", '"kind": disclosure').replace("when:", "when: [")
    for spoilt in ("\u2014", "***", "----", "# Disclosure"):
        yield text.replace("---", spoilt, 1)
        yield text.replace("---", spoilt)
        yield text.replace("---", spoilt).replace("kind: disclosure", "Kind: disclosures")
    yield text.replace("---", "\u2014").replace("kind: disclosure", "kind: a disclosure")
    for kind in ("kind: a disclosure", "kind: !!str disclosure", "kind: &a disclosure", "kind: [disclosure]", "knd: x"):
        yield text.replace("kind: disclosure", kind)
    yield text.replace("kind: disclosure\n", "")
    for readers in ("reader: EX-003", "readers: EX-003 # never SV-014"):
        yield text.replace("readers: EX-003", readers).replace("when:", "when: [")


OWNERLESS = {**PRACTICE, "supervision.yaml": "organisation: Riverside\n"}
BESIDE = [f"{ID}{ending}" for ending in ("", ".md~", ".bak", ".odt", ".md.gpg", ".yml", ".txt")]
LOOKED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from supervision_notes.reading import open_workspace
open_workspace(sys.argv[1] + "/examples/riverside", jobs=1)  # everything is imported while it can be
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for name in ("plain", "other"):
    found = open_workspace(name, jobs=1)
    print(found.problems, found.left_alone, len(found.workspace.records))
"""


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
@pytest.mark.parametrize("files", [PRACTICE, OWNERLESS], ids=["an owner", "no owner"])
def test_a_disclosure_that_permissions_keep_is_named_to_nobody(files: dict[str, str]) -> None:
    """Run as somebody who may not read it: as root everything can be read, and pytest's folders are its own."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in ("plain", "other"):
            write(home / name, {**files, "notes/other.txt": "x"})
        kept = {f"disclosures/{ID}{ending}": disclosure(readers="EX-003") for ending in (".md", ".txt", ".yaml")}
        write(home / "other", {**kept, "Disclosures/shut/x.md": "---"})
        for path in (*kept, "Disclosures/shut"):
            (home / "other" / path).chmod(0)
        ran = subprocess.run(
            [sys.executable, "-c", LOOKED, str(ROOT)], cwd=home, capture_output=True, text=True, check=False
        )
        (home / "other/Disclosures/shut").chmod(0o700)
    assert ran.stderr == ""
    plain, other = ran.stdout.splitlines()
    assert plain == other


@pytest.mark.parametrize("owner", ["SV-014", "SE-201"])
@pytest.mark.parametrize("name", BESIDE)
def test_what_is_no_record_beside_a_disclosure_changes_no_count(name: str, owner: str, tmp_path: Path) -> None:
    settings = {"supervision.yaml": f"organisation: Riverside\nowner: {owner}\n", "notes/other.txt": "x"}
    plain = open_workspace(write(tmp_path / "plain", {**PRACTICE, **settings}), jobs=1)
    copied = {f"disclosures/{name}": "Words of it.", "disclosures/README.md": "# Ours\n", "notes/other.txt": "x"}
    other = open_workspace(write(tmp_path / "other", {**PRACTICE, **settings, **copied}), jobs=1)
    assert plain.left_alone == other.left_alone == 1
    assert plain.problems == other.problems


@pytest.mark.parametrize("target", ["../../elsewhere.md", "nowhere.md", "../log.md", f"{ID}.md"])
def test_a_link_where_disclosures_lie_is_told_to_nobody(target: str, tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere.md": disclosure()})
    plain = write(tmp_path / "plain", PRACTICE)
    other = write(tmp_path / "other", PRACTICE)
    (other / "disclosures").mkdir()
    (other / "disclosures" / f"{ID}.md").symlink_to(target)
    seen = [(found.problems, found.left_alone) for root in (plain, other) if (found := open_workspace(root, jobs=1))]
    assert seen[0] == seen[1]


SLIPS = ["sv-014, ex-003", "SV-014; EX-003", "EX-003;sv-014"]


@pytest.mark.parametrize("readers", SLIPS)
@pytest.mark.parametrize("broken", [False, True], ids=["as it is read", "that cannot be read"])
def test_a_slip_in_its_readers_hides_it_from_none_of_them_and_opens_it_to_nobody(
    broken: bool, readers: str, tmp_path: Path
) -> None:
    text = disclosure(readers=readers, ground="advlt")
    text = text.replace("when:", "when: [") if broken else text
    for owner, told in (("SV-014", True), ("EX-003", True), ("SE-201", False), ("SV-01", False)):
        root = write(tmp_path / owner, {**PRACTICE, f"disclosures/{ID}.md": text})
        write(root, {"supervision.yaml": f"organisation: Riverside\nowner: {owner}\n"})
        assert (ID in notes("check", at=root).out) is told, owner
        assert ("Tattoowort" in notes("show", ID, "--for", "author", at=root).out) is (told and not broken), owner


def test_of_two_readers_who_differ_in_case_alone_neither_is_taken_for_the_other(tmp_path: Path) -> None:
    people = "people:\n  SV-014: {name: Mary Poole}\n  sv-014: {name: Rhian Kettle}\n"
    for owner, readers, told in (("SV-014", "sv-014", False), ("SV-014", "Sv-014", False), ("sv-014", "sv-014", True)):
        files = {"people.yaml": people, f"disclosures/{ID}.md": disclosure(readers=readers, ground="advlt")}
        root = write(tmp_path / f"{owner}-{readers}-here", {**PRACTICE, **files})
        write(root, {"supervision.yaml": f"organisation: Riverside\nowner: {owner}\n"})
        assert any(ID in problem.path for problem in open_workspace(root, jobs=1).problems) is told


@pytest.mark.parametrize("owner", ["SV-014", "SE-201"])
def test_of_what_was_named_the_same_is_said_whether_it_is_hidden_or_no_record(owner: str, tmp_path: Path) -> None:
    settings = {"supervision.yaml": f"organisation: Riverside\nowner: {owner}\n"}
    root = write(tmp_path, {**PRACTICE, **settings, f"disclosures/{ID}.md": disclosure(), "notes/other.md": "Words."})
    hidden, other = (notes("check", path, at=root) for path in (f"disclosures/{ID}.md", "notes/other.md"))
    assert "told to them alone" in hidden.err
    assert everything(root, hidden)[:3] == everything(root, other)[:3]


UNSEEN = {
    "a disclosure": text_of({**DISCLOSURE, "id": ID, "session": FIRST}, SOUND),
    "a log": text_of({**REFLECTION, "id": ID, "author": "SV-014", "about": FIRST}),
    "a process note": text_of({**PROCESS_NOTE, "id": ID, "about": FIRST}),
    "one that cannot be read": f"---\nkind: disclosure\nid: {ID}\n  session: x\n---\n",
}
LEADING = {
    "sessions/words.md": text_of({**SESSION, "date": "2026-10-01"}, {**CLINICAL, "Learning": f"See [[{ID}]]."}),
    "sessions/previous.md": text_of({**SESSION, "date": "2026-10-02", "previous": ID}, CLINICAL),
    "sessions/about.md": text_of({**SESSION, "date": "2026-10-03", "about": ID}, CLINICAL),
    "sessions/review.md": text_of(SESSION, {"Review of previous actions": f"- [x] {ID}#A1: Ask for the audit data"}),
    "addenda/of.md": text_of({**ADDENDUM, "of": ID}),
    f"sessions/{ID}.md": text_of({**SESSION, "date": "2026-10-09"}, CLINICAL),
}


@pytest.mark.parametrize("shared", [True, False], ids=["beside a record of its id", "by itself"])
@pytest.mark.parametrize("hidden", UNSEEN)
def test_what_is_hidden_changes_no_byte_of_the_index(hidden: str, shared: bool, tmp_path: Path) -> None:
    leading = {path: text for path, text in LEADING.items() if shared or ID not in path}
    # Its path comes before and after the others': nothing may hang on which of two is met first.
    files = {**PRACTICE, **leading}
    seen = [
        rows(write(tmp_path / name, {**files, **({path: UNSEEN[hidden]} if path else {})}))
        for name, path in (("plain", ""), ("before", f"0/{ID}.md"), ("after", f"z/{ID}.md"))
    ]
    assert len(seen[0]) > 2, "otherwise nothing was looked at"
    assert seen[0] == seen[1] == seen[2]


MISPLACED = {path: LEADING[path] for path in ("sessions/previous.md", "sessions/review.md", "addenda/of.md")} | {
    "sessions/number.md": text_of({**SESSION, "date": "2026-10-04"}, {**CLINICAL, "Learning": f"See [[{ID}#A1]]."}),
    "sessions/bare.md": text_of(
        {**SESSION, "date": "2026-10-06", "previous": ID}, {"Review of previous actions": "- [x] A1: Ask"}
    ),
    "sessions/agreement.md": text_of({**SESSION, "date": "2026-10-05", "agreement": ID}, CLINICAL),
    "disclosures/session.md": text_of({**DISCLOSURE, "session": ID, "readers": "SV-014, EX-003"}, SOUND),
}


@pytest.mark.parametrize("hidden", UNSEEN)
def test_a_link_that_leads_wrong_does_not_tell_what_is_hidden_from_one_that_leads_nowhere(
    hidden: str, tmp_path: Path
) -> None:
    told = [
        [
            (problem.path, problem.rule, problem.message)
            for problem in open_workspace(write(tmp_path / name, {**PRACTICE, **MISPLACED, **more}), jobs=1).problems
            if problem.path in MISPLACED
        ]
        for name, more in (("plain", {}), ("hidden", {f"z/{ID}.md": UNSEEN[hidden]}))
    ]
    assert {path for path, *_ in told[0]} == {*MISPLACED}, "otherwise nothing was looked at"
    assert told[0] == told[1]


def test_an_author_is_told_which_of_their_own_records_a_link_leads_to_by_mistake(tmp_path: Path) -> None:
    note = text_of({**PROCESS_NOTE, "id": "note-1", "about": FIRST}, {"Notes": "Hm."})
    log = text_of({**REFLECTION, "author": "SV-014", "bring_to_supervision": "note-1"}, {"Feelings": "Cold."})
    checked = open_workspace(write(tmp_path, {**PRACTICE, "notes/a.md": note, "logs/a.md": log}), jobs=1)
    assert [p.rule for p in checked.problems if p.path == "logs/a.md"] == ["wrong-kind-link"]


def rows(root: Path) -> list[tuple[bytes, ...]]:
    """The rows of the index. Its seal is that of its folder."""
    for _ in range(2):  # from nothing, and with what was remembered
        open_workspace(root, jobs=1)
    with closing(sqlite3.connect(root / FOLDER / FILE)) as made:
        return made.execute("SELECT digest, body FROM records").fetchall()


# prints, for each who may want some

HIDDEN = {
    "log": text_of({**REFLECTION, "id": "hidden-log", "author": "SE-301"}, {"Feelings": "Cold."}),
    "wrong log": text_of({**REFLECTION, "id": "hidden-log-2", "author": "SE-301", "minutes": "60"}),
    "note": text_of({**PROCESS_NOTE, "id": "hidden-note", "author": "SE-302", "about": FIRST}, {"Notes": "Hm."}),
    "agreement": text_of({**AGREEMENT, "id": "hidden-agr", "status": "ended", "parties": "[{person: SV-009, role: "
      "supervisor}, {person: SE-301, role: supervisee}]", "end": "2026-02-01", "organisation_receives": "nothing"}),
    "session": text_of({**SESSION, "id": "hidden-se301", "supervisor": "SV-009", "supervisees": "SE-301"}, CLINICAL),
    "wrong session": text_of({**SESSION, "id": "pack-SE-201", "supervisor": "SV-009", "supervisees": "SE-301",
      "agreement": "hidden-agr", "minutes": "0"}),
    "addendum": text_of({**ADDENDUM, "id": "hidden-add", "of": FIRST, "by": "SV-014"}, {"Addendum": "Later."}),
    "unreadable": "---\nkind: reflection\nauthor: SE-301\n",
}  # fmt: skip
DECIDED = {**CLINICAL, "Decisions": f"{DECISION}\n#### Case\nK-1"}
CASE = text_of({**SESSION, "id": "case", "type": "practice"}, DECIDED)
FOR = {
    "parties": ((), ("log", "note", "wrong log")),
    "organisation": (("--for", "organisation"),
      ("log", "wrong log", "note", "agreement", "addendum", "unreadable", "wrong session")),
    "case": (("--for", "case", "--as", "K-1"), tuple(HIDDEN)),
    "author": (("--for", "author", "--as", "SE-201"), tuple(one for one in HIDDEN if one != "addendum")),
    "stranger": (("--for", "author", "--as", "SE-999"), tuple(HIDDEN)),
}  # fmt: skip
WANTED = [
    ("--draft",), ("hidden-log",), ("HIDDEN-LOG",), ("hidden/log.md",), ("hidden",), ("hidden-lgo",), ("hidden-agr",),
    ("hidden-se301",), ("hidden-se3O1",), ("hidden/unreadable.md",), (FIRST, "hidden-note"), ("--pack", "SE-201"),
    ("--pack", "SE-301"), ("--pack", "SE-3O1"),
]  # fmt: skip


@pytest.mark.parametrize("wanted", WANTED, ids=" ".join)
@pytest.mark.parametrize("audience", FOR)
def test_no_print_tells_of_what_is_hidden(audience: str, wanted: tuple[str, ...], tmp_path: Path) -> None:
    whom, hidden = FOR[audience]
    files = {"supervision.yaml": "organisation: Riverside\n", "sessions/case.md": CASE} | {
        name: text for name, text in PRACTICE.items() if name.startswith(("sessions/", "agreements/"))
    }
    plain = write(tmp_path / "plain" / "ws", files)
    other = write(tmp_path / "other" / "ws", files | {f"hidden/{one}.md": HIDDEN[one] for one in hidden})
    (plain / "hidden").mkdir()
    ran = [notes("render", "--format", "html", *wanted, *whom, at=root) for root in (plain, other)]
    made = [prints(root / "out") if (root / "out").exists() else {} for root in (plain, other)]
    assert ran[0] == ran[1]
    assert made[0] == made[1]


def test_what_is_hidden_there_is_there_for_others(tmp_path: Path) -> None:
    """Else the test above would look at nothing."""
    root = write(tmp_path, {**PRACTICE, **{f"hidden/{name}.md": text for name, text in HIDDEN.items()}})
    write(root, {"supervision.yaml": "organisation: Riverside\n"})
    (root / "people.yaml").unlink()
    ran = notes("render", "--format", "html", "--draft", at=root)
    told = set(re.findall(r"hidden-\w+|pack-SE-201|unreadable", ran.out + ran.err))
    assert told == {"hidden-agr", "hidden-se301", "pack-SE-201", "unreadable"}
    assert "Later." in (root / "out" / f"{FIRST}.html").read_text("utf-8")
    for person, names in (("SE-301", ["hidden-log", "hidden-log-2"]), ("SE-302", ["hidden-note"])):
        ran = notes("render", "--format", "html", "--draft", *names, "--for", "author", "--as", person, at=root)
        assert (ran.code, len(ran.out.split())) == (0, len(names)), ran.err


# those who may


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure(supervisee_told="no")}
    return write(tmp_path_factory.mktemp("untold"), files)


@pytest.mark.parametrize("reader", ["SV-014", "EX-003"])
def test_a_named_reader_sees_it(reader: str, untold: Path) -> None:
    whom = ("--for", "author", "--as", reader)
    assert ID in notes("list", *whom, at=untold).out
    assert "Tattoowort" in notes("show", ID, *whom, at=untold).out
    assert FIRST in notes("links", ID, *whom, at=untold).out
    ran = notes("render", ID, "--format", "html", *whom, at=untold)
    assert ran.code == 0, ran.err
    (path,) = ran.out.split()
    assert "Tattoowort" in (untold / path).read_text("utf-8")


def test_its_mistakes_are_told_to_a_reader_who_owns_the_folder(tmp_path: Path) -> None:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure(session="2026-09-29-se021", supervisee_told="no")}
    ran = notes("check", at=write(tmp_path, files))
    assert (ran.code, "dangling-link" in ran.out) == (1, True)


# once the supervisee is told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure()}
    return write(tmp_path_factory.mktemp("told"), files)


def printed(root: Path, *arguments: str) -> Iterator[str]:
    shutil.rmtree(root / "out", ignore_errors=True)
    assert notes("render", "--format", "html", *arguments, at=root).code == 0
    for path in sorted((root / "out").iterdir()):
        yield path.read_text("utf-8")


def test_the_parties_are_told_that_it_is_there_and_no_more(told: Path) -> None:
    for asked in (("show", FIRST), ("timeline", "SE-201")):
        out = notes(*asked, at=told).out
        assert TOLD_WORDS in " ".join(out.split()), asked
        assert not {"Tattoowort", "adult", "safeguarding team"} & set(re.findall(r"\w+", out))
    pages = list(printed(told))
    assert sum(TOLD_WORDS in page for page in pages) == 1
    assert "Tattoowort" not in "".join(pages)
    assert TOLD_WORDS not in notes("show", SECOND, at=told).out


def test_the_organisation_is_told_nothing(told: Path) -> None:
    for asked in ("list", "timeline SE-201", f"show {FIRST}", f"links {FIRST}", "actions"):
        ran = notes(*asked.split(), "--for", "organisation", at=told)
        assert "restricted" not in (ran.out + ran.err).lower(), asked
    assert "estricted note" not in "".join(printed(told, "--for", "organisation"))


# what an agreement keeps back from the organisation

NO_SESSIONS = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole, eligible: no}\n"
    + "".join(f"  SE-20{n}: {{start: 2026-01-12, supervisors: [{{id: SV-014}}]}}\n" for n in range(1, 4)),
    "agreements/a.md": text_of({**AGREEMENT, "id": "agr-1", "organisation_receives": "nothing"}),
    "sessions/a.md": text_of({**SESSION, "id": "2026-09-29-se202", "supervisees": "SE-202"}, CLINICAL),
}
KEPT_BACK = {
    "sessions/b.md": text_of({**SESSION, "date": "2026-11-17", "agreement": "agr-1"}, CLINICAL),
    "sessions/c.md": text_of({**SESSION, "date": "2026-10-17"}, CLINICAL),
    "sessions/d.md": text_of({**SESSION, "date": "2026-10-18", "status": "draft"}),
    "sessions/e.md": text_of({**SESSION, "date": "2026-10-19", "minutes": "sixty"}, CLINICAL),
    "sessions/f.md": text_of({**SESSION, "date": "2027-01-19", "type": "line-management"}, CLINICAL),
}
COUNTED = [
    *(("due", "--as-at", "2026-11-20", "--for", "organisation", "--format", form) for form in FORMS),
    ("due", "--as-at", "2026-11-20", "--for", "organisation", "--overdue"),
    ("due", "--as-at", "2026-11-20", "--for", "organisation", "--for", "SE-201"),
    *(("coverage", "--as-at", "2026-11-20", "--format", form) for form in FORMS),
    *(("evidence", "--until", "2026-11-20", "--format", form) for form in FORMS),
    *((name, "--format", "html", "-o", "out.html") for name in ("coverage", "evidence")),
    ("due", "--for", "organisation", "--supervisor", "SV-014", "--format", "html", "-o", "out.html"),
    ("attendance", "export"),
]  # fmt: skip


@pytest.mark.parametrize("asked", COUNTED, ids=" ".join)
def test_a_session_that_is_kept_back_changes_no_byte_for_the_organisation(
    asked: tuple[str, ...], tmp_path: Path
) -> None:
    said = []
    for name, more in (("plain", {}), ("other", KEPT_BACK)):
        root = write(tmp_path / name / "ws", {**NO_SESSIONS, **more})
        ran = notes(*asked, at=root)
        page = root / "out.html"
        said.append((ran, page.read_bytes() if page.exists() else b""))
    assert said[0] == said[1]


def test_nobody_is_said_to_be_late_whose_sessions_are_kept_back(tmp_path: Path) -> None:
    root = write(tmp_path, NO_SESSIONS)
    asked = ("due", "--as-at", "2026-11-20", "--format", "json")
    for whom, states in (("organisation", "unknown awaiting overdue"), ("parties", "overdue awaiting overdue")):
        rows = json.loads(notes(*asked, "--sort", "person", "--for", whom, at=root).out)
        assert [row["state"] for row in rows] == states.split()
    why = "an agreement keeps their sessions back"
    assert json.loads(notes(*asked, "--for", "organisation", "--for", "SE-201", at=root).out)[0]["reason"] == why
    assert f"1 {why}" in notes("coverage", "--as-at", "2026-11-20", at=root).out
    assert f"1 {why}" in notes("evidence", "--until", "2026-11-20", at=root).out


# measures

FOUR = ("SE-301", "SE-302", "SE-303", "SE-304")
UNASKED = [
    *(("evaluation", "--for", who, "--format", form) for who in ("parties", "organisation") for form in FORMS),
    *(("evaluation", "--measure", name) for name in ("check-in", "tiredness")),
    ("evaluation", "--since", "2026-03-09", "--until", "2026-03-31"), ("evaluation", "--for", "author", "--as", "SE-9"),
    ("evaluation", "--format", "html", "-o", "out"),
    ("list",), ("list", "--for", "organisation"), ("list", "--for", "author", "--as", "SV-014"),
    ("list", "--kind", "measure"), ("show", "m-1"), ("links", "cycle-1"), ("timeline", "SE-201"), ("actions", "--all"),
    ("render", "--pack", "SE-201", "--format", "html"), ("render", "--format", "html", "--for", "organisation"),
    ("render", "--format", "html", "--for", "author", "--as", "SV-014"),
]  # fmt: skip


@pytest.mark.parametrize("asked", UNASKED, ids=" ".join)
def test_what_somebody_scored_changes_no_byte(asked: tuple[str, ...], tmp_path: Path) -> None:
    """Neither six people who keep theirs to themselves nor four who let it be counted are any trace to others."""
    kept = [{**MEASURE, "author": f"SE-20{n}", "counted": "no", "name": "tiredness"} for n in range(1, 7)]
    told = [{**MEASURE, "author": code, "counted": "yes", "name": "check-in"} for code in FOUR]
    unsure = [{**MEASURE, "author": "SE-305", "counted": counted} for counted in ("yess", "____", "~")]
    scored = enumerate([*kept, *told, *unsure, {**told[0], "date": "2026-03-10"}, {**told[0], "author": "____"}])
    practice = {path: text for path, text in PRACTICE.items() if path != "people.yaml"}
    practice["supervision.yaml"] = "organisation: Riverside\n"
    plain = write(tmp_path / "plain" / "ws", practice)
    files = {f"measures/{n}.md": text_of({**facts, "id": f"m-{n}"}, {"Notes": "Tired."}) for n, facts in scored}
    other = write(tmp_path / "other" / "ws", {**practice, **files})
    (plain / "measures").mkdir()
    assert everything(plain, notes(*asked, at=plain)) == everything(other, notes(*asked, at=other))


def test_nothing_that_somebody_scored_is_remembered(tmp_path: Path) -> None:
    facts = {**MEASURE, "name": "tiredness", "scores": "{rested: 7}", "counted": "yes"}
    root = write(tmp_path, {**PRACTICE, "measures/a.md": text_of({**facts, "author": "SV-014"})})
    assert notes("check", at=root).code == 0
    assert "tiredness, rested" in notes("evaluation", "--for", "author", at=root).out
    remembered = b"".join(path.read_bytes() for path in (root / ".supervision").iterdir())
    assert FIRST.encode() in remembered
    assert not [word for word in (b"tiredness", b"rested", b"measure-") if word in remembered]
