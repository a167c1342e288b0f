"""Links to drafts and to what only the invited may see."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.rules import Status, Visibility
from booking.signups.models import Signup
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_activity, make_library, make_meeting, make_occasion
from tests.signups.asking import secret_in_letter

TYPED = {
    "children-0-first_name": "Ada",
    "children-0-born": "2016",
    "children-0-municipality": "3401",
    "contact_name": "Ola Eksempel",
    "email": "ola@example.org",
    "permission": "y",
}

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def librarian(arranging: Arranging) -> Account:
    with arranging() as session:
        return make_account(session, Role.LIBRARIAN, library=make_library(session))


def put_up(
    arranging: Arranging, librarian: Account, status: Status, visibility: Visibility
) -> tuple[int, int]:
    """Return the numbers of an activity and of its occasion."""
    with arranging() as session:
        activity = make_activity(
            session,
            library_id=librarian.memberships[0].library_id,
            status=status,
            visibility=visibility,
        )
        if status is Status.DRAFT:
            activity.published_at = None
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion)
        return activity.id, occasion.id


def link_from(browser: Browser, librarian: Account, activity_id: int, kind: str) -> str:
    """Let the librarian make a link, and return its path."""
    browser.sign_in_as(librarian)
    made = browser.post(f"/staff/activities/{activity_id}/links")
    [path] = re.findall(rf"(/{kind}/[\w-]+)", made.text)
    return str(path)


def test_a_draft_can_be_looked_at_by_whoever_has_the_link_and_nobody_signs_up(
    arranging: Arranging, browser: Browser, librarian: Account, clock: StoppedClock
) -> None:
    activity_id, occasion_id = put_up(arranging, librarian, Status.DRAFT, Visibility.PUBLIC)
    preview = link_from(browser, librarian, activity_id, "preview")
    browser.sign_out()

    page = browser.get(preview)

    assert "You see the page as it will be." in page.text
    assert "/sign-up" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert browser.get(f"/occasions/{occasion_id}/sign-up").status_code == 404
    clock.forward(days=14)
    assert browser.get(preview).status_code == 404


def test_whoever_is_invited_sees_it_and_signs_a_child_up_and_nobody_else_does(
    arranging: Arranging, browser: Browser, librarian: Account
) -> None:
    activity_id, occasion_id = put_up(arranging, librarian, Status.PUBLISHED, Visibility.BY_LINK)
    invited = link_from(browser, librarian, activity_id, "invited")
    secret = invited.rsplit("/", 1)[1]
    browser.sign_out()

    page = browser.get(invited).text
    form = f"/occasions/{occasion_id}/sign-up"
    asked = browser.submit(f"{form}?invited={secret}", TYPED)

    assert f"{form}?invited={secret}" in page
    assert browser.get(form).status_code == 404
    assert browser.get(f"{form}?invited=somebodyelses").status_code == 404
    assert asked.status_code == 303
    assert browser.get(asked.headers["Location"]).status_code == 200
    with arranging() as session:
        assert session.scalars(select(Signup.occasion_id)).all() == [occasion_id]
        again = secret_in_letter(session, "invited")
    assert browser.get(f"/invited/{again}").status_code == 200


def test_an_invitation_opens_one_activity_and_no_other(
    arranging: Arranging, browser: Browser, librarian: Account
) -> None:
    activity_id, _occasion = put_up(arranging, librarian, Status.PUBLISHED, Visibility.BY_LINK)
    _other, other_occasion = put_up(arranging, librarian, Status.PUBLISHED, Visibility.BY_LINK)
    secret = link_from(browser, librarian, activity_id, "invited").rsplit("/", 1)[1]
    browser.sign_out()

    assert browser.get(f"/occasions/{other_occasion}/sign-up?invited={secret}").status_code == 404
    assert browser.get(f"/preview/{secret}").status_code == 404


def test_links_that_are_taken_back_open_nothing_from_then_on(
    arranging: Arranging, browser: Browser, librarian: Account
) -> None:
    activity_id, _occasion = put_up(arranging, librarian, Status.PUBLISHED, Visibility.BY_LINK)
    invited = link_from(browser, librarian, activity_id, "invited")
    before = browser.get(invited).status_code

    browser.post(f"/staff/activities/{activity_id}/links/take-back")

    assert (before, browser.get(invited).status_code) == (200, 404)


def test_what_was_put_away_or_is_a_draft_again_shows_nothing_to_the_invited(
    arranging: Arranging, browser: Browser, librarian: Account
) -> None:
    activity_id, _occasion = put_up(arranging, librarian, Status.PUBLISHED, Visibility.BY_LINK)
    invited = link_from(browser, librarian, activity_id, "invited")
    with arranging() as session:
        session.get_one(Activity, activity_id).status = Status.ARCHIVED

    assert browser.get(invited).status_code == 404


def test_what_everybody_may_see_needs_no_link(
    arranging: Arranging, browser: Browser, librarian: Account
) -> None:
    activity_id, _occasion = put_up(arranging, librarian, Status.PUBLISHED, Visibility.PUBLIC)
    browser.sign_in_as(librarian)

    assert "No link is needed." in browser.get(f"/staff/activities/{activity_id}/links").text
    assert browser.post(f"/staff/activities/{activity_id}/links").status_code == 303
