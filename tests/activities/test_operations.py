"""Putting up, publishing, moving, calling off."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.audience import Audience, Span
from booking.activities.dates import (
    DateOutOfReach,
    EndsBeforeStart,
    MeetingIsOver,
    MeetingNotOn,
    NewTimeIsPast,
    Series,
    Slot,
)
from booking.activities.meeting_operations import (
    call_off_meeting,
    mark_called_off,
    move_meeting,
    put_meeting_back_on,
    put_occasion_back_on,
)
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.operations import (
    add_activity,
    archive,
    change_about,
    change_words,
    publish,
    take_out_again,
)
from booking.activities.planning import (
    About,
    ChangedMeanwhile,
    Missing,
    NotReady,
    Plan,
    StillOn,
    Terms,
    Words,
)
from booking.activities.queries import get_own_activity, get_own_meeting, get_own_occasion, missing_in
from booking.activities.rows import about_of, words_of
from booking.activities.rules import Kind, MeetingState, Mode, Status, Visibility
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.clock import local_time
from booking.libraries.rules import Language
from booking.staff.rules import Role
from booking.versions import seen_as
from booking.wording import TextNotPlain
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion

NB = Words(language=Language.NB, title="Spillkveld", summary="Brettspill.", body="Vi spiller.")
EN = Words(language=Language.EN, title="Game night", summary="Board games.", body="We play.")


def series(**changes: object) -> Series:
    values = {"first_on": date(2026, 12, 1), "starts": time(17), "ends": time(19), "weeks": 10}
    return Series(**{**values, **changes})  # type: ignore[arg-type]


def plan(**changes: object) -> Plan:
    values = {
        "about": About(kind=Kind.PILOT, audience=Audience(grades=Span(least=5, most=7), ages=Span())),
        "terms": Terms(mode=Mode.SIGN_UP, capacity=12),
        "room": "Barneavdelingen",
        "series": series(),
        "words": [NB],
    }
    return Plan(**{**values, **changes})  # type: ignore[arg-type]


def put_up(session: Session, clock: StoppedClock, **changes: object) -> Activity:
    library = make_library(session)
    account = make_account(session, Role.LIBRARIAN, library=library)
    whole = plan(**changes)
    about = replace(whole.about, responsible_id=account.id)
    added = add_activity(session, clock, library_id=library.id, plan=replace(whole, about=about))
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
    activity = put_up(session, clock, terms=Terms(mode=Mode.DROP_IN, capacity=None), words=[NB, EN])

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


def rewrite(
    session: Session, clock: StoppedClock, activity: Activity, words: list[Words], seen: str | None = None
) -> None:
    change_words(
        session,
        clock,
        activity=activity,
        words=words,
        seen=seen or seen_as(words_of(activity)),
        account_id=activity.responsible_id or 0,
    )


def test_new_texts_take_the_place_of_the_old_ones_and_are_on_record(
    session: Session, clock: StoppedClock
) -> None:
    activity = put_up(session, clock, words=[NB, EN])
    before = activity.changed_at
    renamed = Words(language=Language.NB, title="Brettspill", summary="Kom.", body="Vi spiller.")
    nynorsk = Words(language=Language.NN, title="Brettspel", summary="Kom.", body="", access_note="Heis")

    rewrite(session, clock, activity, [renamed, nynorsk])

    session.flush()
    assert words_of(activity) == [renamed, nynorsk]
    assert activity.changed_at == before + timedelta(seconds=1)
    assert acts(session) == ["activity_words_changed"]


def test_of_two_who_change_one_page_the_second_is_told_and_overwrites_nothing(
    session: Session, clock: StoppedClock
) -> None:
    activity = put_up(session, clock)
    opened = seen_as(words_of(activity))
    rewrite(session, clock, activity, [NB, EN], opened)

    with pytest.raises(ChangedMeanwhile):
        rewrite(session, clock, activity, [NB], opened)

    assert len(activity.texts) == 2


def test_what_it_is_can_change_and_the_second_of_two_is_told(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    opened, who = about_of(activity), activity.responsible_id or 0
    outdoors = replace(
        opened,
        visibility=Visibility.BY_LINK,
        place_name="Ishallen",
        audience=Audience(grades=Span(), ages=Span(least=13)),
    )
    first: dict[str, Any] = {"activity": activity, "seen": seen_as(opened), "account_id": who}

    change_about(session, clock, about=outdoors, **first)

    assert about_of(activity) == outdoors
    with pytest.raises(ChangedMeanwhile):
        change_about(session, clock, about=opened, **first)
    assert about_of(activity) == outdoors


def test_what_families_count_on_is_not_put_away(session: Session, clock: StoppedClock) -> None:
    activity = put_up(session, clock)
    who = activity.responsible_id or 0
    publish(session, clock, activity=activity, account_id=who)

    with pytest.raises(StillOn):
        archive(session, clock, activity=activity, account_id=who)

    clock.set(activity.occasions[0].meetings[-1].ends_at)
    archive(session, clock, activity=activity, account_id=who)
    archive(session, clock, activity=activity, account_id=who)
    put_away = activity.status
    take_out_again(session, clock, activity=activity, account_id=who)
    assert (put_away, activity.status) == (Status.ARCHIVED, Status.DRAFT)
    assert acts(session) == ["activity_published", "activity_archived", "activity_taken_out_again"]


def test_elsewhere_than_at_the_library_somebody_has_to_say_how_one_gets_in(
    session: Session, clock: StoppedClock
) -> None:
    activity = put_up(session, clock)
    activity.place_name = "Ishallen"
    told = missing_in(activity, clock())
    activity.texts[0].access_note = "Trinnfritt fra parkeringen."

    assert (told, missing_in(activity, clock())) == ((Missing.ACCESSIBILITY,), ())


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
        slot=Slot(starts_at=later, ends_at=later + timedelta(hours=1)),
        room="Kafeen",
        account_id=staff(session),
    )

    assert (meeting.uid, meeting.sequence, meeting.state) == (uid, 1, MeetingState.MOVED)
    assert (meeting.starts_at, meeting.room, meeting.changed_at) == (later, "Kafeen", clock())
    assert acts(session) == ["meeting_moved"]


def test_a_meeting_moved_to_where_it_is_does_not_move(session: Session, clock: StoppedClock) -> None:
    meeting = loaded(session, make_meeting(session))
    here = Slot(starts_at=meeting.starts_at, ends_at=meeting.ends_at)

    move_meeting(session, clock, meeting=meeting, slot=here, room=meeting.room, account_id=staff(session))

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
    room = changes.get("room", meeting.room)
    slot = Slot(
        starts_at=changes.get("starts_at", meeting.starts_at), ends_at=changes.get("ends_at", meeting.ends_at)
    )

    with pytest.raises(refusal):
        move_meeting(session, clock, meeting=meeting, slot=slot, room=room, account_id=1)

    assert meeting.sequence == 0


def test_what_is_over_can_be_neither_moved_nor_called_off(session: Session, clock: StoppedClock) -> None:
    meeting = loaded(session, make_meeting(session))
    called_off = loaded(session, make_meeting(session, state=MeetingState.CALLED_OFF))
    clock.set(meeting.ends_at)
    later = clock() + timedelta(days=1)
    to = Slot(starts_at=later, ends_at=later + timedelta(hours=1))

    with pytest.raises(MeetingIsOver):
        move_meeting(session, clock, meeting=meeting, slot=to, room="Kafeen", account_id=1)
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
