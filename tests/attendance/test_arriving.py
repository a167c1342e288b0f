"""What phones tell at the door: each event once, in whatever order, and nothing lost."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.asked import overhearing
from booking.activities.models import Meeting
from booking.activities.rules import MeetingState
from booking.attendance.arriving import MOST_AT_ONCE, Ticked, lag_of, parcel_or_none
from booking.attendance.door import time_behind, trusted_time
from booking.attendance.models import HeadcountMark, Mark
from booking.attendance.rules import AT_CLOSING, MarkEvent, Standing, fold_marks
from booking.audit.models import AuditEntry
from booking.participation.rules import HeadcountBand
from booking.people.models import Participant
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.work import database
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
Told = dict[str, Any]
ADA, BO = 0, 1


def name(number: int) -> str:
    return f"{number:08x}-0000-7000-8000-000000000000"


def milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)


@dataclass
class Scene:
    """A meeting that starts now, two children who have a place, and staff."""

    meeting: Meeting
    children: list[Participant]
    door: Account
    librarian: Account

    @property
    def events(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/events"

    @property
    def register(self) -> str:
        return f"/staff/meetings/{self.meeting.id}/register"

    def tick(self, number: int, child: int, standing: str, minute: float = 0) -> Told:
        at = milliseconds(NOON + timedelta(minutes=minute))
        return {"id": name(number), "at": at, "person": self.children[child].id, "standing": standing}


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        children = [make_participant(session, first_name=first) for first in ("Ada", "Bo")]
        for child in children:
            make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
        return Scene(
            meeting=make_meeting(session, occasion=occasion, starts_at=NOON),
            children=children,
            door=make_account(session, Role.DOOR, library=library),
            librarian=make_account(session, Role.LIBRARIAN, library=library),
        )


def count(number: int, delta: int = 1, band: str = "6_12") -> Told:
    return {"id": name(number), "at": milliseconds(NOON), "band": band, "delta": delta}


def send(
    browser: Browser, scene: Scene, events: Sequence[Any], *, device: str = "aaaaaaaa", **more: object
) -> list[tuple[str | None, str | None]]:
    told = {"device": device, "sent": None, "events": events, **more}
    headers = {"X-CSRFToken": browser.get("/staff/meetings/token").json["token"]}  # type: ignore[index]
    answer = browser.post(scene.events, json=told, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(each["became"], each.get("code")) for each in answer.json["events"]]  # type: ignore[index]


def folded(arranging: Arranging) -> dict[int, Standing]:
    with arranging() as session:
        return dict(fold_marks(events_in(session)).standings)


def events_in(session: Session) -> list[MarkEvent]:
    return [
        MarkEvent(
            event_id=each.event_id,
            participant_id=each.participant_id,
            standing=each.standing,
            happened_at=each.happened_at,
            device=each.device,
        )
        for each in session.scalars(select(Mark))
    ]


def test_each_event_is_taken_once_and_answered_on_its_own(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)
    stranger = {**scene.tick(3, ADA, "came"), "person": 999_999}
    parcel = [scene.tick(1, ADA, "came"), count(2), stranger, {"id": "x"}, 7, {**count(5), "delta": 0}]

    first = send(browser, scene, parcel)
    again = send(browser, scene, parcel)

    refused = [("refused", "not_in_register"), *[("refused", "tick_not_understood")] * 3]
    assert first == [("taken", None), ("taken", None), *refused]
    assert again == [("known", None), ("known", None), *refused]
    with arranging() as session:
        rows = [session.scalar(select(func.count()).select_from(table)) for table in (Mark, HeadcountMark)]
    assert rows == [1, 1]


def test_two_phones_make_one_register_in_whatever_order_they_send(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(minutes=30)
    browser.sign_in_as(scene.door)
    parcels = [
        ("aaaaaaaa", [scene.tick(1, ADA, "came", 1), scene.tick(2, BO, "came", 2)]),
        ("aaaaaaaa", [scene.tick(3, ADA, "not_known", 5)]),
        ("bbbbbbbb", [scene.tick(4, ADA, "came", 4), scene.tick(5, BO, "did_not_come", 3)]),
        ("bbbbbbbb", [count(6), count(7)]),
    ]
    found = set()

    for order in permutations(parcels):
        for device, events in (*order, order[0]):
            send(browser, scene, events, device=device)
        with arranging() as session:
            register = fold_marks(events_in(session))
            counted = session.scalar(select(func.sum(HeadcountMark.delta)))
            found.add((tuple(sorted(register.standings.items())), register.contradicted, counted))
            session.query(Mark).delete()
            session.query(HeadcountMark).delete()

    ada, bo = (child.id for child in scene.children)
    standings = ((ada, Standing.NOT_KNOWN), (bo, Standing.DID_NOT_COME))
    assert found == {(standings, frozenset({ada, bo}), 2)}


def test_a_tick_that_finds_the_register_closed_is_kept_beside_it_and_counts_once_it_is_opened(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(scene.librarian)
    send(browser, scene, [count(1)])
    clock.forward(minutes=20)
    browser.post(f"/staff/meetings/{scene.meeting.id}/close", {"outcome": "held", "unknown": "did_not_come"})

    late = send(browser, scene, [scene.tick(2, ADA, "came", 5), count(3)])
    closed = browser.get(scene.register).text
    browser.post(f"/staff/meetings/{scene.meeting.id}/reopen")
    opened = browser.get(scene.register).text

    assert late == [("late", None), ("late", None)]
    assert '<dd data-tally="present">1</dd>' in closed
    assert "2 taps came after the register was closed" in closed
    assert "Ada" in closed
    assert '<dd data-tally="present">3</dd>' in opened


def test_a_phone_that_was_without_a_net_all_evening_hands_in_the_next_day_and_sees_nothing(
    browser: Browser, scene: Scene, clock: StoppedClock
) -> None:
    clock.forward(hours=20)
    browser.sign_in_as(scene.door)

    became = send(browser, scene, [scene.tick(1, ADA, "came", 5), scene.tick(2, BO, "came", 60 * 19)])

    assert became == [("taken", None), ("refused", "door_is_shut")]
    assert browser.get(scene.register).status_code == 404
    clock.forward(days=14)
    browser.sign_in_as(scene.door)
    told = {"device": "aaaaaaaa", "events": [scene.tick(3, ADA, "came")]}
    headers = {"X-CSRFToken": browser.get("/staff/meetings/token").json["token"]}  # type: ignore[index]
    assert browser.post(scene.events, json=told, headers=headers).status_code == 404


def test_what_is_told_again_is_known_even_when_the_meeting_was_called_off_since(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)
    send(browser, scene, [scene.tick(1, ADA, "came")])
    with arranging() as session:
        session.get_one(Meeting, scene.meeting.id).state = MeetingState.CALLED_OFF

    became = send(browser, scene, [scene.tick(1, ADA, "came"), scene.tick(2, BO, "came")])

    assert became == [("known", None), ("refused", "meeting_is_called_off")]


def test_a_phone_whose_clock_is_an_hour_off_tells_in_the_right_order(
    browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(minutes=30)
    browser.sign_in_as(scene.door)
    off = 60
    ticks = [scene.tick(1, ADA, "came", off + 10), scene.tick(2, ADA, "not_known", off + 11)]

    send(browser, scene, ticks, sent=milliseconds(NOON + timedelta(minutes=off + 30)))
    send(browser, scene, [scene.tick(3, ADA, "came", 10.5)], device="bbbbbbbb")

    with arranging() as session:
        times = {each.event_id: each.happened_at for each in events_in(session)}
    assert times[name(1)] == NOON + timedelta(minutes=10)
    assert folded(arranging) == {scene.children[ADA].id: Standing.NOT_KNOWN}


@pytest.mark.parametrize("part", [0, 7_000, 250_000])
def test_a_tick_stands_in_its_table_as_any_other_row_does(
    browser: Browser, scene: Scene, arranging: Arranging, part: int
) -> None:
    # The rows of a parcel are not written through SQLAlchemy, but are asked for and compared with others.
    happened_at = NOON - timedelta(minutes=3) + timedelta(microseconds=part)
    browser.sign_in_as(scene.door)

    send(browser, scene, [{**scene.tick(1, ADA, "came"), "at": milliseconds(happened_at)}])
    send(browser, scene, [{**count(2), "at": milliseconds(happened_at)}])

    with arranging() as session:
        for table in (Mark, HeadcountMark):
            same = (table.happened_at == happened_at, table.received_at == NOON, table.device == "aaaaaaaa")
            assert session.scalars(select(table.account_id).where(*same)).one() == scene.door.id
        assert session.scalars(select(Mark.standing).where(Mark.standing == Standing.CAME)).one()
        band = HeadcountMark.band == HeadcountBand("6_12")
        assert session.scalars(select(HeadcountMark.delta).where(band)).one() == 1


def test_a_parcel_is_written_by_one_statement_however_much_it_holds(
    app: Flask, browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.door)
    headers = {"X-CSRFToken": browser.get("/staff/meetings/token").json["token"]}  # type: ignore[index]
    events = [scene.tick(number, number % 2, "came") for number in range(1, 51)]

    with app.app_context():
        engine = database.engine
    with overhearing(engine) as asked:
        told = browser.post(scene.events, json={"device": "aaaaaaaa", "events": events}, headers=headers)
        number = len(asked)

    assert told.json["events"][49]["became"] == "taken"  # type: ignore[index]
    assert number == 4


def test_a_tick_asks_the_database_at_most_four_times(app: Flask, browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.door)
    headers = {"X-CSRFToken": browser.get("/staff/meetings/token").json["token"]}  # type: ignore[index]
    told = {"device": "aaaaaaaa", "events": [scene.tick(1, ADA, "came")]}

    with app.app_context():
        engine = database.engine
    with overhearing(engine) as asked:
        browser.post(scene.events, json=told, headers=headers)
        number = len(asked)

    assert 0 < number <= 4


def test_the_list_is_told_to_whom_the_page_was_opened_and_only_when_it_changed(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.door)
    address = f"/staff/meetings/{scene.meeting.id}/list"
    page = browser.get(scene.register).text
    opened = page.partition('data-opened="')[2].partition('"')[0]

    unopened = browser.get(address)
    first = browser.get(address, headers={"X-Opened": opened})
    tag = {"X-Opened": opened, "If-None-Match": first.headers["ETag"]}
    same = browser.get(address, headers=tag)
    send(browser, scene, [scene.tick(1, ADA, "came")])
    changed = browser.get(address, headers=tag)

    assert (unopened.status_code, same.status_code, same.text) == (409, 304, "")
    assert first.headers["Cache-Control"] == "no-store"
    assert [each["standing"] for each in first.json["people"]] == ["not_known"] * 2  # type: ignore[index]
    assert changed.json["people"][0]["standing"] == "came"  # type: ignore[index]


def test_a_look_where_there_was_no_net_goes_on_record(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)

    send(browser, scene, [{"id": name(1), "at": milliseconds(NOON), "looked": True}])

    with arranging() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.account_id, entry.facts) == (
        "register_seen",
        scene.door.id,
        {"without_net": True},
    )


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {"device": "aaaaaaaa"},
        {"device": "aaaaaaaa", "events": []},
        {"device": "x", "events": [1]},
        {"device": "aaaaaaaa", "events": [1] * (MOST_AT_ONCE + 1)},
    ],
)
def test_what_is_no_parcel_is_none(told: object) -> None:
    assert parcel_or_none(told) is None


@pytest.mark.parametrize("at", [None, "now", 1.5, True, 10**30, -(10**30)])
def test_a_time_that_nobody_can_read_is_none_and_the_tick_counts(at: object) -> None:
    tick = {"id": name(1), "at": at, "person": 1, "standing": "came"}

    parcel = parcel_or_none({"device": "aaaaaaaa", "events": [tick]})

    assert parcel is not None
    assert parcel.events == [Ticked(event_id=name(1), told_at=None, participant_id=1, standing=Standing.CAME)]


@given(
    st.lists(st.integers(0, 120), min_size=1, max_size=8, unique=True),
    st.timedeltas(timedelta(days=-900), timedelta(days=900)),
)
def test_whatever_its_clock_shows_a_phones_ticks_keep_their_order(minutes: list[int], off: timedelta) -> None:
    received = NOON + timedelta(minutes=121)
    told = [NOON + timedelta(minutes=minute) + off for minute in sorted(minutes)]
    parcel = parcel_or_none({"device": "aaaaaaaa", "sent": milliseconds(received + off), "events": [1]})
    assert parcel is not None

    lag = lag_of(parcel, received_at=received)
    times = [trusted_time(told=time_behind(each, lag), received_at=received, starts_at=NOON) for each in told]

    assert times == sorted(set(times))
    assert all(
        abs(time - (each - off)) <= timedelta(minutes=1) for time, each in zip(times, told, strict=True)
    )


def test_what_was_decided_at_the_closing_gives_way_to_what_a_phone_saw() -> None:
    def mark(event_id: str, device: str, standing: Standing, minute: int) -> MarkEvent:
        return MarkEvent(
            event_id=event_id,
            participant_id=1,
            standing=standing,
            happened_at=datetime(2026, 11, 24, 11, minute, tzinfo=UTC),
            device=device,
        )

    guess = mark("1", AT_CLOSING, Standing.DID_NOT_COME, 50)
    seen, unseen = mark("2", "a", Standing.CAME, 10), mark("3", "a", Standing.NOT_KNOWN, 20)

    assert fold_marks([guess, seen]).standing_of(1) is Standing.CAME
    assert fold_marks([guess, seen]).contradicted == frozenset()
    assert fold_marks([guess, seen, unseen]).standing_of(1) is Standing.DID_NOT_COME


def test_a_parcel_that_is_nested_without_an_end_is_not_understood(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.door)
    headers = {"X-CSRFToken": browser.get("/staff/meetings/token").json["token"]}  # type: ignore[index]

    for body in ("[" * 100_000, '{"events":' * 50_000, "{", "5", '"\\ud800"'):
        answer = browser.post_raw(scene.events, body, content_type="application/json", headers=headers)
        assert answer.status_code == 422, body[:20]
