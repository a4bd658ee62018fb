"""Where the command line starts, and where everything that goes wrong becomes one sentence and an exit code.

Exit 0 is clean, 1 means errors were found, 2 wrong use or a fault of ours or the machine's, 130 interrupted.
Nothing but click is imported before the command is known: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, TextIO

import click

from .. import __version__
from .settings import SHARED, Settings

NAME = "supervision-notes"
FAULT = 2
INTERRUPTED = 130

COMMANDS = {
    "init": ("init:command", "Start a workspace."),
    "new": ("new:command", "Write a blank record to fill in."),
    "check": ("check:command", "Say what is missing, misspelt or impossible."),
    "render": ("render:command", "Print records and agreements."),
    "sign-off": ("sign_off:command", "Sign a session or an agreement as one of its parties."),
    "list": ("listing:command", "List records: when, which, about whom, and who has yet to sign."),
    "show": ("show:command", "Show one record, with its links and its actions."),
    "links": ("links:command", "Say what a record names and what names it, or draw it."),
    "timeline": ("timeline:command", "Draw the year of a person or a group."),
    "actions": ("actions:command", "List what is still open, whose it is, and since when."),
    "due": ("due:command", "Say whose next session is due, by when, and why."),
    "coverage": ("coverage:command", "Count how many have supervision as the policies ask."),
    "evaluation": ("evaluation:command", "Chart what was measured, beside the cycles of improvement."),
    "evidence": ("evidence:command", "Gather in numbers what can be shown to an inspection."),
    "remind": ("remind:command", "Tell people by mail what waits for them, in codes and dates."),
    "calendar": ("calendar:command", "Write due dates and next sessions for a diary."),
    "attendance": ("attendance:command", "Write attendance for others to count, or load it into one place."),
    "import": ("import_people:command", "Bring people.yaml up to date from a CSV export."),
    "convert": ("convert:command", "Turn a record of Markdown into YAML, or back."),
    "explain": ("explain:command", "Explain a rule: SN204, or unknown-heading."),
    "rules": ("rules:command", "List what is checked."),
    "schema": ("schema:command", "Print the schema of a kind of record."),
    "policies": ("policies:command", "List the policies that come with the program, or print one."),
    "doctor": ("doctor:command", "Say what this machine lacks, and how to install it."),
}


class Unread(Exception):
    """Whoever read our output has gone."""


class LazyGroup(click.Group):
    """Commands that are known by name and one line of help, and imported only to be run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, with the options that all share."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f".{module}", __package__), attribute)
        for one in (command, *getattr(command, "commands", {}).values()):
            one.params += [option for option in SHARED if option not in one.params]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; a name that is none gets the nearest one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(_no_such("command", args[0], COMMANDS), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Click would end a broken pipe with 1, which here says that errors were found."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as gone:
            raise Unread from gone


@click.group(NAME, cls=LazyGroup, params=list(SHARED), epilog=f"See {NAME} COMMAND --help for one command.")
@click.version_option(__version__, prog_name=NAME, message="%(prog)s %(version)s")
def cli() -> None:
    """Check, link and print notes of reflective practice kept in plain text."""


def main() -> None:
    """Run the command line, and leave with its exit code, whatever becomes of the streams at the end."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _give_up(stream)
    with contextlib.suppress(OSError, ValueError):
        sys.exit(code)
    os._exit(code)


def _give_up(stream: TextIO) -> None:
    """Let go of what a stream does not take: Python would complain of it once more while it closes."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def run(arguments: Sequence[str]) -> int:
    """Run one command, and return its exit code. No exception gets past."""
    settings = Settings()
    # A file's name need not be text; printing it must not fail.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a closed one is none
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _refuse_addresses(arguments)
        code = cli.main(
            list(arguments),
            prog_name=NAME,
            standalone_mode=False,
            obj=settings,
            color=False if os.environ.get("NO_COLOR") else None,
        )
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (KeyboardInterrupt, click.Abort):
        _say("interrupted.", settings.at_stake)
        return INTERRUPTED
    except (Unread, BrokenPipeError):
        _give_up(sys.stdout)
    except click.ClickException as mistake:
        _explain(mistake, settings.at_stake, arguments)
    except OSError as fault:
        _say(_of_the_machine(fault), settings.at_stake)
        _debug(settings, fault)
    except Exception as fault:
        where = "--debug says where in the program it was."
        _say(f"this is our fault, not yours: {type(fault).__name__}. {where}", settings.at_stake)
        _debug(settings, fault)
    return FAULT


def _refuse_addresses(arguments: Sequence[str]) -> None:
    """Wrong use, where the address of a database stands in a wrong place: what is not understood may be repeated."""
    before = ""
    for typed in arguments:
        is_value = not typed.startswith("--") or before in ("-o", "--output")  # a file, however its name begins
        option, _, value = (before, "", typed) if is_value else typed.partition("=")
        # What is set is a fact of a record, and its words are the writer's.
        said = value.partition("=")[0] if option == "--set" else value
        if option != "--database" and _is_address(said):
            raise click.UsageError("an address may hold a password, so it stands in one place alone:  --database URL")
        before = typed


def _is_address(text: str) -> bool:
    if not {":", "="}.intersection(text):
        return False
    from ..address import is_address

    return is_address(text)


def _explain(mistake: click.ClickException, at_stake: str, arguments: Sequence[str]) -> None:
    """Wrong use, in one sentence, and where to read on."""
    if isinstance(mistake, click.exceptions.NoArgsIsHelpError):
        click.echo(mistake.format_message(), err=True)
        return
    if isinstance(mistake, click.NoSuchOption):
        known = mistake.ctx.command.params if mistake.ctx else []
        _say(_no_such("option", mistake.option_name, [name for option in known for name in option.opts]))
    else:
        said = mistake.format_message()
        for address in filter(_is_address, arguments):  # one behind --database may have been taken for something else
            said = said.replace(address, "…")
        _say(said, at_stake)
    context = mistake.ctx if isinstance(mistake, click.UsageError) else None
    if context:
        _say(f"see {context.command_path} --help.")


def _no_such(what: str, typed: str, known: Sequence[str] | dict[str, Any]) -> str:
    from difflib import get_close_matches

    from ..problem import did_you_mean

    near = get_close_matches(typed, known, n=1)
    return f"there is no {what} “{typed}”{did_you_mean(near[0]) if near else '.'}"


def _of_the_machine(fault: OSError) -> str:
    """What the system refused. Of an absolute path only the last name: its folders may name a person."""
    from .excerpt import visible

    what = fault.strerror or type(fault).__name__
    if not isinstance(fault.filename, str):
        return f"the machine refused: {what}."
    name = os.path.basename(fault.filename) if os.path.isabs(fault.filename) else fault.filename
    return f"{visible(name)}: {what}."


def _debug(settings: Settings, fault: BaseException) -> None:
    """Where in our own code it broke. Never a message, a value or a line: they may hold a record's words."""
    if settings.debug:
        for place in _frames(fault):
            _say(f"  {place}")


def _frames(fault: BaseException) -> Iterator[str]:
    from pathlib import Path
    from traceback import walk_tb

    home = Path(__file__).resolve().parents[1]
    for frame, line in walk_tb(fault.__traceback__):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(home):
            yield f"{file.relative_to(home).as_posix()}:{line} in {frame.f_code.co_name}"
    yield type(fault).__name__


def _say(*sentences: str) -> None:
    from .terminal import say

    with contextlib.suppress(OSError):  # nowhere to say it
        say(f"{NAME}: {' '.join(filter(None, sentences))}")
