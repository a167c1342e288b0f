"""The form that takes a file of school breaks."""

from typing import ClassVar

from booking import forms
from booking.almanac.sheet import LARGEST_SHEET


class SheetForm(forms.SheetForm):
    """A file of school breaks, or what stood in it when its rows were shown."""

    largest: ClassVar[int] = LARGEST_SHEET
    missing: ClassVar[str] = "school_sheet_missing"
