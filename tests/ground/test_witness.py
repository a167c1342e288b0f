"""An older copy of the database is noticed when it is put back."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.identity_operations import settle_identities, settle_unmarked
from booking.activities.models import Meeting
from booking.revision import Catalogue
from booking.witness import Witness
from booking.work import House, mend_identities
from tests.conftest import StoppedClock
from tests.factories import make_meeting

Arranging = Callable[[], AbstractContextManager[Session]]
AT = datetime(2026, 11, 24, 11, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(autouse=True)
def house(app: Flask, tmp_path: Path) -> House:
    """The house, with a witness that remembers nothing yet."""
    house: House = app.extensions["booking"]
    house.identities = replace(house.identities, witness=Witness(tmp_path / "calendars.json"))
    return house


def test_a_witness_remembers_the_latest_change_of_each_database(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "calendars.json")

    witness.note("one", AT)
    witness.note("one", AT - timedelta(days=1))
    witness.note("two", AT + timedelta(days=1))

    assert Witness(tmp_path / "calendars.json").newest("one") == AT
    assert witness.newest("two") == AT + timedelta(days=1)
    assert witness.newest("three") is None


@pytest.mark.parametrize("content", ["", "nonsense", "[]", '{"one": 5}', '{"one": "yesterday"}'])
def test_a_file_that_makes_no_sense_is_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "calendars.json"
    file.write_text(content, encoding="utf-8")

    assert Witness(file).newest("one") is None
    Witness(file).note("one", AT)
    assert Witness(file).newest("one") == AT


def test_only_the_last_few_databases_are_remembered(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "calendars.json")

    for number in range(20):
        witness.note(str(number), AT)

    assert len(json.loads((tmp_path / "calendars.json").read_text(encoding="utf-8"))) == 8
    assert witness.newest("19") == AT


def test_a_folder_that_cannot_be_written_to_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Witness(tmp_path / "nowhere" / "calendars.json").note("one", AT)

    assert "cannot be remembered" in caplog.text


def _move(arranging: Arranging, clock: StoppedClock, **by: float) -> None:
    clock.forward(hours=1)
    with arranging() as session:
        meeting = session.scalars(select(Meeting)).one()
        meeting.starts_at += timedelta(**by)
        meeting.ends_at += timedelta(**by)


def _copy(arranging: Arranging) -> dict[str, Any]:
    with arranging() as session:
        meeting, catalogue = session.scalars(select(Meeting)).one(), session.scalars(select(Catalogue)).one()
        columns = [column.name for column in Meeting.__table__.columns if column.name != "id"]
        return {
            "meeting": {name: getattr(meeting, name) for name in columns},
            "raised_at": catalogue.raised_at,
        }


def _put_back(app: Flask, copy: dict[str, Any]) -> None:
    """Make the rows what they were, behind the back of every unit of work, as putting a file back does."""
    with app.app_context():
        from booking.work import database

        with database.engine.begin() as connection:
            connection.execute(Meeting.__table__.update().values(**copy["meeting"]))  # type: ignore[attr-defined]
            connection.execute(Catalogue.__table__.update().values(raised_at=copy["raised_at"]))  # type: ignore[attr-defined]


def _identity(arranging: Arranging) -> tuple[int, datetime]:
    with arranging() as session:
        meeting = session.scalars(select(Meeting)).one()
        return meeting.shown_sequence, meeting.shown_at


def test_what_calendars_saw_is_never_undercut_by_a_copy_that_is_put_back(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    copy = _copy(arranging)
    for _time in range(3):
        _move(arranging, clock, hours=1)
    sequence, changed_at = _identity(arranging)
    _put_back(app, copy)
    clock.forward(hours=1)

    with app.app_context():
        assert mend_identities() == 1
        assert mend_identities() == 0

    lifted = _identity(arranging)
    assert lifted[0] > sequence
    assert lifted[1] == clock() > changed_at
    _move(arranging, clock, hours=1)
    assert _identity(arranging)[0] == lifted[0] + 1


def test_the_first_change_after_a_copy_was_put_back_lifts_the_others_too(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    copy = _copy(arranging)
    for _time in range(3):
        _move(arranging, clock, hours=1)
    sequence, _changed_at = _identity(arranging)
    _put_back(app, copy)

    with arranging() as session:
        other = make_meeting(session).id

    with arranging() as session:
        mended = session.scalars(select(Meeting).where(Meeting.id != other)).one()
        assert mended.shown_sequence > sequence


def test_what_was_settled_for_a_letter_is_remembered_as_well(
    house: House, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    with arranging() as session:
        before = session.scalars(select(Catalogue.raised_at)).one()
    assert before is not None
    clock.forward(hours=1)

    with arranging() as session:
        session.scalars(select(Meeting)).one().room = "Kafeen"
        settle_identities(session, clock)

    with arranging() as session:
        after = session.scalars(select(Catalogue)).one()
    assert after.raised_at is not None
    assert house.identities.witness.newest(after.lineage) == after.raised_at > before


def test_many_changes_in_one_second_are_undercut_no_more_than_one(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    copy = _copy(arranging)
    for room in ("A", "B", "C"):
        with arranging() as session:
            session.scalars(select(Meeting)).one().room = room
    sequence, changed_at = _identity(arranging)
    _put_back(app, copy)

    with app.app_context():
        mend_identities()

    assert changed_at > clock()
    assert _identity(arranging)[0] > sequence
    assert _identity(arranging)[1] > changed_at


def test_a_database_that_goes_on_is_not_lifted_however_long_it_slept(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    before = _identity(arranging)
    clock.forward(days=40)

    with app.app_context():
        assert mend_identities() == 0

    assert _identity(arranging) == before


def test_a_machine_that_remembers_nothing_can_be_told_to_lift(
    house: House, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)

    with arranging() as session:
        assert house.identities.lift(session, clock) == 1

    assert _identity(arranging)[0] > 400_000


def test_a_meeting_from_before_the_upgrade_gets_its_mark_and_no_change(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    before = _identity(arranging)
    _put_back(app, {**(copy := _copy(arranging)), "meeting": {**copy["meeting"], "shown_as": ""}})

    with arranging() as session:
        assert settle_unmarked(session, clock) == 1
        assert settle_unmarked(session, clock) == 0

    assert _identity(arranging) == before
    _move(arranging, clock, hours=1)
    assert _identity(arranging)[0] == before[0] + 1
