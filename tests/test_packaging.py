"""What is shipped works elsewhere and offline: as wheel, as the sdist's wheel, editable, and from a checkout.

Nothing is downloaded: the dependencies are lent by the environment that runs the tests.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from functools import cache
from pathlib import Path

import pytest

from supervision_notes import __version__

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("examples", "schemas", "templates")
WAYS = ("wheel", "sdist", "editable", "checkout")

NO_NETWORK = '''
import sys

def refuse(event, arguments):
    """A pipe between processes has a name; a network address is a tuple."""
    used = event in ("socket.connect", "socket.bind") and type(arguments[1]) is tuple
    if used or event == "socket.getaddrinfo":
        raise RuntimeError("the network was used: " + event)

sys.addaudithook(refuse)
'''


def python(*arguments: str | Path) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel and an sdist of the tree, and in `again` the wheel that the sdist gives."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    shutil.unpack_archive(only(folder, "*.tar.gz"), folder / "unpacked")
    build(only(folder / "unpacked", "*"), folder / "again")
    return folder


def build(tree: Path, target: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="module", params=WAYS)
def installed(request: pytest.FixtureRequest, dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a bare environment that holds the package in one of the ways, and refuses the network."""
    way: str = request.param
    home = tmp_path_factory.mktemp(way)
    python("venv", "--without-pip", home)
    site = only(home, "lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    match way:
        case "wheel":
            install(home, only(dist, "*.whl"))
        case "sdist":
            install(home, only(dist / "again", "*.whl"))
        case "editable":
            install(home, "--no-build-isolation", "--editable", ROOT)
        case "checkout":
            (site / "checkout.pth").write_text(f"{ROOT}\n")
    (site / "no_network.py").write_text(NO_NETWORK)
    (site / "no_network.pth").write_text("import no_network\n")
    return home / "bin" / "python"


def install(home: Path, *what: str | Path) -> None:
    quiet = ("--quiet", "--disable-pip-version-check")
    python("pip", "--python", home / "bin" / "python", "install", *quiet, "--no-deps", "--no-index", *what)


@cache
def alone() -> tuple[str, ...]:
    """What to put before a command so that it has no network at all, where the system lends that."""
    for way in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        if shutil.which("unshare") and subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0:
            return way
    return ()


def run(
    interpreter: Path, folder: Path, *arguments: str, isolated: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(
        [*isolated, interpreter, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_network_is_refused(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))")
    assert "RuntimeError: the network was used" in done.stderr


def test_it_runs_from_elsewhere_without_a_network(installed: Path, tmp_path: Path) -> None:
    def notes(*arguments: str) -> str:
        done = run(installed, tmp_path / "elsewhere", "-m", "supervision_notes", *arguments, isolated=alone())
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    assert notes("--version") == f"supervision-notes {__version__}\n"
    notes("init", "demo", "--example")
    assert "warning[" in notes("-C", "demo", "check", "--format", "concise")
    assert "SN204" in notes("rules")
    assert '"$schema"' in notes("schema", "session")


def test_the_folders_are_found(installed: Path, tmp_path: Path) -> None:
    code = f"from supervision_notes.shipped import folder; print(*map(folder, {FOLDERS}), sep='\\n')"
    done = run(installed, tmp_path, "-c", code)
    found = [Path(line) for line in done.stdout.splitlines()]
    assert [folder.name for folder in found] == list(FOLDERS), done.stderr
    inside = installed.parents[1] in found[0].parents
    assert inside is (installed.parents[1].name.rstrip("0123456789") in ("wheel", "sdist"))
    for folder in found:
        assert files(folder) == files(ROOT / folder.name)


def files(folder: Path) -> set[str]:
    """What of a folder is shipped: all but what the program itself may have left there."""
    left = {"__pycache__", ".supervision", "out"}
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if not left & set(path.parts)}


def test_the_script_is_installed(installed: Path, tmp_path: Path) -> None:
    script = installed.with_name("supervision-notes")
    if "checkout" in installed.parents[1].name:
        assert not script.exists()  # there it is python -m supervision_notes
        return
    done = subprocess.run([script, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"supervision-notes {__version__}\n"


def test_the_sdist_holds_what_make_needs(dist: Path) -> None:
    tree = only(dist / "unpacked", "*")
    wanted = ["Makefile", "README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", ".ci/run", ".ci/setup"]
    assert [name for name in wanted if not (tree / name).is_file()] == []
    assert (tree / "tests" / "test_packaging.py").is_file()


def test_both_wheels_hold_the_same(dist: Path) -> None:
    def names(folder: Path) -> list[str]:
        with zipfile.ZipFile(only(folder, "*.whl")) as wheel:
            return sorted(wheel.namelist())

    assert names(dist) == names(dist / "again")
    assert "supervision_notes/templates/fonts/OFL.txt" in names(dist)
    assert not [name for name in names(dist) if name.startswith("tests/")]


def test_a_wheel_tells_nothing_of_the_machine_that_made_it(dist: Path) -> None:
    place = str(ROOT).encode()
    with zipfile.ZipFile(only(dist, "*.whl")) as wheel:
        contents = {name: wheel.read(name) for name in wheel.namelist()}
    assert len(contents) > len(FOLDERS)
    assert [name for name, content in contents.items() if place in content] == []
