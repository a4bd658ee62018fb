"""What the README says of the program is what the program says of itself."""

from __future__ import annotations

import pytest

from supervision_notes.cli.main import COMMANDS

from .docs import README, fresh


def test_the_table_of_rules_is_fresh() -> None:
    text = README.read_text("utf-8")
    assert text == fresh(text), "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"supervision-notes {name}" in README.read_text("utf-8")
