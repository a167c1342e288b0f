"""Organisations that have a part in an activity."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Partnership
from booking.partners.rules import PartnerRole
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
)

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def tie(arranging: Arranging, browser: Browser) -> Callable[..., tuple[str, str]]:
    """Put up an activity with a partner; give the address of its partners' page and of its own page."""

    def put_up(role: str) -> tuple[str, str]:
        with arranging() as session:
            library = make_library(session)
            activity = make_activity(session, library=library)
            make_meeting(session, occasion=make_occasion(session, activity=activity))
            partner_id = make_partner(
                session, name="Granlia sjakklubb", website="https://sjakk.example.org"
            ).id
            browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=library))
            page, public = f"/staff/activities/{activity.id}/partners", f"/activities/{activity.slug}"
        assert browser.post(page, {"partner_id": str(partner_id), "role": role}).status_code == 303
        return page, public

    return put_up


def test_families_see_with_whom_and_find_it_by_that_name(
    browser: Browser, tie: Callable[..., tuple[str, str]]
) -> None:
    page, public = tie("co_organiser")
    listed = browser.get(page).text
    browser.sign_out()

    shown = browser.get(public).text

    assert "Co-organiser" in listed
    assert '<a href="https://sjakk.example.org" rel="nofollow noopener">Granlia sjakklubb</a>' in shown
    assert public in browser.get("/activities?q=sjakklubb").text


def test_who_only_told_children_of_it_is_shown_to_nobody(
    browser: Browser, tie: Callable[..., tuple[str, str]]
) -> None:
    _page, public = tie("recruitment")
    browser.sign_out()

    assert "sjakklubb" not in browser.get(public).text
    assert public not in browser.get("/activities?q=sjakklubb").text


def test_twice_is_once_another_part_takes_its_place_and_it_can_be_taken_off(
    browser: Browser, arranging: Arranging, tie: Callable[..., tuple[str, str]]
) -> None:
    page, _public = tie("co_organiser")
    with arranging() as session:
        partner_id = str(session.scalars(select(Partnership.partner_id)).one())

    browser.post(page, {"partner_id": partner_id, "role": "contributor"})
    with arranging() as session:
        assert session.scalars(select(Partnership.role)).all() == [PartnerRole.CONTRIBUTOR]
    for _twice in range(2):
        assert browser.post(f"{page}/drop", {"partner_id": partner_id}).status_code == 303
    with arranging() as session:
        assert session.scalars(select(Partnership)).all() == []


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"partner_id": "", "role": "contributor"}, 422),
        ({"partner_id": "9" * 30, "role": "contributor"}, 422),
        ({"partner_id": "4711", "role": "contributor"}, 404),
        ({"partner_id": "1", "role": "boss"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(
    browser: Browser, tie: Callable[..., tuple[str, str]], typed: dict[str, str], status: int
) -> None:
    page, _public = tie("co_organiser")

    assert browser.post(page, typed).status_code == status
