"""Promises about words: each refusal has a sentence, each sentence is said in bokmål and nynorsk."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask

import booking
from booking import create_app
from booking.errors import Refusal
from booking.i18n import has_words
from tests.conftest import settings_for
from words import LANGUAGES, gaps

CODE = Path(booking.__file__).parent


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Yield every kind of refusal that can be raised; one that only gathers others needs no code."""
    for refusal in kind.__subclasses__():
        if hasattr(refusal, "code") or not refusal.__subclasses__():
            yield refusal
        yield from refusals(refusal)


def sentences() -> Iterator[str]:
    for path in sorted(CODE.rglob("messages.py")):
        name = ".".join(path.relative_to(CODE.parent).with_suffix("").parts)
        yield from getattr(importlib.import_module(name), "WORDS", {}).values()


def catalogue(language: str) -> Catalog:
    with (CODE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(autouse=True, scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The service, which knows the sentences of all its rooms."""
    folder = tmp_path_factory.mktemp("words")
    return create_app(settings_for(folder, f"sqlite:///{folder / 'booking.db'}"))


@pytest.mark.parametrize("refusal", list(refusals()), ids=lambda refusal: str(refusal.__name__))
def test_a_refusal_has_a_sentence(refusal: type[Refusal]) -> None:
    assert has_words(refusal.code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_for_a_refusal_is_said_in_both_kinds_of_norwegian(language: str) -> None:
    said = catalogue(language)

    assert [text for text in sentences() if not (text in said and said[text].string)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_place_that_its_sentence_has(language: str) -> None:
    assert list(gaps(catalogue(language))) == []


def a_catalogue(sentence: str | tuple[str, str], said: str | tuple[str, str]) -> Catalog:
    made = Catalog(locale="nb")
    made.add(sentence, said)
    return made


def test_a_sentence_that_nobody_has_translated_is_a_gap() -> None:
    assert list(gaps(a_catalogue("Sign up", ""))) == ["not translated: Sign up"]


def test_a_plural_that_is_only_half_translated_is_a_gap() -> None:
    assert len(list(gaps(a_catalogue(("%(num)s place", "%(num)s places"), ("%(num)s plass", ""))))) == 1


def test_a_translation_that_names_another_place_is_a_gap() -> None:
    assert len(list(gaps(a_catalogue("at %(time)s", "kl. %(tid)s")))) == 1


def test_a_guess_is_a_gap() -> None:
    guessed = a_catalogue("Sign up", "Meld på")
    guessed["Sign up"].flags.add("fuzzy")

    assert len(list(gaps(guessed))) == 1


def test_a_sentence_that_is_said_is_no_gap() -> None:
    assert list(gaps(a_catalogue("Sign up", "Meld på"))) == []
