"""One date, or one activity, as other programs read it."""

from typing import Any, Final

from booking.activities.audience import Audience, ages_shown, audience_of, grades_shown
from booking.activities.models import Activity, Meeting
from booking.activities.rules import MeetingState
from booking.api.attendance_rows import moment
from booking.libraries.rules import Language, best_text

DATE_COLUMNS: Final = (
    "meeting",
    "activity",
    "title",
    "language",
    "library",
    "starts_at",
    "ends_at",
    "state",
    "room",
    "place",
    "coming",
    "page",
)
ACTIVITY_COLUMNS: Final = (
    "activity",
    "title",
    "summary",
    "language",
    "library",
    "grade_from",
    "grade_to",
    "age_from",
    "age_to",
    "next_meeting",
    "next_starts_at",
    "page",
)


def date_row(meeting: Meeting, *, language: Language, page: str) -> dict[str, Any]:
    """Return a date by the names of its columns; its words are in the language, or in one that is there."""
    activity, occasion = meeting.occasion.activity, meeting.occasion
    text = best_text(activity.texts, language)
    is_off = meeting.state is MeetingState.CALLED_OFF or occasion.called_off_at is not None
    return {
        "meeting": meeting.uid,
        "activity": activity.slug,
        "title": text.title,
        "language": text.language.value,
        "library": activity.library.slug,
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "state": MeetingState.CALLED_OFF.value if is_off else meeting.state.value,
        "room": meeting.room,
        "place": activity.place_name or activity.library.name,
        "coming": occasion.mode.value,
        "page": page,
    }


def activity_row(meeting: Meeting, *, language: Language, page: str) -> dict[str, Any]:
    """Return the activity of a date by the names of its columns; the date is its next one."""
    activity = meeting.occasion.activity
    text = best_text(activity.texts, language)
    audience = _audience(activity)
    grades, ages = grades_shown(audience), ages_shown(audience)
    return {
        "activity": activity.slug,
        "title": text.title,
        "summary": text.summary,
        "language": text.language.value,
        "library": activity.library.slug,
        "grade_from": grades.least,
        "grade_to": grades.most,
        "age_from": ages.least,
        "age_to": ages.most,
        "next_meeting": meeting.uid,
        "next_starts_at": moment(meeting.starts_at),
        "page": page,
    }


def _audience(activity: Activity) -> Audience:
    return audience_of(
        grade_from=activity.grade_from,
        grade_to=activity.grade_to,
        age_from=activity.age_from,
        age_to=activity.age_to,
    )
