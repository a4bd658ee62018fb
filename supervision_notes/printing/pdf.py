"""HTML → PDF.

The only module that knows WeasyPrint, which is imported when the first page is printed: it takes half a second and
needs Pango, and neither `check` nor `--help` should pay for that.

What comes out is a tagged PDF that says it is PDF/A-3a and PDF/UA-1 at once. WeasyPrint knows how to say either of
them; what both need on top is added by `_finish`, after the pages are drawn and before the file is written. A file in
which a character could not be drawn, because no font has it, makes no such claim: the character is named instead.

The same HTML gives the same bytes on the same machine. Nothing here looks at the clock or the network: whatever a page
asks for is answered by `Assets`, from two folders, or refused.
"""

from __future__ import annotations

import contextlib
import io
import mimetypes
import os
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from multiprocessing.util import Finalize
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import unquote

from ..shipped import folder

INSTALL = (
    "Printing to PDF needs Pango and HarfBuzz-Subset: on Debian or Ubuntu run "
    "`sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`, on macOS `brew install pango`."
)
PDFUA = "http://www.aiim.org/pdfua/ns/id/"
# PDF/A wants every property of its metadata described, and does not know PDF/UA's; this says what `pdfuaid:part` is.
CLAIM_UA = f"""
<rdf:Description rdf:about="" xmlns:pdfuaid="{PDFUA}"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{PDFUA}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 this document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
""".encode()
CLAIM_A = re.compile(rb'<rdf:Description\b[^>]*\bpdfaid:part="3"[^>]*/>')


class PrintingUnavailable(Exception):
    """This machine lacks a library that printing needs; the message is the one sentence that says what to install."""


class Printed(NamedTuple):
    """A PDF, and the characters that no font on this machine could draw ("Ꮚ U+13CA")."""

    data: bytes
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Assets:
    """The files that a page may use, as `asset:fonts/X.ttf`: those in the workspace's `styles/`, then the shipped."""

    own: Path | None = None

    def read(self, name: str) -> bytes | None:
        """The file's bytes, or None when neither folder holds it; nothing outside the two folders is ever read."""
        # A folder that is itself a link may lead out of the workspace.
        own = self.own if self.own and self.own.resolve().parent == self.own.parent.resolve() else None
        for home in (own, folder("templates")):
            path = (home / name).resolve() if home else None
            if home and path and path.is_relative_to(home.resolve()) and path.is_file():
                return path.read_bytes()
        return None


SHIPPED = Assets()


def ready() -> None:
    """Raise PrintingUnavailable unless this machine can print."""
    _weasyprint()


def pdf(html: str, assets: Assets = SHIPPED) -> Printed:
    """Print one whole HTML document. Safe to call from many processes at once, not from many threads."""
    weasyprint = _weasyprint()
    fetcher, fonts = _press(assets)
    document = weasyprint.HTML(string=html, base_url=None, url_fetcher=fetcher).render(
        font_config=fonts, pdf_variant="pdf/a-3a"
    )
    document.metadata.generator = "supervision-notes"
    missing: list[str] = []

    def finish(document: Any, pdf: Any) -> None:
        missing.extend(_missing(document))
        _finish(document, pdf, claim=not missing)

    with warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to the garbage collector, which complains.
        warnings.simplefilter("ignore", ResourceWarning)
        data = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a")
    return Printed(data, tuple(missing))


@lru_cache(maxsize=1)
def _weasyprint() -> ModuleType:
    """WeasyPrint, or PrintingUnavailable; what it prints about its own installation is not for our readers."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return import_module("weasyprint")
        except (ImportError, OSError) as error:
            raise PrintingUnavailable(INSTALL) from error


def _press(assets: Assets) -> tuple[Any, Any]:
    """What every page of one workspace shares: who answers its requests, and the fonts that are loaded already."""
    return _press_of(assets, os.getpid())


@lru_cache(maxsize=4)
def _press_of(assets: Assets, process: int) -> tuple[Any, Any]:
    weasyprint = _weasyprint()
    urls = weasyprint.urls

    class Fetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        """Serves the assets and what a page carries in itself; everything else is refused."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme == "data":
                return super().fetch(url, headers)
            content = assets.read(unquote(name)) if scheme == "asset" else None
            if content is None:
                raise ValueError("a page may use only shipped assets and those of its workspace")
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    fonts = import_module("weasyprint.text.fonts").FontConfiguration()
    # A process of a pool ends without tidying up, unless it is asked to: fonts lie in a folder of their own.
    Finalize(None, fonts.__del__, exitpriority=1)
    return Fetcher(allowed_protocols=("data",)), fonts


def _missing(document: Any) -> list[str]:
    """The characters that were drawn as an empty box."""
    codes = sorted({code for font in document.fonts.values() for code in font.missing})
    return [f"{chr(code)} U+{code:04X}" if chr(code).isprintable() else f"U+{code:04X}" for code in codes]


def _finish(document: Any, pdf: Any, *, claim: bool) -> None:
    """Make a drawn PDF true to PDF/A-3a and PDF/UA-1, and say so if `claim`."""
    _say_what_it_is(_at(pdf, pdf.catalog["Metadata"]), claim)
    elements = [thing for thing in pdf.objects if isinstance(thing, dict) and thing.get("Type") == "/StructElem"]
    for element in elements:
        if element["S"] == "/TH":
            # Pages have no row headers: a reader would repeat them at every cell.
            element["A"]["Scope"] = "/Column"
        elif element["S"] != "/Link" and _leads_away(pdf, element):
            element["S"] = "/Link"
    _set_aside(pdf, [*_margins(pdf, elements), *_join_tables(pdf, document)])


def _leads_away(pdf: Any, element: Any) -> bool:
    """Whether a link's annotation hangs on this element, as on the emphasis inside a link."""
    return any(kid.get("Type") == "/OBJR" for kid in _kids(pdf, element))


def _say_what_it_is(metadata: Any, claim: bool) -> None:
    """Both claims stand inside the one rdf:RDF, in plain sight: others look for them without unpacking anything."""
    rdf = b"".join(metadata.stream)
    metadata.stream = [rdf.replace(b"</rdf:RDF>", CLAIM_UA + b"</rdf:RDF>") if claim else CLAIM_A.sub(b"", rdf)]
    metadata.compress = False


def _margins(pdf: Any, elements: list[Any]) -> list[Any]:
    """The tags of running heads and page numbers.

    They hang on no branch of the tree: they name the document as their parent, which does not know them.
    """
    document = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["K"][0])
    known = set(document["K"])
    return [
        element for element in elements if element.get("P") == document.reference and element.reference not in known
    ]


def _join_tables(pdf: Any, document: Any) -> list[Any]:
    """Make one table again of one that runs over several pages, and give back the heads that were repeated.

    WeasyPrint tags each page's part as a table of its own; where a row is taller than a page, one without a head.
    """
    parts: dict[Any, list[Any]] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element_tag == "table" and box.is_table_wrapper:
                cell = next(inner for inner in box.descendants() if inner.element_tag in ("td", "th"))
                parts.setdefault(box.element, []).append(_up_to(pdf, cell.mark, "/Table"))
    repeated = []
    for first, *others in parts.values():
        for other in others:
            for group in _kids(pdf, other):
                if group["S"] == "/THead":
                    repeated.append(group)
                else:
                    first["K"].append(group.reference)
                    group["P"] = first.reference
            _remove(pdf, other)
    return repeated


def _up_to(pdf: Any, element: Any, tag: str) -> Any:
    while element["S"] != tag:
        element = _at(pdf, element["P"])
    return element


def _remove(pdf: Any, element: Any) -> None:
    """Take an element off its branch, and with it each branch that is empty then."""
    parent = _at(pdf, element["P"])
    parent["K"].remove(element.reference)
    element.clear()
    if not parent["K"]:
        _remove(pdf, parent)


def _set_aside(pdf: Any, branches: list[Any]) -> None:
    """Turn what hangs on these branches into artifacts: marked so on the page, untagged, skipped by screen readers."""
    marks: dict[bytes, set[int]] = {}
    while branches:
        element = branches.pop()
        branches += _kids(pdf, element)
        marks.setdefault(element["Pg"], set()).update(kid for kid in element["K"] if isinstance(kid, int))
        element.clear()
    numbers = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for index, page in enumerate(pdf.page_references):
        if page in marks:
            for mark in marks[page]:
                numbers[2 * index + 1][mark] = "null"
            _mark_artifacts(_at(pdf, _at(pdf, page)["Contents"]).stream, marks[page])


def _mark_artifacts(stream: list[Any], marks: set[int]) -> None:
    """In a page's drawing, `/Span <</MCID 3>> BDC` becomes `/Artifact <</Type /Pagination>> BDC`."""
    for place, thing in enumerate(stream):
        if isinstance(thing, dict) and thing.get("MCID") in marks:
            stream[place - 1] = "/Artifact"
            thing.clear()
            thing["Type"] = "/Pagination"


def _kids(pdf: Any, element: Any) -> list[Any]:
    """The elements below an element; its marks on the page, which are plain numbers, are left out."""
    return [_at(pdf, kid) for kid in element["K"] if isinstance(kid, bytes)]


def _at(pdf: Any, reference: bytes) -> Any:
    """The object that a reference such as `12 0 R` names."""
    return pdf.objects[int(reference.split()[0])]
