"""What tests of the tool share: small trees of files, and the tool run in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate import loader, pipeline

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below `root` and return it."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return root


def build_tree(root: Path, files: Mapping[str, str | bytes], variant: str = "") -> pipeline.Bundle:
    """Write the files, an `amalgamate.toml` among them, and build one variant."""
    return pipeline.build(loader.load(write_tree(root, files), variant))
