"""Text messages beside letters, for families that asked for them: what the letter tells, shorter."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.outbox.rules import Channel
from booking.outbox.short import waking_hour
from booking.people.models import Family
from booking.signups.models import Signup

# What is so near that a letter may be read too late.
_ACTS: Final = frozenset(
    {"reminder", "offer_made", "signup_called_off", "meeting_called_off", "meeting_moved"}
)
# No name of a child and no secret: a text message is read over shoulders, and on phones that are lent.
_TOLD: Final = ("title", "library_name", "place_name", "meetings", "moves", "was", "held_until")
# Past its deadline a text message calls nobody to a letter that offers nothing any more.
_KEPT_OF_THE_SHIELDED: Final = ("held_until",)


def text_too(session: Session, clock: Clock, *, letter: Letter, signups: Sequence[Signup]) -> bool:
    """Write the text message that goes beside a letter to these sign-ups' family; tell whether one does.

    Only of what is near, and to a family that asked for it and has shown that the address is its own. Of a
    shielded child neither the activity nor the place is told, nor kept for it; until when it holds is kept.
    """
    family = signups[0].participant.family
    if letter.template not in _ACTS or not letter.facts or not _wants_it(family):
        return False
    is_shielded = any(signup.participant.is_shielded for signup in signups)
    kept = _KEPT_OF_THE_SHIELDED if is_shielded else _TOLD
    told: dict[str, Any] = {name: letter.facts[name] for name in kept if name in letter.facts}
    write_letter(
        session,
        clock,
        key=f"{letter.key}:sms",
        about=letter.about,
        template=letter.template,
        address=family.phone or "",
        language=family.language,
        facts={"is_shielded": True, **told} if is_shielded else told,
        policy=letter.policy,
        library_id=letter.library_id,
        channel=Channel.SMS,
        not_before=waking_hour(clock()),
    )
    return True


def _wants_it(family: Family) -> bool:
    return family.wants_sms and family.phone is not None and family.verified_at is not None
