"""What staff type when they act for a family."""

from typing import Final

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, Regexp

from booking.consent.rules import Capacity, Established
from booking.desk.entering import DeskRequest
from booking.forms import Form, by
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.rules import clean_name
from booking.signups.asking import ChildAsked
from booking.signups.born import check_born

LONGEST_REASON: Final = 200
# How a guardian's leave reached the library.
WAYS: Final = (Established.BY_PHONE, Established.AT_THE_DESK, Established.ON_PAPER)
_WAY_VALUES: Final = [way.value for way in WAYS]


class EntryForm(Form):
    """A child for whom somebody speaks, and how we know that the child may take part."""

    first_name = StringField(
        validators=[
            DataRequired("first_name_missing"),
            by(lambda text: clean_name(text, about="first_name")),
        ]
    )
    last_name = StringField(validators=[Optional(), by(lambda text: clean_name(text, about="last_name"))])
    born = StringField(validators=[DataRequired("born_missing"), by(check_born)])
    municipality = SelectField(
        validators=[Regexp(r"[0-9]{4}\Z", message="municipality_missing")], validate_choice=False, choices=[]
    )
    contact_name = StringField(
        validators=[
            DataRequired("guardian_name_missing"),
            by(lambda text: clean_name(text, about="contact_name")),
        ]
    )
    email = StringField(validators=[by(read_email)])
    phone = StringField(validators=[by(read_phone)])
    established = RadioField(
        choices=[], validate_choice=False, validators=[AnyOf(_WAY_VALUES, message="way_missing")]
    )
    other_guardian = BooleanField()
    permission = BooleanField(validators=[DataRequired("permission_missing")])
    is_exception = BooleanField()
    reason = StringField(validators=[Length(max=LONGEST_REASON, message="reason_too_long")])
    ask_key = HiddenField()

    def show(
        self, *, municipalities: list[tuple[str, str]], at_home: str, ways: list[tuple[str, str]]
    ) -> None:
        """Offer the municipalities, the library's own first chosen, and how leave can be given."""
        self.municipality.choices = municipalities
        self.municipality.data = self.municipality.data or at_home
        self.established.choices = ways

    def to_request(self, language: Language) -> DeskRequest:
        """Return whom staff sign up."""
        child = ChildAsked(
            number=0,
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or None,
            born=self.born.data or "",
            municipality_code=self.municipality.data or "",
        )
        return DeskRequest(
            child=child,
            contact_name=self.contact_name.data or "",
            email=read_email(self.email.data or ""),
            phone=read_phone(self.phone.data or ""),
            language=language,
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            established=Established(self.established.data),
            ask_key=self.ask_key.data or "",
            is_exception=bool(self.is_exception.data),
            reason=(self.reason.data or "").strip() or None,
        )


class ReasonForm(Form):
    """Why staff act for a family; a line that says nothing of health or home."""

    reason = StringField(
        validators=[
            DataRequired("reason_missing"),
            Length(max=LONGEST_REASON, message="reason_too_long"),
        ]
    )

    @property
    def note(self) -> str:
        """Return the reason."""
        return (self.reason.data or "").strip()


class LeaveForm(ReasonForm):
    """How a guardian's yes reached the library."""

    established = RadioField(
        choices=[], validate_choice=False, validators=[AnyOf(_WAY_VALUES, message="way_missing")]
    )


class MoveForm(ReasonForm):
    """To which occasion the place is moved."""

    to = SelectField(
        validators=[Regexp(r"[0-9]{1,9}\Z", message="occasion_missing")], validate_choice=False, choices=[]
    )

    @property
    def occasion_id(self) -> int:
        """Return which occasion was chosen."""
        return int(self.to.data or 0)
