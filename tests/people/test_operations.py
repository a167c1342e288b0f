"""Keeping and forgetting families, on both databases."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.participation.models import PersonFact
from booking.people.models import Family, Participant
from booking.people.operations import (
    add_participants,
    find_or_add_family,
    find_or_add_guardian,
    forget_family,
    verify_family,
)
from booking.people.queries import Municipality, municipalities
from booking.people.rules import NameHasLink, Newcomer
from booking.signups.models import Signup
from tests.conftest import StoppedClock
from tests.factories import (
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

TYPED: dict[str, Any] = {
    "email": "Ola@Example.org",
    "contact_name": " Ola  Eksempel ",
    "phone": "22 22 22 22",
    "language": Language.NN,
}
CHILD = Newcomer(
    first_name="Ada", last_name=None, birth_year=2016, is_by_grade=False, municipality_code="3401"
)


def test_a_new_family_is_kept_and_not_yet_verified(session: Session, clock: StoppedClock) -> None:
    family = find_or_add_family(session, clock, **TYPED)

    assert (family.email, family.contact_name, family.phone) == (
        "ola@example.org",
        "Ola Eksempel",
        "+4722222222",
    )
    assert (family.language, family.verified_at) == (Language.NN, None)


def test_the_same_address_is_the_same_family(session: Session, clock: StoppedClock) -> None:
    first = find_or_add_family(session, clock, **TYPED)

    again = find_or_add_family(session, clock, **{**TYPED, "email": "ola@example.ORG "})

    assert again is first


def test_until_somebody_answers_a_letter_the_newest_words_count(
    session: Session, clock: StoppedClock
) -> None:
    find_or_add_family(session, clock, **TYPED)

    family = find_or_add_family(session, clock, **{**TYPED, "contact_name": "Kari", "phone": ""})

    assert (family.contact_name, family.phone) == ("Kari", None)


def test_a_stranger_does_not_rename_a_verified_family(session: Session, clock: StoppedClock) -> None:
    known = make_family(session, email="ola@example.org", contact_name="Ola", phone="+4722222222")

    family = find_or_add_family(session, clock, **{**TYPED, "contact_name": "Stygg", "phone": "91234567"})

    assert family is known
    assert (family.contact_name, family.phone, family.language) == ("Ola", "+4722222222", Language.EN)


def test_the_first_answer_verifies_and_later_ones_change_nothing(
    session: Session, clock: StoppedClock
) -> None:
    family = find_or_add_family(session, clock, **TYPED)
    verify_family(session, clock, family=family)
    first = family.verified_at
    clock.forward(hours=1)

    verify_family(session, clock, family=family)

    assert family.verified_at == first


def test_a_child_of_two_addresses_is_two_children_for_the_figures(
    session: Session, clock: StoppedClock
) -> None:
    one, other = (
        add_participants(session, clock, family=make_family(session), newcomers=[CHILD])[0] for _each in "ab"
    )

    assert one.id != other.id
    assert one.person_key != other.person_key


def test_several_new_children_come_back_in_their_order(session: Session, clock: StoppedClock) -> None:
    family = make_family(session)
    newcomers = [replace(CHILD, first_name=name) for name in ("Bo", "Ada", "Cy")]

    children = add_participants(session, clock, family=family, newcomers=newcomers)

    assert [child.first_name for child in children] == ["Bo", "Ada", "Cy"]
    assert all(child.family is family for child in children)


def test_the_guardian_that_a_youth_names_twice_is_one(session: Session, clock: StoppedClock) -> None:
    youth = make_participant(session)
    first = find_or_add_guardian(session, clock, participant=youth, email="Foresatt@example.org")

    again = find_or_add_guardian(session, clock, participant=youth, email="foresatt@example.ORG")

    assert again is first
    assert first.email == "foresatt@example.org"


def test_the_municipalities_are_those_of_the_libraries(session: Session) -> None:
    make_library(session, municipality_code="3415", municipality_name="Sørlia")
    make_library(session, municipality_code="3401", municipality_name="Granlia")
    make_library(session, municipality_code="3401", municipality_name="Granlia")

    assert municipalities(session) == [Municipality("3401", "Granlia"), Municipality("3415", "Sørlia")]


def test_a_refused_name_leaves_nothing_behind(session: Session, clock: StoppedClock) -> None:
    with pytest.raises(NameHasLink) as told:
        find_or_add_family(session, clock, **{**TYPED, "contact_name": "www.example.org"})

    assert told.value.field == "contact_name"
    assert session.scalar(select(func.count(Family.id))) == 0


def test_forgetting_a_family_takes_all_that_hangs_on_it_and_no_figure(session: Session) -> None:
    occasion = make_occasion(session)
    make_meeting(session, occasion=occasion)
    child, other = make_participant(session), make_participant(session)
    make_signup(session, occasion=occasion, participant=child)
    make_signup(session, occasion=occasion, participant=other)
    facts = session.scalar(select(func.count(PersonFact.id)))

    forget_family(session, family_id=child.family_id)
    forget_family(session, family_id=child.family_id)

    assert session.scalars(select(Participant.id)).all() == [other.id]
    assert session.scalars(select(Signup.participant_id)).all() == [other.id]
    assert session.scalar(select(func.count(PersonFact.id))) == facts


def test_the_number_of_an_erased_family_is_never_given_out_again(session: Session) -> None:
    gone = make_family(session).id
    forget_family(session, family_id=gone)

    assert make_family(session).id > gone


def test_the_database_refuses_an_address_in_capital_letters(session: Session) -> None:
    family = make_family(session)

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text("UPDATE family SET email = 'OLA@EXAMPLE.ORG' WHERE id = :id"), {"id": family.id})
