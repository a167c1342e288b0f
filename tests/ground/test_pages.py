from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from booking.errors import Busy
from booking.pages import public_url
from tests.browser import Browser

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
)


@pytest.fixture
def failing(app: Flask) -> Iterator[list[Exception]]:
    """Let the next pages fail with what a test puts in the list."""
    to_raise: list[Exception] = []

    def fail() -> None:
        if to_raise:
            raise to_raise[0]

    asked_before = app.before_request_funcs[None]
    asked_before.append(fail)
    yield to_raise
    asked_before.remove(fail)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_an_unknown_address_is_a_page_that_helps(app: Flask, language: str) -> None:
    answer = Browser(app, language).get("/no-such-page")

    assert answer.status_code == 404
    assert 'href="/activities"' in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "FOO"])
def test_other_methods_are_refused_on_a_page_with_all_headers(app: Flask, method: str) -> None:
    answer = app.test_client().open("/healthz", method=method)

    assert answer.status_code == 405
    assert all(name in answer.headers for name in HEADERS)


def test_a_body_that_is_too_large_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/staff/sign-in", data={"name": "x" * 2_000_000})

    assert answer.status_code in {400, 413}
    assert all(name in answer.headers for name in HEADERS)


def test_a_database_that_is_away_is_a_page_that_says_when_to_try_again(
    browser: Browser, failing: list[Exception]
) -> None:
    failing.append(OperationalError("SELECT 1", {}, Exception("locked")))

    answer = browser.get("/")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    failing.clear()
    assert browser.get("/").status_code == 200


def test_a_database_that_is_busy_is_the_same_page(browser: Browser, failing: list[Exception]) -> None:
    failing.append(Busy())

    assert browser.get("/").status_code == 503


def test_a_page_that_breaks_tells_a_code_and_nothing_of_the_inside(
    app: Flask, failing: list[Exception]
) -> None:
    failing.append(ZeroDivisionError("an inner secret"))

    answer = app.test_client().get("/")

    assert answer.status_code == 500
    assert "inner secret" not in answer.text
    assert "Traceback" not in answer.text
    assert all(name in answer.headers for name in HEADERS)


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_addresses_in_letters_never_come_from_the_visitor(app: Flask, header: str) -> None:
    with app.test_request_context(headers={header: "elsewhere.example.org"}):
        assert public_url("health.alive") == "http://127.0.0.1:8000/healthz"


def test_a_visitor_who_only_looks_gets_no_cookie(browser: Browser) -> None:
    assert "Set-Cookie" not in browser.get("/").headers


def test_choosing_a_language_is_remembered_and_nothing_else(browser: Browser) -> None:
    answer = browser.get("/?lang=nn")

    assert answer.headers.getlist("Set-Cookie")[0].startswith("lang=nn;")
    assert len(answer.headers.getlist("Set-Cookie")) == 1
    assert 'lang="nn"' in browser.get("/").text
