"""The pages of the plan, as the coordinator and librarians use them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from booking.plan.models import PlanItem
from booking.plan.rules import ItemKind, ItemState
from booking.staff.rules import Role
from booking.work import database
from tests.browser import Browser, read_page
from tests.factories import make_account, make_library, make_plan_item

Arranging = Callable[[], AbstractContextManager[Session]]

TYPED = {
    "title": "Oppfølgingsmøte",
    "title_nn": "",
    "title_en": "Follow-up meeting",
    "kind": "follow_up",
    "first_on": "2026-12-01",
    "last_on": "15.12.2026",
    "tolerance_months": "1",
    "after_id": "",
    "meets_on": "2026-12-08",
    "starts": "09:00",
    "ends": "11.00",
    "is_shared": "y",
    "note": "Kaffe og kake",
    "began_on": "",
    "done_on": "",
}


def signed_in(app: Flask, arranging: Arranging, role: Role, language: str = "en") -> Browser:
    with arranging() as session:
        account = make_account(session, role, library=make_library(session), totp_secret="sealed")
    browser = Browser(app, language)
    browser.sign_in_as(account)
    return browser


@pytest.fixture
def coordinator(app: Flask, arranging: Arranging) -> Browser:
    return signed_in(app, arranging, Role.COORDINATOR)


def items(arranging: Arranging) -> list[PlanItem]:
    with arranging() as session:
        return list(session.scalars(select(PlanItem).order_by(PlanItem.id)))


def as_opened(browser: Browser, address: str) -> dict[str, str]:
    """Return what a form says when it is opened, as a browser would send it back untouched."""
    html = browser.get(address).text
    page = read_page(html)
    told = dict(page.hidden)
    for control in page.controls:
        if control.get("type") != "checkbox" or "checked" in control:
            told[control["name"]] = control.get("value", "")
    for name in ("kind", "after_id"):
        options = re.findall(rf'<select[^>]* name="{name}".*?</select>', html, re.DOTALL)[0]
        told[name] = (re.findall(r'value="(\w*)" selected', options) or [""])[0]
    told["note"] = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", html, re.DOTALL)[0]
    return told


def plain_text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_what_the_coordinator_adds_stands_on_the_page_with_window_and_standing(
    arranging: Arranging, coordinator: Browser
) -> None:
    empty = plain_text(coordinator.get("/staff/plan").text)
    answer = coordinator.submit("/staff/plan/new", TYPED, to="/staff/plan")

    page = plain_text(coordinator.get("/staff/plan").text)

    assert "There is nothing in the plan yet" in empty
    assert answer.status_code == 303
    assert "1. Follow-up meeting" in page
    assert "Follow-up meeting, 01/12/2026–15/12/2026" in page
    assert "Tuesday 8 December at 09:00–11:00" in page
    assert "Window: 01/11/2026–15/01/2027" in page
    assert "Not begun" in page
    assert "Partners see it" in page
    assert "Kaffe og kake" in page
    assert page.index("Today: Tuesday 24 November 2026") < page.index("1. Follow-up meeting")
    (item,) = items(arranging)
    assert (item.kind, item.is_shared, item.tolerance_months) == (ItemKind.FOLLOW_UP, True, 1)


@pytest.mark.parametrize(("language", "words"), [("nb", "I gang"), ("nn", "I gang"), ("en", "Under way")])
def test_a_librarian_looks_and_changes_nothing(
    app: Flask, arranging: Arranging, language: str, words: str
) -> None:
    with arranging() as session:
        number = make_plan_item(session, title="Prøve ut tiltak").id
    browser = signed_in(app, arranging, Role.LIBRARIAN, language)

    page = browser.get("/staff/plan").text

    assert words in plain_text(page)
    assert "1. <bdi>Prøve ut tiltak</bdi>" in page
    assert f"/staff/plan/{number}" not in page
    assert "/staff/plan/new" not in page
    assert browser.get(f"/staff/plan/{number}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "Write what is to be done."),
        ({"title": "…"}, "title", "Use at least one letter or figure in the title."),
        ({"title": "a" * 101}, "title", "The title is too long."),
        ({"title_nn": "x\u202ey"}, "title_nn", "This text holds invisible signs"),
        ({"kind": ""}, "kind", "Choose what it is from the list."),
        ({"kind": "party"}, "kind", "Choose what it is from the list."),
        ({"first_on": ""}, "first_on", "Write the day, such as 24.11.2026."),
        ({"first_on": "soon"}, "first_on", "Write the date as day, month and year"),
        ({"last_on": "2206-12-15"}, "last_on", "This date is years away."),
        ({"last_on": "2026-11-30"}, "last_on", "The last day is before the first."),
        ({"tolerance_months": ""}, "tolerance_months", "Write a number of months from 0 to 12."),
        ({"tolerance_months": "13"}, "tolerance_months", "Write a number of months from 0 to 12."),
        ({"tolerance_months": "one"}, "tolerance_months", "Write a number of months from 0 to 12."),
        ({"after_id": "999"}, "after_id", "Choose an item from the list."),
        ({"after_id": "x"}, "after_id", "Choose an item from the list."),
        ({"starts": ""}, "starts", "Write the day, and when it begins and ends"),
        ({"meets_on": ""}, "meets_on", "Write the day, and when it begins and ends"),
        ({"ends": "08:00"}, "ends", "The meeting ends before it begins."),
        ({"ends": "late"}, "ends", "Write the time as hours and minutes"),
        ({"meets_on": "2027-03-28", "starts": "02:30"}, "starts", "The clock"),
        ({"kind": "phase"}, "meets_on", "Only a follow-up meeting has a time of day."),
        ({"note": "a" * 1001}, "note", "The note is too long."),
        ({"began_on": "2026-11-25"}, "began_on", "This day is still to come."),
        ({"done_on": "2026-11-25"}, "done_on", "This day is still to come."),
        (
            {"began_on": "2026-11-20", "done_on": "2026-11-19"},
            "done_on",
            "It was done before it began.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_that_was_typed_is_kept(
    arranging: Arranging, coordinator: Browser, changes: dict[str, str], field: str, sentence: str
) -> None:
    answer = coordinator.post("/staff/plan", {**TYPED, **changes})

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert sentence in plain_text(answer.text)
    if "note" not in changes:
        assert "Kaffe og kake" in answer.text
    if "title_en" not in changes:
        assert 'value="Follow-up meeting"' in answer.text
    assert items(arranging) == []


def test_what_happened_is_written_afterwards_and_compared_with_the_plan(
    arranging: Arranging, coordinator: Browser
) -> None:
    with arranging() as session:
        number = make_plan_item(session, first_on=date(2026, 9, 1), last_on=date(2026, 10, 20)).id
    late = plain_text(coordinator.get("/staff/plan").text)

    opened = as_opened(coordinator, f"/staff/plan/{number}")
    happened = {"began_on": "2026-09-02", "done_on": "2026-11-23"}
    answer = coordinator.post(f"/staff/plan/{number}", {**opened, **happened})

    assert "4 days overdue" in late
    assert answer.status_code == 303
    page = plain_text(coordinator.get("/staff/plan").text)
    assert "Done, 3 days outside the window" in page
    assert "Was: 02/09/2026–23/11/2026" in page


def test_an_item_is_called_off_and_put_back_on(arranging: Arranging, coordinator: Browser) -> None:
    with arranging() as session:
        number = make_plan_item(session).id

    coordinator.post(f"/staff/plan/{number}/call-off")
    crossed_out = coordinator.get("/staff/plan").text
    coordinator.post(f"/staff/plan/{number}/put-back-on")

    assert "<del>" in crossed_out
    assert "Called off" in plain_text(crossed_out)
    assert [item.state for item in items(arranging)] == [ItemState.PLANNED]
    assert coordinator.post("/staff/plan/99/call-off").status_code == 404


def test_the_second_of_two_sees_both_versions_and_may_save_theirs(
    app: Flask, arranging: Arranging, coordinator: Browser
) -> None:
    other = signed_in(app, arranging, Role.COORDINATOR)
    coordinator.post("/staff/plan", TYPED)
    (item,) = items(arranging)
    page = f"/staff/plan/{item.id}"
    opened = other.get(page)
    seen = re.findall(r'name="seen"[^>]* value="(\w+)"', opened.text)[0]
    coordinator.submit(page, {**TYPED, "title": "Møte", "is_shared": ""})

    refused = other.post(page, {**TYPED, "title": "Treff", "seen": seen})
    between = items(arranging)[0].title
    shown = re.findall(r'name="seen"[^>]* value="(\w+)"', refused.text)[0]
    again = other.post(page, {**TYPED, "title": "Treff", "seen": shown})

    assert refused.status_code == 422
    said = plain_text(refused.text)
    assert "Somebody else saved this page while you had it open" in said
    assert "Title Møte Treff" in said
    assert "Partners see it No Yes" in said
    assert 'value="Treff"' in refused.text
    assert (between, again.status_code) == ("Møte", 303)
    assert [item.title for item in items(arranging)] == ["Treff"]


def test_a_form_without_the_sign_of_what_it_showed_overwrites_nothing(
    arranging: Arranging, coordinator: Browser
) -> None:
    coordinator.post("/staff/plan", TYPED)
    (item,) = items(arranging)

    assert coordinator.post(f"/staff/plan/{item.id}", {**TYPED, "title": "Nytt"}).status_code == 422
    assert coordinator.post(f"/staff/plan/{item.id}", TYPED).status_code == 303


def test_a_change_that_cannot_be_is_said_and_nothing_of_the_plan_is_lost(
    arranging: Arranging, coordinator: Browser
) -> None:
    with arranging() as session:
        first = make_plan_item(session, title="Kompetanseheving").id
        second = make_plan_item(session, title="Idéverksteder", after_id=first).id
    opened = as_opened(coordinator, f"/staff/plan/{second}")

    unsound = coordinator.post(f"/staff/plan/{second}", {**opened, "title": " ", "note": "Ny"})
    in_a_circle = coordinator.post(f"/staff/plan/{first}", {**opened, "after_id": str(second)})

    assert opened["after_id"] == str(first)
    assert "1. Kompetanseheving" in coordinator.get(f"/staff/plan/{second}").text
    assert (unsound.status_code, in_a_circle.status_code) == (422, 422)
    assert 'href="#title"' in unsound.text
    assert ">Ny</textarea>" in re.sub(r"\s", "", unsound.text)
    assert "Then it would have to wait for itself." in in_a_circle.text
    assert 'href="#after_id"' in in_a_circle.text
    assert [item.title for item in items(arranging)] == ["Kompetanseheving", "Idéverksteder"]


def test_an_order_that_cannot_be_is_said_at_the_top(arranging: Arranging, coordinator: Browser) -> None:
    with arranging() as session:
        workshops = make_plan_item(session, first_on=date(2026, 12, 1), last_on=date(2026, 12, 20)).id
        make_plan_item(session, after_id=workshops, last_on=date(2027, 2, 1))

    assert "Item 2 begins before item 1 is done." in plain_text(coordinator.get("/staff/plan").text)


def test_the_form_tells_what_stands_in_every_field(arranging: Arranging, coordinator: Browser) -> None:
    coordinator.post("/staff/plan", {**TYPED, "began_on": "2026-11-20"})
    (item,) = items(arranging)

    opened = as_opened(coordinator, f"/staff/plan/{item.id}")

    assert {name: opened[name] for name in TYPED} == {
        **TYPED,
        "last_on": "2026-12-15",
        "ends": "11:00",
        "began_on": "2026-11-20",
    }
    assert coordinator.post(f"/staff/plan/{item.id}", opened).status_code == 303
    (same,) = items(arranging)
    assert (same.starts_at, same.began_on, same.shown_at) == (item.starts_at, item.began_on, item.shown_at)


def test_a_long_plan_takes_no_more_questions_than_a_short_one(
    app: Flask, arranging: Arranging, coordinator: Browser
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    counts = []
    for _round in range(2):
        with arranging() as session:
            for _item in range(10):
                make_plan_item(session)
        with app.app_context():
            event.listen(database.engine, "before_cursor_execute", note)
        asked.clear()
        coordinator.get("/staff/plan")
        counts.append(len(asked))
        with app.app_context():
            event.remove(database.engine, "before_cursor_execute", note)

    assert counts[0] == counts[1] > 0
