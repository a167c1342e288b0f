"""What happened at the meetings that are over: who came, and when its figures were let out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.activities.rules import Mode
from booking.attendance.door import Answers, Unknown
from booking.attendance.operations import close_meeting, count, mark
from booking.attendance.rules import Standing, Telling
from booking.clock import Clock
from booking.demo.letting_out import let_out_what_is_due, moments_of_letting_out
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.publications.protection import Rule
from booking.signups.queries import expected
from booking.tokens import new_uid

_A_WHILE: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class _Over:
    """A meeting that is over; who comes changes with its turn."""

    ends_at: datetime
    meeting_id: int
    library_id: int
    turn: int


def hold_past_meetings(
    session: Session,
    now: datetime,
    *,
    activity_ids: Sequence[int],
    account_ids: Mapping[int, int],
    rule: Rule,
) -> None:
    """Close the registers of what is over in the order of time, and let figures out in between.

    The newest meeting of each activity is left for a visitor to close. `account_ids` tells who closes,
    by library.
    """
    over = sorted(
        (each for place, found in enumerate(activity_ids) for each in _over(session, now, found, place)),
        key=lambda each: (each.ends_at, each.meeting_id),
    )
    if not over:
        return
    moments = list(moments_of_letting_out(first_closed_at=over[0].ends_at, now=now))
    with click.progressbar(over, label="Its registers are closed") as meetings:
        for each in meetings:
            while moments and moments[0] < each.ends_at:
                let_out_what_is_due(session, _stopped(moments.pop(0)), rule=rule)
            _hold(session, each, account_ids[each.library_id])
    for moment in moments:
        let_out_what_is_due(session, _stopped(moment), rule=rule)


def _over(session: Session, now: datetime, activity_id: int, place: int) -> Sequence[_Over]:
    rows = session.execute(
        select(Meeting.id, Meeting.ends_at, Activity.library_id)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(Activity.id == activity_id, Meeting.ends_at < now)
        .order_by(Meeting.starts_at)
    ).all()
    return [
        _Over(ends_at=ends_at, meeting_id=meeting_id, library_id=library_id, turn=week + place)
        for week, (meeting_id, ends_at, library_id) in enumerate(rows[:-1])
    ]


def _stopped(instant: datetime) -> Clock:
    return lambda: instant


def _hold(session: Session, over: _Over, account_id: int) -> None:
    meeting = get_own_meeting(session, over.meeting_id, library_ids={over.library_id})
    during, after = _stopped(meeting.starts_at + _A_WHILE), _stopped(meeting.ends_at)
    tell = _teller(account_id)
    came = 0
    for place, signup in enumerate(expected(session, meeting.occasion_id)):
        if (place + over.turn) % 5:  # who comes changes from week to week
            child = signup.participant_id
            mark(
                session, during, meeting=meeting, participant_id=child, standing=Standing.CAME, telling=tell()
            )
            came += 1
    if meeting.occasion.mode is Mode.DROP_IN:
        for band, how_many in ((HeadcountBand.AGE_6_12, 6 + over.turn % 5), (HeadcountBand.ADULTS, 2)):
            count(session, during, meeting=meeting, band=band, delta=how_many, telling=tell())
            came += how_many
    outcome = MeetingOutcome.HELD if came else MeetingOutcome.NOBODY_CAME
    answers = Answers(outcome=outcome, unknown=Unknown.DID_NOT_COME)
    close_meeting(session, after, meeting=meeting, answers=answers, account_id=account_id)


def _teller(account_id: int) -> Callable[[], Telling]:
    return lambda: Telling(event_id=new_uid(), told_at=None, device="demo", account_id=account_id)
