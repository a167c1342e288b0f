"""Issuing a secret link, noting that it was used, and taking it back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, and_, delete, or_, update
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.programs import Program
from booking.links.queries import follow_link
from booking.links.rules import KEPT_AFTERWARDS, Purpose
from booking.rows import note
from booking.tokens import fingerprint, new_secret


def issue_link(
    session: Session, clock: Clock, *, purpose: Purpose, subject_id: int, lasts: timedelta | None
) -> str:
    """Return a new secret for one purpose and one subject; only its fingerprint is kept."""
    return issue_links(session, clock, purpose=purpose, subject_ids=[subject_id], lasts=lasts)[0]


def issue_links(
    session: Session,
    clock: Clock,
    *,
    purpose: Purpose,
    subject_ids: Sequence[int],
    lasts: timedelta | None,
) -> list[str]:
    """Return a new secret for each of the subjects, in their order, in one question to the database."""
    secrets = [new_secret() for _each in subject_ids]
    now = clock()
    links = [
        {
            "fingerprint": fingerprint(secret),
            "purpose": purpose,
            "subject_id": subject_id,
            "issued_at": now,
            "expires_at": now + lasts if lasts is not None else None,
        }
        for secret, subject_id in zip(secrets, subject_ids, strict=True)
    ]
    note(session, Link, links)
    return secrets


def revoke_links(
    session: Session, clock: Clock, *, purpose: Purpose, subject_id: int, unused_only: bool = False
) -> int:
    """Take back all links for the purpose and subject, from the next request on; return how many.

    With `unused_only` those stay that somebody has acted on.
    """
    theirs = and_(Link.purpose == purpose, Link.subject_id == subject_id, Link.revoked_at.is_(None))
    wanted = and_(theirs, Link.used_at.is_(None)) if unused_only else theirs
    return _rows(session.execute(update(Link).where(wanted).values(**_closed(clock()))))


def revoke_links_to(
    session: Session, clock: Clock, *, purposes: Collection[Purpose], subject_ids: Collection[int]
) -> int:
    """Take back all links for these purposes to any of these subjects; return how many."""
    done = session.execute(
        update(Link)
        .where(Link.purpose.in_(purposes), Link.subject_id.in_(subject_ids), Link.revoked_at.is_(None))
        .values(**_closed(clock()))
    )
    return _rows(done)


def use_once(session: Session, clock: Clock, *, purpose: Purpose, secret: str) -> Link:
    """Return the link and let it open nothing any more; NotFound where it was used before, by anybody.

    Of two who press at once the second finds it used.
    """
    link = follow_link(session, clock, purpose=purpose, secret=secret)
    done = session.execute(
        update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=clock())
    )
    if not _rows(done):
        raise NotFound
    return link


def note_used(session: Session, clock: Clock, *, link: Link) -> None:
    """Remember when the link was first acted on."""
    session.execute(update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=clock()))


def note_fetched(session: Session, clock: Clock, *, link_id: int, program: Program) -> None:
    """Remember that a calendar's address was fetched now, and by what; not of one that was taken back."""
    session.execute(
        update(Link)
        .where(Link.id == link_id, Link.revoked_at.is_(None))
        .values(fetched_at=clock(), fetched_by=program)
    )


def forget_old_links(session: Session, clock: Clock) -> int:
    """Drop links that have been closed for a month; return how many."""
    long_ago = clock() - KEPT_AFTERWARDS
    return _rows(
        session.execute(delete(Link).where(or_(Link.expires_at < long_ago, Link.revoked_at < long_ago)))
    )


def _closed(now: datetime) -> dict[str, datetime | None]:
    # Who fetched an address is nobody's business once it opens nothing.
    return {"revoked_at": now, "fetched_at": None, "fetched_by": None}


def _rows(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
