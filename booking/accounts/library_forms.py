"""The form in which a library's facts are told."""

from contextlib import suppress
from typing import Final

from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse
from wtforms import Field, FloatField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp, ValidationError

from booking.forms import Form
from booking.libraries.region import CODE, COLOUR, FARTHEST, FOUR_DIGITS, LIMITS, LONGEST_NOTE, SLUG
from booking.libraries.rules import Language, LibraryFacts, Note

_LANGUAGES: Final = tuple(language.value for language in Language)


def _tidied(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def _lowered(text: str | None) -> str | None:
    return text.lower() if text else text


def _line(name: str, *also: object) -> StringField:
    length = Length(max=LIMITS.get(name, LONGEST_NOTE), message="library_line_too_long")
    return StringField(filters=[_tidied], validators=[InputRequired("library_line_missing"), length, *also])


def _matching(pattern: str, message: str) -> StringField:
    return StringField(
        filters=[_tidied, _lowered],
        validators=[InputRequired(message), Regexp(f"{pattern}$", message=message)],
    )


def _note() -> TextAreaField:
    return TextAreaField(
        filters=[_tidied],
        validators=[
            InputRequired("library_note_missing"),
            Length(max=LONGEST_NOTE, message="library_note_too_long"),
        ],
    )


class Degrees(FloatField):
    """A position on earth, with a comma or a point."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; what is no number lies nowhere on earth, which the next check says."""
        with suppress(ValueError):
            super().process_formdata([text.replace(",", ".") for text in valuelist])


def _degrees(name: str) -> Degrees:
    farthest = FARTHEST[name]
    return Degrees(
        validators=[
            InputRequired("library_position_wrong"),
            NumberRange(-farthest, farthest, message="library_position_wrong"),
        ]
    )


class LibraryForm(Form):
    """All that is told of a library."""

    name = _line("name")
    slug = _matching(SLUG, "library_slug_wrong")
    code = _matching(CODE, "library_code_wrong")
    municipality_name = _line("municipality_name")
    municipality_code = _matching(FOUR_DIGITS, "municipality_code_wrong")
    email = _line("email")
    phone = _line("phone")
    street = _line("street")
    postcode = _matching(FOUR_DIGITS, "postcode_wrong")
    town = _line("town")
    latitude = _degrees("latitude")
    longitude = _degrees("longitude")
    colour = _matching(COLOUR, "library_colour_wrong")
    opening_nb = _note()
    accessibility_nb = _note()
    opening_nn = _note()
    accessibility_nn = _note()
    opening_en = _note()
    accessibility_en = _note()

    def validate_slug(self, field: Field) -> None:
        """Refuse more than fits into its column."""
        if field.data and len(field.data) > LIMITS["slug"]:
            raise ValidationError("library_slug_wrong")

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        try:
            validate_email(field.data or "", check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError("staff_email_wrong") from None

    def validate_phone(self, field: Field) -> None:
        """Refuse what is no telephone number; Norwegian ones need no country code."""
        try:
            number = parse(field.data or "", "NO")
        except NumberParseException:
            raise ValidationError("staff_phone_wrong") from None
        if not is_possible_number(number):
            raise ValidationError("staff_phone_wrong")
        field.data = format_number(number, PhoneNumberFormat.E164)

    def to_facts(self) -> LibraryFacts:
        """Return what was told."""
        told = {name: field.data for name, field in self._fields.items() if name in _PLAIN}
        return LibraryFacts(**told, notes={Language(code): self._note(code) for code in _LANGUAGES})

    def _note(self, code: str) -> Note:
        return Note(accessibility=self[f"accessibility_{code}"].data, opening=self[f"opening_{code}"].data)


_PLAIN: Final = frozenset(LibraryFacts.__dataclass_fields__) - {"notes"}
