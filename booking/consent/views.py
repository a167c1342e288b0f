"""The pages on which an administrator reads and renews the words that families agree to."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.forms import LONGEST_TEXT, TextsForm
from booking.consent.messages import PURPOSE_HINTS, PURPOSES
from booking.consent.rules import WordingPurpose
from booking.consent.texts import NotLookedAt, sign_of_change
from booking.consent.texts_operations import publish_texts
from booking.consent.texts_queries import all_current_texts, current_texts, versions_of
from booking.doors import current_visitor, staff
from booking.errors import NotFound, Refusal
from booking.i18n import LANGUAGES
from booking.libraries.rules import Language
from booking.rights import Right
from booking.versions import Difference, differences
from booking.work import reading, unit_of_work

blueprint: Final = Blueprint("consent", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the names of purposes and languages."""
    return {
        "purpose_names": PURPOSES,
        "purpose_hints": PURPOSE_HINTS,
        "languages": [(Language(code), name) for code, name in LANGUAGES.items()],
    }


@blueprint.get("/staff/texts")
@staff(Right.SEE_TEXTS)
def list_texts() -> ResponseReturnValue:
    with reading() as (session, _clock):
        texts = all_current_texts(session)
    return render_template(
        "consent/texts.html", texts=[(each, texts[each]) for each in WordingPurpose], may_change=_may_change()
    )


@blueprint.get("/staff/texts/<purpose>")
@staff(Right.SEE_TEXTS)
def show_versions(purpose: str) -> ResponseReturnValue:
    about = _purpose(purpose)
    with reading() as (session, _clock):
        versions = versions_of(session, purpose=about)
    return render_template(
        "consent/versions.html", purpose=about, versions=versions, may_change=_may_change()
    )


@blueprint.get("/staff/texts/<purpose>/new")
@staff(Right.MANAGE_TEXTS)
def show_new_texts(purpose: str) -> ResponseReturnValue:
    about, form = _purpose(purpose), TextsForm(formdata=None)
    form.tell(_words_now(about))
    return _texts_page(form, about)


@blueprint.post("/staff/texts/<purpose>/new")
@staff(Right.MANAGE_TEXTS)
def save_new_texts(purpose: str) -> ResponseReturnValue:
    about, form = _purpose(purpose), TextsForm()
    if not form.validate():
        return _texts_page(form, about), 422
    try:
        _publish(form, about)
    except NotLookedAt:
        return _looked_at(form, about)
    except Refusal as refusal:
        form.refuse(refusal)
        return _texts_page(form, about), 422
    flash(gettext("The new words are in use from now on."), "done")
    return redirect(url_for("consent.show_versions", purpose=about.value), code=303)


def _may_change() -> bool:
    return current_visitor().may(Right.MANAGE_TEXTS)


def _publish(form: TextsForm, purpose: WordingPurpose) -> None:
    with unit_of_work() as (session, clock):
        publish_texts(
            session,
            clock,
            purpose=purpose,
            words=form.to_words(),
            looked_at=form.looked_at.data or "",
            account_id=current_visitor().account_id,
        )


def _looked_at(form: TextsForm, purpose: WordingPurpose) -> str:
    now, wanted = _words_now(purpose), form.to_words()
    form.looked_at.data = sign_of_change(now, wanted)
    return _texts_page(form, purpose, changes=differences(_by_name(now), _by_name(wanted)))


def _texts_page(form: TextsForm, purpose: WordingPurpose, *, changes: list[Difference] | None = None) -> str:
    facts: dict[str, Any] = {"changes": changes or [], "longest": LONGEST_TEXT}
    return render_template("consent/new_texts.html", form=form, purpose=purpose, **facts)


def _words_now(purpose: WordingPurpose) -> dict[Language, str]:
    with reading() as (session, _clock):
        current = current_texts(session, purpose=purpose)
    return {language: current[language].words for language in Language}


def _by_name(words: dict[Language, str]) -> dict[str, str]:
    return {LANGUAGES[language]: text for language, text in words.items()}


def _purpose(name: str) -> WordingPurpose:
    if name not in set(WordingPurpose):
        raise NotFound
    return WordingPurpose(name)
