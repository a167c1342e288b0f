"""What staff type when they act for a family."""

from collections.abc import Sequence
from typing import Any, Final

from wtforms import BooleanField, FormField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, Regexp

from booking.consent.rules import Capacity, Established
from booking.desk.entering import DeskRequest
from booking.errors import Refusal
from booking.forms import Form, Part, Parts, by
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.rules import clean_name
from booking.signups.asking import ChildAsked
from booking.signups.born import check_born
from booking.signups.children_forms import LONGEST_REPLY, MOST_CHILDREN, ChildrenForm
from booking.signups.households import IfNotAll

LONGEST_REASON: Final = 200
# How a guardian's leave reached the library.
WAYS: Final = (Established.BY_PHONE, Established.AT_THE_DESK, Established.ON_PAPER)
_WAY_VALUES: Final = [way.value for way in WAYS]


class EntryChildForm(Part):
    """One child for whom somebody speaks, and why if an exception is made for it."""

    first_name = StringField(
        validators=[
            DataRequired("first_name_missing"),
            by(lambda text: clean_name(text, about="first_name")),
        ]
    )
    born = StringField(validators=[DataRequired("born_missing"), by(check_born)])
    last_name = StringField(validators=[Optional(), by(lambda text: clean_name(text, about="last_name"))])
    reply = StringField(validators=[Length(max=LONGEST_REPLY, message="reply_too_long")])
    municipality = SelectField(
        validators=[Regexp(r"[0-9]{4}\Z", message="municipality_missing")], validate_choice=False, choices=[]
    )
    is_exception = BooleanField()
    reason = StringField(validators=[Length(max=LONGEST_REASON, message="reason_too_long")])

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was written about a child."""
        written = (self.first_name, self.born, self.last_name, self.reply, self.reason)
        return not any((field.data or "").strip() for field in written)

    @property
    def is_about_exception(self) -> bool:
        """Tell whether an exception was asked for, or may be what helps."""
        fields = (self.is_exception, self.reason, self.born)
        return bool(self.is_exception.data or self.reason.data or any(field.errors for field in fields))

    def show(self, *, municipalities: Sequence[tuple[str, str]], at_home: str) -> None:
        """Offer the municipalities, the library's own first chosen."""
        self.municipality.choices = list(municipalities)
        self.municipality.data = self.municipality.data or at_home

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field; what is about no field stands where an exception can be made."""
        field: Any = self._fields.get(refusal.field or "") or self.is_exception
        field.errors = [*field.errors, refusal]

    def to_child(self, number: int) -> ChildAsked:
        """Return what was written about the child."""
        return ChildAsked(
            number=number,
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or None,
            born=self.born.data or "",
            municipality_code=self.municipality.data or "",
            reply=(self.reply.data or "").strip() or None,
        )


class EntryForm(ChildrenForm):
    """Children for whom somebody speaks, and how we know that they may take part."""

    children = Parts(FormField(EntryChildForm), min_entries=1, max_entries=MOST_CHILDREN)
    if_not_all = RadioField(choices=[], validate_choice=False, validators=[Optional()])
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
    more = StringField()
    ask_key = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check each field; children of whom nothing is written are left out."""
        written = [entry for entry in self.children.entries if not entry.form.is_blank]
        self.children.entries = written or self.children.entries[:1]
        return bool(super().validate(extra_validators))

    def show(
        self,
        *,
        municipalities: Sequence[tuple[str, str]],
        at_home: str,
        ways: Sequence[tuple[str, str]],
        if_not_all: Sequence[tuple[str, str]],
    ) -> None:
        """Offer the municipalities, how leave can be given, and what to do with places for some only."""
        for entry in self.children.entries:
            entry.form.show(municipalities=municipalities, at_home=at_home)
        self.established.choices = list(ways)
        self.if_not_all.choices = list(if_not_all)

    def to_request(self, language: Language) -> DeskRequest:
        """Return whom staff sign up."""
        written = [entry.form for entry in self.children.entries]
        return DeskRequest(
            children=tuple(child.to_child(number) for number, child in enumerate(written)),
            contact_name=self.contact_name.data or "",
            email=read_email(self.email.data or ""),
            phone=read_phone(self.phone.data or ""),
            language=language,
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            established=Established(self.established.data),
            ask_key=self.ask_key.data or "",
            exceptions={
                number: (child.reason.data or "").strip()
                for number, child in enumerate(written)
                if child.is_exception.data
            },
            if_not_all=next((each for each in IfNotAll if each.value == self.if_not_all.data), None),
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
