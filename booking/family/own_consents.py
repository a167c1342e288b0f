"""What a family said yes to: where each stands, what became of pictures, and what is about to end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.consent.models import Consent, PictureTask, Wording
from booking.consent.picture_queries import tasks_of
from booking.consent.standing import PHOTOS, ends_soon
from booking.consent.standing_queries import (
    is_standing,
    key_of,
    may_say_again,
    newest_consents,
    newest_texts,
)
from booking.libraries.rules import Language
from booking.people.models import Participant


@dataclass(frozen=True, kw_only=True)
class OwnConsent:
    """One consent as it stands; `title` names the activity that it is about, if it is about one.

    `pictures` tells whether pictures are to be taken down, or were. `renewal` are the words as they are now,
    where the end is so near that the family is asked anew; a yes to pictures is then the child's too.
    """

    consent: Consent
    title: str | None
    stands: bool
    pictures: PictureTask | None
    renewal: Wording | None

    @property
    def is_of_pictures(self) -> bool:
        """Tell whether it is about pictures."""
        return self.consent.purpose in PHOTOS


def own_consents(
    session: Session,
    now: datetime,
    *,
    children: Mapping[int, Participant],
    titles: Mapping[int, str],
    language: Language,
) -> Sequence[OwnConsent]:
    """Return the consents of these children, in as many questions for five children as for one."""
    newest = newest_consents(session, participant_ids=children, with_words=True).values()
    ended = [each for each in newest if each.purpose in PHOTOS and not is_standing(each, now)]
    tasks = tasks_of(session, participant_ids=children) if ended else {}
    ending = {each.purpose for each in newest if _is_asked_again(each, children, now)}
    words = {text.purpose: text for text in newest_texts(session, purposes=ending, language=language)}
    return [
        OwnConsent(
            consent=each,
            title=titles.get(each.occasion_id or 0),
            stands=is_standing(each, now),
            pictures=None if is_standing(each, now) else tasks.get(key_of(each)),
            renewal=words.get(each.purpose) if _is_asked_again(each, children, now) else None,
        )
        for each in newest
    ]


def _is_asked_again(consent: Consent, children: Mapping[int, Participant], now: datetime) -> bool:
    is_near = ends_soon(consent.step, expires_at=consent.expires_at, now=now)
    return is_near and may_say_again(consent, children[consent.participant_id])
