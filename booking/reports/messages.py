"""What the figures are called, and what each of them means."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "period_backwards": N_("The last day comes before the first. Swap them."),
    "period_too_long": N_("That is more than five years. Choose a shorter time."),
    "period_out_of_reach": N_("Choose days between 2000 and 2100."),
    "year_not_understood": N_("Write a year between 2000 and 2100, such as 2026."),
    "target_not_understood": N_("Write a number, such as 120 or 12,5, or leave it empty."),
    "target_of_nothing": N_("There is no such figure. Load the page again."),
    "target_out_of_reach": N_("That number is too large to reach. Look at it once more."),
    "scope_not_understood": N_("That is none of the choices. Choose one from the list."),
    "day_not_understood": N_("We did not understand that day. Write it like 24.11.2026."),
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

PILOT_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "hours": (
        N_("Hours open"),
        N_("How long the meetings that were held lasted together, however many came."),
    ),
    "places": (
        N_("Places"),
        N_("How many places there were at the meetings held that had a limit to them."),
    ),
    "attendances": (
        N_("Attendances at the library’s pilots"),
        N_(
            "How often a child or youth was at a pilot of the library. Who was counted at the door without a "
            "name is among them, and no grown-ups. Who came to meetings that are not recorded yet is missing."
        ),
    ),
}
