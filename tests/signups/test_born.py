from datetime import date

import pytest

from booking.signups.born import Born, BornNotUnderstood, read_born

AUTUMN, SPRING = date(2026, 11, 24), date(2027, 3, 1)


@pytest.mark.parametrize("typed", ["2016", " 2016 "])
def test_a_year_is_a_year(typed: str) -> None:
    assert read_born(typed, today=AUTUMN) == Born(2016)


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("5", 2016),
        ("5.", 2016),
        ("5. trinn", 2016),
        ("5 klasse", 2016),
        ("5. KLASSE", 2016),
        ("1", 2020),
        ("10", 2011),
        ("VG1", 2010),
        ("vg 3", 2008),
    ],
)
def test_a_grade_is_the_year_in_which_those_are_born_who_go_to_it(typed: str, year: int) -> None:
    assert read_born(typed, today=AUTUMN) == Born(year, is_by_grade=True)
    assert read_born(typed, today=SPRING) == Born(year, is_by_grade=True)


def test_in_august_a_grade_is_another_year() -> None:
    assert read_born("5", today=date(2027, 8, 1)) == Born(2017, is_by_grade=True)


@pytest.mark.parametrize(
    "typed", ["", "0", "14", "vg4", "ti", "20 16", "٥", "5 år", "-5", "5.5", "2016-03-01", "99"]
)
def test_anything_else_is_asked_about(typed: str) -> None:
    with pytest.raises(BornNotUnderstood):
        read_born(typed, today=AUTUMN)
