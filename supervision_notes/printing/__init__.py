"""Records → files to read or to sign, over the cores.

One record that cannot be printed never stops the others: each has its own outcome.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from .. import write
from ..cores import spread
from ..questions.view import View
from ..reading import read_one
from ..record import Audience, Record
from ..rules.privacy import private_record_of_another
from ..skeleton import Skeleton
from ..workspace import Workspace
from . import page, pdf
from .beside import Beside
from .pack import Pack

Form = Literal["pdf", "html", "svg", "dot"]
# By this a print is known again: it says what the rest of the file was when it was printed.
_SEAL: Mapping[Form, bytes] = {
    "html": b"\n<!-- printed by supervision-notes: %s -->\n",
    "pdf": b"%% printed by supervision-notes: %s\n",
    "svg": b"\n<!-- printed by supervision-notes: %s -->\n",
    "dot": b"\n// printed by supervision-notes: %s\n",
}
_SEALED = re.compile(rb"(?:\n<!-- |\n// |% )printed by supervision-notes: ([0-9a-f]{64})(?: -->)?\n")


class Outcome(NamedTuple):
    """What became of one record: where it was printed, or why it was not; and what no font could draw.

    `beside` are the paths of what was said of it, and is left out because it has errors.
    """

    record: Skeleton
    path: Path | None
    why: str = ""
    failed: bool = False
    missing: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class Bound(NamedTuple):
    """What became of many records in one print: where it is, or why there is none, and what was left out of it."""

    path: Path | None
    why: str = ""
    parts: tuple[Outcome, ...] = ()
    missing: tuple[str, ...] = ()


class Drawn(Protocol):
    """The page of an answer: what it draws, and the same in tables."""

    @property
    def page(self) -> str:
        """The name of its template."""

    @property
    def name(self) -> str:
        """The name of its file."""

    def about(self) -> dict[str, Any]:
        """All that the page may know."""


_FAULTY = "it has errors: mend them (`check` names them) or add --draft"
_STILL_A_DRAFT = "still a draft, so nothing for the organisation yet"
_NOTHING = "nothing in it for this audience"
_OF_ANOTHER = "it belongs to somebody else than the owner of this workspace: give it back"


@dataclass(frozen=True)
class Print:
    """What is wanted: for whom, in which form, into which folder, and whether drafts with errors print too."""

    workspace: Workspace
    audience: Audience
    form: Form
    folder: Path
    draft: bool = False

    @cached_property
    def known(self) -> Sequence[Skeleton]:
        """The records that the audience may hear of, whether they print or not; any other is as if it were not there.

        A case may hear of those that hold a decision about it, which nothing tells but the records themselves.
        """
        view = View(self.workspace, self.audience)
        heard_of = {record.path for record in (*view.records, *view.beside)}
        known = [r for r in (*self.workspace.records, *self.workspace.restricted) if r.path in heard_of]
        return [record for record in known if self.audience.who != "case" or self._reads(record)]

    @cached_property
    def by_id(self) -> Mapping[str, Skeleton]:
        """Those records by their id, compared without case; the first of two with the same, a restricted one last."""
        return {record.id.casefold(): record for record in reversed(self.known)}

    @cached_property
    def _paths(self) -> frozenset[str]:
        return frozenset(record.path for record in self.known)

    def knows(self, record: Skeleton) -> bool:
        """Whether the audience may hear of a record."""
        return record.path in self._paths

    @cached_property
    def case_alike(self) -> str | None:
        """How the reference of the case is spelt in a record, where it is not as it was asked for.

        Signs and capitals aside it is the same: of any other case nothing is said.
        """
        asked = _spelt_alike(self.audience.case or "")
        for skeleton in self.workspace.known_to(self.audience) if asked else ():
            with suppress(OSError):
                record = read_one(self.workspace.root, skeleton.path, self.workspace.register)
                for case in record.cases if record and skeleton.sound else ():
                    if _spelt_alike(case) == asked and case != self.audience.case:
                        return case
        return None

    def _reads(self, skeleton: Skeleton) -> bool:
        with suppress(OSError):
            record = read_one(self.workspace.root, skeleton.path, self.workspace.register)
            return record is not None and bool(self.workspace.seen(record, self.audience))
        return False


def print_records(
    wanted: Print, records: Sequence[Skeleton], *, jobs: int = 1, progress: Callable[[int, int], None] | None = None
) -> list[Outcome]:
    """Print records, in their order.

    Raises PrintingUnavailable, before anything is written, where this machine cannot make PDF.
    """
    if wanted.form == "pdf" and records:
        pdf.ready()
    outcomes: list[Outcome] = []
    for outcome in spread(partial(print_one, wanted), records, jobs, _broke_off):
        outcomes.append(outcome)
        if progress:
            progress(len(outcomes), len(records))
    return outcomes


def _broke_off(record: Skeleton) -> Outcome:
    return Outcome(record, None, "printing it broke off; is there enough memory?", failed=True)


def print_one(wanted: Print, skeleton: Skeleton) -> Outcome:
    """Print one record; whatever goes wrong is its outcome."""
    try:
        record = _ready(wanted, skeleton, wanted.audience)
        if isinstance(record, Outcome):
            return record
        html = page.html(record, wanted.workspace, wanted.audience, draft=wanted.draft)
        path, missing = _put(wanted, f"{_safe(record.id)}{_whom(wanted.audience)}", html)
        return Outcome(skeleton, path, missing=missing, beside=_left_out_beside(wanted, skeleton))
    except Exception as fault:
        return Outcome(skeleton, None, _said_of(fault), failed=True)


def prints_beside(wanted: Print, skeleton: Skeleton) -> bool:
    """Whether a record is a sign-off or an addendum that prints with the record that it is of."""
    of = wanted.workspace.named_by(skeleton, "of")
    if of is None or skeleton.kind not in ("sign-off", "addendum"):
        return False
    printed = bool(of.kind) and (of.sound or wanted.draft)
    return printed and Beside(wanted.workspace, of, wanted.audience, wanted.draft).holds(skeleton)


def print_pack(wanted: Print, pack: Pack) -> Bound:
    """Bind a person's records into one print; those that cannot be printed are left out of it, each with its outcome.

    Raises PrintingUnavailable where this machine cannot make PDF.
    """
    if wanted.form == "pdf":
        pdf.ready()
    name = f"pack-{pack.person}"
    if name.casefold() in wanted.by_id:
        return Bound(None, f"there is a record with the id {name}, and one print would take the place of the other")
    parts: list[page.Part] = []
    outcomes: list[Outcome] = []
    bound: list[Skeleton] = []
    for skeleton in pack.records:
        part, outcome = _bind(wanted, pack, skeleton, len(parts) + 1)
        outcomes.append(outcome)
        if part:
            parts.append(part)
            bound.append(skeleton)
    if not parts:
        return Bound(None, "there is nothing to bind for this audience", tuple(outcomes))
    try:
        html = page.pack(pack.about(bound), parts, wanted.workspace, wanted.audience)
        path, missing = _put(wanted, f"{_safe(name)}{_whom(wanted.audience)}", html)
        return Bound(path, "", tuple(outcomes), missing)
    except Exception as fault:
        return Bound(None, _said_of(fault), tuple(outcomes))


def print_drawn(wanted: Print, drawn: Drawn, name: str | None = None) -> Bound:
    """Print the page of an answer, under its own name or this one.

    Raises PrintingUnavailable where this machine cannot make PDF.
    """
    if wanted.form == "pdf":
        pdf.ready()
    try:
        html = page.drawn(drawn.page, drawn.about(), wanted.workspace, wanted.audience)
        path, missing = _put(wanted, name or f"{_safe(drawn.name)}{_whom(wanted.audience)}", html)
        return Bound(path, missing=missing)
    except Exception as fault:
        return Bound(None, _said_of(fault))


def print_lines(wanted: Print, lines: Iterable[str], own: str, name: str | None = None) -> Bound:
    """Print an answer that is a whole file by itself, such as a drawing, under its own name or another."""
    try:
        path, _ = _put(wanted, name or f"{_safe(own)}{_whom(wanted.audience)}", "".join(f"{line}\n" for line in lines))
        return Bound(path)
    except Exception as fault:
        return Bound(None, _said_of(fault))


def _bind(wanted: Print, pack: Pack, skeleton: Skeleton, number: int) -> tuple[page.Part | None, Outcome]:
    """A record as a part of a pack, or why it is left out; of what is others' too, what is the person's own."""
    given = pack.gave(skeleton)
    alone = given or pack.of_a_group(skeleton)
    # What is cut down to a person's own part is theirs, whether they were there or not.
    audience = Audience("parties") if alone and wanted.audience.who == "author" else wanted.audience
    try:
        record = _ready(wanted, skeleton, audience)
        if isinstance(record, Outcome):
            return None, record
        record = pack.own_part(record) if alone else record
        part = page.part(
            record, wanted.workspace, audience, wanted.draft,
            number=number, asked_by=wanted.audience, alone=alone, given=given,
        )  # fmt: skip
        return part, Outcome(skeleton, None, beside=() if alone else _left_out_beside(wanted, skeleton))
    except Exception as fault:
        return None, Outcome(skeleton, None, _said_of(fault), failed=True)


def _ready(wanted: Print, skeleton: Skeleton, audience: Audience) -> Record | Outcome:
    """A record, read again, if it may be printed for the audience; else why not.

    Of one that whoever wants the print may not hear of, nothing is said.
    """
    if not wanted.knows(skeleton):
        return Outcome(skeleton, None)
    if wanted.by_id[skeleton.id.casefold()] != skeleton:
        return Outcome(skeleton, None, "another record has the same id, and would print over it", failed=True)
    if not skeleton.kind:
        return Outcome(skeleton, None, "it could not be read: `check` says why", failed=True)
    if skeleton.status == "draft" and audience.who == "organisation":
        return Outcome(skeleton, None, _STILL_A_DRAFT)
    if not skeleton.sound and audience.who in ("organisation", "case"):
        why = "it has errors, and nothing of such a record goes beyond those who met"
        return Outcome(skeleton, None, why, failed=True)
    workspace = wanted.workspace
    record = read_one(workspace.root, skeleton.path, workspace.register)
    if record and any(private_record_of_another.check(record, workspace.register)):
        return Outcome(skeleton, None, _OF_ANOTHER, failed=True)
    if not skeleton.sound and not wanted.draft:
        return Outcome(skeleton, None, _FAULTY, failed=True)
    if record is None or not workspace.seen(record, audience):
        return Outcome(skeleton, None, _NOTHING)
    return record


def _left_out_beside(wanted: Print, skeleton: Skeleton) -> tuple[str, ...]:
    faulty = Beside(wanted.workspace, skeleton, wanted.audience, wanted.draft).faulty()
    return tuple(tied.path for tied in faulty)


def _said_of(fault: Exception) -> str:
    """What to tell of a fault: never its own words, which may be a record's."""
    if isinstance(fault, write.NameTaken):
        return (
            "a file of that name is there already, and it is none of our prints or was changed since it was printed; "
            "give it another name or take it away, or print into another folder with -o"
        )
    if isinstance(fault, OSError):
        return f"the machine refused: {fault.strerror or type(fault).__name__}"
    if isinstance(fault, page.PageFault):
        return str(fault)
    return f"this is our fault, not yours: {type(fault).__name__}"


def _put(wanted: Print, name: str, text: str) -> tuple[Path, tuple[str, ...]]:
    """Write a page or a drawing in the form that is wanted: where it is, and what no font could draw."""
    missing: tuple[str, ...] = ()
    data = text.encode()
    if wanted.form == "pdf":
        data, missing = pdf.pdf(text, pdf.Assets(wanted.workspace.root / "styles"))
    path = wanted.folder / f"{name}.{wanted.form}"
    write.replace(path, _sealed(data, wanted.form), ours=_is_ours)
    return path, missing


def _sealed(data: bytes, form: Form) -> bytes:
    """A print with its seal behind it; in a PDF, a remark before the last lines, which say where its parts lie."""
    end = data.rfind(b"startxref") if form == "pdf" else len(data)
    return data[:end] + _SEAL[form] % sha256(data).hexdigest().encode() + data[end:]


def _is_ours(before: bytes) -> bool:
    """Whether a file is an earlier print as it was printed, which a new one may replace."""
    # What was signed, annotated or written into since then is somebody's work.
    *_, seal = [None, *_SEALED.finditer(before)]
    return seal is not None and sha256(before[: seal.start()] + before[seal.end() :]).hexdigest() == seal[1].decode()


def _whom(audience: Audience) -> str:
    """For whom a print is, behind a sign that no id has; nothing where it is for the parties."""
    if audience.who == "organisation":
        return "~organisation"
    if audience.who == "case":
        return f"~case-{_safe(audience.case or '')}"
    if audience.who == "author":
        return f"~for-{_safe(audience.person or '')}"
    return ""


def _spelt_alike(reference: str) -> str:
    return re.sub(r"[\W_]+", "-", reference).casefold()


def _safe(part: str) -> str:
    """A part of a file's name in which every other sign is told by its number, so that no two become one."""
    return re.sub(r"[^\w.-]", lambda sign: f"%{ord(sign[0]):02X}", part)
