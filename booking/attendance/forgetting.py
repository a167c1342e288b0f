"""What stays at the door of somebody who is erased: that one more was there."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.event_queries import mark_events
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import Standing, fold_marks
from booking.clock import Clock, local_date
from booking.participation.queries import person_entries_of
from booking.participation.rules import AgeBand, HeadcountBand, age_band
from booking.people.models import Participant
from booking.tokens import new_uid

# Nobody's phone: the count was made when the name went.
AT_ERASING = "erasing"


def keep_as_drop_ins(session: Session, clock: Clock, *, participant: Participant) -> int:
    """Count somebody who is about to be erased as a drop-in wherever they came and no register is closed yet.

    Returns at how many meetings. Those that were closed before have their facts, which stay.
    """
    meetings = [
        meeting
        for meeting in _open_meetings_with_ticks(session, participant.id)
        if _came(session, meeting, participant) and not _is_in_facts(session, meeting, participant)
    ]
    for meeting in meetings:
        session.add(_one_more(session, clock, meeting, participant))
    session.flush()
    return len(meetings)


def _open_meetings_with_ticks(session: Session, participant_id: int) -> Sequence[Meeting]:
    ticked = select(Mark.meeting_id).where(Mark.participant_id == participant_id)
    closed = select(Closing.meeting_id).where(Closing.reopened_at.is_(None))
    return session.scalars(
        select(Meeting).where(Meeting.id.in_(ticked), Meeting.id.not_in(closed)).order_by(Meeting.id)
    ).all()


def _came(session: Session, meeting: Meeting, participant: Participant) -> bool:
    return fold_marks(mark_events(session, meeting.id)).standing_of(participant.id) is Standing.CAME


def _is_in_facts(session: Session, meeting: Meeting, participant: Participant) -> bool:
    # A register that was opened again takes the erased over from its facts when it is closed anew.
    return participant.person_key in {entry.person_key for entry in person_entries_of(session, meeting.uid)}


def _one_more(session: Session, clock: Clock, meeting: Meeting, participant: Participant) -> HeadcountMark:
    account_id = session.scalars(
        select(Mark.account_id)
        .where(Mark.meeting_id == meeting.id, Mark.participant_id == participant.id)
        .order_by(Mark.id)
    ).first()
    return HeadcountMark(
        event_id=new_uid(),
        meeting_id=meeting.id,
        band=_band_of(participant, meeting),
        delta=1,
        happened_at=clock(),
        received_at=clock(),
        device=AT_ERASING,
        account_id=account_id,
    )


def _band_of(participant: Participant, meeting: Meeting) -> HeadcountBand:
    band = age_band(birth_year=participant.birth_year, in_year=local_date(meeting.starts_at).year)
    return HeadcountBand.ADULTS if band is AgeBand.OVER_18 else HeadcountBand(band.value)
