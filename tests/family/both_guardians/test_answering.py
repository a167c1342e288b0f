"""Two yeses make a consent; a no, silence and words that were changed make none."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from booking.consent.models import Consent, Wording
from booking.consent.operations import publish_wording
from booking.consent.rules import Capacity, RestsOn, Step
from booking.consent.shared_models import Accord, HalfYes
from booking.family.renewal_operations import ask_about_endings
from booking.family.shared_telling import end_half_yeses
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account
from tests.family.entering import come_in, everything
from tests.family.sharing import (
    FATHER,
    IN_HERE,
    IN_PRINT,
    MOTHER,
    ON_THE_WEB,
    Arranging,
    ask_father,
    asked_on,
    fathers_page,
    newest,
    newest_digest,
    others,
    say_yes,
    send_again,
    standing,
    steps,
    waiting,
    youth_with_leave,
)


def test_two_yeses_make_a_consent_that_tells_of_both(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    assert standing(arranging) == {IN_HERE}
    clock.forward(minutes=5)

    assert say_yes(browser, asked) == 303

    assert standing(arranging) == {IN_HERE, ON_THE_WEB, IN_PRINT}
    assert waiting(arranging) == set()
    with arranging() as session:
        rows = session.execute(
            select(Consent, Accord, Wording)
            .join(Accord, Accord.consent_id == Consent.id)
            .join(Wording, Wording.id == Accord.other_wording_id)
        ).all()
        assert len(rows) == 2
        for consent, accord, wording in rows:
            assert (accord.rests_on, accord.other_capacity) == (RestsOn.BOTH, Capacity.PARENT)
            assert accord.other_said_at == consent.at == clock()
            assert accord.first_said_at < consent.at
            assert wording.purpose is consent.purpose
    assert [
        newest(arranging, "pictures_agreed").address,
        newest(arranging, "pictures_other_thanked").address,
    ] == [
        MOTHER,
        FATHER,
    ]


def test_what_the_second_does_not_tick_is_a_no(browser: Browser, arranging: Arranging, asked: str) -> None:
    first, _second = asked_on(browser, asked)

    assert say_yes(browser, asked, first) == 303

    assert standing(arranging) == {IN_HERE, ON_THE_WEB}
    assert waiting(arranging) == set()


@pytest.mark.parametrize("missing", ["consents", "declared"])
def test_the_second_ticks_something_and_says_that_the_responsibility_is_theirs(
    browser: Browser, arranging: Arranging, asked: str, missing: str
) -> None:
    told = {"consents": asked_on(browser, asked), "declared": "y"}
    del told[missing]

    answer = browser.submit(asked, told, to=f"{asked}/yes")

    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text
    assert standing(arranging) == {IN_HERE}


def test_opening_either_page_changes_nothing(
    browser: Browser, arranging: Arranging, page: str, asked: str
) -> None:
    before = everything(arranging)

    for address in (asked, f"{page}/pictures"):
        for _time in range(2):
            assert browser.get(address).status_code == 200

    assert everything(arranging) == before


def test_a_link_that_was_passed_on_says_yes_once_and_opens_nothing_else(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    numbers = asked_on(browser, asked)
    shown = browser.get(asked)
    told = {"consents": numbers, "declared": "y"}
    assert browser.submit(asked, told, to=f"{asked}/yes").status_code == 303
    before = steps(arranging)

    again = send_again(browser, shown, f"{asked}/yes", told)

    assert again == 303
    assert "Nothing waits for an answer here" in browser.get(asked).text
    assert steps(arranging) == before
    secret = asked.rpartition("/")[2]
    for other in (f"/signups/{secret}", f"/confirm/{secret}", f"/consents/{secret}", f"/offers/{secret}"):
        assert browser.get(other).status_code == 404


@pytest.mark.parametrize("how", ["no", "unknown"])
def test_a_no_ends_it_erases_the_address_and_tells_the_first_no_more_than_that(
    browser: Browser, arranging: Arranging, page: str, asked: str, how: str
) -> None:
    assert browser.submit(asked, {}, to=f"{asked}/{how}").status_code == 303

    assert standing(arranging) == {IN_HERE}
    assert waiting(arranging) == set()
    assert others(arranging) == []
    assert browser.get(asked).status_code == 404
    assert browser.post(f"{asked}/{how}").status_code == 404
    with arranging() as session:
        assert session.scalars(select(Letter).where(Letter.address == FATHER)).all() == []
        assert session.scalars(select(Signup.state)).one() is SignupState.CONFIRMED
    assert newest(arranging, "pictures_not_agreed").address == MOTHER


def test_silence_is_a_no_and_after_a_fortnight_nothing_is_left_of_the_question(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    clock.forward(days=14)
    with arranging() as session:
        assert [end_half_yeses(session, clock), end_half_yeses(session, clock)] == [1, 0]

    assert steps(arranging) == [Step.GIVEN]
    assert (waiting(arranging), others(arranging)) == (set(), [])
    assert newest(arranging, "pictures_not_agreed").address == MOTHER
    assert browser.get(asked).status_code == 404


def test_a_yes_after_the_fortnight_is_too_late_though_no_job_has_noticed(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    shown, told = browser.get(asked), {"consents": asked_on(browser, asked), "declared": "y"}
    with arranging() as session:
        for half in session.scalars(select(HalfYes)):
            half.runs_out_at = clock()

    assert send_again(browser, shown, f"{asked}/yes", told) == 303
    assert standing(arranging) == {IN_HERE}


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE accord SET declared_at = other_said_at, first_said_at = other_said_at",
        "UPDATE accord SET other_wording_id = 1",
        "UPDATE accord SET other_capacity = 'other_guardian'",
    ],
)
def test_the_database_lets_nobody_rewrite_what_both_agreed_to(
    browser: Browser, arranging: Arranging, asked: str, rewriting: str
) -> None:
    say_yes(browser, asked)

    with arranging() as session:
        assert session.scalars(select(Accord)).all()
        with pytest.raises(DBAPIError, match="nobody rewrites"), session.begin_nested():
            session.execute(sql(rewriting))
        # Who the other one was may be forgotten, and the rest stands.
        session.execute(sql("UPDATE accord SET other_guardian_id = NULL"))


def test_neither_is_shown_how_the_other_is_reached(
    browser: Browser, arranging: Arranging, page: str, asked: str
) -> None:
    def seen_by_mother() -> str:
        come_in(browser, arranging, MOTHER)
        told = "".join(browser.get(each).text for each in (page, f"{page}/pictures", "/my", "/my/data"))
        return told + browser.get("/my/data.json").text

    before, his = seen_by_mother(), browser.get(asked).text
    say_yes(browser, asked)
    after, his_after = seen_by_mother(), browser.get(asked).text

    for text in (before, after):
        assert FATHER not in text
    for text in (his, his_after):
        assert MOTHER not in text
        assert "Mor Eksempel" not in text
    with arranging() as session:
        for letter in session.scalars(select(Letter)):
            told = str(letter.facts)
            assert FATHER not in told
            assert letter.address != FATHER or not any(word in told for word in (MOTHER, "Mor Eks", "Ada"))


def test_words_that_were_changed_meanwhile_are_read_first(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    shown, told = browser.get(asked), {"consents": asked_on(browser, asked), "declared": "y"}
    with arranging() as session:
        publish_wording(session, clock, purpose=ON_THE_WEB, language=Language.EN, words="Other words.")

    assert send_again(browser, shown, f"{asked}/yes", told) == 422
    assert standing(arranging) == {IN_HERE}


def test_of_a_youths_pictures_the_guardian_answers_and_the_youth_only_sees(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    youths, guardians = youth_with_leave(browser, arranging)
    assert waiting(arranging) == {ON_THE_WEB}
    assert newest(arranging, "signup_confirmed").facts["asks_of_pictures"] is False
    assert newest(arranging, "signup_guardian_thanked").facts["asks_of_pictures"] is True

    by_youth = browser.post(f"{youths}/pictures", {"who": "alone"})
    shown = browser.get(f"{youths}/pictures").text

    assert by_youth.status_code == 303
    assert steps(arranging) == []
    assert 'name="who"' not in shown
    ask_father(browser, guardians)
    assert newest(arranging, "pictures_other_asked").address == FATHER
    assert say_yes(browser, fathers_page(arranging)) == 303
    assert newest(arranging, "pictures_agreed").address == MOTHER
    assert steps(arranging) == [Step.GIVEN]


def test_a_youth_does_not_say_a_guardians_yes_again(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    _youths, guardians = youth_with_leave(browser, arranging)
    browser.submit(f"{guardians}/pictures", {"who": "alone"})
    with arranging() as session:
        consent = session.scalars(select(Consent)).one()
        assert consent.expires_at is not None
        ends_at, number = consent.expires_at, consent.id
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, "siri@example.org")

    assert f"/my/consents/{number}/yes" not in browser.get("/my").text
    browser.post(f"/my/consents/{number}/yes", {"words": newest_digest(arranging)})

    assert steps(arranging) == [Step.GIVEN]
    with arranging() as session:
        assert ask_about_endings(session, clock) == 0


def test_what_waits_is_told_to_staff_without_an_address(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    with arranging() as session:
        signup = session.scalars(select(Signup)).one()
        occasion_id, signup_id = signup.occasion_id, signup.id
        library = session.scalars(select(Library)).first()
        librarian = make_account(session, Role.LIBRARIAN, library=library)
    browser.sign_in_as(librarian)

    shown = browser.get(f"/staff/occasions/{occasion_id}/sign-ups/{signup_id}").text

    assert "Waits for the other guardian" in shown
    assert FATHER not in shown
