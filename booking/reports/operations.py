"""Noting that figures left the house in a file."""

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock


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
