"""Every rule's page is its test: what it calls bad breaks it, what it calls good breaks nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from json import dumps
from pathlib import Path
from textwrap import dedent

import pytest

from supervision_notes.problem import Rule
from supervision_notes.reading import open_workspace
from supervision_notes.rules import CATALOGUE, MISTAKES, RECORD_RULES, REGISTER_RULES, WORKSPACE_RULES, rule_named

from .conftest import AGREEMENT, CLINICAL, KINDS, REFLECTION, SESSION, text_of, write

PROMISED = [
    "not-utf8", "unclosed-front-matter", "yaml-syntax", "yaml-duplicate-key", "yaml-feature", "too-deep",
    "too-large", "unknown-heading", "duplicate-heading", "duplicate-field", "wrong-level", "stray-text",
    "empty-section", "unclosed-comment", "words-in-comment", "not-a-task", "ambiguous-date", "wrong-date",
    "unknown-field", "missing-field", "wrong-type", "wrong-choice", "out-of-range", "unknown-kind",
    "unknown-person", "duplicate-id", "missing-rationale", "missing-ethical-check", "group-too-small",
    "own-supervisor", "blank-left", "unsafe-discuss-first", "possible-identifier",
    "private-record-of-another", "dangling-link", "wrong-kind-link", "circular-chain", "previous-is-later",
    "review-of-unknown-action", "carried-without-date", "dropped-without-reason", "changed-after-sign-off",
    "forked-chain", "previous-of-others", "chain-restarted", "unreviewed-action", "carried-too-often",
    "action-without-owner", "action-without-number", "overdue-action", "no-agreement-in-force",
    "agreement-expired", "agreement-overlap", "line-manager-supervises", "supervisor-not-theirs",
    "unknown-employee-number", "duplicate-employee-number", "old-employee-number", "no-employee-number", "no-profile",
    "no-supervisor", "supervisor-has-left", "ineligible-session", "late-throughout",
    "answered-before",
]  # fmt: skip
GOOD = text_of({**SESSION, "status": "draft"}, CLINICAL)


def examples(page: str, heading: str) -> Iterator[dict[str, str]]:
    """The examples under `Bad:` or `Good:`: indented blocks, each one file, or several under `=== path`."""
    for block in re.findall(rf"^{heading}:\n\n((?:[ ]{{4}}.*\n|\n)+)", f"{page}\n", re.MULTILINE):
        text = dedent(block).strip("\n") + "\n"
        if not text.startswith("=== "):
            yield {"a.md": text}
            continue
        parts = re.split(r"^=== (.+)\n", text, flags=re.MULTILINE)[1:]
        yield dict(zip(parts[::2], parts[1::2], strict=True))


def not_utf8(root: Path, bad: bool) -> None:
    (root / "a.md").write_bytes(GOOD.replace("She", "Zoë").encode("latin-1" if bad else "utf-8"))


def too_deep(root: Path, bad: bool) -> None:
    write(root, {"a.md": GOOD.replace("She asked twice.", ">" * (51 if bad else 3) + " deep")})


def too_large(root: Path, bad: bool) -> None:
    write(root, {"a.md": GOOD + "again " * (900_000 if bad else 9)})


def unreadable(root: Path, bad: bool) -> None:
    """A pipe has no permission bits that stop root, and a folder cannot be read as a file."""
    write(root, {"a.md": GOOD})
    if bad:
        (root / "people.yaml").mkdir()


def broken_symlink(root: Path, bad: bool) -> None:
    write(root, {"old/b.txt" if bad else "b.txt": "a list\n"})
    (root / "a.md").symlink_to("b.txt")


def symlink_leaves(root: Path, bad: bool) -> None:
    write(root, {"outside/a.md": GOOD, "inside/supervision.yaml": "organisation: A\n"})
    (root / "inside" / "b.md").symlink_to(root / "outside" / "a.md")


def wrong_extension(root: Path, bad: bool) -> None:
    write(root, {"a.md.txt" if bad else "a.md": GOOD})


def unusable_schema(root: Path, bad: bool) -> None:
    good = dumps(dict(KINDS["reflection"].schema))
    write(root, {"a.md": GOOD, "schemas/mine.schema.json": good[: len(good) // 2] if bad else good})


# What no page can write down, made by a function.
MADE: dict[str, Callable[[Path, bool], None]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        not_utf8, too_deep, too_large, unreadable, broken_symlink, symlink_leaves, wrong_extension, unusable_schema,
    )
}  # fmt: skip
WRITTEN = [rule for rule in CATALOGUE.values() if rule.slug not in MADE]


def named(rule: Rule) -> str:
    return rule.slug


@pytest.mark.parametrize("rule", WRITTEN, ids=named)
def test_what_the_page_calls_bad_breaks_the_rule(rule: Rule, tmp_path: Path) -> None:
    bad = list(examples(rule.page, "Bad"))
    assert bad, "a page shows what is bad"
    for number, files in enumerate(bad):
        found = open_workspace(write(tmp_path / str(number), files), jobs=1, as_at="2026-12-18").problems
        assert rule.slug in [problem.rule for problem in found]
        assert all(problem.code == rule.code for problem in found if problem.rule == rule.slug)


@pytest.mark.parametrize("rule", WRITTEN, ids=named)
def test_what_the_page_calls_good_breaks_nothing(rule: Rule, tmp_path: Path) -> None:
    good = list(examples(rule.page, "Good"))
    assert good, "a page shows the way out"
    for number, files in enumerate(good):
        found = open_workspace(write(tmp_path / str(number), files), jobs=1, as_at="2026-12-18").problems
        assert rule.slug not in [p.rule for p in found if p.severity != "note"]
        assert [str(p) for p in found if p.severity == "error"] == []


@pytest.mark.parametrize("slug", MADE)
@pytest.mark.parametrize("bad", [True, False])
def test_what_cannot_be_written_down(slug: str, bad: bool, tmp_path: Path) -> None:
    MADE[slug](tmp_path, bad)
    root = tmp_path / "inside" if (tmp_path / "inside").is_dir() and bad else tmp_path
    found = open_workspace(root, jobs=1).problems
    assert [p.rule for p in found if p.severity != "note"] == [slug] * bad
    assert all(p.hint for p in found)


def test_the_catalogue_is_whole_and_in_order() -> None:
    rules = (*MISTAKES, *RECORD_RULES, *REGISTER_RULES, *WORKSPACE_RULES)
    assert len(CATALOGUE) == len(rules) > 40, "a code stands for one rule"
    assert len({rule.slug for rule in rules}) == len(rules), "and a slug too"
    assert list(CATALOGUE) == sorted(CATALOGUE)


def test_every_promised_slug_exists() -> None:
    assert set(PROMISED) - {rule.slug for rule in CATALOGUE.values()} == set()


FAMILIES = {
    "SN1": "supervision_notes.mistakes.text",
    "SN2": "supervision_notes.mistakes.structure",
    "SN3": "supervision_notes.rules.(links|chains)",
    "SN4": "supervision_notes.rules.(practice|actions|continuity)",
    "SN5": "supervision_notes.rules.(agreements|signing)",
    "SN6": "supervision_notes.rules.privacy",
    "SN7": "supervision_notes.rules.(register|programme|policies)",
}


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=named)
def test_a_code_is_of_its_family(rule: Rule) -> None:
    assert re.fullmatch(r"SN[1-7]\d\d", rule.code)
    found = getattr(rule, "find", None) or rule.say  # type: ignore[attr-defined]
    assert re.fullmatch(FAMILIES[rule.code[:3]], found.__module__)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=named)
def test_a_page_opens_with_a_sentence(rule: Rule) -> None:
    first, _, rest = rule.page.partition("\n")
    assert re.fullmatch(r"[A-Z`].{10,110}[.]", first)
    assert not rest or rest.startswith("\n")
    assert rule.summary == first


def test_codes_that_are_promised_in_the_design() -> None:
    assert CATALOGUE["SN204"].slug == "unknown-field"


@pytest.mark.parametrize("name", ["SN204", "sn204", "unknown-field", "UNKNOWN_FIELD", " unknown-field "])
def test_a_rule_is_found_by_code_or_slug(name: str) -> None:
    assert rule_named(name) is CATALOGUE["SN204"]


def test_what_is_no_rule_is_none() -> None:
    assert rule_named("SN999") is None


IDENTIFIERS = {
    "an NHS number": ["943 476 5919", "943-476-5919", "9434765919", "NHS No 943 476 5919."],
    "a UK postcode": ["SW1A 1AA", "M1 1AE", "EC1A1BB", "at CR2 6XH,", "DN55 1PT"],
    "a phone number": ["07700 900123", "020 7946 0018", "+44 7700 900123", "+44 (0)20 7946 0018", "(01632) 960001"],
    "an e-mail address": ["rhian@example.org", "r.kettle+x@mail.example.co.uk"],
    "a National Insurance number": ["AB 12 34 56 C", "AB123456C", "ab123456c"],
    "a date of birth": ["DOB 03/04/1988", "d.o.b. 3.4.88", "date of birth: 1988-04-03", "born on 3 April 1988"],
    "a person by title and name": ["Mr Example", "Mrs. O'Brien-Ní Dhónaill", "Ms Łukasz", "Miss X", "Mx Y", "Master Z"],
}


@pytest.mark.parametrize(("what", "words"), [(what, words) for what, all_ in IDENTIFIERS.items() for words in all_])
def test_what_may_identify_somebody(what: str, words: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD.replace("She asked twice.", f"It was {words} that rang.")})
    (problem,) = open_workspace(tmp_path, jobs=1).problems
    assert (problem.rule, problem.severity) == ("possible-identifier", "warning")
    assert problem.message == f"this looks like {what}"
    assert words not in problem.message
    assert problem.span.line == 18


@pytest.mark.parametrize(
    "words",
    [
        "943 476 5918",  # its check digit is wrong
        "1111111111",
        "the 2026-09-29 session",
        "minutes 10:30 to 11:30",
        "ring on extension 0123",
        "page 12 of 345",
        "a mrsa swab",
        "Miss that bus",
        "master plan",
        "born of need",
        "SE-201 and SV-014",
        "2026-09-29-se201#A2",
        "@SE-201 due:2026-12-17",
        "a score of 1234567890123",
    ],
)
def test_what_identifies_nobody(words: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD.replace("She asked twice.", f"It was {words} again.")})
    assert [str(problem) for problem in open_workspace(tmp_path, jobs=1).problems] == []


def test_identifiers_are_looked_for_wherever_prose_stands(tmp_path: Path) -> None:
    body = {
        "Decisions": "### Ring Mrs Example\n#### Rationale\nMr Example asked.\n#### Ethical check\nYes.",
        "Actions": "- [ ] A1: Ring 07700 900123\n  as Ms Example asked",
        "Functions": "### Supportive\nDr Who and Mx Example.",
        "My own": "Miss Example.",
    }
    write(
        tmp_path,
        {
            "a.md": text_of({**SESSION, "status": "draft", "provider": "Mr Baker Ltd"}, body),
            "b.md": text_of(REFLECTION, {"My own": "Mrs Example."}),
            "c.md": text_of({"kind": "agreement", "form": "individual", "status": "draft"}, {"Purpose": "Mrs E."}),
        },
    )
    found = [p for p in open_workspace(tmp_path, jobs=1).problems if p.rule == "possible-identifier"]
    assert [(p.path, p.span.line) for p in found] == [
        ("a.md", 15), ("a.md", 17), ("a.md", 23), ("a.md", 24), ("a.md", 29), ("a.md", 33), ("b.md", 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "severities"),
    [("", ["error"]), ("warning", ["warning"]), ("note", ["note"]), ("off", [])],
)
@pytest.mark.parametrize("name", ["own-supervisor", "SN402"])
def test_a_workspace_weighs_the_rules_of_practice(
    name: str, wanted: str, severities: list[str], tmp_path: Path
) -> None:
    settings = f"severity: {{{name}: {wanted}}}\n" if wanted else ""
    text = GOOD.replace("SV-014", "SE-201")
    write(tmp_path, {"supervision.yaml": f"organisation: A\n{settings}", "a.md": text})
    assert [p.severity for p in open_workspace(tmp_path, jobs=1).problems] == severities


def test_what_cannot_be_read_stays_an_error(tmp_path: Path) -> None:
    settings = "organisation: A\nseverity: {wrong-date: off, SN104: off, unknown-field: note}\n"
    text = GOOD.replace("2026-09-29", "2023-02-29\ndate: 2023-02-28\nweather: wet")
    write(tmp_path, {"supervision.yaml": settings, "a.md": text})
    found = open_workspace(tmp_path, jobs=1).problems
    assert [(p.rule, p.severity) for p in found if p.path == "a.md"] == [
        ("wrong-date", "error"),
        ("yaml-duplicate-key", "error"),
        ("unknown-field", "error"),
    ]


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("burnout-after-complaint", True),
        ("2026-09-29-se201-complaint", True),
        ("2026-09-29-HIV", True),
        ("2026-09-29-wellbeing-support", True),  # how it was approached is not told to the organisation
        ("2026-09-29-se201", False),
        ("2026-09-29-SE-201-b", False),
        ("29.septs_2026", True),
        ("29.sept_2026", False),
        ("session-12-one-to-one-clinical", False),
        ("2026-09-29-kettle", False),
        ("a", False),
    ],
)
def test_an_id_that_the_organisation_sees_is_made_of_codes(id: str, told: bool, tmp_path: Path) -> None:
    settings = {
        "supervision.yaml": "organisation: A\n",
        "people.yaml": "people: {team-kettle: {name: Poole}, SV-014: , SE-201: }\n",
    }
    files = {**settings, f"sessions/{id}.md": text_of(SESSION, CLINICAL)}
    found = [p for p in open_workspace(write(tmp_path, files), jobs=1).problems if p.rule == "words-in-id"]
    assert [p.severity for p in found] == ["warning"] * told
    assert not any(word in f"{p.message} {p.hint}" for p in found for word in ("burnout", "complaint", "HIV"))


def test_an_id_that_the_organisation_does_not_see_may_hold_words(tmp_path: Path) -> None:
    agreement = text_of({**AGREEMENT, "id": "agr", "organisation_receives": "nothing"})
    burnout = text_of({**SESSION, "id": "burnout", "agreement": "agr"}, CLINICAL)
    files = {"agr.md": agreement, "a.md": burnout, "complaint.md": text_of(REFLECTION)}
    found = open_workspace(write(tmp_path, files), jobs=1).problems
    assert "words-in-id" not in {problem.rule for problem in found}


def test_a_group_is_told_anyway(tmp_path: Path) -> None:
    facts = {"type": "peer-group", "facilitator": "SE-205", "group": "moor-north", "attendance": "{SE-205: present}"}
    files = {
        f"{id}.md": text_of({"kind": "session", "date": "2026-09-29", "status": "draft", **facts})
        for id in ("2026-09-29-moor-north", "2026-09-29-moornorth", "2026-09-29-moorland")
    }
    found = open_workspace(write(tmp_path, files), jobs=1).problems
    assert [p.path for p in found if p.rule == "words-in-id"] == ["2026-09-29-moorland.md"]
