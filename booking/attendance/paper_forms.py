"""What is typed in from a register on paper: a line for each name, and a number for each band."""

from typing import Final

from wtforms import FormField, HiddenField, RadioField
from wtforms.validators import AnyOf, NumberRange, Optional, Regexp

from booking.attendance.paper_rules import Typed, TypedCount, TypedMark
from booking.attendance.rules import Standing
from booking.forms import Form, Part, Parts, WholeNumber
from booking.participation.rules import HeadcountBand

_UNREADABLE: Final = "tick_not_understood"
_MOST: Final = 500


def _event() -> HiddenField:
    return HiddenField(validators=[Regexp(r"[0-9a-f-]{8,36}\Z", message=_UNREADABLE)])


class LinePart(Part):
    """One name on the sheet; nothing is chosen beforehand, and nothing chosen says nothing."""

    participant_id = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", message=_UNREADABLE)])
    event_id = _event()
    standing = RadioField(
        choices=[],
        validate_choice=False,
        validators=[Optional(), AnyOf([each.value for each in Standing], message=_UNREADABLE)],
    )


class NumberPart(Part):
    """How many of one band the sheet counts."""

    band = HiddenField(validators=[AnyOf([each.value for each in HeadcountBand], message=_UNREADABLE)])
    event_id = _event()
    persons = WholeNumber(
        unreadable="paper_number_missing",
        validators=[Optional(), NumberRange(0, _MOST, message="paper_number_missing")],
    )


class PaperForm(Form):
    """A whole sheet."""

    lines = Parts(FormField(LinePart), max_entries=_MOST)
    numbers = Parts(FormField(NumberPart), max_entries=len(HeadcountBand))

    def to_typed(self) -> Typed:
        """Return what the sheet says."""
        return Typed(
            marks=[
                TypedMark(
                    event_id=line.event_id.data or "",
                    participant_id=int(line.participant_id.data or 0),
                    standing=Standing(line.standing.data),
                )
                for line in (entry.form for entry in self.lines.entries)
                if line.standing.data
            ],
            counts=[
                TypedCount(
                    event_id=line.event_id.data or "",
                    band=HeadcountBand(line.band.data or ""),
                    persons=line.persons.data,
                )
                for line in (entry.form for entry in self.numbers.entries)
                if line.persons.data
            ],
        )
