"""Who may enter: every view wears exactly one of these doors."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from flask import g
from flask.typing import ResponseReturnValue

from booking.rights import Right, Visitor

View = Callable[..., ResponseReturnValue]


class DoorKind(StrEnum):
    """The four ways into a page."""

    PUBLIC = "public"
    LINK_HOLDER = "link_holder"
    SIGNED_IN = "signed_in"
    STAFF = "staff"


@dataclass(frozen=True)
class Door:
    """How a view is entered, and the right that it takes."""

    kind: DoorKind
    right: Right | None = None


def public(view: View) -> View:
    """Let everyone in."""
    return _hang(view, Door(DoorKind.PUBLIC))


def link_holder(view: View) -> View:
    """Let in whoever holds the secret in the address; the view looks it up and answers 404 otherwise."""
    return _hang(view, Door(DoorKind.LINK_HOLDER))


def signed_in(view: View) -> View:
    """Let in any member of staff who is signed in, for pages about their own account."""
    return _hang(view, Door(DoorKind.SIGNED_IN))


def staff(right: Right) -> Callable[[View], View]:
    """Let in members of staff who have the right somewhere; the queries narrow it to their libraries."""

    def hang(view: View) -> View:
        return _hang(view, Door(DoorKind.STAFF, right))

    return hang


def door_of(view: object) -> Door | None:
    """Return the door that a view wears, or nothing for one without: the guard lets nobody through that."""
    return cast("Door | None", getattr(view, "door", None))


def unattended(view: View) -> View:
    """Say that a page asks by itself, with nobody there: it keeps no sign-in alive."""
    cast("Any", view).is_unattended = True
    return view


def same_for_all(view: View) -> View:
    """Let the view answer everybody alike: no cookie is read or set, and nobody is recognised."""
    cast("Any", view).is_same_for_all = True
    return view


def is_same_for_all(view: object) -> bool:
    """Tell whether the view answers everybody alike."""
    return bool(getattr(view, "is_same_for_all", False))


def current_visitor() -> Visitor:
    """Return the signed-in member of staff; only behind a staff door, where there is one."""
    visitor = visitor_or_none()
    if visitor is None:
        message = "no one is signed in: this view is not behind a staff door"
        raise RuntimeError(message)
    return visitor


def visitor_or_none() -> Visitor | None:
    """Return the signed-in member of staff, if someone is."""
    return cast("Visitor | None", g.get("visitor"))


def _hang(view: View, door: Door) -> View:
    # functools.wraps would hide the view from the test that reads its length.
    cast("Any", view).door = door
    return view
