"""Velkommen inn: the event and booking service of public libraries."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, Request
from flask_migrate import Migrate
from sqlalchemy import TypeDecorator
from werkzeug.middleware.proxy_fix import ProxyFix

import booking.accounts.commands
import booking.accounts.house_views
import booking.accounts.letter_views
import booking.accounts.messages
import booking.accounts.own_views
import booking.accounts.people_views
import booking.accounts.step_views
import booking.accounts.views
import booking.activities.messages
import booking.activities.models
import booking.almanac.messages
import booking.almanac.models
import booking.almanac.views
import booking.api.catalogue_views
import booking.api.key_views
import booking.api.messages
import booking.api.models
import booking.api.participation_views
import booking.api.views
import booking.attendance.find_views
import booking.attendance.kiosk_models
import booking.attendance.kiosk_views
import booking.attendance.leave_views
import booking.attendance.messages
import booking.attendance.models
import booking.attendance.overdue_models
import booking.attendance.overdue_views
import booking.attendance.paper_views
import booking.attendance.person_views
import booking.attendance.phone_views
import booking.attendance.views
import booking.attendance.walk_in_messages
import booking.attendance.walk_in_models
import booking.attendance.walk_in_views
import booking.audit.models
import booking.consent.age_views
import booking.consent.messages
import booking.consent.models
import booking.consent.shared_models
import booking.consent.views
import booking.demo.messages
import booking.demo.views
import booking.desk.act_views
import booking.desk.entry_views
import booking.desk.messages
import booking.desk.picture_views
import booking.desk.views
import booking.family.answer_views
import booking.family.besides_views
import booking.family.contact_views
import booking.family.guardian_views
import booking.family.messages
import booking.family.my_messages
import booking.family.my_views
import booking.family.other_guardian_views
import booking.family.renewal_views
import booking.family.shared_views
import booking.family.stay_views
import booking.family.views
import booking.feeds.own_messages
import booking.feeds.own_views
import booking.feeds.token_views
import booking.feeds.views
import booking.health.views
import booking.libraries.models
import booking.links.models
import booking.notices.messages
import booking.notices.models
import booking.notices.views
import booking.outbox.messages
import booking.outbox.models
import booking.outbox.views
import booking.participation.models
import booking.participation.population_models
import booking.partners.messages
import booking.partners.models
import booking.partners.views
import booking.people.messages
import booking.people.models
import booking.plan.messages
import booking.plan.models
import booking.plan.views
import booking.planner.asks_views
import booking.planner.call_off_views
import booking.planner.dates_views
import booking.planner.edit_views
import booking.planner.messages
import booking.planner.new_views
import booking.planner.partner_views
import booking.planner.plan_views
import booking.planner.share_views
import booking.planner.sheet_views
import booking.planner.views
import booking.posters.views
import booking.privacy.own_views
import booking.privacy.views
import booking.publications.models
import booking.reports.messages
import booking.reports.national_views
import booking.reports.region_views
import booking.reports.snapshot_views
import booking.reports.target_views
import booking.reports.views
import booking.signups.messages
import booking.signups.models
import booking.staff.models
import booking.whats_on.embed_views
import booking.whats_on.link_views
import booking.whats_on.machine_views
import booking.whats_on.messages
import booking.whats_on.views
from booking import messages
from booking.accounts.guard import start_sign_in
from booking.activities.identity_operations import lift_identities, settle_identities
from booking.cli import start_commands
from booking.clock import Clock, system_clock
from booking.db import configure_sqlite, ping_less, sqlite_module
from booking.feeds.guard import start_calendars
from booking.health.data_views import start_matching
from booking.i18n import register_words, start_words
from booking.kept import start_kept
from booking.kept_forms import start_kept_forms
from booking.limits import start_limits
from booking.logs import start_logs
from booking.pages import start_pages
from booking.plan.operations import lift_plan
from booking.seals import Protection, Sessions
from booking.settings import Settings, read_settings
from booking.signups.booked_queries import latest_move_at
from booking.witness import Identities, Witness
from booking.work import House, database, write_turn_for
from booking.worker import start_worker

_TOP = Path(__file__).parent.parent
_LARGEST_REQUEST = 1024 * 1024
_LARGEST_FIELDS = 500_000
_MOST_FIELDS = 300

_WORDS = (
    messages.WORDS,
    booking.accounts.messages.WORDS,
    booking.activities.messages.WORDS,
    booking.almanac.messages.WORDS,
    booking.api.messages.WORDS,
    booking.attendance.messages.WORDS,
    booking.attendance.walk_in_messages.WORDS,
    booking.consent.messages.WORDS,
    booking.demo.messages.WORDS,
    booking.desk.messages.WORDS,
    booking.family.messages.WORDS,
    booking.family.my_messages.WORDS,
    booking.feeds.own_messages.WORDS,
    booking.notices.messages.WORDS,
    booking.outbox.messages.WORDS,
    booking.partners.messages.WORDS,
    booking.people.messages.WORDS,
    booking.plan.messages.WORDS,
    booking.planner.messages.WORDS,
    booking.reports.messages.WORDS,
    booking.signups.messages.WORDS,
    booking.whats_on.messages.WORDS,
)
_PAGES = (
    booking.accounts.views.blueprint,
    booking.almanac.views.blueprint,
    booking.api.views.blueprint,
    booking.attendance.views.blueprint,
    booking.consent.views.blueprint,
    booking.desk.views.blueprint,
    booking.family.views.blueprint,
    booking.feeds.own_views.blueprint,
    booking.feeds.token_views.blueprint,
    booking.feeds.views.blueprint,
    booking.health.views.blueprint,
    booking.notices.views.blueprint,
    booking.outbox.views.blueprint,
    booking.partners.views.blueprint,
    booking.plan.views.blueprint,
    booking.planner.views.blueprint,
    booking.posters.views.blueprint,
    booking.privacy.views.blueprint,
    booking.reports.views.blueprint,
    booking.whats_on.views.blueprint,
)
# What calendars know something by, to be lifted when an older copy of the database was put back.
_LIFTS = (lift_identities, lift_plan)
# What changes entries in families' own calendars and in no other.
_TOLD_BESIDES = (latest_move_at,)
_DEMO_PAGES = (booking.demo.views.blueprint,)


# In this order: what answers first is asked first.
_STARTS = (
    start_logs,
    start_words,
    start_limits,
    start_pages,
    start_matching,
    start_sign_in,
    start_commands,
    start_kept,
    start_kept_forms,
    start_calendars,
)


class _Asked(Request):
    """A request that knows its limits: Flask's own asks the application for each of them at each step."""

    max_content_length = _LARGEST_REQUEST
    max_form_memory_size = _LARGEST_FIELDS
    max_form_parts = _MOST_FIELDS


class _Service(Flask):
    """Flask, which need not ask at each step of each request whether that is asynchronous: none is."""

    request_class = _Asked

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is."""
        return func


def create_app(settings: Settings | None = None, *, clock: Clock = system_clock) -> Flask:
    """Return the service, its rooms in and its wires connected; UnsafeSettings when it must not start."""
    in_use = settings or read_settings(_TOP / "instance")
    app = _Service(__name__, instance_path=str(in_use.instance.resolve()))
    _configure(app, in_use)
    _connect_database(app, in_use, clock)
    app.session_interface = Sessions(app)
    Protection(app)
    for start in _STARTS:
        start(app)
    for words in _WORDS:
        register_words(words)
    for blueprint in (*_PAGES, *(_DEMO_PAGES if in_use.demo else ())):
        app.register_blueprint(blueprint)
    return app


def _connect_database(app: Flask, settings: Settings, clock: Clock) -> None:
    database.init_app(app)
    Migrate(
        app,
        database,
        directory=str(Path(__file__).parent / "migrations"),
        render_item=_render_plainly,
        include_name=_is_ours,
        transactional_ddl=True,
        render_as_batch=True,
    )
    with app.app_context():
        if database.engine.dialect.name == "sqlite":
            configure_sqlite(database.engine)
        else:
            ping_less(database.engine)
        turn = write_turn_for(database.engine)
    app.extensions["booking"] = House(
        clock=clock,
        ring=start_worker(app, settings),
        write_turn=turn,
        identities=Identities(
            witness=Witness(settings.instance / "calendars.json"),
            settled=settle_identities,
            lifts=_LIFTS,
            told_besides=_TOLD_BESIDES,
        ),
    )


def _configure(app: Flask, settings: Settings) -> None:
    app.extensions["booking.settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        SQLALCHEMY_DATABASE_URI=_with_driver(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database_url),
        SESSION_COOKIE_NAME="__Host-booking" if settings.is_https else "booking",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # The token lives as long as the session: a form that lay open over lunch is still taken.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _engine_options(url: str) -> dict[str, object]:
    # A message of the database may quote what it was given: a child's name in a log.
    options: dict[str, object] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        # A hundred is the driver's own number. A worker soon asks more than that, and from then on the driver
        # throws out the newest and puts every statement together anew.
        return {**options, "module": sqlite_module(), "connect_args": {"cached_statements": 1000}}
    # A row that is locked for longer is a queue that should hear "try again", not hang.
    return {
        **options,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 5, "options": "-c lock_timeout=8000 -c timezone=UTC"},
    }


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    # On PostgreSQL the alarm keeps tables of its own beside ours; migrations leave them alone.
    return not (kind == "table" and name is not None and name.startswith("huey_"))


def _render_plainly(kind: str, item: object, _context: object) -> str | bool:
    # A migration imports nothing of ours, so our own column types are written as what they become.
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False
