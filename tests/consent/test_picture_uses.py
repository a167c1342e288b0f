"""Where pictures were used: noted once, and forgotten when nobody can need it any more, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.clock import local_date
from booking.consent.ending_operations import withdraw_consent
from booking.consent.models import PictureTask
from booking.consent.picture_operations import forget_old_tasks, note_taken_down
from booking.consent.rules import ChildAnswer, Way, WordingPurpose
from booking.consent.use_models import PictureUse
from booking.consent.use_operations import drop_use, forget_old_uses, note_use
from booking.consent.use_queries import uses_at
from booking.consent.use_rules import UsedInTheFuture
from booking.errors import NotFound
from booking.people.operations import forget_family
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.consent.saying import SOCIAL, WEB, occasion_in_a_week, say_yes
from tests.factories import make_account, make_family, make_participant, make_signup

Noting = Callable[..., PictureUse]


@pytest.fixture
def occasion(session: Session) -> Occasion:
    """An occasion with one meeting in a week."""
    return occasion_in_a_week(session)


@pytest.fixture
def librarian(session: Session, occasion: Occasion) -> Account:
    """Somebody who works there."""
    return make_account(session, Role.LIBRARIAN, library=occasion.activity.library)


@pytest.fixture
def noting(session: Session, clock: StoppedClock, occasion: Occasion, librarian: Account) -> Noting:
    """Note that a picture is used on the website, or something else of it."""

    def note(days: int = 0, **changes: object) -> PictureUse:
        told = {
            "occasion": occasion,
            "purpose": WEB,
            "place": "https://bibliotek.example.org/hosten",
            "used_on": local_date(clock()) + timedelta(days=days),
            "account_id": librarian.id,
        }
        return note_use(session, clock, **{**told, **changes})  # type: ignore[arg-type]

    return note


def kept(session: Session) -> list[WordingPurpose]:
    return list(session.scalars(select(PictureUse.purpose).order_by(PictureUse.id)))


def test_a_place_is_noted_once_for_each_purpose(session: Session, noting: Noting, librarian: Account) -> None:
    first = noting()

    assert noting() is first
    noting(purpose=SOCIAL)

    assert kept(session) == [WEB, SOCIAL]
    write_down(session)
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.account_id) for entry in entries] == [
        ("picture_use_noted", librarian.id)
    ] * 2
    assert entries[0].facts == {"purpose": "photo_web", "use": first.id}


def test_a_picture_is_not_used_on_a_day_to_come(session: Session, noting: Noting) -> None:
    with pytest.raises(UsedInTheFuture):
        noting(days=1)

    assert kept(session) == []
    noting(days=-1)


def test_a_line_is_dropped_by_its_own_library_only(
    session: Session, clock: StoppedClock, noting: Noting, librarian: Account
) -> None:
    use = noting()
    number, own = use.id, use.library_id

    with pytest.raises(NotFound):
        drop_use(session, clock, use_id=number, library_ids={own + 1}, account_id=librarian.id)
    assert kept(session) == [WEB]
    drop_use(session, clock, use_id=number, library_ids={own}, account_id=librarian.id)

    assert kept(session) == []


def test_places_are_told_by_occasion_and_purpose(
    session: Session, noting: Noting, occasion: Occasion
) -> None:
    older, newer = noting(days=-2), noting(place="the wall")
    noting(purpose=SOCIAL)

    assert uses_at(session, occasion_ids=[occasion.id])[occasion.id, WEB] == [older, newer]
    assert uses_at(session, occasion_ids=[]) == {}


@pytest.mark.parametrize(("days", "forgotten"), [(365, 0), (366, 1)])
def test_a_line_is_kept_for_a_year_at_least(
    session: Session, clock: StoppedClock, noting: Noting, days: int, forgotten: int
) -> None:
    noting()
    clock.forward(days=days)

    assert forget_old_uses(session, clock) == forgotten
    assert forget_old_uses(session, clock) == 0
    assert len(kept(session)) == 1 - forgotten


def test_a_line_is_kept_while_a_yes_may_stand_or_its_task_is_kept(
    session: Session, clock: StoppedClock, noting: Noting, occasion: Occasion, librarian: Account
) -> None:
    family = make_family(session)
    child = make_participant(session, family=family)
    make_signup(session, occasion=occasion, participant=child)
    noting()
    noting(purpose=SOCIAL)
    clock.forward(days=300)
    say_yes(session, clock, child, occasion, WEB, child_answer=ChildAnswer.YES)
    clock.forward(days=66)

    forgotten = [forget_old_uses(session, clock)]
    withdraw_consent(
        session, clock, participant_id=child.id, purpose=WEB, occasion_id=occasion.id, way=Way.LINK
    )
    forget_family(session, family_id=family.id)
    clock.forward(days=400)
    forgotten.append(forget_old_uses(session, clock))
    task = session.scalars(select(PictureTask)).one()
    own = {librarian.memberships[0].library_id or 0}
    note_taken_down(session, clock, task_id=task.id, library_ids=own, account_id=librarian.id)
    clock.forward(days=366)
    forget_old_tasks(session, clock)
    forgotten.append(forget_old_uses(session, clock))

    # Of social media nobody said yes; of the website somebody did, and it was long until the task was done.
    assert forgotten == [1, 0, 1]
    assert kept(session) == []
