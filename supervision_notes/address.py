"""What looks like the address of a database: a password may stand in it, so nothing that does is ever repeated."""

from __future__ import annotations

import re

# An address of any sort, `user:password@host` without one, or what a driver takes instead.
_ADDRESS = re.compile(
    r"://|[^\s:]:(?![\\/])\S*@|\b(?:host|hostaddr|port|user|password|passfile|dbname|service)\s*=", re.IGNORECASE
)


def is_address(text: str) -> bool:
    """Whether a text looks like the address of a database rather than like a name of a file."""
    return _ADDRESS.search(text) is not None
