"""Whoever is killed, runs out of disk, or is not alone keeps the old file or has the new one, and never a part of it.

The real commands run in processes of their own. In each of them one step of writing (a call of the system while
`write.py` is at work) is the last: every step once, until the command comes to its end.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from supervision_notes.reading import open_workspace
from supervision_notes.write import Changed, NameTaken, create, create_all, edit

from .conftest import CLINICAL, ROOT, SESSION, Files, text_of, write

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine starts no process as a copy of another")

SETTINGS = "organisation: Riverside\nowner: SV-014\n"
ID = "2026-09-29-se201"
ACTIONS = {**CLINICAL, "Actions": "- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17"}
BEFORE: Files = {
    "supervision.yaml": SETTINGS,
    ".supervision": "",  # no index can be kept here, so that a record is all that is written
    f"sessions/{ID}.md": text_of({**SESSION, "id": ID}, ACTIONS),
    "sessions/2026-08-04-se201.md": text_of({**SESSION, "date": "2026-08-04"}, CLINICAL).replace("minutes", "minuts"),
    "cohort.csv": "for\nSE-201\nSE-202\n",
    "said": "I would say reluctant.",
}
COMMANDS = {
    "new": ("new", "session", "--for", "SE-201", "--date", "2026-11-17"),
    "new --each": ("new", "agreement", "--form", "individual", "--date", "2026-11-17", "--each", "cohort.csv"),
    "sign-off": ("sign-off", ID, "--as", "SE-201", "--date", "2026-10-02", "--comment", "said"),
    "check --fix": ("check", "--fix"),
    "convert": ("convert", ID, "-o", "b.yaml"),
    "render": ("render", ID, "--format", "html", "--jobs", "1"),
    "attendance export": ("attendance", "export", "-o", "a.jsonl"),
}

# What runs the command again and again, each time in a copy of the workspace, and each time with one step that is the
# last. A step is a call of the system, or of a file, on behalf of write.py, unless it only looks.
DRIVER = """\
import io, json, os, resource, shutil, signal, sys
from pathlib import Path

from supervision_notes.cli.main import run

how, before, home, number, *arguments = sys.argv[1:]


LOOKS = ("fspath", "lstat", "stat", "fstat", "readlink", "umask", "readable", "tell", "closed")


def is_step(frame, called):
    if getattr(called, "__name__", "") in LOOKS:
        return False
    of_file = isinstance(getattr(called, "__self__", None), io.IOBase)
    if not of_file and getattr(called, "__module__", None) not in ("posix", "fcntl", "_io"):
        return False
    while frame and not frame.f_code.co_filename.endswith("supervision_notes/write.py"):
        frame = frame.f_back
    return frame is not None


def break_at(n):
    left = n

    def look(frame, event, called):
        nonlocal left
        if event == "c_call" and is_step(frame, called):
            left -= 1
            if not left:
                Path("../reached").touch()
                if "killed" in how:
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(int(number), os.strerror(int(number)))

    sys.setprofile(look)


def break_after(size):
    # The system refuses to make a file larger than that; it ends the writer, or tells it.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if "killed" in how else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def no_links(*_, **__):
    raise PermissionError(1, "Operation not permitted")


def copied(n):
    root = Path(home, str(n), "ws")
    shutil.copytree(before, root)
    os.chdir(root)
    return root


def ended(n, root):
    pid = os.fork()
    if not pid:
        if "without links" in how:
            os.link = no_links
        if "half" in how:
            break_after(n)
        else:
            break_at(n)
        os._exit(run(arguments))
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


copied("whole")
run(arguments)
ends = []
for n in range(0, int(number), 1 + int(number) // 12) if "half" in how else range(1, 10_000):
    root = copied(n)
    code = ended(n, root)
    if "half" not in how and not Path(root.parent, "reached").exists():
        break
    ends.append([root.as_posix(), code])
Path(home, "ends").write_text(json.dumps(ends))
"""


class End(NamedTuple):
    """The workspace after a run that was broken off, and how that ended: its exit code, or the signal below zero."""

    root: Path
    code: int


def broken(how: str, command: str, home: Path, number: int = 0) -> list[End]:
    """How a command ends when it is broken off, once at every step."""
    before = write(home / "before", BEFORE)
    arguments = [sys.executable, "-c", DRIVER, how, str(before), str(home), str(number), *COMMANDS[command]]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    subprocess.run(arguments, check=True, capture_output=True, env=environment, timeout=300)
    return [End(Path(root), code) for root, code in json.loads((home / "ends").read_text("utf-8"))]


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def is_left_over(name: str) -> bool:
    return Path(name).name.startswith(".writing-")


def assert_old_or_new(end: End, home: Path, *, claimed: bool = False) -> set[str]:
    """Each file is the old one or the new one, whole; those that are new are returned.

    On a drive without hard links a killed writer may leave a name claimed: an empty file, which is no record.
    """
    before, after, now = files(home / "before"), files(home / "whole" / "ws"), files(end.root)
    kept = {name: data for name, data in now.items() if not is_left_over(name)}
    for name, data in kept.items():
        whole = [version[name] for version in (before, after) if name in version]
        assert data in whole or (claimed and not data and name not in before), f"{name} after {end}"
    assert before.keys() <= kept.keys()
    return {name for name, data in kept.items() if before.get(name) != data and data}


def assert_goes_on(end: End) -> None:
    """What was left behind is taken for nothing, and goes when somebody writes there again an hour later."""
    records = {record.path for record in open_workspace(end.root, jobs=1).workspace.records}
    assert not any(map(is_left_over, records))
    left = [path for path in end.root.rglob("*") if is_left_over(path.name)]
    for path in left:
        os.utime(path, (0, 0))
    if left:
        create(left[0].parent / "another", b"")
    assert not [path for path in end.root.rglob("*") if is_left_over(path.name)]


STEPS = {
    "new": 9,
    "new --each": 16,
    "sign-off": 9,
    "check --fix": 12,
    "convert": 9,
    "render": 9,
    "attendance export": 9,
}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_writer_that_is_killed_leaves_the_old_file_or_the_new_one(command: str, tmp_path: Path) -> None:
    ends = broken("killed", command, tmp_path)
    assert len(ends) >= STEPS[command]
    assert {end.code for end in ends} == {-9}
    written = [assert_old_or_new(end, tmp_path) for end in ends]
    assert set() in written
    assert written[-1] == max(written, key=len)
    assert written[-1]
    for end in ends:
        assert_goes_on(end)


@pytest.mark.parametrize("command", ["new", "new --each", "convert"])
def test_on_a_drive_without_hard_links_it_is_the_same(command: str, tmp_path: Path) -> None:
    ends = broken("killed without links", command, tmp_path)
    assert len(ends) > STEPS[command]
    for end in ends:
        assert_old_or_new(end, tmp_path, claimed=True)
        assert_goes_on(end)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_writer_that_is_killed_in_the_middle_of_a_file_leaves_no_half_of_it(command: str, tmp_path: Path) -> None:
    for end in broken("killed half", command, tmp_path, size_of(command)):
        assert end.code == -25
        assert assert_old_or_new(end, tmp_path) == set()
        assert_goes_on(end)


def size_of(command: str) -> int:
    """Fewer bytes than the file that a command writes."""
    return {"sign-off": 200, "check --fix": 250, "convert": 250, "attendance export": 250}.get(command, 900)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_loses_nothing(command: str, tmp_path: Path) -> None:
    before = files(write(tmp_path / "before", BEFORE))
    for end in broken("full half", command, tmp_path, size_of(command)):
        assert end.code in (1, 2)
        assert files(end.root) == before


@pytest.mark.parametrize(
    ("command", "number"),
    [*((command, errno.ENOSPC) for command in COMMANDS), ("new", errno.EROFS), ("check --fix", errno.EROFS)],
)
def test_whatever_the_machine_refuses_nothing_is_lost(command: str, number: int, tmp_path: Path) -> None:
    """Every step may fail. Then all of it is written, or nothing, and the exit code says which."""
    ends = broken("refused", command, tmp_path, number)
    assert len(ends) >= STEPS[command]
    for end in ends:
        written = assert_old_or_new(end, tmp_path)
        if command != "check --fix":
            assert bool(written) == (end.code == 0)
        if command == "new --each":
            assert len(written) in (0, 2)
        assert_goes_on(end)


# two at once

AT_ONCE = """\
import sys
from supervision_notes.cli.main import run
from supervision_notes.reading import open_workspace
open_workspace(".", jobs=1)
print("ready", flush=True)
sys.stdin.readline()
sys.exit(run(sys.argv[1:]))
"""


class Ran(NamedTuple):
    code: int
    out: str
    err: str


def at_once(root: Path, *commands: tuple[str, ...]) -> list[Ran]:
    """Run commands in the same moment, as nearly as that can be done."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", AT_ONCE, *command],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for command in commands
    ]  # fmt: skip
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in started]
    return [Ran(process.returncode, *words) for process, words in zip(started, said, strict=True)]


def test_of_writers_at_once_each_gets_a_file_of_its_own_or_is_told(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", BEFORE)
    for n in range(3):
        day = f"2026-11-1{n}"
        ran = at_once(root, *[("new", "session", "--for", "SE-201", "--date", day)] * 4)
        done = [run_.out.strip() for run_ in ran if run_.code == 0]
        assert done
        assert len(done) == len(set(done)) == len(list((root / "sessions").glob(f"{day}*")))
        for run_ in ran:
            assert run_.code == 0 or "is there already; nothing was written." in run_.err
        for path in done:
            assert (root / path).read_text("utf-8").startswith(f"---\nkind: session\nid: {Path(path).stem}\n")


def test_those_who_sign_at_once_are_all_heard(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", BEFORE)
    people = ("SE-201", "SV-014")
    ran = at_once(root, *[("sign-off", ID, "--as", code, "--date", "2026-10-02") for code in people for _ in "ab"])
    signed = [path.read_text("utf-8") for path in (root / "sign-offs").iterdir()]
    assert len(signed) == sum(run_.code == 0 for run_ in ran)
    assert all(any(f"by: {code}\n" in text for text in signed) for code in people)
    assert all(run_.code == 0 or "Nothing was written" in run_.err or "try again" in run_.err for run_ in ran)


def test_those_who_mend_at_once_mend_once(tmp_path: Path) -> None:
    root = write(tmp_path / "ws", BEFORE)
    name = "sessions/2026-08-04-se201.md"
    meant = (root / name).read_bytes().replace(b"minuts", b"minutes")
    for run_ in at_once(root, *[("check", "--fix", "-q")] * 4):
        assert run_.code in (0, 1)
    assert (root / name).read_bytes() == meant
    assert not [path for path in root.rglob("*") if is_left_over(path.name)]


COUNTING = """\
import sys
from pathlib import Path
from supervision_notes.write import Changed, edit
path, own = Path(sys.argv[1]), sys.argv[2].encode()
for n in range(30):
    while True:
        before = path.read_bytes()
        try:
            edit(path, before, before + own)
            break
        except Changed:
            pass
"""


def test_no_edit_is_lost_among_many(tmp_path: Path) -> None:
    """Each process adds its letter thirty times, and tries again where the file was changed meanwhile."""
    path = tmp_path / "a.md"
    path.write_bytes(b"")
    path.chmod(0o640)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", COUNTING, str(path), letter], env=environment) for letter in "abcd"
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4
    assert sorted(path.read_text("utf-8")) == sorted("abcd" * 30)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


# one after the other


def test_a_file_that_was_changed_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"mine")
    with pytest.raises(Changed):
        edit(path, b"theirs", b"ours")
    assert path.read_bytes() == b"mine"
    path.unlink()
    with pytest.raises(Changed):
        edit(path, b"mine", b"ours")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_put_in_its_place_while_one_waited_is_never_overwritten(tmp_path: Path) -> None:
    """Who waits for a file has it open; by the time the lock is theirs, another may stand there under its name."""
    path = tmp_path / "a.md"
    path.write_bytes(b"as it was read")

    def look(frame: object, event: str, called: Any) -> None:
        if event == "c_call" and getattr(called, "__name__", "") == "flock":
            sys.setprofile(None)
            edit(path, b"as it was read", b"quicker")

    sys.setprofile(look)
    try:
        with pytest.raises(Changed):
            edit(path, b"as it was read", b"slower")
    finally:
        sys.setprofile(None)
    assert path.read_bytes() == b"quicker"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    there = tmp_path / "far" / "a.md"
    there.write_bytes(b"old")
    (tmp_path / "a.md").symlink_to(there)
    edit(tmp_path / "a.md", b"old", b"new")
    assert (tmp_path / "a.md").is_symlink()
    assert there.read_bytes() == b"new"


def test_of_several_new_files_all_are_written_or_none(tmp_path: Path) -> None:
    names = [tmp_path / "new" / name for name in ("a", "b", "c")]
    create(names[1], b"theirs")
    with pytest.raises(NameTaken, match=r"b$"):
        create_all(dict.fromkeys(names, b"ours"))
    assert [path.read_bytes() for path in (tmp_path / "new").iterdir()] == [b"theirs"]
    names[1].unlink()
    create_all(dict.fromkeys(names, b"ours"))
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a", "b", "c"]


def test_what_another_writer_is_at_work_on_stays(tmp_path: Path) -> None:
    fresh, old = tmp_path / ".writing-fresh_12", tmp_path / ".writing-old_1234"
    for path in (fresh, old):
        path.write_bytes(b"---\nkind: session\n---\n")
    os.utime(old, (0, 0))
    create(tmp_path / "a.md", b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".writing-fresh_12", "a.md"]
