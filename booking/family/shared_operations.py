"""What the first guardian answers about pictures that everybody can see: I alone, or ask the other one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.half_queries import asked_of, take_half_yeses
from booking.consent.rules import RestsOn
from booking.consent.settling_operations import settle
from booking.consent.shared import HALF_LASTS, runs_out_at
from booking.consent.shared_models import HalfYes
from booking.family.shared_queries import siblings_waiting
from booking.family.shared_rules import (
    MOST_LETTERS,
    MOST_UNANSWERED,
    UNANSWERED_WITHIN,
    OtherAskedTooOften,
    OtherIsYourself,
    PicturesNotWaiting,
    about_other_guardian,
)
from booking.libraries.models import Library
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.outbox.rules import Policy
from booking.people.models import Family, OtherGuardian
from booking.people.operations import verify_family
from booking.people.other_guardian_operations import find_or_add_other_guardian
from booking.signups.guardians import get_guardian, needs_guardian
from booking.signups.models import Signup
from booking.signups.rules import SignupState


def answer_about_pictures(
    session: Session,
    clock: Clock,
    *,
    signup: Signup,
    other_email: str | None,
    by_guardian: bool,
    also: Collection[int] = (),
) -> None:
    """Let the pictures stand on the word of who decides alone, or ask whoever shares the responsibility.

    Until the other one has said yes it counts as a no. Of a youth's pictures its guardian answers, and of a
    child's its family. `also` are sign-ups of siblings at the same occasion for which the answer holds too,
    as far as the same question waits there. Refuses PicturesNotWaiting, OtherIsYourself and
    OtherAskedTooOften; then nothing is changed for any of them.
    """
    is_theirs = needs_guardian(signup) is by_guardian
    if not is_theirs or signup.state is not SignupState.CONFIRMED:
        raise PicturesNotWaiting
    found = siblings_waiting(session, signup) if also else ()
    siblings = [each.signup for each in found if each.signup.id in also]
    about = [(each, _taken(session, each)) for each in _in_turn([signup, *siblings])]
    if not any(each is signup and halves for each, halves in about):
        raise PicturesNotWaiting
    waiting = {each: halves for each, halves in about if halves}
    if other_email is None:
        for each, halves in waiting.items():
            _decide_alone(session, clock, each, halves)
    else:
        _ask_other(session, clock, waiting, other_email)


def _in_turn(signups: Sequence[Signup]) -> Sequence[Signup]:
    # Children are held in the order of their numbers: two who answer at once never wait for each other.
    return sorted(signups, key=lambda each: each.participant_id)


def _taken(session: Session, signup: Signup) -> Sequence[HalfYes]:
    return take_half_yeses(session, participant_id=signup.participant_id, occasion_id=signup.occasion_id)


def _decide_alone(session: Session, clock: Clock, signup: Signup, halves: Sequence[HalfYes]) -> None:
    purposes = [half.purpose.value for half in halves]
    settle(session, clock, halves=halves)
    facts = {"rests_on": RestsOn.ALONE.value, "purposes": purposes}
    note_pictures(session, clock, signup=signup, action="pictures_agreed", facts=facts)


def _ask_other(
    session: Session, clock: Clock, waiting: Mapping[Signup, Sequence[HalfYes]], email: str
) -> None:
    # Whoever answers reads the letters to the first address, so that family is verified by it: nobody is
    # written to for somebody who is not.
    first = next(iter(waiting))
    family = first.participant.family
    if not needs_guardian(first):
        verify_family(session, clock, family=family)
    other = find_or_add_other_guardian(
        session, clock, family_id=family.id, email=email, language=family.language
    )
    if other.email in _own_addresses(session, first, family):
        raise OtherIsYourself
    halves = [half for theirs in waiting.values() for half in theirs]
    _check_asked(session, clock(), other, halves)
    ask_again(session, clock, other=other, halves=halves)
    for signup in waiting:
        note_pictures(session, clock, signup=signup, action="other_guardian_asked")


def ask_again(session: Session, clock: Clock, *, other: OtherGuardian, halves: Sequence[HalfYes]) -> None:
    """Write to an other guardian about half yeses to one occasion, and wait for as long as one waits.

    Siblings are asked about with one letter. It takes the place of one that has not left yet, and leads to
    the same page: `halves` in it are all that is asked there, so it holds as long as any of them waits.
    """
    letters, now = max(half.letters for half in halves) + 1, clock()
    for half in halves:
        half.other_guardian_id, half.asked_at = other.id, now
        half.letters, half.runs_out_at = letters, runs_out_at(now)
    session.flush()
    first, about = halves[0], about_other_guardian(other.id)
    all_asked = [half.id for half in asked_of(session, other_guardian_id=other.id)]
    library = session.get_one(Library, first.library_id)
    secret = issue_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, subject_id=other.id, lasts=HALF_LASTS)
    write_letter(
        session,
        clock,
        key=f"{about}:asked:{first.occasion_id}:{letters}:{now.timestamp():.6f}",
        about=about,
        template="pictures_other_asked",
        address=other.email,
        language=other.language,
        facts={
            **library_facts(library=library),
            "until": first.runs_out_at.isoformat(),
            "secret": secret,
            "halves": all_asked,
        },
        policy=Policy.ONCE,
        library_id=library.id,
    )
    session.flush()


def ask_beside(session: Session, clock: Clock, *, other: OtherGuardian, half: HalfYes) -> None:
    """Ask an other guardian about one more thing: by the letter that is on its way, or by a new one."""
    told = [
        each
        for each in asked_of(session, other_guardian_id=other.id)
        if each.occasion_id == half.occasion_id and clock() < each.runs_out_at
    ]
    if not told:
        ask_again(session, clock, other=other, halves=[half])
        return
    half.other_guardian_id, half.asked_at = other.id, told[0].asked_at
    half.letters, half.runs_out_at = told[0].letters, told[0].runs_out_at
    session.flush()


def take_question_back(session: Session, clock: Clock, *, signup: Signup) -> None:
    """Let what waits for the child at the occasion go, at once; twice is once."""
    halves = _taken(session, signup)
    for half in halves:
        session.delete(half)
    session.flush()
    if halves:
        note_pictures(session, clock, signup=signup, action="pictures_question_taken_back")


def note_pictures(
    session: Session,
    clock: Clock,
    *,
    signup: Signup,
    action: str,
    facts: Mapping[str, object] | None = None,
) -> None:
    """Put on record what became of pictures of a child at an occasion, without a word of who it was."""
    record(
        session,
        clock,
        actor=Actor.FAMILY,
        action=action,
        subject="participant",
        subject_id=signup.participant_id,
        facts={"occasion_id": signup.occasion_id, **(facts or {})},
    )


def library_facts(*, library: Library) -> dict[str, str | None]:
    """Return what a letter tells of the library that it comes from."""
    return {
        "library_name": library.name,
        "library_email": library.email,
        "library_phone": library.phone,
    }


def _own_addresses(session: Session, signup: Signup, family: Family) -> set[str | None]:
    guardian = get_guardian(session, signup).email if needs_guardian(signup) else None
    return {family.email, guardian}


def _check_asked(session: Session, now: datetime, other: OtherGuardian, halves: Sequence[HalfYes]) -> None:
    elsewhere = select(func.count(OtherGuardian.id)).where(
        OtherGuardian.email == other.email,
        OtherGuardian.id != other.id,
        OtherGuardian.answered_at.is_(None),
        OtherGuardian.known_since > now - UNANSWERED_WITHIN,
    )
    is_often = max(half.letters for half in halves) >= MOST_LETTERS
    if is_often or (session.scalar(elsewhere) or 0) >= MOST_UNANSWERED:
        raise OtherAskedTooOften
