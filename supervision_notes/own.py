"""The workspace's own forms, clauses, pages and styles: files of a colleague's, perhaps, so no link out is followed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, TemplateNotFound


def own_file(root: Path, name: str) -> Path | None:
    """A file of the workspace; None where there is none, or where a link leads out."""
    try:
        path, home = (root / name).resolve(), root.resolve()
        return path if path.is_relative_to(home) and path.is_file() else None
    except (OSError, ValueError, RuntimeError):  # a loop of links, a name that no file can have
        return None


class OwnTemplates(FileSystemLoader):
    """Templates in some folders of a workspace, by names such as `forms/session.md.j2`."""

    def __init__(self, root: Path, *folders: str, below: str = "") -> None:
        super().__init__(root / below)
        self.root, self.below, self.folders = root, below, folders

    def get_source(self, environment: Any, template: str) -> Any:
        """The source of a template, if it lies where such templates lie."""
        named = template.startswith(self.folders) if self.folders else True
        if not named or own_file(self.root, f"{self.below}{template}") is None:
            raise TemplateNotFound(template)
        return super().get_source(environment, template)
