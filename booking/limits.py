"""How often: one count for all workers, kept in the database, without addresses in the clear."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import parse
from limits.storage import Storage
from sqlalchemy import String, case, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from booking.clock import Clock
from booking.db import Base
from booking.tokens import keyed_digest
from booking.work import reading, unit_of_work


class RateCount(Base):
    """How often one thing was done in the window that ends at `ends_at`. The key is an HMAC."""

    __tablename__ = "rate_count"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    times: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)


class DatabaseStorage(Storage):
    """Counts in the application's database: they hold over all workers and survive a restart."""

    STORAGE_SCHEME = ["booking"]  # noqa: RUF012 – read by the library from the class

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what the database raises when it is away."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count the act and return how often it was done in the window."""
        with unit_of_work() as (session, clock):
            return _count(session, clock, digest=_digest(key), seconds=expiry, amount=amount)

    def get(self, key: str) -> int:
        """Return how often it was done in the window that is open now."""
        with reading() as (session, clock):
            found = session.get(RateCount, _digest(key))
            return found.times if found and found.ends_at > clock() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, as seconds since 1970."""
        with reading() as (session, clock):
            found = session.scalar(select(RateCount.ends_at).where(RateCount.digest == _digest(key)))
            return (found or clock()).timestamp()

    def check(self) -> bool:
        """Tell that the storage is usable: it is the database that everything else needs too."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        with unit_of_work() as (session, _clock):
            session.execute(delete(RateCount))
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        with unit_of_work() as (session, _clock):
            session.execute(delete(RateCount).where(RateCount.digest == _digest(key)))


def _digest(key: str) -> str:
    return keyed_digest(str(current_app.secret_key), key)


def _count(session: Session, clock: Clock, *, digest: str, seconds: float, amount: int) -> int:
    now = clock().astimezone(UTC)
    ends_at = now + timedelta(seconds=seconds)
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    is_over = RateCount.ends_at <= now
    statement = (
        insert(RateCount)
        .values(digest=digest, times=amount, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=[RateCount.digest],
            set_={
                "times": case((is_over, amount), else_=RateCount.times + amount),
                "ends_at": case((is_over, ends_at), else_=RateCount.ends_at),
            },
        )
        .returning(RateCount.times)
    )
    return int(session.execute(statement).scalar_one())


def purge_counts(session: Session, clock: Clock) -> int:
    """Drop the counts of windows that are over; return how many."""
    over = session.execute(delete(RateCount).where(RateCount.ends_at <= clock()))
    return int(getattr(over, "rowcount", 0))


def visitor_address() -> str:
    """Return the address that the request came from, as the trusted proxies tell it."""
    return get_remote_address()


def form_value(name: str) -> Callable[[], str]:
    """Return a key that counts by what was typed in a field, such as an e-mail address."""
    return lambda: request.form.get(name, "").strip().lower() or visitor_address()


def is_within(times: str, *, of: str, by: str) -> bool:
    """Count an act `of` something, done `by` somebody, and tell whether it is within "3/hour" or the like.

    For a limit that nobody is told of: a page that says "too often" would tell what was done before.
    """
    return not limiter.enabled or bool(limiter.limiter.hit(parse(times), of, by))


limiter = Limiter(
    visitor_address,
    storage_uri="booking://",
    strategy="fixed-window",
    headers_enabled=False,
    default_limits=[],
)


def start_limits(app: Flask) -> None:
    """Let the application count how often; the tests that are not about it may switch it off."""
    limiter.init_app(app)
