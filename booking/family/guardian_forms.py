"""What a youth's guardian answers: leave to take part, and questions."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from booking.consent.rules import Capacity, WordingPurpose
from booking.family.forms import read_words, said_words
from booking.forms import Form
from booking.libraries.rules import Language
from booking.signups.asking import LeaveSaid

LONGEST_QUESTION = 500


class GuardianForm(Form):
    """One tick for the leave to take part, never set beforehand."""

    permission = BooleanField(validators=[DataRequired("permission_missing")])
    other_guardian = BooleanField()
    words = HiddenField()

    def to_leave(self, language: Language) -> LeaveSaid:
        """Return the leave that was given, in the language of the words that were ticked."""
        return LeaveSaid(
            digest_shown=read_words(self.words.data or "").get(WordingPurpose.PERMISSION, ""),
            language=language,
            capacity=Capacity.OTHER_GUARDIAN if self.other_guardian.data else Capacity.PARENT,
        )

    def show(self, digest: str) -> None:
        """Carry along which words stand on the page; a tick that was set to other words is taken off."""
        words = said_words({WordingPurpose.PERMISSION: digest})
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
