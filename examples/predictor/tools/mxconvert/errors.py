"""The one error that a user can do something about."""

from __future__ import annotations


class ConvertError(Exception):
    """A model that cannot be read or has no equal; the text says what and where, `hint` what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
