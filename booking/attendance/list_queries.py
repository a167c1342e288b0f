"""What a phone asks while the register is open: has anything changed, and who is to be marked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.marks import DoorMark, door_marks, leave_marks
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_rules import WalkInLeave
from booking.consent.models import Consent, NeedsNote
from booking.consent.standing_queries import consents_in
from booking.signups.models import Signup
from booking.signups.rules import SignupState


def state_of_list(session: Session, *, meeting_id: int) -> tuple[Any, ...]:
    """Return, in one question, something that is another once the meeting's list has changed.

    A name that is corrected does not change it: whoever compares must look anew now and then.
    """
    occasion_id = select(Meeting.occasion_id).where(Meeting.id == meeting_id).scalar_subquery()
    row = session.execute(
        select(
            Meeting.state,
            Meeting.starts_at,
            Meeting.ends_at,
            _last(Mark, meeting_id),
            _last(HeadcountMark, meeting_id),
            _last(Closing, meeting_id),
            select(func.max(Closing.reopened_at)).where(Closing.meeting_id == meeting_id).scalar_subquery(),
            *(
                select(asked).where(WalkIn.meeting_id == meeting_id).scalar_subquery()
                for asked in (func.count(), func.max(WalkIn.changed_at))
            ),
            *(
                select(asked).where(table.occasion_id == occasion_id).scalar_subquery()
                for table, asked in (
                    (Signup, func.count()),
                    (Signup, func.max(Signup.changed_at)),
                    # A move that waited for its turn may tell an earlier time than one kept before it.
                    (Signup, func.sum(case((Signup.state == SignupState.CONFIRMED, Signup.id), else_=0))),
                    (Consent, func.max(Consent.id)),
                    (NeedsNote, func.max(NeedsNote.id)),
                    (NeedsNote, func.count()),
                )
            ),
        ).where(Meeting.id == meeting_id)
    ).one()
    return tuple(row)


def marks_at_door(
    session: Session,
    *,
    occasion_id: int,
    now: datetime,
    shielded: Mapping[int, bool],
    leaves: Mapping[int, WalkInLeave],
) -> Mapping[int, tuple[DoorMark, ...]]:
    """Return what whoever is at the door must know of each of these, shielded or not, with leave or not."""
    standing = consents_in(session, occasion_id=occasion_id, now=now)
    noted = set(session.scalars(select(NeedsNote.participant_id).where(NeedsNote.occasion_id == occasion_id)))
    return {
        participant_id: (
            *leave_marks(leaves.get(participant_id, WalkInLeave.GIVEN)),
            *door_marks(
                standing.get(participant_id, frozenset()),
                is_shielded=is_shielded,
                has_note=participant_id in noted,
            ),
        )
        for participant_id, is_shielded in shielded.items()
    }


def _last(table: type[Mark | HeadcountMark | Closing], meeting_id: int) -> ScalarSelect[int | None]:
    return select(func.max(table.id)).where(table.meeting_id == meeting_id).scalar_subquery()
