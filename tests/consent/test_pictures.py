"""What is to be taken down when a yes to pictures has ended, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import write_down
from booking.consent.ending_operations import expire_consents, withdraw_consent, withdraw_pictures
from booking.consent.models import PictureTask
from booking.consent.picture_operations import forget_old_tasks, note_taken_down
from booking.consent.picture_queries import count_open_tasks, open_tasks
from booking.consent.rules import ChildAnswer, TakenDownFor, Way, WordingPurpose
from booking.errors import NotFound
from booking.people.models import Family, Participant
from booking.privacy.operations import erase_family
from tests.conftest import StoppedClock
from tests.consent.saying import NEWS, PRESS, SOCIAL, WEB, occasion_in_a_week, say_yes
from tests.factories import make_account, make_participant


def tasks(session: Session) -> list[tuple[int | None, WordingPurpose, TakenDownFor]]:
    found = session.scalars(select(PictureTask).order_by(PictureTask.id))
    return [(task.participant_id, task.purpose, task.reason) for task in found]


def take_back(
    session: Session, clock: StoppedClock, child: Participant, occasion: Occasion, purpose: WordingPurpose
) -> None:
    withdraw_consent(
        session, clock, participant_id=child.id, purpose=purpose, occasion_id=occasion.id, way=Way.LINK
    )


@pytest.fixture
def occasion(session: Session) -> Occasion:
    """Its one meeting is in a week."""
    return occasion_in_a_week(session)


@pytest.fixture
def ada(session: Session, clock: StoppedClock, occasion: Occasion) -> Participant:
    """A child of whom pictures may be taken, and go onto the website and into social media."""
    child = make_participant(session)
    say_yes(session, clock, child, occasion, WEB, SOCIAL, NEWS, child_answer=ChildAnswer.YES)
    return child


def test_a_yes_that_is_taken_back_is_something_to_take_down(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    clock.forward(days=8)

    take_back(session, clock, ada, occasion, WEB)
    take_back(session, clock, ada, occasion, WEB)

    assert tasks(session) == [(ada.id, WEB, TakenDownFor.WITHDRAWN)]
    [task] = open_tasks(session, library_ids=[occasion.activity.library_id])
    assert (task.occasion_id, task.opened_at, task.done_at) == (occasion.id, clock(), None)


def test_before_the_first_meeting_there_is_no_picture_to_take_down(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    take_back(session, clock, ada, occasion, WEB)

    assert tasks(session) == []


def test_only_pictures_are_taken_down(session: Session, clock: StoppedClock, ada: Participant) -> None:
    clock.forward(days=8)

    withdraw_consent(session, clock, participant_id=ada.id, purpose=NEWS, occasion_id=None, way=Way.LINK)

    assert tasks(session) == []


def test_a_yes_that_ends_by_itself_is_something_to_take_down_once(
    session: Session, clock: StoppedClock, ada: Participant
) -> None:
    clock.forward(days=60)

    expire_consents(session, clock)
    expire_consents(session, clock)

    assert sorted(tasks(session)) == [
        (ada.id, SOCIAL, TakenDownFor.EXPIRED),
        (ada.id, WEB, TakenDownFor.EXPIRED),
    ]


def test_shielding_and_a_childs_own_no_take_all_pictures_down(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    bo = make_participant(session)
    say_yes(session, clock, bo, occasion, WEB, child_answer=ChildAnswer.YES)
    clock.forward(days=8)

    withdraw_pictures(session, clock, participant_ids=[ada.id], way=Way.DESK)
    say_yes(session, clock, bo, occasion, child_answer=ChildAnswer.NO)

    assert {(child, purpose) for child, purpose, _reason in tasks(session)} == {
        (ada.id, WEB),
        (ada.id, SOCIAL),
        (bo.id, WEB),
    }


def test_a_yes_said_anew_lets_the_pictures_be(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    clock.forward(days=8)
    take_back(session, clock, ada, occasion, WEB)
    take_back(session, clock, ada, occasion, SOCIAL)

    say_yes(session, clock, ada, occasion, WEB, child_answer=ChildAnswer.YES)

    assert tasks(session) == [(ada.id, SOCIAL, TakenDownFor.WITHDRAWN)]


def test_who_took_them_down_and_when_is_kept_once_and_on_record(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    first, second, own = make_account(session), make_account(session), [occasion.activity.library_id]
    clock.forward(days=8)
    take_back(session, clock, ada, occasion, WEB)
    [task] = open_tasks(session, library_ids=own)
    clock.forward(hours=1)
    done_at = clock()

    note_taken_down(session, clock, task_id=task.id, library_ids=own, account_id=first.id)
    clock.forward(hours=1)
    note_taken_down(session, clock, task_id=task.id, library_ids=own, account_id=second.id)

    assert (task.done_at, task.account_id) == (done_at, first.id)
    assert count_open_tasks(session, library_ids=own) == 0
    write_down(session)
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "pictures_taken_down"))
    assert (entry.account_id, entry.facts) == (first.id, {"purpose": "photo_web", "task": task.id})


def test_another_librarys_pictures_are_not_there(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    clock.forward(days=8)
    take_back(session, clock, ada, occasion, WEB)
    [task] = session.scalars(select(PictureTask))
    other = [occasion.activity.library_id + 1]

    with pytest.raises(NotFound):
        note_taken_down(
            session, clock, task_id=task.id, library_ids=other, account_id=make_account(session).id
        )

    assert open_tasks(session, library_ids=other) == []


def test_who_has_everything_erased_leaves_a_task_without_a_name(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    bo = make_participant(session)
    say_yes(session, clock, bo, occasion, WEB, PRESS, child_answer=ChildAnswer.YES)
    clock.forward(days=8)
    take_back(session, clock, ada, occasion, SOCIAL)

    for child in (ada, bo):
        erase_family(session, clock, family_id=child.family_id, actor=Actor.FAMILY)
    session.expire_all()

    assert session.scalars(select(Family)).all() == []
    assert sorted(tasks(session), key=str) == [
        (None, PRESS, TakenDownFor.ERASED),
        (None, SOCIAL, TakenDownFor.WITHDRAWN),
        (None, WEB, TakenDownFor.ERASED),
    ]


def test_what_is_kept_no_longer_than_promised_asks_nobody_to_take_pictures_down(
    session: Session, clock: StoppedClock, ada: Participant
) -> None:
    clock.forward(days=8)

    erase_family(session, clock, family_id=ada.family_id, actor=Actor.SYSTEM)

    assert tasks(session) == []


def test_what_was_done_a_year_ago_is_forgotten_and_what_is_open_is_not(
    session: Session, clock: StoppedClock, ada: Participant, occasion: Occasion
) -> None:
    clock.forward(days=8)
    for purpose in (WEB, SOCIAL):
        take_back(session, clock, ada, occasion, purpose)
    own = [occasion.activity.library_id]
    done, _open = open_tasks(session, library_ids=own)
    note_taken_down(session, clock, task_id=done.id, library_ids=own, account_id=make_account(session).id)

    clock.forward(days=365)
    early = forget_old_tasks(session, clock)
    clock.forward(seconds=1)

    assert (early, forget_old_tasks(session, clock)) == (0, 1)
    assert len(tasks(session)) == 1
