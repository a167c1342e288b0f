"""What staff write to families, as it is typed."""

from collections.abc import Iterable

from wtforms import Field, HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from booking.forms import Form
from booking.notices.rules import LONGEST, Group
from booking.wording import is_plain, says_something, tidied


def _says_something(_form: Form, field: Field) -> None:
    if not is_plain(field.data):
        raise ValidationError("text_not_plain")
    if not says_something(field.data):
        raise ValidationError("notice_words_missing")


def _are_groups(_form: Form, field: Field) -> None:
    if not field.data or set(field.data) - set(Group):
        raise ValidationError("notice_groups_missing")


class NoticeForm(Form):
    """A message, the groups that it goes to, and a sign of what of it was seen."""

    send_key = HiddenField(validators=[Length(max=36, message="notice_words_missing")])
    seen = HiddenField()
    # Its words are the page's; the form knows which ones there are.
    groups = SelectMultipleField(validate_choice=False, choices=[], validators=[_are_groups])
    words = TextAreaField(
        filters=[tidied],
        validators=[
            InputRequired("notice_words_missing"),
            Length(max=LONGEST, message="notice_words_too_long"),
            _says_something,
        ],
    )

    def offer(self, groups: Iterable[tuple[str, str]]) -> None:
        """Offer these groups, as (value, words)."""
        self.groups.choices = list(groups)

    def to_words(self) -> str:
        """Return what was written; only after the form was found sound."""
        return str(self.words.data)

    def to_groups(self) -> tuple[Group, ...]:
        """Return the groups that were chosen; only after the form was found sound."""
        return tuple(group for group in Group if group in (self.groups.data or ()))
