"""What was let out of a half-year, month by month, with what it was counted from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.participation.figures import Period
from booking.publications.ledger import Block, Measure
from booking.publications.models import Publication
from booking.publications.room import Bands


def blocks_of(session: Session, *, period: Period) -> Sequence[Block]:
    """Return the months of a half-year that were let out, the first one first."""
    publications = session.scalars(
        select(Publication)
        .where(Publication.first_on == period.first)
        .order_by(Publication.through_on)
        .options(
            selectinload(Publication.cells),
            selectinload(Publication.parts),
            selectinload(Publication.rooms),
        )
    )
    return [
        Block(
            month=month_code(each.through_on),
            added={(Measure(it.measure), it.row_code, it.column_code): it.persons for it in each.parts},
            room={(it.row_code, it.kind, bands_in(it.bands)): it.persons for it in each.rooms},
            told={(it.table_code, it.row_code, it.column_code): it.state for it in each.cells},
        )
        for each in publications
    ]


def bands_in(text: str) -> Bands:
    """Return the ages that a row names."""
    return tuple(text.split(",")) if text else ()


def month_code(day: date) -> str:
    """Return the month as its column is called."""
    return f"{day:%Y-%m}"
