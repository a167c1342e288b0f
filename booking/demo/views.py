"""The pages that only a demonstration has."""

from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from booking.clock import local_date
from booking.demo.drawings import kit_bars, kit_lines
from booking.demo.forms import KitChildrenForm, KitForm
from booking.demo.mailbox import Mail, find_mail, newest_mails
from booking.doors import public
from booking.errors import NotFound
from booking.pages import settings_in_use
from booking.work import current_clock

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
    refused = KitForm(formdata=None, prefix="refused-", meta={"csrf": False})
    refused.validate()
    starts_at = current_clock()()
    return render_template(
        "demo/kit.html",
        plain=KitForm(formdata=None),
        refused=refused,
        several=_two_children(),
        day=local_date(starts_at),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        bar_chart=kit_bars(),
        line_chart=kit_lines(),
    )


def _two_children() -> KitChildrenForm:
    form = KitChildrenForm(formdata=None)
    form.add_child()
    return form


def _folder() -> Path:
    return settings_in_use().instance / "mailbox"


def _mail(name: str) -> Mail:
    mail = find_mail(_folder(), name)
    if mail is None:
        raise NotFound
    return mail
