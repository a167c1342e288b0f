from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.links.models import Link
from booking.links.operations import (
    forget_old_links,
    issue_link,
    note_used,
    revoke_links,
    revoke_links_to,
    use_once,
)
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from tests.conftest import StoppedClock

DAY = timedelta(days=1)


def test_a_link_leads_to_what_it_was_issued_for(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=DAY)

    assert follow_link(session, clock, purpose=Purpose.SIGNUP, secret=secret).subject_id == 7


def test_a_link_opens_nothing_else(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=DAY)

    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.FAMILY_PAGE, secret=secret)


@pytest.mark.parametrize(("hours", "opens"), [(23, True), (24, False), (25, False)])
def test_a_link_closes_when_its_time_is_over(
    session: Session, clock: StoppedClock, hours: int, opens: bool
) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=DAY)
    clock.forward(hours=hours)

    try:
        follow_link(session, clock, purpose=Purpose.SIGNUP, secret=secret)
    except NotFound:
        assert not opens
    else:
        assert opens


def test_a_link_that_was_taken_back_is_like_one_that_never_was(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=None)

    assert revoke_links(session, clock, purpose=Purpose.SIGNUP, subject_id=7) == 1

    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.SIGNUP, secret=secret)
    assert revoke_links(session, clock, purpose=Purpose.SIGNUP, subject_id=7) == 0


def test_the_secret_itself_is_kept_nowhere(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=DAY)

    [row] = session.execute(select(Link.__table__)).all()

    assert len(secret) >= 43  # 256 bits, six to a letter
    assert not any(secret in str(value) for value in row)


def test_the_first_use_is_the_one_that_is_remembered(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=None)
    link = follow_link(session, clock, purpose=Purpose.SIGNUP, secret=secret)
    first = clock()

    note_used(session, clock, link=link)
    clock.forward(hours=1)
    note_used(session, clock, link=link)

    session.refresh(link)
    assert link.used_at == first


@pytest.mark.parametrize(("days", "forgotten"), [(30, 0), (32, 1)])
def test_a_link_that_is_long_over_is_forgotten(
    session: Session, clock: StoppedClock, days: int, forgotten: int
) -> None:
    issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=7, lasts=DAY)
    clock.forward(days=days)

    assert forget_old_links(session, clock) == forgotten


@pytest.mark.parametrize("secret", ["", "x" * 5000, "æøå", "../..", "%00"])
def test_any_text_may_be_tried_as_a_secret(app: Flask, session: Session, secret: str) -> None:
    with pytest.raises(NotFound):
        follow_link(session, StoppedClock(), purpose=Purpose.SIGNUP, secret=secret)


def test_a_link_that_works_once_opens_nothing_for_the_second(session: Session, clock: StoppedClock) -> None:
    secret = issue_link(session, clock, purpose=Purpose.NEW_ADDRESS, subject_id=7, lasts=None)

    assert use_once(session, clock, purpose=Purpose.NEW_ADDRESS, secret=secret).subject_id == 7
    with pytest.raises(NotFound):
        use_once(session, clock, purpose=Purpose.NEW_ADDRESS, secret=secret)


def test_links_that_were_used_stay_when_only_the_others_are_taken_back(
    session: Session, clock: StoppedClock
) -> None:
    used, unused = (
        issue_link(session, clock, purpose=Purpose.FAMILY_PAGE, subject_id=7, lasts=None) for _ in range(2)
    )
    use_once(session, clock, purpose=Purpose.FAMILY_PAGE, secret=used)

    taken = revoke_links(session, clock, purpose=Purpose.FAMILY_PAGE, subject_id=7, unused_only=True)

    assert taken == 1
    session.expire_all()
    assert follow_link(session, clock, purpose=Purpose.FAMILY_PAGE, secret=used)
    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.FAMILY_PAGE, secret=unused)


def test_links_to_several_subjects_are_taken_back_at_once_and_no_others(
    session: Session, clock: StoppedClock
) -> None:
    gone = [
        issue_link(session, clock, purpose=purpose, subject_id=number, lasts=None)
        for purpose, number in ((Purpose.SIGNUP, 1), (Purpose.OFFER, 2))
    ]
    kept = [
        issue_link(session, clock, purpose=purpose, subject_id=number, lasts=None)
        for purpose, number in ((Purpose.SIGNUP, 3), (Purpose.FAMILY_FEED, 1))
    ]

    taken = revoke_links_to(session, clock, purposes=(Purpose.SIGNUP, Purpose.OFFER), subject_ids=[1, 2])

    assert taken == len(gone)
    assert len(kept) == 2
    assert session.scalar(select(func.count(Link.id)).where(Link.revoked_at.is_(None))) == 2
