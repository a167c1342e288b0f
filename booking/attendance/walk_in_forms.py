"""What is typed at the door of who just came, and what a guardian answers."""

from typing import Final

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import AnyOf, DataRequired, Optional, Regexp, StopValidation

from booking.attendance.walk_in_rules import AgainRequest, Asking, LeaveNow, WalkInRequest
from booking.consent.rules import Capacity
from booking.forms import Form, by
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.people.rules import clean_name
from booking.signups.born import check_born

_NOT_READ: Final = "tick_not_understood"


def _key() -> HiddenField:
    return HiddenField(validators=[DataRequired(_NOT_READ), Regexp(r"[0-9a-f-]{8,36}\Z", message=_NOT_READ)])


def _only_if_mailed(form: "WalkInForm", _field: StringField) -> None:
    if form.asking.data != Asking.MAILED.value:
        raise StopValidation


class WalkInForm(Form):
    """Who just came, and how leave to take part is had; nothing is chosen beforehand."""

    first_name = StringField(
        validators=[DataRequired("first_name_missing"), by(lambda text: clean_name(text, about="first_name"))]
    )
    born = StringField(validators=[DataRequired("born_missing"), by(check_born)])
    is_another = BooleanField()
    is_beyond = BooleanField()
    asking = RadioField(
        choices=[],
        validate_choice=False,
        validators=[AnyOf([each.value for each in Asking], message="walk_in_leave_missing")],
    )
    has_turned = BooleanField()
    email = StringField(validators=[_only_if_mailed, DataRequired("email_missing"), by(read_email)])
    guardian_name = StringField(
        validators=[Optional(), by(lambda text: clean_name(text, about="guardian_name"))]
    )
    phone = StringField(validators=[by(read_phone)])
    other_guardian = BooleanField()
    ask_key = _key()

    def to_request(self, language: Language) -> WalkInRequest:
        """Return whom staff write down."""
        asking = Asking(self.asking.data)
        return WalkInRequest(
            ask_key=self.ask_key.data or "",
            first_name=self.first_name.data or "",
            born=self.born.data or "",
            asking=asking,
            language=language,
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            guardian_name=self.guardian_name.data or "",
            phone=self.phone.data or None,
            email=self.email.data if asking is Asking.MAILED else None,
            has_turned=True if self.has_turned.data else None,
            is_beyond=bool(self.is_beyond.data),
            is_another=bool(self.is_another.data),
        )


class AgainForm(Form):
    """Somebody who just came before, and comes again."""

    participant_id = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", message=_NOT_READ)])
    ask_key = _key()
    is_beyond = BooleanField()

    def to_participant_id(self) -> int:
        """Return who it is."""
        return int(self.participant_id.data or 0)

    def to_request(self) -> AgainRequest:
        """Return who comes again."""
        return AgainRequest(
            ask_key=self.ask_key.data or "",
            participant_id=self.to_participant_id(),
            is_beyond=bool(self.is_beyond.data),
        )


class LinkForm(Form):
    """Where the question for leave is mailed; without an address it is shown on the screen."""

    email = StringField(validators=[Optional(), by(read_email)])

    def to_email(self) -> str | None:
        """Return the address, if one was typed."""
        return (self.email.data or "").strip() or None


class NowGivenForm(Form):
    """Leave that a guardian gives at the door after all."""

    guardian_name = StringField(
        validators=[
            DataRequired("guardian_name_missing"),
            by(lambda text: clean_name(text, about="guardian_name")),
        ]
    )
    other_guardian = BooleanField()

    def to_said(self, language: Language) -> LeaveNow:
        """Return who says yes, and as what."""
        return LeaveNow(
            name=self.guardian_name.data or "",
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            language=language,
        )


class LeaveAnswerForm(NowGivenForm):
    """One tick for the leave, and who gives it; nothing is set beforehand."""

    permission = BooleanField(validators=[DataRequired("walk_in_permission_missing")])
    digest = HiddenField()

    def show(self, digest: str) -> None:
        """Carry which words are shown; a tick set to other words is taken off."""
        if self.digest.data != digest:
            self.permission.data = False
        self.digest.data = digest
