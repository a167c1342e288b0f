"""How a message will look in its readers' languages, shown with an invented child."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.activities.models import Occasion
from booking.libraries.rules import Language
from booking.notices.operations import letter_facts
from booking.notices.queries import Household
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender

# Whoever only looks at how a letter will look has no need to see whom it is about.
_INVENTED = "Ada"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A letter in one language, and how many families get it."""

    language: Language
    families: int
    subject: str
    text: str


def samples_of(
    occasion: Occasion, households: Sequence[Household], *, words: str, sender: Sender, now: datetime
) -> list[Sample]:
    """Return the letter in each language that one of these families reads."""
    by_language: dict[Language, list[Household]] = {}
    for household in households:
        by_language.setdefault(household.family.language, []).append(household)
    return [_sample(occasion, theirs, words, sender=sender, now=now) for theirs in by_language.values()]


def _sample(
    occasion: Occasion, households: Sequence[Household], words: str, *, sender: Sender, now: datetime
) -> Sample:
    language = households[0].family.language
    facts = {**letter_facts(occasion=occasion, household=households[0], words=words), "children": [_INVENTED]}
    letter = Letter(
        message_id="preview",
        template="notice",
        language=language,
        address="familie@example.org",
        facts=facts,
    )
    mail = render_letter(letter, sender=sender, now=now)
    text = mail.get_body(("plain",))
    return Sample(
        language=language,
        families=len(households),
        subject=str(mail["Subject"]),
        text=str(text.get_content()) if text else "",
    )
