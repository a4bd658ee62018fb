"""Attendance in one place: the same of a SQLite file and of a real PostgreSQL server, where this machine has one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from supervision_notes.attendance import Attendance
from supervision_notes.cli.main import run
from supervision_notes.exported import jsonl
from supervision_notes.store import CannotUse, Loaded, Replaced, kept, load

from .conftest import ROOT, Files, attended, write
from .test_exported import DIGESTS, FACTS

PASSWORD = "hollyhocks"
SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
GROUP = [
    attended("2026-10-22 peer-group peers 4 80", person)._replace(session="2026-10-22-pg1", digest=DIGESTS[3])
    for person in ("SE-205", "SE-206", "SE-207")
]


def as_nobody(*command: str | Path) -> list[str]:
    """A server refuses to run as root: it is then run as somebody who may do nothing else."""
    whole = [*map(str, command)]
    return ["runuser", "-u", "nobody", "--", *whole] if os.geteuid() == 0 else whole


def do(*command: str | Path, **more: Any) -> None:
    subprocess.run(as_nobody(*command), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A PostgreSQL server behind a socket in a folder of its own, which asks for a password."""
    if not SERVERS or (os.geteuid() == 0 and not shutil.which("runuser")):
        pytest.skip("this machine has no PostgreSQL server; Debian's package is called postgresql")
    home, tools = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp")), SERVERS[-1].parent
    try:
        (home / "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (home, home / "password"):
                shutil.chown(path, "nobody")
        do(tools / "initdb", "-D", home / "data", "-U", "notes", "-A", "scram-sha-256", "--no-sync", "-E", "UTF8",
           f"--pwfile={home / 'password'}", cwd=home)  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
        do(tools / "pg_ctl", "-D", home / "data", "-w", "-o", options, "-l", home / "log", "start", cwd=home)
        yield home
        do(tools / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop", cwd=home)
    finally:
        shutil.rmtree(home)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return str(tmp_path / "all.db")
    import psycopg

    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    found = f"postgresql://notes@/postgres?host={request.getfixturevalue('server')}"
    with psycopg.connect(found) as opened:
        opened.execute("DROP TABLE IF EXISTS supervision_attendance")
    return found


def execute(address: str, statement: str) -> None:
    """What somebody else does with the database."""
    if address.startswith("postgresql"):
        import psycopg

        with psycopg.connect(address) as opened:
            opened.execute(statement.encode())
        return
    opened = sqlite3.connect(address)
    with opened:
        opened.execute(statement)
    opened.close()


def facts_in(address: str) -> list[Attendance]:
    found = kept(address)
    assert found.faults == []
    return sorted(found.facts, key=lambda fact: (fact.date, fact.session, fact.person))


# what is loaded


def test_what_is_loaded_is_what_is_kept(address: str) -> None:
    assert load(address, FACTS) == Loaded(4, 0, 0, 0)
    assert facts_in(address) == FACTS


def test_loading_the_same_again_changes_nothing(address: str) -> None:
    load(address, FACTS)
    assert load(address, [*reversed(FACTS)]) == Loaded(0, 0, 4, 0)
    assert load(address, []) == Loaded(0, 0, 0, 0)
    assert facts_in(address) == FACTS


def test_a_record_that_changed_takes_all_of_the_older_one_with_it(address: str) -> None:
    load(address, [*GROUP, *FACTS])
    newer = [fact._replace(digest=DIGESTS[4], minutes=75) for fact in GROUP[:2]]
    apart = tuple(Replaced("2026-10-22-pg1", one.person, ("digest", "minutes")) for one in newer)
    assert load(address, newer) == Loaded(0, 2, 0, 1, apart)
    assert load(address, [newer[0]._replace(signed=False, agreed_until="2027-01-31")]) == Loaded(0, 1, 0, 0)
    (newer[0],) = (fact for fact in facts_in(address) if fact.person == newer[0].person)
    assert [fact for fact in facts_in(address) if fact.session == "2026-10-22-pg1"] == newer
    assert len(facts_in(address)) == len(FACTS) + 2


def test_a_part_of_a_record_takes_nothing_away(address: str) -> None:
    load(address, GROUP)
    assert load(address, [GROUP[0]._replace(signed=False)]) == Loaded(0, 1, 0, 0)
    assert len(facts_in(address)) == 3


def test_another_workspace_with_the_same_id_takes_nothing_away(address: str) -> None:
    load(address, FACTS[:1])
    others = [
        FACTS[0]._replace(digest=DIGESTS[5], **other) for other in ({"person": "SE-202"}, {"supervisor": "SV-022"})
    ]
    assert load(address, others) == Loaded(2, 0, 0, 0)
    assert len(facts_in(address)) == 3


def test_a_row_that_somebody_else_wrote_is_believed_no_more_than_a_line(address: str) -> None:
    load(address, FACTS)
    execute(
        address,
        "UPDATE supervision_attendance SET common = replace(common, 'peer-group', 'Kettle') WHERE person = 'SE-202'",
    )
    found = kept(address)
    assert len(found.facts) == 3
    (fault,) = found.faults
    assert fault.message.startswith("type is external, line-management")
    assert "Kettle" not in fault.message
    execute(
        address,
        "UPDATE supervision_attendance SET common = replace(common, 'Kettle', 'peer-group'), person = 'Kettle' "
        "WHERE person = 'SE-202'",
    )
    assert len(kept(address, names={"kettle"}).faults) == 1
    for common in ("", "Kettle", "[]", "[[[", "{}"):
        execute(address, f"UPDATE supervision_attendance SET common = '{common}' WHERE person = 'SE-203'")
        assert len(kept(address).faults) == 1


# whoever is killed, or is not alone

LOADER = """\
import os, signal, sys
from pathlib import Path

from supervision_notes import store
from supervision_notes.exported import read

address, file, last = sys.argv[1], sys.argv[2], int(sys.argv[3])
steps = 0


def look(frame, event, argument):
    global steps
    if frame.f_code.co_filename == store.__file__ and frame.f_code.co_name in ("begin", "do", "do_each", "rows"):
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)


facts = read("a", Path(file).open()).facts
sys.setprofile(look)
store.load(address, facts)
"""


def loader(address: str, file: Path, last: int = 0) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", LOADER, address, file, str(last)], cwd=ROOT)


def file_of(path: Path, facts: Sequence[Attendance]) -> Path:
    path.write_text("\n".join(jsonl(facts)))
    return path


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this machine kills nothing like that")
def test_whoever_is_killed_has_loaded_all_or_nothing(address: str, tmp_path: Path) -> None:
    load(address, GROUP)
    before = facts_in(address)
    newer = [*FACTS, *(fact._replace(digest=DIGESTS[4], minutes=75) for fact in GROUP[:2])]
    file = file_of(tmp_path / "a.jsonl", newer)
    seen = []
    for last in range(1, 60):
        code = loader(address, file, last).wait(60)
        after = facts_in(address)
        seen.append(after == before)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        assert after == before or len(after) == len(newer)
    assert code == 0
    assert seen.count(True) > 10
    assert not seen[-1]


def test_two_may_load_at_once(address: str, tmp_path: Path) -> None:
    many = [attended("2026-09-29", f"SE-{n:04}") for n in range(900)]
    parts = [many[:600], many[300:]]
    files = [file_of(tmp_path / f"{n}.jsonl", part) for n, part in enumerate(parts)]
    assert [one.wait(60) for one in [loader(address, file) for file in files]] == [0, 0]
    assert facts_in(address) == many


# addresses


def test_the_file_opens_for_its_owner_alone(tmp_path: Path) -> None:
    for name in ("all.db", f"sqlite:///{tmp_path / 'other.db'}"):
        load(name if ":" in name else str(tmp_path / name), FACTS)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 2


ADDRESSES = {
    "postgre://notes:hollyhocks@db.example/notes": "begins with postgresql:// or sqlite:///",
    "notes:hollyhocks@db.example": "begins with postgresql:// or sqlite:///",
    "postgresql://notes:holly@hollyhocks:99x/notes": "does not answer, or does not let you in",
    "postgresql://notes:hollyhocks@/notes?host=/nowhere": "does not answer, or does not let you in",
    "postgresql://notes:hollyhocks@/notes?hollyhocks=1": "does not answer, or does not let you in",
    "postgresql+psycopg://notes:hollyhocks@db.example/notes": "begins with postgresql:// or sqlite:///",
    " postgresql://notes:hollyhocks@db.example/notes": "begins with postgresql:// or sqlite:///",
    "sqlite:///postgresql://notes:hollyhocks@db.example/notes": "begins with postgresql:// or sqlite:///",
    "host=db.example user=notes password=hollyhocks": "begins with postgresql:// or sqlite:///",
    "HOST = hollyhocks": "begins with postgresql:// or sqlite:///",
    "n:hollyhocks@db.example/notes": "begins with postgresql:// or sqlite:///",
    "hollyhocks.db": "there is no such database",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_none_is_told_without_a_word_of_it(address: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(CannotUse, match=ADDRESSES[address]) as told:
        kept(address)
    assert "holly" not in str(told.value)


def test_the_password_is_never_told(server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    for wrong in ("", ":hollyhockz"):
        with pytest.raises(CannotUse, match="does not let you in") as told:
            kept(f"postgresql://notes{wrong}@/postgres?host={server}")
        assert "hollyhock" not in str(told.value)
    with pytest.raises(CannotUse, match="does not let you in"):
        kept(f"postgresql://notes:{PASSWORD}@/nowhere?host={server}")


def test_a_database_that_knows_no_letters_but_english_ones_keeps_others_all_the_same(
    server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    psycopg = pytest.importorskip("psycopg")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with psycopg.connect(f"postgresql://notes@/postgres?host={server}", autocommit=True) as opened:
        opened.execute("CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")
    address = f"postgresql://notes@/plain?host={server}"
    load(address, FACTS)
    assert facts_in(address) == sorted(FACTS)


def test_what_is_no_database_of_ours(address: str, tmp_path: Path) -> None:
    execute(address, "CREATE TABLE other (name TEXT)")
    with pytest.raises(CannotUse, match="there is no attendance in this database yet"):
        kept(address)
    execute(address, "DROP TABLE other")
    execute(address, "CREATE TABLE supervision_attendance (name TEXT)")
    with pytest.raises(CannotUse, match=r"the database (cannot be used|refused) \("):
        load(address, FACTS)
    no_database = write(tmp_path, {"a.md": "---\nkind: session\n" * 90}) / "a.md"
    with pytest.raises(CannotUse, match=r"cannot be used \(SQLITE_NOTADB\)"):
        load(str(no_database), FACTS)
    assert no_database.read_text() == "---\nkind: session\n" * 90


@pytest.mark.parametrize("common", ["NULL", "7", "0.5", "''", "'{}'", "'[]'", "x'5b315d'", "x'ff'"])
def test_a_row_that_others_made_is_one_fault_and_the_others_count(common: str, tmp_path: Path) -> None:
    address = str(tmp_path / "theirs.db")
    execute(address, "CREATE TABLE supervision_attendance (session, supervisor, person, digest, date, common, "
            "PRIMARY KEY (session, supervisor, person))")  # fmt: skip
    load(address, FACTS)
    execute(address, f"UPDATE supervision_attendance SET common = {common} WHERE person = 'SE-202'")
    found = kept(address)
    assert (len(found.faults), len(found.facts)) == (1, len(FACTS) - 1)


def test_a_table_whose_columns_are_of_another_type_is_told_row_by_row(
    server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    address = f"postgresql://notes@/postgres?host={server}"
    execute(address, "DROP TABLE IF EXISTS supervision_attendance")
    load(address, FACTS)
    execute(address, "ALTER TABLE supervision_attendance ALTER common TYPE jsonb USING common::jsonb")
    found = kept(address)
    assert (len(found.faults), found.facts) == (len(FACTS), [])


# as it is typed

HERE: Files = {
    "supervision.yaml": "organisation: Riverside\n",
    "people.yaml": "people:\n  SE-201: {name: Rhian Kettle}\n  SE-202: {}\n  SE-203: {}\n",
}
Typed = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.chdir(write(tmp_path / "here", HERE))
    file_of(Path("a.jsonl"), FACTS)

    def ran(line: str) -> tuple[int, str, str]:
        return run(line.split()), *capsys.readouterr()

    return ran


def test_figures_are_the_same_from_files_and_from_the_database(address: str, typed: Typed) -> None:
    assert typed(f"attendance load a.jsonl --database {address}") == (0, "", "4 new, 0 changed, 0 as they were.\n")
    assert typed(f"attendance load a.jsonl --database {address}") == (0, "", "0 new, 0 changed, 4 as they were.\n")
    for question in ("coverage --as-at 2026-11-30", "due --as-at 2026-11-30", "due --format json"):
        assert typed(f"{question} --database {address}") == typed(f"{question} --from a.jsonl")
    both = typed(f"coverage --as-at 2026-11-30 --database {address} --from a.jsonl")
    assert both[:2] == typed("coverage --as-at 2026-11-30 --from a.jsonl")[:2]
    assert "told more than once, and counted once: 4 facts." in both[2]
    file_of(Path("b.jsonl"), [FACTS[0]._replace(minutes=15)])
    err = typed(f"coverage --as-at 2026-11-30 --database {address} --from b.jsonl")[2]
    assert "SE-201 is told differently in the database and b.jsonl:2; neither counts." in err


def test_a_record_that_is_gone_is_told(typed: Typed) -> None:
    file_of(Path("b.jsonl"), GROUP)
    file_of(Path("c.jsonl"), [GROUP[0]._replace(digest=DIGESTS[4])])
    typed("attendance load b.jsonl --database all.db")
    ran = typed("attendance load c.jsonl --database all.db")
    assert ran == (
        0,
        "",
        "0 new, 1 changed, 0 as they were, 2 gone with an older record. Told differently before, and replaced: "
        "2026-10-22-pg1 of SE-205 (fingerprint). Where the older list was right, load it again.\n",
    )


def test_what_another_list_tells_differently_is_told_in_the_closing_line(typed: Typed) -> None:
    file_of(Path("b.jsonl"), [one._replace(minutes=45, mode="phone") for one in FACTS[:2]])
    typed("attendance load a.jsonl --database all.db")
    assert typed("attendance load b.jsonl --database all.db")[2] == (
        "0 new, 2 changed, 0 as they were. Told differently before, and replaced: 2026-09-29-se-201-0 of SE-201 "
        "(minutes, mode) and 2026-10-22-se-202-0 of SE-202 (minutes, mode). Where the older list was "
        "right, load it again.\n"
    )
    file_of(Path("c.jsonl"), [one._replace(signed=not one.signed, minutes=45, mode="phone") for one in FACTS[:2]])
    assert typed("attendance load c.jsonl --database all.db")[2] == "0 new, 2 changed, 0 as they were.\n"
    err = typed("attendance load a.jsonl b.jsonl --database all.db")[2]
    assert err.endswith("\n0 new, 0 changed, 2 as they were, 2 told differently in these lists and not loaded.\n")


def test_of_many_that_are_replaced_a_few_are_named(typed: Typed) -> None:
    many = [attended("2026-10-05", f"SE-{n:03}") for n in range(13)]
    for name, minutes in (("b.jsonl", 60), ("c.jsonl", 90)):
        file_of(Path(name), [one._replace(minutes=minutes) for one in many])
        err = typed(f"attendance load {name} --database all.db")[2]
    assert err.count(" of SE-") == 10
    assert " of SE-009 (minutes) and 3 more. Where" in err


def test_a_line_with_a_mistake_is_named_and_the_others_are_loaded(typed: Typed) -> None:
    text = Path("a.jsonl").read_text().replace("SE-202", "Rhian Kettle")
    Path("a.jsonl").write_text(text)
    code, _, err = typed("attendance load a.jsonl --database all.db")
    assert code == 1
    assert err.startswith("a.jsonl:3: person is a code, as in SE-201, and never a name")
    assert err.endswith("\n3 new, 0 changed, 0 as they were.\n")


def test_of_a_list_that_was_cut_short_nothing_is_loaded(typed: Typed) -> None:
    whole = Path("a.jsonl").read_text()
    Path("b.jsonl").write_text(whole.rstrip().rpartition("\n")[0] + "\n")
    assert typed("attendance load b.jsonl --database all.db")[0] == 1
    assert not Path("all.db").exists()
    file_of(Path("c.jsonl"), FACTS[:1])
    code, _, err = typed("attendance load b.jsonl c.jsonl --database all.db")
    assert (code, len(facts_in("all.db"))) == (1, 1)
    assert err.startswith("b.jsonl:4: 4 facts are announced and 3 found, so the file was cut or changed.")
    assert "\nb.jsonl: nothing of it is loaded.\n" in err
    Path("d.csv").write_text("name,code\nRhian Kettle,SE-201\n")
    code, _, err = typed("attendance load d.csv --database other.db")
    assert (code, Path("other.db").exists()) == (1, False)
    assert err.startswith("d.csv:1: this is no list of attendance")
    assert err.endswith("\nd.csv: nothing of it is loaded.\n")


ADDRESS = "postgresql://notes:hollyhocks@db.example/notes"
ASTRAY = [
    *(f"{command} --from" for command in ("coverage", "due", "evidence", "remind", "calendar")),
    *(f"{command} --as-at 2026-11-30" for command in ("coverage", "due", "remind", "calendar")),
    "evidence", "coverage --from a.jsonl", "coverage --format", "coverage --by", "coverage --as-at", "coverage -o",
    "coverage --database all.db", "coverage --format html -o", "due --for", "due --supervisor", "due --sort",
    "attendance export", "attendance export -o", "attendance export --format csv -o", "attendance", "attendance load",
    "attendance load --database all.db", "calendar -o", "list --for", "list --kind", "show", "links", "timeline",
    "check", "check --select", "render", "render -o", "render --pack", "convert", "new", "new session --for",
     "sign-off x --as SE-201 --comment", "import", "explain", "schema", "init", "", "-C", "doctor",
]  # fmt: skip


@pytest.mark.parametrize(
    "address", [ADDRESS, "notes:hollyhocks@db.example/notes", "password=hollyhocks", "--databse=" + ADDRESS]
)
@pytest.mark.parametrize(
    "command", [*ASTRAY, *(f"{command} --database=" for command in ASTRAY if command.endswith("-o"))]
)
def test_an_address_in_a_wrong_place_is_refused_and_never_repeated(command: str, address: str, typed: Typed) -> None:
    before = sorted(Path().rglob("*"))
    code, out, err = typed(f"{command}{'' if command.endswith('=') else ' '}{address}")
    assert (code, out) == (2, "")
    assert err.endswith("stands in one place alone:  --database URL\n")
    assert sorted(Path().rglob("*")) == before


def test_an_option_that_is_none_is_told_without_its_value(typed: Typed) -> None:
    for line in (
        "coverage --password=hollyhocks",
        "coverage --databse hollyhocks.db",
        "coverage -phollyhocks",
        "new session --set password=hollyhocks",
        f"new session --set {ADDRESS}?x=1",
    ):
        assert "hollyhocks" not in typed(line)[2], line


@pytest.mark.parametrize("between", [" ", "="])
@pytest.mark.parametrize("line", ["list --for", "coverage --format", "coverage --by", "due --for", "show x --as"])
def test_an_address_that_another_option_swallowed_is_not_repeated(line: str, between: str, typed: Typed) -> None:
    code, out, err = typed(f"{line} --database{between}{ADDRESS}")
    assert (code, "hollyhocks" in out + err) == (2, False)


def test_a_fact_of_a_record_may_hold_an_address(typed: Typed) -> None:
    for line in ("--set told=https://example.org/form", "--set=told=https://example.org/form"):
        code, out, _ = typed(f"new disclosure --dry-run {line}")
        assert (code, "https://example.org/form" in out) == (0, True)


@pytest.mark.parametrize("command", ["coverage", "due", "attendance load a.jsonl"])
def test_without_its_part_postgresql_is_told_of_in_one_sentence(command: str, typed: Typed) -> None:
    lacking = "import sys; sys.modules['psycopg'] = None; from supervision_notes.cli.main import run; run(sys.argv[1:])"
    database = "postgresql://notes:hollyhocks@db.example/notes"
    ran = subprocess.run(
        [sys.executable, "-c", lacking, *command.split(), "--database", database],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert ran.stderr.startswith(
        "supervision-notes: PostgreSQL needs a part that is not installed:  "
        "pip install 'supervision-notes[postgresql]'."
    )
    assert ran.stderr.count("\n") == 1
    assert "hollyhocks" not in ran.stderr + ran.stdout
