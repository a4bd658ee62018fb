"""Attendance beside the workspace's own: files that others exported, and a database they were loaded into."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from ..attendance import Attended, all_kept_back
from ..exported import Fault, Told, read
from ..gathering import Gathered, gathered
from ..problem import listed
from ..questions.programme import Unseen
from ..reading import undisturbed
from .asking import Asked
from .terminal import say

FEW = 10
# What no figure counts: how one of it is called, and several.
NOT_COUNTED: Mapping[str, tuple[str, str]] = {
    "draft": ("draft", "drafts"),
    "error": ("session with an error, see check", "sessions with errors, see check"),
    "planned": ("session to come", "sessions to come"),
    "faulty": ("mistake in a list", "mistakes in lists"),
    "disputed": ("session that is told differently", "sessions that are told differently"),
}
UNSEEN = (
    "no session of theirs that could count is known here. Where sessions are recorded elsewhere, name the lists or "
    "the database with --from or --database."
)
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Elsewhere:
    """Where else attendance is to be looked for."""

    files: Sequence[str] = ()
    database: str | None = None
    _begun: list[Told] = field(default_factory=list, init=False, repr=False)
    _refused: list[Exception] = field(default_factory=list, init=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.files) or self.database is not None

    @property
    def reading(self) -> Callable[[], None] | None:
        """What can be read before it is known who is who; None where there is nothing."""
        return self._begin if self else None

    def _begin(self) -> None:
        # What cannot be read is said when it is asked for, after what is wrong with the question itself.
        try:
            self._begun.extend(self._read(frozenset()))
        except (click.ClickException, OSError) as why:
            self._refused.append(why)

    def lists(self, names: Collection[str]) -> list[Told]:
        """What is told there. `names` are never taken for codes."""
        for why in self._refused:
            raise why
        begun = bool(self._begun) and not any(told.may_hold(names) for told in self._begun)
        return self._begun if begun else self._read(names)

    def _read(self, names: Collection[str]) -> list[Told]:
        lists = [] if self.database is None else [_of_database(self.database, names)]
        return lists + read_files(self.files, names)


@dataclass(frozen=True)
class Collected:
    """The attendance of a workspace and from elsewhere, and how many lines of it could not be counted."""

    known: Gathered
    wrong: int = 0
    lists: Sequence[Told] = ()
    """What came from elsewhere."""

    @property
    def left_out(self) -> dict[str, int]:
        """How much of what came from elsewhere is not counted, by a key of NOT_COUNTED."""
        disputed = len({one.session for one in self.known.disagreements if not one.settled})
        return {"faulty": self.wrong, "disputed": disputed}


def elsewhere(command: _Command) -> _Command:
    """The options that name files and a database; `--from` may be followed by several."""
    options = (
        click.argument("more", nargs=-1, metavar=""),
        click.option("--database", metavar="URL", help="Look at the attendance in this database too."),
        click.option(
            "--from", "files", metavar="FILE...", multiple=True,
            help="Look at these files too, which attendance export wrote elsewhere.",
        ),
    )  # fmt: skip
    for option in options:
        command = option(command)
    return command


def named(files: Sequence[str], more: Sequence[str], database: str | None) -> Elsewhere:
    """What was named. Files without `--from` before them are a slip."""
    if more and not files:
        raise click.UsageError(f"“{more[0]}” needs --from before it:  --from {more[0]}")
    return Elsewhere((*files, *more), database)


@undisturbed
def collect(asked: Asked, own: Attended, where: Elsewhere) -> Collected:
    """Everything that is known here and elsewhere. A line that is wrong is said, and the rest counts.

    Where a list is broken, the command ends here: whatever it answered would be wrong.
    """
    if not where:
        return Collected(Gathered(own.facts))
    register = asked.workspace.register
    lists = where.lists(register.names)
    if tell_broken(lists):
        say("nothing was answered or written, for part of the attendance is not there.")
        raise click.exceptions.Exit(1)
    hidden = all_kept_back(asked.workspace) if asked.view.audience.who == "organisation" else ()
    known = gathered(register, own.facts, lists, hidden)
    gc.freeze()  # as what was read of the workspace does, it stays to the end
    wrong = tell_faults(lists)
    tell_disagreements(asked.remark, known)
    return Collected(known, wrong, lists)


def read_files(files: Iterable[str], names: Collection[str]) -> list[Told]:
    """What some files tell. `names` are never taken for codes."""
    found = []
    for name in files:
        if not Path(name).is_file():
            raise click.ClickException(f"there is no file “{name}”: name it by its path from here")
        with open(name, encoding="utf-8", errors="surrogateescape", newline="") as lines:
            found.append(read(name, lines, names))
    return found


def tell_broken(lists: Iterable[Told]) -> int:
    """Say of the lists that cannot be used why that is; how many there are."""
    broken = [told for told in lists if told.broken]
    for told in broken:
        _tell(told, told.faults[-1])
    return len(broken)


def tell_faults(lists: Iterable[Told]) -> int:
    """Say which lines cannot be counted, a few of each list; how many there are."""
    lists = list(lists)
    for told in lists:
        for fault in told.faults[:FEW]:
            _tell(told, fault)
        if len(told.faults) > FEW:
            say(f"{told.name}: and {len(told.faults) - FEW} more lines like these.")
    return sum(len(told.faults) for told in lists)


def tell_disagreements(remark: Callable[[str], None], known: Gathered) -> None:
    """Say what is told twice, and what is told differently, with both places."""
    for one in known.disagreements[:FEW]:
        says = "what stands in this workspace counts" if one.settled else "neither counts"
        remark(
            f"{one.session}: the part of {one.person} is told differently in {' and '.join(one.places)}; {says}. "
            "Leave out the older list, or mend the record that is wrong."
        )
    if len(known.disagreements) > FEW:
        remark(f"and {len(known.disagreements) - FEW} more are told differently.")
    for alike in known.alike[:FEW]:
        both = " and ".join(f"{id} ({place})" for id, place in zip(*alike, strict=True))
        remark(
            f"{both} may be the same session: person, leader, day, minutes and type are the same. It is counted once; "
            "give it one id in both places."
        )
    if len(known.alike) > FEW:
        remark(f"and {len(known.alike) - FEW} more may be the same session, and are counted once.")
    if known.again:
        remark(f"told more than once, and counted once: {', '.join(counted(known.again, 'fact', 'facts'))}.")


def sessions_left_out(own: Attended) -> dict[str, int]:
    """How many sessions of a workspace are left out of its attendance, by a key of NOT_COUNTED."""
    reasons = [one.why for one in own.left_out]
    return {"draft": reasons.count("draft"), "error": reasons.count("error")}


def not_counted(own: Attended, collected: Collected, until: str) -> dict[str, int]:
    """How much nobody is credited with by a day (ISO text), by a key of NOT_COUNTED."""
    planned = len({(fact.session, fact.supervisor) for fact in collected.known.facts if fact.date > until})
    return {**sessions_left_out(own), "planned": planned, **collected.left_out}


def in_words(numbers: Mapping[str, int]) -> list[str]:
    """What is not counted, and how much of it."""
    return [words for key, number in numbers.items() for words in counted(number, *NOT_COUNTED[key])]


def remark_not_counted(asked: Asked, numbers: Mapping[str, int]) -> None:
    """Say what is not counted, and how much of it."""
    if told := in_words(numbers):
        asked.remark(f"not counted: {'; '.join(told)}.")


def remark_unseen(asked: Asked, found: Unseen | None) -> None:
    """Say of how many people no session is known, where that is most of them."""
    if found:
        asked.remark(f"{found.unseen} of {found.counted} who are counted by {found.policy}: {UNSEEN}")


def few(codes: Sequence[str]) -> str:
    """Some codes: all of them, or the first ones and how many more there are."""
    more = len(codes) - FEW
    return listed([*codes[:FEW], f"{more} more"] if more > 0 else [*codes], "and")


def counted(number: int, one: str, several: str) -> list[str]:
    """`1 draft` or `2 drafts`; nothing of none."""
    return [f"{number} {one if number == 1 else several}"] if number else []


def _tell(told: Told, fault: Fault) -> None:
    say(f"{told.name}:{fault.line}: {fault.message}")


def _of_database(address: str, names: Collection[str]) -> Told:
    from ..store import CannotUse, kept

    try:
        return kept(address, names)
    except CannotUse as why:
        raise click.ClickException(f"{why}.") from None
