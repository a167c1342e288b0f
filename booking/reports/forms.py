"""Choosing the days that figures are about."""

from typing import Any, ClassVar

from wtforms import StringField
from wtforms.validators import AnyOf, NumberRange, Optional

from booking.activities.rules import Kind
from booking.forms import Day, Form, WholeNumber
from booking.partners.rules import Sector

_UNREADABLE = "day_not_understood"
_NOT_A_CHOICE = "scope_not_understood"
_NO_YEAR = "year_not_understood"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PeriodForm(Form):
    """The first and the last day; without them it is this half of the year."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    first = Day(name="from", unreadable=_UNREADABLE, validators=[Optional()])
    last = Day(name="to", unreadable=_UNREADABLE, validators=[Optional()])


class ScopeForm(PeriodForm):
    """Which part of a library's own figures: an activity, a kind of them, partners of a sector."""

    activity = WholeNumber(unreadable=_NOT_A_CHOICE, validators=[Optional()])
    kind = StringField(validators=[Optional(), AnyOf([kind.value for kind in Kind], message=_NOT_A_CHOICE)])
    sector = StringField(
        validators=[Optional(), AnyOf([sector.value for sector in Sector], message=_NOT_A_CHOICE)]
    )

    def to_scope(self) -> dict[str, Any]:
        """Return what a scope is narrowed to; nothing chosen narrows nothing."""
        return {
            "activity_ids": [self.activity.data] if self.activity.data is not None else None,
            "kinds": [self.kind.data] if self.kind.data else None,
            "partner_sectors": [self.sector.data] if self.sector.data else None,
        }


class YearForm(Form):
    """A calendar year; without one it is the year that the national statistics ask about at the moment."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    year = WholeNumber(
        unreadable=_NO_YEAR, validators=[Optional(), NumberRange(FIRST_YEAR, LAST_YEAR, message=_NO_YEAR)]
    )
