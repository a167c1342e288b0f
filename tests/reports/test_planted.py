"""A small group and what hides it are planted, and looked for in every form in which anything is told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.rules import Status, Visibility
from booking.api.key_operations import make_key
from booking.libraries.models import Library
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.participation.operations import record_facts
from booking.participation.rules import HeadcountBand, HeadcountEntry, Outcome
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.reports.rules import LEFT_OUT
from booking.reports.writer import FileForm
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
)
from tests.participation.test_facts import meeting, person
from tests.reports.searching import lines_of, numbers_in
from tests.reports.test_outside import NOWHERE, Scene, addresses

Arranging = Callable[[], AbstractContextManager[Session]]

# The few of one library, and what another has so that they are not worked out: it is hidden with them.
FEW = 3
NAMED, DROPPED_IN = 613, 7_919
HIDDEN = {NAMED, DROPPED_IN, NAMED + DROPPED_IN}
# What is told of a third library and of all together: whoever finds nothing has to find these.
NAMED_THIRD, DROPPED_IN_THIRD = 881, 8_837
TOLD_AT_ALL = {
    NAMED_THIRD + DROPPED_IN_THIRD,
    FEW + NAMED + DROPPED_IN + NAMED_THIRD + DROPPED_IN_THIRD,
    NAMED_THIRD,
    FEW + NAMED + NAMED_THIRD,
}
HALF, DAY = "2026-autumn", date(2026, 10, 13)
# When the half-year is over, everything is told that ever is.
AFTERWARDS = timedelta(days=60)
ALL_FORMS = tuple(each.value for each in FileForm)


@dataclass
class Planted:
    """Three libraries, who looks from outside, and the addresses that only some have."""

    few: Library
    much: Library
    scene: Scene
    outside: list[Account] = field(default_factory=list)
    insiders: dict[str, Account] = field(default_factory=dict)
    secret: list[str] = field(default_factory=list)
    key_elsewhere: str = ""


@pytest.fixture
def planted(arranging: Arranging, clock: StoppedClock) -> Planted:
    clock.forward(days=AFTERWARDS.days)
    with arranging() as session:
        few, much, third = (
            make_library(session, name=f"{name} bibliotek", slug=name.lower(), municipality_code=code)
            for name, code in (("Granlia", "3414"), ("Elvebredden", "3415"), ("Steinmoen", "3416"))
        )
        for library, named, dropped_in in (
            (few, FEW, 0),
            (much, NAMED, DROPPED_IN),
            (third, NAMED_THIRD, DROPPED_IN_THIRD),
        ):
            _hold(session, clock, library, named=named, dropped_in=dropped_in)
        librarian = make_account(session, Role.LIBRARIAN, library=third)
        found = Planted(
            few=few,
            much=much,
            scene=_things_of(session, few),
            outside=[make_account(session, Role.COORDINATOR), librarian],
            insiders={each.slug: make_account(session, Role.LIBRARIAN, library=each) for each in (few, much)},
            secret=list(_secret_addresses(session, clock, few)),
            key_elsewhere=make_key(
                session, clock, library_id=third.id, name="a sheet", account_id=librarian.id
            ),
        )
    _let_out(arranging, clock)
    return found


def _hold(session: Session, clock: StoppedClock, library: Library, *, named: int, dropped_in: int) -> None:
    starts_at = datetime(DAY.year, DAY.month, DAY.day, 15, tzinfo=UTC)
    persons = tuple(
        person(f"{library.slug}-{each}", Outcome.CAME, municipality_code=library.municipality_code)
        for each in range(named)
    )
    facts = meeting(
        f"{library.slug}-{DAY}",
        library.id,
        held_on=DAY,
        starts_at=starts_at,
        ends_at=starts_at.replace(hour=17),
        activity_id=make_activity(session, library=library).id,
        capacity=None,
        persons=persons,
        headcounts=(HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=dropped_in),) if dropped_in else (),
    )
    record_facts(session, clock, facts=facts)


def _things_of(session: Session, library: Library) -> Scene:
    activity = make_activity(session, library=library)
    occasion = make_occasion(session, activity=activity, capacity=12)
    made = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(days=12))
    return Scene(
        watched=library,
        things={
            "library": (library.slug,),
            "slug": (activity.slug,),
            "code": (activity.code,),
            "uid": (f"{library.slug}-{DAY}", made.uid),
            "library_id": (str(library.id),),
            "activity_id": (str(activity.id),),
            "occasion_id": (str(occasion.id),),
            "meeting_id": (str(made.id),),
            "partner_id": (str(make_partner(session).id),),
            "month": ("2026-11", "2026-10"),
            "day": ("2026-10-31", "2026-12-31"),
            "form": ALL_FORMS,
            "purpose": ("permission",),
            "act": ("confirm", "withdraw", "move"),
            **dict.fromkeys(NOWHERE, ("1",)),
        },
    )


def _secret_addresses(session: Session, clock: StoppedClock, library: Library) -> Iterator[str]:
    """Return what partners, the invited and subscribers have been given."""
    draft = make_activity(session, library=library, status=Status.DRAFT, published_at=None)
    invited = make_activity(session, library=library, visibility=Visibility.BY_LINK)
    partner = make_partner(session)
    elsewhere = make_account(
        session, Role.LIBRARIAN, library=make_library(session, name="Nordvik bibliotek"), password_hash="-"
    )
    for address, purpose, subject_id in (
        ("/preview/{}", Purpose.PREVIEW, draft.id),
        ("/invited/{}", Purpose.INVITED, invited.id),
        ("/calendar/p/{}/partner.ics", Purpose.PARTNER_FEED, partner.id),
        ("/calendar/s/{}/ansatt.ics", Purpose.STAFF_FEED, elsewhere.id),
    ):
        secret = issue_link(session, clock, purpose=purpose, subject_id=subject_id, lasts=None)
        yield address.format(secret)


def _let_out(arranging: Arranging, clock: StoppedClock) -> None:
    is_due = True
    while is_due:
        with arranging() as session:
            decided = decide_figures(session, clock, rule=Rule(), leaving_out=LEFT_OUT)
            is_due = bool(publish_figures(session, clock, decided=decided))


def _files_of(address: str) -> Iterator[str]:
    """Return the files of the page; those of one table alone with each of some."""
    for form in ALL_FORMS:
        tables = ("attendances-by-month", "attendances-by-kind", "unique-by-band") if "csv" in form else ("",)
        yield from (f"{address}/files/{form}?half={HALF}&table={table}" for table in tables)


def _walk(app: Flask, planted: Planted) -> Iterator[str]:
    yield from addresses(app, planted.scene)
    for address in ("/participation", "/staff/figures/all", "/staff/figures/all/sheet"):
        yield f"{address}?half={HALF}"
    for address in ("/participation", "/staff/figures/all"):
        yield from _files_of(address)
    yield f"/api/v1/participation?half={HALF}"
    yield f"/api/v1/participation.csv?half={HALF}"
    yield from planted.secret


def _tell_tales(lines: Sequence[str], planted: Planted) -> list[str]:
    """Return the lines that tell what is hidden: the few where their library is named, or what hides them."""
    names = (planted.few.name, planted.few.slug, planted.few.municipality_name)
    return [
        line
        for line in lines
        if numbers_in(line) & HIDDEN
        or (FEW in numbers_in(line) and any(name.lower() in line.lower() for name in names))
    ]


def _open(browser: Browser, address: str, **headers: str) -> TestResponse:
    return browser._client.get(address, headers={"Accept-Language": "en", **headers})


def test_what_is_hidden_is_told_to_nobody_outside_in_any_form(
    app: Flask, browser: Browser, planted: Planted
) -> None:
    opened: set[str] = set()
    told: set[int] = set()
    kinds: set[str] = set()
    for who in (None, *planted.outside):
        if who is not None:
            browser.sign_in_as(who)
        for address in _walk(app, planted):
            with closing(_open(browser, address)) as answer:
                lines = lines_of(answer)
                assert not _tell_tales(lines, planted), (address, who and who.email)
                if answer.status_code == HTTPStatus.OK:
                    opened.add(address)
                    kinds.add(str(answer.mimetype))
                    told |= {number for line in lines for number in numbers_in(line)}
    own_of_third = _open(browser, "/api/v1/attendance", Authorization=f"Bearer {planted.key_elsewhere}")

    assert own_of_third.status_code == 200
    assert not _tell_tales(lines_of(own_of_third), planted)
    assert told >= TOLD_AT_ALL
    assert opened >= {*planted.secret, *_files_of("/participation"), *_files_of("/staff/figures/all")}
    assert kinds >= {"text/html", "text/csv", "application/json", "text/calendar"}


def test_the_same_search_finds_it_in_every_form_where_it_may_be_told(
    browser: Browser, planted: Planted
) -> None:
    days = "from=2026-08-01&to=2026-12-31"
    own = {
        planted.few.slug: {FEW},
        planted.much.slug: {NAMED, NAMED + DROPPED_IN},
    }
    for slug, numbers in own.items():
        browser.sign_in_as(planted.insiders[slug])
        for form in ("", *ALL_FORMS):
            with closing(
                _open(browser, f"/staff/figures{form and f'/files/{form}'}?{days}&table=figures")
            ) as answer:
                lines = lines_of(answer)

            assert answer.status_code == HTTPStatus.OK
            assert {number for line in lines for number in numbers_in(line)} >= numbers, form
