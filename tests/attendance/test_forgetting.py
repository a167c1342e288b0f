"""Who is erased before a register is closed was there all the same."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.attendance.door import Answers, Unknown
from booking.attendance.forgetting import keep_as_drop_ins
from booking.attendance.operations import close_meeting, mark, reopen
from booking.attendance.queries import register_at
from booking.attendance.rows import heading_of
from booking.attendance.rules import Standing, Telling
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.people.models import Participant
from booking.people.operations import forget_participant
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A meeting that starts now, as its page loads it."""
    library = make_library(session)
    activity = make_activity(session, library=library)
    made = make_meeting(session, occasion=make_occasion(session, activity=activity), starts_at=NOON)
    session.expire_all()
    return get_own_meeting(session, made.id, library_ids={library.id})


@pytest.fixture
def account(session: Session, meeting: Meeting) -> Account:
    return make_account(session, Role.LIBRARIAN, library=meeting.occasion.activity.library)


def book(session: Session, meeting: Meeting, birth_year: int = 2016) -> Participant:
    child = make_participant(session, birth_year=birth_year)
    yesterday = NOON - timedelta(days=1)
    make_signup(session, occasion=meeting.occasion, participant=child, changed_at=yesterday)
    return child


def tick(
    session: Session, clock: StoppedClock, meeting: Meeting, child: Participant, account: Account
) -> None:
    said = Telling(event_id=new_uid(), told_at=None, device="phone", account_id=account.id)
    mark(session, clock, meeting=meeting, participant_id=child.id, standing=Standing.CAME, telling=said)


def close(session: Session, clock: StoppedClock, meeting: Meeting, account: Account) -> None:
    answers = Answers(outcome=MeetingOutcome.HELD, unknown=Unknown.NOT_KNOWN)
    close_meeting(session, clock, meeting=meeting, answers=answers, account_id=account.id)


def erase(session: Session, clock: StoppedClock, child: Participant) -> int:
    kept = keep_as_drop_ins(session, clock, participant=child)
    forget_participant(session, participant_id=child.id)
    return kept


def present(session: Session, clock: StoppedClock, meeting: Meeting) -> int:
    return heading_of(register_at(session, meeting=meeting, now=clock())).present


@pytest.mark.parametrize(
    "birth_year_and_band", [(2016, HeadcountBand.AGE_6_12), (2000, HeadcountBand.ADULTS)]
)
def test_who_came_is_counted_as_a_drop_in_of_the_same_age(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    account: Account,
    birth_year_and_band: tuple[int, HeadcountBand],
) -> None:
    birth_year, band = birth_year_and_band
    child = book(session, meeting, birth_year=birth_year)
    tick(session, clock, meeting, child, account)

    kept = erase(session, clock, child)

    register = register_at(session, meeting=meeting, now=clock())
    assert (kept, register.headcount[band], register.attendees) == (1, 1, [])


def test_who_was_not_ticked_leaves_no_count(session: Session, clock: StoppedClock, meeting: Meeting) -> None:
    child = book(session, meeting)

    assert erase(session, clock, child) == 0
    assert present(session, clock, meeting) == 0


def test_a_closed_register_has_its_facts_and_needs_no_count(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    child = book(session, meeting)
    tick(session, clock, meeting, child, account)
    close(session, clock, meeting, account)

    assert erase(session, clock, child) == 0
    assert present(session, clock, meeting) == 1


def test_a_register_that_was_opened_again_counts_the_erased_once(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    child = book(session, meeting)
    tick(session, clock, meeting, child, account)
    close(session, clock, meeting, account)
    reopen(session, clock, meeting=meeting, account_id=account.id)

    assert erase(session, clock, child) == 0
    assert present(session, clock, meeting) == 1
