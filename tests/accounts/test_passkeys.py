"""Passkeys: made, used, and refused when anything about them is not as it should be."""

import json

import pytest
from sqlalchemy.orm import Session

from booking.accounts.passkeys import (
    checked_new,
    checked_use,
    new_challenge,
    options_to_make,
    options_to_use,
    site_of,
)
from booking.accounts.rules import WrongPasskey
from booking.staff.models import Account, Passkey
from booking.staff.rules import Role
from tests.accounts.device import Device, challenge_in, raw
from tests.factories import NOON, make_account

SITE = site_of("http://localhost:8000")


def _account_with(session: Session, device: Device) -> Account:
    account = make_account(session, Role.ADMIN)
    challenge = new_challenge()
    made = checked_new(SITE, device.make(challenge_in(options_to_make(SITE, account, challenge))), challenge)
    account.passkeys = [
        Passkey(
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            name="phone",
            made_at=NOON,
        )
    ]
    session.flush()
    return account


@pytest.mark.parametrize(
    ("base_url", "possible"),
    [
        ("http://localhost:8000", True),
        ("https://booking.example.org", True),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_a_site_needs_a_name_for_passkeys(base_url: str, possible: bool) -> None:
    assert site_of(base_url).can_have_passkeys == possible


def test_a_passkey_that_was_made_can_be_used(session: Session) -> None:
    device, challenge = Device(), new_challenge()
    account = _account_with(session, device)

    options = options_to_use(SITE, account, challenge)
    passkey, times = checked_use(SITE, account, device.sign(challenge_in(options)), challenge)

    assert (passkey, times) == (account.passkeys[0], 1)
    assert raw(options["allowCredentials"][0]["id"]) == device.credential_id
    assert raw(options["challenge"]) == challenge.encode()
    assert options["allowCredentials"][0]["transports"] == ["internal"]


def test_a_device_is_not_asked_to_make_a_second_passkey(session: Session) -> None:
    account = _account_with(session, Device())

    options = options_to_make(SITE, account, new_challenge())

    assert [raw(known["id"]) for known in options["excludeCredentials"]] == [b"a-device-of-the-tests"]


@pytest.mark.parametrize(
    "liar",
    [
        Device(origin="https://evil.example"),
        Device(host="evil.example"),
    ],
)
def test_a_passkey_for_another_site_is_refused(session: Session, liar: Device) -> None:
    challenge = new_challenge()

    with pytest.raises(WrongPasskey):
        checked_new(SITE, liar.make(_as_sent(challenge)), challenge)


def test_an_answer_to_another_challenge_is_refused(session: Session) -> None:
    device = Device()
    account = _account_with(session, device)

    with pytest.raises(WrongPasskey):
        checked_use(SITE, account, device.sign(_as_sent(new_challenge())), new_challenge())
    with pytest.raises(WrongPasskey):
        checked_new(SITE, device.make(_as_sent(new_challenge())), new_challenge())


def test_another_key_under_the_same_name_is_refused(session: Session) -> None:
    account, challenge = _account_with(session, Device()), new_challenge()

    with pytest.raises(WrongPasskey):
        checked_use(SITE, account, Device().sign(_as_sent(challenge)), challenge)


def test_a_passkey_of_somebody_else_is_refused(session: Session) -> None:
    device, challenge = Device(), new_challenge()
    _account_with(session, device)

    with pytest.raises(WrongPasskey):
        checked_use(SITE, make_account(session, Role.ADMIN), device.sign(_as_sent(challenge)), challenge)


def test_a_copy_that_counts_behind_is_refused(session: Session) -> None:
    device, challenge = Device(), new_challenge()
    account = _account_with(session, device)
    account.passkeys[0].sign_count = 7

    with pytest.raises(WrongPasskey):
        checked_use(SITE, account, device.sign(_as_sent(challenge)), challenge)


@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", "{}", '{"id": 3}', '"text"', "{" * 1000, json.dumps({"id": "x", "rawId": "x"})],
)
def test_what_is_no_passkey_at_all_is_refused(session: Session, credential: str) -> None:
    account = _account_with(session, Device())

    with pytest.raises(WrongPasskey):
        checked_use(SITE, account, credential, "challenge")
    with pytest.raises(WrongPasskey):
        checked_new(SITE, credential, "challenge")


def _as_sent(challenge: str) -> str:
    return challenge_in(
        options_to_make(SITE, Account(email="x", name="x", passkey_handle="x", passkeys=[]), challenge)
    )
