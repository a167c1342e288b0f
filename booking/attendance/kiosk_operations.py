"""Putting up a tablet on which youths tick themselves off, and taking it down."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.door import check_takes_ticks
from booking.attendance.kiosk_models import Kiosk
from booking.attendance.kiosk_queries import get_kiosk, on_tablet
from booking.attendance.kiosk_rules import KioskTooLate
from booking.attendance.operations import mark
from booking.attendance.paper_operations import note_at_meeting
from booking.attendance.queries import closing_in_force, is_called_off
from booking.attendance.rules import Standing, Telling
from booking.attendance.walk_in_queries import take_turn_at_door
from booking.clock import Clock
from booking.links.models import Link
from booking.links.operations import issue_link, revoke_links
from booking.links.rules import Purpose
from booking.tokens import new_uid


def put_up_tablet(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> str:
    """Return the secret of a tablet's page, which ends with the meeting; an earlier one opens nothing more.

    Refuses what a tick refuses, and KioskTooLate when the meeting is over.
    """
    take_turn_at_door(session, meeting.id)
    check_takes_ticks(
        now=clock(),
        starts_at=meeting.starts_at,
        is_called_off=is_called_off(meeting),
        is_closed=closing_in_force(session, meeting.id) is not None,
    )
    if clock() >= meeting.ends_at:
        raise KioskTooLate
    _end_earlier(session, clock, meeting.id)
    kiosk = Kiosk(meeting_id=meeting.id, account_id=account_id, started_at=clock(), ends_at=meeting.ends_at)
    session.add(kiosk)
    session.flush()
    note_at_meeting(session, clock, meeting=meeting, action="tablet_put_up", account_id=account_id)
    lasts = meeting.ends_at - clock()
    return issue_link(session, clock, purpose=Purpose.KIOSK, subject_id=kiosk.id, lasts=lasts)


def take_tablet_down(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Let the tablet's page open nothing more, from the next tap on; twice is once."""
    take_turn_at_door(session, meeting.id)
    if _end_earlier(session, clock, meeting.id):
        note_at_meeting(session, clock, meeting=meeting, action="tablet_taken_down", account_id=account_id)


def tick_on_tablet(session: Session, clock: Clock, *, link: Link, participant_id: int) -> bool:
    """Tick a youth who says to be here, and tell whether that is new; nobody else, and nothing is taken back.

    Refuses what a tick refuses; NotFound when the tablet was taken down.
    """
    kiosk = get_kiosk(session, link.subject_id, now=clock())
    meeting = kiosk.meeting
    take_turn_at_door(session, meeting.id)
    if participant_id not in dict(on_tablet(session, meeting=meeting, now=clock())):
        return False
    device = f"tablet-{kiosk.id}"
    said = Telling(event_id=new_uid(), told_at=None, device=device, account_id=kiosk.account_id)
    came = Standing.CAME
    mark(
        session,
        clock,
        meeting=meeting,
        participant_id=participant_id,
        standing=came,
        telling=said,
    )
    return True


def _end_earlier(session: Session, clock: Clock, meeting_id: int) -> int:
    still_up = select(Kiosk).where(Kiosk.meeting_id == meeting_id, Kiosk.stopped_at.is_(None))
    earlier = session.scalars(still_up).all()
    for kiosk in earlier:
        kiosk.stopped_at = clock()
        revoke_links(session, clock, purpose=Purpose.KIOSK, subject_id=kiosk.id)
    session.flush()
    return len(earlier)
