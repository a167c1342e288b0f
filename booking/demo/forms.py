"""A form with one of each control, for the page kit."""

from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from booking.forms import Form


class KitForm(Form):
    """One of each control."""

    name = StringField(validators=[InputRequired("kit_missing"), Length(max=100, message="kit_missing")])
    email = EmailField(validators=[InputRequired("kit_missing")])
    day = DateField()
    secret = PasswordField()
    story = TextAreaField()
    town = SelectField(choices={"granlia": "Granlia", "fjellgrend": "Fjellgrend"})
    mode = RadioField(choices={"drop_in": "Drop-in", "sign_up": "Sign-up"}, validate_choice=False)
    agreed = BooleanField(validators=[InputRequired("kit_missing")])
