"""Which consents stand, and which of them are about pictures."""

from datetime import datetime
from typing import Final

from booking.consent.rules import Step, WordingPurpose

PHOTOS: Final = frozenset(
    {
        WordingPurpose.PHOTO_INTERNAL,
        WordingPurpose.PHOTO_WEB,
        WordingPurpose.PHOTO_SOCIAL,
        WordingPurpose.PHOTO_PRINT,
        WordingPurpose.PHOTO_PRESS,
    }
)
_IS_A_YES: Final = frozenset({Step.GIVEN, Step.RENEWED})


def stands(step: Step, *, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether a consent whose newest step is this one is in force."""
    return step in _IS_A_YES and (expires_at is None or now < expires_at)
