"""The sentences of a family's own page."""

from collections.abc import Mapping
from typing import Final

from booking.consent.messages import PURPOSES
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "nobody_here": N_(
        "You have left your page, or you were away for a while. Ask for a new letter to enter."
    ),
    "mailed_code_spent": N_("This code can no longer be used. Ask for a new letter."),
    "same_address": N_("This is the address that you have already. Write the new one."),
    "contact_name_too_long": N_("The name is too long. Write at most 100 letters."),
    "erasing_not_sure": N_("Tick the box if you are sure. Nothing has been erased."),
    # Letters name what somebody said yes to by these.
    **{f"yes_{purpose.value}": words for purpose, words in PURPOSES.items()},
}
