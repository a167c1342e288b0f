"""Adding up meetings: what each of them already tells, and the organisations that had a part."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.orm import Session

from booking.participation.figures import Scope
from booking.participation.models import MeetingFact, PartnerFact, Visitor
from booking.participation.reckoning import sectors_text
from booking.participation.rules import OWN_SECTOR
from booking.participation.visits import held_in

_PRESENT: Final = MeetingFact.named + MeetingFact.named_adults + MeetingFact.anonymous
_OTHER_SECTOR: Final = MeetingFact.partner_sectors.not_in(["", sectors_text({OWN_SECTOR})])

# What meetings add up to, by the names of the tallies.
SUMS: Final[Mapping[str, ColumnElement[Any]]] = {
    "sessions": func.count(),
    "named_attendances": func.sum(MeetingFact.named),
    "anonymous_attendances": func.sum(MeetingFact.anonymous),
    "adults": func.sum(MeetingFact.named_adults + MeetingFact.companions),
    "contact_seconds": func.sum(MeetingFact.seconds * (MeetingFact.named + MeetingFact.anonymous)),
    "named_seconds": func.sum(MeetingFact.seconds * MeetingFact.named),
    "booked": func.sum(MeetingFact.booked),
    "no_shows": func.sum(MeetingFact.no_shows),
    "late_cancellations": func.sum(MeetingFact.late_cancellations),
    "present_at_places": func.sum(case((MeetingFact.capacity.is_not(None), _PRESENT), else_=0)),
    "places": func.sum(func.coalesce(MeetingFact.capacity, 0)),
    "waited": func.sum(MeetingFact.queued + MeetingFact.waited_in_vain),
    "offered_and_came": func.sum(MeetingFact.offered_and_came),
    "asked": func.sum(MeetingFact.asked),
    "permitted": func.sum(MeetingFact.permitted),
    "permitted_and_came": func.sum(MeetingFact.permitted_and_came),
    "with_other_sector": func.sum(case((_OTHER_SECTOR, 1), else_=0)),
}


def meeting_tallies(session: Session, *, scope: Scope) -> Mapping[int, Mapping[str, int]]:
    """Return what the meetings of each library add up to; a library without any is left out."""
    columns = [column.label(name) for name, column in SUMS.items()]
    rows = session.execute(
        select(MeetingFact.library_id, *columns).where(*held_in(scope)).group_by(MeetingFact.library_id)
    )
    return {row.library_id: {name: int(getattr(row, name)) for name in SUMS} for row in rows}


def new_tallies(session: Session, *, scope: Scope) -> Mapping[int, Mapping[str, int]]:
    """Return how many came for the first time ever to a meeting of the scope, by library."""
    rows = session.execute(
        select(MeetingFact.library_id, func.count())
        .join(Visitor, Visitor.first_fact_id == MeetingFact.id)
        .where(*held_in(scope))
        .group_by(MeetingFact.library_id)
    )
    return {row[0]: {"new": int(row[1])} for row in rows}


def partners_by_sector(session: Session, *, scope: Scope) -> Mapping[str, int]:
    """Return how many organisations of each sector had a part in meetings of the scope."""
    rows = session.execute(
        select(PartnerFact.sector, func.count(distinct(PartnerFact.partner_id)))
        .join(MeetingFact, MeetingFact.id == PartnerFact.meeting_fact_id)
        .where(*held_in(scope))
        .group_by(PartnerFact.sector)
        .order_by(PartnerFact.sector)
    )
    return {row[0]: int(row[1]) for row in rows}
