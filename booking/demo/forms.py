"""A form with one of each control, for the page kit."""

from typing import Final

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from booking.forms import Form, Part, Parts
from booking.signups.children_forms import MOST_CHILDREN, ChildrenForm

_TOWNS: Final = {"granlia": "Granlia", "fjellgrend": "Fjellgrend"}
_MODES: Final = {"drop_in": "Drop-in", "sign_up": "Sign-up"}
_GRADES: Final = {"5": "5", "6": "6"}
_DAYS: Final = {"tuesday": "24.11.", "wednesday": "25.11.", "thursday": "26.11."}


class KitForm(Form):
    """One of each control."""

    name = StringField(validators=[InputRequired("kit_missing"), Length(max=100, message="kit_missing")])
    email = EmailField(validators=[InputRequired("kit_missing")])
    day = DateField(validators=[InputRequired("kit_missing")])
    secret = PasswordField()
    story = TextAreaField(validators=[InputRequired("kit_missing")])
    town = SelectField(choices=_TOWNS, validate_choice=False)
    grade = SelectField(choices=_GRADES, validators=[InputRequired("kit_missing")], validate_choice=False)
    mode = RadioField(choices=_MODES, validators=[InputRequired("kit_missing")], validate_choice=False)
    days = SelectMultipleField(choices=_DAYS, validators=[InputRequired("kit_missing")])
    agreed = BooleanField(validators=[InputRequired("kit_missing")])


class KitChildForm(Part):
    """One of several children."""

    first_name = StringField()
    born = StringField()
    last_name = StringField()
    reply = StringField()


class KitChildrenForm(ChildrenForm):
    """A form that takes several children."""

    children = Parts(FormField(KitChildForm), min_entries=1, max_entries=MOST_CHILDREN)
    more = StringField()
