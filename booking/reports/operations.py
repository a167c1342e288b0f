"""Noting that figures left the house in a file, and keeping what the project sets itself."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.participation.figures import Period
from booking.participation.population_operations import set_target


def note_export(
    session: Session,
    clock: Clock,
    *,
    account_id: int,
    what: str,
    form: str,
    rows: int,
    library_id: int | None = None,
) -> None:
    """Put on record who took a file of figures along, of which kind, and how many rows it has."""
    record(
        session,
        clock,
        actor=Actor.STAFF,
        account_id=account_id,
        action="figures_exported",
        subject="library" if library_id else "figures",
        subject_id=library_id,
        library_id=library_id,
        facts={"what": what, "form": form, "rows": rows},
    )


def set_targets(
    session: Session,
    clock: Clock,
    *,
    library_id: int | None,
    period: Period,
    amounts: Mapping[str, Decimal | None],
    account_id: int,
) -> None:
    """Keep what the project sets itself in a half-year, at one library or in all, and put it on record."""
    for code, amount in amounts.items():
        set_target(
            session,
            clock,
            library_id=library_id,
            metric_code=code,
            period=period,
            amount=amount,
            account_id=account_id,
        )
    record(
        session,
        clock,
        actor=Actor.STAFF,
        account_id=account_id,
        action="targets_set",
        subject="library" if library_id else "figures",
        subject_id=library_id,
        library_id=library_id,
        facts={"set": sum(amount is not None for amount in amounts.values())},
    )
