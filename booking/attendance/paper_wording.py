"""How a sheet of paper reads: names, counts, and the words to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from booking.attendance.attendees import Attendee
from booking.attendance.house_queries import InTheHouse
from booking.attendance.paper_forms import PaperForm
from booking.attendance.rows import in_alphabet, short_name
from booking.attendance.rules import Standing
from booking.attendance.wording import title_of
from booking.i18n import N_
from booking.participation.rules import HeadcountBand

_STANDINGS = {
    Standing.CAME: N_("Came"),
    Standing.DID_NOT_COME: N_("Did not come"),
    Standing.NOT_KNOWN: N_("Not known"),
}


@dataclass(frozen=True, kw_only=True)
class HouseSheet:
    """Who is here of one meeting, by name and by count."""

    title: str
    room: str
    here: Sequence[str]
    not_known: Sequence[str]
    headcount: Mapping[HeadcountBand, int]

    @property
    def total(self) -> int:
        """How many are here in all."""
        return len(self.here) + sum(self.headcount.values())


def say_sheet(form: PaperForm) -> None:
    """Give each line of the form its choices."""
    for entry in form.lines.entries:
        entry.form.standing.choices = [(each.value, gettext(words)) for each, words in _STANDINGS.items()]


def sheet_of(present: Sequence[InTheHouse]) -> Sequence[HouseSheet]:
    """Return the names and counts of each meeting that goes on."""
    return [
        HouseSheet(
            title=title_of(each.meeting),
            room=each.meeting.room,
            here=_names(each.here),
            not_known=_names(each.not_known),
            headcount=each.headcount,
        )
        for each in present
    ]


def _names(attendees: Sequence[Attendee]) -> Sequence[str]:
    names = (
        short_name(
            first_name=each.participant.first_name,
            last_name=each.participant.last_name,
            is_shielded=each.participant.is_shielded,
        )
        for each in attendees
    )
    return sorted(names, key=in_alphabet)
