"""New rows, written at once: those of a kind in one statement, and no bookkeeping of what may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Table, insert, inspect
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from booking.db import Base
from booking.revision import note_shown, shows

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class _Kind:
    """How rows of a table are written: columns by their attributes, and what stands if nothing is said."""

    table: Table
    columns: Mapping[str, str]
    unsaid: Mapping[str, Any]
    one: Insert
    many: Insert


def store(session: Session, rows: Sequence[Base], *, is_followed: bool = False) -> None:
    """Write the new rows in their order and give them their numbers; all are of one table.

    They are for reading: what is set on them later is not written, unless they are followed. Give them the
    numbers of other rows, as what stands behind a relationship is not looked at.
    """
    if not rows:
        return
    # What waits to be written comes first: these rows may point at it.
    session.flush()
    kind = _kind_of(type(rows[0]))
    told = [_told(kind, row) for row in rows]
    for row, number in zip(rows, _written(session, kind, told), strict=True):
        set_committed_value(row, "id", number)
        if is_followed:
            make_transient_to_detached(row)
            session.add(row)
    if shows(kind.table):
        note_shown(session, kind.table)


def adopt(session: Session, model: type[Row], told: Mapping[Any, Any]) -> Row:
    """Return the row that the database told of, all its columns, as the session follows it from now on."""
    known = session.identity_map.get(identity_key(model, told["id"]))
    row = known if isinstance(known, model) else model()
    for name, value in told.items():
        set_committed_value(row, name, value)
    if row is not known:
        make_transient_to_detached(row)
        session.add(row)
    return row


def _told(kind: _Kind, row: Base) -> dict[str, Any]:
    said = vars(row)
    for name, value in kind.unsaid.items():
        if name not in said:
            set_committed_value(row, name, value)
    return {column: said[name] for name, column in kind.columns.items()}


def _written(session: Session, kind: _Kind, told: list[dict[str, Any]]) -> Sequence[int]:
    connection = session.connection()
    if len(told) == 1:
        number = connection.execute(kind.one, told[0]).inserted_primary_key
        return [number[0] if number else 0]
    return list(connection.execute(kind.many, told).scalars())


@cache
def _kind_of(model: type[Base]) -> _Kind:
    mapper = inspect(model)
    table = Base.metadata.tables[model.__tablename__]
    columns = {each.key: each.columns[0].name for each in mapper.column_attrs if each.key != "id"}
    unsaid = {key: getattr(table.c[name].default, "arg", None) for key, name in columns.items()}
    one = insert(table)
    return _Kind(table, columns, unsaid, one, one.returning(table.c.id, sort_by_parameter_order=True))
