"""Six digits that are mailed, and typed by the browser that asked for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import CursorResult, and_, case, delete, func, select, update
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.db import Base
from booking.links.models import MailedCode
from booking.links.rules import KEPT_AFTERWARDS, Purpose
from booking.prepared import Prepared, hole
from booking.rows import note
from booking.tokens import fingerprint, new_code, new_secret

# Of a million codes a stranger at the same browser may guess so many: the odds are one in 200,000.
MOST_TRIES: Final = 5


@dataclass(frozen=True, kw_only=True)
class Issued:
    """`code` goes into the letter, `handle` to the browser that asked: neither opens anything alone."""

    code: str
    handle: str


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a code leads to, if it is the right one, and how often it may be tried again if not."""

    subject_id: int | None
    tries_left: int


def issue_code(
    session: Session,
    clock: Clock,
    *,
    purpose: Purpose,
    subject_id: int | None,
    lasts: timedelta,
    handle: str | None = None,
) -> Issued:
    """Return six new digits and the secret of the browser that may type them; only fingerprints are kept.

    Without a subject nothing is ever opened by them: that is for an address that nobody knows, where as
    much is written as for a known one. A `handle` is given where the browser's secret must be the same when
    its form comes twice.
    """
    issued = Issued(code=new_code(), handle=handle or new_secret())
    now = clock()
    kept = {
        "fingerprint": fingerprint(issued.handle),
        "purpose": purpose,
        "subject_id": subject_id,
        "digest": _digest(issued.handle, issued.code),
        "issued_at": now,
        "expires_at": now + lasts,
    }
    note(session, MailedCode, [kept])
    return issued


def count_codes(session: Session, *, purpose: Purpose, subject_ids: Collection[int], since: datetime) -> int:
    """Return how many codes were issued for these subjects since then."""
    issued = select(func.count(MailedCode.id)).where(
        MailedCode.purpose == purpose, MailedCode.subject_id.in_(subject_ids), MailedCode.issued_at > since
    )
    return session.scalar(issued) or 0


def has_code(session: Session, *, handle: str) -> bool:
    """Tell whether a code was issued for this browser's secret, whether or not it opens anything."""
    known = select(MailedCode.id).where(MailedCode.fingerprint == fingerprint(handle))
    return session.scalar(known) is not None


def try_code(session: Session, clock: Clock, *, purpose: Purpose, handle: str, typed: str) -> Tried:
    """Return what the code opens, or how many tries are left; a wrong one is counted, never refused.

    What is counted must be kept, so this raises nothing. The right code opens as often as it is typed: the
    caller's act is safe to repeat. Spent, old and unknown ones look alike: nothing, and no tries left.
    """
    digits = "".join(sign for sign in typed if sign.isdecimal())
    told = {
        "handle": fingerprint(handle),
        "wanted": purpose,
        "typed": _digest(handle, digits),
        "now": clock(),
    }
    found = _TRY.row(session, told)
    if found is None:
        return Tried(subject_id=None, tries_left=0)
    subject_id, digest, tries = found
    is_right = digest == told["typed"]
    return Tried(subject_id=subject_id if is_right else None, tries_left=MOST_TRIES - tries)


def end_codes(session: Session, *, purpose: Purpose, subject_id: int) -> int:
    """Let no earlier code for the purpose and subject open anything any more; return how many there were."""
    return _rows(
        session.execute(
            delete(MailedCode).where(MailedCode.purpose == purpose, MailedCode.subject_id == subject_id)
        )
    )


def forget_old_codes(session: Session, clock: Clock) -> int:
    """Drop codes that have been closed for a month; return how many."""
    long_ago = clock() - KEPT_AFTERWARDS
    return _rows(session.execute(delete(MailedCode).where(MailedCode.expires_at < long_ago)))


def _digest(handle: str, code: str) -> str:
    return fingerprint(f"{handle}:{code}")


def _rows(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


# One statement finds, compares and counts: of two who guess at once each is counted.
_CODES: Final = Base.metadata.tables[MailedCode.__tablename__]
_NOW: Final = hole("now", _CODES.c.used_at)
_IS_RIGHT: Final = and_(_CODES.c.digest == hole("typed", _CODES.c.digest), _CODES.c.subject_id.is_not(None))
_TRY: Final = Prepared(
    update(_CODES)
    .where(
        _CODES.c.fingerprint == hole("handle", _CODES.c.fingerprint),
        _CODES.c.purpose == hole("wanted", _CODES.c.purpose),
        _CODES.c.expires_at > _NOW,
        _CODES.c.tries < MOST_TRIES,
    )
    .values(
        tries=case((_IS_RIGHT, _CODES.c.tries), else_=_CODES.c.tries + 1),
        used_at=case((_IS_RIGHT, func.coalesce(_CODES.c.used_at, _NOW)), else_=_CODES.c.used_at),
    )
    .returning(_CODES.c.subject_id, _CODES.c.digest, _CODES.c.tries)
)
