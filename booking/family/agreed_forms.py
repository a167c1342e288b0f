"""What can be agreed to besides taking part: pictures, and what a child needs."""

from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Optional

from booking.consent.rules import ChildAnswer, WordingPurpose
from booking.consent.standing import PHOTOS
from booking.family.choices import Choices, choice_of
from booking.signups.asking import Agreed, NeedsAsked


class AgreedFields:
    """Boxes that are never ticked beforehand, one for each purpose; they stand where an activity asks."""

    consents = SelectMultipleField(choices=[], validate_choice=False)
    child_answer = RadioField(choices=[], validate_choice=False, validators=[Optional()])
    needs = SelectMultipleField(choices=[], validate_choice=False)
    needs_line = StringField()
    needs_agreed = BooleanField()

    def offer_boxes(self, choices: Choices, *, is_same: bool) -> None:
        """Offer these choices; ticks that were set to other words are taken off."""
        self.consents.choices = list(choices.photos)
        self.child_answer.choices = list(choices.child_answers)
        self.needs.choices = list(choices.needs)
        if not is_same:
            self.consents.data, self.needs_agreed.data = [], False

    def to_agreed(self) -> Agreed:
        """Return what was agreed to."""
        needs = {WordingPurpose.NEEDS} if self.needs_agreed.data else set()
        ticked = self.consents.data or ()
        return Agreed(
            consents=frozenset({each for each in PHOTOS if each.value in ticked} | needs),
            child_answer=choice_of(ChildAnswer, self.child_answer.data) or ChildAnswer.NOT_ASKED,
            needs=NeedsAsked(choices=tuple(self.needs.data or ()), line=self.needs_line.data or ""),
        )
