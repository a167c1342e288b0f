"""How long places are held in this installation."""

from booking.settings import Settings
from booking.signups.rules import Holds


def holds_of(settings: Settings) -> Holds:
    """Return how long places are held where these settings are in force."""
    return Holds(
        hold_hours=settings.hold_hours,
        hold_hours_while_others_wait=settings.hold_hours_while_others_wait,
        guardian_hours=settings.guardian_hours,
        offer_hours=settings.offer_hours,
        offer_hours_when_near=settings.offer_hours_when_near,
        offer_lead_minutes=settings.offer_lead_minutes,
    )
