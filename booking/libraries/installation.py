"""What kind of data the database holds: invented for a demonstration, or about real children."""

from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.errors import Refusal
from booking.libraries.models import Installation, InstallationKind


class DemoOverRealData(Refusal):
    """A demonstration shows its passwords and letters to everybody: it must not run over real data."""

    code: ClassVar[str] = "demo_over_real_data"


class RealOverDemoData(Refusal):
    """The accounts of a demonstration have passwords that everybody knows: nobody real may sign up there."""

    code: ClassVar[str] = "real_over_demo_data"


def check_data_fits(session: Session, *, demo: bool) -> None:
    """Let pass where the data is of the kind that is served; refuse DemoOverRealData or RealOverDemoData."""
    kind = session.scalar(select(Installation.kind))
    if demo and kind is InstallationKind.REAL:
        raise DemoOverRealData
    if not demo and kind is InstallationKind.DEMO:
        raise RealOverDemoData


def mark_real(session: Session, clock: Clock) -> None:
    """Note that the data is about real people from here on; what is noted already stays."""
    if session.get(Installation, 1) is None:
        session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=clock()))
