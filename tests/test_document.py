"""Text in, outline and values out: whatever a writer types is read where it stands, and every part knows its place."""

from __future__ import annotations

import pytest

from supervision_notes.document import Mapping, Node, Sequence, Words, holds_record
from supervision_notes.problem import Span

from .conftest import CLINICAL, SESSION, at, document, problems, record, seen, text_of

FACTS = text_of({**SESSION, "status": "draft"})
FIRST = FACTS.count("\n") + 1
"""The line on which what follows the facts starts."""


def body(words: str) -> str:
    return f"{FACTS}{words}"


def value(words: str) -> dict[str, object]:
    """What a record holds beside the facts that all have."""
    return {key: part for key, part in record(body(words)).value.items() if key not in SESSION}


def rules(words: str) -> list[str]:
    """What is said beside the notes of a draft."""
    return [problem.rule for problem in problems(body(words)) if problem.severity != "note"]


# headings


@pytest.mark.parametrize(
    "heading",
    [
        "## Exploration",
        "##  Exploration  ",
        "##\tExploration",
        "   ## Exploration",
        "## Exploration ##",
        "## exploration:",
        "## EXPLORATION",
        "## 2. Exploration",
        "## 2.1 Exploration.",
        "## 2) Exploration",
        "## **Exploration**",
        "## Guided exploration",
        "## What we explored?",
        "Exploration\n-----------",
        "Exploration\n---",
    ],
)
def test_a_heading_is_a_key_however_it_is_written(heading: str) -> None:
    assert value(f"{heading}\n\nShe asked twice.\n") == {"exploration": "She asked twice."}
    assert rules(f"{heading}\n\nShe asked twice.\n") == []


def test_ampersands_and_accents_are_compared_as_they_sound() -> None:
    assert value("## Risk & Safeguarding\n\nNone raised") == {"risk_and_safeguarding": "None raised"}
    composed, apart = "## \u00c9xploration\n\nx", "## E\u0301xploration\n\nx"
    assert seen(problems(body(composed)))[-1][:2] == ("unknown-heading", FIRST)
    assert seen(problems(body(composed))) == seen(problems(body(apart)))


@pytest.mark.parametrize("heading", ["感想", "أفكار", "Ωμέγα Άλφα", "Размышления", "המחשבות", "😀", "विचार", "!!!"])
def test_headings_of_any_script_are_kept(heading: str) -> None:
    words = f"## {heading}\n\n{heading} {heading}\n"
    assert value(words) == {"sections": [{"heading": heading, "text": f"{heading} {heading}"}]}
    assert rules(words) == ["unknown-heading"]
    (read,) = document(body(words)).outline.headings
    assert at(body(words), read.span) == f"## {heading}"


def test_underlined_words_are_a_heading_only_if_they_are_a_known_title() -> None:
    words = "## Exploration\n\nShe asked\n---------\n\nTwice\n=====\n\nand left\n"
    assert value(words) == {"exploration": "She asked\n---------\n\nTwice\n=====\n\nand left"}
    assert rules(words) == []


def test_a_title_underlined_by_equals_signs_is_at_the_wrong_level() -> None:
    words = "Exploration\n===========\n\nShe asked twice.\n"
    assert value(words) == {"exploration": "She asked twice."}
    assert rules(words) == ["wrong-level"]


def test_a_rule_between_paragraphs_is_no_heading() -> None:
    words = "## Exploration\n\nOne.\n\n---\n\nTwo.\n\n***\n\nThree."
    assert value(words) == {"exploration": "One.\n\n---\n\nTwo.\n\n***\n\nThree."}
    assert rules(words) == []


def test_deeper_headings_in_prose_are_the_writers_own() -> None:
    words = "## Exploration\n\n### What she said\n\na\n\n#### Twice\n\nb\n\n###### Deepest\n\nc"
    assert value(words) == {"exploration": words.removeprefix("## Exploration\n\n")}
    assert rules(words) == []


def test_one_title_is_allowed_and_is_no_value() -> None:
    words = "# One-to-one supervision\n\n## Exploration\n\nShe asked.\n"
    assert value(words) == {"exploration": "She asked."}
    assert rules(words) == []
    assert rules(f"{words}\n# Another\n\nx") == ["unknown-heading"]


@pytest.mark.parametrize("words", ["#tag", "#5 on the list", "a ## Exploration", "\\## Exploration"])
def test_what_only_looks_like_a_heading_is_words(words: str) -> None:
    assert value(f"## Learning\n\n{words} x\n") == {"learning": f"{words} x"}


# code


FENCED = "```\n## Learning\n<!-- kept -->\n- [ ] A1: x\n____\n```"


@pytest.mark.parametrize(
    "code",
    [
        FENCED,
        FENCED.replace("```", "~~~"),
        FENCED.replace("```", "`````"),
        FENCED.replace("```\n", "```markdown\n", 1),
        "- item\n  ```\n  ## Learning\n  <!-- kept -->\n  ```",
        "> ```\n> ## Learning\n> <!-- kept -->\n> ```",
        "`## Learning <!-- kept -->`",
        "``a ` <!-- kept --> b``",
        "~~~\n```\n## Learning\n~~~",
    ],
)
def test_in_code_everything_is_content(code: str) -> None:
    words = f"## Exploration\n\nBefore.\n\n{code}\n\nAfter.\n"
    assert value(words) == {"exploration": f"Before.\n\n{code}\n\nAfter."}
    assert rules(words) == []


def test_a_fence_that_is_never_closed_swallows_nothing() -> None:
    words = "## Exploration\n\n```\nShe asked.\n\n## Learning\n\nPause.\n"
    assert value(words) == {"exploration": "```\nShe asked.", "learning": "Pause."}
    assert rules(words) == ["unclosed-code"]


@pytest.mark.parametrize("words", ["a ` b", "a `` b `", "    indented", "\tindented", "``` not code ``` here"])
def test_signs_of_code_that_open_none_are_words(words: str) -> None:
    text = f"## Exploration\n\nx\n\n{words}\n\n## Learning\n\nPause.\n"
    assert value(text) == {"exploration": f"x\n\n{words}", "learning": "Pause."}
    assert rules(text) == []


# comments


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("<!-- guidance -->She asked.", "She asked."),
        ("<!-- guidance --> She asked.", "She asked."),
        ("She <!-- x -->asked.", "She           asked."),
        ("<!-- one\n\n## Learning\n\ntwo -->\nShe asked.", "She asked."),
        ("<!---->She asked.<!-- - -->", "She asked."),
        ("<!-- a --><!-- b -->\nShe asked.\n<!-- c -->", "She asked."),
        ("- one\n  <!-- two\n  three -->\n- four", "- one\n\n\n- four"),
        ("She asked.\n\n<!-- `code -->\n\nand `left`", "She asked.\n\n\n\nand `left`"),
        ("<!-- ``` -->\nShe asked.", "She asked."),
        ("a --> b", "a --> b"),
        ("a <! -- b", "a <! -- b"),
    ],
)
def test_comments_are_guidance_and_what_follows_them_counts(words: str, left: str) -> None:
    assert value(f"## Exploration\n\n{words}\n")["exploration"] == left


@pytest.mark.parametrize(
    ("words", "left", "place"),
    [
        ("<!-- lost\n\nShe asked.", "<!-- lost\n\nShe asked.", 0),
        ("She asked. <!-- lost", "She asked. <!-- lost", 11),
        ("<!-- lost <!-- found --> She asked.", "<!-- lost                She asked.", 0),
    ],
)
def test_a_comment_without_its_end_swallows_nothing(words: str, left: str, place: int) -> None:
    text = body(f"## Exploration\n\n{words}\n\n## Learning\n\nPause.\n")
    assert record(text).value["exploration"] == left
    assert record(text).value["learning"] == "Pause."
    (problem,) = [problem for problem in problems(text) if problem.rule == "unclosed-comment"]
    assert problem.span == (FIRST + 2, place + 1, FIRST + 2, place + 5)


def test_a_heading_between_comments_keeps_its_place() -> None:
    text = body("<!-- a -->\n<!-- b\nc --> \n## Exploration <!-- d -->\n\nx")
    (heading,) = document(text).outline.headings
    assert (heading.title, heading.span) == ("Exploration", Span(FIRST + 3, 1, FIRST + 3, 15))


# lists, tables, links, tasks


@pytest.mark.parametrize(
    "words",
    [
        "A4:paper was out\n\n- A4:paper\n- [ ] A3:paper @SE-201",
        "1. one\n   - two\n     - three\n\n   and more\n2. four",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 | 5 |",
        "See [the guide](https://example.org/a(b)) and [[2026-08-01-se201#A2]] and <https://example.org>.",
        "[Rhian]: yes\n\n[a]: https://example.org\n\n[^1]: a note",
        "![picture](x.png) &amp; <b>bold</b> &#60;",
        "> quoted\n> > twice\n\nlazy",
        "*a* _b_ **c** __d__ ~~e~~ `f`\\\ng",
        "+ one\n* two\n- three",
        "a\u00a0b\u2028c\u2029d\u0085e\x0cf\x0bg",
    ],
)
def test_prose_is_kept_as_it_was_typed(words: str) -> None:
    text = f"## Exploration\n\n{words}\n\n## Learning\n\nPause.\n"
    assert value(text) == {"exploration": words, "learning": "Pause."}
    assert rules(text) == []


TASKS = """\
- [ ] A1: Ask for the audit data @SE-201 due:2026-12-17
* [x] A2: Told her,
  who was glad

  of it
- [>] 2026-09-29-se201#A3: Write due:2027-01-01 @SE-201
1. [-] Drop it, it is late
- [OPEN] A10: Mail r@example.org @SE-201, @all.
- [done]
"""


def test_a_task_is_one_list_item() -> None:
    assert value(f"## Actions\n\n{TASKS}")["actions"] == [
        {"id": "A1", "state": "open", "text": "Ask for the audit data", "owner": ["SE-201"], "due": "2026-12-17"},
        {"id": "A2", "state": "done", "text": "Told her,", "reason": "who was glad\n\nof it"},
        {"id": "2026-09-29-se201#A3", "state": "carried", "text": "Write", "owner": ["SE-201"], "due": "2027-01-01"},
        {"state": "dropped", "text": "Drop it, it is late"},
        {"id": "A10", "state": "open", "text": "Mail r@example.org", "owner": ["SE-201", "all"]},
        {"state": "done"},
    ]


def test_an_action_that_is_no_item_ends_the_one_above_and_has_a_reason_too() -> None:
    told = "## Actions\n\n- [ ] A1: Ask @SE-201\n  why\nA2: Ring\n  A3: is more\n"
    assert value(told)["actions"] == [
        {"id": "A1", "state": "open", "text": "Ask", "owner": ["SE-201"], "reason": "why"},
        {"id": "A2", "state": "", "text": "Ring", "reason": "A3: is more"},
    ]
    (problem,) = [problem for problem in problems(body(told)) if problem.rule == "not-a-task"]
    assert problem.hint.endswith("if it belongs to the action above, put two spaces before it")
    inside = told.replace("A2", "  A2")
    assert value(inside)["actions"][0]["reason"] == "why\nA2: Ring\nA3: is more"  # type: ignore[index]
    assert "not-a-task" not in rules(inside)


def test_every_part_of_a_task_has_its_place() -> None:
    text = body(f"## Actions\n\n{TASKS}")
    places = {path[1:]: at(text, span) for path, span in record(text).spans.items() if path[0] == "actions"}
    assert places[0,] == TASKS.split("\n")[0]
    assert places[0, "id"] == "A1"
    assert places[0, "text"] == "Ask for the audit data"
    assert places[0, "owner", 0] == "SE-201"
    assert places[0, "due"] == "2026-12-17"
    assert places[1, "reason"] == "who was glad\n\n  of it"
    assert places[2, "due"] == "2027-01-01"
    assert places[4, "owner", 1] == "all"


# facts


def words_in(node: Node) -> list[Words]:
    match node:
        case Words():
            return [node]
        case Sequence():
            return [words for item in node.items for words in words_in(item)]
        case Mapping():
            return [words for key, inner in node.pairs for words in (key, *words_in(inner))]
    return []


YAML = """\
kind:   session   # a remark
"quoted": 'one: two'
plain: some words, with a comma
list: [SE-201, "SE-202" , SE-203]
map:
    SE-205:  present
    'SE-206': late 40
items:
- {ground: other, text: "a \\" b"}
-   ground: court-order
empty:
tilde: ~
時: 時間
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_fact_has_its_place(ending: str, mark: str) -> None:
    text = mark + YAML.replace("\n", ending)
    read = document(text, "a.yaml")
    assert read.problems == ()
    words = words_in(read.facts)
    assert len(words) == 28
    for one in words:
        typed = at(text, one.span)
        assert typed.strip("\"'").replace('\\"', '"') == one.text
        assert one.span.line == one.span.end_line
    assert [(key.text, key.span.line) for key, _ in read.facts.pairs][-1] == ("時", 13)


def test_a_fact_in_several_lines_keeps_the_place_of_each() -> None:
    text = "kind: session\nexploration: |\n  She asked\n\n    twice, of Mrs Example.\nlearning: >\n  folded\n  words\n"
    read = record(text, "a.yaml")
    assert read.value["exploration"] == "She asked\n\n  twice, of Mrs Example."
    assert read.value["learning"] == "folded words"
    words = read.prose["exploration",]
    start = words.text.index("Mrs")
    assert at(text, words.part(start, start + 11)) == "Mrs Example"
    assert read.spans["learning",].line == 6


@pytest.mark.parametrize("typed", ["NO", "on", "010", "14:30", "1e3", "0x1F", "2026-09-29", ".5", "true", "1_000", "="])
def test_yaml_gives_text(typed: str) -> None:
    assert record(text_of({**SESSION, "provider": typed})).value["provider"] == typed


# the file around it


WHOLE = text_of(SESSION, {**CLINICAL, "Exploration": "She asked\ttwice.\n\n- one\n\t- two"})


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_marks_make_no_difference(ending: str, mark: str, last: bool) -> None:
    text = WHOLE if last else WHOLE.rstrip("\n")
    text = mark + text.replace("\n", ending)
    read = record(text)
    assert read.value == record(WHOLE).value
    assert read.spans == record(WHOLE).spans
    assert problems(text) == []
    assert document(text).outline.headings == document(WHOLE).outline.headings


def test_mixed_line_ends() -> None:
    lines = WHOLE.split("\n")
    text = "".join(line + ("\r\n", "\n", "\r")[n % 3] for n, line in enumerate(lines))
    assert record(text).value == record(WHOLE).value
    assert record(text).spans == record(WHOLE).spans


def test_sixty_thousand_words_in_one_section() -> None:
    words = "\n\n".join(" ".join(f"word{n}-{m}" for m in range(60)) for n in range(1_000))
    text = text_of(SESSION, {**CLINICAL, "Exploration": f"{words}\n\nMrs Example rang."})
    read = record(text)
    assert len(str(read.value["exploration"]).split()) == 60_003
    assert read.spans["exploration",].end_line - read.spans["exploration",].line == 2_000
    (problem,) = problems(text)
    assert at(text, problem.span) == "Mrs Example"


def test_sixty_thousand_words_in_one_line() -> None:
    words = "word " * 60_000
    text = text_of(SESSION, {**CLINICAL, "Exploration": f"{words}Mrs Example"})
    (problem,) = problems(text)
    assert problem.span[1] == 300_001
    assert at(text, problem.span) == "Mrs Example"


@pytest.mark.parametrize("sign", ["😀", "e\u0301", "👩‍⚕️", "李", "أ"])
def test_columns_count_characters(sign: str) -> None:
    text = text_of(SESSION, {**CLINICAL, "Exploration": f"{sign}{sign} Mrs Example"})
    (problem,) = problems(text)
    assert problem.span.column == 2 * len(sign) + 2
    assert at(text, problem.span) == "Mrs Example"


@pytest.mark.parametrize("path", list(CLINICAL))
def test_a_section_has_the_place_of_its_words_and_of_its_heading(path: str) -> None:
    text = text_of(SESSION, {**CLINICAL, "Exploration": "  She asked\n  twice.  \n\n"})
    read = record(text)
    key = path.lower().replace(" ", "_")
    assert at(text, read.names[key,]) == f"## {path}"
    assert at(text, read.spans[key,]) == (CLINICAL[path] if path != "Exploration" else "She asked\n  twice.")


DECIDED = "### Visit <!-- why? -->\n\nIn May.\n\n#### Rationale\nBecause\nof it.\n\n#### Case\nFAM-17\n\n### Wait\n"


def test_every_part_of_a_decision_has_its_place() -> None:
    text = body(f"## Decisions\n\n{DECIDED}")
    read = record(text)
    places = {path[1:]: at(text, span) for path, span in read.spans.items() if path[0] == "decisions"}
    assert places == {
        (0,): "### Visit",
        (0, "decision"): "### Visit",
        (0, "text"): "In May.",
        (0, "rationale"): "Because\nof it.",
        (0, "case"): "FAM-17",
        (1,): "### Wait",
        (1, "decision"): "### Wait",
    }
    assert read.value["decisions"] == [
        {"decision": "Visit", "text": "In May.", "rationale": "Because\nof it.", "case": "FAM-17"},
        {"decision": "Wait"},
    ]


def test_an_unknown_heading_in_a_decision_ends_neither_it_nor_the_next() -> None:
    words = "## Decisions\n### Visit\n#### Weather\nWet.\n#### Rationale\nBecause.\n### Wait\n#### Rationale\nSo.\n"
    read = record(body(words))
    assert read.value["decisions"] == [
        {"decision": "Visit", "rationale": "Because."},
        {"decision": "Wait", "rationale": "So."},
    ]
    assert read.value["sections"] == [{"heading": "Weather", "text": "Wet."}]


def test_an_unknown_function_ends_not_the_next() -> None:
    words = "## Functions\n### Weather\nWet.\n### Normative\nHonest.\n"
    read = record(body(words))
    assert read.value["functions"] == {"normative": "Honest."}
    assert read.value["sections"] == [{"heading": "Weather", "text": "Wet."}]


SPOILT = ["\u2014", "\u2014-", "\u2013-", "***", "----", "- - -", "--", "___", "# Session", "## A note"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.md", "---\nkind: session\n---\n", True),
        ("a.md", "\ufeff---\n".removeprefix("\ufeff"), True),
        ("a.md", "\n\n---   \nkind: x\n", True),
        ("a.md", "# Title\n\n---\n\nwords\n", False),
        ("a.md", "words\n---\nkind: session\n---\n", True),
        ("a.md", "kind: session\ndate: x\n---\n", True),
        ("a.md", "----\n", False),
        ("a.md", "", False),
        ("a.md", "A kind: of words\n", False),
        *(("a.md", f"{spoilt}\nkind: session\ndate: x\n{spoilt}\n\nWords.\n", True) for spoilt in SPOILT),
        *(("a.md", f"\n{spoilt}\n\ndate: x\nKind : session\n", True) for spoilt in SPOILT),
        *(("a.md", f"{spoilt}\n\nSome words.\n\nkind: session\n", False) for spoilt in SPOILT),
        *(("a.md", f"{spoilt}\nSome words.\nkind: session\n", False) for spoilt in SPOILT),
        *(("a.md", f"{spoilt}\nkind: of words\n", "#" not in spoilt) for spoilt in SPOILT),
        ("a.md", "# Title\n\nnote: well\n\n***\n\nkind: session\n", False),
        ("a.yaml", "kind: session\n", True),
        ("a.yaml", "{kind: session}", True),
        ("a.yaml", '"kind": session\n', True),
        ("a.yaml", "a: b\nkind: session\n", True),
        ("a.yaml", "a:\n  kind: session\n", False),
        ("a.yaml", "mankind: x\n", False),
        ("a.yml", "kind: session\n", True),
        ("A.YAML", "kind: session\n", True),
    ],
)
def test_what_is_a_record(name: str, text: str, expected: bool) -> None:
    assert holds_record(name, text) is expected
