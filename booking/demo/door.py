"""What has happened at the door of the meeting that goes on: some just came, and a tablet stands."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import meetings_between
from booking.attendance.kiosk_operations import put_up_tablet
from booking.attendance.operations import count
from booking.attendance.rules import Telling
from booking.attendance.walk_in_operations import AtTheDoor, add_walk_in
from booking.attendance.walk_in_rules import Asking, WalkInRequest
from booking.clock import Clock
from booking.libraries.rules import Language
from booking.participation.rules import HeadcountBand
from booking.tokens import new_uid

_CAME = (("Noor", "5", Asking.IN_PERSON, "Samira Eksempel"), ("Vetle", "7", Asking.SHOWN, ""))
_COUNTED = ((HeadcountBand.AGE_6_12, 3), (HeadcountBand.ADULTS, 1))


def going_on(session: Session, clock: Clock, *, library_id: int) -> Sequence[Meeting]:
    """Return the meetings of the library at which somebody may come through the door just now."""
    now = clock()
    near = meetings_between(
        session, library_ids={library_id}, starts=now - timedelta(hours=2), ends=now + timedelta(minutes=1)
    )
    return [meeting for meeting in near if meeting.starts_at <= now < meeting.ends_at]


def let_some_come(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Write down who just came, with leave and without, count who dropped in, and put up a tablet."""
    for name, grade, asking, guardian in _CAME:
        request = WalkInRequest(
            ask_key=new_uid(),
            first_name=name,
            born=grade,
            asking=asking,
            language=Language.NB,
            guardian_name=guardian,
            # Nothing that is invented may fail for want of room.
            is_beyond=True,
            is_another=True,
        )
        by = AtTheDoor(account_id=account_id, device="demo")
        add_walk_in(session, clock, meeting=meeting, request=request, by=by)
    for band, how_many in _COUNTED:
        telling = Telling(event_id=new_uid(), told_at=None, device="demo", account_id=account_id)
        count(session, clock, meeting=meeting, band=band, delta=how_many, telling=telling)
    put_up_tablet(session, clock, meeting=meeting, account_id=account_id)
