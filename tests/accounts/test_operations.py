"""Inviting, recovering, and changing what somebody may do."""

import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from cryptography.fernet import MultiFernet
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.accounts.codes import code_at, lock_for
from booking.accounts.demo import DEMO_DOMAIN, add_demo_account, demo_sign_ins
from booking.accounts.factor_operations import (
    add_code_app,
    add_passkey,
    forget_second_factor,
    remove_code_app,
    remove_passkey,
    renew_recovery_codes,
    use_code,
)
from booking.accounts.operations import (
    accept_invitation,
    change_posts,
    end_sessions,
    invite,
    invite_again,
    invite_first_admin,
    invited_account,
    let_go,
    take_back,
)
from booking.accounts.own_operations import (
    account_to_reset,
    ask_for_reset,
    change_password,
    reset_password,
)
from booking.accounts.passkeys import NewPasskey
from booking.accounts.rules import AdminThere, SecondFactorNeeded, WrongCode
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.errors import NotFound
from booking.libraries.models import Installation, InstallationKind
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.staff.models import Account
from booking.staff.queries import get_account, has_second_factor
from booking.staff.rules import EmailTaken, LastAdmin, NoRole, Role
from booking.tokens import fingerprint
from booking.work import unit_of_work
from tests.accounts.conftest import PASSWORD_HASH, SECRET
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

LOCK: MultiFernet = lock_for(["a key of the tests"])


def _invite(session: Session, clock: StoppedClock, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "by": None,
        "email": "kari@example.org",
        "name": "Kari",
        "language": Language.NN,
        "posts": [(Role.COORDINATOR, None)],
    }
    return invite(session, clock, **{**values, **changes})


def _letters(session: Session, template: str) -> list[Letter]:
    return list(session.scalars(select(Letter).where(Letter.template == template).order_by(Letter.id)))


def _actions(session: Session) -> list[str]:
    write_down(session)
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def _able(session: Session, *roles: Role, **changes: Any) -> Account:
    return make_account(session, *(roles or (Role.LIBRARIAN,)), **{"password_hash": PASSWORD_HASH, **changes})


def _at_a_library(session: Session, **changes: Any) -> Account:
    return _able(session, Role.LIBRARIAN, library=make_library(session), **changes)


def _sealed(secret: str = SECRET) -> str:
    return LOCK.encrypt(secret.encode()).decode()


# --- Inviting


def test_who_is_invited_gets_a_letter_in_their_language_whose_link_they_answer_once(
    session: Session, clock: StoppedClock
) -> None:
    account = _invite(session, clock)
    (letter,) = _letters(session, "invitation")
    secret = letter.facts["secret"]

    accepted = accept_invitation(
        session, clock, purpose=Purpose.INVITATION, secret=secret, password_hash=PASSWORD_HASH
    )

    assert (letter.address, letter.language) == ("kari@example.org", Language.NN)
    assert accepted is account
    assert account.password_hash == PASSWORD_HASH
    with pytest.raises(NotFound):
        accept_invitation(session, clock, purpose=Purpose.INVITATION, secret=secret, password_hash="x")
    assert account.password_hash == PASSWORD_HASH
    assert _actions(session) == ["invited", "accepted_invitation"]


def test_the_secret_of_an_invitation_stands_in_no_table_but_the_letter(
    session: Session, clock: StoppedClock
) -> None:
    _invite(session, clock)
    secret = _letters(session, "invitation")[0].facts["secret"]

    link = session.scalars(select(Link)).one()

    assert link.fingerprint == fingerprint(secret)
    assert secret not in str(_actions(session))


@pytest.mark.parametrize(("hours", "opens"), [(71.99, True), (72, False)])
def test_an_invitation_is_open_for_three_days(
    session: Session, clock: StoppedClock, hours: float, opens: bool
) -> None:
    _invite(session, clock)
    secret = _letters(session, "invitation")[0].facts["secret"]
    clock.forward(hours=hours)

    try:
        invited_account(session, clock, purpose=Purpose.INVITATION, secret=secret)
        found = True
    except NotFound:
        found = False

    assert found == opens


def test_a_second_invitation_ends_the_first(session: Session, clock: StoppedClock) -> None:
    account = _invite(session, clock)
    clock.forward(hours=1)

    invite_again(session, clock, by=account.id, account_id=account.id)

    old, new = (letter.facts["secret"] for letter in _letters(session, "invitation"))
    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.INVITATION, secret=old)
    assert invited_account(session, clock, purpose=Purpose.INVITATION, secret=new)[0] is account


def test_nobody_is_invited_again_after_answering_or_after_being_let_go(
    session: Session, clock: StoppedClock
) -> None:
    able = _able(session, Role.COORDINATOR)
    gone = make_account(session, Role.COORDINATOR, active=False)

    for account in (able, gone):
        with pytest.raises(NotFound):
            invite_again(session, clock, by=able.id, account_id=account.id)


def test_an_invitation_of_somebody_let_go_opens_nothing(session: Session, clock: StoppedClock) -> None:
    admin = _able(session, Role.ADMIN)
    account = _invite(session, clock)
    secret = _letters(session, "invitation")[0].facts["secret"]
    let_go(session, clock, by=admin.id, account_id=account.id)
    take_back(session, clock, by=admin.id, account_id=account.id)

    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.INVITATION, secret=secret)


def test_an_address_is_invited_once_and_never_without_a_role(session: Session, clock: StoppedClock) -> None:
    _invite(session, clock)

    with pytest.raises(EmailTaken):
        _invite(session, clock, email="KARI@example.org")
    with pytest.raises(NoRole):
        _invite(session, clock, email="other@example.org", posts=[])


def test_the_first_administrator_begins_by_a_link_that_works_once_and_within_a_day(
    session: Session, clock: StoppedClock
) -> None:
    secret = invite_first_admin(session, clock, email="admin@example.org", name="Anne")
    again = invite_first_admin(session, clock, email="Admin@example.org", name="Anne")

    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.FIRST_ADMIN, secret=secret)
    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.INVITATION, secret=again)
    account = accept_invitation(
        session, clock, purpose=Purpose.FIRST_ADMIN, secret=again, password_hash=PASSWORD_HASH
    )

    assert [membership.role for membership in account.memberships] == [Role.ADMIN]
    with pytest.raises(AdminThere):
        invite_first_admin(session, clock, email="second@example.org", name="Berit")
    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.FIRST_ADMIN, secret=again)


def test_a_link_for_the_first_administrator_ends_after_a_day(session: Session, clock: StoppedClock) -> None:
    secret = invite_first_admin(session, clock, email="admin@example.org", name="Anne")
    clock.forward(hours=24)

    with pytest.raises(NotFound):
        invited_account(session, clock, purpose=Purpose.FIRST_ADMIN, secret=secret)


# --- Roles


def test_who_gets_other_roles_is_told_and_so_is_every_other_administrator(
    session: Session, clock: StoppedClock
) -> None:
    by, other = _able(session, Role.ADMIN), _able(session, Role.ADMIN)
    account = _at_a_library(session)
    key = account.session_key

    change_posts(session, clock, by=by.id, account_id=account.id, posts=[(Role.ADMIN, None)])

    told = {letter.address for letter in _letters(session, "roles_changed")}
    assert told == {account.email, other.email}
    assert account.session_key != key
    assert [membership.role for membership in account.memberships] == [Role.ADMIN]
    assert _actions(session) == ["changed_roles"]


def test_giving_the_roles_that_somebody_has_changes_nothing(session: Session, clock: StoppedClock) -> None:
    account = _able(session, Role.COORDINATOR)
    key = account.session_key

    change_posts(session, clock, by=account.id, account_id=account.id, posts=[(Role.COORDINATOR, None)])

    assert account.session_key == key
    assert _letters(session, "roles_changed") == []
    assert _actions(session) == []


def test_the_last_administrator_is_neither_let_go_nor_made_something_else(
    session: Session, clock: StoppedClock
) -> None:
    last = _able(session, Role.ADMIN)

    with pytest.raises(LastAdmin):
        let_go(session, clock, by=last.id, account_id=last.id)
    with pytest.raises(LastAdmin):
        change_posts(session, clock, by=last.id, account_id=last.id, posts=[(Role.COORDINATOR, None)])


def test_letting_go_twice_lets_go_once(session: Session, clock: StoppedClock) -> None:
    admin, account = _able(session, Role.ADMIN), _at_a_library(session)

    for act in (let_go, let_go, take_back, take_back):
        act(session, clock, by=admin.id, account_id=account.id)

    assert account.active
    assert _actions(session) == ["disabled", "enabled"]


def test_sessions_are_ended_by_an_administrator(session: Session, clock: StoppedClock) -> None:
    admin, account = _able(session, Role.ADMIN), _at_a_library(session)
    key = account.session_key

    end_sessions(session, clock, by=admin.id, account_id=account.id)

    assert account.session_key != key
    assert _actions(session) == ["signed_out_everywhere"]


# --- Passwords


def test_a_new_password_ends_sessions_and_open_resets_and_is_told(
    session: Session, clock: StoppedClock
) -> None:
    account = _at_a_library(session)
    key = account.session_key
    ask_for_reset(session, clock, email=account.email)
    secret = _letters(session, "password_reset")[0].facts["secret"]

    change_password(session, clock, account_id=account.id, password_hash="new")

    assert account.session_key != key
    assert [letter.address for letter in _letters(session, "password_changed")] == [account.email]
    with pytest.raises(NotFound):
        account_to_reset(session, clock, secret=secret)


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(
    session: Session, clock: StoppedClock
) -> None:
    account = _at_a_library(session, totp_secret=_sealed())
    ask_for_reset(session, clock, email=account.email.upper())
    secret = _letters(session, "password_reset")[0].facts["secret"]

    reset_password(session, clock, secret=secret, password_hash="new")

    assert account.password_hash == "new"
    assert has_second_factor(account)
    with pytest.raises(NotFound):
        reset_password(session, clock, secret=secret, password_hash="newer")


def test_a_new_way_back_in_ends_the_old_one_and_lasts_an_hour(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session)
    for _ in range(2):
        ask_for_reset(session, clock, email=account.email)
        clock.forward(minutes=1)

    old, new = (letter.facts["secret"] for letter in _letters(session, "password_reset"))
    with pytest.raises(NotFound):
        account_to_reset(session, clock, secret=old)
    assert account_to_reset(session, clock, secret=new) is account
    clock.forward(minutes=59)
    with pytest.raises(NotFound):
        account_to_reset(session, clock, secret=new)


@pytest.mark.parametrize("kind", ["nobody", "disabled", "invited"])
def test_asking_for_somebody_who_cannot_sign_in_leaves_nothing(
    session: Session, clock: StoppedClock, kind: str
) -> None:
    unusable: dict[str, dict[str, Any]] = {"disabled": {"active": False}, "invited": {"password_hash": None}}
    changes = unusable.get(kind, {})
    account = _at_a_library(session, **changes)

    ask_for_reset(session, clock, email="nobody@example.org" if kind == "nobody" else account.email)

    assert _letters(session, "password_reset") == []
    assert session.scalars(select(Link)).all() == []
    assert _actions(session) == ["asked_for_reset"]
    assert session.scalars(select(AuditEntry.subject_id)).one() is None


def test_who_is_let_go_after_asking_does_not_get_back_in(session: Session, clock: StoppedClock) -> None:
    admin, account = _able(session, Role.ADMIN), _at_a_library(session)
    ask_for_reset(session, clock, email=account.email)
    secret = _letters(session, "password_reset")[0].facts["secret"]
    let_go(session, clock, by=admin.id, account_id=account.id)

    with pytest.raises(NotFound):
        account_to_reset(session, clock, secret=secret)


def test_a_way_back_in_is_none_for_a_closed_account(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session)
    ask_for_reset(session, clock, email=account.email)
    secret = _letters(session, "password_reset")[0].facts["secret"]
    account.active = False

    with pytest.raises(NotFound):
        account_to_reset(session, clock, secret=secret)


# --- The second step


def test_an_app_is_added_once_it_shows_the_right_code(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session)
    key = account.session_key

    with pytest.raises(WrongCode):
        add_code_app(session, clock, account_id=account.id, secret=SECRET, code="000000", lock=LOCK)
    assert not has_second_factor(account)
    code = code_at(SECRET, clock())
    typed = f"{code[:3]} {code[3:]}"
    add_code_app(session, clock, account_id=account.id, secret=SECRET, code=typed, lock=LOCK)

    assert has_second_factor(account)
    assert SECRET not in (account.totp_secret or "")
    assert account.session_key != key
    assert len(_letters(session, "second_factor_changed")) == 1
    with pytest.raises(WrongCode):  # the code that added it opens nothing any more
        use_code(session, clock, account_id=account.id, code=code, lock=LOCK)


def test_the_last_way_is_kept_where_the_role_needs_one(session: Session, clock: StoppedClock) -> None:
    admin = _able(session, Role.ADMIN, totp_secret=_sealed())

    with pytest.raises(SecondFactorNeeded):
        remove_code_app(session, clock, account_id=admin.id)

    made = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, transports=["usb"])
    add_passkey(session, clock, account_id=admin.id, made=made, name="key")
    remove_code_app(session, clock, account_id=admin.id)
    with pytest.raises(SecondFactorNeeded):
        remove_passkey(session, clock, account_id=admin.id, passkey_id=admin.passkeys[0].id)
    assert has_second_factor(admin)


def test_somebody_whose_role_needs_none_may_do_without(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session, totp_secret=_sealed())
    renew_recovery_codes(session, clock, account_id=account.id)
    made = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, transports=[])
    add_passkey(session, clock, account_id=account.id, made=made, name="key")

    remove_code_app(session, clock, account_id=account.id)
    assert len(account.recovery_codes) == 10
    remove_passkey(session, clock, account_id=account.id, passkey_id=account.passkeys[0].id)

    assert not has_second_factor(account)
    assert account.recovery_codes == []


def test_a_passkey_of_somebody_else_is_not_found(session: Session, clock: StoppedClock) -> None:
    one, other = _at_a_library(session), _at_a_library(session)
    made = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, transports=[])
    add_passkey(session, clock, account_id=one.id, made=made, name="key")

    with pytest.raises(NotFound):
        remove_passkey(session, clock, account_id=other.id, passkey_id=one.passkeys[0].id)


def test_one_of_two_passkeys_may_go_even_where_the_role_needs_one(
    session: Session, clock: StoppedClock
) -> None:
    admin = _able(session, Role.ADMIN)
    for name in ("phone", "key"):
        made = NewPasskey(credential_id=name.encode(), public_key=b"2", sign_count=0, transports=[])
        add_passkey(session, clock, account_id=admin.id, made=made, name=name)

    remove_passkey(session, clock, account_id=admin.id, passkey_id=admin.passkeys[0].id)

    assert [passkey.name for passkey in admin.passkeys] == ["key"]


def test_who_has_only_a_passkey_cannot_type_a_code(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session)
    made = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, transports=[])
    add_passkey(session, clock, account_id=account.id, made=made, name="key")

    with pytest.raises(WrongCode):
        use_code(session, clock, account_id=account.id, code="123456", lock=LOCK)


def test_a_sheet_of_recovery_codes_replaces_the_one_before(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session, totp_secret=_sealed())
    old = renew_recovery_codes(session, clock, account_id=account.id)
    new = renew_recovery_codes(session, clock, account_id=account.id)

    with pytest.raises(WrongCode):
        use_code(session, clock, account_id=account.id, code=old[0], lock=LOCK)
    use_code(session, clock, account_id=account.id, code=new[0], lock=LOCK)

    assert len(account.recovery_codes) == 9
    assert not set(new) & set(account.recovery_codes)
    assert [letter.facts["left"] for letter in _letters(session, "recovery_code_used")] == [9]


def test_without_a_second_step_there_is_no_sheet(session: Session, clock: StoppedClock) -> None:
    account = _at_a_library(session)

    with pytest.raises(NotFound):
        renew_recovery_codes(session, clock, account_id=account.id)


def test_a_secret_that_no_key_opens_any_more_leaves_the_recovery_codes(
    session: Session, clock: StoppedClock
) -> None:
    account = _at_a_library(session, totp_secret=_sealed())
    sheet = renew_recovery_codes(session, clock, account_id=account.id)
    other_lock = lock_for(["another key"])

    with pytest.raises(WrongCode):
        use_code(session, clock, account_id=account.id, code=code_at(SECRET, clock()), lock=other_lock)
    assert use_code(session, clock, account_id=account.id, code=sheet[3], lock=other_lock) is account


def test_who_lost_everything_begins_anew(session: Session, clock: StoppedClock) -> None:
    admin, account = _able(session, Role.ADMIN), _at_a_library(session, totp_secret=_sealed())
    renew_recovery_codes(session, clock, account_id=account.id)
    key = account.session_key

    forget_second_factor(session, clock, by=admin.id, account_id=account.id)

    assert not has_second_factor(account)
    assert account.recovery_codes == []
    assert account.session_key != key
    assert [letter.address for letter in _letters(session, "second_factor_changed")] == [account.email]


def _at_once(app: Flask, act: Callable[[Session, Any], object], times: int = 4) -> list[str]:
    start, ends = threading.Barrier(times), []

    def run() -> None:
        start.wait()
        try:
            with app.app_context(), unit_of_work() as (session, clock):
                act(session, clock)
            ends.append("done")
        except (NotFound, WrongCode, LastAdmin) as refusal:
            ends.append(refusal.code)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


@pytest.mark.race
def test_a_code_opens_once_also_when_it_is_typed_in_many_places_at_once(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        account_id = _at_a_library(session, totp_secret=_sealed()).id
    code = code_at(SECRET, clock())

    ends = _at_once(app, lambda held, now: use_code(held, now, account_id=account_id, code=code, lock=LOCK))

    assert ends == ["done", "wrong_code", "wrong_code", "wrong_code"]


@pytest.mark.race
def test_a_way_back_in_opens_once_also_when_it_is_used_twice_at_once(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        ask_for_reset(session, clock, email=_at_a_library(session).email)
        secret = _letters(session, "password_reset")[0].facts["secret"]

    ends = _at_once(app, lambda held, now: reset_password(held, now, secret=secret, password_hash="new"))

    assert ends == ["done", "not_found", "not_found", "not_found"]


@pytest.mark.race
def test_two_administrators_cannot_let_each_other_go_at_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        pair = [_able(session, Role.ADMIN).id for _ in range(2)]
    left = list(pair)

    ends = _at_once(app, lambda held, now: let_go(held, now, by=pair[0], account_id=left.pop()), times=2)

    assert ends == ["done", "last_admin"]


# --- The demonstration


def test_accounts_of_the_demonstration_are_shown_with_a_code_that_opens(
    session: Session, clock: StoppedClock
) -> None:
    session.add(Installation(id=1, kind=InstallationKind.DEMO, begun_at=clock()))
    _able(session, Role.ADMIN, totp_secret=_sealed())
    add_demo_account(
        session,
        clock,
        login="koordinator",
        name="Kim",
        posts=[(Role.COORDINATOR, None)],
        password_hash=PASSWORD_HASH,
        totp_secret=SECRET,
        lock=LOCK,
    )

    for _ in range(2):  # also when the present code was used already
        (shown,) = demo_sign_ins(session, clock, lock=LOCK)
        assert shown.email == f"koordinator{DEMO_DOMAIN}"
        assert re.fullmatch(r"\d{6}", shown.code or "")
        account = session.scalars(select(Account).where(Account.email == shown.email)).one()
        use_code(session, clock, account_id=account.id, code=shown.code or "", lock=LOCK)


def test_no_account_is_shown_where_the_data_is_real(session: Session, clock: StoppedClock) -> None:
    add_demo_account(
        session,
        clock,
        login="admin",
        name="Anne",
        posts=[(Role.ADMIN, None)],
        password_hash=PASSWORD_HASH,
        totp_secret=None,
        lock=LOCK,
    )

    nothing_known = demo_sign_ins(session, clock, lock=LOCK)
    session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=clock()))
    session.flush()

    assert list(nothing_known) == []
    assert list(demo_sign_ins(session, clock, lock=LOCK)) == []
    assert get_account(session, 1).password_hash == PASSWORD_HASH
