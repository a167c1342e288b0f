"""The forms in which a librarian puts up an activity and changes its texts."""

from datetime import timedelta
from typing import Any, Final

from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, Audience, Span
from booking.activities.planning import (
    MOST_PLACES,
    MOST_WEEKS,
    Plan,
    Series,
    Words,
    check_clock_shows,
)
from booking.activities.rules import VISIBILITY_OF, Kind, Mode
from booking.activities.wording import is_plain, says_something, tidied, tidied_line
from booking.errors import Refusal
from booking.forms import Day, Form, TimeOfDay, WholeNumber
from booking.libraries.rules import Language

KINDS: Final = tuple(kind.value for kind in Kind)
MODES: Final = tuple(mode.value for mode in Mode)
GRADES: Final = tuple(str(grade) for grade in range(FIRST_GRADE, LAST_GRADE + 1))
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_OTHER_LANGUAGES: Final = (Language.NN, Language.EN)


def _plain(_form: Form, field: Field) -> None:
    if field.data and not is_plain(field.data):
        raise ValidationError("text_not_plain")


def _says_something(_form: Form, field: Field) -> None:
    if field.data and not says_something(field.data):
        raise ValidationError("title_says_nothing")


def _title(*first: Any) -> StringField:  # noqa: ANN401 – a validator is whatever WTForms calls
    return StringField(
        filters=[tidied_line],
        validators=[*first, Length(max=100, message="title_too_long"), _plain, _says_something],
    )


def _summary(*first: Any) -> TextAreaField:  # noqa: ANN401
    return TextAreaField(
        filters=[tidied_line], validators=[*first, Length(max=300, message="summary_too_long"), _plain]
    )


def _body(*first: Any) -> TextAreaField:  # noqa: ANN401
    return TextAreaField(
        filters=[tidied], validators=[*first, Length(max=6000, message="body_too_long"), _plain]
    )


class WordsForm(Form):
    """An activity's texts: bokmål always, nynorsk and English if somebody wrote them."""

    version = HiddenField()
    title = _title(DataRequired("title_missing"))
    summary = _summary(DataRequired("summary_missing"))
    body = _body(DataRequired("body_missing"))
    title_nn = _title()
    summary_nn = _summary()
    body_nn = _body()
    title_en = _title()
    summary_en = _summary()
    body_en = _body()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then that no language was left half written."""
        is_sound = super().validate(extra_validators)
        for language in _OTHER_LANGUAGES:
            self._check_whole(self._fields_of(language))
        return bool(is_sound) and not self.error_lines

    def to_words(self) -> list[Words]:
        """Return what was written, in the languages that it was written in."""
        return [
            Words(
                language=language, **{name: field.data for name, field in self._fields_of(language).items()}
            )
            for language in Language
            if self._fields_of(language)["title"].data
        ]

    def _fields_of(self, language: Language) -> dict[str, Any]:
        ending = "" if language is Language.NB else f"_{language}"
        return {name: self[f"{name}{ending}"] for name in ("title", "summary", "body")}

    def _check_whole(self, fields: dict[str, Any]) -> None:
        if not any(field.data for field in fields.values()):
            return
        # The long text may stay in bokmål; without a title and a summary there is nothing to read.
        for name in ("title", "summary"):
            if not fields[name].data:
                fields[name].errors = [*fields[name].errors, "translation_unfinished"]


class ActivityForm(WordsForm):
    """A new activity. The fields stand as on the page, so that its errors are told from top to bottom."""

    kind = StringField(validators=[AnyOf(KINDS, message="kind_missing")])
    grade_from = StringField(validators=[AnyOf(("", *GRADES), message="grade_unknown")])
    grade_to = StringField(validators=[AnyOf(("", *GRADES), message="grade_unknown")])
    library_id = WholeNumber(unreadable="library_missing", validators=[InputRequired("library_missing")])
    room = StringField(
        filters=[tidied_line],
        validators=[DataRequired("room_missing"), Length(max=100, message="room_too_long"), _plain],
    )
    first_on = Day(
        unreadable="date_unreadable",
        format=["%Y-%m-%d", "%d.%m.%Y"],
        validators=[InputRequired("date_missing")],
    )
    starts = TimeOfDay(
        unreadable="time_unreadable",
        format=["%H:%M", "%H.%M", "%H:%M:%S"],
        validators=[InputRequired("time_missing")],
    )
    ends = TimeOfDay(
        unreadable="time_unreadable",
        format=["%H:%M", "%H.%M", "%H:%M:%S"],
        validators=[InputRequired("time_missing")],
    )
    weeks = WholeNumber(
        unreadable="weeks_out_of_range",
        validators=[
            InputRequired("weeks_out_of_range"),
            NumberRange(1, MOST_WEEKS, message="weeks_out_of_range"),
        ],
    )
    mode = StringField(validators=[AnyOf(MODES, message="mode_missing")])
    capacity = WholeNumber(
        unreadable="capacity_out_of_range",
        validators=[Optional(), NumberRange(1, MOST_PLACES, message="capacity_out_of_range")],
    )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then what they say together."""
        super().validate(extra_validators)
        # Each as soon as its own fields can be read: nobody should be refused twice for one form.
        for names, check in (
            (("mode", "capacity"), self._check_capacity),
            (("grade_from", "grade_to"), self._check_grades),
            (("first_on", "starts", "ends", "weeks"), self._check_times),
        ):
            if not any(self[name].errors for name in names):
                check()
        return not self.error_lines

    def to_plan(self) -> Plan:
        """Return the activity as it is thought of; only after the form was found sound."""
        said = self.data
        kind, mode = Kind(said["kind"]), Mode(said["mode"])
        return Plan(
            kind=kind,
            visibility=VISIBILITY_OF[kind],
            audience=Audience(grades=self._grades(), ages=Span()),
            mode=mode,
            capacity=None if mode is Mode.DROP_IN else said["capacity"],
            room=said["room"],
            series=self._series(),
            words=self.to_words(),
        )

    def _grades(self) -> Span:
        least, most = (int(field.data) if field.data else None for field in (self.grade_from, self.grade_to))
        return Span(least=least, most=most)

    def _series(self) -> Series:
        said = self.data
        return Series(
            first_on=said["first_on"], starts=said["starts"], ends=said["ends"], weeks=said["weeks"]
        )

    def _check_capacity(self) -> None:
        if self.mode.data != Mode.DROP_IN and self.capacity.data is None:
            self.capacity.errors = ["capacity_missing"]

    def _check_grades(self) -> None:
        span = self._grades()
        if (span.least is None) != (span.most is None):
            missing = self.grade_from if span.least is None else self.grade_to
            missing.errors = ["grade_other_end_missing"]
        elif span.least is not None and span.most is not None and span.least > span.most:
            self.grade_to.errors = ["grades_in_disorder"]

    def _check_times(self) -> None:
        series = self._series()
        if not _FIRST_YEAR <= series.first_on.year <= _LAST_YEAR:
            self.first_on.errors = ["date_out_of_reach"]
            return
        days = [series.first_on + timedelta(weeks=week) for week in range(series.weeks)]
        for field, wall_time in ((self.starts, series.starts), (self.ends, series.ends)):
            try:
                check_clock_shows(days, wall_time)
            except Refusal as refusal:
                field.errors = [refusal.code]
        if series.ends <= series.starts:
            self.ends.errors = ["ends_before_start"]
