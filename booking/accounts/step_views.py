"""The second step of signing in: a code from an app, a passkey, or a recovery code."""

from datetime import UTC, datetime
from typing import Final

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from booking.accounts.factor_operations import use_code, use_passkey
from booking.accounts.forms import CodeForm, CredentialForm
from booking.accounts.guard import locks, site
from booking.accounts.passkeys import options_to_use
from booking.accounts.rules import SECOND_STEP, SignInTimedOut
from booking.accounts.sign_in_operations import note_refused_sign_in
from booking.accounts.views import SECOND_STEP_KEY, blueprint, entered
from booking.doors import public
from booking.errors import Refusal
from booking.i18n import say
from booking.limits import limiter, visitor_address
from booking.staff.models import Account
from booking.staff.queries import find_signed_in
from booking.work import reading, unit_of_work

_NO_STORE: Final = {"Cache-Control": "no-store"}


def account_in_second_step() -> str:
    """Count by whose password was right, so that codes cannot be guessed from many places either."""
    step = session.get(SECOND_STEP_KEY)
    return str(step["key"]) if step else visitor_address()


@blueprint.get("/staff/sign-in/second-step")
@public
def show_second_step() -> ResponseReturnValue:
    account = _account_in_step()
    if account is None:
        return _start_again()
    return _second_step_page(CodeForm(formdata=None), account), 200, _NO_STORE


@blueprint.post("/staff/sign-in/code")
@public
@limiter.limit("30/day", key_func=account_in_second_step)
@limiter.limit("8/10 minutes", key_func=account_in_second_step)
def check_code() -> ResponseReturnValue:
    form, account = CodeForm(), _account_in_step()
    if account is None:
        return _start_again()
    if not form.validate():
        return _second_step_page(form, account), 422, _NO_STORE
    try:
        with unit_of_work() as (database_session, clock):
            code, lock = form.code.data or "", locks().code_apps
            use_code(database_session, clock, account_id=account.id, code=code, lock=lock)
    except Refusal as refusal:
        return _refused_step(form, account, refusal)
    return entered(account, session[SECOND_STEP_KEY]["next"], second_factor=True)


@blueprint.post("/staff/sign-in/passkey")
@public
@limiter.limit("30/day", key_func=account_in_second_step)
def check_passkey() -> ResponseReturnValue:
    form, account = CredentialForm(), _account_in_step()
    if account is None:
        return _start_again()
    try:
        _use_passkey(account, (form.credential.data or "") if form.validate() else "")
    except Refusal as refusal:
        return _refused_step(CodeForm(formdata=None), account, refusal)
    return entered(account, session[SECOND_STEP_KEY]["next"], second_factor=True)


def _use_passkey(account: Account, credential: str) -> None:
    challenge = session[SECOND_STEP_KEY]["challenge"]
    with unit_of_work() as (database_session, clock):
        use_passkey(
            database_session,
            clock,
            account_id=account.id,
            credential=credential,
            challenge=challenge,
            site=site(),
        )


def _account_in_step() -> Account | None:
    step = session.get(SECOND_STEP_KEY)
    with reading() as (database_session, clock):
        if step is None or clock() - datetime.fromtimestamp(step["at"], UTC) > SECOND_STEP:
            return None
        return find_signed_in(database_session, step["key"])


def _start_again() -> ResponseReturnValue:
    session.pop(SECOND_STEP_KEY, None)
    flash(say(SignInTimedOut()), "notice")
    return redirect(url_for("accounts.show_sign_in"), code=303)


def _refused_step(form: CodeForm, account: Account, refusal: Refusal) -> ResponseReturnValue:
    with unit_of_work() as (database_session, clock):
        note_refused_sign_in(database_session, clock, account=account)
    form.refuse(refusal)
    return _second_step_page(form, account), 422, _NO_STORE


def _second_step_page(form: CodeForm, account: Account) -> str:
    options = (
        options_to_use(site(), account, session[SECOND_STEP_KEY]["challenge"]) if account.passkeys else None
    )
    return render_template(
        "accounts/second_step.html",
        form=form,
        credential_form=CredentialForm(formdata=None),
        options=options,
        has_code_app=account.totp_secret is not None,
    )
