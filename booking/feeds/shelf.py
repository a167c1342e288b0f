"""Events that are written already: what did not change is not written again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock
from typing import Final, TypeVar

MOST_BYTES: Final = 24 * 1024 * 1024
# What the key and the place on the shelf take, beside the bytes.
_EACH_TAKES: Final = 300

Key = TypeVar("Key", bound=Hashable)


class EventShelf:
    """The events that one process keeps, the least asked-for going first when it is full. For many threads.

    A key holds whatever the bytes stand on: the event's uid, the language and the version of what a reader
    sees (of a meeting its `version`), and whose feed it is where the words differ. A change is then another
    key, and nothing on the shelf is ever wrong.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Keep at most that many bytes."""
        self._most_bytes = most_bytes
        self._bytes = 0
        self._events: OrderedDict[Hashable, bytes] = OrderedDict()
        self._turn = Lock()

    def events_of(
        self, keys: Sequence[Key], make: Callable[[Sequence[Key]], Iterable[tuple[Key, bytes | None]]]
    ) -> list[bytes | None]:
        """Return the event of each key, in their order; `make` is asked once, for those that are not here.

        What `make` gives nothing for is left out, and asked for again the next time.
        """
        with self._turn:
            found = {key: self._events[key] for key in keys if key in self._events}
            for key in found:
                self._events.move_to_end(key)
        missing = [key for key in keys if key not in found]
        if missing:
            made = {key: event for key, event in make(missing) if event is not None}
            self._put(made)
            found |= made
        return [found.get(key) for key in keys]

    def clear(self) -> None:
        """Forget all events."""
        with self._turn:
            self._events.clear()
            self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """Return how many bytes are kept."""
        return self._bytes

    def _put(self, made: dict[Key, bytes]) -> None:
        with self._turn:
            for key, event in made.items():
                if key not in self._events:
                    self._bytes += len(event) + _EACH_TAKES
                self._events[key] = event
            while self._bytes > self._most_bytes:
                _key, event = self._events.popitem(last=False)
                self._bytes -= len(event) + _EACH_TAKES
