"""Two versions of a page side by side: what somebody saved meanwhile, and what is about to be saved."""

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
