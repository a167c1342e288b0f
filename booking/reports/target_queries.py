"""What the project set itself for a half-year: in all libraries together, and at each."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.participation.population_queries import targets_in

_ONE: Final = Decimal(1)

Targets = Mapping[str, Decimal]


def targets_of(session: Session, *, period: Period, library_id: int | None) -> dict[str, Decimal]:
    """Return what the project set itself for exactly this period, at one library or in all together."""
    return targets_by_library(session, period=period).get(library_id, {})


def targets_by_library(session: Session, *, period: Period) -> dict[int | None, dict[str, Decimal]]:
    """Return all that the project set itself for exactly this period; under nothing what is about all."""
    found: dict[int | None, dict[str, Decimal]] = {}
    for target in targets_in(session, period=period):
        amount = Decimal(target.amount) / 100
        whole = amount.quantize(_ONE)
        found.setdefault(target.library_id, {})[target.metric_code] = whole if whole == amount else amount
    return found
