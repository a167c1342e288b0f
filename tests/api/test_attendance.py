"""Attendance counts for a library's own programs: from facts, exact, for its key alone."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.activities.rules import Kind, MeetingState, Mode
from booking.api.attendance_rows import CSV_COLUMNS
from booking.api.key_operations import make_key, revoke_key
from booking.api.models import AccessKey
from booking.attendance.door import Answers, Unknown
from booking.attendance.operations import close_meeting, count, mark, reopen
from booking.attendance.rules import Standing, Telling
from booking.libraries.models import Library
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import database
from tests.api.describing import check
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
ADDRESS = "/api/v1/attendance"


@dataclass
class Scene:
    """A library with a key, and one without meetings."""

    library: Library
    librarian: Account
    key: str
    elsewhere: str


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        library, other = make_library(session, slug="granlia"), make_library(session)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        key, elsewhere = (
            make_key(session, clock, library_id=each.id, name="a sheet", account_id=librarian.id)
            for each in (library, other)
        )
        return Scene(library, librarian, key, elsewhere)


def _meeting(session: Session, scene: Scene, *, days_ago: int, **changes: Any) -> Meeting:
    activity = make_activity(session, library=scene.library, kind=changes.pop("kind", Kind.PILOT))
    mode = changes.pop("mode", Mode.SIGN_UP)
    occasion = make_occasion(
        session, activity=activity, mode=mode, capacity=None if mode is Mode.DROP_IN else 12
    )
    starts_at = NOON - timedelta(days=days_ago)
    return make_meeting(session, occasion=occasion, starts_at=starts_at, **changes)


def _closed(session: Session, clock: StoppedClock, scene: Scene, made: Meeting, came: int) -> None:
    meeting = get_own_meeting(session, made.id, library_ids={scene.library.id})
    children = [make_participant(session, first_name=f"Kanarine{number}") for number in range(came + 1)]
    for child in children:
        before = made.starts_at - timedelta(days=3)
        make_signup(session, occasion=meeting.occasion, participant=child, changed_at=before)
    session.expire_all()
    meeting = get_own_meeting(session, made.id, library_ids={scene.library.id})
    for child in children[:came]:
        said = Telling(event_id=new_uid(), told_at=None, device="a", account_id=scene.librarian.id)
        mark(session, clock, meeting=meeting, participant_id=child.id, standing=Standing.CAME, telling=said)
    for band, delta in ((HeadcountBand.AGE_6_12, 3), (HeadcountBand.ADULTS, 2)) if came else ():
        said = Telling(event_id=new_uid(), told_at=None, device="a", account_id=scene.librarian.id)
        count(session, clock, meeting=meeting, band=band, delta=delta, telling=said)
    outcome = MeetingOutcome.HELD if came else MeetingOutcome.NOBODY_CAME
    answers = Answers(outcome=outcome, unknown=Unknown.DID_NOT_COME)
    close_meeting(session, clock, meeting=meeting, answers=answers, account_id=scene.librarian.id)


def _ask(app: Flask, address: str = ADDRESS, *, key: str | None = None, **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if key is not None:
        sent["Authorization"] = f"Bearer {key}"
    return app.test_client().get(address, headers=sent)


def _told(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_a_closed_register_is_told_in_counts_and_without_a_name(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        meeting = _meeting(session, scene, days_ago=1)
        _closed(session, clock, scene, meeting, came=8)
        slug = get_own_meeting(session, meeting.id, library_ids={scene.library.id}).occasion.activity.slug

    answer = _ask(app, key=scene.key)

    [told] = _told(answer)["meetings"]
    assert told == {
        "meeting": meeting.uid,
        "activity": slug,
        "starts_at": "2026-11-23T12:00:00+01:00",
        "ends_at": "2026-11-23T14:00:00+01:00",
        "status": "held",
        "present_named": 8,
        "headcount": {"0_5": 0, "6_12": 3, "13_15": 0, "16_18": 0},
        "adults": 2,
        "capacity": 12,
        "closed_at": "2026-11-24T12:00:00+01:00",
    }
    assert "Kanarine" not in answer.text
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_nobody_did_not_happen_called_off_and_not_recorded_are_different_things(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        _closed(session, clock, scene, _meeting(session, scene, days_ago=4), came=0)
        _meeting(session, scene, days_ago=3, state=MeetingState.CALLED_OFF)
        _meeting(session, scene, days_ago=2, mode=Mode.DROP_IN)
        gone = _meeting(session, scene, days_ago=1)
        session.expire_all()
        not_held = Answers(outcome=MeetingOutcome.DID_NOT_HAPPEN, unknown=Unknown.NOT_KNOWN)
        own = get_own_meeting(session, gone.id, library_ids={scene.library.id})
        close_meeting(session, clock, meeting=own, answers=not_held, account_id=scene.librarian.id)

    told = _told(_ask(app, key=scene.key))["meetings"]

    assert [(each["status"], each["present_named"], each["adults"]) for each in told] == [
        ("nobody_came", 0, 0),
        ("called_off", None, None),
        ("not_recorded", None, None),
        ("did_not_happen", None, None),
    ]
    assert [each["headcount"] is None for each in told] == [False, True, True, True]
    assert told[2]["capacity"] is None


def test_a_register_that_was_opened_again_is_not_recorded(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        made = _meeting(session, scene, days_ago=1)
        _closed(session, clock, scene, made, came=5)
        meeting = get_own_meeting(session, made.id, library_ids={scene.library.id})
        reopen(session, clock, meeting=meeting, account_id=scene.librarian.id)

    [told] = _told(_ask(app, key=scene.key))["meetings"]

    assert (told["status"], told["present_named"], told["closed_at"]) == ("not_recorded", None, None)


def test_what_is_to_come_and_what_is_among_staff_is_left_out(
    app: Flask, arranging: Arranging, scene: Scene
) -> None:
    with arranging() as session:
        _meeting(session, scene, days_ago=-1)
        _meeting(session, scene, days_ago=1, kind=Kind.STAFF_TRAINING)

    assert _told(_ask(app, key=scene.key))["meetings"] == []


def test_a_key_opens_one_library_and_no_other(app: Flask, arranging: Arranging, scene: Scene) -> None:
    with arranging() as session:
        meeting = _meeting(session, scene, days_ago=1)

    assert _told(_ask(app, key=scene.elsewhere))["meetings"] == []
    other = _ask(app, f"{ADDRESS}?after={meeting.uid}", key=scene.elsewhere)
    nobody = _ask(app, f"{ADDRESS}?after={new_uid()}", key=scene.elsewhere)
    assert (other.status_code, other.data) == (nobody.status_code, nobody.data)
    assert other.status_code == 400


def test_without_a_key_with_a_wrong_and_with_a_revoked_one_the_answer_is_the_same(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        key = session.scalars(select(AccessKey).where(AccessKey.library_id == scene.library.id)).one()
        own = {scene.library.id}
        for _twice in range(2):
            revoke_key(session, clock, key_id=key.id, library_ids=own, account_id=scene.librarian.id)

    without, wrong, revoked = _ask(app), _ask(app, key="x" * 43), _ask(app, key=scene.key)

    assert {each.status_code for each in (without, wrong, revoked)} == {401}
    assert without.data == wrong.data == revoked.data
    assert without.headers["WWW-Authenticate"].startswith("Bearer")
    assert without.headers["Cache-Control"] == "no-store"
    assert json.loads(wrong.data)["code"] == "no_access_key"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=1&limit=2", "limit"),
        ("from=2026-13-01", "from"),
        ("from=01.11.2026", "from"),
        ("from=2026-11-02&to=2026-11-01", "to"),
        ("after=nothing", "after"),
        ("Limit=5", "Limit"),
        ("library=kongsvinger", "library"),
        ("%3Cscript%3E=1", "?script?"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused_and_named(
    app: Flask, scene: Scene, query: str, parameter: str
) -> None:
    answer = _ask(app, f"{ADDRESS}?{query}", key=scene.key, Accept_Language="en")

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.data)["parameter"] == parameter
    assert parameter in json.loads(answer.data)["detail"]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(
    app: Flask, arranging: Arranging, scene: Scene
) -> None:
    with arranging() as session:
        # Two begin at the same moment: the page must not end between them and lose one.
        made = [_meeting(session, scene, days_ago=days).uid for days in (5, 4, 4, 3, 2)]

    seen: list[str] = []
    address: str | None = f"{ADDRESS}?from=2026-11-01&limit=2"
    while address is not None:
        told = _told(_ask(app, address, key=scene.key))
        seen += [each["meeting"] for each in told["meetings"]]
        address = told["next"]

    assert seen == made


def test_the_days_are_those_of_oslo(app: Flask, arranging: Arranging, scene: Scene) -> None:
    with arranging() as session:
        # 30 September 22:30 in UTC is half past midnight, on the first of October, in Oslo.
        late = _meeting(session, scene, days_ago=0)
        late.starts_at = NOON.replace(month=9, day=30, hour=22, minute=30)
        late.ends_at = late.starts_at + timedelta(hours=1)

    assert _told(_ask(app, f"{ADDRESS}?to=2026-09-30", key=scene.key))["meetings"] == []
    [told] = _told(_ask(app, f"{ADDRESS}?from=2026-10-01&to=2026-10-01", key=scene.key))["meetings"]
    everything = _told(_ask(app, f"{ADDRESS}?from=0001-01-01&to=9999-12-31", key=scene.key))["meetings"]
    assert told in everything
    assert told["starts_at"] == "2026-10-01T00:30:00+02:00"


@pytest.mark.parametrize("asked", [f"{ADDRESS}.csv", ADDRESS])
def test_a_table_has_the_same_values_and_says_where_more_is(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene, asked: str
) -> None:
    with arranging() as session:
        _closed(session, clock, scene, _meeting(session, scene, days_ago=2), came=6)
        _meeting(session, scene, days_ago=1)

    answer = _ask(app, f"{asked}?limit=1", key=scene.key, Accept="text/csv")

    [row] = csv.DictReader(io.StringIO(answer.text))
    assert tuple(row) == CSV_COLUMNS
    assert (row["present_named"], row["headcount_6_12"], row["adults"]) == ("6", "3", "2")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="attendance-granlia-2026-11-24.csv"'
    assert 'rel="next"' in answer.headers["Link"]
    missing = _ask(app, f"{ADDRESS}.csv?from=2026-11-23", key=scene.key)
    [row] = csv.DictReader(io.StringIO(missing.text))
    assert (row["status"], row["present_named"], row["headcount_0_5"]) == ("not_recorded", "", "")


def test_what_has_not_changed_is_not_sent_again(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        meeting = _meeting(session, scene, days_ago=1)
    first = _ask(app, key=scene.key)

    again = _ask(app, key=scene.key, If_None_Match=first.headers["ETag"])
    with arranging() as session:
        _closed(session, clock, scene, session.get_one(Meeting, meeting.id), came=5)
    changed = _ask(app, key=scene.key, If_None_Match=first.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert changed.status_code == 200


def test_how_much_is_asked_of_the_database_does_not_grow_with_the_meetings(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    def asked() -> int:
        _ask(app, key=scene.key)
        statements: list[str] = []
        with app.app_context():
            engine = database.engine

        def note(*told: Any) -> None:
            statements.append(told[2])

        event.listen(engine, "before_cursor_execute", note)
        try:
            _told(_ask(app, key=scene.key))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([each for each in statements if not each.startswith("BEGIN")])

    with arranging() as session:
        _closed(session, clock, scene, _meeting(session, scene, days_ago=1), came=5)
    few = asked()
    with arranging() as session:
        for days in range(2, 8):
            _closed(session, clock, scene, _meeting(session, scene, days_ago=days), came=5)

    assert asked() == few <= 5


def test_the_day_of_last_use_is_noted_once_a_day(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    _ask(app, key=scene.key)
    clock.forward(days=1)
    _ask(app, key=scene.key)

    with arranging() as session:
        key = session.scalars(select(AccessKey).where(AccessKey.library_id == scene.library.id)).one()
        assert str(key.last_used_on) == "2026-11-25"
        assert scene.key not in str(vars(key))


def test_a_session_of_staff_is_no_key(app: Flask, scene: Scene) -> None:
    assert _ask(app, Cookie="booking=whatever").status_code == 401
    assert _ask(app, f"{ADDRESS}?key={scene.key}").status_code == 401


def test_an_answer_is_as_the_description_says(
    app: Flask, arranging: Arranging, clock: StoppedClock, scene: Scene
) -> None:
    with arranging() as session:
        _closed(session, clock, scene, _meeting(session, scene, days_ago=2), came=6)
        _meeting(session, scene, days_ago=1, state=MeetingState.CALLED_OFF)

    check(_told(_ask(app, f"{ADDRESS}?limit=1", key=scene.key)), "Attendance")
    check(_told(_ask(app, key=scene.key)), "Attendance")
    check(json.loads(_ask(app).data), "Problem")
