"""What the forms at the door carry."""

import re
from datetime import datetime
from typing import Final

from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from booking.attendance.door import Answers, Unknown
from booking.attendance.rules import Standing, Telling
from booking.forms import Form
from booking.participation.rules import HeadcountBand, MeetingOutcome
from booking.tokens import new_uid

# Nobody types these fields: whatever is wrong with them, loading the page again helps.
_UNREADABLE: Final = "tick_not_understood"
_LARGEST_ID: Final = 2**31 - 1
_MOST_AT_ONCE: Final = 500


def _is_an_instant(_form: Form, field: HiddenField) -> None:
    try:
        told_at = datetime.fromisoformat(field.data or "")
    except ValueError:
        raise ValidationError(_UNREADABLE) from None
    if told_at.tzinfo is None:
        raise ValidationError(_UNREADABLE)


class _TellingForm(Form):
    """What every tick and count tells: its own id and, if a phone keeps it for later, when it happened."""

    event_id = HiddenField(
        validators=[
            Optional(),
            Length(max=36, message=_UNREADABLE),
            Regexp(r"[0-9a-f-]{8,36}\Z", message=_UNREADABLE),
        ]
    )
    happened_at = HiddenField(validators=[Optional(), _is_an_instant])

    def to_telling(self, *, device: str, account_id: int) -> Telling:
        """Return who told it, on which phone, and when."""
        told_at = datetime.fromisoformat(self.happened_at.data) if self.happened_at.data else None
        return Telling(
            event_id=self.event_id.data or new_uid(), told_at=told_at, device=device, account_id=account_id
        )


class TickForm(_TellingForm):
    """A tick: who, and what is known of them now."""

    participant_id = IntegerField(
        validators=[InputRequired(_UNREADABLE), NumberRange(1, _LARGEST_ID, message=_UNREADABLE)]
    )
    standing = HiddenField(validators=[AnyOf([each.value for each in Standing], message=_UNREADABLE)])

    def to_participant_id(self) -> int:
        """Return whom the tick is for."""
        return int(self.participant_id.data or 0)

    def to_standing(self) -> Standing:
        """Return what is known of the person now."""
        return Standing(str(self.standing.data))


class CountForm(_TellingForm):
    """So many more, or fewer, who dropped in."""

    band = HiddenField(validators=[AnyOf([each.value for each in HeadcountBand], message=_UNREADABLE)])
    delta = IntegerField(
        validators=[
            InputRequired(_UNREADABLE),
            NumberRange(-_MOST_AT_ONCE, _MOST_AT_ONCE, message=_UNREADABLE),
        ]
    )

    def validate_delta(self, field: IntegerField) -> None:
        """Let a count pass that changes something."""
        if field.data == 0:
            raise ValidationError(_UNREADABLE)

    def to_delta(self) -> int:
        """Return how many more, or fewer."""
        return int(self.delta.data or 0)

    def to_band(self) -> HeadcountBand:
        """Return whom the count is of."""
        return HeadcountBand(str(self.band.data))


class FindForm(Form):
    """Some letters of a name."""

    text = StringField(validators=[Length(max=80, message=_UNREADABLE)])

    def to_text(self) -> str:
        """Return the letters."""
        return self.text.data or ""


class CloseForm(Form):
    """How the meeting went, and what is known of those who are not ticked."""

    outcome = RadioField(
        choices={each.value: each.value for each in MeetingOutcome},
        validate_choice=False,
        validators=[InputRequired("outcome_missing"), AnyOf([*MeetingOutcome], message="outcome_missing")],
    )
    unknown = RadioField(
        choices={each.value: each.value for each in Unknown},
        validate_choice=False,
        validators=[Optional(), AnyOf([*Unknown], message="unknown_not_answered")],
    )
    # Who is unknown is for the register to say, not for the form.
    did_not_come = SelectMultipleField(validate_choice=False)

    def to_answers(self) -> Answers:
        """Return what was answered."""
        return Answers(
            outcome=MeetingOutcome(self.outcome.data),
            unknown=Unknown(self.unknown.data) if self.unknown.data else None,
            did_not_come=frozenset(
                int(number) for number in self.did_not_come.data or () if re.fullmatch(r"[0-9]{1,10}", number)
            ),
        )
