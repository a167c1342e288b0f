from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.links.codes import MOST_TRIES, Issued, Tried, end_codes, forget_old_codes, issue_code, try_code
from booking.links.models import MailedCode
from booking.links.rules import Purpose
from tests.conftest import StoppedClock

CODE = Purpose.SIGN_UP_CODE


def issued(session: Session, clock: StoppedClock, *, subject_id: int | None = 7) -> Issued:
    return issue_code(session, clock, purpose=CODE, subject_id=subject_id, lasts=timedelta(hours=2))


def tried(session: Session, clock: StoppedClock, handle: str, typed: str) -> Tried:
    return try_code(session, clock, purpose=CODE, handle=handle, typed=typed)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_opens_what_it_was_issued_for_however_it_is_spaced(
    session: Session, clock: StoppedClock
) -> None:
    one = issued(session, clock)

    for typed in (one.code, f" {one.code[:3]} {one.code[3:]} ", one.code):
        assert tried(session, clock, one.handle, typed).subject_id == 7


def test_neither_the_code_nor_the_browsers_secret_stands_in_the_table(
    session: Session, clock: StoppedClock
) -> None:
    one = issued(session, clock)

    row = session.scalars(select(MailedCode)).one()

    assert one.code not in row.digest
    assert one.handle not in {row.digest, row.fingerprint}


def test_another_browser_cannot_type_the_code(session: Session, clock: StoppedClock) -> None:
    one, other = issued(session, clock), issued(session, clock, subject_id=8)

    found = tried(session, clock, other.handle, one.code)

    assert found.subject_id is None or one.code == other.code


def test_after_five_wrong_ones_the_right_one_opens_nothing(session: Session, clock: StoppedClock) -> None:
    one = issued(session, clock)

    left = [tried(session, clock, one.handle, other_than(one.code)).tries_left for _ in range(MOST_TRIES)]

    assert left == [4, 3, 2, 1, 0]
    assert tried(session, clock, one.handle, one.code) == Tried(subject_id=None, tries_left=0)


def test_a_code_lasts_until_its_hour_and_not_an_instant_longer(session: Session, clock: StoppedClock) -> None:
    one = issued(session, clock)

    clock.forward(hours=2)

    assert tried(session, clock, one.handle, one.code).subject_id is None


def test_what_was_written_to_a_stranger_opens_nothing(session: Session, clock: StoppedClock) -> None:
    one = issued(session, clock, subject_id=None)

    found = tried(session, clock, one.handle, one.code)

    assert found == Tried(subject_id=None, tries_left=4)


def test_a_code_is_for_one_purpose(session: Session, clock: StoppedClock) -> None:
    one = issued(session, clock)

    found = try_code(session, clock, purpose=Purpose.FAMILY_PAGE, handle=one.handle, typed=one.code)

    assert found.subject_id is None


def test_a_code_that_was_ended_opens_nothing(session: Session, clock: StoppedClock) -> None:
    one = issued(session, clock)

    assert end_codes(session, purpose=CODE, subject_id=7) == 1

    assert tried(session, clock, one.handle, one.code).subject_id is None


def test_old_codes_are_dropped_a_month_after_they_closed(session: Session, clock: StoppedClock) -> None:
    issued(session, clock)
    clock.forward(days=31)

    assert forget_old_codes(session, clock) == 1
    assert forget_old_codes(session, clock) == 0
