"""A bell that is rung at once, and under a storm now and then: who rings it again is heard a little later."""

import threading
import time
from collections.abc import Callable
from typing import Final

PAUSE_SECONDS: Final = 0.5


class Bell:
    """Rings for the first who asks; for all who ask within the pause after it, once when it is over."""

    def __init__(self, ring: Callable[[], None], pause: float = PAUSE_SECONDS) -> None:
        """Ring by `ring`, which must not fail."""
        self._ring = ring
        self._pause = pause
        self._turn = threading.Lock()
        self._quiet_until = 0.0
        self._is_coming = False

    def __call__(self) -> None:
        """Let the bell ring after this moment; now if it has been quiet."""
        with self._turn:
            if self._is_coming:
                return
            wait = self._quiet_until - time.monotonic()
            if wait <= 0:
                self._quiet_until = time.monotonic() + self._pause
            else:
                self._is_coming = True
        if wait <= 0:
            self._ring()
        else:
            self._ring_in(wait)

    def _ring_in(self, wait: float) -> None:
        later = threading.Timer(wait, self._ring_now)
        # A process that ends rings no more; who hears the bell looks each minute anyway.
        later.daemon = True
        try:
            later.start()
        except RuntimeError:  # no thread is to be had
            self._ring_now()

    def _ring_now(self) -> None:
        with self._turn:
            # From here on whoever asks may have written after what this ring leads to was looked at.
            self._is_coming = False
            self._quiet_until = time.monotonic() + self._pause
        self._ring()
