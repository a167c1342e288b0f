"""What all forms share: errors are codes, and a refusal finds its place beside a field."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    DateField,
    Field,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    Label,
    TimeField,
)
from wtforms import Form as WTForm
from wtforms.validators import StopValidation, ValidationError

from booking.errors import Refusal

# What the database's INTEGER holds; asking it for more is an error there.
LARGEST_NUMBER: Final = 2**31 - 1
# How a browser sends days and times, and how people here write them.
DAYS: Final = ["%Y-%m-%d", "%d.%m.%Y"]
HOURS: Final = ["%H:%M", "%H.%M", "%H:%M:%S"]
# A browser may number parts as it likes: not every number that was ever sent is kept.
_MOST_FIELDS: Final = 2000
_FIELDS: Final[dict[tuple[Any, str], Any]] = {}
_NUMBERED: Final = re.compile(r"-[0-9]{1,4}(?:-|\Z)")


@dataclass(frozen=True)
class ErrorLine:
    """One line of the summary at the top of a refused form, and the field that it leads to."""

    field_id: str
    error: Refusal | str


class _Copied:
    """Fields are made once for each place that they stand in, and copied for each form.

    What a field is – its checks, its name, its label – is the same each time, and most of what a form costs
    is to make it. What it holds – what was typed, its errors – comes when the form is filled.
    """

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:  # noqa: ANN401 – WTForms' own
        """Return the field for this form."""
        is_declared = unbound_field is getattr(type(form), options["name"], None)
        if not is_declared:
            # It is of this one form only, as the token against forgery is.
            return unbound_field.bind(form=form, **options)
        place = unbound_field, options["prefix"]
        made = _FIELDS.get(place)
        if made is None:
            made = unbound_field.bind(form=form, **options)
            made._form = made.meta = None  # noqa: SLF001 – nothing of this one form is kept
            if len(_FIELDS) < _MOST_FIELDS:
                _FIELDS[place] = made
        # Not by copy(): WTForms makes fields in a way of its own.
        field = object.__new__(type(made))
        vars(field).update(vars(made), _form=form, meta=self, label=Label(made.id, made.label.text))
        return field


class Form(FlaskForm):
    """A form that knows shapes and no words: its errors are codes or refusals, said by templates."""

    class Meta(_Copied, FlaskForm.Meta):
        """JSON is no form; and no words of the form library's own reach a reader, so none are read.

        The token against forgery is asked of each request before any form is made (`seals.Protection`).
        """

        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:  # noqa: ANN401 – WTForms' own
            """Leave JSON alone, which may be of any shape and nested without an end."""
            is_given = isinstance(formdata, MultiDict)
            if not is_given and request and request.is_json:
                return None
            return super().wrap_formdata(form, formdata)

        def get_translations(self, _form: object) -> None:
            """Return none: what a field cannot read is said by its code."""

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 – WTForms' own
        """Check each field, and that no text holds the sign that PostgreSQL can neither keep nor look for."""
        is_sound = bool(super().validate(extra_validators))
        spoilt = [
            leaf for field in self for leaf in _leaves(field) if not leaf.errors and _holds_nul(leaf.data)
        ]
        for field in spoilt:
            field.errors = ["nul_in_text"]
        return is_sound and not spoilt

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field, or on the form as a whole when it names none."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal)
        else:
            field.errors = [*field.errors, refusal]

    @property
    def error_lines(self) -> list[ErrorLine]:
        """Return all errors in the order of the fields, those of the whole form first."""
        first = next(iter(self._fields.values()))
        whole = [ErrorLine(first.id, error) for error in self.form_errors]
        return [*whole, *(line for field in self for line in _lines_of(field))]


class Part(WTForm):
    """A part of a form that may stand in it several times, such as one child of a family."""

    class Meta(_Copied):
        """As all forms."""

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field, or beside the first one when it names none of these."""
        field: Any = self._fields.get(refusal.field or "") or next(iter(self._fields.values()))
        field.errors = [*field.errors, refusal]


class Parts(FieldList):  # type: ignore[type-arg]
    """Parts that stand one below the other, each with its number in its name."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        """Know a number by plain digits, and few of them: others are none that we wrote."""
        numbered = [name for name in formdata if _NUMBERED.match(name.removeprefix(prefix))]
        yield from super()._extract_indices(prefix, numbered)  # type: ignore[misc]


class SheetForm(Form):
    """A file, or what stood in it when its rows were shown: chosen at first, carried along afterwards."""

    largest: ClassVar[int]
    missing: ClassVar[str]

    sheet = FileField()
    content = HiddenField()

    def validate_sheet(self, field: Field) -> None:
        """Refuse neither a file nor its content."""
        is_chosen = isinstance(field.data, FileStorage) and bool(field.data.filename)
        if not is_chosen and not self.is_looked_at:
            raise ValidationError(self.missing)

    @property
    def is_looked_at(self) -> bool:
        """Tell whether the rows were shown, and what comes is their content."""
        return bool(self.content.data)

    def to_content(self) -> bytes:
        """Return what stands in the file, and one sign more than may stand there at most."""
        if self.is_looked_at:
            # A browser sends each end of a line as two signs, which must not make a file too large.
            return str(self.content.data).replace("\r\n", "\n").encode()
        return bytes(self.sheet.data.read(self.largest + 1))

    def carry(self, content: str) -> None:
        """Let the form carry the content along, to be sent again with the next press."""
        self.content.data = content


class _Coded:
    """A field whose "I cannot read this" is a code, as all errors are."""

    def __init__(self, *args: Any, unreadable: str, **options: Any) -> None:  # noqa: ANN401 – WTForms' own
        self.unreadable = unreadable
        super().__init__(*args, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed, or say by its code that it cannot be read."""
        try:
            super().process_formdata(valuelist)  # type: ignore[misc]
        except ValueError:
            raise ValueError(self.unreadable) from None

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401 – WTForms' own
        """Ask nothing more of what cannot be read: it is said once. An empty field is none of these."""
        super().pre_validate(form)  # type: ignore[misc]
        typed = "".join(self.raw_data or ()).strip()  # type: ignore[attr-defined]
        if typed and self.process_errors:  # type: ignore[attr-defined]
            raise StopValidation


class WholeNumber(_Coded, IntegerField):
    """A whole number that the database can hold."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a number that no column holds is one that cannot be read."""
        super().process_formdata(valuelist)
        if self.data is not None and abs(self.data) > LARGEST_NUMBER:
            self.data = None
            raise ValueError(self.unreadable)


class Day(_Coded, DateField):
    """A day, from the browser's calendar or typed as people here write it."""


class TimeOfDay(_Coded, TimeField):
    """A time of day, with a colon or a point."""


def by(rule: Callable[[str], object]) -> Callable[[Any, Field], None]:
    """Return a validator that puts the rule's refusal beside the field."""

    def validate(_form: object, field: Field) -> None:
        try:
            rule(field.data or "")
        except Refusal as refusal:
            # A field's errors are codes or refusals; WTForms passes on whatever it is given.
            raise StopValidation(cast("str", refusal)) from refusal

    return validate


def _holds_nul(told: object) -> bool:
    if isinstance(told, list):
        return any(_holds_nul(each) for each in told)
    return isinstance(told, str) and "\x00" in told


def _lines_of(field: Field) -> Iterator[ErrorLine]:
    for leaf in _leaves(field):
        for error in leaf.errors:
            yield ErrorLine(leaf.id, error)


def _leaves(field: Field) -> Iterator[Field]:
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _leaves(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _leaves(inner)
    else:
        yield field
