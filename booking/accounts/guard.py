"""The guard at every door: who is signed in, and may they enter here."""

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from booking.doors import Door, DoorKind, door_of
from booking.errors import NotFound
from booking.rights import Visitor
from booking.staff.queries import find_visitor
from booking.work import reading


def start_sign_in(app: Flask) -> None:
    """Post the guard before every view."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let through who may pass the view's door; a view without a door lets nobody through."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    door = door_of(current_app.view_functions[request.endpoint])
    if door is None:
        abort(500)
    g.visitor = _visitor()
    return _let_through(door, g.visitor)


def _visitor() -> Visitor | None:
    key = session.get("_user_id")
    if key is None:
        return None
    with reading() as (database_session, _clock):
        return find_visitor(database_session, str(key))


def _let_through(door: Door, visitor: Visitor | None) -> ResponseReturnValue | None:
    if door.kind in {DoorKind.PUBLIC, DoorKind.LINK_HOLDER}:
        return None
    if visitor is None:
        return redirect(url_for("accounts.show_sign_in", next=request.path), code=303)
    if door.right is not None and not visitor.may(door.right):
        # What is not yours does not exist: 403 would tell that there is something here.
        raise NotFound
    return None
