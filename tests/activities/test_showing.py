"""What cards and pages show of a meeting, an occasion and its places."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.activities.queries import get_public_activity, own_activities
from booking.activities.rules import Availability, Mode, Places, Status, Window
from booking.activities.showing import entrance_to, own_list, shown
from booking.libraries.rules import Language
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion, make_text

WEEK = timedelta(days=7)


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
    places = {occasion.id: Places(taken=1, waiting=0)}

    entrance = entrance_to(occasion, NOON, places, starts_at=NOON + 2 * WEEK)

    assert (entrance.window, entrance.fullness) == (window, fullness)


def test_where_nobody_is_signed_up_there_are_places(session: Session) -> None:
    entrance = entrance_to(make_occasion(session), NOON, {}, starts_at=NOON + WEEK)

    assert entrance.fullness is Availability.AVAILABLE


def test_elsewhere_the_library_s_note_on_its_own_house_is_not_told(session: Session) -> None:
    activity = make_activity(session, place_name="Ishallen")
    activity.texts[0].access_note = "Trinnfritt."
    session.flush()
    session.expire(activity)

    page = shown(get_public_activity(session, activity.slug), language="nb", now=NOON)

    assert page.access == "Trinnfritt."


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
