"""What search engines read of an activity and a library, in the words of schema.org (JSON-LD).

One Event for each date: Google reads no EventSeries, and a family looks for a day. Where places run
out only a word says so: a figure would tell how many children come. Nobody is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from booking.activities.audience import Span, ages_shown, audience_of
from booking.activities.markdown import plain_text
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import Availability, MeetingState, Mode, Window
from booking.activities.showing import Entrance, Run, Shown
from booking.clock import local_time
from booking.libraries.models import Library

Node = dict[str, Any]

MOST_DATES: Final = 20
_CONTEXT: Final = "https://schema.org"
_IN_STOCK, _FEW, _SOLD_OUT = (f"{_CONTEXT}/{word}" for word in ("InStock", "LimitedAvailability", "SoldOut"))
_FULLNESS: Final[Mapping[Availability, str]] = {
    Availability.AVAILABLE: _IN_STOCK,
    Availability.FEW: _FEW,
    Availability.WAITING_LIST: _SOLD_OUT,
    Availability.FULL: _SOLD_OUT,
}


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The full addresses that the words point to."""

    page: str
    library: str
    image: str


def events(page: Shown, at: Addresses) -> Node | None:
    """Return the activity's coming dates, the next one first and at most twenty, or nothing without any.

    Called-off dates are among them: whoever has found one before must hear of it.
    """
    dates = sorted(_dates(page), key=lambda pair: (pair[1].starts_at, pair[1].id))
    if not dates:
        return None
    return {
        "@context": _CONTEXT,
        "@graph": [_event(page, run, meeting, at) for run, meeting in islice(dates, MOST_DATES)],
    }


def library_place(library: Library, at: Addresses) -> Node:
    """Return the library: where it is, and how to reach it."""
    return {
        "@context": _CONTEXT,
        "@type": "Library",
        "@id": at.library,
        "name": library.name,
        "url": at.library,
        "image": at.image,
        "email": library.email,
        "telephone": library.phone,
        "isAccessibleForFree": True,
        "publicAccess": True,
        **_where(library),
    }


def _dates(page: Shown) -> Iterator[tuple[Run, Meeting]]:
    return ((run, meeting) for run in page.runs for meeting in run.dates.coming)


def _event(page: Shown, run: Run, meeting: Meeting, at: Addresses) -> Node:
    activity, library = page.activity, page.activity.library
    is_off = meeting.state is MeetingState.CALLED_OFF or run.occasion.called_off_at is not None
    told = {
        "@type": "Event",
        "@id": f"{at.page}#{meeting.uid}",
        "name": page.text.title,
        "description": plain_text(page.body.body) or page.text.summary,
        "startDate": _moment(meeting.starts_at),
        "endDate": _moment(meeting.ends_at),
        # When a date that was moved stood before is not kept, so a moved one is simply scheduled.
        "eventStatus": f"{_CONTEXT}/{'EventCancelled' if is_off else 'EventScheduled'}",
        "eventAttendanceMode": f"{_CONTEXT}/OfflineEventAttendanceMode",
        "location": _place(activity, at),
        "organizer": {"@type": "Library", "@id": at.library, "name": library.name, "url": at.library},
        "isAccessibleForFree": True,
        "offers": None if is_off else _offer(activity, run.occasion, run.entrance, at),
        "typicalAgeRange": _ages(activity),
        "inLanguage": page.text.language.value,
        "url": at.page,
        "image": [at.image],
    }
    return _without_gaps(told)


def _offer(activity: Activity, occasion: Occasion, entrance: Entrance, at: Addresses) -> Node:
    begins_at = occasion.opens_at or activity.published_at
    return _without_gaps(
        {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "NOK",
            "availability": _availability(occasion, entrance),
            "validFrom": _moment(begins_at) if begins_at else None,
            "url": at.page,
        }
    )


def _availability(occasion: Occasion, entrance: Entrance) -> str | None:
    """Return how full it is in a word, or nothing when one has to ask the library."""
    if entrance.fullness is not None:
        return _FULLNESS[entrance.fullness]
    if entrance.window in {Window.DROP_IN, Window.NOT_YET_OPEN}:
        return _IN_STOCK
    return _FEW if occasion.mode is Mode.SIGN_UP_AND_WALK_IN else None


def _place(activity: Activity, at: Addresses) -> Node:
    library, elsewhere = activity.library, activity.place_name
    if elsewhere is None:
        return {"@type": "Place", "name": library.name, "url": at.library, **_where(library)}
    # Name and address in one line, as somebody wrote it.
    address = {"@type": "PostalAddress", "streetAddress": elsewhere, "addressCountry": "NO"}
    return {"@type": "Place", "name": elsewhere, "address": address}


def _where(library: Library) -> Node:
    return {
        "address": {
            "@type": "PostalAddress",
            "streetAddress": library.street,
            "postalCode": library.postcode,
            "addressLocality": library.town,
            "addressCountry": "NO",
        },
        "geo": {
            "@type": "GeoCoordinates",
            "latitude": library.latitude,
            "longitude": library.longitude,
        },
    }


def _ages(activity: Activity) -> str | None:
    ages: Span = ages_shown(
        audience_of(
            grade_from=activity.grade_from,
            grade_to=activity.grade_to,
            age_from=activity.age_from,
            age_to=activity.age_to,
        )
    )
    if not ages.is_limited:
        return None
    return f"{ages.least or 0}-{'' if ages.most is None else ages.most}"


def _moment(instant: datetime) -> str:
    return local_time(instant).isoformat(timespec="seconds")


def _without_gaps(told: Node) -> Node:
    return {name: value for name, value in told.items() if value is not None}
