"""What is still open: actions as they were agreed, carried and answered from session to session.

An action's identity is where it was first agreed: `2026-09-29-se201#A2`. Under Actions a line states what was agreed
and is open; what became of it stands in the review of a later session (design: "The text of a record").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .skeleton import CLOSED, Action, Skeleton, when
from .workspace import Workspace


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action that waits for its answer.

    `agreed_in` is the session in which it was agreed, `seen_in` the one that spoke of it last, in the line `line`;
    `due` is an ISO date, the last that was set; `carried` says how many reviews carried it.
    """

    identity: str
    agreed_in: Skeleton
    action: Action
    seen_in: Skeleton
    line: Action
    due: str | None
    carried: int = 0

    def answered(self, session: Skeleton, line: Action) -> OpenAction:
        """The same action after a review in which it stayed open."""
        due, carried = line.due or self.due, self.carried + (line.state == "carried")
        if line.state == "open" and session.status == "draft":  # it waits for its writer, and sets no other day
            due = self.due or line.due
        return replace(self, seen_in=session, line=line, due=due, carried=carried)


def open_after(workspace: Workspace, sessions: Iterable[Skeleton]) -> list[OpenAction]:
    """What is open after some sessions, which stand in the order of their dates: first what was agreed first."""
    waiting: dict[str, OpenAction] = {}
    reviews: dict[str, list[tuple[str, Action]]] = defaultdict(list)
    for which, session, line in workspace.answers:
        reviews[session.path].append((which, line))
    for session in sessions:
        for which, line in reviews.get(session.path, ()):
            if line.state in CLOSED:
                waiting.pop(which, None)
            elif known := waiting.get(which) or _brought(workspace, which, session):
                waiting[which] = known.answered(session, line)
        for line in session.actions:
            if line.id:
                which = f"{session.id}#{line.id}"
                waiting[which.casefold()] = OpenAction(which, session, line, session, line, line.due)
    return list(waiting.values())


def _brought(workspace: Workspace, which: str, to: Skeleton) -> OpenAction | None:
    """An action that came to a session from another chain, such as a former supervisor's, as it stood there by then."""
    found = workspace.agreed.get(which)
    if found is None:
        return None
    session, line = found
    action = OpenAction(f"{session.id}#{line.id}", session, line, session, line, line.due)
    for review, answer in workspace.answers_to.get(which, ()):
        if when(review) < when(to) and answer.state not in CLOSED:
            action = action.answered(review, answer)
    return action


def left_open(workspace: Workspace, session: Skeleton) -> Mapping[str, Action]:
    """What a session hands on to the one that names it: its own actions, and what its review did not close.

    By identity, with the line that speaks of it. One that was not held hands on what it was given.
    """
    met = {session.path}
    while not session.held and (before := workspace.previous(session)) and before.path not in met:
        met.add(before.path)
        session = before
    reviewed = workspace.reviews.get(session.path, ())
    handed = {which: line for which, line in reviewed if which and line.state not in CLOSED}
    return {**handed, **dict(workspace.agreed_in.get(session.path, ()))}


def every_open_action(workspace: Workspace, until: str = "9999") -> list[OpenAction]:
    """All that was open in a workspace after a day (ISO text), by the dates of the sessions that spoke of it."""
    return open_after(workspace, (r for r in workspace.in_order if r.kind == "session" and r.date and r.date <= until))


def closed_in(workspace: Workspace, which: str) -> Skeleton | None:
    """The session whose review closed an action, by its identity without case; None where none did for good."""
    answers = workspace.answers_to.get(which, ())
    return answers[-1][0] if answers and answers[-1][1].state in CLOSED else None


def never_agreed(workspace: Workspace) -> frozenset[str]:
    """The identities of actions, without case, that reviews and links name and no session agreed."""
    named = {which for which, _, _ in workspace.reviewed if which}
    named |= {tie.target.casefold() for _, tie, _ in workspace.links if "#" in tie.target}
    return frozenset(named - workspace.agreed.keys())
