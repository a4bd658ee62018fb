"""Records → files to read or to sign, over the cores.

One record that cannot be printed never stops the others: each has its own outcome.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

from . import page, pdf, write
from .cores import spread
from .reading import read_one
from .record import Audience, Record
from .rules.privacy import private_record_of_another
from .skeleton import Skeleton
from .workspace import Workspace

Form = Literal["pdf", "html"]
_PDF, _TOOL = b"%PDF-", b"<xmp:CreatorTool>supervision-notes<"
_SIGNED = b"\n<!-- printed by supervision-notes -->\n"


class Outcome(NamedTuple):
    """What became of one record: where it was printed, or why it was not; and what no font could draw."""

    record: Skeleton
    path: Path | None
    why: str = ""
    failed: bool = False
    missing: tuple[str, ...] = ()


_FAULTY = "it has errors: mend them (`check` names them) or add --draft"


@dataclass(frozen=True)
class Print:
    """What is wanted: for whom, in which form, into which folder, and whether drafts with errors print too."""

    workspace: Workspace
    audience: Audience
    form: Form
    folder: Path
    draft: bool = False


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
    if wanted.workspace.find(skeleton.id) != skeleton:
        return Outcome(skeleton, None, "another record has the same id, and would print over it", failed=True)
    if not skeleton.kind:
        return Outcome(skeleton, None, "it could not be read: `check` says why", failed=True)
    if skeleton.private and wanted.audience.who != "author":
        return Outcome(skeleton, None, _nothing_for(wanted.audience, skeleton))
    if not skeleton.sound and wanted.audience.who in ("organisation", "case"):
        return Outcome(
            skeleton, None, "it has errors, and nothing of such a record goes beyond those who met", failed=True
        )
    if not skeleton.sound and not (wanted.draft or skeleton.private):
        return Outcome(skeleton, None, _FAULTY, failed=True)
    try:
        return _printed(wanted, skeleton)
    except write.NameTaken:
        return Outcome(
            skeleton, None, "a file of that name is there already, and is not one of our prints", failed=True
        )
    except OSError as fault:
        return Outcome(skeleton, None, f"the machine refused: {fault.strerror or type(fault).__name__}", failed=True)
    except page.PageFault as fault:
        return Outcome(skeleton, None, str(fault), failed=True)
    except Exception as fault:
        return Outcome(skeleton, None, f"this is our fault, not yours: {type(fault).__name__}", failed=True)


def _printed(wanted: Print, skeleton: Skeleton) -> Outcome:
    workspace, audience = wanted.workspace, wanted.audience
    record = read_one(workspace.root, skeleton.path, workspace.register)
    if record and any(private_record_of_another.check(record, workspace.register)):
        why = "it belongs to somebody else than the owner of this workspace: give it back"
        return Outcome(skeleton, None, why, failed=True)
    if skeleton.private and not skeleton.sound and not wanted.draft:
        return Outcome(skeleton, None, _FAULTY, failed=True)
    if record is None or not record.seen_by(audience, workspace.receives(record)):
        return Outcome(skeleton, None, _nothing_for(audience, skeleton))
    html = page.html(record, workspace, audience, draft=wanted.draft)
    missing: tuple[str, ...] = ()
    data = html.encode() + _SIGNED
    if wanted.form == "pdf":
        data, missing = pdf.pdf(html, pdf.Assets(workspace.root / "styles"))
    path = wanted.folder / _name(record, audience, wanted.form)
    write.replace(path, data, ours=_is_ours)
    return Outcome(skeleton, path, missing=missing)


def _is_ours(before: bytes) -> bool:
    """Whether a file is an earlier print, which a new one may replace."""
    # What was signed or annotated since then has a second end, and is somebody's work.
    whole = before.startswith(_PDF) and before.count(b"%%EOF") == 1 and before.rstrip().endswith(b"%%EOF")
    return before.endswith(_SIGNED) or (whole and _TOOL in before)


def _nothing_for(audience: Audience, skeleton: Skeleton) -> str:
    if skeleton.private and audience.who != "author":
        return "private, so printed for the author alone: --for author --as CODE"
    readers = {"case": f"case {audience.case}", "author": str(audience.person)}
    return f"nothing for {readers.get(audience.who, f'the {audience.who}')}"


def _name(record: Record, audience: Audience, form: Form) -> str:
    """The name of a print: the id, and behind a sign that no id has for whom it is, where that is not the parties."""
    whom = ""
    if audience.who == "organisation":
        whom = "~organisation"
    elif audience.who == "case":
        whom = f"~case-{_safe(audience.case or '')}"
    elif audience.who == "author":
        own = record.value.get("author") in (audience.person, None)
        whom = "~author" if own else f"~for-{_safe(audience.person or '')}"
    return f"{_safe(record.id)}{whom}.{form}"


def _safe(part: str) -> str:
    """A part of a file's name in which every other sign is told by its number, so that no two become one."""
    return re.sub(r"[^\w.-]", lambda sign: f"%{ord(sign[0]):02X}", part)
