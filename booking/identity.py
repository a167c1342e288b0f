"""What calendars know something by: what a reader sees of it, and when that last became something else."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)
_SHORT: Final = 24


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a reader sees of a meeting, or of the plan: what of it is dates and places, and all the rest.

    `moment` is what RFC 5546 section 2.1.4 counts, and the place; `words` is what may be said anew without
    that anybody has to come at another time, or to another door.
    """

    moment: tuple[object, ...]
    words: tuple[object, ...]


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is stored with it: how often it was moved, when a reader last saw a change, and of what."""

    sequence: int
    changed_at: datetime
    seen: str


def seen_in(sight: Sight) -> str:
    """Return a short mark of what is seen: of its moment before the dot, of all of it after."""
    moment = _mark(sight.moment)
    return f"{moment}.{_mark((moment, *sight.words))}"


def identity_after(before: Identity, sight: Sight, now: datetime, *, was_seen: bool) -> Identity:
    """Return the identity of what now looks like this; the same one when it looks as before.

    Another moment raises the sequence, unless nobody has seen it yet; whatever is seen anew gets a later
    time of change. Neither ever falls. That of which no sight is stored yet gets its first.
    """
    seen = seen_in(sight)
    if seen == before.seen:
        return before
    if not before.seen:
        return Identity(sequence=before.sequence, changed_at=before.changed_at, seen=seen)
    is_moved = seen.partition(".")[0] != before.seen.partition(".")[0]
    return Identity(
        sequence=before.sequence + (is_moved and was_seen),
        changed_at=later_second(before.changed_at, now),
        seen=seen,
    )


def lifted(before: Identity, sight: Sight, now: datetime) -> Identity:
    """Return the identity of something after an older copy of the database was put back.

    Calendars may have seen anything since that copy was made. The least sequence after it is the number of
    minutes since 2026 began: it grows faster than anybody moves a meeting, so it is above whatever was seen.
    """
    minutes = int((now - _BEGINNING) / timedelta(minutes=1))
    return Identity(
        sequence=max(before.sequence + 1, minutes),
        changed_at=later_second(before.changed_at, now),
        seen=seen_in(sight),
    )


def later_second(before: datetime, now: datetime) -> datetime:
    """Return the instant to note for a change: a later whole second than the one before, if need be.

    Calendars keep whole seconds, and some take an entry anew only when its LAST-MODIFIED has grown.
    """
    return max(now, before + timedelta(seconds=1))


def _mark(parts: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()[:_SHORT]
