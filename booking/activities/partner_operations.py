"""Saying which organisations have a part in an activity."""

from sqlalchemy.orm import Session

from booking.activities.models import Activity, Partnership
from booking.activities.noting import note_change
from booking.clock import Clock
from booking.partners.rules import PartnerRole


def add_partner(
    session: Session,
    clock: Clock,
    *,
    activity: Activity,
    partner_id: int,
    role: PartnerRole,
    account_id: int,
) -> None:
    """Say which part an organisation has in the activity; saying it anew changes the part."""
    held = {each.partner_id: each for each in activity.partnerships}
    kept = held.get(partner_id)
    if kept is not None and kept.role is role:
        return
    if kept is None:
        activity.partnerships.append(Partnership(partner_id=partner_id, role=role))
    else:
        kept.role = role
    note_change(session, clock, "activity_partner_added", activity, account_id)


def drop_partner(
    session: Session, clock: Clock, *, activity: Activity, partner_id: int, account_id: int
) -> None:
    """Say that an organisation has no part in the activity; twice is once."""
    for each in [each for each in activity.partnerships if each.partner_id == partner_id]:
        activity.partnerships.remove(each)
        note_change(session, clock, "activity_partner_dropped", activity, account_id)
