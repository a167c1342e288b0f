"""The form in which a family chooses what its calendar says."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from booking.forms import Form
from booking.people.calendar_rules import CalendarNames, CalendarTitle


class ShownForm(Form):
    """What entries are called, and whether they tell which child."""

    title = RadioField(
        choices={each.value: each.value for each in CalendarTitle},
        validators=[InputRequired("calendar_choice_missing")],
    )
    names = RadioField(
        choices={each.value: each.value for each in CalendarNames},
        validators=[InputRequired("calendar_choice_missing")],
    )

    def to_title(self) -> CalendarTitle:
        """Return what entries are to be called."""
        return CalendarTitle(self.title.data)

    def to_names(self) -> CalendarNames:
        """Return how entries are to tell which child."""
        return CalendarNames(self.names.data)
