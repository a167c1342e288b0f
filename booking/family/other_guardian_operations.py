"""What the other guardian answers by the link in the letter: yes, no, «not for me», and taking it back."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent
from booking.consent.half_queries import resting_on
from booking.consent.models import Consent
from booking.consent.rules import Capacity, RestsOn, Way, WordingPurpose
from booking.consent.settling_operations import OtherYes, settle
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import texts_shown
from booking.errors import NotFound
from booking.family.shared_operations import library_facts, note_pictures
from booking.family.shared_queries import asked_of_live, get_other_guardian, signup_about
from booking.family.shared_rules import OtherAnswer, PicturesNotWaiting, about_other_guardian
from booking.family.shared_telling import Told, forget_without_cause, tell_first
from booking.libraries.models import Library
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.models import OtherGuardian
from booking.people.other_guardian_queries import the_same_guardian


def other_says_yes(session: Session, clock: Clock, *, other_guardian_id: int, answer: OtherAnswer) -> None:
    """Let stand what both have said yes to; what was not ticked is a no. Twice is once.

    Refuses PicturesNotWaiting where nothing that was ticked waits any more, and ConsentChanged when the words
    were changed after they were shown. NotFound once the guardian is erased.
    """
    same = _answering(session, clock, other_guardian_id)
    asked = [half for half in asked_of_live(session, other_guardian_ids=same) if clock() < half.runs_out_at]
    ticked = {half.purpose for half in asked if half.id in answer.numbers}
    if not ticked:
        raise PicturesNotWaiting
    shown = {purpose: answer.words_shown.get(purpose, "") for purpose in ticked}
    texts = dict(texts_shown(session, shown=shown, language=answer.language))
    theirs = _by_signup(session, asked)
    said = {
        each.signup.id: {
            half.purpose: texts[half.purpose] for half in each.halves if half.id in answer.numbers
        }
        for each in theirs
    }
    for stands in (True, False):
        told = [each for each in theirs if bool(said[each.signup.id]) is stands]
        tell_first(session, clock, told=told, stands=stands)
    for each in theirs:
        _settle(session, clock, each, said[each.signup.id], answer.capacity)
    _thank(session, clock, get_other_guardian(session, other_guardian_id), same)


def other_says_no(session: Session, clock: Clock, *, other_guardian_id: int, is_stranger: bool) -> None:
    """Let all that was asked go, and tell the first guardian kindly; a stranger's address goes at once too.

    Twice is once.
    """
    same = _answering(session, clock, other_guardian_id)
    theirs = _by_signup(session, asked_of_live(session, other_guardian_ids=same))
    tell_first(session, clock, told=theirs, stands=False)
    action = "other_guardian_unknown" if is_stranger else "pictures_refused"
    for each in theirs:
        for half in each.halves:
            session.delete(half)
        note_pictures(session, clock, signup=each.signup, action=action)
    session.flush()
    forget_without_cause(session, clock, only=same)


def other_takes_back(
    session: Session, clock: Clock, *, other_guardian_id: int, consent_id: int
) -> WordingPurpose:
    """Take back what rests on this guardian's yes, at once, and return what it was; twice is once.

    NotFound for what does not rest on it.
    """
    other = get_other_guardian(session, other_guardian_id, is_held=True)
    consent = _resting(session, [each.id for each in the_same_guardian(session, other)], consent_id)
    withdraw_consent(
        session,
        clock,
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        way=Way.LINK,
    )
    return consent.purpose


def _answering(session: Session, clock: Clock, other_guardian_id: int) -> list[int]:
    # Whoever answers does so for all siblings that are asked about with the same page.
    other = get_other_guardian(session, other_guardian_id, is_held=True)
    same = the_same_guardian(session, other)
    for each in same:
        each.answered_at = each.answered_at or clock()
    return [each.id for each in same]


def _resting(session: Session, same: Collection[int], consent_id: int) -> Consent:
    for consent in resting_on(session, other_guardian_ids=same):
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


def _settle(
    session: Session, clock: Clock, told: Told, said: dict[WordingPurpose, int], capacity: Capacity
) -> None:
    number = next(half.other_guardian_id for half in told.halves if half.other_guardian_id)
    theirs = OtherYes(other_guardian_id=number, capacity=capacity, texts=said)
    settle(session, clock, halves=told.halves, other=theirs)
    facts = {
        "rests_on": RestsOn.BOTH.value,
        "purposes": sorted(purpose.value for purpose in said),
    }
    action = "pictures_agreed" if said else "pictures_refused"
    note_pictures(session, clock, signup=told.signup, action=action, facts=facts)


def _thank(session: Session, clock: Clock, other: OtherGuardian, same: Collection[int]) -> None:
    standing = resting_on(session, other_guardian_ids=same)
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
