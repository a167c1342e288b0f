"""What a library can choose among, in the reader's language, when it looks at its own figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from booking.activities.messages import KIND_NAMES
from booking.activities.models import Meeting
from booking.i18n import current_language
from booking.libraries.rules import best_text
from booking.partners.messages import SECTOR_NAMES
from booking.reports.metric_messages import NOT_KNOWN_WORDS
from booking.reports.own_queries import OwnReport
from booking.reports.rules import LEFT_OUT

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Lists of (value, words)."""

    activities: Options
    kinds: Options
    sectors: Options


def choices_of(report: OwnReport) -> Choices:
    """Return what the figures can be narrowed to: an activity, a kind, partners of a sector."""
    everything = ("", gettext("All"))
    titles = [
        (str(activity_id), str(best_text(texts, current_language()).title))
        for activity_id, texts in report.titles.items()
    ]
    kinds = [(kind, gettext(words)) for kind, words in KIND_NAMES.items() if kind not in LEFT_OUT]
    sectors = [(sector.value, gettext(words)) for sector, words in SECTOR_NAMES.items()]
    return Choices(
        activities=[everything, *sorted(titles, key=lambda option: option[1].casefold())],
        kinds=[everything, *kinds],
        sectors=[everything, *sectors],
    )


def activity_title(meeting: Meeting) -> str:
    """Return what a meeting's activity is called."""
    return str(best_text(meeting.occasion.activity.texts, current_language()).title)


def not_known() -> Sequence[str]:
    """Return what the definitions ask for and nobody here records: it is missing, and said to be."""
    return [gettext(words) for words in NOT_KNOWN_WORDS.values()]
