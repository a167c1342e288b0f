"""The pages of the words that families agree to, as an administrator and a privacy officer use them."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.audit.models import AuditEntry
from booking.consent.models import Wording
from booking.consent.rules import WordingPurpose
from booking.consent.texts_queries import current_texts, versions_of
from booking.libraries.rules import Language
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import make_account

Arranging = Callable[[], AbstractContextManager[Session]]

PAGE = "/staff/texts/news/new"
NEWS = WordingPurpose.NEWS
NEW = {"words_nb": "Ja, skriv til meg.", "words_nn": "Ja, skriv til meg, de.", "words_en": "Yes, do write."}


def _signed_in(arranging: Arranging, browser: Browser, role: Role) -> Browser:
    with arranging() as session:
        account = make_account(session, role, password_hash=PASSWORD_HASH, totp_secret="sealed")
    browser.sign_in_as(account)
    return browser


@pytest.fixture
def admin(arranging: Arranging, browser: Browser) -> Browser:
    """The browser of an administrator."""
    return _signed_in(arranging, browser, Role.ADMIN)


@pytest.fixture
def officer(arranging: Arranging, browser: Browser) -> Browser:
    """The browser of the privacy officer."""
    return _signed_in(arranging, browser, Role.PRIVACY_OFFICER)


def _in_use(arranging: Arranging) -> dict[Language, str]:
    with arranging() as session:
        found = current_texts(session, purpose=NEWS)
        return {language: found[language].words for language in Language}


def _publish(browser: Browser, words: dict[str, str] | None = None) -> TestResponse:
    wanted = words or NEW
    looked_at = read_page(browser.post(PAGE, wanted).text).hidden["looked_at"]
    return browser.post(PAGE, {**wanted, "looked_at": looked_at})


def test_every_text_in_use_is_shown_with_its_version_day_and_digest(
    admin: Browser, arranging: Arranging
) -> None:
    page = admin.get("/staff/texts").text

    with arranging() as session:
        texts = session.scalars(select(Wording)).all()
    assert len(texts) == len(WordingPurpose) * len(Language)
    for text in texts:
        assert text.words in page
        assert text.digest[:12] in page
    assert "01/11/2026" in page
    assert page.count("Write new words") == len(WordingPurpose)


def test_nothing_is_published_before_it_was_looked_at(admin: Browser, arranging: Arranging) -> None:
    before = _in_use(arranging)

    looked_at = admin.post(PAGE, NEW)

    assert looked_at.status_code == 200
    for old, new in zip(before.values(), NEW.values(), strict=True):
        assert old in looked_at.text
        assert looked_at.text.count(new) == 2  # beside the old words, and in the form
    assert _in_use(arranging) == before


def test_the_second_press_publishes_in_all_languages_and_keeps_the_old_words(
    admin: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    before = _in_use(arranging)

    answer = _publish(admin)

    assert (answer.status_code, answer.location) == (303, "/staff/texts/news")
    assert list(_in_use(arranging).values()) == list(NEW.values())
    page = admin.get("/staff/texts/news").text
    assert "The new words are in use from now on." in page
    for words in (*before.values(), *NEW.values()):
        assert words in page
    with arranging() as session:
        versions = versions_of(session, purpose=NEWS)
        assert [text.version for text in versions[Language.NB]] == [2, 1]
        assert versions[Language.NB][0].published_at == clock()
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject) == ("texts_published", "wording")
    assert entry.facts == {"purpose": "news", "versions": {"nb": 2, "nn": 2, "en": 2}}


def test_a_language_whose_words_stay_keeps_its_version(admin: Browser, arranging: Arranging) -> None:
    before = _in_use(arranging)
    words = {f"words_{language.value}": text for language, text in before.items()}

    looked_at = admin.post(PAGE, {**words, "words_nn": NEW["words_nn"]})
    _publish(admin, {**words, "words_nn": NEW["words_nn"]})

    # Only what differs is shown to change; the others stand in the form alone.
    assert looked_at.text.count(before[Language.NN]) == 1
    assert looked_at.text.count(before[Language.NB]) == 1
    with arranging() as session:
        versions = versions_of(session, purpose=NEWS)
    assert {language: len(texts) for language, texts in versions.items()} == {
        Language.NB: 1,
        Language.NN: 2,
        Language.EN: 1,
    }


def test_whoever_looked_at_another_change_is_shown_this_one_first(
    admin: Browser, arranging: Arranging
) -> None:
    sign = read_page(admin.post(PAGE, NEW).text).hidden["looked_at"]
    _publish(admin, {**NEW, "words_en": "Somebody else was quicker."})

    answer = admin.post(PAGE, {**NEW, "looked_at": sign})

    assert answer.status_code == 200
    assert "Nothing is published yet" in answer.text
    assert "Somebody else was quicker." in answer.text
    assert _in_use(arranging)[Language.EN] == "Somebody else was quicker."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"words_nn": "  "}, "Write what is agreed to."),
        ({"words_en": "a" * 1501}, "Use at most 1,500 characters."),
        ({"words_en": "turned \u202e round"}, "This text holds invisible signs"),
    ],
)
def test_words_that_cannot_stand_are_refused_with_everything_kept(
    admin: Browser, arranging: Arranging, change: dict[str, str], told: str
) -> None:
    before = _in_use(arranging)

    answer = admin.post(PAGE, {**NEW, **change})

    assert answer.status_code == 422
    assert told in answer.text
    assert NEW["words_nb"] in answer.text
    assert _in_use(arranging) == before


def test_the_words_in_use_are_no_new_version(admin: Browser, arranging: Arranging) -> None:
    words = {f"words_{language.value}": text for language, text in _in_use(arranging).items()}

    answer = admin.post(PAGE, words)

    assert answer.status_code == 422
    assert "These words are in use already." in answer.text


def test_pasted_words_are_tidied_before_they_are_compared(admin: Browser, arranging: Arranging) -> None:
    words = {f"words_{language.value}": f"  {text}\r\n" for language, text in _in_use(arranging).items()}

    assert admin.post(PAGE, words).status_code == 422


def test_there_is_no_page_of_a_purpose_that_is_none(admin: Browser) -> None:
    for address in ("/staff/texts/nothing", "/staff/texts/nothing/new"):
        assert admin.get(address).status_code == 404
    assert admin.post("/staff/texts/nothing/new", NEW).status_code == 404


def test_the_privacy_officer_reads_every_version_and_changes_none(officer: Browser) -> None:
    for address in ("/staff/texts", "/staff/texts/news"):
        page = officer.get(address)
        assert page.status_code == 200
        assert "Write new words" not in page.text
    assert officer.get(PAGE).status_code == 404
    assert officer.post(PAGE, NEW).status_code == 404
