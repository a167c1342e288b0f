"""New rows written at once: in their order, with their numbers, and each a change where pages show it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.links.models import MailedCode
from booking.links.rules import Purpose
from booking.people.models import Participant
from booking.revision import Catalogue, raise_if_changed
from booking.rows import store
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.tokens import new_uid
from tests.factories import make_family, make_occasion, make_participant


def a_code(clock: Clock, fingerprint: str) -> MailedCode:
    return MailedCode(
        fingerprint=fingerprint,
        purpose=Purpose.SIGN_UP_CODE,
        subject_id=1,
        digest="d",
        issued_at=clock(),
        expires_at=clock() + timedelta(hours=1),
    )


def test_rows_get_their_numbers_in_their_order_and_what_nobody_said_is_as_the_table_says(
    session: Session, clock: Clock
) -> None:
    codes = [a_code(clock, f"f{number}") for number in range(5)]

    store(session, codes)

    kept = session.execute(select(MailedCode.id, MailedCode.fingerprint).order_by(MailedCode.id)).all()
    assert [tuple(row) for row in kept] == [(code.id, code.fingerprint) for code in codes]
    assert [(code.tries, code.used_at) for code in codes] == [(0, None)] * 5


def test_a_row_that_is_followed_is_changed_by_setting_it(session: Session, clock: Clock) -> None:
    family = make_family(session)
    child = Participant(
        family_id=family.id,
        person_key=new_uid(),
        first_name="Ada",
        birth_year=2016,
        is_by_grade=False,
        municipality_code="0000",
        is_shielded=False,
        is_own_contact=False,
        known_since=clock(),
    )

    store(session, [child], is_followed=True)
    child.first_name = "Bo"
    session.flush()

    assert session.scalars(select(Participant.first_name).where(Participant.id == child.id)).one() == "Bo"


def test_a_row_that_the_database_refuses_is_refused_as_ever(session: Session, clock: Clock) -> None:
    store(session, [a_code(clock, "same")])

    with pytest.raises(IntegrityError):
        store(session, [a_code(clock, "same")])


def test_what_pages_count_is_a_new_revision_of_the_same_programme(session: Session, clock: Clock) -> None:
    occasion = make_occasion(session)
    child = make_participant(session)
    raise_if_changed(session)
    before = session.execute(select(Catalogue.revision, Catalogue.programme)).one()
    signup = Signup(
        occasion_id=occasion.id,
        participant_id=child.id,
        uid=new_uid(),
        ask_key="key",
        state=SignupState.CONFIRMED,
        asked_at=clock(),
        changed_at=clock(),
    )

    store(session, [signup])
    raise_if_changed(session)

    after = session.execute(select(Catalogue.revision, Catalogue.programme)).one()
    assert after.revision != before.revision
    assert after.programme == before.programme
