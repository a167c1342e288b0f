"""Which days of a year are red, or half by custom, and what is special about the days of a span."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from holidays.countries.norway import Norway

from booking.almanac.rules import Break, DayKind, SpecialDay

_EASTER_SUNDAY: Final = "Første påskedag"
_WHIT_SUNDAY: Final = "Første pinsedag"


def red_days(years: Iterable[int]) -> dict[date, tuple[str, ...]]:
    """Return the public holidays of the years with their Norwegian names; one day may have two.

    By lov om helligdager og helligdagsfred and lov om 1 og 17 mai as høgtidsdager; ordinary Sundays are none.
    """
    return {day: names for year in sorted(set(years)) for day, names in _red_days_of(year).items()}


def customary_days(years: Iterable[int]) -> dict[date, tuple[str, ...]]:
    """Return the days on which many close early by custom, with their Norwegian names."""
    wanted = sorted(set(years))
    of_name = {(day.year, name): day for day, names in red_days(wanted).items() for name in names}
    found: dict[date, tuple[str, ...]] = {}
    for year in wanted:
        easter, whitsun = of_name.get((year, _EASTER_SUNDAY)), of_name.get((year, _WHIT_SUNDAY))
        if easter is None or whitsun is None:  # a year that the calendar does not reach
            continue
        found |= {
            easter - timedelta(days=4): ("Onsdag før skjærtorsdag",),
            easter - timedelta(days=1): ("Påskeaften",),
            whitsun - timedelta(days=1): ("Pinseaften",),
            date(year, 12, 24): ("Julaften",),
            date(year, 12, 31): ("Nyttårsaften",),
        }
    return found


def special_in(first_on: date, last_on: date, breaks: Iterable[Break]) -> Mapping[date, list[SpecialDay]]:
    """Return the special days of a span, both ends included: red days first, then custom, then breaks."""
    years = range(first_on.year, last_on.year + 1)
    special: dict[date, list[SpecialDay]] = {}
    for kind, days in (
        (DayKind.PUBLIC_HOLIDAY, red_days(years)),
        (DayKind.CUSTOMARY, customary_days(years)),
    ):
        for day, names in days.items():
            if first_on <= day <= last_on:
                special.setdefault(day, []).append(SpecialDay(day=day, kind=kind, names=names))
    for each in breaks:
        for day in _days(max(each.first_on, first_on), min(each.last_on, last_on)):
            named = SpecialDay(day=day, kind=DayKind.SCHOOL_BREAK, names=(each.kind.value,))
            special.setdefault(day, []).append(named)
    return special


@cache
def _red_days_of(year: int) -> Mapping[date, tuple[str, ...]]:
    # The library's code for Norwegian is "no": asked for "nb", it answers in English and says nothing.
    found = Norway(years=year, language="no")
    return {day: tuple(sorted(names.split("; "))) for day, names in found.items()}


def _days(first_on: date, last_on: date) -> list[date]:
    return [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
