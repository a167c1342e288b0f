"""Commands about staff and libraries, for the one who runs the house."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from booking.accounts.forms import read_staff_email, read_staff_name
from booking.accounts.operations import invite, invite_first_admin
from booking.accounts.rules import AdminThere
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.audit.queries import verify_chain
from booking.errors import Refusal
from booking.i18n import in_language, say
from booking.libraries.operations import add_library, import_libraries
from booking.libraries.queries import find_library_by_slug
from booking.libraries.region import FARTHEST, LIMITS, REGION, UnreadableLibraries, facts_of, read_region
from booking.libraries.rules import Language
from booking.pages import public_url
from booking.staff.rules import AT_A_LIBRARY, Post, Role
from booking.work import reading, unit_of_work

staff = AppGroup("staff", help="Let members of staff in.")
library = AppGroup("library", help="Keep the libraries.")
audit = AppGroup("audit", help="Check the record of who did what.")

_ROLES = click.Choice([role.value for role in Role])
_ASKED = (
    *LIMITS,
    "municipality_code",
    "postcode",
    "latitude",
    "longitude",
    "colour",
    "opening",
    "accessibility",
)


def _email(_context: click.Context, _param: click.Parameter, text: str) -> str:
    address = read_staff_email(text)
    if address is None:
        message = "That is no e-mail address; it looks like kari@example.org."
        raise click.BadParameter(message)
    return address


def _name(_context: click.Context, _param: click.Parameter, text: str) -> str:
    name = read_staff_name(text)
    if name is None:
        message = "That is no name: use letters, at most 80 of them."
        raise click.BadParameter(message)
    return name


@staff.command("first-admin")
@click.argument("email", callback=_email)
@click.argument("name", callback=_name)
def first_admin(email: str, name: str) -> None:
    """Print a link by which the first administrator begins; it works once, within a day."""
    try:
        with unit_of_work() as (session, clock):
            secret = invite_first_admin(session, clock, email=email, name=name)
    except AdminThere as refusal:
        raise click.ClickException(_words(refusal)) from refusal
    click.echo(public_url("accounts.show_first_admin", token=secret))


@staff.command("add")
@click.argument("email", callback=_email)
@click.argument("name", callback=_name)
@click.option("--role", type=_ROLES, required=True, help="What they will be.")
@click.option("--library", "slug", help="At which library, for the roles door and librarian.")
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default=Language.NB.value,
    show_default=True,
)
def add(email: str, name: str, role: str, slug: str | None, language: str) -> None:
    """Invite somebody by letter."""
    try:
        with unit_of_work() as (session, clock):
            found = find_library_by_slug(session, slug) if slug else None
            post = _post(Role(role), found.id if found else None)
            invite(session, clock, by=None, email=email, name=name, language=Language(language), posts=[post])
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from refusal
    click.echo(f"{email} is invited as {role}.")


def _post(role: Role, library_id: int | None) -> Post:
    if role in AT_A_LIBRARY and library_id is None:
        message = f"The role {role.value} is held at a library: name it with --library, such as kongsvinger."
        raise click.ClickException(message)
    return role, library_id


@library.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=REGION)
def import_file(file: Path) -> None:
    """Read libraries from FILE, by default the four of the region; doing it twice does it once."""
    try:
        told = read_region(file)
        with unit_of_work() as (session, clock):
            added, changed = import_libraries(session, clock, libraries=told)
            counts = {"added": added, "changed": changed}
            record(
                session,
                clock,
                actor=Actor.SYSTEM,
                action="imported_libraries",
                subject="library",
                facts=counts,
            )
    except UnreadableLibraries as error:
        raise click.ClickException(str(error)) from error
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from refusal
    click.echo(f"{added} added, {changed} changed, {len(told) - added - changed} as before.")


def _asked(command: Callable[..., None]) -> Callable[..., None]:
    for name in reversed(_ASKED):
        kind = float if name in FARTHEST else str
        command = click.option(f"--{name.replace('_', '-')}", name, type=kind, prompt=True)(command)
    return command


@library.command("add")
@_asked
def add_one(opening: str, accessibility: str, **told: object) -> None:
    """Add a library, asking for what was not given; its notes in bokmål, the other languages on its page."""
    notes = {Language.NB.value: {"opening": opening, "accessibility": accessibility}}
    try:
        facts = facts_of({**told, "notes": notes})
        with unit_of_work() as (session, clock):
            added = add_library(session, clock, facts=facts)
            record(
                session,
                clock,
                actor=Actor.SYSTEM,
                action="added_library",
                subject="library",
                subject_id=added.id,
                library_id=added.id,
            )
    except UnreadableLibraries as error:
        raise click.ClickException(str(error)) from error
    except Refusal as refusal:
        raise click.ClickException(_words(refusal)) from refusal
    click.echo(f"{facts.name} is added.")


@audit.command("verify")
def verify() -> None:
    """Check that no entry of the record was changed or taken out."""
    with reading() as (session, _clock):
        broken = verify_chain(session)
    if broken is not None:
        message = f"Entry {broken} does not follow on the one before it: the record was tampered with."
        raise click.ClickException(message)
    click.echo("The record is whole.")


def _words(refusal: Refusal) -> str:
    with current_app.test_request_context(), in_language(Language.EN):
        return say(refusal)
