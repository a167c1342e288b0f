"""The sentences of this room."""

from collections.abc import Mapping
from typing import Final

from booking.activities.rules import Availability
from booking.i18n import N_
from booking.signups.models import Mover
from booking.signups.rules import SignupState

WORDS: Final[Mapping[str, str]] = {
    "move_not_possible": N_(
        "That is no longer possible. Look at the page again to see where the sign-up stands."
    ),
    "all_is_over": N_("The last meeting is over, so there is no place to give back."),
    "occasion_full": N_("All places are taken, and there is no waiting list. Look at what else is on."),
    "too_many_unanswered": N_(
        "We have sent several letters to this address. Open one and confirm it, or try again in an hour."
    ),
    "first_name_missing": N_("Write the child’s first name, or a name that the child likes to use."),
    "contact_name_missing": N_("Write your own name."),
    "children_refused": N_("Look at what is written about each child."),
    "child_not_ticked": N_("Tick at least one child, or write one more."),
    "born_missing": N_("Write the year the child was born, such as 2016, or the school grade."),
    "born_not_understood": N_(
        "Write a year of birth with four figures, such as 2016, or a grade from 1 to 10 or VG1 to VG3."
    ),
    "year_needed": N_("Write the year you were born, with four figures, such as 2012."),
    "same_child_twice": N_(
        "%(name)s stands here twice. If these are two children, add a letter or a nickname to one name."
    ),
    "places_for_some_only": N_(
        "There are places for %(free)s of %(asked)s children. Nothing is sent yet: choose what we shall do."
    ),
    "reply_too_long": N_("The answer is too long. Write at most 300 signs."),
    "guardian_signs_up": N_(
        "Are you not %(age)s yet? Then a grown-up who looks after you signs you up. Show them this page."
    ),
    "guardian_needed": N_(
        "At your age we also ask a grown-up who looks after you. Write their whole e-mail address."
    ),
    "guardian_is_self": N_("Write the grown-up’s own e-mail address, and not yours."),
    "guardian_asked_too_often": N_(
        "We have written to this grown-up several times. Ask them to open one of the letters."
    ),
    "age_unclear": N_("Have you turned %(limit)s? Your year of birth alone does not tell us."),
    "own_yes_missing": N_("Tick the box if you want to take part."),
    "question_missing": N_("Write what you want to know."),
    "question_too_long": N_("The question is too long. Write at most 500 signs."),
    "municipality_missing": N_("Choose the municipality where the child lives."),
    "permission_missing": N_("Tick the box if the child may take part. Without it we cannot keep a place."),
    "filled_by_machine": N_("That looked as if a machine filled in the form. Press the button once more."),
}

# Where a sign-up stands: its words, and the icon and tone that go with them.
STANDINGS: Final[Mapping[SignupState, tuple[str, str, str]]] = {
    SignupState.AWAITING_EMAIL: (N_("Place held, not yet confirmed"), "hourglass", "wait"),
    SignupState.AWAITING_GUARDIAN: (N_("Place held, a parent has not answered yet"), "hourglass", "wait"),
    SignupState.QUEUED: (N_("On the waiting list"), "hourglass", "wait"),
    SignupState.OFFERED: (N_("A place is offered"), "mail", "wait"),
    SignupState.CONFIRMED: (N_("Has a place"), "tick", "good"),
    SignupState.WITHDRAWN: (N_("Place given back"), "cross", "quiet"),
    SignupState.DECLINED: (N_("The answer was no"), "cross", "quiet"),
    SignupState.EXPIRED: (N_("Time ran out"), "clock", "quiet"),
    SignupState.CALLED_OFF: (N_("Called off"), "called_off", "stop"),
}

# How full an occasion is, in a word.
AVAILABILITIES: Final[Mapping[Availability, tuple[str, str, str]]] = {
    Availability.AVAILABLE: (N_("Places available"), "tick", "good"),
    Availability.FEW: (N_("Few places left"), "tick", "good"),
    Availability.WAITING_LIST: (N_("Waiting list"), "hourglass", "wait"),
    Availability.FULL: (N_("Full"), "cross", "stop"),
}

# Who moved a sign-up.
MOVERS: Final[Mapping[Mover, str]] = {
    Mover.FAMILY: N_("The family"),
    Mover.GUARDIAN: N_("A parent"),
    Mover.STAFF: N_("The library"),
    Mover.SYSTEM: N_("By itself, when the time came"),
}
