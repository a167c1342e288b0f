"""Everybody is erased, and every figure is as it was – also when a register is opened and closed again."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.attendance.door import Answers
from booking.attendance.models import Closing
from booking.attendance.operations import close_meeting, reopen
from booking.audit.models import Actor
from booking.demo.load import begin_demo, load_demo
from booking.health.commands import PROMISES
from booking.libraries.models import Library
from booking.participation.figures import Period, Scope
from booking.participation.metric_queries import Measured, counts_by, measure_by_library
from booking.participation.models import Visitor
from booking.participation.tallies import OF_PERSONS, Dimension, Measure
from booking.people.models import Family, Participant
from booking.privacy.operations import erase_family
from booking.staff.models import Account
from tests.conftest import StoppedClock
from tests.demo.test_demo import CODE_APPS, QUICK

ALWAYS = Period(first=date(2026, 1, 1), last=date(2027, 12, 31))


def every_figure(session: Session) -> tuple[Mapping[int, Measured], object]:
    scope = Scope(library_ids=session.scalars(select(Library.id)).all(), period=ALWAYS)
    counts = {
        (measure, dimension): counts_by(session, scope=scope, by=(dimension,), measure=measure)
        for measure in Measure
        for dimension in Dimension
        if measure is not Measure.SESSIONS or dimension not in OF_PERSONS
    }
    return measure_by_library(session, scope=scope), counts


def close_all_anew(session: Session, clock: StoppedClock) -> int:
    account_id = session.scalars(select(Account.id)).first()
    assert account_id is not None
    rows = session.execute(
        select(Closing.meeting_id, Closing.outcome, Activity.library_id)
        .join(Meeting, Meeting.id == Closing.meeting_id)
        .join(Occasion, Occasion.id == Meeting.occasion_id)
        .join(Activity, Activity.id == Occasion.activity_id)
        .where(Closing.reopened_at.is_(None))
    ).all()
    for meeting_id, outcome, library_id in rows:
        meeting = get_own_meeting(session, meeting_id, library_ids=[library_id])
        reopen(session, clock, meeting=meeting, account_id=account_id)
        close_meeting(
            session, clock, meeting=meeting, answers=Answers(outcome=outcome), account_id=account_id
        )
        session.expire_all()
    return len(rows)


def test_everybody_is_erased_and_no_figure_changes(session: Session, clock: StoppedClock) -> None:
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)
    before = every_figure(session)
    came = sum(each.tallies.named_attendances for each in before[0].values())

    for family_id in session.scalars(select(Family.id)).all():
        erase_family(session, clock, family_id=family_id, actor=Actor.SYSTEM)
    session.flush()
    session.expire_all()

    assert came > 20
    assert session.scalar(select(func.count()).select_from(Participant)) == 0
    assert every_figure(session) == before
    assert close_all_anew(session, clock) > 10
    assert every_figure(session) == before
    assert session.scalar(select(func.count()).select_from(Visitor))
    session.flush()
    wrong = [found for _name, ask in PROMISES for found in ask(session) if found]
    assert wrong == []
