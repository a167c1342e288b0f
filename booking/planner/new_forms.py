"""All that is typed to put up something new. The fields stand as on the page."""

from wtforms.validators import InputRequired

from booking.activities.planning import Plan
from booking.forms import WholeNumber
from booking.planner.about_forms import AboutForm
from booking.planner.asks_forms import AsksForm
from booking.planner.dates_forms import SeriesForm
from booking.planner.forms import WordsForm
from booking.planner.terms_forms import TermsForm


class ActivityForm(WordsForm, AboutForm, TermsForm, AsksForm, SeriesForm):
    """A new activity: its texts, what it is, its dates, how one comes, and what families are asked."""

    library_id = WholeNumber(unreadable="library_missing", validators=[InputRequired("library_missing")])

    def to_plan(self) -> Plan:
        """Return the activity as it is thought of; only after the form was found sound."""
        return Plan(
            about=self.to_about(),
            terms=self.to_terms(),
            series=self.to_series(),
            room=self.room.data or "",
            words=self.to_words(),
            asks=self.to_asks(),
        )
