"""Finding what is on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from booking.activities.queries import (
    coming_meetings,
    get_own_activity,
    get_own_meeting,
    get_own_occasion,
    get_public_activity,
    get_published_occasion,
    meetings_between,
)
from booking.activities.rules import Status, Visibility
from booking.errors import NotFound
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion


def test_a_published_occasion_comes_with_all_that_its_page_shows(session: Session) -> None:
    meeting = make_meeting(session)
    session.expunge_all()

    occasion = get_published_occasion(session, meeting.occasion_id)

    assert occasion.activity.texts[0].title == "Spillkveld"
    assert occasion.activity.library.notes[0].opening == "10–18"
    assert [each.id for each in occasion.meetings] == [meeting.id]


HIDDEN = [
    {"status": Status.DRAFT},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.INTERNAL},
    {"visibility": Visibility.BY_LINK},
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_for_all_is_not_found(session: Session, hidden: dict[str, Any]) -> None:
    activity = make_activity(session, **hidden)
    meeting = make_meeting(session, occasion=make_occasion(session, activity=activity))

    with pytest.raises(NotFound):
        get_published_occasion(session, meeting.occasion_id)
    with pytest.raises(NotFound):
        get_public_activity(session, activity.slug)

    assert coming_meetings(session, now=NOON) == []


def test_coming_meetings_stand_in_order_until_they_are_over(session: Session) -> None:
    occasion = make_occasion(session)
    later = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=2))
    going_on = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(hours=1))
    make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(hours=2))

    found = coming_meetings(session, now=NOON)

    assert [each.id for each in found] == [going_on.id, later.id]


def test_coming_meetings_can_be_those_of_one_library_and_before_an_instant(session: Session) -> None:
    here = make_library(session)
    occasion = make_occasion(session, activity=make_activity(session, library=here))
    near = make_meeting(session, occasion=occasion)
    make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=30))
    make_meeting(session)

    found = coming_meetings(session, now=NOON, until=NOON + timedelta(days=14), library_slug=here.slug)

    assert found == [near]


def test_a_hundred_cards_take_no_more_questions_than_one(session: Session) -> None:
    for number in range(20):
        occasion = make_occasion(session)
        for week in range(5):
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=7 * week, hours=number))
    session.flush()
    session.expunge_all()
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))

    found = coming_meetings(session, now=NOON)
    titles = {each.occasion.activity.texts[0].title for each in found}
    names = {each.occasion.activity.library.name for each in found}

    assert (len(found), titles, names) == (100, {"Spillkveld"}, {"Granlia bibliotek"})
    assert len(asked) <= 4


def test_own_things_are_found_and_those_of_another_library_do_not_exist(session: Session) -> None:
    activity = make_activity(session)
    meeting = make_meeting(session, occasion=make_occasion(session, activity=activity))
    ours, theirs = {activity.library_id}, {make_library(session).id}

    assert get_own_meeting(session, meeting.id, library_ids=ours).occasion.activity.texts
    assert get_own_occasion(session, meeting.occasion_id, library_ids=ours).meetings == [meeting]
    assert get_own_activity(session, activity.id, library_ids=ours).occasions[0].meetings == [meeting]
    with pytest.raises(NotFound):
        get_own_meeting(session, meeting.id, library_ids=theirs)
    with pytest.raises(NotFound):
        get_own_occasion(session, meeting.occasion_id, library_ids=theirs)
    with pytest.raises(NotFound):
        get_own_activity(session, activity.id, library_ids=theirs)


def test_own_meetings_of_a_day_leave_out_drafts_and_other_libraries(session: Session) -> None:
    library = make_library(session)
    draft = make_activity(session, library=library, status=Status.DRAFT)
    internal = make_activity(session, library=library, visibility=Visibility.INTERNAL)
    shown = make_meeting(session, occasion=make_occasion(session, activity=internal), starts_at=NOON)
    make_meeting(session, occasion=make_occasion(session, activity=draft), starts_at=NOON)
    make_meeting(session, starts_at=NOON)

    found = meetings_between(session, library_ids={library.id}, starts=NOON, ends=NOON + timedelta(hours=1))

    assert found == [shown]
