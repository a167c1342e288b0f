"""What a browser carries signed is known again; what is not plainly right is refused each time."""

from datetime import timedelta

import pytest
from flask import Flask, session
from itsdangerous import URLSafeTimedSerializer

from booking.accounts.passes import cookie_name, read_pass
from booking.seals import Sessions, token_seal


def _cookie(app: Flask, content: dict[str, object]) -> str:
    return str(Sessions(app).get_signing_serializer(app).dumps(content))


def _token(key: str, raw: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))


def _sent(app: Flask, *, kept: str | None, token: str | None, kind: str = "application/json") -> int:
    browser = app.test_client()
    if kept is not None:
        browser.set_cookie("booking", _cookie(app, {"csrf_token": kept}))
    headers = {"X-CSRFToken": token} if token is not None else {}
    # Nobody is signed in: whom the protection lets pass is sent to the page where one signs in.
    return browser.post("/staff/meetings/1/events", data="{}", content_type=kind, headers=headers).status_code


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_scripts_own_token_passes_each_time(app: Flask, kind: str) -> None:
    token = _token(str(app.secret_key), "a" * 40)

    assert [_sent(app, kept="a" * 40, token=token, kind=kind) for _time in range(2)] == [303, 303]


def test_a_token_of_another_session_is_refused_also_when_it_is_known(app: Flask) -> None:
    token = _token(str(app.secret_key), "b" * 40)
    assert _sent(app, kept="b" * 40, token=token) == 303

    assert _sent(app, kept="a" * 40, token=token) == 400
    assert _sent(app, kept=None, token=token) == 400
    assert _sent(app, kept="", token=token) == 400


def test_what_we_did_not_sign_is_refused(app: Flask) -> None:
    refused = (_token("another key, of another house", "a" * 40), "a" * 40, "", None)

    assert [_sent(app, kept="a" * 40, token=token) for token in refused for _time in range(2)] == [400] * 8


def test_what_one_request_puts_into_a_session_is_not_in_the_next_with_the_same_cookie(app: Flask) -> None:
    headers = {"Cookie": f"booking={_cookie(app, {'steps': [1]})}"}

    with app.test_request_context("/", headers=headers):
        session["steps"].append(2)
        session["more"] = True
    with app.test_request_context("/", headers=headers):
        assert dict(session) == {"steps": [1]}


def test_a_session_grows_too_old_also_when_its_cookie_is_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Cookie": f"booking={_cookie(app, {'steps': 1})}"}
    with app.test_request_context("/", headers=headers):
        assert dict(session) == {"steps": 1}

    monkeypatch.setattr(app.session_interface, "_longest", timedelta(seconds=-1))

    with app.test_request_context("/", headers=headers):
        assert dict(session) == {}


@pytest.mark.parametrize("text", ["", "nonsense", "W10.c2lnbmVk"])
def test_a_session_and_a_pass_that_we_did_not_sign_are_empty(app: Flask, text: str) -> None:
    name = cookie_name(app.extensions["booking.settings"])
    headers = {"Cookie": f"booking={text}; {name}={text}"}

    for _time in range(2):
        with app.test_request_context("/", headers=headers):
            assert dict(session) == {}
            assert read_pass() is None


def test_what_we_sealed_ourselves_is_known_and_what_it_holds_is_not_shared(app: Flask) -> None:
    sessions = app.session_interface
    text = sessions.get_signing_serializer(app).dumps({"steps": [1]})  # type: ignore[attr-defined]
    headers = {"Cookie": f"booking={text}"}

    with app.test_request_context("/", headers=headers):
        session["steps"].append(2)
    with app.test_request_context("/", headers=headers):
        assert dict(session) == {"steps": [1]}


def test_a_form_with_its_own_token_passes_and_with_anothers_is_refused(app: Flask) -> None:
    own, others = (token_seal(app).dumps(letter * 40) for letter in "ab")
    browser = app.test_client()
    browser.set_cookie("booking", _cookie(app, {"csrf_token": "a" * 40}))

    statuses = [
        browser.post("/staff/meetings/1/events", data={"csrf_token": token}).status_code
        for token in (own, others, others[:-1], "")
    ]

    assert statuses == [303, 400, 400, 400]


def test_a_seal_remembers_no_more_than_so_much(app: Flask) -> None:
    seal = token_seal(app)
    first = seal.dumps("first")
    for number in range(1100):
        seal.dumps(str(number))

    assert len(seal._known) == 1024
    assert seal.content_of(first) is not None
