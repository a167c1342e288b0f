"""What a phone at the door tells: a parcel of events, each of which is read, and answered, by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple

from booking.attendance.rules import Standing
from booking.participation.rules import HeadcountBand

MOST_AT_ONCE: Final = 100
_LARGEST_ID: Final = 2**31 - 1
_LARGEST_DELTA: Final = 500
_SHORTEST_NAME, _LONGEST_NAME = 8, 36
_SIGNS_OF_A_NAME: Final = frozenset("0123456789abcdef-")

# A clock that is off by less was asked by a slow net, and is right.
_CLOCK_IS_RIGHT_WITHIN: Final = timedelta(minutes=1)

_STANDINGS: Final[Mapping[Any, Standing]] = {each.value: each for each in Standing}
_BANDS: Final[Mapping[Any, HeadcountBand]] = {each.value: each for each in HeadcountBand}


class Became(StrEnum):
    """What became of one event."""

    TAKEN = "taken"
    KNOWN = "known"
    LATE = "late"
    REFUSED = "refused"


# What there is one of for each event is a plain tuple: a hundred of them are made in the time of a few rows.
class Ticked(NamedTuple):
    """A tick, as a phone tells it."""

    event_id: str
    told_at: datetime | None
    participant_id: int
    standing: Standing


class Counted(NamedTuple):
    """One more, or one fewer, who dropped in, as a phone tells it."""

    event_id: str
    told_at: datetime | None
    band: HeadcountBand
    delta: int


class Looked(NamedTuple):
    """Somebody opened the register that the phone had kept, where there was no net."""

    event_id: str
    told_at: datetime | None


Event = Ticked | Counted | Looked


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """What one phone sends at once; an event that makes no sense is nothing but its place in the row."""

    device: str
    sent_at: datetime | None
    events: Sequence[Event | None]
    names: Sequence[str | None]


class Answer(NamedTuple):
    """What became of one event; of what is refused, the code that says why."""

    event_id: str | None
    became: Became
    code: str | None = None


def parcel_or_none(told: Any) -> Parcel | None:  # noqa: ANN401 – whatever a machine sent
    """Return what came, or nothing when it is no parcel of at most a hundred events of one phone."""
    if not isinstance(told, dict):
        return None
    events, device = told.get("events"), _name(told.get("device"))
    if device is None or not isinstance(events, list) or not 0 < len(events) <= MOST_AT_ONCE:
        return None
    understood = [_event(each) for each in events]
    return Parcel(
        device=device,
        sent_at=_instant(told.get("sent")),
        events=understood,
        names=[one.event_id if one else _name_of(each) for one, each in zip(understood, events, strict=True)],
    )


def goes_on_record(parcel: Parcel | None) -> bool:
    """Tell whether something in the parcel is put on record, and so more is written than rows of its own."""
    return parcel is not None and any(isinstance(event, Looked) for event in parcel.events)


def lag_of(parcel: Parcel, *, received_at: datetime) -> timedelta:
    """Return by how much the phone's clock is behind ours when it sends; nothing if it is about right.

    What happened ten minutes before it was sent happened ten minutes before it was received, whatever
    the clock on the phone shows.
    """
    if parcel.sent_at is None:
        return timedelta(0)
    lag = received_at - parcel.sent_at
    return lag if abs(lag) > _CLOCK_IS_RIGHT_WITHIN else timedelta(0)


def _event(told: Any) -> Event | None:  # noqa: ANN401 – whatever a machine sent
    name = _name_of(told)
    if name is None:
        return None
    at = _instant(told.get("at"))
    if "person" in told:
        return _ticked(name, at, told)
    if "band" in told:
        return _counted(name, at, told)
    return Looked(event_id=name, told_at=at) if told.get("looked") is True else None


def _ticked(name: str, at: datetime | None, told: Mapping[str, Any]) -> Ticked | None:
    person, standing = told["person"], _one_of(_STANDINGS, told.get("standing"))
    if standing is None or type(person) is not int or not 0 < person <= _LARGEST_ID:
        return None
    return Ticked(event_id=name, told_at=at, participant_id=person, standing=standing)


def _counted(name: str, at: datetime | None, told: Mapping[str, Any]) -> Counted | None:
    band, delta = _one_of(_BANDS, told["band"]), told.get("delta")
    if band is None or type(delta) is not int or not 0 < abs(delta) <= _LARGEST_DELTA:
        return None
    return Counted(event_id=name, told_at=at, band=band, delta=delta)


def _one_of(choices: Mapping[Any, Any], told: Any) -> Any:  # noqa: ANN401 – whatever a machine sent
    return choices.get(told) if isinstance(told, str) else None


def _name_of(told: Any) -> str | None:  # noqa: ANN401 – whatever a machine sent
    return _name(told.get("id")) if isinstance(told, dict) else None


def _name(told: Any) -> str | None:  # noqa: ANN401 – whatever a machine sent
    if not isinstance(told, str) or not _SHORTEST_NAME <= len(told) <= _LONGEST_NAME:
        return None
    return told if _SIGNS_OF_A_NAME.issuperset(told) else None


def _instant(told: Any) -> datetime | None:  # noqa: ANN401 – whatever a machine sent
    # Milliseconds since 1970. A time that nobody can read is none: the tick itself still counts.
    if type(told) is not int:
        return None
    try:
        return datetime.fromtimestamp(told / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None
