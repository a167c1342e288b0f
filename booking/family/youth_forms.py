"""The form by which a youth signs up."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Optional

from booking.consent.ages import AgeUnclear
from booking.consent.rules import WordingPurpose
from booking.errors import Refusal
from booking.family.choices import Choices
from booking.family.forms import (
    born_field,
    choose_municipality,
    first_name_field,
    last_name_field,
    municipality_field,
    read_words,
    refuse_machines,
    reply_field,
    said_words,
)
from booking.forms import Form, by
from booking.libraries.rules import Language
from booking.people.contact import read_email, read_phone
from booking.signups.asking import Asker, ChildAsked, PlaceRequest
from booking.signups.households import ChildrenRefused

YES, NO = "yes", "no"


class YouthForm(Form):
    """A youth signs up itself: a name, a year, an address, and whose yes it needs besides."""

    first_name = first_name_field()
    last_name = last_name_field()
    born = born_field()
    has_turned = RadioField(choices=[], validate_choice=False, validators=[Optional()])
    asked_age = HiddenField()
    municipality = municipality_field()
    email = StringField(validators=[by(read_email)])
    phone = StringField(validators=[by(read_phone)])
    guardian_email = StringField()
    reply = reply_field()
    shielded = BooleanField()
    news = BooleanField()
    permission = BooleanField(validators=[DataRequired("own_yes_missing")])
    website = StringField()
    ask_key = HiddenField()
    words = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check each field. Where something filled in what nobody sees, ask a person to press once more."""
        is_sound = bool(super().validate(extra_validators))
        return refuse_machines(self, self.website) and is_sound

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field: here everything is about one person."""
        reasons = (
            [each for _number, each in refusal.refusals]
            if isinstance(refusal, ChildrenRefused)
            else [refusal]
        )
        for reason in reasons:
            if isinstance(reason, AgeUnclear):
                # The question stands as long as its answer does.
                self.asked_age.data = str(reason.facts["limit"])
            super().refuse(reason)

    def show(self, choices: Choices) -> None:
        """Offer these choices, and the words as they are now; ticks set to other words are taken off."""
        choose_municipality(self.municipality, choices)
        self.has_turned.choices = list(choices.yes_or_no)
        if not (self.asked_age.data or "").isdecimal():
            self.asked_age.data = ""
        words = said_words(choices.words)
        if self.words.data != words:
            self.permission.data = self.news.data = False
        self.words.data = words

    def to_request(self, language: Language) -> PlaceRequest:
        """Return what the youth asks for, in the language of the words that were ticked."""
        child = ChildAsked(
            number=0,
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or None,
            born=self.born.data or "",
            municipality_code=self.municipality.data or "",
            reply=(self.reply.data or "").strip() or None,
            is_shielded=bool(self.shielded.data),
            consents=frozenset({WordingPurpose.NEWS} if self.news.data else ()),
        )
        return PlaceRequest(
            ask_key=self.ask_key.data or "",
            email=read_email(self.email.data or ""),
            contact_name=self.first_name.data or "",
            phone=read_phone(self.phone.data or ""),
            language=language,
            children=(child,),
            words_shown=read_words(self.words.data or ""),
            asker=Asker.YOUTH,
            guardian_email=self.guardian_email.data or None,
            has_turned={YES: True, NO: False}.get(self.has_turned.data or ""),
        )
