"""Pictures that everybody can see take a yes from all who share the responsibility for the child."""

from datetime import datetime, timedelta
from typing import Final

from booking.consent.rules import Capacity, WordingPurpose

# What leaves the library; pictures that stay inside it take one guardian's yes, as taking part does.
OPEN: Final = frozenset(
    {
        WordingPurpose.PHOTO_WEB,
        WordingPurpose.PHOTO_SOCIAL,
        WordingPurpose.PHOTO_PRINT,
        WordingPurpose.PHOTO_PRESS,
    }
)

# A child who lives every other week with each of them has been with both within a fortnight.
HALF_LASTS: Final = timedelta(days=14)


def takes_all(purpose: WordingPurpose, *, capacity: Capacity) -> bool:
    """Tell whether a yes to the purpose is only half a yes until it is known that nobody else's is missing.

    Who is grown up speaks for themselves, and there is nobody to share it with.
    """
    return purpose in OPEN and capacity is not Capacity.SELF


def runs_out_at(now: datetime) -> datetime:
    """Return until when a half yes waits for what is missing."""
    return now + HALF_LASTS
