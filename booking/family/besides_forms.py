"""What a family still says about a child that is signed up."""

from wtforms import HiddenField

from booking.consent.rules import Way
from booking.family.agreed_forms import AgreedFields
from booking.family.besides_operations import SaidBesides
from booking.family.choices import Choices
from booking.family.forms import read_words, said_words
from booking.forms import Form
from booking.libraries.rules import Language


class BesidesForm(Form, AgreedFields):
    """One box for each purpose that nobody has said yes to yet; none is ticked beforehand."""

    words = HiddenField()
    known = HiddenField()

    def show(self, choices: Choices, *, needs_are_known: bool) -> None:
        """Offer these choices, and the words as they are now; ticks set to other words are taken off."""
        words = said_words(choices.words)
        self.offer_boxes(choices, is_same=self.words.data == words)
        self.words.data = words
        self.known.data = "needs" if needs_are_known else ""

    def to_said(self, language: Language, way: Way) -> SaidBesides:
        """Return what was said, in the language of the words that were ticked."""
        return SaidBesides(
            agreed=self.to_agreed(),
            shown=read_words(self.words.data or ""),
            language=language,
            way=way,
            knew_needs=bool(self.known.data),
        )
