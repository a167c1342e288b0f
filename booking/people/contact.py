"""How an e-mail address and a telephone number are read, and in what form they are kept."""

from functools import lru_cache
from typing import ClassVar, Final

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

from booking.errors import Refusal

LONGEST_EMAIL: Final = 254
# Longer than any number with its country code, spaces and brackets.
LONGEST_PHONE: Final = 40


class EmailNotUnderstood(Refusal):
    """No letter could be sent there."""

    code: ClassVar[str] = "email_not_understood"
    field: ClassVar[str | None] = "email"


class PhoneNotUnderstood(Refusal):
    """No telephone in Norway or abroad has that number."""

    code: ClassVar[str] = "phone_not_understood"
    field: ClassVar[str | None] = "phone"


@lru_cache(maxsize=4)
def read_email(text: str) -> str:
    """Return the address as it is kept: small letters, a domain that every mail server takes.

    Refuses EmailNotUnderstood. Whether anybody reads there, only a letter can tell. One sign-up asks several
    times.
    """
    if len(text) > LONGEST_EMAIL:
        raise EmailNotUnderstood
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise EmailNotUnderstood from error
    return (found.ascii_email or found.normalized).lower()


def read_phone(text: str) -> str | None:
    """Return the number as +47…, or nothing for nothing; without a country code it is Norwegian.

    Refuses PhoneNotUnderstood.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST_PHONE:
        raise PhoneNotUnderstood
    number = _parsed(text)
    if not is_valid_number(number):
        raise PhoneNotUnderstood
    return format_number(number, PhoneNumberFormat.E164)


def _parsed(text: str) -> PhoneNumber:
    try:
        return parse(text, "NO")
    except NumberParseException as error:
        raise PhoneNotUnderstood from error
