"""What a school break may be, and what a file of them changes."""

from datetime import date, timedelta

import pytest

from booking.almanac.rules import (
    Break,
    BreakEndsBeforeStart,
    BreakKind,
    BreakSourceUnfit,
    BreakTooLong,
    Fate,
    Step,
    UnknownMunicipality,
    changes_anything,
    check_break,
    check_municipality,
    compare,
    school_year_begins,
)
from booking.errors import Refusal

MONDAY = date(2026, 10, 5)
FRIDAY = date(2026, 10, 9)


def a_break(**changes: object) -> Break:
    """The autumn break of Granlia."""
    values = {"municipality_code": "3401", "kind": BreakKind.AUTUMN, "first_on": MONDAY, "last_on": FRIDAY}
    return Break(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"last_on": MONDAY - timedelta(days=1)}, BreakEndsBeforeStart),
        ({"last_on": MONDAY + timedelta(days=100)}, BreakTooLong),
        ({"source": "x" * 201}, BreakSourceUnfit),
        ({"source": "invisible \x00 sign"}, BreakSourceUnfit),
        ({"source": "turned \u202e around"}, BreakSourceUnfit),
    ],
)
def test_a_break_that_cannot_be_is_refused(changes: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_break(a_break(**changes))


def test_a_break_lasts_from_one_day_to_a_hundred() -> None:
    check_break(a_break(last_on=MONDAY))
    check_break(a_break(last_on=MONDAY + timedelta(days=99), source="x" * 200))


def test_a_summer_break_belongs_to_the_school_year_that_it_ends() -> None:
    summer = a_break(kind=BreakKind.SUMMER, first_on=date(2027, 6, 19), last_on=date(2027, 8, 17))

    assert summer.school_year == 2026
    assert school_year_begins(date(2027, 7, 31)) == date(2026, 8, 1)
    assert school_year_begins(date(2027, 8, 1)) == date(2027, 8, 1)


def test_a_municipality_without_a_library_is_unknown() -> None:
    check_municipality("3401", {"3401"})
    with pytest.raises(UnknownMunicipality):
        check_municipality("0301", {"3401"})


def test_the_breaks_told_replace_those_of_their_municipality_and_school_year_and_no_others() -> None:
    held_on = a_break()
    shifted = a_break(kind=BreakKind.WINTER, first_on=date(2027, 2, 22), last_on=date(2027, 2, 26))
    dropped = a_break(kind=BreakKind.OTHER, first_on=date(2027, 6, 18), last_on=date(2027, 6, 18))
    last_year = a_break(first_on=date(2025, 10, 6), last_on=date(2025, 10, 10))
    elsewhere = a_break(municipality_code="3414")
    longer = a_break(kind=BreakKind.WINTER, first_on=date(2027, 2, 22), last_on=date(2027, 2, 28))
    added = a_break(kind=BreakKind.EASTER, first_on=date(2027, 3, 22), last_on=date(2027, 3, 29))

    steps = compare([dropped, elsewhere, last_year, shifted, held_on], [added, longer, held_on])

    assert steps == (
        Step(fate=Fate.SAME, is_now=held_on, was=held_on),
        Step(fate=Fate.CHANGED, is_now=longer, was=shifted),
        Step(fate=Fate.NEW, is_now=added),
        Step(fate=Fate.GONE, is_now=dropped),
    )
    assert changes_anything(steps)
    assert not changes_anything(compare([held_on], [held_on]))
