"""The dates of a course, as they are typed."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from wtforms import Field, HiddenField, SelectMultipleField, StringField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
)

from booking.activities.dates import MOST_WEEKS, NewHours, Reach, Series, days_of, weekly
from booking.errors import Refusal
from booking.forms import DAYS, HOURS, Day, Form, TimeOfDay, WholeNumber
from booking.planner.forms import FIRST_YEAR, LAST_YEAR, plain
from booking.versions import seen_as
from booking.wording import tidied_line

WEEKDAYS: Final = tuple(str(day) for day in range(7))
_TIME_REFUSALS: Final = frozenset({"time_does_not_exist", "time_happens_twice"})


def _in_reach(_form: Form, field: Field) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise StopValidation("date_out_of_reach")


def _day(*first: Any) -> Day:  # noqa: ANN401 – a validator is whatever WTForms calls
    return Day(unreadable="date_unreadable", format=DAYS, validators=[*first, _in_reach])


def _time() -> TimeOfDay:
    return TimeOfDay(unreadable="time_unreadable", format=HOURS, validators=[InputRequired("time_missing")])


def _room() -> StringField:
    return StringField(
        filters=[tidied_line],
        validators=[DataRequired("room_missing"), Length(max=100, message="room_too_long"), plain],
    )


class SeriesForm(Form):
    """A single date or a weekly course; `shown` and `dates` come back from the list that was looked at."""

    room = _room()
    first_on = _day(InputRequired("date_missing"))
    weekday = StringField(validators=[AnyOf((None, "", *WEEKDAYS), message="weekday_unknown")])
    starts = _time()
    ends = _time()
    weeks = WholeNumber(
        unreadable="weeks_out_of_range",
        validators=[Optional(), NumberRange(1, MOST_WEEKS, message="weeks_out_of_range")],
    )
    until = _day(Optional())
    shown = HiddenField()
    dates = SelectMultipleField(validate_choice=False)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401
        """Check each field, and then that they make dates that a clock shows."""
        super().validate(extra_validators)
        if self.weeks.data is not None and self.until.data is not None and not self.until.errors:
            self.until.errors = ["weeks_or_until"]
        names = ("first_on", "weekday", "starts", "ends", "weeks", "until")
        if not any(self[name].errors for name in names):
            self._check_times()
        return not self.error_lines

    @property
    def makes_dates(self) -> bool:
        """Tell whether the fields make dates that can be shown, whatever else is wrong on the page."""
        names = ("room", "first_on", "weekday", "starts", "ends", "weeks", "until")
        return not any(self[name].errors for name in names)

    @property
    def unticked(self) -> frozenset[date]:
        """Return the days that were unticked in the list that was shown."""
        if not self.was_looked_at:
            return frozenset()
        kept = set(self.dates.data or ())
        return frozenset(day for day in days_of(self.thought) if day.isoformat() not in kept)

    @property
    def was_looked_at(self) -> bool:
        """Tell whether the list that was shown is the one that these fields make."""
        return bool(self.shown.data) and self.makes_dates and self.shown.data == self.sign

    @property
    def sign(self) -> str:
        """Return a sign of the dates that these fields make, before any is left out."""
        return seen_as((self.thought, self.room.data))

    def to_series(self) -> Series:
        """Return the course; the dates that were unticked in the list that was shown are left out."""
        return replace(self.thought, left_out=self.unticked)

    @property
    def thought(self) -> Series:
        """Return the course before any date is left out."""
        said = self.data
        return Series(
            first_on=said["first_on"],
            starts=said["starts"],
            ends=said["ends"],
            weeks=said["weeks"] or 1,
            until=said["until"],
            weekday=int(said["weekday"]) if said["weekday"] else None,
        )

    def _check_times(self) -> None:
        try:
            weekly(self.thought)
            days_of(self.to_series())
        except Refusal as refusal:
            if self.was_looked_at:
                self.dates.errors = [refusal.code]
            elif refusal.code in _TIME_REFUSALS:
                self.starts.errors = [refusal.code]
            else:
                self.refuse(refusal)


class ChangeDateForm(Form):
    """A date's new day, hours and room, and how far the change goes."""

    seen = HiddenField()
    reach = StringField(default=Reach.THIS.value, validators=[AnyOf((None, *Reach), message="reach_unknown")])
    date_on = _day(InputRequired("date_missing"))
    starts = _time()
    ends = _time()
    room = _room()
    shown = HiddenField()

    def to_hours(self) -> NewHours:
        """Return what the date becomes; only after the form was found sound."""
        day, starts, ends = self.date_on.data, self.starts.data, self.ends.data
        assert day and starts and ends  # noqa: S101, PT018 – the form was found sound
        return NewHours(day=day, starts=starts, ends=ends, room=self.room.data or "")

    @property
    def sign(self) -> str:
        """Return a sign of the change that these fields make, to be shown before it is made."""
        return seen_as((self.to_hours(), self.reach.data))
