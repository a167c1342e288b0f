"""Words, days and times in the reader's language: bokmål, nynorsk and English."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, gettext, refresh
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from booking.clock import local_date, local_time
from booking.errors import Refusal

LANGUAGES: Final[Mapping[str, str]] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
DEFAULT_LANGUAGE: Final = "nb"
LANGUAGE_COOKIE: Final = "lang"
_NORWEGIAN_DIGITS: Final = 8

# Bare "nb" numbers weeks the American way and bare "en" writes 5:00 PM; these do as people here do.
_LOCALES: Final[Mapping[str, str]] = {"nb": "nb_NO", "nn": "nn_NO", "en": "en_GB"}
_DAY_PATTERNS: Final[Mapping[str, str]] = {
    "nb": "EEEE d. MMMM",
    "nn": "EEEE d. MMMM",
    "en": "EEEE d MMMM",
}
# What browsers ask for, and the catalogue that serves it: neighbours read bokmål.
_UNDERSTOOD: Final[Mapping[str, str]] = {
    "nb": "nb",
    "no": "nb",
    "da": "nb",
    "sv": "nb",
    "nn": "nn",
    "en": "en",
}
_WORDS: dict[str, str] = {}


def N_(message: str) -> str:  # noqa: N802 – gettext's own name for "translate later"
    """Mark words for translation where they stand, to be translated when they are said."""
    return message


# A form library has error texts of its own, in its own language: none of them reaches a reader.
UNEXPECTED: Final = N_("Something is not right here. Look at it once more.")


@dataclass(frozen=True)
class LanguageChoice:
    """One language in the switch on every page."""

    code: str
    name: str
    url: str
    is_current: bool


def register_words(words: Mapping[str, str]) -> None:
    """Add a room's sentences to those that `say` knows; two rooms may not claim one code."""
    for code, sentence in words.items():
        if _WORDS.setdefault(code, sentence) != sentence:
            message = f"two rooms have words for {code}"
            raise ValueError(message)


def say(error: Refusal | str) -> str:
    """Return the sentence for a refusal or a code, in the reader's language."""
    code, facts = (error.code, error.facts) if isinstance(error, Refusal) else (error, {})
    return str(gettext(_WORDS.get(code, UNEXPECTED), **{name: _said(fact) for name, fact in facts.items()}))


def _said(fact: object) -> object:
    if isinstance(fact, Refusal):  # one inside another: "Line 3: the last day is before the first"
        return say(fact)
    return day_and_time(fact) if isinstance(fact, datetime) else fact


def has_words(code: str) -> bool:
    """Tell whether there is a sentence for the code."""
    return code in _WORDS


def current_language() -> str:
    """Return the code of the language that this page or letter is in."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        g.language = _asked_language()
    return str(g.language)


def speak(language: str) -> None:
    """Let this answer be in the language, whatever the reader's browser asks for."""
    g.language = language
    refresh()


def in_language(language: str) -> AbstractContextManager[None]:
    """Return a context in which words, days and times are in the language; used for letters."""
    return cast("AbstractContextManager[None]", force_locale(language))


def _asked_language() -> str:
    chosen = (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE))
    return language_wanted(chosen, request.headers.get("Accept-Language", ""))


def language_wanted(chosen: Iterable[str | None], accepted: str) -> str:
    """Return the language for who chose these, the first one first, and whose browser accepts these."""
    for asked in chosen:
        if asked in LANGUAGES:
            return str(asked)
    # Werkzeug's best_match finds no Norwegian at all for "no", which is what most browsers here send.
    for wanted, _quality in parse_accept_header(accepted, LanguageAccept):
        primary = wanted.replace("_", "-").split("-")[0].lower()
        if primary in _UNDERSTOOD:
            return _UNDERSTOOD[primary]
    return DEFAULT_LANGUAGE


def language_choices() -> list[LanguageChoice]:
    """Return this same page in each language."""
    others = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return [
        LanguageChoice(
            code=code,
            name=name,
            url=f"{request.path}?{urlencode([*others, ('lang', code)])}",
            is_current=code == current_language(),
        )
        for code, name in LANGUAGES.items()
    ]


def locale_of(language: str) -> Locale:
    """Return the locale by whose customs days and numbers are written in the language."""
    return Locale.parse(_LOCALES[language])


def spoken_language() -> str:
    """Return the language that words are said in at the moment: the page's, or the letter's."""
    locale = get_locale()
    language = locale.language if locale else DEFAULT_LANGUAGE
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def long_date(day: date) -> str:
    """Write a day in full: «tirsdag 24. november 2026»."""
    language = spoken_language()
    return format_date(day, f"{_DAY_PATTERNS[language]} y", locale=locale_of(language))


def day_and_month(day: date) -> str:
    """Write a day without its year: «tirsdag 24. november»."""
    language = spoken_language()
    return format_date(day, _DAY_PATTERNS[language], locale=locale_of(language))


def short_date(day: date) -> str:
    """Write a day in figures: «24.11.2026», and 24/11/2026 in English."""
    language = spoken_language()
    pattern = "dd/MM/y" if language == "en" else "dd.MM.y"
    return format_date(day, pattern, locale=locale_of(language))


def month_short(day: date) -> str:
    """Write the month in three or four letters, for a date badge."""
    return format_date(day, "MMM", locale=locale_of(spoken_language())).rstrip(".")


def weekday(day: date) -> str:
    """Write the weekday in full."""
    return format_date(day, "EEEE", locale=locale_of(spoken_language()))


def month_and_year(day: date) -> str:
    """Write the month and its year: «november 2026»."""
    return format_date(day, "LLLL y", locale=locale_of(spoken_language()))


def weekday_short(day: date) -> str:
    """Write the weekday in a few letters, for a date badge."""
    return format_date(day, "EEE", locale=locale_of(spoken_language())).rstrip(".")


def time_of_day(instant: datetime) -> str:
    """Write the time that clocks in Oslo show: «17:00»."""
    return f"{local_time(instant):%H:%M}"


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Write a meeting's day and times: «tirsdag 24. november kl. 17:00–19:00»."""
    starts_on, ends_on = local_date(starts_at), local_date(ends_at)
    facts = {"day": day_and_month(starts_on), "start": time_of_day(starts_at), "end": time_of_day(ends_at)}
    if starts_on == ends_on:
        return str(gettext("%(day)s at %(start)s–%(end)s", **facts))
    last_day = day_and_month(ends_on)
    return str(gettext("%(day)s at %(start)s to %(last_day)s at %(end)s", last_day=last_day, **facts))


def listed(names: Sequence[str]) -> str:
    """Return names as one writes them after each other: «Ada og Bo»."""
    return str(format_list(list(names), locale=_LOCALES[spoken_language()])) if names else ""


def day_and_time(instant: datetime) -> str:
    """Write a day and a time: «tirsdag 24. november kl. 17:00»."""
    day = day_and_month(local_date(instant))
    return str(gettext("%(day)s at %(time)s", day=day, time=time_of_day(instant)))


def machine_time(instant: datetime) -> str:
    """Write an instant for machines, with Oslo's offset (RFC 3339)."""
    return local_time(instant).isoformat(timespec="minutes")


def telephone(number: str) -> str:
    """Write a number as it is read aloud here: «22 22 22 22»; a foreign one as it is kept (E.164).

    Pairs for all eight-digit numbers, by nummerforskriften § 16.
    """
    digits = number.removeprefix("+47")
    if digits == number or len(digits) != _NORWEGIAN_DIGITS:
        return number
    return "\u00a0".join(digits[place : place + 2] for place in range(0, _NORWEGIAN_DIGITS, 2))


def isoweek(day: date) -> int:
    """Return the week's number by ISO 8601, Monday first."""
    return day.isocalendar().week


def start_words(app: Flask) -> None:
    """Give the application its languages, and templates their ways of writing days and times."""
    Babel(app, default_locale=DEFAULT_LANGUAGE, locale_selector=current_language)
    app.jinja_env.globals.update(
        say=say, when=when, language_choices_now=language_choices, spoken_language=spoken_language
    )
    app.jinja_env.filters.update(
        long_date=long_date,
        day_and_month=day_and_month,
        short_date=short_date,
        month_short=month_short,
        weekday=weekday,
        weekday_short=weekday_short,
        month_and_year=month_and_year,
        month_code="{:%Y-%m}".format,
        time_of_day=time_of_day,
        day_and_time=day_and_time,
        machine_time=machine_time,
        instant=datetime.fromisoformat,
        isoweek=isoweek,
        telephone=telephone,
        local_date=local_date,
        listed=listed,
    )
