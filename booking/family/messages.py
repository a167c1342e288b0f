"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "letter_code_missing": N_("Write the six digits from our letter."),
    "letter_code_wrong": N_(
        "Those are not the digits in our letter. Look again: you can try %(left)s more times."
    ),
    "needs_said_meanwhile": N_(
        "Somebody has told us meanwhile what the child needs. What you write takes its place: write all of "
        "it."
    ),
    "nothing_said": N_("Tick, choose or write something first."),
    "who_decides_missing": N_("Choose who decides about the pictures."),
    "pictures_not_waiting": N_("Nothing waits for an answer here any more. Look at the page again."),
    "other_guardian_is_self": N_("That is your own address. Write the address of the other guardian."),
    "other_guardian_asked_too_often": N_(
        "We have written there several times. Ask the other guardian to look for our letter, or talk to the "
        "library."
    ),
    "responsibility_not_declared": N_(
        "Tick that you have the responsibility. Without it we cannot take your yes."
    ),
    "no_picture_ticked": N_("Tick what you say yes to. If it is nothing, press «No»."),
    "letter_code_spent": N_("This code can no longer be used. Open our letter and press the button in it."),
}
