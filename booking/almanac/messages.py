"""The sentences of this room, and what its days are called."""

from collections.abc import Mapping
from typing import Final

from babel.lists import format_list
from flask_babel import gettext

from booking.almanac.rules import BreakKind, CustomaryDay, SpecialDay
from booking.i18n import N_, locale_of, spoken_language

WORDS: Final[Mapping[str, str]] = {
    "school_break_ends_before_start": N_("The last day is before the first. Swap them, or mend one."),
    "school_break_too_long": N_("A break lasts at most %(most)s days. Look at the year of both days."),
    "school_break_source_unfit": N_("Say in at most %(most)s plain characters where the days come from."),
    "school_break_municipality_unknown": N_(
        "No library here lies in this municipality. Those that do have the numbers %(known)s."
    ),
    "school_sheet_missing": N_("Choose the file with the school breaks."),
    "school_sheet_refused": N_("We cannot read this file. Save it as CSV and try again."),
    "school_sheet_too_large": N_("This file is larger than %(most)s kB. Leave only the school breaks in it."),
    "school_sheet_not_text": N_(
        "We cannot read the letters in this file. In Excel, choose «CSV UTF-8» when you save it."
    ),
    "school_sheet_empty": N_("There is no school break in this file. Write one on each line."),
    "school_sheet_line": N_("Line %(line)s: %(what)s"),
    "school_sheet_column_missing": N_("The first line must name these columns too: %(columns)s."),
    "school_sheet_too_many_cells": N_("There are more cells here than headings. Look for a stray comma."),
    "school_sheet_quotes_unfit": N_("A quotation mark here has no partner. Remove it."),
    "school_sheet_kind_unknown": N_("«%(told)s» is no kind of break. Write one of these: %(known)s."),
    "school_sheet_day_unreadable": N_("«%(told)s» is no day. Write it as 2026-10-05 or 05.10.2026."),
    "school_sheet_told_twice": N_("This break stands on an earlier line already. Leave out one of them."),
}

# The library of red days knows them by these names; one that it invents tomorrow is shown as it is.
HOLIDAY_NAMES: Final[Mapping[str, str]] = {
    "Første nyttårsdag": N_("New Year’s Day"),
    "Skjærtorsdag": N_("Maundy Thursday"),
    "Langfredag": N_("Good Friday"),
    "Første påskedag": N_("Easter Sunday"),
    "Andre påskedag": N_("Easter Monday"),
    "Arbeidernes dag": N_("Labour Day, 1 May"),
    "Kristi himmelfartsdag": N_("Ascension Day"),
    "Grunnlovsdag": N_("Constitution Day, 17 May"),
    "Første pinsedag": N_("Whit Sunday"),
    "Andre pinsedag": N_("Whit Monday"),
    "Første juledag": N_("Christmas Day"),
    "Andre juledag": N_("Boxing Day"),
}
CUSTOMARY_NAMES: Final[Mapping[str, str]] = {
    CustomaryDay.BEFORE_MAUNDY_THURSDAY: N_("Wednesday before Maundy Thursday"),
    CustomaryDay.EASTER_EVE: N_("Easter Eve"),
    CustomaryDay.WHITSUN_EVE: N_("Whitsun Eve"),
    CustomaryDay.CHRISTMAS_EVE: N_("Christmas Eve"),
    CustomaryDay.NEW_YEARS_EVE: N_("New Year’s Eve"),
}
BREAK_NAMES: Final[Mapping[str, str]] = {
    BreakKind.AUTUMN: N_("Autumn break"),
    BreakKind.WINTER: N_("Winter break"),
    BreakKind.CHRISTMAS: N_("Christmas break"),
    BreakKind.EASTER: N_("Easter break"),
    BreakKind.SUMMER: N_("Summer break"),
    BreakKind.PLANNING_DAY: N_("Planning day, no school"),
    BreakKind.OTHER: N_("No school"),
}
_NAMES: Final[Mapping[str, str]] = {**HOLIDAY_NAMES, **CUSTOMARY_NAMES, **BREAK_NAMES}


def say_special(day: SpecialDay) -> str:
    """Say in the reader's language what a day is: «Høstferie», «17. mai», «Andre pinsedag og 17. mai»."""
    return str(format_list([_said(name) for name in day.names], locale=locale_of(spoken_language())))


def say_break(kind: BreakKind) -> str:
    """Say in the reader's language what a school break is called."""
    return _said(kind)


def _said(name: str) -> str:
    known = _NAMES.get(name)
    return str(gettext(known)) if known else name
