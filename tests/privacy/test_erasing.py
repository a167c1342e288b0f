"""After a family is erased no name is left anywhere, and every figure is as it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import MetaData, String, cast, func, or_, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_meeting
from booking.attendance.door import Answers
from booking.attendance.operations import close_meeting, mark
from booking.attendance.queries import register_at
from booking.attendance.rows import heading_of
from booking.attendance.rules import Standing, Telling
from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import write_down
from booking.errors import NotFound
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.links.operations import issue_link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.participation.figures import Period, Scope
from booking.participation.metric_queries import tallies_by_library
from booking.participation.rules import MeetingOutcome
from booking.participation.tallies import Tallies
from booking.people.models import Family, Participant
from booking.people.reaching import address_of
from booking.privacy.operations import erase_family
from booking.signups.models import Signup
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

CANARIES = ("Kanarine", "Fuglestad", "Voksenfugl", "kanari", "91919191")
AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))


def found_anywhere(session: Session, canary: str) -> Iterator[str]:
    """Every column of every table in which the text stands, as the database itself lists them."""
    # The tables as they are, not as the models say: what somebody forgot to declare is searched too.
    tables = MetaData()
    tables.reflect(bind=session.connection())
    for table in tables.sorted_tables:
        for column in table.columns:
            holds = or_(
                cast(column, String).ilike(f"%{canary}%"),
                cast(column, String).ilike(f"%{canary.encode().hex()}%"),
            )
            if session.scalar(select(func.count()).select_from(table).where(holds)):
                yield f"{table.name}.{column.name}"


def traces(session: Session) -> set[str]:
    return {place for canary in CANARIES for place in found_anywhere(session, canary)}


@dataclass
class Scene:
    """A family whose child came to a closed meeting and to one whose register is open."""

    family: Family
    child: Participant
    library_id: int
    open_meeting: Meeting


def _come_to_a_meeting(
    session: Session, clock: StoppedClock, librarian: Account, children: list[Participant], library_id: int
) -> Meeting:
    occasion = make_occasion(
        session, activity=make_activity(session, library=session.get_one(Library, library_id))
    )
    made = make_meeting(session, occasion=occasion, starts_at=NOON)
    before = NOON - timedelta(days=1)
    for child in children:
        make_signup(session, occasion=occasion, participant=child, changed_at=before)
    session.expire_all()
    meeting = get_own_meeting(session, made.id, library_ids={library_id})
    for child in children:
        said = Telling(event_id=new_uid(), told_at=None, device="a", account_id=librarian.id)
        mark(session, clock, meeting=meeting, participant_id=child.id, standing=Standing.CAME, telling=said)
    return meeting


def _write_to(session: Session, clock: StoppedClock, family: Family, key: str) -> None:
    write_letter(
        session,
        clock,
        key=key,
        template="signup_confirmed",
        address=address_of(family),
        language=Language.NB,
        facts={"child": "Kanarine Fuglestad", "contact": "Voksenfugl"},
    )
    session.flush()


@pytest.fixture
def scene(session: Session, clock: StoppedClock) -> Scene:
    library = make_library(session)
    librarian = make_account(session, Role.LIBRARIAN, library=library)
    family = make_family(session, email="kanari@example.org", phone="+4791919191", contact_name="Voksenfugl")
    child = make_participant(session, family=family, first_name="Kanarine", last_name="Fuglestad")
    children = [child, make_participant(session)]
    closed = _come_to_a_meeting(session, clock, librarian, children, library.id)
    answers = Answers(outcome=MeetingOutcome.HELD)
    close_meeting(session, clock, meeting=closed, answers=answers, account_id=librarian.id)
    _write_to(session, clock, family, "signup:1:confirmed")
    open_meeting = _come_to_a_meeting(session, clock, librarian, children, library.id)
    return Scene(family=family, child=child, library_id=library.id, open_meeting=open_meeting)


def erase(session: Session, clock: StoppedClock, scene: Scene) -> None:
    erase_family(session, clock, family_id=scene.family.id, actor=Actor.FAMILY)
    session.flush()


def figures(session: Session, scene: Scene) -> Tallies:
    scope = Scope(library_ids=[scene.library_id], period=AUTUMN)
    return tallies_by_library(session, scope=scope)[scene.library_id]


def test_the_search_finds_what_is_there(session: Session, scene: Scene) -> None:
    assert traces(session) == {
        "family.email",
        "family.contact_name",
        "family.phone",
        "participant.first_name",
        "participant.last_name",
        "letter.address",
        "letter.facts",
    }


def test_erasing_leaves_no_name_in_any_table(session: Session, clock: StoppedClock, scene: Scene) -> None:
    erase(session, clock, scene)
    write_down(session)

    assert traces(session) == set()


def test_erasing_changes_no_figure(session: Session, clock: StoppedClock, scene: Scene) -> None:
    before = figures(session, scene)

    erase(session, clock, scene)

    assert before.attendances == 2
    assert figures(session, scene) == before


def test_erasing_takes_nobody_away_from_a_register_that_is_still_open(
    session: Session, clock: StoppedClock, scene: Scene
) -> None:
    erase(session, clock, scene)

    heading = heading_of(register_at(session, meeting=scene.open_meeting, now=clock()))
    assert (heading.present, heading.named, heading.dropped_in) == (2, 1, 1)


def test_the_familys_links_open_nothing_any_more(session: Session, clock: StoppedClock, scene: Scene) -> None:
    signup = session.scalars(select(Signup).where(Signup.participant_id == scene.child.id)).first()
    assert signup is not None
    of_the_signup = issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=signup.id, lasts=None)
    of_the_family = issue_link(
        session, clock, purpose=Purpose.FAMILY_PAGE, subject_id=scene.family.id, lasts=None
    )

    erase(session, clock, scene)

    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.SIGNUP, secret=of_the_signup)
    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.FAMILY_PAGE, secret=of_the_family)


def test_erasing_is_on_record_without_a_name_and_twice_is_once(
    session: Session, clock: StoppedClock, scene: Scene
) -> None:
    erase(session, clock, scene)
    erase(session, clock, scene)
    write_down(session)

    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "family_erased")).all()
    assert [entry.facts for entry in entries] == [{"participants": 1, "letters": 1}]
