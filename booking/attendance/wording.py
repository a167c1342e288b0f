"""How meetings and answers at the door are called in the reader's language."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext, ngettext

from booking.activities.models import Meeting
from booking.attendance.door import DoorRefusal, check_can_close
from booking.attendance.forms import CloseForm
from booking.attendance.messages import ODDITIES, OUTCOMES, UNKNOWNS
from booking.attendance.queries import Register, is_called_off
from booking.attendance.rows import Row, oddities_of
from booking.i18n import current_language, say
from booking.libraries.rules import best_text


def title_of(meeting: Meeting) -> str:
    """Return what the meeting's activity is called."""
    return str(best_text(meeting.occasion.activity.texts, current_language()).title)


def say_choices(form: CloseForm, unknown: Sequence[Row]) -> None:
    """Give the choices of the closing form their words, and the names of those not ticked."""
    form.outcome.choices = {outcome.value: gettext(words) for outcome, words in OUTCOMES.items()}
    form.unknown.choices = {answer.value: gettext(words) for answer, words in UNKNOWNS.items()}
    form.did_not_come.choices = {
        str(row.participant_id): gettext("%(name)s, %(age)s", name=row.name, age=age_words(row.age))
        for row in unknown
    }


def say_oddities(register: Register) -> Sequence[str]:
    """Say what somebody should look at once more in this register."""
    return [gettext(ODDITIES[oddity]) for oddity in oddities_of(register)]


def hindrance_of(meeting: Meeting, *, now: datetime) -> str | None:
    """Say why the register cannot be closed now, if it cannot."""
    try:
        check_can_close(now=now, starts_at=meeting.starts_at, is_called_off=is_called_off(meeting))
    except DoorRefusal as refusal:
        return say(refusal)
    return None


def age_words(years: int) -> str:
    """Say how old somebody is."""
    return str(ngettext("%(num)s year old", "%(num)s years old", years))
