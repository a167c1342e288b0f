"""What a family sees and does on its own page, on both databases."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.activities.models import Occasion
from booking.activities.queries import get_published_occasion
from booking.audit.models import AuditEntry
from booking.consent.models import Consent, NeedsNote
from booking.consent.rules import Step, Way, WordingPurpose
from booking.people.models import Participant
from booking.signups.letters import page_link
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.queries import get_signup
from booking.signups.rules import SignupState
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
    make_text,
)
from tests.family.agreeing import make_consent, make_note, make_permission
from tests.family.entering import OLA, Arranging, come_in, everything, statements
from tests.signups.asking import letters

MOST_QUERIES = 9


@dataclass(frozen=True)
class Numbers:
    """The numbers of what stands in the tables."""

    child: int
    occasion: int
    signup: int
    consent: int
    strangers_signup: int
    strangers_child: int
    strangers_consent: int


@pytest.fixture
def numbers(arranging: Arranging) -> Numbers:
    """Ada has a place that is hers alone; a stranger waits for it."""
    with arranging() as session:
        library = make_library(session)
        activity = make_activity(session, library=library)
        make_text(session, activity)
        occasion = make_occasion(session, activity=activity, capacity=1)
        make_meeting(session, occasion=occasion)
        ada = make_participant(session, family=make_family(session, email=OLA))
        signup = make_signup(session, occasion=occasion, participant=ada)
        make_permission(session, child=ada, occasion=occasion)
        consent = make_consent(session, child=ada, occasion=occasion, library_id=library.id)
        bo = make_participant(
            session, family=make_family(session, email="per@example.org"), first_name="Kasper"
        )
        waiting = make_signup(session, occasion=occasion, participant=bo, state=SignupState.QUEUED)
        other = make_consent(session, child=bo, occasion=occasion, library_id=library.id)
        return Numbers(ada.id, occasion.id, signup.id, consent.id, waiting.id, bo.id, other.id)


@pytest.fixture
def inside(browser: Browser, arranging: Arranging, numbers: Numbers) -> Browser:
    """Ada's family is in."""
    come_in(browser, arranging)
    return browser


def states(arranging: Arranging) -> list[SignupState]:
    with arranging() as session:
        return list(session.scalars(select(Signup.state).order_by(Signup.id)))


def put(arranging: Arranging, signup_id: int, **changes: object) -> None:
    with arranging() as session:
        signup = session.get_one(Signup, signup_id)
        for name, value in changes.items():
            setattr(signup, name, value)


def steps(arranging: Arranging, child: int) -> list[tuple[WordingPurpose, Step, Way]]:
    with arranging() as session:
        rows = session.scalars(select(Consent).where(Consent.participant_id == child).order_by(Consent.id))
        return [(row.purpose, row.step, row.way) for row in rows]


def test_a_family_sees_its_children_their_places_and_what_was_agreed_to(inside: Browser) -> None:
    page = inside.get("/my").text

    for words in (
        "Ada",
        "Born in 2016",
        "Games evening",
        "Has a place",
        "Tuesday 1 December at 17:00–19:00",
        "Given on Tuesday 24 November 2026 by a parent.",
        "Pictures on the library’s website",
        "we remove those on our website",
        "ola@example.org",
        "Do others use this machine too?",
    ):
        assert words in page, words
    assert "Kasper" not in page


def test_who_waits_is_told_how_many_come_first(
    browser: Browser, arranging: Arranging, numbers: Numbers, clock: StoppedClock
) -> None:
    with arranging() as session:
        occasion, ada = (
            session.get_one(Occasion, numbers.occasion),
            session.get_one(Participant, numbers.child),
        )
        session.get_one(Signup, numbers.signup).state = SignupState.WITHDRAWN
        signup = make_signup(session, occasion=occasion, participant=ada, state=SignupState.QUEUED)
        whole = get_signup(session, signup.id)
        whole.occasion = get_published_occasion(session, occasion.id)
        secret = page_link(session, clock, signup=whole)
    come_in(browser, arranging)

    for address in ("/my", f"/signups/{secret}"):
        assert "You are number 2 on the waiting list." in browser.get(address).text


def test_a_family_without_children_is_told_where_they_come_from(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        make_family(session, email=OLA)

    come_in(browser, arranging)

    assert "No children yet" in browser.get("/my").text


def test_a_page_of_five_children_takes_no_more_questions_than_one_of_one(
    app: Flask, browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        family, library = make_family(session, email=OLA), make_library(session)
        children = [make_participant(session, family=family, first_name=name) for name in "ABCDE"]
        for _number in range(5):
            occasion = make_occasion(session, activity=make_activity(session, library=library))
            make_meeting(session, occasion=occasion)
            for child in children:
                make_signup(session, occasion=occasion, participant=child)
                make_permission(session, child=child, occasion=occasion)
                make_consent(session, child=child, occasion=occasion, library_id=library.id)
    come_in(browser, arranging)

    with statements(app) as asked:
        page = browser.get("/my")

    assert page.text.count("Give the place back") == 25
    assert len([each for each in asked if not each.startswith("BEGIN")]) <= MOST_QUERIES


def test_a_place_is_given_back_once_and_goes_to_who_waits(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    answers = [inside.post(f"/my/signups/{numbers.signup}/withdraw") for _ in range(2)]

    assert {answer.location for answer in answers} == {f"/my#signup-{numbers.signup}"}
    assert states(arranging) == [SignupState.WITHDRAWN, SignupState.OFFERED]
    with arranging() as session:
        assert letters(session)[-2:] == ["signup_withdrawn", "offer_made"]
        assert {move.mover for move in session.scalars(select(SignupMove))} == {Mover.FAMILY, Mover.SYSTEM}


def test_after_the_last_meeting_there_is_no_place_to_give_back(
    browser: Browser, arranging: Arranging, numbers: Numbers, clock: StoppedClock
) -> None:
    clock.forward(days=8)
    come_in(browser, arranging)

    shown = browser.get("/my").text
    browser.post(f"/my/signups/{numbers.signup}/withdraw")

    assert "Give the place back" not in shown
    assert "The last meeting is over" in browser.get("/my").text
    assert states(arranging)[0] is SignupState.CONFIRMED


@pytest.mark.parametrize(("way", "state"), [("yes", SignupState.CONFIRMED), ("no", SignupState.DECLINED)])
def test_an_offer_is_answered_on_the_page_once(
    inside: Browser, arranging: Arranging, numbers: Numbers, way: str, state: SignupState
) -> None:
    put(arranging, numbers.signup, state=SignupState.OFFERED, held_until=NOON + timedelta(hours=3))
    page = inside.get("/my").text
    assert "We wait for your answer" in page
    assert "Yes, we want the place" in page

    inside.post(f"/my/signups/{numbers.signup}/{way}")
    inside.post(f"/my/signups/{numbers.signup}/{way}")

    assert states(arranging)[0] is state
    assert "That is no longer possible." in inside.get("/my").text


def test_a_held_place_is_confirmed_on_the_page(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    put(arranging, numbers.signup, state=SignupState.AWAITING_EMAIL, held_until=NOON + timedelta(hours=3))
    assert "Confirm the place" in inside.get("/my").text

    declined = inside.post(f"/my/signups/{numbers.signup}/no")
    confirmed = inside.post(f"/my/signups/{numbers.signup}/yes")

    assert (declined.status_code, confirmed.status_code) == (303, 303)
    assert states(arranging)[0] is SignupState.CONFIRMED


def test_a_late_yes_takes_nothing_and_the_page_says_that_time_ran_out(
    inside: Browser, arranging: Arranging, numbers: Numbers, clock: StoppedClock
) -> None:
    put(arranging, numbers.signup, state=SignupState.OFFERED, held_until=NOON + timedelta(minutes=5))
    clock.forward(minutes=5)

    shown = inside.get("/my").text
    inside.post(f"/my/signups/{numbers.signup}/yes")

    assert "Time ran out" in shown
    assert "Yes, we want the place" not in shown
    assert states(arranging)[0] is SignupState.EXPIRED


def test_a_consent_is_taken_back_with_one_button_and_twice_is_once(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    answers = [inside.post(f"/my/consents/{numbers.consent}/withdraw") for _ in range(2)]
    page = inside.get("/my").text

    assert [answer.status_code for answer in answers] == [303, 303]
    assert steps(arranging, numbers.child) == [
        (WordingPurpose.PHOTO_WEB, Step.GIVEN, Way.FORM),
        (WordingPurpose.PHOTO_WEB, Step.WITHDRAWN, Way.FAMILY_PAGE),
    ]
    assert "Taken back, from now on: Pictures on the library’s website." in page
    assert "Take it back" not in page
    assert states(arranging)[0] is SignupState.CONFIRMED


def test_with_the_consent_to_it_the_note_of_needs_goes_at_once(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    with arranging() as session:
        child = session.get_one(Participant, numbers.child)
        other = session.get_one(Participant, numbers.strangers_child)
        occasion = session.get_one(Occasion, numbers.occasion)
        library_id = session.get_one(Consent, numbers.consent).library_id
        make_note(session, child=child, occasion=occasion)
        make_note(session, child=other, occasion=occasion)
        consent = make_consent(
            session, child=child, occasion=occasion, library_id=library_id, purpose=WordingPurpose.NEEDS
        )

    inside.post(f"/my/consents/{consent.id}/withdraw")

    with arranging() as session:
        assert session.scalars(select(NeedsNote.participant_id)).all() == [numbers.strangers_child]
    assert "What you told us that the child needs is erased." in inside.get("/my").text


def test_a_consent_whose_time_is_over_is_shown_so(
    inside: Browser, arranging: Arranging, numbers: Numbers, clock: StoppedClock
) -> None:
    with arranging() as session:
        child = session.get_one(Participant, numbers.child)
        library_id = session.get_one(Consent, numbers.consent).library_id
        make_consent(
            session,
            child=child,
            occasion=None,
            library_id=library_id,
            purpose=WordingPurpose.NEWS,
            expires_at=NOON + timedelta(minutes=10),
        )
    assert inside.get("/my").text.count("You said yes") == 2

    clock.forward(minutes=10)

    assert inside.get("/my").text.count("You said yes") == 1
    assert "Ended by itself" in inside.get("/my").text


def test_shielded_display_is_switched_on_and_off_and_ends_pictures(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    for _ in range(2):
        inside.post(f"/my/children/{numbers.child}/shielded")
    on = inside.get("/my").text
    inside.post(f"/my/children/{numbers.child}/shown")
    off = inside.get("/my").text

    assert "Switch shielded display off" in on
    assert "Switch shielded display on" in off
    assert [step for _purpose, step, _way in steps(arranging, numbers.child)] == [Step.GIVEN, Step.WITHDRAWN]
    with arranging() as session:
        done = session.scalars(select(AuditEntry).where(AuditEntry.action == "shielding_changed")).all()
        assert [entry.facts for entry in done] == [{"is_shielded": True}, {"is_shielded": False}]
        assert not session.get_one(Participant, numbers.child).is_shielded


@pytest.mark.parametrize(
    "address",
    [
        "/my/signups/{strangers_signup}/yes",
        "/my/signups/{strangers_signup}/no",
        "/my/signups/{strangers_signup}/withdraw",
        "/my/signups/999999/withdraw",
        "/my/consents/{strangers_consent}/withdraw",
        "/my/consents/999999/withdraw",
        "/my/children/{strangers_child}/shielded",
        "/my/children/{strangers_child}/shown",
        "/my/children/999999/shielded",
        "/my/children/{child}/anything",
    ],
)
def test_what_is_another_familys_is_not_there(
    inside: Browser, arranging: Arranging, numbers: Numbers, address: str
) -> None:
    before = everything(arranging)

    answer = inside.post(address.format(**numbers.__dict__))

    assert answer.status_code == 404
    assert everything(arranging) == before


@pytest.mark.parametrize(
    "address",
    [
        "/my/signups/{signup}/yes",
        "/my/signups/{signup}/no",
        "/my/signups/{signup}/withdraw",
        "/my/consents/{consent}/withdraw",
        "/my/children/{child}/shielded",
        "/my/contact",
        "/my/address",
        "/my/address/keep",
        "/my/erase",
    ],
)
def test_nobody_does_anything_from_outside(
    browser: Browser, arranging: Arranging, numbers: Numbers, address: str
) -> None:
    before = everything(arranging)

    answer = browser.post(address.format(**numbers.__dict__), {"sure": "y", "email": "eva@example.org"})

    assert (answer.status_code, answer.location) == (303, "/my")
    assert everything(arranging) == before


@pytest.mark.parametrize(
    "address", ["/my", "/my/contact", "/my/address", "/my/data", "/my/data.json", "/my/erase"]
)
def test_looking_changes_nothing(inside: Browser, arranging: Arranging, address: str) -> None:
    before = everything(arranging)

    assert inside.get(address).status_code == 200
    assert inside.head(address).status_code == 200

    assert everything(arranging) == before


def test_children_of_one_form_are_asked_about_and_answered_for_together(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    with arranging() as session:
        ada = session.get_one(Participant, numbers.child)
        signup = session.get_one(Signup, numbers.signup)
        session.get_one(Occasion, numbers.occasion).capacity = 2
        signup.state, signup.held_until = SignupState.OFFERED, NOON + timedelta(hours=3)
        ida = make_participant(session, first_name="Ida", family_id=ada.family_id)
        make_signup(
            session,
            occasion=session.get_one(Occasion, numbers.occasion),
            participant=ida,
            state=SignupState.OFFERED,
            held_until=signup.held_until,
            ask_key=signup.ask_key,
        )

    page = inside.get("/my").text
    inside.post(f"/my/signups/{numbers.signup}/yes")

    assert page.count("Yes, we want the place") == 1
    assert "<strong>Ida, Ada</strong>" in page
    assert states(arranging) == [SignupState.CONFIRMED, SignupState.QUEUED, SignupState.CONFIRMED]


def test_a_youth_who_said_yes_is_not_asked_again_while_the_guardian_is(
    inside: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    until = NOON + timedelta(hours=3)
    put(arranging, numbers.signup, state=SignupState.OFFERED, held_until=until, said_yes_at=NOON)

    page = inside.get("/my").text

    assert "Yes, we want the place" not in page
    assert "Give the place back" in page
