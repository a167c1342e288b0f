"""The sentences about letters."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "letter_about_signup": N_("About a sign-up"),
    "letter_about_offer": N_("About a place that is free"),
    "letter_about_meeting": N_("About a change of a meeting"),
    "letter_about_family": N_("About a family’s page"),
    "letter_about_account": N_("About an account"),
    "letter_about_reminder": N_("A reminder"),
    "letter_about_notice": N_("What staff wrote to families"),
    "letter_overtaken": N_("There is a newer one"),
    "letter_too_late": N_("It was too late"),
    "letter_no_longer_so": N_("It was not true any more"),
    "letter_has_gone": N_("This letter was dealt with in the meantime. Load the page again to see."),
    "no_answer": N_("The server did not answer"),
    "refused_for_now": N_("The server said: later"),
    "refused": N_("The address was refused"),
    "unwritable": N_("The letter could not be written"),
    "no_receipt": N_("It is not known whether it left"),
    "worker_died": N_("It is not known whether it left"),
}
