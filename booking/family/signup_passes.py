"""The three ways to one sign-up: by a family's letter, by a guardian's, and on the family's own page."""

from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.family.my_queries import get_own_signup
from booking.family.stay_passes import family_here
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.signups.models import Signup
from booking.signups.queries import get_signup

OWN_PAGE: Final = "my"
GUARDIANS: Final = "confirm"

_PURPOSES: Final = {"signups": Purpose.SIGNUP, GUARDIANS: Purpose.GUARDIAN_ANSWER}


def signup_by(session: Session, clock: Clock, kind: str, token: str) -> Signup:
    """Return the sign-up that a token leads to, or on the family’s page its number, or raise NotFound."""
    if kind == OWN_PAGE:
        return get_signup(session, get_own_signup(session, family_here(session, clock), int(token)).id)
    return get_signup(session, follow_link(session, clock, purpose=_PURPOSES[kind], secret=token).subject_id)


def page_by(kind: str, token: str) -> str:
    """Return the address of the page from which one came this way."""
    if kind == OWN_PAGE:
        return url_for("family.show_my", _anchor=f"signup-{token}")
    return url_for("family.show_signup" if kind == "signups" else "family.show_confirmation", token=token)
