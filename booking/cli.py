"""Commands for the one who runs the house."""

import sys
from signal import SIGTERM, signal
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import DBAPIError
from waitress import create_server

from booking.accounts.commands import audit, library, staff
from booking.accounts.guard import locks as locks_in_use
from booking.almanac.commands import almanac
from booking.demo.load import DemoRefused, begin_demo, load_demo
from booking.errors import Refusal
from booking.feeds.commands import calendars
from booking.health.commands import doctor
from booking.health.data_views import settle_data
from booking.i18n import in_language, say
from booking.pages import settings_in_use
from booking.participation.commands import figures
from booking.work import mend_identities, unit_of_work
from booking.worker import jobs_in_use, rehearse_job, run_jobs, work_in_background, work_in_foreground

# More than any page takes: a request above the application's own limit still gets a page that says so.
_LARGEST_REQUEST = 8 * 1024 * 1024

jobs = AppGroup("jobs", help="Do now what the worker does each minute.")
demo = AppGroup("demo", help="The demonstration, whose data is all invented.")


def start_commands(app: Flask) -> None:
    """Hang the commands on the application."""
    for command in (serve, worker, jobs, demo, staff, library, audit, almanac, calendars, doctor, figures):
        app.cli.add_command(command)


def _app() -> Flask:
    # What the worker's threads use must be the application itself, not this command's view of it.
    return cast("Flask", cast("Any", current_app)._get_current_object())  # noqa: SLF001


@click.command()
@click.option("--host", default="127.0.0.1", envvar="BOOKING_HOST", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, envvar="PORT", show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True)
@with_appcontext
def serve(host: str, port: int, threads: int) -> None:
    """Serve the pages and send the letters, in one process."""
    _settle()
    server = listen(host, port, threads=threads)
    # Without this the process would end in the middle of a letter, which would then go out twice.
    signal(SIGTERM, lambda *_: sys.exit(0))
    end = work_in_background(_app())
    click.echo(f"Velkommen inn is open at http://{host}:{port} – end it with Ctrl+C.")
    try:
        server.run()
    finally:
        end()


def _settle() -> None:
    try:
        settle_data()
        mend_identities()
    except Refusal as refusal:
        with in_language("en"):
            message = say(refusal)
        raise click.ClickException(message) from None
    except (DBAPIError, OSError) as error:
        message = (
            f"The database cannot be used ({type(error).__name__}). Look whether it runs, whether "
            "BOOKING_DATABASE_URL is right, and whether 'flask db upgrade' was done."
        )
        raise click.ClickException(message) from None


def listen(host: str, port: int, *, threads: int) -> Any:  # noqa: ANN401 – the library tells no types
    """Return a server that listens, not yet serving; a sentence when the port cannot be used."""
    # Behind a web server of ours its word is passed on; how much of it counts is ProxyFix's to say.
    is_alone = settings_in_use().trusted_proxies == 0
    try:
        return create_server(
            _app(),
            host=host,
            port=port,
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=is_alone,
            max_request_body_size=_LARGEST_REQUEST,
        )
    except ValueError:
        message = f"{host} is no address of this machine. Choose another one with BOOKING_HOST."
        raise click.ClickException(message) from None
    except OSError as error:
        message = f"Port {port} of {host} cannot be used: {error.strerror}. Choose another one with PORT."
        raise click.ClickException(message) from None


@click.command()
@with_appcontext
def worker() -> None:
    """Send the letters, and do what each minute brings, until told to stop."""
    _settle()
    work_in_foreground(_app())


@jobs.command("list")
@with_appcontext
def list_jobs() -> None:
    """List the jobs."""
    for name in jobs_in_use():
        click.echo(name)


@jobs.command("run")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and keep nothing of it.")
@with_appcontext
def run_job(name: str, *, dry_run: bool) -> None:
    """Do one job now, and say how much it did."""
    known = jobs_in_use()
    if name not in known:
        message = f"There is no job {name}. There are: {', '.join(known)}."
        raise click.ClickException(message)
    done = rehearse_job(known[name]) if dry_run else run_jobs({name: known[name]}).get(name)
    if done is None:
        message = f"{name} failed; the log says why."
        raise click.ClickException(message)
    click.echo(f"{name}: {done}{' (nothing was kept)' if dry_run else ''}")


@demo.command("load")
@with_appcontext
def demo_load() -> None:
    """Invent four libraries, their autumn and their families."""
    if not settings_in_use().demo:
        message = "This is not a demonstration. Set BOOKING_DEMO=1 to make it one."
        raise click.ClickException(message)
    try:
        with unit_of_work() as (session, clock):
            is_new = begin_demo(session, clock)
            if is_new:
                locks = locks_in_use()
                load_demo(
                    session,
                    clock,
                    hasher=locks.hasher,
                    code_apps=locks.code_apps,
                    least_count=settings_in_use().least_count,
                )
    except DemoRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo("The demonstration is there." if is_new else "The demonstration was there already.")
