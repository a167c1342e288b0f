"""What the tests of this room ask for."""

from dataclasses import fields
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.clock import Clock
from booking.consent.queries import current_wordings
from booking.consent.seal import Seal
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.signups.asking import Answer, ChildAsked, PlaceRequest
from booking.signups.models import Signup
from booking.signups.operations import request_places
from booking.signups.rules import Holds
from booking.signups.taking import take_open_occasion
from booking.tokens import new_uid
from tests.factories import make_meeting, make_occasion

HOLDS = Holds(
    hold_hours=24,
    hold_hours_while_others_wait=2,
    guardian_hours=48,
    offer_hours=12,
    offer_hours_when_near=2,
    offer_lead_minutes=60,
)
SEAL = Seal.of(["only for tests"])
_OF_A_CHILD = {field.name for field in fields(ChildAsked)}


def open_occasion(session: Session, **changes: Any) -> Occasion:
    """An occasion with one meeting in a week, open for sign-up."""
    occasion = make_occasion(session, **changes)
    make_meeting(session, occasion=occasion)
    return occasion


def place_request(session: Session, **changes: Any) -> PlaceRequest:
    """What a parent of Ada, ten years old, asks for."""
    language = changes.get("language", Language.EN)
    values: dict[str, Any] = {
        "ask_key": new_uid(),
        "email": "ola@example.org",
        "contact_name": "Ola Eksempel",
        "phone": None,
        "language": language,
        "words_shown": {
            purpose: words.digest for purpose, words in current_wordings(session, language=language).items()
        },
    }
    one = {name: changes.pop(name) for name in _OF_A_CHILD & changes.keys()}
    children = changes.pop("children", None) or [one]
    values["children"] = tuple(child_asked(number, **child) for number, child in enumerate(children))
    return PlaceRequest(**{**values, **changes})


def child_asked(number: int = 0, **changes: Any) -> ChildAsked:
    """Ada, ten years old, as a form tells of her."""
    values: dict[str, Any] = {"first_name": "Ada", "born": "2016", "municipality_code": "3401"}
    return ChildAsked(number=number, **{**values, **changes})


def ask(session: Session, clock: Clock, occasion: Occasion, **changes: Any) -> Answer:
    """Ask for a place as the form does, and return what is answered."""
    request = place_request(session, **changes)
    whole = take_open_occasion(session, occasion.id)
    return request_places(session, clock, occasion=whole, request=request, holds=HOLDS, seal=SEAL)


def only_signup(session: Session) -> Signup:
    """The one sign-up that there is."""
    return session.scalars(select(Signup)).one()


def letters(session: Session) -> list[str]:
    """The templates of all letters, in the order in which they were written."""
    return list(session.scalars(select(Letter.template).order_by(Letter.id)))


def secret_in_letter(session: Session, name: str, *, template: str | None = None) -> str:
    """A secret from the newest letter, or from the newest of a template."""
    found = select(Letter).order_by(Letter.id.desc())
    if template:
        found = found.where(Letter.template == template)
    letter = session.scalars(found.limit(1)).one()
    return str(letter.facts[name])


def count_of(session: Session, table: type) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0
