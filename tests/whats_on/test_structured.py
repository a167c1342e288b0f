"""What search engines read: the words of schema.org, checked by hand and without a network."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText
from booking.activities.rules import MeetingState, Mode
from booking.libraries.rules import Language
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_signup,
    make_text,
)

Arranging = Callable[[], AbstractContextManager[Session]]

# Of each type: what Google requires or we promise, and what schema.org lets it have besides.
VOCABULARY: Final = {
    "Event": (
        {"name", "startDate", "endDate", "location", "description", "eventStatus", "eventAttendanceMode"}
        | {"image", "organizer", "url", "isAccessibleForFree", "inLanguage"},
        {"offers", "typicalAgeRange"},
    ),
    "Place": ({"name", "address"}, {"geo", "url"}),
    "PostalAddress": ({"streetAddress", "addressCountry"}, {"postalCode", "addressLocality"}),
    "GeoCoordinates": ({"latitude", "longitude"}, set()),
    "Offer": ({"price", "priceCurrency", "url"}, {"availability", "validFrom"}),
    "Library": (
        {"name", "url"},
        {"address", "geo", "image", "email", "telephone", "isAccessibleForFree", "publicAccess"},
    ),
}
WORDS: Final = {
    "eventStatus": {"EventScheduled", "EventCancelled"},
    "eventAttendanceMode": {"OfflineEventAttendanceMode"},
    "availability": {"InStock", "LimitedAvailability", "SoldOut"},
}
HOSTILE: Final = 'Spill</script><script>alert("1")</script> & «brus»\u2028<!-- \\u003c'


def block_of(html: str) -> Any:
    """Return the data of the page as a browser takes it: up to the first end of a script."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script', html, re.DOTALL)
    assert not re.search("[<>&\u2028\u2029]", found)
    data = json.loads(found)
    check_words(data)
    return data


def events_on(browser: Browser, slug: str) -> list[Any]:
    events: list[Any] = block_of(browser.get(f"/activities/{slug}").text)["@graph"]
    return events


def check_words(data: Any) -> None:
    assert data["@context"] == "https://schema.org"
    for node in nodes(data):
        required, allowed = VOCABULARY[node["@type"]]
        said = {name for name in node if not name.startswith("@")}
        assert required <= said <= required | allowed, f"{node['@type']}: {said ^ required}"
        assert all(value not in ("", None, []) for value in node.values())
        for name in WORDS.keys() & said:
            assert node[name].removeprefix("https://schema.org/") in WORDS[name]
        for name in {"url", "@id"} & set(node):
            assert node[name].startswith("http://127.0.0.1:8000/")
        for name in {"startDate", "endDate", "validFrom"} & said:
            assert datetime.fromisoformat(node[name]).utcoffset()


def nodes(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        if "@type" in data:
            yield data
        for value in data.values():
            yield from nodes(value)
    elif isinstance(data, list):
        for value in data:
            yield from nodes(value)


def put_up(
    arranging: Arranging,
    *,
    occasion: dict[str, Any] | None = None,
    meeting: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """An activity with one date."""
    with arranging() as session:
        activity = make_activity(session, **changes)
        run = make_occasion(session, activity=activity, **(occasion or {}))
        make_meeting(session, occasion=run, **(meeting or {}))
        return activity.slug


def test_a_date_says_when_where_for_whom_and_that_it_is_free(arranging: Arranging, browser: Browser) -> None:
    (event,) = events_on(browser, put_up(arranging))

    assert event["name"] == "Spillkveld"
    assert event["description"] == "Vi spiller brettspill sammen."
    assert event["startDate"] == "2026-12-01T17:00:00+01:00"
    assert event["endDate"] == "2026-12-01T19:00:00+01:00"
    assert event["location"]["name"] == "Granlia bibliotek"
    assert event["location"]["address"]["streetAddress"] == "Storgata 1"
    assert event["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 60.19, "longitude": 12.0}
    assert event["typicalAgeRange"] == "10-12"
    assert event["inLanguage"] == "nb"
    assert (event["isAccessibleForFree"], event["offers"]["price"]) == (True, 0)
    assert event["offers"]["availability"].endswith("InStock")


@pytest.mark.parametrize(
    ("starts_at", "written"),
    [
        (datetime(2027, 3, 27, 16, 0, tzinfo=UTC), "2027-03-27T17:00:00+01:00"),
        (datetime(2027, 3, 29, 15, 0, tzinfo=UTC), "2027-03-29T17:00:00+02:00"),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "2027-10-31T02:30:00+02:00"),
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "2027-10-31T02:30:00+01:00"),
    ],
)
def test_a_date_has_oslos_offset_on_both_sides_of_a_clock_change(
    arranging: Arranging, browser: Browser, starts_at: datetime, written: str
) -> None:
    slug = put_up(arranging, meeting={"starts_at": starts_at})

    assert events_on(browser, slug)[0]["startDate"] == written


def test_a_date_elsewhere_says_where_and_not_that_it_is_at_the_library(
    arranging: Arranging, browser: Browser
) -> None:
    (event,) = events_on(browser, put_up(arranging, place_name="Samfunnshuset, Bygdevegen 3"))

    assert event["location"] == {
        "@type": "Place",
        "name": "Samfunnshuset, Bygdevegen 3",
        "address": {
            "@type": "PostalAddress",
            "streetAddress": "Samfunnshuset, Bygdevegen 3",
            "addressCountry": "NO",
        },
    }


def test_the_description_is_told_without_its_marks(arranging: Arranging, browser: Browser) -> None:
    body = "# Velkommen\n\nVi har **det** gøy: [her](https://example.org)."
    texts = [ActivityText(language=Language.NB, title="Spill", summary="Spill.", body=body)]

    (event,) = events_on(browser, put_up(arranging, texts=texts))

    assert event["description"] == "Velkommen\nVi har det gøy: her."


def test_a_hostile_title_stays_data(arranging: Arranging, browser: Browser) -> None:
    texts = [ActivityText(language=Language.NB, title=HOSTILE, summary=HOSTILE, body=f"{HOSTILE}\n\nSlutt")]
    slug = put_up(arranging, texts=texts)

    (event,) = events_on(browser, slug)

    assert event["name"] == HOSTILE
    assert event["description"].endswith("\nSlutt")


def test_a_date_that_is_called_off_says_so_and_offers_nothing(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session)
        run = make_occasion(session, activity=activity)
        make_meeting(session, occasion=run, state=MeetingState.CALLED_OFF)
        make_meeting(session, occasion=run, state=MeetingState.MOVED, starts_at=NOON + timedelta(days=14))
        slug = activity.slug

    off, moved = events_on(browser, slug)

    assert (off["eventStatus"], moved["eventStatus"]) == (
        "https://schema.org/EventCancelled",
        "https://schema.org/EventScheduled",
    )
    assert ("offers" in off, "offers" in moved) == (False, True)


@pytest.mark.parametrize(
    ("taken", "occasion", "word"),
    [
        (0, {"capacity": 7}, "InStock"),
        (6, {"capacity": 7}, "LimitedAvailability"),
        (7, {"capacity": 7}, "SoldOut"),
        (7, {"capacity": 7, "has_queue": False}, "SoldOut"),
        (0, {"capacity": None, "mode": Mode.DROP_IN}, "InStock"),
        (0, {"capacity": 7, "opens_at": NOON + timedelta(days=1)}, "InStock"),
        (7, {"capacity": 7, "closes_at": NOON, "mode": Mode.SIGN_UP_AND_WALK_IN}, "LimitedAvailability"),
    ],
)
def test_how_full_it_is_stands_there_in_a_word_and_never_as_a_count(
    arranging: Arranging, browser: Browser, taken: int, occasion: dict[str, Any], word: str
) -> None:
    with arranging() as session:
        activity = make_activity(session, published_at=None)
        run = make_occasion(session, activity=activity, **occasion)
        make_meeting(session, occasion=run)
        for _each in range(taken):
            make_signup(session, occasion=run, state=SignupState.CONFIRMED)
        slug = activity.slug

    (event,) = events_on(browser, slug)
    offer = {name: value for name, value in event["offers"].items() if name != "validFrom"}

    assert offer == {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "NOK",
        "url": f"http://127.0.0.1:8000/activities/{slug}",
        "availability": f"https://schema.org/{word}",
    }


def test_when_sign_up_is_closed_nothing_is_said_of_places(arranging: Arranging, browser: Browser) -> None:
    (event,) = events_on(browser, put_up(arranging, occasion={"closes_at": NOON}))

    assert "availability" not in event["offers"]


def test_at_most_twenty_dates_and_none_that_is_over(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    with arranging() as session:
        activity = make_activity(session)
        run = make_occasion(session, activity=activity)
        for week in range(30):
            make_meeting(session, occasion=run, starts_at=NOON + timedelta(weeks=week))
        slug = activity.slug
    clock.forward(weeks=2, hours=3)

    events = events_on(browser, slug)

    assert len(events) == 20
    assert events[0]["startDate"].startswith("2026-12-15")
    assert len({event["@id"] for event in events}) == 20


def test_an_activity_without_dates_to_come_says_nothing(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    slug = put_up(arranging)
    clock.forward(days=30)

    assert "ld+json" not in browser.get(f"/activities/{slug}").text


@pytest.mark.parametrize(
    ("audience", "ages"),
    [
        ({"grade_from": None, "grade_to": None, "age_from": 13, "age_to": None}, "13-"),
        ({"grade_from": None, "grade_to": None, "age_from": None, "age_to": 6}, "0-6"),
        ({"grade_from": None, "grade_to": None}, None),
    ],
)
def test_an_age_range_is_open_where_the_audience_is(
    arranging: Arranging, browser: Browser, audience: dict[str, Any], ages: str | None
) -> None:
    (event,) = events_on(browser, put_up(arranging, **audience))

    assert event.get("typicalAgeRange") == ages


def test_the_words_are_those_of_the_reader(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session)
        make_text(session, activity)
        make_meeting(session, occasion=make_occasion(session, activity=activity))
        slug = activity.slug

    (event,) = events_on(browser, slug)

    assert (event["name"], event["inLanguage"]) == ("Games evening", "en")


def test_nobody_is_named(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        account = make_account(session, Role.COORDINATOR, name="Bjarte Sjelden")
    slug = put_up(arranging, responsible_id=account.id)

    (event,) = events_on(browser, slug)

    assert "Sjelden" not in json.dumps(event)
    assert {node["@type"] for node in nodes(event)} == set(VOCABULARY)


def test_a_library_says_where_it_is_and_how_to_reach_it(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        make_library(session, slug="granlia")

    library = block_of(browser.get("/libraries/granlia").text)

    assert (library["@type"], library["name"]) == ("Library", "Granlia bibliotek")
    assert library["address"]["addressLocality"] == "Granlia"
    assert library["telephone"] == "+4722222222"
