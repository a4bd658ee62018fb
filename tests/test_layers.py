"""Who may read what: nothing above the layer of an audience is in what it sees.

A secret is planted in every field of a record, named after the field; an audience's view is searched for all of them.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from supervision_notes.kind import LAYERS, Field, Kind
from supervision_notes.reading import open_workspace, read_one
from supervision_notes.record import Audience, Record
from supervision_notes.workspace import Workspace

from .conftest import (
    ADDENDUM,
    AGREEMENT,
    CYCLE,
    DISCLOSURE,
    KINDS,
    MEASURE,
    PROCESS_NOTE,
    REFLECTION,
    SESSION,
    SIGN_OFF,
    record,
    text_of,
    write,
)

PARTIES = Audience("parties")
ORGANISATION = Audience("organisation")
GIVEN = {
    "session": SESSION,
    "agreement": {**AGREEMENT, "exceptions": "[{ground: other, discuss_first: if-safe, text: secret-exceptions}]"},
    "reflection": {**REFLECTION, "share_with": "SE-777"},
    "sign-off": SIGN_OFF,
    "addendum": ADDENDUM,
    "process-note": {**PROCESS_NOTE, "author": "SE-201"},
    "cycle": CYCLE,
    "measure": MEASURE,
    "disclosure": {**DISCLOSURE, "readers": "SE-201, SE-777"},
}


def planted(kind: Kind, **facts: str) -> Record:
    """A record with a secret under every heading, under one of its own, and in every fact that takes free words."""
    given = {**GIVEN[kind.name], **facts}
    for key, field in kind.fields.items():
        free = field.schema.get("type") == "string" and not {"enum", "pattern", "format", "const"} & set(field.schema)
        if key not in given and not field.shape and free:
            given[key] = f"secret-{key}"
    sections = {field.title: words(key, field) for key, field in kind.fields.items() if field.shape}
    return record(text_of(given, {**sections, "A heading of my own": "secret-sections"}))


def words(key: str, field: Field) -> str:
    match field.shape:
        case "keys":
            return "\n".join(f"### {inner.title}\nsecret-{key}" for inner in field.fields.values())
        case "items":
            return f"### secret-{key}\nsecret-{key}\n#### Rationale\nsecret-{key}"
        case "tasks":
            return f"- [ ] A1: secret-{key} @SE-201\n  secret-{key}"
    return f"secret-{key}"


def secrets(view: Any) -> set[str]:
    """The fields whose secret is in a view."""
    return set(re.findall(r"secret-(\w+)", json.dumps(view)))


def fields_of(kind: Kind, *layers: str) -> set[str]:
    return {key for key, field in kind.fields.items() if field.layer in layers}


@pytest.mark.parametrize("name", KINDS)
def test_a_secret_is_planted_in_every_layer(name: str) -> None:
    found = secrets(planted(KINDS[name]).value)
    assert {key for key, field in KINDS[name].fields.items() if field.shape} <= found
    assert "sections" in found
    layers = {KINDS[name].fields[key].layer for key in found}
    assert layers == {KINDS[name].layer} | ({"attendance"} if name == "session" else set())


@pytest.mark.parametrize("name", KINDS)
def test_every_field_has_a_layer(name: str) -> None:
    assert all(field.layer in LAYERS for field in KINDS[name].fields.values())
    assert all("x-layer" in field.schema for field in KINDS[name].fields.values()), "written, not inherited"


@pytest.mark.parametrize("name", KINDS)
def test_the_parties_see_what_is_shared_and_nothing_above(name: str) -> None:
    read = planted(KINDS[name])
    view = read.seen_by(PARTIES)
    if KINDS[name].private:
        assert view == {}
    else:
        assert secrets(view) == secrets(read.value)
        assert set(view) <= fields_of(KINDS[name], "attendance", "shared")


@pytest.mark.parametrize("name", KINDS)
def test_the_organisation_sees_attendance_alone(name: str) -> None:
    view = planted(KINDS[name]).seen_by(ORGANISATION)
    assert set(view) <= fields_of(KINDS[name], "attendance")
    assert not secrets(view) - fields_of(KINDS[name], "attendance")
    if name != "session":
        assert view == {}


def test_what_attendance_is() -> None:
    facts = {**SESSION, "start": "10:00", "approach": "case-supervision", "outcome": "cancelled", "by": "SE-201"}
    facts |= {"next_date": "ending", "agreement": "agr-1", "id": "s-1", "rearranged_to": "2026-10-01"}
    facts |= {"provider": "Harbour", "format": "group", "client_hours": "18", "cpd_minutes": "20", "readers": "SE-9"}
    view = record(text_of(facts)).seen_by(ORGANISATION)
    assert view == {
        "kind": "session",
        "id": "s-1",
        "date": "2026-09-29",
        "minutes": 60,
        "type": "one-to-one",
        "mode": "online",
        "outcome": "cancelled",
        "supervisor": "SV-014",
        "supervisees": ["SE-201"],
        "next_date": "ending",
    }


def in_workspace(receives: str, status: str, root: Any, named: str = "agr-1") -> tuple[Record, Workspace]:
    session = {**SESSION, "outcome": "declined", "by": "SE-201", "approach": "wellbeing-support", "agreement": named}
    agreement = {**AGREEMENT, "id": "agr-1", "status": status}
    if receives:
        agreement["organisation_receives"] = receives
    write(
        root,
        {
            "supervision.yaml": "organisation: A\n",
            "s.md": text_of(session, {"Exploration": "secret-exploration"}),
            "agreement.md": text_of(agreement),
            "log.md": text_of({**REFLECTION, "id": "log-1"}),
        },
    )
    workspace = open_workspace(root, jobs=1).workspace
    read = read_one(root, "s.md", workspace.register)
    assert read is not None
    return read, workspace


@pytest.mark.parametrize(
    ("receives", "status", "more"),
    [
        ("", "agreed", set()),
        ("attendance", "agreed", set()),
        ("attendance, approach", "agreed", {"approach"}),
        ("attendance, by", "agreed", {"by"}),
        ("approach, by", "agreed", {"approach", "by"}),
        ("approach, by", "ended", {"approach", "by"}),
        ("approach, by", "draft", set()),
        ("approach, by", "to-sign", set()),
    ],
)
def test_approach_and_by_reach_the_organisation_only_where_it_is_agreed(
    receives: str, status: str, more: set[str], tmp_path: Any
) -> None:
    read, workspace = in_workspace(receives, status, tmp_path)
    view = read.seen_by(ORGANISATION, workspace.receives(read))
    attendance = {"kind", "date", "minutes", "type", "mode", "outcome", "supervisor", "supervisees"}
    assert set(view) == attendance | more
    assert not secrets(view)


@pytest.mark.parametrize("receives", ["exploration", "provider, agreement, status", "Nothing", "none", "nothing"])
@pytest.mark.parametrize("status", ["agreed", "agree", "draft"])
def test_what_an_agreement_says_and_nobody_understands_lets_nothing_out(
    receives: str, status: str, tmp_path: Any
) -> None:
    read, workspace = in_workspace(receives, status, tmp_path)
    assert read.seen_by(ORGANISATION, workspace.receives(read)) == {}


@pytest.mark.parametrize("named", ["agr-2", "log-1", "s"])
def test_what_is_no_agreement_lets_nothing_through(named: str, tmp_path: Any) -> None:
    read, workspace = in_workspace("approach, by", "agreed", tmp_path, named)
    assert not {"approach", "by"} & set(read.seen_by(ORGANISATION, workspace.receives(read)))


def test_an_agreement_is_found_whatever_its_case(tmp_path: Any) -> None:
    read, workspace = in_workspace("by", "agreed", tmp_path, "AGR-1")
    assert "by" in read.seen_by(ORGANISATION, workspace.receives(read))


def test_nothing_is_nothing(tmp_path: Any) -> None:
    read, workspace = in_workspace("nothing", "agreed", tmp_path)
    assert read.seen_by(ORGANISATION, workspace.receives(read)) == {}


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.private])
def test_what_is_private_is_for_its_author_alone(kind: Kind) -> None:
    read = planted(kind)
    assert read.seen_by(Audience("author", "SE-201")) == read.value
    opened = read.value if kind.fields.keys() & {"share_with", "readers"} else {}
    assert read.seen_by(Audience("author", "SE-777")) == opened, "it was shared with them, where it can be"
    for audience in [
        Audience("author", "SV-014"),
        Audience("author", "se-201"),
        Audience("author"),
        Audience("author", ""),
        PARTIES,
        ORGANISATION,
        Audience("case", case="FAM-17"),
        Audience("parties", "SE-201"),
    ]:
        assert read.seen_by(audience) == {}


@pytest.mark.parametrize("author", ["", "____", "~"])
def test_without_an_author_a_private_record_is_for_nobody(author: str) -> None:
    read = record(text_of({"kind": "reflection", "date": "2026-09-29", "author": author}, {"Feelings": "Cold."}))
    for person in ("SE-201", "SV-014", "", None):
        assert read.seen_by(Audience("author", person)) == {}


@pytest.mark.parametrize("share", ["SE-2010", "SE-20, SE-2011", "SE 201"])
def test_sharing_is_by_whole_codes(share: str) -> None:
    read = record(text_of({**REFLECTION, "author": "SE-900", "share_with": share}, {"Feelings": "Cold."}))
    assert read.seen_by(Audience("author", "SE-201")) == {}


def test_a_party_may_read_a_shared_record_as_its_author() -> None:
    read = planted(KINDS["session"])
    for person in ("SE-201", "SV-014"):
        assert secrets(read.seen_by(Audience("author", person))) == secrets(read.value)
    for person in ("SE-202", "SE-2", None):
        assert read.seen_by(Audience("author", person)) == {}


CASES = """\
### Visit
#### Case
FAM-17
#### Rationale
secret-visit
#### Ethical check
Yes.

### Wait
#### Case
FAM-18
#### Rationale
secret-wait

### Rest
secret-rest
"""


@pytest.mark.parametrize(
    ("case", "expected"), [("FAM-17", {"visit"}), ("FAM-18", {"wait"}), ("FAM", set()), ("", set()), (None, set())]
)
def test_a_case_sees_its_own_decisions_alone(case: str | None, expected: set[str]) -> None:
    facts = {**SESSION, "type": "practice", "id": "s-1"}
    read = record(text_of(facts, {"Exploration": "secret-exploration", "Decisions": CASES}))
    view = read.seen_by(Audience("case", case=case))
    assert secrets(view) == expected
    if expected:
        assert set(view) == {"kind", "id", "date", "decisions"}
        assert len(view["decisions"]) == 1
    else:
        assert view == {}


def test_a_view_changes_nothing() -> None:
    read = planted(KINDS["session"])
    before = json.dumps(read.value)
    view = read.seen_by(ORGANISATION)
    view.clear()
    assert json.dumps(read.value) == before


@pytest.mark.parametrize("name", KINDS)
def test_a_label_holds_no_code_and_no_secret(name: str) -> None:
    read = planted(KINDS[name])
    assert "secret" not in read.label
    assert "SE-" not in read.label


@pytest.mark.parametrize("name", KINDS)
def test_a_skeleton_holds_no_words(name: str) -> None:
    """What other records, and later the index, may know: codes, dates and places."""
    skeleton = planted(KINDS[name]).skeleton
    prose = {key for key, field in KINDS[name].fields.items() if field.shape} | {"sections"}
    assert not secrets([str(part) for part in skeleton]) & prose
