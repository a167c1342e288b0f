"""Between the rows of the tables and the values of which a plan consists."""

from collections.abc import Iterable
from datetime import datetime

from booking.activities.asks import Asks, channels_among
from booking.activities.audience import audience_of
from booking.activities.dates import Slot
from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.planning import About, Terms, Words
from booking.activities.rules import MeetingState
from booking.tokens import new_uid


def words_of(activity: Activity) -> list[Words]:
    """Return the activity's texts, in the order of the languages."""
    return [
        Words(
            language=text.language,
            title=text.title,
            summary=text.summary,
            body=text.body,
            access_note=text.access_note,
            question=text.question,
        )
        for text in sorted(activity.texts, key=lambda each: each.language)
    ]


def about_of(activity: Activity) -> About:
    """Return what sort of activity it is, for whom, where, and who answers for it."""
    return About(
        kind=activity.kind,
        audience=audience_of(
            grade_from=activity.grade_from,
            grade_to=activity.grade_to,
            age_from=activity.age_from,
            age_to=activity.age_to,
        ),
        visibility=activity.visibility,
        place_name=activity.place_name,
        responsible_id=activity.responsible_id,
        has_second_adult=activity.has_second_adult,
        statistics_type=activity.statistics_type,
        statistics_responsibility=activity.statistics_responsibility,
        statistics_target=activity.statistics_target,
        announced_before=activity.announced_before,
    )


def asks_of(activity: Activity) -> Asks:
    """Return what families are asked when they sign up."""
    return Asks(
        last_name=activity.asks_last_name,
        needs=activity.asks_needs,
        photo_channels=channels_among(activity.photo_channels),
        guardian_until=activity.guardian_until,
    )


def terms_of(occasion: Occasion) -> Terms:
    """Return how one comes to the occasion."""
    return Terms(
        mode=occasion.mode,
        capacity=occasion.capacity,
        walk_in_places=occasion.walk_in_places,
        opens_at=occasion.opens_at,
        closes_at=occasion.closes_at,
        cancel_deadline_minutes=occasion.cancel_deadline_minutes,
        has_queue=occasion.has_queue,
        asks_again=occasion.asks_again,
    )


def text_rows(words: Iterable[Words]) -> list[ActivityText]:
    """Return rows for the texts."""
    return [
        ActivityText(
            language=each.language,
            title=each.title,
            summary=each.summary,
            body=each.body,
            access_note=each.access_note,
            question=each.question,
        )
        for each in words
    ]


def meeting_rows(slots: Iterable[Slot], *, room: str, now: datetime) -> list[Meeting]:
    """Return meetings for the hours, each with the identity by which calendars will know it."""
    return [
        Meeting(
            uid=new_uid(),
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            room=room,
            state=MeetingState.SCHEDULED,
            made_at=now,
            changed_at=now,
        )
        for slot in slots
    ]
