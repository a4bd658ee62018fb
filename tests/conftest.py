"""What the tests share: a text becomes a reading, a few texts a workspace; a problem is told by rule and place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from supervision_notes.attendance import Attendance
from supervision_notes.document import Document, read_document
from supervision_notes.kind import Kind, registers, shipped_kinds
from supervision_notes.policies import Policy
from supervision_notes.problem import Problem, Severity, Span
from supervision_notes.questions.programme import Programme
from supervision_notes.reading import Checked, check_text, open_workspace
from supervision_notes.record import Record
from supervision_notes.register import Register
from supervision_notes.schema import kind_of, read_record

ROOT = Path(__file__).resolve().parents[1]
KINDS = shipped_kinds()
NO_REGISTER = Register(KINDS)

SESSION = {
    "kind": "session",
    "date": "2026-09-29",
    "minutes": "60",
    "type": "one-to-one",
    "mode": "online",
    "status": "recorded",
    "supervisor": "SV-014",
    "supervisees": "SE-201",
}
CLINICAL = {
    "Focus question": "How do I say no?",
    "Exploration": "She asked twice.",
    "Decisions": "None yet",
    "Actions": "None",
    "Risk and safeguarding": "None raised",
}
DECISION = "### Offer a joint visit\n#### Rationale\nTwo alone led nowhere.\n#### Ethical check\nShe agreed."
AGREEMENT = {
    "kind": "agreement",
    "form": "individual",
    "version": "1",
    "status": "agreed",
    "start": "2026-01-12",
    "review_date": "2027-01-12",
    "parties": "[{person: SV-014, role: supervisor}, {person: SE-201, role: supervisee}]",
    "meeting": "{every: 8 weeks, minutes: 60, mode: online}",
    "exceptions": "[{ground: serious-harm-to-others, discuss_first: expected}]",
}
REFLECTION = {"kind": "reflection", "date": "2026-09-29", "author": "SE-201"}
SIGN_OFF = {
    "kind": "sign-off",
    "of": "2026-09-29-se201",
    "by": "SE-201",
    "date": "2026-10-02",
    "verdict": "agree",
    "digest": f"sha256:{'0b' * 32}",
}
ADDENDUM = {"kind": "addendum", "of": "2026-09-29-se201", "by": "SV-014", "date": "2026-10-05"}
PROCESS_NOTE = {"kind": "process-note", "about": "2026-09-29-se201", "author": "SV-014", "date": "2026-09-29"}
CYCLE = {
    "kind": "cycle",
    "date": "2026-03-02",
    "status": "recorded",
    "measure": "check-in",
    "parties": "SV-014, SE-201",
}
PDSA = {"Plan": "Book the next hour at the end of each.", "Do": "We did.", "Study": "It held.", "Act": "We keep it."}
MEASURE = {
    "kind": "measure",
    "date": "2026-03-09",
    "author": "SE-201",
    "name": "check-in",
    "scores": "{work: 7, rest: 6.5}",
}
DISCLOSURE = {
    "kind": "disclosure",
    "session": "2026-09-29-se201",
    "ground": "adult-at-risk",
    "discussed": "yes",
    "told": "the safeguarding team",
    "when": "2026-10-09",
    "supervisee_told": "2026-10-09",
    "readers": "SV-014, EX-003",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="Write tests/goldens anew; look at the difference.")


class Seen(NamedTuple):
    """A problem as the tests tell it."""

    rule: str
    line: int
    column: int
    severity: Severity = "error"


def seen(problems: Iterable[Problem]) -> list[Seen]:
    """Problems by their rule, place and gravity."""
    return [Seen(p.rule, p.span.line, p.span.column, p.severity) for p in problems]


def text_of(facts: Mapping[str, str], sections: Mapping[str, str] | None = None) -> str:
    """A Markdown record: facts in their order, then a heading each."""
    front = "".join(f"{key}: {value}\n" for key, value in facts.items())
    body = "".join(f"\n## {title}\n\n{words}\n" for title, words in (sections or {}).items())
    return f"---\n{front}---\n{body}"


def without(whole: Mapping[str, str], *keys: str) -> dict[str, str]:
    """All of it but some."""
    assert set(keys) <= set(whole), "what is left out has to be there"
    return {key: value for key, value in whole.items() if key not in keys}


def document(text: str | bytes, path: str = "a.md") -> Document:
    return read_document(path, text if isinstance(text, bytes) else text.encode())


def record(text: str | bytes, path: str = "a.md", kinds: Mapping[str, Kind] = KINDS) -> Record:
    """The record that a text of a known kind holds, with the problems of text and structure."""
    read = document(text, path)
    kind = kind_of(read, kinds)
    assert isinstance(kind, Kind), kind
    return Record.of(path, read_record(read, kind))


def problems(text: str, path: str = "a.md") -> list[Problem]:
    """Everything that is wrong with one text, in the order of its places."""
    return check_text(path, text, NO_REGISTER)


def at(text: str, span: Span) -> str:
    """The words of a text at a span: the way to say in a test where something is."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows = lines[span.line - 1 : span.end_line]
    assert rows, f"{span} lies outside the text"
    rows[-1] = rows[-1][: span.end_column - 1]
    rows[0] = rows[0][span.column - 1 :]
    return "\n".join(rows)


Files = Mapping[str, str | bytes]


def write(root: Path, files: Files) -> Path:
    for name, words in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(words if isinstance(words, bytes) else words.encode())
    return root


@pytest.fixture
def check(tmp_path: Path) -> Callable[[Files], Checked]:
    """Writes files into a workspace of the test's own and checks it."""
    return lambda files: open_workspace(write(tmp_path, files), jobs=1)


def policy(text: str, name: str = "own") -> Policy:
    """The policy that a text asks for; whatever a policy needs besides is added."""
    whole = f"title: Ours\nsource: Our policy\nas_of: 2026-10-01\n{text}"
    path = f"policies/{name}.yaml"
    found = Record.of(path, read_record(document(whole, path), registers()["policy"]))
    assert not found.problems, [str(problem) for problem in found.problems]
    return Policy.of(found, name)


def attended(session: str, person: str = "SE-201", n: int = 0) -> Attendance:
    """A person's part in a session, as the tables of dates write it: the day, and what is unusual about it."""
    day, *words = session.split()
    known: dict[str, Any] = {"type": "one-to-one", "minutes": 60, "signed": True, "supervisor": "SV-014"}
    while words:
        match words:
            case ["group" | "peers" as led, size, *words]:
                peers = led == "peers"
                known |= {"group": "pg1", "role": "member", "led_by_peer": peers}
                known["size"] = None if size == "?" else int(size) - peers
            case ["contracted", number, *words]:
                known["contracted"] = int(number)
            case ["hours" | "by" as key, value, *words]:
                known["client_hours" if key == "hours" else "supervisor"] = value
            case [number, *words] if number.isdecimal():
                known["minutes"] = int(number)
            case ["unsigned", *words]:
                known["signed"] = False
            case ["facilitator", *words]:
                known["role"] = "facilitator"
            case [word, *words]:
                fields = KINDS["session"].fields
                key = next((k for k in ("type", "approach", "outcome") if word in fields[k].schema["enum"]), "outcome")
                known[key] = word
    stream = KINDS["session"].fields["type"].schema["x-streams"][known["type"]]
    return Attendance(person, day, stream=stream, session=f"{day}-{person}-{n}".lower(), **known)


def programme(person: str, policies: Mapping[str, Policy | None], *lists: Iterable[Attendance]) -> Programme:
    """A programme of SE-201, whom the register describes like this, under some policies."""
    people = {"SE-201": _said(person)}
    register = Register(KINDS, {"policy": list(policies)}, people, policies=dict(policies))
    return Programme.of(register, *lists)


def _said(person: str) -> dict[str, Any]:
    """What a register says of somebody, from `start 2026-01-05; pause 2026-02-01 to 2026-02-28`."""
    said: dict[str, Any] = {"name": "Rhian Kettle"}
    for part in filter(None, person.split("; ")):
        word, first, *rest = part.split()
        if word == "pause":
            said.setdefault("pauses", []).append({"from": first} | ({"until": rest[-1]} if rest else {}))
        else:
            said[word] = first
    return said
