"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "name_missing": N_("Write a name. A first name or a nickname is enough."),
    "name_too_long": N_("The name is too long. Write at most %(most)s letters."),
    "name_has_link": N_("Leave out web and e-mail addresses, and write only the name."),
    "name_not_plain": N_("The name has signs that cannot be shown. Type it again on one line."),
    "email_not_understood": N_("Write a whole e-mail address, such as name@example.org."),
    "phone_not_understood": N_(
        "We do not understand this number. Write eight digits, or begin with + and the country code."
    ),
    "birth_year_not_plausible": N_("Choose a year of birth from %(earliest)s to %(latest)s."),
    "municipality_unknown": N_("Choose a municipality from the list, or “another municipality”."),
}
