"""The parts of the README that are generated: `make docs` writes them, `test_docs.py` holds them fresh."""

from __future__ import annotations

import re
from pathlib import Path

from supervision_notes.cli.rules import table
from supervision_notes.rules import CATALOGUE

README = Path(__file__).resolve().parents[1] / "README.md"
RULES = re.compile(r"(?<=<!-- rules: made by `make docs` -->\n).*?(?=<!-- /rules -->)", re.DOTALL)


def fresh(readme: str) -> str:
    """The README with the rules as they are now."""
    rows = "\n".join(table(CATALOGUE.values()))
    written, times = RULES.subn(lambda _: f"\n{rows}\n\n", readme)
    assert times == 1, "README.md has one place for the rules"
    return written


if __name__ == "__main__":
    README.write_text(fresh(README.read_text("utf-8")), "utf-8")
