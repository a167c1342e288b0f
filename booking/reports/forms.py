"""Choosing the days that figures are about."""

from typing import ClassVar

from wtforms.validators import Optional

from booking.forms import Day, Form

_UNREADABLE = "day_not_understood"


class PeriodForm(Form):
    """The first and the last day; without them it is this half of the year."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    first = Day(name="from", unreadable=_UNREADABLE, validators=[Optional()])
    last = Day(name="to", unreadable=_UNREADABLE, validators=[Optional()])
