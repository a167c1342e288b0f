"""A youth's guardian: asked by letter, and answering yes, no, or with a question."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.clock import Clock, local_date
from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.models import Guardian
from booking.people.operations import find_or_add_guardian, note_age
from booking.signups.letters import occasion_facts, until_the_end, waits_about_pictures
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.youths import Youth

_MOST_ASKED_IN_A_DAY = 5


class GuardianAskedTooOften(Refusal):
    """So many letters went to this guardian unanswered that one more would be a nuisance to somebody."""

    code: ClassVar[str] = "guardian_asked_too_often"
    field: ClassVar[str | None] = "guardian_email"


def name_guardian(session: Session, clock: Clock, *, youth: Youth, signup: Signup) -> None:
    """Keep whose yes the sign-up needs, and what the youth said of its age. Refuses GuardianAskedTooOften."""
    if youth.declared_age is not None:
        note_age(session, participant=signup.participant, age=youth.declared_age, today=local_date(clock()))
    if youth.guardian_email is None:
        return
    _check_asked(session, clock, youth.guardian_email)
    guardian = find_or_add_guardian(
        session, clock, participant=signup.participant, email=youth.guardian_email
    )
    signup.guardian_id = guardian.id
    session.flush()


def needs_guardian(signup: Signup) -> bool:
    """Tell whether a guardian has the last word."""
    return signup.guardian_id is not None


def ask_guardian(session: Session, clock: Clock, *, signup: Signup) -> None:
    """Write to the guardian what is asked, with the way to the answer; once for each sign-up."""
    _tell_guardian(session, clock, signup, signup.occasion, template="signup_guardian_asked", act="asked")


def tell_guardian_it_is_over(
    session: Session, clock: Clock, *, signups: Sequence[Signup], occasion: Occasion
) -> None:
    """Write to guardians who have been asked and did not answer that the time has run out."""
    for signup in signups:
        if needs_guardian(signup) and was_asked(signup):
            _tell_guardian(session, clock, signup, occasion, template="signup_guardian_late", act="late")


def was_asked(signup: Signup) -> bool:
    """Tell whether the guardian's answer is what is waited for just now."""
    return signup.state is SignupState.AWAITING_GUARDIAN or signup.said_yes_at is not None


def tell_guardian_yes(session: Session, clock: Clock, *, signup: Signup) -> None:
    """Write to the guardian what was agreed to, and how to take it back."""
    _tell_guardian(session, clock, signup, signup.occasion, template="signup_guardian_thanked", act="thanked")


def pass_question_on(session: Session, clock: Clock, *, signup: Signup, question: str) -> None:
    """Write the guardian's question to the library, with the address to answer to; once an hour."""
    guardian = get_guardian(session, signup)
    library = signup.occasion.activity.library
    facts = {
        **occasion_facts(signup.occasion, Language.NB),
        "question": question,
        "guardian_email": guardian.email,
    }
    write_letter(
        session,
        clock,
        key=f"guardian:{signup.id}:wonders:{clock():%Y%m%d%H}",
        about=_about_question(signup.id),
        template="signup_guardian_wonders",
        address=library.email,
        language=Language.NB,
        facts=facts,
        library_id=library.id,
    )


def abouts_of_guardian(signup_id: int) -> tuple[str, str, str]:
    """Return what letters to a guardian, the guardian's own question, and what was said later are about."""
    return _about_guardian(signup_id), _about_question(signup_id), about_besides(signup_id)


def about_besides(signup_id: int) -> str:
    """Return what letters are about that tell what was said after the sign-up, by family or guardian."""
    return f"besides:{signup_id}"


def get_guardian(session: Session, signup: Signup) -> Guardian:
    """Return the guardian whose yes the sign-up needs."""
    return session.scalars(select(Guardian).where(Guardian.id == signup.guardian_id)).one()


def _tell_guardian(
    session: Session, clock: Clock, signup: Signup, occasion: Occasion, *, template: str, act: str
) -> None:
    guardian, language = get_guardian(session, signup), signup.participant.family.language
    secret = issue_link(
        session,
        clock,
        purpose=Purpose.GUARDIAN_ANSWER,
        subject_id=signup.id,
        lasts=until_the_end(occasion, clock()),
    )
    responsible = occasion.activity.responsible
    facts = {
        **occasion_facts(occasion, language),
        "held_until": signup.held_until.isoformat() if signup.held_until else None,
        "responsible": responsible.name if responsible else None,
        "secret": secret,
        "asks_of_pictures": waits_about_pictures(session, signups=[signup]),
    }
    write_letter(
        session,
        clock,
        key=f"guardian:{signup.id}:{act}",
        about=_about_guardian(signup.id),
        template=template,
        address=guardian.email,
        language=language,
        facts=facts,
        library_id=occasion.activity.library_id,
    )


def _about_guardian(signup_id: int) -> str:
    return f"guardian:{signup_id}"


def _about_question(signup_id: int) -> str:
    return f"question:{signup_id}"


def _check_asked(session: Session, clock: Clock, email: str) -> None:
    recently = Guardian.known_since > clock() - timedelta(days=1)
    unanswered = select(func.count(Guardian.id)).where(
        Guardian.email == email, Guardian.answered_at.is_(None), recently
    )
    if (session.scalar(unanswered) or 0) >= _MOST_ASKED_IN_A_DAY:
        raise GuardianAskedTooOften
