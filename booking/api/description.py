"""What other programs may ask, as OpenAPI 3.1 describes it in `openapi.json` beside this file."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("openapi.json")
_ADDRESS = "/api/v1/openapi.json"


@cache
def _told() -> dict[str, Any]:
    return dict(json.loads(_FILE.read_text(encoding="utf-8")))


def description(address: str) -> dict[str, Any]:
    """Return the whole description; `address` is where it is found, and so where the service is."""
    return {**_told(), "servers": [{"url": address.removesuffix(_ADDRESS) or "/"}]}
