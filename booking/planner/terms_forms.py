"""How one comes to an occasion, as it is typed."""

from datetime import datetime, time
from typing import Any, Final

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import AnyOf, NumberRange, Optional

from booking.activities.planning import DEFAULT_CANCEL_DEADLINE_MINUTES, MOST_PLACES, Terms
from booking.activities.rules import Mode
from booking.clock import instant_at, local_time
from booking.errors import Refusal
from booking.forms import DAYS, HOURS, Day, Form, TimeOfDay, WholeNumber
from booking.planner.forms import FIRST_YEAR, LAST_YEAR

MODES: Final = tuple(mode.value for mode in Mode)
_MINUTES: Final = 60
_MOST_HOURS: Final = 720


def _day() -> Day:
    return Day(unreadable="date_unreadable", format=DAYS, validators=[Optional()])


def _time() -> TimeOfDay:
    return TimeOfDay(unreadable="time_unreadable", format=HOURS, validators=[Optional()])


class TermsForm(Form):
    """How many places there are, and when one can sign up and give back."""

    seen = HiddenField()
    mode = StringField(validators=[AnyOf(MODES, message="mode_missing")])
    capacity = WholeNumber(
        unreadable="capacity_out_of_range",
        validators=[Optional(), NumberRange(1, MOST_PLACES, message="capacity_out_of_range")],
    )
    walk_in_places = WholeNumber(
        unreadable="walk_in_places_out_of_range",
        validators=[Optional(), NumberRange(0, MOST_PLACES, message="walk_in_places_out_of_range")],
    )
    opens_on, opens_time = _day(), _time()
    closes_on, closes_time = _day(), _time()
    cancel_hours = WholeNumber(
        unreadable="cancel_hours_out_of_range",
        validators=[Optional(), NumberRange(0, _MOST_HOURS, message="cancel_hours_out_of_range")],
    )
    no_queue = BooleanField()
    asks_again = BooleanField()

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then what they say together."""
        super().validate(extra_validators)
        if not self.mode.errors and not self.capacity.errors:
            self._check_capacity()
        opens = self._check_instant(self.opens_on, self.opens_time)
        closes = self._check_instant(self.closes_on, self.closes_time)
        if opens and closes and closes <= opens:
            self.closes_on.errors = ["closes_before_opening"]
        return not self.error_lines

    def tell_terms(self, terms: Terms) -> None:
        """Write what stands into the fields, as when the page is opened."""
        self.mode.data, self.capacity.data = terms.mode, terms.capacity
        self.walk_in_places.data = terms.walk_in_places or None
        _write(terms.opens_at, self.opens_on, self.opens_time)
        _write(terms.closes_at, self.closes_on, self.closes_time)
        self.cancel_hours.data = terms.cancel_deadline_minutes // _MINUTES
        self.no_queue.data, self.asks_again.data = not terms.has_queue, terms.asks_again

    def to_terms(self) -> Terms:
        """Return what was told; only after the form was found sound."""
        mode, hours = Mode(self.mode.data or ""), self.cancel_hours.data
        return Terms(
            mode=mode,
            capacity=None if mode is Mode.DROP_IN else self.capacity.data,
            walk_in_places=self.walk_in_places.data or 0 if mode is Mode.SIGN_UP_AND_WALK_IN else 0,
            opens_at=_instant(self.opens_on, self.opens_time),
            closes_at=_instant(self.closes_on, self.closes_time),
            cancel_deadline_minutes=DEFAULT_CANCEL_DEADLINE_MINUTES if hours is None else hours * _MINUTES,
            has_queue=not self.no_queue.data,
            # Whoever just comes has not said that they come.
            asks_again=bool(self.asks_again.data) and mode is not Mode.DROP_IN,
        )

    def _check_capacity(self) -> None:
        if self.mode.data != Mode.DROP_IN and self.capacity.data is None:
            self.capacity.errors = ["capacity_missing"]

    def _check_instant(self, day: Day, hour: TimeOfDay) -> datetime | None:
        if day.errors or hour.errors:
            return None
        if day.data is None and hour.data is not None:
            day.errors = ["date_missing"]
        elif day.data is not None and not FIRST_YEAR <= day.data.year <= LAST_YEAR:
            day.errors = ["date_out_of_reach"]
        else:
            try:
                return _instant(day, hour)
            except Refusal as refusal:
                hour.errors = [refusal.code]
        return None


def _instant(day: Day, hour: TimeOfDay) -> datetime | None:
    return None if day.data is None else instant_at(day.data, hour.data or time())


def _write(instant: datetime | None, day: Day, hour: TimeOfDay) -> None:
    if instant is not None:
        local = local_time(instant)
        day.data, hour.data = local.date(), local.time()
