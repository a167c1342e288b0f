"""The pages on which a library's staff make keys for its programs, and take them back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.accounts.guard import proved_again
from booking.activities.queries import list_libraries
from booking.api.forms import KeyForm
from booking.api.key_operations import make_key, revoke_key
from booking.api.key_queries import keys_of
from booking.api.rules import TooManyKeys
from booking.api.views import blueprint
from booking.doors import current_visitor, staff
from booking.rights import Right
from booking.work import reading, unit_of_work


@blueprint.get("/staff/access-keys")
@staff(Right.MANAGE_KEYS)
def list_keys() -> ResponseReturnValue:
    return _list_page()


@blueprint.get("/staff/access-keys/new")
@staff(Right.MANAGE_KEYS)
@proved_again("api.show_new_key")
def show_new_key() -> ResponseReturnValue:
    return _new_page(KeyForm(formdata=None))


@blueprint.post("/staff/access-keys")
@staff(Right.MANAGE_KEYS)
@proved_again("api.show_new_key")
def add_key() -> ResponseReturnValue:
    form, visitor = KeyForm(), current_visitor()
    if not form.validate():
        return _new_page(form), 422
    try:
        library_id = form.to_library_id(_own())
        with unit_of_work() as (session, clock):
            secret = make_key(
                session, clock, library_id=library_id, name=form.to_name(), account_id=visitor.account_id
            )
    except TooManyKeys as refusal:
        form.refuse(refusal)
        return _new_page(form), 422
    # Shown in this one answer, and kept nowhere: only its fingerprint is.
    return _list_page(secret)


@blueprint.post("/staff/access-keys/<int:key_id>/revoke")
@staff(Right.MANAGE_KEYS)
def take_key_back(key_id: int) -> ResponseReturnValue:
    account_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        revoke_key(session, clock, key_id=key_id, library_ids=_own(), account_id=account_id)
    flash(gettext("The key opens nothing any more."), "done")
    return redirect(url_for(".list_keys"), code=303)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.MANAGE_KEYS)


def _list_page(secret: str | None = None) -> str:
    with reading() as (session, _clock):
        keys = keys_of(session, library_ids=_own())
    return render_template("api/keys.html", keys=keys, secret=secret)


def _new_page(form: KeyForm) -> str:
    own = _own()
    with reading() as (session, _clock):
        libraries = [(each.id, each.name) for each in list_libraries(session) if each.id in own]
    return render_template("api/new_key.html", form=form, libraries=libraries)
