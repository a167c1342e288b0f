"""Finding the tablet at a meeting, and whom it shows."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.attendance.door import OPENS_BEFORE
from booking.attendance.kiosk_models import Kiosk
from booking.attendance.kiosk_rules import is_on_tablet, shown_names
from booking.attendance.models import Closing
from booking.attendance.queries import register_at
from booking.attendance.rows import in_alphabet
from booking.clock import local_date
from booking.consent.queries import age_rule_at
from booking.errors import NotFound


def find_kiosk(session: Session, meeting_id: int, *, now: datetime) -> Kiosk | None:
    """Return the tablet that stands at the meeting now, if one does."""
    return session.scalar(
        select(Kiosk).join(Kiosk.meeting).where(Kiosk.meeting_id == meeting_id, *_stands(now))
    )


def get_kiosk(session: Session, kiosk_id: int, *, now: datetime) -> Kiosk:
    """Return the tablet with its meeting, or raise NotFound.

    Switched off, over, closed, called off and moved away look alike: names of children stand on it.
    """
    words = joinedload(Activity.texts)
    kiosk = (
        session.scalars(
            select(Kiosk)
            .join(Kiosk.meeting)
            .where(Kiosk.id == kiosk_id, *_stands(now))
            .options(
                joinedload(Kiosk.meeting)
                .joinedload(Meeting.occasion)
                .joinedload(Occasion.activity)
                .options(words, joinedload(Activity.library))
            )
        )
        .unique()
        .one_or_none()
    )
    if kiosk is None:
        raise NotFound
    return kiosk


def on_tablet(session: Session, *, meeting: Meeting, now: datetime) -> Sequence[tuple[int, str]]:
    """Return the number and the name of each youth whom the tablet shows, by name."""
    youth_from = age_rule_at(session, now=now).youth_from
    year = local_date(meeting.starts_at).year
    shown = [
        each.participant
        for each in register_at(session, meeting=meeting, now=now).attendees
        if is_on_tablet(
            group=each.group,
            standing=each.standing,
            age=year - each.participant.birth_year,
            is_shielded=each.participant.is_shielded,
            youth_from=youth_from,
        )
    ]
    in_order = sorted(shown, key=lambda each: (in_alphabet(each.first_name), each.id))
    return shown_names((each.id, each.first_name, each.last_name) for each in in_order)


def _stands(now: datetime) -> tuple[ColumnElement[bool], ...]:
    closed = select(Closing.id).where(Closing.meeting_id == Meeting.id, Closing.reopened_at.is_(None))
    return (
        Kiosk.stopped_at.is_(None),
        Kiosk.ends_at > now,
        Meeting.state != MeetingState.CALLED_OFF,
        Meeting.starts_at <= now + OPENS_BEFORE,
        Meeting.ends_at > now,
        ~closed.exists(),
    )
