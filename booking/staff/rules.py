"""Who may do what: the one table of rights."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal
from booking.rights import Grant, Right


class Role(StrEnum):
    """What a member of staff is, at one library or across them all."""

    DOOR = "door"
    LIBRARIAN = "librarian"
    COORDINATOR = "coordinator"
    PRIVACY_OFFICER = "privacy_officer"
    ADMIN = "admin"


Post = tuple[Role, int | None]
"""A role, and the library at which it is held; none for a role that reaches across them all."""


class EmailTaken(Refusal):
    """Somebody has an account with this address already."""

    code: ClassVar[str] = "email_taken"
    field: ClassVar[str | None] = "email"


class NoRole(Refusal):
    """An account without a role could sign in and do nothing."""

    code: ClassVar[str] = "no_role"
    field: ClassVar[str | None] = "posts"


class LastAdmin(Refusal):
    """Without an administrator nobody could let anybody in any more."""

    code: ClassVar[str] = "last_admin"


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
            # A key reads the exact figures that they see themselves.
            Right.MANAGE_KEYS,
            Right.SEE_PLAN,
        }
    ),
    # The coordinator sees figures and no names, ever (promise 10).
    Role.COORDINATOR: frozenset(
        {Right.SEE_ALL_FIGURES, Right.SET_TARGETS, Right.SEE_PLAN, Right.MANAGE_PLAN}
    ),
    Role.PRIVACY_OFFICER: frozenset({Right.SEE_AUDIT, Right.SEE_TEXTS}),
    # The administrator keeps the house; what is about children is none of it.
    # An invitation that did not arrive is seen by whoever can send another one.
    Role.ADMIN: frozenset(
        {
            Right.MANAGE_ACCOUNTS,
            Right.MANAGE_LIBRARIES,
            Right.SEE_AUDIT,
            Right.SEE_LETTERS,
            Right.SEE_TEXTS,
            Right.MANAGE_TEXTS,
        }
    ),
}


def grants_of(posts: Iterable[Post]) -> frozenset[Grant]:
    """Return what somebody with these roles, each at a library or at none, may do where."""
    return frozenset(
        Grant(right=right, library_id=library_id) for role, library_id in posts for right in RIGHTS[role]
    )


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Tell whether somebody with these roles must have a second factor before doing anything."""
    return any(role in NEEDS_SECOND_FACTOR for role in roles)


def is_only_at_the_door(roles: Collection[Role]) -> bool:
    """Tell whether somebody with these roles ticks off children at the door and does nothing else."""
    return set(roles) == {Role.DOOR}


def check_posts(posts: Collection[Post]) -> None:
    """Refuse NoRole for none at all, or for a role that misses its library or has one too many."""
    if not posts or any((role in AT_A_LIBRARY) != (library_id is not None) for role, library_id in posts):
        raise NoRole
