"""What prints beside a record: who signed it and what they said, and what was added later.

These are records of their own; their words are read again from their files. The parties see all of it. The
organisation learns whether a record is signed, a case nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..questions.view import View
from ..reading import read_one
from ..record import Audience, Record
from ..signing import SIGNED_KINDS, Standing, decides, standings
from ..skeleton import Skeleton, when
from ..workspace import Workspace
from .phrases import Phrases
from .sheet import Sheet, safe

PARTIES = Audience("parties")
NOTHING: Mapping[str, Any] = {"standing": "", "voices": [], "addenda": [], "extended": False}
# A longer comment, or one with a table, needs the whole width of the sheet.
SIDE_BY_SIDE = 700
_WIDE = re.compile(r"<(?:table|pre|blockquote)\b")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Beside:
    """What stands beside one record, for one audience. With `draft` words print though they have errors."""

    workspace: Workspace
    record: Skeleton
    audience: Audience
    draft: bool = False

    def data(self) -> dict[str, Any]:
        """All that a page may know of it."""
        view = View(self.workspace, self.audience)
        among = self._among
        return {
            "standing": view.standing(self.record) if self.audience.who == "organisation" else "",
            "voices": list(self._voices()) if among else [],
            "addenda": [self._said(addendum) for addendum in self._tied("addendum")] if among else [],
            "extended": view.extended(self.record),
        }

    def faulty(self) -> list[Skeleton]:
        """The sign-offs and addenda whose words are left out, because they have errors."""
        return [tied for kind in ("sign-off", "addendum") for tied in self._tied(kind) if not self._prints(tied)]

    def holds(self, tied: Skeleton) -> bool:
        """Whether a sign-off or an addendum prints here, words and all."""
        if tied not in self._tied(tied.kind) or not self._prints(tied):
            return False
        return tied.kind == "addendum" or (self.record.kind in SIGNED_KINDS and decides(tied, self.record))

    @property
    def _among(self) -> bool:
        """Whether the audience are the parties, or one of them."""
        if self.record.private or self.audience.who not in ("parties", "author"):
            return False
        return self.audience.who == "parties" or self.audience.person in self.record.parties

    def _tied(self, kind: str) -> list[Skeleton]:
        if not self._among:
            return []
        found = [tied for tied in self.workspace.tied_to(self.record.id, "of") if tied.kind == kind]
        return sorted(found, key=when)

    def _prints(self, tied: Skeleton) -> bool:
        return tied.sound or self.draft

    def _voices(self) -> Iterator[dict[str, Any]]:
        """How each party stands, and what they said, the last first. Of a draft nothing is asked."""
        if self.record.kind not in SIGNED_KINDS:
            return
        for standing in standings(self.workspace, self.record):
            if standing.sign_off or self.record.status != "draft":
                yield self._voice(standing)

    def _voice(self, standing: Standing) -> dict[str, Any]:
        own = [signed for signed in self._tied("sign-off") if signed.text("by") == standing.person]
        said = [self._said(signed) for signed in reversed(own) if decides(signed, self.record)]
        words = "".join(section.get("html", "") for one in said for section in one["sections"])
        return safe(
            {
                "code": standing.person,
                "name_html": Phrases(self.workspace).name(standing.person),
                "state": standing.state,
                "said": said,
                "left_out": len(said) < len(own),
                "spoke": len(own) > 1
                or len(said) < len(own)
                or any(one["sections"] or one["left_out"] for one in said),
                "wide": len(_TAG.sub("", words)) > SIDE_BY_SIDE or bool(_WIDE.search(words)),
            }
        )

    def _said(self, tied: Skeleton) -> dict[str, Any]:
        """One sign-off or addendum: whose it is, of which day, and its words if they may print."""
        phrases = Phrases(self.workspace)
        fields = self.workspace.register.kinds[tied.kind].fields
        verdict = fields["verdict"].schema if "verdict" in fields else {}
        record = self._read(tied)
        return safe(
            {
                "code": tied.text("by") or "",
                "name_html": phrases.name(tied.text("by") or ""),
                "date": phrases.date(tied.date or ""),
                "paper": tied.text("method") == "paper",
                "verdict": tied.text("verdict") or "",
                "verdict_html": phrases.value(verdict, tied.text("verdict") or ""),
                "sections": list(Sheet(record, self.workspace, PARTIES, level=4).sections()) if record else [],
                "left_out": record is None,
            }
        )

    def _read(self, tied: Skeleton) -> Record | None:
        return read_one(self.workspace.root, tied.path, self.workspace.register) if self._prints(tied) else None
