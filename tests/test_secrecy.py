"""Confidentiality extended: until the supervisee is told, a disclosure shows nowhere but to its named readers.

Two workspaces are alike but for the disclosure. Whatever anybody asks, both answer with the same bytes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import AGREEMENT, CLINICAL, DISCLOSURE, REFLECTION, SESSION, text_of, write
from .test_render import Ran, notes

ID = "r-2026-10-09"
FIRST, SECOND = "2026-09-29-se201", "2026-11-17-se201"
ACTIONS = {**CLINICAL, "Actions": "- [ ] A1: Ask for the audit data @SE-201 due:2026-10-20"}
REVIEWED = {"Review of previous actions": f"- [>] {FIRST}#A1: Ask for the audit data @SE-201 due:2026-12-17"}
SOUND = {"What was said": "That a child may be at risk.", "Why": "Tattoowort.", "Outcome": "It was taken on."}
PRACTICE = {
    "supervision.yaml": "organisation: Riverside\nowner: SV-014\n",
    "people.yaml": "people:\n  SV-014: {name: Mary Poole}\n  SE-201: {name: Rhian Kettle}\n  EX-003: {name: H. M.}\n",
    "sessions/a.md": text_of({**SESSION, "id": FIRST, "agreement": "agr-1"}, ACTIONS),
    "sessions/b.md": text_of(
        {**SESSION, "id": SECOND, "date": "2026-11-17", "previous": FIRST, "agreement": "agr-1"},
        {**CLINICAL, **REVIEWED},
    ),
    "agreements/a.md": text_of({**AGREEMENT, "id": "agr-1", "status": "ended"}),
    "log.md": text_of({**REFLECTION, "id": "log-1", "author": "SV-014", "about": FIRST}),
}
TOLD_WORDS = "onfidentiality extended, see restricted note"

# Everything that anybody can ask, but for the readers whom the disclosure names.
ASKED = [
    ("check",), ("check", "--format", "json"), ("check", "--format", "sarif"), ("check", "--as-at", "2027-01-01"),
    ("check", "--strict"), ("check", "disclosures"), ("check", "--fix"),
    ("list",), ("list", "--format", "json"), ("list", "--for", "organisation"), ("list", "--for", "SE-201"),
    ("list", "--kind", "disclosure"), ("list", "--for", "author", "--as", "SE-201"), ("list", "--format", "csv"),
    ("show", FIRST), ("show", ID), ("show", "r-2026-10-08"), ("show", FIRST, "--format", "json"),
    ("show", ID, "--for", "author", "--as", "SE-201"),
    ("links", FIRST), ("links", ID), ("links", FIRST, "--for", "author", "--as", "SE-201"),
    ("timeline", "SE-201"), ("timeline", "SE-201", "--format", "json"), ("timeline", "SV-014"),
    ("timeline", "SE-201", "--for", "organisation"), ("timeline", "SE-201", "--format", "html", "-o", "out"),
    ("actions",), ("actions", "--all", "--format", "json"),
    ("render", "--format", "html"), ("render", "--format", "html", "--for", "organisation"),
    ("render", "--format", "html", "--for", "author", "--as", "SE-201"), ("render", ID, "--format", "html"),
    ("render", "--format", "html", "--for", "case", "--as", "K-1"), ("render", "disclosures", "--format", "html"),
    ("render", "--pack", "SE-201", "--format", "html"), ("render", "--pack", "SV-014", "--format", "html"),
    ("render", ID, "--format", "html", "--for", "author", "--as", "SE-201"),
    ("new", "session", "--for", "SE-201", "--date", "2026-12-20", "--dry-run"),
    ("sign-off", ID, "--as", "SE-201"), ("sign-off", ID, "--as", "SV-014"),
    ("convert", f"disclosures/{ID}.txt"), ("doctor",),
    ("due", "--as-at", "2026-12-20"), ("coverage", "--as-at", "2026-12-20"),
    ("attendance", "export"), ("attendance", "export", "-o", "out.csv"),
]  # fmt: skip


def disclosure(**facts: str) -> str:
    return text_of({**DISCLOSURE, "id": ID, "session": FIRST, **facts}, SOUND)


@pytest.fixture(params=["", "no"])
def twins(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """A workspace without a disclosure, and one with it, of which the supervisee was not told."""
    told = {"supervisee_told": request.param} if request.param else {"supervisee_told": "~"}
    plain = write(tmp_path / "plain" / "ws", PRACTICE)
    other = write(tmp_path / "other" / "ws", {**PRACTICE, f"disclosures/{ID}.md": disclosure(**told)})
    (plain / "disclosures").mkdir()
    return plain, other


def everything(root: Path, ran: Ran) -> tuple[object, ...]:
    """What was said, but for how long it took, and all that lies in the workspace since."""
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != f"{ID}.md" and ".supervision" not in path.parts
    }
    return ran.code, re.sub(r"\d+\.\d+ s\b", "", ran.out), re.sub(r"\d+\.\d+ s\b", "", ran.err), files


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_an_untold_disclosure_changes_no_byte(asked: tuple[str, ...], twins: tuple[Path, Path]) -> None:
    plain, other = (everything(root, notes(*asked, at=root)) for root in twins)
    assert plain == other


@pytest.mark.parametrize("asked", ASKED, ids=" ".join)
def test_nothing_gives_it_away_to_an_owner_who_is_no_reader(asked: tuple[str, ...], tmp_path: Path) -> None:
    """Not even where it is full of mistakes, or cannot be read at all."""
    plain = write(tmp_path / "plain" / "ws", PRACTICE)
    broken = disclosure(readers="EX-003", supervisee_told="no", ground="advlt-at-rsk", session="2026-09-29-se021")
    other = write(
        tmp_path / "other" / "ws",
        {
            **PRACTICE,
            f"disclosures/{ID}.md": broken,
            f"disclosures/{ID}b.md": broken.replace("when:", "when: ["),
            f"disclosures/{ID}c.yaml": "kind: disclosure\nreaders: [EX-003]\nwhen: {\n",
            **{f"notes/odd{n}.md": text for n, text in enumerate(slips(broken))},
            f"disclosures/{ID}.txt": broken,
            "notes/odd.yml": "kind: disclosure\nreaders:\n- EX-003\n",
            "disclosures/odd.md": "---\nreaders: EX-003\n---\nWords.\n",
        },
    )
    for n, encoding in enumerate(("latin-1", "utf-16")):
        (other / f"notes/encoded{n}.md").write_bytes(broken.replace("Tattoo", "Tätto").encode(encoding))
    with (other / "notes/large.md").open("w") as large:
        large.write(broken + "Words. " * 800_000)
    (plain / "disclosures").mkdir()
    seen = everything(plain, notes(*asked, at=plain)), everything(other, notes(*asked, at=other))
    for kept in (seen[1][3], seen[0][3]):
        assert isinstance(kept, dict)
        for name in [name for name in kept if name.startswith(("disclosures/", "notes/"))]:
            del kept[name]
    assert seen[0] == seen[1]


def slips(text: str) -> Iterator[str]:
    """The same words, in which nobody finds a disclosure but who looks for the word."""
    for kind in ("kind: Disclosure", "kind: disclosures", "kind: disclsure", "kind : disclosure", "Kind: disclosure"):
        yield text.replace("kind: disclosure", kind)
    yield text.replace("kind: disclosure", '"kind": disclosure').replace("when:", "when: [")


# those who may


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure(supervisee_told="no")}
    return write(tmp_path_factory.mktemp("untold"), files)


@pytest.mark.parametrize("reader", ["SV-014", "EX-003"])
def test_a_named_reader_sees_it(reader: str, untold: Path) -> None:
    whom = ("--for", "author", "--as", reader)
    assert ID in notes("list", *whom, at=untold).out
    assert "Tattoowort" in notes("show", ID, *whom, at=untold).out
    assert FIRST in notes("links", ID, *whom, at=untold).out
    ran = notes("render", ID, "--format", "html", *whom, at=untold)
    assert ran.code == 0, ran.err
    (path,) = ran.out.split()
    assert "Tattoowort" in (untold / path).read_text("utf-8")


def test_its_mistakes_are_told_to_a_reader_who_owns_the_folder(tmp_path: Path) -> None:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure(session="2026-09-29-se021", supervisee_told="no")}
    ran = notes("check", at=write(tmp_path, files))
    assert (ran.code, "dangling-link" in ran.out) == (1, True)


# once the supervisee is told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {**PRACTICE, f"disclosures/{ID}.md": disclosure()}
    return write(tmp_path_factory.mktemp("told"), files)


def printed(root: Path, *arguments: str) -> Iterator[str]:
    shutil.rmtree(root / "out", ignore_errors=True)
    assert notes("render", "--format", "html", *arguments, at=root).code == 0
    for path in sorted((root / "out").iterdir()):
        yield path.read_text("utf-8")


def test_the_parties_are_told_that_it_is_there_and_no_more(told: Path) -> None:
    for asked in (("show", FIRST), ("timeline", "SE-201")):
        out = notes(*asked, at=told).out
        assert TOLD_WORDS in " ".join(out.split()), asked
        assert not {"Tattoowort", "adult", "safeguarding team"} & set(re.findall(r"\w+", out))
    pages = list(printed(told))
    assert sum(TOLD_WORDS in page for page in pages) == 1
    assert "Tattoowort" not in "".join(pages)
    assert TOLD_WORDS not in notes("show", SECOND, at=told).out


def test_the_organisation_is_told_nothing(told: Path) -> None:
    for asked in ("list", "timeline SE-201", f"show {FIRST}", f"links {FIRST}", "actions"):
        ran = notes(*asked.split(), "--for", "organisation", at=told)
        assert "restricted" not in (ran.out + ran.err).lower(), asked
    assert "estricted note" not in "".join(printed(told, "--for", "organisation"))
