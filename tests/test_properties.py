"""Whatever is typed: no traceback, every place inside the file, both forms of a record agree, and no word is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from supervision_notes.document import Document, Mapping, Node, Sequence, read_document
from supervision_notes.kind import Kind
from supervision_notes.problem import Problem, Span
from supervision_notes.record import Record
from supervision_notes.rules import RECORD_RULES
from supervision_notes.schema import kind_of, read_record

from .conftest import CLINICAL, KINDS, NO_REGISTER, SESSION, at, record, text_of

EXAMPLES = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
)


def everything(data: bytes, path: str) -> tuple[Document, Record | None, list[Problem]]:
    """All that the loader says of the bytes of a file."""
    read = read_document(path, data)
    kind = kind_of(read, KINDS)
    if isinstance(kind, Problem):
        return read, None, [*read.problems, kind]
    found = Record.of(path, read_record(read, kind))
    more = [problem for rule in RECORD_RULES for problem in rule.check(found, NO_REGISTER)]
    return read, found, [*found.problems, *more]


def spans_of(read: Document, found: Record | None, problems: Iterable[Problem]) -> Iterator[Span]:
    yield from (problem.span for problem in problems)
    yield from (problem.fix.span for problem in problems if problem.fix)
    yield from (heading.span for heading in read.outline.headings)
    for item in read.outline.items:
        yield from (item.span, item.line.span)
        if item.rest:
            yield item.rest.span
    yield from (comment.span for comment in read.comments)
    yield from places_in(read.facts)
    if found:
        yield from found.spans.values()
        yield from found.names.values()
        yield from (link.span for link in found.links)
        for words in found.prose.values():
            yield words.span
            yield from (words.part(n, n + 1) for n in range(0, len(words.text), 7))


def places_in(node: Node) -> Iterator[Span]:
    yield node.span
    match node:
        case Mapping():
            for key, inner in node.pairs:
                yield key.span
                yield from places_in(inner)
        case Sequence():
            for inner in node.items:
                yield from places_in(inner)


def assert_inside(span: Span, lines: list[str]) -> None:
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 1
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
    assert (span.line, span.column) <= (span.end_line, span.end_column)


def assert_sound(data: bytes, path: str) -> None:
    """No traceback, a place for everything, and a value that is plain JSON."""
    read, found, problems = everything(data, path)
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split(r"\r\n?|\n", text)
    for span in spans_of(read, found, problems):
        assert_inside(span, lines)
    for problem in problems:
        assert problem.message
        assert "\n" not in str(problem)
    if found:
        json.dumps(found.value)
        assert found.label
        assert found.skeleton.path == path


# what people, and programs, type

TITLES = [
    *(field.title for kind in KINDS.values() for field in kind.fields.values() if field.shape),
    *("Rationale", "Ethical check", "Case", "Restorative", "Supportive", "Text", "Decision", "Focus qestion"),
    *("My own", "感想", "None", "____"),
]
KEYS = [*{key for kind in KINDS.values() for key in kind.fields}, "minuts", "<<", "", "ground", "person"]
VALUES = st.sampled_from(
    [
        "2026-09-29", "03/04/2026", "60", "-5", "____", "SE-201", "SE-201, SE-202", "[a, [b], {c: d}]", "{a: b}",
        "None", "~", "|\n  one\n  <!-- two -->\n", ">\n  one\n\n  two\n", '"a \\n b"', "'it''s'", "!!int 3", "*a",
        "&a b", "# hidden", "[", "a: b", "draft", "recorded", "agreed", "individual", "session", "yes", "present",
        "\n  - {ground: other}\n  - a", "\n  SE-201: present", "é😀", "2026-09-29 # when", "gibbs", "practice",
    ]
)  # fmt: skip
FACTS = st.lists(st.tuples(st.sampled_from(KEYS), VALUES).map(": ".join), max_size=8)
KIND = st.sampled_from(["kind: session", "kind: agreement", "kind: reflection", "kind: sesion", ""])
SOUP = st.sampled_from(
    [
        "<!--", "-->", "<!-- a -->", "<!-- a\n\nb -->", "```", "~~~", "````", "`", "``", "---", "***", "===", "----",
        "- a", "  - b", "    - c", "1. a", "+ a", "> a", "> > b", "- [ ] A1: Ask @SE-201 due:2026-12-17", "• a", "– b",
        "- [x]: done", "- [] A1", "* [>] x#A1: y due:1/2/2026", "  because", "- [ ] ", "[Rhian]: yes", "| a | b |",
        "|---|---|", "| c |", "None", "None yet.", "____", "a ____ b", "Mrs Example", "words", "\tindented", "", " ",
        "##Focus question", "#tag", "#", "##", "Exploration", "[[2026-09-29-se201#A2]]", "[a](b)", "[[[[", "]]", "\\",
        "\x00", "\u2028", "\x0b", "\x85", "\ufeff", "e\u0301", "😀", "<b>", "&amp;", "\x1f", "# T", "-", "- ", "1)",
    ]
)  # fmt: skip
HEADING = st.builds(lambda n, title: f"{'#' * n} {title}", st.integers(1, 6), st.sampled_from(TITLES))
BODY = st.lists(st.one_of(SOUP, SOUP, HEADING, st.text(max_size=12)), max_size=25).map("\n".join)
ENDING = st.sampled_from(["\n", "\n", "\r\n", "\r"])


@st.composite
def soups(draw: st.DrawFn) -> str:
    """A text that has a little of everything that a record has."""
    front = "\n".join([draw(KIND), *draw(FACTS)])
    fence = draw(st.sampled_from(["---\n", "---\n", "---\n", "", "words\n---\n", "\ufeff---\n"]))
    close = draw(st.sampled_from(["\n---\n", "\n---\n", "\n---\n", "\n"]))
    return f"{fence}{front}{close}{draw(BODY)}".replace("\n", draw(ENDING))


@EXAMPLES
@given(st.binary(max_size=200), st.sampled_from(["a.md", "a.yaml"]))
@example(b"", "a.md")
@example(b"", "a.yaml")
@example(b"\xef\xbb\xbf", "a.md")
@example(b"---", "a.md")
@example(b"---\n---", "a.md")
@example(b"\xef\xbb\xbf---\r\n\xff", "a.md")
@example(b"---\nkind: session\n---\n\x00", "a.md")
def test_any_bytes(data: bytes, path: str) -> None:
    assert_sound(data, path)


@EXAMPLES
@given(st.text(max_size=200), st.sampled_from(["a.md", "a.yaml"]))
@example("kind: session\na: '", "a.yaml")
@example("kind: session\n? ", "a.yaml")
@example("kind: session\n...\n", "a.yaml")
@example("%YAML 9.9\n---\nkind: session", "a.yaml")
@example("kind: session\nid: \ud7ff", "a.yaml")
def test_any_text(text: str, path: str) -> None:
    assert_sound(f"---\nkind: session\n---\n{text}".encode() if path == "a.md" else text.encode(), path)


@settings(EXAMPLES, max_examples=600)
@given(soups())
@example("---\nkind: session\n---\n##")
@example("---\nkind: session\n---\n## Actions\n- [ ] a")
@example("---\nkind: session\nsections: ____\n---\nwords")
@example("---\nkind: session\nsections: words\n---\nwords")
@example("---\nkind: session\nexceptions: ____\n---\nwords")
@example("---\nkind: session\nreaders: |\n  one\n  <!-- two -->\n---\n")
@example("---\nkind: session\nexploration: >\n  one\n  <!-- two\n  three -->\n---\n")
@example('---\nkind: session\nexploration: "a\\n<!-- b"\n---\n')
def test_any_soup_of_what_records_are_made_of(text: str) -> None:
    assert_sound(text.encode(), "a.md")


@EXAMPLES
@given(st.builds("\n".join, st.builds(lambda kind, facts: [kind, *facts], KIND, FACTS)), ENDING)
def test_any_facts(text: str, ending: str) -> None:
    assert_sound(text.replace("\n", ending).encode(), "a.yaml")


@pytest.mark.parametrize(
    "words",
    [
        "- " * 3_000, "> " * 3_000, "[" * 50_000, "`" * 50_000,
        "![" * 20_000, "*" * 50_000, "_" * 50_000, "*a_ " * 9_000,
        "<!--" * 9_000, "<!-- -->" * 9_000, "``` \n" * 9_000, "a\n" * 50_000, "|" * 20_000 + "\n|-|-|", "[a](" * 9_000,
        "## Exploration\n" * 3_000, "- [ ] A1: a\n" * 5_000, "### a\n#### Rationale\n" * 2_000, "\\" * 50_000,
        "`a " * 9_000 + "\n\n", "1. " * 2_000, "<!-- a\n" * 9_000, "a `` b\n" * 9_000, "____ " * 9_000, "0" * 50_000,
        "~~~\n```\n" * 5_000, "[[a]] " * 9_000, "\t" * 50_000, "Mr " * 20_000, "a@" * 20_000, "#" * 50_000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("title", ["Exploration", "Actions", "Decisions"])
def test_what_repeats_does_no_harm(words: str, title: str) -> None:
    _, found, problems = everything(text_of(SESSION, {**CLINICAL, title: words}).encode(), "a.md")
    assert found is not None
    assert len(problems) <= len(words)


# one value in both forms

WORDS = st.text(st.sampled_from("abcé李 ,.:;!?'\"()*[]#@-1😀\n"), min_size=1, max_size=40)


def prose(text: str) -> str:
    """Words that a heading can hold as they are: trimmed, and with nothing that opens or closes something."""
    lines = [re.sub(r"^[\s#=\-]+", "", line).rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip().replace("[[[", "[")


PROSE = WORDS.map(prose).filter(lambda text: bool(text) and text.strip(" .").lower() not in ("none", "nil", "n/a"))
LINE = PROSE.map(lambda text: " ".join(text.split()).strip(" #")).filter(bool)
TASK = st.fixed_dictionaries(
    {"state": st.sampled_from(["open", "done", "carried", "dropped"]), "text": LINE.map(lambda t: f"Do {t} it")},
    optional={
        "id": st.integers(1, 99).map(lambda n: f"A{n}"),
        "owner": st.lists(st.sampled_from(["SE-201", "SV-014", "all"]), min_size=1, max_size=2, unique=True),
        "due": st.sampled_from(["2026-12-17", "2027-01-01"]),
        "reason": PROSE.map(lambda text: f"for {text}"),
    },
)
DECIDED = st.fixed_dictionaries(
    {"decision": LINE.map(lambda t: f"To {t} it")},
    optional=dict.fromkeys(("text", "rationale", "ethical_check", "case", "decided_by"), PROSE),
)
SESSIONS = st.fixed_dictionaries(
    {"kind": st.just("session"), "date": st.just("2026-09-29"), "status": st.just("draft")},
    optional={
        "minutes": st.integers(1, 1440),
        "type": st.sampled_from(["one-to-one", "practice", "mentoring"]),
        "provider": LINE,
        "supervisees": st.lists(st.sampled_from(["SE-1", "SE-2", "SE-3"]), min_size=1, max_size=3),
        "attendance": st.dictionaries(
            st.sampled_from(["SE-1", "SE-2"]), st.sampled_from(["present", "late 40"]), min_size=1
        ),
        "focus_question": PROSE,
        "exploration": PROSE,
        "functions": st.dictionaries(st.sampled_from(["supportive", "normative", "mediation"]), PROSE, min_size=1),
        "decisions": st.one_of(st.just("None yet"), st.lists(DECIDED, min_size=1, max_size=3)),
        "actions": st.one_of(st.just("None"), st.lists(TASK, min_size=1, max_size=3)),
        "sections": st.lists(
            st.fixed_dictionaries({"heading": LINE.map(lambda t: f"Zz {t} zz"), "text": PROSE}), min_size=1, max_size=2
        ),
    },
)
SIGNS = {"open": " ", "done": "x", "carried": ">", "dropped": "-"}


def as_markdown(value: dict[str, Any]) -> str:
    """The text that a person would write for a session."""
    kind = KINDS["session"]
    front = [
        f"{key}: {json.dumps(part, ensure_ascii=False)}"
        for key, part in value.items()
        if not kind.fields[key].shape and key != "sections"
    ]
    lines: list[str] = ["---", *front, "---"]
    for key, part in value.items():
        if kind.fields[key].shape:
            lines += ["", f"## {kind.fields[key].title}", "", *section(kind, key, part)]
    for own in value.get("sections", ()):
        lines += ["", f"## {own['heading']}", "", own["text"]]
    return "\n".join(lines) + "\n"


def section(kind: Kind, key: str, part: Any) -> Iterator[str]:
    field = kind.fields[key]
    if isinstance(part, str):
        yield part
    elif field.shape == "keys":
        for name, words in part.items():
            yield f"### {field.fields[name].title}\n{words}\n"
    elif field.shape == "items":
        for item in part:
            yield f"### {item['decision']}\n\n{item.get('text', '')}\n"
            for name, words in item.items():
                if name not in ("decision", "text"):
                    yield f"#### {field.fields[name].title}\n{words}\n"
    else:
        for task in part:
            owners = "".join(f" @{code}" for code in task.get("owner", ()))
            due = f" due:{task['due']}" if "due" in task else ""
            number = f"{task['id']}: " if "id" in task else ""
            yield f"- [{SIGNS[task['state']]}] {number}{task['text']}{owners}{due}"
            yield from (f"  {line}".rstrip() for line in task.get("reason", "").split("\n") if task.get("reason"))


def as_yaml(value: dict[str, Any]) -> str:
    return "".join(f"{key}: {json.dumps(part, ensure_ascii=False)}\n" for key, part in value.items())


def normalised(value: Any) -> Any:
    return json.loads(json.dumps(value))


@settings(EXAMPLES, max_examples=250)
@given(SESSIONS)
def test_both_forms_of_a_value_agree(value: dict[str, Any]) -> None:
    from_yaml = record(as_yaml(value), "a.yaml")
    assert normalised(from_yaml.value) == value
    from_markdown = record(as_markdown(value))
    assert normalised(from_markdown.value) == value
    shape = partial(re.sub, r"\W+", " ")
    assert {shape(problem.rule) for problem in from_yaml.problems if problem.severity == "error"} == set()


# no word is lost


def unique(text: str) -> tuple[str, list[str]]:
    """The text with a word of its own, `qNNNq`, in the place of every word of two letters or more; and these words."""
    words: list[str] = []

    def replaced(_: re.Match[str]) -> str:
        words.append(f"q{len(words):03}q")
        return words[-1]

    return re.sub(r"%", replaced, text), words


PIECES = st.sampled_from(
    [
        "%", "% %", "- %", "  - %", "1. %", "> %", "- [ ] A1: % @% due:2026-12-17", "- [x] %\n  %", "• %", "– %",
        "- [x]: %", "- [ ] %\n  - [ ] %", "[%]: %", "| % | % |\n|---|---|\n| % | % | % |", "<!-- % -->", "<!-- % --> %",
        "% <!-- %\n\n% --> %", "```\n## %\n%\n```", "~~~ %\n%\n~~~", "`%`", "##%", "#%", "%\n---", "%\n===", "%\n\n---",
        "[%](https://example.org/%)", "[[%]]", "![%](%)", "<%>", "&%;", "\\%", "    %", "\t%", "***\n%", "____ %",
        "<!-- %", "% -->", "```", "`` %", "None\n%", "None yet. %", "%:", "%: %", "@%", "due:%", "[ ] %", "- [?] %",
    ]
)  # fmt: skip
NAMES = [*TITLES, "%", "% %", "Focus %", "Rationale %"]
OPENS = st.builds(lambda n, title: f"{'#' * n} {title}", st.integers(1, 4), st.sampled_from(NAMES))


@settings(EXAMPLES, max_examples=600)
@given(
    st.sampled_from(["session", "agreement", "reflection"]),
    st.sampled_from(["draft", "recorded"]),
    st.lists(st.one_of(PIECES, PIECES, OPENS), max_size=14).map("\n\n".join),
)
@example("session", "draft", "% above\n\n## Exploration")
@example("session", "draft", "# %\n\n% under the title\n\n# %\n\n%")
@example("session", "draft", "## Decisions\n\n%\n\n### %\n\n%\n\n#### %\n\n%\n\n#### Rationale\n\n%")
@example("session", "draft", "## Actions\n\n% %\n- [ ] A1: %\n\n  %\n\n%\n\n### %\n\n%")
@example(
    "session", "draft", "## Actions\n\n- [ ] A1: %\n%\nA2: % @%\n%\n  %\n\n  %\n\n% %\nA3:%\n[%] A4: %\n- [%] A5: %"
)
@example("session", "draft", "## Functions\n\nNone\n\n### Normative\n\n%\n\n### Normative\n\n%")
@example("session", "draft", "## Decisions\n\nNone yet\n\n### %\n\n%")
@example("session", "draft", "## Actions\n\nNone\n\n## Actions\n\n- [ ] %")
@example("session", "draft", "## Learning\n\n%\n\n## Learning\n\n%\n\n### Learning\n\n%")
def test_every_word_is_kept_or_told_of(kind: str, status: str, words: str) -> None:
    """Each word is in the value, at the place of a problem, in guidance that is told of, or is the record's title."""
    text, tokens = unique(f"---\nkind: {kind}\ndate: 2026-09-29\nstatus: {status}\n---\n{words}\n")
    if kind == "reflection":
        text = text.replace(f"status: {status}\n", "author: SE-201\n")
    read, found, problems = everything(text.encode(), "a.md")
    assert found is not None
    kept = json.dumps(found.value)
    told = " ".join(at(text, problem.span) for problem in problems)
    labels = " ".join([*found.labels.values(), *(at(text, span) for span in found.names.values())])
    title = next((h.title for h in read.outline.headings if (h.level, h.written) == (1, "signs")), "")
    for token in tokens:
        assert token in kept or token in told or token in labels or token in title, token


FACT_PIECES = st.sampled_from(
    [
        "%: %", "group: %", "group: %, %", "group: [%, %]", "group: {%: %}", "about: %, %", "about: [%, {%: %}]",
        "attendance: {SE-1: %}", "attendance: {%: present}", "minutes: %", "date: %", "type: %", "decisions: %",
        "decisions: [{%: %, decision: %}]", "decisions: [{decision: %, rationale: %}, %]", "actions: [{text: %, %: %}]",
        "actions: %", "functions: {%: %, supportive: %}", "functions: %", "exploration: |\n  %\n  <!-- % -->\n  %",
        "exploration: %", "sections: %", "sections: [%, {heading: %, text: %, %: %}]", "group: % # %", "# %",
        "learning: '% # %'", "group: !% %", "group: &% %", "about: [&% %, *%]", "learning: >\n  %\n  %", "minuts: %",
        "minutes: 60\nminuts: %", "minutes: [%]", "? [%]\n: %", "<<: {%: %}", "group: %\ngroup: %", "%", "group: [%",
        "group:%", "group:[%, %]", "attendance:{%: %}", "attendance:{%: %, %: %}", "group:%: %", "about: {group:%: %}",
    ]
)  # fmt: skip


@settings(EXAMPLES, max_examples=400)
@given(st.lists(FACT_PIECES, max_size=6).map("\n".join), st.sampled_from(["a.yaml", "a.md"]))
@example("group: %\ngroup: %", "a.yaml")
@example("<<: {%: %}", "a.yaml")
@example("? [%]\n: %", "a.yaml")
@example("sections: %", "a.yaml")
@example("sections: [%]\n%: %", "a.yaml")
def test_every_word_of_the_facts_is_kept_or_told_of(facts: str, path: str) -> None:
    front, tokens = unique(f"kind: session\nstatus: draft\n{facts}\n")
    text = front if path == "a.yaml" else f"---\n{front}---\n"
    read, found, problems = everything(text.encode(), path)
    if found is None or not read.readable:
        assert problems, "what cannot be read is told of"
        return
    kept = json.dumps(found.value)
    told = " ".join(at(text, problem.span) for problem in problems)
    for token in tokens:
        assert token in kept or token in told, token


@EXAMPLES
@given(soups())
def test_reading_twice_says_the_same(text: str) -> None:
    first, second = (everything(text.encode(), "a.md") for _ in range(2))
    assert first[2] == second[2]
    assume(first[1] and second[1])
    assert first[1]
    assert second[1]
    assert first[1].value == second[1].value
