"""How an e-mail address and a telephone number are read."""

import pytest

from booking.people.contact import EmailNotUnderstood, PhoneNotUnderstood, read_email, read_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ola.Eksempel@Example.ORG", "ola.eksempel@example.org"),
        ("  ola@example.org ", "ola@example.org"),
        ("ola+barn@example.org", "ola+barn@example.org"),
        ("ola@blåbær.example.org", "ola@xn--blbr-roah.example.org"),
    ],
)
def test_an_address_is_kept_in_the_form_that_mail_servers_take(typed: str, kept: str) -> None:
    assert read_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ola",
        "ola@",
        "@example.org",
        "ola@example",
        "ola@localhost",
        "ola@example.org, kari@example.org",
        "ola@example.org\nBcc: kari@example.org",
        "Ola <ola@example.org>",
        '"ola eksempel"@example.org',
        "ola@[127.0.0.1]",
        "øla@example.org",
        "ola@example.org\u202e",
        "a" * 3000 + "@example.org",
    ],
)
def test_an_address_to_which_no_letter_could_go_is_refused(typed: str) -> None:
    with pytest.raises(EmailNotUnderstood) as told:
        read_email(typed)

    assert told.value.field == "email"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("  ", None),
        ("22 22 22 22", "+4722222222"),
        ("+47 22222222", "+4722222222"),
        ("004722222222", "+4722222222"),
        ("(22) 22 22 22", "+4722222222"),
        ("+46 70 123 45 67", "+46701234567"),
        ("+380 44 123 4567", "+380441234567"),
    ],
)
def test_a_number_is_kept_with_its_country(typed: str, kept: str | None) -> None:
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["123", "abc", "1" * 300, "22222222;drop", "+999 1234567", "+47 1"])
def test_a_number_that_no_telephone_has_is_refused(typed: str) -> None:
    with pytest.raises(PhoneNotUnderstood) as told:
        read_phone(typed)

    assert told.value.field == "phone"
