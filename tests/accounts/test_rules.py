"""How long a sign-in lasts, which passwords do, and where one may be sent afterwards."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.accounts.passwords import common_passwords
from booking.accounts.rules import (
    PasswordTooCommon,
    PasswordTooShort,
    StaffPass,
    check_password,
    holds,
    is_proved,
    safe_next,
)
from tests.factories import NOON


def _pass(*, since: datetime = NOON, seen_at: datetime = NOON, proved_at: datetime = NOON) -> StaffPass:
    return StaffPass(session_key="key", since=since, seen_at=seen_at, proved_at=proved_at, second_factor=True)


@pytest.mark.parametrize(
    ("since", "idle", "opens"),
    [
        (timedelta(0), timedelta(0), True),
        (timedelta(hours=11, minutes=59), timedelta(minutes=29, seconds=59), True),
        (timedelta(hours=1), timedelta(minutes=30), False),
        (timedelta(hours=12), timedelta(0), False),
    ],
)
def test_a_pass_holds_for_half_an_hour_of_idleness_and_twelve_hours(
    since: timedelta, idle: timedelta, opens: bool
) -> None:
    carried = _pass(since=NOON - since, seen_at=NOON - idle)

    assert holds(carried, now=NOON, only_at_the_door=False) == opens


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 11, 24, 22, 59, tzinfo=UTC), True),  # 23:59 in Oslo
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), False),  # midnight in Oslo
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), False),  # before it was given
    ],
)
def test_at_the_door_a_pass_holds_until_midnight_in_oslo(now: datetime, opens: bool) -> None:
    assert holds(_pass(), now=now, only_at_the_door=True) == opens


@pytest.mark.parametrize(
    ("minutes", "sending", "proved"),
    [(9, False, True), (10, False, False), (39, True, True), (40, True, False)],
)
def test_the_password_counts_as_typed_a_short_while_ago(minutes: int, sending: bool, proved: bool) -> None:
    carried = _pass(proved_at=NOON - timedelta(minutes=minutes))

    assert is_proved(carried, now=NOON, sending=sending) == proved


@pytest.mark.parametrize(
    "password",
    [
        "bok lampe fjell brus",
        "a password of many words",
        "xK9#mLp2",
        "fjellbekk7",
        "kari-liker-kaffe-til-frokost",
    ],
)
def test_a_password_that_nobody_would_try_does(password: str) -> None:
    check_password(password, about=("Kari Eksempel", "kari@example.org"), common=common_passwords())


@pytest.mark.parametrize("password", ["", "kort", "sju7sju"])
def test_a_password_under_eight_characters_is_too_short(password: str) -> None:
    with pytest.raises(PasswordTooShort):
        check_password(password, about=(), common=common_passwords())


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Passord123",
        "Bibliotek2026!",
        "velkommen1",
        "SOMMER2026",
        "1q2w3e4r",
        "12345678",
        "20262026!",
        "eksempel99",
        "Kari2026!!",
        "aaaaaaaa",
        "abababababababababab",
        "111111111111111111",
    ],
)
def test_a_password_that_anybody_would_try_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check_password(password, about=("Kari Eksempel", "kari@example.org"), common=common_passwords())


@pytest.mark.parametrize(
    "address", ["/staff", "/staff/", "/staff/accounts", "/staff/meetings/12/register", "/staff/sign-in"]
)
def test_one_is_sent_on_to_pages_for_staff(address: str) -> None:
    assert safe_next(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "/",
        "/activities",
        "https://evil.example/",
        "//evil.example/staff",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/staff//evil.example",
        "/staff/..//evil.example",
        "/staff/../../evil",
        "/staff@evil.example",
        "/staff.evil.example",
        "/staff/%2f%2fevil.example",
        "/staff/\n/evil.example",
        "/staff/accounts\r\nSet-Cookie: a=b",
        "http:/staff",
        "javascript:alert(1)",
        " /staff",
        "/staff/accounts?next=//evil.example",
        "/staff\t",
        "/staff/\u2215evil",
        "data:text/html,x",
    ],
)
def test_one_is_sent_nowhere_else(address: str | None) -> None:
    assert safe_next(address) is None
