"""The form that takes a sheet of activities, and each of its rows as a form that was filled in."""

from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired

from booking import forms
from booking.forms import WholeNumber
from booking.planner.new_forms import ActivityForm
from booking.planner.sheet import LARGEST_SHEET


class SheetForm(forms.SheetForm):
    """A sheet of activities, or what stood in it when its rows were shown; and the library that it is for."""

    largest: ClassVar[int] = LARGEST_SHEET
    missing: ClassVar[str] = "sheet_missing"

    library_id = WholeNumber(unreadable="library_missing", validators=[InputRequired("library_missing")])


class RowForm(ActivityForm):
    """A row of a sheet, checked as if somebody had typed it into the page."""

    class Meta:
        """No visitor sends this form by itself: the form around it carries the token."""

        csrf: ClassVar[bool] = False


def row_form(row: dict[str, str], library_id: int) -> RowForm:
    """Return the row as a form that was filled in, and checked."""
    typed: MultiDict[str, Any] = MultiDict({**row, "library_id": str(library_id)})
    form = RowForm(formdata=typed)
    form.validate()
    return form
