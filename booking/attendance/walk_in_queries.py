"""Finding those who just came and told their names."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_rules import WalkInLeave, day_is_over_at
from booking.errors import NotFound
from booking.people.models import Participant
from booking.signups.models import Signup


def take_turn_at_door(session: Session, meeting_id: int) -> None:
    """Wait until nobody else adds somebody at the door of the meeting, or closes its register."""
    session.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update())


def walk_ins_of(session: Session, meeting_id: int) -> Mapping[int, WalkIn]:
    """Return who just came to the meeting, by participant, in the order in which they were added."""
    return {walk_in.participant_id: walk_in for walk_in in walk_ins_in(session, [meeting_id])}


def walk_ins_in(session: Session, meeting_ids: Collection[int]) -> Sequence[WalkIn]:
    """Return who just came to any of these meetings, in the order in which they were added."""
    return session.scalars(_with_people().where(WalkIn.meeting_id.in_(meeting_ids)).order_by(WalkIn.id)).all()


def is_in_register(participant_id: SQLColumnExpression[int], *, meeting_id: int) -> ColumnElement[bool]:
    """Return what holds of those who asked for a place at the meeting's occasion, or just came to it."""
    occasion_id = select(Meeting.occasion_id).where(Meeting.id == meeting_id).scalar_subquery()
    return or_(
        exists().where(Signup.occasion_id == occasion_id, Signup.participant_id == participant_id),
        exists().where(WalkIn.meeting_id == meeting_id, WalkIn.participant_id == participant_id),
    )


def get_walk_in(session: Session, walk_in_id: int, *, meeting_id: int) -> WalkIn:
    """Return who just came to this meeting, or raise NotFound."""
    return _found(session, _with_people().where(WalkIn.id == walk_in_id, WalkIn.meeting_id == meeting_id))


def find_walk_in_id(session: Session, *, meeting_id: int, participant_id: int) -> int | None:
    """Return that somebody just came to the meeting, if they did."""
    return session.scalar(
        select(WalkIn.id).where(WalkIn.meeting_id == meeting_id, WalkIn.participant_id == participant_id)
    )


def get_asked_for(session: Session, walk_in_id: int) -> WalkIn:
    """Return somebody for whom leave is asked, with all that the guardian is told, or raise NotFound."""
    words = joinedload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    activity = joinedload(Occasion.activity).options(
        joinedload(Activity.library), joinedload(Activity.responsible), words
    )
    occasion = joinedload(WalkIn.meeting).joinedload(Meeting.occasion).options(activity)
    return _found(session, _with_people().where(WalkIn.id == walk_in_id).options(occasion))


def is_erased(session: Session, walk_in_id: int) -> bool:
    """Tell whether nothing is kept any more of somebody who just came; a number is never given twice."""
    return session.get(WalkIn, walk_in_id) is None


def find_added(session: Session, ask_key: str) -> WalkIn | None:
    """Return who was added by this form before, if it was sent before."""
    return session.scalar(_with_people().where(WalkIn.ask_key == ask_key))


def came_before(session: Session, meeting: Meeting) -> Sequence[Participant]:
    """Return who just came to an earlier meeting of the occasion with leave, and is not here yet."""
    here = select(WalkIn.participant_id).where(WalkIn.meeting_id == meeting.id)
    signed_up = select(Signup.participant_id).where(Signup.occasion_id == meeting.occasion_id)
    return session.scalars(
        select(Participant)
        .join(WalkIn, WalkIn.participant_id == Participant.id)
        .join(Meeting, Meeting.id == WalkIn.meeting_id)
        .where(
            Meeting.occasion_id == meeting.occasion_id,
            WalkIn.leave == WalkInLeave.GIVEN,
            Participant.id.not_in(here),
            Participant.id.not_in(signed_up),
        )
        .distinct()
        .order_by(Participant.id)
    ).all()


def families_without_leave(session: Session, *, now: datetime, most: int) -> Sequence[int]:
    """Return the families of those who just came, whose day is over, and for whom nobody gave leave."""
    # The day ends at midnight in Oslo, which SQL cannot tell: a day more is looked at, and then decided.
    rows = session.execute(
        select(Participant.family_id, Meeting.ends_at, WalkIn.added_at)
        .join(WalkIn, WalkIn.participant_id == Participant.id)
        .join(Meeting, Meeting.id == WalkIn.meeting_id)
        .where(
            WalkIn.leave != WalkInLeave.GIVEN,
            WalkIn.added_at < now,
            Meeting.ends_at < now + timedelta(days=1),
        )
        .order_by(WalkIn.id)
    )
    over = (
        family_id
        for family_id, ends_at, added_at in rows
        if now >= day_is_over_at(ends_at=ends_at, added_at=added_at)
    )
    return list(dict.fromkeys(over))[:most]


def _with_people() -> Select[WalkIn]:
    return select(WalkIn).options(joinedload(WalkIn.participant).joinedload(Participant.family))


def _found(session: Session, wanted: Select[WalkIn]) -> WalkIn:
    walk_in = session.scalars(wanted).unique().one_or_none()
    if walk_in is None:
        raise NotFound
    return walk_in
