"""What a page says of an activity, part by part, in words."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext

from booking.activities.messages import KIND_NAMES, MODE_NAMES, say_who
from booking.activities.planning import About, Terms, Words
from booking.i18n import LANGUAGES, day_and_time
from booking.planner.messages import (
    FIELD_NAMES,
    RESPONSIBILITY_NAMES,
    STATISTICS_TYPE_NAMES,
    TARGET_NAMES,
    VISIBILITY_NAMES,
)

_MINUTES = 60


def said_words(words: Sequence[Words]) -> dict[str, str]:
    """Return an activity's texts by what they are called."""
    said = {}
    for each in words:
        for name in ("title", "summary", "body", "access_note", "question"):
            called = f"{gettext(FIELD_NAMES[name])} ({LANGUAGES[each.language]})"
            said[called] = getattr(each, name)
    return said


def said_about(about: About, people: Mapping[int, str]) -> dict[str, str]:
    """Return what is told of an activity by what it is called; `people` are the names of who may answer."""
    said = {
        "kind": gettext(KIND_NAMES[about.kind]),
        "visibility": gettext(VISIBILITY_NAMES[about.visibility]),
        "audience": say_who(about.audience),
        "place_name": about.place_name or "",
        "responsible": people.get(about.responsible_id or 0, ""),
        "has_second_adult": yes_or_no(is_so=about.has_second_adult),
        "statistics_type": gettext(STATISTICS_TYPE_NAMES.get(about.statistics_type, about.statistics_type)),
        "statistics_responsibility": gettext(RESPONSIBILITY_NAMES[about.statistics_responsibility]),
        "statistics_target": gettext(TARGET_NAMES[about.statistics_target]),
        "announced_before": yes_or_no(is_so=about.announced_before),
    }
    return {gettext(FIELD_NAMES[name]): words for name, words in said.items()}


def said_terms(terms: Terms) -> dict[str, str]:
    """Return how one comes to an occasion by what it is called."""
    said = {
        "mode": gettext(MODE_NAMES[terms.mode]),
        "capacity": str(terms.capacity or ""),
        "walk_in_places": str(terms.walk_in_places or ""),
        "opens_at": day_and_time(terms.opens_at) if terms.opens_at else "",
        "closes_at": day_and_time(terms.closes_at) if terms.closes_at else "",
        "cancel_hours": str(terms.cancel_deadline_minutes // _MINUTES),
        "has_queue": yes_or_no(is_so=terms.has_queue),
        "asks_again": yes_or_no(is_so=terms.asks_again),
    }
    return {gettext(FIELD_NAMES[name]): words for name, words in said.items()}


def yes_or_no(*, is_so: bool) -> str:
    """Return what a ticked box says, and one that is not."""
    return str(gettext("Yes") if is_so else gettext("No"))
