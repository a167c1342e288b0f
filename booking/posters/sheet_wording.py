"""What stands on a poster, in the reader's language."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date
from flask_babel import gettext

from booking.activities.dates import Slot, split_dates
from booking.activities.messages import say_audience
from booking.activities.models import Activity
from booking.activities.rules import MeetingState, Mode
from booking.clock import local_date
from booking.i18n import day_and_month, locale_of, spoken_language, time_of_day
from booking.libraries.rules import best_text
from booking.pages import public_url
from booking.posters.rules import Weekly, poster_dates, title_points


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that stands on a poster or a flyer, as sentences."""

    language: str
    title: str
    title_points: int
    summary: str
    day: str
    hours: str
    further: list[str]
    place: str
    address: str
    audience: str
    how: str
    free: str
    read_more: str
    short_address: str
    link: str
    library: str
    colour: str
    draft: str

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


def sheet_of(activity: Activity, *, now: datetime, is_draft: bool = False) -> Sheet:
    """Return what stands on the activity's poster at the instant; called-off dates are left out."""
    language = spoken_language()
    text = best_text(activity.texts, language)
    meetings = [meeting for occasion in activity.occasions for meeting in occasion.meetings]
    coming = [
        meeting
        for meeting in split_dates(meetings, now).coming
        if meeting.state is not MeetingState.CALLED_OFF
    ]
    slots = [Slot(starts_at=meeting.starts_at, ends_at=meeting.ends_at) for meeting in coming]
    library = activity.library
    link = public_url("whats_on.follow_short_link", code=activity.code)
    room = coming[0].room if coming else ""
    return Sheet(
        language=language,
        title=text.title,
        title_points=title_points(text.title),
        summary=text.summary,
        day=_first_day(slots),
        hours=_hours(slots),
        further=_further(slots),
        place=", ".join(part for part in (room, activity.place_name or library.name) if part),
        address="" if activity.place_name else f"{library.street}, {library.town}",
        audience=gettext("For %(audience)s", audience=say_audience(activity)),
        how=_how(activity),
        free=gettext("Free"),
        read_more=gettext("Read more and see all dates"),
        short_address=link.partition("://")[2],
        link=link,
        library=library.name,
        colour=library.colour,
        draft=gettext("Draft") if is_draft else "",
    )


def _first_day(slots: list[Slot]) -> str:
    return _day(slots[0]) if slots else ""


def _day(slot: Slot) -> str:
    return day_and_month(local_date(slot.starts_at))


def _hours(slots: list[Slot]) -> str:
    if not slots:
        return ""
    start, end = time_of_day(slots[0].starts_at), time_of_day(slots[0].ends_at)
    return str(gettext("at %(start)s–%(end)s", start=start, end=end))


def _further(slots: list[Slot]) -> list[str]:
    dates = poster_dates(slots)
    if dates.weekly:
        return [_said_weekly(dates.weekly)]
    lines = [f"{_day(slot)} {_hours([slot])}" for slot in dates.slots[1:]]
    return [*lines, gettext("and more dates on our pages")] if dates.has_more else lines


def _said_weekly(course: Weekly) -> str:
    weekday = format_date(course.first_on, "EEEE", locale=locale_of(spoken_language()))
    last = day_and_month(course.last_on)
    return str(gettext("and every %(weekday)s until %(day)s", weekday=weekday, day=last))


def _how(activity: Activity) -> str:
    modes = {occasion.mode for occasion in activity.occasions}
    if modes == {Mode.DROP_IN}:
        return str(gettext("Just come. You need not sign up."))
    if Mode.SIGN_UP in modes:
        return str(gettext("Sign up on our pages."))
    return str(gettext("Sign up on our pages, or come if there is room."))
