"""Putting up an activity, changing it, publishing it, and moving or calling off its meetings."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.planning import (
    STATISTICS_TYPE,
    ChangedMeanwhile,
    EndsBeforeStart,
    MeetingIsOver,
    MeetingNotOn,
    NewTimeIsPast,
    NotReady,
    Plan,
    Words,
    check_in_reach,
    texts_of,
    weekly,
)
from booking.activities.queries import missing_in, taken_slugs
from booking.activities.rules import MeetingState, StatisticsResponsibility, Status, changed_after
from booking.activities.wording import check_plain, slug_of, slug_stem
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.libraries.rules import Language, best_text
from booking.tokens import new_readable_code, new_uid


def add_activity(
    session: Session, clock: Clock, *, library_id: int, responsible_id: int | None, plan: Plan
) -> Activity:
    """Return a new draft with its occasion and its weekly meetings.

    Refuses DateOutOfReach, EndsBeforeStart, TimeDoesNotExist, TimeHappensTwice and TextNotPlain.
    """
    check_in_reach(plan.series.first_on, clock())
    check_plain([plan.room, *texts_of(plan.words)])
    title = best_text(plan.words, Language.NB).title
    activity = Activity(
        library_id=library_id,
        slug=slug_of(title, taken_slugs(session, slug_stem(title))),
        code=new_readable_code(),
        kind=plan.kind,
        visibility=plan.visibility,
        status=Status.DRAFT,
        grade_from=plan.audience.grades.least,
        grade_to=plan.audience.grades.most,
        age_from=plan.audience.ages.least,
        age_to=plan.audience.ages.most,
        responsible_id=responsible_id,
        has_second_adult=plan.has_second_adult,
        statistics_type=STATISTICS_TYPE[plan.kind],
        statistics_responsibility=StatisticsResponsibility.OWN,
        changed_at=clock(),
        texts=_text_rows(plan.words),
        occasions=[_new_occasion(plan, clock())],
    )
    session.add(activity)
    session.flush()
    return activity


def change_words(
    session: Session, clock: Clock, *, activity: Activity, words: Sequence[Words], version: int
) -> None:
    """Give the activity new texts; a language that is left out goes. Its calendar entries count as changed.

    Refuses ChangedMeanwhile when somebody saved after this version was opened, and TextNotPlain.
    """
    check_plain(texts_of(words))
    if activity.version != version:
        raise ChangedMeanwhile
    _take_version(session, activity, version, changed_after(activity.changed_at, clock()))
    texts = {text.language: text for text in activity.texts}
    for given in words:
        kept = texts.pop(given.language, None)
        if kept is None:
            activity.texts.extend(_text_rows([given]))
        else:
            kept.title, kept.summary, kept.body = given.title, given.summary, given.body
    for left_out in texts.values():
        activity.texts.remove(left_out)


def publish(session: Session, clock: Clock, *, activity: Activity, account_id: int) -> None:
    """Show the activity to families; twice is once. Refuses NotReady with what is missing."""
    if activity.status is Status.PUBLISHED:
        return
    missing = missing_in(activity, clock())
    if missing:
        raise NotReady(missing=missing)
    activity.status = Status.PUBLISHED
    activity.published_at = activity.published_at or clock()
    activity.changed_at = changed_after(activity.changed_at, clock())
    _record(session, clock, "activity_published", activity, account_id, activity_id=activity.id)


def move_meeting(
    session: Session,
    clock: Clock,
    *,
    meeting: Meeting,
    starts_at: datetime,
    ends_at: datetime,
    room: str,
    account_id: int,
) -> None:
    """Give the meeting a new time or room; the same ones again change nothing.

    Refuses MeetingIsOver, MeetingNotOn, NewTimeIsPast, EndsBeforeStart and TextNotPlain.
    """
    _lock(session, meeting)
    if (meeting.starts_at, meeting.ends_at, meeting.room) == (starts_at, ends_at, room):
        return
    _check_not_over(meeting, clock())
    check_plain([room])
    if meeting.state is MeetingState.CALLED_OFF:
        raise MeetingNotOn
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if starts_at <= clock():
        raise NewTimeIsPast
    meeting.starts_at, meeting.ends_at, meeting.room = starts_at, ends_at, room
    _change(meeting, MeetingState.MOVED, clock())
    _record_meeting(session, clock, "meeting_moved", meeting, account_id)


def call_off_meeting(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Call the meeting off; doing it twice does it once. Refuses MeetingIsOver."""
    _lock(session, meeting)
    if meeting.state is not MeetingState.CALLED_OFF:
        _check_not_over(meeting, clock())
        _change(meeting, MeetingState.CALLED_OFF, clock())
        _record_meeting(session, clock, "meeting_called_off", meeting, account_id)


def put_meeting_back_on(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Take back that the meeting is called off; it is on as announced. Refuses MeetingIsOver."""
    _lock(session, meeting)
    if meeting.state is MeetingState.CALLED_OFF:
        _check_not_over(meeting, clock())
        _change(meeting, MeetingState.SCHEDULED, clock())
        _record_meeting(session, clock, "meeting_put_back_on", meeting, account_id)


def mark_called_off(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> None:
    """Call off what is left of the occasion; meetings that are over stay as they were. Twice is once."""
    session.refresh(occasion, attribute_names=["called_off_at"], with_for_update=True)
    if occasion.called_off_at is not None:
        return
    occasion.called_off_at = clock()
    for meeting in _still_to_come(session, occasion, clock()):
        if meeting.state is not MeetingState.CALLED_OFF:
            _change(meeting, MeetingState.CALLED_OFF, clock())
    _record(session, clock, "occasion_called_off", occasion.activity, account_id, occasion_id=occasion.id)


def put_occasion_back_on(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> None:
    """Take back that the occasion is called off; meetings called off before it stay so. Twice is once."""
    session.refresh(occasion, attribute_names=["called_off_at"], with_for_update=True)
    since = occasion.called_off_at
    if since is None:
        return
    occasion.called_off_at = None
    for meeting in _still_to_come(session, occasion, clock()):
        if meeting.state is MeetingState.CALLED_OFF and meeting.changed_at >= since:
            _change(meeting, MeetingState.SCHEDULED, clock())
    _record(session, clock, "occasion_put_back_on", occasion.activity, account_id, occasion_id=occasion.id)


def _new_occasion(plan: Plan, now: datetime) -> Occasion:
    return Occasion(
        mode=plan.mode,
        capacity=plan.capacity,
        walk_in_places=plan.walk_in_places,
        opens_at=plan.opens_at,
        closes_at=plan.closes_at,
        has_queue=plan.has_queue,
        meetings=[
            Meeting(
                uid=new_uid(),
                starts_at=starts_at,
                ends_at=ends_at,
                room=plan.room,
                state=MeetingState.SCHEDULED,
                made_at=now,
                changed_at=now,
            )
            for starts_at, ends_at in weekly(plan.series)
        ],
    )


def _text_rows(words: Iterable[Words]) -> list[ActivityText]:
    return [
        ActivityText(language=each.language, title=each.title, summary=each.summary, body=each.body)
        for each in words
    ]


def _take_version(session: Session, activity: Activity, version: int, changed_at: datetime) -> None:
    # One statement decides: of two who save at once, the database lets one pass.
    taken = session.execute(
        update(Activity)
        .where(Activity.id == activity.id, Activity.version == version)
        .values(version=version + 1, changed_at=changed_at)
        .returning(Activity.id)
    )
    if taken.first() is None:
        raise ChangedMeanwhile


def _lock(session: Session, meeting: Meeting) -> None:
    # Two phones call off one meeting: the second must see what the first did, or the sequence stands still.
    session.flush()  # refreshing drops what is not yet written
    columns = ["state", "sequence", "starts_at", "ends_at", "room", "changed_at"]
    session.refresh(meeting, attribute_names=columns, with_for_update=True)


def _check_not_over(meeting: Meeting, now: datetime) -> None:
    if meeting.ends_at <= now:
        raise MeetingIsOver


def _still_to_come(session: Session, occasion: Occasion, now: datetime) -> list[Meeting]:
    for meeting in occasion.meetings:
        _lock(session, meeting)
    return [meeting for meeting in occasion.meetings if meeting.ends_at > now]


def _change(meeting: Meeting, state: MeetingState, now: datetime) -> None:
    # RFC 5546 section 2.1.4: time and status raise the sequence; a calendar ignores what does not grow.
    meeting.state = state
    meeting.sequence += 1
    meeting.changed_at = changed_after(meeting.changed_at, now)


def _record_meeting(session: Session, clock: Clock, action: str, meeting: Meeting, account_id: int) -> None:
    _record(session, clock, action, meeting.occasion.activity, account_id, meeting_id=meeting.id)


def _record(
    session: Session, clock: Clock, action: str, activity: Activity, account_id: int, **facts: int
) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="activity",
        subject_id=activity.id,
        account_id=account_id,
        library_id=activity.library_id,
        facts=facts,
    )
