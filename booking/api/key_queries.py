"""Finding keys: by what was sent, and for the library that they belong to."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from booking.api.models import AccessKey
from booking.api.rules import NoKey
from booking.errors import NotFound
from booking.libraries.models import Library
from booking.tokens import fingerprint


def get_key(session: Session, secret: str) -> AccessKey:
    """Return the key with its library, or raise NoKey: unknown and revoked look alike."""
    key = session.scalar(
        select(AccessKey)
        .where(AccessKey.fingerprint == fingerprint(secret), AccessKey.revoked_at.is_(None))
        .options(joinedload(AccessKey.library))
    )
    if key is None:
        raise NoKey
    return key


def keys_of(session: Session, *, library_ids: Collection[int]) -> Sequence[AccessKey]:
    """Return the keys of these libraries that open something, by library, the newest first."""
    return session.scalars(
        select(AccessKey)
        .join(AccessKey.library)
        .where(AccessKey.library_id.in_(library_ids), AccessKey.revoked_at.is_(None))
        .options(joinedload(AccessKey.library))
        .order_by(Library.name, AccessKey.id.desc())
    ).all()


def count_keys(session: Session, *, library_id: int) -> int:
    """Count the library's keys that open something."""
    wanted = select(func.count()).select_from(AccessKey)
    return int(
        session.scalar(wanted.where(AccessKey.library_id == library_id, AccessKey.revoked_at.is_(None))) or 0
    )


def get_own_key(session: Session, key_id: int, *, library_ids: Collection[int]) -> AccessKey:
    """Return a key of these libraries, revoked ones too, or raise NotFound."""
    key = session.scalar(
        select(AccessKey).where(AccessKey.id == key_id, AccessKey.library_id.in_(library_ids))
    )
    if key is None:
        raise NotFound
    return key
