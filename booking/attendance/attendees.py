"""Who stands in a register: everyone who asked for a place, and everyone who just came."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.activities.models import Meeting
from booking.attendance.booked import Group, Span, Step, group_of
from booking.attendance.rules import FoldedMarks, Standing
from booking.people.models import Participant
from booking.signups.models import Signup


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person in a register: who it is, what their sign-ups were, and what the ticks say."""

    participant: Participant
    histories: Sequence[Sequence[Step]]
    standing: Standing
    is_contradicted: bool
    group: Group | None


def attendees_of(
    meeting: Meeting,
    *,
    signups: Iterable[Signup],
    walked_in: Iterable[Participant],
    folded: FoldedMarks,
    now: datetime,
) -> Sequence[Attendee]:
    """Return everybody in the register of a meeting once: who asked for a place first, then who just came."""
    by_participant: dict[int, list[Signup]] = defaultdict(list)
    for signup in signups:
        by_participant[signup.participant_id].append(signup)
    return [
        *(_attendee(several, meeting, folded, now) for several in by_participant.values()),
        *(_just_came(each, folded) for each in walked_in if each.id not in by_participant),
    ]


def span_of(meeting: Meeting) -> Span:
    """Return the instants that decide what a booking of the meeting was."""
    minutes = meeting.occasion.cancel_deadline_minutes
    return Span(
        deadline_at=meeting.starts_at - timedelta(minutes=minutes),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )


def _attendee(signups: Sequence[Signup], meeting: Meeting, folded: FoldedMarks, now: datetime) -> Attendee:
    participant = signups[0].participant
    histories = [_history(signup) for signup in signups]
    is_marked = participant.id in folded.standings
    return Attendee(
        participant=participant,
        histories=histories,
        standing=folded.standing_of(participant.id),
        is_contradicted=participant.id in folded.contradicted,
        group=group_of(histories, span_of(meeting), now=now, is_marked=is_marked),
    )


def _just_came(participant: Participant, folded: FoldedMarks) -> Attendee:
    return Attendee(
        participant=participant,
        histories=(),
        standing=folded.standing_of(participant.id),
        is_contradicted=participant.id in folded.contradicted,
        group=Group.WALK_IN,
    )


def _history(signup: Signup) -> list[Step]:
    steps = [Step(at=move.at, state=move.to_state) for move in signup.moves]
    # Where it stands now is the last word, whatever its history says.
    if not steps or steps[-1].state is not signup.state:
        steps.append(Step(at=signup.changed_at, state=signup.state))
    return steps
