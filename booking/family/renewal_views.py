"""The page behind the letter that asks whether a yes shall stand for another year, and its buttons."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.messages import AFTER_WITHDRAWAL
from booking.consent.renewing_operations import YesHasEnded
from booking.consent.rules import ConsentChanged, Way
from booking.doors import link_holder
from booking.family.my_forms import RenewalForm
from booking.family.my_operations import take_consent_back
from booking.family.renewal_operations import Renewal, Renewed, renew
from booking.family.renewal_queries import family_of, what_ends_soon
from booking.family.stay_passes import family_here
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.signups.letters import page_link
from booking.work import reading, unit_of_work

# The time, or new words, were quicker than the button.
_NO_LONGER = (YesHasEnded, ConsentChanged)


@blueprint.get("/consents/<token>")
@link_holder
def show_endings(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.RENEWAL, secret=token)
        family = family_of(session, link.subject_id)
        ending = what_ends_soon(session, clock(), family=family, language=_language())
    return render_template("family/renewal.html", ending=ending, token=token)


@blueprint.post("/consents/<token>/<int:consent_id>/yes")
@link_holder
def renew_by_letter(token: str, consent_id: int) -> ResponseReturnValue:
    digest = RenewalForm().words.data or ""
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.RENEWAL, secret=token)
            answer = Renewal(consent_id=consent_id, digest=digest, language=_language(), way=Way.LINK)
            renewed = renew(session, clock, family_id=link.subject_id, answer=answer)
            question = page_link(session, clock, signup=renewed.asks_at) if renewed.asks_at else None
    except _NO_LONGER as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_endings", token=token), code=303)
    flash(_thanks(renewed), "done")
    if question is not None:
        return redirect(url_for(".show_pictures", kind="signups", token=question), code=303)
    return redirect(url_for(".show_endings", token=token), code=303)


@blueprint.post("/consents/<token>/<int:consent_id>/withdraw")
@link_holder
def end_by_letter(token: str, consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.RENEWAL, secret=token)
        family = family_of(session, link.subject_id)
        purpose = take_consent_back(session, clock, family=family, consent_id=consent_id, way=Way.LINK)
    flash(gettext(AFTER_WITHDRAWAL[purpose]), "done")
    return redirect(url_for(".show_endings", token=token), code=303)


@blueprint.post("/my/consents/<int:consent_id>/yes")
@link_holder
def renew_own(consent_id: int) -> ResponseReturnValue:
    digest = RenewalForm().words.data or ""
    try:
        with unit_of_work() as (session, clock):
            family = family_here(session, clock)
            answer = Renewal(consent_id=consent_id, digest=digest, language=_language(), way=Way.FAMILY_PAGE)
            renewed = renew(session, clock, family_id=family.id, answer=answer)
    except _NO_LONGER as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for("family.show_my"), code=303)
    flash(_thanks(renewed), "done")
    if renewed.asks_at is not None:
        return redirect(url_for(".show_own_pictures", signup_id=renewed.asks_at.id), code=303)
    return redirect(url_for("family.show_my"), code=303)


def _thanks(renewed: Renewed) -> str:
    if renewed.asks_at is not None:
        return str(gettext("Thank you. One question is left before it stands for another year."))
    if renewed.waits:
        return str(gettext("Thank you. We ask the other guardian too; it ends if they do not say yes again."))
    return str(gettext("Thank you. It stands for another year, and you can take it back whenever you like."))


def _language() -> Language:
    return Language(current_language())
