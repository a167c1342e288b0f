"""What a calendar entry says, in the language that the feed was asked for."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.activities.audience import Audience, Span, audience_of
from booking.activities.messages import say_who
from booking.activities.models import Activity, Meeting
from booking.activities.rules import MeetingState, Mode
from booking.feeds.order_rules import Order
from booking.feeds.queries import Shown, whole_meetings
from booking.feeds.render import UNWRITABLE, log_left_out, render_event
from booking.feeds.rules import Entry
from booking.feeds.shelf import EventShelf
from booking.i18n import N_, spoken_language
from booking.libraries.rules import best_text
from booking.pages import public_url

# Some phones show no status: the word before the title is all that they tell.
CALLED_OFF: Final[Mapping[str, str]] = {"nb": "AVLYST", "nn": "AVLYST", "en": "CALLED OFF"}

_HOW_TO_COME: Final[Mapping[Mode, str]] = {
    Mode.DROP_IN: N_("No sign-up needed, just come. It is free."),
    Mode.SIGN_UP: N_("Sign up on the page below. It is free."),
    Mode.SIGN_UP_AND_WALK_IN: N_("Sign up on the page below, or just come. It is free."),
}


_ORDERED: Final[Mapping[str, str]] = {"drop_in": N_("Just come"), "sign_up": N_("With sign-up")}


def say_feed(order: Order, library: str | None) -> str:
    """Return what a calendar is called: «Granlia bibliotek – 5. trinn (10 år)»."""
    parts = [library or gettext("Velkommen inn – at the libraries")]
    if order.grade is not None:
        grades = Span(least=order.grade, most=order.grade)
        parts.append(say_who(Audience(grades=grades, ages=Span())))
    if order.mode is not None:
        parts.append(gettext(_ORDERED[order.mode]))
    return " – ".join(parts)


def written_events(
    session: Session, shelf: EventShelf, dates: Sequence[Shown], language: str
) -> list[bytes | None]:
    """Return the event of each date, in their order; only what is not on the shelf is loaded and written.

    Nothing stands for a meeting that cannot be written: it is left out and logged, whatever is wrong with it.
    """

    def make(keys: Sequence[tuple[Shown, str]]) -> Iterable[tuple[tuple[Shown, str], bytes | None]]:
        meetings = {each.uid: each for each in whole_meetings(session, [shown.uid for shown, _ in keys])}
        for key in keys:
            meeting = meetings.get(key[0].uid)
            yield key, event_of(meeting) if meeting else None

    return shelf.events_of([(shown, language) for shown in dates], make)


def event_of(meeting: Meeting) -> bytes | None:
    """Return the event of a meeting in the language that is spoken, or nothing if it cannot be written."""
    try:
        entry = entry_of(meeting, public_url("whats_on.show_activity", slug=meeting.occasion.activity.slug))
        return render_event(entry, CALLED_OFF[spoken_language()])
    except UNWRITABLE as error:
        log_left_out(meeting.uid, error)
        return None


def entry_of(meeting: Meeting, url: str) -> Entry:
    """Return the meeting as a calendar shows it; `url` is the activity's public page."""
    occasion = meeting.occasion
    activity, library = occasion.activity, occasion.activity.library
    text = best_text(activity.texts, spoken_language())
    return Entry(
        uid=meeting.uid,
        sequence=meeting.shown_sequence,
        made_at=meeting.made_at,
        changed_at=meeting.shown_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        is_called_off=meeting.state is MeetingState.CALLED_OFF,
        title=text.title,
        description=f"{text.summary}\n\n{_invitation(_audience(activity), occasion.mode, spoken_language())}",
        place=_place(meeting),
        # A map that leads to the library when the activity is elsewhere is worse than none.
        geo=None if activity.place_name else (library.latitude, library.longitude),
        url=url,
    )


def _audience(activity: Activity) -> Audience:
    return audience_of(
        grade_from=activity.grade_from,
        grade_to=activity.grade_to,
        age_from=activity.age_from,
        age_to=activity.age_to,
    )


@lru_cache(maxsize=512)
def _invitation(audience: Audience, mode: Mode, _language: str) -> str:
    # Few are different, and saying one takes longer than all the rest of an entry.
    who = gettext("For %(audience)s.", audience=say_who(audience))
    return f"{who}\n{gettext(_HOW_TO_COME[mode])}"


def _place(meeting: Meeting) -> str:
    activity, library = meeting.occasion.activity, meeting.occasion.activity.library
    if activity.place_name:
        return f"{activity.place_name}, {meeting.room}"
    return f"{library.name}, {meeting.room}, {library.street}, {library.postcode} {library.town}"
