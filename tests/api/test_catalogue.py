"""What is on, for other programs: public dates and activities, and nothing else."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.models import Activity, Meeting
from booking.activities.rules import MeetingState, Status, Visibility
from booking.api.catalogue_rows import ACTIVITY_COLUMNS, DATE_COLUMNS
from tests.api.describing import check
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion, make_text

Arranging = Callable[[], AbstractContextManager[Session]]
MEETINGS, ACTIVITIES = "/api/v1/meetings", "/api/v1/activities"


def _on(session: Session, *, days: int = 1, **changes: Any) -> tuple[Activity, Meeting]:
    state = changes.pop("state", MeetingState.SCHEDULED)
    activity = make_activity(session, **changes)
    make_text(session, activity)
    occasion = make_occasion(session, activity=activity)
    starts_at = NOON + timedelta(days=days)
    return activity, make_meeting(session, occasion=occasion, starts_at=starts_at, state=state)


def _ask(app: Flask, address: str, **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(address, headers=sent)


def _told(app: Flask, address: str) -> Any:
    answer = _ask(app, address)
    assert answer.status_code == 200, answer.text
    assert "Set-Cookie" not in answer.headers
    return json.loads(answer.data)


def test_dates_are_told_as_they_are(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity, meeting = _on(session, library=library)

    told = _told(app, MEETINGS)

    check(told, "Meetings")
    assert told["meetings"] == [
        {
            "meeting": meeting.uid,
            "activity": activity.slug,
            "title": "Spillkveld",
            "language": "nb",
            "library": "granlia",
            "starts_at": "2026-11-25T12:00:00+01:00",
            "ends_at": "2026-11-25T14:00:00+01:00",
            "state": "scheduled",
            "room": "Barneavdelingen",
            "place": "Granlia bibliotek",
            "coming": "sign_up",
            "page": f"http://127.0.0.1:8000/activities/{activity.slug}",
        }
    ]
    assert _told(app, f"{MEETINGS}?lang=en")["meetings"][0]["title"] == "Games evening"


def test_activities_come_with_their_next_date_that_is_on(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        activity, off = _on(session, state=MeetingState.CALLED_OFF)
        later = make_meeting(session, occasion=make_occasion(session, activity=activity))
        nearer, _meeting = _on(session, days=2)

    told = _told(app, ACTIVITIES)

    check(told, "Activities")
    assert [each["activity"] for each in told["activities"]] == [activity.slug, nearer.slug]
    assert told["activities"][0]["next_meeting"] == later.uid != off.uid
    assert (told["activities"][0]["grade_from"], told["activities"][0]["age_to"]) == (5, 12)


def test_what_is_not_for_everybody_is_not_told(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        _on(session, visibility=Visibility.BY_LINK)
        _on(session, visibility=Visibility.INTERNAL)
        _on(session, status=Status.DRAFT)
        _on(session, days=-1)

    assert _told(app, MEETINGS)["meetings"] == []
    assert _told(app, ACTIVITIES)["activities"] == []
    assert len(_told(app, f"{MEETINGS}?from=2026-11-01")["meetings"]) == 1


def test_one_chooses_by_library_grade_and_days(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        here, _meeting = _on(session, library=library)
        _on(session, days=9, grade_from=1, grade_to=2)

    for query in ("library=granlia", "grade=5", "to=2026-11-30"):
        assert [each["activity"] for each in _told(app, f"{MEETINGS}?{query}")["meetings"]] == [here.slug]
        assert [each["activity"] for each in _told(app, f"{ACTIVITIES}?{query}")["activities"]] == [here.slug]


@pytest.mark.parametrize(
    "query",
    ["library=nowhere", "grade=14", "grade=0", "lang=se", "kind=pilot", "grade=5&grade=6", "after=-1"],
)
@pytest.mark.parametrize("address", [MEETINGS, ACTIVITIES])
def test_what_makes_no_sense_is_refused_and_never_taken_for_all(app: Flask, address: str, query: str) -> None:
    answer = _ask(app, f"{address}?{query}")

    assert answer.status_code == 400
    assert json.loads(answer.data)["parameter"] == query.partition("=")[0]


def test_pages_follow_each_other_in_both_forms(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        made = [_on(session, days=days)[1].uid for days in range(1, 6)]

    seen: list[str] = []
    address: str | None = f"{MEETINGS}?limit=2"
    while address:
        told = _told(app, address)
        seen += [each["meeting"] for each in told["meetings"]]
        address = told["next"]
    table = _ask(app, f"{MEETINGS}.csv?limit=2")

    assert seen == made
    assert 'rel="next"' in table.headers["Link"]
    assert [row["meeting"] for row in csv.DictReader(io.StringIO(table.text))] == made[:2]


@pytest.mark.parametrize(("address", "columns"), [(MEETINGS, DATE_COLUMNS), (ACTIVITIES, ACTIVITY_COLUMNS)])
def test_a_title_is_no_formula_in_a_table(
    app: Flask, arranging: Arranging, address: str, columns: tuple[str, ...]
) -> None:
    with arranging() as session:
        activity, _meeting = _on(session)
        session.refresh(activity, ["texts"])
        for text in activity.texts:
            text.title = '=HYPERLINK("https://example.org")'

    answer = _ask(app, address, Accept="text/csv")

    [row] = csv.DictReader(io.StringIO(answer.text))
    assert tuple(row) == columns
    assert row["title"].startswith("'=")


def test_what_has_not_changed_is_not_sent_again(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        _on(session)
    etag = _ask(app, MEETINGS).headers["ETag"]

    assert _ask(app, MEETINGS, If_None_Match=etag).status_code == 304
    assert _ask(app, MEETINGS, If_None_Match=etag, Accept="text/csv").status_code == 200


@pytest.mark.parametrize("days", ["from=0001-01-01&to=9999-12-31", "from=0001-01-01", "to=9999-12-31"])
@pytest.mark.parametrize("address", [MEETINGS, ACTIVITIES])
def test_from_the_first_day_there_is_to_the_last_is_everything(
    app: Flask, arranging: Arranging, address: str, days: str
) -> None:
    with arranging() as session:
        _on(session)
    everything, name = _told(app, address), address.rpartition("/")[2]

    assert everything[name]
    assert _told(app, f"{address}?{days}")[name] == everything[name]
