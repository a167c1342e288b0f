"""Which figures leave a library, when, and why the others do not."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from booking.i18n import N_


class Outside(StrEnum):
    """When everybody sees a figure, or why only the library itself does (ADR 24 and 31)."""

    AT_ONCE = "at_once"
    EACH_MONTH = "each_month"
    AT_THE_END = "at_the_end"
    LENGTHS = "lengths"
    PLACES = "places"
    WAITING = "waiting"
    GROWN_UPS = "grown_ups"
    ALIKE = "alike"


IS_OPEN: Final = frozenset({Outside.AT_ONCE, Outside.EACH_MONTH, Outside.AT_THE_END})

OUTSIDE: Final[Mapping[str, Outside]] = {
    "sessions": Outside.AT_ONCE,
    "other_sector_share": Outside.AT_ONCE,
    "attendances": Outside.EACH_MONTH,
    "unique": Outside.EACH_MONTH,
    "return_rate": Outside.AT_THE_END,
    "no_show": Outside.AT_THE_END,
    "late_cancellation": Outside.AT_THE_END,
    "reach": Outside.AT_THE_END,
    "contact_hours": Outside.LENGTHS,
    "dose_hours": Outside.LENGTHS,
    "dose_hours_median": Outside.LENGTHS,
    "fill": Outside.PLACES,
    "queue_conversion": Outside.WAITING,
    "funnel_asked": Outside.WAITING,
    "funnel_permitted": Outside.WAITING,
    "funnel_came": Outside.WAITING,
    "all_attendances": Outside.GROWN_UPS,
    "named_attendances": Outside.ALIKE,
    "anonymous_attendances": Outside.ALIKE,
    "new": Outside.ALIKE,
    "dose_sessions": Outside.ALIKE,
    "dose_sessions_median": Outside.ALIKE,
    "duration_weeks_median": Outside.ALIKE,
    "breadth_activities": Outside.ALIKE,
    "breadth_kinds": Outside.ALIKE,
    "completion": Outside.ALIKE,
    "workshop_children": Outside.ALIKE,
}

OUTSIDE_WORDS: Final[Mapping[Outside, str]] = {
    Outside.AT_ONCE: N_("Everybody sees it as soon as a register is closed. It counts no persons."),
    Outside.EACH_MONTH: N_(
        "Everybody sees it, month by month, a week after the month. Small numbers are hidden."
    ),
    Outside.AT_THE_END: N_("Everybody sees it a week after the half-year is over. Small numbers are hidden."),
    Outside.LENGTHS: N_("Everybody can read how long a meeting lasts, so hours would tell how many came."),
    Outside.PLACES: N_(
        "Everybody can read how many places there are, so a share of them would tell how many came."
    ),
    Outside.WAITING: N_("Few wait for a place at one library. Nearly every number would be a small one."),
    Outside.GROWN_UPS: N_(
        "Beside the number of children it would tell how many adults came along, and they are few."
    ),
    Outside.ALIKE: N_(
        "It is about the same few children as the numbers that are shown. For each more of them, others "
        "would have to be hidden."
    ),
}
