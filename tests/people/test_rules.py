"""What a name, a year of birth and a municipality may be."""

from datetime import date

import pytest

from booking.errors import Refusal
from booking.people.rules import (
    ELSEWHERE,
    BirthYearNotPlausible,
    MunicipalityUnknown,
    NameHasLink,
    NameMissing,
    NameNotPlain,
    NameTooLong,
    check_birth_year,
    check_municipalities,
    clean_name,
    same_name,
)

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada  Marie ", "Ada Marie"),
        ("O'Brien-Ødegård", "O'Brien-Ødegård"),
        ("J.P. Hansen", "J.P. Hansen"),
        ("St. John", "St. John"),
        ("St.Hans", "St. Hans"),
        ("Anne K.Berg", "Anne K. Berg"),
        ("Åse Ø.Ås", "Åse Ø. Ås"),
        ("A\u030ase", "Åse"),
        ("محمد", "محمد"),
        ("🦄", "🦄"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("7", "7"),
        ("x" * 100, "x" * 100),
        (" " * 50 + "x" * 100, "x" * 100),
        ("%(name)s {0} {{7*7}}", "%(name)s {0} {{7*7}}"),
        ("<b>Ada</b>", "<b>Ada</b>"),
    ],
)
def test_a_name_is_kept_as_it_was_meant(typed: str, kept: str) -> None:
    assert clean_name(typed, about="first_name") == kept


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", NameMissing),
        ("   ", NameMissing),
        ("\u200b\u200d", NameMissing),
        ("...", NameMissing),
        ("x" * 101, NameTooLong),
        ("x" * 96 + "K.Br", NameTooLong),
        ("🦄" * 300, NameTooLong),
        ("Ada\nBo", NameNotPlain),
        ("Ada\r\nBcc: x", NameNotPlain),
        ("Ada\u2028Bo", NameNotPlain),
        ("Ada\x00", NameNotPlain),
        ("Ada\x1b[0m", NameNotPlain),
        ("\u202eadA", NameNotPlain),
        ("A\u2066da", NameNotPlain),
        ("Ada\ud800", NameNotPlain),
        ("https://x.example", NameHasLink),
        ("WWW.example", NameHasLink),
        ("WWW.Example", NameHasLink),
        ("EXAMPLE.ORG", NameHasLink),
        ("Example.oRG", NameHasLink),
        ("win at casino.example", NameHasLink),
        ("ada@example", NameHasLink),
        ("søppel.no", NameHasLink),
    ],
)
def test_a_name_that_cannot_stand_says_why_and_where(typed: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as told:
        clean_name(typed, about="contact_name")

    assert told.value.field == "contact_name"


def test_capital_letters_make_no_other_name() -> None:
    assert same_name("ÅSE", "åse")
    assert not same_name("Åse", "Ase")


@pytest.mark.parametrize("year", [2001, 2026, 2016])
def test_children_and_youth_up_to_twenty_five_may_come(year: int) -> None:
    check_birth_year(year, today=TODAY)


@pytest.mark.parametrize("year", [2000, 2027, 0, -5, 99999])
def test_other_years_of_birth_are_a_slip_of_the_finger(year: int) -> None:
    with pytest.raises(BirthYearNotPlausible) as told:
        check_birth_year(year, today=TODAY)

    assert told.value.facts == {"earliest": 2001, "latest": 2026}
    assert told.value.field == "born"


@pytest.mark.parametrize(
    ("codes", "known"), [({"3401"}, 1), ({ELSEWHERE}, 0), ({"3401", ELSEWHERE}, 1), ({"3401", "3415"}, 2)]
)
def test_municipalities_of_the_region_and_another_one_are_taken(codes: set[str], known: int) -> None:
    check_municipalities(codes, known=known)


@pytest.mark.parametrize(("codes", "known"), [({"9999"}, 0), ({""}, 0), ({"3401", "<b>"}, 1)])
def test_a_municipality_that_is_not_on_the_list_is_refused(codes: set[str], known: int) -> None:
    with pytest.raises(MunicipalityUnknown):
        check_municipalities(codes, known=known)
