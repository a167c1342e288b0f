"""Text messages beside the letters about what is near."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.queries import get_own_occasion
from booking.i18n import in_language, listed
from booking.outbox.models import Letter
from booking.outbox.rules import Channel
from booking.signups.changes import call_off_occasion
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import (
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)


@pytest.mark.parametrize(("wants_sms", "texts"), [(True, 1), (False, 0)])
def test_what_is_called_off_is_texted_once_to_a_household_that_wants_it(
    session: Session, clock: StoppedClock, wants_sms: bool, texts: int
) -> None:
    library = make_library(session)
    occasion = make_occasion(session, activity=make_activity(session, library=library))
    make_meeting(session, occasion=occasion)
    family = make_family(session, wants_sms=wants_sms, phone="+4740000001")
    for _number in range(2):
        make_signup(session, occasion=occasion, participant=make_participant(session, family=family))
    account = make_account(session, Role.LIBRARIAN, library=library)
    session.expunge_all()
    whole = get_own_occasion(session, occasion.id, library_ids={library.id})

    call_off_occasion(session, clock, occasion=whole, account_id=account.id)

    written = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert [letter.channel for letter in written] == [Channel.EMAIL, *[Channel.SMS] * texts]
    assert "secret" not in str([letter.facts for letter in written if letter.channel is Channel.SMS])


def test_names_in_a_letter_are_listed_in_its_own_language(session: Session) -> None:
    with in_language("en"):
        english = listed(["Ada", "Bo"])
    with in_language("nn"):
        nynorsk = listed(["Ada", "Bo"])

    assert (english, nynorsk) == ("Ada and Bo", "Ada og Bo")
