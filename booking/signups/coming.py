"""Finding who is expected soon, and has not been written to about it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.outbox.models import Letter
from booking.people.models import Participant
from booking.signups.models import Signup
from booking.signups.rules import SignupState

_IS_ON = Meeting.state != MeetingState.CALLED_OFF


def take_meetings_to_remind_of(
    session: Session, *, after: datetime, until: datetime, told_before: datetime, most: int
) -> Sequence[Meeting]:
    """Return the next meetings whose families wait for a reminder; those that others see to are left out.

    Families that heard of their sign-up since `told_before` do not wait for one.
    """
    waits = exists().where(
        Signup.occasion_id == Meeting.occasion_id,
        Participant.id == Signup.participant_id,
        Signup.state == SignupState.CONFIRMED,
        Signup.changed_at < told_before,
        _not_reminded(),
    )
    due = and_(Meeting.starts_at > after, Meeting.starts_at <= until, _IS_ON)
    return session.scalars(
        select(Meeting)
        .join(Occasion, Occasion.id == Meeting.occasion_id)
        .where(due, Occasion.called_off_at.is_(None), waits)
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Meeting)
    ).all()


def expected_unreminded(session: Session, meeting_ids: Collection[int]) -> Mapping[int, list[Signup]]:
    """Return the confirmed sign-ups of each meeting whose families have had no reminder of it."""
    found = session.execute(
        select(Meeting.id, Signup)
        .join(Signup, Signup.occasion_id == Meeting.occasion_id)
        .join(Participant, Participant.id == Signup.participant_id)
        .where(Meeting.id.in_(meeting_ids), Signup.state == SignupState.CONFIRMED, _not_reminded())
        .options(joinedload(Signup.participant).joinedload(Participant.family))
        .order_by(Signup.id)
    )
    by_meeting: dict[int, list[Signup]] = {}
    for meeting_id, signup in found:
        by_meeting.setdefault(meeting_id, []).append(signup)
    return by_meeting


def occasions_to_ask_again(
    session: Session, *, after: datetime, until: datetime, told_before: datetime
) -> Sequence[int]:
    """Return where families are to be asked if they still come, in the order in which turns are taken."""
    earlier = aliased(Meeting)
    has_begun = exists().where(
        earlier.occasion_id == Meeting.occasion_id,
        earlier.starts_at <= after,
        earlier.state != MeetingState.CALLED_OFF,
    )
    waits = exists().where(Signup.occasion_id == Occasion.id, _not_asked_again(told_before))
    due = and_(Meeting.starts_at > after, Meeting.starts_at <= until, _IS_ON)
    return session.scalars(
        select(Occasion.id)
        .join(Meeting, Meeting.occasion_id == Occasion.id)
        .where(due, Occasion.asks_again, Occasion.called_off_at.is_(None), waits, ~has_begun)
        .distinct()
        .order_by(Occasion.id)
    ).all()


def to_ask_again(session: Session, occasion_id: int, *, told_before: datetime) -> Sequence[Signup]:
    """Return the confirmed sign-ups of the occasion whose families were not asked again."""
    return session.scalars(
        select(Signup)
        .where(Signup.occasion_id == occasion_id, _not_asked_again(told_before))
        .options(joinedload(Signup.participant).joinedload(Participant.family))
        .order_by(Signup.id)
    ).all()


def _not_asked_again(told_before: datetime) -> ColumnElement[bool]:
    return and_(
        Signup.state == SignupState.CONFIRMED,
        Signup.asked_again_at.is_(None),
        Signup.changed_at < told_before,
    )


def _not_reminded() -> ColumnElement[bool]:
    # The letter's key is the note that it was written; `reminders` spells it the same.
    key = (
        "reminder:"
        + cast(Meeting.id, String)
        + ":"
        + cast(Meeting.sequence, String)
        + ":"
        + cast(Participant.family_id, String)
    )
    return ~exists().where(Letter.key == key)
