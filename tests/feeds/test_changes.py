"""Two looks at a feed, around each kind of change: who hears of it, by what (ICS-12 to ICS-18, ICS-35)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.asks import Asks
from booking.activities.dates import Slot
from booking.activities.meeting_operations import (
    call_off_meeting,
    mark_called_off,
    move_meeting,
    put_meeting_back_on,
    put_occasion_back_on,
)
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.operations import (
    archive,
    change_about,
    change_asks,
    change_words,
    publish,
    set_terms,
    take_out_again,
)
from booking.activities.planning import Words
from booking.activities.queries import get_own_activity, get_own_meeting, get_own_occasion
from booking.activities.rows import about_of, asks_of, terms_of, words_of
from booking.activities.rules import MeetingState, Mode
from booking.libraries.models import Library
from booking.libraries.operations import change_library
from booking.libraries.queries import get_library_by_slug
from booking.libraries.rules import Language, LibraryFacts, Note
from booking.staff.rules import Role
from booking.versions import seen_as
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
)

Arranging = Callable[[], AbstractContextManager[Session]]

# What the one library has: two meetings of one course, one of another, and one that is on elsewhere.
COURSE, OTHER, ELSEWHERE, AWAY = {"a1", "a2"}, {"b"}, {"elsewhere"}, {"away"}
HERE = COURSE | OTHER


@dataclass
class Staff:
    """A librarian with the change at hand, inside a unit of work."""

    session: Session
    clock: StoppedClock
    account_id: int

    @property
    def libraries(self) -> set[int]:
        return set(self.session.scalars(select(Library.id)))

    def meeting(self, uid: str = "a1") -> Meeting:
        number = self.session.scalars(select(Meeting.id).where(Meeting.uid == uid)).one()
        return get_own_meeting(self.session, number, library_ids=self.libraries)

    def activity(self) -> Activity:
        number = self.session.scalars(select(Activity.id).where(Activity.slug == "kurs")).one()
        return get_own_activity(self.session, number, library_ids=self.libraries)

    def occasion(self) -> Occasion:
        number = self.session.scalars(select(Meeting.occasion_id).where(Meeting.uid == "a1")).one()
        return get_own_occasion(self.session, number, library_ids=self.libraries)

    def do(self, operation: Any, **facts: Any) -> None:
        operation(self.session, self.clock, account_id=self.account_id, **facts)

    def words(self, **changes: str) -> None:
        held = words_of(self.activity())
        self.texts(*(replace(each, **changes) for each in held))  # type: ignore[arg-type]

    def texts(self, *words: Words) -> None:
        activity = self.activity()
        self.do(change_words, activity=activity, words=words, seen=seen_as(words_of(activity)))

    def about(self, **changes: Any) -> None:
        held = about_of(activity := self.activity())
        told = replace(held, **changes)
        self.do(change_about, activity=activity, about=told, seen=seen_as(held))

    def terms(self, **changes: Any) -> None:
        held = terms_of(occasion := self.occasion())
        self.do(set_terms, occasion=occasion, terms=replace(held, **changes), seen=seen_as(held))

    def library(self, **changes: Any) -> None:
        library = get_library_by_slug(self.session, "granlia")
        told = {name: getattr(library, name) for name in LibraryFacts.__dataclass_fields__ if name != "notes"}
        notes = {Language.NB: Note(accessibility="Heis", opening="10–18")}
        facts = LibraryFacts(**{**told, "notes": notes, **changes})
        change_library(self.session, self.clock, library=library, facts=facts)


def _move(staff: Staff) -> None:
    meeting = staff.meeting()
    to = meeting.starts_at + timedelta(days=1)
    staff.do(
        move_meeting,
        meeting=meeting,
        slot=Slot(starts_at=to, ends_at=to + timedelta(hours=2)),
        room=meeting.room,
    )


def _new_room(staff: Staff) -> None:
    meeting = staff.meeting()
    slot = Slot(starts_at=meeting.starts_at, ends_at=meeting.ends_at)
    staff.do(move_meeting, meeting=meeting, slot=slot, room="Kafeen")


def _ask(staff: Staff) -> None:
    activity = staff.activity()
    staff.do(change_asks, activity=activity, asks=Asks(last_name=True), seen=seen_as(asks_of(activity)))


ENGLISH = Words(language=Language.EN, title="Games", summary="Board games.", body="")
BOKMAL = Words(language=Language.NB, title="Spillkveld", summary="Brettspill og brus.", body="")

Work = Callable[[Callable[[Staff], None]], None]

# What is done, whose readers see it, and whether they must come at another time or to another place.
CHANGES: dict[str, tuple[Callable[[Staff], None], set[str], bool]] = {
    "moved": (_move, {"a1"}, True),
    "another room": (_new_room, {"a1"}, True),
    "another title": (lambda staff: staff.words(title="Brettspill"), COURSE, False),
    "another summary": (lambda staff: staff.words(summary="Brus."), COURSE, False),
    "a title in English": (lambda staff: staff.texts(BOKMAL, ENGLISH), COURSE, False),
    "another long text": (lambda staff: staff.words(body="Vi spiller lenge."), set(), False),
    "another audience": (
        lambda staff: staff.about(
            audience=replace(
                about_of(staff.activity()).audience,
                grades=replace(about_of(staff.activity()).audience.grades, most=10),
            )
        ),
        COURSE,
        False,
    ),
    "another place": (lambda staff: staff.about(place_name="Ishallen"), COURSE, True),
    "at the library again": (lambda staff: staff.about(place_name=None), COURSE, True),
    "more places": (lambda staff: staff.terms(capacity=50), set(), False),
    "a second adult": (lambda staff: staff.about(has_second_adult=True), set(), False),
    "drop-in": (
        lambda staff: staff.terms(mode=Mode.DROP_IN, capacity=None, has_queue=False),
        COURSE,
        False,
    ),
    "asked for the last name": (_ask, set(), False),
    "the library renamed": (lambda staff: staff.library(name="Nye Granlia"), HERE, True),
    "the library's street": (lambda staff: staff.library(street="Lillegata 2"), HERE, True),
    "the library on the map": (lambda staff: staff.library(latitude=60.2), HERE, True),
    "the library's telephone": (lambda staff: staff.library(phone="+4733333333"), set(), False),
    "the library's opening hours": (
        lambda staff: staff.library(notes={Language.NB: Note(accessibility="Rampe", opening="10–20")}),
        set(),
        False,
    ),
    "nothing": (lambda staff: staff.library(), set(), False),
    "called off": (lambda staff: staff.do(call_off_meeting, meeting=staff.meeting()), {"a1"}, True),
    "the rest called off": (
        lambda staff: staff.do(mark_called_off, occasion=staff.occasion()),
        {"a2"},
        True,
    ),
}


@pytest.fixture
def work(arranging: Arranging, clock: StoppedClock) -> Work:
    """Let a librarian do something, an hour later."""
    with arranging() as session:
        library = make_library(session, slug="granlia")
        course = make_activity(session, library=library, slug="kurs")
        occasion = make_occasion(session, activity=course)
        make_meeting(session, occasion=occasion, uid="a1")
        make_meeting(session, occasion=occasion, uid="a2", starts_at=NOON + timedelta(days=14))
        other = make_occasion(session, activity=make_activity(session, library=library))
        make_meeting(session, occasion=other, uid="b")
        hall = make_activity(session, library=library, place_name="Ishallen")
        make_meeting(session, occasion=make_occasion(session, activity=hall), uid="elsewhere")
        make_meeting(session, uid="away")
        account_id = make_account(session, Role.COORDINATOR).id

    def do(change: Callable[[Staff], None]) -> None:
        clock.forward(hours=1)
        with arranging() as session:
            change(Staff(session, clock, account_id))

    return do


def look(browser: Browser, address: str = "/calendar/all.ics") -> dict[str, Any]:
    answer = browser.get(address)
    assert answer.status_code == 200
    found = {str(event["UID"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}
    assert len(found) == answer.data.count(b"BEGIN:VEVENT")
    return found


def test_a_change_is_told_to_those_who_see_it_and_to_nobody_else(
    browser: Browser, clock: StoppedClock, work: Work
) -> None:
    for change, (operation, readers, is_another_moment) in CHANGES.items():
        before, tag = look(browser), browser.get("/calendar/all.ics").headers["ETag"]

        work(operation)

        after = look(browser)
        told = {uid for uid in after if after[uid].to_ical() != before[uid].to_ical()}
        assert (set(after), told) == (set(before), readers), change
        for uid in told:
            assert after[uid]["LAST-MODIFIED"].dt == after[uid]["DTSTAMP"].dt == clock(), change
            assert after[uid]["SEQUENCE"] == before[uid]["SEQUENCE"] + is_another_moment, change
        answer = browser.get("/calendar/all.ics", headers={"If-None-Match": tag})
        assert answer.status_code == (200 if readers else 304), change


def test_called_off_and_on_and_off_the_sequence_only_rises(browser: Browser, work: Work) -> None:
    seen = [look(browser)["a1"]]
    for operation in (call_off_meeting, put_meeting_back_on, call_off_meeting):
        work(lambda staff, operation=operation: staff.do(operation, meeting=staff.meeting()))  # type: ignore[misc]
        seen.append(look(browser)["a1"])

    assert [event["SEQUENCE"] for event in seen] == [0, 1, 2, 3]
    assert [event["STATUS"] for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]


def test_an_occasion_put_back_on_leaves_what_was_called_off_before_it(browser: Browser, work: Work) -> None:
    work(lambda staff: staff.do(call_off_meeting, meeting=staff.meeting()))
    work(lambda staff: staff.do(mark_called_off, occasion=staff.occasion()))
    work(lambda staff: staff.words(title="Brettspill"))

    work(lambda staff: staff.do(put_occasion_back_on, occasion=staff.occasion()))

    after = look(browser)
    assert [after[uid]["STATUS"] for uid in ("a1", "a2")] == ["CANCELLED", "CONFIRMED"]
    assert [after[uid]["SEQUENCE"] for uid in ("a1", "a2")] == [1, 2]


def test_put_away_and_published_again_a_meeting_comes_back_with_a_higher_sequence(
    browser: Browser, clock: StoppedClock, work: Work
) -> None:
    before = look(browser)

    def publish_again(staff: Staff) -> None:
        activity = staff.activity()
        activity.responsible_id = staff.account_id
        staff.session.flush()
        staff.session.expire(activity)
        staff.do(publish, activity=staff.activity())

    def call_both_off(staff: Staff) -> None:
        staff.do(mark_called_off, occasion=staff.occasion())

    work(call_both_off)
    work(lambda staff: staff.do(archive, activity=staff.activity()))
    assert not COURSE & set(look(browser))
    work(lambda staff: staff.do(take_out_again, activity=staff.activity()))
    work(lambda staff: staff.do(put_occasion_back_on, occasion=staff.occasion()))
    work(publish_again)

    after = look(browser)
    assert after["a1"]["SEQUENCE"] > before["a1"]["SEQUENCE"] + 2
    assert after["a1"]["LAST-MODIFIED"].dt == clock()


def test_two_changes_in_one_second_are_two_times_of_change(
    arranging: Arranging,
    browser: Browser,
    work: Work,
    clock: StoppedClock,
) -> None:
    work(lambda staff: staff.words(title="En"))
    first = look(browser)["a1"]["LAST-MODIFIED"].dt
    with arranging() as session:
        session.scalars(select(Activity).where(Activity.slug == "kurs")).one().grade_to = 9

    assert look(browser)["a1"]["LAST-MODIFIED"].dt == first + timedelta(seconds=1)


def test_a_state_that_was_written_by_hand_is_a_change_too(
    arranging: Arranging, browser: Browser, clock: StoppedClock, work: object
) -> None:
    clock.forward(hours=1)
    with arranging() as session:
        session.scalars(select(Meeting).where(Meeting.uid == "b")).one().state = MeetingState.CALLED_OFF

    event = look(browser)["b"]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert event["LAST-MODIFIED"].dt == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
