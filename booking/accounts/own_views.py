"""Somebody's own account: the password, the second step, and the sheet of recovery codes."""

from dataclasses import replace
from typing import Any, Final

import segno
from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.accounts import passes
from booking.accounts.codes import new_totp_secret, provisioning_address
from booking.accounts.factor_operations import (
    add_code_app,
    add_passkey,
    remove_code_app,
    remove_passkey,
    renew_recovery_codes,
)
from booking.accounts.forms import CodeForm, NewPasskeyForm, NewPasswordForm
from booking.accounts.guard import (
    before_second_factor,
    current_account,
    current_pass,
    locks,
    proved_again,
    site,
)
from booking.accounts.operations import end_sessions
from booking.accounts.own_operations import change_password
from booking.accounts.passkeys import checked_new, new_challenge, options_to_make
from booking.accounts.passwords import new_hash
from booking.accounts.rules import SecondFactorNeeded, WrongPasskey
from booking.accounts.views import blueprint
from booking.doors import signed_in
from booking.errors import Refusal
from booking.i18n import say
from booking.staff.models import Account
from booking.staff.queries import has_second_factor
from booking.staff.rules import needs_second_factor
from booking.work import unit_of_work

_SECRET: Final = "code_app_to_be"
_CHALLENGE: Final = "passkey_to_be"


@blueprint.get("/staff/account")
@signed_in
def show_own_account() -> ResponseReturnValue:
    return render_template("accounts/own_account.html", account=current_account(), **_standing())


@blueprint.get("/staff/account/second-step")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def show_second_factor() -> ResponseReturnValue:
    form = NewPasskeyForm(formdata=None)
    return render_template("accounts/second_factor.html", form=form, **_standing())


@blueprint.get("/staff/account/password")
@signed_in
@proved_again("accounts.show_password")
def show_password() -> ResponseReturnValue:
    return render_template("accounts/password.html", form=NewPasswordForm(formdata=None))


@blueprint.post("/staff/account/password")
@signed_in
@proved_again("accounts.show_password")
def save_password() -> ResponseReturnValue:
    form, account = NewPasswordForm(), current_account()
    try:
        hashed = new_hash(locks().hasher, account, form.password.data or "") if form.validate() else None
    except Refusal as refusal:
        form.refuse(refusal)
        hashed = None
    if hashed is None:
        return render_template("accounts/password.html", form=form), 422
    with unit_of_work() as (database_session, clock):
        account = change_password(database_session, clock, account_id=account.id, password_hash=hashed)
    return _done(account, gettext("Your new password is in place. You are signed out everywhere else."))


@blueprint.post("/staff/account/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    own_id = current_account().id
    with unit_of_work() as (database_session, clock):
        end_sessions(database_session, clock, by=own_id, account_id=own_id)
    session.clear()
    passes.take_back()
    flash(gettext("You are signed out everywhere."), "done")
    return redirect(url_for("accounts.show_sign_in"), code=303)


@blueprint.post("/staff/account/code-app")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def begin_code_app() -> ResponseReturnValue:
    session[_SECRET] = new_totp_secret()
    return redirect(url_for("accounts.show_code_app"), code=303)


@blueprint.get("/staff/account/code-app")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def show_code_app() -> ResponseReturnValue:
    if _SECRET not in session:
        return redirect(url_for("accounts.show_second_factor"), code=303)
    return _code_app_page(CodeForm(formdata=None))


@blueprint.post("/staff/account/code-app/confirm")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def confirm_code_app() -> ResponseReturnValue:
    form, secret = CodeForm(), session.get(_SECRET)
    if secret is None:
        return redirect(url_for("accounts.show_second_factor"), code=303)
    if not form.validate():
        return _code_app_page(form), 422
    try:
        account = _with_code_app(secret, form.code.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
        return _code_app_page(form), 422
    return _done(account, gettext("The app is added. From now on you type a code from it when you sign in."))


def _with_code_app(secret: str, code: str) -> Account:
    own_id, lock = current_account().id, locks().code_apps
    with unit_of_work() as (database_session, clock):
        return add_code_app(database_session, clock, account_id=own_id, secret=secret, code=code, lock=lock)


@blueprint.post("/staff/account/code-app/remove")
@signed_in
@proved_again("accounts.show_own_account")
def drop_code_app() -> ResponseReturnValue:
    try:
        with unit_of_work() as (database_session, clock):
            account = remove_code_app(database_session, clock, account_id=current_account().id)
    except SecondFactorNeeded as refusal:
        return _refused(refusal)
    return _done(account, gettext("The app is removed."))


@blueprint.post("/staff/account/passkeys/options")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def offer_passkey() -> ResponseReturnValue:
    session[_CHALLENGE] = new_challenge()
    return options_to_make(site(), current_account(), session[_CHALLENGE])


@blueprint.post("/staff/account/passkeys")
@signed_in
@before_second_factor
@proved_again("accounts.show_second_factor")
def save_passkey() -> ResponseReturnValue:
    form = NewPasskeyForm()
    try:
        if form.validate():
            account = _with_passkey(form.credential.data or "", form.name.data or "")
            return _done(account, gettext("The passkey is added. You can use it when you sign in."))
    except Refusal as refusal:
        form.refuse(refusal)
    return render_template("accounts/second_factor.html", form=form, **_standing()), 422


def _with_passkey(credential: str, name: str) -> Account:
    challenge = session.pop(_CHALLENGE, None)
    if challenge is None:
        raise WrongPasskey
    made = checked_new(site(), credential, challenge)
    with unit_of_work() as (database_session, clock):
        return add_passkey(database_session, clock, account_id=current_account().id, made=made, name=name)


@blueprint.post("/staff/account/passkeys/<int:passkey_id>/remove")
@signed_in
@proved_again("accounts.show_own_account")
def drop_passkey(passkey_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (database_session, clock):
            own_id = current_account().id
            account = remove_passkey(database_session, clock, account_id=own_id, passkey_id=passkey_id)
    except SecondFactorNeeded as refusal:
        return _refused(refusal)
    return _done(account, gettext("The passkey is removed."))


@blueprint.post("/staff/account/recovery-codes")
@signed_in
@proved_again("accounts.show_own_account")
def show_new_recovery_codes() -> ResponseReturnValue:
    # The codes stand in this one answer and nowhere else, so there is no page to be led to.
    with unit_of_work() as (database_session, clock):
        codes = renew_recovery_codes(database_session, clock, account_id=current_account().id)
    return render_template("accounts/recovery_codes.html", codes=codes)


def _standing() -> dict[str, Any]:
    account = current_account()
    return {
        "is_needed": needs_second_factor(membership.role for membership in account.memberships),
        "is_there": has_second_factor(account),
        "has_code_app": account.totp_secret is not None,
        "passkeys": account.passkeys,
        "can_have_passkeys": site().can_have_passkeys,
        "codes_left": len(account.recovery_codes),
    }


def _code_app_page(form: CodeForm) -> str:
    secret, email = session[_SECRET], current_account().email
    picture = segno.make(provisioning_address(secret, email), error="m").svg_data_uri(
        scale=5, border=3, light="white"
    )
    key = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("accounts/code_app.html", form=form, picture=picture, key=key)


def _done(account: Account, words: str) -> ResponseReturnValue:
    # The change ended every session, this one too: it goes on under the new key.
    own_pass = replace(
        current_pass(), session_key=account.session_key, second_factor=has_second_factor(account)
    )
    session.clear()
    passes.hand_out(own_pass)
    flash(words, "done")
    return redirect(url_for("accounts.show_own_account"), code=303)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    flash(say(refusal), "problem")
    return redirect(url_for("accounts.show_own_account"), code=303)
