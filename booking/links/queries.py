"""Following a secret link."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.rules import Purpose, opens
from booking.tokens import fingerprint


def follow_link(session: Session, clock: Clock, *, purpose: Purpose, secret: str) -> Link:
    """Return the link, or raise NotFound: unknown, expired, taken back and for something else look alike."""
    return follow_one_of(session, clock, purposes=(purpose,), secret=secret)


def follow_one_of(session: Session, clock: Clock, *, purposes: Collection[Purpose], secret: str) -> Link:
    """Return the link where an address serves several purposes, or raise NotFound as `follow_link` does."""
    link = session.scalar(
        select(Link).where(Link.fingerprint == fingerprint(secret), Link.purpose.in_(purposes))
    )
    if link is None or not opens(expires_at=link.expires_at, revoked_at=link.revoked_at, now=clock()):
        raise NotFound
    return link


def find_ended_link(session: Session, clock: Clock, *, purpose: Purpose, secret: str) -> Link | None:
    """Return a link that opens nothing any more, as long as we still know what it was for."""
    link = session.scalar(
        select(Link).where(Link.fingerprint == fingerprint(secret), Link.purpose == purpose)
    )
    if link is None or opens(expires_at=link.expires_at, revoked_at=link.revoked_at, now=clock()):
        return None
    return link


def find_live_link(session: Session, clock: Clock, *, purpose: Purpose, subject_id: int) -> Link | None:
    """Return the newest link for the purpose and subject that still opens, if there is one."""
    newest = select(Link).where(
        Link.purpose == purpose,
        Link.subject_id == subject_id,
        Link.revoked_at.is_(None),
        or_(Link.expires_at.is_(None), Link.expires_at > clock()),
    )
    return session.scalar(newest.order_by(Link.id.desc()).limit(1))
