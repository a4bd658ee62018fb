"""Problems as text: six formats, for a person, a line-reading tool, and four kinds of machine.

Only `full` shows a writer's words: the source line and the hint. The others are made of messages, places and
codes alone, so that a log or a build server may keep them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple, get_args

import click

from .. import __version__
from ..problem import SEVERITIES, Problem
from .excerpt import escaped, excerpt, visible, wrapped

Format = Literal["full", "concise", "json", "sarif", "github", "junit"]
FORMATS: tuple[Format, ...] = get_args(Format)
COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_LINES, _FEW = 12, 3
ReadLine = Callable[[str, int], str | None]


class Counts(NamedTuple):
    """What was read: records, files that are none, and the time it took."""

    records: int
    left_alone: int = 0
    seconds: float = 0.0


def report(
    form: Format,
    problems: Iterable[Problem],
    counts: Counts,
    *,
    read_line: ReadLine | None = None,
    width: int = 80,
    colour: bool = False,
) -> Iterator[str]:
    """The lines of a report, by path and place.

    `read_line` lends `full` the text of a line, by path and number; where it knows none, `full` shows the
    place alone.
    """
    ordered = sorted(problems, key=lambda problem: (problem.path, problem.span, problem.code))
    match form:
        case "full":
            return _full(ordered, counts, read_line, width, colour)
        case "concise":
            return (visible(str(problem)) for problem in ordered)
        case "json":
            return _json(ordered, counts)
        case "sarif":
            return _sarif(ordered)
        case "github":
            return (visible(_annotation(problem)) for problem in ordered)
        case "junit":
            return _junit(ordered)


def closing(problems: Iterable[Problem], counts: Counts) -> str:
    """The last line: `2 errors, 1 warning in 41 records, 3 files left alone, 0.12 s`."""
    found = Counter(problem.severity for problem in problems)
    parts = [_number(found[severity], severity) for severity in SEVERITIES if found[severity]]
    read = [f"{', '.join(parts) or 'No problems'} in {_number(counts.records, 'record')}"]
    if counts.left_alone:
        read.append(f"{_number(counts.left_alone, 'file')} left alone")
    return ", ".join([*read, f"{counts.seconds:.2f} s"])


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _plain(text: str, **_: Any) -> str:
    return text


def _full(
    problems: Sequence[Problem], counts: Counts, read_line: ReadLine | None, width: int, colour: bool
) -> Iterator[str]:
    """Each problem with its line, carets under the words that are meant, and a way out; many notes in a line each."""
    paint = click.style if colour else _plain
    notes = [problem for problem in problems if problem.severity == "note"]
    brief = len(notes) > _FEW
    alike = Counter(_likeness(problem) for problem in problems)
    shown: Counter[tuple[str, str, str]] = Counter()
    for problem in problems:
        like = _likeness(problem)
        shown[like] += 1
        if (problem.severity == "note" and brief) or (alike[like] > _FEW and shown[like] > 1):
            continue
        yield from _entry(problem, read_line, width, paint)
        if alike[like] > _FEW:
            lines = [other.span.line for other in problems if _likeness(other) == like][1:]
            yield f"... and {alike[like] - 1} more like it in {visible(problem.path)}, {_on_lines(lines)}\n"
    if brief:
        yield from _still_open(notes, width, paint)
    yield closing(problems, counts)


def _entry(problem: Problem, read_line: ReadLine | None, width: int, paint: Callable[..., str]) -> Iterator[str]:
    weight = f"{problem.severity}[{problem.code}]"
    for said in wrapped(f"{weight} {problem.rule}: {problem.message}", width):
        rest = said.removeprefix(weight)
        head = paint(weight, fg=COLOURS[problem.severity], bold=True) if rest != said else ""
        yield f"{head}{paint(rest, bold=True)}"
    span = problem.span
    number = str(span.line)
    margin = " " * len(number)
    edge = paint("|", fg="blue")
    yield f"{margin} {paint('-->', fg='blue')} {visible(problem.path)}:{span.line}:{span.column}"
    line = read_line(problem.path, span.line) if read_line else None
    if line is not None:
        end = span.end_column - 1 if span.end_line == span.line else len(line)
        shown = excerpt(line, span.column - 1, end, width - len(number) - 3)
        yield f"{margin} {edge}"
        yield f"{paint(number, fg='blue')} {edge} {shown.text}".rstrip()
        yield f"{margin} {edge} {paint(shown.carets, fg=COLOURS[problem.severity], bold=True)}"
    label = "help: "
    for hint in wrapped(problem.hint, width - len(margin) - 3 - len(label)):
        yield f"{margin} {paint('=' if label.strip() else ' ', fg='blue')} {label}{hint}".rstrip()
        label = " " * len(label)
    yield ""


def _likeness(problem: Problem) -> tuple[str, str, str]:
    return problem.path, problem.rule, problem.message


def _on_lines(lines: Sequence[int]) -> str:
    each = list(dict.fromkeys(lines))
    among = ", ".join(map(str, each[:_LINES])) + (", …" if len(each) > _LINES else "")
    return f"on line{'' if len(each) == 1 else 's'} {among}"


def _still_open(notes: Sequence[Problem], width: int, paint: Callable[..., str]) -> Iterator[str]:
    """What a draft still waits for, file by file: a blank form is no list of faults."""
    for path, of_path in groupby(notes, key=lambda note: note.path):
        yield f"{paint('note', fg=COLOURS['note'], bold=True)} {paint(f'still open in {visible(path)}', bold=True)}"
        lines: dict[tuple[str, str, str], list[int]] = {}
        for note in of_path:
            lines.setdefault((note.code, note.rule, note.message), []).append(note.span.line)
        for (code, rule, message), found in lines.items():
            more = f", and {len(found) - 1} more, {_on_lines(found[1:])}" if found[1:] else ""
            first, *rest = wrapped(f"line {found[0]}: [{code}] {rule}: {message}{more}", width - 4)
            yield "\n".join([f"  {first}", *(f"    {line}" for line in rest)])
        yield ""


def _json(problems: Sequence[Problem], counts: Counts) -> Iterator[str]:
    """One object, with a problem a line, so that a huge report needs no huge string."""
    yield '{"problems":['
    last = len(problems) - 1
    for index, problem in enumerate(problems):
        said = {
            "path": problem.path,
            **problem.span._asdict(),
            "code": problem.code,
            "rule": problem.rule,
            "severity": problem.severity,
            "message": problem.message,
            "fixable": problem.fix is not None,
        }
        yield escaped(json.dumps(said, ensure_ascii=False)) + ("," if index < last else "")
    yield f'],"records":{counts.records}}}'


def _sarif(problems: Sequence[Problem]) -> Iterator[str]:
    """SARIF 2.1.0, with the rules that were broken."""
    from urllib.parse import quote

    codes = sorted({problem.code for problem in problems})
    slugs = {problem.code: problem.rule for problem in problems}
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": problem.severity,
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(problem.path, errors="surrogateescape")},
                        "region": {
                            "startLine": problem.span.line,
                            "startColumn": problem.span.column,
                            "endLine": problem.span.end_line,
                            "endColumn": problem.span.end_column,
                        },
                    }
                }
            ],
        }
        for problem in problems
    ]
    driver = {
        "name": "supervision-notes",
        "version": __version__,
        "rules": [_sarif_rule(code, slugs[code]) for code in codes],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    yield from map(escaped, json.dumps(log, ensure_ascii=False, indent=2).split("\n"))


def _sarif_rule(code: str, slug: str) -> dict[str, object]:
    from ..rules import CATALOGUE

    rule = CATALOGUE.get(code)
    said = {} if rule is None else {"shortDescription": {"text": rule.summary}, "help": {"text": rule.page}}
    return {"id": code, "name": slug, **said}


def _annotation(problem: Problem) -> str:
    """A workflow command of GitHub, which cuts at commas and colons unless they are escaped."""

    def escaped(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return escaped(text).replace(":", "%3A").replace(",", "%2C")

    span = problem.span
    level = "notice" if problem.severity == "note" else problem.severity
    place = f"line={span.line},endLine={span.end_line},col={span.column},endColumn={span.end_column}"
    title = value(f"{problem.code} {problem.rule}")
    return f"::{level} file={value(problem.path)},{place},title={title}::{escaped(problem.message)}"


def _junit(problems: Sequence[Problem]) -> Iterator[str]:
    """JUnit XML: a suite a file, a case a problem. Errors fail; the rest is said and passes."""
    from xml.etree import ElementTree as Xml

    failures = sum(problem.severity == "error" for problem in problems)
    suites = Xml.Element("testsuites", name="supervision-notes", tests=str(len(problems) or 1), failures=str(failures))
    for path, found in groupby(problems, key=lambda problem: problem.path):
        _suite(suites, _legal(path), list(found))
    if not problems:
        suite = Xml.SubElement(suites, "testsuite", name="supervision-notes", tests="1", failures="0")
        Xml.SubElement(suite, "testcase", name="no problems", classname="supervision-notes")
    Xml.indent(suites)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield from Xml.tostring(suites, encoding="unicode").split("\n")


def _suite(suites: Any, path: str, problems: Sequence[Problem]) -> None:
    from xml.etree.ElementTree import SubElement

    failures = sum(problem.severity == "error" for problem in problems)
    suite = SubElement(suites, "testsuite", name=path, tests=str(len(problems)), failures=str(failures))
    for problem in problems:
        name = f"{problem.code} {problem.rule} at {problem.span.line}:{problem.span.column}"
        case = SubElement(suite, "testcase", name=name, classname=path)
        if problem.severity == "error":
            SubElement(case, "failure", type=problem.rule, message=_legal(problem.message)).text = _legal(str(problem))
        else:
            SubElement(case, "system-out").text = _legal(str(problem))


def _legal(text: str) -> str:
    """The text as a terminal may show it, without the two signs beyond that which XML cannot hold."""
    return visible(text).translate(dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd"))
