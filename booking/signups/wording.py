"""What can be chosen in the forms by which children are signed up, in words."""

from collections.abc import Iterable

from flask_babel import gettext

from booking.people.queries import Municipality
from booking.people.rules import ELSEWHERE
from booking.signups.households import IfNotAll


def municipality_choices(region: Iterable[Municipality]) -> list[tuple[str, str]]:
    """Return the municipalities of the region, and another one."""
    return [*((each.code, each.name) for each in region), (ELSEWHERE, gettext("Another municipality"))]


def if_not_all_choices(*, has_queue: bool) -> list[tuple[str, str]]:
    """Return what can be done where there are places for some of the children only."""
    if not has_queue:
        return [(IfNotAll.THOSE_THAT_FIT.value, gettext("Sign up those I wrote first, and not the others"))]
    return [
        (IfNotAll.WAIT_TOGETHER.value, gettext("Put all of them on the waiting list, to come in together")),
        (
            IfNotAll.THOSE_THAT_FIT.value,
            gettext("Sign up those I wrote first, and put the others on the waiting list"),
        ),
    ]
