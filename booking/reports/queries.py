"""Putting the figures of libraries together for a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import list_libraries, meetings_between
from booking.activities.rules import MeetingState
from booking.clock import instant_at
from booking.libraries.models import Library
from booking.participation.figures import Figures, Period, Scope
from booking.participation.queries import (
    figures_by_library,
    meeting_counts_by_library,
    recorded_uids,
)
from booking.reports.rules import LEFT_OUT, SafeMeetings


@dataclass(frozen=True, kw_only=True)
class OwnFigures:
    """The exact figures of one library, for its own staff, and the meetings that are missing from them."""

    library: Library
    figures: Figures
    meetings: SafeMeetings
    missing: Sequence[Meeting]


@dataclass(frozen=True, kw_only=True)
class Unrecorded:
    """Meetings without facts: called off, or over and not yet recorded."""

    called_off: Sequence[Meeting]
    missing: Sequence[Meeting]


def own_figures(
    session: Session, *, library_ids: Collection[int], period: Period, now: datetime
) -> Sequence[OwnFigures]:
    """Return the exact figures of these libraries, which are the reader's own."""
    scope = Scope(library_ids=library_ids, period=period, leaving_out=LEFT_OUT)
    figures = figures_by_library(session, scope=scope)
    unrecorded = unrecorded_in(session, scope, now)
    meetings = _safe_meetings(session, scope, unrecorded)
    return [
        OwnFigures(
            library=library,
            figures=figures[library.id],
            meetings=meetings[library.id],
            missing=_at(library.id, unrecorded.missing),
        )
        for library in list_libraries(session)
        if library.id in library_ids
    ]


def _safe_meetings(session: Session, scope: Scope, unrecorded: Unrecorded) -> Mapping[int, SafeMeetings]:
    return {
        library_id: SafeMeetings(
            held=count.held,
            called_off=count.did_not_happen + len(_at(library_id, unrecorded.called_off)),
            not_recorded=len(_at(library_id, unrecorded.missing)),
        )
        for library_id, count in meeting_counts_by_library(session, scope=scope).items()
    }


def unrecorded_in(session: Session, scope: Scope, now: datetime) -> Unrecorded:
    """Return the meetings of the scope that have left no facts, the first one first."""
    recorded = recorded_uids(session, scope=scope)
    others = [meeting for meeting in _announced(session, scope) if meeting.uid not in recorded]
    called_off = [meeting for meeting in others if meeting.state is MeetingState.CALLED_OFF]
    missing = [meeting for meeting in others if meeting not in called_off and meeting.ends_at <= now]
    return Unrecorded(called_off=called_off, missing=missing)


def _announced(session: Session, scope: Scope) -> Sequence[Meeting]:
    first, last = scope.period.first, scope.period.last
    meetings = meetings_between(
        session,
        library_ids=scope.library_ids,
        starts=instant_at(first, time(0)),
        ends=instant_at(last + timedelta(days=1), time(0)),
    )
    return [meeting for meeting in meetings if meeting.occasion.activity.kind not in scope.leaving_out]


def _at(library_id: int, meetings: Sequence[Meeting]) -> Sequence[Meeting]:
    return [meeting for meeting in meetings if meeting.occasion.activity.library_id == library_id]
