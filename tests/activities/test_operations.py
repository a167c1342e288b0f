"""Putting up, publishing, moving, calling off."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.audience import Audience, Span
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.operations import (
    add_activity,
    call_off_meeting,
    change_words,
    mark_called_off,
    move_meeting,
    publish,
    put_meeting_back_on,
    put_occasion_back_on,
)
from booking.activities.planning import (
    ChangedMeanwhile,
    DateOutOfReach,
    EndsBeforeStart,
    MeetingIsOver,
    MeetingNotOn,
    Missing,
    NewTimeIsPast,
    NotReady,
    Plan,
    Series,
    Words,
)
from booking.activities.queries import get_own_activity, get_own_meeting, get_own_occasion
from booking.activities.rules import Kind, MeetingState, Mode, Status
from booking.activities.wording import TextNotPlain
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.clock import local_time
from booking.libraries.rules import Language
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion

NB = Words(language=Language.NB, title="Spillkveld", summary="Brettspill.", body="Vi spiller.")
EN = Words(language=Language.EN, title="Game night", summary="Board games.", body="We play.")


def series(**changes: object) -> Series:
    values = {"first_on": date(2026, 12, 1), "starts": time(17), "ends": time(19), "weeks": 10}
    return Series(**{**values, **changes})  # type: ignore[arg-type]


def plan(**changes: object) -> Plan:
    values = {
        "kind": Kind.PILOT,
        "audience": Audience(grades=Span(least=5, most=7), ages=Span()),
        "mode": Mode.SIGN_UP,
        "capacity": 12,
        "room": "Barneavdelingen",
        "series": series(),
        "words": [NB],
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]


def put_up(session: Session, clock: StoppedClock, **changes: object) -> Activity:
    library = make_library(session)
    account = make_account(session, Role.LIBRARIAN, library=library)
    added = add_activity(
        session, clock, library_id=library.id, responsible_id=account.id, plan=plan(**changes)
    )
    return get_own_activity(session, added.id, library_ids={library.id})


def loaded(session: Session, meeting: Meeting) -> Meeting:
    libraries = set(session.scalars(select(Activity.library_id)))
    return get_own_meeting(session, meeting.id, library_ids=libraries)


def occasion_of(session: Session, meeting: Meeting) -> Occasion:
    libraries = set(session.scalars(select(Activity.library_id)))
    return get_own_occasion(session, meeting.occasion_id, library_ids=libraries)


def staff(session: Session) -> int:
    return make_account(session, Role.COORDINATOR).id


def acts(session: Session) -> list[str]:
    write_down(session)
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_ten_week_course_is_one_plan_and_ten_meetings_at_the_same_hour(
    session: Session, clock: StoppedClock
) -> None:
    activity = put_up(session, clock)

    meetings = activity.occasions[0].meetings
    assert (activity.status, activity.slug, len(meetings)) == (Status.DRAFT, "spillkveld", 10)
    assert {local_time(each.starts_at).time() for each in meetings} == {time(17)}
    assert len({each.uid for each in meetings}) == 10


def test_two_activities_of_one_name_have_addresses_of_their_own(
    session: Session, clock: StoppedClock
) -> None:
    slugs = [put_up(session, clock).slug for _each in range(3)]

    assert slugs == ["spillkveld", "spillkveld-2", "spillkveld-3"]


def test_a_drop_in_has_no_capacity(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock, mode=Mode.DROP_IN, capacity=None, words=[NB, EN])

    assert activity.occasions[0].capacity is None
    assert {text.language for text in activity.texts} == {Language.NB, Language.EN}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        (
            {"series": Series(first_on=date(9999, 12, 31), starts=time(1), ends=time(2), weeks=9)},
            DateOutOfReach,
        ),
        (
            {"series": Series(first_on=date(2026, 12, 1), starts=time(2), ends=time(1), weeks=1)},
            EndsBeforeStart,
        ),
        ({"room": "Rom\u202e"}, TextNotPlain),
        ({"words": [Words(language=Language.NB, title="A\x00", summary="", body="")]}, TextNotPlain),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused(
    session: Session, clock: StoppedClock, changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        put_up(session, clock, **changes)

    assert session.scalars(select(Activity)).all() == []


def test_new_texts_raise_the_version_and_the_time_of_change(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock, words=[NB, EN])
    before = activity.changed_at
    nynorsk = Words(language=Language.NN, title="Spelkveld", summary="Brettspel.", body="Vi spelar.")
    renamed = Words(language=Language.NB, title="Spill", summary="Brettspill.", body="Vi spiller.")

    change_words(session, clock, activity=activity, words=[renamed, nynorsk], version=1)

    session.flush()
    assert {text.language: text.title for text in activity.texts} == {"nb": "Spill", "nn": "Spelkveld"}
    assert (activity.version, activity.changed_at) == (2, before + timedelta(seconds=1))
    assert activity.slug == "spillkveld"


def test_the_second_of_two_who_edit_at_once_overwrites_nothing(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    change_words(session, clock, activity=activity, words=[EN, NB], version=1)

    with pytest.raises(ChangedMeanwhile):
        change_words(session, clock, activity=activity, words=[NB], version=1)

    assert len(activity.texts) == 2


def test_of_two_who_save_in_the_same_moment_the_database_lets_one_pass(
    session: Session, clock: StoppedClock
) -> None:
    activity = put_up(session, clock)
    change_words(session, clock, activity=activity, words=[NB, EN], version=1)
    set_committed_value(activity, "version", 1)  # as the second had read it before the first saved

    with pytest.raises(ChangedMeanwhile):
        change_words(session, clock, activity=activity, words=[NB], version=1)

    assert len(activity.texts) == 2


def test_publishing_twice_publishes_once(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    account_id = staff(session)

    publish(session, clock, activity=activity, account_id=account_id)
    changed_at = activity.changed_at
    clock.forward(minutes=5)
    publish(session, clock, activity=activity, account_id=account_id)

    assert (activity.status, activity.changed_at) == (Status.PUBLISHED, changed_at)
    assert acts(session) == ["activity_published"]


def test_a_page_that_lacks_something_is_not_published(session: Session, clock: StoppedClock) -> None:
    bare = Words(language=Language.NB, title="Spillkveld", summary="", body="Vi spiller.")
    activity = put_up(session, clock, words=[bare], series=series(first_on=date(2026, 11, 1), weeks=2))

    with pytest.raises(NotReady) as told:
        publish(session, clock, activity=activity, account_id=staff(session))

    assert told.value.facts["missing"] == (Missing.SUMMARY, Missing.COMING_MEETING)
    assert (activity.status, acts(session)) == (Status.DRAFT, [])


def test_a_moved_meeting_keeps_its_identity_and_raises_its_sequence(
    session: Session, clock: StoppedClock
) -> None:
    meeting = loaded(session, make_meeting(session))
    uid, later = meeting.uid, meeting.starts_at + timedelta(days=1)
    clock.forward(hours=1)

    move_meeting(
        session,
        clock,
        meeting=meeting,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        room="Kafeen",
        account_id=staff(session),
    )

    assert (meeting.uid, meeting.sequence, meeting.state) == (uid, 1, MeetingState.MOVED)
    assert (meeting.starts_at, meeting.room, meeting.changed_at) == (later, "Kafeen", clock())
    assert acts(session) == ["meeting_moved"]


def test_a_meeting_moved_to_where_it_is_does_not_move(session: Session, clock: StoppedClock) -> None:
    meeting = loaded(session, make_meeting(session))
    here: dict[str, Any] = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "room": meeting.room}

    move_meeting(session, clock, meeting=meeting, account_id=staff(session), **here)

    assert (meeting.sequence, meeting.state, acts(session)) == (0, MeetingState.SCHEDULED, [])


@pytest.mark.parametrize(
    ("state", "changes", "refusal"),
    [
        (MeetingState.CALLED_OFF, {"room": "Kafeen"}, MeetingNotOn),
        (MeetingState.SCHEDULED, {"ends_at": NOON}, EndsBeforeStart),
        (MeetingState.SCHEDULED, {"starts_at": NOON}, NewTimeIsPast),
        (MeetingState.SCHEDULED, {"room": "Kafe\x00en"}, TextNotPlain),
    ],
)
def test_a_meeting_moves_only_to_where_somebody_can_come(
    session: Session,
    clock: StoppedClock,
    state: MeetingState,
    changes: dict[str, Any],
    refusal: type[Exception],
) -> None:
    meeting = loaded(session, make_meeting(session, state=state))
    here: dict[str, Any] = {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at, "room": meeting.room}

    with pytest.raises(refusal):
        move_meeting(session, clock, meeting=meeting, account_id=1, **{**here, **changes})

    assert meeting.sequence == 0


def test_what_is_over_can_be_neither_moved_nor_called_off(session: Session, clock: StoppedClock) -> None:
    meeting = loaded(session, make_meeting(session))
    called_off = loaded(session, make_meeting(session, state=MeetingState.CALLED_OFF))
    clock.set(meeting.ends_at)
    later = clock() + timedelta(days=1)
    to: dict[str, Any] = {
        "starts_at": later,
        "ends_at": later + timedelta(hours=1),
        "room": "Kafeen",
        "account_id": 1,
    }

    with pytest.raises(MeetingIsOver):
        move_meeting(session, clock, meeting=meeting, **to)
    with pytest.raises(MeetingIsOver):
        call_off_meeting(session, clock, meeting=meeting, account_id=1)
    with pytest.raises(MeetingIsOver):
        put_meeting_back_on(session, clock, meeting=called_off, account_id=1)


def test_calling_off_twice_calls_off_once_and_taking_it_back_raises_the_sequence_again(
    session: Session, clock: StoppedClock
) -> None:
    meeting = loaded(session, make_meeting(session))
    account_id = staff(session)

    call_off_meeting(session, clock, meeting=meeting, account_id=account_id)
    call_off_meeting(session, clock, meeting=meeting, account_id=account_id)
    called_off = (meeting.state, meeting.sequence, meeting.changed_at)
    put_meeting_back_on(session, clock, meeting=meeting, account_id=account_id)
    put_meeting_back_on(session, clock, meeting=meeting, account_id=account_id)

    assert called_off == (MeetingState.CALLED_OFF, 1, clock() + timedelta(seconds=1))
    assert (meeting.state, meeting.sequence) == (MeetingState.SCHEDULED, 2)
    assert meeting.changed_at == clock() + timedelta(seconds=2)
    assert acts(session) == ["meeting_called_off", "meeting_put_back_on"]


def standings(session: Session, occasion_id: int) -> list[tuple[MeetingState, int]]:
    session.flush()
    of = select(Meeting).where(Meeting.occasion_id == occasion_id).order_by(Meeting.starts_at)
    return [(each.state, each.sequence) for each in session.scalars(of)]


def course_with_a_date_called_off(session: Session, clock: StoppedClock, account_id: int) -> Occasion:
    made = make_occasion(session, activity=make_activity(session))
    meetings = [
        make_meeting(session, occasion=made, starts_at=clock() + timedelta(days=days))
        for days in (-1, 1, 2, 9)
    ]
    call_off_meeting(session, clock, meeting=loaded(session, meetings[1]), account_id=account_id)
    session.flush()
    clock.forward(hours=1)
    return occasion_of(session, meetings[0])


OFF, ON = MeetingState.CALLED_OFF, MeetingState.SCHEDULED


def test_an_occasion_is_called_off_from_now_on(session: Session, clock: StoppedClock) -> None:
    account_id = staff(session)
    occasion = course_with_a_date_called_off(session, clock, account_id)

    mark_called_off(session, clock, occasion=occasion, account_id=account_id)
    mark_called_off(session, clock, occasion=occasion, account_id=account_id)

    assert occasion.called_off_at == clock()
    assert standings(session, occasion.id) == [(ON, 0), (OFF, 1), (OFF, 1), (OFF, 1)]
    assert acts(session) == ["meeting_called_off", "occasion_called_off"]


def test_an_occasion_that_is_on_again_leaves_alone_what_was_called_off_before(
    session: Session, clock: StoppedClock
) -> None:
    account_id = staff(session)
    occasion = course_with_a_date_called_off(session, clock, account_id)
    mark_called_off(session, clock, occasion=occasion, account_id=account_id)

    put_occasion_back_on(session, clock, occasion=occasion, account_id=account_id)
    put_occasion_back_on(session, clock, occasion=occasion, account_id=account_id)

    assert occasion.called_off_at is None
    assert standings(session, occasion.id) == [(ON, 0), (OFF, 1), (ON, 2), (ON, 2)]
    assert acts(session)[-1] == "occasion_put_back_on"
