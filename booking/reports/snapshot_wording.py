"""The file of figures as they stood on a day."""

from datetime import datetime

from flask_babel import gettext

from booking.i18n import day_and_time, long_date
from booking.reports.cells import Book
from booking.reports.definition_wording import definitions_table
from booking.reports.picture_wording import published_pictures
from booking.reports.region_wording import half_words, withheld_table
from booking.reports.sign_wording import meanings_of_signs, missing_word
from booking.reports.snapshot_queries import Snapshot


def snapshot_book(snapshot: Snapshot, *, made_at: datetime) -> Book:
    """Return the file: the tables that were told, what they mean and what was withheld."""
    figures = [picture.table for picture in published_pictures(snapshot)]
    return Book(
        name=(gettext("participation"), gettext("as it stood"), snapshot.through_on.isoformat()),
        title=gettext("Participation"),
        about=(
            (gettext("For"), ", ".join(library.name for library in snapshot.libraries)),
            (gettext("Time"), half_words(snapshot.period)),
            (gettext("Persons are counted through"), long_date(snapshot.through_on)),
            (gettext("Let out"), day_and_time(snapshot.published_at)),
            (gettext("Made"), day_and_time(made_at)),
            (gettext("Licence"), "CC BY 4.0"),
            (gettext("Supported by"), "Nasjonalbiblioteket"),
        ),
        tables=(*figures, definitions_table(), withheld_table(figures)),
        missing=missing_word(),
        signs=meanings_of_signs(),
    )
