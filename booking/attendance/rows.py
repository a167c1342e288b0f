"""How a register reads: big rows with first names, siblings together, and the counts above them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from booking.attendance.attendees import Attendee
from booking.attendance.booked import Group
from booking.attendance.door import DoorRefusal, Oddity, check_takes_ticks
from booking.attendance.facts import present_in
from booking.attendance.marks import DoorMark
from booking.attendance.queries import Register, is_called_off
from booking.attendance.rules import Standing
from booking.clock import local_date
from booking.participation.rules import HeadcountBand

# Sorted by their numbers, Norwegian letters would come in another order than in the alphabet.
_ALPHABET = str.maketrans({"æ": "{", "ø": "|", "å": "}", "ä": "{", "ö": "|"})


@dataclass(frozen=True, kw_only=True)
class Row:
    """One person as the door sees them: no more than is needed to say hello."""

    participant_id: int
    name: str
    age: int
    standing: Standing
    is_contradicted: bool
    marks: tuple[DoorMark, ...]
    is_with_sibling: bool


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The counts at the top of a register."""

    present: int
    expected: int
    named: int
    dropped_in: int
    adults: int


def heading_of(register: Register) -> Heading:
    """Return how many are here, were expected and dropped in."""
    attendees = register.attendees
    adults = register.headcount[HeadcountBand.ADULTS]
    return Heading(
        present=present_in(register) - adults,
        expected=sum(attendee.group is Group.EXPECTED for attendee in attendees),
        named=sum(attendee.standing is Standing.CAME for attendee in attendees),
        dropped_in=sum(register.headcount.values()) - adults,
        adults=adults,
    )


def rows_of(register: Register, group: Group) -> Sequence[Row]:
    """Return the rows of one part of the register by first name, siblings one after another."""
    year = local_date(register.meeting.starts_at).year
    attendees = _siblings_together(each for each in register.attendees if each.group is group)
    families = Counter(attendee.participant.family_id for attendee in attendees)
    return [
        _row(
            attendee,
            year,
            marks=register.marks.get(attendee.participant.id, ()),
            is_with_sibling=families[attendee.participant.family_id] > 1,
        )
        for attendee in attendees
    ]


def oddities_of(register: Register) -> Sequence[Oddity]:
    """Return what looks odd in a register that is about to be closed; it may still be right."""
    capacity = register.meeting.occasion.capacity
    heading = heading_of(register)
    places = None if capacity is None else capacity + register.meeting.occasion.walk_in_places
    is_off = is_called_off(register.meeting)
    found = {
        Oddity.NOBODY_HERE: present_in(register) == 0 and not is_off,
        Oddity.COUNTED_THOUGH_CALLED_OFF: present_in(register) > 0 and is_off,
        Oddity.MORE_THAN_PLACES: places is not None and heading.present > places,
        Oddity.CONTRADICTED: any(attendee.is_contradicted for attendee in register.attendees),
    }
    return [oddity for oddity, is_so in found.items() if is_so]


def takes_ticks(register: Register, *, now: datetime) -> bool:
    """Tell whether the register can be ticked in now: it is open, and the meeting near enough."""
    try:
        check_takes_ticks(
            now=now,
            starts_at=register.meeting.starts_at,
            is_called_off=is_called_off(register.meeting),
            is_closed=register.closing is not None,
        )
    except DoorRefusal:
        return False
    return True


def unknown_rows(register: Register) -> Sequence[Row]:
    """Return the rows of those who were expected and of whom nothing is known."""
    return [row for row in rows_of(register, Group.EXPECTED) if row.standing is Standing.NOT_KNOWN]


def short_name(*, first_name: str, last_name: str | None, is_shielded: bool) -> str:
    """Return the first name and an initial; of whoever is shielded the name they chose alone."""
    return first_name if is_shielded or not last_name else f"{first_name} {last_name[0]}."


def name_to_call(*, contact_name: str, is_shielded: bool) -> str:
    """Return whom to ask for on the phone; of the shielded no last name, as it is often the child's."""
    return contact_name.split(maxsplit=1)[0] if is_shielded and contact_name else contact_name


def in_alphabet(name: str) -> str:
    """Return what to sort a name by, so that Åse comes after Ødger and not before Bo."""
    return name.casefold().translate(_ALPHABET)


def _siblings_together(attendees: Iterable[Attendee]) -> list[Attendee]:
    by_name = sorted(
        attendees, key=lambda each: (in_alphabet(each.participant.first_name), each.participant.id)
    )
    place_of_family: dict[int, int] = {}
    for place, attendee in enumerate(by_name):
        place_of_family.setdefault(attendee.participant.family_id, place)
    return sorted(by_name, key=lambda each: place_of_family[each.participant.family_id])


def _row(attendee: Attendee, year: int, *, marks: tuple[DoorMark, ...], is_with_sibling: bool) -> Row:
    participant = attendee.participant
    return Row(
        participant_id=participant.id,
        name=short_name(
            first_name=participant.first_name,
            last_name=participant.last_name,
            is_shielded=participant.is_shielded,
        ),
        age=year - participant.birth_year,
        standing=attendee.standing,
        is_contradicted=attendee.is_contradicted,
        marks=marks,
        is_with_sibling=is_with_sibling,
    )
