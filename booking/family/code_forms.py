"""The field for six digits from a letter."""

from typing import ClassVar, Final

from wtforms import StringField
from wtforms.validators import Regexp

from booking.errors import Refusal
from booking.forms import Form

_SIX_DIGITS: Final = r"\s*[0-9]{3}\s?[0-9]{3}\s*\Z"


class CodeWrong(Refusal):
    """The digits are not those of the letter."""

    code: ClassVar[str] = "letter_code_wrong"
    field: ClassVar[str | None] = "code"


class CodeSpent(Refusal):
    """The code is too old, or was tried too often."""

    code: ClassVar[str] = "letter_code_spent"
    field: ClassVar[str | None] = "code"


class CodeForm(Form):
    """Six digits, typed or pasted."""

    code = StringField(validators=[Regexp(_SIX_DIGITS, message="letter_code_missing")])

    @property
    def typed(self) -> str:
        """Return what was typed."""
        return self.code.data or ""

    def refuse_code(self, tries_left: int) -> None:
        """Say that the code is wrong, or that it can no longer be used; what was typed is no use and goes."""
        self.refuse(CodeWrong(left=tries_left) if tries_left else CodeSpent())
        self.code.data = ""
