"""Choosing the days that figures are about."""

from typing import ClassVar

from wtforms.validators import NumberRange, Optional

from booking.forms import Day, Form, WholeNumber

_UNREADABLE = "day_not_understood"
_NO_YEAR = "year_not_understood"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PeriodForm(Form):
    """The first and the last day; without them it is this half of the year."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    first = Day(name="from", unreadable=_UNREADABLE, validators=[Optional()])
    last = Day(name="to", unreadable=_UNREADABLE, validators=[Optional()])


class YearForm(Form):
    """A calendar year; without one it is the year that the national statistics ask about at the moment."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    year = WholeNumber(
        unreadable=_NO_YEAR, validators=[Optional(), NumberRange(FIRST_YEAR, LAST_YEAR, message=_NO_YEAR)]
    )
