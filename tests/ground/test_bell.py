"""The bell: at once for the first, once more for all who come meanwhile, and for nobody too early."""

import threading

import pytest

from booking.bell import Bell


def test_the_first_is_heard_at_once_and_the_rest_together_a_little_later() -> None:
    heard = threading.Semaphore(0)
    bell = Bell(heard.release, pause=0.05)

    for _each in range(50):
        bell()

    assert heard.acquire(timeout=0)
    assert heard.acquire(timeout=5)
    assert not heard.acquire(timeout=0.2)


def test_whoever_rings_after_the_pause_is_heard_at_once() -> None:
    heard = threading.Semaphore(0)
    bell = Bell(heard.release, pause=0.0)

    bell()
    bell()

    assert heard.acquire(timeout=0)
    assert heard.acquire(timeout=0)


def test_where_no_thread_is_to_be_had_it_rings_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError

    heard: list[str] = []
    bell = Bell(lambda: heard.append("rung"), pause=60)
    bell()

    monkeypatch.setattr(threading.Timer, "start", fail)
    bell()

    assert heard == ["rung", "rung"]


class Storm:
    """Many who write, each one ringing after it, and what was written when the bell was heard."""

    def __init__(self) -> None:
        self.written, self.wanted = 0, 80
        self.heard: list[int] = []
        self.done = threading.Event()
        self._turn = threading.Lock()
        self._bell = Bell(self._hear, pause=0.02)

    def _hear(self) -> None:
        self.heard.append(self.written)
        if self.written == self.wanted:
            self.done.set()

    def write(self, times: int) -> None:
        for _each in range(times):
            with self._turn:
                self.written += 1
            self._bell()


def test_a_storm_from_many_threads_is_heard_after_its_last() -> None:
    storm = Storm()
    threads = [threading.Thread(target=storm.write, args=(20,)) for _number in range(4)]

    for thread in threads:
        thread.start()

    assert storm.done.wait(5)
    assert len(storm.heard) < storm.wanted
