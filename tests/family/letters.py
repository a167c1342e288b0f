"""One of each letter that this room writes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.signups.moving import occasion_facts
from booking.signups.queries import take_occasion
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
    "offer_made",
    "offer_declined",
    "offer_expired",
    "meeting_called_off",
    "meeting_moved",
)


def every_letter(session: Session, language: Language) -> Iterator[Letter]:
    """Return a letter from each template, with all that any of them tells."""
    occasion = take_occasion(session, open_occasion(session).id)
    told = occasion_facts(occasion, language)
    facts: dict[str, Any] = {
        **told,
        "child": "Ada",
        "held_until": NOON.isoformat(),
        "secret": "s" * 43,
        "places": [{"child": "Ada", "secret": "s" * 43}, {"child": None, "secret": "t" * 43}],
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
