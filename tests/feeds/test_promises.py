"""What is promised of calendars as a whole: their bytes, and the ways that are not taken (ICS-61, ICS-62)."""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.feeds.render import render_calendar
from booking.feeds.rules import MOST_EVENTS, nearest, same_until, span_at
from tests.factories import NOON, make_meeting
from tests.feeds.hostile import entry

CODE = Path(__file__).parents[2] / "booking"
GOLDEN = Path(__file__).parent / "golden.ics"

# Ways of the library that write a zone which several programs read an hour wrong, a new identity for each
# look, or the present moment for the last change.
TRAPS = {"add_missing_timezones", "from_tzid", "from_tzinfo", "new_todo", "now", "utcnow"}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in [*(CODE / "feeds").glob("*.py"), *(CODE / "signups").glob("*.py"), CODE / "ical.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path.name, node


def test_no_way_is_taken_that_is_known_to_harm_calendars() -> None:
    wrong = [
        f"{name}:{call.lineno}"
        for name, call in _calls()
        if isinstance(call.func, ast.Attribute)
        if call.func.attr in TRAPS
        or (call.func.attr == "new" and ast.unparse(call.func.value) in {"Event", "Calendar", "Timezone"})
    ]

    assert wrong == []


def test_the_same_meetings_are_the_same_bytes_as_ever() -> None:
    """Another version of the library, or of ours, that writes anything else is seen here first."""
    entries = [
        entry(uid="a", title="Spillkveld; brett, kort og «æøå» 🎲", description="En\nTo\\tre"),
        entry(uid="b", is_called_off=True, sequence=3, starts_at=entry().starts_at + timedelta(days=200)),
        entry(uid="c", geo=None, url="", is_busy=True, is_private=True, title="Lang tittel " * 12),
    ]

    assert render_calendar(entries, name="Granlia bibliotek", called_off="AVLYST") == GOLDEN.read_bytes()


def test_a_calendar_of_too_many_dates_leaves_out_what_is_long_over_first() -> None:
    dates = [entry(starts_at=NOON + timedelta(hours=hour)) for hour in range(-100, MOST_EVENTS)]

    kept = nearest(dates, NOON)

    assert len(kept) == MOST_EVENTS
    assert kept[0].starts_at == NOON
    assert nearest(dates[:50], NOON) == dates[:50]
    future = [entry(starts_at=NOON + timedelta(hours=hour)) for hour in range(MOST_EVENTS + 10)]
    assert nearest(future, NOON) == future[:MOST_EVENTS]


def test_a_calendar_is_the_same_from_midnight_to_midnight_in_oslo() -> None:
    midnight = same_until(NOON)

    assert midnight == NOON.replace(hour=23, minute=0)
    assert span_at(midnight - timedelta(minutes=1)) == span_at(NOON)
    assert span_at(midnight) != span_at(NOON)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_who_runs_the_house_can_lift_what_calendars_know(
    app: Flask, arranging: Callable[[], AbstractContextManager[Session]]
) -> None:
    with arranging() as session:
        make_meeting(session)

    result = app.test_cli_runner().invoke(args=["calendars", "lift"])

    assert result.output.startswith("1 entries were lifted")
    with arranging() as session:
        assert session.scalars(select(Meeting.shown_sequence)).one() > 400_000
