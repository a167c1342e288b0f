"""Finding what is on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.activities.queries import (
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
