"""What a youth's guardian answers: leave to take part, and questions."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from booking.consent.rules import Capacity
from booking.family.agreed_forms import AgreedFields
from booking.family.choices import Choices
from booking.family.forms import read_words, said_words
from booking.forms import Form
from booking.libraries.rules import Language
from booking.signups.asking import LeaveSaid

LONGEST_QUESTION = 500


class GuardianForm(Form, AgreedFields):
    """One tick for the leave to take part, and one for each other purpose; none is set beforehand."""

    permission = BooleanField(validators=[DataRequired("permission_missing")])
    other_guardian = BooleanField()
    words = HiddenField()

    def to_leave(self, language: Language) -> LeaveSaid:
        """Return the leave that was given, in the language of the words that were ticked."""
        return LeaveSaid(
            words_shown=read_words(self.words.data or ""),
            language=language,
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
            agreed=self.to_agreed(),
        )

    def show(self, choices: Choices) -> None:
        """Offer these choices, and the words as they are now; ticks set to other words are taken off."""
        words = said_words(choices.words)
        self.offer_boxes(choices, is_same=self.words.data == words)
        if self.words.data != words:
            self.permission.data = False
        self.words.data = words


class QuestionForm(Form):
    """What a guardian wants to know before answering."""

    question = StringField(
        validators=[
            DataRequired("question_missing"),
            Length(max=LONGEST_QUESTION, message="question_too_long"),
        ]
    )
