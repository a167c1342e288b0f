"""One of each letter that this room writes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.signups.letters import occasion_facts
from booking.signups.taking import take_occasion
from tests.factories import NOON
from tests.signups.asking import open_occasion

TEMPLATES = (
    "signup_awaiting_email",
    "signup_queued",
    "signup_confirmed",
    "signup_already",
    "signup_withdrawn",
    "signup_expired",
    "signup_queue_ended",
    "signup_called_off",
    "signup_awaiting_guardian",
    "signup_guardian_asked",
    "signup_guardian_thanked",
    "signup_guardian_late",
    "signup_guardian_silent",
    "signup_guardian_declined",
    "signup_guardian_wonders",
    "offer_made",
    "offer_declined",
    "offer_expired",
    "meeting_called_off",
    "meeting_moved",
    "pictures_other_asked",
    "pictures_other_thanked",
    "pictures_agreed",
    "pictures_not_agreed",
    "besides_said",
)


def every_letter(session: Session, language: Language) -> Iterator[Letter]:
    """Return a letter from each template, with all that any of them tells."""
    occasion = take_occasion(session, open_occasion(session).id)
    told = occasion_facts(occasion, language)
    facts: dict[str, Any] = {
        **told,
        "child": "Ada",
        "children": ["Ada", "Bo"],
        "code": "123456",
        "held": 2,
        "waiting": 1,
        "responsible": "Berit Eksempel",
        "question": "Is there a lift?",
        "guardian_email": "foresatt@example.org",
        "held_until": NOON.isoformat(),
        "until": NOON.isoformat(),
        "asks_of_pictures": True,
        "asks_besides": True,
        "purposes": ["photo_internal", "needs"],
        "is_guardians": False,
        "secret": "s" * 43,
        "places": [
            {"child": "Ada", "state": "confirmed", "secret": "s" * 43},
            {"child": None, "state": "queued", "secret": "t" * 43},
        ],
        "was": told["meetings"][0],
        "now": told["meetings"][0],
    }
    for template in TEMPLATES:
        yield write_letter(
            session,
            lambda: NOON,
            key=f"{template}:{language}",
            template=template,
            address="ola@example.org",
            language=language,
            facts=facts,
        )
