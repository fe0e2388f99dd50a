"""Results that several checks need: whoever asks first makes one, whoever asks for the same meanwhile waits."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")


class Memo:
    """Keeps what was made, by a key that says all that it depends on; the key's first word says what it is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return what belongs to the key."""
        with self._lock:
            future: Future[Value] | None = self._made.get(key)
            is_new = future is None
            if future is None:
                future = self._made[key] = Future()
        if is_new:
            try:
                future.set_result(make())
            except BaseException as error:
                future.set_exception(error)
                raise
        return future.result()
