"""What a tap on the tablet carries."""

from wtforms import HiddenField
from wtforms.validators import Regexp

from booking.forms import Form


class TapForm(Form):
    """Who says to be here."""

    participant_id = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", message="tick_not_understood")])

    def to_participant_id(self) -> int:
        """Return who it is."""
        return int(self.participant_id.data or 0)
