"""Holding facts against the registers that they were taken from."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.attendance.facts import facts_of
from booking.attendance.models import Closing
from booking.attendance.queries import register_at
from booking.participation.checking import facts_kept
from booking.participation.models import MeetingFact
from booking.participation.rules import MeetingFacts

_IN_FORCE: Final = Closing.reopened_at.is_(None)


def facts_without_a_register(session: Session) -> Iterator[str | None]:
    """Tell of meetings that count in figures although their register is open, or of which none is closed."""
    closed = select(Meeting.uid).join(Closing, Closing.meeting_id == Meeting.id).where(_IN_FORCE)
    known = select(Meeting.uid)
    rows = session.scalars(
        select(MeetingFact.meeting_uid).where(
            MeetingFact.is_withdrawn.is_(False),
            MeetingFact.meeting_uid.in_(known),
            MeetingFact.meeting_uid.not_in(closed),
        )
    )
    for uid in rows:
        yield f"meeting {uid}: its facts are counted, and its register is not closed"


def registers_without_facts(session: Session) -> Iterator[str | None]:
    """Tell of closed registers that left no facts, or whose facts were withdrawn."""
    counted = select(MeetingFact.meeting_uid).where(MeetingFact.is_withdrawn.is_(False))
    rows = session.scalars(
        select(Meeting.uid)
        .join(Closing, Closing.meeting_id == Meeting.id)
        .where(_IN_FORCE, Meeting.uid.not_in(counted))
    )
    for uid in rows:
        yield f"meeting {uid}: its register is closed, and no facts are counted"


def facts_unlike_their_register(session: Session) -> Iterator[str | None]:
    """Go through all closed registers; tell of each that would leave other facts today."""
    rows = session.execute(
        select(Meeting.id, Activity.library_id, MeetingFact.id, Closing.closed_at)
        .join(Closing, Closing.meeting_id == Meeting.id)
        .join(MeetingFact, MeetingFact.meeting_uid == Meeting.uid)
        .join(Occasion, Occasion.id == Meeting.occasion_id)
        .join(Activity, Activity.id == Occasion.activity_id)
        .where(_IN_FORCE)
        .order_by(Meeting.id)
    ).all()
    for meeting_id, library_id, fact_id, closed_at in rows:
        meeting = get_own_meeting(session, meeting_id, library_ids=[library_id])
        anew = facts_of(register_at(session, meeting=meeting, now=closed_at))
        kept = facts_kept(session, [fact_id])[fact_id]
        wrong = _differences(anew, kept)
        yield f"meeting {meeting.uid}: {', '.join(wrong)}" if wrong else None
        session.expunge_all()


def _differences(anew: MeetingFacts, kept: MeetingFacts) -> list[str]:
    # Bands and municipality are those of the day: a year of birth that was put right later changes no figure.
    told = {
        "outcome": (anew.outcome, kept.outcome),
        "persons": tuple({each.person_key: each.outcome for each in facts.persons} for facts in (anew, kept)),
        "headcount": tuple({each.band: each.persons for each in facts.headcounts} for facts in (anew, kept)),
    }
    return [name for name, (one, other) in told.items() if one != other]
