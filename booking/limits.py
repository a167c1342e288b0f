"""How often: one count for all workers, kept in the database, without addresses in the clear."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

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
from werkzeug.exceptions import TooManyRequests

from booking.clock import Clock
from booking.db import Base
from booking.errors import Busy, Refusal
from booking.lines import line_of
from booking.prepared import Prepared, hole
from booking.tokens import keyed_digest
from booking.work import Work, reading, unit_of_work


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
    told = {"digest": digest, "times": amount, "ends_at": now + timedelta(seconds=seconds), "now": now}
    counted = _counting(line_of(session).dialect.name).row(session, told)
    return int(counted[0]) if counted else 0


@cache
def _counting(dialect: str) -> Prepared:
    counts = Base.metadata.tables[RateCount.__tablename__]
    new = (insert_postgresql if dialect == "postgresql" else insert_sqlite)(counts).values(
        {column.name: hole(column.name, column) for column in counts.c}
    )
    is_over = counts.c.ends_at <= hole("now", counts.c.ends_at)
    again = {
        "times": case((is_over, new.excluded.times), else_=counts.c.times + new.excluded.times),
        "ends_at": case((is_over, new.excluded.ends_at), else_=counts.c.ends_at),
    }
    one_row = new.on_conflict_do_update(index_elements=[counts.c.digest], set_=again)
    return Prepared(one_row.returning(counts.c.times))


@dataclass(frozen=True)
class Often:
    """How often one visitor may do a thing, within so many seconds from the first time."""

    most: int
    seconds: int


@contextmanager
def counted_work(often: Often) -> Iterator[Work]:
    """Hold the write lock as `unit_of_work` does, and count what this visitor does here in the same breath.

    What was refused is counted as well. Raises TooManyRequests where it was done too often.
    """
    try:
        with unit_of_work() as (session, clock):
            _count_visitor(session, clock, often)
            yield Work(session, clock)
    except Busy:
        raise  # nothing was tried, and waiting once more would tell the same
    except Refusal:
        count_alone(often)
        raise


def count_alone(often: Often) -> None:
    """Count what this visitor does here, where nothing else is written. Raises TooManyRequests."""
    if limiter.enabled:
        with unit_of_work() as (session, clock):
            _count_visitor(session, clock, often)


def _count_visitor(session: Session, clock: Clock, often: Often) -> None:
    if not limiter.enabled:
        return
    digest = _digest(f"{request.endpoint} {visitor_address()}")
    times = _count(session, clock, digest=digest, seconds=often.seconds, amount=1)
    if times > often.most:
        raise TooManyRequests


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


class _OnViews(Limiter):
    """Looks at requests for views that wear a limit, and at no others: there is none for all pages."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:  # noqa: FBT001, FBT002 – the library's own
        # Before a request it would look for limits of all pages; a view's own limit asks by itself.
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _OnViews(
    visitor_address,
    storage_uri="booking://",
    strategy="fixed-window",
    headers_enabled=False,
    default_limits=[],
)


def start_limits(app: Flask) -> None:
    """Let the application count how often; the tests that are not about it may switch it off."""
    limiter.init_app(app)
