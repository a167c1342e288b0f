"""Finding the family that is in."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.clock import Clock
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.people.models import Family
from booking.tokens import fingerprint


def find_family_of(session: Session, clock: Clock, *, secret: str) -> Family | None:
    """Return the family whose stay has this secret, with its children; nothing once it has left.

    A stay is a link that was used: what a letter holds is not used yet, and opens no page.
    """
    return session.scalar(
        select(Family)
        .join(Link, Link.subject_id == Family.id)
        .where(
            Link.fingerprint == fingerprint(secret),
            Link.purpose == Purpose.FAMILY_PAGE,
            Link.used_at.is_not(None),
            Link.revoked_at.is_(None),
            Link.expires_at > clock(),
        )
        .options(selectinload(Family.participants))
    )


def check_entrance(session: Session, clock: Clock, *, purpose: Purpose, secret: str) -> None:
    """Let a link out of a letter pass that nobody has used yet; NotFound for any other."""
    if follow_link(session, clock, purpose=purpose, secret=secret).used_at is not None:
        raise NotFound
