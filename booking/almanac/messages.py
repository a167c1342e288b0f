"""What special days are called in the reader's language."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from booking.almanac.rules import BreakKind, SpecialDay
from booking.i18n import N_

WORDS: Final[Mapping[str, str]] = {
    "break_ends_before_start": N_("The last day of a break cannot lie before its first."),
    "break_too_long": N_("A break can last %(most)s days. Check the dates."),
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

BREAK_NAMES: Final[Mapping[str, str]] = {
    "autumn": N_("Autumn break"),
    "christmas": N_("Christmas break"),
    "winter": N_("Winter break"),
    "easter": N_("Easter break"),
    "summer": N_("Summer break"),
    "planning_day": N_("Planning day, no school"),
    "other": N_("No school"),
}

# The names of the Norwegian calendar as the holidays library writes them, and our own words for them.
DAY_NAMES: Final[Mapping[str, str]] = {
    "Første nyttårsdag": N_("New Year’s Day"),
    "Onsdag før skjærtorsdag": N_("The Wednesday before Easter"),
    "Skjærtorsdag": N_("Maundy Thursday"),
    "Langfredag": N_("Good Friday"),
    "Påskeaften": N_("Easter Eve"),
    "Første påskedag": N_("Easter Sunday"),
    "Andre påskedag": N_("Easter Monday"),
    "Arbeidernes dag": N_("1 May"),
    "Grunnlovsdag": N_("17 May"),
    "Kristi himmelfartsdag": N_("Ascension Day"),
    "Pinseaften": N_("Whitsun Eve"),
    "Første pinsedag": N_("Whit Sunday"),
    "Andre pinsedag": N_("Whit Monday"),
    "Julaften": N_("Christmas Eve"),
    "Første juledag": N_("Christmas Day"),
    "Andre juledag": N_("26 December"),
    "Nyttårsaften": N_("New Year’s Eve"),
}


def say_special(special: SpecialDay) -> str:
    """Return what the day is called: «17. mai», «Høstferie», and both names of a day that has two."""
    return ", ".join(_say(name) for name in special.names)


def say_break(kind: BreakKind) -> str:
    """Return what a break of the schools is called: «Høstferie»."""
    return _say(kind.value)


def _say(name: str) -> str:
    # A holiday that the calendar gets one day is shown by the name that it has there.
    words = DAY_NAMES.get(name) or BREAK_NAMES.get(name)
    return str(gettext(words)) if words else name
