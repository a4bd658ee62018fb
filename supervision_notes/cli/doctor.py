"""`doctor`: what this machine lacks, and the one command that installs it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import NamedTuple

import click

from .. import __version__
from .settings import Settings

FAULT = 2

# As each system names the files that WeasyPrint loads.
LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
}
SUBSET = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll")

INSTALL = {
    "apt-get": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "dnf": "sudo dnf install pango harfbuzz",
    "pacman": "sudo pacman -S pango harfbuzz",
    "apk": "sudo apk add pango harfbuzz-subset",
    "brew": "brew install pango harfbuzz",
}
ELSEWHERE = "see “Installation” in WeasyPrint's manual: Pango and HarfBuzz-Subset are what it calls for"


class Finding(NamedTuple):
    """One thing that was looked at."""

    state: str
    said: str


WELL, SLOW, LACKING = "ok", "slow", "lacking"


@click.command("doctor")
@click.pass_obj
def command(settings: Settings) -> int:
    """Say what this machine lacks for printing, and the one command that installs it."""
    here, libraries = list(_program(settings)), list(_libraries())
    findings = [*here, *libraries]
    states = {finding.state for finding in findings}
    if states == {WELL} and settings.quiet:
        return 0
    for state, said in findings:
        click.echo(f"{click.style(f'{state:<7}', fg='green' if state == WELL else 'red')}  {said}")
    if any(finding.state != WELL for finding in libraries):
        manager = next((name for name in INSTALL if which(name)), None)
        click.echo(f"\nTo install what is missing: {INSTALL[manager] if manager else ELSEWHERE}")
    return FAULT if LACKING in states else 0


def _program(settings: Settings) -> Iterator[Finding]:
    """What came with the program, and where it is used."""
    from ..reading import find_root
    from ..shipped import folder

    yield Finding(WELL, f"supervision-notes {__version__}, Python {sys.version.split()[0]}")
    for name in ("schemas", "templates", "examples"):
        try:
            folder(name)
            yield Finding(WELL, name)
        except FileNotFoundError:
            yield Finding(LACKING, f"{name}: please install supervision-notes again")
    root = find_root(Path(settings.folder or "."))
    yield Finding(WELL, "the workspace is found" if root else "no workspace here: `supervision-notes init` starts one")


def _libraries() -> Iterator[Finding]:
    """What printing needs of the machine."""
    from ..printing.pdf import PrintingUnavailable, ready

    for name, files in LIBRARIES.items():
        yield Finding(WELL, name) if _loads(files) else Finding(LACKING, f"{name}: without it nothing prints as PDF")
    if _loads(SUBSET):
        yield Finding(WELL, "HarfBuzz-Subset")
    else:
        yield Finding(SLOW, "HarfBuzz-Subset: without it a PDF takes four times as long")
    try:
        ready()
        yield Finding(WELL, "WeasyPrint")
    except PrintingUnavailable:
        yield Finding(LACKING, "WeasyPrint: it cannot start, so only `render --format html` works")


def _loads(files: tuple[str, ...]) -> bool:
    for file in files:
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return True
    return False
