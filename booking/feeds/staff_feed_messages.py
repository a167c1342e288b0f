"""What the calendars of staff and of partners say of a meeting: numbers for staff, and nobody's name."""

from dataclasses import replace

from flask_babel import gettext

from booking.activities.models import Meeting
from booking.activities.rules import Status, Visibility
from booking.feeds.messages import entry_of
from booking.feeds.rules import Entry
from booking.feeds.staff_feed_queries import Numbers
from booking.i18n import spoken_language
from booking.libraries.rules import best_text
from booking.pages import public_url
from booking.tokens import derived_uid


def staff_entry(meeting: Meeting, numbers: Numbers | None, *, is_own: bool) -> Entry:
    """Return a meeting for who works there: its own library's with numbers and the way to the register."""
    # Another identity than in the calendars for all: the two say different things of the same date.
    entry = replace(_entry(meeting), uid=derived_uid("staff", meeting.uid))
    if not is_own:
        return entry
    lines = (entry.description, _said(meeting, numbers))
    return replace(
        entry,
        description="\n\n".join(line for line in lines if line),
        changed_at=max(entry.changed_at, numbers.changed_at) if numbers else entry.changed_at,
        url=public_url("attendance.show_register", meeting_id=meeting.id),
    )


def partner_entry(meeting: Meeting) -> Entry:
    """Return a meeting for an organisation that has a part in it: when and where, and no numbers."""
    return _entry(meeting)


def _entry(meeting: Meeting) -> Entry:
    activity = meeting.occasion.activity
    is_open = activity.visibility is Visibility.PUBLIC and activity.status is Status.PUBLISHED
    page = ("whats_on.show_activity", {"slug": activity.slug}) if is_open else ("whats_on.show_home", {})
    entry = entry_of(meeting, public_url(page[0], **page[1]))
    summary = best_text(activity.texts, spoken_language()).summary
    title = f"{entry.title} – {activity.library.name}"
    return replace(entry, title=title, description=summary, is_private=True)


def _said(meeting: Meeting, numbers: Numbers | None) -> str:
    capacity = meeting.occasion.capacity
    if capacity is None:
        return ""
    taken, waiting = (numbers.taken, numbers.waiting) if numbers else (0, 0)
    said = gettext("%(taken)s of %(capacity)s places taken.", taken=taken, capacity=capacity)
    return f"{said} {gettext('%(waiting)s waiting.', waiting=waiting)}" if waiting else said
