"""Noting where pictures were used, so that they are found when a yes has ended; and forgetting it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from sqlalchemy import CursorResult, delete, exists
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.consent.models import Consent, PictureTask
from booking.consent.rules import WordingPurpose
from booking.consent.use_models import PictureUse
from booking.consent.use_queries import find_use, get_own_use
from booking.consent.use_rules import check_used_on

# A yes to pictures lasts no longer than this, if nobody says it anew.
_KEPT_AT_LEAST: Final = timedelta(days=365)


def note_use(
    session: Session,
    clock: Clock,
    *,
    occasion: Occasion,
    purpose: WordingPurpose,
    place: str,
    used_on: date,
    account_id: int,
) -> PictureUse:
    """Return the new line about where pictures from the occasion were used. Refuses UsedInTheFuture.

    The same place for the same purpose, noted again, is the line that is there.
    """
    check_used_on(used_on, today=local_date(clock()))
    same = find_use(session, occasion_id=occasion.id, purpose=purpose, place=place)
    if same is not None:
        return same
    use = PictureUse(
        library_id=occasion.activity.library_id,
        occasion_id=occasion.id,
        purpose=purpose,
        place=place,
        used_on=used_on,
        noted_at=clock(),
        account_id=account_id,
    )
    session.add(use)
    session.flush()
    _record(session, clock, use, "picture_use_noted", account_id)
    return use


def drop_use(
    session: Session, clock: Clock, *, use_id: int, library_ids: Collection[int], account_id: int
) -> int:
    """Drop a line, as the pictures are there no more; return of which occasion. NotFound for a stranger's."""
    use = get_own_use(session, use_id, library_ids=library_ids)
    session.delete(use)
    _record(session, clock, use, "picture_use_dropped", account_id)
    return use.occasion_id


def forget_old_uses(session: Session, clock: Clock) -> int:
    """Forget lines that nobody can need any more; return how many.

    They were noted more than a year ago, no yes to such pictures from the occasion may stand, and no task to
    take them down is kept.
    """
    now = clock()
    may_stand = exists().where(
        Consent.occasion_id == PictureUse.occasion_id,
        Consent.purpose == PictureUse.purpose,
        Consent.expires_at > now,
    )
    is_task = exists().where(
        PictureTask.occasion_id == PictureUse.occasion_id, PictureTask.purpose == PictureUse.purpose
    )
    over = delete(PictureUse).where(PictureUse.noted_at < now - _KEPT_AT_LEAST, ~may_stand, ~is_task)
    done = session.execute(over.execution_options(synchronize_session="fetch"))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _record(session: Session, clock: Clock, use: PictureUse, action: str, account_id: int) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="occasion",
        subject_id=use.occasion_id,
        account_id=account_id,
        library_id=use.library_id,
        facts={"purpose": use.purpose.value, "use": use.id},
    )
