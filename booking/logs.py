"""What is written in the log: what happened and how long it took, never who or by which link."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response, g, request

_log: Final = logging.getLogger("booking")
# Made once: `json.dumps` makes one for each line that is not to be ASCII.
_AS_JSON: Final = json.JSONEncoder(ensure_ascii=False).encode


class _OneLine(logging.Formatter):
    """Writes what happened as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a failure brings its traceback along."""
        told = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return _AS_JSON(told)


def start_logs(app: Flask) -> None:
    """Write one line of JSON for each request, with the route's pattern in place of the address."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine())
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(logging.INFO)
    app.before_request(_note_start)
    app.after_request(_write_line)


def _note_start() -> None:
    g.begun = time.perf_counter()


def write_line(method: str, pattern: str, status: int, milliseconds: float) -> None:
    """Write that a request was answered: by the route's pattern, with no address and nobody's name."""
    _log.info("%s %s %s %.0f ms", method, pattern, int(status), milliseconds)


def _write_line(response: Response) -> Response:
    # The pattern, not the path: a path may hold a secret link, and a query what somebody searched for.
    pattern = request.url_rule.rule if request.url_rule else "unknown address"
    took = time.perf_counter() - g.get("begun", time.perf_counter())
    write_line(request.method, pattern, response.status_code, took * 1000)
    return response
