"""Whether the children of a form may come: their names, their years, and whom the activity is for."""

from collections.abc import Collection, Sequence
from datetime import date

from booking.activities.audience import audience_of, check_may_come
from booking.activities.models import Activity
from booking.errors import Refusal
from booking.people.rules import Newcomer, check_newcomer, same_name
from booking.signups.agreeing import needs_of
from booking.signups.asking import Asker, ChildAsked, PlaceRequest
from booking.signups.born import read_born
from booking.signups.households import ChildrenRefused, SameChildTwice


def check_children(
    activity: Activity, request: PlaceRequest, *, today: date, day: date, excepted: Collection[int] = ()
) -> list[Newcomer]:
    """Return what is told of each child, as it is kept; grade and age are tested on the meeting's `day`.

    Refuses ChildrenRefused with the reason for each child; those of these numbers are neither too young nor
    too old.
    """
    told: list[Newcomer] = []
    refusals: list[tuple[int, Refusal]] = []
    for child in request.children:
        try:
            newcomer = _checked(activity, request, child, told, today=today)
            if child.number not in excepted:
                _check_audience(activity, newcomer, day)
            told.append(newcomer)
        except Refusal as refusal:
            refusals.append((child.number, refusal))
    if refusals:
        raise ChildrenRefused(refusals)
    return told


def _checked(
    activity: Activity,
    request: PlaceRequest,
    child: ChildAsked,
    earlier: Sequence[Newcomer],
    *,
    today: date,
) -> Newcomer:
    needs_of(activity, child)
    newcomer = check_newcomer(_told_of(activity, request, child, today), today=today)
    twice = any(
        same_name(newcomer.first_name, other.first_name) and newcomer.birth_year == other.birth_year
        for other in earlier
    )
    if twice:
        raise SameChildTwice(name=newcomer.first_name)
    return newcomer


def _check_audience(activity: Activity, newcomer: Newcomer, day: date) -> None:
    audience = audience_of(
        grade_from=activity.grade_from,
        grade_to=activity.grade_to,
        age_from=activity.age_from,
        age_to=activity.age_to,
    )
    check_may_come(audience, newcomer.birth_year, day)


def _told_of(activity: Activity, request: PlaceRequest, child: ChildAsked, today: date) -> Newcomer:
    born = read_born(child.born, today=today)
    return Newcomer(
        first_name=child.first_name,
        # What an activity does not ask for is not kept, whatever a form brings.
        last_name=child.last_name if activity.asks_last_name else None,
        birth_year=born.year,
        is_by_grade=born.is_by_grade,
        municipality_code=child.municipality_code,
        is_shielded=child.is_shielded,
        is_own_contact=request.asker is Asker.YOUTH,
    )
