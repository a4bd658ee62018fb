"""Workspace × what was asked for → how a session begins: the one before it, its agreement, and all that is still open.

Only what stands is taken over: who meets whom, in which stream, under which agreement, and the actions that wait for
an answer. What became of them, how and where they met, and who was there is the writer's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain as joined
from typing import Any, NamedTuple

from ..agreements import in_force, serves
from ..continuity import OpenAction, closed_in, open_after
from ..dates import read_date
from ..policies import CLINICAL
from ..problem import START, listed
from ..skeleton import Action, Skeleton, when
from ..workspace import Workspace
from .forms import BLANK, Asked, structured

GROUP = "peer-group"
MENTORING = "mentoring"
# Line management is the employer's, and needs no agreement of its own.
_NEEDING_NONE = "line-management"
_FOR_NOBODY = (
    "nothing says for whom this session is, so nothing of earlier ones stands in it: "
    "write them in, or start again with --for CODE."
)
_NOBODY_LEADS = (
    "nothing says who leads with {person} on {day}, so a blank stands there: write the code in, or start again with "
    "--supervisor CODE, or a column “supervisor” in the table."
)


class CannotCarry(Exception):
    """Actions cannot be taken over from the session that was named; the message says why."""


class Beginning(NamedTuple):
    """What a new session starts with.

    `asked` is what was asked for with what is known filled in, `open` what its review has to answer, `chain` the stream
    and the people, `remarks` what its writer should hear, in codes and dates alone. `nothing` says that, as far as
    anybody can know, there is nothing to answer.
    """

    asked: Asked
    chain: tuple[str, ...] = ()
    open: Sequence[OpenAction] = ()
    remarks: Sequence[str] = ()
    nothing: bool = False


@dataclass(frozen=True)
class _Chain:
    """The sessions of the same people and the same stream around a day."""

    workspace: Workspace
    key: tuple[str, ...]
    day: str

    @property
    def sessions(self) -> Sequence[Skeleton]:
        return self.workspace.chains.get(self.key, ())

    @property
    def before(self) -> list[Skeleton]:
        return [session for session in self.sessions if (session.date or "") < self.day]

    @property
    def same_day(self) -> list[Skeleton]:
        """Those of the day itself: which of them came first nobody can say but who was there."""
        return [session for session in self.sessions if session.date == self.day]

    @property
    def last(self) -> Skeleton | None:
        """The last session that was held before the day."""
        held = [session for session in self.before if session.held]
        return held[-1] if held else None

    @property
    def group(self) -> bool:
        return len(self.key) == 2

    @property
    def people(self) -> str:
        """The people as a sentence starts with them: `SV-014 and SE-201 have`."""
        return f"{self.key[1]} has" if self.group else f"{listed(list(self.key[1:]), 'and')} have"


def begun(asked: Asked, workspace: Workspace, carry_from: str | None = None) -> Beginning:
    """How a session begins that is asked for. Raises CannotCarry.

    Only sessions before its day count. `carry_from` names a session with a former supervisor: what was open after it is
    taken over, as lines of action and no more.
    """
    asked = _typed(asked, workspace)
    stream = _streams(asked).get(asked.answers["type"])
    key = _key(asked, workspace, stream) if stream else ()
    if not key:
        _former(workspace, None, carry_from)
        return Beginning(asked, remarks=[_FOR_NOBODY])
    around = _Chain(workspace, key, asked.day)
    former = _former(workspace, around, carry_from)
    agreement = _agreement(around)
    answers = {**dict(_standing(asked, around, agreement)), **asked.answers}
    supervisor = asked.supervisor if around.group else key[1]
    sessions = {session.path: session for session in (*former, *around.before)}.values()
    left = open_after(workspace, sorted(sessions, key=when))
    waiting = [action for action in left if not _is_closed_by(workspace, action, asked.day)]
    held = answers.get("outcome", "held") == "held"
    remarks = [
        *_of_chain(around, bool(former)),
        *_of_actions(around.last or next(reversed(former), None), waiting, held),
        *_of_later(around),
        *_of_agreement(around, answers),
    ]
    nothing = not waiting and held and _all_is_known(around)
    members = _members(around, agreement)
    known = replace(asked, answers=answers, supervisor=supervisor, members=members)
    return Beginning(known, key, waiting, remarks, nothing)


def led(asked: Asked, workspace: Workspace) -> tuple[Asked, Sequence[str]]:
    """Terms with whoever leads under them: the owner, unless they are somebody else there; else by the register.

    Where it does not name one person alone, that stays a blank, which the writer should hear of.
    """
    owner, day = workspace.register.owner, asked.answers.get("start", "")
    others = (asked.person, *asked.third.values())
    if asked.supervisor or "parties" in asked.answers or not asked.person or owner not in (None, *others):
        return asked, ()
    day = day if read_date(day) else asked.day
    stream = MENTORING if asked.answers.get("form") == MENTORING else CLINICAL
    known = _registered(workspace, stream, [asked.person], day)
    if len(known) == 1:
        return replace(asked, supervisor=known.pop()), ()
    return replace(asked, supervisor=BLANK), [_NOBODY_LEADS.format(person=asked.person, day=day)]


def review(beginning: Beginning, words: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The lines of the review, unanswered: each action in full identity, with its `words` by that identity."""
    for action in beginning.open:
        session, line = (action.seen_in, action.line) if action.line.owners else (action.agreed_in, action.action)
        owners = _in_codes(session, line) if session.chain != beginning.chain else line.owners
        text = words.get(action.identity, BLANK)
        yield {"id": action.identity, "state": "open", "text": text, "owner": owners, "due": action.due}


def worded(beginning: Beginning, action: OpenAction) -> tuple[Skeleton, Action]:
    """Where the words of an action are read: in the line that agreed it, where that is of the same people and stream.

    Of one that was brought from elsewhere by hand, they are those of the review that did so: nobody's words are fetched
    from a record of others.
    """
    chain, other = beginning.chain, action.agreed_in.chain
    same_people = len(chain) > 2 and (other[:1], other[2:]) == (chain[:1], chain[2:])
    return (action.agreed_in, action.action) if chain == other or same_people else (action.seen_in, action.line)


# who meets whom


def _streams(asked: Asked) -> Mapping[str, str]:
    streams: Mapping[str, str] = asked.kind.fields["type"].schema.get("x-streams", {})
    return streams


def _typed(asked: Asked, workspace: Workspace) -> Asked:
    """With the type that was asked for; else a group's, the one that these people had last, or the usual one."""
    if asked.answers.get("type"):
        return asked
    usual = str(asked.kind.fields["type"].schema["default"])
    groups = {key[1] for key in workspace.chains if len(key) == 2} | {a.text("group") for a in workspace.agreements}
    if asked.person and asked.person in groups:
        usual = GROUP
    elif key := _key(asked, workspace, _streams(asked)[usual]):
        last = _Chain(workspace, key, asked.day).last
        usual = (last and last.text("type")) or usual
    return replace(asked, answers={**asked.answers, "type": usual})


def _key(asked: Asked, workspace: Workspace, stream: str) -> tuple[str, ...]:
    """The stream and the people of the session; empty where nothing says who they are."""
    if asked.answers.get("type") == GROUP:
        group = asked.answers.get("group") or asked.person
        return (stream, group) if group else ()
    said = asked.answers.get("supervisees") or asked.person or ""
    supervisees = sorted(_codes(said))
    if not supervisees:
        return ()
    supervisor = asked.supervisor or asked.answers.get("supervisor") or workspace.register.owner
    if supervisor is None or supervisor in supervisees:
        supervisor = _supervisor_of(workspace, stream, supervisees, asked.day)
    return (stream, supervisor, *supervisees)


def _codes(said: str) -> list[str]:
    """The codes in an answer: one, or a list of them."""
    typed = map(str, structured(said)) if said.startswith("[") else said.split(",")
    return [code.strip() for code in typed if code.strip()]


def _supervisor_of(workspace: Workspace, stream: str, supervisees: list[str], day: str) -> str:
    """The one supervisor whom the register, or else their sessions, name for somebody; a blank where nobody can say."""
    registered = _registered(workspace, stream, supervisees, day)
    met = {around.key[1] for around in _with_others(workspace, (stream, "", *supervisees), day)}
    known = registered & met or registered or met
    return known.pop() if len(known) == 1 else BLANK


def _registered(workspace: Workspace, stream: str, people: list[str], day: str) -> set[str]:
    """The supervisors whom the register names for somebody in a stream on a day."""
    entries = (workspace.register.supervisors_of(code, stream, day) for code in people)
    return {str(entry.get("id")) for entry in joined(*entries)}


def _with_others(workspace: Workspace, key: tuple[str, ...], day: str) -> list[_Chain]:
    """The chains in which somebody met others in the same stream before a day, the latest last."""
    chains = (
        _Chain(workspace, other, day)
        for other in workspace.chains
        if len(other) > 2 and other != key and (other[0], other[2:]) == (key[0], key[2:])
    )
    return sorted((around for around in chains if around.last), key=lambda around: around.before[-1].date or "")


# what is taken over


def _standing(asked: Asked, around: _Chain, agreement: Skeleton | None) -> Iterator[tuple[str, str]]:
    """The facts that stand from one session to the next, as they are typed."""
    if agreement:
        yield "agreement", agreement.id
    if around.last is not None:
        yield "previous", around.last.id
        for key in ("framework", "supervisor") if around.group else ("framework",):
            if said := around.last.text(key):
                yield key, said
    if around.group and asked.supervisor:
        yield "supervisor", asked.supervisor


def _members(around: _Chain, agreement: Skeleton | None) -> Sequence[str]:
    """Who belongs to a group; who of them was there is not ours to say."""
    if not around.group:
        return ()
    return around.last.people if around.last else agreement.parties if agreement else ()


def _agreement(around: _Chain) -> Skeleton | None:
    """The agreement that is in force between these people on the day: of several, the one that started last."""
    workspace, last = around.workspace, around.last
    own = workspace.named_by(last, "agreement") if last else None
    members = (last.people if last else ()) if around.group else tuple(around.key[1:])
    session = Skeleton(
        "", "", "session", "shared", around.day, START, parties=members, stream=around.key[0], chain=around.key
    )

    def holds(agreement: Skeleton) -> bool:
        of_their_sort = (agreement.text("form") == "group") == around.group and around.key[0] != _NEEDING_NONE
        known = bool(members or agreement.text("group"))
        theirs = agreement is own or (of_their_sort and known and serves(agreement, session))
        return theirs and in_force(agreement, around.day)

    return next((agreement for agreement in reversed(workspace.agreements) if holds(agreement)), None)


def _former(workspace: Workspace, around: _Chain | None, id: str | None) -> list[Skeleton]:
    """The sessions up to the one from which actions are taken over."""
    if id is None:
        return []
    session = workspace.find(id)
    if session is None or session.kind != "session":
        raise CannotCarry(f"there is no session “{id}”")
    if around is None or around.group:
        raise CannotCarry("actions are taken over from a former supervisor of the same person: say for whom with --for")
    if session.chain[:1] != around.key[:1]:
        raise CannotCarry(f"{session.id} belongs to another stream, and its actions stay there")
    if len(session.chain) == 2 or session.chain[2:] != around.key[2:]:
        raise CannotCarry(f"{session.id} is a session of other people, and its actions stay there")
    if (session.date or "") >= around.day:
        raise CannotCarry(f"{session.id} did not take place before {around.day}")
    sessions = workspace.chains[session.chain]
    return list(sessions[: sessions.index(session) + 1])


def _is_closed_by(workspace: Workspace, action: OpenAction, day: str) -> bool:
    """Whether some other session closed an action by a day: then it waits for nobody's answer."""
    closed = closed_in(workspace, action.identity.casefold())
    return closed is not None and (closed.date or "") <= day


def _in_codes(session: Skeleton, line: Action) -> tuple[str, ...]:
    """The owners of an action from another chain: `@supervisor` was whoever led there."""
    people = {"supervisor": session.chain[1:2], "supervisee": session.chain[2:], "all": session.chain[1:]}
    return tuple(dict.fromkeys(joined(*(people.get(owner, (owner,)) for owner in line.owners))))


def _all_is_known(around: _Chain) -> bool:
    """Whether no action can have escaped us: one that is still being written, has no number or waits elsewhere."""
    settled = all(one.sound and one.status != "draft" and all(line.id for line in one.actions) for one in around.before)
    alone = around.group or not _with_others(around.workspace, around.key, around.day)
    return settled and BLANK not in around.key and (alone or around.last is not None) and not around.same_day


# what the writer should hear


def _of_chain(around: _Chain, carried: bool) -> Iterator[str]:
    last = around.last
    if BLANK in around.key:
        yield "nothing says who leads this session; --supervisor CODE does, and then what is open can be found."
    elif last is None:
        if not around.same_day:
            yield f"{around.people} not met before in the stream {around.key[0]}: this is their first session."
        yield from () if around.group else _of_others(around, carried)
    elif last.status == "draft":
        yield f"{last.id} is still a draft: what is agreed in it later will not stand in this review."


def _of_others(around: _Chain, carried: bool) -> Iterator[str]:
    """A first session may not be the first: there was a former supervisor, or another stream."""
    workspace, (stream, supervisor, *supervisees) = around.workspace, around.key
    for former in () if carried else _with_others(workspace, around.key, around.day)[-1:]:
        met = former.before[-1].id
        yield f"{listed(supervisees, 'and')} met {former.key[1]} before, last in {met}; a new supervisor, a new chain."
        yield f"what was open then can be taken over, as lines of action alone:  --carry-from {met}"
    for code in supervisees:
        for entry in workspace.register.supervisors_of(code, stream):
            until = str(entry.get("until") or "9999")
            if entry.get("id") != supervisor and until < around.day:
                yield f"the register names {entry.get('id')} as a supervisor of {code} until {until}."
    for key in workspace.chains:
        other = _Chain(workspace, key, around.day).last
        if other and key[0] != stream and key[1:] == (supervisor, *supervisees):
            kind = other.text("type")
            yield f"they met in the stream {key[0]}, last in {other.id}; to go on with that:  --set type={kind}"


def _of_actions(last: Skeleton | None, waiting: Sequence[OpenAction], held: bool) -> Iterator[str]:
    if waiting:
        count = "1 open action" if len(waiting) == 1 else f"{len(waiting)} open actions"
        yield f"{count} in the review, for you to answer." if held else f"{count} left for the next session."
    elif last:
        yield f"nothing is open after {last.id}."
    if last and (without := sum(not line.id for line in last.actions)):
        what = "1 action has" if without == 1 else f"{without} actions have"
        yield f"{what} no number in {last.id}, so nothing of that stands in the review: check --fix gives one."


def _of_later(around: _Chain) -> Iterator[str]:
    last = around.last
    for session in around.same_day:
        yield f"{session.id} is a session of the same people on the same day, and nothing is taken from it."
        yield f"if it came first, name it as  previous: {session.id}  and answer its open actions in the review."
    for session in around.sessions:
        tie = session.tied("previous")
        if (session.date or "") > around.day:
            same = last is not None and tie is not None and tie.id.casefold() == last.id.casefold()
            more = f"; it names {last.id} as its previous one, and should now name this" if same and last else ""
            yield f"{session.id} took place later, and nothing is taken from it{more}."


def _of_agreement(around: _Chain, answers: Mapping[str, str]) -> Iterator[str]:
    if around.workspace.agreements and around.key[0] != _NEEDING_NONE and not answers.get("agreement"):
        yield f"no agreement between them was in force on {around.day}, so none is named."
