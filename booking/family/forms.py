"""The forms of this room: signing a child up, and moving a meeting."""

from collections.abc import Callable
from typing import Any, Final, cast

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Regexp, StopValidation

from booking.errors import Refusal
from booking.forms import Form
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.rules import ELSEWHERE, clean_name
from booking.signups.asking import PlaceRequest

_FOUR_FIGURES: Final = r"\s*[0-9]{4}\s*\Z"
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_HOURS: Final = ["%H:%M", "%H.%M", "%H:%M:%S"]
_MUNICIPALITY: Final = r"[0-9]{4}\Z"


def _by(rule: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """Return a validator that puts the rule's refusal beside the field."""

    def validate(_form: Form, field: Field) -> None:
        try:
            rule(field.data or "")
        except Refusal as refusal:
            # A field's errors are codes or refusals; WTForms passes on whatever it is given.
            raise StopValidation(cast("str", refusal)) from refusal

    return validate


def _name_in(field: str) -> Callable[[Form, Field], None]:
    return _by(lambda text: clean_name(text, about=field))


class SignupForm(Form):
    """One child, signed up by a parent: seven things to fill in. The rest is for machines."""

    contact_name = StringField(validators=[DataRequired("contact_name_missing"), _name_in("contact_name")])
    email = StringField(validators=[_by(read_email)])
    phone = StringField(validators=[_by(read_phone)])
    first_name = StringField(validators=[DataRequired("first_name_missing"), _name_in("first_name")])
    birth_year = StringField(validators=[Regexp(_FOUR_FIGURES, message="birth_year_missing")])
    # Its choices are data; the operation knows which ones there are.
    municipality = SelectField(
        validators=[Regexp(_MUNICIPALITY, message="municipality_missing")], validate_choice=False, choices=[]
    )
    permission = BooleanField(validators=[DataRequired("permission_missing")])
    website = StringField()
    ask_key = HiddenField()
    wording = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check each field. Where something filled in what nobody sees, ask a person to press once more."""
        is_sound = bool(super().validate(extra_validators))
        if self.website.data:
            self.website.data = ""
            self.form_errors.append("filled_by_machine")
        return is_sound and not self.form_errors

    def show(
        self, *, municipalities: list[tuple[str, str]], at_home: str, elsewhere: str, digest: str
    ) -> None:
        """Offer these municipalities, the library's own first chosen, and the words as they are now.

        A tick that was set to other words is taken off.
        """
        self.municipality.choices = [*municipalities, (ELSEWHERE, elsewhere)]
        self.municipality.data = self.municipality.data or at_home
        if self.wording.data != digest:
            self.permission.data = False
        self.wording.data = digest

    def to_request(self, language: Language) -> PlaceRequest:
        """Return what the parent asks for, in the language of the words that were ticked."""
        return PlaceRequest(
            ask_key=self.ask_key.data or "",
            email=read_email(self.email.data or ""),
            contact_name=self.contact_name.data or "",
            phone=read_phone(self.phone.data or ""),
            first_name=self.first_name.data or "",
            birth_year=int(self.birth_year.data or 0),
            municipality_code=self.municipality.data or "",
            language=language,
            wording_shown=self.wording.data or "",
        )
