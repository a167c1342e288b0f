"""Taking in how many live where, and what the project sets itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.errors import Refusal
from booking.participation.figures import Period
from booking.participation.metrics import METRICS
from booking.participation.population import Count
from booking.participation.population_models import Population, Target

_HUNDREDTHS = 100
_MOST = 10_000_000


class TargetOfNothing(Refusal):
    """There is no such figure."""

    code: ClassVar[str] = "target_of_nothing"
    field: ClassVar[str | None] = "metric_code"


class TargetOutOfReach(Refusal):
    """No figure is below nought, and none is that large."""

    code: ClassVar[str] = "target_out_of_reach"
    field: ClassVar[str | None] = "amount"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a file of counts."""

    added: int
    changed: int
    as_before: int


def import_population(session: Session, clock: Clock, *, counts: Sequence[Count]) -> Taken:
    """Keep the counts; one of the same place, year and ages is put in the place of the former."""
    added = changed = 0
    for count in counts:
        row = session.scalar(
            select(Population).where(
                Population.municipality_code == count.municipality_code,
                Population.year == count.year,
                Population.ages == count.ages,
            )
        )
        if row is None:
            session.add(Population(**vars(count), imported_at=clock()))
            added += 1
        elif (row.persons, row.source) != (count.persons, count.source):
            row.persons, row.source, row.imported_at = count.persons, count.source, clock()
            changed += 1
    session.flush()
    return Taken(added=added, changed=changed, as_before=len(counts) - added - changed)


def set_target(
    session: Session,
    clock: Clock,
    *,
    library_id: int | None,
    metric_code: str,
    period: Period,
    amount: Decimal | None,
    account_id: int,
) -> None:
    """Keep what the project wants to reach, or, without an amount, that it set itself nothing.

    Refuses TargetOfNothing and TargetOutOfReach.
    """
    if metric_code not in METRICS:
        raise TargetOfNothing
    if amount is not None and not 0 <= amount <= _MOST:
        raise TargetOutOfReach
    former = session.scalar(
        select(Target).where(
            Target.library_id.is_(None) if library_id is None else Target.library_id == library_id,
            Target.metric_code == metric_code,
            Target.first_on == period.first,
            Target.last_on == period.last,
        )
    )
    if former is not None:
        session.delete(former)
        session.flush()
    if amount is not None:
        session.add(
            Target(
                library_id=library_id,
                metric_code=metric_code,
                first_on=period.first,
                last_on=period.last,
                amount=int(amount * _HUNDREDTHS),
                set_by_id=account_id,
                set_at=clock(),
            )
        )
    session.flush()
