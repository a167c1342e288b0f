"""The sentences that belong to the house as a whole."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "not_found": N_("We cannot find that. Look at what is on, or ask at the library."),
    "busy": N_("We are busy right now. Wait a moment and try again."),
    "nul_in_text": N_(
        "This text holds invisible signs that can turn it around. Type it anew, or paste it as plain text."
    ),
    "text_not_plain": N_(
        "This text holds invisible signs that can turn it around. Type it anew, or paste it as plain text."
    ),
    "demo_over_real_data": N_(
        "This database holds real data, and a demonstration shows everybody everything. "
        "Leave out BOOKING_DEMO, or give the demonstration a database of its own."
    ),
    "real_over_demo_data": N_(
        "This database holds the invented data of a demonstration, whose passwords everybody knows. "
        "Begin with an empty database, or set BOOKING_DEMO=1."
    ),
    "time_does_not_exist": N_(
        "The clocks go forward that night and skip this time. Choose an earlier or a later time."
    ),
    "time_happens_twice": N_(
        "The clocks go back that night and show this time twice. Choose an earlier or a later time."
    ),
}
