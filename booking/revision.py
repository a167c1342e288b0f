"""The catalogue's revision: another one whenever something changed that the public pages show."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from sqlalchemy import CheckConstraint, String, Table, event, inspect, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column

from booking.db import Base
from booking.tokens import new_uid

_CHANGED: Final = "catalogue_changed"


class Catalogue(Base):
    """The one row that says which revision of the catalogue this database holds.

    It is no number that grows: after a backup was put back, a number would come round again, and a page
    that was kept from before would be taken for the new one.
    """

    __tablename__ = "catalogue"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[str] = mapped_column(String(36))


def shows(thing: object) -> bool:
    """Tell whether a table, or a column, stands on public pages: it says so itself by `info=SHOWN`."""
    return bool(getattr(thing, "info", {}).get("shown"))


def raise_if_changed(session: Session) -> None:
    """Give the catalogue a new revision if this session changed what public pages show.

    Last in a unit of work: on PostgreSQL the row is locked from here to the commit, and no longer.
    """
    session.flush()
    if session.info.pop(_CHANGED, False):
        session.execute(update(Catalogue).values(revision=new_uid()))


def revision_reader(engine: Engine) -> Callable[[], str | None]:
    """Return what reads the revision, as cheaply as the database can tell it."""
    statement = str(select(Catalogue.revision).compile(engine))

    def read() -> str | None:
        # Without SQLAlchemy's own transaction: this is asked for every page, and asks one thing.
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            row = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()
        return row[0] if row else None

    return read


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: UOWTransaction) -> None:
    changed = any(_is_shown_change(row) for row in (*session.new, *session.dirty))
    if changed or any(_takes_along(table) for row in session.deleted for table in inspect(row).mapper.tables):
        session.info[_CHANGED] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    # A statement about many rows passes by the rows that a session knows.
    if state.is_insert or state.is_update or state.is_delete:
        said: Any = getattr(state.statement, "table", None)
        # A statement may carry a copy of the table with marks of its own.
        table = Base.metadata.tables.get(getattr(said, "name", ""))
        if table is None or shows(table) or (state.is_delete and _takes_along(table)):
            state.session.info[_CHANGED] = True


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
