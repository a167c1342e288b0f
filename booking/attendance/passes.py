"""What the browser of whoever is at the door carries."""

from flask import redirect, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from booking.tokens import new_uid

# Coming back to the register from one's own act is no new look at it.
STILL_AT = "still_at_register"


def device_here() -> str:
    """Return which of several phones this is."""
    return str(cookie.setdefault("device", new_uid()))


def back_to_register(meeting_id: int, anchor: str) -> ResponseReturnValue:
    """Lead back to the register, which then is no new look at it."""
    cookie[STILL_AT] = meeting_id
    return redirect(url_for("attendance.show_register", meeting_id=meeting_id, _anchor=anchor), code=303)
