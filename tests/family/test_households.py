"""Several children on one form, and the six digits that confirm them, on both databases."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.consent.models import Consent, NeedsNote
from booking.consent.rules import Step, WordingPurpose
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Participant
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.time_operations import end_holds
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_activity, make_family, make_participant, make_signup
from tests.family.entering import come_in
from tests.signups.asking import HOLDS, count_of, letters, open_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
CONTACT = {"contact_name": "Ola Eksempel", "email": "ola@example.org", "permission": "y"}
ADA_AND_BO = {
    **CONTACT,
    "children-0-first_name": "Ada",
    "children-0-born": "2016",
    "children-0-municipality": "3401",
    "children-1-first_name": "Bo",
    "children-1-born": "5. trinn",
    "children-1-municipality": "3401",
}


def form_for(arranging: Arranging, **changes: Any) -> str:
    with arranging() as session:
        return f"/occasions/{open_occasion(session, **changes).id}/sign-up"


def asking_form(arranging: Arranging, **asks: Any) -> str:
    with arranging() as session:
        activity = make_activity(session, **asks)
        return f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"


def states(arranging: Arranging) -> dict[str, SignupState]:
    with arranging() as session:
        rows = session.execute(select(Participant.first_name, Signup.state).join(Signup.participant))
        return {str(row[0]): SignupState(row[1]) for row in rows}


def code_in_letter(arranging: Arranging) -> str:
    with arranging() as session:
        letter = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
        return str(letter.facts["code"])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_two_children_with_one_form_one_letter_and_one_code(browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging)

    asked = browser.submit(form, ADA_AND_BO)
    page = browser.get(asked.location)
    done = browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")

    assert page.text.count("Place held, not yet confirmed") == 2
    assert done.status_code == 303
    assert states(arranging) == {"Ada": SignupState.CONFIRMED, "Bo": SignupState.CONFIRMED}
    with arranging() as session:
        assert letters(session) == ["signup_awaiting_email", "signup_confirmed"]
        confirmed = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
        assert confirmed.facts["children"] == ["Ada", "Bo"]
        assert len({place["secret"] for place in confirmed.facts["places"]}) == 2


def test_one_more_child_can_be_written_and_nothing_is_lost(browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging)

    page = browser.submit(form, {**ADA_AND_BO, "more": "1"})

    assert page.status_code == 200
    assert 'name="children-2-first_name"' in page.text
    for kept in ('value="Ada"', 'value="Bo"', 'value="5. trinn"', 'value="Ola Eksempel"'):
        assert kept in page.text
    assert states(arranging) == {}


def test_a_sibling_that_was_left_blank_is_left_out(browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging)

    browser.submit(form, {**ADA_AND_BO, "children-1-first_name": "", "children-1-born": ""})

    assert states(arranging) == {"Ada": SignupState.AWAITING_EMAIL}


def test_the_reason_stands_with_the_child_and_all_that_was_typed_is_there(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging)

    answer = browser.submit(form, {**ADA_AND_BO, "children-1-born": "2009"})

    assert answer.status_code == 422
    assert 'id="children-1-born-error"' in answer.text
    assert 'id="children-0-born-error"' not in answer.text
    assert 'value="Ada"' in answer.text
    assert states(arranging) == {}


def test_with_places_for_some_only_the_page_says_so_before_anything_is_lost(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging, capacity=1)

    first = browser.submit(form, ADA_AND_BO)
    chosen = browser.submit(form, {**ADA_AND_BO, "if_not_all": "those_that_fit"})

    assert first.status_code == 422
    assert "There are places for 1 of 2 children. Nothing is sent yet" in first.text
    assert chosen.status_code == 303
    assert states(arranging) == {"Ada": SignupState.AWAITING_EMAIL, "Bo": SignupState.QUEUED}


def test_siblings_can_wait_together(browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging, capacity=1)

    browser.submit(form, {**ADA_AND_BO, "if_not_all": "wait_together"})

    assert set(states(arranging).values()) == {SignupState.QUEUED}


def test_a_wrong_code_says_how_often_one_may_try_and_the_link_still_works(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging)
    asked = browser.submit(form, ADA_AND_BO)
    wrong = other_than(code_in_letter(arranging))

    answers = [browser.submit(asked.location, {"code": wrong}, to=f"{form}/code") for _ in range(6)]
    right = browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")

    assert "you can try 4 more times" in answers[0].text
    assert "can no longer be used" in answers[4].text
    assert right.status_code == 422
    with arranging() as session:
        secret = session.scalars(select(Letter)).one().facts["secret"]
    browser.post(f"/confirm/{secret}")
    assert set(states(arranging).values()) == {SignupState.CONFIRMED}


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567"])
def test_what_is_no_code_is_not_counted_as_a_try(browser: Browser, arranging: Arranging, typed: str) -> None:
    form = form_for(arranging)
    asked = browser.submit(form, ADA_AND_BO)

    for _ in range(6):
        assert browser.submit(asked.location, {"code": typed}, to=f"{form}/code").status_code == 422
    right = browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")

    assert right.status_code == 303


def test_another_browser_cannot_type_the_code(app: Flask, browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging)
    browser.submit(form, ADA_AND_BO)
    stranger = Browser(app)
    stranger.submit(form, {**ADA_AND_BO, "email": "kari@example.org"})
    with arranging() as session:
        mine = session.scalars(select(Letter).order_by(Letter.id)).first()
        assert mine is not None
        code = mine.facts["code"]

    answer = stranger.submit(f"{form}/asked", {"code": code}, to=f"{form}/code")

    assert answer.status_code in {303, 422}
    assert states(arranging)["Ada"] is SignupState.AWAITING_EMAIL


def test_after_the_hold_the_code_gives_no_place(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    form = form_for(arranging)
    asked = browser.submit(form, ADA_AND_BO)
    code = code_in_letter(arranging)
    clock.forward(hours=24)

    browser.submit(asked.location, {"code": code}, to=f"{form}/code")

    assert SignupState.CONFIRMED not in states(arranging).values()


def test_boxes_stand_only_where_the_activity_asks_and_are_never_ticked(
    browser: Browser, arranging: Arranging
) -> None:
    plain = browser.get(form_for(arranging)).text
    asking = browser.get(asking_form(arranging, photo_channels=["photo_web"], asks_needs=True)).text

    assert "children-0-consents" not in plain
    assert "children-0-needs" not in plain
    assert asking.count('name="children-0-consents"') == 1
    assert "checked" not in asking


def test_refusing_everything_costs_nothing(browser: Browser, arranging: Arranging) -> None:
    form = asking_form(arranging, photo_channels=["photo_web", "photo_print"], asks_needs=True)

    asked = browser.submit(form, ADA_AND_BO)
    browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")

    assert set(states(arranging).values()) == {SignupState.CONFIRMED}
    with arranging() as session:
        assert count_of(session, Consent) == 0


def test_a_yes_for_one_child_is_none_for_its_sibling(browser: Browser, arranging: Arranging) -> None:
    form = asking_form(arranging, photo_channels=["photo_internal", "photo_print"], asks_needs=True)

    browser.submit(
        form,
        {
            **ADA_AND_BO,
            "children-1-consents": "photo_internal",
            "children-1-child_answer": "yes",
            "children-0-needs": "no_nuts",
            "children-0-needs_agreed": "y",
            "news": "y",
        },
    )

    with arranging() as session:
        rows = session.execute(
            select(Participant.first_name, Consent.purpose).join(
                Consent, Consent.participant_id == Participant.id
            )
        )
        assert {tuple(row) for row in rows} == {
            ("Bo", WordingPurpose.PHOTO_INTERNAL),
            ("Ada", WordingPurpose.NEEDS),
            ("Ada", WordingPurpose.NEWS),
        }
        assert "no_nuts" not in session.scalars(select(NeedsNote.sealed)).one()


def test_needs_without_the_tick_are_asked_about_and_not_kept(browser: Browser, arranging: Arranging) -> None:
    form = asking_form(arranging, asks_needs=True)

    answer = browser.submit(form, {**ADA_AND_BO, "children-1-needs": "no_nuts"})

    assert answer.status_code == 422
    assert 'id="children-1-needs-error"' in answer.text
    assert states(arranging) == {}


def test_a_yes_is_taken_back_with_one_press_from_the_letter(browser: Browser, arranging: Arranging) -> None:
    form = asking_form(arranging, photo_channels=["photo_internal"])
    asked = browser.submit(
        form, {**ADA_AND_BO, "children-0-consents": "photo_internal", "children-0-child_answer": "yes"}
    )
    done = browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")
    page = browser.get(done.location).text
    button = re.search(r'action="(/signups/[^"]+/consents/\d+/withdraw)"', page)
    assert button

    for _ in range(2):
        after = browser.get(browser.post(button[1]).location).text
        assert "take down those that hang in the library" in after
        assert button[1] not in after

    with arranging() as session:
        steps = session.scalars(select(Consent.step).order_by(Consent.id)).all()
        assert steps == [Step.GIVEN, Step.WITHDRAWN]


def test_nobody_takes_back_a_yes_of_another_child(browser: Browser, arranging: Arranging) -> None:
    form = asking_form(arranging, photo_channels=["photo_internal"])
    asked = browser.submit(
        form, {**ADA_AND_BO, "children-1-consents": "photo_internal", "children-1-child_answer": "yes"}
    )
    done = browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{form}/code")
    with arranging() as session:
        of_bo = session.scalars(select(Consent.id)).one()

    answer = browser.post(f"{done.location}/consents/{of_bo}/withdraw")

    assert answer.status_code == 404


def test_what_a_stranger_ticked_is_forgotten_when_nobody_answers(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    form = asking_form(arranging, photo_channels=["photo_internal"], asks_needs=True)
    browser.submit(
        form,
        {
            **ADA_AND_BO,
            "children-0-consents": "photo_internal",
            "children-0-child_answer": "yes",
            "children-0-needs": "no_nuts",
            "children-0-needs_agreed": "y",
            "news": "y",
        },
    )
    with arranging() as session:
        secret = session.scalars(select(Letter)).one().facts["secret"]

    browser.post(f"/confirm/{secret}/not-me")

    with arranging() as session:
        assert [count_of(session, table) for table in (Signup, Consent, NeedsNote, Participant)] == [0] * 4


def test_what_a_stranger_ticks_for_a_known_child_is_forgotten_when_the_time_runs_out(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.tick()
    first, second = form_for(arranging), asking_form(arranging, photo_channels=["photo_internal"])
    asked = browser.submit(first, ADA_AND_BO)
    browser.submit(asked.location, {"code": code_in_letter(arranging)}, to=f"{first}/code")
    clock.forward(hours=2)
    pictures = {"children-0-consents": "photo_internal", "children-0-child_answer": "yes"}
    browser.submit(second, {**ADA_AND_BO, **pictures, "news": "y"})
    with arranging() as session:
        assert count_of(session, Consent) == 2

    clock.forward(hours=25)
    with arranging() as session:
        end_holds(session, clock, holds=HOLDS)

    with arranging() as session:
        assert (count_of(session, Consent), count_of(session, Participant)) == (0, 2)


def test_a_known_family_ticks_its_children_and_has_its_places_at_once(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging)
    with arranging() as session:
        family = make_family(session, email="ola@example.org")
        for name in ("Ada", "Bo"):
            make_participant(session, family=family, first_name=name)
    come_in(browser, arranging)
    page = browser.get(form).text
    assert 'name="email"' not in page

    asked = browser.submit(form, {"children-1-wanted": "y", "permission": "y"})

    assert asked.status_code == 303
    assert states(arranging) == {"Bo": SignupState.CONFIRMED}
    with arranging() as session:
        assert letters(session)[-1] == "signup_confirmed"
        assert count_of(session, Participant) == 2


def test_a_known_family_that_ticks_nobody_is_asked_to(browser: Browser, arranging: Arranging) -> None:
    form = form_for(arranging)
    with arranging() as session:
        make_participant(session, family=make_family(session, email="ola@example.org"))
    come_in(browser, arranging)

    answer = browser.submit(form, {"permission": "y"})

    assert answer.status_code == 422
    assert "Tick at least one child, or write one more." in answer.text


def test_a_child_that_is_in_already_takes_no_place_of_its_siblings(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion = open_occasion(session, capacity=2)
        family = make_family(session, email="ola@example.org")
        ada = make_participant(session, family=family)
        make_signup(session, occasion=occasion, participant=ada)
        make_participant(session, family=family, first_name="Bo")
    come_in(browser, arranging)

    browser.submit(
        f"/occasions/{occasion.id}/sign-up",
        {
            "children-0-wanted": "y",
            "children-1-wanted": "y",
            "permission": "y",
            "if_not_all": "those_that_fit",
        },
    )

    assert states(arranging) == {"Ada": SignupState.CONFIRMED, "Bo": SignupState.CONFIRMED}


def test_what_a_family_typed_or_is_known_by_is_kept_by_no_cache(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging)
    anybody = browser.get(form)
    refused = browser.submit(form, {**ADA_AND_BO, "email": ""})
    asked = browser.get(browser.submit(form, ADA_AND_BO).location)
    with arranging() as session:
        make_participant(session, family=make_family(session, email="kari@example.org"))
    come_in(browser, arranging, "kari@example.org")
    known = browser.get(form)

    assert anybody.headers["Cache-Control"] == "private, no-cache"
    assert {page.headers["Cache-Control"] for page in (refused, asked, known)} == {"no-store"}


def test_a_youth_at_a_familys_machine_answers_from_an_address_of_its_own(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        activity = make_activity(session, grade_from=None, grade_to=None)
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up/myself"
        make_participant(session, family=make_family(session, email="ola@example.org"))
    come_in(browser, arranging)

    browser.submit(
        form,
        {
            "first_name": "Siri",
            "born": "2009",
            "municipality": "3401",
            "email": "siri@example.org",
            "permission": "y",
        },
    )

    assert states(arranging) == {"Siri": SignupState.AWAITING_EMAIL}


def test_a_new_child_lives_where_the_first_one_does_and_the_page_opens_at_its_name(
    browser: Browser, arranging: Arranging
) -> None:
    form = form_for(arranging)
    plain = browser.get(form).text

    grown = browser.submit(form, {"children-0-municipality": "0000", "more": "1"}).text

    assert "autofocus" not in plain
    (opens_at,) = re.findall(r"<input[^>]* autofocus[^>]*>", grown)
    assert 'name="children-1-first_name"' in opens_at
    for number in (0, 1):
        (chosen,) = re.findall(
            rf'<select[^>]*name="children-{number}-municipality".*?</select>', grown, re.DOTALL
        )
        assert re.findall(r'<option selected value="(\d+)"', chosen) == ["0000"]


def test_a_page_with_errors_opens_where_it_says_what_is_wrong(browser: Browser, arranging: Arranging) -> None:
    refused = browser.submit(form_for(arranging), {**ADA_AND_BO, "email": "ola@"}).text

    assert re.findall(r'<div class="error-summary"[^>]* autofocus', refused)
    assert refused.count("autofocus") == 1


def test_siblings_in_the_queue_each_have_a_way_out_and_hear_that_they_stand_together(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion = open_occasion(session, capacity=1)
        make_signup(session, occasion=occasion)
        form = f"/occasions/{occasion.id}/sign-up"
    browser.submit(form, ADA_AND_BO)
    with arranging() as session:
        letter = session.scalars(select(Letter)).one()
        secrets = [place["secret"] for place in letter.facts["places"]]
        words = render_letter(letter, sender=SENDER, now=NOON)
    plain, rich = (part.get_content() for part in words.iter_parts())
    for text in (plain, rich):
        assert all(f"/signups/{secret}" in text for secret in secrets)
        assert "stand together" in text
        assert "Ada" not in text

    shown = browser.get(f"/signups/{secrets[1]}").text
    assert "You asked for several children together" in shown
    browser.submit(f"/signups/{secrets[1]}", {}, to=f"/signups/{secrets[1]}/withdraw")

    found = states(arranging)
    assert (found["Ada"], found["Bo"]) == (SignupState.QUEUED, SignupState.WITHDRAWN)
    assert "several children together" not in browser.get(f"/signups/{secrets[0]}").text
