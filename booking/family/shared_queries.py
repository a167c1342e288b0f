"""Finding what waits for another guardian's yes, for the one who was first and for the other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from booking.consent.half_queries import half_yeses_of, resting_on
from booking.consent.models import Consent, Wording
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import is_standing, newest_texts
from booking.errors import NotFound
from booking.family.renewal_queries import titles_of
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.people.models import OtherGuardian, Participant
from booking.people.other_guardian_queries import the_same_guardian
from booking.signups.guardians import needs_guardian
from booking.signups.models import Signup
from booking.signups.queries import get_signup
from booking.signups.rules import IS_LIVE, SignupState


@dataclass(frozen=True, kw_only=True)
class PictureQuestion:
    """What waits for one child at one occasion; `may_answer` says whether who looks is the one to answer.

    `siblings` are sign-ups of the same family at the same occasion for which the same question waits.
    """

    signup: Signup
    halves: Sequence[HalfYes]
    may_answer: bool
    siblings: Sequence[Signup] = ()

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
    """What an other guardian sees: the children's first names, what is asked, and what rests on their yes."""

    children: Sequence[str]
    asked: Sequence[AskedOfOther]
    standing: Sequence["RestsOnOther"]


@dataclass(frozen=True, kw_only=True)
class RestsOnOther:
    """One consent that rests on an other guardian's yes: of whom, and at what."""

    child: str
    consent: Consent
    title: str


def question_about(session: Session, signup: Signup, *, by_guardian: bool = False) -> PictureQuestion | None:
    """Return what waits for the sign-up's child, if anything does."""
    halves = half_yeses_of(session, participant_ids=[signup.participant_id], occasion_id=signup.occasion_id)
    if not halves:
        return None
    may_answer = needs_guardian(signup) is by_guardian and signup.state is SignupState.CONFIRMED
    siblings = siblings_waiting(session, signup) if may_answer else ()
    return PictureQuestion(signup=signup, halves=halves, may_answer=may_answer, siblings=siblings)


def siblings_waiting(session: Session, signup: Signup) -> Sequence[Signup]:
    """Return the family's other sign-ups at the occasion for which its answer is waited for, in their order.

    Of a youth's pictures its own guardian answers, and not for anybody else.
    """
    if needs_guardian(signup):
        return ()
    waits = exists().where(
        HalfYes.participant_id == Signup.participant_id, HalfYes.occasion_id == Signup.occasion_id
    )
    theirs = (
        select(Signup.id)
        .join(Participant, Participant.id == Signup.participant_id)
        .where(Participant.family_id == signup.participant.family_id, Signup.id != signup.id)
        .where(Signup.occasion_id == signup.occasion_id, Signup.guardian_id.is_(None))
        .where(Signup.state == SignupState.CONFIRMED, waits)
        .order_by(Signup.id)
    )
    return [get_signup(session, number) for number in session.scalars(theirs)]


def halves_about(session: Session, signups: Collection[Signup]) -> Mapping[int, Sequence[HalfYes]]:
    """Return what waits for each of a family's sign-ups that stand, by their numbers, in one question."""
    waiting: dict[tuple[int, int], list[HalfYes]] = {}
    for half in half_yeses_of(session, participant_ids={each.participant_id for each in signups}):
        waiting.setdefault((half.participant_id, half.occasion_id), []).append(half)
    live = (each for each in signups if each.state in IS_LIVE)
    return {each.id: waiting.get((each.participant_id, each.occasion_id), []) for each in live}


def get_other_guardian(session: Session, other_guardian_id: int, *, is_held: bool = False) -> OtherGuardian:
    """Return an other guardian, held with the children where one answers, or raise NotFound once erased."""
    other = session.get(OtherGuardian, other_guardian_id)
    if other is not None and is_held:
        numbers = [each.participant_id for each in the_same_guardian(session, other)]
        children = select(Participant.id).where(Participant.id.in_(numbers)).order_by(Participant.id)
        session.execute(children.with_for_update())
        other = session.get(OtherGuardian, other_guardian_id, populate_existing=True)
    if other is None:
        raise NotFound
    return other


def asked_of_live(session: Session, *, other_guardian_ids: Collection[int]) -> Sequence[HalfYes]:
    """Return what the other guardian is asked, of what the children still come to."""
    theirs = select(HalfYes).where(HalfYes.other_guardian_id.in_(other_guardian_ids), still_comes())
    again = theirs.order_by(HalfYes.occasion_id, HalfYes.id).execution_options(populate_existing=True)
    return session.scalars(again).all()


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
    same = the_same_guardian(session, get_other_guardian(session, other_guardian_id))
    numbers = [each.id for each in same]
    asked = asked_of_live(session, other_guardian_ids=numbers)
    halves = [half for half in asked if now < half.runs_out_at]
    resting = resting_on(session, other_guardian_ids=numbers)
    standing = [each for each in resting if is_standing(each, now)]
    occasions = {half.occasion_id for half in halves} | {each.occasion_id or 0 for each in standing}
    titles = titles_of(session, occasion_ids=occasions, language=language)
    words = newest_texts(session, purposes={half.purpose for half in halves}, language=language)
    by_purpose = {wording.purpose: wording for wording in words}
    libraries = {library.id: library.name for library in session.scalars(select(Library))}
    about = {half.participant_id for half in halves} | {each.participant_id for each in standing}
    names = _first_names(session, about or {each.participant_id for each in same})
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
