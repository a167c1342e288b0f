"""What families are asked when they sign up, as it is typed."""

from collections.abc import Iterable

from wtforms import BooleanField, Field, HiddenField, SelectMultipleField
from wtforms.validators import NumberRange, Optional, ValidationError

from booking.activities.asks import OLDEST_WITH_GUARDIAN, Asks, PhotoChannel, channels_among
from booking.forms import Form, WholeNumber


def _are_channels(_form: Form, field: Field) -> None:
    if set(field.data or ()) - set(PhotoChannel):
        raise ValidationError("photo_channel_unknown")


class AsksForm(Form):
    """What is asked besides what a place needs, and below what age a guardian has the last word."""

    seen = HiddenField()
    asks_last_name = BooleanField()
    asks_needs = BooleanField()
    # Its words are the page's; the form knows which ones there are.
    photo_channels = SelectMultipleField(validate_choice=False, choices=[], validators=[_are_channels])
    guardian_until = WholeNumber(
        unreadable="guardian_until_out_of_range",
        validators=[
            Optional(),
            NumberRange(1, OLDEST_WITH_GUARDIAN, message="guardian_until_out_of_range"),
        ],
    )

    def offer(self, channels: Iterable[tuple[str, str]]) -> None:
        """Offer these channels, as (value, words)."""
        self.photo_channels.choices = list(channels)

    def tell_asks(self, asks: Asks) -> None:
        """Write what stands into the fields, as when the page is opened."""
        self.asks_last_name.data, self.asks_needs.data = asks.last_name, asks.needs
        self.photo_channels.data = [channel.value for channel in asks.photo_channels]
        self.guardian_until.data = asks.guardian_until

    def to_asks(self) -> Asks:
        """Return what was told; only after the form was found sound."""
        return Asks(
            last_name=bool(self.asks_last_name.data),
            needs=bool(self.asks_needs.data),
            photo_channels=channels_among(self.photo_channels.data or ()),
            guardian_until=self.guardian_until.data,
        )
