"""The bare service that ours is measured against: the same bytes from a view that does nothing."""

import json
import os
from pathlib import Path

from flask import Flask, Response, request

app = Flask(__name__, static_folder=None)
_PAGES = json.loads(Path(os.environ["BENCH_PAGES"]).read_text(encoding="utf-8"))


@app.get("/", defaults={"path": ""})
@app.get("/<path:path>")
def page(path: str) -> Response:
    """Answer with the bytes that our own service answered with."""
    del path
    found = _PAGES[request.full_path.rstrip("?")]
    return Response(found["body"].encode(), content_type=found["type"])
