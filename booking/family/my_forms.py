"""The forms of a family's own page: the address to write to, the code, and how the family is reached."""

from typing import Final, cast

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stub
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from booking.errors import Refusal
from booking.family.contact_rules import Contact
from booking.forms import Form
from booking.libraries.rules import Language
from booking.people.contact import LONGEST_PHONE, read_email

_LONGEST_LINE: Final = 200


def _is_address(_form: Form, field: Field) -> None:
    try:
        read_email(field.data or "")
    except Refusal as refusal:
        # A field's errors are codes or refusals; WTForms passes on whatever it is given.
        raise StopValidation(cast("str", refusal)) from refusal


class AddressForm(Form):
    """One e-mail address."""

    email = StringField(validators=[_is_address])

    def to_address(self) -> str:
        """Return the address as it is kept."""
        return read_email(self.email.data or "")


class RenewalForm(Form):
    """The sign of the words that stood beside the button."""

    words = HiddenField()


class ContactForm(Form):
    """How the library reaches a family, apart from its address."""

    contact_name = StringField(
        validators=[
            DataRequired("contact_name_missing"),
            Length(max=_LONGEST_LINE, message="contact_name_too_long"),
        ]
    )
    phone = StringField(validators=[Length(max=LONGEST_PHONE, message="phone_not_understood")])
    wants_sms = BooleanField()
    language = SelectField(
        choices=[SelectChoice("nb", "Bokmål"), SelectChoice("nn", "Nynorsk"), SelectChoice("en", "English")],
        validate_choice=False,
    )

    def validate_language(self, field: Field) -> None:
        """Refuse a language in which the house does not speak."""
        if field.data not in set(Language):
            raise ValidationError("language_unknown")

    def to_contact(self) -> Contact:
        """Return how the family wants to be reached."""
        return Contact(
            contact_name=self.contact_name.data or "",
            phone=self.phone.data or None,
            language=Language(self.language.data),
            wants_sms=bool(self.wants_sms.data),
        )


class EraseForm(Form):
    """The second step before everything is erased."""

    sure = BooleanField(validators=[DataRequired("erasing_not_sure")])
