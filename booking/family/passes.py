"""What the browser keeps after the form, until the place is confirmed. It names nobody."""

from datetime import datetime
from typing import Final

from flask import session as cookie

from booking.signups.asking import Answer
from booking.signups.rules import SignupState

_ANSWER: Final = "signup_answer"


def keep_answer(answer: Answer, *, occasion_id: int) -> None:
    """Keep what was answered, for the page after the form and for the code that is typed there."""
    cookie[_ANSWER] = {
        "occasion_id": occasion_id,
        "standings": [state.value if state else None for state in answer.standings],
        "held_until": answer.held_until.isoformat() if answer.held_until else None,
        "handle": answer.handle,
    }


def kept_answer(occasion_id: int) -> Answer | None:
    """Return what was answered about the occasion, if this browser asked last for that one."""
    kept = cookie.get(_ANSWER, {})
    if kept.get("occasion_id") != occasion_id or "standings" not in kept:
        return None
    held_until = datetime.fromisoformat(kept["held_until"]) if kept["held_until"] else None
    standings = tuple(SignupState(state) if state else None for state in kept["standings"])
    return Answer(standings=standings, held_until=held_until, handle=kept["handle"])


def forget_answer() -> None:
    """Forget what was answered: the next one at this machine need not see it."""
    cookie.pop(_ANSWER, None)
