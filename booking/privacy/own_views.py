"""A family's right to see all that is kept about it, to take it along, and to have it erased."""

from collections.abc import Mapping
from typing import Final

from flask import Response, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.accounts.messages import ACTION_NAMES, ACTOR_NAMES
from booking.attendance.rules import Standing
from booking.audit.models import Actor
from booking.clock import Clock
from booking.consent.messages import CAPACITIES, CHILD_ANSWERS, ESTABLISHED, NEEDS, PURPOSES, STEPS, WAYS
from booking.consent.seal import seal_of
from booking.doors import link_holder
from booking.family.my_forms import EraseForm
from booking.family.stay_passes import end_stay, family_here, wipe
from booking.i18n import N_, current_language
from booking.libraries.rules import Language
from booking.links.messages import PROGRAMS
from booking.pages import settings_in_use
from booking.privacy.operations import erase_family
from booking.privacy.own_queries import Everything, everything_about
from booking.privacy.own_render import to_json
from booking.privacy.views import blueprint
from booking.signups.messages import MOVERS, STANDINGS
from booking.signups.rules import IS_LIVE
from booking.work import current_clock, reading, unit_of_work

_CAME: Final[Mapping[Standing, str]] = {
    Standing.CAME: N_("Came"),
    Standing.DID_NOT_COME: N_("Did not come"),
    Standing.NOT_KNOWN: N_("Not known"),
}


@blueprint.context_processor
def own_words_at_hand() -> dict[str, object]:
    """Give these pages the words for all that can be kept about a family."""
    return {
        "standings": STANDINGS,
        "movers": MOVERS,
        "purposes": PURPOSES,
        "consent_steps": STEPS,
        "capacities": CAPACITIES,
        "established_how": ESTABLISHED,
        "child_answers": CHILD_ANSWERS,
        "consent_ways": WAYS,
        "needs_words": NEEDS,
        "came": _CAME,
        "programs": PROGRAMS,
        "actions_done": ACTION_NAMES,
        "actors": ACTOR_NAMES,
    }


@blueprint.get("/my/data")
@link_holder
def show_own_data() -> ResponseReturnValue:
    with reading() as (session, clock):
        everything = _everything(session, clock)
    return render_template("privacy/own_data.html", everything=everything)


@blueprint.get("/my/data.json")
@link_holder
def download_own_data() -> ResponseReturnValue:
    with reading() as (session, clock):
        everything = _everything(session, clock)
    response = Response(to_json(everything, made_at=current_clock()()), mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="velkommen-inn.json"'
    return response


@blueprint.get("/my/erase")
@link_holder
def show_erasing() -> ResponseReturnValue:
    with reading() as (session, clock):
        everything = _everything(session, clock)
    return _erasing_page(EraseForm(formdata=None), everything)


@blueprint.post("/my/erase")
@link_holder
def erase_own() -> ResponseReturnValue:
    form = EraseForm()
    if not form.validate():
        with reading() as (session, clock):
            return _erasing_page(form, _everything(session, clock)), 422
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        erase_family(session, clock, family_id=family.id, actor=Actor.FAMILY)
    cookie.clear()
    end_stay()
    flash(gettext("Everything about your family is erased."), "done")
    return wipe(redirect(url_for("family.show_my"), code=303))


def _everything(session: Session, clock: Clock) -> Everything:
    language = Language(current_language())
    family, seal = family_here(session, clock), seal_of(settings_in_use())
    return everything_about(session, family, language=language, seal=seal)


def _erasing_page(form: EraseForm, everything: Everything) -> str:
    places = sum(signup.state in IS_LIVE for signup in everything.signups)
    return render_template("privacy/erase.html", form=form, everything=everything, places=places)
