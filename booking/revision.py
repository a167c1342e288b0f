"""The catalogue's revision: another one whenever something changed that the public pages show."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import CheckConstraint, String, Table, event, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from booking.db import Base
from booking.direct import direct_reader
from booking.prepared import Prepared, hole
from booking.tokens import new_uid

_CHANGED: Final = "catalogue_changed"
_PROGRAMME_CHANGED: Final = "programme_changed"


class Catalogue(Base):
    """The one row that says which revision of the catalogue this database holds.

    `programme` stays the same while children sign up: it is another one only when more changed than how many
    places are taken. Neither is a number that grows: after a backup was put back, a number would come round
    again, and a page that was kept from before would be taken for the new one.

    `lineage` names this database and all copies of it, `raised_at` is when it last told calendars of a
    change: by these an older copy that was put back is known (`witness`).
    """

    __tablename__ = "catalogue"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(String(36))
    programme: Mapped[str] = mapped_column(String(36))
    lineage: Mapped[str] = mapped_column(String(36), default="")
    raised_at: Mapped[datetime | None]


_NOW: Final = hole("now", Catalogue.revision)
_NEW_REVISION: Final = Prepared(update(Catalogue).values(revision=_NOW))
_NEW_PROGRAMME: Final = Prepared(update(Catalogue).values(revision=_NOW, programme=_NOW))


def shows(thing: object) -> bool:
    """Tell whether a table, or a column, stands on public pages: it says so itself by `info=SHOWN`."""
    return bool(getattr(thing, "info", {}).get("shown"))


def is_counted(table: Table) -> bool:
    """Tell whether pages only show how many rows of the table stand how: it says so by `info=COUNTED`."""
    return bool(table.info.get("counted"))


def note_shown(session: Session, table: Table | None) -> None:
    """Note that this session changed what public pages show of the table; of any, when it is none."""
    session.info[_CHANGED] = True
    if table is None or not is_counted(table):
        session.info[_PROGRAMME_CHANGED] = True


def has_changed_programme(session: Session) -> bool:
    """Tell whether this session has changed more than how many places are taken, and not kept it yet."""
    return bool(session.info.get(_PROGRAMME_CHANGED))


def raise_if_changed(session: Session) -> None:
    """Give the catalogue a new revision if this session changed what public pages show.

    Last in a unit of work: on PostgreSQL the row is locked from here to the commit, and no longer.
    """
    session.flush()
    if not session.info.pop(_CHANGED, False):
        return
    is_programme = session.info.pop(_PROGRAMME_CHANGED, False)
    (_NEW_PROGRAMME if is_programme else _NEW_REVISION).write(session, {"now": new_uid()})


def revision_reader(engine: Engine) -> Callable[[], str | None]:
    """Return what reads the revision, as cheaply as the database can tell it."""
    ask = direct_reader(engine, select(Catalogue.revision))

    def read() -> str | None:
        row = ask()
        return row[0] if row else None

    return read


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: UOWTransaction) -> None:
    for row in (*session.new, *session.dirty):
        if _is_shown_change(row):
            note_shown(session, inspect(row).mapper.local_table)
    for row in session.deleted:
        if any(_takes_along(table) for table in inspect(row).mapper.tables):
            note_shown(session, inspect(row).mapper.local_table)


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    # A statement about many rows passes by the rows that a session knows.
    if state.is_insert or state.is_update or state.is_delete:
        said: Any = getattr(state.statement, "table", None)
        # A statement may carry a copy of the table with marks of its own.
        table = Base.metadata.tables.get(getattr(said, "name", ""))
        if table is None or shows(table) or (state.is_delete and _takes_along(table)):
            note_shown(state.session, table)


@cache
def _takes_along(table: Table) -> bool:
    """Tell whether a row that goes from the table takes rows along that public pages show.

    The database deletes by itself what hangs on a row (ON DELETE CASCADE), and a session never hears of it.
    """
    hanging = [
        child
        for child in table.metadata.tables.values()
        for key in child.foreign_keys
        if key.ondelete == "CASCADE" and key.column.table is table
    ]
    return shows(table) or any(_takes_along(child) for child in hanging if child is not table)


def _is_shown_change(row: object) -> bool:
    about = inspect(row, raiseerr=False)
    if about is None:
        return False
    if any(shows(table) for table in about.mapper.tables):
        return True
    columns = about.mapper.column_attrs
    return any(shows(each.columns[0]) and about.attrs[each.key].history.has_changes() for each in columns)
