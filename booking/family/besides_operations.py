"""Saying something about a child after the sign-up: yes to pictures, and what it needs."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.clock import Clock
from booking.consent.needs_operations import are_kept
from booking.consent.rules import Established, Way, WordingPurpose
from booking.consent.seal import Seal
from booking.consent.shared import OPEN
from booking.consent.standing import NO_FROM_THE_CHILD
from booking.errors import NotFound
from booking.family.besides_queries import besides_of, capacity_of, said_for
from booking.family.besides_rules import Besides, NeedsSaidMeanwhile, NothingSaid
from booking.libraries.rules import Language
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.reaching import address_of
from booking.signups.agreeing import Terms, needs_of, record_what_was_agreed
from booking.signups.asking import Agreed, WordsRead
from booking.signups.guardians import about_besides, get_guardian
from booking.signups.letters import occasion_facts, page_link, waits_about_pictures
from booking.signups.models import Signup
from booking.signups.queries import take_signup


@dataclass(frozen=True, kw_only=True)
class SaidBesides:
    """What was ticked and written, to which words, in which language, and where.

    `knew_needs` says whether the page told that something is known of what the child needs.
    """

    agreed: Agreed
    shown: WordsRead
    language: Language
    way: Way
    knew_needs: bool


def say_besides(
    session: Session, clock: Clock, *, signup_id: int, by_guardian: bool, said: SaidBesides, seal: Seal
) -> bool:
    """Keep what is said for a child that is signed up, and write what was kept to who may say it.

    Return whether all that was ticked counts: pictures that the child itself does not want do not. What was
    said before stands, but what a child needs is written anew. Pictures that take two wait for the other
    one, as always. NotFound where it is not theirs to say or nothing is asked. Refuses NothingSaid,
    NeedsSaidMeanwhile, ConsentChanged, and what `needs_of` refuses. Twice is once.
    """
    signup = take_signup(session, signup_id)
    left = besides_of(session, signup, by_guardian=by_guardian, now=clock())
    capacity = capacity_of(session, signup)
    if left.is_nothing or capacity is None:
        raise NotFound
    agreed = _new(signup.occasion.activity, left, said.agreed)
    if left.needs_are_known and not said.knew_needs:
        _check_needs(session, signup, agreed, seal)
    terms = Terms(
        capacity=capacity,
        established=Established.SELF_DECLARED,
        way=said.way,
        language=said.language,
        shown=said.shown,
    )
    record_what_was_agreed(session, clock, signups=[signup], asked=[agreed], terms=terms, seal=seal)
    kept = agreed.consents & said_for(session, signup, now=clock())
    if kept:
        _tell(session, clock, signup, kept, by_guardian=by_guardian)
    return kept == agreed.consents


def _new(activity: Activity, left: Besides, agreed: Agreed) -> Agreed:
    # The tick that lets us keep what a child needs is nothing by itself.
    needs = needs_of(activity, agreed)
    asked = left.pictures | {WordingPurpose.NEEDS} if needs else left.pictures
    new = replace(agreed, consents=agreed.consents & asked)
    if not new.consents and new.child_answer not in NO_FROM_THE_CHILD:
        raise NothingSaid
    return new


def _check_needs(session: Session, signup: Signup, agreed: Agreed, seal: Seal) -> None:
    needs = needs_of(signup.occasion.activity, agreed)
    about = {"participant_id": signup.participant_id, "occasion_id": signup.occasion_id}
    if needs and not are_kept(session, needs=needs, seal=seal, **about):
        raise NeedsSaidMeanwhile


def _tell(
    session: Session,
    clock: Clock,
    signup: Signup,
    kept: frozenset[WordingPurpose],
    *,
    by_guardian: bool,
) -> None:
    # A link can be passed on: whoever reads the letters hears of what was said in their name.
    occasion, family = signup.occasion, signup.participant.family
    purpose = Purpose.GUARDIAN_ANSWER if by_guardian else Purpose.SIGNUP
    write_letter(
        session,
        clock,
        key=f"besides:{signup.id}:{clock().timestamp():.6f}",
        about=about_besides(signup.id),
        template="besides_said",
        address=get_guardian(session, signup).email if by_guardian else address_of(family),
        language=family.language,
        facts={
            **occasion_facts(occasion, family.language),
            "child": signup.participant.first_name,
            "purposes": [each.value for each in WordingPurpose if each in kept],
            "is_guardians": by_guardian,
            "asks_of_pictures": bool(kept & OPEN) and waits_about_pictures(session, signups=[signup]),
            "secret": page_link(session, clock, signup=signup, purpose=purpose),
        },
        library_id=occasion.activity.library_id,
        # None takes another's place: whoever holds a link could hide one yes behind the next.
        is_first=True,
    )
