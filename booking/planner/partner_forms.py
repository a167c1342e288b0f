"""An organisation and its part in an activity, as they are chosen."""

from wtforms import StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from booking.forms import Form, WholeNumber
from booking.partners.rules import PartnerRole


class PartnershipForm(Form):
    """Which organisation, and which part it has."""

    partner_id = WholeNumber(
        unreadable="partner_missing",
        validators=[InputRequired("partner_missing"), NumberRange(1, message="partner_missing")],
    )
    role = StringField(validators=[AnyOf(tuple(PartnerRole), message="partner_role_missing")])

    def to_role(self) -> PartnerRole:
        """Return the part; only after the form was found sound."""
        return PartnerRole(self.role.data or "")
