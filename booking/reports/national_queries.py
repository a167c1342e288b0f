"""A library's year for the national statistics: what was held, what it was called, and what is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText, Meeting
from booking.libraries.models import Library
from booking.libraries.queries import all_libraries
from booking.participation.figures import Period, Scope
from booking.participation.national_queries import meetings_held
from booking.reports.national import NationalYear, count_year
from booking.reports.national_form import NationalForm
from booking.reports.queries import unrecorded_in


@dataclass(frozen=True, kw_only=True)
class NationalReport:
    """The year of one library, for its own staff: the numbers, their meetings, and which are missing.

    `titles` are the texts of the activities that are still there; facts outlive them.
    """

    library: Library
    year: int
    counted: NationalYear
    titles: Mapping[int, Sequence[ActivityText]]
    missing: Sequence[Meeting]


def national_report(
    session: Session, *, library: Library, year: int, form: NationalForm, now: datetime
) -> NationalReport:
    """Return the year of this library, which must be one of the reader's own."""
    counted = count_year(form, meetings_held(session, library_id=library.id, year=year))
    scope = Scope(
        library_ids=[library.id],
        period=Period(first=date(year, 1, 1), last=date(year, 12, 31)),
        leaving_out=form.leaves_out_kinds,
    )
    return NationalReport(
        library=library,
        year=year,
        counted=counted,
        titles=_titles(session, {each.meeting.activity_id for each in counted.meetings}),
        missing=unrecorded_in(session, scope, now).missing,
    )


def own_library_or_first(
    session: Session, slug: str | None, *, library_ids: Collection[int]
) -> Library | None:
    """Return the library of that address if it is among these, without an address the first one of them."""
    own = [library for library in all_libraries(session) if library.id in library_ids]
    return next((library for library in own if slug in {None, "", library.slug}), None)


def _titles(session: Session, activity_ids: Collection[int]) -> Mapping[int, Sequence[ActivityText]]:
    found: dict[int, list[ActivityText]] = {}
    for text in session.scalars(select(ActivityText).where(ActivityText.activity_id.in_(activity_ids))):
        found.setdefault(text.activity_id, []).append(text)
    return found
