"""Calling off and moving dates, and taking that back: whoever is signed up is told in the same breath."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities import meeting_operations
from booking.activities.dates import MeetingIsOver, Slot
from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState, OccasionCalledOff, first_start
from booking.clock import Clock
from booking.signups.letters import meeting_facts
from booking.signups.models import Mover, Signup
from booking.signups.moving import By, move_together
from booking.signups.queries import called_off_since, live_in, take_turn
from booking.signups.reminders import take_reminders_back
from booking.signups.rules import IS_HELD_FOR_A_WHILE, SignupState
from booking.signups.telling import News, tell_families


def call_off_occasion(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> int:
    """Call off what is left of the occasion and tell each family once; return how many. Twice is once.

    Refuses MeetingIsOver when nothing is left.
    """
    take_turn(session, occasion_id=occasion.id)
    left = _still_on(occasion, clock())
    if not left and occasion.called_off_at is None:
        raise MeetingIsOver
    facts = {"meetings": [meeting_facts(meeting) for meeting in left]}
    meeting_operations.mark_called_off(session, clock, occasion=occasion, account_id=account_id)
    signups = _live(session, occasion)
    take_reminders_back(session, clock, meetings=left, signups=signups)
    by = By(mover=Mover.STAFF, account_id=account_id)
    for state, standing in _by_state(signups).items():
        wanted = SignupState.CALLED_OFF if state is SignupState.CONFIRMED else SignupState.EXPIRED
        move_together(session, clock, signups=standing, wanted=wanted, by=by, is_told=False)
    news = News(template="signup_called_off", facts=facts, off=left)
    return tell_families(session, clock, signups, news)


def call_off_meeting(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> int:
    """Call off one date and tell each family once; return how many. With the last date goes the occasion.

    Refuses MeetingIsOver. Twice is once.
    """
    occasion = meeting.occasion
    take_turn(session, occasion_id=occasion.id)
    if meeting.state is MeetingState.CALLED_OFF:
        return 0
    if _still_on(occasion, clock()) == [meeting]:
        return call_off_occasion(session, clock, occasion=occasion, account_id=account_id)
    meeting_operations.call_off_meeting(session, clock, meeting=meeting, account_id=account_id)
    signups = _live(session, occasion)
    take_reminders_back(session, clock, meetings=[meeting], signups=signups)
    news = News(template="meeting_called_off", facts={"was": meeting_facts(meeting)}, off=[meeting])
    return tell_families(session, clock, signups, news)


def move_meetings(
    session: Session,
    clock: Clock,
    *,
    meetings: Sequence[Meeting],
    slots: Sequence[Slot],
    room: str,
    account_id: int,
) -> int:
    """Give dates of one occasion new hours or a new room and tell each family once; return how many.

    The same again is nothing. Refuses what `meeting_operations.move_meeting` refuses.
    """
    occasion = meetings[0].occasion
    take_turn(session, occasion_id=occasion.id)
    moves, moved = [], []
    for meeting, slot in zip(meetings, slots, strict=True):
        set_committed_value(meeting, "occasion", occasion)
        was, sequence = meeting_facts(meeting), meeting.sequence
        meeting_operations.move_meeting(
            session, clock, meeting=meeting, slot=slot, room=room, account_id=account_id
        )
        if meeting.sequence != sequence:
            moves.append({"was": was, "now": meeting_facts(meeting)})
            moved.append(meeting)
    if not moves:
        return 0
    signups = _live(session, occasion)
    take_reminders_back(session, clock, meetings=meetings, signups=signups)
    _end_holds_at_the_start(occasion, signups)
    news = News(template="meeting_moved", facts={"moves": moves}, on=moved, with_links=True)
    return tell_families(session, clock, signups, news)


def put_meeting_back_on(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> int:
    """Take back that one date is called off and tell each family once; return how many. Twice is once.

    Refuses MeetingIsOver, and OccasionCalledOff when all of the occasion is.
    """
    occasion = meeting.occasion
    take_turn(session, occasion_id=occasion.id)
    if occasion.called_off_at is not None:
        raise OccasionCalledOff
    if meeting.state is not MeetingState.CALLED_OFF:
        return 0
    meeting_operations.put_meeting_back_on(session, clock, meeting=meeting, account_id=account_id)
    facts = {"on": [meeting_facts(meeting)]}
    news = News(template="meeting_back_on", facts=facts, on=[meeting], with_links=True)
    return tell_families(session, clock, _live(session, occasion), news)


def put_occasion_back_on(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> int:
    """Take back that the occasion is called off; tell each family that lost its place; return how many.

    The places are gone and come back to nobody silently: the letter asks to sign up anew. Twice is once.
    """
    take_turn(session, occasion_id=occasion.id)
    since = occasion.called_off_at
    if since is None:
        return 0
    meeting_operations.put_occasion_back_on(session, clock, occasion=occasion, account_id=account_id)
    signups = called_off_since(session, occasion.id, since=since)
    for signup in signups:
        set_committed_value(signup, "occasion", occasion)
    return tell_families(session, clock, signups, News(template="occasion_back_on", facts={}))


def _still_on(occasion: Occasion, now: datetime) -> list[Meeting]:
    return [
        meeting
        for meeting in occasion.meetings
        if meeting.ends_at > now and meeting.state is not MeetingState.CALLED_OFF
    ]


def _by_state(signups: Iterable[Signup]) -> dict[SignupState, list[Signup]]:
    by_state: dict[SignupState, list[Signup]] = {}
    for signup in signups:
        by_state.setdefault(signup.state, []).append(signup)
    return by_state


def _live(session: Session, occasion: Occasion) -> list[Signup]:
    signups = list(live_in(session, occasion.id))
    for signup in signups:
        set_committed_value(signup, "occasion", occasion)
    return signups


def _end_holds_at_the_start(occasion: Occasion, signups: Iterable[Signup]) -> None:
    # A date that was moved forward takes its holds along: none of them lasts past the start.
    starts_at = first_start(occasion.meetings)
    for signup in signups:
        if starts_at and signup.state in IS_HELD_FOR_A_WHILE and signup.held_until:
            signup.held_until = min(signup.held_until, starts_at)
