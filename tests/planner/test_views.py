"""The pages where a librarian puts up, publishes and changes an activity."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import Mode, Status, Visibility
from booking.clock import local_time
from booking.libraries.models import Library
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_school_break,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]

COURSE = {
    "title": "Spillkveld",
    "summary": "Brettspill og brus.",
    "body": "Vi spiller sammen.",
    "kind": "pilot",
    "grade_from": "5",
    "grade_to": "7",
    "mode": "sign_up",
    "capacity": "12",
    "room": "Barneavdelingen",
    "first_on": "2026-12-01",
    "starts": "17:00",
    "ends": "19:00",
    "weeks": "10",
}


@pytest.fixture
def librarian(arranging: Arranging, browser: Browser) -> Account:
    """The librarian whose browser it is."""
    with arranging() as session:
        account = make_account(session, Role.LIBRARIAN, library=make_library(session))
    browser.sign_in_as(account)
    return account


@pytest.fixture
def library_id(librarian: Account) -> int:
    """The library at which the browser's librarian works."""
    return librarian.memberships[0].library_id or 0


def all_of(arranging: Arranging, kind: type[Any]) -> list[Any]:
    with arranging() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def looked_at(html: str) -> dict[str, Any]:
    """Return what the list of dates sends along when nothing on it is touched."""
    [shown] = re.findall(r'name="shown" value="(\w+)"', html)
    return {"shown": shown, "dates": re.findall(r'name="dates" value="([^"]+)" id="[^"]+" checked', html)}


def put_up(browser: Browser, library_id: int, **changes: str) -> str:
    """Send the form, look at the dates if there is something to look at, and return where it led."""
    typed = {**COURSE, "library_id": str(library_id), **changes}
    answer = browser.post("/staff/activities/new", typed)
    if answer.status_code == 200:
        answer = browser.post("/staff/activities/new", {**typed, **looked_at(answer.text)})
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["Location"])


def test_a_ten_week_course_is_one_form_and_one_button(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)

    assert "This is a draft" in browser.get(page).text
    (activity,) = all_of(arranging, Activity)
    (occasion,) = all_of(arranging, Occasion)
    meetings = all_of(arranging, Meeting)
    assert (activity.status, activity.visibility, occasion.capacity) == (
        Status.DRAFT,
        Visibility.PUBLIC,
        12,
    )
    assert [local_time(meeting.starts_at).time() for meeting in meetings] == [time(17)] * 10
    assert activity.responsible_id is not None


def test_a_course_over_the_change_of_clock_keeps_its_hour(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    put_up(browser, library_id, first_on="23.03.2027", starts="17.00", weeks="2")

    hours = [local_time(meeting.starts_at).time() for meeting in all_of(arranging, Meeting)]
    assert hours == [time(17), time(17)]


def test_a_drop_in_needs_no_number_of_places(arranging: Arranging, browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id, mode="drop_in", capacity="", grade_from="", grade_to="")

    assert "everyone" in browser.get(page).text
    (occasion,) = all_of(arranging, Occasion)
    assert (occasion.mode, occasion.capacity) == (Mode.DROP_IN, None)


def test_what_is_for_colleagues_stays_among_colleagues(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id, kind="staff_training")
    browser.post(f"{page}/publish")

    assert "Only staff" in browser.get(page).text
    assert browser.get("/activities/spillkveld").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": " "}, "Give it a title."),
        ({"title": "…"}, "Use at least one letter or figure in the title."),
        ({"title": "x" * 101}, "The title is too long."),
        ({"title": "🎲" * 2000}, "The title is too long."),
        ({"title": "Spill\u202ekveld"}, "This text holds invisible signs"),
        ({"body": "Spill\x00kveld"}, "This text holds invisible signs"),
        ({"summary": ""}, "Write one or two sentences about it."),
        ({"summary": "x" * 301}, "Use at most 300 characters."),
        ({"body": ""}, "Tell what you will do together."),
        ({"body": "x" * 6001}, "Use at most 6,000 characters."),
        ({"title_nn": "Spelkveld"}, "Write this too, or leave the whole language empty."),
        ({"kind": "party"}, "Choose what sort of activity it is."),
        ({"mode": "lottery"}, "Choose how one comes to it."),
        ({"grade_from": "14"}, "Choose a grade from the list."),
        ({"grade_from": "8"}, "The last grade has to be the same as the first one or higher."),
        ({"grade_to": ""}, "Choose both the first and the last grade, or neither."),
        ({"grade_from": ""}, "Choose both the first and the last grade, or neither."),
        ({"capacity": ""}, "Say how many places there are."),
        ({"capacity": "0"}, "Use a whole number from 1 to 1,000."),
        ({"capacity": "many"}, "Use a whole number from 1 to 1,000."),
        ({"room": ""}, "Say where in the library to meet."),
        ({"first_on": ""}, "Choose the first date."),
        ({"first_on": "31.02.2026"}, "Write the date as day, month and year"),
        ({"first_on": "9999-12-31"}, "This date is years away."),
        ({"first_on": "2036-12-01"}, "This date is years away."),
        ({"starts": ""}, "Choose a time."),
        ({"starts": "25:00"}, "Write the time as hours and minutes"),
        ({"ends": "17:00"}, "The end has to be later than the start."),
        ({"weeks": "500"}, "Use a whole number from 1 to 53."),
        ({"until": "2027-02-09"}, "Say how many weeks, or until when."),
        ({"weeks": "", "until": "2026-11-30"}, "No date is left."),
        ({"weeks": "", "until": "2036-11-30"}, "A course can last 53 weeks."),
        ({"weekday": "7"}, "Choose a weekday from the list."),
        ({"age_from": "10"}, "Choose grades or ages, not both."),
        (
            {"shown": "x", "dates": "2026-12-01", "first_on": "drop_in"},
            "Write the date as day, month and year",
        ),
        ({"shown": "x", "weekday": "x"}, "Choose a weekday from the list."),
        ({"shown": "x", "weeks": "many"}, "Use a whole number from 1 to 53."),
        ({"responsible_id": "9" * 12}, "Choose somebody who works at this library."),
        ({"library_id": "9" * 12}, "Choose the library."),
        ({"capacity": "9" * 12}, "Use a whole number from 1 to 1,000."),
        ({"age_from": "100"}, "Use a whole number from 0 to 99."),
        ({"place_name": "x" * 161}, "Use at most 160 characters."),
        ({"access_note": "x" * 501}, "Use at most 500 characters."),
        ({"visibility": "friends"}, "Choose who may see it."),
        ({"opens_time": "10:00"}, "Choose the first date."),
        ({"opens_on": "2026-11-20", "closes_on": "2026-11-19"}, "Sign-up has to open before it closes."),
        ({"cancel_hours": "-1"}, "Use a whole number of hours from 0 to 720."),
        ({"walk_in_places": "1001"}, "Use a whole number from 0 to 1,000."),
        (
            {"first_on": "2027-03-14", "starts": "02:30", "ends": "04:00"},
            "The clocks go forward that night and skip this time.",
        ),
        (
            {"first_on": "2027-10-31", "starts": "01:00", "ends": "02:30"},
            "The clocks go back that night and show this time twice.",
        ),
        ({"library_id": "here"}, "Choose the library."),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    arranging: Arranging, browser: Browser, library_id: int, changes: dict[str, str], sentence: str
) -> None:
    typed = {**COURSE, "library_id": str(library_id), **changes}

    answer = browser.post("/staff/activities/new", typed)

    assert answer.status_code == 422
    assert sentence in words_of(answer.text)
    assert "<title>Error: " in answer.text
    for name in {"title", "summary", "body", "room"} - set(changes):
        assert COURSE[name] in answer.text
    assert all_of(arranging, Activity) == []


def test_all_that_is_wrong_is_said_at_once(browser: Browser, library_id: int) -> None:
    wrong = {"title": "", "capacity": "", "grade_to": "4", "starts": "20:00", "library_id": str(library_id)}

    words = words_of(browser.post("/staff/activities/new", {**COURSE, **wrong}).text)

    for sentence in (
        "Give it a title.",
        "Say how many places there are.",
        "The last grade has to be the same as the first one or higher.",
        "The end has to be later than the start.",
    ):
        assert sentence in words


def test_nobody_puts_anything_up_at_another_library(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        other = make_library(session)

    answer = browser.post("/staff/activities/new", {**COURSE, "library_id": str(other.id)})

    assert answer.status_code == 404
    assert all_of(arranging, Activity) == []


def test_what_is_published_is_there_for_families(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id)
    before = browser.get("/activities/spillkveld").status_code

    answer = browser.post(f"{page}/publish")

    assert (before, answer.status_code) == (404, 303)
    assert "It is shown now." in browser.get(page).text
    assert browser.get("/activities/spillkveld").status_code == 200


def test_what_lacks_something_is_not_published_and_the_list_says_what(
    browser: Browser, librarian: Account, library_id: int, clock: StoppedClock
) -> None:
    page = put_up(browser, library_id, weeks="1")
    clock.forward(days=30)
    browser.sign_in_as(librarian)

    browser.post(f"{page}/publish")

    words = words_of(browser.get(page).text)
    assert "Something is still missing" in words
    assert "A date that is still to come" in words
    assert browser.get("/activities/spillkveld").status_code == 404


def test_words_can_be_changed_and_translated(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id)
    browser.post(f"{page}/publish")
    new = {"title": "Spill for alle", "title_en": "Games for all", "summary_en": "Board games."}

    answer = browser.submit(f"{page}/words", {**COURSE, **new})

    assert answer.status_code == 303
    family = browser.get("/activities/spillkveld").text
    assert "<h1>Games for all</h1>" in family
    assert '<div class="prose" lang="nb">' in family
    assert 'value="Spill for alle"' in browser.get(f"{page}/words").text


def test_of_two_who_edit_at_once_the_second_sees_both_versions_and_loses_nothing(
    browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)
    opened = read_page(browser.get(f"{page}/words").text).hidden
    browser.submit(f"{page}/words", {**COURSE, "title": "Den første"})

    answer = browser.post(f"{page}/words", {**COURSE, "title": "Den andre", "seen": opened["seen"]})

    assert answer.status_code == 422
    words = words_of(answer.text)
    assert "Somebody else saved this page" in words
    assert "Title (Bokmål) Den første Den andre" in words
    assert 'value="Den andre"' in answer.text
    assert 'value="Den første"' in browser.get(f"{page}/words").text
    seen = read_page(answer.text).hidden["seen"]
    browser.post(f"{page}/words", {**COURSE, "title": "Den andre", "seen": seen})
    assert 'value="Den andre"' in browser.get(f"{page}/words").text


@pytest.mark.parametrize("seen", ["", "x", "9" * 5000, "²"])
def test_a_sign_that_nobody_handed_out_saves_nothing(browser: Browser, library_id: int, seen: str) -> None:
    page = put_up(browser, library_id)

    answer = browser.post(f"{page}/words", {**COURSE, "title": "Ny", "seen": seen})

    assert answer.status_code == 422


ABOUT = {"kind": "workshop", "grade_from": "", "age_from": "13", "age_to": "15", "has_second_adult": "y"}


def test_what_it_is_can_change_and_the_second_of_two_sees_both_versions(
    browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)
    opened = read_page(browser.get(f"{page}/about").text).hidden

    answer = browser.submit(f"{page}/about", ABOUT)
    second = browser.post(f"{page}/about", {**ABOUT, "place_name": "Ishallen", "seen": opened["seen"]})

    assert answer.status_code == 303
    assert "ages 13–15" in words_of(browser.get(page).text)
    assert second.status_code == 422
    assert "Another place – Ishallen" in words_of(second.text)


def test_fewer_places_than_children_are_refused_with_the_reason(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    put_up(browser, library_id)
    with arranging() as session:
        occasion = session.scalars(select(Occasion)).one()
        for _child in range(3):
            make_signup(session, occasion=occasion)
        terms = f"/staff/occasions/{occasion.id}/terms"

    refused = browser.submit(terms, {"mode": "sign_up", "capacity": "2"})
    drop_in = browser.submit(terms, {"mode": "drop_in", "capacity": ""})
    done = browser.submit(terms, {"mode": "sign_up", "capacity": "3"})

    assert "3 places are taken." in words_of(refused.text)
    assert 'value="2"' in refused.text
    assert "Families have signed up." in words_of(drop_in.text)
    assert done.status_code == 303
    assert all_of(arranging, Occasion)[0].capacity == 3


def test_a_course_over_a_holiday_and_a_break_says_so_and_the_red_day_starts_unticked(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        make_school_break(session, first_on=date(2027, 3, 22), last_on=date(2027, 3, 29))
    typed = {**COURSE, "library_id": str(library_id), "first_on": "2027-03-15", "weeks": "3"}

    answer = browser.post("/staff/activities/new", typed)

    words = words_of(answer.text)
    assert "Monday 22 March at 17:00–19:00 2027 week 12 Easter break" in words
    assert "Monday 29 March at 17:00–19:00 2027 week 13 Easter Monday Easter break" in words
    assert looked_at(answer.text)["dates"] == ["2027-03-15", "2027-03-22"]
    assert all_of(arranging, Activity) == []


def test_a_taken_room_and_a_busy_colleague_are_pointed_out_and_not_forbidden(
    browser: Browser, library_id: int
) -> None:
    put_up(browser, library_id, room="Kafeen", weeks="1")

    same_room = browser.post(
        "/staff/activities/new",
        {**COURSE, "library_id": str(library_id), "weeks": "1", "room": "KAFEEN", "title": "Strikk"},
    )
    elsewhere = browser.post(
        "/staff/activities/new",
        {**COURSE, "library_id": str(library_id), "weeks": "1", "room": "Loftet", "title": "Strikk"},
    )

    assert "The room is taken: Spillkveld" in words_of(same_room.text)
    assert "The person responsible is at: Spillkveld" in words_of(elsewhere.text)
    put_up(browser, library_id, room="Kafeen", weeks="1", title="Strikk")


def test_unticked_dates_are_left_out(arranging: Arranging, browser: Browser, library_id: int) -> None:
    typed = {**COURSE, "library_id": str(library_id), "weeks": "3"}
    looked = looked_at(browser.post("/staff/activities/new", typed).text)

    browser.post("/staff/activities/new", {**typed, **looked, "dates": ["2026-12-01", "2026-12-15"]})

    days = [local_time(meeting.starts_at).date() for meeting in all_of(arranging, Meeting)]
    assert days == [date(2026, 12, 1), date(2026, 12, 15)]


def test_dates_changed_after_they_were_looked_at_are_looked_at_anew(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    typed = {**COURSE, "library_id": str(library_id), "weeks": "3"}
    looked = looked_at(browser.post("/staff/activities/new", typed).text)

    answer = browser.post("/staff/activities/new", {**typed, **looked, "weeks": "4"})

    assert answer.status_code == 200
    assert len(looked_at(answer.text)["dates"]) == 4
    assert all_of(arranging, Activity) == []


def test_a_copy_has_all_but_the_dates(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id, title_nn="Spelkveld", summary_nn="Brettspel.")

    copy = browser.get(f"/staff/activities/new?like={page.rsplit('/', 1)[1]}").text

    for kept in ('value="Spillkveld"', 'value="Spelkveld"', 'value="12"', 'value="Barneavdelingen"'):
        assert kept in copy
    assert "2026-12-01" not in copy


@pytest.mark.parametrize("like", ["x", "-1", "0", "9" * 12, "9" * 5000, "²"])
def test_a_copy_of_nothing_is_an_empty_form(browser: Browser, library_id: int, like: str) -> None:
    assert browser.get(f"/staff/activities/new?like={like}").status_code == 200


def test_nobody_copies_another_library_s_activity(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        theirs = make_activity(session).id

    assert browser.get(f"/staff/activities/new?like={theirs}").status_code == 404


def test_somebody_of_another_library_answers_for_nothing_here(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        stranger = make_account(session, Role.LIBRARIAN, library=make_library(session)).id
    typed = {**COURSE, "library_id": str(library_id), "weeks": "1", "responsible_id": str(stranger)}

    answer = browser.post("/staff/activities/new", typed)

    assert answer.status_code == 422
    assert "Choose somebody who works at this library." in words_of(answer.text)


def test_what_has_dates_to_come_is_not_put_away(
    browser: Browser, librarian: Account, library_id: int, clock: StoppedClock
) -> None:
    page = put_up(browser, library_id, weeks="1")
    browser.post(f"{page}/publish")
    browser.post(f"{page}/put-away")
    refused = words_of(browser.get(page).text)
    clock.forward(days=30)
    browser.sign_in_as(librarian)
    browser.post(f"{page}/put-away")

    assert "It has dates to come." in refused
    assert "This is put away." in words_of(browser.get(page).text)
    assert browser.get("/activities/spillkveld").status_code == 404
    browser.post(f"{page}/take-out")
    assert "This is a draft." in words_of(browser.get(page).text)


def test_a_title_that_tells_why_somebody_is_sent_is_asked_about(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id, title="Tiltak mot ensomhet")

    assert "«Tiltak», «ensomhet» stands on posters" in words_of(browser.get(page).text)


def test_what_belongs_to_another_library_does_not_exist(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        theirs = make_activity(session)
        make_meeting(session, occasion=make_occasion(session, activity=theirs))
        number = theirs.id

    page = f"/staff/activities/{number}"
    assert browser.get(page).status_code == 404
    assert browser.get(f"{page}/words").status_code == 404
    assert browser.post(f"{page}/words", dict(COURSE)).status_code == 404
    assert browser.post(f"{page}/publish").status_code == 404
    assert f'"{page}"' not in browser.get("/staff/activities").text


@pytest.mark.parametrize("role", [Role.DOOR, Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN])
def test_only_librarians_plan(arranging: Arranging, browser: Browser, role: Role) -> None:
    with arranging() as session:
        account = make_account(session, role, library=make_library(session))
    browser.sign_in_as(account)

    assert browser.get("/staff/activities").status_code == 404
    assert browser.get("/staff/activities/new").status_code == 404


def test_the_list_has_drafts_what_is_coming_and_what_is_over(
    browser: Browser, librarian: Account, library_id: int, clock: StoppedClock
) -> None:
    put_up(browser, library_id, title="Er utkast")
    over = put_up(browser, library_id, title="Er over", weeks="1")
    coming = put_up(browser, library_id, title="Kommer")
    for page in (over, coming):
        browser.post(f"{page}/publish")
    clock.forward(days=20)
    browser.sign_in_as(librarian)

    words = words_of(browser.get("/staff/activities").text)

    assert words.index("Er utkast") < words.index("Kommer") < words.index("Er over")


def test_an_activity_without_a_date_can_be_looked_at(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        activity = make_activity(session, library=session.get_one(Library, library_id))
        bare = activity.id
        run = make_activity(session, library=session.get_one(Library, library_id))
        make_occasion(session, activity=run)
        dateless = run.id

    assert browser.get(f"/staff/activities/{bare}").status_code == 200
    assert browser.get(f"/staff/activities/{dateless}").status_code == 200
