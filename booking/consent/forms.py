"""The forms in which an administrator writes new words, and decides on ages."""

from collections.abc import Mapping
from datetime import date
from typing import Final, cast

from wtforms import Field, HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from booking.consent.age_rules import OLDEST
from booking.consent.ages import Ages
from booking.forms import Day, Form, WholeNumber
from booking.libraries.rules import Language
from booking.wording import is_plain, tidied

LONGEST_TEXT: Final = 1500
_AGES: Final = tuple(Ages.__dataclass_fields__)
# As browsers send it, and as people here write it.
_DAYS: Final = ["%Y-%m-%d", "%d.%m.%Y"]


def _plain(_form: Form, field: Field) -> None:
    if field.data and not is_plain(field.data):
        raise ValidationError("text_not_plain")


def _words() -> TextAreaField:
    length = Length(max=LONGEST_TEXT, message="agreed_words_too_long")
    return TextAreaField(filters=[tidied], validators=[DataRequired("agreed_words_missing"), length, _plain])


def _age() -> WholeNumber:
    between = NumberRange(0, OLDEST, message="age_unreadable")
    return WholeNumber(unreadable="age_unreadable", validators=[InputRequired("age_unreadable"), between])


class TextsForm(Form):
    """New words in each language; `looked_at` comes back from the page that showed what changes."""

    words_nb = _words()
    words_nn = _words()
    words_en = _words()
    looked_at = HiddenField()

    def tell(self, words: Mapping[Language, str]) -> None:
        """Fill the form with the words."""
        for language, text in words.items():
            self[f"words_{language.value}"].data = text

    def to_words(self) -> dict[Language, str]:
        """Return the words as they were written."""
        return {language: self[f"words_{language.value}"].data for language in Language}


class AgesForm(Form):
    """Who answers for themselves from which age, and from which day on."""

    youth_from = _age()
    alone_from = _age()
    photo_own_yes_from = _age()
    adult_from = _age()
    begins_on = Day(
        unreadable="rule_day_unreadable", format=_DAYS, validators=[InputRequired("rule_day_unreadable")]
    )

    def tell(self, ages: Ages) -> None:
        """Fill the form with the ages."""
        for name in _AGES:
            self[name].data = getattr(ages, name)

    def to_ages(self) -> Ages:
        """Return the ages as they were written."""
        return Ages(**{name: self[name].data for name in _AGES})

    def to_day(self) -> date:
        """Return the day from which they are to hold."""
        return cast("date", self.begins_on.data)
