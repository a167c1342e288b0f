"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.attendance.door import Oddity, Unknown
from booking.attendance.marks import DoorMark
from booking.i18n import N_
from booking.participation.rules import HeadcountBand, MeetingOutcome

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

# What stands beside a name: the words and the icon.
DOOR_MARKS: Final[Mapping[DoorMark, tuple[str, str]]] = {
    DoorMark.NO_PHOTO: (N_("No pictures"), "no_photo"),
    DoorMark.NEEDS: (N_("A need is noted"), "heart"),
    DoorMark.LEAVE_AWAITED: (N_("No permission yet"), "question"),
    DoorMark.LEAVE_REFUSED: (N_("The guardian said no"), "cross"),
}

BANDS: Final[Mapping[HeadcountBand, str]] = {
    HeadcountBand.UNDER_6: N_("under 6"),
    HeadcountBand.AGE_6_12: N_("6–12 years"),
    HeadcountBand.AGE_13_15: N_("13–15 years"),
    HeadcountBand.AGE_16_18: N_("16–18 years"),
    HeadcountBand.ADULTS: N_("adults"),
}

OUTCOMES: Final[Mapping[MeetingOutcome, str]] = {
    MeetingOutcome.HELD: N_("It was held, and somebody came"),
    MeetingOutcome.NOBODY_CAME: N_("We were there, but nobody came"),
    MeetingOutcome.DID_NOT_HAPPEN: N_("It did not happen"),
}

UNKNOWNS: Final[Mapping[Unknown, str]] = {
    Unknown.DID_NOT_COME: N_("None of them came"),
    Unknown.NOT_KNOWN: N_("We do not know"),
    Unknown.ONE_BY_ONE: N_("I will say it for each of them"),
}

ODDITIES: Final[Mapping[Oddity, str]] = {
    Oddity.NOBODY_HERE: N_("Nobody is ticked or counted as here."),
    Oddity.MORE_THAN_PLACES: N_("More are here than there are places."),
    Oddity.COUNTED_THOUGH_CALLED_OFF: N_(
        "Somebody is ticked or counted as here, though the meeting is called off. That counts in no figure. "
        "If it is held after all, put it on again before it is over."
    ),
    Oddity.CONTRADICTED: N_("Two phones disagree about somebody. Look at the register once more."),
}
