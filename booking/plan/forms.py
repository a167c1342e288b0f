"""What is told of an item of the plan, as it is typed."""

from datetime import datetime
from typing import Any, Final

from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from booking.clock import instant_at, local_date, local_time
from booking.errors import Refusal
from booking.forms import DAYS, HOURS, Day, Form, TimeOfDay, WholeNumber, by
from booking.plan.rules import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_TOLERANCE,
    DayOutOfReach,
    ItemFacts,
    ItemKind,
    TitleSaysNothing,
    is_in_reach,
)
from booking.wording import check_plain, says_something, tidied, tidied_line

_KINDS: Final = tuple(kind.value for kind in ItemKind)
_HOURS: Final = ("meets_on", "starts", "ends")


def _plain(text: str) -> None:
    check_plain([text])


def _says_something(text: str) -> None:
    if text and not says_something(text):
        raise TitleSaysNothing


def _in_reach(_form: Form, field: Field) -> None:
    if field.data and not is_in_reach(field.data):
        raise StopValidation(DayOutOfReach.code)


def _title(*first: Any) -> StringField:  # noqa: ANN401 – a validator is whatever WTForms calls
    longest = Length(max=LONGEST_TITLE, message="title_too_long")
    return StringField(filters=[tidied_line], validators=[*first, longest, by(_plain), by(_says_something)])


def _day(*first: Any) -> Day:  # noqa: ANN401 – likewise
    return Day(unreadable="date_unreadable", format=DAYS, validators=[*first, _in_reach])


def _hour() -> TimeOfDay:
    return TimeOfDay(unreadable="time_unreadable", format=HOURS, validators=[Optional()])


class ItemForm(Form):
    """An item of the plan, and a sign of what the page showed of it."""

    seen = HiddenField()
    title = _title(DataRequired("plan_title_missing"))
    title_nn = _title()
    title_en = _title()
    kind = StringField(validators=[AnyOf(_KINDS, message="plan_kind_missing")])
    first_on = _day(InputRequired("plan_day_missing"))
    last_on = _day(InputRequired("plan_day_missing"))
    tolerance_months = WholeNumber(
        unreadable="plan_tolerance_unfit",
        validators=[
            InputRequired("plan_tolerance_unfit"),
            NumberRange(0, MOST_TOLERANCE, message="plan_tolerance_unfit"),
        ],
    )
    after_id = WholeNumber(unreadable="plan_after_unknown", validators=[Optional()])
    meets_on = _day(Optional())
    starts = _hour()
    ends = _hour()
    is_shared = BooleanField()
    note = TextAreaField(
        filters=[tidied],
        validators=[Length(max=LONGEST_NOTE, message="plan_note_too_long"), by(_plain)],
    )
    began_on = _day(Optional())
    done_on = _day(Optional())

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and that a time of day is a whole one which a clock shows."""
        super().validate(extra_validators)
        told = [name for name in _HOURS if self[name].data is not None]
        if told and not any(self[name].errors for name in _HOURS):
            for name in set(_HOURS) - set(told):
                self[name].errors = ["plan_hours_incomplete"]
            if len(told) == len(_HOURS):
                self._check_clock()
        return not self.error_lines

    def tell(self, facts: ItemFacts) -> None:
        """Write what stands into the fields, as when the page is opened."""
        for name in ItemFacts.__dataclass_fields__.keys() - {"starts_at", "ends_at"}:
            self[name].data = getattr(facts, name)
        if facts.starts_at is not None and facts.ends_at is not None:
            self.meets_on.data = local_date(facts.starts_at)
            self.starts.data = local_time(facts.starts_at).time()
            self.ends.data = local_time(facts.ends_at).time()

    def to_facts(self) -> ItemFacts:
        """Return what was told; only after the form was found sound."""
        plain = ItemFacts.__dataclass_fields__.keys() - {"starts_at", "ends_at", "kind"}
        return ItemFacts(
            **{name: self[name].data for name in plain},
            kind=ItemKind(self.kind.data or ""),
            starts_at=self._instant(self.starts),
            ends_at=self._instant(self.ends),
        )

    def _instant(self, field: Field) -> datetime | None:
        return instant_at(self.meets_on.data, field.data) if self.meets_on.data and field.data else None

    def _check_clock(self) -> None:
        for field in (self.starts, self.ends):
            try:
                self._instant(field)
            except Refusal as refusal:
                field.errors = [refusal.code]
