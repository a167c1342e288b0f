"""Whether the data is of the kind that is served: looked at once, before the first page."""

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue

from booking.errors import Refusal
from booking.i18n import say
from booking.libraries.installation import check_data_fits, mark_real
from booking.pages import problem_page, settings_in_use
from booking.work import reading, unit_of_work

LOOKED_AT = "booking.data_fits"


def start_matching(app: Flask) -> None:
    """Serve no page over data of the other kind."""
    app.before_request(refuse_foreign_data)


def refuse_foreign_data() -> ResponseReturnValue | None:
    """Answer that the service is closed, as long as its data is not of the kind that it is set up for."""
    is_about_data = request.blueprint not in {None, "health"}
    if not is_about_data or current_app.extensions.get(LOOKED_AT):
        return None
    try:
        with reading() as (session, _clock):
            check_data_fits(session, demo=settings_in_use().demo)
    except Refusal as refusal:
        current_app.logger.error(say(refusal))  # noqa: TRY400 – it is the sentence that helps
        return problem_page(503)
    current_app.extensions[LOOKED_AT] = True
    return None


def settle_data() -> None:
    """Note that data is real before the first of it arrives; refuses data of the other kind."""
    demo = settings_in_use().demo
    with unit_of_work() as (session, clock):
        check_data_fits(session, demo=demo)
        if not demo:
            mark_real(session, clock)
