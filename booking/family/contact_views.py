"""How a family is reached: name, phone, language, messages, and another e-mail address."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.doors import link_holder
from booking.errors import Refusal
from booking.family.contact_operations import (
    ask_for_new_address,
    change_contact,
    keep_old_address,
    take_new_address,
)
from booking.family.contact_rules import LETTERS
from booking.family.my_forms import AddressForm, ContactForm
from booking.family.stay_passes import end_stay, family_here
from booking.family.stay_queries import check_entrance
from booking.family.views import blueprint
from booking.limits import is_within, limiter
from booking.links.rules import Purpose
from booking.people.models import Family
from booking.work import reading, unit_of_work


@blueprint.get("/my/contact")
@link_holder
def show_contact() -> ResponseReturnValue:
    return _contact_page(ContactForm(formdata=None, obj=_whoever_is_here()))


@blueprint.post("/my/contact")
@link_holder
def save_contact() -> ResponseReturnValue:
    form = ContactForm()
    if not form.validate():
        return _contact_page(form), 422
    try:
        with unit_of_work() as (session, clock):
            family = family_here(session, clock)
            change_contact(session, clock, family=family, contact=form.to_contact())
    except Refusal as refusal:
        form.refuse(refusal)
        return _contact_page(form), 422
    flash(gettext("This is how we reach you from now on."), "done")
    return redirect(url_for(".show_my"), code=303)


@blueprint.get("/my/address")
@link_holder
def show_address() -> ResponseReturnValue:
    return _address_page(AddressForm(formdata=None))


@blueprint.post("/my/address")
@link_holder
@limiter.limit("20/hour")
def ask_for_address() -> ResponseReturnValue:
    form, _family = AddressForm(), _whoever_is_here()
    if not form.validate():
        return _address_page(form), 422
    email = form.to_address()
    try:
        if is_within(LETTERS, of="new address", by=email):
            with unit_of_work() as (session, clock):
                ask_for_new_address(session, clock, family=family_here(session, clock), email=email)
    except Refusal as refusal:
        form.refuse(refusal)
        return _address_page(form), 422
    return redirect(url_for(".show_address"), code=303)


@blueprint.post("/my/address/keep")
@link_holder
def keep_address() -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        keep_old_address(session, clock, family=family_here(session, clock))
    flash(gettext("You keep the address that you have."), "done")
    return redirect(url_for(".show_my"), code=303)


@blueprint.get("/my/address/<token>")
@link_holder
def show_new_address(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        check_entrance(session, clock, purpose=Purpose.NEW_ADDRESS, secret=token)
    return render_template("family/my_new_address.html", token=token)


@blueprint.post("/my/address/<token>")
@link_holder
def take_address(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        take_new_address(session, clock, secret=token)
    end_stay()
    flash(gettext("We write to this address from now on. Enter your page with it."), "done")
    return redirect(url_for(".show_my"), code=303)


def _whoever_is_here() -> Family:
    with reading() as (session, clock):
        return family_here(session, clock)


def _contact_page(form: ContactForm) -> str:
    return render_template("family/my_contact.html", form=form, family=_whoever_is_here())


def _address_page(form: AddressForm) -> str:
    return render_template("family/my_address.html", form=form, family=_whoever_is_here())
