"""What a closed register leaves behind for the figures: facts without names."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion, Partnership
from booking.activities.rules import Mode
from booking.attendance.attendees import Attendee, span_of
from booking.attendance.booked import Group, booking_of, outcome_of
from booking.attendance.door import present
from booking.attendance.queries import Register
from booking.attendance.rules import Standing
from booking.clock import local_date
from booking.participation.rules import (
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    Outcome,
    PartnerEntry,
    PersonEntry,
    age_band,
    grade_band,
)
from booking.partners.models import Partner
from booking.signups.rules import SignupState


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
    return present(standings, register.headcount) + erased_present_in(register)


def erased_present_in(register: Register) -> int:
    """Return how many were there of those who were erased since."""
    return sum(entry.outcome is Outcome.CAME for entry in register.erased)


def facts_of(register: Register, *, partners: Sequence[PartnerEntry] = ()) -> MeetingFacts:
    """Return the facts of a register that is closed; `partners` are those of its activity."""
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
        occasion_id=meeting.occasion_id,
        is_course=_is_course(meeting.occasion),
        asked=sum(_asked(attendee, meeting) for attendee in register.attendees),
        waited_in_vain=sum(_waited_in_vain(register, attendee) for attendee in register.attendees),
        persons=(*_persons(register), *register.erased) if happened else (),
        headcounts=_headcounts(register) if happened else (),
        partners=tuple(partners),
    )


def partners_of(session: Session, *, activity_id: int) -> Sequence[PartnerEntry]:
    """Return the organisations that have a part in the activity today, and their sectors."""
    found = session.execute(
        select(Partner.id, Partner.sector)
        .join(Partnership, Partnership.partner_id == Partner.id)
        .where(Partnership.activity_id == activity_id)
        .order_by(Partner.id)
    )
    return [PartnerEntry(partner_id=row[0], sector=row[1].value) for row in found]


def _is_course(occasion: Occasion) -> bool:
    # One signs up once for all of its meetings.
    return occasion.mode is Mode.SIGN_UP and len(occasion.meetings) > 1


def _asked(attendee: Attendee, meeting: Meeting) -> bool:
    return any(step.at <= meeting.starts_at for steps in attendee.histories for step in steps)


def _waited_in_vain(register: Register, attendee: Attendee) -> bool:
    booking = booking_of(attendee.histories, span_of(register.meeting))
    return booking.was_queued and outcome_of(booking, attendee.standing) is None


def _was_offered(attendee: Attendee, meeting: Meeting) -> bool:
    before = (step for steps in attendee.histories for step in steps if step.at <= meeting.starts_at)
    return any(step.state is SignupState.OFFERED for step in before)


def _persons(register: Register) -> tuple[PersonEntry, ...]:
    entries = (_entry(register, attendee) for attendee in register.attendees)
    return tuple(entry for entry in entries if entry is not None)


def _entry(register: Register, attendee: Attendee) -> PersonEntry | None:
    booking = booking_of(attendee.histories, span_of(register.meeting))
    outcome = outcome_of(booking, attendee.standing)
    if outcome is None:
        return None
    participant = attendee.participant
    held_on = local_date(register.meeting.starts_at)
    return PersonEntry(
        person_key=participant.person_key,
        age_band=age_band(birth_year=participant.birth_year, in_year=held_on.year),
        municipality_code=participant.municipality_code,
        outcome=outcome,
        was_booked=booking.was_booked,
        booked_at_deadline=booking.booked_at_deadline,
        was_queued=booking.was_queued,
        was_offered=_was_offered(attendee, register.meeting),
        grade_band=grade_band(birth_year=participant.birth_year, on=held_on),
    )


def _headcounts(register: Register) -> tuple[HeadcountEntry, ...]:
    return tuple(
        HeadcountEntry(band=band, persons=persons) for band, persons in register.headcount.items() if persons
    )
