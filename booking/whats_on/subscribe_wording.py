"""The ways to have a page's dates in one's own calendar: addresses only, and nobody is asked anything."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import segno

from booking.i18n import current_language
from booking.pages import public_url
from booking.whats_on.rules import Wish, args_of

_GOOGLE = "https://calendar.google.com/calendar/r?cid="


@dataclass(frozen=True, kw_only=True)
class Ways:
    """A calendar's address to copy, to open on a phone, to hand to Google; `picture` leads to the page."""

    https: str
    webcal: str
    google: str
    picture: str


def ways_of_activity(slug: str) -> Ways:
    """Return the ways to an activity's dates."""
    language = current_language()
    page = public_url("whats_on.show_activity", slug=slug, lang=language)
    return _ways(public_url("feeds.of_activity", slug=slug, lang=language), page)


def ways_of_library(slug: str) -> Ways:
    """Return the ways to all that is on at a library."""
    language = current_language()
    page = public_url("whats_on.show_library", slug=slug, lang=language)
    return _ways(public_url("feeds.of_library", slug=slug, lang=language), page)


def ways_of_wish(wish: Wish) -> Ways:
    """Return the ways to what fits a wish: a calendar follows library, grade and mode, not days and words."""
    args = {**args_of(wish, "library", "grade", "mode"), "lang": current_language()}
    page = public_url("whats_on.list_activities", **args)
    return _ways(public_url("feeds.all_meetings", **args), page)


def _ways(address: str, page: str) -> Ways:
    # Google takes no https address here; phones subscribe to this scheme, and download the other once.
    webcal = f"webcal://{address.partition('://')[2]}"
    return Ways(
        https=address,
        webcal=webcal,
        google=f"{_GOOGLE}{quote(webcal, safe='')}",
        picture=_picture(f"{page}#calendar"),
    )


@lru_cache(maxsize=512)
def _picture(address: str) -> str:
    # Pages are kept, so this is drawn once for each of them and language, and not for each visitor.
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=3, light="white"))
