"""Measures what the README says of speed, and prints it as a table of ratios."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from supervision_notes.kind import shipped_kinds

from . import programme, records
from .measure import memory, pairs, seconds

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
BIN = Path(sys.executable).parent
NOTES = BIN / "supervision-notes"

NOTHING = """\
import click

@click.command()
@click.version_option("1.0", prog_name="nothing", message="%(prog)s %(version)s")
def main() -> None:
    "Do nothing."
"""
SCRIPT = """\
#!{python}
import sys
from nothing import main
if __name__ == "__main__":
    sys.exit(main())
"""
HASHING = """\
import sys
from hashlib import sha256
from pathlib import Path

for path in sorted(Path(sys.argv[1]).rglob("*.md")):
    sha256(path.read_bytes()).hexdigest()
"""


class Row(NamedTuple):
    """One line of the table."""

    what: str
    ours: str
    theirs: str
    ratio: str
    wanted: str


def checking(count: int, times: int, folder: Path) -> Iterator[Row]:
    """Of records that nothing is known of yet: against check-jsonschema, which reads YAML alone, in one process.

    It gets all files of a kind at once, and the schema of that kind.
    """
    markdown = records.write(count, folder / "markdown")
    yaml = records.write(count, folder / "yaml", ".yaml")
    rival = [
        [BIN / "check-jsonschema", "--quiet", "--schemafile", SCHEMAS / f"{kind.name}.schema.json", *files]
        for kind in shipped_kinds().values()
        if (files := sorted(path.relative_to(yaml).as_posix() for path in (yaml / kind.folder).iterdir()))
    ]

    def check(home: Path, cores: int | None = None) -> Callable[[], float]:
        def anew() -> float:
            shutil.rmtree(home / ".supervision", ignore_errors=True)
            return seconds([NOTES, "-q", "-C", home, "check"], cores=cores)

        return anew

    theirs, prose, same, alone = pairs(
        times,
        lambda: sum(seconds(command, yaml) for command in rival),
        check(markdown), check(yaml), check(markdown, 1),
    )  # fmt: skip
    what = f"`check`, {count:,} records that nothing is known of"
    for name, ours, wanted in (
        (f"{what}, as Markdown, {_cores()}", prose, "at least 5 times faster"),
        (f"{what}, as YAML, {_cores()}", same, ""),
        (f"{what}, as Markdown, one core", alone, ""),
    ):
        beside = f"`check-jsonschema`, the same as YAML: {theirs:.2f} s"
        yield Row(name, f"{ours:.2f} s", beside, f"{theirs / ours:.1f} times faster", wanted)
    shutil.rmtree(markdown / ".supervision")
    used = memory([NOTES, "-q", "-C", markdown, "check"])
    if used:
        most = f"largest process {used.largest:.0f} MB"
        yield Row(f"memory of {what}", most, "", f"{used.together:.0f} MB together", "under 500 MB")


def knowing(count: int, many: int, times: int, folder: Path) -> Iterator[Row]:
    """Of records that were checked before: against a plain program that reads and hashes the same files."""
    (folder / "hashing.py").write_text(HASHING)
    homes = {size: records.write(size, folder / str(size)) for size in (count, many) if size}
    for home in homes.values():
        seconds([NOTES, "-q", "-C", home, "check"])

    def ask(*command: str, size: int = count) -> Callable[[], float]:
        return lambda: seconds([NOTES, "-C", homes[size], *command])

    check = ask("check", "-q")

    session = next((homes[count] / "sessions").iterdir())

    def changed() -> float:
        session.write_text(session.read_text() + "\n")
        return check()

    hashing = [sys.executable, folder / "hashing.py", homes[count]]
    theirs, same, one = pairs(2 * times, lambda: seconds(hashing), check, changed)
    what = f"`check`, {count:,} records"
    beside = f"a Python program that reads and hashes the same files: {theirs:.2f} s"
    yield Row(f"{what}, nothing changed", f"{same:.2f} s", beside, f"{same / theirs:.1f} times", "1 s, within 4 times")
    beside = f"nothing changed: {same:.2f} s"
    yield Row(f"{what}, one changed", f"{one:.2f} s", beside, f"{one / same:.2f} times", "within 1.3 times")
    for command in (["actions"], ["list"], ["timeline", "SE-0001"]):
        (taken,) = pairs(times, ask(*command))
        yield Row(f"`{command[0]}`, {count:,} records", f"{taken:.2f} s", "", "", "within 0.5 s")
    if many:
        same, large = pairs(times, check, ask("check", "-q", size=many))
        what, times_more = f"`check`, {many:,} records, nothing changed", many / count
        grown = f"{large / same:.1f} times for {times_more:.0f} times the records"
        yield Row(what, f"{large:.2f} s", f"{count:,} records: {same:.2f} s", grown, "6 s, no more times than records")
        if used := memory([NOTES, "-q", "-C", homes[many], "check"]):
            yield Row(f"memory of {what}", f"{used.largest:.0f} MB", "", "", "under 1 GB")


def programmes(people: int, times: int, folder: Path) -> Iterator[Row]:
    """Figures of a whole organisation, from exported lists and from one database, beside each other."""
    home = programme.write(people, folder / "home")
    lists = {ending: sorted((home / "lists").glob(f"*.{ending}")) for ending in ("jsonl", "csv")}
    database = home / "all.db"
    loading = seconds([NOTES, "-q", "-C", home, "attendance", "load", *lists["jsonl"], "--database", database])
    what = f"{people:,} people, {people * programme.SESSIONS_EACH:,} facts"
    yield Row(f"`attendance load`, {what}, JSON Lines into SQLite", f"{loading:.2f} s", "", "", "")

    sources: dict[str, list[str | Path]] = {
        "the embedded database": ["--database", database],
        "files of JSON Lines": ["--from", *lists["jsonl"]],
        "files of CSV": ["--from", *lists["csv"]],
    }
    for question, wanted in (("coverage", ["within 5 s"] * 3), ("due", ["within 2 s", "", ""])):
        asked = [NOTES, "-q", "-C", home, question, "--as-at", programme.AS_AT]
        taken = pairs(times, *map(partial(partial, _seconds_of, asked), sources.values()))
        for (name, where), each, limit in zip(sources.items(), taken, wanted, strict=True):
            beside = "" if each is taken[0] else f"the embedded database: {taken[0]:.2f} s"
            ratio = f"{each / taken[0]:.2f} times" if beside else ""
            yield Row(f"`{question}`, {what}, {name}", f"{each:.2f} s", beside, ratio, limit)
            if used := memory([*asked, *where]):
                yield Row(f"memory of `{question}`, {name}", f"{used.largest:.0f} MB", "", "", "under 1 GB")


def _seconds_of(asked: list[str | Path], where: list[str | Path]) -> float:
    return seconds([*asked, *where])


def _cores() -> str:
    return f"{len(os.sched_getaffinity(0))} cores" if hasattr(os, "sched_getaffinity") else "all cores"


def starting(times: int, folder: Path) -> Iterator[Row]:
    """Against a click program that does nothing, started in the same way."""
    (folder / "nothing.py").write_text(NOTHING)
    nothing = folder / "nothing"
    nothing.write_text(SCRIPT.format(python=sys.executable))
    nothing.chmod(0o755)
    for option in ("--help", "--version"):
        ours, theirs = pairs(times, lambda o=option: seconds([NOTES, o]), lambda o=option: seconds([nothing, o]))
        beside = f"a click program that does nothing: {theirs * 1000:.0f} ms"
        yield Row(f"`{option}`", f"{ours * 1000:.0f} ms", beside, f"{ours / theirs:.2f} times", "within 1.5 times")


def printing(times: int, folder: Path) -> Iterator[Row]:
    """Over one core and two, by the whole program."""
    home = records.write(50, folder / "home")

    def render(cores: int) -> float:
        out = folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        taken = seconds([NOTES, "-q", "-C", home, "render", "sessions", "-o", out], cores=cores)
        assert len(list(out.rglob("*.pdf"))) == 40
        return taken

    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
        yield Row("`render`, 40 records on two cores", "", "", "this machine lends one core", "at least 1.7 times one")
        return
    one, two = pairs(times, lambda: render(1), lambda: render(2))
    what, beside = "`render`, 40 records on two cores", f"on one core: {one:.2f} s"
    yield Row(what, f"{two:.2f} s", beside, f"{one / two:.2f} times faster", "at least 1.7 times")


def one_pdf(times: int, folder: Path) -> Iterator[Row]:
    """Against bare WeasyPrint on the same HTML with the same fonts, in one warm process."""
    import weasyprint

    from supervision_notes.printing.page import html
    from supervision_notes.printing.pdf import Assets, pdf
    from supervision_notes.reading import open_workspace, read_one
    from supervision_notes.record import Audience

    home = records.write(20, folder / "home")
    workspace = open_workspace(home).workspace
    session = next(record for record in reversed(workspace.records) if record.kind == "session")
    record = read_one(home, session.path, workspace.register)
    assert record
    page = html(record, workspace, Audience("parties"))
    assets = Assets()

    def fetch(url: str) -> object:
        return weasyprint.urls.URLFetcherResponse(url, assets.read(url.removeprefix("asset:")), {})

    def clock(work: Callable[[], object]) -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    def ours() -> object:
        return pdf(html(record, workspace, Audience("parties")), assets)

    def bare() -> object:
        return weasyprint.HTML(string=page, url_fetcher=fetch).write_pdf()

    ours(), bare()
    mine, theirs = pairs(times, lambda: clock(ours), lambda: clock(bare))
    beside = f"bare WeasyPrint, the same HTML: {theirs * 1000:.0f} ms"
    yield Row("a record's PDF, warm", f"{mine * 1000:.0f} ms", beside, f"{mine / theirs:.2f} times", "within 1.3 times")


def main() -> None:
    """Measure everything, and print each row as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000, help="how many to check")
    parser.add_argument("--many", type=int, default=100_000, help="how many to check again; 0 leaves that out")
    parser.add_argument("--people", type=int, default=5_000, help="how many in the figures of an organisation")
    parser.add_argument("--times", type=int, default=3, help="how often each long run is repeated")
    chosen = parser.parse_args()
    print("| what | ours | beside | ratio | wanted |\n| --- | --- | --- | --- | --- |")
    parts: list[Callable[[Path], Iterator[Row]]] = [
        lambda folder: starting(30, folder),
        lambda folder: checking(chosen.records, chosen.times, folder),
        lambda folder: knowing(chosen.records, chosen.many, chosen.times, folder),
        lambda folder: programmes(chosen.people, chosen.times, folder),
        lambda folder: printing(chosen.times, folder),
        lambda folder: one_pdf(15, folder),
    ]
    for part in parts:
        with tempfile.TemporaryDirectory() as folder:
            for row in part(Path(folder)):
                print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
