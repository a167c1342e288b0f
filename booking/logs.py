"""What is written in the log: what happened and how long it took, never who or by which link."""

import logging
import sys
import time

import structlog
from flask import Flask, Response, g, request


def start_logs(app: Flask) -> None:
    """Write one line of JSON for each request, with the route's pattern in place of the address."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(logging.INFO)
    app.before_request(_note_start)
    app.after_request(_write_line)


def _note_start() -> None:
    g.begun = time.perf_counter()


def write_line(method: str, pattern: str, status: int, milliseconds: float) -> None:
    """Write that a request was answered: by the route's pattern, with no address and nobody's name."""
    logging.getLogger("booking").info("%s %s %s %.0f ms", method, pattern, int(status), milliseconds)


def _write_line(response: Response) -> Response:
    # The pattern, not the path: a path may hold a secret link, and a query what somebody searched for.
    pattern = request.url_rule.rule if request.url_rule else "unknown address"
    took = time.perf_counter() - g.get("begun", time.perf_counter())
    write_line(request.method, pattern, response.status_code, took * 1000)
    return response
