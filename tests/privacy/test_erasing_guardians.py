"""Erasing a youth takes along the letters that still wait for its guardian, on both databases."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.models import Family, Guardian
from booking.privacy.operations import erase_family
from booking.signups.answers import say_yes
from booking.signups.asking import Asker
from booking.signups.guardians import pass_question_on
from booking.signups.queries import take_signup
from tests.conftest import StoppedClock
from tests.factories import make_activity
from tests.signups.asking import HOLDS, ask, only_signup, open_occasion, secret_in_letter


def test_nothing_of_a_youth_and_its_guardian_is_left(session: Session, clock: StoppedClock) -> None:
    activity = make_activity(session, grade_from=None, grade_to=None)
    occasion = open_occasion(session, activity=activity)
    ask(
        session,
        clock,
        occasion,
        asker=Asker.YOUTH,
        first_name="Siri",
        born="2012",
        email="siri@example.org",
        guardian_email="foresatt@example.org",
    )
    secret = secret_in_letter(session, "secret")
    link = follow_link(session, clock, purpose=Purpose.CONFIRM_EMAIL, secret=secret)
    say_yes(session, clock, link=link, holds=HOLDS)
    signup = take_signup(session, only_signup(session).id)
    pass_question_on(session, clock, signup=signup, question="Is Siri there alone?")
    family = session.scalars(select(Family)).one()

    erase_family(session, clock, family_id=family.id, actor=Actor.FAMILY)

    assert session.scalars(select(Guardian)).all() == []
    left = [(letter.address, letter.facts) for letter in session.scalars(select(Letter))]
    assert set(map(str, left)) == {"(None, {})"}
