"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "letter_code_missing": N_("Write the six digits from our letter."),
    "letter_code_wrong": N_(
        "Those are not the digits in our letter. Look again: you can try %(left)s more times."
    ),
    "letter_code_spent": N_("This code can no longer be used. Open our letter and press the button in it."),
}
