"""What cards and pages show of a meeting, an occasion and its places."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.activities.queries import coming_meetings, get_public_activity, own_activities
from booking.activities.rules import Availability, MeetingState, Mode, Places, Status, Window
from booking.activities.showing import (
    Card,
    by_week,
    cards_of,
    end_of_next_week,
    entrance_to,
    next_of_each,
    own_list,
    shown,
)
from booking.libraries.rules import Language
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion, make_text

WEEK = timedelta(days=7)


def cards(session: Session) -> list[Card]:
    found = coming_meetings(session, now=NOON)
    return cards_of(found, language="nb", now=NOON, places={})


def test_one_card_for_each_activity_shows_its_next_date_that_is_on(session: Session) -> None:
    course, other = make_occasion(session), make_occasion(session)
    off = make_meeting(session, occasion=course, state=MeetingState.CALLED_OFF)
    on = make_meeting(session, occasion=course, starts_at=off.starts_at + WEEK)
    make_meeting(session, occasion=course, starts_at=off.starts_at + 2 * WEEK)
    between = make_meeting(session, occasion=other, starts_at=off.starts_at + timedelta(days=1))

    assert [card.meeting for card in next_of_each(cards(session))] == [between, on]


def test_an_activity_whose_dates_are_all_called_off_is_shown_as_called_off(session: Session) -> None:
    off = make_meeting(session, state=MeetingState.CALLED_OFF)

    (card,) = next_of_each(cards(session))

    assert (card.meeting, card.is_called_off) == (off, True)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), datetime(2026, 12, 6, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), datetime(2026, 12, 6, 23, 0, tzinfo=UTC)),
        (datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 12, 13, 23, 0, tzinfo=UTC)),
        (datetime(2027, 3, 20, 11, 0, tzinfo=UTC), datetime(2027, 3, 28, 22, 0, tzinfo=UTC)),
        (datetime(2026, 12, 31, 12, 0, tzinfo=UTC), datetime(2027, 1, 10, 23, 0, tzinfo=UTC)),
    ],
)
def test_the_week_after_this_one_ends_on_its_sunday_night_in_oslo(now: datetime, ends: datetime) -> None:
    assert end_of_next_week(now) == ends


def test_the_last_days_of_2026_and_the_first_of_2027_are_one_week(session: Session) -> None:
    for day in (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), datetime(2027, 1, 1, 16, 0, tzinfo=UTC)):
        make_meeting(session, starts_at=day)

    assert [(week, len(shown_cards)) for week, shown_cards in by_week(cards(session)).items()] == [(53, 2)]


@pytest.mark.parametrize(
    ("changes", "window", "fullness"),
    [
        ({}, Window.OPEN, Availability.WAITING_LIST),
        ({"has_queue": False}, Window.OPEN, Availability.FULL),
        ({"capacity": 2}, Window.OPEN, Availability.FEW),
        ({"capacity": 12}, Window.OPEN, Availability.AVAILABLE),
        ({"opens_at": NOON + WEEK}, Window.NOT_YET_OPEN, None),
        ({"mode": Mode.DROP_IN, "capacity": None}, Window.DROP_IN, None),
        ({"called_off_at": NOON}, Window.CALLED_OFF, None),
    ],
)
def test_how_one_comes_to_it(
    session: Session, changes: dict[str, Any], window: Window, fullness: Availability | None
) -> None:
    occasion = make_occasion(session, **{"capacity": 1, **changes})
    make_meeting(session, occasion=occasion, starts_at=NOON + 2 * WEEK)
    (meeting,) = coming_meetings(session, now=NOON)

    entrance = entrance_to(meeting.occasion, NOON, {occasion.id: Places(taken=1, waiting=0)})

    assert (entrance.window, entrance.fullness) == (window, fullness)


def test_where_nobody_is_signed_up_there_are_places(session: Session) -> None:
    make_meeting(session)

    assert cards(session)[0].entrance.fullness is Availability.AVAILABLE


def test_a_long_text_that_nobody_translated_is_shown_in_the_language_that_there_is(session: Session) -> None:
    activity = make_activity(session)
    make_text(session, activity, language=Language.NN, title="Spelkveld", body="")
    session.expire(activity)

    page = shown(get_public_activity(session, activity.slug), language="nn", now=NOON)

    assert (page.text.title, page.body.body) == ("Spelkveld", "Vi spiller brettspill sammen.")
    assert page.body.language is Language.NB


def test_staff_find_drafts_what_is_coming_and_what_is_over(session: Session) -> None:
    library = make_library(session)
    made = []
    for status, days in (
        (Status.DRAFT, 7),
        (Status.PUBLISHED, 14),
        (Status.PUBLISHED, 7),
        (Status.PUBLISHED, -7),
    ):
        activity = make_activity(session, library=library, status=status)
        occasion = make_occasion(session, activity=activity)
        made.append(make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=days)))

    page = own_list(own_activities(session, library_ids={library.id}), NOON)

    assert [meeting for _activity, meeting in page.coming] == [made[2], made[1]]
    assert (len(page.drafts), len(page.over)) == (1, 1)
