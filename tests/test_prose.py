"""Prose: Markdown in, safe HTML out, and no word lost on the way."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from supervision_notes.document import prose

BLANK = prose.plain("____")
RULE = prose.rule()
SPACED = RULE.replace(">_", "> _")


def text_of(html: str) -> str:
    """What a reader sees: the words without the tags."""
    return unescape(re.sub(r"<[^>]*>", "", html))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("one *two* **three** ~~four~~", "<p>one <em>two</em> <strong>three</strong> <s>four</s></p>"),
        ("<b>x</b> &amp; <!DOCTYPE x>", "<p>&lt;b&gt;x&lt;/b&gt; &amp;amp; &lt;!DOCTYPE x&gt;</p>"),
        ("![a picture](p.png)", "<p>![a picture](p.png)</p>"),
        ("<http://a.org>", "<p>&lt;http://a.org&gt;</p>"),
        ("[ref]: http://a.org", "<p>[ref]: http://a.org</p>"),
        ("    four spaces", "<p>four spaces</p>"),
        ("```python\nx = 1\n```", '<pre><span class="info">python</span>\nx = 1\n</pre>'),
        ("[[2026-09-29-se201#A2]]", '<p><span class="link">2026-09-29-se201 A2</span></p>'),
        ("`[[x]] ____`", "<p><code>[[x]] ____</code></p>"),
        ("أمينة تسأل", '<p dir="rtl">أمينة تسأل</p>'),
        ("李雅 and أمينة", "<p>李雅 and أمينة</p>"),
    ],
)
def test_words_become_html_and_nothing_else(typed: str, printed: str) -> None:
    assert prose.html(typed).strip() == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        (
            "[guide](https://a.org/b)",
            '<a href="https://a.org/b">guide<span class="address"> (https://a.org/b)</span></a>',
        ),
        ("[https://a.org](https://a.org)", '<a href="https://a.org">https://a.org</a>'),
        ("[me](mailto:a@b.org)", '<a href="mailto:a@b.org">me<span class="address"> (mailto:a@b.org)</span></a>'),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[x](file:///etc/passwd)", "[x](file:///etc/passwd)"),
        ('[x](https://a.org "t")', "[x](https://a.org &quot;t&quot;)"),
    ],
)
def test_links_lead_to_the_web_or_to_mail_and_are_printed_too(typed: str, printed: str) -> None:
    assert prose.inline(typed) == printed


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("(£____) … (____)", f"<p>(£{BLANK}) … ({BLANK})</p>"),
        ("Notice: ____", f"<p>Notice:{SPACED}</p>"),
        ("____", f"<p>{BLANK}</p>"),
        ("a\n____", f"<p>a\n{RULE}</p>"),
        ("___", "<hr />"),
        ("__bold__", "<p><strong>bold</strong></p>"),
        ("*____*", f"<p><em>{BLANK}</em></p>"),
    ],
)
def test_a_blank_is_a_ruled_line_before_it_is_anything_else(typed: str, printed: str) -> None:
    assert prose.html(typed).strip() == printed


def test_a_longer_blank_prints_longer_and_a_fact_has_blanks_too() -> None:
    lengths = [prose.plain("_" * count).count("_") for count in (4, 10, 40)]
    assert lengths == sorted(set(lengths))
    assert prose.plain("£____ <each>") == f"£{BLANK} &lt;each&gt;"


@pytest.mark.parametrize("sign", "•·▪◦‣●")
def test_a_list_that_was_copied_from_elsewhere_is_a_list(sign: str) -> None:
    items = "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    assert prose.html(f"{sign} one\n{sign}\ttwo").strip() == items
    assert prose.html(f"Said:\n  {sign}   one\n  {sign} two").strip() == f"<p>Said:</p>\n{items}"
    assert f"<blockquote>\n{items}" in prose.html(f"> {sign} one\n> {sign} two")
    assert f"<pre>{sign} one\n</pre>\n<ul>\n<li>two" in prose.html(f"```\n{sign} one\n```\n{sign} two")
    for words in (f"a {sign} b", f"{sign}a", sign):
        assert prose.html(words).strip() == f"<p>{words}</p>"


@pytest.mark.parametrize(
    ("typed", "levels"),
    [("# a\n### b\n# c", [3, 4, 3]), ("### a\n# b\n###### c", [3, 3, 4]), ("#### a\n##### b\n###### c", [3, 4, 5])],
)
def test_headings_start_where_they_may_and_skip_no_level(typed: str, levels: list[int]) -> None:
    assert [int(level) for level in re.findall(r"<h(\d)>", prose.html(typed, 3))] == levels


def test_headings_never_go_below_the_sixth_level() -> None:
    assert re.findall(r"<h(\d)>", prose.html("# a\n## b\n### c\n#### d", 5)) == ["5", "6", "6", "6"]


def test_a_row_longer_than_its_head_keeps_its_cells() -> None:
    html = prose.html("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | three | four |\nafter")
    assert html.count("<th") == 5  # the head itself, and four cells
    assert html.count("<td>") == 3 * 4
    assert "three" in html
    assert "four" in html


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("1. a\n2. b", []),
        ("3. a\n4. b", ["3"]),
        ("1. a\n3. b\n7. c", ["2", "4"]),
        ("1. a\n1. b", []),
        ("5. a\n4. b", ["5", "-1"]),
    ],
)
def test_a_list_keeps_the_numbers_that_were_typed(typed: str, steps: list[str]) -> None:
    assert re.findall(r"list-item (-?\d+)", prose.html(typed)) == steps


def test_what_is_nested_within_reason_keeps_its_form() -> None:
    assert prose.html("> " * 50 + "deep").count("<blockquote>") == 50
    assert prose.html("\n".join("  " * level + "- deep" for level in range(50))).count("<ul>") == 50


@pytest.mark.parametrize("typed", ["> " * 110 + "deep", "- " * 80 + "deep", "*a **b " * 60 + "deep" + "** *" * 60])
def test_what_is_nested_past_reason_is_printed_plain(typed: str) -> None:
    html = prose.html(typed)
    assert "deep" in text_of(html)
    assert html.count("<") < 10


@pytest.mark.parametrize(
    "sign",
    ["[", "]", "*a ", "<", "`", "![", "_a", "> ", "- ", "1. ", "|a", "~~a", "**a*", "\\", "[a](", "[[a", "a____"],
)
def test_no_text_takes_long_or_breaks_off(sign: str) -> None:
    """A time limit would fail on a slow machine; a quadratic reader of 50 KB would not come back at all."""
    assert prose.html(sign * (50_000 // len(sign)))


SIGNS = (
    *"#>-*+_`~|[]()!<&\\:", "____", "\n", "\n\n", "  ", "    ", "```", "---", "|-|-|", "1. ", "3) ", "[[se201#A1]]",
    "](https://a.org/b)", "](javascript:x)", "<!doctype", "&auml;", "<b>", "![", "[r]: ", "alpha", "żółć", "李雅", "42",
)  # fmt: skip
MARKDOWN = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join)


@given(MARKDOWN | st.text(max_size=300))
@example("| a |\n|---|\n| b | c |")
@example("[a\nb](https://c.org/d)")
def test_every_word_that_was_typed_is_in_the_text_that_is_printed(typed: str) -> None:
    printed = text_of(prose.html(typed))
    for word in re.findall(r"[^\W\d_]+", typed):
        assert word in printed
    seen = text_of(prose.inline(typed))
    assert all(word in seen for word in re.findall(r"[^\W\d_]+", typed))
