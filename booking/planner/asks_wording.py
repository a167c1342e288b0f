"""What families are asked, in words: in the form, on the activity's own page, and between two versions."""

from flask_babel import gettext

from booking.activities.asks import Asks, PhotoChannel
from booking.activities.models import Activity
from booking.activities.rows import asks_of
from booking.consent.messages import PURPOSES
from booking.consent.rules import WordingPurpose
from booking.i18n import listed
from booking.planner.messages import FIELD_NAMES
from booking.planner.version_wording import yes_or_no


def said_channels() -> list[tuple[str, str]]:
    """Return where a picture may be shown, as the boxes of a form say it."""
    return [(channel.value, _say_channel(channel)) for channel in PhotoChannel]


def said_asks(asks: Asks) -> dict[str, str]:
    """Return what families are asked by what it is called."""
    said = {
        "asks_last_name": yes_or_no(is_so=asks.last_name),
        "asks_needs": yes_or_no(is_so=asks.needs),
        "photo_channels": listed([_say_channel(channel) for channel in asks.photo_channels]),
        "guardian_until": str(asks.guardian_until or ""),
    }
    return {gettext(FIELD_NAMES[name]): words for name, words in said.items()}


def say_asked(activity: Activity) -> str:
    """Return what families are asked besides what a place needs, on one line; nothing when nothing is."""
    asks = asks_of(activity)
    asked = [
        gettext("last name") if asks.last_name else "",
        gettext("what the child needs") if asks.needs else "",
        gettext("pictures") if asks.photo_channels else "",
    ]
    return listed([each for each in asked if each])


def _say_channel(channel: PhotoChannel) -> str:
    return str(gettext(PURPOSES[WordingPurpose(channel)]))
