from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.people.models import Family
from booking.privacy.keeping import erase_families_long_unseen
from tests.conftest import StoppedClock
from tests.factories import NOON, make_family, make_meeting, make_occasion, make_participant, make_signup


def _families(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Family)).one()


@pytest.mark.parametrize(("days", "erased"), [(29, 0), (31, 1)])
def test_a_family_is_erased_a_month_after_its_last_meeting(
    session: Session, clock: StoppedClock, days: int, erased: int
) -> None:
    occasion = make_occasion(session)
    make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(days=60))
    last = make_meeting(session, occasion=occasion, starts_at=NOON)
    family = make_family(session, known_since=NOON - timedelta(days=90))
    make_signup(session, occasion=occasion, participant=make_participant(session, family=family))
    clock.set(last.ends_at + timedelta(days=days))

    assert erase_families_long_unseen(session, clock) == erased
    assert _families(session) == 1 - erased


def test_a_family_with_a_meeting_to_come_stays(session: Session, clock: StoppedClock) -> None:
    family = make_family(session, known_since=NOON - timedelta(days=90))
    child = make_participant(session, family=family)
    for days in (-60, 5):
        occasion = make_occasion(session)
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=days))
        make_signup(session, occasion=occasion, participant=child)

    assert erase_families_long_unseen(session, clock) == 0


@pytest.mark.parametrize(("days", "erased"), [(29, 0), (31, 1)])
def test_a_family_that_never_signed_up_goes_a_month_after_it_became_known(
    session: Session, clock: StoppedClock, days: int, erased: int
) -> None:
    make_family(session, known_since=NOON)
    clock.set(NOON + timedelta(days=days))

    assert erase_families_long_unseen(session, clock) == erased


def test_erasing_twice_erases_once(session: Session, clock: StoppedClock) -> None:
    make_family(session, known_since=NOON - timedelta(days=40))

    assert [erase_families_long_unseen(session, clock) for _again in range(2)] == [1, 0]


def test_many_families_are_erased_a_few_at_a_time(session: Session, clock: StoppedClock) -> None:
    for _number in range(25):
        make_family(session, known_since=NOON - timedelta(days=40))

    assert [erase_families_long_unseen(session, clock) for _minute in range(3)] == [20, 5, 0]
