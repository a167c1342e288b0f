"""The postman and his alarm clock: rung for after a commit, and by himself every minute."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, cast

from flask import Flask, current_app
from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from huey.serializer import SignedSerializer
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.limits import purge_counts
from booking.links.operations import forget_old_links
from booking.outbox.models import Letter
from booking.outbox.operations import claim_next, end_leases, note_failed, note_posted
from booking.outbox.post import NotPosted, Post, SmtpServer, post_by_smtp, post_to_folder
from booking.outbox.render import Sender, Unwritable, render_letter
from booking.outbox.rules import Trouble
from booking.settings import Settings
from booking.signups.operations import end_holds, serve_queues
from booking.signups.views import holds_in_use
from booking.work import current_clock, reading, unit_of_work

Job = Callable[[Session, Clock], int]


_logger = logging.getLogger("booking.worker")


def alarm_for(settings: Settings) -> Huey:
    """Return what wakes the postman. It holds nothing that the outbox does not: its loss costs nothing."""
    serializer = SignedSerializer(secret=settings.secret_key, salt="alarm")
    if settings.database_url.startswith("postgresql"):
        return PostgresHuey("booking", dsn=_plain(settings.database_url), serializer=serializer)
    # A file of its own: the alarm takes exclusive locks, which the bookings must not wait for.
    file = settings.instance / "alarm.db"
    return SqliteHuey("booking", filename=str(file), serializer=serializer, timeout=1)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


@dataclass
class Alarm:
    """The alarm of one application, made when it is first needed: a database that is away stops no start."""

    app: Flask
    settings: Settings

    @cached_property
    def clockwork(self) -> Huey:
        """Return what wakes, with what it wakes for."""
        clockwork = alarm_for(self.settings)
        self._deliver_soon = clockwork.task(name="deliver")(self.deliver)
        clockwork.periodic_task(crontab(minute="*"), name="each_minute")(self.each_minute)
        return clockwork

    def ring(self) -> None:
        """Wake the postman. It never fails: if nobody hears it, the next minute finds the letter."""
        with suppress(Exception):
            # Making the clockwork also makes what it is asked for here.
            self.clockwork  # noqa: B018
            self._deliver_soon()

    def deliver(self) -> None:
        """Send what waits."""
        with self.app.app_context():
            deliver_letters()

    def each_minute(self) -> None:
        """Do what the minute brings, then send what waits."""
        with self.app.app_context():
            run_jobs(jobs_in_use())
            deliver_letters()


def start_worker(app: Flask, settings: Settings) -> Callable[[], None]:
    """Give the application its alarm; return what rings it."""
    alarm = Alarm(app, settings)
    app.extensions["booking.alarm"] = alarm
    return alarm.ring


def jobs_in_use() -> Mapping[str, Job]:
    """Return what is done each minute. Done twice, or by two workers at once, it ends the same."""
    return {
        "end-leases": end_leases,
        "end-holds": end_holds,
        "serve-queues": partial(serve_queues, holds=holds_in_use()),
        "purge-counts": purge_counts,
        "forget-old-links": forget_old_links,
    }


def run_jobs(jobs: Mapping[str, Job]) -> dict[str, int]:
    """Do each job in a unit of work of its own and return how much it did; one that fails stops no other."""
    done: dict[str, int] = {}
    for name, job in jobs.items():
        try:
            with unit_of_work() as (session, clock):
                done[name] = job(session, clock)
        except Exception:
            _logger.exception("job %s failed", name)
    return done


def rehearse_job(job: Job) -> int:
    """Return how much the job would do now, and keep nothing of it."""
    with reading() as (session, clock):
        session.autoflush = True
        return job(session, clock)


def deliver_letters(post: Post | None = None) -> int:
    """Send every letter that is due, one after the other; return how many left."""
    sending = post or post_in_use()
    left = 0
    while (letter := _claim()) is not None:
        left += _deliver(letter, sending)
    return left


def post_in_use() -> Post:
    """Return the mail server of this installation; in a demonstration, its mailbox."""
    settings: Settings = current_app.extensions["booking.settings"]
    if settings.demo or settings.smtp_host is None:
        return post_to_folder(settings.instance / "mailbox")
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        starttls=settings.smtp_starttls,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return post_by_smtp(server)


def _claim() -> Letter | None:
    with unit_of_work() as (session, clock):
        return claim_next(session, clock)


def _deliver(letter: Letter, post: Post) -> int:
    trouble = _try(letter, post)  # no lock is held while another machine is talked to
    with unit_of_work() as (session, clock):
        if trouble is None:
            note_posted(session, clock, letter_id=letter.id, attempt=letter.attempts)
        else:
            note_failed(session, clock, letter_id=letter.id, attempt=letter.attempts, trouble=trouble)
    _logger.info("letter %s: %s", letter.id, trouble.value if trouble else "sent")
    return int(trouble is None)


def _try(letter: Letter, post: Post) -> Trouble | None:
    try:
        post(render_letter(letter, sender=_sender(), now=current_clock()()))
    except Unwritable:
        _logger.exception("letter %s cannot be written", letter.id)
        return Trouble.UNWRITABLE
    except NotPosted as not_posted:
        return not_posted.trouble
    return None


def _sender() -> Sender:
    settings: Settings = current_app.extensions["booking.settings"]
    return Sender(address=settings.mail_from, name="Velkommen inn", base_url=settings.base_url)


def work_in_background(app: Flask) -> Callable[[], None]:
    """Work beside the web server in this process; return what ends it."""
    consumer: Any = _alarm(app).clockwork.create_consumer(workers=1, periodic=True, check_worker_health=False)
    # Signals belong to the web server, whose thread is the main one.
    consumer._set_signal_handlers = lambda: None  # noqa: SLF001 – the library has no other way
    consumer.start()
    threading.Thread(target=_alarm(app).deliver, daemon=True).start()

    def end() -> None:
        consumer.stop(graceful=False)

    return end


def work_in_foreground(app: Flask) -> None:
    """Work until told to stop; a letter that is on its way is finished first."""
    # What waited while no worker was there does not wait for the minute to be full.
    _alarm(app).deliver()
    _alarm(app).clockwork.create_consumer(workers=1, periodic=True).run()


def _alarm(app: Flask) -> Alarm:
    return cast("Alarm", app.extensions["booking.alarm"])
