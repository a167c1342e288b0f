"""The rows of a parcel, written by one statement: they travel as a list that the database takes apart."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Executable,
    Integer,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from booking.attendance.arriving import Counted, Ticked
from booking.attendance.models import HeadcountMark, Mark
from booking.direct import Direct
from booking.lines import Line

# What each row says by itself, and as what PostgreSQL reads it; the instant has no zone, it is in UTC.
_OF_EACH: Final[Mapping[str, Any]] = {"event_id": String, "happened_at": DateTime}
_OF_TICKS: Final[Mapping[str, Any]] = {**_OF_EACH, "participant_id": Integer, "standing": String}
_OF_COUNTS: Final[Mapping[str, Any]] = {**_OF_EACH, "band": String, "delta": Integer}


class InCommon(NamedTuple):
    """What all rows of one parcel have in common."""

    meeting_id: int
    received_at: datetime
    device: str
    account_id: int
    late_for_id: int | None


def add_ticks(
    session: Session | Line, common: InCommon, rows: Sequence[Mapping[str, Any]]
) -> Collection[str]:
    """Keep those ticks that have not arrived before, and return their ids."""
    return _added(session, _TICKS, common, rows)


def add_counts(
    session: Session | Line, common: InCommon, rows: Sequence[Mapping[str, Any]]
) -> Collection[str]:
    """Keep those counts that have not arrived before, and return their ids."""
    return _added(session, _COUNTS, common, rows)


def tick_row(event: Ticked, happened_at: datetime) -> Mapping[str, Any]:
    """Return what the row of a tick says by itself."""
    return {
        "event_id": event.event_id,
        "happened_at": _as_text(happened_at),
        "participant_id": event.participant_id,
        "standing": event.standing.value,
    }


def count_row(event: Counted, happened_at: datetime) -> Mapping[str, Any]:
    """Return what the row of a count says by itself."""
    return {
        "event_id": event.event_id,
        "happened_at": _as_text(happened_at),
        "band": event.band.value,
        "delta": event.delta,
    }


def _as_text(instant: datetime) -> str:
    # As SQLite keeps an instant: to the microsecond, and without the zone that stands behind it.
    return instant.astimezone(UTC).isoformat(" ", "microseconds").removesuffix("+00:00")


def _added(
    session: Session | Line, keeping: Direct, common: InCommon, rows: Sequence[Mapping[str, Any]]
) -> Collection[str]:
    if not rows:
        return ()
    kept = keeping.within(session, rows=json.dumps(rows), **common._asdict())
    return [event_id for (event_id,) in kept]


def _keeping(database: str, table: type[Mark | HeadcountMark], of_each: Mapping[str, Any]) -> Executable:
    kept: Any = table.__table__
    source, values = (_by_postgresql if database == "postgresql" else _by_sqlite)(of_each)
    common = {name: bindparam(name, type_=kept.c[name].type) for name in InCommon._fields}
    # Without a condition SQLite takes ON CONFLICT for the one of a join.
    chosen = select(*values.values(), *common.values()).select_from(source).where(true())
    insert = (insert_postgresql if database == "postgresql" else insert_sqlite)(kept)
    filled = insert.from_select([*values, *common], chosen)
    return filled.on_conflict_do_nothing(index_elements=["event_id"]).returning(kept.c.event_id)


def _by_postgresql(of_each: Mapping[str, Any]) -> tuple[Any, dict[str, ColumnElement[Any]]]:
    told = cast(bindparam("rows", type_=String), JSON)
    columns = [column(name, kind) for name, kind in of_each.items()]
    each = func.json_to_recordset(told).table_valued(*columns).render_derived(with_types=True)
    values: dict[str, ColumnElement[Any]] = {name: each.c[name] for name in of_each}
    return each, {**values, "happened_at": func.timezone("UTC", each.c.happened_at)}


def _by_sqlite(of_each: Mapping[str, Any]) -> tuple[Any, dict[str, ColumnElement[Any]]]:
    each = func.json_each(bindparam("rows", type_=String)).table_valued("value")
    return each, {name: func.json_extract(each.c.value, literal_column(f"'$.{name}'")) for name in of_each}


_TICKS: Final = Direct(lambda database: _keeping(database, Mark, _OF_TICKS))
_COUNTS: Final = Direct(lambda database: _keeping(database, HeadcountMark, _OF_COUNTS))
