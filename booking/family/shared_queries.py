"""Finding what waits for another guardian's yes, for the one who was first and for the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from booking.consent.half_queries import half_yeses_of, hold_children, resting_on
from booking.consent.models import Consent, Wording
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import is_standing, newest_texts
from booking.errors import NotFound
from booking.family.renewal_queries import titles_of
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.people.models import OtherGuardian, Participant
from booking.signups.guardians import needs_guardian
from booking.signups.models import Signup
from booking.signups.queries import get_signup
from booking.signups.rules import IS_LIVE, SignupState


class Told(NamedTuple):
    """One child's sign-up, and half yeses about it."""

    signup: Signup
    halves: Sequence[HalfYes]


@dataclass(frozen=True, kw_only=True)
class PictureQuestion:
    """What waits for one child at one occasion; `may_answer` says whether who looks is the one to answer.

    `siblings` are those of the same family at the same occasion for whom the same question waits.
    """

    signup: Signup
    halves: Sequence[HalfYes]
    may_answer: bool
    siblings: Sequence[Told] = ()

    @property
    def asked_at(self) -> datetime | None:
        """Return when the other guardian was last written to, if anybody was."""
        return max((half.asked_at for half in self.halves if half.asked_at), default=None)

    @property
    def runs_out_at(self) -> datetime:
        """Return until when an answer is waited for."""
        return max(half.runs_out_at for half in self.halves)


@dataclass(frozen=True, kw_only=True)
class AskedOfOther:
    """One question to an other guardian: of whom, which half yes, to which words, at what."""

    child: str
    half: HalfYes
    wording: Wording
    title: str
    library: str


@dataclass(frozen=True, kw_only=True)
class OtherPage:
    """What an other guardian sees: what is asked, what rests on their yes, and the children’s first names."""

    children: Sequence[str]
    asked: Sequence[AskedOfOther]
    standing: Sequence["RestsOnOther"]


@dataclass(frozen=True, kw_only=True)
class RestsOnOther:
    """One consent that rests on an other guardian's yes: of whom, and at what."""

    child: str
    consent: Consent
    title: str


def question_about(
    session: Session, signup: Signup, *, by_guardian: bool = False, with_siblings: bool = False
) -> PictureQuestion | None:
    """Return what waits for the sign-up's child, if anything does.

    A link leads to one child: siblings are told of on the family's own page only.
    """
    halves = half_yeses_of(session, participant_ids=[signup.participant_id], occasion_id=signup.occasion_id)
    if not halves:
        return None
    may_answer = needs_guardian(signup) is by_guardian and signup.state is SignupState.CONFIRMED
    siblings = siblings_waiting(session, signup) if may_answer and with_siblings else ()
    return PictureQuestion(signup=signup, halves=halves, may_answer=may_answer, siblings=siblings)


def siblings_waiting(session: Session, signup: Signup) -> Sequence[Told]:
    """Return the family's other sign-ups at the occasion for which its answer is waited for, in their order.

    Of a youth's pictures its own guardian answers, and not for anybody else.
    """
    if needs_guardian(signup):
        return ()
    theirs = (
        select(Signup.id)
        .join(Participant, Participant.id == Signup.participant_id)
        .where(Participant.family_id == signup.participant.family_id, Signup.id != signup.id)
        .where(Signup.occasion_id == signup.occasion_id, Signup.guardian_id.is_(None))
        .where(Signup.state == SignupState.CONFIRMED)
        .order_by(Signup.participant_id)
    )
    signups = [get_signup(session, number) for number in session.scalars(theirs)]
    about = halves_about(session, signups)
    waiting = (Told(each, about[each.id]) for each in signups)
    return [each for each in waiting if each.halves]


def halves_about(session: Session, signups: Collection[Signup]) -> Mapping[int, Sequence[HalfYes]]:
    """Return what waits for each of a family's sign-ups that stand, by their numbers, in one question."""
    waiting: dict[tuple[int, int], list[HalfYes]] = {}
    for half in half_yeses_of(session, participant_ids={each.participant_id for each in signups}):
        waiting.setdefault((half.participant_id, half.occasion_id), []).append(half)
    live = (each for each in signups if each.state in IS_LIVE)
    return {each.id: waiting.get((each.participant_id, each.occasion_id), []) for each in live}


def get_other_guardian(session: Session, other_guardian_id: int) -> OtherGuardian:
    """Return an other guardian, or raise NotFound once erased."""
    other = session.get(OtherGuardian, other_guardian_id)
    if other is None:
        raise NotFound
    return other


def take_asked(
    session: Session, other: OtherGuardian, *, numbers: Collection[int] | None = None
) -> Sequence[HalfYes]:
    """Return what the other guardian is asked, the children held until the unit of work ends.

    With `numbers` only what has one of these. Of two who answer at once the second finds what the first left.
    """
    found = _asked_of(session, other, numbers)
    hold_children(session, participant_ids={half.participant_id for half in found})
    return _asked_of(session, other, numbers)


def _asked_of(
    session: Session, other: OtherGuardian, numbers: Collection[int] | None = None
) -> Sequence[HalfYes]:
    # Of what the children still come to.
    theirs = select(HalfYes).where(HalfYes.other_guardian_id == other.id, still_comes())
    if numbers is not None:
        theirs = theirs.where(HalfYes.id.in_(numbers))
    in_order = theirs.order_by(HalfYes.occasion_id, HalfYes.participant_id, HalfYes.id)
    return session.scalars(in_order.execution_options(populate_existing=True)).all()


def still_comes() -> ColumnElement[bool]:
    """Return the condition that the child of a half yes is still signed up where it is about."""
    return exists().where(
        Signup.participant_id == HalfYes.participant_id,
        Signup.occasion_id == HalfYes.occasion_id,
        Signup.state.in_(IS_LIVE),
    )


def page_of_other(
    session: Session, *, other_guardian_id: int, now: datetime, language: Language
) -> OtherPage:
    """Return all that an other guardian's page shows, or raise NotFound once they are erased."""
    other = get_other_guardian(session, other_guardian_id)
    halves = [half for half in _asked_of(session, other) if now < half.runs_out_at]
    resting = resting_on(session, other_guardian_id=other.id)
    standing = [each for each in resting if is_standing(each, now)]
    occasions = {half.occasion_id for half in halves} | {each.occasion_id or 0 for each in standing}
    titles = titles_of(session, occasion_ids=occasions, language=language)
    words = newest_texts(session, purposes={half.purpose for half in halves}, language=language)
    by_purpose = {wording.purpose: wording for wording in words}
    libraries = {library.id: library.name for library in session.scalars(select(Library))}
    about = {half.participant_id for half in halves} | {each.participant_id for each in standing}
    names = _first_names(session, about)
    return OtherPage(
        children=list(names.values()),
        asked=[
            AskedOfOther(
                child=names[half.participant_id],
                half=half,
                wording=by_purpose[half.purpose],
                title=titles[half.occasion_id],
                library=libraries[half.library_id],
            )
            for half in halves
        ],
        standing=[
            RestsOnOther(
                child=names[each.participant_id], consent=each, title=titles.get(each.occasion_id or 0, "")
            )
            for each in standing
        ],
    )


def signup_about(session: Session, *, participant_id: int, occasion_id: int) -> Signup | None:
    """Return the child's newest sign-up for an occasion with all that a letter tells, if there is one."""
    theirs = (Signup.participant_id == participant_id, Signup.occasion_id == occasion_id)
    number = session.scalar(select(func.max(Signup.id)).where(*theirs))
    return get_signup(session, number) if number is not None else None


def _first_names(session: Session, participant_ids: Collection[int]) -> dict[int, str]:
    children = select(Participant.id, Participant.first_name).where(Participant.id.in_(participant_ids))
    return {each.id: each.first_name for each in session.execute(children.order_by(Participant.id))}
