"""Noting that figures left the house, in files or for everybody, and keeping what the project sets itself."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.participation.figures import Period
from booking.participation.population_operations import set_target
from booking.publications.operations import Decided, publish_figures
from booking.publications.queries import publications
from booking.reports.models import ToldBeside
from booking.reports.region_queries import region
from booking.reports.standing import document_of
from booking.reports.target_queries import targets_by_library


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


def let_out_figures(session: Session, clock: Clock, *, decided: Decided | None) -> int:
    """Let out what was decided, and keep what the region's page tells beside it, if anything is due."""
    published = publish_figures(session, clock, decided=decided)
    if published and decided is not None:
        keep_what_stands(session, clock, period=decided.due.period)
    return published


def keep_what_stands(session: Session, clock: Clock, *, period: Period) -> None:
    """Keep what the page tells of meetings and targets now, beside the newest figures of the half-year."""
    newest = publications(session, period=period)[0]
    told = document_of(
        region(session, period=period, now=clock()), targets_by_library(session, period=period)
    )
    session.add(ToldBeside(publication_id=newest.id, told=told))
    session.flush()


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
