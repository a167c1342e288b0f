"""Whether a letter still tells how it is, asked at the moment when it is taken to be sent."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.shared_models import HalfYes
from booking.outbox.models import Letter
from booking.outbox.operations import let_go
from booking.outbox.queries import is_overtaken
from booking.outbox.rules import LetGo
from booking.people.models import Participant
from booking.signups.guardians import was_asked
from booking.signups.models import Signup
from booking.signups.rules import IS_LIVE, SignupState


@dataclass(frozen=True, kw_only=True)
class _Case:
    """One letter that is to leave now, and the numbers in its key: of what it is about."""

    session: Session
    now: datetime
    letter: Letter
    numbers: Sequence[int]


_Judge = Callable[[_Case], LetGo | None]


def still_holds(session: Session, clock: Clock, *, letter: Letter) -> bool:
    """Tell whether the letter, just taken to be sent, still holds; who left meanwhile is not told of in it.

    What was held up and is not so any more – a reminder of a place that was given back, an offer past its
    deadline, a date that was moved on – is dropped with the reason, and that it was is on record.
    """
    reason = LetGo.OVERTAKEN if is_overtaken(session, letter) else _judged(session, clock(), letter)
    if reason is None:
        return True
    facts = {"template": letter.template, "reason": reason.value}
    let_go(clock, letter=letter, reason=reason)
    record(
        session,
        clock,
        actor=Actor.SYSTEM,
        action="letter_let_go",
        subject="letter",
        subject_id=letter.id,
        library_id=letter.library_id,
        facts=facts,
    )
    return False


def _judged(session: Session, now: datetime, letter: Letter) -> LetGo | None:
    # A letter's key names its act by the numbers of what it is about.
    numbers = [int(part) for part in letter.key.split(":") if part.isdecimal()]
    judge, known_by = _JUDGES.get(letter.template, (None, 0))
    case = _Case(session=session, now=now, letter=letter, numbers=numbers)
    return judge(case) if judge and len(numbers) == known_by else None


def _reminder(case: _Case) -> LetGo | None:
    meeting_id, sequence, family_id = case.numbers
    meeting = case.session.get(Meeting, meeting_id)
    if meeting is None or not _is_on(meeting) or meeting.sequence != sequence:
        return LetGo.NO_LONGER_SO
    if meeting.starts_at <= case.now:
        return LetGo.TOO_LATE
    return _those_who_come(case, meeting.occasion_id, family_id)


def _asked_again(case: _Case) -> LetGo | None:
    occasion_id, family_id, _first = case.numbers
    starts = [each.starts_at for each in _meetings(case.session, occasion_id) if _is_on(each)]
    if not starts:
        return LetGo.NO_LONGER_SO
    if min(starts) <= case.now:
        return LetGo.TOO_LATE
    return _those_who_come(case, occasion_id, family_id)


def _in_time(case: _Case) -> LetGo | None:
    until = case.letter.facts.get("held_until")
    return LetGo.TOO_LATE if until and datetime.fromisoformat(until) <= case.now else None


def _guardian_asked(case: _Case) -> LetGo | None:
    signup = case.session.get(Signup, case.numbers[0])
    if signup is None or not was_asked(signup) or signup.state not in IS_LIVE:
        return LetGo.NO_LONGER_SO
    return _in_time(case)


def _other_asked(case: _Case) -> LetGo | None:
    # It holds as long as anything that it asks about waits there; a later letter takes its place by itself.
    other_id, _occasion_id, _letters = case.numbers
    asked = select(func.max(HalfYes.runs_out_at)).where(HalfYes.other_guardian_id == other_id)
    # Letters from before this stood in them ask about all.
    if (halves := case.letter.facts.get("halves")) is not None:
        asked = asked.where(HalfYes.id.in_(halves))
    until = case.session.scalar(asked)
    if until is None:
        return LetGo.NO_LONGER_SO
    return LetGo.TOO_LATE if until <= case.now else None


def _moved(case: _Case) -> LetGo | None:
    occasion_id, family_id = case.numbers
    if not _standing(case.session, occasion_id, family_id, IS_LIVE):
        return LetGo.NO_LONGER_SO
    meetings = {meeting.id: meeting for meeting in _meetings(case.session, occasion_id)}
    moves = case.letter.facts.get("moves", [])
    still = [move for move in moves if _is_there(meetings.get(move["now"].get("meeting", 0)), move["now"])]
    if moves and not still:
        return LetGo.OVERTAKEN
    if len(still) < len(moves):
        case.letter.facts = {**case.letter.facts, "moves": still}
    return None


def _date_called_off(case: _Case) -> LetGo | None:
    return _date(case, case.letter.facts.get("was", {}), is_on=False)


def _date_back_on(case: _Case) -> LetGo | None:
    return _date(case, next(iter(case.letter.facts.get("on", [])), {}), is_on=True)


def _occasion_called_off(case: _Case) -> LetGo | None:
    return None if _is_called_off(case) else LetGo.NO_LONGER_SO


def _occasion_back_on(case: _Case) -> LetGo | None:
    return LetGo.NO_LONGER_SO if _is_called_off(case) else None


def _date(case: _Case, told: Mapping[str, Any], *, is_on: bool) -> LetGo | None:
    occasion_id, family_id = case.numbers
    if not _standing(case.session, occasion_id, family_id, IS_LIVE):
        return LetGo.NO_LONGER_SO
    meeting = case.session.get(Meeting, told.get("meeting", 0))
    return LetGo.NO_LONGER_SO if meeting is not None and _is_on(meeting) is not is_on else None


def _those_who_come(case: _Case, occasion_id: int, family_id: int) -> LetGo | None:
    coming = _standing(case.session, occasion_id, family_id, {SignupState.CONFIRMED})
    if not coming:
        return LetGo.NO_LONGER_SO
    places = case.letter.facts.get("places", [])
    still = [place for place in places if place.get("signup") in coming]
    if still and len(still) < len(places):
        children = [place["child"] for place in still]
        case.letter.facts = {**case.letter.facts, "places": still, "children": children}
    return None


def _standing(
    session: Session, occasion_id: int, family_id: int, states: Collection[SignupState]
) -> frozenset[int]:
    found = session.scalars(
        select(Signup.id)
        .join(Participant, Participant.id == Signup.participant_id)
        .where(Signup.occasion_id == occasion_id, Participant.family_id == family_id)
        .where(Signup.state.in_(states))
    )
    return frozenset(found)


def _meetings(session: Session, occasion_id: int) -> list[Meeting]:
    return list(session.scalars(select(Meeting).where(Meeting.occasion_id == occasion_id)))


def _is_called_off(case: _Case) -> bool:
    occasion = case.session.get(Occasion, case.numbers[0])
    return occasion is None or occasion.called_off_at is not None


def _is_on(meeting: Meeting) -> bool:
    return meeting.state is not MeetingState.CALLED_OFF


def _is_there(meeting: Meeting | None, told: Mapping[str, Any]) -> bool:
    # Letters from before dates were told by number are sent as they are.
    if meeting is None:
        return "meeting" not in told
    times = (meeting.starts_at.isoformat(), meeting.ends_at.isoformat(), meeting.room)
    return _is_on(meeting) and times == (told["starts_at"], told["ends_at"], told["room"])


# By template: who judges it, and how many numbers stand in its key.
_JUDGES: Final[Mapping[str, tuple[_Judge, int]]] = {
    "reminder": (_reminder, 3),
    "ask_again": (_asked_again, 3),
    "offer_made": (_in_time, 1),
    "signup_awaiting_email": (_in_time, 1),
    "signup_awaiting_guardian": (_in_time, 1),
    "signup_guardian_asked": (_guardian_asked, 1),
    "pictures_other_asked": (_other_asked, 3),
    "meeting_moved": (_moved, 2),
    "meeting_called_off": (_date_called_off, 2),
    "meeting_back_on": (_date_back_on, 2),
    "signup_called_off": (_occasion_called_off, 2),
    "occasion_back_on": (_occasion_back_on, 2),
}
