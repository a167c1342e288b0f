"""Ticking, counting, closing and opening again."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.activities.rules import MeetingState
from booking.attendance.door import (
    Answers,
    MeetingIsCalledOff,
    NobodyCounted,
    NotStarted,
    RegisterIsClosed,
    SomeoneCame,
    TooEarly,
    Unknown,
    UnknownNotAnswered,
)
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.operations import close_meeting, count, mark, note_opening, reopen
from booking.attendance.queries import Register, register_at
from booking.attendance.rows import heading_of
from booking.attendance.rules import Standing, Telling
from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import write_down
from booking.errors import NotFound, Refusal
from booking.participation.figures import Period, Scope
from booking.participation.metric_queries import tallies_by_library
from booking.participation.models import MeetingFact, PersonFact, Visitor
from booking.participation.rules import AgeBand, HeadcountBand, MeetingOutcome, Outcome
from booking.participation.tallies import Tallies
from booking.people.models import Participant
from booking.people.operations import forget_family
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.rules import SignupState
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

HELD, NOBODY, DID_NOT = MeetingOutcome.HELD, MeetingOutcome.NOBODY_CAME, MeetingOutcome.DID_NOT_HAPPEN
NOT_KNOWN = Answers(outcome=HELD, unknown=Unknown.NOT_KNOWN)
AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
YESTERDAY = NOON - timedelta(days=1)


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


def book(
    session: Session, meeting: Meeting, name: str = "Ada", *steps: SignupState, **changes: Any
) -> Participant:
    """A child with a place since yesterday, or one whose sign-up made these steps, the last one now."""
    child = make_participant(session, first_name=name, **changes)
    states = steps or (SignupState.CONFIRMED,)
    signup = make_signup(session, occasion=meeting.occasion, participant=child, state=states[-1])
    for number, state in enumerate(states):
        session.add(
            SignupMove(
                signup_id=signup.id,
                at=YESTERDAY if number == 0 else NOON - timedelta(minutes=30),
                from_state=None,
                to_state=state,
                mover=Mover.FAMILY,
            )
        )
    session.flush()
    return child


def telling(account: Account, **changes: object) -> Telling:
    values = {"event_id": new_uid(), "told_at": None, "device": "phone", "account_id": account.id}
    return Telling(**{**values, **changes})  # type: ignore[arg-type]


def tick(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    child: Participant,
    account: Account,
    *,
    standing: Standing = Standing.CAME,
    **changes: Any,
) -> None:
    said = telling(account, **changes)
    mark(session, clock, meeting=meeting, participant_id=child.id, standing=standing, telling=said)


def drop_in(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    account: Account,
    delta: int = 1,
    **changes: object,
) -> None:
    band, said = HeadcountBand.AGE_6_12, telling(account, **changes)
    count(session, clock, meeting=meeting, band=band, delta=delta, telling=said)


def close(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account, answers: Answers = NOT_KNOWN
) -> Closing:
    return close_meeting(session, clock, meeting=meeting, answers=answers, account_id=account.id)


def register_of_now(session: Session, clock: StoppedClock, meeting: Meeting) -> Register:
    return register_at(session, meeting=meeting, now=clock())


def standing_of(session: Session, clock: StoppedClock, meeting: Meeting, child: Participant) -> Standing:
    attendees = register_of_now(session, clock, meeting).attendees
    return next(each.standing for each in attendees if each.participant.id == child.id)


def outcomes(session: Session) -> dict[str, Outcome]:
    found = session.execute(select(Visitor.person_key, PersonFact.outcome).join(PersonFact.visitor))
    return dict(found.all())


def figures_of(session: Session, meeting: Meeting) -> Tallies:
    library_id = meeting.occasion.activity.library_id
    return tallies_by_library(session, scope=Scope(library_ids=[library_id], period=AUTUMN))[library_id]


def rows_in(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_nobody_is_here_because_they_booked(session: Session, clock: StoppedClock, meeting: Meeting) -> None:
    for name in ("Ada", "Bo", "Cy"):
        book(session, meeting, name)

    heading = heading_of(register_of_now(session, clock, meeting))

    assert (heading.expected, heading.present, heading.dropped_in) == (3, 0, 0)


def test_a_tick_told_three_times_is_one_tick(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)

    for _time in range(3):
        tick(session, clock, meeting, ada, account, event_id="11111111-1111")
        drop_in(session, clock, meeting, account, event_id="22222222-2222")

    heading = heading_of(register_of_now(session, clock, meeting))
    assert (heading.present, heading.named, heading.dropped_in) == (2, 1, 1)
    assert (rows_in(session, Mark), rows_in(session, HeadcountMark)) == (1, 1)


def test_a_tick_that_is_told_again_after_the_closing_is_still_that_tick(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)
    tick(session, clock, meeting, ada, account, event_id="11111111-1111")
    drop_in(session, clock, meeting, account, event_id="22222222-2222")
    close(session, clock, meeting, account)

    tick(session, clock, meeting, ada, account, event_id="11111111-1111")
    drop_in(session, clock, meeting, account, event_id="22222222-2222")

    assert (rows_in(session, Mark), rows_in(session, HeadcountMark)) == (1, 1)


def test_the_time_that_the_phone_tells_is_kept_and_decides(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)
    clock.forward(minutes=30)
    tick(session, clock, meeting, ada, account, told_at=NOON + timedelta(minutes=20))

    late: dict[str, Any] = {
        "told_at": NOON + timedelta(minutes=10),
        "device": "other",
        "standing": Standing.DID_NOT_COME,
    }
    tick(session, clock, meeting, ada, account, **late)

    attendee = register_of_now(session, clock, meeting).attendees[0]
    assert (attendee.standing, attendee.is_contradicted) == (Standing.CAME, True)
    assert set(session.scalars(select(Mark.received_at))) == {clock()}


def test_a_tick_for_a_place_that_was_given_back_meanwhile_is_kept_and_shown(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting, "Ada", SignupState.CONFIRMED, SignupState.WITHDRAWN)

    tick(session, clock, meeting, ada, account)
    close(session, clock, meeting, account)

    heading = heading_of(register_of_now(session, clock, meeting))
    assert (heading.expected, heading.present) == (0, 1)
    assert outcomes(session) == {ada.person_key: Outcome.CAME}


def test_who_never_asked_for_a_place_is_not_found(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    stranger = make_participant(session)

    with pytest.raises(NotFound):
        tick(session, clock, meeting, stranger, account)


def test_ticks_before_time_and_after_closing_are_refused(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)

    clock.set(NOON - timedelta(hours=2, seconds=1))
    with pytest.raises(TooEarly):
        tick(session, clock, meeting, ada, account)
    with pytest.raises(TooEarly):
        drop_in(session, clock, meeting, account)
    with pytest.raises(NotStarted):
        close(session, clock, meeting, account)
    clock.set(NOON)
    drop_in(session, clock, meeting, account)
    close(session, clock, meeting, account)
    with pytest.raises(RegisterIsClosed):
        tick(session, clock, meeting, ada, account)
    with pytest.raises(RegisterIsClosed):
        drop_in(session, clock, meeting, account)


def test_a_meeting_called_off_has_no_register(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)
    meeting.state = MeetingState.CALLED_OFF

    with pytest.raises(MeetingIsCalledOff):
        tick(session, clock, meeting, ada, account)
    with pytest.raises(MeetingIsCalledOff):
        close(session, clock, meeting, account)


def test_closing_hands_over_what_became_of_everyone_and_no_name(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada, bo, cy = (book(session, meeting, name) for name in ("Ada", "Bo", "Cy"))
    dag = book(session, meeting, "Dag", SignupState.CONFIRMED, SignupState.WITHDRAWN)
    eva = book(session, meeting, "Eva", SignupState.QUEUED, birth_year=2010, municipality_code="3416")
    book(session, meeting, "Fay", SignupState.QUEUED)
    for child in (ada, eva):
        tick(session, clock, meeting, child, account)
    tick(session, clock, meeting, bo, account, standing=Standing.DID_NOT_COME)
    drop_in(session, clock, meeting, account, 2)

    close(session, clock, meeting, account)

    assert outcomes(session) == {
        ada.person_key: Outcome.CAME,
        bo.person_key: Outcome.DID_NOT_COME,
        cy.person_key: Outcome.NOT_KNOWN,
        dag.person_key: Outcome.CANCELLED_LATE,
        eva.person_key: Outcome.CAME,
    }
    found = figures_of(session, meeting)
    assert (found.sessions, found.attendances, found.unique, found.booked) == (1, 4, 2, 4)


def test_a_fact_tells_a_band_a_municipality_and_how_the_place_was_come_by(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    eva = book(session, meeting, "Eva", SignupState.QUEUED, birth_year=2010, municipality_code="3416")
    tick(session, clock, meeting, eva, account)

    close(session, clock, meeting, account)

    came = session.scalars(select(PersonFact)).one()
    assert (came.age_band, came.municipality_code) == (AgeBand.AGE_16_18, "3416")
    assert (came.was_booked, came.booked_at_deadline, came.was_queued) == (False, False, True)
    fact = session.scalars(select(MeetingFact)).one()
    assert (fact.meeting_uid, fact.held_on, fact.capacity) == (meeting.uid, date(2026, 11, 24), 12)


def test_a_place_given_back_before_the_deadline_is_in_time(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    meeting.occasion.cancel_deadline_minutes = 20
    ada = book(session, meeting, "Ada", SignupState.CONFIRMED, SignupState.WITHDRAWN)
    drop_in(session, clock, meeting, account)

    close(session, clock, meeting, account)

    assert outcomes(session) == {ada.person_key: Outcome.CANCELLED_IN_TIME}
    assert figures_of(session, meeting).booked == 0


@pytest.mark.parametrize(
    "case",
    [
        (Unknown.NOT_KNOWN, Outcome.NOT_KNOWN, Outcome.NOT_KNOWN),
        (Unknown.DID_NOT_COME, Outcome.DID_NOT_COME, Outcome.DID_NOT_COME),
        (Unknown.ONE_BY_ONE, Outcome.NOT_KNOWN, Outcome.DID_NOT_COME),
    ],
)
def test_of_those_not_ticked_only_who_is_said_to_have_stayed_away_did(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    account: Account,
    case: tuple[Unknown, Outcome, Outcome],
) -> None:
    unknown, of_ada, of_bo = case
    ada, bo = book(session, meeting, "Ada"), book(session, meeting, "Bo")
    drop_in(session, clock, meeting, account)
    said = Answers(outcome=HELD, unknown=unknown, did_not_come=frozenset({bo.id}))

    close(session, clock, meeting, account, said)

    assert outcomes(session) == {ada.person_key: of_ada, bo.person_key: of_bo}


def test_nobody_came_and_it_did_not_happen_are_two_things(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)

    close(session, clock, meeting, account, Answers(outcome=NOBODY))
    nobody = (figures_of(session, meeting).sessions, outcomes(session))
    reopen(session, clock, meeting=meeting, account_id=account.id)
    close(session, clock, meeting, account, Answers(outcome=DID_NOT))
    not_held = (figures_of(session, meeting).sessions, outcomes(session))

    assert nobody == (1, {ada.person_key: Outcome.DID_NOT_COME})
    assert not_held == (0, {})


@pytest.mark.parametrize(
    "case",
    [
        (0, Answers(outcome=HELD), NobodyCounted),
        (1, Answers(outcome=HELD), UnknownNotAnswered),
        (1, Answers(outcome=NOBODY), SomeoneCame),
        (1, Answers(outcome=DID_NOT), SomeoneCame),
    ],
)
def test_answers_that_do_not_fit_the_register_close_nothing(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    account: Account,
    case: tuple[int, Answers, type[Refusal]],
) -> None:
    dropped_in, answers, refusal = case
    book(session, meeting)
    if dropped_in:
        drop_in(session, clock, meeting, account, dropped_in)

    with pytest.raises(refusal):
        close(session, clock, meeting, account, answers)

    assert (rows_in(session, Closing), rows_in(session, MeetingFact)) == (0, 0)


def test_closing_twice_the_same_way_is_closing_once(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    drop_in(session, clock, meeting, account)

    first = close(session, clock, meeting, account)
    again = close(session, clock, meeting, account)

    assert again is first
    with pytest.raises(RegisterIsClosed):
        close(session, clock, meeting, account, Answers(outcome=DID_NOT))


def test_opened_again_it_counts_nowhere_and_closed_anew_it_replaces_the_whole(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada, bo = book(session, meeting, "Ada"), book(session, meeting, "Bo")
    tick(session, clock, meeting, ada, account)
    close(session, clock, meeting, account)
    before = figures_of(session, meeting).attendances

    clock.forward(minutes=5)
    for _time in range(2):
        reopen(session, clock, meeting=meeting, account_id=account.id)
    meanwhile = figures_of(session, meeting).sessions
    tick(session, clock, meeting, bo, account)
    close(session, clock, meeting, account)

    assert (before, meanwhile, figures_of(session, meeting).attendances) == (1, 0, 2)
    closings = session.scalars(select(Closing).order_by(Closing.id)).all()
    assert [closing.reopened_by_id for closing in closings] == [account.id, None]


def test_looks_closings_and_reopenings_are_on_record(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    drop_in(session, clock, meeting, account)

    note_opening(session, clock, meeting=meeting, account_id=account.id)
    close(session, clock, meeting, account)
    reopen(session, clock, meeting=meeting, account_id=account.id)
    write_down(session)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["register_seen", "register_closed", "register_reopened"]
    assert {(entry.actor, entry.account_id, entry.subject, entry.subject_id) for entry in entries} == {
        (Actor.STAFF, account.id, "meeting", meeting.id)
    }


def test_erasing_a_family_changes_no_figure_not_even_when_the_register_is_opened_and_closed_again(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada, bo = book(session, meeting, "Ada"), book(session, meeting, "Bo")
    for child in (ada, bo):
        tick(session, clock, meeting, child, account)
    close(session, clock, meeting, account)
    before = figures_of(session, meeting)

    forget_family(session, family_id=ada.family_id)
    erased = figures_of(session, meeting)
    shown = heading_of(register_of_now(session, clock, meeting)).present
    reopen(session, clock, meeting=meeting, account_id=account.id)
    close(session, clock, meeting, account)

    assert (erased, shown) == (before, 2)
    assert figures_of(session, meeting) == before
    assert rows_in(session, Signup) == 1


def test_a_meeting_that_only_erased_people_came_to_is_still_held(
    session: Session, clock: StoppedClock, meeting: Meeting, account: Account
) -> None:
    ada = book(session, meeting)
    tick(session, clock, meeting, ada, account)
    close(session, clock, meeting, account)
    before = figures_of(session, meeting)
    forget_family(session, family_id=ada.family_id)
    reopen(session, clock, meeting=meeting, account_id=account.id)

    with pytest.raises(SomeoneCame):
        close(session, clock, meeting, account, Answers(outcome=NOBODY))
    close(session, clock, meeting, account)

    assert figures_of(session, meeting) == before


def test_somebody_who_signed_up_twice_stands_in_the_register_once(
    session: Session, clock: StoppedClock, meeting: Meeting
) -> None:
    ada = book(session, meeting, "Ada", SignupState.CONFIRMED, SignupState.WITHDRAWN)
    make_signup(session, occasion=meeting.occasion, participant=ada, changed_at=NOON - timedelta(minutes=5))

    heading = heading_of(register_of_now(session, clock, meeting))

    assert heading.expected == 1
    assert standing_of(session, clock, meeting, ada) is Standing.NOT_KNOWN
