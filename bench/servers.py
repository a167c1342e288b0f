"""Starting the two services beside each other, and asking them for pages."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parent.parent
WORKERS = 2
# On a machine with much other work a service takes its time to start.
PATIENCE = 120
CLIENTS = 4


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(database_url: str) -> Mapping[str, str]:
    """Be the surroundings of a service on this database that stands behind a proxy; return what was set."""
    environment = {
        "BOOKING_DEMO": "1",
        "BOOKING_SECRET_KEY": "only for measuring, and never for serving",
        "BOOKING_DATABASE_URL": database_url,
        "BOOKING_TRUSTED_PROXIES": "1",
    }
    os.environ.update(environment)
    return environment


@contextmanager
def serving(application: str, environment: Mapping[str, str], *, workers: int = WORKERS) -> Iterator[int]:
    """Serve the application with the same server and number of workers as the other; give its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", str(workers), "-b", f"127.0.0.1:{port}", application]
    process = subprocess.Popen(command, cwd=TOP, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            # An answer, whatever it is: the port is there long before the workers are.
            ask(port, "/healthz", {}, timeout=PATIENCE)
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = "the service did not start"
    raise TimeoutError(message)


def ask(port: int, path: str, headers: Mapping[str, str], *, timeout: float = 30) -> int:
    """Ask for a page once and return the answer's status; the body is read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def requests_a_second(port: int, path: str, headers: Mapping[str, str], seconds: float) -> float:
    """Ask for a page from several clients at once for some seconds; return how many answers came a second."""
    ends_at = time.perf_counter() + seconds
    answered = [0] * CLIENTS

    def client(number: int) -> None:
        while time.perf_counter() < ends_at:
            ask(port, path, headers)
            answered[number] += 1

    clients = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    return sum(answered) / (time.perf_counter() - begun)
