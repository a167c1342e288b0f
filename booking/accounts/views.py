"""Signing in, in one step or two, and out again."""

import re
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from booking.accounts import passes
from booking.accounts.demo import DEMO_PASSWORD, demo_sign_ins
from booking.accounts.forms import ProofForm, SignInForm
from booking.accounts.guard import before_second_factor, current_account, current_pass, locks
from booking.accounts.messages import ROLE_NAMES
from booking.accounts.passkeys import new_challenge
from booking.accounts.passwords import is_right
from booking.accounts.rules import (
    StaffPass,
    WrongPassword,
    WrongSignIn,
    safe_next,
)
from booking.accounts.sign_in_operations import note_refused_sign_in, note_sign_in
from booking.doors import public, signed_in
from booking.limits import form_value, limiter, visitor_address
from booking.pages import settings_in_use
from booking.rights import Right, Visitor
from booking.staff.models import Account
from booking.staff.queries import find_account, has_second_factor, visitor_of
from booking.work import current_clock, reading, unit_of_work

blueprint = Blueprint("accounts", __name__)

SECOND_STEP_KEY: Final = "second_step"
# Where somebody begins who came for no page in particular: the first of these that they may enter.
_BEGINNINGS: Final = (
    (Right.SEE_TODAY, "attendance.show_today"),
    (Right.SEE_ALL_FIGURES, "reports.show_all_figures"),
    (Right.MANAGE_ACCOUNTS, "accounts.list_accounts"),
    (Right.SEE_AUDIT, "accounts.show_record"),
)


def account_and_address() -> str:
    """Count by whom somebody tries to be and from where: nobody is locked out by somebody elsewhere."""
    return f"{form_value('email')()} {visitor_address()}"


def enter(account: Account, *, second_factor: bool) -> None:
    """Begin a session that has nothing in common with the one before it."""
    now = current_clock()()
    session.clear()
    passes.hand_out(
        StaffPass(
            session_key=account.session_key,
            since=now,
            seen_at=now,
            proved_at=now,
            second_factor=second_factor,
        )
    )


def beginning(visitor: Visitor) -> str:
    """Return the address of the page on which somebody begins."""
    for right, endpoint in _BEGINNINGS:
        if visitor.may(right):
            return url_for(endpoint)
    return url_for("accounts.show_own_account")


@blueprint.get("/staff/sign-in")
@public
def show_sign_in() -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    form.next.data = safe_next(request.args.get("next"))
    return _sign_in_page(form)


@blueprint.post("/staff/sign-in")
@public
@limiter.limit("100/hour", key_func=form_value("email"))
@limiter.limit("60/10 minutes")
@limiter.limit("10/10 minutes", key_func=account_and_address)
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    with reading() as (database_session, _clock):
        account = find_account(database_session, form.email.data or "")
    # Hashing takes a third of a second: nobody waits for the database meanwhile.
    if not is_right(locks().hasher, account, form.password.data or "") or account is None:
        with unit_of_work() as (database_session, clock):
            note_refused_sign_in(database_session, clock, account=account)
        form.refuse(WrongSignIn())
        return _sign_in_page(form), 422
    return _next_step(account, form.next.data)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, demo_accounts=_demo_accounts())


def _demo_accounts() -> list[dict[str, Any]]:
    if not settings_in_use().demo:
        return []
    with reading() as (database_session, clock):
        found = demo_sign_ins(database_session, clock, lock=locks().code_apps)
    return [
        {
            "name": one.name,
            "email": one.email,
            "roles": ", ".join(gettext(ROLE_NAMES[role]) for role in one.roles),
            "password": DEMO_PASSWORD,
            "code": one.code,
        }
        for one in found
    ]


def _next_step(account: Account, wanted: str | None) -> ResponseReturnValue:
    if not has_second_factor(account):
        with unit_of_work() as (database_session, clock):
            note_sign_in(database_session, clock, account=account)
        return entered(account, wanted, second_factor=False)
    session.clear()
    session[SECOND_STEP_KEY] = {
        "key": account.session_key,
        "at": current_clock()().timestamp(),
        "challenge": new_challenge(),
        "next": safe_next(wanted),
    }
    return redirect(url_for(".show_second_step"), code=303)


def entered(account: Account, wanted: str | None, *, second_factor: bool) -> ResponseReturnValue:
    enter(account, second_factor=second_factor)
    return redirect(safe_next(wanted) or beginning(visitor_of(account)), code=303)


@blueprint.post("/staff/sign-out")
@signed_in
@before_second_factor
def sign_out() -> ResponseReturnValue:
    unsent = _unsent_taps()
    session.clear()
    passes.take_back()
    flash(gettext("You are signed out."), "done")
    response = redirect(url_for(".show_sign_in"), code=303)
    if unsent:
        flash(_kept_words(unsent), "notice")
    # What the browser kept of pages about children goes too; cookies would take the language along.
    response.headers["Clear-Site-Data"] = '"cache"' if unsent else '"cache", "storage"'
    return response


@blueprint.get("/staff/prove-it-is-you")
@signed_in
@before_second_factor
def show_proof() -> ResponseReturnValue:
    form = ProofForm(formdata=None)
    form.next.data = safe_next(request.args.get("next"))
    return render_template("accounts/proof.html", form=form)


@blueprint.post("/staff/prove-it-is-you")
@signed_in
@before_second_factor
@limiter.limit("10/10 minutes", key_func=lambda: current_account().session_key)
def prove() -> ResponseReturnValue:
    form, account = ProofForm(), current_account()
    if not form.validate():
        return render_template("accounts/proof.html", form=form), 422
    if not is_right(locks().hasher, account, form.password.data or ""):
        form.refuse(WrongPassword())
        return render_template("accounts/proof.html", form=form), 422
    passes.hand_out(replace(current_pass(), proved_at=current_clock()()))
    return redirect(safe_next(form.next.data) or url_for("accounts.show_own_account"), code=303)


def _unsent_taps() -> int:
    # The script of the door has wiped the list then; what is left are numbers and times.
    told = request.form.get("unsent", "")
    return int(told) if re.fullmatch(r"[0-9]{1,4}", told) else 0


def _kept_words(unsent: int) -> str:
    return str(
        ngettext(
            "One tap at the door is not sent yet. It stays on this phone without a name, and is sent when "
            "somebody signs in here.",
            "%(num)s taps at the door are not sent yet. They stay on this phone without a name, and are sent "
            "when somebody signs in here.",
            unsent,
        )
    )
