"""Coming in to a family's own page, by a code or a link in a letter, and leaving it."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.doors import link_holder
from booking.errors import NotFound
from booking.family.code_forms import CodeForm
from booking.family.my_forms import AddressForm
from booking.family.stay_operations import ask_to_enter, enter_by_code, enter_by_link, leave
from booking.family.stay_passes import begin_stay, bring, end_stay, family_in_use, wipe
from booking.family.stay_queries import check_entrance
from booking.family.stay_rules import LETTERS, MailedCodeSpent, NobodyHere
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.limits import is_within, limiter
from booking.links.rules import Purpose
from booking.work import current_clock, reading, unit_of_work

# The browser's part of the code. It opens nothing without the digits in the letter.
_HANDLE: Final = "family_code"

blueprint.after_app_request(bring)


@blueprint.app_errorhandler(NobodyHere)
def show_way_in(refusal: NobodyHere) -> ResponseReturnValue:
    """Lead who is not in, or no longer, to the page that lets families in."""
    flash(say(refusal), "notice")
    return redirect(url_for("family.show_my"), code=303)


@blueprint.post("/my")
@link_holder
@limiter.limit("100/10 minutes")
def ask_for_entry() -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate():
        return entrance_page(form), 422
    email = form.to_address()
    if is_within(LETTERS, of="family page", by=email):
        with unit_of_work() as (session, clock):
            handle = ask_to_enter(session, clock, email=email, language=Language(current_language()))
        cookie[_HANDLE] = handle
    return redirect(url_for(".show_entry_code"), code=303)


@blueprint.get("/my/code")
@link_holder
def show_entry_code() -> ResponseReturnValue:
    return render_template("family/my_code.html", form=CodeForm(formdata=None))


@blueprint.post("/my/code")
@link_holder
@limiter.limit("100/10 minutes")
def type_entry_code() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return render_template("family/my_code.html", form=form), 422
    handle = cookie.get(_HANDLE, "")
    with unit_of_work() as (session, clock):
        entered = enter_by_code(session, clock, handle=handle, typed=form.typed)
    if entered.secret is None:
        _refuse_code(form, entered.tries_left)
        return render_template("family/my_code.html", form=form), 422
    return _come_in(entered.secret)


@blueprint.get("/my/enter/<token>")
@link_holder
def show_entrance(token: str) -> ResponseReturnValue:
    try:
        with reading() as (session, clock):
            check_entrance(session, clock, purpose=Purpose.FAMILY_PAGE, secret=token)
    except NotFound:
        return _ask_anew()
    return render_template("family/my_entrance.html", token=token)


@blueprint.post("/my/enter/<token>")
@link_holder
def enter(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            secret = enter_by_link(session, clock, secret=token)
    except NotFound:
        return _ask_anew()
    return _come_in(secret)


@blueprint.post("/my/leave")
@link_holder
def leave_my() -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        family = family_in_use(session, clock)
        if family is not None:
            leave(session, clock, family=family)
    cookie.clear()
    end_stay()
    flash(gettext("You have left your page. Nothing of it is kept on this machine."), "done")
    return wipe(redirect(url_for(".show_my"), code=303))


def _ask_anew() -> ResponseReturnValue:
    flash(
        gettext("This link was used before, or is too old. Write your address, and we send a new one."),
        "problem",
    )
    return redirect(url_for(".show_my"), code=303)


def entrance_page(form: AddressForm) -> str:
    return render_template("family/my_enter.html", form=form)


def _refuse_code(form: CodeForm, tries_left: int) -> None:
    # Whoever waited too long finds that the button in the letter is too old as well.
    form.refuse_code(tries_left) if tries_left else form.refuse(MailedCodeSpent())


def _come_in(secret: str) -> ResponseReturnValue:
    # Nothing of whoever used this browser before comes along.
    cookie.clear()
    begin_stay(current_clock(), secret=secret)
    return redirect(url_for("family.show_my"), code=303)
