"""How long a family may stay on its own page, and how it comes in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from booking.errors import Refusal

# How long the letter that lets a family in works, and how many of them go to one address.
ENTRY: Final = timedelta(minutes=10)
LETTERS: Final = "3/hour"

IDLE: Final = timedelta(minutes=20)
LONGEST: Final = timedelta(minutes=60)


class NobodyHere(Refusal):
    """No family is in: it never entered, it left, or it was away for too long."""

    code: ClassVar[str] = "nobody_here"


class MailedCodeSpent(Refusal):
    """The digits were tried too often, are too old, or were used: a new letter is needed."""

    code: ClassVar[str] = "mailed_code_spent"
    field: ClassVar[str | None] = "code"


@dataclass(frozen=True, kw_only=True)
class Stay:
    """What a family's browser carries from page to page; the secret opens nothing once they have left."""

    secret: str
    since: datetime
    seen_at: datetime


def still_holds(stay: Stay, *, now: datetime) -> bool:
    """Tell whether a stay goes on: for twenty minutes of idleness and an hour at most."""
    return now - stay.seen_at < IDLE and now - stay.since < LONGEST
