"""Which agreement is whose, when it holds, and what it lets the organisation receive."""

from __future__ import annotations

from .record import ATTENDANCE
from .skeleton import Skeleton

ALL_THAT_MAY_GO_OUT = ATTENDANCE | {"approach", "by"}
_LAST_DAY = "9999"


def in_force(agreement: Skeleton, day: str) -> bool:
    """Whether an agreement holds on a day: from its start to its end, both counted."""
    settled = agreement.status == "agreed" or (agreement.status == "ended" and agreement.text("end"))
    return bool(settled) and (agreement.date or _LAST_DAY) <= day <= (agreement.text("end") or _LAST_DAY)


def may_hold_on(agreement: Skeleton, day: str) -> bool:
    """Whether an agreement may hold on a day, as far as what can be read of it says nothing else."""
    settled = agreement.status in (None, "agreed", "ended")
    return settled and (agreement.date or "") <= day <= (agreement.text("end") or _LAST_DAY)


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


def lets_out(agreement: Skeleton) -> frozenset[str]:
    """What an agreement lets the organisation receive: nothing, where what was agreed cannot be understood."""
    said = frozenset(agreement.receives)
    if not agreement.kind or not said or not said <= ALL_THAT_MAY_GO_OUT:
        return frozenset()
    return ATTENDANCE | (said if agreement.status in ("agreed", "ended") else frozenset())
