"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "parameter_not_understood": N_(
        "We do not understand the parameter %(parameter)s. Look in the description at /api/v1/openapi.json."
    ),
    "no_access_key": N_(
        "Send the library’s access key in the header Authorization: Bearer. "
        "Keys are made by the library’s staff."
    ),
    "too_many_access_keys": N_("There are %(most)s keys already. Take back one that nobody uses."),
    "key_name_missing": N_("Say what the key is for, so that somebody knows which one to take back."),
    "key_name_too_long": N_("Use at most 80 letters."),
    "key_library_missing": N_("Choose the library."),
}
