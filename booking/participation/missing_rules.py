"""What nobody recorded: somebody counted at the door without a name tells nothing of who it was."""

from collections.abc import Callable, Mapping
from typing import Final

from booking.participation.tallies import Tallies


def is_missing(code: str, tallies: Tallies) -> bool:
    """Tell whether nobody recorded what the figure is made of: it is missing then, and not nought.

    Where nobody came at all that is known: nought different persons were there.
    """
    if code == "reach" and not tallies.population:
        return True
    return code in _MISSING_WHERE and _MISSING_WHERE[code](tallies)


def nobody_has_a_name(tallies: Tallies) -> bool:
    """Tell whether children and youth came, and all of them were counted at the door without a name."""
    return counted_alone(named=tallies.named_attendances, all_attendances=tallies.attendances)


def counted_alone(*, named: int, all_attendances: int) -> bool:
    """Tell whether there were attendances and none of them has a name: how many persons nobody knows."""
    return all_attendances > 0 and named == 0


def _nobody_was_listed(tallies: Tallies) -> bool:
    # Facts do not tell a drop-in from a list that nobody used: of neither is known who asked or stayed away.
    listed = tallies.asked or tallies.permitted or tallies.booked or tallies.waited
    return nobody_has_a_name(tallies) and not listed


def _at_workshops_nobody_has_a_name(tallies: Tallies) -> bool:
    return not tallies.in_workshops and tallies.anonymous_at_workshops > 0


def _at_courses_nobody_has_a_name(tallies: Tallies) -> bool:
    return not tallies.began_course and tallies.anonymous_at_courses > 0


_ABOUT_PERSONS: Final = (
    "unique",
    "new",
    "return_rate",
    "dose_sessions",
    "dose_sessions_median",
    "dose_hours",
    "dose_hours_median",
    "duration_weeks_median",
    "breadth_activities",
    "breadth_kinds",
    "reach",
)
_ABOUT_PLACES: Final = (
    "funnel_asked",
    "funnel_permitted",
    "funnel_came",
    "no_show",
    "late_cancellation",
    "queue_conversion",
)
_MISSING_WHERE: Final[Mapping[str, Callable[[Tallies], bool]]] = {
    **dict.fromkeys(_ABOUT_PERSONS, nobody_has_a_name),
    **dict.fromkeys(_ABOUT_PLACES, _nobody_was_listed),
    "workshop_children": _at_workshops_nobody_has_a_name,
    "completion": _at_courses_nobody_has_a_name,
}
