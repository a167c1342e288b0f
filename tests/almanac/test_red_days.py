"""Red days and half days, and what they are called."""

from datetime import date

import pytest
from flask import Flask

from booking.almanac.messages import BREAK_NAMES, DAY_NAMES, say_special
from booking.almanac.red_days import customary_days, red_days
from booking.almanac.rules import BreakKind, DayKind, SpecialDay
from booking.i18n import in_language


@pytest.mark.parametrize(
    ("day", "names"),
    [
        (date(2018, 4, 1), ("Første påskedag",)),
        (date(2018, 5, 10), ("Kristi himmelfartsdag",)),
        (date(2018, 5, 21), ("Andre pinsedag",)),
        (date(2026, 4, 5), ("Første påskedag",)),
        (date(2026, 5, 14), ("Kristi himmelfartsdag",)),
        (date(2026, 5, 25), ("Andre pinsedag",)),
        (date(2027, 3, 28), ("Første påskedag",)),
        (date(2027, 5, 6), ("Kristi himmelfartsdag",)),
        (date(2027, 5, 17), ("Andre pinsedag", "Grunnlovsdag")),
    ],
)
def test_what_moves_with_easter_is_red_on_the_right_day(day: date, names: tuple[str, ...]) -> None:
    assert red_days([day.year])[day] == names


def test_a_plain_sunday_is_a_plain_day() -> None:
    red = red_days([2026, 2027])

    assert date(2026, 11, 22) not in red
    assert len([day for day in red if day.year == 2026]) == 12


@pytest.mark.parametrize(
    ("day", "custom"),
    [
        (date(2027, 3, 24), "Onsdag før skjærtorsdag"),
        (date(2027, 3, 27), "Påskeaften"),
        (date(2027, 5, 15), "Pinseaften"),
        (date(2027, 12, 24), "Julaften"),
        (date(2027, 12, 31), "Nyttårsaften"),
    ],
)
def test_much_closes_early_on_five_days_of_the_year(day: date, custom: str) -> None:
    half = customary_days([2027])

    assert half[day] == (custom,)
    assert len(half) == 5


def test_a_year_that_the_calendar_does_not_know_has_no_special_days() -> None:
    assert not red_days([1, 9999])
    assert not customary_days([1, 9999])


def test_every_red_and_every_half_day_of_a_century_has_a_name_of_ours() -> None:
    century = range(2000, 2100)
    special = [*red_days(century).values(), *customary_days(century).values()]

    assert {name for names in special for name in names} == set(DAY_NAMES)


def test_every_break_has_a_name() -> None:
    assert set(BREAK_NAMES) == set(BreakKind)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Første påskedag",), "Easter Sunday"),
        (("Andre pinsedag", "Grunnlovsdag"), "Whit Monday, 17 May"),
        (("autumn",), "Autumn break"),
        (("Påskeaften",), "Easter Eve"),
        (("Sølvbryllupsdag",), "Sølvbryllupsdag"),
    ],
)
def test_a_day_is_called_what_readers_of_english_call_it(
    app: Flask, names: tuple[str, ...], said: str
) -> None:
    day = SpecialDay(day=date(2027, 5, 17), kind=DayKind.PUBLIC_HOLIDAY, names=names)

    with app.app_context(), in_language("en"):
        assert say_special(day) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", ["Andre pinsedag, 17. mai", "Første påskedag", "Høstferie", "Onsdag før skjærtorsdag"]),
        ("nn", ["Andre pinsedag, 17. mai", "Første påskedag", "Haustferie", "Onsdag før skjærtorsdag"]),
    ],
)
def test_a_day_is_called_what_people_here_call_it(app: Flask, language: str, said: list[str]) -> None:
    called = [
        ("Andre pinsedag", "Grunnlovsdag"),
        ("Første påskedag",),
        (BreakKind.AUTUMN,),
        ("Onsdag før skjærtorsdag",),
    ]

    with app.app_context(), in_language(language):
        assert [
            say_special(SpecialDay(day=date(2027, 5, 17), kind=DayKind.PUBLIC_HOLIDAY, names=names))
            for names in called
        ] == said
