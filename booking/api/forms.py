"""The shape of what is typed when a key is made."""

from collections.abc import Collection

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from booking.errors import NotFound
from booking.forms import Form


class KeyForm(Form):
    """What a key is for, and which library's figures it opens."""

    name = StringField(
        filters=[lambda text: " ".join((text or "").split())],
        validators=[DataRequired("key_name_missing"), Length(max=80, message="key_name_too_long")],
    )
    library = SelectField(validate_choice=False, validators=[InputRequired("key_library_missing")])

    def to_name(self) -> str:
        """Return what the key is for."""
        return str(self.name.data)

    def to_library_id(self, allowed: Collection[int]) -> int:
        """Return the chosen library; NotFound for one that is not among those allowed."""
        chosen = {str(number): number for number in allowed}.get(str(self.library.data))
        if chosen is None:
            raise NotFound
        return chosen
