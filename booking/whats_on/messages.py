"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.whats_on.choosing import Soon

WORDS: Final[Mapping[str, str]] = {
    "library_unknown": N_("We know no such library. Choose one from the list."),
    "days_in_disorder": N_("The last day has to be the same as the first one or later."),
    "mode_unknown": N_("Choose from the list how one comes."),
    "words_too_long": N_("Use at most 100 characters."),
    "chosen_twice": N_("The address holds two answers here. Choose one of them."),
    "page_unknown": N_("There is no such page of the list. Begin on its first page."),
}

MODE_CHOICES: Final[Mapping[str, str]] = {
    "drop_in": N_("Just come"),
    "sign_up": N_("Sign up"),
}

STRETCH_NAMES: Final[Mapping[Soon, str]] = {
    Soon.THIS_WEEK: N_("This week"),
    Soon.NEXT_WEEK: N_("Next week"),
    Soon.LATER: N_("Later"),
}
