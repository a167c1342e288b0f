"""The form that takes a sheet of activities: chosen at first, carried along when it was looked at."""

from typing import Any, ClassVar

from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import Field, FileField, HiddenField
from wtforms.validators import InputRequired, ValidationError

from booking.forms import Form, WholeNumber
from booking.planner.new_forms import ActivityForm
from booking.planner.sheet import LARGEST_SHEET


class SheetForm(Form):
    """A file, or what stood in it when its rows were shown; and the library that it is for."""

    library_id = WholeNumber(unreadable="library_missing", validators=[InputRequired("library_missing")])
    sheet = FileField()
    content = HiddenField()

    def validate_sheet(self, field: Field) -> None:
        """Refuse neither a file nor its content."""
        is_chosen = isinstance(field.data, FileStorage) and bool(field.data.filename)
        if not is_chosen and not self.is_looked_at:
            raise ValidationError("sheet_missing")

    @property
    def is_looked_at(self) -> bool:
        """Tell whether the rows were shown, and what comes is their content."""
        return bool(self.content.data)

    def to_content(self) -> bytes:
        """Return what stands in the file, and one sign more than may stand there at most."""
        if self.is_looked_at:
            return str(self.content.data).replace("\r\n", "\n").encode()
        return bytes(self.sheet.data.read(LARGEST_SHEET + 1))


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
