"""Who has signed what: the standing of a record between its parties.

A sign-off is one party's word on one record, in a record of its own, with the digest of what that party could read.
`--as` is a declaration and no proof of identity. Disagreement is a normal end.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from .skeleton import Skeleton, when
from .workspace import Workspace

State = Literal["awaiting", "signed", "disagreed", "changed"]
STATES: dict[State, str] = {
    "awaiting": "awaiting",
    "signed": "signed",
    "disagreed": "signed with disagreement",
    "changed": "changed since signed",
}
SIGNED_KINDS = ("session", "agreement")


class Standing(NamedTuple):
    """How one party stands to a record: the code, the state, and the sign-off that says so, if there is one."""

    person: str
    state: State
    sign_off: Skeleton | None = None


def sign_offs(workspace: Workspace, record: Skeleton) -> dict[str, Skeleton]:
    """The last sign-off of each party of a record, by code."""
    found = spoken(workspace, record)
    return {person: said[-1] for person, said in found.items()} if found else {}


def spoken(workspace: Workspace, record: Skeleton) -> dict[str, list[Skeleton]]:
    """Every sign-off of each party of a record, by code, the last one last: a new word takes no earlier one away."""
    found: dict[str, list[Skeleton]] = {}
    for signed in sorted(workspace.tied_to(record.id, "of"), key=when):
        if decides(signed, record):
            found.setdefault(signed.text("by") or "", []).append(signed)
    return found


def decides(signed: Skeleton, record: Skeleton) -> bool:
    """Whether something is a party's word on a record: who, when, what, and of which words, by digest or on paper."""
    of_what = signed.text("digest") or signed.text("method") == "paper"
    said = signed.date and signed.text("verdict") and of_what
    return signed.kind == "sign-off" and signed.text("by") in record.parties and bool(said)


def standings(workspace: Workspace, record: Skeleton) -> list[Standing]:
    """How each of those who are asked to sign stands, and whoever else did; in the order of their codes."""
    signed = sign_offs(workspace, record)
    if not signed:
        return [Standing(person, "awaiting") for person in _asked(record, begun=False)]
    asked = dict.fromkeys([*_asked(record, begun=True), *signed])
    return [_standing(record, person, signed.get(person)) for person in asked]


def _asked(record: Skeleton, *, begun: bool) -> list[str]:
    """Whose word is waited for: of an agreement every party's; of a session those who were supervised."""
    if record.kind == "agreement":
        # What has ended asks nobody any more; what is agreed and nobody signed here was signed in ink, on the paper.
        settled = record.status == "ended" or (record.status == "agreed" and not begun)
        return [] if settled else list(record.parties)
    if not record.held:
        return []
    leading = (record.text("supervisor"), record.text("facilitator"))
    return [person for person in record.parties if person not in leading]


def _standing(record: Skeleton, person: str, signed: Skeleton | None) -> Standing:
    if signed is None:
        return Standing(person, "awaiting")
    if changed(record, signed):
        return Standing(person, "changed", signed)
    return Standing(person, state_said(signed), signed)


def state_said(signed: Skeleton) -> State:
    """The state that a sign-off says of its record, whatever became of that since."""
    return "disagreed" if signed.text("verdict") == "disagree" else "signed"


def changed(record: Skeleton, signed: Skeleton) -> bool:
    """Whether a record is another than the one that was signed. Ink on paper is nothing that we can compare."""
    return signed.text("method") != "paper" and signed.text("digest") != record.digest


def standing_in_words(workspace: Workspace, record: Skeleton) -> str:
    """Draft, awaiting SE-201, signed, signed with disagreement or changed since signed; empty where nobody signs."""
    if record.kind not in SIGNED_KINDS:
        return ""
    if record.status == "draft":
        return "draft"
    found = standings(workspace, record)
    if not found:
        return record.status or "" if record.kind == "agreement" else ""
    states = [state for _, state, _ in found]
    if "awaiting" in states and "changed" not in states:
        return f"awaiting {', '.join([person for person, state, _ in found if state == 'awaiting'])}"
    return next(STATES[state] for state in ("changed", "disagreed", "signed") if state in states)
