"""Who just comes and tells a name: room, leave, and what becomes of the name."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.activities.rules import Mode
from booking.attendance.arriving_queries import admitted, hold_threshold
from booking.attendance.booked import Group
from booking.attendance.door import Answers, Reach, RegisterIsClosed
from booking.attendance.leave_operations import (
    ask_for_leave,
    guardian_answers_no,
    guardian_answers_yes,
    note_leave_now,
)
from booking.attendance.list_queries import state_of_list
from booking.attendance.marks import DoorMark
from booking.attendance.models import Mark
from booking.attendance.operations import close_meeting
from booking.attendance.queries import register_at
from booking.attendance.rules import Standing
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_operations import AtTheDoor, add_again, add_walk_in
from booking.attendance.walk_in_rules import (
    AgainRequest,
    Asking,
    LeaveNow,
    NoRoom,
    Room,
    SameNameThere,
    TooYoungToAnswer,
    WalkInLeave,
    WalkInRequest,
    places_left,
)
from booking.consent.ages import AgeUnclear
from booking.consent.models import Permission
from booking.consent.queries import current_wording
from booking.consent.rules import Capacity, Established, WordingChanged, WordingPurpose
from booking.errors import NotFound
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.participation.models import HeadcountFact, PersonFact
from booking.participation.rules import MeetingOutcome, Outcome
from booking.people.models import Family, Participant
from booking.privacy.keeping import erase_families_long_unseen, erase_walk_ins_without_leave
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import unit_of_work
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
from tests.signups.asking import open_occasion

HELD = Answers(outcome=MeetingOutcome.HELD)
SAID = LeaveNow(name="Ola Eksempel", capacity=Capacity.PARENT, language=Language.EN)


@pytest.fixture
def meeting(session: Session) -> Meeting:
    """A meeting that starts now, with two places for sign-up and one for who just comes."""
    library = make_library(session)
    occasion = make_occasion(
        session,
        activity=make_activity(session, library=library),
        mode=Mode.SIGN_UP_AND_WALK_IN,
        capacity=2,
        walk_in_places=1,
    )
    made = make_meeting(session, occasion=occasion, starts_at=NOON)
    session.expire_all()
    return get_own_meeting(session, made.id, library_ids={library.id})


@pytest.fixture
def by(session: Session, meeting: Meeting) -> AtTheDoor:
    library = meeting.occasion.activity.library
    return AtTheDoor(account_id=make_account(session, Role.DOOR, library=library).id, device="phone")


def request_for(**changes: object) -> WalkInRequest:
    """A child of ten, whose guardian is beside it."""
    request = WalkInRequest(
        ask_key=new_uid(),
        first_name="Bo",
        born="2016",
        asking=Asking.IN_PERSON,
        language=Language.EN,
    )
    return replace(request, **changes)  # type: ignore[arg-type]


def expect(session: Session, meeting: Meeting, name: str = "Ada") -> Participant:
    child = make_participant(session, first_name=name)
    make_signup(session, occasion=meeting.occasion, participant=child, changed_at=NOON - timedelta(days=1))
    return child


@pytest.mark.parametrize(
    ("capacity", "walk_in_places", "expected", "walked_in", "has_begun", "left"),
    [
        (10, 3, 10, 0, False, 3),
        (10, 3, 2, 0, False, 3),
        (10, 3, 2, 3, False, 0),
        (10, 3, 2, 3, True, 8),
        (10, 3, 10, 3, True, 0),
        (10, 3, 14, 0, True, 0),
        (10, 0, 0, 0, False, 0),
        (None, 0, 5, 40, True, None),
    ],
)
def test_places_for_sign_up_are_kept_until_the_start(
    capacity: int | None,
    walk_in_places: int,
    expected: int,
    walked_in: int,
    has_begun: bool,
    left: int | None,
) -> None:
    room = Room(capacity=capacity, walk_in_places=walk_in_places, expected=expected, walked_in=walked_in)

    assert places_left(room, has_begun=has_begun) == left


def test_who_just_came_stands_in_the_register_ticked_and_with_leave(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    request = request_for(capacity=Capacity.OTHER_GUARDIAN, guardian_name="Ola Eksempel", phone="22222222")

    added = add_walk_in(session, clock, meeting=meeting, request=request, by=by)

    attendee = register_at(session, meeting=meeting, now=clock()).attendees[0]
    permission = session.scalars(select(Permission)).one()
    assert (attendee.group, attendee.standing) == (Group.WALK_IN, Standing.CAME)
    assert (added.secret, added.walk_in.leave) == (None, WalkInLeave.GIVEN)
    assert (permission.capacity, permission.established) == (Capacity.OTHER_GUARDIAN, Established.AT_THE_DESK)
    assert (permission.account_id, permission.occasion_id) == (by.account_id, meeting.occasion_id)
    assert session.scalars(select(Family)).one().email is None


def test_a_form_sent_twice_writes_one_child_down(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    request = request_for()

    one = add_walk_in(session, clock, meeting=meeting, request=request, by=by)
    other = add_walk_in(session, clock, meeting=meeting, request=request, by=by)

    assert one.walk_in.id == other.walk_in.id
    assert session.scalar(select(func.count()).select_from(Participant)) == 1
    assert session.scalar(select(func.count()).select_from(Mark)) == 1


def test_one_more_than_places_is_said_and_may_be_let_in_on_record(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    for name in ("Ada", "Cy"):
        expect(session, meeting, name)
    add_walk_in(session, clock, meeting=meeting, request=request_for(), by=by)

    with pytest.raises(NoRoom) as refused:
        add_walk_in(session, clock, meeting=meeting, request=request_for(first_name="Di"), by=by)
    beyond = request_for(first_name="Di", is_beyond=True)
    added = add_walk_in(session, clock, meeting=meeting, request=beyond, by=by)

    assert refused.value.facts == {"places": 3, "expected": 2, "walked_in": 1}
    assert added.walk_in.is_beyond


def test_the_same_name_and_year_is_asked_about(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    expect(session, meeting, "Bo")

    with pytest.raises(SameNameThere):
        add_walk_in(session, clock, meeting=meeting, request=request_for(first_name="BO"), by=by)
    added = add_walk_in(session, clock, meeting=meeting, request=request_for(is_another=True), by=by)

    assert added.walk_in.participant.first_name == "Bo"


@pytest.mark.parametrize(
    ("born", "has_turned", "refusal"),
    [
        ("2010", None, None),
        ("2011", None, AgeUnclear),
        ("2011", True, None),
        ("2014", None, TooYoungToAnswer),
    ],
)
def test_a_youth_answers_alone_only_from_the_age_of_the_rule(
    session: Session,
    clock: StoppedClock,
    meeting: Meeting,
    by: AtTheDoor,
    born: str,
    has_turned: bool | None,
    refusal: type[Exception] | None,
) -> None:
    request = request_for(born=born, asking=Asking.ALONE, has_turned=has_turned)

    if refusal:
        with pytest.raises(refusal):
            add_walk_in(session, clock, meeting=meeting, request=request, by=by)
    else:
        add_walk_in(session, clock, meeting=meeting, request=request, by=by)
        assert session.scalars(select(Permission.capacity)).one() is Capacity.SELF


def test_nobody_is_written_down_in_a_closed_register(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    answers = Answers(outcome=MeetingOutcome.DID_NOT_HAPPEN)
    close_meeting(session, clock, meeting=meeting, answers=answers, account_id=by.account_id)

    with pytest.raises(RegisterIsClosed):
        add_walk_in(session, clock, meeting=meeting, request=request_for(), by=by)


def _asked(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor, **changes: object
) -> tuple[WalkIn, str]:
    request = request_for(**{"asking": Asking.SHOWN, **changes})
    added = add_walk_in(session, clock, meeting=meeting, request=request, by=by)
    return added.walk_in, added.secret or ""


def _say_yes(session: Session, clock: StoppedClock, secret: str, digest: str | None = None) -> None:
    link = follow_link(session, clock, purpose=Purpose.WALK_IN, secret=secret)
    words = current_wording(session, purpose=WordingPurpose.PERMISSION, language=Language.EN)
    guardian_answers_yes(session, clock, link=link, said=SAID, digest=digest or words.digest)


def test_a_guardian_says_yes_by_the_link_twice_is_once(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    walk_in, secret = _asked(session, clock, meeting, by)

    _say_yes(session, clock, secret)
    _say_yes(session, clock, secret)

    permission = session.scalars(select(Permission)).one()
    assert permission.established is Established.SELF_DECLARED
    assert (walk_in.leave, walk_in.participant.family.contact_name) == (WalkInLeave.GIVEN, "Ola Eksempel")


def test_words_that_were_changed_since_are_not_agreed_to(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    walk_in, secret = _asked(session, clock, meeting, by)

    with pytest.raises(WordingChanged):
        _say_yes(session, clock, secret, digest="other words")

    assert walk_in.leave is WalkInLeave.AWAITED


def test_a_yes_can_be_taken_back_by_the_same_link(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    walk_in, secret = _asked(session, clock, meeting, by)
    _say_yes(session, clock, secret)

    link = follow_link(session, clock, purpose=Purpose.WALK_IN, secret=secret)
    guardian_answers_no(session, clock, link=link)

    assert walk_in.leave is WalkInLeave.REFUSED


def test_a_new_link_closes_the_one_before_it(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    walk_in, first = _asked(session, clock, meeting, by)

    second = ask_for_leave(session, clock, walk_in=walk_in, email=None)

    assert follow_link(session, clock, purpose=Purpose.WALK_IN, secret=second)
    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.WALK_IN, secret=first)


def test_a_mailed_link_names_no_child_and_goes_to_the_typed_address_only(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    _asked(session, clock, meeting, by, asking=Asking.MAILED, email="Ola@Example.org")

    letter = session.scalars(select(Letter)).one()
    assert (letter.address, letter.template) == ("ola@example.org", "walk_in_leave")
    assert "Bo" not in str(letter.facts)


def test_a_guardian_who_comes_after_all_says_yes_at_the_door(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    walk_in, _secret = _asked(session, clock, meeting, by)

    for _time in range(2):
        note_leave_now(session, clock, walk_in=walk_in, meeting=meeting, said=SAID, account_id=by.account_id)

    assert session.scalars(select(Permission.established)).one() is Established.AT_THE_DESK


@pytest.mark.parametrize(("hours", "gone"), [(11, 0), (12, 1)])
def test_without_leave_the_name_goes_at_midnight_and_one_more_stays_counted(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor, hours: int, gone: int
) -> None:
    _asked(session, clock, meeting, by, asking=Asking.MAILED, email="ola@example.org")
    clock.forward(hours=hours)

    erased = [erase_walk_ins_without_leave(session, clock) for _time in range(2)]

    library_ids = {meeting.occasion.activity.library_id}
    session.expire_all()
    meeting = get_own_meeting(session, meeting.id, library_ids=library_ids)
    close_meeting(session, clock, meeting=meeting, answers=HELD, account_id=by.account_id)
    named = session.scalar(select(func.count()).where(PersonFact.outcome == Outcome.CAME))
    counted = session.scalar(select(func.coalesce(func.sum(HeadcountFact.persons), 0)))
    assert erased == [gone, 0]
    assert (named, counted) == (1 - gone, gone)
    assert session.scalar(select(func.count()).select_from(Participant)) == 1 - gone
    assert session.scalars(select(Letter.address)).one() == (None if gone else "ola@example.org")
    assert (session.scalars(select(Link.revoked_at)).one() is not None) is bool(gone)


def test_a_yes_keeps_the_name_for_thirty_days(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    add_walk_in(session, clock, meeting=meeting, request=request_for(), by=by)
    clock.forward(days=30, hours=1)
    early = (erase_walk_ins_without_leave(session, clock), erase_families_long_unseen(session, clock))
    clock.forward(hours=2)

    late = erase_families_long_unseen(session, clock)

    assert (early, late) == ((0, 0), 1)
    assert session.scalar(select(func.count()).select_from(WalkIn)) == 0


def test_who_came_before_with_leave_comes_again_by_one_tap_as_the_same_person(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    first = add_walk_in(session, clock, meeting=meeting, request=request_for(), by=by).walk_in
    later = make_meeting(session, occasion=meeting.occasion, starts_at=NOON + timedelta(days=7))
    clock.forward(days=7)
    again = AgainRequest(ask_key=new_uid(), participant_id=first.participant_id)
    library_ids = {meeting.occasion.activity.library_id}
    session.expire_all()
    later = get_own_meeting(session, later.id, library_ids=library_ids)

    walk_in = add_again(session, clock, meeting=later, request=again, by=by)

    assert (walk_in.participant_id, walk_in.leave) == (first.participant_id, WalkInLeave.GIVEN)
    stranger = replace(again, ask_key=new_uid(), participant_id=make_participant(session).id)
    with pytest.raises(NotFound):
        add_again(session, clock, meeting=later, request=stranger, by=by)


def test_another_phone_hears_of_who_just_came_and_may_tick_them(
    session: Session, clock: StoppedClock, meeting: Meeting, by: AtTheDoor
) -> None:
    reach = Reach(at_the_door=frozenset({meeting.occasion.activity.library_id}), always=frozenset())
    before = state_of_list(session, meeting_id=meeting.id)
    walk_in, _secret = _asked(session, clock, meeting, by)

    after = state_of_list(session, meeting_id=meeting.id)

    threshold = hold_threshold(session, meeting.id, reach=reach, now=clock())
    found = admitted(session, threshold, participant_ids={walk_in.participant_id, 999_999})
    marks = register_at(session, meeting=meeting, now=clock()).marks[walk_in.participant_id]
    assert before != after
    assert found.participant_ids == {walk_in.participant_id}
    assert marks == (DoorMark.LEAVE_AWAITED, DoorMark.NO_PHOTO)


def test_a_place_given_back_changes_the_list_though_another_move_tells_a_later_time(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session)
    first = make_signup(session, occasion=occasion)
    make_signup(session, occasion=occasion, changed_at=NOON + timedelta(seconds=5))
    number = session.scalars(select(Meeting.id).where(Meeting.occasion_id == occasion.id)).one()
    before = state_of_list(session, meeting_id=number)

    first.state, first.changed_at = SignupState.WITHDRAWN, NOON + timedelta(seconds=1)
    session.flush()

    assert state_of_list(session, meeting_id=number) != before


class Phones:
    """A meeting with one place for who just comes, and the phones at its door."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), unit_of_work() as (session, _clock):
            library = make_library(session)
            activity = make_activity(session, library=library)
            mode = Mode.SIGN_UP_AND_WALK_IN
            occasion = make_occasion(session, activity=activity, mode=mode, capacity=2, walk_in_places=1)
            for _child in range(2):
                child = make_participant(session)
                make_signup(session, occasion=occasion, participant=child)
            self.library_ids = {library.id}
            self.account_id = make_account(session, Role.DOOR, library=library).id
            self.meeting_id = make_meeting(session, occasion=occasion, starts_at=NOON).id

    def add(self, request: WalkInRequest) -> str:
        try:
            with self.app.app_context(), unit_of_work() as (session, clock):
                meeting = get_own_meeting(session, self.meeting_id, library_ids=self.library_ids)
                by = AtTheDoor(account_id=self.account_id, device="phone")
                add_walk_in(session, clock, meeting=meeting, request=request, by=by)
        except (NoRoom, SameNameThere) as refusal:
            return refusal.code
        return "added"


@pytest.mark.race
@pytest.mark.parametrize(
    ("names", "refusal"),
    [
        (["Bo"] * 5, "walk_in_same_name"),
        (["Bo", "Cy", "Di", "Eli", "Fay"], "walk_in_no_room"),
    ],
)
def test_many_phones_at_once_write_down_one(app: Flask, names: list[str], refusal: str) -> None:
    phones, start = Phones(app), Barrier(len(names))

    def add(name: str) -> str:
        start.wait()
        return phones.add(request_for(first_name=name))

    with ThreadPoolExecutor(len(names)) as pool:
        said = sorted(pool.map(add, names))

    assert said == ["added", *[refusal] * (len(names) - 1)]


@pytest.mark.race
def test_a_double_tap_at_once_is_one(app: Flask) -> None:
    phones, start, request = Phones(app), Barrier(4), request_for()

    def add(_tap: int) -> str:
        start.wait()
        return phones.add(request)

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(add, range(4)))

    with app.app_context(), unit_of_work() as (session, _clock):
        assert session.scalar(select(func.count()).select_from(WalkIn)) == 1
    assert said == ["added"] * 4
