"""The form that takes a file of school breaks: chosen at first, carried along when it was looked at."""

from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, HiddenField
from wtforms.validators import ValidationError

from booking.almanac.sheet import LARGEST_SHEET
from booking.forms import Form


class SheetForm(Form):
    """A file, or what stood in it when its rows were shown."""

    sheet = FileField()
    content = HiddenField()

    def validate_sheet(self, field: Field) -> None:
        """Refuse neither a file nor its content."""
        is_chosen = isinstance(field.data, FileStorage) and bool(field.data.filename)
        if not is_chosen and not self.is_looked_at:
            raise ValidationError("school_sheet_missing")

    @property
    def is_looked_at(self) -> bool:
        """Tell whether the rows were shown, and what comes is their content."""
        return bool(self.content.data)

    def to_content(self) -> bytes:
        """Return what stands in the file, and one sign more than may stand there at most."""
        if self.is_looked_at:
            # A browser sends each end of a line as two signs, which must not make a file too large.
            return str(self.content.data).replace("\r\n", "\n").encode()
        return bytes(self.sheet.data.read(LARGEST_SHEET + 1))

    def carry(self, content: bytes) -> None:
        """Let the form carry the content along, to be sent again with the next press."""
        self.content.data = content.decode("utf-8-sig")
