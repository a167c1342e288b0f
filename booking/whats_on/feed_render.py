"""The words and addresses of the feed of what is new."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Final
from urllib.parse import urlsplit

from flask_babel import gettext

from booking.activities.dates import split_dates
from booking.activities.messages import KIND_NAMES, say_audience
from booking.activities.models import Activity
from booking.activities.rules import MeetingState
from booking.clock import instant_at, local_date
from booking.i18n import in_language
from booking.libraries.models import Library
from booking.libraries.rules import best_text
from booking.pages import public_static_url, public_url, settings_in_use
from booking.whats_on.atom import Category, Entry, Feed, render_feed
from booking.whats_on.head_render import feed_name
from booking.whats_on.machine_rules import Order

# The year in which the service had its address for sure, as RFC 4151 asks of a tag.
_TAG_YEAR: Final = 2026


def feed_of(activities: Sequence[Activity], *, order: Order, library: Library | None, now: datetime) -> bytes:
    """Return the feed of the activities in the language that was wished for, as XML."""
    with in_language(order.language):
        entries = [_entry(activity, order, now) for activity in activities]
        name = f"{feed_name()} – {library.name}" if library else feed_name()
        changes = [entry.updated_at for entry in entries]
        return render_feed(
            Feed(
                id=_tag("feed", order.wish.library or "all", str(order.wish.grade or "all"), order.language),
                title=name,
                language=order.language,
                address=_own_address(order),
                page=_page_of(order, library),
                icon=public_static_url("img/mark.svg"),
                author="Velkommen inn",
                # An empty feed was as empty all day: its answer stays the same until something is new.
                updated_at=max(changes, default=instant_at(local_date(now), time())),
                entries=entries,
            )
        )


def _entry(activity: Activity, order: Order, now: datetime) -> Entry:
    text, library = best_text(activity.texts, order.language), activity.library
    changes = [meeting.changed_at for occasion in activity.occasions for meeting in occasion.meetings]
    published_at = activity.published_at or activity.changed_at
    is_off = _is_called_off(activity, now)
    # The words that we add are in the language of the feed, so an entry in another one keeps its own title.
    title = gettext("Called off: %(title)s", title=text.title) if is_off else text.title
    return Entry(
        id=_tag("activities", activity.slug),
        title=title,
        summary=text.summary,
        language=text.language,
        address=public_url("whats_on.show_activity", slug=activity.slug, lang=order.chosen_language),
        author=library.name,
        author_address=public_url("whats_on.show_library", slug=library.slug),
        published_at=published_at,
        updated_at=max(published_at, activity.changed_at, *changes),
        categories=_categories(activity, is_off=is_off),
    )


def _categories(activity: Activity, *, is_off: bool) -> list[Category]:
    called_off = [Category(term="called-off", label=gettext("Called off"))] if is_off else []
    return [
        Category(term=activity.kind, label=gettext(KIND_NAMES[activity.kind])),
        Category(term=activity.library.slug, label=activity.library.name),
        Category(term=_audience_term(activity), label=say_audience(activity)),
        *called_off,
    ]


def _audience_term(activity: Activity) -> str:
    if activity.grade_from is not None or activity.grade_to is not None:
        return f"grade-{activity.grade_from or 1}-{activity.grade_to or 13}"
    if activity.age_from is not None or activity.age_to is not None:
        return f"age-{activity.age_from or 0}-{'' if activity.age_to is None else activity.age_to}"
    return "everyone"


def _is_called_off(activity: Activity, now: datetime) -> bool:
    meetings = [meeting for occasion in activity.occasions for meeting in occasion.meetings]
    told = split_dates(meetings, now).coming or meetings
    return bool(told) and all(meeting.state is MeetingState.CALLED_OFF for meeting in told)


def _tag(*way: str) -> str:
    host = urlsplit(settings_in_use().base_url).hostname
    return f"tag:{host},{_TAG_YEAR}:{'/'.join(way)}"


def _own_address(order: Order) -> str:
    filters = {"library": order.wish.library, "grade": order.wish.grade, "lang": order.chosen_language}
    return public_url(
        "whats_on.atom_feed", **{name: value for name, value in filters.items() if value is not None}
    )


def _page_of(order: Order, library: Library | None) -> str:
    if library is not None:
        return public_url("whats_on.show_library", slug=library.slug, lang=order.chosen_language)
    return public_url("whats_on.list_activities", lang=order.chosen_language)
