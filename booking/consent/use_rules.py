"""What may be noted of where a picture was used."""

from datetime import date
from typing import ClassVar

from booking.errors import Refusal


class UsedInTheFuture(Refusal):
    """A picture cannot have been used on a day to come."""

    code: ClassVar[str] = "picture_used_in_the_future"
    field: ClassVar[str | None] = "used_on"


def check_used_on(day: date, *, today: date) -> None:
    """Let today and days gone by pass; refuse UsedInTheFuture otherwise."""
    if day > today:
        raise UsedInTheFuture
