"""Secrets: what nobody may read is in no output, in no file's margins, and nothing says whose machine it is.

A word that nobody would write is planted in every place of every layer, and in every mistake that a file can hold;
then everything that the command says and leaves behind is searched for it.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest

from supervision_notes.cli.report import FORMATS
from supervision_notes.kind import Field, registers

from .conftest import AGREEMENT, CLINICAL, KINDS, REFLECTION, SESSION, text_of, without, write
from .test_render import ROOT, Ran, notes, prints, sheets

SECRET = "quillonberry"  # no schema, rule or page of ours says it


# what can be wrong, each time around the secret

HEAD = "---\nkind: session\nstatus: draft\n"
BODY = f"{HEAD}---\n"
UNREADABLE = {
    "not UTF-8": f"{HEAD}provider: \N{POUND SIGN} {SECRET}\n---\n{SECRET}\n".encode("latin-1"),
    "a null": f"{BODY}{SECRET}\0{SECRET}",
    "never closed": f"{HEAD}provider: {SECRET}\n",
    "words before": f"{SECRET}\n{BODY}",
    "too large": BODY + f"{SECRET} " * 500_000,
    "deep facts": f"{HEAD}provider: {'[' * 60}{SECRET}{']' * 60}\n---\n",
    "deep words": f"{BODY}## Exploration\n\n{'> ' * 120}{SECRET}\n",
    "brackets": f"{BODY}## Exploration\n\n{'[' * 50_000}{SECRET}\n",
    "no kind": f"---\n{SECRET}: {SECRET}\n---\n{SECRET}\n",
    "another kind": f"---\nkind: {SECRET}\n---\n## {SECRET}\n",
}
FACTS = [
    f"provider: [{SECRET}", f"\t{SECRET}: x", f'provider: "{SECRET}', f"provider: {SECRET}: {SECRET}", f"- {SECRET}",
    f"? {SECRET}", f"%{SECRET}", f"@{SECRET}", f"provider: &{SECRET} x", f"provider: *{SECRET}",
    f"provider: !{SECRET} x", f"<<: {SECRET}", f"provider: !!python/object:{SECRET} x", f"{SECRET}", f"{SECRET}:",
    f"{SECRET}: 1\n{SECRET}: 2", f"mode: {SECRET}\nmode: {SECRET}", f"[{SECRET}]: x", f"{{{SECRET}: a}}: x",
    f"1: {SECRET}", f"{SECRET}: 03/04/2026", f"minutes: 60 # {SECRET}\n  {SECRET}: 1",
    f"provider: |\n {SECRET}\n{SECRET}",
    f"--- {SECRET}", f"...\n{SECRET}", f"provider: '{SECRET}'{SECRET}", f"provider: {SECRET}\0",
    f"id: {SECRET} {SECRET}", "date: 03/04/2026",
    f"date: 03/04/2026 {SECRET}", f"date: {SECRET} 2026", f"date: 2026-02-30 {SECRET}", f"minutes: 60 {SECRET}",
    f"supervisor: SE-201 {SECRET}", f"supervisees: [SE-201, {SECRET}]", f"attendance: {{{SECRET}: present}}",
    f"attendance: {{SE-201: {SECRET}}}", f"attendance: {{SE-201: present, SE-201: {SECRET}}}", f"{SECRET} {SECRET}: x",
    f"# {SECRET}", f"mode: online # {SECRET}", f"date: 2026-09-29 # {SECRET}", f"Supervisees {SECRET}: SE-201",
    f"type: one-to-one {SECRET}", f"mode: onlin {SECRET}", f"minuts: {SECRET}", f"minutes_{SECRET}: 60",
]  # fmt: skip
WORDS = [
    f"# {SECRET}\n\n# {SECRET}", f"## {SECRET}", f"##{SECRET}", f"## Focus qestion {SECRET}",
    f"### {SECRET}\n\n{SECRET}",
    f"{SECRET}\n===\n\n{SECRET}\n---", f"## Exploration\n{SECRET}\n## Exploration\n{SECRET}",
    f"### Exploration\n{SECRET}",
    f"## Exploration\n<!-- {SECRET} -->", f"## Exploration\n<!-- {SECRET}", f"<!-- {SECRET} -->",
    f"{SECRET} --> {SECRET}",
    f"## Functions\n{SECRET}\n### {SECRET}\n{SECRET}\n### Normative\n<!-- {SECRET} -->", f"## Decisions\n{SECRET}",
    f"## Decisions\n### {SECRET}\n#### {SECRET}\n{SECRET}\n#### Rationale\n#### Rationale\n{SECRET}",
    f"## Decisions\n### {SECRET}\n### {SECRET}\n##### Rationale\n{SECRET}", f"## Decisions\n#### {SECRET}\n{SECRET}",
    *(
        f"## {heading}\n{line}"
        for heading in ("Actions", "Review of previous actions", "Exploration")
        for line in (
            SECRET, f"- {SECRET}", f"- [y] A1: {SECRET}", f"• {SECRET}", f"– {SECRET}", f"- [x]: {SECRET}",
            f"[{SECRET}]: yes", f"- [ ] {SECRET}: x", f"- [ ] A1: x @{SECRET} due:{SECRET}", f"1. [ ] {SECRET}",
            f"- [>] A1: {SECRET}", f"- [-] {SECRET}#A1: x", f"- [ ] A1: {SECRET}\n- [ ] A1: {SECRET}", f"[ ] {SECRET}",
            f"- [ ] A1: x due:03/04/2026{SECRET}", f"- [{SECRET}] A1: x", f"- [ ] A1:{SECRET}", f"    {SECRET}",
        )
    ),
    f"## Exploration\n[[{SECRET}]] and [[{SECRET}#A1]] and [{SECRET}]: http://{SECRET}.example",
    f"[{SECRET}]: {SECRET}",
    f"## Exploration\nMr {SECRET.title()} of {SECRET}@example.org, born 01/02/1980 {SECRET}, 943 476 5919 {SECRET}",
    f"## Exploration\n____ {SECRET} ____\n\n```{SECRET}\n{SECRET}",
    f"## Exploration\n\n|{SECRET}|\n|-|\n|{SECRET}|{SECRET}|",
    f"<div {SECRET}>{SECRET}</div>", f"## Exploration\n<{SECRET}>\n<!DOCTYPE {SECRET}>\n<![CDATA[{SECRET}]]>",
]  # fmt: skip
REGISTERS = {
    "supervision.yaml": f"organisation: {SECRET}\nowner: {SECRET} {SECRET}\n{SECRET}: {SECRET}\nframework: {SECRET}\n"
    f"policy: [{SECRET}]\nlanguage: {SECRET}\ntheme: {SECRET}\nlogo: {SECRET}.svg\nseverity: {{{SECRET}: off}}\n",
    "people.yaml": f"people:\n  SE-201: {{name: {SECRET}, {SECRET}: x, band: [{SECRET}]}}\n"
    f"  {SECRET} {SECRET}: {{name: {SECRET}}}\n  SE-201: {{name: {SECRET}}}\n  SE-202: {SECRET}\n"
    f"  SE-203: {{name: {SECRET}, supervisors: [{{id: {SECRET}, from: {SECRET}}}]}}\n",
    "schemas/own.schema.json": f'{{"title": "{SECRET}", {SECRET}',
    "policies/policy.yaml": f"policy: {SECRET}\ntitle: {SECRET}\nsource: {SECRET}\nas_of: {SECRET}\n"
    f"{SECRET}: {SECRET}\nstream: {SECRET}\nmaximum_gap_days: {SECRET}\nphases: [{{until: {SECRET}}}]\n"
    f"allowance: {{until: {SECRET}}}\n"
    f"counts: {{types: [{SECRET}], practice: {SECRET}}}\ngroup_credit: {{peers: {SECRET}}}\n",
}


def every_fact(kind: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """Each fact of a kind with the secret as its value, in a list, and as a key of its own."""
    for key in schema["properties"]:
        if key != "kind":
            for value in (
                SECRET,
                f"[{SECRET}]",
                f"{{{SECRET}: {{{SECRET}: [{SECRET}]}}}}",
                f"[{{{SECRET}: {SECRET}}}]",
            ):
                yield f"---\nkind: {kind}\n{key}: {value}\n---\n"


@cache
def spoilt() -> dict[str, str | bytes]:
    """Files with every sort of mistake, by a name that says nothing."""
    texts: list[str | bytes] = list(UNREADABLE.values())
    texts += [f"{HEAD}{fact}\n---\n{SECRET}\n" for fact in FACTS]
    texts += [f"{BODY}\n{words}\n" for words in WORDS]
    texts += [text for kind in KINDS.values() for text in every_fact(kind.name, kind.schema)]
    files = {f"{n:03}.md": text for n, text in enumerate(texts)}
    yaml = [f"kind: session\nstatus: draft\n{fact}\nexploration: {SECRET}\n" for fact in FACTS]
    yaml += [
        f"kind: session\ndecisions: {SECRET}\nactions: [{SECRET}, {{{SECRET}: {SECRET}}}]\nfunctions: {{{SECRET}: 1}}\n"
    ]
    files |= {f"{n:03}.yaml": text for n, text in enumerate(yaml)}
    same = text_of({**SESSION, "id": "same"}, {**CLINICAL, SECRET: SECRET})
    return {**files, **REGISTERS, "one.md": same, "two.md": same, "a.md.txt": same, "b.yml": f"kind: {SECRET}\n"}


@pytest.fixture(scope="module")
def ruins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which everything is wrong, and everything wrong holds the secret."""
    return write(tmp_path_factory.mktemp("ruins"), spoilt())


def telling(text: str, *secrets: str) -> list[str]:
    """The lines that tell a secret, cut to be read."""
    found = [line for line in text.splitlines() if any(secret.casefold() in line.casefold() for secret in secrets)]
    return [line[:200] for line in found]


# check


def test_all_that_can_be_wrong_is_wrong(ruins: Path) -> None:
    """What the next tests search would be worth nothing if the files were sound or the secret unseen."""
    said = json.loads(notes("check", "--format", "json", at=ruins).out)["problems"]
    rules = {problem["rule"] for problem in said}
    assert len(rules) > 30, sorted(rules)
    files = {problem["path"] for problem in said}
    assert len(files) > 0.8 * len(spoilt())
    assert set(REGISTERS) <= files
    shown = notes("check", "--format", "full", at=ruins).out
    assert len(telling(shown, SECRET)) > 300


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "full"])
def test_no_report_but_the_full_one_holds_a_word_of_the_record(form: str, ruins: Path) -> None:
    ran = notes("check", "--format", form, at=ruins)
    assert ran.code == 1
    assert len(ran.out) > 50_000
    assert telling(ran.out + ran.err, SECRET) == []


def test_what_is_piped_or_logged_holds_no_word_of_the_record(ruins: Path) -> None:
    for arguments in (("check",), ("--debug", "check"), ("-q", "check"), ("check", "--strict"), ("check", ".")):
        ran = notes(*arguments, at=ruins)
        assert telling(ran.out + ran.err, SECRET) == []


@pytest.mark.parametrize(
    ("who", "least"), [("parties", 300), ("organisation", 150), ("author --as SE-201", 5), ("case --as K-17", 0)]
)
def test_a_refusal_holds_no_word_of_the_record(who: str, least: int, ruins: Path, tmp_path: Path) -> None:
    """Each is told of what they may hear of alone: the parties of what could not be read, a case of its own."""
    out = ("-o", tmp_path / "out", "--jobs", "1")
    ran = notes("--debug", "render", "--format", "html", *out, "--for", *who.split(), at=ruins)
    refused = ran.err.count("not printed: ")
    assert ran.code == (refused > 0)
    assert refused > least if least else refused == 0
    assert telling(ran.out + ran.err, SECRET) == []


@pytest.mark.parametrize("arguments", ["render nothing", "new nothing", "new sesion", "explain SN999", "doctor"])
def test_a_mistake_of_use_is_not_answered_with_words_of_a_record(arguments: str, ruins: Path) -> None:
    ran = notes("--debug", *arguments.split(), at=ruins)
    assert ran.out + ran.err
    assert telling(ran.out + ran.err, SECRET) == []


# faults: of ours, and of a workspace's own pages

FAULT = """
import sys
from supervision_notes import reading
from supervision_notes.cli.main import run

class Broken:
    def check(record, register):
        words = record.value["exploration"]
        fault = {fault}
        fault.add_note(words)
        raise fault from KeyError(words)

reading.RECORD_RULES = (Broken,)
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.parametrize("fault", ["ValueError(words)", "OSError(words)", "OSError(5, 'Input/output error', words)"])
@pytest.mark.parametrize("files", [1, 700])  # in this process, and in others
def test_a_fault_of_ours_says_where_and_never_what(fault: str, files: int, tmp_path: Path) -> None:
    words = f"/{SECRET}/{SECRET}"
    text = text_of(SESSION, {**CLINICAL, "Exploration": words})
    root = write(tmp_path, {"supervision.yaml": "organisation: R\n", **{f"{n}.md": text for n in range(files)}})
    done = subprocess.run(
        [sys.executable, "-c", FAULT.replace("{fault}", fault), "--debug", "check"],
        cwd=root,
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.search(r"reading\.py:\d+ in ", done.stderr)
    if "5" not in fault:  # a file's name is named; here it is made of the record's words on purpose
        assert telling(done.stdout + done.stderr, SECRET) == []
    assert str(ROOT) not in done.stderr


@pytest.mark.parametrize(
    "template",
    [
        "{{ value.exploration + 1 }}",
        "{{ {}[value.exploration] }}",
        "{{ words[value.exploration] }}",
        "{% include value.exploration %}",
        "{% extends value.exploration %}",
        "{{ value.exploration | attr(value.exploration) }}",
        "{{ value.exploration.missing }}",
        "{{ value.exploration.__class__ }}",
        "{{ value.exploration | int(none) + none }}",
        "{{ ('%d' + value.exploration) % value.exploration }}",
    ],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_page_that_breaks_says_no_word_of_the_record(template: str, jobs: str, tmp_path: Path) -> None:
    text = text_of(SESSION, {**CLINICAL, "Exploration": SECRET})
    pages = {"supervision.yaml": "organisation: R\n", "pages/session.html.j2": template, "a.md": text, "b.md": text}
    ran = notes("--debug", "render", "--format", "html", "--jobs", jobs, at=write(tmp_path, pages))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("not printed: ") == 2
    assert telling(ran.err, SECRET) == []
    assert str(tmp_path) not in ran.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_page_that_formats_a_record_by_itself_says_no_word_of_it_elsewhere(jobs: str, tmp_path: Path) -> None:
    text = text_of(SESSION, {**CLINICAL, "Exploration": SECRET})
    template = "{{ value.exploration.format_map(value.exploration) }}"
    pages = {"supervision.yaml": "organisation: R\n", "pages/session.html.j2": template, "a.md": text, "b.md": text}
    ran = notes("--debug", "render", "--format", "html", "--jobs", jobs, at=write(tmp_path, pages))
    assert ran.code in (0, 1)
    assert telling(ran.out + ran.err, SECRET) == []


# prints, for whom

VISIT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "visit.schema.json",
    "title": "Visit",
    "x-layer": "shared",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kind": {"title": "Kind", "x-layer": "attendance", "const": "visit"},
        "id": {"title": "Record", "x-layer": "attendance", "type": "string"},
        "date": {"title": "Date", "x-layer": "attendance", "type": "string", "format": "date"},
        "author": {"title": "Author", "x-layer": "attendance", "type": "string", "x-link": "person"},
        **{
            f"{layer}{shape}": {"title": f"{layer}{shape}", "x-layer": layer, "type": "string"}
            | ({"x-shape": shape} if shape else {})
            for layer in ("attendance", "shared", "restricted", "private")
            for shape in ("", "text")
        },
        "sections": {
            "title": "Other headings",
            "x-layer": "shared",
            "type": "array",
            "items": {"type": "object", "properties": {"heading": {"title": "H"}, "text": {"title": "T"}}},
        },
    },
}


class Place(NamedTuple):
    """Where a word is planted: in which record, under what, and in which layer."""

    record: str
    part: str
    layer: str


WORD: dict[Place, str] = {}
NAMES = {code: f"Zeno{place}quill" for place, code in enumerate(("SV-014", "SE-201", "SE-205", "SE-777"))}


def word(record: str, part: str, layer: str) -> str:
    """A word of its own for a place."""
    return WORD.setdefault(Place(record, part, layer), f"zq{len(WORD):03}qz")


def planted(record: str, kind: str, facts: Mapping[str, str]) -> str:
    """A sound record with a word in each of its free facts, under each heading, and in comments."""
    given = dict(facts)
    fields = ALL[kind].fields
    for key, field in fields.items():
        free = field.schema.get("type") == "string" and not {
            "enum",
            "pattern",
            "format",
            "const",
            "x-link",
            "x-code",
        } & {*field.schema}
        if free and not field.shape and key not in given and key != "sections":
            given[key] = word(record, key, field.layer)
    note = word(record, "a comment in the facts", "nobody")
    front = "".join(f"{key}: {value}\n" for key, value in given.items())
    own = word(record, "a heading of one's own", fields["sections"].layer)
    comment = word(record, "a comment", "nobody")
    sections = "\n".join(f"## {field.title}\n\n{prose(record, field)}\n" for field in fields.values() if field.shape)
    return f"---\n# {note}\n{front}---\n\n# Title\n\n{sections}\n## Our {own}\n\n{own}\n\n<!-- {comment} -->\n"


def prose(record: str, field: Field) -> str:
    """Words in the shape that a heading takes."""
    planted = word(record, field.key, field.layer)
    match field.shape:
        case "keys":
            return "\n".join(f"### {inner.title}\n\n{planted}\n" for inner in field.fields.values())
        case "items":
            cases = {case: word(record, f"{field.key} {case}", case) for case in ("K-17", "K-18")}
            one = "### {0}\n\n{0}\n\n#### Case\n\n{1}\n\n#### Rationale\n\n{0}\n\n#### Ethical check\n\n{0}\n\n"
            return "".join(one.format(said, case) for case, said in {**cases, "none": planted}.items())
        case "tasks":
            line = "[ ] A1" if field.key == "actions" else "[x] s-1#A1"
            return f"- {line}: {planted} @SE-201\n  {planted}\n"
    return f"{planted} and **{planted}** [{planted}](https://example.org/{planted})\n\n- {planted}\n\n> {planted}\n"


def workspace_kinds() -> dict[str, Any]:
    from supervision_notes.kind import Kind

    return {**KINDS, "visit": Kind("visit", VISIT)}


ALL = workspace_kinds()


@cache
def practice() -> dict[str, str | bytes]:
    """A sound workspace with a word in every place of every layer."""
    session = {**SESSION, "id": "s-1", "type": "practice", "start": "14:35", "agreement": "agr-1", "about": "log-1"}
    people = "".join(f"  {code}: {{name: {name}}}\n" for code, name in NAMES.items())
    register = word("supervision.yaml", "a comment", "nobody")
    return {
        "supervision.yaml": f"# {register}\norganisation: Riverside\nowner: SE-201\n",
        "people.yaml": f"# {register}\npeople:\n{people}",
        "schemas/visit.schema.json": json.dumps(VISIT),
        "s.md": planted("session", "session", session),
        "agreement.md": planted("agreement", "agreement", {**AGREEMENT, "id": "agr-1"}),
        "log.md": planted("log", "reflection", {**REFLECTION, "id": "log-1", "share_with": "SE-777"}),
        "visit.md": planted("visit", "visit", {"kind": "visit", "id": "v-1", "date": "2026-09-30", "author": "SE-201"}),
        "notes.md": f"{word('a file that is no record', 'its words', 'nobody')}\n",
    }


AUDIENCES = {
    "parties": ("parties",),
    "organisation": ("organisation",),
    "SE-201": ("author", "--as", "SE-201"),
    "SV-014": ("author", "--as", "SV-014"),
    "SE-777": ("author", "--as", "SE-777"),
    "SE-205": ("author", "--as", "SE-205"),
    "K-17": ("case", "--as", "K-17"),
    "K-18": ("case", "--as", "K-18"),
    "K": ("case", "--as", "K"),
}
PRACTICE = {
    "session": {"SE-201", "SV-014"},
    "agreement": {"SE-201", "SV-014"},
    "visit": {"SE-201"},
    "log": {"SE-201", "SE-777"},
}


def may_read(audience: str, place: Place) -> bool:
    """The law of layers, said once more in other words than the program's."""
    if place.layer == "nobody" or place.layer == "restricted":
        return False
    if place.record == "log":
        return audience in PRACTICE["log"]
    if place.layer == "private":
        return False
    if audience.startswith("K"):
        return place.layer == audience
    if audience == "organisation":
        return place.layer == "attendance"
    return audience == "parties" or audience in PRACTICE[place.record]


class Heard(NamedTuple):
    """What a run of `render` gave: what it said, and of each print the words on its pages and all else in the file."""

    ran: Ran
    pages: dict[str, str]
    margins: dict[str, str]


@cache
def rendered(audience: str, form: str, folder: Path) -> Heard:
    root, out = folder / "ws", folder / f"{audience}-{form}"
    if not root.exists():
        write(root, practice())
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    ran = notes(
        "--debug", "render", "--format", form, "-o", out, "--for", *AUDIENCES[audience],
        at=root, env={"TMPDIR": str(temporary)},
    )  # fmt: skip
    made = prints(out) if out.exists() else {}
    if form == "html":
        pages = {name: html.decode() for name, html in made.items()}
        return Heard(ran, pages, {name: heads(html) for name, html in pages.items()})
    pages = {name: "\n".join(sheets(data)) for name, data in made.items()}
    return Heard(ran, pages, {name: hidden(data) for name, data in made.items()})


def heads(html: str) -> str:
    """What a page of HTML says outside its body: title, metadata, and the running heads."""
    before, _, body = html.partition("<body")
    running = "".join(re.findall(r"<header[^>]*>", body))
    return re.sub(r"<style>.*?</style>", "", before, flags=re.DOTALL) + body.partition(">")[0] + running


def hidden(data: bytes) -> str:
    """Everything in a PDF that its pages do not show: title, metadata, bookmarks, names, addresses, attachments."""
    said = [data.decode("latin-1")]

    def walk(thing: Any, deep: int = 0) -> None:
        if isinstance(thing, pikepdf.String | pikepdf.Name):
            said.append(str(thing))
        elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream) and deep < 5:
            for key, inner in thing.items():
                said.append(key)
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    walk(inner, deep + 1)
        elif isinstance(thing, pikepdf.Array) and deep < 5:
            for inner in thing:
                if not (isinstance(inner, pikepdf.Object) and inner.is_indirect):
                    walk(inner, deep + 1)

    with pikepdf.open(io.BytesIO(data)) as print_:
        assert len(print_.attachments) == 0
        for thing in print_.objects:
            walk(thing)
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") != "/Image":
                with_utf8 = thing.read_bytes()
                said.append(with_utf8.decode("utf-8", "ignore"))
                said.append(with_utf8.decode("utf-16-be", "ignore"))
    return "\n".join(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("practice")


def test_a_word_is_planted_in_every_layer_and_the_workspace_is_sound(folder: Path) -> None:
    root = write(folder / "sound", practice())
    ran = notes("check", "--format", "json", at=root)
    assert [problem for problem in json.loads(ran.out)["problems"] if problem["severity"] == "error"] == []
    assert {place.layer for place in WORD} == {
        "attendance", "shared", "restricted", "private", "nobody", "K-17", "K-18"
    }  # fmt: skip
    assert len(WORD) > 60
    assert not any(word in text for text in map(str, WORD) for word in WORD.values())


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_audience_reads_all_that_it_may_and_nothing_else(audience: str, form: str, folder: Path) -> None:
    heard = rendered(audience, form, folder)
    assert heard.ran.code == 0
    everything = "".join(heard.pages.values())
    assert {place for place, word in WORD.items() if word in everything} == {
        place for place in WORD if may_read(audience, place)
    }
    behind = "".join(heard.margins.values())
    assert {place for place, word in WORD.items() if word in behind and not may_read(audience, place)} == set()


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_said_while_printing_holds_no_word(audience: str, form: str, folder: Path) -> None:
    heard = rendered(audience, form, folder)
    assert telling(heard.ran.out + heard.ran.err, *WORD.values(), *NAMES.values()) == []
    assert telling("\n".join(heard.pages), *WORD.values(), *NAMES.values()) == []


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("audience", ["parties", "organisation", "SE-201", "SE-777"])
def test_names_are_on_the_page_and_nowhere_else(audience: str, form: str, folder: Path) -> None:
    heard = rendered(audience, form, folder)
    assert NAMES["SE-201"] in "".join(heard.pages.values())
    assert NAMES["SE-205"] not in "".join(heard.pages.values()), "nobody whom the record does not name"
    assert telling("\n".join(heard.margins.values()), *NAMES.values()) == []


def test_a_bookmark_may_hold_a_heading_and_never_a_name(folder: Path) -> None:
    rendered("parties", "pdf", folder)
    titles = []
    for path in (folder / "parties-pdf").iterdir():
        with pikepdf.open(path) as print_, print_.open_outline() as outline:
            titles += [str(item.title) for item in bookmarks(outline.root)]
    assert len(titles) > 20
    assert telling("\n".join(titles), *NAMES.values()) == []


def bookmarks(items: Any) -> Iterator[Any]:
    for item in items:
        yield item
        yield from bookmarks(item.children)


def test_nothing_is_left_behind(folder: Path) -> None:
    for form in ("html", "pdf"):
        for audience in AUDIENCES:
            rendered(audience, form, folder)
    ours = {folder / "ws" / name for name in practice()}
    left = [path for path in (folder / "ws").rglob("*") if path.is_file() and path not in ours]
    told = {path: telling(path.read_bytes().decode("latin-1"), *WORD.values(), *NAMES.values()) for path in left}
    assert [path for path, words in told.items() if words] == []
    assert list(folder.rglob(".writing-*")) == []


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_no_temporary_file_outlives_the_command(jobs: str, tmp_path: Path) -> None:
    root = write(tmp_path / "ws", practice())
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    ran = notes("render", "--jobs", jobs, at=root, env={"TMPDIR": str(temporary)})
    assert len(ran.out.splitlines()) == 3
    assert list(temporary.iterdir()) == []


# what is wrong, printed as a draft for somebody who may read little of it


def shared_facts(kind: str) -> dict[str, str]:
    """A word in every fact that is above the layer of attendance."""
    fields = KINDS[kind].fields.values()
    return {
        f.key: f"{SECRET} {f.key}" for f in fields if not f.shape and f.layer != "attendance" and f.key != "sections"
    }


@pytest.mark.parametrize("form", ["pdf", "html"])
@pytest.mark.parametrize("given", [SESSION, {"kind": "session", "minutes": "60"}, without(SESSION, "date", "status")])
def test_a_draft_with_errors_tells_the_organisation_nothing(form: str, given: dict[str, str], tmp_path: Path) -> None:
    facts = {**given, **shared_facts("session")}
    wrong = text_of(facts, {"Exploration": SECRET, SECRET: SECRET, "Decisions": SECRET, "Actions": SECRET})
    odd = wrong.replace(f"about: {SECRET} about", f"about: [{SECRET}, {{{SECRET}: 1}}]\n{SECRET}: 1")
    files = {"supervision.yaml": "organisation: R\n", "a.md": wrong, "b.md": odd}
    root = write(tmp_path, files)
    ran = notes("render", "--draft", "--format", form, "--for", "organisation", at=root)
    assert (ran.code, ran.out) == (1, ""), "an attendance fact that is wrong may hold anything"
    assert not (root / "out").exists()
    assert telling(ran.err, SECRET) == []


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_a_draft_with_errors_tells_a_case_nothing_but_its_own(form: str, tmp_path: Path) -> None:
    own = "### Visit\n#### Case\nK-17\n#### Rationale\nTwo.\n\n"
    decision = f"{own}### {SECRET}\n#### Case\nK-18\n\n### {SECRET}\n{SECRET}\n"
    facts = {"kind": "session", **shared_facts("session")}
    wrong = text_of(facts, {"Exploration": SECRET, SECRET: SECRET, "Decisions": decision})
    root = write(tmp_path, {"supervision.yaml": "organisation: R\n", "a.md": wrong})
    ran = notes("render", "--draft", "--format", form, "--for", "case", "--as", "K-17", at=root)
    assert (ran.code, ran.out) == (1, "")
    assert not (root / "out").exists()
    assert telling(ran.err, SECRET) == []


def test_a_private_log_with_errors_is_nobodys(tmp_path: Path) -> None:
    logs = {
        "author twice": f"---\nkind: reflection\nauthor: SE-201\nauthor: SV-014\n---\n{SECRET}\n",
        "no author": f"---\nkind: reflection\n---\n## Feelings\n{SECRET}\n",
        "a list": f"---\nkind: reflection\nauthor: [SE-201, SV-014]\n---\n## Feelings\n{SECRET}\n",
        "unknown fact": f"---\nkind: reflection\nauthor: SE-201\nsupervisor: SV-014\n---\n## Feelings\n{SECRET}\n",
    }
    files = {f"{n}.md": text for n, text in enumerate(logs.values())}
    root = write(tmp_path, {"supervision.yaml": "organisation: R\nowner: SV-014\n", **files})
    for who in (("parties",), ("organisation",), ("author", "--as", "SV-014"), ("case", "--as", "K-17")):
        ran = notes("render", "--draft", "--format", "html", "--for", *who, at=root)
        assert telling(ran.out + ran.err, SECRET) == []
        made = prints(root / "out") if (root / "out").exists() else {}
        assert [name for name, data in made.items() if SECRET.encode() in data] == []


def test_a_blank_form_for_one_holds_no_word_of_another(folder: Path) -> None:
    root = folder / "ws" if (folder / "ws").exists() else write(folder / "ws", practice())
    for kind, more in (("session", ()), ("agreement", ("--form", "individual"))):
        ran = notes("new", kind, "--for", "SE-205", "--date", "2026-10-14", "--dry-run", *more, at=root)
        assert ran.code == 0
        assert telling(ran.out + ran.err, *WORD.values(), *NAMES.values()) == []


# whose machine it is

PERSON = "rhian.kettle"
HERE = Path("home") / PERSON / "Documents" / "my-practice"
TRAVELLER = {
    "supervision.yaml": "organisation: R\nowner: SE-201\nlogo: /etc/hostname\ntheme: ours\n",
    "people.yaml": "people:\n  SE-201: {name: A, name: B}\n",
    "styles/ours.css": "@import url(none.css); @font-face { font-family: X; src: url(/etc/hostname) }",
    "schemas/own.schema.json": "{",
    "a.md": text_of(SESSION, {**CLINICAL, "Exploration": "![x](/etc/hostname), [y](file:///etc/hostname) \U0010fffd"}),
    "wrong.md": text_of({**SESSION, "minutes": "0", "date": "03/04/2026"}),
    "broken.md": "---\nkind: session\n",
    "log.md": text_of(REFLECTION, {"Feelings": "Cold."}),
    "agreement.md": text_of(AGREEMENT),
    "notes.txt": "---\nkind: session\n---\n",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in somebody's home folder, with links that lead nowhere and away."""
    top = tmp_path_factory.mktemp("machine")
    root = write(top / HERE, TRAVELLER)
    (root / "nowhere.md").symlink_to(root / "none.md")
    (root / "away.md").symlink_to(top / "home" / PERSON / "other.md")
    write(top / "home" / PERSON, {"other.md": TRAVELLER["a.md"]})
    (root / "out" / "agreement.html").mkdir(parents=True)
    (root / "sub").mkdir()
    return top


def who_and_where(top: Path) -> list[str]:
    return [str(top), str(top.resolve()), PERSON, str(ROOT), str(Path.home()) + os.sep, sys.prefix, "/home/"]


def at_home(top: Path, *arguments: str | Path, at: Path | None = None) -> Ran:
    person = {"HOME": str(top / "home" / PERSON), "USER": PERSON, "LOGNAME": PERSON, "USERNAME": PERSON}
    return notes(*arguments, at=at or top / HERE, env=person)


SAYINGS = [
    *(("check", "--format", form) for form in FORMATS),
    ("check", "."), ("check", "wrong.md", "away.md"), ("check", "none.md"), ("--debug", "check", "--strict"),
    ("render",), ("render", "--draft"), ("render", "--format", "html"), ("render", "--format", "html", "--draft"),
    ("render", "--for", "organisation"), ("render", "--for", "author"), ("render", "away.md"), ("render", "nothing"),
    ("--debug", "render", "-o", "a.md"), ("--debug", "render", "-o", "a.md/b", "--format", "html"),
    ("new", "session", "--date", "2026-10-14"), ("new", "session", "--dry-run"), ("new", "nothing"),
    ("new", "session", "--set", "id=../x"), ("new", "session", "--set", "nothing=x"),
    ("init",), ("init", "--example"), ("--debug", "init", "a.md/b"), ("init", "sub/blank"),
    ("doctor",), ("rules",), ("schema", "session"), ("schema", "own"), ("policies",), ("explain", "SN101"),
    ("explain", "SN999"),
    ("--help",), ("--version",),
]  # fmt: skip


@pytest.mark.parametrize("said", SAYINGS, ids=" ".join)
def test_no_output_says_whose_machine_it_is(said: tuple[str, ...], home: Path) -> None:
    ran = at_home(home, *said)
    assert ran.out + ran.err
    assert telling(ran.out + ran.err, *who_and_where(home)) == []


@pytest.mark.parametrize("said", [said for said in SAYINGS if said[0] in ("check", "render", "doctor")], ids=" ".join)
def test_nor_when_the_workspace_is_named(said: tuple[str, ...], home: Path) -> None:
    """As a path in full it is what was typed; even so it is not said again."""
    for folder, at in ((home / HERE, home), (Path(HERE.name), (home / HERE).parent)):
        ran = at_home(home, "-C", folder, *said, at=at)
        assert ran.out + ran.err
        assert telling(ran.out + ran.err, *who_and_where(home)) == []


def test_a_home_folder_that_is_itself_the_workspace_is_not_named(home: Path, tmp_path: Path) -> None:
    root = write(tmp_path / PERSON, {"supervision.yaml": "organisation: R\n"})
    ran = at_home(home, "doctor", at=root)
    assert telling(ran.out + ran.err, PERSON) == []


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_no_print_says_whose_machine_made_it(form: str, home: Path) -> None:
    out = home / f"prints-{form}"
    for who in (("parties",), ("organisation",), ("author", "--as", "SE-201")):
        at_home(home, "render", "--draft", "--format", form, "-o", out, "--for", *who)
    made = prints(out)
    assert len(made) > 5
    for name, data in made.items():
        shown = data.decode() if form == "html" else "\n".join([*sheets(data), hidden(data)])
        assert telling(f"{name}\n{shown}", *who_and_where(home)) == []


def test_a_fault_says_no_path(home: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            FAULT.replace("{fault}", "OSError(5, 'Input/output error', __file__)"),
            "--debug",
            "check",
        ],
        cwd=home / HERE,
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert telling(done.stdout + done.stderr, *who_and_where(home)) == []


def test_a_page_that_is_missing_says_no_path(home: Path, tmp_path: Path) -> None:
    for n, template in enumerate(
        ("{% extends 'none' %}", "{% include 'none' %}", "{% import 'none' as x %}", "{% import '../x' as y %}")
    ):
        root = write(tmp_path / str(n) / PERSON, {"supervision.yaml": "organisation: R\n", "a.md": TRAVELLER["a.md"]})
        write(root, {"pages/session.html.j2": template})
        ran = at_home(home, "render", "--format", "html", at=root)
        assert ran.code == 1
        assert telling(ran.out + ran.err, str(tmp_path), *who_and_where(home)) == []


def test_the_registers_are_kinds_too() -> None:
    """What the register's own mistakes say is searched above; these are the names it goes by."""
    assert {f"{name}.yaml" for name in registers()} <= {Path(path).name for path in REGISTERS}
