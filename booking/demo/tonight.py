"""Something that goes on just now, so that a newcomer can try the door whenever they come."""

from datetime import datetime, time

from booking.activities.rules import Kind, Mode
from booking.clock import local_time
from booking.demo.autumn import Invented

_FIRST_HOUR, _LAST_HOUR, _HOURS = 8, 21, 2


def going_on_now(now: datetime) -> Invented:
    """Return an evening for children and youths that began within the hour; one can just come."""
    here = local_time(now)
    hour = min(max(here.hour, _FIRST_HOUR), _LAST_HOUR)
    return Invented(
        library="kongsvinger",
        kind=Kind.PILOT,
        mode=Mode.SIGN_UP_AND_WALK_IN,
        titles=("Åpent verksted", "Ope verkstad", "Open workshop"),
        summaries=(
            "Lim, papir, garn og gode ideer. Meld deg på, eller kom innom.",
            "Lim, papir, garn og gode idear. Meld deg på, eller kom innom.",
            "Glue, paper, yarn and good ideas. Sign up, or just come.",
        ),
        body="Vi lager noe med hendene. Alt du trenger, ligger klart på bordet.",
        grades=(3, 10),
        capacity=8,
        walk_in_places=4,
        room="Verkstedet",
        weekday=here.weekday(),
        starts=time(hour),
        ends=time(hour + _HOURS),
        first_week=0,
        weeks=1,
    )
