"""The pages of a family, as a browser sees them, on both databases."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.rules import Status
from booking.clock import Clock
from booking.consent.models import Permission, Wording
from booking.consent.rules import WordingPurpose
from booking.db import Base
from booking.family import views
from booking.libraries.rules import Language
from booking.limits import Often, limiter
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Family, Participant
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.time_operations import serve_queues
from booking.tokens import fingerprint
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.letters import every_letter
from tests.signups.asking import HOLDS, count_of, letters, open_occasion, secret_in_letter

Arranging = Callable[[], AbstractContextManager[Session]]

TYPED = {
    "children-0-first_name": "Ada",
    "children-0-born": "2016",
    "children-0-municipality": "3401",
    "contact_name": "Ola Eksempel",
    "email": "ola@example.org",
    "phone": "22 22 22 22",
    "permission": "y",
}
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")


@pytest.fixture
def form(arranging: Arranging) -> str:
    """The address of a form for an occasion with one place."""
    with arranging() as session:
        return address_of(open_occasion(session, capacity=1).id)


def address_of(occasion_id: int) -> str:
    return f"/occasions/{occasion_id}/sign-up"


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in TYPED.items() if key != name}


def signed_up(browser: Browser, form: str, **changes: str) -> None:
    assert browser.submit(form, {**TYPED, **changes}).status_code == 303


def child(number: int = 0, **changes: str) -> dict[str, str]:
    """What is typed of one child of the form."""
    return {f"children-{number}-{name}": value for name, value in changes.items()}


def mailed(arranging: Arranging, *, template: str | None = None) -> str:
    with arranging() as session:
        return secret_in_letter(session, "secret", template=template)


def state_of(arranging: Arranging) -> list[SignupState]:
    with arranging() as session:
        return list(session.scalars(select(Signup.state).order_by(Signup.id)))


def everything(arranging: Arranging) -> str:
    """A digest of all rows of all tables."""
    with arranging() as session:
        rows = {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    return fingerprint(str(rows))


def test_one_child_is_signed_up_and_confirmed_by_its_parent(
    browser: Browser, form: str, arranging: Arranging
) -> None:
    asked = browser.submit(form, TYPED)
    told = browser.get(asked.headers["Location"])
    page = browser.get(f"/confirm/{mailed(arranging)}")
    receipt = browser.post(f"/confirm/{mailed(arranging)}")
    shown = browser.get(receipt.headers["Location"])

    assert asked.status_code == receipt.status_code == 303
    assert "We have sent a letter to ola@example.org." in told.text
    assert "Wednesday 25 November at 12:00" in told.text
    assert "Ada" in page.text
    assert "Has a place" in shown.text
    assert "/calendar/meetings/" in shown.text
    assert state_of(arranging) == [SignupState.CONFIRMED]


def asked_on(page: str) -> list[str]:
    """The names of what stands open on a page; what is a tap away is not asked of everybody."""
    open_on_it = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    unseen = {"csrf_token", "ask_key", "words", "website"}
    return [
        name
        for name in re.findall(r'<(?:input|select)[^>]*name="([\w-]+)"', open_on_it)
        if name not in unseen
    ]


def test_the_form_asks_for_fewer_than_eight_things_and_two_for_each_sibling(
    browser: Browser, form: str
) -> None:
    alone = asked_on(browser.get(form).text)
    with_sibling = asked_on(browser.submit(form, {"more": "1"}).text)

    assert set(alone) == set(TYPED)
    assert len(alone) < 8
    assert set(with_sibling) - set(alone) == {"children-1-first_name", "children-1-born"}


def test_the_form_says_what_when_where_and_how_full_it_is(browser: Browser, form: str) -> None:
    page = browser.get(form).text

    for words in (
        "Sign up: Spillkveld",
        "Tuesday 1 December at 17:00–19:00",
        "Barneavdelingen",
        "Few places left",
    ):
        assert words in page
    assert "checked" not in page


def test_a_full_occasion_says_waiting_list_and_no_number(
    browser: Browser, form: str, arranging: Arranging
) -> None:
    signed_up(browser, form)

    signed_up(browser, form, email="kari@example.org")

    assert "Waiting list" in browser.get(form).text
    assert "On the waiting list" in browser.get(f"{form}/asked").text
    assert state_of(arranging) == [SignupState.AWAITING_EMAIL, SignupState.QUEUED]


def test_the_page_after_the_form_belongs_to_who_filled_it_in(browser: Browser, form: str, app: Flask) -> None:
    signed_up(browser, form)

    stranger = Browser(app).get(f"{form}/asked")

    assert browser.get(f"{form}/asked").status_code == 200
    assert stranger.headers["Location"].endswith(form)


BAD_INPUT = [
    ("children-0-first_name", "", "Write the child’s first name"),
    ("children-0-first_name", "\u200b", "Write a name."),
    ("contact_name", " ", "Write your own name."),
    ("children-0-first_name", "🦄" * 300, "The name is too long."),
    ("children-0-first_name", "\u202eadA", "signs that cannot be shown"),
    ("children-0-first_name", "win at casino.example", "Leave out web and e-mail addresses"),
    ("contact_name", "https://example.org", "Leave out web and e-mail addresses"),
    ("contact_name", "Ola\nBcc: kari@example.org", "signs that cannot be shown"),
    ("email", "a" * 3000 + "@example.org", "Write a whole e-mail address"),
    ("email", "ola@example.org, kari@example.org", "Write a whole e-mail address"),
    ("email", "", "Write a whole e-mail address"),
    ("phone", "12", "We do not understand this number."),
    ("children-0-born", "ti", "Write a year of birth with four figures"),
    ("children-0-born", "", "Write the year the child was born"),
    ("children-0-born", "1899", "Choose a year of birth from 2001 to 2026."),
    ("children-0-born", "2010", "This is for children born from 2014 to 2016."),
    ("children-0-born", "٢٠١٦", "Write a year of birth with four figures"),
    ("children-0-born", "14. trinn", "Write a year of birth with four figures"),
    ("children-0-born", "10. trinn", "This is for children born from 2014 to 2016."),
    ("children-0-municipality", "9999", "Choose a municipality from the list"),
    ("children-0-municipality", "3401\x00", "Choose the municipality where the child lives."),
    ("children-0-municipality", "", "Choose the municipality where the child lives."),
    ("permission", "", "Tick the box if the child may take part."),
    ("permission", "false", "Tick the box if the child may take part."),
    ("words", "permission:" + "f" * 64, "We have changed this text"),
]


@pytest.mark.parametrize("bad", BAD_INPUT, ids=lambda bad: f"{bad[0]}-{bad[1][:12]!a}")
def test_bad_input_gets_a_sentence_beside_its_field(
    browser: Browser, form: str, arranging: Arranging, bad: tuple[str, str, str]
) -> None:
    name, typed, sentence = bad

    answer = browser.submit(form, {**TYPED, name: typed})

    assert answer.status_code == 422
    assert "<title>Error: Sign up" in answer.text
    assert f'id="{"permission" if name == "words" else name}-error"' in answer.text
    assert sentence in answer.text
    assert state_of(arranging) == []


@pytest.mark.parametrize("name", sorted(set(TYPED) - {"permission", "phone"}))
def test_a_field_that_is_not_sent_at_all_is_missing(browser: Browser, form: str, name: str) -> None:
    page = browser.get(form)

    answer = browser.post(form, without(name))

    assert page.status_code == 200
    assert answer.status_code == 422


def test_a_refused_form_keeps_all_that_was_typed(browser: Browser, form: str) -> None:
    answer = browser.submit(
        form, {**TYPED, **child(first_name="Ærlig & <b>", municipality="0000"), "email": "feil"}
    )

    for kept in ("Ærlig &amp; &lt;b&gt;", 'value="feil"', "Ola Eksempel", 'value="2016"', "22 22 22 22"):
        assert kept in answer.text
    assert re.search(r'<option selected value="0000"|<option value="0000" selected', answer.text)
    assert "checked" in answer.text


def test_a_tick_set_to_other_words_is_taken_off(browser: Browser, form: str) -> None:
    answer = browser.submit(form, {**TYPED, "words": "permission:" + "f" * 64})

    assert "checked" not in answer.text
    assert browser.post(form, {**TYPED, "words": words_in(answer.text)}).status_code == 303


def words_in(html: str) -> str:
    found = re.search(r'name="words"[^>]*value="([^"]+)"', html)
    assert found
    return found.group(1)


def test_the_permission_is_tied_to_the_words_in_the_language_of_the_page(
    app: Flask, form: str, arranging: Arranging
) -> None:
    signed_up(Browser(app, "nn"), form)

    with arranging() as session:
        leave = session.scalars(select(Permission)).one()
        wording = session.get_one(Wording, leave.wording_id)
        assert (wording.purpose, wording.language) == (WordingPurpose.PERMISSION, Language.NN)
        assert session.scalars(select(Letter.language)).one() is Language.NN


def test_a_machine_that_fills_in_what_nobody_sees_is_asked_again(browser: Browser, form: str) -> None:
    answer = browser.submit(form, {**TYPED, "website": "spam"})

    assert answer.status_code == 422
    assert "Press the button once more" in answer.text
    assert browser.submit(form, TYPED).status_code == 303


def test_what_nobody_asked_for_is_not_taken(browser: Browser, form: str, arranging: Arranging) -> None:
    extra = {
        "state": "confirmed",
        "occasion_id": "99",
        "library_id": "99",
        "verified_at": "2026-01-01",
        "capacity": "1000",
        "held_until": "2036-01-01",
        "person_key": "mine",
        "children-0-last_name": "Eksempel",
    }
    signed_up(browser, form, **extra)

    with arranging() as session:
        signup = session.scalars(select(Signup)).one()
        one = session.scalars(select(Participant)).one()
        assert (signup.state, signup.held_until) == (SignupState.AWAITING_EMAIL, NOON.replace(day=25))
        assert (one.last_name, one.person_key == "mine") == (None, False)
        assert session.scalars(select(Family.verified_at)).one() is None


def test_a_reload_of_the_form_after_sending_is_the_same_sign_up(
    browser: Browser, form: str, arranging: Arranging
) -> None:
    key = {"ask_key": "the-same-form", "words": words_in(browser.get(form).text)}

    answers = [browser.post(form, {**TYPED, **key}).status_code for _ in range(3)]

    assert answers == [303] * 3
    with arranging() as session:
        assert (count_of(session, Signup), letters(session)) == (1, ["signup_awaiting_email"])


def test_nobody_learns_from_the_answer_that_a_child_is_known(
    app: Flask, form: str, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion = open_occasion(session)
        known = make_participant(session, family=make_family(session, email="ola@example.org"))
        make_signup(session, occasion=occasion, participant=known)
    texts = []
    for email in ("ola@example.org", "kari@example.org"):
        browser = Browser(app)
        asked = browser.submit(address_of(occasion.id), {**TYPED, "email": email})
        texts.append(browser.get(asked.headers["Location"]).text.replace(email, ""))

    assert without_secrets(texts[0]) == without_secrets(texts[1])
    with arranging() as session:
        assert letters(session) == ["signup_already", "signup_awaiting_email"]


def without_secrets(html: str) -> str:
    return re.sub(r'value="[^"]{30,}"', "", html)


def test_an_occasion_that_is_not_there_is_not_found(browser: Browser, form: str) -> None:
    assert browser.get("/occasions/4711/sign-up").status_code == 404
    assert browser.get("/occasions/99999999999999999999/sign-up").status_code == 404
    assert browser.post("/occasions/4711/sign-up", TYPED).status_code == 404
    assert browser.get("/occasions/4711/sign-up/asked").headers["Location"].endswith("/4711/sign-up")


def test_a_draft_is_not_found(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        occasion = open_occasion(session, activity=make_activity(session, status=Status.DRAFT))

    assert browser.get(address_of(occasion.id)).status_code == 404


def test_a_form_that_is_not_open_says_when(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        occasion = open_occasion(session, opens_at=NOON.replace(day=26))

    page = browser.get(address_of(occasion.id))

    assert "Sign-up opens Thursday 26 November at 12:00" in page.text
    assert "<form" not in page.text.split("<main")[1]


@pytest.mark.parametrize("address", ["/confirm/{}", "/offers/{}", "/signups/{}", "/confirm/{}/not-me"])
@pytest.mark.parametrize("secret", ["x", "x" * 43, "%00", "x" * 5000])
def test_a_link_that_opens_nothing_is_not_found(
    browser: Browser, form: str, address: str, secret: str
) -> None:
    assert browser.get(address.format(secret)).status_code == 404


def test_a_secret_opens_only_what_it_is_for(browser: Browser, form: str, arranging: Arranging) -> None:
    signed_up(browser, form)
    secret = mailed(arranging)

    assert browser.get(f"/signups/{secret}").status_code == 404
    assert browser.post(f"/signups/{secret}/withdraw").status_code == 404
    assert browser.post(f"/offers/{secret}/accept").status_code == 404
    assert state_of(arranging) == [SignupState.AWAITING_EMAIL]


def test_a_second_press_is_told_kindly_that_it_is_confirmed(
    browser: Browser, form: str, arranging: Arranging
) -> None:
    signed_up(browser, form)
    address = f"/confirm/{mailed(arranging)}"
    browser.post(address)

    again = browser.post(address)

    assert again.headers["Location"].endswith(address)
    assert "there is nothing more to do" in browser.get(address).text


def test_a_late_press_is_told_the_truth_before_and_after(
    browser: Browser, form: str, arranging: Arranging, clock: StoppedClock
) -> None:
    signed_up(browser, form)
    address = f"/confirm/{mailed(arranging)}"
    clock.forward(hours=24)

    before = browser.get(address).text
    browser.post(address)

    assert "The time ran out" in before
    assert "Confirm the place" not in before.split("<main")[1]
    assert "The time ran out" in browser.get(address).text
    assert state_of(arranging) == [SignupState.EXPIRED]


def test_a_place_is_given_back_with_one_button(browser: Browser, form: str, arranging: Arranging) -> None:
    signed_up(browser, form)
    browser.post(f"/confirm/{mailed(arranging)}")
    address = f"/signups/{mailed(arranging)}"
    assert "Give the place back" in browser.get(address).text

    answer = browser.post(f"{address}/withdraw")

    assert answer.status_code == 303
    assert "Place given back" in browser.get(address).text
    assert browser.post(f"{address}/withdraw").status_code == 303
    assert state_of(arranging) == [SignupState.WITHDRAWN]


def test_after_the_last_meeting_nothing_can_be_given_back(
    browser: Browser, form: str, arranging: Arranging, clock: StoppedClock
) -> None:
    signed_up(browser, form)
    browser.post(f"/confirm/{mailed(arranging)}")
    address = f"/signups/{mailed(arranging)}"
    clock.forward(days=9)

    browser.post(f"{address}/withdraw")

    assert "The last meeting is over" in browser.get(address).text
    clock.forward(days=30)
    assert browser.get(address).status_code == 404


def offered(browser: Browser, form: str, arranging: Arranging, clock: Clock) -> str:
    signed_up(browser, form, email="kari@example.org")
    first = mailed(arranging)
    signed_up(browser, form)
    browser.post(f"/confirm/{first}/not-me")
    return f"/offers/{mailed(arranging, template='offer_made')}"


def test_an_offer_can_be_accepted(
    browser: Browser, form: str, arranging: Arranging, clock: StoppedClock
) -> None:
    address = offered(browser, form, arranging, clock)
    assert "A place is free. Do you want it?" in browser.get(address).text

    answer = browser.post(f"{address}/accept")

    assert "Thank you! Ada has a place." in browser.get(answer.headers["Location"]).text
    assert "The place is yours" in browser.get(address).text
    assert state_of(arranging) == [SignupState.CONFIRMED]


def test_an_offer_can_be_declined(
    browser: Browser, form: str, arranging: Arranging, clock: StoppedClock
) -> None:
    address = offered(browser, form, arranging, clock)

    browser.post(f"{address}/decline")

    assert "You said no to the place" in browser.get(address).text
    assert state_of(arranging) == [SignupState.DECLINED]


def test_this_was_not_me_erases_and_says_so(browser: Browser, form: str, arranging: Arranging) -> None:
    signed_up(browser, form)
    address = f"/confirm/{mailed(arranging)}/not-me"
    assert "Was this not you?" in browser.get(address).text

    answer = browser.post(address)

    assert "What was entered is erased." in browser.get(answer.headers["Location"]).text
    assert browser.get(address).status_code == 404
    with arranging() as session:
        assert [count_of(session, table) for table in (Signup, Participant, Family)] == [0, 0, 0]


def test_what_was_confirmed_is_not_erased_by_a_link(
    browser: Browser, form: str, arranging: Arranging
) -> None:
    signed_up(browser, form)
    address = f"/confirm/{mailed(arranging)}"
    browser.post(address)

    assert "nothing to erase" in browser.get(f"{address}/not-me").text
    assert browser.post(f"{address}/not-me").status_code == 404
    assert state_of(arranging) == [SignupState.CONFIRMED]


def letters_of_every_kind_of_answer(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    """One child waits for an answer, one for a place, one has an offer, one has a place."""
    with arranging() as session:
        occasion = open_occasion(session, capacity=2)
        make_signup(session, occasion=occasion)
        other = open_occasion(session)
        make_signup(session, occasion=occasion, state=SignupState.QUEUED)
        serve_queues(session, clock, holds=HOLDS)
    signed_up(browser, address_of(other.id))
    browser.post(f"/confirm/{mailed(arranging)}")
    signed_up(browser, address_of(other.id), **child(first_name="Bo"))
    signed_up(browser, address_of(occasion.id), **child(first_name="Cy"))


def test_opening_a_mailed_link_changes_nothing(
    browser: Browser, app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    letters_of_every_kind_of_answer(browser, arranging, clock)
    links = links_in_letters(app, arranging)
    before = everything(arranging)

    for link in links:
        for scanner in (Browser(app), browser):
            assert scanner.get(link).status_code == 200, link
            assert scanner._client.head(link).status_code == 200

    assert {link.split("/")[1] for link in links} == {"activities", "confirm", "offers", "signups"}
    assert everything(arranging) == before


def links_in_letters(app: Flask, arranging: Arranging) -> list[str]:
    with arranging() as session:
        waiting = session.scalars(select(Letter).where(Letter.address.is_not(None))).all()
        mails = [render_letter(letter, sender=SENDER, now=NOON) for letter in waiting]
    texts = [part.get_content() for mail in mails for part in mail.iter_parts()]
    addresses = {
        found for text in texts for found in re.findall(r"http://127\.0\.0\.1:8000(/[^\s\"<>]+)", text)
    }
    return sorted(addresses)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_letter_can_be_written_in_every_language(
    app: Flask, arranging: Arranging, language: str
) -> None:
    with arranging() as session:
        for letter in every_letter(session, Language(language)):
            mail = render_letter(letter, sender=SENDER, now=NOON)
            plain, rich = (part.get_content() for part in mail.iter_parts())
            assert mail["Subject"]
            for text in (plain, rich):
                # Who has not answered yet may be a stranger, and learns of no activity.
                assert ("Spillkveld" in text) is not letter.template.startswith("pictures_other_")
                assert "http://127.0.0.1:8000/" in text
                assert "None" not in text
                assert "%(" not in text


def test_a_class_behind_one_address_passes_and_a_flood_does_not(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        form = address_of(open_occasion(session, capacity=500).id)
    key = {"words": words_in(browser.get(form).text)}
    limiter.enabled = True
    try:
        with browser.app.app_context():
            limiter.reset()
        codes = [
            browser.post(form, {**TYPED, **key, "email": f"forelder-{number}@example.org"}).status_code
            for number in range(101)
        ]
    finally:
        limiter.enabled = False

    assert codes == [303] * 100 + [429]


@pytest.mark.parametrize("youth", ["", "/myself"])
def test_what_was_refused_or_not_there_is_counted_too(
    browser: Browser, form: str, monkeypatch: pytest.MonkeyPatch, youth: str
) -> None:
    monkeypatch.setattr(views, "_OFTEN", Often(most=3, seconds=600))
    other_words = {**TYPED, "words": "permission:" + "f" * 64}
    nowhere, good = address_of(999_999) + youth, {**TYPED, "words": words_in(browser.get(form).text)}
    limiter.enabled = True
    try:
        with browser.app.app_context():
            limiter.reset()
        tries = [(form + youth, {}), (form + youth, other_words), (nowhere, good), (form + youth, good)]
        codes = [browser.post(where, values).status_code for where, values in tries]
    finally:
        limiter.enabled = False

    assert codes[:2] == [422, 422]
    assert codes[2] in {404, 422}
    assert codes[3] == 429


def test_pages_of_a_family_are_kept_by_nobody(browser: Browser, form: str, arranging: Arranging) -> None:
    signed_up(browser, form)

    page = browser.get(f"/confirm/{mailed(arranging)}")

    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert urlsplit(page.request.path).path not in page.text.split("</title>")[0]


def test_a_course_shows_each_of_its_dates(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, library=make_library(session)))
        for day in (1, 8, 15):
            make_meeting(session, occasion=occasion, starts_at=NOON.replace(month=12, day=day))

    page = browser.get(address_of(occasion.id)).text

    for day in (1, 8, 15):
        assert f"Tuesday {day} December at 12:00–14:00" in page


def test_the_question_of_age_stands_as_long_as_the_page_does(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        activity = make_activity(session, grade_from=None, grade_to=None)
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up/myself"
    youth = {
        "first_name": "Siri",
        "born": "2013",
        "municipality": "3401",
        "email": "siri@example.org",
        "permission": "y",
    }
    asked = browser.submit(form, youth)
    assert "<legend>Have you turned 13?</legend>" in asked.text
    hidden = read_page(asked.text).hidden

    answer = browser.post(form, {**hidden, **youth, "has_turned": "yes", "email": "siri@"})

    assert answer.status_code == 422
    assert "<legend>Have you turned 13?</legend>" in answer.text
    other = browser.post(form, {**hidden, **youth, "has_turned": "yes", "email": "siri@", "asked_age": "<b>"})
    assert "the birthday that the question is about" in other.text
