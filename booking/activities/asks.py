"""What an activity asks of families besides what a place needs, and below what age a guardian decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

# Whoever is older has nobody who decides for them.
OLDEST_WITH_GUARDIAN: Final = 18


class PhotoChannel(StrEnum):
    """Where a picture of a child may be shown; each is asked for by itself."""

    INTERNAL = "photo_internal"
    WEB = "photo_web"
    SOCIAL = "photo_social"
    PRINT = "photo_print"
    PRESS = "photo_press"


class GuardianAgeOutOfReason(Refusal):
    """No guardian decides for somebody of that age, or there is nobody of that age."""

    code: ClassVar[str] = "guardian_until_out_of_range"
    field: ClassVar[str | None] = "guardian_until"


@dataclass(frozen=True, kw_only=True)
class Asks:
    """What families are asked. Below the age `guardian_until` a guardian has the last word here."""

    last_name: bool = False
    needs: bool = False
    photo_channels: tuple[PhotoChannel, ...] = ()
    guardian_until: int | None = None


NOTHING_MORE: Final = Asks()


def channels_among(values: Iterable[str]) -> tuple[PhotoChannel, ...]:
    """Return the channels among the values, each once, from the smallest circle to the widest."""
    given = set(values)
    return tuple(channel for channel in PhotoChannel if channel in given)


def check_asks(asks: Asks) -> None:
    """Let pass what may be asked; refuse GuardianAgeOutOfReason."""
    if asks.guardian_until is not None and not 1 <= asks.guardian_until <= OLDEST_WITH_GUARDIAN:
        raise GuardianAgeOutOfReason(most=OLDEST_WITH_GUARDIAN)
