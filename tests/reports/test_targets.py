"""What the project sets itself: only what somebody entered, shown beside the figure."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.reports.rules import amount_of
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

ADDRESS = "/staff/figures/targets?half=2026-autumn"


@dataclass
class Scene:
    library: Library
    librarian: Account
    coordinator: Account


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        return Scene(
            library=library,
            librarian=make_account(session, Role.LIBRARIAN, library=library),
            coordinator=make_account(session, Role.COORDINATOR),
        )


def test_nothing_is_set_until_somebody_sets_it(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)
    own = browser.get("/staff/figures").text
    browser.sign_in_as(scene.coordinator)

    assert own.count("not set") == own.count('class="definition"')
    assert "The project has set itself no targets" in browser.get("/staff/figures/all").text


def test_what_is_set_stands_beside_the_figure(browser: Browser, scene: Scene, arranging: Arranging) -> None:
    browser.sign_in_as(scene.coordinator)
    at_the_library = browser.submit(
        f"{ADDRESS}&library=granlia", {"attendances": "1 250", "return_rate": "62,5", "unique": ""}
    )
    together = browser.submit(ADDRESS, {"sessions": "40"})

    assert (at_the_library.status_code, together.status_code) == (303, 303)
    assert 'value="1250"' in browser.get(f"{ADDRESS}&library=granlia").text
    region = browser.get("/staff/figures/all").text
    assert "Targets" in region
    assert ">40<" in region
    browser.sign_in_as(scene.librarian)
    own = browser.get("/staff/figures").text
    assert "1,250" in own
    assert "62.5%" in own or "62.5" in own
    assert "not set" in own
    with arranging() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "targets_set")).all()
        assert [entry.facts for entry in entries] == [{"set": 2}, {"set": 1}]


def test_a_target_is_about_the_whole_and_not_about_a_part(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.coordinator)
    browser.submit(f"{ADDRESS}&library=granlia", {"attendances": "777"})
    browser.sign_in_as(scene.librarian)

    assert "777" in browser.get("/staff/figures").text
    assert "777" not in browser.get("/staff/figures?kind=pilot").text
    assert "777" not in browser.get("/staff/figures?from=2026-09-01").text


def test_an_empty_field_takes_a_target_away(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.coordinator)
    browser.submit(ADDRESS, {"sessions": "40"})

    browser.submit(ADDRESS, {"sessions": ""})

    assert "The project has set itself no targets" in browser.get("/staff/figures/all").text


@pytest.mark.parametrize("typed", ["many", "-1", "1e9", "12,345", "99999999", "🦔" * 10])
def test_what_is_no_number_is_refused_beside_its_field_and_kept(
    browser: Browser, scene: Scene, typed: str
) -> None:
    browser.sign_in_as(scene.coordinator)

    answer = browser.submit(ADDRESS, {"sessions": typed, "unique": "30"})

    assert answer.status_code == 422
    assert answer.text.count("Write a number, such as 120 or 12,5") == 2
    assert typed in answer.text
    assert 'value="30"' in answer.text


@pytest.mark.parametrize("asked", ["half=2026-winter", "half=x", "half=2026-autumn&library=nowhere"])
def test_a_time_or_library_that_there_is_not_is_not_found(browser: Browser, scene: Scene, asked: str) -> None:
    browser.sign_in_as(scene.coordinator)

    assert browser.get(f"/staff/figures/targets?{asked}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "amount"), [("", None), (None, None), ("12", "12"), ("1 250,5", "1250.5"), ("0", "0")]
)
def test_a_number_is_read_as_people_write_it(typed: str | None, amount: str | None) -> None:
    read = amount_of(typed)

    assert (None if read is None else str(read)) == amount
