"""Puts a converted model on disk: all of its files or none."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from mxconvert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its target first and rename last.

    Raises:
        ConvertError: one cannot be written; the old files are as they were.
    """
    staged: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            if path.is_dir():
                raise ConvertError(f'cannot write "{path}": it is a folder')
            path.parent.mkdir(parents=True, exist_ok=True)
            target = Path(os.path.realpath(path))  # a link stays a link
            temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
            staged[target] = temporary
            temporary.write_bytes(data)
        for target, temporary in staged.items():
            temporary.replace(target)
    except OSError as error:
        raise ConvertError(f'cannot write "{path}": {error.strerror}') from error
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
