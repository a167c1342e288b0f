"""A course's dates before they are saved: what speaks against each, and which are left out from the start."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.activities.dates import Slot
from booking.almanac.rules import DayKind, SpecialDay
from booking.clock import local_date


class Against(StrEnum):
    """What two things cannot share."""

    ROOM = "room"
    PERSON = "person"


@dataclass(frozen=True, kw_only=True)
class Busy:
    """Somebody or a room is taken at these hours. Another library's activity has no title here."""

    slot: Slot
    room: str | None
    responsible_id: int | None
    title: str | None


@dataclass(frozen=True, kw_only=True)
class Clash:
    """One thing that is taken already, and by what."""

    against: Against
    title: str | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """One date with all that is to be known of it. Nothing of it forbids the date."""

    slot: Slot
    special: Sequence[SpecialDay]
    clashes: Sequence[Clash]
    is_kept: bool

    @property
    def day(self) -> date:
        """Return the day on which it begins."""
        return local_date(self.slot.starts_at)


def look_at(
    slots: Iterable[Slot],
    *,
    special: Mapping[date, Sequence[SpecialDay]],
    busy: Collection[Busy],
    room: str,
    responsible_id: int | None,
    unticked: Collection[date] = (),
) -> list[Look]:
    """Return each date with the holidays and the breaks it falls in, and what is taken at its hours.

    On a public holiday the library is closed: such a date starts out unticked, and can be ticked.
    """
    looks = []
    for slot in slots:
        day = local_date(slot.starts_at)
        days = special.get(day, ())
        is_red = any(each.kind is DayKind.PUBLIC_HOLIDAY for each in days)
        looks.append(
            Look(
                slot=slot,
                special=days,
                clashes=clashes_with(slot, busy, room=room, responsible_id=responsible_id),
                is_kept=not is_red and day not in unticked,
            )
        )
    return looks


def clashes_with(slot: Slot, busy: Iterable[Busy], *, room: str, responsible_id: int | None) -> list[Clash]:
    """Return what is taken at these hours: the room by its name, however written, and the person."""
    clashes = []
    for each in busy:
        if not slot.overlaps(each.slot):
            continue
        if each.room is not None and each.room.casefold() == room.casefold():
            clashes.append(Clash(against=Against.ROOM, title=each.title))
        elif responsible_id is not None and each.responsible_id == responsible_id:
            clashes.append(Clash(against=Against.PERSON, title=each.title))
    return clashes
