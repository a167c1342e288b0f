"""What a calendar entry says, in the language that the feed was asked for."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from booking.activities.messages import say_audience
from booking.activities.models import Meeting
from booking.activities.rules import MeetingState, Mode
from booking.feeds.rules import Entry
from booking.i18n import N_, spoken_language
from booking.libraries.rules import best_text

# Some phones show no status: the word before the title is all that they tell.
CALLED_OFF: Final[Mapping[str, str]] = {"nb": "AVLYST", "nn": "AVLYST", "en": "CALLED OFF"}

_HOW_TO_COME: Final[Mapping[Mode, str]] = {
    Mode.DROP_IN: N_("No sign-up needed, just come. It is free."),
    Mode.SIGN_UP: N_("Sign up on the page below. It is free."),
    Mode.SIGN_UP_AND_WALK_IN: N_("Sign up on the page below, or just come. It is free."),
}


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
        description="\n".join(
            (
                text.summary,
                "",
                gettext("For %(audience)s.", audience=say_audience(activity)),
                gettext(_HOW_TO_COME[occasion.mode]),
            )
        ),
        place=_place(meeting),
        # A map that leads to the library when the activity is elsewhere is worse than none.
        geo=None if activity.place_name else (library.latitude, library.longitude),
        url=url,
    )


def _place(meeting: Meeting) -> str:
    activity, library = meeting.occasion.activity, meeting.occasion.activity.library
    if activity.place_name:
        return f"{activity.place_name}, {meeting.room}"
    return f"{library.name}, {meeting.room}, {library.street}, {library.postcode} {library.town}"
