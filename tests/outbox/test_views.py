from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.outbox.models import Letter
from booking.outbox.rules import LetterState, Trouble
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]
Write = Callable[..., Letter]


@pytest.fixture
def troubled(arranging: Arranging, browser: Browser, write: Write) -> Callable[..., int]:
    """Put a letter in trouble in place and be a librarian of the library that wrote it."""

    def put(state: LetterState = LetterState.PARKED, *, of_another: bool = False) -> int:
        with arranging() as session:
            own, other = make_library(session), make_library(session)
            browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=own))
            letter = write(session, library_id=(other if of_another else own).id, address="kari@example.org")
            letter.state = state
            letter.last_trouble = Trouble.REFUSED.value
            session.flush()
            return letter.id

    return put


def _letter(arranging: Arranging) -> Letter:
    with arranging() as session:
        return session.scalars(select(Letter)).one()


def test_a_house_whose_letters_arrived_says_so(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=make_library(session)))

    assert "All letters have arrived" in browser.get("/staff/letters").text


@pytest.mark.parametrize("state", [LetterState.PARKED, LetterState.UNCERTAIN])
def test_a_letter_in_trouble_is_shown_without_telling_whom_it_is_about(
    browser: Browser, troubled: Callable[..., int], state: LetterState
) -> None:
    troubled(state)

    page = browser.get("/staff/letters").text

    assert "k…@example.org" in page
    assert "The address was refused" in page
    assert "kari" not in page
    assert "Ada" not in page


@pytest.mark.parametrize("state", [LetterState.WAITING, LetterState.SENDING, LetterState.SENT])
def test_a_letter_that_fares_well_is_not_shown(
    browser: Browser, troubled: Callable[..., int], state: LetterState
) -> None:
    troubled(state)

    assert "@example.org" not in browser.get("/staff/letters").text


def test_a_letter_is_sent_again(arranging: Arranging, browser: Browser, troubled: Callable[..., int]) -> None:
    letter_id = troubled()

    answer = browser.post(f"/staff/letters/{letter_id}/send")

    assert answer.status_code == 303
    assert _letter(arranging).state is LetterState.WAITING
    assert "on its way again" in browser.get("/staff/letters").text


def test_a_letter_is_given_up_and_emptied(
    arranging: Arranging, browser: Browser, troubled: Callable[..., int]
) -> None:
    letter_id = troubled()

    browser.post(f"/staff/letters/{letter_id}/drop")

    letter = _letter(arranging)
    assert (letter.state, letter.address, letter.facts) == (LetterState.DROPPED, None, {})


@pytest.mark.parametrize("step", ["send", "drop"])
def test_a_letter_that_somebody_else_dealt_with_stays_as_it_is(
    arranging: Arranging, browser: Browser, troubled: Callable[..., int], step: str
) -> None:
    letter_id = troubled(LetterState.SENT)

    answer = browser.post(f"/staff/letters/{letter_id}/{step}")

    assert answer.status_code == 303
    assert _letter(arranging).state is LetterState.SENT
    assert "dealt with in the meantime" in browser.get("/staff/letters").text


@pytest.mark.parametrize("step", ["send", "drop"])
def test_a_letter_of_another_library_is_not_there(
    arranging: Arranging, browser: Browser, troubled: Callable[..., int], step: str
) -> None:
    letter_id = troubled(of_another=True)

    assert "@example.org" not in browser.get("/staff/letters").text
    assert browser.post(f"/staff/letters/{letter_id}/{step}").status_code == 404
    assert _letter(arranging).state is LetterState.PARKED


def test_looking_at_the_letters_changes_none(
    arranging: Arranging, browser: Browser, troubled: Callable[..., int]
) -> None:
    letter_id = troubled()

    assert browser.get(f"/staff/letters/{letter_id}/send").status_code in {404, 405}
    assert _letter(arranging).state is LetterState.PARKED


def test_a_letter_of_the_house_is_seen_to_by_an_administrator_and_by_nobody_else(
    arranging: Arranging, browser: Browser, write: Write
) -> None:
    with arranging() as session:
        library = make_library(session)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        admin = make_account(session, Role.ADMIN)
        house = write(session, "house", address="new@example.org")
        family = write(session, "family", address="kari@example.org", library_id=library.id)
        house.state = family.state = LetterState.PARKED
        session.flush()
        house_id, family_id = house.id, family.id

    browser.sign_in_as(librarian)
    for_librarian = browser.get("/staff/letters").text
    refused = browser.post(f"/staff/letters/{house_id}/drop").status_code
    browser.sign_in_as(admin)
    for_admin = browser.get("/staff/letters").text

    assert ("k…@" in for_librarian, "n…@" in for_librarian, refused) == (True, False, 404)
    assert ("k…@" in for_admin, "n…@" in for_admin) == (False, True)
    assert browser.post(f"/staff/letters/{family_id}/drop").status_code == 404
    assert browser.post(f"/staff/letters/{house_id}/drop").status_code == 303
