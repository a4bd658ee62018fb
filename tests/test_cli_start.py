"""How the command line starts and stops: what it loads, what it says of what goes wrong, its exit codes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from supervision_notes import __version__
from supervision_notes.cli import main as start
from supervision_notes.cli.settings import Settings

SECRET = "Rhian wept in the car park"
LIGHT = {"", ".cli", ".cli.main", ".cli.settings"}
HEAVY = {"concurrent.futures", "jinja2", "jsonschema_rs", "markdown_it", "multiprocessing", "rich", "sqlite3"}
HEAVY |= {"weasyprint", "yaml"}


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the command line has loaded when it ends."""
    code = (
        "import sys\n"
        "from supervision_notes.cli.main import run\n"
        "run(sys.argv[1:])\n"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.split("\n"))


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_nothing_but_click(option: str) -> None:
    modules = loaded(option)
    ours = {name.removeprefix("supervision_notes") for name in modules if name.startswith("supervision_notes")}
    assert "click" in modules
    assert ours == LIGHT
    assert not HEAVY & modules


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.run(["--version"]) == 0
    assert capsys.readouterr().out == f"supervision-notes {__version__}\n"


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out and line in out for name, (_, line) in start.COMMANDS.items())


@pytest.mark.parametrize("name", start.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.run([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: supervision-notes {name}" in out
    assert "--quiet" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "there is no command “chek”; did you mean “check”?"),
        (["qqqq"], "there is no command “qqqq”."),
        (["--qiet"], "there is no option “--qiet”; did you mean “--quiet”?"),
        (["rules", "--qiet"], "there is no option “--qiet”; did you mean “--quiet”?"),
        (["-C", "nowhere", "rules"], "Directory 'nowhere' does not exist."),
        (["explain"], "Missing argument"),
    ],
)
def test_wrong_use_gets_a_sentence(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.run(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "--help." in captured.err
    assert captured.out == ""


def test_no_command_is_answered_with_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.run([]) == 2
    assert "Commands:" in capsys.readouterr().err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Settings], object]], None]:
    """Makes a function of the test the command `probe`."""

    def made(body: Callable[[Settings], object]) -> None:
        probe = click.Command("probe", callback=click.pass_obj(body))
        monkeypatch.setitem(start.COMMANDS, "probe", ("probe:command", "A test."))
        monkeypatch.setattr(start, "import_module", lambda *_: type("Module", (), {"command": probe}))

    return made


Command = Callable[[Callable[[Settings], object]], None]


@pytest.mark.parametrize(
    "arguments",
    [
        ["-C", ".", "-q", "--no-input", "--debug", "probe"],
        ["probe", "-C", ".", "-q", "--no-input", "--debug"],
        ["-q", "probe", "--debug", "-C", ".", "--no-input"],
    ],
)
def test_what_all_commands_share_stands_before_or_after(arguments: list[str], command: Command) -> None:
    seen: list[Settings] = []
    command(seen.append)
    assert start.run(arguments) == 0
    assert seen == [Settings(folder=".", quiet=True, no_input=True, debug=True)]


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_a_command_returns_its_exit_code(answer: int | None, code: int, command: Command) -> None:
    command(lambda _: answer)
    assert start.run(["probe"]) == code


def failing(fault: BaseException) -> Callable[[Settings], object]:
    def body(_: Settings) -> object:
        raise fault

    return body


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        (KeyError(SECRET), 2, "this is our fault, not yours: KeyError."),
        (RecursionError(), 2, "this is our fault, not yours: RecursionError."),
        (OSError(28, "No space left on device"), 2, "the machine refused: No space left on device."),
        (PermissionError(13, "Permission denied", "sessions/x.md"), 2, "sessions/x.md: Permission denied."),
        (
            PermissionError(13, "Permission denied", "/home/rhian/a\x1bb.md"),
            2,
            ": a<U+001B>b.md: Permission denied.",
        ),
        (click.UsageError("there is no record x"), 2, "there is no record x"),
        (click.ClickException("Pango is missing"), 2, "Pango is missing"),
        (KeyboardInterrupt(), 130, "interrupted."),
        (BrokenPipeError(32, "Broken pipe"), 2, ""),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    fault: BaseException, code: int, said: str, command: Command, capfd: pytest.CaptureFixture[str]
) -> None:
    command(failing(fault))
    assert start.run(["probe"]) == code
    err = capfd.readouterr().err
    assert said in err
    assert len([line for line in err.splitlines() if line and "--help" not in line]) == bool(said)
    assert SECRET not in err
    assert "Traceback" not in err
    assert "rhian" not in err


def test_debug_says_where_and_never_what(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    command(failing(ValueError(SECRET)))
    assert start.run(["--debug", "probe"]) == 2
    err = capsys.readouterr().err
    assert "cli/main.py:" in err
    assert "ValueError" in err
    assert SECRET not in err
    assert __file__ not in err


def test_a_reader_that_leaves_is_no_fault() -> None:
    code = (
        "import sys, click; from supervision_notes.cli import main\n"
        "class Module: command = click.Command('probe', callback=lambda: [*map(click.echo, range(99_999))])\n"
        "main.COMMANDS['probe'] = ('probe:command', '')\n"
        "main.import_module = lambda *_: Module\n"
        "sys.exit(main.run(['probe']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.read(1) == "0"
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 2


def test_no_colour_is_honoured(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[bool | None] = []
    command(lambda _: seen.append(click.get_current_context().color))
    for wish in ("", "1"):
        monkeypatch.setenv("NO_COLOR", wish)
        assert start.run(["probe"]) == 0
    assert seen == [None, False]


def test_python_m_runs_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "supervision_notes", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"supervision-notes {__version__}\n"
