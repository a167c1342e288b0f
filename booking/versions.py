"""Two versions of a page side by side, and the sign by which it is seen that there are two."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One part of a page that says something else now than what somebody is about to save."""

    name: str
    now: str
    yours: str


def differences(now: Mapping[str, str], yours: Mapping[str, str]) -> list[Difference]:
    """Return what differs, in the order of the page; what only one of them says differs from nothing."""
    names = dict.fromkeys([*now, *yours])
    return [
        Difference(name=name, now=now.get(name, ""), yours=yours.get(name, ""))
        for name in names
        if now.get(name, "") != yours.get(name, "")
    ]


def seen_as(values: object) -> str:
    """Return a short sign of what a form showed when it was opened: it differs when a value differs.

    A form carries it along, so that whoever saves second is shown what the first one saved.
    """
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
