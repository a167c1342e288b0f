"""Loading the demonstration: four libraries, their autumn, and families that nobody is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count as counting
from itertools import islice
from typing import Final

import click
from argon2 import PasswordHasher
from cryptography.fernet import MultiFernet
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.accounts.demo import DEMO_PASSWORD, add_demo_account
from booking.activities.audience import Audience, Span
from booking.activities.dates import Series
from booking.activities.models import Activity, Occasion
from booking.activities.operations import add_activity, publish
from booking.activities.planning import STATISTICS_TYPE, About, Plan, Terms, Words
from booking.activities.queries import get_own_activity
from booking.activities.rules import Mode
from booking.almanac.operations import import_breaks
from booking.almanac.sheet import REGION, read_sheet
from booking.clock import Clock, local_date
from booking.consent.queries import current_wording
from booking.consent.rules import WordingPurpose
from booking.consent.seal import Seal
from booking.demo.autumn import AUTUMN, FAMILIES, Invented
from booking.demo.door import going_on, let_some_come
from booking.demo.past import hold_past_meetings
from booking.demo.plan import add_plan
from booking.demo.planning import call_one_off, leave_a_draft, tie_a_partner
from booking.demo.tonight import going_on_now
from booking.libraries.models import Installation, InstallationKind, Library
from booking.libraries.operations import import_libraries
from booking.libraries.queries import municipality_names
from booking.libraries.region import read_region
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.participation.population import GIVEN, read_population
from booking.participation.population_operations import import_population
from booking.people.models import Family
from booking.publications.protection import Rule
from booking.signups.answers import say_yes
from booking.signups.asking import ChildAsked, PlaceRequest
from booking.signups.models import Signup
from booking.signups.operations import request_places
from booking.signups.rules import Holds, SignupState
from booking.signups.taking import take_occasion
from booking.staff.models import Account
from booking.staff.rules import Post, Role
from booking.tokens import new_uid

_HOLDS: Final = Holds(
    hold_hours=24,
    hold_hours_while_others_wait=2,
    guardian_hours=48,
    offer_hours=12,
    offer_hours_when_near=2,
    offer_lead_minutes=60,
)
# What is invented needs no secret: nothing is sealed here.
_SEAL: Final = Seal.of(["invented"])
# Shown on the demonstration's sign-in page as six digits that change: everybody may know it.
_CODE_SECRET: Final = "DEMODEMODEMODEMODEMODEMODEMODEMO"
_BEGINS_BEFORE: Final = timedelta(weeks=15)
_LATEST_LETTERS: Final = 6
_ONE_FORGETS_IN: Final = 7


class DemoRefused(Exception):  # noqa: N818 – read by the one who runs the command
    """The demonstration is not loaded; the text says why."""


@dataclass(frozen=True, kw_only=True)
class _House:
    libraries: dict[str, Library]
    librarians: dict[str, Account]
    coordinator: Account


def begin_demo(session: Session, clock: Clock) -> bool:
    """Mark the database as a demonstration; tell whether it is new. DemoRefused where the data is real."""
    installation = session.get(Installation, 1)
    if installation is not None and installation.kind is InstallationKind.DEMO:
        return False
    is_used = any(session.scalar(select(table.id).limit(1)) for table in (Account, Family, Activity))
    if installation is not None or is_used:
        message = "This database holds real data. The demonstration is only loaded into an empty one."
        raise DemoRefused(message)
    session.add(Installation(id=1, kind=InstallationKind.DEMO, begun_at=clock()))
    return True


def load_demo(
    session: Session, clock: Clock, *, hasher: PasswordHasher, code_apps: MultiFernet, least_count: int = 5
) -> int:
    """Invent the autumn around today; return how many activities there are. The same day gives the same.

    Every step is taken by the operation that a page would call, at the time when it would have been.
    """
    begun_at = clock() - _BEGINS_BEFORE
    _import_what_is_given(session, lambda: begun_at)
    house = _add_staff(session, lambda: begun_at, hasher.hash(DEMO_PASSWORD), code_apps)
    put_up: list[int] = []
    with click.progressbar(AUTUMN, label="An autumn is invented") as autumn:
        for number, invented in enumerate(autumn):
            activity = _put_up(session, begun_at, house, invented)
            if number == 0:
                _tie_a_partner(session, lambda: begun_at, house, activity)
            _sign_up(session, clock(), activity, number)
            put_up.append(activity.id)
    hold_past_meetings(
        session,
        clock(),
        activity_ids=put_up,
        account_ids=_by_library(house),
        rule=Rule(least_count=least_count),
    )
    _plan_more(session, clock, house, begun_at)
    _let_only_the_latest_letters_wait(session)
    return len(AUTUMN)


def _import_what_is_given(session: Session, clock: Clock) -> None:
    import_libraries(session, clock, libraries=read_region())
    breaks = read_sheet(REGION.read_bytes(), known=municipality_names(session))
    import_breaks(session, clock, breaks=breaks)
    import_population(session, clock, counts=read_population(GIVEN.read_text("utf-8")))


def _by_library(house: _House) -> dict[int, int]:
    return {house.libraries[slug].id: account.id for slug, account in house.librarians.items()}


def _let_something_go_on(session: Session, clock: Clock, house: _House, begun_at: datetime) -> None:
    invented, now = going_on_now(clock()), clock()
    library_id = house.libraries[invented.library].id
    if not going_on(session, clock, library_id=library_id):
        activity = _put_up(session, begun_at, house, invented)
        _sign_up(session, now, activity, len(AUTUMN))
    for meeting in going_on(session, clock, library_id=library_id)[:1]:
        let_some_come(session, clock, meeting=meeting, account_id=house.librarians[invented.library].id)


def _tie_a_partner(session: Session, clock: Clock, house: _House, activity: Activity) -> None:
    # Before the first register is closed: facts tell which partners had a part at the time.
    slug_of = {library.id: slug for slug, library in house.libraries.items()}
    who = house.librarians[slug_of[activity.library_id]].id
    tie_a_partner(session, clock, activity=activity, account_id=who)


def _plan_more(session: Session, clock: Clock, house: _House, begun_at: datetime) -> None:
    _let_something_go_on(session, clock, house, begun_at)
    add_plan(session, clock, account_id=house.coordinator.id)
    first, *_others, last = session.scalars(select(Activity).order_by(Activity.id).limit(4)).all()
    slug_of = {library.id: slug for slug, library in house.libraries.items()}
    who = house.librarians[slug_of[first.library_id]].id
    leave_a_draft(session, clock, library_id=first.library_id, account_id=who)
    call_one_off(session, clock, activity=last, account_id=house.librarians[slug_of[last.library_id]].id)


def _add_staff(session: Session, clock: Clock, password_hash: str, code_apps: MultiFernet) -> _House:
    libraries = {library.slug: library for library in session.scalars(select(Library))}

    def add(login: str, name: str, *posts: Post, code: str | None = None) -> Account:
        return add_demo_account(
            session,
            clock,
            login=login,
            name=name,
            posts=posts,
            password_hash=password_hash,
            totp_secret=code,
            lock=code_apps,
        )

    librarians = {
        slug: add(slug, f"Bibliotekar i {library.town}", (Role.LIBRARIAN, library.id))
        for slug, library in libraries.items()
    }
    add("dor", "Vakt ved døra", (Role.DOOR, libraries["kongsvinger"].id))
    coordinator = add("koordinator", "Koordinator i regionen", (Role.COORDINATOR, None), code=_CODE_SECRET)
    add("personvern", "Personvernombud", (Role.PRIVACY_OFFICER, None), code=_CODE_SECRET)
    add("admin", "Administrator", (Role.ADMIN, None), code=_CODE_SECRET)
    return _House(libraries=libraries, librarians=librarians, coordinator=coordinator)


def _put_up(session: Session, begun_at: datetime, house: _House, invented: Invented) -> Activity:
    def clock() -> datetime:
        return begun_at

    library, librarian = house.libraries[invented.library], house.librarians[invented.library]
    plan = _plan(invented, begun_at, librarian.id)
    added = add_activity(session, clock, library_id=library.id, plan=plan)
    session.expire_all()
    activity = get_own_activity(session, added.id, library_ids={library.id})
    publish(session, clock, activity=activity, account_id=librarian.id)
    return activity


def _plan(invented: Invented, begun_at: datetime, responsible_id: int) -> Plan:
    today = local_date(begun_at + _BEGINS_BEFORE)
    monday = today - timedelta(days=today.weekday())
    first_on = monday + timedelta(weeks=invented.first_week, days=invented.weekday)
    words = [
        Words(
            language=language,
            title=title,
            summary=summary,
            body=invented.body if language is Language.NB else "",
            question=question,
        )
        for language, title, summary, question in zip(
            Language, invented.titles, invented.summaries, invented.questions, strict=True
        )
    ]
    return Plan(
        about=About(
            kind=invented.kind,
            audience=Audience(grades=Span(least=invented.grades[0], most=invented.grades[1]), ages=Span()),
            responsible_id=responsible_id,
            has_second_adult=True,
            statistics_type=STATISTICS_TYPE[invented.kind],
        ),
        terms=Terms(mode=invented.mode, capacity=invented.capacity, walk_in_places=invented.walk_in_places),
        room=invented.room,
        series=Series(first_on=first_on, starts=invented.starts, ends=invented.ends, weeks=invented.weeks),
        words=words,
        asks=invented.asks,
    )


def _sign_up(session: Session, now: datetime, activity: Activity, number: int) -> None:
    """Let families ask for places, more of them than there are, and most of them confirm."""
    [occasion_id] = session.scalars(select(Occasion.id).where(Occasion.activity_id == activity.id))
    occasion = take_occasion(session, occasion_id)
    if occasion.mode is Mode.DROP_IN:
        return
    first = min(meeting.starts_at for meeting in occasion.meetings)
    moments = _moments(min(first - timedelta(days=6), now - timedelta(days=4)))
    for place, (contact, child, born) in enumerate(_who_fits(occasion, number)):
        clock = next(moments)
        _ask(session, clock, occasion=occasion, contact=contact, child=child, born=born)
        if place % _ONE_FORGETS_IN:
            _confirm(session, next(moments), occasion, contact)


def _who_fits(occasion: Occasion, number: int) -> Iterator[tuple[str, str, int]]:
    activity = occasion.activity
    first = min(meeting.starts_at for meeting in occasion.meetings)
    school_year = local_date(first).year - (local_date(first).month < 8)  # noqa: PLR2004 – 1 August
    grades = range(activity.grade_from or 1, (activity.grade_to or 13) + 1)
    fitting = (each for each in FAMILIES[number:] + FAMILIES[:number] if school_year - each[2] - 5 in grades)
    yield from islice(fitting, (occasion.capacity or 0) + 2)


def _moments(begins_at: datetime) -> Iterator[Clock]:
    for minutes in counting(step=7):
        yield _stopped(begins_at + timedelta(minutes=minutes))


def _stopped(instant: datetime) -> Clock:
    return lambda: instant


def _ask(session: Session, clock: Clock, *, occasion: Occasion, contact: str, child: str, born: int) -> None:
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=Language.NB)
    request = PlaceRequest(
        ask_key=new_uid(),
        email=_address(contact),
        contact_name=contact,
        phone=None,
        children=(
            ChildAsked(
                number=0,
                first_name=child,
                born=str(born),
                municipality_code=occasion.activity.library.municipality_code,
            ),
        ),
        language=Language.NB,
        words_shown={WordingPurpose.PERMISSION: wording.digest},
    )
    request_places(session, clock, occasion=occasion, request=request, holds=_HOLDS, seal=_SEAL)


def _confirm(session: Session, clock: Clock, occasion: Occasion, contact: str) -> None:
    link = session.scalar(
        select(Link)
        .join(Signup, Signup.id == Link.subject_id)
        .join(Signup.participant)
        .join(Family)
        .where(
            Link.purpose == Purpose.CONFIRM_EMAIL,
            Signup.occasion_id == occasion.id,
            Signup.state == SignupState.AWAITING_EMAIL,
            Family.email == _address(contact),
        )
    )
    if link is not None:
        say_yes(session, clock, link=link, holds=_HOLDS)


def _address(contact: str) -> str:
    plain = contact.lower().translate(str.maketrans("åøæ ", "aoe."))
    return f"{plain}@example.org"


def _let_only_the_latest_letters_wait(session: Session) -> None:
    # A mailbox that begins with a hundred letters of last month is no mailbox that anybody reads.
    latest = session.scalars(
        select(Letter.id).order_by(Letter.written_at.desc(), Letter.id.desc()).limit(_LATEST_LETTERS)
    ).all()
    session.execute(
        update(Letter)
        .where(Letter.id.not_in(latest))
        .values(state=LetterState.SENT, address=None, facts={}, gone_at=Letter.written_at)
    )
