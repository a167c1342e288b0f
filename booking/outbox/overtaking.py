"""A letter that tells how it stands now takes the place of what has not left yet and told of the same."""

from functools import cache
from typing import Any, Final

from sqlalchemy import and_, exists, not_, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from booking.clock import Clock
from booking.outbox.models import Letter
from booking.outbox.rules import Channel, LetterState
from booking.prepared import Prepared, hole


def overtake(session: Session, clock: Clock, *, key: str, about: str, channel: Channel) -> None:
    """Take back what waits and tells of the same, unless the letter of this key was written before."""
    session.flush()
    gone: dict[str, Any] = {"state": LetterState.DROPPED, "address": None, "facts": {}, "gone_at": clock()}
    for (number,) in _overtaking(channel).rows(session, {"key": key, "about": about, **gone}):
        # Who has the letter at hand sees the same as the database.
        letter = session.identity_map.get(identity_key(Letter, number))
        for name, value in gone.items() if letter is not None else ():
            set_committed_value(letter, name, value)


@cache
def _overtaking(channel: Channel) -> Prepared:
    # A text message follows its letter: it takes the place of text messages only.
    channels = (Channel.SMS,) if channel is Channel.SMS else tuple(Channel)
    known, key = aliased(Letter), hole("key", Letter.key)
    waits = and_(Letter.about == hole("about", Letter.about), Letter.state == LetterState.WAITING)
    is_known = exists().where(known.key == key)
    return Prepared(
        update(Letter)
        .where(waits, Letter.channel.in_(channels), not_(is_known))
        .values({name: hole(name, getattr(Letter, name)) for name in _GOES})
        .returning(Letter.id)
    )


_GOES: Final = ("state", "address", "facts", "gone_at")
