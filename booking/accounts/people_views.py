"""The page of accounts: who works here, who may do what, and who is let go."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.accounts.factor_operations import forget_second_factor
from booking.accounts.forms import InvitationForm, PostsForm, value_of
from booking.accounts.guard import proved_again
from booking.accounts.messages import ROLE_HINTS, ROLE_NAMES
from booking.accounts.operations import (
    change_posts,
    end_sessions,
    invite,
    invite_again,
    let_go,
    take_back,
)
from booking.accounts.views import blueprint
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import say
from booking.libraries.models import Library
from booking.libraries.queries import all_libraries
from booking.libraries.rules import Language
from booking.rights import Right
from booking.staff.models import Account
from booking.staff.queries import all_accounts, get_account, has_second_factor
from booking.staff.rules import AT_A_LIBRARY, LastAdmin, Role
from booking.work import reading, unit_of_work

Offering = TypeVar("Offering", bound=PostsForm)


@blueprint.get("/staff/accounts")
@staff(Right.MANAGE_ACCOUNTS)
def list_accounts() -> ResponseReturnValue:
    with reading() as (session, _clock):
        accounts, libraries = all_accounts(session), all_libraries(session)
    rows = [_row(account, libraries) for account in accounts]
    return render_template("accounts/accounts.html", rows=rows)


@blueprint.get("/staff/accounts/new")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_new_account")
def show_new_account() -> ResponseReturnValue:
    return _invitation_page(_offering(InvitationForm(formdata=None)))


@blueprint.post("/staff/accounts")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_new_account")
def send_invitation() -> ResponseReturnValue:
    form = _offering(InvitationForm())
    if not form.validate():
        return _invitation_page(form), 422
    try:
        account = _invited(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _invitation_page(form), 422
    return _done(account, gettext("The invitation is on its way. It can be answered for three days."))


def _invited(form: InvitationForm) -> Account:
    with unit_of_work() as (session, clock):
        return invite(
            session,
            clock,
            by=current_visitor().account_id,
            email=form.email.data or "",
            name=form.name.data or "",
            language=Language(form.language.data),
            posts=form.chosen(),
        )


@blueprint.get("/staff/accounts/<int:account_id>")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def show_account(account_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        account = get_account(session, account_id)
    form = _offering(PostsForm(formdata=None))
    form.posts.data = [value_of((held.role, held.library_id)) for held in account.memberships]
    return _account_page(form, account)


@blueprint.post("/staff/accounts/<int:account_id>/roles")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def change_roles(account_id: int) -> ResponseReturnValue:
    form, by = _offering(PostsForm()), current_visitor().account_id
    with reading() as (session, _clock):
        account = get_account(session, account_id)
    if not form.validate():
        return _account_page(form, account), 422
    try:
        with unit_of_work() as (session, clock):
            account = change_posts(session, clock, by=by, account_id=account_id, posts=form.chosen())
    except Refusal as refusal:
        form.refuse(refusal)
        return _account_page(form, account), 422
    return _done(account, gettext("The roles are changed, and those concerned are told by letter."))


@blueprint.post("/staff/accounts/<int:account_id>/invite-again")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def send_invitation_again(account_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        account = invite_again(session, clock, by=current_visitor().account_id, account_id=account_id)
    return _done(account, gettext("A new invitation is on its way. The old one no longer works."))


@blueprint.post("/staff/accounts/<int:account_id>/disable")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def disable_account(account_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            account = let_go(session, clock, by=current_visitor().account_id, account_id=account_id)
    except LastAdmin as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for("accounts.show_account", account_id=account_id), code=303)
    return _done(account, gettext("The account is closed. It opens nothing from this moment on."))


@blueprint.post("/staff/accounts/<int:account_id>/enable")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def enable_account(account_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        account = take_back(session, clock, by=current_visitor().account_id, account_id=account_id)
    return _done(account, gettext("The account is open again."))


@blueprint.post("/staff/accounts/<int:account_id>/sign-out")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def sign_account_out(account_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        account = end_sessions(session, clock, by=current_visitor().account_id, account_id=account_id)
    return _done(account, gettext("The account is signed out everywhere."))


@blueprint.post("/staff/accounts/<int:account_id>/forget-second-step")
@staff(Right.MANAGE_ACCOUNTS)
@proved_again("accounts.show_account")
def drop_second_factor(account_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        account = forget_second_factor(session, clock, by=current_visitor().account_id, account_id=account_id)
    return _done(account, gettext("The second step is removed. It can be set up again at the next sign-in."))


def _row(account: Account, libraries: Sequence[Library]) -> dict[str, Any]:
    names = {library.id: library.name for library in libraries}
    return {
        "account": account,
        "standing": _standing(account),
        "has_second_factor": has_second_factor(account),
        "roles": [_post_words(held.role, names.get(held.library_id or 0)) for held in account.memberships],
    }


def _standing(account: Account) -> str:
    if not account.active:
        return "closed"
    return "open" if account.password_hash else "invited"


def _post_words(role: Role, library_name: str | None) -> str:
    name = gettext(ROLE_NAMES[role])
    words = gettext("%(role)s, %(library)s", role=name, library=library_name) if library_name else name
    return str(words)


def _offering(form: Offering) -> Offering:
    with reading() as (session, _clock):
        libraries = all_libraries(session)
    form.offer([*_at_libraries(libraries), *_across()])
    return form


def _at_libraries(libraries: Sequence[Library]) -> list[tuple[str, str]]:
    return [
        (value_of((role, library.id)), _post_words(role, library.name))
        for library in libraries
        for role in (Role.LIBRARIAN, Role.DOOR)
    ]


def _across() -> list[tuple[str, str]]:
    return [
        (value_of((role, None)), gettext("%(role)s – %(does)s", role=name, does=gettext(ROLE_HINTS[role])))
        for role in Role
        if role not in AT_A_LIBRARY
        for name in (gettext(ROLE_NAMES[role]),)
    ]


def _invitation_page(form: InvitationForm) -> str:
    return render_template("accounts/new_account.html", form=form)


def _account_page(form: PostsForm, account: Account) -> str:
    return render_template(
        "accounts/account.html",
        form=form,
        account=account,
        standing=_standing(account),
        has_second_factor=has_second_factor(account),
        is_own=account.id == current_visitor().account_id,
    )


def _done(account: Account, words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("accounts.show_account", account_id=account.id), code=303)
