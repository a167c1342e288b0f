"""Pictures that everybody can see take a yes from both guardians, and either takes it back."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from booking.audit.models import Actor, AuditEntry
from booking.consent.carrying_operations import carry_along
from booking.consent.models import Consent, Wording
from booking.consent.operations import publish_wording
from booking.consent.rules import Capacity, RestsOn, Step, WordingPurpose
from booking.consent.shared_models import Accord, HalfYes
from booking.family.renewal_operations import ask_about_endings
from booking.family.shared_telling import end_half_yeses
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Family, OtherGuardian, Participant
from booking.privacy.operations import erase_family
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.sending import still_holds
from booking.signups.taking import take_occasion
from booking.signups.time_operations import end_holds
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity
from tests.family.entering import come_in, everything
from tests.family.sharing import (
    FATHER,
    INSIDE,
    MOTHER,
    PRINT,
    WEB,
    Arranging,
    ask_father,
    asked_on,
    count_letters,
    fathers_page,
    form_that_asks,
    newest,
    others,
    say_yes,
    send_again,
    sign_up,
    standing,
    steps,
    waiting,
)
from tests.signups.asking import HOLDS, SEAL, open_occasion

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
ON_THE_WEB, IN_PRINT, IN_HERE = (
    WordingPurpose.PHOTO_WEB,
    WordingPurpose.PHOTO_PRINT,
    WordingPurpose.PHOTO_INTERNAL,
)


@pytest.fixture
def page(browser: Browser, arranging: Arranging) -> str:
    """Ada has a place, and her mother has said yes to three kinds of pictures; nobody else was asked."""
    return sign_up(browser, arranging, form_that_asks(arranging), INSIDE, WEB, PRINT)


@pytest.fixture
def asked(browser: Browser, arranging: Arranging, page: str) -> str:
    """Ada's father was written to: the address of his page."""
    ask_father(browser, page)
    return fathers_page(arranging)


def test_one_yes_is_enough_for_pictures_inside_and_half_a_yes_for_open_ones(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    shown = browser.get(page).text

    assert standing(arranging) == {IN_HERE}
    assert waiting(arranging) == {ON_THE_WEB, IN_PRINT}
    assert "One question is left" in shown
    assert newest(arranging, "signup_confirmed").facts["asks_of_pictures"] is True


def test_nothing_is_asked_where_pictures_stay_inside(browser: Browser, arranging: Arranging) -> None:
    form = form_that_asks(arranging, INSIDE)
    assert "parental responsibility" not in browser.get(form).text

    page = sign_up(browser, arranging, form, INSIDE)

    assert "One question is left" not in browser.get(page).text
    assert waiting(arranging) == set()
    assert newest(arranging, "signup_confirmed").facts["asks_of_pictures"] is False


def test_whoever_shares_it_must_tell_the_address_and_nothing_says_that_it_is_optional(
    browser: Browser, page: str
) -> None:
    opened = browser.get(f"{page}/pictures").text

    answer = browser.submit(f"{page}/pictures", {"who": "shared", "other_email": ""})

    assert "If you share it: the other guardian’s e-mail address" in opened
    assert "(optional)" not in opened
    assert answer.status_code == 422
    assert 'id="other_email-error"' in answer.text
    (chosen,) = [tag for tag in re.findall(r"<input[^>]*>", answer.text) if 'value="shared"' in tag]
    assert " checked" in chosen


def test_who_decides_alone_says_so_and_it_stands_and_is_on_record(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    assert browser.submit(f"{page}/pictures", {"who": "alone"}).status_code == 303

    assert standing(arranging) == {IN_HERE, ON_THE_WEB, IN_PRINT}
    with arranging() as session:
        accords = session.scalars(select(Accord)).all()
        assert {accord.rests_on for accord in accords} == {RestsOn.ALONE}
        assert len(accords) == 2
        assert session.scalars(select(AuditEntry.action)).all().count("pictures_agreed") == 1
    assert others(arranging) == []


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
    assert browser.post(f"{asked}/{how}").status_code == 303

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


@pytest.mark.parametrize("who", ["first", "second"])
def test_either_takes_back_alone_and_at_once(
    browser: Browser, arranging: Arranging, page: str, asked: str, who: str
) -> None:
    say_yes(browser, asked)
    fathers = fathers_page(arranging, "pictures_other_thanked")
    with arranging() as session:
        number = session.scalars(select(Consent.id).where(Consent.purpose == ON_THE_WEB)).one()
    button = f"{page}/consents/{number}/withdraw" if who == "first" else f"{fathers}/{number}/withdraw"
    assert f'action="{button}"' in browser.get(page if who == "first" else fathers).text

    for _twice in range(2):
        browser.post(button)

    assert standing(arranging) == {IN_HERE, IN_PRINT}
    assert steps(arranging).count(Step.WITHDRAWN) == 1


def test_when_nothing_rests_on_the_seconds_yes_any_more_they_are_erased(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    say_yes(browser, asked)
    with arranging() as session:
        numbers = session.scalars(select(Consent.id).where(Consent.purpose != IN_HERE)).all()
        end_half_yeses(session, clock)
    assert others(arranging) == [FATHER]
    for number in numbers:
        browser.post(f"{asked}/{number}/withdraw")

    with arranging() as session:
        end_half_yeses(session, clock)

    assert others(arranging) == []
    with arranging() as session:
        assert set(session.scalars(select(Accord.other_guardian_id))) == {None}
        assert session.scalars(select(Letter).where(Letter.address == FATHER)).all() == []


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


def test_before_the_first_address_is_confirmed_nobody_can_have_us_write_to_a_stranger(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    form = form_that_asks(arranging)
    browser.submit(
        form,
        {
            "contact_name": "En fremmed",
            "email": MOTHER,
            "permission": "y",
            "children-0-first_name": "Ada",
            "children-0-born": "2016",
            "children-0-municipality": "3401",
            "children-0-consents": [WEB],
            "children-0-child_answer": "yes",
        },
    )
    secret = newest(arranging, "signup_awaiting_email").facts["secret"]

    for kind in ("signups", "confirm"):
        told = {"who": "shared", "other_email": FATHER}
        assert browser.post(f"/{kind}/{secret}/pictures", told).status_code == 404
    assert browser.get("/my/signups/1/pictures").status_code in {303, 404}

    assert count_letters(arranging, to=FATHER) == 0
    clock.forward(days=2)
    with arranging() as session:
        end_holds(session, clock, holds=HOLDS)
    assert waiting(arranging) == set()


def test_a_place_that_waits_for_its_confirmation_lets_nobody_be_asked_even_with_its_own_link(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    with arranging() as session:
        session.scalars(select(Signup)).one().state = SignupState.AWAITING_EMAIL
        session.scalars(select(Family)).one().verified_at = None

    answer = browser.post(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 303
    assert "Nothing waits for an answer here" in browser.get(answer.location).text
    assert count_letters(arranging, to=FATHER) == 0


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


def test_a_wrong_address_is_put_right_and_the_letter_to_it_opens_nothing_any_more(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    ask_father(browser, page, "feil@example.org")
    wrong = fathers_page(arranging)
    first = newest(arranging, "pictures_other_asked")

    ask_father(browser, page)

    assert asked_on(browser, wrong) == []
    with arranging() as session:
        letter = session.get_one(Letter, first.id)
        assert not still_holds(session, clock, letter=letter)
        end_half_yeses(session, clock)
    assert browser.get(wrong).status_code == 404
    assert others(arranging) == [FATHER]
    assert len(asked_on(browser, fathers_page(arranging))) == 2


def test_nobody_is_written_to_again_and_again(browser: Browser, arranging: Arranging, page: str) -> None:
    for number in range(3):
        ask_father(browser, page, f"far-{number}@example.org")

    answer = browser.post(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 422
    assert count_letters(arranging, to=FATHER) == 0


def test_an_address_that_many_name_is_left_in_peace(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    with arranging() as session:
        child = session.scalars(select(Participant)).one()
        for number in range(5):
            family = Family(
                email=f"f{number}@example.org", contact_name="F", language=Language.NB, known_since=clock()
            )
            session.add(family)
            session.flush()
            sibling = Participant(
                family_id=family.id,
                person_key=f"key-{number}",
                first_name="Bo",
                birth_year=2016,
                municipality_code=child.municipality_code,
                known_since=clock(),
            )
            session.add(sibling)
            session.flush()
            session.add(
                OtherGuardian(
                    participant_id=sibling.id, email=FATHER, language=Language.NB, known_since=clock()
                )
            )

    answer = browser.submit(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 422
    assert "several times" in answer.text
    assert FATHER in answer.text
    assert count_letters(arranging, to=FATHER) == 0


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "Choose who decides"),
        ({"who": "both"}, "Choose who decides"),
        ({"who": "shared"}, "e-mail address"),
        ({"who": "shared", "other_email": "far"}, "e-mail address"),
        ({"who": "shared", "other_email": MOTHER.upper()}, "your own address"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    browser: Browser, arranging: Arranging, page: str, told: dict[str, str], words: str
) -> None:
    before = everything(arranging)

    answer = browser.submit(f"{page}/pictures", told)

    assert answer.status_code == 422
    assert words in answer.text
    assert everything(arranging) == before


def test_the_first_takes_the_half_yes_back_and_the_second_is_asked_nothing(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    letter = newest(arranging, "pictures_other_asked").id

    assert browser.post(f"{page}/pictures/take-back").status_code == 303

    assert (waiting(arranging), asked_on(browser, asked)) == (set(), [])
    with arranging() as session:
        assert not still_holds(session, clock, letter=session.get_one(Letter, letter))


def test_words_that_were_changed_meanwhile_are_read_first(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    shown, told = browser.get(asked), {"consents": asked_on(browser, asked), "declared": "y"}
    with arranging() as session:
        publish_wording(session, clock, purpose=ON_THE_WEB, language=Language.EN, words="Other words.")

    assert send_again(browser, shown, f"{asked}/yes", told) == 422
    assert standing(arranging) == {IN_HERE}


def test_with_the_shield_on_nothing_waits_and_nothing_stands(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        number = session.scalars(select(Participant.id)).one()
    shown, told = browser.get(asked), {"consents": asked_on(browser, asked), "declared": "y"}

    browser.post(f"/my/children/{number}/shielded")

    assert send_again(browser, shown, f"{asked}/yes", told) == 303
    assert (waiting(arranging), standing(arranging)) == (set(), set())


def test_whose_place_was_given_back_is_asked_about_no_more(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    browser.post(f"{page}/withdraw")

    assert asked_on(browser, asked) == []
    with arranging() as session:
        end_half_yeses(session, clock)
    assert (waiting(arranging), others(arranging)) == (set(), [])
    with arranging() as session:
        told = select(func.count(Letter.id)).where(Letter.template == "pictures_not_agreed")
        assert session.scalar(told) == 0


def test_a_family_answers_on_its_own_page_too(browser: Browser, arranging: Arranging, page: str) -> None:
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        number = session.scalars(select(Signup.id)).one()
    assert f"/my/signups/{number}/pictures" in browser.get("/my").text

    ask_father(browser, f"/my/signups/{number}")

    assert others(arranging) == [FATHER]
    assert "Waits for the other guardian" in browser.get("/my").text


def test_erasing_the_family_erases_the_other_guardian_and_every_half_yes(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    with arranging() as session:
        family_id = session.scalars(select(Family.id)).one()
        erase_family(session, clock, family_id=family_id, actor=Actor.FAMILY)

    assert (waiting(arranging), others(arranging)) == (set(), [])
    assert browser.get(asked).status_code == 404
    with arranging() as session:
        assert session.scalars(select(Letter).where(Letter.address.is_not(None))).all() == []


def test_a_child_that_does_not_want_it_lets_nothing_wait(browser: Browser, arranging: Arranging) -> None:
    sign_up(browser, arranging, form_that_asks(arranging), WEB, answer="unsure")

    assert waiting(arranging) == set()
    assert steps(arranging) == []


def test_after_a_year_both_are_asked_again(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    say_yes(browser, asked)
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        consent = session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()
        assert consent.expires_at is not None
        ends_at, number = consent.expires_at, consent.id
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, MOTHER)
    digest = newest_digest(arranging)

    answer = browser.post(f"/my/consents/{number}/yes", {"words": digest})

    assert answer.status_code == 303
    assert steps(arranging).count(Step.RENEWED) == 0
    assert waiting(arranging) == {ON_THE_WEB}
    again = fathers_page(arranging)
    assert again != asked
    assert say_yes(browser, again) == 303
    assert steps(arranging)[-1] is Step.RENEWED
    with arranging() as session:
        renewed = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert renewed is not None
        assert session.get_one(Accord, renewed.id).rests_on is RestsOn.BOTH
        assert renewed.expires_at is not None
        assert renewed.expires_at > ends_at


def test_a_yes_from_before_is_said_again_only_when_it_is_known_who_decides(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    browser.submit(f"{page}/pictures", {"who": "alone"})
    with arranging() as session:
        for accord in session.scalars(select(Accord)):
            session.delete(accord)
        consent = session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()
        assert consent.expires_at is not None
        ends_at, number, signup = consent.expires_at, consent.id, session.scalars(select(Signup.id)).one()
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, MOTHER)

    answer = browser.post(f"/my/consents/{number}/yes", {"words": newest_digest(arranging)})

    assert answer.location == f"/my/signups/{signup}/pictures"
    assert steps(arranging).count(Step.RENEWED) == 0
    browser.submit(answer.location, {"who": "alone"})
    assert steps(arranging)[-1] is Step.RENEWED


def newest_digest(arranging: Arranging) -> str:
    with arranging() as session:
        words = select(Wording).where(Wording.purpose == ON_THE_WEB, Wording.language == Language.EN)
        wording = session.scalars(words.order_by(Wording.version.desc())).first()
        assert wording is not None
        return wording.digest


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


def youth_with_leave(browser: Browser, arranging: Arranging) -> tuple[str, str]:
    """A youth of fourteen has a place, and the guardian has said yes to pictures: the pages of both."""
    with arranging() as session:
        activity = make_activity(session, grade_from=None, grade_to=None, photo_channels=[WEB])
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"
    asked = browser.submit(
        f"{form}/myself",
        {
            "first_name": "Siri",
            "born": "2012",
            "municipality": "3401",
            "email": "siri@example.org",
            "guardian_email": MOTHER,
            "permission": "y",
        },
    )
    code = newest(arranging, "signup_awaiting_email").facts["code"]
    done = browser.submit(asked.location, {"code": code}, to=f"{form}/code")
    guardians = f"/confirm/{newest(arranging, 'signup_guardian_asked').facts['secret']}"
    told = {"permission": "y", "consents": [WEB], "child_answer": "yes"}
    assert browser.submit(guardians, told, to=f"{guardians}/yes").status_code == 303
    return str(done.location), guardians


@pytest.mark.parametrize("language", list(Language))
def test_the_letter_to_the_other_guardian_is_short_and_tells_nothing_of_a_child(
    app: Flask, arranging: Arranging, asked: str, language: Language
) -> None:
    letter = newest(arranging, "pictures_other_asked")
    letter.language = language

    with app.app_context():
        mail = render_letter(letter, sender=SENDER, now=NOON)

    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    for words in (*parts, str(mail["Subject"])):
        for hidden in ("Ada", "Mor Eksempel", MOTHER, "Games evening"):
            assert hidden not in words
    assert all(asked in words for words in parts)


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


def test_a_moved_place_takes_along_what_waits_and_what_both_have_said(
    arranging: Arranging, browser: Browser, clock: StoppedClock, asked: str
) -> None:
    first, _second = asked_on(browser, asked)
    say_yes(browser, asked, first)
    with arranging() as session:
        signup = session.scalars(select(Signup)).one()
        session.add(half_like(session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()))
        here = take_occasion(session, signup.occasion_id)
        there = open_occasion(session, activity=here.activity)
        carry_along(
            session,
            clock,
            participant_id=signup.participant_id,
            here=here,
            there=there,
            account_id=make_account(session, Role.LIBRARIAN, library=here.activity.library).id,
            seal=SEAL,
        )
        new = session.scalars(
            select(Consent).where(Consent.purpose == ON_THE_WEB, Consent.occasion_id == there.id)
        ).one()
        assert session.get_one(Accord, new.id).rests_on is RestsOn.BOTH
        assert session.scalars(select(HalfYes.occasion_id)).all() == [there.id]


def half_like(consent: Consent) -> HalfYes:
    return HalfYes(
        participant_id=consent.participant_id,
        occasion_id=consent.occasion_id,
        purpose=IN_PRINT,
        library_id=consent.library_id,
        wording_id=consent.wording_id,
        capacity=consent.capacity,
        established=consent.established,
        way=consent.way,
        child_answer=consent.child_answer,
        age_rule_id=consent.age_rule_id,
        said_at=consent.at,
        runs_out_at=consent.at + timedelta(days=14),
    )
