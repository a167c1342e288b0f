"""Fingerprints of calendars behind links, and what each was made of; never the calendars themselves."""

from collections import OrderedDict
from threading import Lock
from typing import Final

_MOST: Final = 4096


class Etags:
    """What one process remembers of them, the least asked-for going first. For many threads."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._turn = Lock()

    def find(self, link: str, made_of: str) -> str | None:
        """Return the fingerprint of the calendar's bytes, if it was made of the same."""
        with self._turn:
            known = self._known.get(link)
            if known is None or known[0] != made_of:
                return None
            self._known.move_to_end(link)
            return known[1]

    def put(self, link: str, made_of: str, etag: str) -> None:
        """Remember the fingerprint of the calendar's bytes in place of the one before."""
        with self._turn:
            self._known[link] = (made_of, etag)
            self._known.move_to_end(link)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
