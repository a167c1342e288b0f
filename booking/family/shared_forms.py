"""Who else must say yes to pictures that everybody can see, and what the other guardian ticks."""

from collections.abc import Collection
from typing import Any, Final, cast

from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Optional

from booking.consent.rules import Capacity, WordingPurpose
from booking.errors import Refusal
from booking.family.choices import Pairs
from booking.family.forms import read_words, said_words
from booking.family.shared_rules import OtherAnswer
from booking.forms import Form
from booking.libraries.rules import Language
from booking.people.contact import read_email

ALONE: Final = "alone"
SHARED: Final = "shared"
_LONGEST_NUMBER: Final = 9


class SharedForm(Form):
    """Who decides about open pictures: one alone, or two; of the other one the address, and nothing more."""

    who = RadioField(choices=[], validate_choice=False, validators=[Optional()])
    other_email = StringField()
    also = SelectMultipleField(choices=[], validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check that one of the two was chosen, and that there is an address where two decide."""
        is_sound = bool(super().validate(extra_validators))
        if not is_sound:
            return False
        if self.who.data not in {ALONE, SHARED}:
            self.who.errors = ["who_decides_missing"]
        elif self.who.data == SHARED:
            self._read_address()
        return not self.errors

    def offer(self, choices: Pairs, siblings: Pairs = ()) -> None:
        """Offer these choices, and siblings for whom the answer may hold too; none is chosen beforehand."""
        self.who.choices = list(choices)
        self.also.choices = list(siblings)

    @property
    def is_alone(self) -> bool:
        """Tell whether one guardian decides alone."""
        return bool(self.who.data == ALONE)

    def to_address(self) -> str | None:
        """Return the address of who shares the responsibility, or nothing where one decides alone."""
        return None if self.is_alone else read_email(self.other_email.data or "")

    def to_siblings(self) -> frozenset[int]:
        """Return for which other sign-ups the answer holds as well, by number."""
        return _numbers(self.also.data or ())

    def _read_address(self) -> None:
        try:
            read_email(self.other_email.data or "")
        except Refusal as refusal:
            # A field's errors are codes or refusals.
            self.other_email.errors = [cast("str", refusal)]


class OtherGuardianForm(Form):
    """One box for each thing that is asked, and one for the responsibility; none is ticked beforehand."""

    consents = SelectMultipleField(choices=[], validate_choice=False)
    declared = BooleanField(validators=[DataRequired("responsibility_not_declared")])
    not_parent = BooleanField()
    words = HiddenField()
    asked = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check that something was ticked: a no has a button of its own."""
        is_sound = bool(super().validate(extra_validators))
        if not self.consents.data:
            self.consents.errors = ["no_picture_ticked"]
        return is_sound and bool(self.consents.data)

    def show(self, choices: Pairs, words: dict[WordingPurpose, str]) -> None:
        """Offer what is asked, and the words as they are now; ticks set to other words are taken off."""
        told = said_words(words)
        self.consents.choices = list(choices)
        if self.words.data != told:
            self.consents.data = []
        self.words.data = told
        self.asked.data = " ".join(number for number, _label in choices)

    def to_asked(self) -> frozenset[int]:
        """Return the numbers of what the page showed: whoever answers knows of nothing else."""
        return _numbers((self.asked.data or "").split())

    def to_answer(self, language: Language) -> OtherAnswer:
        """Return what was said yes to, in the language of the words that were ticked."""
        return OtherAnswer(
            asked=self.to_asked(),
            numbers=_numbers(self.consents.data or ()),
            capacity=Capacity.OTHER_GUARDIAN if self.not_parent.data else Capacity.PARENT,
            language=language,
            words_shown=read_words(self.words.data or ""),
        )


def _numbers(told: Collection[str]) -> frozenset[int]:
    # Nothing here is numbered so high; a number of thousands of digits is read by no machine either.
    return frozenset(int(each) for each in told if each.isdecimal() and len(each) <= _LONGEST_NUMBER)
