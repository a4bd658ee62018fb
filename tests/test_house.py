"""The house stands in one line: what may import what, which module alone knows which library, and what stays light."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import KINDS, ROOT

PACKAGE = ROOT / "supervision_notes"
LONGEST = 400

# In reading order; each may import only from those above it. A folder's own order stands where it is used.
LINE = [
    "shipped", "cores", "problem",
    "mistakes.__init__", "mistakes.text", "mistakes.structure",
    "document.source", "document.comments", "document.facts", "document.outline",
    "document.prose", "document.tasks", "document.__init__",
    "kind", "dates", "values", "sections", "headings", "schema", "skeleton", "record", "policies", "register",
    "agreements", "workspace", "continuity", "signing", "attendance", "people", "exported", "gathering",
    "rules.base", "rules.links", "rules.chains", "rules.practice", "rules.actions", "rules.continuity",
    "rules.agreements", "rules.signing", "rules.privacy", "rules.register", "rules.programme", "rules.policies",
    "rules.__init__",
    "questions.__init__", "questions.view", "questions.listing", "questions.links", "questions.graph",
    "questions.drawing", "questions.year", "questions.timeline", "questions.actions",
    "questions.clock", "questions.history",
    "questions.ledger", "questions.shapes",
    "questions.programme", "questions.due", "questions.reminders", "questions.diary", "questions.merging",
    "questions.coverage", "questions.evidence",
    "registers", "finding", "withheld", "index", "address", "store", "reading", "convert", "questions.wording",
    "questions.show", "questions.evaluation",
    "mend", "importing.amend", "importing.roster", "importing.__init__", "write", "own",
    "sent", "mailing", "telling", "ical",
    "writing.__init__", "writing.forms", "writing.beginning", "writing.drafting", "writing.cohort", "writing.signature",
    "printing.phrases", "printing.sheet", "printing.beside", "printing.hiding", "printing.pack", "printing.picture",
    "printing.figures", "printing.evidenced", "printing.standing",
    "printing.evaluated", "printing.page", "printing.pdf", "printing.__init__",
    "cli.__init__", "cli.settings", "cli.excerpt", "cli.terminal", "cli.place", "cli.progress", "cli.report",
    "cli.init", "cli.new", "cli.sign_off", "cli.check", "cli.render", "cli.convert",
    "cli.explain", "cli.rules", "cli.schema", "cli.tables", "cli.policies", "cli.asking", "cli.pages", "cli.listing",
    "cli.links", "cli.actions", "cli.show", "cli.timeline", "cli.sources", "cli.due", "cli.coverage", "cli.evidence",
    "cli.evaluation", "cli.attendance", "cli.remind", "cli.calendar", "cli.import_people",
    "cli.doctor", "cli.main",
    "__init__", "__main__",
]  # fmt: skip

KNOWS = {
    "yaml": {"document.facts"},
    "markdown_it": {"document.outline", "document.prose"},
    "icalendar": {"ical"},
    "jsonschema_rs": {"schema"},
    "jinja2": {"own", "printing.page", "writing.forms"},
    "weasyprint": {"printing.pdf"},
    "rich": {"cli.progress"},
    "msgspec": {"index"},
    "sqlite3": {"index", "store"},
    "psycopg": {"store"},
    "smtplib": {"mailing"},
    "click": {name for name in LINE if name.startswith("cli.")},
}


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


MODULES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(name: str) -> list[str]:
    """The modules that a module imports, wherever in it: our own by their names here. The version stands above all."""
    package = name.split(".")[:-1]
    found: list[str] = []
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name("import_module"), args=[ast.Constant(str(module)), *_]):
                found.append(module)
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append(node.module or "")
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1], *(node.module.split(".") if node.module else [])]
            for alias in (one for one in node.names if one.name != "__version__"):
                inner = ".".join([*base, alias.name])
                module = ".".join(base)
                whole = f"{module}.__init__" if module else "__init__"
                found.append(next(n for n in (inner, f"{inner}.__init__", module, whole) if n in MODULES))
    return found


def test_every_module_has_its_place_in_the_line() -> None:
    assert sorted(MODULES) == sorted(LINE)


@pytest.mark.parametrize("name", LINE)
def test_a_module_imports_only_from_those_above(name: str) -> None:
    above = set(LINE[: LINE.index(name)])
    ours = {other for other in imported(name) if other in MODULES}
    assert ours <= above


def test_there_was_something_to_look_at() -> None:
    assert sum(other in MODULES for name in LINE for other in imported(name)) > 100
    assert len(MODULES) > 40


@pytest.mark.parametrize("library", KNOWS)
def test_a_library_is_known_to_few(library: str) -> None:
    knowing = {name for name in MODULES if library in {other.split(".")[0] for other in imported(name)}}
    assert knowing
    assert knowing <= KNOWS[library]


@pytest.mark.parametrize("name", MODULES)
def test_no_module_is_too_long_to_read(name: str) -> None:
    """The catalogue of mistakes is a manual of many pages, and is measured without them."""
    text = MODULES[name].read_text("utf-8")
    if name.startswith("mistakes."):
        text = re.sub(r'    """.*?"""\n', "", text, flags=re.DOTALL)
    assert text.count("\n") <= LONGEST


@pytest.mark.parametrize("name", MODULES)
def test_a_module_opens_with_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[name].read_text("utf-8")))


HEAVY = [
    "yaml", "markdown_it", "jsonschema_rs", "weasyprint", "jinja2", "rich", "concurrent.futures",
    "multiprocessing", "sqlite3", "smtplib", "icalendar", "psycopg",
]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "free_of"),
    [
        ("supervision_notes", HEAVY),
        ("supervision_notes.cli.main", HEAVY),
        ("supervision_notes.cli.check", ["weasyprint", "jinja2", "rich", "psycopg"]),
        ("supervision_notes.cli.rules", ["weasyprint", "jinja2", "rich"]),
        ("supervision_notes.cli.explain", ["weasyprint", "jinja2", "rich"]),
    ],
)
def test_what_is_light_stays_light(module: str, free_of: list[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert module in loaded
    assert not loaded & set(free_of)


def test_schemas_forms_and_pages_are_equal_in_number_and_name() -> None:
    forms = {path.name.removesuffix(".md.j2") for path in (ROOT / "templates/forms").glob("*.md.j2")}
    pages = {path.name.removesuffix(".html.j2") for path in (ROOT / "templates/pages").glob("*.html.j2")}
    parts = {
        "parts",
        "record",
        "words",
        "sheet",
        "part",
        "pack",
        "timeline",
        "drawing",
        "coverage",
        "due",
        "evaluation",
        "evidence",
    }
    assert len(KINDS) >= 3
    assert set(KINDS) == forms == pages - parts


def test_no_word_of_a_page_is_set_twice() -> None:
    """A second one would take the place of the first on every page."""
    names = re.findall(r"{% set (\w+) =", (ROOT / "templates/pages/words.html.j2").read_text("utf-8"))
    assert len(names) > 100
    assert [name for name in names if names.count(name) > 1] == []


def test_clauses_are_those_of_the_agreement() -> None:
    agreement = KINDS["agreement"]
    names = [path.name.split(".") for path in (ROOT / "templates/clauses").glob("*.md")]
    forms = agreement.fields["form"].schema["enum"]
    assert {key for key, *_ in names} == {key for key, field in agreement.fields.items() if field.shape}
    assert {form for _, *rest in names for form in rest[:-1]} <= set(forms)
    for key, field in agreement.fields.items():
        if field.shape and field.schema["x-ask"] is True:
            assert [key, "md"] in names, "a clause that every form asks for has a text for every form"


def test_no_path_of_a_machine_is_shipped() -> None:
    home = re.compile(r"/(?:home|Users|work|root)/[a-z]")
    for folder in ("supervision_notes", "schemas", "templates", "examples"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".json", ".j2", ".md", ".css", ".yaml"):
                assert not home.search(path.read_text("utf-8")), path.name
