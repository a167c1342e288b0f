"""A calendar behind a link of its own: the language it is asked for in, and when a fetch is noted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from booking.errors import NotFound
from booking.libraries.rules import Language

# A phone that looks every five minutes must not make the house write every five minutes.
_NOTED_EVERY: Final = timedelta(hours=1)


def is_to_be_noted(fetched_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a fetch is worth a line: the first one, and then one an hour."""
    return fetched_at is None or now - fetched_at >= _NOTED_EVERY


def language_asked(said: Sequence[str], otherwise: Language) -> Language:
    """Return the language that an address asks for, or raise NotFound for one that we do not speak."""
    if not said:
        return otherwise
    if len(said) != 1 or said[0] not in set(Language):
        raise NotFound
    return Language(said[0])
