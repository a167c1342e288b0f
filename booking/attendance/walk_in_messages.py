"""The sentences about who just came."""

from collections.abc import Mapping
from typing import Final

from booking.attendance.overdue_rules import RegisterState
from booking.attendance.walk_in_rules import Asking, WalkInLeave
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "walk_in_no_room": N_(
        "There is no place left: of %(places)s places %(expected)s are kept for those who are expected, and "
        "%(walked_in)s have just come. Tick below if you let one more in all the same."
    ),
    "walk_in_same_name": N_(
        "%(name)s, born that year, stands in the register already. Tick below if this is another child."
    ),
    "walk_in_too_young_to_answer": N_(
        "Who is under %(limit)s does not answer alone. Choose how a guardian is asked."
    ),
    "walk_in_leave_missing": N_("Choose how we know that the child may take part."),
    "walk_in_permission_missing": N_("Tick the box if the child may take part."),
    "paper_number_missing": N_("Write a whole number from 0 to 500."),
    "kiosk_too_late": N_("The meeting is over, so there is nobody left to tick themselves off."),
    "email_missing": N_("Write the e-mail address of the guardian."),
}

ASKINGS: Final[Mapping[Asking, str]] = {
    Asking.IN_PERSON: N_("A guardian is here, has read the words below and says yes"),
    Asking.SHOWN: N_("A guardian answers on a phone: show a picture to scan"),
    Asking.MAILED: N_("A guardian gets an e-mail and answers there"),
    Asking.ON_PAPER: N_("A guardian has signed on paper"),
    Asking.ALONE: N_("The youth is old enough to answer alone"),
}

# Where leave stands: its words, and the icon and tone that go with them.
LEAVES: Final[Mapping[WalkInLeave, tuple[str, str, str]]] = {
    WalkInLeave.AWAITED: (N_("No permission yet"), "question", "wait"),
    WalkInLeave.GIVEN: (N_("May take part"), "tick", "good"),
    WalkInLeave.REFUSED: (N_("The guardian said no"), "cross", "stop"),
}

# What is recorded of a meeting that is over: its words, and the icon and tone that go with them.
STATES: Final[Mapping[RegisterState, tuple[str, str, str]]] = {
    RegisterState.HELD: (N_("Somebody came"), "tick", "good"),
    RegisterState.NOBODY_CAME: (N_("Nobody came"), "people", "quiet"),
    RegisterState.DID_NOT_HAPPEN: (N_("It did not happen"), "called_off", "stop"),
    RegisterState.NOT_RECORDED: (N_("Not recorded"), "question", "wait"),
}
