"""The project's files once more, in the same folders below another root, where their text may be changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Mirror:
    """Leads from places in the project to places in the mirror, and back."""

    root: Path

    def path(self, original: Path) -> Path:
        """Return where the mirror has the file or the folder."""
        return self.root / original.relative_to(original.anchor)

    def put(self, original: Path, data: bytes) -> None:
        """Let the mirror hold these bytes as the file."""
        path = self.path(original)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def original(self, path: str) -> str:
        """Return the file that stands at `path` in the mirror; nothing for a path elsewhere."""
        root = str(self.root)
        return os.path.normpath(path).removeprefix(root) if path.startswith(root + os.sep) else ""
