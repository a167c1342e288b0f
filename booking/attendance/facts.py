"""What a closed register leaves behind for the figures: facts without names."""

from booking.attendance.booked import Group, booking_of, outcome_of
from booking.attendance.door import present
from booking.attendance.queries import Attendee, Register, span_of
from booking.attendance.rules import Standing
from booking.clock import local_date
from booking.participation.rules import (
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    Outcome,
    PersonEntry,
    age_band,
)


def unknown_in(register: Register) -> frozenset[int]:
    """Return who was expected and of whom nothing is known."""
    return frozenset(
        attendee.participant.id
        for attendee in register.attendees
        if attendee.group is Group.EXPECTED and attendee.standing is Standing.NOT_KNOWN
    )


def present_in(register: Register) -> int:
    """Return how many were there in all, those who were erased since too."""
    standings = {attendee.participant.id: attendee.standing for attendee in register.attendees}
    erased = sum(entry.outcome is Outcome.CAME for entry in register.erased)
    return present(standings, register.headcount) + erased


def facts_of(register: Register) -> MeetingFacts:
    """Return the facts of a register that is closed."""
    meeting, closing = register.meeting, register.closing
    if closing is None:
        message = "only a closed register leaves facts"
        raise ValueError(message)
    activity = meeting.occasion.activity
    happened = closing.outcome is not MeetingOutcome.DID_NOT_HAPPEN
    return MeetingFacts(
        meeting_uid=meeting.uid,
        library_id=activity.library_id,
        activity_id=activity.id,
        activity_kind=activity.kind,
        outcome=closing.outcome,
        held_on=local_date(meeting.starts_at),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        capacity=meeting.occasion.capacity,
        statistics_type=activity.statistics_type,
        statistics_responsibility=activity.statistics_responsibility,
        statistics_target=activity.statistics_target,
        announced_before=activity.announced_before,
        persons=(*_persons(register), *register.erased) if happened else (),
        headcounts=_headcounts(register) if happened else (),
    )


def _persons(register: Register) -> tuple[PersonEntry, ...]:
    entries = (_entry(register, attendee) for attendee in register.attendees)
    return tuple(entry for entry in entries if entry is not None)


def _entry(register: Register, attendee: Attendee) -> PersonEntry | None:
    booking = booking_of(attendee.histories, span_of(register.meeting))
    outcome = outcome_of(booking, attendee.standing)
    if outcome is None:
        return None
    participant = attendee.participant
    year = local_date(register.meeting.starts_at).year
    return PersonEntry(
        person_key=participant.person_key,
        age_band=age_band(birth_year=participant.birth_year, in_year=year),
        municipality_code=participant.municipality_code,
        outcome=outcome,
        was_booked=booking.was_booked,
        booked_at_deadline=booking.booked_at_deadline,
        was_queued=booking.was_queued,
    )


def _headcounts(register: Register) -> tuple[HeadcountEntry, ...]:
    return tuple(
        HeadcountEntry(band=band, persons=persons) for band, persons in register.headcount.items() if persons
    )
