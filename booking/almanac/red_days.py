"""Red days and half days, as the calendar and custom have them in Norway."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final

from holidays import country_holidays

from booking.almanac.rules import CustomaryDay, customary_days

EASTER_SUNDAY: Final = "Første påskedag"


def public_holidays(years: Iterable[int]) -> Mapping[date, tuple[str, ...]]:
    """Return the red days of the years, with their Norwegian names; a day can be two at once."""
    return {day: names for year in sorted(set(years)) for day, names in _red_days(year).items()}


def half_days(years: Iterable[int]) -> Mapping[date, CustomaryDay]:
    """Return the days of the years on which much closes early by custom."""
    return {
        day: custom
        for year in sorted(set(years))
        for easter, names in _red_days(year).items()
        if EASTER_SUNDAY in names
        for day, custom in customary_days(year, easter=easter).items()
    }


@cache
def _red_days(year: int) -> Mapping[date, tuple[str, ...]]:
    # "nb" is no language of this library: it would answer in English, and say nothing of it.
    found = country_holidays("NO", years=year, language="no")
    return {day: tuple(names.split("; ")) for day, names in sorted(found.items())}
