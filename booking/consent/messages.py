"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "wording_changed": N_("We have changed this text since you opened the page. Read it again, and tick it."),
}
