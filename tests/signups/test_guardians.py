"""Youths who sign up: who has the last word, and what becomes of the place meanwhile, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.consent.ages import AgeUnclear
from booking.consent.models import Consent, Permission
from booking.consent.queries import current_wordings
from booking.consent.rules import Capacity, ChildAnswer, WordingChanged, WordingPurpose
from booking.consent.shared_models import HalfYes
from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Guardian, Participant
from booking.signups.answers import say_yes, withdraw
from booking.signups.asking import Agreed, Answer, Asker, LeaveSaid
from booking.signups.born import YearNeeded
from booking.signups.guardian_answers import (
    guardian_asks,
    guardian_says_no,
    guardian_says_yes,
    guardian_takes_back,
)
from booking.signups.guardians import GuardianAskedTooOften
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.rules import SignupState
from booking.signups.time_operations import end_holds, serve_queues
from booking.signups.youths import GuardianIsSelf, GuardianNeeded, GuardianSignsUp
from tests.conftest import StoppedClock
from tests.factories import NOON, make_activity, make_signup
from tests.signups.asking import HOLDS, SEAL, ask, letters, only_signup, open_occasion, secret_in_letter

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")

HOUR = timedelta(hours=1)
YOUTH: dict[str, Any] = {
    "asker": Asker.YOUTH,
    "email": "siri@example.org",
    "contact_name": "Siri",
    "first_name": "Siri",
    "born": "2012",
    "guardian_email": "Foresatt@example.org",
}


def asks(session: Session, clock: StoppedClock, **changes: Any) -> Answer:
    """A youth of fourteen asks for a place at something for everybody."""
    occasion = changes.pop("occasion", None) or for_youths(session, changes)
    return ask(session, clock, occasion, **{**YOUTH, **changes})


def for_youths(session: Session, changes: dict[str, Any] | None = None) -> Any:
    told = changes or {}
    activity = make_activity(
        session, grade_from=None, grade_to=None, guardian_until=told.pop("guardian_until", None)
    )
    return open_occasion(session, activity=activity, **told.pop("terms", {}))


def link_of(session: Session, clock: StoppedClock, purpose: Purpose, template: str) -> Link:
    secret = secret_in_letter(session, "secret", template=template)
    return follow_link(session, clock, purpose=purpose, secret=secret)


def confirms(session: Session, clock: StoppedClock) -> None:
    link = link_of(session, clock, Purpose.CONFIRM_EMAIL, "signup_awaiting_email")
    say_yes(session, clock, link=link, holds=HOLDS)


def guardians_link(session: Session, clock: StoppedClock, template: str = "signup_guardian_asked") -> Link:
    return link_of(session, clock, Purpose.GUARDIAN_ANSWER, template)


def leave(session: Session, **changes: Any) -> LeaveSaid:
    wordings = current_wordings(session, language=Language.EN)
    values: dict[str, Any] = {
        "words_shown": {purpose: words.digest for purpose, words in wordings.items()},
        "language": Language.EN,
        "capacity": Capacity.PARENT,
    }
    return LeaveSaid(**{**values, **changes})


def says_yes(session: Session, clock: StoppedClock, **changes: Any) -> None:
    link = changes.pop("link", None) or guardians_link(session, clock)
    guardian_says_yes(session, clock, link=link, leave=leave(session, **changes), holds=HOLDS, seal=SEAL)


def test_a_youth_of_sixteen_signs_up_alone(session: Session, clock: StoppedClock) -> None:
    asks(session, clock, born="2010", guardian_email=None)
    confirms(session, clock)

    permission = session.scalars(select(Permission)).one()
    assert only_signup(session).state is SignupState.CONFIRMED
    assert permission.capacity is Capacity.SELF
    assert permission.age_rule_id is not None
    assert session.scalars(select(Participant)).one().is_own_contact


def test_a_youth_of_fourteen_waits_for_a_guardian_and_holds_the_place(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock)
    confirms(session, clock)

    signup = only_signup(session)
    assert (signup.state, signup.held_until) == (SignupState.AWAITING_GUARDIAN, NOON + 48 * HOUR)
    assert letters(session) == ["signup_awaiting_email", "signup_awaiting_guardian", "signup_guardian_asked"]
    asked = session.scalars(select(Letter).where(Letter.template == "signup_guardian_asked")).one()
    assert asked.address == "foresatt@example.org"
    assert "Siri" not in str(asked.facts)


def test_nobody_is_asked_before_the_youth_has_shown_that_the_address_is_its_own(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock)

    assert letters(session) == ["signup_awaiting_email"]


def test_a_guardians_yes_gives_the_place_and_is_kept_with_who_how_and_by_which_rule(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock)
    confirms(session, clock)
    says_yes(session, clock, capacity=Capacity.OTHER_GUARDIAN)

    given = session.scalars(select(Permission).order_by(Permission.id)).all()[-1]
    guardian = session.scalars(select(Guardian)).one()
    assert only_signup(session).state is SignupState.CONFIRMED
    assert (given.capacity, given.guardian_id) == (Capacity.OTHER_GUARDIAN, guardian.id)
    assert given.age_rule_id is not None
    assert guardian.answered_at == NOON
    movers = session.scalars(select(SignupMove.mover).order_by(SignupMove.id)).all()
    assert movers == [Mover.FAMILY, Mover.FAMILY, Mover.GUARDIAN]
    assert letters(session)[-2:] == ["signup_confirmed", "signup_guardian_thanked"]


def test_a_guardians_yes_twice_is_one(session: Session, clock: StoppedClock) -> None:
    asks(session, clock)
    confirms(session, clock)
    link = guardians_link(session, clock)
    says_yes(session, clock, link=link)
    before = letters(session)

    says_yes(session, clock, link=link)

    assert letters(session) == before
    assert only_signup(session).state is SignupState.CONFIRMED


def test_a_guardian_says_yes_only_to_words_that_were_read(session: Session, clock: StoppedClock) -> None:
    asks(session, clock)
    confirms(session, clock)

    with pytest.raises(WordingChanged):
        says_yes(session, clock, words_shown={})


def test_a_guardian_says_no_kindly_and_the_place_goes_on(session: Session, clock: StoppedClock) -> None:
    occasion = for_youths(session, {"terms": {"capacity": 1}})
    asks(session, clock, occasion=occasion)
    confirms(session, clock)
    waiting = make_signup(session, occasion=occasion, state=SignupState.QUEUED)

    guardian_says_no(session, clock, link=guardians_link(session, clock), holds=HOLDS)

    session.refresh(waiting)
    of_the_youth = session.scalars(select(Signup).order_by(Signup.id)).first()
    assert of_the_youth is not None
    assert (of_the_youth.state, waiting.state) == (SignupState.DECLINED, SignupState.OFFERED)
    assert "signup_guardian_declined" in letters(session)


def test_when_the_time_runs_out_both_are_told_and_the_place_goes_on(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock)
    confirms(session, clock)
    clock.forward(hours=48)

    ended = end_holds(session, clock, holds=HOLDS)

    assert (ended, end_holds(session, clock, holds=HOLDS)) == (1, 0)
    assert only_signup(session).state is SignupState.EXPIRED
    assert set(letters(session)[-2:]) == {"signup_guardian_late", "signup_guardian_silent"}


def test_a_late_yes_of_a_guardian_is_late_whether_or_not_a_job_has_noticed(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock)
    confirms(session, clock)
    clock.forward(hours=48)

    says_yes(session, clock)

    assert only_signup(session).state is SignupState.EXPIRED


def test_a_guardian_takes_the_yes_back(session: Session, clock: StoppedClock) -> None:
    asks(session, clock)
    confirms(session, clock)
    says_yes(session, clock)

    link = guardians_link(session, clock, "signup_guardian_thanked")
    guardian_takes_back(session, clock, link=link, holds=HOLDS)

    assert only_signup(session).state is SignupState.WITHDRAWN
    last = session.scalars(select(SignupMove).order_by(SignupMove.id.desc())).first()
    assert last is not None
    assert last.mover is Mover.GUARDIAN
    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    mail = render_letter(letter, sender=SENDER, now=NOON)
    words = [part for part in mail.walk() if part.get_content_type() in {"text/plain", "text/html"}]
    assert len(words) == 2
    for text in (part.get_content() for part in words):
        assert "Your grown-up has taken the yes back." in text
        assert "Thank you for telling us" not in text
        assert "Did you change your mind" not in text


def test_the_youth_can_withdraw_while_the_guardian_is_asked(session: Session, clock: StoppedClock) -> None:
    asks(session, clock)
    confirms(session, clock)

    withdraw(session, clock, signup_id=only_signup(session).id, holds=HOLDS)

    assert only_signup(session).state is SignupState.WITHDRAWN


def test_a_question_goes_to_the_library_and_changes_nothing(session: Session, clock: StoppedClock) -> None:
    asks(session, clock)
    confirms(session, clock)

    guardian_asks(session, clock, link=guardians_link(session, clock), question="Who is there?")
    guardian_asks(session, clock, link=guardians_link(session, clock), question="Once more?")

    question = session.scalars(select(Letter).where(Letter.template == "signup_guardian_wonders")).one()
    assert question.facts["question"] == "Who is there?"
    assert question.facts["guardian_email"] == "foresatt@example.org"
    assert only_signup(session).state is SignupState.AWAITING_GUARDIAN


def test_an_offer_to_a_youth_is_taken_when_the_guardian_says_yes(
    session: Session, clock: StoppedClock
) -> None:
    occasion = for_youths(session, {"terms": {"capacity": 1}})
    first = make_signup(session, occasion=occasion)
    asks(session, clock, occasion=occasion)
    withdraw(session, clock, signup_id=first.id, holds=HOLDS)
    mine = session.scalars(select(Signup).order_by(Signup.id.desc())).first()
    assert mine is not None
    stood = [mine.state]
    say_yes(session, clock, link=link_of(session, clock, Purpose.OFFER, "offer_made"), holds=HOLDS)
    stood.append(mine.state)

    says_yes(session, clock)

    assert [*stood, mine.state] == [SignupState.OFFERED, SignupState.OFFERED, SignupState.CONFIRMED]


def test_a_youth_alone_is_never_confirmed_by_saying_yes_to_an_offer_twice(
    session: Session, clock: StoppedClock
) -> None:
    occasion = for_youths(session, {"terms": {"capacity": 1}})
    first = make_signup(session, occasion=occasion)
    asks(session, clock, occasion=occasion)
    withdraw(session, clock, signup_id=first.id, holds=HOLDS)
    for _ in range(2):
        say_yes(session, clock, link=link_of(session, clock, Purpose.OFFER, "offer_made"), holds=HOLDS)
    serve_queues(session, clock, holds=HOLDS)

    states = session.scalars(select(Signup.state).order_by(Signup.id)).all()
    assert states == [SignupState.WITHDRAWN, SignupState.OFFERED]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"born": "2014"}, GuardianSignsUp),
        ({"guardian_email": None}, GuardianNeeded),
        ({"guardian_email": "not an address"}, GuardianNeeded),
        ({"guardian_email": "SIRI@example.org"}, GuardianIsSelf),
        ({"born": "9. trinn"}, YearNeeded),
        ({"born": "2011"}, AgeUnclear),
        ({"born": "2013"}, AgeUnclear),
        ({"born": "2010", "guardian_until": 17}, GuardianNeeded),
    ],
)
def test_what_a_youth_is_asked_about(
    session: Session, clock: StoppedClock, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    told = dict(changes)
    if "guardian_until" in told:
        told["guardian_email"] = None
    with pytest.raises(refusal) as refused:
        asks(session, clock, **told)

    assert refused.value.field in {"born", "guardian_email", "has_turned"}


@pytest.mark.parametrize(
    ("has_turned", "guardian_email", "state"),
    [
        (True, None, SignupState.CONFIRMED),
        (False, "foresatt@example.org", SignupState.AWAITING_GUARDIAN),
    ],
)
def test_one_question_settles_an_age_that_the_year_leaves_open(
    session: Session,
    clock: StoppedClock,
    has_turned: bool,
    guardian_email: str | None,
    state: SignupState,
) -> None:
    asks(session, clock, born="2011", has_turned=has_turned, guardian_email=guardian_email)
    confirms(session, clock)

    youth = session.scalars(select(Participant)).one()
    assert only_signup(session).state is state
    assert (youth.declared_age, youth.declared_on is not None) == (
        (15, True) if has_turned else (None, False)
    )


def test_a_stricter_activity_asks_a_guardian_of_older_youths_too(
    session: Session, clock: StoppedClock
) -> None:
    asks(session, clock, born="2009", guardian_until=18)
    confirms(session, clock)

    assert only_signup(session).state is SignupState.AWAITING_GUARDIAN


def test_a_guardian_is_not_written_to_again_and_again(session: Session, clock: StoppedClock) -> None:
    for number in range(5):
        asks(session, clock, email=f"ungdom-{number}@example.org")

    with session.begin_nested(), pytest.raises(GuardianAskedTooOften):
        asks(session, clock, email="ungdom-6@example.org")


def test_pictures_are_asked_of_the_guardian_and_never_of_the_youth_alone(
    session: Session, clock: StoppedClock
) -> None:
    activity = make_activity(session, grade_from=None, grade_to=None, photo_channels=["photo_web"])
    occasion = open_occasion(session, activity=activity)
    pictures = frozenset({WordingPurpose.PHOTO_WEB})
    asks(session, clock, occasion=occasion, consents=pictures, child_answer=ChildAnswer.YES)
    assert not session.scalars(select(Consent)).all()
    assert not session.scalars(select(HalfYes)).all()
    confirms(session, clock)

    says_yes(session, clock, agreed=Agreed(consents=pictures, child_answer=ChildAnswer.YES))

    kept = session.scalars(select(HalfYes)).one()
    assert (kept.purpose, kept.capacity) == (WordingPurpose.PHOTO_WEB, Capacity.PARENT)
