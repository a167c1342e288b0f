"""The ways in that come by letter: an invitation, and a new password for a forgotten one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.accounts.forms import ForgottenForm, NewPasswordForm
from booking.accounts.guard import locks
from booking.accounts.operations import accept_invitation, invited_account
from booking.accounts.own_operations import account_to_reset, ask_for_reset, reset_password
from booking.accounts.passwords import new_hash
from booking.accounts.views import blueprint, entered
from booking.doors import link_holder, public
from booking.errors import Refusal
from booking.limits import form_value, limiter
from booking.links.rules import Purpose
from booking.staff.models import Account
from booking.work import reading, unit_of_work


@blueprint.get("/staff/forgotten-password")
@public
def show_forgotten() -> ResponseReturnValue:
    return render_template("accounts/forgotten.html", form=ForgottenForm(formdata=None))


@blueprint.post("/staff/forgotten-password")
@public
@limiter.limit("3/hour", key_func=form_value("email"))
@limiter.limit("20/hour")
def ask_for_password() -> ResponseReturnValue:
    form = ForgottenForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form), 422
    with unit_of_work() as (session, clock):
        ask_for_reset(session, clock, email=form.email.data or "")
    return redirect(url_for("accounts.show_asked"), code=303)


@blueprint.get("/staff/forgotten-password/asked")
@public
def show_asked() -> ResponseReturnValue:
    return render_template("accounts/asked.html")


@blueprint.get("/staff/new-password/<token>")
@link_holder
def show_new_password(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        account = account_to_reset(session, clock, secret=token)
    return _new_password_page(NewPasswordForm(formdata=None), account, token)


@blueprint.post("/staff/new-password/<token>")
@link_holder
def choose_new_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    with reading() as (session, clock):
        account = account_to_reset(session, clock, secret=token)
    hashed = _hashed(form, account)
    if hashed is None:
        return _new_password_page(form, account, token), 422
    with unit_of_work() as (session, clock):
        reset_password(session, clock, secret=token, password_hash=hashed)
    flash(gettext("Your new password is in place. Sign in with it now."), "done")
    return redirect(url_for("accounts.show_sign_in"), code=303)


@blueprint.get("/staff/invitations/<token>")
@link_holder
def show_invitation(token: str) -> ResponseReturnValue:
    return _show_invited(Purpose.INVITATION, token)


@blueprint.post("/staff/invitations/<token>")
@link_holder
def accept(token: str) -> ResponseReturnValue:
    return _accept(Purpose.INVITATION, token)


@blueprint.get("/staff/first-administrator/<token>")
@link_holder
def show_first_admin(token: str) -> ResponseReturnValue:
    return _show_invited(Purpose.FIRST_ADMIN, token)


@blueprint.post("/staff/first-administrator/<token>")
@link_holder
def begin_as_first_admin(token: str) -> ResponseReturnValue:
    return _accept(Purpose.FIRST_ADMIN, token)


def _show_invited(purpose: Purpose, token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        account, _link = invited_account(session, clock, purpose=purpose, secret=token)
    return _invitation_page(NewPasswordForm(formdata=None), account)


def _accept(purpose: Purpose, token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    with reading() as (session, clock):
        invited, _link = invited_account(session, clock, purpose=purpose, secret=token)
    hashed = _hashed(form, invited)
    if hashed is None:
        return _invitation_page(form, invited), 422
    with unit_of_work() as (session, clock):
        account = accept_invitation(session, clock, purpose=purpose, secret=token, password_hash=hashed)
    flash(gettext("Welcome! Your account is ready."), "done")
    return entered(account, None, second_factor=False)


def _hashed(form: NewPasswordForm, account: Account) -> str | None:
    # Before any lock is held: hashing takes a third of a second.
    if not form.validate():
        return None
    try:
        return new_hash(locks().hasher, account, form.password.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _new_password_page(form: NewPasswordForm, account: Account, token: str) -> str:
    return render_template("accounts/new_password.html", form=form, account=account, token=token)


def _invitation_page(form: NewPasswordForm, account: Account) -> str:
    return render_template("accounts/invitation.html", form=form, account=account)
