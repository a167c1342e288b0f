"""Somebody's own account, and the ways in that come by letter, as a person walks through them."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.accounts.codes import code_at
from booking.accounts.operations import invite, invite_first_admin
from booking.accounts.own_operations import ask_for_reset
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.staff.models import Account
from booking.staff.queries import get_account, has_second_factor
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH, SECRET
from tests.accounts.device import Device
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

OWN = "/staff/account"
NEW_PASSWORD = "hest under sju stjerner"


def _staff(arranging: Arranging, *roles: Role, **changes: Any) -> Account:
    with arranging() as session:
        library = make_library(session)
        return make_account(
            session,
            *(roles or (Role.LIBRARIAN,)),
            library=library,
            **{"password_hash": PASSWORD_HASH, **changes},
        )


def _sealed(app: Flask) -> str:
    return str(app.extensions["booking.locks"].code_apps.encrypt(SECRET.encode()).decode())


def _now(arranging: Arranging, account: Account) -> Account:
    with arranging() as session:
        return get_account(session, account.id)


@pytest.fixture
def named_site(app: Flask) -> Iterator[None]:
    """Let the service stand at an address with a name, as passkeys need one."""
    kept = app.extensions["booking.settings"]
    app.extensions["booking.settings"] = replace(kept, base_url="http://localhost:8000")
    yield
    app.extensions["booking.settings"] = kept


def _key_in(html: str) -> str:
    found = re.search(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", html)
    assert found is not None
    return found[0].replace(" ", "")


def _add_app(browser: Browser, clock: StoppedClock) -> str:
    begun = browser.post(f"{OWN}/code-app")
    secret = _key_in(browser.get(begun.location).text)
    answer = browser.post(f"{OWN}/code-app/confirm", {"code": code_at(secret, clock())})
    assert (answer.status_code, answer.location) == (303, OWN)
    return secret


def test_an_administrator_sets_up_an_app_and_everything_opens(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _staff(arranging, Role.ADMIN)
    browser.submit("/staff/sign-in", {"email": account.email, "password": PASSWORD})
    assert browser.get("/staff/accounts").location == f"{OWN}/second-step"

    _add_app(browser, clock)

    assert browser.get("/staff/accounts").status_code == 200
    assert "You have no recovery codes" in browser.get(OWN).text


def test_the_picture_for_the_app_is_our_own_and_fetched_from_nowhere(
    browser: Browser, arranging: Arranging
) -> None:
    browser.sign_in_as(_staff(arranging))

    begun = browser.post(f"{OWN}/code-app")
    page = browser.get(begun.location).text

    assert 'src="data:image/svg+xml' in page
    assert "otpauth" not in page


def test_a_wrong_code_adds_no_app_and_the_picture_stays_the_same(
    browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)
    begun = browser.post(f"{OWN}/code-app")
    first = _key_in(browser.get(begun.location).text)

    answer = browser.post(f"{OWN}/code-app/confirm", {"code": "000000"})
    empty = browser.post(f"{OWN}/code-app/confirm", {"code": ""})

    assert (answer.status_code, empty.status_code) == (422, 422)
    assert _key_in(answer.text) == _key_in(empty.text) == first
    assert not has_second_factor(_now(arranging, account))


def test_no_app_is_confirmed_that_was_not_begun(browser: Browser, arranging: Arranging) -> None:
    browser.sign_in_as(_staff(arranging))

    shown = browser.get(f"{OWN}/code-app")
    confirmed = browser.post(f"{OWN}/code-app/confirm", {"code": "000000"})

    assert (shown.location, confirmed.location) == (f"{OWN}/second-step", f"{OWN}/second-step")


def test_adding_an_app_signs_out_elsewhere_and_not_here(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _staff(arranging)
    elsewhere = Browser(app)
    for one in (browser, elsewhere):
        one.sign_in_as(account)

    _add_app(browser, clock)

    assert browser.get(OWN).status_code == 200
    assert elsewhere.get(OWN).status_code == 303


def test_the_sheet_of_recovery_codes_is_shown_once(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging, totp_secret=_sealed(app))
    browser.sign_in_as(account)

    sheet = browser.post(f"{OWN}/recovery-codes")

    codes = re.findall(r"(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}", sheet.text)
    assert len(set(codes)) == 10
    assert sheet.headers["Cache-Control"] == "no-store"
    own = browser.get(OWN).text
    assert "You have 10 codes left" in own
    assert not any(code in own for code in codes)


def test_a_second_step_that_the_role_needs_stays(app: Flask, browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging, Role.COORDINATOR, totp_secret=_sealed(app))
    browser.sign_in_as(account)

    browser.post(f"{OWN}/code-app/remove")

    assert "Your role needs a second step" in browser.get(OWN).text
    assert has_second_factor(_now(arranging, account))


def test_a_second_step_that_nobody_needs_is_removed(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging, totp_secret=_sealed(app))
    browser.sign_in_as(account)

    answer = browser.post(f"{OWN}/code-app/remove")

    assert answer.location == OWN
    assert "The app is removed." in browser.get(OWN).text
    assert not has_second_factor(_now(arranging, account))


def test_a_password_typed_long_ago_changes_nothing(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _staff(arranging, totp_secret=_sealed(app))
    browser.sign_in_as(account)
    for _ in range(2):
        clock.forward(minutes=20)
        browser.get(OWN)

    removed = browser.post(f"{OWN}/code-app/remove")
    sheet = browser.post(f"{OWN}/recovery-codes")
    begun = browser.post(f"{OWN}/code-app")

    assert removed.location == f"/staff/prove-it-is-you?next={OWN}"
    assert sheet.location == f"/staff/prove-it-is-you?next={OWN}"
    assert begun.location == f"/staff/prove-it-is-you?next={OWN}/second-step"
    assert has_second_factor(_now(arranging, account))


def _make_passkey(browser: Browser, device: Device) -> TestResponse:
    options = browser.post(f"{OWN}/passkeys/options").json
    assert options is not None
    credential = device.make(options["challenge"])
    return browser.post(f"{OWN}/passkeys", {"credential": credential, "name": "my phone"})


def _challenge_in(html: str) -> str:
    asked = re.search(r"data-options=\"([^\"]+)\"", html)
    assert asked is not None
    return str(json.loads(asked[1].replace("&#34;", '"'))["challenge"])


@pytest.mark.usefixtures("named_site")
def test_a_passkey_is_made_and_opens_and_is_removed(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account, device = _staff(arranging), Device()
    browser.sign_in_as(account)
    made = _make_passkey(browser, device)
    elsewhere = Browser(app)
    elsewhere.submit("/staff/sign-in", {"email": account.email, "password": PASSWORD})
    challenge = _challenge_in(elsewhere.get("/staff/sign-in/second-step").text)

    opened = elsewhere.post("/staff/sign-in/passkey", {"credential": device.sign(challenge)})

    assert made.location == OWN
    assert opened.status_code == 303
    assert elsewhere.get(OWN).status_code == 200
    key = _now(arranging, account).passkeys[0]
    assert (key.name, key.sign_count) == ("my phone", 1)
    assert elsewhere.post(f"{OWN}/passkeys/{key.id}/remove").location == OWN
    assert _now(arranging, account).passkeys == []


@pytest.mark.usefixtures("named_site")
def test_a_passkey_opens_nothing_when_it_signs_something_else(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account, device = _staff(arranging), Device()
    browser.sign_in_as(account)
    options = browser.post(f"{OWN}/passkeys/options").json
    assert options is not None
    browser.post(f"{OWN}/passkeys", {"credential": device.make(options["challenge"]), "name": "phone"})
    elsewhere = Browser(app)
    elsewhere.submit("/staff/sign-in", {"email": account.email, "password": PASSWORD})

    for credential in (device.sign(options["challenge"]), "{}", "", "x" * 20_001):
        answer = elsewhere.post("/staff/sign-in/passkey", {"credential": credential})
        assert answer.status_code == 422
        assert "The passkey could not be checked" in answer.text

    assert elsewhere.get(OWN).status_code == 303


@pytest.mark.usefixtures("named_site")
@pytest.mark.parametrize(
    ("name", "words"), [("", "Give the passkey a name"), ("x" * 41, "Use at most 40 characters")]
)
def test_a_passkey_needs_a_name(browser: Browser, arranging: Arranging, name: str, words: str) -> None:
    browser.sign_in_as(_staff(arranging))
    options = browser.post(f"{OWN}/passkeys/options").json
    assert options is not None

    credential = Device().make(options["challenge"])
    answer = browser.post(f"{OWN}/passkeys", {"credential": credential, "name": name})

    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.usefixtures("named_site")
def test_a_challenge_is_answered_once(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)
    options = browser.post(f"{OWN}/passkeys/options").json
    assert options is not None
    browser.post(f"{OWN}/passkeys", {"credential": Device().make(options["challenge"]), "name": "one"})
    second = Device(credential_id=b"another").make(options["challenge"])

    answer = browser.post(f"{OWN}/passkeys", {"credential": second, "name": "two"})

    assert answer.status_code == 422
    assert [key.name for key in _now(arranging, account).passkeys] == ["one"]


def test_passkeys_are_not_offered_where_no_browser_makes_them(browser: Browser, arranging: Arranging) -> None:
    browser.sign_in_as(_staff(arranging))

    assert "data-passkey" not in browser.get(f"{OWN}/second-step").text


def test_a_new_password_takes_the_place_of_the_old_one(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)

    answer = browser.submit(f"{OWN}/password", {"password": NEW_PASSWORD})

    assert answer.location == OWN
    assert browser.get(OWN).status_code == 200
    for password, status in ((PASSWORD, 422), (NEW_PASSWORD, 303)):
        signed = Browser(app).submit("/staff/sign-in", {"email": account.email, "password": password})
        assert signed.status_code == status


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Choose a password."),
        ("kort", "The password is too short."),
        ("Passord2026", "Many people use a password like this"),
        ("x" * 129, "The password is too long."),
    ],
)
def test_a_poor_password_is_refused_with_advice(
    browser: Browser, arranging: Arranging, password: str, words: str
) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)

    answer = browser.submit(f"{OWN}/password", {"password": password})

    assert answer.status_code == 422
    assert words in answer.text
    assert _now(arranging, account).password_hash == PASSWORD_HASH


def test_who_forgot_the_password_gets_back_in_by_letter(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging)
    asked = browser.submit("/staff/forgotten-password", {"email": account.email})
    assert "Look in your mailbox" in browser.get(asked.location).text
    with arranging() as session:
        secret = session.scalars(select(Letter)).one().facts["secret"]

    for _ in range(2):  # a mail scanner opens it first
        assert browser.get(f"/staff/new-password/{secret}").status_code == 200
    poor = browser.submit(f"/staff/new-password/{secret}", {"password": "kort"})
    answer = browser.submit(f"/staff/new-password/{secret}", {"password": NEW_PASSWORD})

    assert (poor.status_code, answer.status_code, answer.location) == (422, 303, "/staff/sign-in")
    assert browser.get(OWN).status_code == 303  # the letter alone opens nothing
    assert browser.get(f"/staff/new-password/{secret}").status_code == 404
    assert browser.post(f"/staff/new-password/{secret}", {"password": NEW_PASSWORD}).status_code == 404
    signed = browser.submit("/staff/sign-in", {"email": account.email, "password": NEW_PASSWORD})
    assert signed.status_code == 303


def test_the_answer_is_the_same_whether_or_not_there_is_such_an_account(
    app: Flask, arranging: Arranging
) -> None:
    account = _staff(arranging)
    answers = [
        Browser(app).submit("/staff/forgotten-password", {"email": email})
        for email in (account.email, "nobody@example.org")
    ]

    assert len({(answer.status_code, answer.location, answer.text) for answer in answers}) == 1
    with arranging() as session:
        assert [letter.address for letter in session.scalars(select(Letter))] == [account.email]


@pytest.mark.parametrize("email", ["", "kari", "kari@", "a@example.org, b@example.org", "x" * 255])
def test_an_address_that_is_none_is_told_so(browser: Browser, email: str) -> None:
    answer = browser.submit("/staff/forgotten-password", {"email": email})

    assert answer.status_code == 422


@pytest.mark.usefixtures("limits")
def test_nobody_is_drowned_in_letters(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    account = _staff(arranging)

    answers = []
    for _ in range(4):
        answers.append(browser.submit("/staff/forgotten-password", {"email": account.email}).status_code)
        clock.forward(minutes=1)

    assert answers == [303, 303, 303, 429]


def _invited(arranging: Arranging, clock: StoppedClock, role: Role = Role.COORDINATOR) -> str:
    with arranging() as session:
        invite(
            session,
            clock,
            by=None,
            email="kari@example.org",
            name="Kari <b>",
            language=Language.EN,
            posts=[(role, None)],
        )
    with arranging() as session:
        return str(session.scalars(select(Letter)).one().facts["secret"])


def test_who_answers_an_invitation_is_in_and_sets_up_the_second_step_first(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    address = f"/staff/invitations/{_invited(arranging, clock)}"
    for _ in range(2):  # opening it changes nothing
        assert "Welcome, Kari &lt;b&gt;" in browser.get(address).text
    poor = browser.submit(address, {"password": "kari"})

    answer = browser.submit(address, {"password": NEW_PASSWORD})

    assert (poor.status_code, answer.status_code) == (422, 303)
    assert browser.get(answer.location).location == f"{OWN}/second-step"
    assert browser.get(address).status_code == 404


def test_the_first_administrator_begins_in_the_browser(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        secret = invite_first_admin(session, clock, email="admin@example.org", name="Anne")
    address = f"/staff/first-administrator/{secret}"

    assert browser.get(address).status_code == 200
    answer = browser.submit(address, {"password": NEW_PASSWORD})

    assert browser.get(answer.location).location == f"{OWN}/second-step"
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("way", ["invitations", "first-administrator", "new-password"])
def test_a_link_that_nobody_sent_is_not_found(browser: Browser, way: str) -> None:
    assert browser.get(f"/staff/{way}/nonsense").status_code == 404
    assert browser.post(f"/staff/{way}/nonsense", {"password": NEW_PASSWORD}).status_code == 404


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("template", "facts", "link"),
    [
        ("invitation", {"secret": "s3cret"}, "/staff/invitations/s3cret"),
        ("password_reset", {"secret": "s3cret"}, "/staff/new-password/s3cret"),
        ("password_changed", {}, "/staff/forgotten-password"),
        ("second_factor_changed", {}, "/staff/forgotten-password"),
        ("recovery_code_used", {"left": 1}, "/staff/forgotten-password"),
        ("roles_changed", {"by": "Anne", "whose": "Kari"}, "/staff/sign-in"),
    ],
)
def test_every_letter_about_an_account_can_be_written(
    app: Flask,
    arranging: Arranging,
    clock: StoppedClock,
    *,
    template: str,
    facts: dict[str, Any],
    link: str,
    language: Language,
) -> None:
    with arranging() as session:
        ask_for_reset(session, clock, email=make_account(session, password_hash="x").email)
        letter = session.scalars(select(Letter)).one()
        letter.template, letter.facts, letter.language = template, {"name": "Kari & Co", **facts}, language
    sender = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")

    with app.test_request_context():
        mail = render_letter(letter, sender=sender, now=clock())

    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert f"http://127.0.0.1:8000{link}" in text.get_content()
    assert f"http://127.0.0.1:8000{link}" in html.get_content()
    assert "Kari & Co" in text.get_content()
    assert "Kari &amp; Co" in html.get_content()
    assert mail["Subject"]
