"""Which meeting a follow-up meeting of the plan is, as it is chosen."""

from wtforms import StringField

from booking.forms import Form


class PlanMeetingForm(Form):
    """One of the project's meetings, or none."""

    meeting_uid = StringField()
