"""A made-up practice: for each supervisee an agreement, twenty linked sessions of about 4 KB, and what goes with them.

Each record is there as Markdown and, with the same value, as YAML.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from supervision_notes.kind import shipped_kinds
from supervision_notes.reading import read_text
from supervision_notes.record import Record
from supervision_notes.register import Register

SESSIONS_EACH, RECORDS_EACH = 20, 25
SUPERVISOR = "SV-014"

SENTENCES = (
    "We began with the week on the unit and how the handover had gone since the rota changed.",
    "The family had asked twice for a date, and nobody had been able to give one.",
    "What stood out was the moment before the meeting, when the plan had already been written.",
    "There was relief in saying so aloud, and then some anger that it had taken this long.",
    "We looked at what the assessment says, what it leaves out, and who had been asked.",
    "The guidance allows for either; the *local* procedure is stricter than it needs to be.",
    "An earlier session had ended at the same place, so we went back to what was decided then.",
    "It helped to separate what was known on the day from what became known a week later.",
    "The wish to be thorough and the wish to be finished pulled in different directions.",
    "We thought about the power in the room, and who had been able to speak and who had not.",
    "A colleague had handled something like it differently, and that is worth hearing about.",
    "The evidence is modest: two reviews, both small, and **one** audit from our own service.",
    "Nothing about this is urgent, but it will be harder in a month than it is now.",
    "The question is less what to do than how to tell the team that it will be done.",
)
ACTIONS = ("Ask for the audit data", "Read the review again", "Bring the plan to the team meeting", "Write to the ward")
START = date(2023, 1, 9)


Value = dict[str, Any]


def practice(count: int) -> Iterator[Value]:
    """So many records: of every twenty-five, one person's agreement, their chain of sessions, and some sign-offs.

    All are linked, and 500 actions are open where there are 10,000 records.
    """
    for number in range(-(-count // RECORDS_EACH)):
        yield from one_person(number, count - number * RECORDS_EACH)


def one_person(number: int, most: int) -> Iterator[Value]:
    """The records of one supervisee, and no more than are wanted."""
    person = f"SE-{number + 1:04}"
    chain = [session(person, turn, number) for turn in range(SESSIONS_EACH)]
    signed = [sign_off(value) for value in chain[-3:]]
    last = reflection(chain[-1]) if number % 40 == 0 else addendum(chain[-1])
    yield from [agreement(person), *chain, *signed, last][:most]


def session(person: str, turn: int, number: int) -> Value:
    """One session: it names the one before it, and answers what was left open there."""
    chance = random.Random(number * SESSIONS_EACH + turn)
    held = _held(turn)
    later = _held(turn + 1).isoformat()

    def words(sentences: int) -> str:
        return " ".join(chance.sample(SENTENCES, sentences))

    value: Value = {
        "kind": "session",
        "id": record_id(person, held),
        "date": held.isoformat(),
        "start": "14:00",
        "minutes": chance.choice((60, 75, 90)),
        "type": "one-to-one",
        "approach": "case-supervision",
        "mode": chance.choice(("in-person", "online")),
        "status": "recorded",
        "supervisor": SUPERVISOR,
        "supervisees": [person],
        "agreement": agreement_id(person),
        "next_date": later,
    }
    if turn:
        value["previous"] = record_id(person, _held(turn - 1))
        value["review_of_previous_actions"] = _review(person, turn, later)
    last = turn == SESSIONS_EACH - 1
    owner = [] if turn == 7 and number % 4 == 0 else [person]  # of a hundred records one has a warning
    return value | {
        "focus_question": words(1).removesuffix(".") + "?",
        "exploration": f"{words(7)}\n\n- {words(1)}\n- {words(1)}\n\n{words(7)}\n\n{words(5)}",
        "functions": {"supportive": words(2), "educative": words(2)},
        "decisions": [
            {
                "decision": chance.choice(ACTIONS),
                "decided_by": person,
                "options_considered": words(2),
                "rationale": words(4),
                "ethical_check": words(2),
            }
        ],
        "actions": [
            {"id": f"A{n + 1}", "state": "open", "text": ACTIONS[(turn + n) % 4], "owner": [*owner], "due": later}
            for n in range(2 if last and number % 4 == 0 else 1)
        ],
        "risk_and_safeguarding": "None raised",
        "learning": words(3),
    }


def _review(person: str, turn: int, later: str) -> list[Value]:
    """Every fifth session carries the action that was agreed in the one before, and the next one closes both."""
    carried = {"id": "A1", "state": "carried", "text": ACTIONS[(turn - 1) % 4], "due": later}
    done = {"id": "A1", "state": "done", "text": ACTIONS[(turn - 1) % 4]}
    if turn % 5 == 3:
        return [carried]
    if turn % 5 == 4:
        earlier = {"id": f"{record_id(person, _held(turn - 2))}#A1", "state": "done", "text": ACTIONS[(turn - 2) % 4]}
        return [earlier, done]
    return [done]


def agreement(person: str) -> Value:
    """What the two agreed on before the first session."""
    return {
        "kind": "agreement",
        "id": agreement_id(person),
        "form": "individual",
        "version": 1,
        "status": "agreed",
        "start": START.isoformat(),
        "review_date": "2026-12-31",
        "parties": [{"person": SUPERVISOR, "role": "supervisor"}, {"person": person, "role": "supervisee"}],
        "meeting": {"every": "8 weeks", "minutes": 60, "mode": "online"},
        "exceptions": [
            {"ground": "serious-harm-to-others", "discuss_first": "expected"},
            {"ground": "harmful-practice-unchanged", "discuss_first": "expected"},
        ],
    } | {key: SENTENCES[n % len(SENTENCES)] for n, key in enumerate(_clauses())}


def _clauses() -> list[str]:
    fields = shipped_kinds()["agreement"].fields
    asked = [(key, field.schema["x-ask"]) for key, field in fields.items() if field.shape]
    return [key for key, ask in asked if ask is True or "individual" in ask.get("form", ())]


def sign_off(signed: Value) -> Value:
    """The supervisee's word on a session, with the digest of what was read."""
    record = read_text("a.md", markdown(signed), Register(shipped_kinds()))
    assert isinstance(record, Record)
    person = signed["supervisees"][0]
    return {
        "kind": "sign-off",
        "id": f"{signed['id']}-signed",
        "of": signed["id"],
        "by": person,
        "date": signed["date"],
        "verdict": "agree",
        "digest": record.skeleton.digest,
    }


def addendum(later: Value) -> Value:
    """What was noticed afterwards."""
    return {
        "kind": "addendum",
        "id": f"{later['id']}-addendum",
        "of": later["id"],
        "by": SUPERVISOR,
        "date": later["date"],
        "addendum": " ".join(SENTENCES[:3]),
    }


def reflection(about: Value) -> Value:
    """A private record, which no index may remember."""
    return {
        "kind": "reflection",
        "id": f"log-{about['id']}",
        "date": about["date"],
        "author": about["supervisees"][0],
        "about": [about["id"]],
        "model": "driscoll",
        "what": " ".join(SENTENCES[:4]),
        "so_what": " ".join(SENTENCES[4:8]),
        "now_what": SENTENCES[8],
    }


def _held(turn: int) -> date:
    return START + timedelta(weeks=8 * turn)


def record_id(person: str, held: date) -> str:
    """The id of a session, as `new` would give it."""
    return f"{held.isoformat()}-{person.replace('-', '').lower()}"


def agreement_id(person: str) -> str:
    """The id of an agreement, as `new` would give it."""
    return f"agr-2023-{person.replace('-', '').lower()}"


def markdown(value: Value) -> str:
    """The record as a person writes it: facts, then headings."""
    fields = shipped_kinds()[value["kind"]].fields
    facts = {key: part for key, part in value.items() if not fields[key].shape}
    lines = ["---", *(f"{key}: {_fact(fact)}" for key, fact in facts.items()), "---", ""]
    for key, part in value.items():
        field = fields[key]
        if field.shape:
            lines += [f"## {field.title}", ""]
        if field.shape == "text":
            lines += [part, ""]
        elif field.shape == "keys":
            lines += [f"### {field.fields[inner].title}\n\n{words}\n" for inner, words in part.items()]
        elif field.shape == "items":
            (decision,) = part
            lines += [f"### {decision['decision']}", ""]
            lines += [f"#### {field.fields[k].title}\n\n{v}\n" for k, v in decision.items() if k != "decision"]
        elif field.shape == "tasks":
            lines += [*(_task(task) for task in part), ""]
    return "\n".join(lines)


def _fact(fact: Any) -> str:
    if isinstance(fact, list) and isinstance(fact[0], str):
        return ", ".join(fact)
    return yaml.safe_dump(fact, default_flow_style=True, width=1000).strip() if isinstance(fact, list | dict) else fact


def _task(task: Value) -> str:
    sign = {"open": " ", "done": "x", "carried": ">"}[task["state"]]
    owners = "".join(f" @{owner}" for owner in task.get("owner", []))
    due = f" due:{task['due']}" if "due" in task else ""
    return f"- [{sign}] {task['id']}: {task['text']}{owners}{due}"


def in_yaml(value: Value) -> str:
    """The same record in YAML alone."""
    text: str = yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100)
    return text


def write(count: int, home: Path, ending: str = ".md") -> Path:
    """A workspace of so many records, as `.md` or as `.yaml`."""
    text = markdown if ending == ".md" else in_yaml
    people = {f"SE-{number + 1:04}": {"profession": "nursing"} for number in range(-(-count // RECORDS_EACH))}
    home.mkdir(parents=True)
    (home / "supervision.yaml").write_text("organisation: Riverside Community Trust\n")
    (home / "people.yaml").write_text(yaml.safe_dump({"people": people | {SUPERVISOR: {"profession": "nursing"}}}))
    for kind in shipped_kinds().values():
        (home / kind.folder).mkdir()
    for value in practice(count):
        (home / shipped_kinds()[value["kind"]].folder / f"{value['id']}{ending}").write_text(text(value))
    return home
