"""What the figures are called, and what each of them means."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "period_backwards": N_("The last day comes before the first. Swap them."),
    "period_too_long": N_("That is more than five years. Choose a shorter time."),
    "period_out_of_reach": N_("Choose days between 2000 and 2100."),
    "year_not_understood": N_("Write a year between 2000 and 2100, such as 2026."),
    "day_not_understood": N_("We did not understand that day. Write it like 24.11.2026."),
}

# The words and the definition of each figure, in the order of the page.
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "sessions": (
        N_("Meetings held"),
        N_(
            "Meetings whose register is closed and that took place, also when nobody came. Called-off "
            "meetings are not counted."
        ),
    ),
    "attendances": (
        N_("Attendances"),
        N_(
            "How often a child or youth was at a meeting: those ticked by name and those counted at the "
            "door. Who came three times is counted three times. Adults are not counted."
        ),
    ),
    "anonymous_attendances": (
        N_("Of these counted without a name"),
        N_("Children and youth who dropped in and were counted at the door."),
    ),
    "all_attendances": (
        N_("Participants for the national library statistics"),
        N_("All who were at the meetings, adults too, each time they were there."),
    ),
    "unique": (
        N_("Different children and youth"),
        N_(
            "How many different children and youth with a name came at least once. Those counted without "
            "a name are not in this number, as nobody knows whether they came before."
        ),
    ),
    "contact_hours": (
        N_("Contact hours"),
        N_("The length of each meeting times the number of children and youth who were there."),
    ),
    "no_show_percent": (
        N_("Stayed away without a word"),
        N_(
            "Of all places that were booked when the time for cancelling ran out: how many were not used "
            "by somebody who did not cancel. Walk-ins are not counted."
        ),
    ),
    "late_cancellation_percent": (
        N_("Cancelled too late"),
        N_(
            "Of all places that were booked when the time for cancelling ran out: how many were given back "
            "after that."
        ),
    ),
}

MEETINGS: Final[Mapping[str, tuple[str, str]]] = {
    "held": (
        N_("Meetings held"),
        N_("Meetings whose register is closed and that took place, also when nobody came."),
    ),
    "called_off": (
        N_("Meetings called off"),
        N_("Meetings that were announced and did not take place."),
    ),
    "not_recorded": (
        N_("Meetings not yet recorded"),
        N_("Meetings that are over and whose register is not closed. Nobody knows yet how they went."),
    ),
}
