"""Who works here, and what they may do."""

import pytest
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.libraries.rules import Language
from booking.rights import Right
from booking.staff.models import Account
from booking.staff.operations import (
    add_account,
    disable,
    enable,
    set_memberships,
    sign_out_everywhere,
)
from booking.staff.queries import (
    active_admins,
    all_accounts,
    find_account,
    find_signed_in,
    get_account,
    names_of,
    visitor_of,
)
from booking.staff.rules import (
    RIGHTS,
    EmailTaken,
    LastAdmin,
    NoRole,
    Post,
    Role,
    check_posts,
    grants_of,
    is_only_at_the_door,
    needs_second_factor,
)
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library


def _add(session: Session, clock: StoppedClock, *posts: Post, email: str = "kari@example.org") -> Account:
    return add_account(
        session, clock, email=email, name="Kari", language=Language.NB, posts=posts or [(Role.ADMIN, None)]
    )


def test_every_role_has_its_rights_and_only_those_about_children_are_held_at_a_library() -> None:
    about_children = {Right.TAKE_ATTENDANCE, Right.SEE_SIGNUPS, Right.SEE_TODAY, Right.CLOSE_MEETING}

    assert set(RIGHTS) == set(Role)
    assert all(not RIGHTS[role] & about_children for role in set(Role) - {Role.DOOR, Role.LIBRARIAN})


def test_a_right_reaches_no_further_than_the_role_that_gives_it() -> None:
    grants = grants_of([(Role.DOOR, 1), (Role.COORDINATOR, None)])

    at_door = {grant.right for grant in grants if grant.library_id == 1}
    across = {grant.right for grant in grants if grant.library_id is None}
    assert at_door == RIGHTS[Role.DOOR]
    assert across == RIGHTS[Role.COORDINATOR]


@pytest.mark.parametrize(
    ("roles", "needed"),
    [
        ([Role.DOOR], False),
        ([Role.LIBRARIAN, Role.DOOR], False),
        ([Role.LIBRARIAN, Role.COORDINATOR], True),
        ([Role.PRIVACY_OFFICER], True),
        ([Role.ADMIN], True),
    ],
)
def test_roles_that_reach_far_need_a_second_factor(roles: list[Role], needed: bool) -> None:
    assert needs_second_factor(roles) == needed


@pytest.mark.parametrize(
    ("roles", "only"), [([Role.DOOR], True), ([Role.DOOR, Role.LIBRARIAN], False), ([], False)]
)
def test_somebody_is_only_at_the_door_without_any_other_role(roles: list[Role], only: bool) -> None:
    assert is_only_at_the_door(roles) == only


@pytest.mark.parametrize(
    "posts", [[], [(Role.DOOR, None)], [(Role.ADMIN, 3)], [(Role.ADMIN, None), (Role.LIBRARIAN, None)]]
)
def test_a_role_without_its_library_is_no_role(posts: list[Post]) -> None:
    with pytest.raises(NoRole):
        check_posts(posts)


def test_an_address_has_one_account_however_it_is_written(session: Session, clock: StoppedClock) -> None:
    account = _add(session, clock, email=" Kari@Example.org ")

    assert find_account(session, "KARI@example.ORG") is account
    with pytest.raises(EmailTaken):
        _add(session, clock, email="kari@example.org")


def test_memberships_are_replaced_as_a_whole(session: Session, clock: StoppedClock) -> None:
    one, other = make_library(session), make_library(session)
    account = _add(session, clock, (Role.DOOR, one.id), (Role.LIBRARIAN, one.id))
    kept = next(held for held in account.memberships if held.role is Role.LIBRARIAN)

    changed = set_memberships(
        session, account=account, posts=[(Role.LIBRARIAN, one.id), (Role.DOOR, other.id)]
    )
    again = set_memberships(session, account=account, posts=[(Role.LIBRARIAN, one.id), (Role.DOOR, other.id)])

    assert (changed, again) == (True, False)
    assert kept in account.memberships
    assert visitor_of(account).libraries(Right.SEE_SIGNUPS) == {one.id}
    assert visitor_of(account).libraries(Right.SEE_TODAY) == {one.id, other.id}


def test_the_last_administrator_stays(session: Session, clock: StoppedClock) -> None:
    last = make_account(session, Role.ADMIN, password_hash="x")

    with pytest.raises(LastAdmin):
        disable(session, account=last)
    with pytest.raises(LastAdmin):
        set_memberships(session, account=last, posts=[(Role.COORDINATOR, None)])

    make_account(session, Role.ADMIN, password_hash="x")
    disable(session, account=last)
    assert not last.active


def test_an_administrator_who_never_answered_the_invitation_does_not_count(session: Session) -> None:
    able = make_account(session, Role.ADMIN, password_hash="x")
    make_account(session, Role.ADMIN)
    make_account(session, Role.ADMIN, password_hash="x", active=False)
    make_account(session, Role.COORDINATOR, password_hash="x")

    assert active_admins(session) == [able]


def test_who_is_disabled_or_signed_out_everywhere_is_signed_in_nowhere(session: Session) -> None:
    account = make_account(session, Role.COORDINATOR)
    first = account.session_key

    sign_out_everywhere(account=account)
    session.flush()

    assert find_signed_in(session, first) is None
    assert find_signed_in(session, account.session_key) is account

    disable(session, account=account)
    session.flush()
    assert find_signed_in(session, account.session_key) is None

    enable(account=account)
    session.flush()
    assert find_signed_in(session, account.session_key) is account


def test_accounts_stand_by_name_and_those_let_go_come_last(session: Session) -> None:
    gone = make_account(session, Role.ADMIN, name="Anne", active=False)
    two = make_account(session, Role.ADMIN, name="Berit")
    one = make_account(session, Role.ADMIN, name="Arne")

    assert all_accounts(session) == [one, two, gone]
    assert names_of(session, [one.id, two.id]) == {one.id: "Arne", two.id: "Berit"}


def test_an_account_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_account(session, 1)
