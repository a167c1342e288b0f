"""The pages at the door, as each role meets them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.rules import Kind, MeetingState, Status
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import Standing
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.people.models import Participant
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]


@dataclass
class Scene:
    """A library with a meeting that starts now, two children who have a place, and its staff."""

    library: Library
    meeting: Meeting
    ada: Participant
    bo: Participant
    librarian: Account
    door: Account
    stranger: Account
    coordinator: Account

    @property
    def register(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/register"

    @property
    def marks(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/marks"

    @property
    def counts(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/counts"

    @property
    def closing(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/close"

    @property
    def reopening(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/reopen"


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging() as session:
        library, other = make_library(session), make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        family = make_family(session)
        ada = make_participant(session, family=family, last_name="Nordmannsen")
        bo = make_participant(session, family=family, first_name="Bo", last_name="Skjult", is_shielded=True)
        made = Scene(
            library=library,
            meeting=make_meeting(session, occasion=occasion, starts_at=NOON),
            ada=ada,
            bo=bo,
            librarian=make_account(session, Role.LIBRARIAN, library=library),
            door=make_account(session, Role.DOOR, library=library),
            stranger=make_account(session, Role.LIBRARIAN, library=other),
            coordinator=make_account(session, Role.COORDINATOR),
        )
        for child in (ada, bo):
            make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
        return made


def rows_in(arranging: Arranging, table: type) -> int:
    with arranging() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def tallied(text: str) -> dict[str, str]:
    """What the counts at the top of the page say."""
    found = re.findall(r"<dt>([^<]+)</dt>\s*<dd[^>]*>([^<]+)</dd>", text)
    return {words.strip(): number.strip() for words, number in found}


def tick(browser: Browser, scene: Scene, child: Participant, standing: str = "came", **more: object) -> int:
    data = {"participant_id": child.id, "standing": standing, **more}
    return browser.post(scene.marks, data).status_code


def test_the_register_shows_first_names_and_nobody_as_present(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    page = browser.get(scene.register)

    assert page.status_code == 200
    assert tallied(page.text) == {"here": "0", "expected": "2", "dropped in": "0", "adults": "0"}
    assert "Ada N." in page.text
    assert "10 years old" in page.text
    assert not re.search(r"Nordmannsen|Skjult|S\.", page.text)
    assert 'aria-pressed="true"' not in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_a_tap_ticks_and_leads_back_to_the_row_and_another_takes_it_back(
    browser: Browser, scene: Scene, clock: StoppedClock
) -> None:
    browser.sign_in_as(scene.door)

    answer = browser.post(scene.marks, {"participant_id": scene.ada.id, "standing": "came"})
    ticked = browser.get(scene.register).text
    clock.forward(seconds=1)
    tick(browser, scene, scene.ada, "not_known")
    unticked = browser.get(scene.register).text

    assert (answer.status_code, answer.location) == (303, f"{scene.register}#person-{scene.ada.id}")
    assert (tallied(ticked)["here"], tallied(unticked)["here"]) == ("1", "0")


def test_the_buttons_of_the_page_work_as_they_stand(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.door)
    page = browser.get(scene.register).text
    row = page[page.index(f'id="person-{scene.ada.id}"') :]
    tap = dict(re.findall(r'name="(participant_id|standing|event_id)" value="([^"]+)"', row)[:3])

    browser.post(scene.marks, tap)
    browser.post(scene.marks, tap)

    assert tap["standing"] == "came"
    assert tallied(browser.get(scene.register).text)["here"] == "1"


def test_a_tick_sent_twice_is_one_tick(browser: Browser, scene: Scene, arranging: Arranging) -> None:
    browser.sign_in_as(scene.door)

    for _time in range(2):
        tick(browser, scene, scene.ada, event_id="0190d2f4-0000-7000-8000-000000000001")
        browser.post(
            scene.counts,
            {"band": "6_12", "delta": "1", "event_id": "0190d2f4-0000-7000-8000-000000000002"},
        )

    assert (rows_in(arranging, Mark), rows_in(arranging, HeadcountMark)) == (1, 1)


def test_who_drops_in_is_counted_up_and_down_and_never_below_nought(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.door)
    for band, delta in (("6_12", 1), ("6_12", 1), ("13_15", 1), ("13_15", -1), ("16_18", -1), ("adults", 1)):
        answer = browser.post(scene.counts, {"band": band, "delta": str(delta)})
        assert (answer.status_code, answer.location) == (303, f"{scene.register}#register")

    counts = tallied(browser.get(scene.register).text)

    assert (counts["dropped in"], counts["adults"], counts["here"]) == ("2", "1", "2")


def test_every_look_is_on_record_but_coming_back_from_a_tick_is_no_new_look(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)
    browser.get(scene.register)
    tick(browser, scene, scene.ada)
    browser.get(scene.register)
    browser.get(scene.register)

    with arranging() as session:
        entries = session.scalars(select(AuditEntry)).all()
        looks = [(entry.account_id, entry.subject_id) for entry in entries if entry.action == "register_seen"]
    assert looks == [(scene.door.id, scene.meeting.id)] * 2


def test_no_way_of_seeing_who_is_expected_leaves_no_trace(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)
    pages = [
        browser.post(scene.marks, {"participant_id": "nobody"}),
        browser.get(scene.closing),
        browser.post(scene.closing, {}),
    ]

    assert all("Ada N." in page.text for page in pages)
    with arranging() as session:
        looks = session.scalars(select(AuditEntry.subject_id).where(AuditEntry.action == "register_seen"))
        assert looks.all() == [scene.meeting.id] * len(pages)


@pytest.mark.parametrize("who", ["stranger", "coordinator"])
def test_another_librarys_register_does_not_exist(browser: Browser, scene: Scene, who: str) -> None:
    browser.sign_in_as(getattr(scene, who))

    answers = [browser.get(address).status_code for address in (scene.register, scene.closing)]
    answers += [tick(browser, scene, scene.ada)]
    answers += [browser.post(scene.counts, {"band": "6_12", "delta": "1"}).status_code]
    answers += [browser.post(scene.closing, {"outcome": "did_not_happen"}).status_code]
    answers += [browser.post(scene.reopening).status_code]

    assert answers == [404] * 6


def test_nobody_who_is_not_signed_in_sees_a_register(browser: Browser, scene: Scene) -> None:
    assert browser.get(scene.register).status_code == 303
    assert browser.get("/staff/").status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(-121, 404), (-120, 200), (0, 200), (719, 200), (720, 404)])
def test_the_door_sees_the_register_from_two_hours_before_to_the_end_of_the_day(
    browser: Browser, scene: Scene, clock: StoppedClock, minutes: int, status: int
) -> None:
    clock.set(NOON + timedelta(minutes=minutes))
    browser.sign_in_as(scene.door)

    assert browser.get(scene.register).status_code == status
    assert (scene.register in browser.get("/staff/").text) is (status == 200)


def test_the_door_closes_nothing(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.door)
    page = browser.get(scene.register).text

    assert scene.closing not in page
    assert browser.get(scene.closing).status_code == 404
    assert browser.post(scene.closing, {"outcome": "did_not_happen"}).status_code == 404


def test_too_early_a_tick_is_refused_in_words_and_the_page_has_no_buttons(
    browser: Browser, scene: Scene, clock: StoppedClock
) -> None:
    clock.set(NOON - timedelta(hours=3))
    browser.sign_in_as(scene.librarian)

    page = browser.get(scene.register).text
    answer = browser.post(scene.marks, {"participant_id": scene.ada.id, "standing": "came"})

    assert "Ada N." in page
    assert scene.marks not in page
    assert answer.status_code == 422
    assert "The register opens two hours before the meeting starts." in answer.text


STRANGE = [
    {"participant_id": "x", "standing": "came"},
    {"participant_id": "99999999999999999999", "standing": "came"},
    {"participant_id": "-1", "standing": "came"},
    {"participant_id": "1", "standing": "danced"},
    {"participant_id": "1"},
    {"standing": "came"},
    {"participant_id": "1", "standing": "came", "event_id": "' OR 1=1"},
    {"participant_id": "1", "standing": "came", "event_id": "0" * 37},
    {"participant_id": "1", "standing": "came", "happened_at": "yesterday"},
    {"participant_id": "1", "standing": "came", "happened_at": "2026-11-24T12:00:00"},
]


@pytest.mark.parametrize("data", STRANGE)
def test_a_tick_that_makes_no_sense_is_refused_in_words(
    browser: Browser, scene: Scene, arranging: Arranging, data: dict[str, str]
) -> None:
    browser.sign_in_as(scene.door)

    answer = browser.post(scene.marks, data)

    assert answer.status_code == 422
    assert "We did not understand that tick." in answer.text
    assert rows_in(arranging, Mark) == 0


@pytest.mark.parametrize(
    "data",
    [
        {"band": "6_12", "delta": "0"},
        {"band": "6_12", "delta": "501"},
        {"band": "6_12", "delta": "many"},
        {"band": "7_9", "delta": "1"},
        {},
    ],
)
def test_a_count_that_makes_no_sense_is_refused_in_words(
    browser: Browser, scene: Scene, arranging: Arranging, data: dict[str, str]
) -> None:
    browser.sign_in_as(scene.door)

    answer = browser.post(scene.counts, data)

    assert answer.status_code == 422
    assert rows_in(arranging, HeadcountMark) == 0


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_phone_whose_clock_is_mad_still_ticks(browser: Browser, scene: Scene, told: str) -> None:
    browser.sign_in_as(scene.door)

    assert tick(browser, scene, scene.ada, happened_at=told) == 303


def test_a_child_of_another_occasion_is_not_found(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        elsewhere = make_participant(session)
    browser.sign_in_as(scene.door)

    assert tick(browser, scene, elsewhere) == 404


def test_a_meeting_that_is_not_there_is_not_found(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    for number in ("999", "99999999999999999999"):
        data = {"participant_id": scene.ada.id, "standing": "came"}
        assert browser.post(f"/staff/meetings/{number}/marks", data).status_code == 404
        assert browser.get(f"/staff/meetings/{number}/register").status_code == 404


def test_closing_asks_about_those_not_ticked_only_and_nothing_is_chosen_beforehand(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.librarian)
    tick(browser, scene, scene.ada)

    page = browser.get(scene.closing).text

    assert "One who was expected is not ticked." in page
    assert "Bo, 10 years old" in page
    assert "Ada N." not in page
    assert "checked" not in page


def test_closing_freezes_the_register_until_it_is_opened_again(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)
    tick(browser, scene, scene.ada)

    answer = browser.post(scene.closing, {"outcome": "held", "unknown": "did_not_come"})
    closed = browser.get(scene.register).text
    refused = tick(browser, scene, scene.bo)
    browser.post(scene.reopening)
    opened = tick(browser, scene, scene.bo)

    assert (answer.status_code, refused, opened) == (303, 422, 303)
    assert "The register is closed" in closed
    assert scene.marks not in closed
    assert "Did not come" in closed


def test_a_closing_that_is_not_answered_is_refused_beside_the_question(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)
    tick(browser, scene, scene.ada)

    nothing = browser.post(scene.closing, {})
    half = browser.post(scene.closing, {"outcome": "held"})
    wrong = browser.post(scene.closing, {"outcome": "nobody_came", "unknown": "not_known"})
    junk = browser.post(scene.closing, {"outcome": "x", "unknown": "y", "did_not_come": ["z", "9" * 30]})

    assert [each.status_code for each in (nothing, half, wrong, junk)] == [422] * 4
    assert "Say how the meeting went." in nothing.text
    assert "Say what we know of those who are not ticked." in half.text
    assert re.search(r'value="held"\s+checked', half.text)
    assert "1 are ticked or counted as here." in wrong.text
    assert rows_in(arranging, Closing) == 0


def test_one_by_one_is_said_for_each(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)
    browser.post(scene.counts, {"band": "6_12", "delta": "1"})

    data = {"outcome": "held", "unknown": "one_by_one", "did_not_come": [str(scene.bo.id)]}
    answer = browser.post(scene.closing, data)

    page = browser.get(scene.register).text
    assert answer.status_code == 303
    assert (page.count("Did not come"), page.count("Not known")) == (1, 1)


def test_a_meeting_that_has_not_begun_or_is_called_off_cannot_be_closed(
    browser: Browser, scene: Scene, clock: StoppedClock, arranging: Arranging
) -> None:
    clock.set(NOON - timedelta(minutes=1))
    browser.sign_in_as(scene.librarian)
    early, refused = browser.get(scene.closing), browser.post(scene.closing, {"outcome": "did_not_happen"})

    with arranging() as session:
        session.get_one(Meeting, scene.meeting.id).state = MeetingState.CALLED_OFF
    called_off = browser.get(scene.closing).text

    assert "The meeting has not started yet." in early.text
    assert refused.status_code == 422
    assert "The meeting is called off" in called_off
    assert "This meeting is called off" in browser.get(scene.register).text


def test_more_children_than_places_is_said_to_be_odd(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    empty = browser.get(scene.closing).text
    browser.post(scene.counts, {"band": "6_12", "delta": "13"})
    crowded = browser.get(scene.closing).text

    assert "Nobody is ticked or counted as here." in empty
    assert "More are here than there are places." in crowded


def test_somebody_counted_at_a_meeting_that_is_called_off_is_said_to_be_odd(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)
    with arranging() as session:
        session.get_one(Meeting, scene.meeting.id).state = MeetingState.CALLED_OFF
    before = [browser.get(page).text for page in (scene.register, scene.closing)]
    with arranging() as session:
        session.get_one(Meeting, scene.meeting.id).state = MeetingState.SCHEDULED
    tick(browser, scene, scene.ada)
    with arranging() as session:
        session.get_one(Meeting, scene.meeting.id).state = MeetingState.CALLED_OFF

    after = [browser.get(page).text for page in (scene.register, scene.closing)]

    odd = "Somebody is ticked or counted as here, though the meeting is called off."
    assert [odd in page for page in (*before, *after)] == [False, False, True, True]
    assert "Nobody is ticked or counted" not in "".join(before)


def test_two_phones_that_disagree_are_said_to_be_odd_before_the_closing(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)
    tick(browser, scene, scene.ada)
    agreed = browser.get(scene.closing).text
    with arranging() as session:
        session.add(
            Mark(
                event_id=new_uid(),
                meeting_id=scene.meeting.id,
                participant_id=scene.ada.id,
                standing=Standing.DID_NOT_COME,
                happened_at=NOON,
                received_at=NOON,
                device="another phone",
                account_id=scene.door.id,
            )
        )

    odd = "Two phones disagree about somebody."
    assert [odd in page for page in (agreed, browser.get(scene.closing).text)] == [False, True]


def test_today_lists_what_is_on_what_comes_and_what_was_never_closed(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        activity = make_activity(session, library=scene.library)
        occasion = make_occasion(session, activity=activity)
        among_staff = make_activity(session, library=scene.library, kind=Kind.INTERNAL_MEETING)
        tomorrow, yesterday, called_off, draft, internal = (
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=1)),
            make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(days=1)),
            make_meeting(
                session,
                occasion=occasion,
                starts_at=NOON - timedelta(days=2),
                state=MeetingState.CALLED_OFF,
            ),
            make_meeting(
                session,
                occasion=make_occasion(
                    session, activity=make_activity(session, library=scene.library, status=Status.DRAFT)
                ),
                starts_at=NOON,
            ),
            make_meeting(
                session,
                occasion=make_occasion(session, activity=among_staff),
                starts_at=NOON - timedelta(days=1),
            ),
        )
    browser.sign_in_as(scene.librarian)

    page = browser.get("/staff/").text

    def is_listed(meeting: Meeting) -> bool:
        return f"/staff/meetings/{meeting.id}/register" in page

    assert [is_listed(each) for each in (scene.meeting, tomorrow, yesterday)] == [True] * 3
    assert [is_listed(each) for each in (called_off, draft, internal)] == [False] * 3
    assert "One register is not closed" in page
    assert browser.get(f"/staff/meetings/{draft.id}/register").status_code == 404


def test_today_says_when_there_is_nothing(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.stranger)

    assert "Nothing is on right now." in browser.get("/staff/").text


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_pages_stand_in_norwegian_too(browser: Browser, scene: Scene, language: str) -> None:
    browser.sign_in_as(scene.librarian)

    for address in ("/staff/", scene.register, scene.closing):
        assert browser.get(f"{address}?lang={language}").status_code == 200


def test_what_is_to_be_finished_stands_on_the_first_page_of_who_plans(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        library = make_library(session)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        door = make_account(session, Role.DOOR, library=library)
        draft = make_activity(session, library=library, status=Status.DRAFT)
        draft.texts[0].title = "Et utkast"
        left = make_account(session, Role.LIBRARIAN, library=library, active=False)
        alone = make_activity(session, library=library, responsible_id=left.id)
        alone.texts[0].title = "Uten voksen"
        for activity in (draft, alone):
            make_meeting(session, occasion=make_occasion(session, activity=activity))
        make_meeting(
            session,
            occasion=make_occasion(
                session, activity=make_activity(session, library=library, responsible_id=librarian.id)
            ),
        )

    browser.sign_in_as(librarian)
    page = words_of(browser.get("/staff/").text)
    browser.sign_in_as(door)

    assert "Et utkast Missing: Who is responsible Draft" in page
    assert "Uten voksen Missing: Who is responsible Shown" in page
    assert page.count("Missing:") == 2
    assert "utkast" not in browser.get("/staff/").text


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
