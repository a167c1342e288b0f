"""Looking at what lies behind a name in the register: what the child needs, and whom to call."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.person_queries import get_person
from booking.attendance.walk_in_queries import find_walk_in_id
from booking.audit.looks import record_look
from booking.clock import Clock
from booking.consent.needs import Needs, NeedsUnreadable
from booking.consent.needs_operations import Reader, read_all_needs
from booking.consent.seal import Seal
from booking.errors import NotFound
from booking.people.models import Participant


@dataclass(frozen=True, kw_only=True)
class Behind:
    """What lies behind a name: the person, and what they need; nothing if that is not to be read now."""

    person: Participant
    needs: Needs | None
    is_readable: bool
    walk_in_id: int | None


def look_behind(
    session: Session, clock: Clock, *, meeting: Meeting, participant_id: int, reader: Reader, seal: Seal
) -> Behind:
    """Return what a child needs and whom to call, and put the look on record; or raise NotFound."""
    person = get_person(session, meeting_id=meeting.id, participant_id=participant_id)
    record_look(
        session,
        clock,
        action="contact_seen",
        account_id=reader.account_id,
        library_id=meeting.occasion.activity.library_id,
        participant_id=participant_id,
        facts={"meeting_id": meeting.id},
    )
    walk_in_id = find_walk_in_id(session, meeting_id=meeting.id, participant_id=participant_id)
    try:
        needs = read_all_needs(
            session,
            clock,
            occasion_id=meeting.occasion_id,
            reader=reader,
            seal=seal,
            participant_ids=[participant_id],
        )
    except (NotFound, NeedsUnreadable):
        return Behind(person=person, needs=None, is_readable=False, walk_in_id=walk_in_id)
    return Behind(person=person, needs=needs.get(participant_id), is_readable=True, walk_in_id=walk_in_id)
