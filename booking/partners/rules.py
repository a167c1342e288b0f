"""What can be said of a partner without asking the database. A partner is an organisation, never a person."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final
from urllib.parse import urlsplit

from booking.errors import Refusal
from booking.wording import check_plain, says_something, tidied_line

LONGEST_NAME: Final = 100
LONGEST_WEBSITE: Final = 200

# Brønnøysundregistrene: each digit times its weight; the last digit makes the sum divisible by eleven.
_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2, 1)
_NINE_DIGITS: Final = re.compile(r"[1-9][0-9]{8}", re.ASCII)
_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}", re.ASCII)
# Eight digits, however they are grouped: a Norwegian telephone number.
_CONTACT: Final = re.compile(r"@|(?:[0-9][ .]?){8}", re.ASCII)

_LAST_LETTERS: Final = str.maketrans({"æ": "{1", "ä": "{1", "ø": "{2", "ö": "{2", "å": "{3"})


class Sector(StrEnum):
    """Where in society an organisation stands; figures tell how often sectors meet."""

    VOLUNTARY = "voluntary"
    SCHOOL = "school"
    HEALTH = "health"
    PUBLIC_HEALTH = "public_health"
    CULTURE = "culture"
    MUNICIPALITY = "municipality"
    BUSINESS = "business"
    OTHER = "other"


class PartnerRole(StrEnum):
    """What a partner does in an activity."""

    CO_ORGANISER = "co_organiser"
    CONTRIBUTOR = "contributor"
    RECRUITMENT = "recruitment"


class PartnerNameTooLong(Refusal):
    """The name is longer than a page can show."""

    code: ClassVar[str] = "partner_name_too_long"
    field: ClassVar[str | None] = "name"


class PartnerNameSaysNothing(Refusal):
    """The name is missing, or made of marks alone."""

    code: ClassVar[str] = "partner_name_says_nothing"
    field: ClassVar[str | None] = "name"


class PartnerNameHasContact(Refusal):
    """The name holds an e-mail address or a telephone number."""

    code: ClassVar[str] = "partner_name_has_contact"
    field: ClassVar[str | None] = "name"


class PartnerNameTaken(Refusal):
    """The register has an organisation of this name, perhaps among those put away."""

    code: ClassVar[str] = "partner_name_taken"
    field: ClassVar[str | None] = "name"


class OrganisationNumberWrong(Refusal):
    """No organisation can have this number."""

    code: ClassVar[str] = "organisation_number_wrong"
    field: ClassVar[str | None] = "organisation_number"


class OrganisationNumberTaken(Refusal):
    """The register has an organisation with this number, perhaps under another name."""

    code: ClassVar[str] = "organisation_number_taken"
    field: ClassVar[str | None] = "organisation_number"


class WebsiteWrong(Refusal):
    """The address leads nowhere, or carries more than an address should."""

    code: ClassVar[str] = "partner_website_wrong"
    field: ClassVar[str | None] = "website"


class MunicipalityWrong(Refusal):
    """The municipality number is not four digits."""

    code: ClassVar[str] = "partner_municipality_wrong"
    field: ClassVar[str | None] = "municipality_code"


class PartnerChangedMeanwhile(Refusal):
    """Somebody else saved the same partner while this page lay open."""

    code: ClassVar[str] = "partner_changed_meanwhile"


@dataclass(frozen=True, kw_only=True)
class PartnerFacts:
    """All that is told of a partner."""

    name: str
    sector: Sector
    municipality_code: str | None = None
    organisation_number: str | None = None
    website: str | None = None


def name_key(name: str) -> str:
    """Return what two names have in common that a reader would take for one and the same."""
    # Large or small, with or without signs that nobody can see. No sign becomes more than three.
    seen = "".join(letter for letter in tidied_line(name) if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", tidied_line(seen).casefold())


def in_the_alphabet(key: str) -> str:
    """Return what names are sorted by: æ, ø and å come last, as in a Norwegian dictionary."""
    return key.translate(_LAST_LETTERS)


def has_contact(name: str) -> bool:
    """Tell whether there is an e-mail address or a telephone number in the name: it belongs to a person."""
    return _CONTACT.search(name) is not None


def tidied_number(text: str | None) -> str:
    """Return an organisation number as it is kept: without the spaces that make it easy to read."""
    return "".join((text or "").split())


def is_organisation_number(text: str) -> bool:
    """Tell whether the text is nine digits of which the last one checks the others (modulus 11)."""
    if not _NINE_DIGITS.fullmatch(text):
        return False
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=True)) % 11 == 0


def tidied_website(text: str | None) -> str:
    """Return an address as it is kept; people leave out what stands before it."""
    address = tidied_line(text)
    return address if not address or "://" in address else f"https://{address}"


def is_website(address: str) -> bool:
    """Tell whether the address leads to a public page: http or https, a named host, nobody's password."""
    if len(address) > LONGEST_WEBSITE or not address.isprintable() or re.search(r"[\s\\<>\"]", address):
        return False
    try:
        parts = urlsplit(address)
        has_port = parts.port is not None
    except ValueError:
        return False
    labels = (parts.hostname or "").split(".")
    is_named = len(labels) > 1 and all(labels) and not labels[-1].isdecimal()
    return parts.scheme in {"http", "https"} and is_named and "@" not in parts.netloc and not has_port


def tidied_facts(facts: PartnerFacts) -> PartnerFacts:
    """Return the facts as they are kept; what is empty is not there."""
    return PartnerFacts(
        name=tidied_line(facts.name),
        sector=facts.sector,
        municipality_code=facts.municipality_code or None,
        organisation_number=tidied_number(facts.organisation_number) or None,
        website=tidied_website(facts.website) or None,
    )


def check_facts(facts: PartnerFacts) -> None:
    """Let facts pass that can be kept and shown.

    Refuses TextNotPlain, PartnerNameTooLong, PartnerNameSaysNothing, PartnerNameHasContact,
    OrganisationNumberWrong, WebsiteWrong and MunicipalityWrong.
    """
    _check_name(facts.name)
    if facts.organisation_number is not None and not is_organisation_number(facts.organisation_number):
        raise OrganisationNumberWrong
    if facts.website is not None and not is_website(facts.website):
        raise WebsiteWrong
    if facts.municipality_code is not None and not _FOUR_DIGITS.fullmatch(facts.municipality_code):
        raise MunicipalityWrong


def _check_name(name: str) -> None:
    check_plain([name])
    if len(name) > LONGEST_NAME:
        raise PartnerNameTooLong
    if not says_something(name):
        raise PartnerNameSaysNothing
    if has_contact(name):
        raise PartnerNameHasContact
