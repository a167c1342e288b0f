"""The words on the pages where somebody gets a calendar of their own."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_
from booking.people.calendar_rules import CalendarNames, CalendarTitle

TITLE_CHOICES: Final[Mapping[CalendarTitle, str]] = {
    CalendarTitle.ACTIVITY: N_("The name of the activity, and where it is"),
    CalendarTitle.LIBRARY: N_("Only «The library»"),
}
NAME_CHOICES: Final[Mapping[CalendarNames, str]] = {
    CalendarNames.NONE: N_("No, nothing"),
    CalendarNames.INITIAL: N_("The first letter of the name"),
    CalendarNames.FIRST_NAME: N_("The first name"),
}
WORDS: Final[Mapping[str, str]] = {
    "calendar_choice_missing": N_("Choose one of these."),
}
