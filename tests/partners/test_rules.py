"""What may be said of a partner, and when two names are one."""

import sys
from dataclasses import replace

import pytest

from booking.errors import Refusal
from booking.partners.rules import (
    LONGEST_NAME,
    LONGEST_WEBSITE,
    MunicipalityWrong,
    OrganisationNumberWrong,
    PartnerFacts,
    PartnerNameHasContact,
    PartnerNameSaysNothing,
    PartnerNameTooLong,
    Sector,
    WebsiteWrong,
    check_facts,
    in_the_alphabet,
    is_organisation_number,
    is_website,
    name_key,
    tidied_facts,
)
from booking.wording import TextNotPlain

CLUB = PartnerFacts(name="Granlia idrettslag", sector=Sector.VOLUNTARY)


@pytest.mark.parametrize(
    ("number", "is_sound"),
    [
        ("310000019", True),
        ("310000000", True),  # no remainder: the last digit is none
        ("310000018", False),
        ("310000190", False),  # two digits changed places
        ("310000060", False),  # the check would be ten, and such numbers are never given out
        ("000000000", False),  # adds up, and is nobody's
        ("31000001", False),
        ("3100000199", False),
        ("31000001x", False),
        ("31000001９", False),  # a nine of another alphabet
        ("310000019\n", False),
        ("", False),
    ],
)
def test_an_organisation_number_is_nine_digits_that_check_each_other(number: str, is_sound: bool) -> None:
    assert is_organisation_number(number) is is_sound


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org",
        "http://example.org/lag?side=1#om",
        "https://blåfjell.example.org/å",
    ],
)
def test_a_website_leads_to_a_public_page(address: str) -> None:
    assert is_website(address)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)//www.example.org",
        "https://javascript:alert(1)",
        "data://example.org/",
        "ftp://example.org",
        "//example.org",
        "https://",
        "https://intranett",
        "https://.example.org",
        "https://192.0.2.1",
        "https://[::1",
        "https://[::1]",
        "https://kari:hemmelig@example.org",
        "https://kari@example.org",
        "https://@example.org",
        "https://example.org:8443",
        "https://example.org:99999",
        "https://example.org/\u202egpj",
        "https://example.org/\u200b",
        "https://example.org/a b",
        "https://example.org\\@example.com",
        'https://example.org/"onclick="',
        f"https://example.org/{'a' * LONGEST_WEBSITE}",
    ],
)
def test_what_leads_elsewhere_or_carries_more_is_no_website(address: str) -> None:
    assert not is_website(address)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": "🎲" * 300}, PartnerNameTooLong),
        ({"name": "a" * (LONGEST_NAME + 1)}, PartnerNameTooLong),
        ({"name": "Granlia \u202egalstterdi"}, TextNotPlain),
        ({"name": "Granlia\x00"}, TextNotPlain),
        ({"name": " "}, PartnerNameSaysNothing),
        ({"name": "…"}, PartnerNameSaysNothing),
        ({"name": "\u200b"}, PartnerNameSaysNothing),
        ({"name": "Kari, kari@example.org"}, PartnerNameHasContact),
        ({"name": "Frivilligsentralen 22 22 22 22"}, PartnerNameHasContact),
        ({"name": "Frivilligsentralen +4722222222"}, PartnerNameHasContact),
        ({"organisation_number": "310000018"}, OrganisationNumberWrong),
        ({"website": "https://kari@example.org"}, WebsiteWrong),
        ({"municipality_code": "34011"}, MunicipalityWrong),
        ({"municipality_code": "oslo"}, MunicipalityWrong),
    ],
)
def test_what_cannot_be_shown_is_refused(changes: dict[str, str], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_facts(tidied_facts(replace(CLUB, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["4H", "🎲", "a" * LONGEST_NAME, "Granlia IL av 1921", "Ungdom 2026–2027"])
def test_a_name_may_be_short_long_or_have_a_year(name: str) -> None:
    check_facts(replace(CLUB, name=name))


@pytest.mark.parametrize(
    "name",
    [
        "GRANLIA IDRETTSLAG",
        "  Granlia   idrettslag ",
        "Granlia\u200b idretts\u00adlag",
        "Granlia idrettslag\u200f",
        "Granlia\u00a0idrettslag",
    ],
)
def test_names_that_a_reader_takes_for_one_are_one(name: str) -> None:
    assert name_key(name) == name_key(CLUB.name)


def test_a_name_with_a_ring_above_is_one_however_it_is_typed() -> None:
    assert name_key("Ås skole") == name_key("A\u030as skole") == name_key("ÅS SKOLE")
    assert name_key("Ås skole") != name_key("As skole")


def test_the_longest_name_in_any_alphabet_fits_into_its_column() -> None:
    longest = max(len(name_key(chr(number))) for number in range(sys.maxunicode))

    assert longest * LONGEST_NAME <= 300


def test_the_last_letters_of_the_alphabet_come_last() -> None:
    names = ["Åsen", "Østre", "Ætt", "Zoo", "Asker", "Ödegård"]

    assert sorted(names, key=lambda name: in_the_alphabet(name_key(name))) == [
        "Asker",
        "Zoo",
        "Ætt",
        "Ödegård",
        "Østre",
        "Åsen",
    ]


def test_what_is_left_empty_is_not_there_and_what_is_left_out_is_added() -> None:
    typed = PartnerFacts(
        name=" Granlia  IL ",
        sector=Sector.VOLUNTARY,
        municipality_code="",
        organisation_number="310 000 019",
        website="www.example.org",
    )

    assert tidied_facts(typed) == PartnerFacts(
        name="Granlia IL",
        sector=Sector.VOLUNTARY,
        organisation_number="310000019",
        website="https://www.example.org",
    )
