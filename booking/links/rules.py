"""What a secret link may be for, and when it still opens."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

# Long enough to answer "why does my link not work", and then nothing of it is needed.
KEPT_AFTERWARDS: Final = timedelta(days=30)


class Purpose(StrEnum):
    """The one thing that a link opens; it opens nothing else."""

    CONFIRM_EMAIL = "confirm_email"
    GUARDIAN_ANSWER = "guardian_answer"
    SIGNUP = "signup"
    OFFER = "offer"
    FAMILY_PAGE = "family_page"
    FAMILY_FEED = "family_feed"
    STAFF_FEED = "staff_feed"
    PARTNER_FEED = "partner_feed"
    INVITATION = "invitation"
    INVITED = "invited"
    FIRST_ADMIN = "first_admin"
    PASSWORD_RESET = "password_reset"
    PREVIEW = "preview"
    NEW_ADDRESS = "new_address"
    SIGN_UP_CODE = "sign_up_code"
    WALK_IN = "walk_in"
    KIOSK = "kiosk"
    RENEWAL = "renewal"
    OTHER_GUARDIAN = "other_guardian"


def opens(*, expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    """Tell whether a link still opens: not taken back, and not past its time."""
    return revoked_at is None and (expires_at is None or now < expires_at)
