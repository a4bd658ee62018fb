"""One run of reminders: what is still to be said, by the ledger; then letter after letter, and what becomes of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from .mailing import Lost, Post, Refused, Server, Stopped, post
from .questions.reminders import Hindrance, Reminder
from .sent import Ledger, State, opened

What = Literal["to-send", "sent", "refused", "not-known", Hindrance]


class Fate(NamedTuple):
    """What becomes of a reminder; `code` is what a server answered that refused it."""

    reminder: Reminder
    what: What
    code: str = ""

    @property
    def wrong(self) -> bool:
        """Whether somebody has to look at it."""
        return self.what in ("refused", "not-known", "wrong-email")


class Run(NamedTuple):
    """A run: what becomes of each reminder, how many were sent before, and why it stopped, if it did."""

    fates: Sequence[Fate]
    before: int
    stopped: str = ""

    @property
    def waits(self) -> bool:
        """Whether anything is still to be sent."""
        return any(fate.what == "to-send" for fate in self.fates)


def still(found: Sequence[Reminder], states: Mapping[str, State], again: bool) -> Run:
    """What is still to be said, by what is known of each letter. Two who share an address get one.

    With `again` that holds for those as well of which nobody knows whether they went.
    """
    fates: list[Fate] = []
    keys: set[str] = set()
    for one in found:
        if one.hindrance:
            fates.append(Fate(one, one.hindrance))
        elif one.key not in keys:
            keys.add(one.key)
            state = states.get(one.key)
            if state != "sent":
                fates.append(Fate(one, "not-known" if state == "handed-over" and not again else "to-send"))
    return Run(fates, sum(states.get(key) == "sent" for key in keys))


def tell(root: Path, server: Server, found: Sequence[Reminder], again: bool, day: str) -> Run:
    """Send what is still to be said, while nobody else does, as long as the line holds. Raises what `opened` does."""
    with opened(root) as ledger:
        run = still(found, ledger.states, again)
        fates = list(run.fates)
        try:
            with post(server) as line:
                for n, (one, what, _) in enumerate(fates):
                    if what == "to-send":
                        fates[n] = _sent(one, line, ledger, day)
                        if fates[n].what == "not-known":
                            raise Stopped("the server broke off and did not say whether it took a letter")
        except Stopped as why:
            return Run(fates, run.before, str(why))
    return Run(fates, run.before)


def _sent(one: Reminder, line: Post, ledger: Ledger, day: str) -> Fate:
    facts = {"what": one.what, "about": one.record or one.about, "to": one.to, "on": day}
    try:
        line.send(one.address, *one.letter, one.key, lambda: ledger.note(one.key, "handed-over", **facts))
    except Refused as code:
        if ledger.states.get(one.key) == "handed-over":
            ledger.note(one.key, "refused", **facts)
        return Fate(one, "refused", str(code))
    except Lost:
        return Fate(one, "not-known")
    ledger.note(one.key, "sent", **facts)
    return Fate(one, "sent")
