"""Which meetings a unit of work may have changed for those who see them: noted while it is written down."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, event, inspect, or_, true
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.libraries.models import Library

_TOUCHED: Final = "meetings_touched"
# Which row goes on which heap, and by which of its numbers.
_NOTED: Final = (
    (Meeting, "meetings", "id"),
    (Occasion, "occasions", "id"),
    (Activity, "activities", "id"),
    (ActivityText, "activities", "activity_id"),
    (Library, "libraries", "id"),
)
_TABLES: Final = frozenset(kind.__tablename__ for kind, _heap, _number in _NOTED)


@dataclass
class Touched:
    """The numbers of what was written, by what it is; `all` when a statement changed nobody knows which."""

    meetings: set[int] = field(default_factory=set)
    occasions: set[int] = field(default_factory=set)
    activities: set[int] = field(default_factory=set)
    libraries: set[int] = field(default_factory=set)
    all: bool = False

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that a meeting hangs on something that was written."""
        if self.all:
            return true()
        return or_(
            Meeting.id.in_(self.meetings),
            Meeting.occasion_id.in_(self.occasions),
            Occasion.activity_id.in_(self.activities),
            Activity.library_id.in_(self.libraries),
        )


def take_touched(session: Session) -> Touched | None:
    """Write down what waits; return what was touched since this was last asked, or nothing."""
    session.flush()
    found: Touched | None = session.info.pop(_TOUCHED, None)
    return found


def _touched(session: Session) -> Touched:
    found: Touched = session.info.setdefault(_TOUCHED, Touched())
    return found


@event.listens_for(Session, "after_flush")
def _note_rows(session: Session, _context: UOWTransaction) -> None:
    for row in _changed(session):
        for kind, heap, number in _NOTED:
            if isinstance(row, kind):
                getattr(_touched(session), heap).add(getattr(row, number))


def _changed(session: Session) -> Iterable[object]:
    yield from session.new
    # What goes takes its words along; a meeting that goes itself is in no calendar any more.
    yield from (row for row in session.deleted if isinstance(row, ActivityText))
    yield from (row for row in session.dirty if _has_new_values(row))


def _has_new_values(row: object) -> bool:
    about = inspect(row, raiseerr=False)
    return about is not None and any(
        about.attrs[column.key].history.has_changes() for column in about.mapper.column_attrs
    )


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    # A statement about many rows passes by the rows that a session knows.
    said: Any = getattr(state.statement, "table", None)
    if (state.is_insert or state.is_update or state.is_delete) and getattr(said, "name", "") in _TABLES:
        _touched(state.session).all = True
