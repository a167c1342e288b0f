"""The pages where a librarian says what families are asked."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.asks import NOTHING_MORE, Asks, PhotoChannel
from booking.activities.models import Activity, ActivityText, Occasion
from booking.activities.rows import asks_of
from booking.staff.rules import Role
from tests.browser import Browser, read_page
from tests.factories import make_account, make_activity, make_library, make_occasion
from tests.planner.test_views import COURSE, looked_at, put_up, words_of

Arranging = Callable[[], AbstractContextManager[Session]]

ASKS: dict[str, Any] = {
    "asks_last_name": "y",
    "asks_needs": "y",
    "photo_channels": ["photo_web", "photo_internal"],
    "guardian_until": "16",
}
ASKED = Asks(
    last_name=True,
    needs=True,
    photo_channels=(PhotoChannel.INTERNAL, PhotoChannel.WEB),
    guardian_until=16,
)
QUESTION = {"question": "Har du laget mat før?"}


@pytest.fixture
def library_id(arranging: Arranging, browser: Browser) -> int:
    """The library at which the browser's librarian works."""
    with arranging() as session:
        library = make_library(session)
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=library))
        return library.id


def asked(arranging: Arranging) -> Asks:
    with arranging() as session:
        return asks_of(session.scalars(select(Activity)).one())


def asks_again(arranging: Arranging) -> bool:
    with arranging() as session:
        return session.scalars(select(Occasion.asks_again)).one()


def questions(arranging: Arranging) -> dict[str, str]:
    with arranging() as session:
        return {text.language: text.question for text in session.scalars(select(ActivityText))}


def test_a_new_activity_asks_what_was_chosen(arranging: Arranging, browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id, **ASKS, **QUESTION, asks_again="y")

    assert asked(arranging) == ASKED
    assert questions(arranging) == {"nb": "Har du laget mat før?"}
    assert asks_again(arranging)
    words = words_of(browser.get(page).text)
    assert "Families are also asked for last name, what the child needs and pictures" in words
    assert "A question of your own Har du laget mat før?" in words
    assert "A guardian says yes below the age of 16" in words
    assert "Families are asked again a week before Yes" in words


def test_a_new_activity_asks_nothing_more_by_itself(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)

    assert asked(arranging) == NOTHING_MORE
    assert not asks_again(arranging)
    assert "Families are also asked for" not in words_of(browser.get(page).text)


def test_what_was_chosen_is_still_there_when_the_dates_are_looked_at(
    browser: Browser, library_id: int
) -> None:
    typed = {**COURSE, **ASKS, **QUESTION, "library_id": str(library_id)}

    answer = browser.post("/staff/activities/new", typed)

    assert looked_at(answer.text)["dates"]
    assert answer.text.count('name="photo_channels" value="photo_web" checked') == 1
    assert answer.text.count('name="photo_channels" value="photo_press" checked') == 0
    assert 'value="Har du laget mat før?"' in answer.text
    assert 'value="16"' in answer.text


def test_a_copy_asks_the_same(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id, **ASKS, **QUESTION, asks_again="y")

    copy = browser.get(f"/staff/activities/new?like={page.rsplit('/', 1)[1]}").text

    for kept in (
        'name="asks_last_name" value="y" checked',
        'name="asks_needs" value="y" checked',
        'name="photo_channels" value="photo_internal" checked',
        'name="photo_channels" value="photo_web" checked',
        'name="asks_again" value="y" checked',
        'value="Har du laget mat før?"',
        'value="16"',
    ):
        assert kept in copy
    assert 'name="photo_channels" value="photo_press" checked' not in copy


def test_what_is_asked_can_change_and_be_taken_back(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)

    first = browser.submit(f"{page}/asks", ASKS)
    told = asked(arranging)
    opened = browser.get(f"{page}/asks").text
    second = browser.submit(f"{page}/asks", {"guardian_until": ""})

    assert (first.status_code, first.headers["Location"], told) == (303, page, ASKED)
    assert 'name="photo_channels" value="photo_web" checked' in opened
    assert "from 15 youth answer for themselves" in words_of(opened)
    assert (second.status_code, asked(arranging)) == (303, NOTHING_MORE)


def test_of_two_who_change_what_is_asked_the_second_sees_both_versions(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)
    opened = read_page(browser.get(f"{page}/asks").text).hidden
    browser.submit(f"{page}/asks", ASKS)

    mine = {"asks_last_name": "y", "photo_channels": ["photo_press"], "seen": opened["seen"]}
    second = browser.post(f"{page}/asks", mine)
    kept = asked(arranging)
    seen = read_page(second.text).hidden["seen"]
    third = browser.post(f"{page}/asks", {**mine, "seen": seen})

    words = words_of(second.text)
    assert (second.status_code, kept) == (422, ASKED)
    assert "What the child needs: food, access Yes No" in words
    assert "Pictures inside the library and Pictures on the library’s website" in words
    assert "A guardian says yes below the age of 16 –" in words
    assert "The child’s last name Yes" not in words
    assert third.status_code == 303
    assert asked(arranging) == Asks(last_name=True, photo_channels=(PhotoChannel.PRESS,))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"guardian_until": "0"}, "Use a whole number from 1 to 18."),
        ({"guardian_until": "19"}, "Use a whole number from 1 to 18."),
        ({"guardian_until": "femten"}, "Use a whole number from 1 to 18."),
        ({"guardian_until": "9" * 5000}, "Use a whole number from 1 to 18."),
        ({"photo_channels": ["photo_web", "needs"]}, "Choose from the list."),
        ({"photo_channels": ["photo_web\x00"]}, "Choose from the list."),
    ],
)
def test_what_cannot_be_asked_is_refused_beside_its_field(
    arranging: Arranging, browser: Browser, library_id: int, changes: dict[str, Any], said: str
) -> None:
    page = put_up(browser, library_id)

    answer = browser.submit(f"{page}/asks", {"asks_needs": "y", **changes})
    new = browser.post("/staff/activities/new", {**COURSE, "library_id": str(library_id), **changes})

    for refused in (answer, new):
        assert refused.status_code == 422
        assert words_of(refused.text).count(said) == 2
    assert 'name="asks_needs" value="y" checked' in answer.text
    assert asked(arranging) == NOTHING_MORE


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": "a" * 201}, "This is too long. Use at most 200 characters."),
        ({"question": "Allergi\u202e?"}, "This text holds invisible signs that can turn it around."),
        (
            {"question": "Hvor?", "title_nn": "Kveld", "summary_nn": "Spel."},
            "Write the question in this language too, or in none.",
        ),
        (
            {"question_en": "Where?", "title_en": "Evening", "summary_en": "Games."},
            "Write the question in this language too, or in none.",
        ),
        ({"question_en": "Where?"}, "Write this too, or leave the whole language empty."),
    ],
)
def test_a_question_that_some_could_not_read_is_refused(
    browser: Browser, library_id: int, changes: dict[str, str], said: str
) -> None:
    page = put_up(browser, library_id)

    answer = browser.submit(f"{page}/words", {**COURSE, **changes})

    assert answer.status_code == 422
    assert said in words_of(answer.text)


def test_a_question_is_asked_in_each_language(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    page = put_up(browser, library_id)
    english = {"title_en": "Evening", "summary_en": "Games.", "question_en": "Have you cooked before?"}

    answer = browser.submit(f"{page}/words", {**COURSE, **QUESTION, **english})

    assert answer.status_code == 303
    assert questions(arranging) == {"nb": "Har du laget mat før?", "en": "Have you cooked before?"}


def test_a_question_that_somebody_else_changed_is_shown(browser: Browser, library_id: int) -> None:
    page = put_up(browser, library_id)
    opened = read_page(browser.get(f"{page}/words").text).hidden
    browser.submit(f"{page}/words", {**COURSE, **QUESTION})

    answer = browser.post(f"{page}/words", {**COURSE, "question": "Buss?", "seen": opened["seen"]})

    assert "A question of your own (Bokmål) Har du laget mat før? Buss?" in words_of(answer.text)


def test_families_are_asked_again_where_they_sign_up_and_nowhere_else(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    put_up(browser, library_id)
    with arranging() as session:
        terms = f"/staff/occasions/{session.scalars(select(Occasion.id)).one()}/terms"

    browser.submit(terms, {"mode": "sign_up", "capacity": "12", "asks_again": "y"})
    with_sign_up = asks_again(arranging)
    browser.submit(terms, {"mode": "drop_in", "capacity": "", "asks_again": "y"})

    assert (with_sign_up, asks_again(arranging)) == (True, False)


def test_terms_that_somebody_else_changed_show_who_is_asked_again(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    put_up(browser, library_id)
    with arranging() as session:
        terms = f"/staff/occasions/{session.scalars(select(Occasion.id)).one()}/terms"
    typed = {"mode": "sign_up", "capacity": "12", "cancel_hours": "2"}
    opened = read_page(browser.get(terms).text).hidden
    browser.submit(terms, {**typed, "asks_again": "y"})

    answer = browser.post(terms, {**typed, "seen": opened["seen"]})

    assert answer.status_code == 422
    assert "Families are asked again a week before Yes No" in words_of(answer.text)


def test_a_sheet_brings_questions(arranging: Arranging, browser: Browser, library_id: int) -> None:
    rows = (
        "Tittel;Ingress;Tekst;Rom;Dato;Begynner;Slutter;Påmelding;Plasser;Spørsmål;Tittel engelsk;"
        "Ingress engelsk;Spørsmål engelsk\n"
        "Kokkekurs;Mat.;Vi lager mat.;Kafeen;01.12.2026;17:00;19:00;ja;12;Laget mat før?;"
        "Cooking;Food.;Cooked before?"
    )
    data = {"library_id": str(library_id), "sheet": (io.BytesIO(rows.encode()), "mat.csv")}

    looked = browser.post("/staff/activities/sheet", data, content_type="multipart/form-data")
    browser.post("/staff/activities/sheet", read_page(looked.text).hidden)

    assert questions(arranging) == {"nb": "Laget mat før?", "en": "Cooked before?"}


def test_what_another_library_asks_is_not_looked_at_and_not_changed(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    with arranging() as session:
        other = make_activity(session, asks_needs=True)
        make_occasion(session, activity=other)
        assert other.library_id != library_id

    assert browser.get(f"/staff/activities/{other.id}/asks").status_code == 404
    assert browser.post(f"/staff/activities/{other.id}/asks", {"seen": ""}).status_code == 404
    assert asked(arranging) == Asks(needs=True)
