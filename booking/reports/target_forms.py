"""What the project sets itself: one number for each figure, and none where nothing is set."""

from decimal import Decimal
from typing import Any, Final

from wtforms import StringField
from wtforms.validators import Length, StopValidation

from booking.forms import Form
from booking.reports.rules import amount_of

# The figures for which a number to reach makes sense; the others describe.
TARGETED: Final = (
    "sessions",
    "attendances",
    "all_attendances",
    "contact_hours",
    "unique",
    "new",
    "return_rate",
    "completion",
    "reach",
    "workshop_children",
    "fill",
    "no_show",
    "queue_conversion",
    "other_sector_share",
)


class TargetsForm(Form):
    """A number for each figure, as people write it: with a comma or a point, spaces between thousands."""

    def to_amounts(self) -> dict[str, Decimal | None]:
        """Return what was written; an empty field sets nothing."""
        return {code: amount_of(self._fields[code].data) for code in TARGETED}


def _is_amount(_form: object, field: Any) -> None:  # noqa: ANN401 – WTForms' own
    try:
        amount_of(field.data)
    except ValueError:
        raise StopValidation("target_not_understood") from None


for _code in TARGETED:
    setattr(TargetsForm, _code, StringField(validators=[Length(max=20), _is_amount]))
