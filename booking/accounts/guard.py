"""The guard at every door: who is signed in, and may they enter here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final, cast

from argon2 import PasswordHasher
from cryptography.fernet import MultiFernet
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from booking.accounts import passes
from booking.accounts.codes import lock_for
from booking.accounts.passkeys import Site, site_of
from booking.accounts.rules import StaffPass, holds, is_proved
from booking.doors import Door, DoorKind, View, door_of, is_same_for_all
from booking.errors import NotFound
from booking.pages import settings_in_use
from booking.staff.models import Account
from booking.staff.queries import SignedIn, find_posts, get_account, visitor_with
from booking.staff.rules import Role, is_only_at_the_door, needs_second_factor
from booking.work import current_clock, database, reading

# How old the time in the cookie may be: not every picture and page needs a new one.
_RENEW_AFTER: Final = timedelta(minutes=1)


@dataclass
class Locks:
    """What hashes passwords and encrypts the secrets of code apps; the tests put a quick hasher here."""

    hasher: PasswordHasher
    code_apps: MultiFernet


def start_sign_in(app: Flask) -> None:
    """Post the guard before every view."""
    keys = [app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]]
    app.extensions["booking.locks"] = Locks(hasher=PasswordHasher(), code_apps=lock_for(keys))
    app.before_request(guard)
    app.after_request(passes.bring)


def locks() -> Locks:
    """Return what hashes and encrypts in the running application."""
    return cast("Locks", current_app.extensions["booking.locks"])


def site() -> Site:
    """Return the address that passkeys of this installation are bound to."""
    return site_of(settings_in_use().base_url)


def before_second_factor(view: View) -> View:
    """Let in also those who must have a second factor and have none yet: here they set it up."""
    cast("Any", view).is_before_second_factor = True
    return view


def proved_again(page: str) -> Callable[[View], View]:
    """Let in only who typed their password a short while ago; others type it and land on the page."""

    def hang(view: View) -> View:
        cast("Any", view).page_after_proof = page
        return view

    return hang


def current_account() -> Account:
    """Return the account of who is signed in; only behind a door that asks for it."""
    if "account" not in g:
        with reading() as (session, _clock):
            g.account = get_account(session, g.signed_in.account_id)
    return cast("Account", g.account)


def current_pass() -> StaffPass:
    """Return the pass of who is signed in; only behind a door that asks for it."""
    return cast("StaffPass", g.carried)


def guard() -> ResponseReturnValue | None:
    """Let through who may pass the view's door; a view without a door lets nobody through."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = cast("View", current_app.view_functions[request.endpoint])
    door = door_of(view)
    if door is None:
        abort(500)
    if door.kind in {DoorKind.PUBLIC, DoorKind.LINK_HOLDER} and is_same_for_all(view):
        return None
    _recognise(view)
    if door.kind in {DoorKind.PUBLIC, DoorKind.LINK_HOLDER}:
        return None
    return _stopped(view, door)


def _recognise(view: View) -> None:
    g.visitor = g.signed_in = g.carried = None
    carried = passes.read_pass()
    if carried is None:
        return
    found, now = find_posts(database.engine, carried.session_key), current_clock()()
    if found is None or not holds(carried, now=now, only_at_the_door=is_only_at_the_door(_roles(found))):
        passes.take_back()
        return
    g.signed_in, g.carried = found, carried
    if carried.second_factor or not needs_second_factor(_roles(found)):
        g.visitor = visitor_with(found)
    if now - carried.seen_at >= _RENEW_AFTER and not hasattr(view, "is_unattended"):
        passes.hand_out(replace(carried, seen_at=now))


def _roles(signed_in: SignedIn) -> set[Role]:
    return {role for role, _library_id in signed_in.posts}


def _stopped(view: View, door: Door) -> ResponseReturnValue | None:
    if g.signed_in is None:
        return _redirect("accounts.show_sign_in", next=request.path if request.method == "GET" else None)
    if g.visitor is None and not hasattr(view, "is_before_second_factor"):
        return _redirect("accounts.show_second_factor")
    if door.right is not None and not g.visitor.may(door.right):
        # What is not yours does not exist: 403 would tell that there is something here.
        raise NotFound
    return _asked_again(getattr(view, "page_after_proof", None))


def _asked_again(page: str | None) -> ResponseReturnValue | None:
    sending = request.method == "POST"
    if page is None or is_proved(current_pass(), now=current_clock()(), sending=sending):
        return None
    return _redirect("accounts.show_proof", next=url_for(page, **_arguments_of(page)))


def _arguments_of(page: str) -> dict[str, Any]:
    wanted = next(current_app.url_map.iter_rules(page)).arguments
    return {name: value for name, value in (request.view_args or {}).items() if name in wanted}


def _redirect(endpoint: str, **values: Any) -> ResponseReturnValue:  # noqa: ANN401 – url_for's own type
    return redirect(url_for(endpoint, **values), code=303)
