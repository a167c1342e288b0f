"""The reminder the day before: one letter for each household and date, however many look for it."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Meeting, Occasion
from booking.clock import Clock
from booking.links.operations import issue_links
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.operations import take_letters_back, write_letter
from booking.outbox.rules import Policy
from booking.people.reaching import address_of
from booking.signups.coming import expected_unreminded, take_meetings_to_remind_of
from booking.signups.letters import meeting_facts, occasion_facts, until_the_end
from booking.signups.models import Signup
from booking.signups.taking import whole_occasions
from booking.signups.texting import text_too

_EARLIEST: Final = timedelta(hours=24)
# Nearer than this nobody reads a letter in time, and who asked for a place just now knows of it.
_LATEST: Final = timedelta(hours=2)
_HEARD_OF_IT: Final = timedelta(hours=12)
# Others wait for the turn to write: what is left over comes with the next minute.
_MOST_MEETINGS_AT_ONCE: Final = 10


def remind(session: Session, clock: Clock) -> int:
    """Remind each household of each date that it comes to within a day; return how many letters it took.

    Once for each date, and anew when it was moved. Whoever heard of the sign-up in the last twelve hours
    waits until then; less than two hours before the start nobody is reminded. Twice is once.
    """
    meetings = take_meetings_to_remind_of(
        session,
        after=clock() + _LATEST,
        until=clock() + _EARLIEST,
        told_before=clock() - _HEARD_OF_IT,
        most=_MOST_MEETINGS_AT_ONCE,
    )
    if not meetings:
        return 0
    expected = expected_unreminded(session, [meeting.id for meeting in meetings])
    occasions = whole_occasions(session, {meeting.occasion_id for meeting in meetings})
    return sum(
        _remind_of(session, clock, meeting, occasions[meeting.occasion_id], expected.get(meeting.id, []))
        for meeting in meetings
    )


def take_reminders_back(
    session: Session, clock: Clock, *, meetings: Iterable[Meeting], signups: Iterable[Signup]
) -> int:
    """Take reminders of these dates back that have not left yet; return how many."""
    families = {signup.participant.family_id for signup in signups}
    abouts = [_about(meeting, family_id) for meeting in meetings for family_id in families]
    return take_letters_back(session, clock, abouts=abouts)


def households_of(signups: Iterable[Signup]) -> list[list[Signup]]:
    """Return the sign-ups of each family together."""
    by_family: dict[int, list[Signup]] = {}
    for signup in signups:
        by_family.setdefault(signup.participant.family_id, []).append(signup)
    return list(by_family.values())


def links_of(
    session: Session, clock: Clock, *, occasion: Occasion, signups: Sequence[Signup]
) -> dict[int, str]:
    """Return a new secret for the page of each of these sign-ups, by its number."""
    numbers = [signup.id for signup in signups]
    lasts = until_the_end(occasion, clock())
    secrets = issue_links(session, clock, purpose=Purpose.SIGNUP, subject_ids=numbers, lasts=lasts)
    return dict(zip(numbers, secrets, strict=True))


def _remind_of(
    session: Session, clock: Clock, meeting: Meeting, occasion: Occasion, signups: Sequence[Signup]
) -> int:
    long_ago = clock() - _HEARD_OF_IT
    due = [
        theirs for theirs in households_of(signups) if any(signup.changed_at < long_ago for signup in theirs)
    ]
    set_committed_value(meeting, "occasion", occasion)
    secrets = links_of(
        session, clock, occasion=occasion, signups=[signup for theirs in due for signup in theirs]
    )
    for theirs in due:
        places = [
            {"signup": signup.id, "child": signup.participant.first_name, "secret": secrets[signup.id]}
            for signup in theirs
        ]
        facts = {"meetings": [meeting_facts(meeting)], "places": places}
        letter = _write(session, clock, meeting, theirs, {**_facts(occasion, theirs), **facts})
        text_too(session, clock, letter=letter, signups=theirs)
    return len(due)


def _facts(occasion: Occasion, signups: Sequence[Signup]) -> dict[str, Any]:
    return {
        **occasion_facts(occasion, signups[0].participant.family.language),
        "children": [signup.participant.first_name for signup in signups],
    }


def _write(
    session: Session, clock: Clock, meeting: Meeting, signups: Sequence[Signup], facts: dict[str, Any]
) -> Letter:
    family = signups[0].participant.family
    return write_letter(
        session,
        clock,
        # `coming` looks for this key.
        key=f"reminder:{meeting.id}:{meeting.sequence}:{family.id}",
        about=_about(meeting, family.id),
        template="reminder",
        address=address_of(family),
        language=family.language,
        facts=facts,
        policy=Policy.ONCE,
        library_id=meeting.occasion.activity.library_id,
    )


def _about(meeting: Meeting, family_id: int) -> str:
    return f"reminder:{meeting.id}:{family_id}"
