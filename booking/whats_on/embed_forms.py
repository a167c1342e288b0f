"""Choosing what stands in a box on another site."""

from typing import ClassVar

from wtforms import StringField

from booking.forms import Form


class BoxForm(Form):
    """What a box shows. It can only be chosen from lists; what is on none of them is not found."""

    class Meta:
        """It changes nothing, and its address may be passed on: it carries no token."""

        csrf: ClassVar[bool] = False

    sort = StringField(default="list")
    library = StringField(default="")
    grade = StringField(default="")
    mode = StringField(default="")
    count = StringField(default="5")
    # Not "lang": that would change the language of the page with the form.
    words = StringField(default="nb")

    def to_filters(self) -> dict[str, str]:
        """Return what was chosen, as it stands in the address of a box."""
        said = {name: self[name].data for name in ("library", "grade", "mode", "count")}
        said["lang"] = self.words.data
        return {name: value for name, value in said.items() if value}
