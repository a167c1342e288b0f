"""Who may do what: the one table of rights."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from booking.rights import Grant, Right


class Role(StrEnum):
    """What a member of staff is, at one library or across them all."""

    DOOR = "door"
    LIBRARIAN = "librarian"
    COORDINATOR = "coordinator"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


# Held at one library; the other roles reach across them all.
AT_A_LIBRARY: Final = frozenset({Role.DOOR, Role.LIBRARIAN})

# These reach so far that a password alone must not open them.
NEEDS_SECOND_FACTOR: Final = frozenset({Role.COORDINATOR, Role.PRIVACY_OFFICER, Role.ADMIN})

RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.DOOR: frozenset({Right.SEE_TODAY, Right.TAKE_ATTENDANCE}),
    Role.LIBRARIAN: frozenset(
        {
            Right.SEE_TODAY,
            Right.TAKE_ATTENDANCE,
            Right.CLOSE_MEETING,
            Right.PLAN_ACTIVITIES,
            Right.SEE_SIGNUPS,
            Right.SEE_OWN_FIGURES,
            Right.SEE_LETTERS,
        }
    ),
    # The coordinator sees figures and no names, ever (promise 10).
    Role.COORDINATOR: frozenset({Right.SEE_ALL_FIGURES}),
    Role.PRIVACY_OFFICER: frozenset({Right.SEE_AUDIT}),
    # The administrator keeps the house; what is about children is none of it.
    Role.ADMIN: frozenset({Right.MANAGE_ACCOUNTS, Right.MANAGE_LIBRARIES, Right.SEE_AUDIT}),
}


def grants_of(memberships: Iterable[tuple[Role, int | None]]) -> frozenset[Grant]:
    """Return what somebody with these roles, each at a library or at none, may do where."""
    return frozenset(
        Grant(right=right, library_id=library_id)
        for role, library_id in memberships
        for right in RIGHTS[role]
    )


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Tell whether somebody with these roles must have a second factor before doing anything."""
    return any(role in NEEDS_SECOND_FACTOR for role in roles)
