"""What an activity's page says before the form: what families are asked, and who can sign up themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from booking.activities.asks import Asks
from booking.activities.audience import Audience, ages_shown
from booking.activities.rows import about_of, asks_of
from booking.activities.rules import Window
from booking.activities.showing import Shown
from booking.consent.models import AgeRule

_CAN_BE_ASKED = frozenset({Window.OPEN, Window.NOT_YET_OPEN})


@dataclass(frozen=True, kw_only=True)
class Beforehand:
    """Sentences for whoever thinks of signing up: what is asked of everybody, and what youths may do."""

    asked: Sequence[str]
    to_youths: Sequence[str]


def said_beforehand(page: Shown, rule: AgeRule) -> Beforehand | None:
    """Return what to say before the form; nothing where nobody can sign up, or one just comes."""
    if not any(run.entrance.window in _CAN_BE_ASKED for run in page.runs):
        return None
    asks, audience = asks_of(page.activity), about_of(page.activity).audience
    return Beforehand(asked=_said_of(asks), to_youths=_said_to_youths(audience, rule, asks.guardian_until))


def _said_of(asks: Asks) -> list[str]:
    first = (
        gettext("You will be asked for first and last name, age, municipality and how to reach you.")
        if asks.last_name
        else gettext("You will be asked for first name, age, municipality and how to reach you.")
    )
    needs = gettext("If you want to, you can tell what the child needs, such as food or access.")
    pictures = gettext("You say yes or no to pictures; a no never costs the place.")
    return [first, *([needs] if asks.needs else []), *([pictures] if asks.photo_channels else [])]


def _said_to_youths(audience: Audience, rule: AgeRule, guardian_until: int | None) -> list[str]:
    ages, youth, alone = ages_shown(audience), rule.youth_from, max(rule.alone_from, guardian_until or 0)
    if _is_below(ages.most, youth) or not _is_below(ages.least or 0, rule.adult_from):
        return []
    if youth == alone:
        return [gettext("From the age of %(age)s you can sign up yourself.", age=alone)]
    with_leave = gettext(
        "From the age of %(age)s you can sign up yourself, and we ask a guardian for leave.", age=youth
    )
    if _is_below(ages.most, alone):
        return [with_leave]
    return [with_leave, gettext("From the age of %(age)s you answer for yourself.", age=alone)]


def _is_below(age: int | None, limit: int) -> bool:
    return age is not None and age < limit
