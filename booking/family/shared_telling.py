"""Telling the first guardian what became of pictures that take two; and letting go what nobody answered."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.half_queries import guardians_without_cause, hold_children, take_half_yeses
from booking.consent.shared_models import HalfYes
from booking.family.shared_queries import Told, signup_about, still_comes
from booking.family.shared_rules import about_other_guardian
from booking.links.operations import revoke_links
from booking.links.rules import Purpose
from booking.outbox.operations import forget_letters_to, write_letter
from booking.people.models import Participant
from booking.people.reaching import address_of
from booking.signups.guardians import abouts_of_guardian, get_guardian, needs_guardian
from booking.signups.letters import occasion_facts, page_link
from booking.signups.models import Signup
from booking.signups.rules import IS_LIVE

# Others wait for the turn to write: what is left over comes with the next minute.
_AT_ONCE: Final = 20


def tell_first(session: Session, clock: Clock, *, told: Sequence[Told], stands: bool) -> None:
    """Write to who said yes first whether the pictures stand now, with the way to take it back.

    One letter for siblings at the same occasion. What the other guardian said, and whether they said
    anything, is theirs: not all have said yes, no more.
    """
    letters: dict[tuple[int, bool, int], list[Told]] = {}
    for each in told:
        # Of a youth's pictures its own guardian is told, and of nobody else's.
        is_youths, family_id = needs_guardian(each.signup), each.signup.participant.family_id
        whose = (each.signup.occasion_id, is_youths, each.signup.id if is_youths else family_id)
        letters.setdefault(whose, []).append(each)
    for theirs in letters.values():
        _write(session, clock, theirs, stands=stands)


def end_half_yeses(session: Session, clock: Clock) -> int:
    """Erase half yeses whose time is over and tell the first guardian kindly; return how many questions.

    Those of children who do not come any more go too, and so does every other guardian of whom nothing is
    asked, and on whose yes nothing rests. Twice is once.
    """
    is_over = (HalfYes.runs_out_at <= clock()) | ~still_comes()
    due = session.execute(
        select(Participant.family_id, HalfYes.occasion_id)
        .join(Participant, Participant.id == HalfYes.participant_id)
        .where(is_over)
        .distinct()
        .order_by(Participant.family_id, HalfYes.occasion_id)
        .limit(_AT_ONCE)
    ).all()
    _hold_all(session, [family_id for family_id, _occasion_id in due])
    for family_id, occasion_id in due:
        _end(session, clock, family_id=family_id, occasion_id=occasion_id)
    forget_without_cause(session, clock)
    return len(due)


def forget_without_cause(session: Session, clock: Clock, *, only: int | None = None) -> None:
    """Erase other guardians of whom nothing is asked and on whose yes nothing rests, and what went to them.

    With `only` it is about the one with that number.
    """
    for other in guardians_without_cause(session, most=_AT_ONCE, only=only):
        revoke_links(session, clock, purpose=Purpose.OTHER_GUARDIAN, subject_id=other.id)
        forget_letters_to(session, clock, address=None, abouts=[about_other_guardian(other.id)])
        session.delete(other)
    session.flush()


def _end(session: Session, clock: Clock, *, family_id: int, occasion_id: int) -> None:
    waiting = (
        select(HalfYes.participant_id)
        .join(Participant, Participant.id == HalfYes.participant_id)
        .where(Participant.family_id == family_id, HalfYes.occasion_id == occasion_id)
        .distinct()
        .order_by(HalfYes.participant_id)
    )
    told: list[Told] = []
    for participant_id in session.scalars(waiting).all():
        halves = take_half_yeses(session, participant_id=participant_id, occasion_id=occasion_id)
        signup = signup_about(session, participant_id=participant_id, occasion_id=occasion_id)
        comes = signup is not None and signup.state in IS_LIVE
        over = [half for half in halves if not comes or half.runs_out_at <= clock()]
        if over and signup is not None and comes:
            told.append(Told(signup, over))
        for half in over:
            session.delete(half)
    tell_first(session, clock, told=told, stands=False)
    session.flush()


def _hold_all(session: Session, family_ids: Sequence[int]) -> None:
    # All at once and in order: an other guardian who answers meanwhile holds children in order too.
    waiting = (
        select(HalfYes.participant_id)
        .join(Participant, Participant.id == HalfYes.participant_id)
        .where(Participant.family_id.in_(family_ids))
    )
    hold_children(session, participant_ids=session.scalars(waiting.distinct()).all())


def _address(session: Session, signup: Signup) -> str:
    if needs_guardian(signup):
        return get_guardian(session, signup).email
    return address_of(signup.participant.family)


def _write(session: Session, clock: Clock, told: Sequence[Told], *, stands: bool) -> None:
    signups = [each.signup for each in told]
    first, newest = signups[0], max(half.id for each in told for half in each.halves)
    occasion, family = first.occasion, first.participant.family
    is_guardians = needs_guardian(first)
    purpose = Purpose.GUARDIAN_ANSWER if is_guardians else Purpose.SIGNUP
    template = "pictures_agreed" if stands else "pictures_not_agreed"
    write_letter(
        session,
        clock,
        key=f"{template}:{first.id}:{newest}:{clock().timestamp():.6f}",
        about=abouts_of_guardian(first.id)[0] if is_guardians else None,
        template=template,
        address=_address(session, first),
        language=family.language,
        facts={
            **occasion_facts(occasion, family.language),
            "is_guardians": is_guardians,
            "children": [each.participant.first_name for each in signups],
            "places": [
                {
                    "child": each.participant.first_name,
                    "secret": page_link(session, clock, signup=each, purpose=purpose),
                }
                for each in signups
            ],
        },
        library_id=occasion.activity.library_id,
    )
