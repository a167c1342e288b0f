"""A family sees all that is kept about it, takes it along, and has it erased, on both databases."""

import json

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.attendance.models import Mark
from booking.attendance.rules import Standing
from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import record
from booking.consent.seal import Seal, seal_of
from booking.family.contact_operations import ask_for_new_address
from booking.links.codes import issue_code
from booking.links.models import Link, MailedCode
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.models import Family, Guardian, Participant
from booking.privacy.operations import erase_family
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.agreeing import make_consent, make_note, make_permission
from tests.family.entering import OLA, Arranging, come_in, statements

MOST_QUERIES = 18


def furnish(session: Session, clock: StoppedClock, *, children: int = 1, seal: Seal | None = None) -> Family:
    """A family about which everything is kept that can be."""
    library = make_library(session)
    librarian = make_account(session, Role.LIBRARIAN, library=library)
    occasion = make_occasion(session, activity=make_activity(session, library=library), capacity=9)
    meeting = make_meeting(session, occasion=occasion)
    family = make_family(session, email=OLA, phone="+4722222222", new_email="ola.ny@example.org")
    for number in range(children):
        ada = make_participant(session, family=family, first_name=f"Ada{number}", last_name="Eksempelsen")
        signup = make_signup(session, occasion=occasion, participant=ada, reply="Vi kommer med buss")
        session.add(
            SignupMove(
                signup_id=signup.id,
                at=NOON,
                to_state=SignupState.CONFIRMED,
                mover=Mover.STAFF,
                note="Ringte fra skolen",
            )
        )
        session.add(Guardian(participant_id=ada.id, email="mor@example.org", known_since=NOON))
        make_permission(session, child=ada, occasion=occasion)
        make_consent(session, child=ada, occasion=occasion, library_id=library.id)
        make_note(session, child=ada, occasion=occasion, seal=seal)
        session.add(
            Mark(
                event_id=f"event {number}",
                meeting_id=meeting.id,
                participant_id=ada.id,
                standing=Standing.CAME,
                happened_at=NOON,
                received_at=NOON,
                device="phone",
                account_id=librarian.id,
            )
        )
        record(
            session,
            clock,
            actor=Actor.STAFF,
            action="signups_seen",
            subject="signup",
            subject_id=signup.id,
            account_id=librarian.id,
        )
    session.flush()
    return family


@pytest.fixture
def inside(app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock) -> Browser:
    """The family is in."""
    with arranging() as session:
        furnish(session, clock, seal=seal_of(app.extensions["booking.settings"]))
        other = make_participant(
            session, family=make_family(session, email="per@example.org"), first_name="Kasper"
        )
        make_signup(session, occasion=make_occasion(session), participant=other)
    come_in(browser, arranging)
    return browser


def test_a_family_reads_all_that_is_kept_about_it(inside: Browser) -> None:
    page = inside.get("/my/data").text

    for words in (
        OLA,
        "ola.ny@example.org",
        "22\u00a022\u00a022\u00a022",
        "Ada0 Eksempelsen",
        "2016",
        "mor@example.org",
        "Vi kommer med buss",
        "Ringte fra skolen",
        "The library",
        "Permission to take part",
        "Pictures on the library’s website",
        "What the child needs: Spillkveld",
        "Food without nuts",
        "Trenger litt ro",
        "Came",
        "looked at sign-ups",
        "entered the page of a family",
    ):
        assert words in page, words
    assert "Kasper" not in page
    assert "Kari Eksempel" not in page


def test_a_family_takes_it_along_as_a_file_without_secrets(inside: Browser, arranging: Arranging) -> None:
    answer = inside.get("/my/data.json")

    told = json.loads(answer.text)
    child = told["children"][0]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="velkommen-inn.json"'
    assert told["family"]["email"] == OLA
    assert (child["first_name"], child["birth_year"]) == ("Ada0", 2016)
    assert child["guardians"] == [{"email": "mor@example.org", "name": None}]
    assert child["sign_ups"][0]["history"][0]["note"] == "Ringte fra skolen"
    assert child["permissions"][0]["words"].startswith("I am")
    assert child["consents"][0]["step"] == "given"
    assert child["needs"][0]["choices"] == ["no_nuts"]
    assert child["needs"][0]["line"] == "Trenger litt ro"
    assert child["attendance"][0]["standing"] == "came"
    assert [entry["what"] for entry in told["record"]] == ["signups_seen", "family_entered"]
    assert told["letters_on_their_way"] == [
        {"kind": "family_enter", "written_at": NOON.isoformat()},
    ]
    with arranging() as session:
        secret = session.scalars(select(Letter)).one().facts["secret"]
    assert secret not in answer.text
    assert "Kasper" not in answer.text


def test_a_note_whose_key_is_gone_is_said_to_be_there(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        furnish(session, clock)
    come_in(browser, arranging)

    page = browser.get("/my/data").text
    told = json.loads(browser.get("/my/data.json").text)

    assert "The note was sealed with a key that is gone." in page
    assert told["children"][0]["needs"][0]["line"] is None


def test_all_about_five_children_takes_as_many_questions_as_all_about_one(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        furnish(session, clock, children=5)
    come_in(browser, arranging)

    with statements(app) as asked:
        browser.get("/my/data")

    assert len([each for each in asked if not each.startswith("BEGIN")]) <= MOST_QUERIES


def test_erasing_takes_a_second_step(inside: Browser, arranging: Arranging) -> None:
    shown = inside.get("/my/erase")
    unsure = inside.submit("/my/erase", {})

    assert "One sign-up ends" in shown.text
    assert unsure.status_code == 422
    assert "Nothing has been erased." in unsure.text
    with arranging() as session:
        assert session.scalar(select(Family.id).where(Family.email == OLA)) is not None


def test_a_family_erases_itself_and_no_other(app: Flask, inside: Browser, arranging: Arranging) -> None:
    answer = inside.submit("/my/erase", {"sure": "y"})

    assert (answer.status_code, answer.location) == (303, "/my")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Everything about your family is erased." in inside.get("/my").text
    assert inside.get("/my/data").status_code == 303
    with arranging() as session:
        assert session.scalars(select(Family.email)).all() == ["per@example.org"]
        assert session.scalars(select(Participant.first_name)).all() == ["Kasper"]
        assert len(session.scalars(select(Signup)).all()) == 1
        assert session.scalars(select(Letter.address)).all() == [None]
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.actor) == ("family_erased", Actor.FAMILY)


def test_what_was_on_its_way_to_a_new_address_goes_too(session: Session, clock: StoppedClock) -> None:
    family = make_family(session, email=OLA)
    ask_for_new_address(session, clock, family=family, email="ola.ny@example.org")
    make_code = issue_code(
        session, clock, purpose=Purpose.FAMILY_PAGE, subject_id=family.id, lasts=NOON - NOON
    )

    erase_family(session, clock, family_id=family.id, actor=Actor.FAMILY)

    assert make_code.handle
    assert session.scalars(select(Letter.address).order_by(Letter.id)).all() == [None, None]
    assert session.scalars(select(MailedCode)).all() == []
    assert session.scalars(select(Link).where(Link.revoked_at.is_(None))).all() == []


def test_letters_to_others_stay_when_a_family_goes(session: Session, clock: StoppedClock) -> None:
    family, other = make_family(session, email=OLA), make_family(session, email="per@example.org")
    ask_for_new_address(session, clock, family=other, email="per.ny@example.org")

    erase_family(session, clock, family_id=family.id, actor=Actor.FAMILY)

    assert sorted(str(address) for address in session.scalars(select(Letter.address))) == [
        "per.ny@example.org",
        "per@example.org",
    ]
