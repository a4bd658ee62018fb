"""Problems in, text out."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from xml.etree import ElementTree

import click
import pytest

from supervision_notes.cli.report import FORMATS, Counts, Format, closing, report
from supervision_notes.problem import Edit, Problem, Severity, Span

SECRET = "Rhian wept in the car park"


def problem(
    line: int = 1,
    column: int = 1,
    end: int | None = None,
    *,
    path: str = "sessions/a.md",
    severity: Severity = "error",
    message: str = "a session has no field of this name",
    hint: str = "",
    end_line: int | None = None,
    fix: Edit | None = None,
) -> Problem:
    span = Span(line, column, end_line or line, end or column + 1)
    return Problem(path, span, "SN204", "unknown-field", severity, message, hint, fix)


def shown(form: Format, problems: Iterable[Problem], text: str = "", width: int = 80) -> str:
    lines = text.split("\n")
    counts = Counts(records=41, left_alone=3, seconds=0.12)
    return "\n".join(report(form, problems, counts, read_line=lambda _, number: lines[number - 1], width=width))


def full(text: str, column: int, end: int, width: int = 80) -> list[str]:
    """The source line and the carets, without the margin."""
    lines = shown("full", [problem(1, column, end)], text, width).splitlines()
    return [lines[3].removeprefix("1 |").removeprefix(" "), lines[4].removeprefix("  | ")]


def test_full() -> None:
    given = problem(2, 1, 7, hint="did you mean “minutes”?")
    assert shown("full", [given], "---\nminuts: 60\n---") == (
        "error[SN204] unknown-field: a session has no field of this name\n"
        "  --> sessions/a.md:2:1\n"
        "  |\n"
        "2 | minuts: 60\n"
        "  | ^^^^^^\n"
        "  = help: did you mean “minutes”?\n"
        "\n"
        "1 error in 41 records, 3 files left alone, 0.12 s"
    )


def test_full_is_coloured_only_when_asked() -> None:
    lines = list(report("full", [problem()], Counts(1), read_line=lambda *_: "kind", colour=True))
    assert "\x1b[" in "".join(lines)
    assert [click.unstyle(line) for line in lines] == list(
        report("full", [problem()], Counts(1), read_line=lambda *_: "kind")
    )


def test_a_file_that_cannot_be_read_shows_its_place_alone() -> None:
    lines = list(report("full", [problem()], Counts(1), read_line=lambda *_: None))
    assert lines[:3] == [
        "error[SN204] unknown-field: a session has no field of this name",
        "  --> sessions/a.md:1:1",
        "",
    ]


def test_a_long_hint_is_wrapped_under_itself() -> None:
    lines = shown("full", [problem(hint="word " * 30)], "kind", width=60).splitlines()
    helped = [line for line in lines if "word" in line]
    assert len(helped) > 2
    assert all(len(line) <= 60 for line in helped)
    assert {line.index("word") for line in helped} == {len("  = help: ")}


def test_a_hint_of_two_lines_stays_two_lines() -> None:
    text = shown("full", [problem(hint="3 April 2026 is 2026-04-03\n4 March 2026 is 2026-03-04")], "kind")
    assert "  = help: 3 April 2026 is 2026-04-03\n          4 March 2026 is 2026-03-04\n" in text.replace(
        "  =  ", "   "
    )


@pytest.mark.parametrize(
    ("line", "column", "end", "source", "carets"),
    [
        ("minuts: 60", 1, 7, "minuts: 60", "^^^^^^"),
        ("名前: 李雅", 5, 7, "名前: 李雅", "      ^^^^"),
        ("cafe\u0301: x", 8, 9, "cafe\u0301: x", "      ^"),
        ("Łukasz Żółć", 8, 12, "Łukasz Żółć", "       ^^^^"),
        ("أمينة x", 7, 8, "أمينة x", "      ^"),
        ("\tmode: x", 2, 6, "    mode: x", "    ^^^^"),
        ("a\x1b[31mb", 7, 8, "a<U+001B>[31mb", "             ^"),
        ("a\x1b[31mb", 2, 3, "a<U+001B>[31mb", " ^^^^^^^^"),
        ("a\u202eb", 3, 4, "a<U+202E>b", "         ^"),
        ("a\x9b2Jb", 5, 6, "a<U+009B>2Jb", "           ^"),
        ("क्षेत्र x", 9, 10, "क्षेत्र x", "     ^"),
        ("ends here", 10, 11, "ends here", "         ^"),
        ("", 1, 1, "", "^"),
        ("past its end", 99, 120, "past its end", "            ^"),
    ],
)
def test_carets_stand_under_the_words(line: str, column: int, end: int, source: str, carets: str) -> None:
    assert full(line, column, end) == [source.rstrip(), carets]


def test_a_span_of_many_lines_is_marked_to_the_end_of_its_first() -> None:
    text = shown("full", [problem(1, 3, 2, end_line=4)], "## Focus\n\nx\ny")
    assert "1 | ## Focus\n  |   ^^^^^^\n" in text


@pytest.mark.parametrize("column", [1, 2, 40, 5_000, 9_960, 9_998, 10_000])
@pytest.mark.parametrize("letters", ["a", "字", "e\u0301", "\x1b"])
def test_a_long_line_is_cut_around_the_place(column: int, letters: str) -> None:
    line = (letters * 10_000)[:10_000]
    line = f"{line[: column - 1]}!{line[column:]}"
    source, carets = full(line, column, column + 1, width=70)
    assert width(source) <= 66
    assert carets.endswith("^")
    assert "…" in source
    assert at_column(source, len(carets) - 1) == "!"


def test_a_long_span_ends_with_the_cut() -> None:
    source, carets = full("x" * 10_000, 1, 10_001, width=70)
    assert source == "x" * (len(source) - 1) + "…"
    assert carets == "^" * (len(source) - 1)


def test_a_terminal_that_is_no_terminal_still_gets_a_report() -> None:
    assert "^" in shown("full", [problem(hint="a hint")], "kind: x", width=0)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_that_a_terminal_obeys_comes_through(form: Format) -> None:
    evil = "\x1b]0;x\x07\u202e\x9b\x00\r\u2028\x7f\U000e0041"
    text = shown(form, [problem(path=f"a{evil}.md", message=f"m{evil}", hint=f"h{evil}")], evil.replace("\n", ""))
    assert not [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl"} and c != "\n"]


def test_concise() -> None:
    warning = problem(4, 2, path="agreements/b.md", severity="warning", message="two: things")
    assert shown("concise", [problem(7, 1), problem(3, 9), warning]).splitlines() == [
        "agreements/b.md:4:2: warning[SN204] unknown-field: two: things",
        "sessions/a.md:3:9: error[SN204] unknown-field: a session has no field of this name",
        "sessions/a.md:7:1: error[SN204] unknown-field: a session has no field of this name",
    ]
    assert shown("concise", []) == ""


def test_json() -> None:
    span = Span(2, 1, 2, 7)
    found = json.loads(shown("json", [problem(2, 1, 7, fix=Edit(span, "minutes")), problem(9, message="李雅")]))
    assert found["records"] == 41
    assert list(found) == ["problems", "records"]
    assert found["problems"][0] == {
        "path": "sessions/a.md",
        "line": 2,
        "column": 1,
        "end_line": 2,
        "end_column": 7,
        "code": "SN204",
        "rule": "unknown-field",
        "severity": "error",
        "message": "a session has no field of this name",
        "fixable": True,
    }
    assert found["problems"][1]["message"] == "李雅"
    assert found["problems"][1]["fixable"] is False
    odd = "a\x1b\x7f\x9b\U000e0041\udc80.md"
    assert json.loads(shown("json", [problem(path=odd)]))["problems"][0]["path"] == odd
    assert json.loads(shown("json", [])) == {"problems": [], "records": 41}


def test_sarif() -> None:
    found = json.loads(shown("sarif", [problem(2, 1, 7, path="sessions/a b%é.md"), problem(5, severity="note")]))
    (run,) = found["runs"]
    driver = run["tool"]["driver"]
    assert found["version"] == "2.1.0"
    assert driver["name"] == "supervision-notes"
    assert [(rule["id"], rule["name"]) for rule in driver["rules"]] == [("SN204", "unknown-field")]
    assert [result["level"] for result in run["results"]] == ["error", "note"]
    assert all(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "sessions/a%20b%25%C3%A9.md"},
        "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 7},
    }
    assert json.loads(shown("sarif", []))["runs"][0]["results"] == []


def test_github() -> None:
    note = problem(2, 3, 9, path="a,b:c%.md", severity="note", message="100%: a, b\r\nc")
    assert shown("github", [note]) == (
        "::notice file=a%2Cb%3Ac%25.md,line=2,endLine=2,col=3,endColumn=9,"
        "title=SN204 unknown-field::100%25: a, b%0D%0Ac"
    )


def test_junit() -> None:
    text = shown(
        "junit",
        [
            problem(2, message='<"&>\x1b\ufffe'),
            problem(3, severity="warning"),
            problem(path="b\x07.md", severity="note"),
        ],
    )
    suites = ElementTree.fromstring(text)
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        ("b<U+0007>.md", "1", "0"),
        ("sessions/a.md", "2", "1"),
    ]
    (failure,) = suites.iter("failure")
    assert failure.get("message") == '<"&><U+001B>\ufffd'
    assert (suites.get("tests"), suites.get("failures")) == ("3", "1")


def test_junit_of_nothing_is_a_test_that_passed() -> None:
    suites = ElementTree.fromstring(shown("junit", []))
    assert (suites.get("tests"), suites.get("failures")) == ("1", "0")
    assert [case.get("name") for case in suites.iter("testcase")] == ["no problems"]


@pytest.mark.parametrize("form", FORMATS)
def test_only_full_shows_a_writers_words(form: Format) -> None:
    text = shown(form, [problem(hint=SECRET)], SECRET)
    assert (SECRET in text) is (form == "full")


@pytest.mark.parametrize(
    ("severities", "counts", "line"),
    [
        (
            ["error", "warning", "error"],
            Counts(41, 3, 0.123),
            "2 errors, 1 warning in 41 records, 3 files left alone, 0.12 s",
        ),
        (
            ["note", "note", "warning"],
            Counts(1, 1, 2),
            "1 warning, 2 notes in 1 record, 1 file left alone, 2.00 s",
        ),
        ([], Counts(10_000, 0, 12.5), "No problems in 10,000 records, 12.50 s"),
    ],
)
def test_the_closing_line_counts(severities: list[Severity], counts: Counts, line: str) -> None:
    assert closing([problem(severity=severity) for severity in severities], counts) == line


def width(text: str) -> int:
    return sum(columns(character) for character in text)


def at_column(text: str, column: int) -> str:
    """The character that a person sees in this column."""
    for character in text:
        column -= columns(character)
        if column < 0:
            return character
    return ""


def columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
