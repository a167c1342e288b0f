"""The forms in which is chosen what a family's calendar says, and in which language a partner's is."""

from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, InputRequired

from booking.forms import Form
from booking.libraries.rules import Language
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


class PartnerAddressForm(Form):
    """In which language the calendar of a partner is; bokmål where nothing is said."""

    language = StringField(validators=[AnyOf((None, "", *Language), message="calendar_choice_missing")])

    def to_language(self) -> Language:
        """Return the language; only after the form was found sound."""
        return Language(self.language.data or Language.NB)
