"""Reading the months of a scope: its meetings and visits as columns of numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from booking.direct import Direct, as_one_parameter, is_among
from booking.lines import line_of
from booking.participation.figures import Scope
from booking.participation.meeting_columns import Flags, MeetingColumns, begins, picked
from booking.participation.models import MonthFact
from booking.participation.months import Numbers, month_number

# What is read besides the meetings themselves, where it is asked for.
NUMBERS: Final = ("counted",)
VISITS: Final = ("visitors", "visits")
BANDS: Final = (*VISITS, "bands")
FIRSTS: Final = (*VISITS, "firsts")
ADULTS: Final = ("adults",)
EVERYTHING: Final = (*NUMBERS, *BANDS, "firsts")

_ALWAYS: Final = (
    "library_id",
    "month",
    "size",
    "visitor_count",
    "first_count",
    "adult_count",
    "kinds",
    "partner_sets",
    "person_words",
    "meetings",
)


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Visits of children and youth with a name: each one's meeting, by its place, and visitor.

    The numbers of visitors mean nothing beyond the answer that they are in.
    """

    meeting: Numbers
    visitor: Numbers


class Months(MeetingColumns):
    """Meetings of a scope and the visits to them, which stand in the order of the meetings."""

    @cached_property
    def visits(self) -> Visits:
        """The visits to the meetings that were held."""
        people = self.unpacked("visitors", self.each("visitor_count"))[0]
        # Small numbers, as they are used as places.
        people -= people.min() if len(people) else 0
        offsets = np.repeat(begins(self.each("visitor_count")), self._visit_counts)
        visit = picked(self.unpacked("visits", self._visit_counts)[0] + offsets, self._is_visit)
        named = self.meetings["named"]
        return Visits(meeting=np.repeat(np.arange(len(named)), named), visitor=people[visit])

    @cached_property
    def told(self) -> Numbers:
        """What was told of the person at each visit."""
        sizes = self._visit_counts
        bands = self.placed("person_words", self.unpacked("bands", sizes)[0], sizes)
        return picked(bands, self._is_visit)

    @cached_property
    def is_first(self) -> Flags:
        """Whether each visit was the first one ever of its visitor."""
        firsts = self.unpacked("firsts", self.each("first_count"))[0]
        flags = np.zeros(len(self._is_visit), dtype=np.bool_)
        flags[firsts + np.repeat(begins(self._visit_counts), self.each("first_count"))] = True
        return flags[self._is_visit]

    @cached_property
    def adults(self) -> tuple[Numbers, Numbers]:
        """Grown-ups with a name who came: the meeting of each, by its place, and what was told."""
        sizes = self.each("adult_count")
        meeting, told = self.unpacked("adults", sizes, rows=2)
        meeting = self.places[meeting + np.repeat(begins(self.sizes), sizes)]
        told = self.placed("person_words", told, sizes)
        return meeting[meeting >= 0], told[meeting >= 0]

    @cached_property
    def library_of(self) -> Numbers:
        """The library of each visitor, by its number; nought where that is nobody's number."""
        libraries = np.zeros(int(self.visits.visitor.max(initial=-1)) + 1, dtype=np.int64)
        libraries[self.visits.visitor] = self.meetings["library_id"][self.visits.meeting]
        return libraries

    @cached_property
    def visitors(self) -> Numbers:
        """Everybody who came, by number."""
        return np.flatnonzero(self.library_of)

    @cached_property
    def first_visit(self) -> Numbers:
        """The place of each visitor's first visit in the scope."""
        places = np.full(len(self.library_of), len(self.visits.visitor))
        np.minimum.at(places, self.visits.visitor, np.arange(len(self.visits.visitor)))
        return places

    @cached_property
    def last_visit(self) -> Numbers:
        """The place of each visitor's last visit in the scope."""
        places = np.zeros(len(self.library_of), dtype=np.int64)
        np.maximum.at(places, self.visits.visitor, np.arange(len(self.visits.visitor)))
        return places

    @cached_property
    def last_told(self) -> Numbers:
        """What was told of each visitor when it last came in the scope."""
        return self.told[self.last_visit] if len(self.told) else self.last_visit

    @cached_property
    def _visit_counts(self) -> Numbers:
        named = np.concatenate([[0], np.cumsum(self.all_meetings["named"])])
        ends = np.cumsum(self.sizes)
        counts: Numbers = named[ends] - named[ends - self.sizes]
        return counts

    @cached_property
    def _is_visit(self) -> Flags:
        return np.repeat(self.is_held, self.all_meetings["named"])


def read_months(session: Session, *, scope: Scope, columns: Collection[str] = ()) -> Months:
    """Return the months of the scope, with these columns beside those of the meetings."""
    # In one question: between two of them somebody may close a register.
    names = (*_ALWAYS, *dict.fromkeys(columns))
    line = line_of(session)
    rows = _asking(names).within(
        line,
        libraries=as_one_parameter(line.dialect.name, scope.library_ids),
        first=month_number(scope.period.first),
        last=month_number(scope.period.last),
    )
    return Months(scope=scope, parts=dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else {})


@cache
def _asking(names: Sequence[str]) -> Direct:
    # Most of it is bytes, which are packed anew by SQLAlchemy's rows and by PostgreSQL's words.
    def asked(database: str) -> Select[*tuple[Any, ...]]:
        return (
            select(*(getattr(MonthFact, name) for name in names))
            .where(
                is_among(database, MonthFact.library_id, "libraries"),
                MonthFact.month.between(bindparam("first"), bindparam("last")),
            )
            .order_by(MonthFact.library_id, MonthFact.month)
        )

    return Direct(asked, in_bytes=True)
