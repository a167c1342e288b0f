"""Whom a tablet shows, on which youths tick themselves off."""

from collections.abc import Iterable
from typing import ClassVar

from booking.attendance.booked import Group
from booking.attendance.door import DoorRefusal
from booking.attendance.rules import Standing


class KioskTooLate(DoorRefusal):
    """The meeting is over: nobody comes any more."""

    code: ClassVar[str] = "kiosk_too_late"


def is_on_tablet(
    *, group: Group | None, standing: Standing, age: int, is_shielded: bool, youth_from: int
) -> bool:
    """Tell whether a tablet that stands in the open shows somebody: expected, not here yet, and a youth.

    Who is shielded is not on it under any name: that somebody of the name is expected is told to everybody
    who walks past.
    """
    return group is Group.EXPECTED and standing is not Standing.CAME and age >= youth_from and not is_shielded


def shown_names(people: Iterable[tuple[int, str, str | None]]) -> list[tuple[int, str]]:
    """Return what a tablet calls each of these: the first name, and an initial only where two share one."""
    listed = list(people)
    first_names = [first_name.casefold() for _number, first_name, _last_name in listed]
    return [
        (number, f"{first} {last[0]}." if last and first_names.count(first.casefold()) > 1 else first)
        for number, first, last in listed
    ]
