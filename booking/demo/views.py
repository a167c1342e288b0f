"""The pages that only a demonstration has."""

from pathlib import Path

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from booking.demo.forms import KitForm
from booking.demo.mailbox import Mail, find_mail, newest_mails
from booking.doors import public
from booking.errors import NotFound
from booking.pages import settings_in_use

blueprint = Blueprint("demo", __name__)

# A letter brings its own style, and must reach nothing outside itself.
_LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'"


@blueprint.get("/demo/mailbox")
@public
def show_mailbox() -> ResponseReturnValue:
    return render_template("demo/mailbox.html", mails=newest_mails(_folder()))


@blueprint.get("/demo/mailbox/<name>")
@public
def show_letter(name: str) -> ResponseReturnValue:
    return render_template("demo/letter.html", mail=_mail(name))


@blueprint.get("/demo/mailbox/<name>/html")
@public
def show_letter_html(name: str) -> ResponseReturnValue:
    return Response(_mail(name).html, headers={"Content-Security-Policy": _LETTER_POLICY})


@blueprint.get("/demo/kit")
@public
def show_kit() -> ResponseReturnValue:
    form = KitForm()
    refused = KitForm(formdata=None, prefix="refused-")
    refused.validate()
    return render_template("demo/kit.html", kit=form, form=refused)


def _folder() -> Path:
    return settings_in_use().instance / "mailbox"


def _mail(name: str) -> Mail:
    mail = find_mail(_folder(), name)
    if mail is None:
        raise NotFound
    return mail
