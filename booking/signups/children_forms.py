"""What forms that take several children share: one more child, and reasons that stand beside the child."""

from typing import Final

from wtforms import StringField

from booking.errors import Refusal
from booking.forms import Form, Parts
from booking.signups.households import ChildrenRefused

MOST_CHILDREN: Final = 6
# The answer to what an activity asks besides.
LONGEST_REPLY: Final = 300


class ChildrenForm(Form):
    """Children written one below the other; the button for one more sends nothing."""

    children: Parts
    more: StringField
    has_grown: bool = False

    @property
    def can_take_more(self) -> bool:
        """Tell whether one more child fits in the form."""
        return len(self.children.entries) < MOST_CHILDREN

    @property
    def is_asked_for_more(self) -> bool:
        """Tell whether the button for one more child was pressed: nothing is sent by it."""
        return bool(self.more.data)

    def add_child(self) -> None:
        """Let one more child be written, up to as many as one form takes."""
        if self.can_take_more:
            first, new = self.children.entries[0].form, self.children.append_entry().form
            if "municipality" in new:
                # Siblings mostly live at one place; whoever does not says so.
                new.municipality.data = first.municipality.data
            self.has_grown = True
        self.more.data = ""

    def refuse(self, refusal: Refusal) -> None:
        """Put the refusal beside its field; what is about a child stands with that child."""
        if isinstance(refusal, ChildrenRefused):
            for number, reason in refusal.refusals:
                self.children.entries[number].form.refuse(reason)
        elif (refusal.field or "") in self.children.entries[0].form:
            self.children.entries[0].form.refuse(refusal)
        else:
            super().refuse(refusal)
