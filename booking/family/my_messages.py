"""The sentences of a family's own page."""

from collections.abc import Mapping
from typing import Final

from booking.consent.rules import Capacity, Step, WordingPurpose
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "nobody_here": N_(
        "You have left your page, or you were away for a while. Ask for a new letter to enter."
    ),
    "mailed_code_spent": N_("This code can no longer be used. Ask for a new letter."),
    "same_address": N_("This is the address that you have already. Write the new one."),
    "contact_name_too_long": N_("The name is too long. Write at most 100 letters."),
    "erasing_not_sure": N_("Tick the box if you are sure. Nothing has been erased."),
}

# What somebody said yes to, in a few words.
PURPOSES: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PERMISSION: N_("Permission to take part"),
    WordingPurpose.PERMISSION_SELF: N_("Permission to take part"),
    WordingPurpose.PHOTO_INTERNAL: N_("Pictures inside the library"),
    WordingPurpose.PHOTO_WEB: N_("Pictures on the library’s website"),
    WordingPurpose.PHOTO_SOCIAL: N_("Pictures in social media"),
    WordingPurpose.PHOTO_PRINT: N_("Pictures in print"),
    WordingPurpose.PHOTO_PRESS: N_("Pictures taken by the press"),
    WordingPurpose.NEEDS: N_("What the child needs"),
    WordingPurpose.NEWS: N_("News of new activities"),
}

# What follows when a consent is taken back. The same before as afterwards.
WHAT_FOLLOWS: Final[Mapping[WordingPurpose, str]] = {
    WordingPurpose.PHOTO_INTERNAL: N_("We take the pictures down, and take no new ones for this."),
    WordingPurpose.PHOTO_WEB: N_("We remove the pictures from the website, and take no new ones for this."),
    WordingPurpose.PHOTO_SOCIAL: N_(
        "We remove the pictures from our pages, and take no new ones for this. What others have shared on, "
        "we cannot take back."
    ),
    WordingPurpose.PHOTO_PRINT: N_(
        "We do not use the pictures again, and take no new ones for this. Printed pictures we cannot take "
        "back."
    ),
    WordingPurpose.PHOTO_PRESS: N_(
        "The press may take no more pictures of the child here. What is printed or put out already is not in "
        "our hands."
    ),
    WordingPurpose.NEEDS: N_("What you wrote about the child’s needs is erased at once."),
    WordingPurpose.NEWS: N_("We do not write to you about new activities any more."),
}

# What happened last to a consent that is not in force.
STEPS: Final[Mapping[Step, str]] = {
    Step.GIVEN: N_("Given"),
    Step.RENEWED: N_("Given anew"),
    Step.WITHDRAWN: N_("Taken back"),
    Step.EXPIRED: N_("The time ran out"),
    Step.REPLACED: N_("Replaced by a newer one"),
}

# Who gave leave.
CAPACITIES: Final[Mapping[Capacity, str]] = {
    Capacity.PARENT: N_("by a parent"),
    Capacity.OTHER_GUARDIAN: N_("by another guardian"),
    Capacity.SELF: N_("by the youth"),
}
