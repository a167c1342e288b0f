"""The sentences of this room, and what kinds of items and their standings are called."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext, ngettext

from booking.i18n import N_
from booking.plan.rules import ItemKind
from booking.plan.window_rules import Stand, Standing

WORDS: Final[Mapping[str, str]] = {
    "plan_title_missing": N_("Write what is to be done."),
    "plan_title_says_nothing": N_("Use at least one letter or figure in the title."),
    "title_too_long": N_("The title is too long. Use at most 100 characters."),
    "plan_kind_missing": N_("Choose what it is from the list."),
    "plan_day_missing": N_("Write the day, such as 24.11.2026."),
    "date_unreadable": N_("Write the date as day, month and year, such as 24.11.2026."),
    "time_unreadable": N_("Write the time as hours and minutes, such as 17:00."),
    "date_out_of_reach": N_("This date is years away. Check the year."),
    "plan_last_before_first": N_("The last day is before the first. Change one of them."),
    "plan_tolerance_unfit": N_("Write a number of months from 0 to 12."),
    "plan_after_unknown": N_("Choose an item from the list."),
    "plan_follows_itself": N_("Then it would have to wait for itself. Choose another item, or none."),
    "plan_hours_incomplete": N_("Write the day, and when it begins and ends – or leave all three empty."),
    "plan_hours_of_no_meeting": N_(
        "Only a follow-up meeting has a time of day. Empty these fields, or choose follow-up meeting above."
    ),
    "plan_ends_before_start": N_("The meeting ends before it begins. Change one of the times."),
    "plan_note_too_long": N_("The note is too long. Use at most 1000 characters."),
    "plan_day_still_to_come": N_("This day is still to come. Write here what has happened, afterwards."),
    "plan_done_before_begun": N_("It was done before it began. Change one of the days."),
    "plan_changed_meanwhile": N_(
        "Somebody else saved this item while you had the page open. What you wrote is still below. "
        "Look at both versions, and save again."
    ),
    "plan_meeting_taken": N_(
        "Another item of the plan is this meeting already. Choose another one, or none."
    ),
    "plan_meeting_unknown": N_("Choose a meeting from the list, or none."),
}

KIND_NAMES: Final[Mapping[ItemKind, str]] = {
    ItemKind.PHASE: N_("Phase"),
    ItemKind.MILESTONE: N_("Milestone"),
    ItemKind.FOLLOW_UP: N_("Follow-up meeting"),
}

FIELD_NAMES: Final[Mapping[str, str]] = {
    "title": N_("Title"),
    "title_nn": N_("Title in nynorsk"),
    "title_en": N_("Title in English"),
    "kind": N_("What it is"),
    "first_on": N_("First day"),
    "last_on": N_("Last day"),
    "tolerance_months": N_("May be so many months earlier or later"),
    "after_id": N_("Begins after"),
    "starts_at": N_("The meeting begins"),
    "ends_at": N_("The meeting ends"),
    "is_shared": N_("Partners see it"),
    "note": N_("Note"),
    "began_on": N_("Began on"),
    "done_on": N_("Done on"),
}

_STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.NOT_BEGUN: N_("Not begun"),
    Standing.UNDER_WAY: N_("Under way"),
    Standing.WITHIN_TOLERANCE: N_("Late, within the tolerance"),
    Standing.DONE: N_("Done"),
    Standing.DONE_WITHIN_TOLERANCE: N_("Done, within the tolerance"),
    Standing.CALLED_OFF: N_("Called off"),
}

# The icon beside the words, and how loud they are.
_FACES: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.NOT_BEGUN: ("calendar", "quiet"),
    Standing.UNDER_WAY: ("forward", "plain"),
    Standing.WITHIN_TOLERANCE: ("hourglass", "wait"),
    Standing.OVERDUE: ("warning", "stop"),
    Standing.DONE: ("tick", "good"),
    Standing.DONE_WITHIN_TOLERANCE: ("tick", "good"),
    Standing.DONE_OUTSIDE: ("tick", "wait"),
    Standing.CALLED_OFF: ("called_off", "quiet"),
}


def say_stand(stand: Stand) -> tuple[str, str, str]:
    """Return where an item stands in words, with the icon and the tone that go with them."""
    return _words(stand), *_FACES[stand.standing]


def _words(stand: Stand) -> str:
    if stand.standing is Standing.OVERDUE:
        return str(ngettext("%(num)d day overdue", "%(num)d days overdue", stand.days))
    if stand.standing is Standing.DONE_OUTSIDE:
        days = stand.days
        return str(
            ngettext("Done, %(num)d day outside the window", "Done, %(num)d days outside the window", days)
        )
    return str(gettext(_STANDINGS[stand.standing]))
