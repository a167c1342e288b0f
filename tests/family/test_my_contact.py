"""How a family is reached, and how it moves to another address, on both databases."""

import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.errors import NotFound
from booking.family.contact_operations import (
    ask_for_new_address,
    forget_unanswered_addresses,
    take_new_address,
)
from booking.libraries.rules import Language
from booking.limits import limiter
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.people.models import Family
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_family, make_meeting, make_occasion, make_participant, make_signup
from tests.family.entering import OLA, Arranging, come_in, everything, way_in

NEW, PER = "ola.ny@example.org", "per@example.org"
TYPED = {"contact_name": "Ola Ny Eksempel", "phone": "22 22 22 22", "wants_sms": "y", "language": "nn"}


@pytest.fixture
def inside(browser: Browser, arranging: Arranging) -> Browser:
    """Ola's family is in; Per's is another one."""
    with arranging() as session:
        make_participant(session, family=make_family(session, email=OLA))
        make_family(session, email=PER)
    come_in(browser, arranging)
    return browser


def ola_now(arranging: Arranging) -> Family:
    with arranging() as session:
        return session.scalars(select(Family).order_by(Family.id)).first() or Family()


def written(arranging: Arranging) -> list[tuple[str, str | None]]:
    with arranging() as session:
        found = session.scalars(select(Letter).order_by(Letter.id)).all()
        return [(each.template, each.address) for each in found if each.template != "family_enter"]


def seen_alike(page: str, email: str) -> str:
    """A page without what differs each time it is made: the address, and the form's token."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page.replace(email, "…"))


def test_a_family_changes_its_name_phone_language_and_messages(inside: Browser, arranging: Arranging) -> None:
    answer = inside.submit("/my/contact", TYPED)

    family = ola_now(arranging)
    assert (answer.status_code, answer.location) == (303, "/my")
    assert (family.contact_name, family.phone) == ("Ola Ny Eksempel", "+4722222222")
    assert (family.language, family.wants_sms) == (Language.NN, True)
    with arranging() as session:
        assert "family_contact_changed" in session.scalars(select(AuditEntry.action)).all()


def test_the_form_shows_how_it_is_now(inside: Browser, arranging: Arranging) -> None:
    inside.submit("/my/contact", TYPED)

    page = inside.get("/my/contact").text

    assert 'value="Ola Ny Eksempel"' in page
    assert '<option selected value="nn">' in page
    assert 'value="y" checked' in page


def test_without_a_number_there_are_no_text_messages(inside: Browser, arranging: Arranging) -> None:
    inside.submit("/my/contact", {**TYPED, "phone": ""})

    family = ola_now(arranging)
    assert (family.phone, family.wants_sms) == (None, False)


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("contact_name", "", "Write your own name."),
        ("contact_name", "www.example.org", "Leave out web and e-mail addresses"),
        ("contact_name", "x" * 101, "The name is too long."),
        ("contact_name", "x" * 300, "The name is too long."),
        ("phone", "12", "We do not understand this number."),
        ("phone", "2" * 50, "We do not understand this number."),
        ("language", "fr", "Choose one of the three languages."),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_field(
    inside: Browser, arranging: Arranging, name: str, typed: str, words: str
) -> None:
    answer = inside.submit("/my/contact", {**TYPED, name: typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert ola_now(arranging).contact_name == "Ola Eksempel"


def test_nothing_changes_until_somebody_at_the_new_address_says_so(
    inside: Browser, arranging: Arranging
) -> None:
    asked = inside.submit("/my/address", {"email": " Ola.Ny@Example.org "})

    assert (asked.status_code, asked.location) == (303, "/my/address")
    assert ola_now(arranging).email == OLA
    assert f"We have written to {NEW}" in inside.get("/my/address").text
    assert NEW in inside.get("/my").text
    assert written(arranging) == [("family_address_new", NEW), ("family_address_asked", OLA)]


def test_the_old_address_is_told_only_the_first_letter_of_the_new_one(
    inside: Browser, arranging: Arranging
) -> None:
    inside.submit("/my/address", {"email": NEW})

    with arranging() as session:
        told = session.scalars(select(Letter).where(Letter.address == OLA).order_by(Letter.id.desc())).first()
        assert told is not None
        assert told.facts == {"new_address": "o…@example.org"}


def test_the_button_in_the_letter_moves_the_family_and_opening_it_does_not(
    app: Flask, inside: Browser, arranging: Arranging
) -> None:
    inside.submit("/my/address", {"email": NEW})
    address = f"/my/address/{way_in(arranging, 'family_address_new').secret}"
    reader = Browser(app)
    before = everything(arranging)
    assert (reader.head(address).status_code, reader.get(address).status_code) == (200, 200)
    assert everything(arranging) == before

    answers = [reader.post(address).status_code, reader.post(address).status_code]

    family = ola_now(arranging)
    assert answers == [303, 404]
    assert reader.get(address).status_code == 404
    assert (family.email, family.new_email) == (NEW, None)
    assert written(arranging)[-1] == ("family_address_changed", OLA)
    come_in(Browser(app), arranging, NEW)


def test_links_in_letters_to_the_old_address_open_nothing_any_more(
    app: Flask, inside: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        child = session.scalars(select(Family)).first()
        assert child is not None
        occasion = make_occasion(session)
        make_meeting(session, occasion=occasion)
        ada = make_participant(session, family=child, first_name="Bo")
        signup = make_signup(session, occasion=occasion, participant=ada)
        secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=signup.id, lasts=None)
    assert inside.get(f"/signups/{secret}").status_code == 200
    inside.submit("/my/address", {"email": NEW})

    inside.post(f"/my/address/{way_in(arranging, 'family_address_new').secret}")

    assert inside.get(f"/signups/{secret}").status_code == 404
    assert "Send me a letter" in inside.get("/my").text


def test_an_address_of_another_family_is_answered_alike_and_only_its_owner_learns_it(
    app: Flask, inside: Browser, arranging: Arranging
) -> None:
    seen = []
    for email in (NEW, PER):
        asked = inside.submit("/my/address", {"email": email})
        pages = [seen_alike(inside.get(address).text, email) for address in ("/my/address", "/my")]
        seen.append((asked.status_code, asked.location, pages))
        own = written(arranging)[-1]
        assert own == ("family_address_asked", OLA)

    assert seen[0] == seen[1]
    assert written(arranging)[-2] == ("family_address_taken", PER)
    with arranging() as session:
        assert set(session.scalars(select(Family.email))) == {OLA, PER}
        letter = session.scalars(select(Letter).where(Letter.address == PER)).one()
        assert letter.facts == {}


def test_an_address_that_became_another_familys_meanwhile_is_not_taken(
    inside: Browser, arranging: Arranging
) -> None:
    inside.submit("/my/address", {"email": NEW})
    secret = way_in(arranging, "family_address_new").secret
    with arranging() as session:
        make_family(session, email=NEW)

    assert inside.post(f"/my/address/{secret}").status_code == 404
    assert ola_now(arranging).email == OLA


def test_of_two_who_take_one_address_at_once_the_second_gets_nothing(
    session: Session, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from booking.family import contact_operations

    family = make_family(session, email=OLA)
    ask_for_new_address(session, clock, family=family, email=NEW)
    secret = session.scalars(select(Letter).where(Letter.address == NEW)).one().facts["secret"]
    make_family(session, email=NEW)
    # As if the other family came between the look and the change.
    monkeypatch.setattr(contact_operations, "find_family", lambda *_told: None)

    with pytest.raises(NotFound):
        take_new_address(session, clock, secret=secret)

    session.refresh(family)
    assert family.email == OLA


def test_a_letter_to_a_new_address_works_for_a_day(
    inside: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    inside.submit("/my/address", {"email": NEW})
    secret = way_in(arranging, "family_address_new").secret

    clock.forward(hours=24)

    assert inside.get(f"/my/address/{secret}").status_code == 404
    assert inside.post(f"/my/address/{secret}").status_code == 404


def test_a_newer_wish_ends_the_one_before_it(inside: Browser, arranging: Arranging) -> None:
    inside.submit("/my/address", {"email": "feil@example.org"})
    first = way_in(arranging, "family_address_new").secret

    inside.submit("/my/address", {"email": NEW})

    assert inside.post(f"/my/address/{first}").status_code == 404
    with arranging() as session:
        letters = select(Letter).where(Letter.template == "family_address_new").order_by(Letter.id)
        states = [each.state for each in session.scalars(letters)]
        assert states == [LetterState.DROPPED, LetterState.WAITING]


def test_a_family_can_keep_its_address_after_all(inside: Browser, arranging: Arranging) -> None:
    inside.submit("/my/address", {"email": NEW})
    secret = way_in(arranging, "family_address_new").secret

    answer = inside.post("/my/address/keep")

    assert (answer.status_code, answer.location) == (303, "/my")
    assert ola_now(arranging).new_email is None
    assert inside.post(f"/my/address/{secret}").status_code == 404


@pytest.mark.parametrize(
    ("email", "words"),
    [
        (OLA, "This is the address that you have already."),
        ("OLA@example.org", "This is the address that you have already."),
        ("ola", "Write a whole e-mail address"),
        ("", "Write a whole e-mail address"),
    ],
)
def test_an_address_that_is_none_or_the_same_is_refused(
    inside: Browser, arranging: Arranging, email: str, words: str
) -> None:
    answer = inside.submit("/my/address", {"email": email})

    assert answer.status_code == 422
    assert words in answer.text
    assert written(arranging) == []


def test_a_new_address_gets_three_letters_an_hour_and_nobody_is_told(
    inside: Browser, arranging: Arranging
) -> None:
    limiter.enabled = True

    answers = {inside.submit("/my/address", {"email": NEW}).status_code for _ in range(5)}

    assert answers == {303}
    assert written(arranging).count(("family_address_asked", OLA)) == 3
    assert inside.post(f"/my/address/{way_in(arranging, 'family_address_new').secret}").status_code == 303


def test_who_is_not_in_uses_up_no_letters(app: Flask, inside: Browser, arranging: Arranging) -> None:
    limiter.enabled = True

    for _ in range(5):
        Browser(app).post("/my/address", {"email": NEW})
    inside.submit("/my/address", {"email": NEW})

    assert ("family_address_new", NEW) in written(arranging)


def test_an_address_where_nobody_answers_is_forgotten_after_a_day_and_no_other(
    session: Session, clock: StoppedClock
) -> None:
    early, late = make_family(session, email=OLA), make_family(session, email=PER)
    ask_for_new_address(session, clock, family=early, email=NEW)
    clock.forward(hours=23)
    ask_for_new_address(session, clock, family=late, email="per.ny@example.org")
    session.flush()
    assert forget_unanswered_addresses(session, clock) == 0

    clock.forward(hours=1)

    assert [forget_unanswered_addresses(session, clock) for _ in range(2)] == [1, 0]
    session.expire_all()
    assert (early.new_email, late.new_email) == (None, "per.ny@example.org")
