"""Nothing is ever fetched: not by a command, not for a page, whatever a record or a style sheet asks for.

Each run has no network, where the machine can lend that; it may not even make a socket; and what it opens is watched.
"""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from supervision_notes.kind import shipped_kinds

from .conftest import CLINICAL, SESSION, text_of, write
from .test_packaging import alone
from .test_render import Ran, notes, prints, sheets

# Python runs a module of this name before all else. A hook on what a program does cannot be taken off again.
WATCH = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") or event in ("urllib.Request", "http.client.connect", "webbrowser.open"):
        raise RuntimeError("the network was used: " + event)
    if event == "open" and "decoy" in str(arguments[0]):
        raise RuntimeError("a file was opened that a record or a style sheet asked for")

sys.addaudithook(refuse)
"""
DECOY = "hollyhocks"


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """What Python looks into first, with the watch in it."""
    return write(tmp_path / "site", {"sitecustomize.py": WATCH})


def offline(*arguments: str | Path, at: Path, site: Path) -> Ran:
    return notes(*arguments, at=at, site=site, under=alone())


@pytest.mark.parametrize(
    "does",
    ["import socket; socket.socket()", "import socket; socket.getaddrinfo('localhost', 80)", "open('decoy.txt')",
     "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')"],
)  # fmt: skip
def test_the_watch_bites(does: str, watched: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*alone(), sys.executable, "-c", does],
        env={"PYTHONPATH": str(watched)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "RuntimeError: the network was used" in done.stderr or "RuntimeError: a file was opened" in done.stderr


def test_the_whole_path_needs_no_network(watched: Path, tmp_path: Path) -> None:
    """From an empty folder to prints, as in the first five minutes of the README."""

    def done(*arguments: str) -> str:
        ran = offline(*arguments, at=tmp_path / "demo" if (tmp_path / "demo").exists() else tmp_path, site=watched)
        assert ran.code == 0, ran.err
        assert "network" not in ran.err
        return ran.out

    done("init", "demo", "--example")
    done("check")
    for kind in shipped_kinds():
        more = ("--form", "individual") if kind == "agreement" else ()
        assert done("new", kind, "--for", "SV-014", "--date", "2026-11-20", *more).endswith(".md\n")
    assert len(done("render", "--jobs", "2").splitlines()) == 23
    assert len(done("render", "--format", "html").splitlines()) == 23
    assert "nobody" not in done("remind", "--as-at", "2026-12-20")
    assert done("calendar", "--as-at", "2026-12-20").startswith("BEGIN:VCALENDAR")
    done("attendance", "export", "-o", "a.jsonl")
    done("attendance", "load", "a.jsonl", "--database", "all.db")
    for other in (
        ("coverage", "--from", "a.jsonl"),
        ("due", "--database", "all.db"),
        ("rules",),
        ("explain", "SN204"),
        ("schema", "session"),
        ("policies",),
        ("doctor",),
        ("--help",),
    ):
        assert done(*other)


ASKING = """\
![](file:///etc/passwd) and ![x]({decoy}) and [another](file:///etc/passwd) and [a third](javascript:alert(1))

<img src="http://127.0.0.1:9/decoy.png" onerror="alert(1)"> <script src="//127.0.0.1:9/decoy.js"></script>

<link rel="stylesheet" href="http://127.0.0.1:9/decoy.css"> <iframe src="{decoy}"></iframe> <object data="{decoy}">

<style>@import url(http://127.0.0.1:9/decoy.css); p {{ background: url("{decoy}") }}</style>

[named]: http://127.0.0.1:9/decoy.png

{{{{ 7*7 }}}} and {{% include "/etc/passwd" %}} and {{# nothing #}} and &lt;b&gt; and &#65; and <http://127.0.0.1:9/decoy>
"""
# Markdown makes something of these: a link, whose address is printed beside it, and code.
LINKED = """\
[a link](http://127.0.0.1:9/decoy) and ![a picture](http://127.0.0.1:9/decoy.png)

```css
@import "http://127.0.0.1:9/decoy.css";
```
"""


def asking(tmp_path: Path, **settings: str) -> Path:
    """A workspace whose record asks for all that can be asked for."""
    decoy = write(tmp_path, {"decoy.txt": DECOY, "decoy.svg": f"<svg><text>{DECOY}</text></svg>"}) / "decoy.svg"
    words = ASKING.format(decoy=decoy.as_uri())
    sections = {
        **CLINICAL,
        "Exploration": f"{words}\n{LINKED}",
        "Actions": "- [ ] A1: ![x](http://127.0.0.1:9/decoy.png) {{ 7*7 }}",
    }
    sections |= {"<img src=http://127.0.0.1:9/decoy.png>": "{{ 7*7 }}"}
    facts = {**SESSION, "group": "'<img src=http://127.0.0.1:9/decoy.png>'", "provider": "'{{ 7*7 }} ![x](decoy.svg)'"}
    lines = "".join(f"{key}: {value}\n" for key, value in settings.items())
    files = {
        "supervision.yaml": f"organisation: '{{{{ 7*7 }}}} <img src=x>'\n{lines}",
        "a.md": text_of(facts, sections),
    }
    return write(tmp_path / "ws", files)


# What a page says of itself in its running heads.
SPOKEN = {"data-head", "data-record", "data-page", "data-of", "data-draft"}


def asked(root: Path) -> str:
    """What of the record has to be printed as it was typed."""
    return (root / "a.md").read_text().partition("## Exploration")[2].partition(LINKED)[0]


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_record_asks_in_vain_and_is_printed_as_it_was_typed(form: str, watched: Path, tmp_path: Path) -> None:
    root = asking(tmp_path)
    ran = offline("render", "--draft", "--format", form, at=root, site=watched)
    assert (ran.code, ran.out) == (0, f"out/a.{form}\n"), ran.err
    assert "network" not in ran.err
    (data,) = prints(root / "out").values()
    if form == "pdf":
        shown = "".join("\n".join(sheets(data)).split())
    else:
        page = re.sub(r"<style>.*?</style>", "", data.decode(), count=1, flags=re.DOTALL)
        tags = re.findall(r"<([a-zA-Z]\w*)([^>]*)>", page)
        assert not {tag for tag, _ in tags} & {"img", "script", "link", "iframe", "object", "style", "base", "embed"}
        keys = {key for _, said in tags for key in re.findall(r"([-\w]+)=", re.sub(r'"[^"]*"', "", said))}
        assert (
            keys <= {"lang", "charset", "name", "http-equiv", "content", "class", "href", "role", "aria-label"} | SPOKEN
        )
        assert not re.search(r'href="(?!https?:|mailto:)', page)
        shown = "".join(unescape(re.sub(r"<[^>]*>", "", page)).split())
    for line in asked(root).splitlines():
        assert "".join(line.split()) in shown
    for said in (
        "a link (http://127.0.0.1:9/decoy)",
        "a picture (http://127.0.0.1:9/decoy.png)",
        LINKED.splitlines()[3],
    ):
        assert "".join(said.split()) in shown
    assert "{{7*7}}<imgsrc=x>" in shown
    assert "{{7*7}}![x](decoy.svg)" in shown
    assert "<imgsrc=http://127.0.0.1:9/decoy.png>" in shown
    assert "49" not in shown
    assert DECOY not in shown
    assert "root:" not in shown


STYLES = {
    "a web address": '@import url("http://127.0.0.1:9/decoy.css");',
    "without quotes": "@import url(https://127.0.0.1:9/decoy.css);",
    "a string": '@import "//127.0.0.1:9/decoy.css";',
    "a file": '@import "{decoy}";',
    "a folder above": '@import "../../decoy.txt"; p {{ background: url(../../decoy.svg) }}',
    "a picture": 'p {{ background: url("http://127.0.0.1:9/decoy.png"); list-style-image: url("{decoy}") }}',
    "a font": '@font-face {{ font-family: X; src: url("http://127.0.0.1:9/x.woff2"), url("{decoy}") }}',
    "content": 'p::before {{ content: url("{decoy}") url("http://127.0.0.1:9/decoy.png") }}',
    "an attachment": 'p {{ string-set: x "y"; content: attr(href) }} a {{ -weasy-link: "{decoy}" }}',
    "escaped": '@im\\70ort url("http://127.0.0.1:9/decoy.css"); p {{ background: u\\72l("{decoy}") }}',
    "a page": '@page {{ background: url("http://127.0.0.1:9/decoy.png"); @top-left {{ content: url("{decoy}") }} }}',
}


@pytest.mark.parametrize("name", STYLES)
def test_a_style_sheet_asks_in_vain(name: str, watched: Path, tmp_path: Path) -> None:
    root = asking(tmp_path, theme="ours", logo="../decoy.svg")
    style = STYLES[name].format(decoy=(tmp_path / "decoy.svg").as_uri())
    write(root, {"styles/ours.css": style, "styles/theme.css": style})
    ran = offline("render", "--draft", at=root, site=watched)
    assert (ran.code, ran.out) == (0, "out/a.pdf\n"), ran.err
    assert not re.search("network|was opened", ran.err)
    (data,) = prints(root / "out").values()
    shown = "\n".join(sheets(data))
    assert "She asked" in shown or "a picture" in shown
    assert DECOY not in shown


EXTENDED = '{{% extends "shipped/session.html.j2" %}}{{% block end %}}{}{{% endblock %}}'
PAGES = [
    '<img alt="x" src="{decoy}"><link rel="attachment" href="{decoy}"><object data="{decoy}"></object>',
    '<link rel="stylesheet" href="{decoy}"><embed src="{decoy}"><style>@import url("{decoy}");</style>',
    '<base href="file:///"><img alt="x" src="etc/passwd"><a rel="attachment" href="{decoy}">x</a>',
    '<base href="file:///"><img alt="x" src="../decoy.svg"><svg><image href="{decoy}"/><use href="{decoy}"/></svg>',
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_workspace_asks_in_vain(page: str, watched: Path, tmp_path: Path) -> None:
    """A page may have come by e-mail as well: it is shown nothing but what lies in `styles/`."""
    root = asking(tmp_path)
    page = EXTENDED.format(page.format(decoy=(tmp_path / "decoy.svg").as_uri()))
    write(root, {"pages/session.html.j2": page})
    ran = offline("render", "--draft", at=root, site=watched)
    assert (ran.code, ran.out) == (0, "out/a.pdf\n"), ran.err
    assert not re.search("network|was opened", ran.err)
    (data,) = prints(root / "out").values()
    assert DECOY not in "\n".join(sheets(data))
    assert b"/EmbeddedFile" not in data


@pytest.mark.parametrize(
    "page", ['{% include "../../decoy.txt" %}', '{% include "/etc/passwd" %}', '{% import "../x" as x %}']
)
def test_a_page_of_the_workspace_cannot_read_files(page: str, watched: Path, tmp_path: Path) -> None:
    root = write(asking(tmp_path), {"pages/session.html.j2": page})
    ran = offline("render", "--draft", "--format", "html", at=root, site=watched)
    assert (ran.code, ran.out) == (1, "")
    assert "not printed: a.md: the page session.html.j2" in ran.err
