"""What the tests of this room share: activities put up, and pages read as a strict browser reads them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import html5lib
from sqlalchemy.orm import Session

from booking.activities.rules import Status, Visibility
from tests.factories import NOON, make_activity, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

# Each way of not being for everybody.
HIDDEN: list[dict[str, Any]] = [
    {"status": Status.DRAFT},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.INTERNAL},
    {"visibility": Visibility.BY_LINK},
]


def put_up(
    arranging: Arranging,
    *,
    occasion: dict[str, Any] | None = None,
    meeting: dict[str, Any] | None = None,
    days: int = 7,
    **changes: Any,
) -> str:
    """Put up an activity with one date, and return the word in its address."""
    with arranging() as session:
        activity = make_activity(session, **changes)
        run = make_occasion(session, activity=activity, **(occasion or {}))
        make_meeting(
            session, occasion=run, **{"starts_at": NOON + timedelta(days=days, hours=5), **(meeting or {})}
        )
        return activity.slug


def words_of(html: str) -> str:
    """Return the words of a page as they are read, without its head."""
    body = html.partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def check_html(html: str) -> None:
    """Fail where a page is not the HTML that the standard asks for."""
    html5lib.HTMLParser(strict=True).parse(html)
