"""Kept pages: the same bytes for the same question, and a change at once, in every process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from booking import create_app
from booking.activities.models import Activity, ActivityText, Meeting
from booking.activities.rules import Status
from booking.audit.models import Actor
from booking.health.data_views import LOOKED_AT
from booking.kept import Page, Shelf, shelf_of
from booking.pages import settings_in_use
from booking.people.models import Family
from booking.privacy.operations import erase_family
from booking.revision import Catalogue, shows
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.work import House, database, unit_of_work
from tests.browser import Browser, pass_of
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


@pytest.fixture
def slug(arranging: Arranging) -> str:
    """An activity with a date and a place that is taken."""
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"))
        occasion = make_occasion(session, activity=activity, capacity=1)
        make_meeting(session, occasion=occasion)
        family = make_family(session)
        make_signup(session, occasion=occasion, participant=make_participant(session, family=family))
        return activity.slug


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def revision(app: Flask) -> str:
    with app.app_context(), Session(database.engine) as session:
        return session.scalars(select(Catalogue.revision)).one()


def test_a_page_is_made_once_and_then_given_to_everybody(app: Flask, slug: str) -> None:
    first = Browser(app).get(f"/activities/{slug}")
    with statements(app) as asked:
        second = Browser(app).get(f"/activities/{slug}")

    assert second.data == first.data
    assert second.headers["ETag"] == first.headers["ETag"]
    assert dict(second.headers) == dict(first.headers)
    assert asked == []  # the revision is asked past SQLAlchemy's own statements


def test_a_change_shows_at_once_in_every_process(
    app: Flask, arranging: Arranging, slug: str, clock: StoppedClock
) -> None:
    with app.app_context():
        settings = settings_in_use()
    other = create_app(settings, clock=clock)
    other.extensions[LOOKED_AT] = True
    before = [Browser(service).get(f"/activities/{slug}").text for service in (app, other)]

    with arranging() as session:
        session.scalars(select(ActivityText)).one().title = "Noe annet"

    assert "Spillkveld" in before[0]
    assert "Spillkveld" in before[1]
    for service in (app, other):
        assert "Noe annet" in Browser(service).get(f"/activities/{slug}").text
    with other.app_context():
        database.engine.dispose()


def test_a_statement_about_many_rows_is_a_change_too(app: Flask, arranging: Arranging, slug: str) -> None:
    Browser(app).get(f"/activities/{slug}")

    with arranging() as session:
        session.execute(update(Activity).values(status=Status.ARCHIVED))

    assert Browser(app).get(f"/activities/{slug}").status_code == 404


def test_a_place_that_is_given_back_changes_the_word(
    app: Flask, arranging: Arranging, slug: str, clock: StoppedClock
) -> None:
    before = Browser(app).get(f"/activities/{slug}").text

    with arranging() as session:
        family_id = session.scalars(select(Family.id)).one()
        erase_family(session, clock, family_id=family_id, actor=Actor.SYSTEM)

    assert "Waiting list" in before
    assert "Waiting list" not in Browser(app).get(f"/activities/{slug}").text


def test_the_name_of_who_answers_is_shown_and_their_secrets_are_not(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        account_id = make_account(session, Role.COORDINATOR).id
    stood = revision(app)

    with arranging() as session:
        session.get_one(Account, account_id).session_key = "another"
    after_secret = revision(app)
    with arranging() as session:
        session.get_one(Account, account_id).name = "Kari Ny"

    assert after_secret == stood
    assert revision(app) != stood


def test_what_was_rolled_back_and_what_no_page_shows_is_no_change(app: Flask, arranging: Arranging) -> None:
    stood = revision(app)

    with pytest.raises(RuntimeError), app.app_context(), unit_of_work() as (session, _clock):
        make_activity(session)
        raise RuntimeError
    with arranging() as session:
        make_family(session)

    assert revision(app) == stood


def test_a_page_is_made_anew_when_the_minute_is_over(app: Flask, slug: str, clock: StoppedClock) -> None:
    before = Browser(app).get("/").text

    clock.forward(days=30)

    assert slug in before
    assert slug not in Browser(app).get("/").text


def test_what_is_made_for_somebody_signed_in_is_given_to_nobody_else(
    app: Flask, arranging: Arranging, slug: str
) -> None:
    with arranging() as session:
        librarian = make_account(session, Role.LIBRARIAN, library=make_library(session))
        name, value = pass_of(app, librarian)
    client = app.test_client()
    client.set_cookie(name, value)

    client.get(f"/activities/{slug}", headers={"Accept-Language": "en"})

    assert shelf_of(app).bytes_kept == 0
    fresh = Browser(app).get(f"/activities/{slug}")
    assert "Set-Cookie" not in fresh.headers
    assert client.get(f"/activities/{slug}").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("cookie", [("booking", "session"), ("somebody", "else's")])
def test_whoever_carries_a_cookie_is_answered_anew(app: Flask, slug: str, cookie: tuple[str, str]) -> None:
    Browser(app).get("/")
    client = app.test_client()
    client.set_cookie(*cookie)

    with statements(app) as asked:
        client.get("/", headers={"Accept-Language": "en"})

    assert asked != []


def test_each_language_has_its_own_page(app: Flask, slug: str) -> None:
    english, nynorsk = (Browser(app, language).get("/activities").text for language in ("en", "nn"))
    chosen = Browser(app)
    chosen.get("/activities?lang=nn")

    assert 'lang="en"' in english
    assert 'lang="nn"' in nynorsk
    assert chosen.get("/activities").text == nynorsk


def test_what_a_browser_has_already_is_not_sent_again(app: Flask, slug: str) -> None:
    first = Browser(app).get("/")

    again = Browser(app).get("/", headers={"If-None-Match": f'W/{first.headers["ETag"]}, "other"'})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert "Content-Length" not in again.headers


def test_a_head_has_the_headers_and_no_body(app: Flask, slug: str) -> None:
    heads = [Browser(app).head("/") for _ in range(2)]
    whole = Browser(app).get("/")

    for head in heads:
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(whole.data))


def test_what_is_not_there_is_not_kept(app: Flask, slug: str) -> None:
    assert Browser(app).get("/activities/nowhere").status_code == 404
    assert Browser(app).get("/activities?grade=99").status_code == 404
    assert shelf_of(app).bytes_kept == 0


def test_a_shelf_holds_only_so_much() -> None:
    shelf = Shelf(most_bytes=1000)
    pages = [Page("r", 1, "/", [], "e", b"x" * 100) for _ in range(50)]

    for number, page in enumerate(pages):
        shelf.put(("/", str(number), "nb"), page)

    assert shelf.bytes_kept == 1000
    assert shelf.find(("/", "49", "nb"), "r", 1) is pages[49]
    assert shelf.find(("/", "0", "nb"), "r", 1) is None


def test_a_page_that_was_being_made_while_something_changed_is_not_given_for_the_change(
    app: Flask, arranging: Arranging, slug: str
) -> None:
    """The page is held up between reading and answering, and the change is committed meanwhile."""
    house: House = app.extensions["booking"]
    stopped, may_go_on = threading.Event(), threading.Event()
    answers: list[str] = []

    def hold_up(*_told: object) -> None:
        stopped.set()
        may_go_on.wait(timeout=10)

    with app.app_context():
        engine = database.engine
    # After the first question of the page, which has then seen the catalogue as it was.
    event.listen(engine, "after_cursor_execute", hold_up, once=True)
    asking = threading.Thread(target=lambda: answers.append(Browser(app).get(f"/activities/{slug}").text))
    asking.start()
    assert stopped.wait(timeout=10)
    changed = threading.Thread(target=lambda: _rename(arranging))
    changed.start()
    if engine.dialect.name == "postgresql":
        changed.join(timeout=10)
    may_go_on.set()
    asking.join(timeout=10)
    changed.join(timeout=10)

    assert house is app.extensions["booking"]
    assert "Noe annet" in Browser(app).get(f"/activities/{slug}").text


def _rename(arranging: Arranging) -> None:
    with arranging() as session:
        session.scalars(select(ActivityText)).one().title = "Noe annet"


def test_every_table_that_the_kept_pages_read_says_so(app: Flask, arranging: Arranging, slug: str) -> None:
    with arranging() as session:
        late = session.scalars(select(Meeting)).one()
        late.starts_at = NOON + timedelta(days=1)
        late.ends_at = late.starts_at + timedelta(hours=1)
    pages = [
        "/",
        "/activities?q=spill&grade=5",
        f"/activities/{slug}",
        "/libraries/granlia",
        "/months/2026-11?library=granlia",
    ]
    with statements(app) as asked:
        for page in pages:
            assert Browser(app).get(page).status_code == 200

    said = " ".join(asked)
    tables = database.metadata.tables.values()
    silent = {
        table.name
        for table in tables
        if f"FROM {table.name}" in said.replace("\n", " ") or f"JOIN {table.name} " in said
        if not shows(table) and not any(shows(column) for column in table.columns)
    }
    assert silent == set()
