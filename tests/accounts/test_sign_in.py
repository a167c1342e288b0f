"""Signing in, in one step or two, and everything that must not get in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.accounts.codes import code_at, recovery_fingerprint
from booking.accounts.guard import Locks
from booking.audit.models import AuditEntry
from booking.settings import Settings
from booking.staff.models import Account
from booking.staff.operations import disable, sign_out_everywhere
from booking.staff.queries import get_account
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH, SECRET
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

SIGN_IN = "/staff/sign-in"
OWN = "/staff/account"


def _staff(arranging: Arranging, *roles: Role, **changes: Any) -> Account:
    with arranging() as session:
        library = make_library(session)
        return make_account(
            session,
            *(roles or (Role.LIBRARIAN,)),
            library=library,
            **{"password_hash": PASSWORD_HASH, **changes},
        )


def _with_app(app: Flask, arranging: Arranging, *roles: Role, **changes: Any) -> Account:
    locks: Locks = app.extensions["booking.locks"]
    sealed = locks.code_apps.encrypt(SECRET.encode()).decode()
    return _staff(arranging, *(roles or (Role.ADMIN,)), totp_secret=sealed, **changes)


def _sign_in(browser: Browser, account: Account, password: str = PASSWORD, **also: str) -> TestResponse:
    return browser.submit(SIGN_IN, {"email": account.email, "password": password, **also})


def _is_in(browser: Browser) -> bool:
    return browser.get(OWN).status_code == 200


def test_the_right_password_opens(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)

    answer = browser.submit(SIGN_IN, {"email": f" {account.email.upper()} ", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/staff/")
    assert _is_in(browser)


_BEGINNINGS = {
    Role.DOOR: "/staff/",
    Role.LIBRARIAN: "/staff/",
    Role.COORDINATOR: "/staff/figures/all",
    Role.PRIVACY_OFFICER: "/staff/record",
    Role.ADMIN: "/staff/accounts",
}


@pytest.mark.parametrize("role", list(Role))
def test_everybody_begins_on_a_page_that_they_may_see(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, role: Role
) -> None:
    account = _with_app(app, arranging, role)
    _sign_in(browser, account)

    answer = browser.submit(f"{SIGN_IN}/second-step", {})
    answer = browser.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})

    assert (answer.status_code, answer.location) == (303, _BEGINNINGS[role])


_UNUSABLE: dict[str, dict[str, Any]] = {"disabled": {"active": False}, "invited": {"password_hash": None}}


@pytest.mark.parametrize("kind", ["wrong password", "nobody", "disabled", "invited"])
def test_every_wrong_sign_in_gets_the_same_answer(browser: Browser, arranging: Arranging, kind: str) -> None:
    changes: dict[str, Any] = _UNUSABLE.get(kind, {})
    account = _staff(arranging, **changes)
    email = "nobody@example.org" if kind == "nobody" else account.email
    password = "wrong" if kind == "wrong password" else PASSWORD

    answer = browser.submit(SIGN_IN, {"email": email, "password": password})

    assert answer.status_code == 422
    assert "do not belong together" in answer.text
    assert f'value="{email}"' in answer.text
    assert f'value="{password}"' not in answer.text
    assert not _is_in(browser)


def test_an_address_that_no_database_looks_for_is_refused_with_a_sentence(browser: Browser) -> None:
    answer = browser.post("/staff/sign-in", {"email": "kari\x00@example.org", "password": PASSWORD})

    assert answer.status_code == 422
    assert "This text holds invisible signs" in answer.text


def test_a_wrong_sign_in_hashes_once_whoever_it_is(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    class Counting:
        def __init__(self, inner: Any) -> None:
            self.inner, self.verified = inner, 0

        def hash(self, password: str) -> str:
            return str(self.inner.hash(password))

        def verify(self, kept: str, password: str) -> bool:
            self.verified += 1
            return bool(self.inner.verify(kept, password))

    account = _staff(arranging)
    locks: Locks = app.extensions["booking.locks"]
    counts = []
    for email in (account.email, "nobody@example.org"):
        counting = Counting(locks.hasher)
        app.extensions["booking.locks"] = Locks(hasher=counting, code_apps=locks.code_apps)  # type: ignore[arg-type]
        browser.submit(SIGN_IN, {"email": email, "password": "wrong"})
        app.extensions["booking.locks"] = locks
        counts.append(counting.verified)

    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "", "Write the e-mail address."),
        ("password", "", "Type your password."),
        ("password", "x" * 129, "The password is too long."),
        ("email", f"{'x' * 250}@example.org", "Write one e-mail address"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_its_field(
    browser: Browser, arranging: Arranging, field: str, value: str, words: str
) -> None:
    account = _staff(arranging)

    answer = browser.submit(SIGN_IN, {"email": account.email, "password": PASSWORD, field: value})

    assert answer.status_code == 422
    assert words in answer.text


def test_signing_in_leads_to_the_page_that_was_asked_for(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)

    asked = browser.get(f"{OWN}/password")
    answer = browser.submit(asked.location, {"email": account.email, "password": PASSWORD})

    assert answer.location == f"{OWN}/password"


def test_signing_in_leads_nowhere_else(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)

    answer = browser.submit(f"{SIGN_IN}?next=//evil.example", {"email": account.email, "password": PASSWORD})
    posted = browser.submit(
        SIGN_IN, {"email": account.email, "password": PASSWORD, "next": "https://evil.example"}
    )

    assert (answer.location, posted.location) == ("/staff/", "/staff/")


def test_signing_in_takes_a_token_from_our_own_page(app: Flask, arranging: Arranging) -> None:
    account = _staff(arranging)
    stranger = app.test_client()

    answer = stranger.post(SIGN_IN, data={"email": account.email, "password": PASSWORD})

    assert answer.status_code == 400
    assert stranger.get(OWN).status_code == 303


def test_nothing_from_before_signing_in_is_left(app: Flask, arranging: Arranging) -> None:
    account = _staff(arranging)
    browser = Browser(app)
    with browser._client.session_transaction() as planted:
        planted["planted"] = "by an attacker"

    _sign_in(browser, account)

    with browser._client.session_transaction() as kept:
        assert "planted" not in kept
        assert "csrf_token" not in kept


def test_the_pass_is_a_cookie_that_scripts_and_other_sites_cannot_use(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging)

    answer = _sign_in(browser, account)

    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("staff="))
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert len(cookie) < 4000
    settings: Settings = app.extensions["booking.settings"]
    app.extensions["booking.settings"] = Settings(
        **{name: getattr(settings, name) for name in settings.__dataclass_fields__ if name != "base_url"},
        base_url="https://booking.example.org",
    )
    try:
        answer = _sign_in(browser, account)
    finally:
        app.extensions["booking.settings"] = settings
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if "staff=" in line)
    assert cookie.startswith("__Host-staff=")
    assert "Secure" in cookie


def test_a_pass_that_somebody_made_up_opens_nothing(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)
    cookie = browser._client.get_cookie("staff")
    assert cookie is not None
    assert _is_in(browser)

    for forged in (cookie.value[:-1], "x", "", f"{cookie.value}x", "WzEsMl0.x"):
        browser._client.set_cookie("staff", forged)
        assert not _is_in(browser)


def test_a_second_step_is_asked_for_where_one_is_set_up(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _with_app(app, arranging, Role.LIBRARIAN)

    answer = _sign_in(browser, account)
    assert answer.location == f"{SIGN_IN}/second-step"
    assert not _is_in(browser)

    answer = browser.submit(answer.location, {})
    answer = browser.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})
    assert answer.status_code == 303
    assert _is_in(browser)


def test_a_code_opens_once_for_everybody_who_saw_it(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _with_app(app, arranging)
    _sign_in(browser, account)
    browser.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})
    shoulder = Browser(app)
    _sign_in(shoulder, account)

    answer = shoulder.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})

    assert answer.status_code == 422
    assert "The code is not right" in answer.text
    assert not _is_in(shoulder)


@pytest.mark.parametrize("code", ["", "000000", "x" * 41, "not a code"])
def test_a_wrong_code_does_not_open(app: Flask, browser: Browser, arranging: Arranging, code: str) -> None:
    account = _with_app(app, arranging)
    _sign_in(browser, account)

    answer = browser.post(f"{SIGN_IN}/code", {"code": code})

    assert answer.status_code == 422
    assert not _is_in(browser)


def test_a_recovery_code_opens_once(app: Flask, browser: Browser, arranging: Arranging) -> None:
    sheet = ["2345-6789-BCDF-GHJK", "KJHG-FDCB-9876-5432"]
    account = _with_app(app, arranging, recovery_codes=[recovery_fingerprint(code) for code in sheet])
    _sign_in(browser, account)

    first = browser.post(f"{SIGN_IN}/code", {"code": sheet[0].lower().replace("-", " ")})
    again = Browser(app)
    _sign_in(again, account)
    second = again.post(f"{SIGN_IN}/code", {"code": sheet[0]})

    assert (first.status_code, second.status_code) == (303, 422)
    with arranging() as session:
        assert len(get_account(session, account.id).recovery_codes) == 1


def test_the_second_step_is_not_reached_without_the_first(browser: Browser) -> None:
    page = browser.get(f"{SIGN_IN}/second-step")
    code = browser.post(f"{SIGN_IN}/code", {"code": "123456"})
    passkey = browser.post(f"{SIGN_IN}/passkey", {"credential": "{}"})

    assert [answer.location for answer in (page, code, passkey)] == [SIGN_IN] * 3


def test_the_second_step_must_follow_within_ten_minutes(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _with_app(app, arranging)
    _sign_in(browser, account)
    clock.forward(minutes=10, seconds=1)

    answer = browser.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})

    assert answer.location == SIGN_IN
    assert "That took too long" in browser.get(SIGN_IN).text


def test_who_is_disabled_between_the_steps_is_out(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _with_app(app, arranging, Role.LIBRARIAN)
    _sign_in(browser, account)
    with arranging() as session:
        disable(session, account=get_account(session, account.id))

    answer = browser.post(f"{SIGN_IN}/code", {"code": code_at(SECRET, clock())})

    assert answer.location == SIGN_IN


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN])
def test_a_role_that_reaches_far_opens_nothing_before_the_second_step_is_set_up(
    browser: Browser, arranging: Arranging, role: Role
) -> None:
    account = _staff(arranging, role)
    _sign_in(browser, account)

    pages = ["/staff/accounts", "/staff/libraries", "/staff/record", OWN, "/staff/figures/all", "/staff/"]

    assert {browser.get(page).location for page in pages} == {f"{OWN}/second-step"}
    assert browser.post("/staff/accounts", {}).location == f"{OWN}/second-step"
    setting_up = browser.get(f"{OWN}/second-step")
    assert setting_up.status_code == 200
    assert "Your role needs it" in setting_up.text


def test_who_is_disabled_is_out_at_the_next_page(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)
    assert _is_in(browser)

    with arranging() as session:
        disable(session, account=get_account(session, account.id))

    assert not _is_in(browser)


def test_signing_out_everywhere_ends_every_session(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _staff(arranging)
    elsewhere = Browser(app)
    for one in (browser, elsewhere):
        one.sign_in_as(account)

    answer = browser.post(f"{OWN}/sign-out-everywhere")

    assert answer.location == SIGN_IN
    assert not _is_in(browser)
    assert not _is_in(elsewhere)


def test_half_an_hour_without_a_page_ends_the_session(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(_staff(arranging))
    for _ in range(3):
        clock.forward(minutes=29)
        assert _is_in(browser)

    clock.forward(minutes=30)

    assert not _is_in(browser)


def test_twelve_hours_end_every_session(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    browser.sign_in_as(_staff(arranging))
    for _ in range(24):
        assert _is_in(browser)
        clock.forward(minutes=29, seconds=59)
    clock.forward(seconds=24)

    assert not _is_in(browser)


def test_a_phone_at_the_door_stays_signed_in_until_midnight(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(_staff(arranging, Role.DOOR))

    clock.forward(hours=11, minutes=59)  # noon in Oslo has become one minute to midnight
    assert _is_in(browser)
    clock.forward(minutes=1)
    assert not _is_in(browser)


def test_signing_out_takes_the_pass_and_what_the_browser_kept(browser: Browser, arranging: Arranging) -> None:
    browser.sign_in_as(_staff(arranging))

    answer = browser.post("/staff/sign-out")

    assert answer.location == SIGN_IN
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not _is_in(browser)
    assert "You are signed out." in browser.get(SIGN_IN).text


def test_opening_the_address_for_signing_out_changes_nothing(browser: Browser, arranging: Arranging) -> None:
    browser.sign_in_as(_staff(arranging))

    answer = browser.get("/staff/sign-out")

    assert answer.status_code == 405
    assert _is_in(browser)


def test_the_pages_of_somebody_who_is_signed_in_are_kept_by_no_cache(
    browser: Browser, arranging: Arranging
) -> None:
    browser.sign_in_as(_staff(arranging))

    answer = browser.get(OWN)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_the_password_is_asked_for_again_before_the_weightiest_pages(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    account = _staff(arranging)
    browser.sign_in_as(account)
    assert browser.get(f"{OWN}/password").status_code == 200
    clock.forward(minutes=10)

    asked = browser.get(f"{OWN}/password")
    wrong = browser.submit(asked.location, {"password": "wrong"})
    right = browser.submit(asked.location, {"password": PASSWORD})

    assert asked.location.startswith("/staff/prove-it-is-you?next=")
    assert wrong.status_code == 422
    assert "That is not your password" in wrong.text
    assert right.location == f"{OWN}/password"
    assert browser.get(f"{OWN}/password").status_code == 200


def test_proving_who_one_is_does_not_make_the_session_longer(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(_staff(arranging))
    for _ in range(24):
        clock.forward(minutes=29)
        browser.submit("/staff/prove-it-is-you", {"password": PASSWORD})
    clock.forward(minutes=24)

    assert not _is_in(browser)


@pytest.mark.usefixtures("limits")
def test_guessing_is_slowed_down_for_the_account_and_not_for_others(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    account, other = _staff(arranging), _staff(arranging)
    guesser = Browser(app)
    answers = [_sign_in(guesser, account, f"guess {number}").status_code for number in range(11)]

    owner = Browser(app)
    owner._client.environ_base = {**owner._client.environ_base, "REMOTE_ADDR": "192.0.2.7"}
    still_open = [_sign_in(owner, account).status_code, _sign_in(Browser(app), other).status_code]

    assert answers == [422] * 10 + [429]
    assert still_open == [303, 303]
    slowed = _sign_in(guesser, account)
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    clock.forward(minutes=11)
    assert _sign_in(guesser, account).status_code == 303


@pytest.mark.usefixtures("limits")
def test_a_guess_beyond_the_limit_is_not_even_hashed(app: Flask, arranging: Arranging) -> None:
    account = _staff(arranging)
    guesser = Browser(app)
    for number in range(10):
        _sign_in(guesser, account, f"guess {number}")

    with arranging() as session:
        before = len(session.scalars(select(AuditEntry)).all())
    _sign_in(guesser, account)
    with arranging() as session:
        after = len(session.scalars(select(AuditEntry)).all())

    assert (before, after) == (10, 10)


@pytest.mark.usefixtures("limits")
def test_codes_are_guessed_no_faster_from_many_places(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    account = _with_app(app, arranging)
    answers = []
    for number in range(9):
        guesser = Browser(app)
        guesser._client.environ_base = {
            **guesser._client.environ_base,
            "REMOTE_ADDR": f"192.0.2.{number}",
        }
        _sign_in(guesser, account)
        answers.append(guesser.post(f"{SIGN_IN}/code", {"code": "000000"}).status_code)

    assert answers == [422] * 8 + [429]


def test_who_signed_in_and_who_could_not_is_on_record(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)
    browser.submit(SIGN_IN, {"email": "nobody@example.org", "password": PASSWORD})
    _sign_in(browser, account, "wrong")
    _sign_in(browser, account)

    with arranging() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.account_id, entry.subject_id) for entry in entries] == [
        ("sign_in_refused", None, None),
        ("sign_in_refused", None, account.id),
        ("signed_in", account.id, account.id),
    ]
    assert "nobody" not in str([entry.facts for entry in entries])


def test_a_session_does_not_outlive_a_new_key(browser: Browser, arranging: Arranging) -> None:
    account = _staff(arranging)
    _sign_in(browser, account)
    assert _is_in(browser)

    with arranging() as session:
        sign_out_everywhere(account=get_account(session, account.id))

    assert not _is_in(browser)


def test_a_stranger_is_sent_to_sign_in_and_a_post_is_not_replayed(browser: Browser) -> None:
    looked = browser.get("/staff/accounts")
    posted = browser.post("/staff/accounts", {})

    assert looked.location == f"{SIGN_IN}?next=/staff/accounts"
    assert posted.location == SIGN_IN


def test_time_between_pages_moves_the_pass_on(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(_staff(arranging))

    soon = browser.get(OWN)
    clock.forward(seconds=timedelta(minutes=1).total_seconds())
    later = browser.get(OWN)

    assert "staff=" not in soon.headers.get("Set-Cookie", "")
    assert "staff=" in later.headers.get("Set-Cookie", "")
