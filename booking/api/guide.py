"""The description, put as a page that people read: each address with what it takes and an example."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One part of an address that may be filled in."""

    name: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One address."""

    anchor: str
    path: str
    summary: str
    about: str
    needs_key: bool
    parameters: list[Parameter]
    example: str | None


def chapters_of(description: Mapping[str, Any]) -> Iterator[Chapter]:
    """Return a chapter for each address that is described, in their order."""
    for path, operations in description["paths"].items():
        asked = operations["get"]
        yield Chapter(
            anchor=asked["operationId"],
            path=path,
            summary=asked["summary"],
            about=asked["description"],
            needs_key=bool(asked.get("security")),
            parameters=[
                Parameter(name=each["name"], about=each["description"]) for each in asked["parameters"]
            ],
            example=_example(description, asked["responses"]["200"]["content"]),
        )


def _example(description: Mapping[str, Any], content: Mapping[str, Any]) -> str | None:
    told = content.get("application/json")
    if told is None:
        table = content["text/csv"].get("example")
        return None if table is None else str(table)
    name = told["schema"]["$ref"].rpartition("/")[2]
    examples = description["components"]["schemas"][name].get("examples", [])
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else None
