"""Events that are written already."""

from collections.abc import Iterable, Sequence

from booking.feeds.shelf import EventShelf


class Maker:
    """Writes events, and remembers which it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, keys: Sequence[str]) -> Iterable[tuple[str, bytes | None]]:
        self.asked += keys
        return [(key, None if key == "broken" else key.encode() * 10) for key in keys]


def test_what_is_there_is_not_written_again() -> None:
    shelf, make = EventShelf(), Maker()
    shelf.events_of(["a", "b"], make)

    events = shelf.events_of(["b", "c", "a"], make)

    assert make.asked == ["a", "b", "c"]
    assert events == [b"b" * 10, b"c" * 10, b"a" * 10]


def test_what_cannot_be_written_is_a_gap_and_asked_for_again() -> None:
    shelf, make = EventShelf(), Maker()

    assert shelf.events_of(["a", "broken"], make) == [b"a" * 10, None]
    assert shelf.events_of(["broken"], make) == [None]
    assert make.asked == ["a", "broken", "broken"]


def test_a_full_shelf_gives_up_what_is_asked_for_least() -> None:
    shelf, make = EventShelf(most_bytes=1000), Maker()

    for key in ("a", "b", "a", "c", "d"):
        shelf.events_of([key], make)

    assert shelf.bytes_kept <= 1000
    make.asked.clear()
    shelf.events_of(["d"], make)
    shelf.events_of(["b"], make)
    assert make.asked == ["b"]


def test_more_than_the_shelf_holds_is_given_all_the_same() -> None:
    shelf, make = EventShelf(most_bytes=400), Maker()
    keys = [str(number) for number in range(50)]

    assert shelf.events_of(keys, make) == [key.encode() * 10 for key in keys]
    assert shelf.bytes_kept <= 400


def test_a_cleared_shelf_is_empty() -> None:
    shelf, make = EventShelf(), Maker()
    shelf.events_of(["a"], make)

    shelf.clear()

    assert shelf.bytes_kept == 0
