"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "register_not_open_yet": N_(
        "It is too early to tick anyone off. The register opens two hours before the meeting starts."
    ),
    "meeting_not_started": N_("The meeting has not started yet. Close the register when it is over."),
    "register_is_closed": N_("The register is closed. Open it again if something in it is wrong."),
    "meeting_is_called_off": N_("The meeting is called off, so it has no register."),
    "someone_is_counted": N_(
        "%(count)s are ticked or counted as here. Choose that the meeting was held, or go back and correct "
        "the register."
    ),
    "nobody_is_counted": N_(
        "Nobody is ticked or counted as here. Choose that nobody came, or go back and tick those who did."
    ),
    "unknown_not_answered": N_("Say what we know of those who are not ticked."),
    "outcome_missing": N_("Say how the meeting went."),
    "tick_not_understood": N_("We did not understand that tick. Load the page again and try once more."),
}
