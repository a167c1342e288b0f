"""Leave to take part, and the words that it is tied to, on both databases."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.consent.models import Permission, Wording
from booking.consent.operations import Leave, forget_agreements, publish_wording, record_permissions
from booking.consent.queries import current_wording, wording_shown
from booking.consent.rules import Capacity, Established, WordingChanged, WordingPurpose
from booking.libraries.rules import Language
from booking.tokens import fingerprint
from tests.conftest import StoppedClock
from tests.factories import make_occasion, make_participant

PURPOSE = WordingPurpose.PERMISSION


def give(session: Session, clock: StoppedClock) -> Permission:
    words = current_wording(session, purpose=PURPOSE, language=Language.NN)
    leave = Leave(wording_id=words.id, capacity=Capacity.PARENT, established=Established.SELF_DECLARED)
    child, occasion = make_participant(session), make_occasion(session)
    record_permissions(session, clock, participants=[child], occasion_id=occasion.id, leave=leave)
    return session.scalars(select(Permission).where(Permission.participant_id == child.id)).one()


@pytest.mark.parametrize("language", list(Language))
def test_there_are_words_for_the_permission_in_each_language(session: Session, language: Language) -> None:
    wording = current_wording(session, purpose=PURPOSE, language=language)

    assert wording.digest == fingerprint(wording.words)


def test_a_permission_keeps_who_when_how_and_the_exact_words(session: Session, clock: StoppedClock) -> None:
    words = current_wording(session, purpose=PURPOSE, language=Language.NN)

    permission = give(session, clock)

    assert (permission.wording_id, permission.given_at) == (words.id, clock())
    assert (permission.capacity, permission.established) == (Capacity.PARENT, Established.SELF_DECLARED)


def test_new_words_are_a_new_version_and_old_agreements_stay_with_the_old(
    session: Session, clock: StoppedClock
) -> None:
    with session.begin_nested() as undone:
        before = give(session, clock)
        old = before.wording_id

        new = publish_wording(
            session, clock, purpose=PURPOSE, language=Language.NN, words="Ja, det er greitt."
        )
        after = give(session, clock)
        session.flush()

        assert new.version == 2
        assert after.wording_id == new.id
        assert session.scalar(select(Permission.wording_id).where(Permission.id == before.id)) == old
        assert current_wording(session, purpose=PURPOSE, language=Language.NB).version == 1
        undone.rollback()


def test_the_same_words_again_are_no_new_version(session: Session, clock: StoppedClock) -> None:
    words = current_wording(session, purpose=PURPOSE, language=Language.EN)

    again = publish_wording(session, clock, purpose=PURPOSE, language=Language.EN, words=words.words)

    assert again.id == words.id


def test_nobody_is_held_to_words_that_were_changed_after_they_were_read(session: Session) -> None:
    words = current_wording(session, purpose=PURPOSE, language=Language.EN)

    read = wording_shown(session, purpose=PURPOSE, language=Language.EN, digest=words.digest)

    assert read is words
    with pytest.raises(WordingChanged) as told:
        wording_shown(session, purpose=PURPOSE, language=Language.EN, digest=fingerprint("other words"))
    assert told.value.field == "permission"


def test_a_permission_that_a_stranger_gave_can_be_forgotten(session: Session, clock: StoppedClock) -> None:
    of_a_stranger, other = give(session, clock), give(session, clock)

    forget_agreements(
        session,
        participant_id=of_a_stranger.participant_id,
        occasion_id=of_a_stranger.occasion_id,
        said_at=clock(),
    )

    assert session.scalars(select(Permission.id)).all() == [other.id]


@pytest.mark.parametrize(
    "rewriting",
    ["UPDATE wording SET words = 'Noe annet'", "DELETE FROM wording", "UPDATE wording SET version = 9"],
)
def test_the_database_lets_nobody_rewrite_what_was_agreed_to(session: Session, rewriting: str) -> None:
    before = session.scalars(select(Wording.words).order_by(Wording.id)).all()

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(rewriting))

    assert session.scalars(select(Wording.words).order_by(Wording.id)).all() == before
