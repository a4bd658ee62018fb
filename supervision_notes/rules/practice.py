"""SN4: what makes a session the session that it says it is."""

from __future__ import annotations

from collections.abc import Iterator

from ..attendance import minutes_there
from ..record import Record
from ..register import Register
from .base import Found, record_rule

_HOW = ("present", "apologies", "did-not-attend", "late")


@record_rule("SN401", "warning")
def group_too_small(record: Record, register: Register) -> Iterator[Found]:
    """Fewer than three people were at a peer group, its facilitator counted.

    A group is more than two. The record is true and stays: two colleagues met. Whether it counts as group supervision
    is for those who read it to say, so nothing is changed.

    Bad:

        ---
        kind: session
        type: peer-group
        date: 2026-10-22
        status: draft
        facilitator: SE-205
        group: pg1
        attendance: {SE-205: present, SE-206: present, SE-207: apologies}
        ---

    Good:

        ---
        kind: session
        type: peer-group
        date: 2026-10-22
        status: draft
        facilitator: SE-205
        group: pg1
        attendance: {SE-205: present, SE-206: late 10, SE-207: present}
        ---
    """
    value = record.value
    if value.get("type") != "peer-group" or value.get("outcome", "held") != "held":
        return
    attendance = value.get("attendance")
    if not isinstance(attendance, dict) or any(str(how).split(" ")[0] not in _HOW for how in attendance.values()):
        return
    if len(record.present) < 3:
        yield Found(
            record.names.get(("attendance",)) or record.place("attendance"),
            "fewer than three people were at this peer group",
            "if someone was there who is not listed, add them; two people meeting is one-to-one supervision",
        )


@record_rule("SN402", "error")
def own_supervisor(record: Record, register: Register) -> Iterator[Found]:
    """Somebody is named as their own supervisor.

    In a peer group the facilitator may be a member; in every other session two people meet.

    Bad:

        ---
        kind: session
        type: one-to-one
        date: 2026-10-22
        status: draft
        supervisor: SE-201
        supervisees: SE-201
        ---

    Good:

        ---
        kind: session
        type: one-to-one
        date: 2026-10-22
        status: draft
        supervisor: SV-014
        supervisees: SE-201
        ---
    """
    supervisees = record.value.get("supervisees")
    if record.value.get("type") == "peer-group" or not isinstance(supervisees, list):
        return
    if record.value.get("supervisor") in supervisees:
        at = supervisees.index(record.value["supervisor"])
        message = "the supervisor of this session is also named as supervised in it"
        yield Found(
            record.place("supervisees", at), message, "name the person who supervised, or the one who was supervised"
        )


@record_rule("SN410", "warning")
def line_manager_supervises(record: Record, register: Register) -> Iterator[Found]:
    """A clinical supervisor is the supervisee's line manager, by the register.

    Clinical supervision stands apart from management, so that people can say what troubles them most. Where the two
    have to be in one hand, the agreement should say how, and `severity: {line-manager-supervises: off}` in
    `supervision.yaml` says that this is known.

    Bad:

        === people.yaml
        people:
          LM-007: {name: Gwilym ap Rhisiart}
          SE-201: {name: Rhian Kettle, supervisors: [{id: LM-007, relationship: line-manager}]}
        === a.md
        ---
        kind: session
        type: one-to-one
        date: 2026-10-22
        status: draft
        supervisor: LM-007
        supervisees: SE-201
        ---

    Good:

        === people.yaml
        people:
          LM-007: {name: Gwilym ap Rhisiart}
          SE-201: {name: Rhian Kettle, supervisors: [{id: LM-007, relationship: line-manager}]}
        === a.md
        ---
        kind: session
        type: line-management
        date: 2026-10-22
        status: draft
        supervisor: LM-007
        supervisees: SE-201
        ---
    """
    supervisor, supervisees = record.value.get("supervisor"), record.value.get("supervisees")
    if record.stream != "clinical" or not isinstance(supervisees, list):
        return
    for n, code in enumerate(supervisees):
        entries = [entry for stream in _STREAMS for entry in register.supervisors_of(code, stream, record.date or "")]
        theirs = (entry for entry in entries if entry.get("id") == supervisor)
        if any("line-manage" in f"{entry.get('relationship')} {entry.get('stream')}" for entry in theirs):
            message = "by the register, the supervisor of this clinical session manages the person who is supervised"
            hint = (
                "record it as line management if that is what it was; else say in the agreement how the two stay apart"
            )
            yield Found(record.place("supervisees", n), message, hint)


@record_rule("SN411", "warning")
def late_throughout(record: Record, register: Register) -> Iterator[Found]:
    """Somebody came later than the session lasted, and is counted as having been there.

    `late 40` takes 40 minutes off what counts for them. Where that leaves nothing they missed the session, or a number
    is a slip.

    Bad:

        ---
        kind: session
        type: peer-group
        date: 2026-10-22
        minutes: 60
        status: draft
        facilitator: SE-205
        group: pg1
        attendance: {SE-205: present, SE-206: late 60, SE-207: present}
        ---

    Good:

        ---
        kind: session
        type: peer-group
        date: 2026-10-22
        minutes: 60
        status: draft
        facilitator: SE-205
        group: pg1
        attendance: {SE-205: present, SE-206: late 50, SE-207: present}
        ---
    """
    minutes = record.value.get("minutes")
    if record.value.get("outcome", "held") != "held" or not isinstance(minutes, int):
        return
    for code, how in record.skeleton.attendance.items():
        if how.startswith("late") and not minutes_there(minutes, how):
            message = "nothing is left of this session for somebody who came so late"
            hint = "mend the minutes; or write  did-not-attend  or  apologies  for whoever missed it"
            yield Found(record.place("attendance", code), message, hint)


_STREAMS = ("clinical", "practice", "line-management", "safeguarding", "mentoring")
