"""Paper, the list for an evacuation, the tablet for youths, and registers that nobody closed."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.activities.rules import Kind, MeetingState
from booking.almanac.red_days import red_days
from booking.attendance.door import Answers
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.operations import close_meeting, mark
from booking.attendance.overdue_operations import remind_of_registers
from booking.attendance.overdue_rules import next_working_day
from booking.attendance.paper_operations import type_in
from booking.attendance.paper_rules import Typed, TypedMark, paper_time
from booking.attendance.queries import register_at
from booking.attendance.rules import Standing, Telling
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.outbox.models import Letter
from booking.outbox.rules import Policy
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.people.models import Participant
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import unit_of_work
from tests.browser import Browser
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

Arranging = Callable[[], AbstractContextManager[Session]]
YEARS = (2026, 2027)


@dataclass
class Scene:
    """A meeting that starts now with three who are expected: a child, a youth, and one who is shielded."""

    library_id: int
    meeting_id: int
    child: Participant
    youth: Participant
    shielded: Participant
    librarian: Account
    door: Account

    def at(self, page: str) -> str:
        return f"/staff/meetings/{self.meeting_id}/{page}"


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON)
        people = [
            make_participant(session, first_name="Ada", last_name="Nordmannsen"),
            make_participant(session, first_name="Bo", last_name="Eksempel", birth_year=2011),
            make_participant(
                session, first_name="Falk", last_name="Skjult", birth_year=2010, is_shielded=True
            ),
        ]
        for person in people:
            yesterday = NOON - timedelta(days=1)
            make_signup(session, occasion=occasion, participant=person, changed_at=yesterday)
        return Scene(
            library_id=library.id,
            meeting_id=meeting.id,
            child=people[0],
            youth=people[1],
            shielded=people[2],
            librarian=make_account(session, Role.LIBRARIAN, library=library),
            door=make_account(session, Role.DOOR, library=library),
        )


def standing_of(arranging: Arranging, scene: Scene, person: Participant) -> Standing:
    with arranging() as session:
        meeting = get_own_meeting(session, scene.meeting_id, library_ids={scene.library_id})
        register = register_at(session, meeting=meeting, now=NOON + timedelta(hours=1))
        return next(each.standing for each in register.attendees if each.participant.id == person.id)


def actions_of(arranging: Arranging) -> list[str]:
    with arranging() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# The sheet.


def test_the_sheet_holds_first_names_and_room_and_is_on_record(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)

    page = browser.get(scene.at("paper")).text

    assert "Ada N." in page
    assert "Falk" in page
    assert not re.search(r"Nordmannsen|Skjult|Falk S|example\.org|Shielded", page)
    assert page.count('class="sheet-blank"') == 8 + len(HeadcountBand)
    assert actions_of(arranging) == ["register_printed"]


@pytest.mark.parametrize(
    ("last_typed", "now", "at"),
    [
        (None, timedelta(hours=1), timedelta(hours=1)),
        (None, timedelta(hours=9), timedelta(hours=2)),
        (timedelta(hours=2), timedelta(hours=9), timedelta(hours=2, microseconds=1)),
    ],
)
def test_paper_counts_as_of_the_end_of_the_meeting(
    last_typed: timedelta | None, now: timedelta, at: timedelta
) -> None:
    last_typed_at = NOON + last_typed if last_typed is not None else None

    found = paper_time(ends_at=NOON + timedelta(hours=2), last_typed_at=last_typed_at, now=NOON + now)

    assert found == NOON + at


def fields_of(page: str) -> dict[str, str]:
    """What the form of the page would send if nobody chose anything."""
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = [(re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)) for each in found]
    named = {name[1]: value[1] for name, value in pairs if name and value}
    return {name: value for name, value in named.items() if name.startswith(("lines", "numbers"))}


def line_of(fields: dict[str, str], person: Participant) -> str:
    is_theirs = (name for name, value in fields.items() if value == str(person.id) and "participant" in name)
    return next(is_theirs).removesuffix("-participant_id")


def test_typing_in_prefills_nothing_and_twice_is_once(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=3)
    browser.sign_in_as(scene.librarian)
    page = browser.get(scene.at("typed")).text
    assert "checked" not in page
    fields = fields_of(page)
    fields[f"{line_of(fields, scene.child)}-standing"] = "came"
    fields[f"{line_of(fields, scene.youth)}-standing"] = "did_not_come"
    fields["numbers-1-persons"] = "4"

    answers = [browser.post(scene.at("typed"), fields).status_code for _time in range(2)]

    assert answers == [303, 303]
    found = [standing_of(arranging, scene, each) for each in (scene.child, scene.youth, scene.shielded)]
    assert found == [Standing.CAME, Standing.DID_NOT_COME, Standing.NOT_KNOWN]
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 2
        assert session.scalars(select(HeadcountMark.delta)).all() == [4]
        assert set(session.scalars(select(Mark.happened_at))) == {NOON + timedelta(hours=2)}


def test_what_is_typed_wrong_is_said_and_nothing_is_lost(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)
    fields = fields_of(browser.get(scene.at("typed")).text)
    line = line_of(fields, scene.child)
    fields |= {f"{line}-standing": "came", "numbers-0-persons": "many"}

    refused = browser.post(scene.at("typed"), fields)

    assert refused.status_code == 422
    assert "Write a whole number from 0 to 500." in refused.text
    assert re.search(rf'name="{line}-standing" value="came" checked', refused.text)
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 0


@pytest.fixture
def typing(
    session: Session, clock: StoppedClock
) -> Callable[[Standing], tuple[Meeting, Participant, Account]]:
    """A meeting that is over, with one person of whom the paper says something."""
    library = make_library(session)
    occasion = make_occasion(session, activity=make_activity(session, library=library))
    made = make_meeting(session, occasion=occasion, starts_at=NOON)
    person = make_participant(session)
    make_signup(session, occasion=occasion, participant=person, changed_at=NOON - timedelta(days=1))
    account = make_account(session, Role.LIBRARIAN, library=library)
    session.expire_all()
    meeting = get_own_meeting(session, made.id, library_ids={library.id})

    def type_standing(standing: Standing) -> tuple[Meeting, Participant, Account]:
        said = TypedMark(event_id=new_uid(), participant_id=person.id, standing=standing)
        typed = Typed(marks=[said], counts=[])
        type_in(session, clock, meeting=meeting, typed=typed, account_id=account.id)
        return meeting, person, account

    return type_standing


@pytest.mark.parametrize(("minutes", "stands"), [(30, Standing.DID_NOT_COME), (200, Standing.CAME)])
def test_paper_stands_over_a_tap_during_the_meeting_and_under_one_after_it(
    session: Session,
    clock: StoppedClock,
    typing: Callable[[Standing], tuple[Meeting, Participant, Account]],
    minutes: int,
    stands: Standing,
) -> None:
    clock.forward(hours=5)
    meeting, person, account = typing(Standing.DID_NOT_COME)

    tapped_at = NOON + timedelta(minutes=minutes)
    tap = Telling(event_id=new_uid(), told_at=tapped_at, device="phone", account_id=account.id)
    mark(session, clock, meeting=meeting, participant_id=person.id, standing=Standing.CAME, telling=tap)

    attendee = register_at(session, meeting=meeting, now=clock()).attendees[0]
    assert (attendee.standing, attendee.is_contradicted) == (stands, True)


def test_what_is_typed_again_stands(
    session: Session,
    clock: StoppedClock,
    typing: Callable[[Standing], tuple[Meeting, Participant, Account]],
) -> None:
    clock.forward(hours=5)
    for standing in (Standing.CAME, Standing.DID_NOT_COME, Standing.CAME):
        typing(standing)
    meeting, _person, _account = typing(Standing.DID_NOT_COME)

    attendee = register_at(session, meeting=meeting, now=clock()).attendees[0]

    assert (attendee.standing, attendee.is_contradicted) == (Standing.DID_NOT_COME, False)


def test_nothing_is_typed_into_a_closed_register_but_what_is_there_already(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=3)
    browser.sign_in_as(scene.librarian)
    fields = fields_of(browser.get(scene.at("typed")).text)
    fields[f"{line_of(fields, scene.child)}-standing"] = "came"
    browser.post(scene.at("typed"), fields)
    browser.post(scene.at("close"), {"outcome": "held", "unknown": "not_known"})

    same = browser.post(scene.at("typed"), fields).status_code
    another = {**fields, "lines-0-event_id": new_uid(), "lines-0-standing": "came"}
    other = browser.post(scene.at("typed"), another)

    assert (same, other.status_code) == (303, 422)
    assert "The register is closed" in other.text


# The house.


def test_one_tap_shows_who_is_in_the_house_at_every_meeting_that_goes_on(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        library = session.get_one(Library, scene.library_id)
        other = make_occasion(session, activity=make_activity(session, library=library))
        beside = make_meeting(session, occasion=other, starts_at=NOON, room="Kjelleren")
        over = make_meeting(session, occasion=other, starts_at=NOON - timedelta(hours=4), room="Loftet")
        assert beside.id != over.id
    browser.sign_in_as(scene.door)
    browser.post(scene.at("marks"), {"participant_id": scene.child.id, "standing": "came"})
    browser.post(scene.at("counts"), {"band": "13_15", "delta": "2"})
    browser.post(scene.at("counts"), {"band": "adults", "delta": "1"})

    page = browser.get(scene.at("in-the-house")).text

    assert scene.at("in-the-house") in browser.get(scene.at("register")).text
    assert "<strong>4 persons</strong>" in page
    assert "Ada N." in page
    assert "Kjelleren" in page
    assert "Loftet" not in page
    assert "ask whether they are here: 2" in page
    assert actions_of(arranging).count("in_the_house_seen") == 2


# The tablet.


def put_up(browser: Browser, scene: Scene) -> str:
    answer = browser.post(scene.at("tablet"))
    page = browser.get(answer.location).text
    return str(re.findall(r"http://127.0.0.1:8000(/here/[^<\s\"]+)", page)[0])


def test_the_tablet_shows_youths_who_are_expected_and_nothing_else(
    app: Flask, scene: Scene, arranging: Arranging
) -> None:
    staff, tablet = Browser(app), Browser(app)
    staff.sign_in_as(scene.librarian)
    address = put_up(staff, scene)

    page = tablet.get(address)

    assert ">Bo<" in page.text
    assert not re.search(r"Ada|Falk|Eksempel|/staff", page.text)
    assert page.headers["Cache-Control"] == "no-store"
    assert ">Bo<" not in staff.get(address).text
    assert "tablet_put_up" in actions_of(arranging)


def test_a_youth_taps_once_and_nobody_taps_for_others_or_back(
    app: Flask, scene: Scene, arranging: Arranging
) -> None:
    staff, tablet = Browser(app), Browser(app)
    staff.sign_in_as(scene.librarian)
    address = put_up(staff, scene)
    tablet.get(address)
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 0

    for person in (scene.youth, scene.youth, scene.child, scene.shielded):
        data = {"participant_id": person.id, "standing": "not_known"}
        assert tablet.post(address, data).status_code == 303
    tablet.post(address, {"participant_id": "x"})

    page = tablet.get(address).text
    with arranging() as session:
        told = session.execute(select(Mark.participant_id, Mark.standing, Mark.account_id)).all()
    assert [tuple(each) for each in told] == [(scene.youth.id, Standing.CAME, scene.librarian.id)]
    assert ">Bo<" not in page


def test_the_tablet_goes_off_by_itself_by_hand_and_when_it_is_put_up_anew(
    app: Flask, scene: Scene, clock: StoppedClock
) -> None:
    staff, tablet = Browser(app), Browser(app)
    staff.sign_in_as(scene.librarian)
    first = put_up(staff, scene)
    second = put_up(staff, scene)
    assert (tablet.get(first).status_code, tablet.get(second).status_code) == (404, 200)

    staff.post(scene.at("tablet/down"))
    by_hand = tablet.get(second).status_code
    third = put_up(staff, scene)
    clock.set(NOON + timedelta(hours=2))

    assert by_hand == 404
    assert tablet.get(third).status_code == 404
    assert tablet.post(third, {"participant_id": scene.youth.id}).status_code == 404
    staff.sign_in_as(scene.librarian)
    staff.post(scene.at("tablet"))
    assert "The meeting is over" in staff.get(scene.at("tablet")).text


def called_off(session: Session, meeting: Meeting, _scene: Scene) -> None:
    meeting.state = MeetingState.CALLED_OFF


def moved_away(session: Session, meeting: Meeting, _scene: Scene) -> None:
    meeting.starts_at, meeting.ends_at = NOON + timedelta(days=1), NOON + timedelta(days=1, hours=2)


def closed(session: Session, meeting: Meeting, scene: Scene) -> None:
    session.add(
        Closing(
            meeting_id=meeting.id,
            outcome=MeetingOutcome.NOBODY_CAME,
            closed_at=NOON,
            closed_by_id=scene.librarian.id,
        )
    )


@pytest.mark.parametrize("ended", [called_off, moved_away, closed])
def test_a_tablet_left_standing_shows_no_name_once_its_meeting_is_not_on(
    app: Flask, scene: Scene, arranging: Arranging, ended: Callable[[Session, Meeting, Scene], None]
) -> None:
    staff, tablet = Browser(app), Browser(app)
    staff.sign_in_as(scene.librarian)
    address = put_up(staff, scene)
    assert ">Bo<" in tablet.get(address).text

    with arranging() as session:
        ended(session, session.get_one(Meeting, scene.meeting_id), scene)

    assert tablet.get(address).status_code == 404
    assert tablet.post(address, {"participant_id": scene.youth.id}).status_code == 404


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_tablet_speaks_three_languages(app: Flask, scene: Scene, language: str) -> None:
    staff, tablet = Browser(app), Browser(app)
    staff.sign_in_as(scene.librarian)

    page = tablet.get(f"{put_up(staff, scene)}?lang={language}").text

    words = {"nb": "Jeg er her", "nn": "Eg er her", "en": "I’m here"}
    assert words[language] in page


def test_the_register_is_in_the_language_of_its_reader_whoever_came_first(app: Flask, scene: Scene) -> None:
    pages = []
    for language in ("nb", "en", "nb"):
        browser = Browser(app, language)
        browser.sign_in_as(scene.librarian)
        pages.append(browser.get(f"{scene.at('register')}?lang={language}").text)

    assert ["Vet ikke" in page for page in pages] == [True, False, True]
    assert ["Not known" in page for page in pages] == [False, True, False]


# Registers that nobody closed.


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 24), date(2026, 11, 25)),
        (date(2026, 11, 27), date(2026, 11, 30)),
        (date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2027, 1, 4)),
        (date(2027, 3, 24), date(2027, 3, 30)),
    ],
)
def test_the_next_working_day_is_no_red_day_and_no_weekend(day: date, following: date) -> None:
    assert next_working_day(day, red=red_days(YEARS)) == following


def letters(arranging: Arranging) -> list[tuple[str | None, int]]:
    with arranging() as session:
        found = session.scalars(select(Letter).order_by(Letter.id))
        return [(letter.address, len(letter.facts["meetings"])) for letter in found]


def remind(arranging: Arranging, clock: StoppedClock) -> int:
    with arranging() as session:
        return remind_of_registers(session, clock)


def test_who_may_close_is_reminded_once_the_next_working_day(
    scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        meeting = session.get_one(Meeting, scene.meeting_id)
        occasion = session.get_one(Occasion, meeting.occasion_id)
        make_meeting(session, occasion=occasion, starts_at=NOON)
    told = []
    for hours in (3, 12, 18.9, 19, 20, 43):
        clock.set(NOON + timedelta(hours=hours))
        told.append(remind(arranging, clock))

    assert told == [0, 0, 0, 1, 0, 0]
    assert letters(arranging) == [(scene.librarian.email, 2)]
    with arranging() as session:
        assert session.scalars(select(Letter.policy)).one() is Policy.ONCE


def test_nobody_is_reminded_on_a_weekend_or_of_what_has_no_register(
    scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    friday = NOON + timedelta(days=3)
    with arranging() as session:
        meeting = session.get_one(Meeting, scene.meeting_id)
        meeting.starts_at, meeting.ends_at = friday, friday + timedelta(hours=2)
        other = make_account(session, Role.LIBRARIAN, library=make_library(session))
        for kind in (Kind.INTERNAL_MEETING, Kind.PILOT):
            activity = make_activity(session, kind=kind)
            state = MeetingState.CALLED_OFF if kind is Kind.PILOT else MeetingState.SCHEDULED
            make_meeting(
                session, occasion=make_occasion(session, activity=activity), starts_at=friday, state=state
            )
        assert other.email
    for days, told in ((4, 0), (5, 0), (6, 1)):
        clock.set(NOON + timedelta(days=days))
        assert remind(arranging, clock) == told

    assert [address for address, _count in letters(arranging)] == [scene.librarian.email]


def test_a_closed_register_reminds_nobody(scene: Scene, arranging: Arranging, clock: StoppedClock) -> None:
    clock.set(NOON + timedelta(hours=3))
    with arranging() as session:
        meeting = get_own_meeting(session, scene.meeting_id, library_ids={scene.library_id})
        answers = Answers(outcome=MeetingOutcome.DID_NOT_HAPPEN)
        close_meeting(session, clock, meeting=meeting, answers=answers, account_id=scene.librarian.id)
    clock.set(NOON + timedelta(days=1))

    assert remind(arranging, clock) == 0


def test_nobody_came_did_not_happen_and_not_recorded_are_three_things(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        occasion_id = session.get_one(Meeting, scene.meeting_id).occasion_id
        occasion = session.get_one(Occasion, occasion_id)
        others = [make_meeting(session, occasion=occasion, starts_at=NOON).id for _time in range(2)]
    clock.forward(hours=3)
    browser.sign_in_as(scene.librarian)
    for number, outcome in zip(others, ("nobody_came", "did_not_happen"), strict=True):
        browser.post(f"/staff/meetings/{number}/close", {"outcome": outcome})

    page = browser.get("/staff/registers").text

    for words in ("Not recorded", "Nobody came", "It did not happen"):
        assert words in page
    assert "/staff/registers" in browser.get("/staff/").text
    assert "/staff/registers" in browser.get("/staff/activities").text


@pytest.mark.race
def test_two_workers_at_once_write_one_letter(app: Flask, scene: Scene, clock: StoppedClock) -> None:
    clock.set(NOON + timedelta(days=1))
    start = Barrier(3)

    def work(_number: int) -> int:
        start.wait()
        with app.app_context(), unit_of_work() as (session, now):
            return remind_of_registers(session, now)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 1


def test_a_line_about_somebody_who_is_not_in_the_register_is_not_said_to_be_kept(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.librarian)
    fields = fields_of(browser.get(scene.at("typed")).text)
    line = line_of(fields, scene.child)
    fields |= {f"{line}-standing": "came", f"{line}-participant_id": "999999"}

    answer = browser.post(scene.at("typed"), fields)

    assert "Kept: 0 lines from the paper." in browser.get(answer.location).text
