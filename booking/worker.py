"""What wakes the postman: a ring after each commit, and every minute by itself, with the minute's jobs."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from threading import Event, Lock
from typing import Any, cast

from flask import Flask
from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.serializer import SignedSerializer
from sqlalchemy.orm import Session

from booking.activities.identity_operations import settle_unmarked
from booking.attendance.overdue_operations import remind_of_registers
from booking.bell import Bell
from booking.clock import Clock
from booking.consent.ending_operations import expire_consents
from booking.consent.needs_operations import forget_needs
from booking.consent.picture_operations import forget_old_tasks
from booking.consent.use_operations import forget_old_uses
from booking.family.contact_operations import forget_unanswered_addresses
from booking.family.renewal_operations import ask_about_endings
from booking.family.shared_telling import end_half_yeses
from booking.limits import purge_counts
from booking.links.codes import forget_old_codes
from booking.links.operations import forget_old_links
from booking.notices.operations import forget_old_notices
from booking.outbox.operations import end_leases, forget_old_letters
from booking.pages import settings_in_use
from booking.postman import deliver_letters, whatever_happens
from booking.privacy.keeping import erase_families_long_unseen, erase_walk_ins_without_leave
from booking.publications.operations import decide_figures
from booking.publications.protection import Rule
from booking.reports.operations import let_out_figures
from booking.reports.rules import LEFT_OUT
from booking.settings import Settings
from booking.signups.holding import holds_of
from booking.signups.reconfirming import ask_again
from booking.signups.reminders import remind
from booking.signups.time_operations import end_holds, serve_queues
from booking.work import house, reading, unit_of_work

Job = Callable[[Session, Clock], int]


@dataclass(frozen=True, kw_only=True)
class ThinkingJob:
    """A job that thinks before it writes, and keeps nobody from writing while it does."""

    think: Callable[[Session, Clock], Any]
    write: Callable[[Session, Clock, Any], int]

    def __call__(self, session: Session, clock: Clock) -> int:
        """Do both at once, as a rehearsal does."""
        return self.write(session, clock, self.think(session, clock))


# How long a worker that is told to stop may take to finish the letter in its hand.
_FAREWELL_SECONDS = 25

_logger = logging.getLogger("booking.worker")


def alarm_for(settings: Settings) -> Huey:
    """Return what wakes the postman. It holds nothing that the outbox does not: its loss costs nothing."""
    serializer = SignedSerializer(secret=settings.secret_key, salt="alarm")
    if settings.database_url.startswith("postgresql"):
        dsn = _plain(settings.database_url)
        return PostgresHuey("booking", dsn=dsn, serializer=serializer, results=False)
    # A file of its own: the alarm takes exclusive locks, which the bookings must not wait for.
    file = settings.instance / "alarm.db"
    return SqliteHuey("booking", filename=str(file), serializer=serializer, timeout=1, results=False)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@dataclass
class Alarm:
    """The alarm of one application, made when it is first needed: a database that is away stops no start."""

    app: Flask
    settings: Settings
    stopped: Event = field(default_factory=Event)
    _rung: Event = field(default_factory=Event)
    _turn: Lock = field(default_factory=Lock)

    @cached_property
    def clockwork(self) -> Huey:
        """Return what wakes, with what it wakes for."""
        clockwork = alarm_for(self.settings)
        self._deliver_soon = clockwork.task(name="deliver")(self.deliver)
        clockwork.periodic_task(crontab(minute="*"), name="each_minute")(self.each_minute)
        return clockwork

    def consumer(self) -> Any:  # noqa: ANN401 – the library tells no types
        """Return what hears the alarm, not yet listening; SIGTERM lets it finish the letter in its hand."""
        consumer = self.clockwork.create_consumer(
            # Two, so that the minute's jobs do not wait behind a mail server that takes its time.
            workers=2,
            periodic=True,
            # A file rings nobody: it is looked at, and a family waits for its letter in front of the screen.
            max_delay=1,
            graceful_signal="TERM",
            shutdown_timeout=_FAREWELL_SECONDS,
        )
        self.stopped = consumer.stop_flag
        return consumer

    def ring(self) -> None:
        """Wake the postman. It never fails: if nobody hears it, the next minute finds the letter."""
        with suppress(Exception):
            # Making the clockwork also makes what it is asked for here.
            self.clockwork  # noqa: B018
            self._deliver_soon()

    def put_away(self) -> None:
        """Let go of what the alarm holds open."""
        if "clockwork" in self.__dict__:
            self.clockwork.storage.close()

    def deliver(self) -> None:
        """Send what waits, or leave it to whoever is at it: with one in hand, a kill repeats but one."""
        self._rung.set()
        while self._rung.is_set() and self._turn.acquire(blocking=False):
            self._rung.clear()
            try:
                with self.app.app_context(), whatever_happens("deliver"):
                    deliver_letters(stopped=self.stopped)
            finally:
                self._turn.release()

    def each_minute(self) -> None:
        """Do what the minute brings, then send what waits."""
        with self.app.app_context():
            run_jobs(jobs_in_use())
        self.deliver()


def start_worker(app: Flask, settings: Settings) -> Callable[[], None]:
    """Give the application its alarm; return what rings it."""
    alarm = Alarm(app, settings)
    app.extensions["booking.alarm"] = alarm
    return Bell(alarm.ring)


def jobs_in_use() -> Mapping[str, Job]:
    """Return what is done each minute. Done twice, or by two workers at once, it ends the same."""
    return {
        "end-leases": end_leases,
        "end-holds": partial(end_holds, holds=holds_of(settings_in_use())),
        "serve-queues": partial(serve_queues, holds=holds_of(settings_in_use())),
        "remind": remind,
        "ask-again": ask_again,
        "purge-counts": purge_counts,
        "expire-consents": expire_consents,
        "end-half-yeses": end_half_yeses,
        "ask-about-ending-consents": ask_about_endings,
        "forget-done-pictures": forget_old_tasks,
        "forget-picture-uses": forget_old_uses,
        "forget-needs": forget_needs,
        "forget-old-notices": forget_old_notices,
        "forget-old-links": forget_old_links,
        "forget-old-codes": forget_old_codes,
        "forget-old-letters": forget_old_letters,
        "forget-unanswered-addresses": forget_unanswered_addresses,
        "erase-unseen-families": erase_families_long_unseen,
        "mark-meetings": settle_unmarked,
        "mend-calendars": house().identities.mend,
        "publish-figures": _publishing(),
        "remind-of-registers": remind_of_registers,
        "erase-walk-ins-without-leave": erase_walk_ins_without_leave,
    }


def _publishing() -> Job:
    rule = Rule(least_count=settings_in_use().least_count)
    return ThinkingJob(
        think=partial(decide_figures, rule=rule, leaving_out=LEFT_OUT),
        write=lambda session, clock, decided: let_out_figures(session, clock, decided=decided),
    )


def run_jobs(jobs: Mapping[str, Job]) -> dict[str, int]:
    """Do each job in a unit of work of its own and return how much it did; one that fails stops no other."""
    done: dict[str, int] = {}
    for name, job in jobs.items():
        with whatever_happens(f"job {name}"):
            done[name] = _run_job(name, job)
    return done


def _run_job(name: str, job: Job) -> int:
    if isinstance(job, ThinkingJob):
        with reading() as (session, clock):
            thought = job.think(session, clock)
        job = partial(_write, job, thought)
    with unit_of_work() as (session, clock):
        done = job(session, clock)
    if done:
        _logger.info("job %s: %s", name, done)
    return done


def _write(job: ThinkingJob, thought: object, session: Session, clock: Clock) -> int:
    return job.write(session, clock, thought)


def rehearse_job(job: Job) -> int:
    """Return how much the job would do now, and keep nothing of it."""
    with reading() as (session, clock):
        session.autoflush = True
        return job(session, clock)


def work_in_background(app: Flask) -> Callable[[], None]:
    """Work beside the web server in this process; return what ends it."""
    alarm = _alarm(app)
    consumer = alarm.consumer()
    # Signals belong to the web server, whose thread is the main one.
    consumer._set_signal_handlers = lambda: None  # noqa: SLF001 – the library has no other way
    alarm.ring()  # what waited while no worker was there does not wait for the minute to be full
    consumer.start()
    return partial(consumer.stop, graceful=True)


def work_in_foreground(app: Flask) -> None:
    """Work until told to stop; a letter that is on its way is finished first."""
    alarm = _alarm(app)
    consumer = alarm.consumer()
    alarm.ring()
    consumer.run()


def _alarm(app: Flask) -> Alarm:
    return cast("Alarm", app.extensions["booking.alarm"])
