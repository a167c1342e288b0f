"""What is asked for with the forms of this room, and what is answered."""

from dataclasses import dataclass
from datetime import datetime

from booking.libraries.rules import Language
from booking.signups.rules import SignupState


@dataclass(frozen=True, kw_only=True)
class PlaceRequest:
    """What a parent asks for, as the form was filled in. `wording_shown` is the digest of what was ticked."""

    ask_key: str
    email: str
    contact_name: str
    phone: str | None
    first_name: str
    birth_year: int
    municipality_code: str
    language: Language
    wording_shown: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What whoever asked is told: where the child stands, and until when a place waits for the address.

    The same for a known child as for a new one. It opens nothing: rights come by letter.
    """

    state: SignupState
    held_until: datetime | None
