"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.consent.marks import Mark
from booking.consent.rules import Established, TakenDownFor, WordingPurpose
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "already_there": N_("This child is signed up there already."),
    "reason_needed": N_("Write why an exception is made."),
    "reason_missing": N_("Write in a few words why this is done."),
    "reason_too_long": N_("The reason is too long. Write at most 200 signs."),
    "guardian_name_missing": N_("Write the name of the guardian."),
    "way_missing": N_("Choose how the guardian said yes."),
    "picture_purpose_missing": N_("Choose what the picture was used for."),
    "picture_place_missing": N_("Write where the picture is."),
    "picture_place_too_long": N_("That is too long. Use at most 200 characters."),
    "picture_day_missing": N_("Choose since which day it is there."),
    "date_unreadable": N_("Write the date as day, month and year, such as 24.11.2026."),
    "occasion_missing": N_("Choose where the place is moved to."),
}

# How a guardian's yes reached the library.
WAYS_OF_LEAVE: Final[Mapping[Established, str]] = {
    Established.BY_PHONE: N_("By phone"),
    Established.AT_THE_DESK: N_("At the desk"),
    Established.ON_PAPER: N_("On paper"),
}

# What staff should know of a child at a glance: its words, and the icon and tone that go with them.
MARKS: Final[Mapping[Mark, tuple[str, str, str]]] = {
    Mark.NO_PHOTO: (N_("No pictures"), "no_photo", "stop"),
    Mark.NEEDS: (N_("Needs something"), "heart", "wait"),
    Mark.SHIELDED: (N_("Shielded"), "lock", "quiet"),
}

# What staff do when a yes to pictures has ended.
TAKING_DOWN: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PHOTO_INTERNAL: N_("Take down what hangs in the library."),
    WordingPurpose.PHOTO_WEB: N_("Remove the pictures from the website."),
    WordingPurpose.PHOTO_SOCIAL: N_("Remove the pictures from our pages in social media."),
    WordingPurpose.PHOTO_PRINT: N_("Use the pictures in no new print. What is printed cannot be taken back."),
    WordingPurpose.PHOTO_PRESS: N_(
        "Tell the press that the yes has ended. What it has put out is not in our hands."
    ),
}

TAKEN_DOWN_FOR: Final[Mapping[TakenDownFor, str]] = {
    TakenDownFor.WITHDRAWN: N_("The yes was taken back"),
    TakenDownFor.EXPIRED: N_("The yes ended by itself"),
    TakenDownFor.ERASED: N_("The family had everything erased"),
}
