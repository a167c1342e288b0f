"""The pages on which somebody gets an address for a calendar of their own, and takes it away again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.doors import current_visitor, link_holder, signed_in, staff
from booking.errors import NotFound
from booking.family.stay_passes import family_here
from booking.feeds.own_feed_messages import FEEDS
from booking.feeds.own_forms import PartnerAddressForm, ShownForm
from booking.feeds.own_messages import NAME_CHOICES, TITLE_CHOICES
from booking.feeds.own_operations import choose_what_it_shows, make_address, take_address_away
from booking.i18n import LANGUAGES
from booking.libraries.rules import Language
from booking.limits import limiter
from booking.links.messages import PROGRAMS
from booking.links.queries import find_live_link
from booking.links.rules import Purpose
from booking.pages import public_url
from booking.partners.queries import get_partner
from booking.rights import Right
from booking.work import reading, unit_of_work

blueprint = Blueprint("calendars", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give these pages the names of the programs that fetch calendars."""
    return {"programs": PROGRAMS}


@blueprint.get("/my/calendar")
@link_holder
def show_family_calendar() -> ResponseReturnValue:
    with reading() as (session, clock):
        family = family_here(session, clock)
    form = ShownForm(formdata=None, title=family.calendar_title.value, names=family.calendar_names.value)
    return _family_page(form)


@blueprint.post("/my/calendar")
@link_holder
def choose_family_calendar() -> ResponseReturnValue:
    form = ShownForm()
    if not form.validate():
        return _family_page(form), 422
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        choose_what_it_shows(clock, family=family, title=form.to_title(), names=form.to_names())
    flash(gettext("Your calendar shows this from now on."), "done")
    return redirect(url_for("calendars.show_family_calendar"), code=303)


@blueprint.post("/my/calendar/address")
@link_holder
@limiter.limit("30/hour")
def make_family_address() -> ResponseReturnValue:
    # The address stands in this one answer and nowhere else, so there is no page to be led to.
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        secret = make_address(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id)
    return render_template("feeds/family_address.html", address=_address(Purpose.FAMILY_FEED, secret))


@blueprint.post("/my/calendar/take-away")
@link_holder
def take_family_address_away() -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        take_address_away(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id)
    flash(gettext("The address opens nothing any more. Calendars keep what they fetched before."), "done")
    return redirect(url_for("calendars.show_family_calendar"), code=303)


@blueprint.get("/staff/account/calendar")
@signed_in
def show_staff_calendar() -> ResponseReturnValue:
    with reading() as (session, clock):
        own_id = current_visitor().account_id
        link = find_live_link(session, clock, purpose=Purpose.STAFF_FEED, subject_id=own_id)
    return render_template("feeds/staff_calendar.html", link=link)


@blueprint.post("/staff/account/calendar/address")
@signed_in
def make_staff_address() -> ResponseReturnValue:
    own_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        secret = make_address(
            session, clock, purpose=Purpose.STAFF_FEED, subject_id=own_id, account_id=own_id
        )
    return render_template("feeds/staff_address.html", address=_address(Purpose.STAFF_FEED, secret))


@blueprint.post("/staff/account/calendar/take-away")
@signed_in
def take_staff_address_away() -> ResponseReturnValue:
    own_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        take_address_away(session, clock, purpose=Purpose.STAFF_FEED, subject_id=own_id, account_id=own_id)
    flash(gettext("The address opens nothing any more. Calendars keep what they fetched before."), "done")
    return redirect(url_for("calendars.show_staff_calendar"), code=303)


@blueprint.get("/staff/partners/<int:partner_id>/calendar")
@staff(Right.PLAN_ACTIVITIES)
def show_partner_calendar(partner_id: int) -> ResponseReturnValue:
    return _partner_page(PartnerAddressForm(formdata=None, language=Language.NB), partner_id)


@blueprint.post("/staff/partners/<int:partner_id>/calendar/address")
@staff(Right.PLAN_ACTIVITIES)
def make_partner_address(partner_id: int) -> ResponseReturnValue:
    form, who = PartnerAddressForm(), current_visitor().account_id
    if not form.validate():
        return _partner_page(form, partner_id), 422
    with unit_of_work() as (session, clock):
        partner = get_partner(session, partner_id)
        if not partner.is_active:
            raise NotFound
        purpose = Purpose.PARTNER_FEED
        secret = make_address(session, clock, purpose=purpose, subject_id=partner_id, account_id=who)
    address = _address(purpose, secret, form.to_language())
    return render_template("feeds/partner_address.html", partner=partner, address=address)


@blueprint.post("/staff/partners/<int:partner_id>/calendar/take-away")
@staff(Right.PLAN_ACTIVITIES)
def take_partner_address_away(partner_id: int) -> ResponseReturnValue:
    own_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        get_partner(session, partner_id)
        take_address_away(
            session, clock, purpose=Purpose.PARTNER_FEED, subject_id=partner_id, account_id=own_id
        )
    flash(gettext("The address opens nothing any more. Calendars keep what they fetched before."), "done")
    return redirect(url_for("calendars.show_partner_calendar", partner_id=partner_id), code=303)


def _family_page(form: ShownForm) -> str:
    form.title.choices = {each.value: gettext(words) for each, words in TITLE_CHOICES.items()}
    form.names.choices = {each.value: gettext(words) for each, words in NAME_CHOICES.items()}
    with reading() as (session, clock):
        family = family_here(session, clock)
        link = find_live_link(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id)
    return render_template("feeds/family_calendar.html", form=form, link=link)


def _partner_page(form: PartnerAddressForm, partner_id: int) -> str:
    with reading() as (session, clock):
        partner = get_partner(session, partner_id)
        link = find_live_link(session, clock, purpose=Purpose.PARTNER_FEED, subject_id=partner_id)
    return render_template(
        "feeds/partner_calendar.html", form=form, partner=partner, link=link, languages=LANGUAGES.items()
    )


def _address(purpose: Purpose, secret: str, language: Language = Language.NB) -> str:
    feed = FEEDS[purpose]
    # Bokmål is what an address without a language means.
    asked = {} if language is Language.NB else {"lang": language.value}
    return public_url(feed.endpoint, token=secret, name=feed.file_name, **asked)
