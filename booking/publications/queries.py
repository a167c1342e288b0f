"""Reading what was published: the only way to a count of persons outside a library's own pages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.publications.models import Publication, PublishedCell
from booking.publications.shown import HIDDEN, MISSING, CellState, Shown, number
from booking.publications.tables import ALL, ELSEWHERE, PublishedTable, Table


def publications(session: Session, *, period: Period | None = None) -> Sequence[Publication]:
    """Return every publication, the newest first; of one half-year, or of all."""
    statement = select(Publication).order_by(Publication.first_on.desc(), Publication.through_on.desc())
    if period is not None:
        statement = statement.where(Publication.first_on == period.first)
    return session.scalars(statement).all()


def published_periods(session: Session) -> Sequence[Period]:
    """Return the half-years that have figures outside, the newest first."""
    rows = session.execute(select(Publication.first_on, Publication.last_on).distinct())
    found = sorted(((row.first_on, row.last_on) for row in rows), reverse=True)
    return [Period(first=first, last=last) for first, last in found]


def published_tables(
    session: Session, *, period: Period, through_on: date | None = None
) -> Mapping[Table, PublishedTable]:
    """Return the tables of a half-year as they are known now, or as they were told through a day.

    There are none when nothing was published of it.
    """
    known = {
        publication.id: publication
        for publication in publications(session, period=period)
        if through_on is None or publication.through_on <= through_on
    }
    rows = session.scalars(
        select(PublishedCell)
        .where(PublishedCell.publication_id.in_(known))
        .order_by(PublishedCell.publication_id)
    )
    found: dict[Table, list[PublishedCell]] = {}
    for cell in rows:
        found.setdefault(cell.table_code, []).append(cell)
    return {code: _table(code, found[code], known) for code in Table if code in found}


def words_gone(session: Session, *, period: Period) -> Sequence[str]:
    """Return the words in addresses that figures of the half-year stand under, and that no library has now.

    While there are any, nothing more of the half-year is let out: it would be told twice.
    """
    rows = session.scalars(
        select(PublishedCell.row_code)
        .distinct()
        .join(Publication, Publication.id == PublishedCell.publication_id)
        .where(
            Publication.first_on == period.first,
            PublishedCell.table_code == Table.UNIQUE_BY_BAND,
            PublishedCell.row_code != ALL,
            PublishedCell.row_code.not_in(select(Library.slug)),
        )
        .order_by(PublishedCell.row_code)
    )
    return rows.all()


def published_table(session: Session, *, table: Table, period: Period) -> PublishedTable | None:
    """Return one of the tables of a half-year, if it was published."""
    return published_tables(session, period=period).get(table)


def _table(code: Table, cells: Sequence[PublishedCell], known: Mapping[int, Publication]) -> PublishedTable:
    newest = known[cells[-1].publication_id]
    here = cells if code is Table.ATTENDANCES_BY_MONTH else _with_columns_of(newest, cells)
    return PublishedTable(
        code=code,
        period=Period(first=newest.first_on, last=newest.last_on),
        through_on=newest.through_on,
        published_at=newest.published_at,
        rows=_in_order(cell.row_code for cell in here),
        columns=_in_order(cell.column_code for cell in here),
        cells=_latest(here, known),
    )


def _with_columns_of(newest: Publication, cells: Sequence[PublishedCell]) -> Sequence[PublishedCell]:
    # Bands that were merged since then are told merged: two ways of cutting do not stand in one table.
    columns = {cell.column_code for cell in cells if cell.publication_id == newest.id}
    return [cell for cell in cells if cell.column_code in columns]


def _latest(
    cells: Sequence[PublishedCell], known: Mapping[int, Publication]
) -> Mapping[tuple[str, str], Shown]:
    """Return the newest of each figure; one that is hidden now keeps the number it had, with its day."""
    latest: dict[tuple[str, str], Shown] = {}
    for cell in cells:
        place = (cell.row_code, cell.column_code)
        if cell.state is not CellState.HIDDEN or latest.get(place, MISSING).state is not CellState.NUMBER:
            latest[place] = _shown(cell, known[cell.publication_id])
    return latest


def _shown(cell: PublishedCell, publication: Publication) -> Shown:
    if cell.value is not None:
        return number(cell.value, through_on=publication.through_on)
    return (HIDDEN if cell.state is CellState.HIDDEN else MISSING).as_of(publication.through_on)


def _in_order(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes), key=_place))


def _place(code: str) -> tuple[bool, bool, int, str]:
    # Bands by age («6_12» before «13_15»), the rest by name, and what is over all of them last.
    leading = code.partition("_")[0]
    return code == ALL, code == ELSEWHERE, int(leading) if leading.isdecimal() else 0, code
