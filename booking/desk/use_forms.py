"""What staff write down of where a picture was used."""

from datetime import date
from typing import Final, cast

from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from booking.consent.rules import WordingPurpose
from booking.consent.standing import PHOTOS
from booking.forms import DAYS, Day, Form

LONGEST_PLACE: Final = 200


class UseForm(Form):
    """What the pictures were used for, where they are, and since which day."""

    purpose = RadioField(
        choices=[],
        validate_choice=False,
        validators=[AnyOf([each.value for each in PHOTOS], message="picture_purpose_missing")],
    )
    place = StringField(
        validators=[
            DataRequired("picture_place_missing"),
            Length(max=LONGEST_PLACE, message="picture_place_too_long"),
        ]
    )
    used_on = Day(
        unreadable="date_unreadable", format=DAYS, validators=[InputRequired("picture_day_missing")]
    )

    @property
    def told_purpose(self) -> WordingPurpose:
        """Return what the pictures were used for."""
        return WordingPurpose(self.purpose.data)

    @property
    def told_place(self) -> str:
        """Return where they are, on one line."""
        return " ".join((self.place.data or "").split())

    @property
    def told_day(self) -> date:
        """Return since when."""
        return cast("date", self.used_on.data)
