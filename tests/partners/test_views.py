"""The pages of the register, as librarians of two libraries use them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.partners.models import Partner
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import make_account, make_library, make_partner

Arranging = Callable[[], AbstractContextManager[Session]]

TYPED = {
    "name": "Granlia idrettslag",
    "sector": "voluntary",
    "municipality_code": "3401",
    "organisation_number": "310 000 019",
    "website": "www.example.org",
}


def signed_in(app: Flask, arranging: Arranging) -> Browser:
    """A librarian of a library of its own."""
    with arranging() as session:
        account = make_account(session, Role.LIBRARIAN, library=make_library(session))
    browser = Browser(app)
    browser.sign_in_as(account)
    return browser


@pytest.fixture
def kari(app: Flask, arranging: Arranging) -> Browser:
    return signed_in(app, arranging)


@pytest.fixture
def ola(app: Flask, arranging: Arranging) -> Browser:
    return signed_in(app, arranging)


def all_partners(arranging: Arranging) -> list[Partner]:
    with arranging() as session:
        return list(session.scalars(select(Partner).order_by(Partner.id)))


def plain_text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_what_one_library_adds_another_finds_and_may_mend(
    arranging: Arranging, kari: Browser, ola: Browser
) -> None:
    added = kari.post("/staff/partners", TYPED)
    (partner,) = all_partners(arranging)

    found = ola.get("/staff/partners").text
    mended = ola.submit(f"/staff/partners/{partner.id}", {**TYPED, "name": "Granlia IL"})

    assert (added.status_code, mended.status_code) == (303, 303)
    assert "Clubs and associations" in found
    assert '<a class="small" href="https://www.example.org" rel="noopener noreferrer">' in found
    (partner,) = all_partners(arranging)
    assert (partner.name, partner.organisation_number) == ("Granlia IL", "310000019")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write the name of the organisation."),
        ({"name": " "}, "Write the name of the organisation."),
        ({"name": "🎲" * 300}, "The name is too long. Use at most 100 characters."),
        ({"name": "Granlia \u202egalstterdi"}, "This text holds invisible signs"),
        ({"name": "Granlia\x00IL"}, "This text holds invisible signs"),
        ({"name": "– …"}, "Use at least one letter or figure in the name."),
        ({"name": "Kari kari@example.org"}, "Leave out e-mail addresses and telephone numbers"),
        ({"sector": ""}, "Choose a sector from the list."),
        ({"sector": "secret_service"}, "Choose a sector from the list."),
        ({"municipality_code": "oslo"}, "Choose a municipality from the list."),
        ({"organisation_number": "310000018"}, "This is not an organisation number."),
        ({"organisation_number": "٣١٠٠٠٠٠١٩"}, "This is not an organisation number."),
        ({"website": "javascript:alert(1)"}, "Write an address such as"),
        ({"website": "https://kari:hemmelig@example.org"}, "Write an address such as"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    arranging: Arranging, kari: Browser, changes: dict[str, str], sentence: str
) -> None:
    answer = kari.post("/staff/partners", {**TYPED, **changes})

    assert answer.status_code == 422
    assert sentence in plain_text(answer.text)
    assert all_partners(arranging) == []


def test_a_name_that_is_taken_is_said_beside_the_name_with_all_that_was_typed(
    arranging: Arranging, kari: Browser
) -> None:
    with arranging() as session:
        make_partner(session, name="Granlia Idrettslag", is_active=False)

    answer = kari.post("/staff/partners", TYPED)

    assert answer.status_code == 422
    assert "There is a partner with this name already." in answer.text
    assert 'href="#name"' in answer.text
    assert 'value="310000019"' in answer.text


def test_the_second_of_two_editors_sees_both_versions_and_may_save_theirs(
    arranging: Arranging, kari: Browser, ola: Browser
) -> None:
    with arranging() as session:
        page = f"/staff/partners/{make_partner(session, name='Granlia IL').id}"
    olas = {**TYPED, "name": "Granlia idrettsforening", "website": ""}
    kari.submit(page, TYPED)

    refused = ola.post(page, {**olas, "version": "1"})
    between = all_partners(arranging)
    version = re.findall(r'name="version"[^>]* value="(\d+)"', refused.text)
    again = ola.post(page, {**olas, "version": version[0]})

    assert refused.status_code == 422
    assert "Somebody else saved this page while you had it open" in refused.text
    rows = [plain_text(row).split("  ") for row in re.findall(r"<tr>.*?</tr>", refused.text, re.DOTALL)]
    said = " | ".join(" ".join(row).strip() for row in rows)
    assert "Name of the organisation Granlia idrettslag Granlia idrettsforening" in said
    assert "Website https://www.example.org –" in said
    assert "Organisation number" not in said
    assert [partner.name for partner in between] == ["Granlia idrettslag"]
    assert again.status_code == 303
    assert [partner.name for partner in all_partners(arranging)] == ["Granlia idrettsforening"]


def test_two_who_write_the_same_are_both_done(arranging: Arranging, kari: Browser, ola: Browser) -> None:
    with arranging() as session:
        page = f"/staff/partners/{make_partner(session, name='Granlia IL').id}"

    answers = [browser.post(page, {**TYPED, "version": "1"}).status_code for browser in (kari, ola)]

    assert answers == [303, 303]


@pytest.mark.parametrize("version", ["", "0", "-1", "two", "9" * 5000, "99999999999999999999", "²"])
def test_a_version_that_nobody_was_shown_overwrites_nothing(
    arranging: Arranging, kari: Browser, version: str
) -> None:
    with arranging() as session:
        partner = make_partner(session, name="Granlia IL")

    answer = kari.post(f"/staff/partners/{partner.id}", {**TYPED, "version": version})

    assert answer.status_code == 422
    assert [each.name for each in all_partners(arranging)] == ["Granlia IL"]


def test_a_partner_put_away_is_folded_away_and_can_be_brought_back(
    arranging: Arranging, kari: Browser
) -> None:
    with arranging() as session:
        page = f"/staff/partners/{make_partner(session, name='Granlia IL').id}"

    kari.post(f"{page}/put-away")
    folded = kari.get("/staff/partners").text
    kari.post(f"{page}/bring-back")
    unfolded = kari.get("/staff/partners").text

    assert re.search(r"<details.*1 partner put away.*Granlia IL.*</details>", folded, re.DOTALL)
    assert "There is no partner yet" in folded
    assert "Granlia IL" in unfolded
    assert "put away" not in unfolded.partition("<main")[2].partition("Granlia IL is put away.")[0]


def test_a_municipality_without_a_library_stays_chosen(arranging: Arranging, kari: Browser) -> None:
    with arranging() as session:
        partner = make_partner(session, municipality_code="0301")

    page = kari.get(f"/staff/partners/{partner.id}").text

    assert re.search(r'<option value="0301"\s+selected>', page)


def test_the_form_says_that_no_person_belongs_here(kari: Browser) -> None:
    assert "Only the organisation. No names of people" in kari.get("/staff/partners/new").text


@pytest.mark.parametrize("way", ["", "/put-away", "/bring-back"])
def test_a_partner_that_is_not_there_is_not_found(kari: Browser, way: str) -> None:
    assert kari.post(f"/staff/partners/999999{way}", TYPED).status_code == 404
