"""Which consents there are, whose yes each takes, how long it lasts, and whether it stands."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from booking.clock import instant_at, local_date
from booking.consent.ages import Ages, AgeUnclear, KnownAge, has_reached
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose

# In the order in which they are asked: from the few who see the pictures to everybody.
PHOTOS: Final = (
    WordingPurpose.PHOTO_INTERNAL,
    WordingPurpose.PHOTO_WEB,
    WordingPurpose.PHOTO_SOCIAL,
    WordingPurpose.PHOTO_PRINT,
    WordingPurpose.PHOTO_PRESS,
)
CONSENTS: Final = (*PHOTOS, WordingPurpose.NEEDS, WordingPurpose.NEWS)

# Those that are about one occasion; the others are about whoever gave them.
ABOUT_AN_OCCASION: Final = frozenset({*PHOTOS, WordingPurpose.NEEDS})

IS_STANDING: Final = frozenset({Step.GIVEN, Step.RENEWED})
NO_FROM_THE_CHILD: Final = frozenset({ChildAnswer.NO, ChildAnswer.UNSURE})

# So long before a yes ends by itself the family is asked whether it shall stand for another year.
ASKED_BEFORE_THE_END: Final = timedelta(days=30)

NEEDS_KEPT_AFTER: Final = timedelta(days=7)
A_YEAR: Final = timedelta(days=365)

_ESTABLISHED_BY: Final = {
    Way.DESK: Established.AT_THE_DESK,
    Way.PHONE: Established.BY_PHONE,
    Way.PAPER: Established.ON_PAPER,
}


def stands(step: Step, *, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether a consent with this newest step stands, whether or not a job has noticed its end."""
    return step in IS_STANDING and (expires_at is None or now < expires_at)


def ends_soon(step: Step, *, expires_at: datetime | None, now: datetime) -> bool:
    """Tell whether a consent with this newest step stands, and is so near its end that one asks anew."""
    is_near = expires_at is not None and expires_at - ASKED_BEFORE_THE_END <= now
    return is_near and stands(step, expires_at=expires_at, now=now)


def lasts_until(
    purpose: WordingPurpose, *, given_at: datetime, over_at: datetime | None = None
) -> datetime | None:
    """Return when a consent ends by itself.

    Pictures are asked about anew with the year: until the end of the year in which the last meeting is
    over, and never longer than a year. Needs last as long as their note, wherever the meetings are moved to.
    """
    if purpose is WordingPurpose.NEEDS:
        return None
    in_a_year = given_at + A_YEAR
    if purpose not in PHOTOS:
        return in_a_year
    year = local_date(max(given_at, over_at or given_at)).year
    return min(in_a_year, instant_at(date(year + 1, 1, 1), time(0)))


def counts(
    purpose: WordingPurpose,
    *,
    capacity: Capacity,
    child_answer: ChildAnswer,
    age: KnownAge,
    today: date,
    ages: Ages,
) -> bool:
    """Tell whether a yes to the purpose is one, said in this capacity and with this answer from the child.

    Where the year of birth leaves the age open, the answer is the careful one.
    """
    if capacity is Capacity.SELF:
        return _has_surely_reached(_alone_from(purpose, ages), age, today)
    if purpose not in PHOTOS:
        return True
    if child_answer is ChildAnswer.NOT_ASKED:
        return not _may_have_reached(ages.photo_own_yes_from, age, today)
    return child_answer is ChildAnswer.YES


def open_to(
    purposes: Collection[WordingPurpose], *, capacity: Capacity, age: KnownAge, today: date, ages: Ages
) -> frozenset[WordingPurpose]:
    """Return which of the purposes somebody may be asked about: nobody is asked for a yes that is none."""
    yes = ChildAnswer.YES
    return frozenset(
        purpose
        for purpose in purposes
        if counts(purpose, capacity=capacity, child_answer=yes, age=age, today=today, ages=ages)
    )


def established_by(way: Way) -> Established:
    """Return how somebody's capacity was shown who reached the library in this way."""
    return _ESTABLISHED_BY.get(way, Established.SELF_DECLARED)


def _alone_from(purpose: WordingPurpose, ages: Ages) -> int:
    # Pictures and health need a guardian until one is grown up; whether to be written to does not.
    return ages.alone_from if purpose is WordingPurpose.NEWS else ages.adult_from


def _has_surely_reached(limit: int, age: KnownAge, today: date) -> bool:
    try:
        return has_reached(limit, age=age, today=today)
    except AgeUnclear:
        return False


def _may_have_reached(limit: int, age: KnownAge, today: date) -> bool:
    try:
        return has_reached(limit, age=age, today=today)
    except AgeUnclear:
        return True
