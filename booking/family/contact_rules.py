"""How a family wants to be reached, and how long a new address waits for its reader."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from booking.errors import Refusal
from booking.libraries.rules import Language

# How long a letter to a new address works, and how many go to one address, whoever asks for them.
NEW_ADDRESS: Final = timedelta(hours=24)
LETTERS: Final = "3/hour"


class SameAddress(Refusal):
    """The new address is the one that the family has."""

    code: ClassVar[str] = "same_address"
    field: ClassVar[str | None] = "email"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How the library reaches a family, apart from its address."""

    contact_name: str
    phone: str | None
    language: Language
    wants_sms: bool


def about_address(family_id: int) -> str:
    """Return what letters to a family's new address are about."""
    return f"new_address:{family_id}"
