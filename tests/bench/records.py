"""Made-up sessions of about 4 KB, the same value as Markdown and as YAML."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

SESSIONS_EACH = 20
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


def sessions(count: int) -> Iterator[dict[str, Any]]:
    """So many sessions, in chains: each names the one before it and reviews what was agreed there."""
    for number in range(count):
        person, turn = divmod(number, SESSIONS_EACH)
        yield session(f"SE-{person + 1:04}", turn, random.Random(number))


def session(person: str, turn: int, chance: random.Random) -> dict[str, Any]:
    """One session of one supervisee."""
    held = date(2023, 1, 9) + timedelta(weeks=8 * turn)
    later = (held + timedelta(weeks=8)).isoformat()

    def words(sentences: int) -> str:
        return " ".join(chance.sample(SENTENCES, sentences))

    value: dict[str, Any] = {
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
        "next_date": later,
    }
    if turn:
        value["previous"] = record_id(person, held - timedelta(weeks=8))
        value["review_of_previous_actions"] = [{"id": "A1", "state": "done", "text": ACTIONS[(turn - 1) % 4]}]
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
        "actions": [{"id": "A1", "state": "open", "text": ACTIONS[turn % 4], "owner": [person], "due": later}],
        "risk_and_safeguarding": "None raised",
        "learning": words(3),
    }


def record_id(person: str, held: date) -> str:
    """The id of a session, as `new` would give it."""
    return f"{held.isoformat()}-{person.replace('-', '').lower()}"


def markdown(value: dict[str, Any]) -> str:
    """The record as a person writes it."""
    facts = {key: fact for key, fact in value.items() if list(value).index(key) < list(value).index("next_date")}
    facts |= {key: value[key] for key in ("next_date", "previous") if key in value}
    (decision,) = value["decisions"]
    return "\n".join(
        [
            "---",
            *(f"{key}: {', '.join(fact) if isinstance(fact, list) else fact}" for key, fact in facts.items()),
            "---",
            "",
            *_tasks("Review of previous actions", value.get("review_of_previous_actions", [])),
            f"## Focus question\n\n{value['focus_question']}\n",
            f"## Exploration\n\n{value['exploration']}\n",
            "## Functions\n",
            *(f"### {key.capitalize()}\n\n{words}\n" for key, words in value["functions"].items()),
            f"## Decisions\n\n### {decision['decision']}\n",
            f"#### Decided by\n\n{decision['decided_by']}\n",
            f"#### Options considered\n\n{decision['options_considered']}\n",
            f"#### Rationale\n\n{decision['rationale']}\n",
            f"#### Ethical check\n\n{decision['ethical_check']}\n",
            *_tasks("Actions", value["actions"]),
            f"## Risk and safeguarding\n\n{value['risk_and_safeguarding']}\n",
            f"## Learning\n\n{value['learning']}\n",
        ]
    )


def _tasks(title: str, tasks: list[dict[str, Any]]) -> Iterator[str]:
    signs = {"open": " ", "done": "x"}
    if tasks:
        yield f"## {title}\n"
    for task in tasks:
        owners = "".join(f" @{owner}" for owner in task.get("owner", []))
        due = f" due:{task['due']}" if "due" in task else ""
        yield f"- [{signs[task['state']]}] {task['id']}: {task['text']}{owners}{due}\n"


def write(count: int, folder: Path) -> tuple[Path, Path]:
    """Two workspaces of the same records, the first of Markdown, the second of YAML."""
    homes = folder / "markdown", folder / "yaml"
    people = {f"SE-{number + 1:04}": {"profession": "nursing"} for number in range(-(-count // SESSIONS_EACH))}
    register = yaml.safe_dump({"people": people | {SUPERVISOR: {"profession": "nursing"}}})
    for home in homes:
        (home / "sessions").mkdir(parents=True)
        (home / "supervision.yaml").write_text("organisation: Riverside Community Trust\n")
        (home / "people.yaml").write_text(register)
    for value in sessions(count):
        name = f"sessions/{value['id']}"
        (homes[0] / f"{name}.md").write_text(markdown(value))
        text = yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=100)
        (homes[1] / f"{name}.yaml").write_text(text)
    return homes
