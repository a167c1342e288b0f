"""What the other guardian answers by the link in the letter: yes, no, «not for me», and taking it back."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent
from booking.consent.half_queries import resting_on
from booking.consent.models import Consent
from booking.consent.rules import RestsOn, Way, WordingPurpose
from booking.consent.settling_operations import OtherYes, settle
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import texts_shown
from booking.errors import NotFound
from booking.family.shared_operations import library_facts, note_pictures
from booking.family.shared_queries import Told, get_other_guardian, signup_about, take_asked
from booking.family.shared_rules import OtherAnswer, PicturesNotWaiting, about_other_guardian
from booking.family.shared_telling import forget_without_cause, tell_first
from booking.libraries.models import Library
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.models import OtherGuardian


def other_says_yes(session: Session, clock: Clock, *, other_guardian_id: int, answer: OtherAnswer) -> None:
    """Let stand what both have said yes to; what the page showed and was not ticked is a no. Twice is once.

    What was asked after the page was shown goes on waiting. Refuses PicturesNotWaiting where nothing that was
    ticked waits any more, and ConsentChanged when the words were changed after they were shown. NotFound once
    the guardian is erased.
    """
    other = get_other_guardian(session, other_guardian_id)
    waiting = _taken(session, clock, other, answer.asked)
    asked = [half for half in waiting if clock() < half.runs_out_at]
    theirs = _by_signup(session, asked)
    said = _said(session, theirs, answer)
    for stands in (True, False):
        told = [each for each in theirs if bool(said[each.signup.id]) is stands]
        tell_first(session, clock, told=told, stands=stands)
    for each in theirs:
        texts = said[each.signup.id]
        yes = OtherYes(other_guardian_id=other.id, capacity=answer.capacity, texts=texts)
        _settle(session, clock, each, yes)
    _thank(session, clock, other)


def other_says_no(session: Session, clock: Clock, *, other_guardian_id: int, asked: Collection[int]) -> None:
    """Let go what the page showed (`asked`: numbers), and tell the first guardian kindly; twice is once."""
    other = get_other_guardian(session, other_guardian_id)
    _refuse(session, clock, _taken(session, clock, other, asked), action="pictures_refused")
    forget_without_cause(session, clock, only=other.id)


def other_is_a_stranger(session: Session, clock: Clock, *, other_guardian_id: int) -> None:
    """Let all go that is asked of somebody whom it is not for, and their address at once; twice is once."""
    other = get_other_guardian(session, other_guardian_id)
    _refuse(session, clock, _taken(session, clock, other), action="other_guardian_unknown")
    forget_without_cause(session, clock, only=other.id)


def other_takes_back(
    session: Session, clock: Clock, *, other_guardian_id: int, consent_id: int
) -> WordingPurpose:
    """Take back what rests on this guardian's yes, at once, and return what it was; twice is once.

    NotFound for what does not rest on it.
    """
    other = get_other_guardian(session, other_guardian_id)
    consent = _resting(session, other, consent_id)
    withdraw_consent(
        session,
        clock,
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        way=Way.LINK,
    )
    return consent.purpose


def _said(
    session: Session, theirs: Sequence[Told], answer: OtherAnswer
) -> dict[int, dict[WordingPurpose, int]]:
    # The words of what was ticked, by sign-up.
    ticked = {half.purpose for each in theirs for half in each.halves if half.id in answer.numbers}
    if not ticked:
        raise PicturesNotWaiting
    shown = {purpose: answer.words_shown.get(purpose, "") for purpose in ticked}
    texts = texts_shown(session, shown=shown, language=answer.language)
    return {
        each.signup.id: {
            half.purpose: texts[half.purpose] for half in each.halves if half.id in answer.numbers
        }
        for each in theirs
    }


def _taken(
    session: Session, clock: Clock, other: OtherGuardian, numbers: Collection[int] | None = None
) -> Sequence[HalfYes]:
    # The children are held first, as by everybody else; whoever is erased meanwhile needs no note.
    asked = take_asked(session, other, numbers=numbers)
    session.execute(
        update(OtherGuardian)
        .where(OtherGuardian.id == other.id, OtherGuardian.answered_at.is_(None))
        .values(answered_at=clock())
        .execution_options(synchronize_session=False)
    )
    return asked


def _refuse(session: Session, clock: Clock, halves: Sequence[HalfYes], *, action: str) -> None:
    theirs = _by_signup(session, halves)
    tell_first(session, clock, told=theirs, stands=False)
    for half in halves:
        session.delete(half)
    for each in theirs:
        note_pictures(session, clock, signup=each.signup, action=action)
    session.flush()


def _resting(session: Session, other: OtherGuardian, consent_id: int) -> Consent:
    for consent in resting_on(session, other_guardian_id=other.id):
        if consent.id == consent_id:
            return consent
    raise NotFound


def _by_signup(session: Session, asked: Sequence[HalfYes]) -> list[Told]:
    about: dict[tuple[int, int], list[HalfYes]] = {}
    for half in asked:
        about.setdefault((half.occasion_id, half.participant_id), []).append(half)
    found = []
    for occasion_id, participant_id in sorted(about):
        signup = signup_about(session, participant_id=participant_id, occasion_id=occasion_id)
        if signup is not None:
            found.append(Told(signup, about[occasion_id, participant_id]))
    return found


def _settle(session: Session, clock: Clock, told: Told, yes: OtherYes) -> None:
    settle(session, clock, halves=told.halves, other=yes)
    facts = {
        "rests_on": RestsOn.BOTH.value,
        "purposes": sorted(purpose.value for purpose in yes.texts),
    }
    action = "pictures_agreed" if yes.texts else "pictures_refused"
    note_pictures(session, clock, signup=told.signup, action=action, facts=facts)


def _thank(session: Session, clock: Clock, other: OtherGuardian) -> None:
    standing = resting_on(session, other_guardian_id=other.id)
    ends = [each.expires_at for each in standing if each.expires_at]
    if not ends:
        return
    library = session.scalars(select(Library).where(Library.id == standing[-1].library_id)).one()
    lasts = max(ends) - clock()
    secret = issue_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, subject_id=other.id, lasts=lasts)
    about = about_other_guardian(other.id)
    write_letter(
        session,
        clock,
        key=f"{about}:thanked:{standing[-1].id}",
        about=about,
        template="pictures_other_thanked",
        address=other.email,
        language=other.language,
        facts={**library_facts(library=library), "until": max(ends).isoformat(), "secret": secret},
        library_id=library.id,
    )
