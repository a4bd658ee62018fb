"""Where the schemas, templates and examples are that come with the program.

A wheel carries them inside the package; in a checkout, and so in an editable install, they lie beside it. No
other module knows.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `schemas`, `templates` or `examples`."""
    for home in (PACKAGE, PACKAGE.parent):
        if (home / name).is_dir():
            return home / name
    raise FileNotFoundError(2, "this installation of supervision-notes is incomplete: it lacks the folder", name)
