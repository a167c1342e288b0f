"""New rows, written at once: those of a kind in one statement, and no bookkeeping of what may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Insert, Table, insert, inspect
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import ClassManager, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.util import identity_key

from booking.db import Base
from booking.lines import line_of
from booking.prepared import Prepared, hole
from booking.revision import note_shown, shows

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class _Kind:
    """How rows of a table are written: columns by their attributes, and what stands if nothing is said."""

    table: Table
    manager: ClassManager[Any]
    all: Sequence[str]
    columns: Mapping[str, str]
    unsaid: Mapping[str, Any]
    is_shown: bool
    given: Mapping[str, BindParameter[Any]]
    one: Prepared
    many: Insert


def fresh(model: type[Row], **told: object) -> Row:
    """Return a new row of these values, for `store`; what is not told stands as the table says.

    The ORM notes each value that its own constructor is given, as one that may have to be written.
    """
    kind = _kind_of(model)
    values = {**kind.unsaid, **told}
    if len(values) != len(kind.unsaid):
        message = f"a {model.__tablename__} has no such column"
        raise TypeError(message)
    row: Row = _made(kind, values)
    return row


def store(session: Session, rows: Sequence[Base], *, is_followed: bool = False) -> None:
    """Write the new rows in their order and give them their numbers; all are of one table.

    They are for reading: what is set on them later is not written, unless they are followed. Give them the
    numbers of other rows, as what stands behind a relationship is not looked at.
    """
    if not rows:
        return
    kind = _kind_of(type(rows[0]))
    told = [_told(kind, row) for row in rows]
    for row, number in zip(rows, _written(session, kind, told), strict=True):
        _take_in(session, row, number, is_followed=is_followed)


def store_once(session: Session, row: Base, *, key: str, is_followed: bool = False) -> bool:
    """Write the new row as `store` does, unless there is one of the same key; tell whether it was written."""
    kind = _kind_of(type(row))
    session.flush()
    once = _once(type(row), key, line_of(session).dialect.name)
    written = once.row(session, _told(kind, row))
    if written is None:
        return False
    if kind.is_shown:
        note_shown(session, kind.table)
    _take_in(session, row, written[0], is_followed=is_followed)
    return True


def note(session: Session, model: type[Base], told: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write new rows of a kind that nobody reads in this unit of work; return their numbers in their order.

    What is not told stands as the table says.
    """
    if not told:
        return []
    kind = _kind_of(model)
    whole = [{**kind.unsaid, **row} for row in told]
    if any(len(row) != len(kind.unsaid) for row in whole):
        message = f"a {model.__tablename__} has no such column"
        raise TypeError(message)
    return list(_written(session, kind, whole))


def unsaid(table: Table) -> dict[str, Any]:
    """Return what stands in the table's columns where nothing is said, by their names."""
    return {
        column.name: getattr(column.default, "arg", None) for column in table.c if column.default is not None
    }


def adopt(session: Session, model: type[Row], told: Sequence[Any], *, is_news: bool = True) -> Row:
    """Return the row that the database told of, all its columns, as the session follows it from now on.

    A row that it followed before hears what is told, or is left as it is if that is no news.
    """
    values = dict(zip(_kind_of(model).all, told, strict=True))
    key = identity_key(model, values["id"])
    known = session.identity_map.get(key)
    if isinstance(known, model):
        for name, value in values.items() if is_news else ():
            set_committed_value(known, name, value)
        return known
    row: Row = _made(_kind_of(model), values)
    _follow(session, row, key)
    return row


def read_apart(model: type[Row], told: Sequence[Any]) -> Row:
    """Return the row that the database told of, all its columns, for reading only: no session knows of it."""
    kind = _kind_of(model)
    row: Row = _made(kind, dict(zip(kind.all, told, strict=True)))
    return row


def _made(kind: _Kind, values: Mapping[str, object]) -> Any:  # noqa: ANN401 – a row of this kind
    row = kind.manager.new_instance()
    # Nothing was set on it yet: its values can be put in as they are, without each being looked at.
    vars(row).update(values)
    return row


def _follow(session: Session, row: Base, key: Any) -> None:  # noqa: ANN401 – SQLAlchemy's own
    # As SQLAlchemy does with what it has loaded. `Session.add` looks for all that hangs on the row as well.
    state = instance_state(row)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)


def _take_in(session: Session, row: Base, number: int, *, is_followed: bool) -> None:
    set_committed_value(row, "id", number)
    if is_followed:
        make_transient_to_detached(row)
        _follow(session, row, identity_key(type(row), number))


@cache
def _once(model: type[Base], key: str, dialect: str) -> Prepared:
    kind = _kind_of(model)
    new = (insert_postgresql if dialect == "postgresql" else insert_sqlite)(kind.table)
    once = new.values(kind.given).on_conflict_do_nothing(index_elements=[kind.table.c[kind.columns[key]]])
    return Prepared(once.returning(kind.table.c.id))


def _told(kind: _Kind, row: Base) -> dict[str, Any]:
    said = vars(row)
    for name, value in kind.unsaid.items():
        if name not in said:
            set_committed_value(row, name, value)
    return {name: said[name] for name in kind.columns}


def _written(session: Session, kind: _Kind, told: list[dict[str, Any]]) -> Sequence[int]:
    # What waits to be written comes first: these rows may point at it.
    session.flush()
    if kind.is_shown:
        note_shown(session, kind.table)
    if len(told) == 1:
        return [number for (number,) in kind.one.rows(session, told[0])]
    by_column = [{column: row[name] for name, column in kind.columns.items()} for row in told]
    return list(session.connection().execute(kind.many, by_column).scalars())


@cache
def _kind_of(model: type[Base]) -> _Kind:
    table, mapper = Base.metadata.tables[model.__tablename__], inspect(model)
    columns = {each.key: each.columns[0].name for each in mapper.column_attrs if each.key != "id"}
    stands = unsaid(table)
    nothing = {key: stands.get(name) for key, name in columns.items()}
    given = {name: hole(key, table.c[name]) for key, name in columns.items()}
    return _Kind(
        table=table,
        manager=mapper.class_manager,
        all=[mapper.get_property_by_column(column).key for column in table.c],
        columns=columns,
        unsaid=nothing,
        is_shown=shows(table),
        given=given,
        one=Prepared(insert(table).values(given).returning(table.c.id)),
        many=insert(table).returning(table.c.id, sort_by_parameter_order=True),
    )
