"""A library's own figures, exact, for any days and scope that its staff choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText, Meeting, Partnership
from booking.libraries.models import Library
from booking.participation.figures import Scope
from booking.participation.metric_queries import Measured, counts_by, measure_by_library
from booking.participation.missing_rules import nobody_has_a_name
from booking.participation.queries import meeting_counts_by_library
from booking.participation.tallies import Dimension, Measure
from booking.partners.models import Partner
from booking.reports.queries import unrecorded_in

Counts = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class OwnReport:
    """The exact figures of one library, for its own staff, and the meetings that are missing from them.

    `by` tells counts by a dimension's codes; `titles` are the texts of the library's activities.
    """

    library: Library
    scope: Scope
    measured: Measured
    by: Mapping[tuple[Measure, Dimension], Counts]
    titles: Mapping[int, Sequence[ActivityText]]
    missing: Sequence[Meeting]
    called_off: int

    @property
    def nobody_has_a_name(self) -> bool:
        """Whether all children and youth were counted at the door: who they were is missing then."""
        return nobody_has_a_name(self.measured.tallies)


_TOLD: Final[tuple[tuple[Measure, Dimension], ...]] = (
    (Measure.ATTENDANCES, Dimension.WEEK),
    (Measure.SESSIONS, Dimension.WEEK),
    (Measure.SESSIONS, Dimension.ACTIVITY),
    (Measure.ATTENDANCES, Dimension.ACTIVITY),
    (Measure.NAMED_ATTENDANCES, Dimension.ACTIVITY),
    (Measure.UNIQUE, Dimension.ACTIVITY),
    (Measure.ATTENDANCES, Dimension.AGE_BAND),
    (Measure.NAMED_ATTENDANCES, Dimension.AGE_BAND),
    (Measure.UNIQUE, Dimension.AGE_BAND),
)


def own_report(session: Session, *, library: Library, scope: Scope, now: datetime) -> OwnReport:
    """Return the figures of this library, which must be one of the reader's own."""
    whole = replace(scope, activity_ids=None, kinds=None, partner_sectors=None)
    unrecorded = unrecorded_in(session, whole, now)
    happened = meeting_counts_by_library(session, scope=scope)[library.id]
    return OwnReport(
        library=library,
        scope=scope,
        measured=measure_by_library(session, scope=scope)[library.id],
        by={told: _counts(session, scope, *told) for told in _TOLD},
        titles=activity_texts(session, library_id=library.id),
        missing=_inside(session, scope, unrecorded.missing),
        called_off=happened.did_not_happen + len(_inside(session, scope, unrecorded.called_off)),
    )


def activity_texts(session: Session, *, library_id: int) -> Mapping[int, Sequence[ActivityText]]:
    """Return the texts of a library's activities, by the activity."""
    found: dict[int, list[ActivityText]] = {}
    texts = session.scalars(
        select(ActivityText)
        .join(ActivityText.activity)
        .where(Activity.library_id == library_id)
        .order_by(ActivityText.activity_id)
    )
    for text in texts:
        found.setdefault(text.activity_id, []).append(text)
    return found


def _counts(session: Session, scope: Scope, measure: Measure, by: Dimension) -> Counts:
    return {
        key[0]: number for key, number in counts_by(session, scope=scope, by=(by,), measure=measure).items()
    }


def _inside(session: Session, scope: Scope, meetings: Sequence[Meeting]) -> Sequence[Meeting]:
    """Leave out the meetings that the chosen activity, kind or sector is not about."""
    with_partner = _of_sector(session, scope)
    return [
        meeting
        for meeting in meetings
        for activity in (meeting.occasion.activity,)
        if (scope.activity_ids is None or activity.id in scope.activity_ids)
        and (scope.kinds is None or activity.kind in scope.kinds)
        and (with_partner is None or activity.id in with_partner)
    ]


def _of_sector(session: Session, scope: Scope) -> frozenset[int] | None:
    if scope.partner_sectors is None:
        return None
    wanted = (
        select(Partnership.activity_id)
        .join(Partnership.partner)
        .where(Partner.sector.in_(scope.partner_sectors))
    )
    return frozenset(session.scalars(wanted))
