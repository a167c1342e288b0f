"""Measure what a tick, a parcel of fifty and a bare durable insert cost the processor, in one process.

Steadier than rates on a machine with other work: what others do counts little in the processor's own time of
this process, and the quickest tenth of many turns is taken. The server and the waiting for the disk, which
all three have in common, are left out: these ratios are larger than those of rates.
"""

import argparse
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask

from bench.marks import AT_ONCE, Door, fill, now, tick_of
from booking import create_app
from booking.settings import read_settings

TURNS = 400
WARM_UP = 30

Asking = Callable[[], None]


def main() -> None:
    """Ask all three by turns, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        environment = {
            "BOOKING_DEMO": "1",
            "BOOKING_SECRET_KEY": "only for measuring, and never for serving",
            "BOOKING_DATABASE_URL": arguments.database_url or f"sqlite:///{folder}/booking.db",
            "BOOKING_TRUSTED_PROXIES": "1",
        }
        os.environ.update(environment)
        settings = read_settings(Path(folder), environment)
        app = create_app(settings)
        handler: Any = app.logger.handlers[0]
        handler.setStream(nowhere)
        door = fill(app, settings)
        bare: Flask = import_module("bench.bare_insert").app  # it reads the environment as it is then
        _print(_measured(bare, app, door), arguments.database_url)


def _measured(bare: Flask, app: Flask, door: Door) -> Mapping[str, float]:
    headers = _headers(app, door)
    asking: Mapping[str, Callable[[], Asking]] = {
        "bare": lambda: _asked(bare, "/", _form(), {"CONTENT_TYPE": "application/x-www-form-urlencoded"}),
        "tick": lambda: _asked(app, _address(door), _parcel(door, 1), headers),
        "parcel": lambda: _asked(app, _address(door), _parcel(door, AT_ONCE), headers),
    }
    took: dict[str, list[float]] = {name: [] for name in asking}
    for turn in range(TURNS + WARM_UP):
        for name, prepared in asking.items():
            ask = prepared()
            begun = time.process_time()
            ask()
            if turn >= WARM_UP:
                took[name].append(time.process_time() - begun)
    return {name: sorted(times)[len(times) // 10] * 1000 for name, times in took.items()}


def _address(door: Door) -> str:
    return f"/staff/meetings/{door.meeting_id}/events"


def _form() -> bytes:
    return f"told={uuid4()}".encode()


def _parcel(door: Door, ticks: int) -> bytes:
    events = [tick_of(child) for child in door.children[:ticks]]
    return json.dumps({"device": "aaaaaaaa", "sent": now(), "events": events}).encode()


def _headers(app: Flask, door: Door) -> Mapping[str, str]:
    browser = app.test_client()
    browser.set_cookie(*door.cookie)
    token = browser.get("/staff/meetings/token").json["token"]  # type: ignore[index]
    cookies = (door.cookie, ("booking", getattr(browser.get_cookie("booking"), "value", "")))
    carried = "; ".join(f"{name}={value}" for name, value in cookies)
    return {"CONTENT_TYPE": "application/json", "HTTP_COOKIE": carried, "HTTP_X_CSRFTOKEN": token}


def _asked(app: Flask, address: str, body: bytes, headers: Mapping[str, str]) -> Asking:
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        **headers,
    }

    statuses: list[str] = []

    def begin(status: str, _headers: object, _failure: object = None) -> Callable[[bytes], object]:
        statuses.append(status)
        return lambda _data: None

    def ask() -> None:
        told = b"".join(_told(app(environ, begin)))
        if statuses != ["200 OK"] or b"refused" in told:
            message = f"{address}: {statuses} {told!r}"
            raise RuntimeError(message)

    return ask


def _told(answer: Any) -> Iterable[bytes]:
    try:
        yield from answer
    finally:
        getattr(answer, "close", lambda: None)()


def _print(took: Mapping[str, float], database_url: str) -> None:
    print("PostgreSQL" if database_url else "SQLite", "· milliseconds of the processor, the quickest tenth")
    print("| bare insert | a tick | a parcel of 50 | tick | parcel |")
    print("|---:|---:|---:|---:|---:|")
    bare, tick, parcel = took["bare"], took["tick"], took["parcel"]
    print(f"| {bare:.2f} | {tick:.2f} | {parcel:.2f} | {tick / bare:.1f} × | {parcel / bare:.1f} × |")


if __name__ == "__main__":
    main()
