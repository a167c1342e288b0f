"""When it is noted that somebody fetched a calendar behind a link of its own."""

from datetime import datetime, timedelta
from typing import Final

# A phone that looks every five minutes must not make the house write every five minutes.
_NOTED_EVERY: Final = timedelta(hours=1)


def is_to_be_noted(fetched_at: datetime | None, *, now: datetime) -> bool:
    """Tell whether a fetch is worth a line: the first one, and then one an hour."""
    return fetched_at is None or now - fetched_at >= _NOTED_EVERY
