"""Who is in the house right now: what a fire brigade asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import meetings_between
from booking.attendance.attendees import Attendee, attendees_of
from booking.attendance.booked import Group
from booking.attendance.door import OPENS_BEFORE
from booking.attendance.event_queries import headcount_events_in, mark_events_in
from booking.attendance.queries import is_called_off
from booking.attendance.rules import Standing, fold_headcount, fold_marks
from booking.attendance.walk_in_queries import walk_ins_in
from booking.participation.rules import HeadcountBand
from booking.signups.queries import registers_of


@dataclass(frozen=True, kw_only=True)
class InTheHouse:
    """A meeting that goes on, who of it is here, how many were counted, and of whom nobody knows."""

    meeting: Meeting
    here: Sequence[Attendee]
    not_known: Sequence[Attendee]
    headcount: Mapping[HeadcountBand, int]


def in_the_house(session: Session, *, meeting: Meeting, now: datetime) -> Sequence[InTheHouse]:
    """Return the meeting, and every other one that goes on at the library at this instant.

    As many meetings as there are, the questions to the database are the same few: it is asked for when
    everybody must get out.
    """
    library_id = meeting.occasion.activity.library_id
    others = _going_on(session, library_ids={library_id}, now=now)
    meetings = [meeting, *(other for other in others if other.id != meeting.id)]
    ids = [each.id for each in meetings]
    signups = registers_of(session, {each.occasion_id for each in meetings})
    walk_ins = walk_ins_in(session, ids)
    ticks, counts = mark_events_in(session, ids), headcount_events_in(session, ids)
    return [
        _seen(
            each,
            attendees_of(
                each,
                signups=[signup for signup in signups if signup.occasion_id == each.occasion_id],
                walked_in=[came.participant for came in walk_ins if came.meeting_id == each.id],
                folded=fold_marks(ticks.get(each.id, [])),
                now=now,
            ),
            fold_headcount(counts.get(each.id, [])),
        )
        for each in meetings
    ]


def _going_on(session: Session, *, library_ids: Collection[int], now: datetime) -> Sequence[Meeting]:
    near = meetings_between(
        session, library_ids=library_ids, starts=now - 6 * OPENS_BEFORE, ends=now + OPENS_BEFORE
    )
    return [each for each in near if now < each.ends_at and not is_called_off(each)]


def _seen(
    meeting: Meeting, attendees: Sequence[Attendee], headcount: Mapping[HeadcountBand, int]
) -> InTheHouse:
    return InTheHouse(
        meeting=meeting,
        here=[each for each in attendees if each.standing is Standing.CAME],
        not_known=[
            each for each in attendees if each.group is Group.EXPECTED and each.standing is Standing.NOT_KNOWN
        ],
        headcount=headcount,
    )
