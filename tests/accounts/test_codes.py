"""Codes for the second step."""

import re
from base64 import b32decode, b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import InvalidToken

from booking.accounts.codes import (
    RECOVERY_CODES,
    code_at,
    fresh_code,
    lock_for,
    matching_counter,
    new_recovery_codes,
    new_totp_secret,
    provisioning_address,
    recovery_fingerprint,
)
from tests.factories import NOON

RFC_SECRET = b32encode(b"12345678901234567890").decode()
STEP = int(NOON.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.mark.parametrize(
    ("away", "counter"), [(0, STEP), (-30, STEP - 1), (30, STEP + 1), (-60, None), (60, None)]
)
def test_a_code_opens_half_a_minute_early_or_late(away: int, counter: int | None) -> None:
    code = code_at(RFC_SECRET, NOON + timedelta(seconds=away))

    assert matching_counter(RFC_SECRET, code, instant=NOON, after=None) == counter


def test_a_code_opens_once() -> None:
    code = code_at(RFC_SECRET, NOON)

    assert matching_counter(RFC_SECRET, code, instant=NOON, after=STEP) is None
    assert matching_counter(RFC_SECRET, code, instant=NOON, after=STEP - 1) == STEP


@pytest.mark.parametrize("code", ["", "28708", "2870822", "abcdef", "２８７０８２", "æøå"])
def test_what_is_no_code_opens_nothing(code: str) -> None:
    assert matching_counter(RFC_SECRET, code, instant=NOON, after=None) is None


def test_a_fresh_code_opens_even_when_the_present_one_was_used() -> None:
    code = fresh_code(RFC_SECRET, NOON, after=STEP)

    assert matching_counter(RFC_SECRET, code, instant=NOON, after=STEP) == STEP + 1
    assert fresh_code(RFC_SECRET, NOON, after=None) == code_at(RFC_SECRET, NOON)


def test_a_new_secret_has_160_bits_of_its_own() -> None:
    one, other = new_totp_secret(), new_totp_secret()

    assert len(b32decode(one)) == 20
    assert one != other


def test_the_address_for_the_app_names_the_service_and_the_account() -> None:
    parts = urlsplit(provisioning_address(RFC_SECRET, "kari+a&b@example.org"))

    assert (parts.scheme, parts.netloc, parts.path) == (
        "otpauth",
        "totp",
        "/Velkommen%20inn:kari%2Ba%26b%40example.org",
    )
    assert parse_qs(parts.query) == {"secret": [RFC_SECRET], "issuer": ["Velkommen inn"]}


def test_recovery_codes_are_ten_unlike_ones_and_found_however_they_are_typed() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == RECOVERY_CODES
    assert all(re.fullmatch(r"([2-9A-Z]{4}-){3}[2-9A-Z]{4}", code) for code in codes)
    typed = codes[0].replace("-", " ").lower()
    assert recovery_fingerprint(typed) == recovery_fingerprint(codes[0])


def test_a_secret_outlives_a_change_of_the_key_while_the_old_key_is_kept() -> None:
    sealed = lock_for(["old"]).encrypt(b"secret")

    assert lock_for(["new", "old"]).decrypt(sealed) == b"secret"
    with pytest.raises(InvalidToken):
        lock_for(["new"]).decrypt(sealed)
