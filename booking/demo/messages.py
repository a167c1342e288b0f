"""The sentences of the demonstration."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "kit_missing": N_("Write something here, so that we can go on."),
}
