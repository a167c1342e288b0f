"""The form of the national library statistics: its rows are data, as they change from year to year."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

OWN_FORM: Final = Path(__file__).parent / "national_form.toml"
FILE_NAME: Final = OWN_FORM.name
_LANGUAGES: Final = frozenset({"nb", "nn", "en"})


class UnreadableForm(Exception):  # noqa: N818 – read by the one who runs the house, as a sentence
    """The file tells of no form, or tells something that cannot be; the text says what."""


@dataclass(frozen=True, kw_only=True)
class FormLine:
    """A column or a row of the form: its words, and what fits it. An empty list fits everything."""

    code: str
    words: Mapping[str, str]
    fits: Mapping[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class FormPart:
    """A part of the form: every counted meeting stands in one of its rows."""

    code: str
    words: Mapping[str, str]
    rows: tuple[FormLine, ...]


@dataclass(frozen=True, kw_only=True)
class NationalForm:
    """The whole form, and what is no event at all."""

    leaves_out_kinds: frozenset[str]
    leaves_out_types: frozenset[str]
    columns: tuple[FormLine, ...]
    parts: tuple[FormPart, ...]


def form_in_use(instance: Path) -> NationalForm:
    """Return the form that the house has put in its folder, or else the one that comes along."""
    theirs = instance / FILE_NAME
    return read_form(theirs if theirs.exists() else OWN_FORM)


def read_form(path: Path = OWN_FORM) -> NationalForm:
    """Return the form that the file tells of, or raise UnreadableForm with one sentence."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        form = NationalForm(
            leaves_out_kinds=_names(told["leaves_out_kinds"]),
            leaves_out_types=_names(told["leaves_out_types"]),
            columns=tuple(_line(each, ("responsibilities",)) for each in told["column"]),
            parts=tuple(_part(each) for each in told["part"]),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        message = f"{path.name} cannot be read: {error}."
        raise UnreadableForm(message) from error
    except KeyError as error:
        message = f"{path.name}: {error} is missing."
        raise UnreadableForm(message) from error
    _check(form, path.name)
    return form


def _part(told: Mapping[str, Any]) -> FormPart:
    rows = tuple(_line(each, ("types", "targets")) for each in told["row"])
    return FormPart(code=str(told["code"]), words=_words(told), rows=rows)


def _line(told: Mapping[str, Any], lists: tuple[str, ...]) -> FormLine:
    fits = {name: _names(told.get(name, [])) for name in lists}
    return FormLine(code=str(told["code"]), words=_words(told), fits=fits)


def _words(told: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: str(told[language]) for language in _LANGUAGES}


def _names(told: list[Any]) -> frozenset[str]:
    return frozenset(str(each) for each in told)


def _check(form: NationalForm, name: str) -> None:
    for part in form.parts:
        # Otherwise a meeting could stand nowhere, and the sums would be short without a word.
        if not part.rows or any(part.rows[-1].fits.values()):
            message = f"{name}: the last row of {part.code} must fit everything."
            raise UnreadableForm(message)
    codes = [line.code for line in form.columns]
    if not codes or len(set(codes)) != len(codes):
        message = f"{name}: each column needs a code of its own."
        raise UnreadableForm(message)
