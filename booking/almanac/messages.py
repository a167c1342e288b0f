"""What special days are called in the reader's language."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from booking.almanac.rules import SpecialDay
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "break_ends_before_start": N_("The last day of a break cannot lie before its first."),
    "break_too_long": N_("A break can last %(most)s days. Check the dates."),
}

BREAK_NAMES: Final[Mapping[str, str]] = {
    "autumn": N_("Autumn break"),
    "christmas": N_("Christmas break"),
    "winter": N_("Winter break"),
    "easter": N_("Easter break"),
    "summer": N_("Summer break"),
    "other": N_("No school"),
}

# The names of the Norwegian calendar as the holidays library writes them, and our own words for them.
DAY_NAMES: Final[Mapping[str, str]] = {
    "Første nyttårsdag": N_("New Year’s Day"),
    "Onsdag før skjærtorsdag": N_("The Wednesday before Easter"),
    "Skjærtorsdag": N_("Maundy Thursday"),
    "Langfredag": N_("Good Friday"),
    "Påskeaften": N_("Easter Eve"),
    "Første påskedag": N_("Easter Sunday"),
    "Andre påskedag": N_("Easter Monday"),
    "Arbeidernes dag": N_("1 May"),
    "Grunnlovsdag": N_("17 May"),
    "Kristi himmelfartsdag": N_("Ascension Day"),
    "Pinseaften": N_("Whitsun Eve"),
    "Første pinsedag": N_("Whit Sunday"),
    "Andre pinsedag": N_("Whit Monday"),
    "Julaften": N_("Christmas Eve"),
    "Første juledag": N_("Christmas Day"),
    "Andre juledag": N_("26 December"),
    "Nyttårsaften": N_("New Year’s Eve"),
}


def say_special(special: SpecialDay) -> str:
    """Return what the day is called: «17. mai», «Høstferie», and both names of a day that has two."""
    return ", ".join(_say(name) for name in special.names)


def _say(name: str) -> str:
    # A holiday that the calendar gets one day is shown by the name that it has there.
    words = DAY_NAMES.get(name) or BREAK_NAMES.get(name)
    return str(gettext(words)) if words else name
