"""Structured notes of reflective practice, kept in plain text.

`from supervision_notes import open_workspace` gives what the command line gives: a `Checked` workspace, its records
and every problem in them. It is lent lazily, so that `--help` answers at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reading import Checked, open_workspace

__version__ = "0.1.0"
__all__ = ["Checked", "open_workspace"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import reading

        return getattr(reading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
