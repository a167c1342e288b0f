"""What the head of a public page tells machines: its one address, its other languages, its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask_babel import gettext

from booking.activities.showing import Shown
from booking.i18n import LANGUAGES, current_language, locale_of
from booking.libraries.models import Library
from booking.pages import is_personal_page, public_static_url, public_url
from booking.whats_on.structured import Addresses, Node, events, library_place

SHARE_PICTURE: Final = "img/share.png"
SHARE_PICTURE_SIZE: Final = (1200, 630)
# What makes another page of the same address; all else in it only tells where somebody came from.
_CHOICES: Final = ("library", "grade", "from", "to", "month", "week", "mode", "kind", "q", "page")
_OF_THE_FEED: Final = ("library", "grade")


@dataclass(frozen=True, kw_only=True)
class Head:
    """The addresses and facts in a page's head."""

    address: str
    languages: Sequence[tuple[str, str]]
    locale: str
    other_locales: Sequence[str]
    feed: str
    picture: str
    picture_width: int
    picture_height: int


def head_here() -> Head | None:
    """Return the head of the page that is asked for; a page for one person tells machines nothing.

    An invited-only activity and a draft are shown by the same template to whoever has the link.
    """
    if is_personal_page():
        return None
    own, spoken = request.args.get("lang"), current_language()
    width, height = SHARE_PICTURE_SIZE
    return Head(
        address=_here(lang=own if own in LANGUAGES else None),
        languages=[*((code, _here(lang=code)) for code in LANGUAGES), ("x-default", _here(lang=None))],
        locale=str(locale_of(spoken)),
        other_locales=[str(locale_of(code)) for code in LANGUAGES if code != spoken],
        feed=public_url("whats_on.atom_feed", **_filters_of_the_feed(), lang=spoken),
        picture=public_static_url(SHARE_PICTURE),
        picture_width=width,
        picture_height=height,
    )


def events_of(page: Shown) -> Node | None:
    """Return an activity's coming dates for search engines, with full addresses, if there are any."""
    address = public_url("whats_on.show_activity", slug=page.activity.slug)
    return events(page, _addresses(page.activity.library, address))


def place_of(library: Library) -> Node:
    """Return a library for search engines, with full addresses."""
    address = public_url("whats_on.show_library", slug=library.slug)
    return library_place(library, _addresses(library, address))


def feed_name() -> str:
    """Return what the feed is called in the language that is spoken."""
    return str(gettext("New activities at the libraries"))


def _addresses(library: Library, page: str) -> Addresses:
    return Addresses(
        page=page,
        library=public_url("whats_on.show_library", slug=library.slug),
        image=public_static_url(SHARE_PICTURE),
    )


def _here(*, lang: str | None) -> str:
    chosen = {name: request.args.get(name) or None for name in _CHOICES}
    values: Mapping[str, Any] = {**chosen, **(request.view_args or {}), "lang": lang}
    return public_url(
        str(request.endpoint), **{name: value for name, value in values.items() if value is not None}
    )


def _filters_of_the_feed() -> dict[str, str]:
    if request.endpoint == "whats_on.show_library":
        return {"library": (request.view_args or {})["slug"]}
    return {name: request.args[name] for name in _OF_THE_FEED if request.args.get(name)}
