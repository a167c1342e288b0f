"""Whom letters come from."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Whom letters come from, and the address that their links begin with."""

    address: str
    name: str
    base_url: str
