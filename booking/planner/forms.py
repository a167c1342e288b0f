"""The texts of an activity, as they are typed."""

from collections.abc import Iterable
from typing import Any, Final

from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from booking.activities.planning import Words
from booking.forms import Form
from booking.libraries.rules import Language
from booking.wording import is_plain, says_something, tidied, tidied_line

FIRST_YEAR, LAST_YEAR = 2000, 2100
_OTHER_LANGUAGES: Final = (Language.NN, Language.EN)
_NAMES: Final = ("title", "summary", "body", "access_note", "question")


def plain(_form: Form, field: Field) -> None:
    """Refuse signs that nobody can see and that machines obey."""
    if field.data and not is_plain(field.data):
        raise ValidationError("text_not_plain")


def _says_something(_form: Form, field: Field) -> None:
    if field.data and not says_something(field.data):
        raise ValidationError("title_says_nothing")


def _title(*first: Any) -> StringField:  # noqa: ANN401 – a validator is whatever WTForms calls
    return StringField(
        filters=[tidied_line],
        validators=[*first, Length(max=100, message="title_too_long"), plain, _says_something],
    )


def _summary(*first: Any) -> TextAreaField:  # noqa: ANN401
    return TextAreaField(
        filters=[tidied_line], validators=[*first, Length(max=300, message="summary_too_long"), plain]
    )


def _body(*first: Any) -> TextAreaField:  # noqa: ANN401
    return TextAreaField(
        filters=[tidied], validators=[*first, Length(max=6000, message="body_too_long"), plain]
    )


def _access_note() -> TextAreaField:
    return TextAreaField(
        filters=[tidied_line], validators=[Length(max=500, message="access_note_too_long"), plain]
    )


def _question() -> StringField:
    return StringField(
        filters=[tidied_line], validators=[Length(max=200, message="own_question_too_long"), plain]
    )


class WordsForm(Form):
    """An activity's texts: bokmål always, nynorsk and English if somebody wrote them."""

    seen = HiddenField()
    title = _title(DataRequired("title_missing"))
    summary = _summary(DataRequired("summary_missing"))
    body = _body(DataRequired("body_missing"))
    access_note = _access_note()
    question = _question()
    title_nn = _title()
    summary_nn = _summary()
    body_nn = _body()
    access_note_nn = _access_note()
    question_nn = _question()
    title_en = _title()
    summary_en = _summary()
    body_en = _body()
    access_note_en = _access_note()
    question_en = _question()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then that no language was left half written, or is asked less than others."""
        is_sound = super().validate(extra_validators)
        for language in _OTHER_LANGUAGES:
            self._check_whole(self._fields_of(language))
        self._check_questions()
        return bool(is_sound) and not self.error_lines

    def tell_words(self, words: Iterable[Words]) -> None:
        """Write these texts into the fields, as when the page is opened."""
        for each in words:
            for name, field in self._fields_of(each.language).items():
                field.data = getattr(each, name)

    def to_words(self) -> list[Words]:
        """Return what was written, in the languages that it was written in."""
        return [
            Words(
                language=language,
                **{name: field.data or "" for name, field in self._fields_of(language).items()},
            )
            for language in Language
            if self._fields_of(language)["title"].data
        ]

    def _fields_of(self, language: Language) -> dict[str, Any]:
        ending = "" if language is Language.NB else f"_{language}"
        return {name: self[f"{name}{ending}"] for name in _NAMES}

    def _check_whole(self, fields: dict[str, Any]) -> None:
        if not any(field.data for field in fields.values()):
            return
        # The long text may stay in bokmål; without a title and a summary there is nothing to read.
        for name in ("title", "summary"):
            if not fields[name].data:
                fields[name].errors = [*fields[name].errors, "translation_unfinished"]

    def _check_questions(self) -> None:
        """Refuse a question that the readers of one of the languages written here would not be asked."""
        fields = [self._fields_of(language) for language in Language]
        questions = [each["question"] for each in fields if each["title"].data]
        if any(field.data for field in questions):
            for field in questions:
                if not field.data and not field.errors:
                    field.errors = ["question_unfinished"]
