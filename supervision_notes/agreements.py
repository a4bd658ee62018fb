"""Which agreement is whose, and when it holds."""

from __future__ import annotations

from .skeleton import Skeleton


def in_force(agreement: Skeleton, day: str) -> bool:
    """Whether an agreement holds on a day: from its start to its end, both counted."""
    settled = agreement.status == "agreed" or (agreement.status == "ended" and agreement.text("end"))
    return bool(settled) and (agreement.date or "9999") <= day <= (agreement.text("end") or "9999")


def serves(agreement: Skeleton, session: Skeleton) -> bool:
    """Whether an agreement is one of those who met: of a pair both, of a group at least two of its members.

    One that says which group it is of is that group's, whoever its members are by now.
    """
    met = set(session.parties)
    if len(session.chain) == 2:
        if group := agreement.text("group"):
            return group == session.chain[1]
        return len(met & set(agreement.parties)) >= min(2, len(met))
    return met <= set(agreement.parties) and (agreement.text("form") == "mentoring") == (session.stream == "mentoring")
