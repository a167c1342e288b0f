"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.signups.rules import SignupState

WORDS: Final[Mapping[str, str]] = {
    "letter_code_missing": N_("Write the six digits from our letter."),
    "letter_code_wrong": N_(
        "Those are not the digits in our letter. Look again: you can try %(left)s more times."
    ),
    "letter_code_spent": N_("This code can no longer be used. Open our letter and press the button in it."),
}

# What comes next for a child, in a sentence.
FOLLOWS: Final[Mapping[SignupState, str]] = {
    SignupState.AWAITING_EMAIL: N_("We hold a place."),
    SignupState.AWAITING_GUARDIAN: N_("We hold a place until the guardian answers."),
    SignupState.QUEUED: N_("On the waiting list: we write when it is this child’s turn."),
    SignupState.CONFIRMED: N_("Has a place."),
}
