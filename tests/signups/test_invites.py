"""What letters tell a family's calendar, and that it is what its own feed says, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.dates import Slot
from booking.activities.identity_operations import settle_identities
from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_own_meeting, get_own_occasion
from booking.libraries.models import Library
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.calendar_rules import CalendarNames, CalendarTitle
from booking.people.models import Family, Participant
from booking.signups.answers import say_yes, withdraw
from booking.signups.booked import Booked, entries_of
from booking.signups.booked_queries import households_of
from booking.signups.booked_rules import Standing
from booking.signups.changes import call_off_meeting, call_off_occasion, move_meetings, put_meeting_back_on
from booking.signups.models import Signup
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_meeting, make_occasion
from tests.signups.asking import HOLDS, ask, secret_in_letter

WEEK = timedelta(days=7)
TWO = [{"first_name": "Ada"}, {"first_name": "Bo", "born": "2015"}]


class Course:
    """Two dates, and a family that asked for places and answered its letter."""

    def __init__(self, session: Session, clock: StoppedClock, **changes: Any) -> None:
        self.session, self.clock = session, clock
        self.occasion = make_occasion(session, has_queue=True, **changes)
        for week in (1, 2):
            make_meeting(session, occasion=self.occasion, starts_at=NOON + week * WEEK)
        self.account_id = make_account(session, Role.LIBRARIAN, library=session.scalar(select(Library))).id

    def sign_up(self, **changes: Any) -> None:
        ask(self.session, self.clock, self.occasion, **changes)
        self.clock.forward(minutes=1)
        secret = secret_in_letter(self.session, "secret", template="signup_awaiting_email")
        link = follow_link(self.session, self.clock, purpose=Purpose.CONFIRM_EMAIL, secret=secret)
        say_yes(self.session, self.clock, link=link, holds=HOLDS)
        self.clock.forward(minutes=1)

    def give_back(self, number: int = 0) -> None:
        signup = self.session.scalars(select(Signup).order_by(Signup.id)).all()[number]
        withdraw(self.session, self.clock, signup_id=signup.id, holds=HOLDS)
        self.clock.forward(minutes=1)

    @property
    def whole(self) -> Occasion:
        self.session.flush()
        self.session.expunge_all()
        numbers = self.session.scalars(select(Library.id)).all()
        return get_own_occasion(self.session, self.occasion.id, library_ids=numbers)

    def first_date(self) -> Meeting:
        occasion = self.whole
        number = occasion.meetings[0].id
        return get_own_meeting(self.session, number, library_ids={occasion.activity.library_id})

    def told(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """What the newest letter tells: for each method the entries by identity and sequence."""
        newest = self.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
        return [
            (each["method"], [(entry["uid"], entry["sequence"]) for entry in each["entries"]])
            for each in newest.facts["calendar"]
        ]

    def booked(self) -> list[Booked]:
        # As when the unit of work ends.
        settle_identities(self.session, self.clock)
        self.session.expunge_all()
        family = self.session.scalars(select(Family)).one()
        return [entry for household in households_of(self.session, family) for entry in entries_of(household)]

    def known(self, standing: Standing = Standing.ON) -> list[tuple[str, int]]:
        return [(each.uid, each.sequence) for each in self.booked() if each.standing is standing]


@pytest.fixture
def course(session: Session, clock: StoppedClock) -> Course:
    return Course(session, clock)


def test_a_place_is_told_of_when_it_is_real_and_not_before(course: Course) -> None:
    ask(course.session, course.clock, course.occasion)
    before = course.told()

    course.clock.forward(minutes=1)
    secret = secret_in_letter(course.session, "secret")
    link = follow_link(course.session, course.clock, purpose=Purpose.CONFIRM_EMAIL, secret=secret)
    say_yes(course.session, course.clock, link=link, holds=HOLDS)

    assert before == []
    assert course.told() == [("REQUEST", course.known())]
    assert [sequence for _uid, sequence in course.known()] == [0, 0]


def test_the_waiting_list_is_no_date(session: Session, clock: StoppedClock) -> None:
    course = Course(session, clock, capacity=1)
    course.sign_up()

    ask(session, clock, course.occasion, email="kari@example.org")

    assert course.told() == []


def test_giving_a_place_back_takes_its_dates_out_with_a_higher_sequence(course: Course) -> None:
    course.sign_up()
    before = course.known()

    course.give_back()

    assert course.told() == [("CANCEL", course.known(Standing.LEFT))]
    assert course.told() == [("CANCEL", [(uid, sequence + 1) for uid, sequence in before])]


def test_signing_up_anew_is_another_entry(course: Course) -> None:
    course.sign_up()
    before = {uid for uid, _sequence in course.known()}
    course.give_back()

    course.sign_up()

    assert not before & {uid for uid, _sequence in course.known()}
    assert course.told() == [("REQUEST", course.known())]


def test_siblings_of_one_form_have_one_entry_that_ends_with_the_last_of_them(course: Course) -> None:
    course.sign_up(children=TWO)
    both = course.known()
    course.give_back(0)
    one, said = course.known(), course.told()

    course.give_back(1)

    assert len(both) == 2
    assert (one, said) == (both, [])
    assert course.told() == [("CANCEL", [(uid, sequence + 1) for uid, sequence in both])]


def test_where_entries_tell_names_it_is_told_who_of_the_siblings_stays(course: Course) -> None:
    course.sign_up(children=TWO)
    course.session.scalars(select(Family)).one().calendar_names = CalendarNames.FIRST_NAME
    both = [(each.uid, each.sequence, each.names) for each in course.booked()]

    course.give_back(0)

    assert [names for _uid, _sequence, names in both] == [("Ada", "Bo")] * 2
    assert [(each.uid, each.sequence, each.names) for each in course.booked()] == [
        (uid, sequence, ("Bo",)) for uid, sequence, _names in both
    ]
    assert [method for method, _entries in course.told()] == ["REQUEST"]


def test_a_date_that_moves_is_the_same_date_later(course: Course) -> None:
    course.sign_up()
    before = course.known()
    starts_at = NOON + WEEK + timedelta(hours=3)

    move_meetings(
        course.session,
        course.clock,
        meetings=[course.first_date()],
        slots=[Slot(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))],
        room="Salen",
        account_id=course.account_id,
    )

    assert course.told() == [("REQUEST", [(before[0][0], before[0][1] + 1)])]
    assert course.known() == [(before[0][0], before[0][1] + 1), before[1]]


def test_a_date_called_off_and_put_back_on_is_told_both_times(course: Course) -> None:
    course.sign_up()
    uid, sequence = course.known()[0]

    call_off_meeting(course.session, course.clock, meeting=course.first_date(), account_id=course.account_id)
    off, in_feed = course.told(), course.known(Standing.CALLED_OFF)
    course.clock.forward(minutes=1)
    put_meeting_back_on(
        course.session, course.clock, meeting=course.first_date(), account_id=course.account_id
    )

    assert (off, in_feed) == ([("CANCEL", [(uid, sequence + 1)])], [(uid, sequence + 1)])
    assert course.told() == [("REQUEST", [(uid, sequence + 2)])]


def test_when_the_library_calls_all_off_every_date_left_is_crossed_out(course: Course) -> None:
    course.sign_up(children=TWO)
    before = course.known()

    call_off_occasion(course.session, course.clock, occasion=course.whole, account_id=course.account_id)

    ((method, entries),) = course.told()
    assert method == "CANCEL"
    assert entries == course.known(Standing.CALLED_OFF)
    assert [uid for uid, _sequence in entries] == [uid for uid, _sequence in before]
    assert all(later > earlier for (_uid, later), (_same, earlier) in zip(entries, before, strict=True))


def test_what_was_attended_before_a_place_was_given_back_stays(course: Course) -> None:
    course.sign_up()
    before = course.known()
    course.clock.set(NOON + WEEK + timedelta(days=1))

    course.give_back()

    assert course.known() == before[:1]
    assert course.told() == [("CANCEL", [(before[1][0], before[1][1] + 1)])]


def test_a_shielded_child_s_dates_tell_neither_what_nor_where_nor_who(course: Course) -> None:
    course.sign_up(children=TWO)
    family = course.session.scalars(select(Family)).one()
    family.calendar_names = CalendarNames.FIRST_NAME
    child = course.session.scalars(select(Participant).order_by(Participant.id)).all()[1]
    child.is_shielded = True

    told = {(each.title, each.place, each.names, each.slug) for each in course.booked()}

    assert told == {(None, "", (), None)}


def test_only_the_library_is_told_when_a_family_wants_no_more(course: Course) -> None:
    course.sign_up()
    course.session.scalars(select(Family)).one().calendar_title = CalendarTitle.LIBRARY

    told = {(each.title, each.place, each.slug) for each in course.booked()}

    assert told == {(None, "Granlia bibliotek, Storgata 1, 2200 Granlia", None)}
