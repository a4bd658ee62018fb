"""Workspace × audience → HTML: pages that one is glad to sign, a bound portfolio, answers with what they draw.

The only module that knows Jinja. A template gets plain data: words, numbers, lists and maps, already filtered for the
audience, with every piece of HTML made before. Names stand in the page's body alone: its title, bookmarks and running
heads hold codes.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from ..document import prose
from ..own import OwnTemplates, own_file
from ..record import Audience, Record
from ..shipped import folder
from ..values import BLANK
from ..workspace import Workspace
from .beside import NOTHING, Beside
from .sheet import Sheet

LARGEST_LOGO = 2_000_000
# In a style sheet, an address without a scheme names a file that lies beside it.
_BESIDE = re.compile(r"""((?:\burl\(|@import\s)\s*["']?)(?![a-z][-+.a-z0-9]*:|#|["'\s]|url\()""", re.IGNORECASE)
# What may stand before anything that could ask for something: a page's own policy is said behind it.
_TAG = r"""\b(?:"[^"]*"|'[^']*'|[^"'>])*>\s*"""
_BEGINNING = re.compile(rf"\ufeff?\s*(?:<!doctype{_TAG})?(?:<html{_TAG})?(?:<head{_TAG})?", re.IGNORECASE)
_ALONE = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:\">\n"
)
_NO_ANCHOR = re.compile(r"[^\w.-]")
_COLOUR = re.compile(r"--(accent|ink|quiet|rule|tint|green|yellow|red)\s*:\s*([^;}]+?)\s*[;}]")

# What a page of one's own can do wrong while it is filled in.
_OF_A_PAGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class PageFault(Exception):
    """A page template cannot be used; the message names the template and the line."""


class Part(NamedTuple):
    """A record as a part of something that is bound: its HTML, and how the contents name it."""

    html: Markup
    id: str
    anchor: str
    title: str
    date: str
    draft: bool
    short: bool


def html(record: Record, workspace: Workspace, audience: Audience, draft: bool = False) -> str:
    """A record as a whole HTML document, with only what the audience may read.

    What its parties said of it and what was added later stands beside it. `draft` says DRAFT on every page, and leaves
    room to write under the headings that are still to be filled; a record whose status is draft is printed so in any
    case.
    """
    data = {
        **Sheet(record, workspace, audience, draft).data(),
        **Beside(workspace, record.skeleton, audience, draft).data(),
        "layout": "sheet.html.j2",
        "bound": False,
        "alone": False,
        "given": False,
    }
    return _whole(workspace, data, f"{record.kind.name}.html.j2", "record.html.j2")


def part(
    record: Record, workspace: Workspace, audience: Audience, draft: bool, *, number: int, asked_by: Audience,
    alone: bool = False, given: bool = False,
) -> Part:  # fmt: skip
    """A record as the part of a pack that has this number; with `alone`, without what stands beside it.

    A session that was `given` to somebody else holds codes alone.
    """
    sheet = Sheet(record, workspace, audience, draft, named=not given, asked_by=asked_by)
    data = {
        **sheet.data(room=False),
        **(NOTHING if alone else Beside(workspace, record.skeleton, audience, draft).data()),
        "layout": "part.html.j2",
        "bound": True,
        "alone": alone,
        "given": given,
    }
    filled = _filled(workspace, data, f"{record.kind.name}.html.j2", "record.html.j2")
    anchor = f"{number}-{_NO_ANCHOR.sub('', record.id)}"  # a reader hears it where the contents lead there
    short = alone or audience.who == "organisation"
    return Part(Markup(filled), record.id, anchor, record.label, data["date"], data["draft"], short)


def pack(about: Mapping[str, Any], parts: Sequence[Part], workspace: Workspace, audience: Audience) -> str:
    """Parts bound together, with a cover and contents: one HTML document. `about` is what the cover says."""
    data = {**about, "parts": [part._asdict() for part in parts], "audience": audience._asdict(), "draft": False}
    return _whole(workspace, data, "pack.html.j2")


def drawn(name: str, about: Mapping[str, Any], workspace: Workspace, audience: Audience) -> str:
    """An answer as an HTML document, by the name of its template: what is drawn, and the same in tables."""
    data = {**about, "audience": audience._asdict(), "draft": False, "colours": _colours(workspace)}
    return _whole(workspace, data, f"{name}.html.j2")


def _whole(workspace: Workspace, data: Mapping[str, Any], *names: str) -> str:
    """A document of its own, which may load nothing from anywhere, whoever wrote its template."""
    filled = _filled(workspace, data, *names)
    found = _BEGINNING.match(filled)
    assert found, "nothing at all is a beginning too"
    return f"{found[0]}{_ALONE}{filled[found.end() :]}"


def _filled(workspace: Workspace, data: Mapping[str, Any], *names: str) -> str:
    """The first template of these names that there is, filled in."""
    register, root = workspace.register, workspace.root
    frame = {
        "language": register.language,
        "style": _style(root, str(register.settings.get("theme", ""))),
        "logo": _logo(root, str(register.settings.get("logo", ""))),
        # Nobody's letterhead is a blank.
        "organisation": BLANK.sub("", str(register.settings.get("organisation", ""))).strip(),
        "blank": Markup(prose.plain("____")),
        "line": Markup(prose.rule()),
    }
    try:
        return _pages(root).select_template(names).render(frame | dict(data))
    except TemplateSyntaxError as fault:
        raise PageFault(f"the page {fault.name or names[0]}, line {fault.lineno}: {fault.message}") from fault
    except (TemplateError, *_OF_A_PAGE) as fault:  # its message may hold a record's words
        raise PageFault(f"the page {names[0]} asks for something that is not there ({type(fault).__name__})") from None


@lru_cache(maxsize=8)
def _pages(root: Path) -> SandboxedEnvironment:
    """The page templates: the workspace's own win; `shipped/NAME` is always ours, for them to extend."""
    shipped = FileSystemLoader(folder("templates") / "pages")
    own = OwnTemplates(root, below="pages/")
    return SandboxedEnvironment(
        loader=ChoiceLoader([own, shipped, PrefixLoader({"shipped": shipped})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(root: Path, theme: str) -> Markup:
    """The style sheets in one: our colours, what the workspace changes of them, the layout."""
    shipped = folder("templates") / "styles"
    layout = own_file(root, "styles/print.css") or shipped / "print.css"
    own = (own_file(root, f"styles/{name}.css") for name in ("theme", Path(theme).name))
    css = "\n".join(sheet.read_text("utf-8", "replace") for sheet in (shipped / "theme.css", *own, layout) if sheet)
    return Markup(_BESIDE.sub(r"\1asset:", css).replace("</", r"<\/"))


def _colours(workspace: Workspace) -> dict[str, str]:
    """The colours of the theme by name. A drawing needs them spelt out: the style of its page does not reach it."""
    return dict(_COLOUR.findall(_style(workspace.root, str(workspace.register.settings.get("theme", "")))))


def _logo(root: Path, name: str) -> str:
    """The workspace's logo, carried in the page itself; empty where there is none inside the workspace."""
    path = own_file(root, name)
    kind = mimetypes.guess_type(path.name)[0] if path else None
    if path is None or not (kind or "").startswith("image/"):
        return ""
    if path.stat().st_size > LARGEST_LOGO:
        return ""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
