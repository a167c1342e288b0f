"""The pages that say what is kept about people, how the service can be used by all, and who is behind it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.queries import list_libraries
from booking.doors import public
from booking.privacy.register import BASES, PURPOSES
from booking.work import reading

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
@public
def show_notice() -> ResponseReturnValue:
    with reading() as (session, _clock):
        libraries = list_libraries(session)
    purposes = [
        (gettext(each.what), gettext(each.why), gettext(each.how_long), each.basis) for each in PURPOSES
    ]
    return render_template("privacy/notice.html", libraries=libraries, purposes=purposes, bases=BASES)


@blueprint.get("/accessibility")
@public
def show_accessibility() -> ResponseReturnValue:
    with reading() as (session, _clock):
        libraries = list_libraries(session)
    return render_template("privacy/accessibility.html", libraries=libraries)


@blueprint.get("/about")
@public
def show_about() -> ResponseReturnValue:
    with reading() as (session, _clock):
        libraries = list_libraries(session)
    return render_template("privacy/about.html", libraries=libraries)
